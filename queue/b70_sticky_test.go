package queue

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/acdkit/acdkit/agent"
)

// stickyStart is when the tests begin.
const stickyStart = agent.Instant(56 * 365 * 24 * time.Hour)

func TestB70_TheLastTalkIsRemembered(t *testing.T) {
	t.Parallel()
	var talks Talks
	_, ok := talks.Get("a")
	assert.False(t, ok)
	assert.Empty(t, talks.Put(stickyStart, "a", 1))
	assert.Empty(t, talks.Put(stickyStart+1, "b", 1))
	assert.Empty(t, talks.Put(stickyStart+2, "a", 2))
	last, _ := talks.Get("a")
	assert.Equal(t, Talked{2, stickyStart + 2}, last)
	assert.Equal(t, []string{"b"}, talks.Forget(1))
	assert.Equal(t, 1, talks.Len())
}

func TestB70_ForgottenAfterAYear(t *testing.T) {
	t.Parallel()
	var talks Talks
	talks.Put(stickyStart, "a", 1)
	talks.Put(stickyStart, "b", 1)
	talks.Put(stickyStart+5, "c", 1)
	talks.Put(stickyStart+6, "a", 1) // again: it is young
	year := stickyStart.Add(MaxSticky)
	assert.Empty(t, talks.Put(year, "d", 1), "a year to the day is not too old")
	assert.Equal(t, []string{"b"}, talks.Put(year+1, "d", 1))
	assert.Equal(t, []string{"c"}, talks.Put(year+6, "e", 1))
	assert.Equal(t, 3, talks.Len())
}

// What is forgotten, and when, does not depend on whether it was restored.
func TestB70_RestoredIsTheSame(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	var talks Talks
	now := stickyStart
	for range 5000 {
		now = now.Add(time.Duration(rng.IntN(40)) * time.Hour / 2)
		number := fmt.Sprint(rng.IntN(800))
		var restored Talks
		if rng.IntN(50) == 0 {
			restored.Restore(maps.Collect(talks.All()))
			assert.Equal(t, restored.Put(now, number, 3), talks.Put(now, number, 3))
			assert.Equal(t, maps.Collect(restored.All()), maps.Collect(talks.All()))
			continue
		}
		talks.Put(now, number, uint64(rng.IntN(9)))
		if rng.IntN(20) == 0 {
			talks.Forget(uint64(rng.IntN(9)))
		}
		assert.LessOrEqual(t, len(talks.all), 800+1)
	}
	for _, last := range talks.All() {
		assert.GreaterOrEqual(t, last.At.Add(MaxSticky), now)
	}
}

// Who calls every minute for a day is remembered once, not a thousand times.
func TestB70_MemoryOfRegularCallersStaysSmall(t *testing.T) {
	t.Parallel()
	var talks Talks
	now := stickyStart
	talks.Put(now, "3", 3000) // who called once is older than all of these
	for i := range 3000 {
		now = now.Add(time.Minute)
		talks.Put(now, strconv.Itoa(i%3), uint64(i))
		assert.LessOrEqual(t, len(talks.all), 4+1)
	}
	assert.Equal(t, map[string]Talked{
		"0": {2997, stickyStart.Add(2998 * time.Minute)},
		"1": {2998, stickyStart.Add(2999 * time.Minute)},
		"2": {2999, stickyStart.Add(3000 * time.Minute)},
		"3": {3000, stickyStart},
	}, maps.Collect(talks.All()))
}

// BenchmarkB70_Memory measures what a million callers over a year cost.
func BenchmarkB70_Memory(b *testing.B) {
	const callers = 1_000_000
	numbers := make([]string, callers)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+49301%06d", i)
	}
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		talks := new(Talks)
		for i, number := range numbers {
			talks.Put(stickyStart.Add(time.Duration(i)*(MaxSticky/callers)), number, 1)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/callers, "B/caller")
		runtime.KeepAlive(talks)
	}
}
