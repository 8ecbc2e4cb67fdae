package bolt_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/store/bolt"
	"github.com/acdkit/acdkit/queue"
)

// Acknowledged operations, as the benchmark of the same name in acd/store/file.
func BenchmarkStore_Do(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			store, err := bolt.Open(filepath.Join(b.TempDir(), "acd.db"), bolt.Options{})
			if err != nil {
				b.Fatal(err)
			}
			r, err := acd.Open(b.Context(), acd.Options{Storage: store})
			if err != nil {
				b.Fatal(err)
			}
			c := queue.Defaults()
			c.Name, c.Number, c.MaxCallers, c.WaitWhenNoAgentsOnline = "Support", "8000", 0, true
			if err := r.Do(b.Context(), acd.CreateQueue{Queue: "support", Config: c}); err != nil {
				b.Fatal(err)
			}
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
			if err := r.Close(context.Background()); err != nil {
				b.Fatal(err)
			}
			if err := store.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
