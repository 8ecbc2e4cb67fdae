package acd_test

import (
	"context"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
)

// routerMachine is a Router in virtual time, whose one caller is its own event
// loop.
type routerMachine struct {
	tb     testing.TB
	router *acd.Router
	clock  *benchClock
}

func (m *routerMachine) step(now time.Time, in acd.Input) {
	m.clock.advance(now)
	if err := m.router.Post(in); err != nil {
		m.tb.Fatal(err)
	}
}

func (m *routerMachine) join(now time.Time, in acd.Join)         { m.step(now, in) }
func (m *routerMachine) alerting(now time.Time, in acd.Alerting) { m.step(now, in) }
func (m *routerMachine) answered(now time.Time, in acd.Answered) { m.step(now, in) }
func (m *routerMachine) hangUp(now time.Time, in acd.HangUp)     { m.step(now, in) }

func (m *routerMachine) take() []acd.Event { return nil }

// benchClock is moved by the goroutine that alone uses the Router.
type benchClock struct {
	now time.Time
	due time.Time
	f   func() // nil: nothing is due
}

func (c *benchClock) Now() time.Time { return c.now }

func (c *benchClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.due, c.f = c.now.Add(d), f
	return func() bool {
		was := c.f != nil
		c.f = nil
		return was
	}
}

func (c *benchClock) advance(to time.Time) {
	for c.f != nil && !c.due.After(to) {
		f := c.f
		c.now, c.f = c.due, nil
		f()
	}
	c.now = to
}

// routerFlow is a flow through a Router.
type routerFlow struct {
	*flow
	router *acd.Router
}

// newRouterFlow brings a scene in which nobody waits into full swing.
func newRouterFlow(b *testing.B, s scene) *routerFlow {
	b.Helper()
	clock := &benchClock{now: begin.Add(-time.Hour)}
	r, err := acd.Open(context.Background(), acd.Options{Clock: clock})
	if err != nil {
		b.Fatal(err)
	}
	m := &routerMachine{b, r, clock}
	s.setUp(func(in acd.Input) { m.step(clock.now, in) })
	f := &routerFlow{flow: prepareFlow(m, s), router: r}
	live, i := s.live(), 0
	f.loop(func() bool {
		switch i++; {
		case i <= live:
			f.arrive(callID(i-1), time.Microsecond)
		case i <= live+min(2*s.agents, 200_000):
			f.call()
		default:
			return false
		}
		return true
	})
	return f
}

// run measures calls, in turns with those of a floor.
func (f *routerFlow) run(b *testing.B, floor *flow) {
	m, before := newMeter(b, floor), f.told
	f.loop(func() bool {
		if !m.loop() {
			return false
		}
		f.call()
		return true
	})
	m.stop()
	b.ReportMetric(float64(f.told-before)/float64(b.N), "events/op")
}

// loop is the host's event loop: whenever a call is connected it begins the next.
func (f *routerFlow) loop(next func() bool) {
	if !next() {
		return
	}
	page := make([]acd.Event, 1)
	for ev, err := range f.router.Events(context.Background()) {
		if err != nil {
			panic(err)
		}
		page[0] = ev
		f.act(page)
		if _, ok := ev.Do.(*acd.CallConnected); ok && !next() {
			return
		}
	}
}
