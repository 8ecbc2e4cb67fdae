package rest_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/require"
)

// centre is a centre of 10,000 agents in 10 queues, each in one, with 1,000 callers on
// the line of the first; of the agents nobody is there.
func centre(b *testing.B) (*acd.Router, http.Handler) {
	b.Helper()
	r := open(b)
	away := agent.Break
	for i := range 10 {
		post(b, r, newQueue(queue.ID(fmt.Sprint("q", i)), fmt.Sprint(8000+i)))
	}
	for i := range 10_000 {
		post(b, r, acd.AddAgent{
			Agent: agent.ID(fmt.Sprint(10_000 + i)), Name: fmt.Sprint("Agent ", i), Status: &away,
			Queues: []acd.Place{{Queue: queue.ID(fmt.Sprint("q", i/1000)), Level: 1 + i%100}},
		})
	}
	for i := range 1000 {
		post(b, r, acd.Join{Call: queue.CallID(fmt.Sprint("w", i)), Queue: "q0", Number: fmt.Sprint("+4930", 10_000+i)})
	}
	return r, handler(b, r, rest.Options{})
}

// reads are what boards and clients ask for.
var reads = []struct{ name, path string }{
	{"status", "/call_queues/q0/status"},
	{"queue", "/call_queues/q0"},
	{"queues", "/call_queues"},
	{"agent", "/call_queues/q5/agents/15500"},
	{"page-of-agents", "/call_queues/q0/agents?top=100"},
	{"1000-agents", "/call_queues/q0/agents"},
	{"filtered-agents", "/call_queues/q0/agents?filter=skill_level+le+10+and+startswith(display_name,'Agent')&orderby=skill_level&top=100"},
	{"page-of-waiting", "/call_queues/q0/waiting?top=100"},
}

// discard is an answer that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header       { return d.header }
func (*discard) Write(b []byte) (int, error) { return len(b), nil }
func (*discard) WriteHeader(int)             {}

func get(b *testing.B, h http.Handler, path string) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
	if err != nil {
		b.Fatal(err)
	}
	h.ServeHTTP(&discard{make(http.Header)}, r)
}

// BenchmarkRead is a request of each kind, from its line to its last byte.
func BenchmarkRead(b *testing.B) {
	_, h := centre(b)
	for _, read := range reads {
		require.Equal(b, http.StatusOK, ask(h, http.MethodGet, read.path, "").Code, read.path)
		b.Run(read.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				get(b, h, read.path)
			}
		})
	}
}

// BenchmarkStreams is a call that comes and goes before boards that follow the events,
// all of which have them all.
func BenchmarkStreams(b *testing.B) {
	for _, boards := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(boards), func(b *testing.B) {
			r := open(b)
			post(b, r, newQueue("q", "8000"))
			h := handler(b, r, rest.Options{MaxStreams: boards})
			var sent atomic.Int64
			var group sync.WaitGroup
			ctx, cancel := context.WithCancel(b.Context())
			for range boards {
				group.Go(func() {
					q, err := http.NewRequestWithContext(ctx, http.MethodGet, "/events", nil)
					if err != nil {
						b.Error(err)
						return
					}
					h.ServeHTTP(&counter{discard{make(http.Header)}, &sent}, q)
				})
			}
			const state, change = 3 + 4, 4 // lines of a page and ready, and of a change
			for sent.Load() < int64(boards*state) {
				time.Sleep(time.Millisecond)
			}
			_, from := r.Newest()
			took := make([]time.Duration, 0, 2*b.N)
			b.ResetTimer()
			for i := range b.N {
				for _, in := range []acd.Input{
					acd.Join{Call: queue.CallID(fmt.Sprint(i)), Queue: "q"},
					acd.HangUp{Call: queue.CallID(fmt.Sprint(i))},
				} {
					began := time.Now()
					if err := r.Post(in); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(began))
				}
				// They are to have it, not to fall behind.
				if _, newest := r.Newest(); (newest-from)%1024 < 8 {
					for sent.Load() < int64(boards)*int64(state+change*(newest-from)) {
						time.Sleep(100 * time.Microsecond)
					}
				}
			}
			b.StopTimer()
			cancel()
			group.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2]), "p50-ns/input")
			b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns/input")
		})
	}
}

// counter counts the lines that are written.
type counter struct {
	discard
	sent *atomic.Int64
}

func (c *counter) Write(b []byte) (int, error) {
	c.sent.Add(int64(bytes.Count(b, []byte{'\n'})))
	return len(b), nil
}

// Flush implements [http.Flusher].
func (*counter) Flush() {}

// BenchmarkRouting is a call that comes and goes while somebody reads without a pause:
// how long an input takes, of a hundred the slowest, and how many reads there were.
func BenchmarkRouting(b *testing.B) {
	for _, read := range append([]struct{ name, path string }{{"alone", ""}}, reads...) {
		b.Run(read.name, func(b *testing.B) {
			r, h := centre(b)
			var stop atomic.Bool
			var done atomic.Int64
			var group sync.WaitGroup
			if read.path != "" {
				group.Go(func() {
					for !stop.Load() {
						get(b, h, read.path)
						done.Add(1)
					}
				})
			}
			took := make([]time.Duration, 0, 2*b.N)
			b.ResetTimer()
			for i := range b.N {
				for _, in := range []acd.Input{
					acd.Join{Call: queue.CallID(fmt.Sprint(i)), Queue: "q9"},
					acd.HangUp{Call: queue.CallID(fmt.Sprint(i))},
				} {
					began := time.Now()
					if err := r.Post(in); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(began))
				}
			}
			b.StopTimer()
			stop.Store(true)
			group.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2]), "p50-ns/input")
			b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns/input")
			b.ReportMetric(float64(done.Load())/b.Elapsed().Seconds(), "reads/s")
		})
	}
}
