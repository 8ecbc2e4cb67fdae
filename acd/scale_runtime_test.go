package acd_test

import (
	"fmt"
	"math"
	"os"
	"runtime/metrics"
	"strings"
	"time"
)

// runtimeUse is what the process has used so far.
type runtimeUse struct {
	cpu    time.Duration
	at     time.Time
	heap   uint64
	cycles uint64
	pauses *metrics.Float64Histogram
}

func readRuntime() runtimeUse {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/sched/pauses/total/gc:seconds"},
	}
	metrics.Read(samples)
	return runtimeUse{cpuTime(), time.Now(), samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Float64Histogram()}
}

// since says what was used since before.
func (u runtimeUse) since(before runtimeUse) []string {
	passed := u.at.Sub(before.at)
	lines := []string{
		fmt.Sprintf("%.2f processors busy", float64(u.cpu-before.cpu)/float64(max(passed, 1))),
		fmt.Sprintf("heap %d MiB%s", u.heap>>20, resident()),
	}
	n, longest := uint64(0), 0.0
	for i, count := range u.pauses.Counts {
		if count -= before.pauses.Counts[i]; count > 0 {
			n += count
			if longest = u.pauses.Buckets[i+1]; math.IsInf(longest, 1) {
				longest = u.pauses.Buckets[i]
			}
		}
	}
	return append(lines, fmt.Sprintf("%d garbage collections, %d pauses, none above %v",
		u.cycles-before.cycles, n, time.Duration(longest*1e9).Round(time.Microsecond)))
}

// resident says what the system counts as the process's memory, where it tells.
func resident() string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return ", resident " + strings.TrimSpace(kib)
		}
	}
	return ""
}
