package acd_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// BenchmarkRouter is a whole call through a Router in real time with 1,000 agents.
// So many goroutines bring calls and hang up; one reads the events, and answers
// what rings. With an observer a further one reads the numbers of the queue all the
// while, as fast as it can.
//
//	go test ./acd -run '^$' -bench 'BenchmarkRouter$'
//
// What a call costs beside the floor is in BenchmarkCall.
func BenchmarkRouter(b *testing.B) {
	for _, callers := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			benchmarkRouter(b, callers, false, acd.Options{})
		})
		b.Run(fmt.Sprintf("callers=%d/observed", callers), func(b *testing.B) {
			benchmarkRouter(b, callers, true, acd.Options{})
		})
	}
	b.Run("callers=1/stored", func(b *testing.B) {
		benchmarkRouter(b, 1, false, acd.Options{Storage: new(acd.MemoryStorage)})
	})
}

// atOnce is how many calls a caller brings, before he waits until all are answered.
const atOnce = 64

// answers tells a caller that his calls are answered; the tag of his calls says
// which caller.
type answers struct {
	missing int // only the event loop knows
	all     chan struct{}
}

func benchmarkRouter(b *testing.B, callers int, observed bool, o acd.Options) {
	r, err := acd.Open(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	post := func(in acd.Input) {
		if err := r.Post(in); err != nil {
			b.Error(err)
		}
	}
	scene{agents: 1_000, change: func(c *queue.Config) { c.EnableWrapUp = false }}.setUp(post)
	if err := r.Sync(context.Background()); err != nil {
		b.Fatal(err)
	}

	told := make([]answers, callers)
	for i := range told {
		told[i] = answers{atOnce, make(chan struct{}, 1)}
	}
	events, reads := 0, 0
	var all, observer sync.WaitGroup
	all.Go(func() {
		for ev, err := range r.Events(context.Background()) {
			if err != nil {
				b.Error(err)
			}
			events++
			switch do := ev.Do.(type) {
			case *acd.Ring:
				post(acd.Alerting{Offer: do.Offer})
				post(acd.Answered{Offer: do.Offer})
			case *acd.CallConnected:
				mine := &told[do.Tag[0]-'0']
				if mine.missing--; mine.missing == 0 {
					mine.missing = atOnce
					mine.all <- struct{}{}
				}
			}
		}
	})

	var done atomic.Bool
	m := newMeter(b, nil)
	b.ResetTimer()
	if observed {
		observer.Go(func() {
			for ; !done.Load(); reads++ {
				if _, err := r.Queue(queueID(0)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	var calling sync.WaitGroup
	batches := (b.N + atOnce*callers - 1) / (atOnce * callers)
	for i := range callers {
		calling.Go(func() {
			tag := string(rune('0' + i))
			ids := make([]queue.CallID, atOnce)
			for j := range ids {
				ids[j] = callID(i*atOnce + j)
			}
			for range batches {
				for _, id := range ids {
					post(acd.Join{Call: id, Queue: queueID(0), Number: "+4930123456", Tag: tag})
				}
				<-told[i].all
				for _, id := range ids {
					post(acd.HangUp{Call: id})
				}
			}
		})
	}
	calling.Wait()
	done.Store(true)
	observer.Wait()
	b.StopTimer()
	m.stop()
	if err := r.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	all.Wait()
	b.ReportMetric(float64(events)/float64(batches*atOnce*callers), "events/op")
	if observed {
		b.ReportMetric(float64(reads)/float64(batches*atOnce*callers), "reads/op")
	}
}
