package file_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// benchQueue is the queue of the benchmarks; nobody is turned away.
func benchQueue() acd.CreateQueue {
	c := queue.Defaults()
	c.Name, c.Number, c.PollingStrategy = "Support", "8000", "CYCLIC_HUNT"
	c.MaxCallers, c.WaitWhenNoAgentsOnline = 0, true
	return acd.CreateQueue{Queue: "support", Config: c}
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// Acknowledged operations: each caller joins and hangs up, and waits each time until
// it is durable.
func BenchmarkStore_Do(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			store, err := file.Open(b.TempDir(), file.Options{})
			must(b, err)
			r, err := acd.Open(b.Context(), acd.Options{Storage: store})
			must(b, err)
			must(b, r.Do(b.Context(), benchQueue()))
			took := make([]time.Duration, b.N)
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for caller := range callers {
				all.Go(func() {
					id := queue.CallID(fmt.Sprint("call-", caller))
					in := [2]acd.Input{acd.Join{Call: id, Queue: "support", Number: "+493012345678"}, acd.HangUp{Call: id}}
					for i := 0; ; i++ {
						n := int(next.Add(1)) - 1
						if n >= b.N {
							return
						}
						start := time.Now()
						if err := r.Do(b.Context(), in[i%2]); err != nil {
							b.Error(err)
							return
						}
						took[n] = time.Since(start)
					}
				})
			}
			all.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			must(b, r.Close(context.Background()))
			must(b, store.Close())
		})
	}
}

// A month of a centre with 20 agents and 1,000 calls a day, in virtual time: how
// large the files are at its end, and how much was written.
func BenchmarkStore_Month(b *testing.B) {
	for range b.N {
		dir := b.TempDir()
		store, err := file.Open(dir, file.Options{})
		must(b, err)
		clock := acdtest.NewClock(acdtest.Start())
		r, err := acd.Open(b.Context(), acd.Options{Storage: store, Clock: clock})
		must(b, err)
		must(b, r.Post(benchQueue()))
		ready := agent.Ready
		for i := range 20 {
			must(b, r.Post(acd.AddAgent{Agent: agent.ID(fmt.Sprint(1001 + i)), Status: &ready, Queues: []acd.Place{{Queue: "support"}}}))
		}
		const days, calls = 30, 1000
		largest, syncs := int64(0), 0
		for day := range days {
			for i := range calls {
				id := queue.CallID(fmt.Sprint(day, "-", i))
				must(b, r.Post(acd.Join{Call: id, Queue: "support", Number: fmt.Sprint("+4930", 1_000_000+(day*calls+i)*7919%50_000)}))
				clock.Advance(10 * time.Second)
				if call, err := r.Call(id); err == nil && len(call.Rung) > 0 {
					offer, err := r.Offer(id, call.Rung[0])
					must(b, err)
					must(b, r.Post(acd.Answered{Offer: offer}))
				}
				clock.Advance(18 * time.Second)
				must(b, r.Do(b.Context(), acd.HangUp{Call: id}))
				syncs++
			}
			clock.Advance(24*time.Hour - calls*28*time.Second)
			largest = max(largest, store.Stats().LogBytes)
		}
		must(b, r.Close(b.Context()))
		stats := store.Stats()
		must(b, store.Close())
		info, err := os.Stat(filepath.Join(dir, "acd.log"))
		must(b, err)
		b.ReportMetric(float64(info.Size())/1e6, "MB")
		b.ReportMetric(float64(largest)/1e6, "most-MB")
		b.ReportMetric(float64(stats.LiveBytes)/1e6, "live-MB")
		b.ReportMetric(float64(stats.Compactions), "compactions")
		b.ReportMetric(float64(syncs), "acknowledged")
	}
}

// A restart with 10,000 agents and 100,000 waiting calls: reading the store, and
// opening the Router.
func BenchmarkStore_Restore(b *testing.B) {
	const agents, calls = 10_000, 100_000
	dir := b.TempDir()
	store, err := file.Open(dir, file.Options{})
	must(b, err)
	clock := acdtest.NewClock(acdtest.Start())
	r, err := acd.Open(b.Context(), acd.Options{Storage: store, Clock: clock})
	must(b, err)
	must(b, r.Post(benchQueue()))
	away := agent.Break
	for i := range agents {
		must(b, r.Post(acd.AddAgent{Agent: agent.ID(fmt.Sprint(100_000 + i)), Status: &away, Queues: []acd.Place{{Queue: "support"}}}))
	}
	for i := range calls {
		must(b, r.Post(acd.Join{Call: queue.CallID(fmt.Sprint("call-", i)), Queue: "support", Number: "+493012345678"}))
	}
	must(b, r.Close(b.Context()))
	must(b, store.Close())
	var reading, opening time.Duration
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		store, err := file.Open(dir, file.Options{})
		must(b, err)
		reading += time.Since(start)
		start = time.Now()
		r, err := acd.Open(b.Context(), acd.Options{Storage: store, Clock: clock})
		must(b, err)
		opening += time.Since(start)
		b.StopTimer()
		if v, err := r.Queue("support"); err != nil || v.Waiting != calls {
			b.Fatal(v.Waiting, err)
		}
		must(b, r.Close(b.Context()))
		b.ReportMetric(float64(store.Stats().LogBytes)/1e6, "MB")
		must(b, store.Close())
		b.StartTimer()
	}
	b.ReportMetric(float64(reading.Milliseconds())/float64(b.N), "read-ms")
	b.ReportMetric(float64(opening.Milliseconds())/float64(b.N), "open-ms")
}
