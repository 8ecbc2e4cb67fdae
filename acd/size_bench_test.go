package acd_test

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// inUse returns the bytes that are in use.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkSize reports the bytes of a call that waits, beside the host's
// strings, and of an agent in one queue and in fifty.
func BenchmarkSize(b *testing.B) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("waiting=%d", n), func(b *testing.B) {
			m := newEngineMachine(b, scene{})
			config := queue.Defaults()
			config.Name, config.Number, config.WaitWhenNoAgentsOnline = "w", "8001", true
			m.step(now, acd.CreateQueue{Queue: "w", Config: config})
			ids := make([]queue.CallID, n)
			for i := range ids {
				ids[i] = queue.CallID("call-" + strconv.Itoa(i))
			}
			before := inUse()
			for _, id := range ids {
				m.step(now, acd.Join{Call: id, Queue: "w"})
				m.engine.Take()
			}
			b.ReportMetric(float64(inUse()-before)/float64(n), "B/waiting")
			b.ReportMetric(0, "ns/op")
			runtime.KeepAlive(m)
		})
	}
	for _, queues := range []int{1, 50} {
		b.Run(fmt.Sprintf("agents/queues=%d", queues), func(b *testing.B) {
			const n = 10_000
			m := newEngineMachine(b, scene{})
			places := make([]acd.Place, queues)
			for i := range places {
				places[i].Queue = queue.ID("q-" + strconv.Itoa(i))
				config := queue.Defaults()
				config.Name, config.Number = string(places[i].Queue), strconv.Itoa(9000+i)
				m.step(now, acd.CreateQueue{Queue: places[i].Queue, Config: config})
			}
			before := inUse()
			for i := range n {
				m.step(now, acd.AddAgent{Agent: agent.ID(strconv.Itoa(1_000_000 + i)), Queues: places})
				m.engine.Take()
			}
			b.ReportMetric(float64(inUse()-before)/n, "B/agent")
			b.ReportMetric(0, "ns/op")
			runtime.KeepAlive(m)
		})
	}
}
