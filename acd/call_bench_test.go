package acd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// centre is one queue with agents who answer at once, for benchmarks.
type centre struct {
	engine *acd.Engine
	now    time.Time
	gap    time.Duration // from answer to hang-up
	calls  int
	ids    []queue.CallID
}

func newCentre(tb testing.TB, strategy string, agents int) *centre {
	tb.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	c := &centre{engine: e, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), gap: 20 * time.Second}
	config := queue.Defaults()
	config.Name, config.Number, config.PollingStrategy = "q", "8000", strategy
	config.EnableWrapUp, config.WrapUpTime = true, 10*time.Second
	c.step(tb, acd.CreateQueue{Queue: "q", Config: config})
	for i := range agents {
		c.step(tb, acd.AddAgent{Agent: agent.ID(fmt.Sprint(1_000_000 + i)), Queues: []acd.Place{{Queue: "q"}}})
	}
	e.Take()
	c.ids = make([]queue.CallID, 4096)
	for i := range c.ids {
		c.ids[i] = queue.CallID(fmt.Sprintf("call-%08d", i))
	}
	return c
}

func (c *centre) step(tb testing.TB, in acd.Input) {
	if err := c.engine.Step(c.now, in); err != nil {
		tb.Fatal(err)
	}
}

// call plays a whole call: join, ring, alerting, answer, hang-up; its wrap-up
// ends during later ones. It returns how many events it made.
func (c *centre) call(tb testing.TB) (events int) {
	id := c.ids[c.calls%len(c.ids)]
	c.calls++
	c.step(tb, acd.Join{Call: id, Queue: "q", Number: "+4930123456"})
	for _, ev := range c.engine.Take() {
		events++
		if ring, ok := ev.Do.(*acd.Ring); ok {
			c.step(tb, acd.Alerting{Offer: ring.Offer})
			c.step(tb, acd.Answered{Offer: ring.Offer})
		}
	}
	c.now = c.now.Add(c.gap)
	c.step(tb, acd.HangUp{Call: id})
	return events + len(c.engine.Take())
}

// BenchmarkEngineCall is a whole call: every input and event from the join to the
// end of the wrap-up.
func BenchmarkEngineCall(b *testing.B) {
	for _, agents := range []int{10, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("agents=%d", agents), func(b *testing.B) {
			c := newCentre(b, "CYCLIC_HUNT", agents)
			b.ReportAllocs()
			events := 0
			for b.Loop() {
				events += c.call(b)
			}
			b.ReportMetric(float64(events)/float64(b.N), "events/call")
		})
	}
}

// BenchmarkEngineWaiting is the same beside calls that wait for a level of skill
// that nobody has: they cost nothing.
func BenchmarkEngineWaiting(b *testing.B) {
	for _, waiting := range []int{0, 1_000, 100_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			c := newCentre(b, "CYCLIC_HUNT", 100)
			config := queue.Defaults()
			config.Name, config.Number, config.WaitWhenNoAgentsOnline = "w", "8001", true
			config.MaxWaitingTime = 65535 * time.Second
			c.step(b, acd.CreateQueue{Queue: "w", Config: config})
			for i := range waiting {
				c.step(b, acd.Join{Call: queue.CallID(fmt.Sprintf("waits-%d", i)), Queue: "w"})
			}
			c.engine.Take()
			c.gap = 200 * time.Millisecond // none of them times out meanwhile
			b.ReportAllocs()
			for b.Loop() {
				c.call(b)
			}
		})
	}
}
