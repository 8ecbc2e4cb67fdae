package acdtest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

func TestClock_FunctionsRunInOrderAtTheirTimes(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	var ran []string
	note := func(name string) func() {
		return func() { ran = append(ran, name+" "+c.Now().Sub(Start()).String()) }
	}
	c.AfterFunc(3*time.Second, note("c"))
	c.AfterFunc(time.Second, note("a"))
	c.AfterFunc(time.Second, note("b"))
	stop := c.AfterFunc(2*time.Second, note("stopped"))
	c.AfterFunc(2*time.Second, func() {
		note("chain")()
		c.AfterFunc(500*time.Millisecond, note("link"))
		c.AfterFunc(time.Minute, note("later"))
	})
	if !stop() || stop() {
		t.Error("stop did not say once that it prevented the call")
	}
	c.Advance(999 * time.Millisecond)
	if len(ran) > 0 {
		t.Errorf("too early: %q", ran)
	}
	c.Advance(4 * time.Second)
	want := []string{"a 1s", "b 1s", "chain 2s", "link 2.5s", "c 3s"}
	if !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if now := c.Now().Sub(Start()); now != 4999*time.Millisecond {
		t.Errorf("the clock stands at %v", now)
	}
	if at, ok := c.Next(); !ok || at.Sub(Start()) != 62*time.Second {
		t.Errorf("next is %v, %t", at, ok)
	}
}

func TestClock_NothingRunsBeforeItIsMoved(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	ran := 0
	c.AfterFunc(0, func() { ran++ })
	c.AfterFunc(-time.Hour, func() { ran++ })
	if ran != 0 {
		t.Fatal("it ran before AfterFunc returned")
	}
	c.Advance(0)
	if ran != 2 || !c.Now().Equal(Start()) {
		t.Errorf("%d of 2 ran, the clock stands at %v", ran, c.Now())
	}
	if _, ok := c.Next(); ok {
		t.Error("something is still due")
	}
}

func TestClock_NeverGoesBack(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	c.Set(Start().Add(-time.Hour))
	c.Advance(-time.Hour)
	c.Jump(-time.Hour)
	if !c.Now().Equal(Start()) {
		t.Errorf("the clock stands at %v", c.Now())
	}
}

func TestClock_StopAfterItRan(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	var stop func() bool
	stop = c.AfterFunc(time.Second, func() {
		if stop() {
			t.Error("stop says that it prevented the call that runs")
		}
	})
	c.Advance(time.Second)
}

func TestClock_IsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	var mu sync.Mutex
	ran, stopped := 0, 0
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				stop := c.AfterFunc(time.Duration(i+j)*time.Millisecond, func() {
					mu.Lock()
					defer mu.Unlock()
					ran++
				})
				if j%5 == 0 && stop() {
					mu.Lock()
					stopped++
					mu.Unlock()
				}
				c.Advance(time.Millisecond)
				c.Now()
			}
		})
	}
	all.Wait()
	c.Advance(time.Second)
	if ran+stopped != 400 {
		t.Errorf("%d ran and %d were stopped, want 400 together", ran, stopped)
	}
}

// openRouter opens a Router with a queue of one agent, and a caller who waits
// for somebody else.
func openRouter(t *testing.T, c *Clock) *acd.Router {
	t.Helper()
	r, err := acd.Open(t.Context(), acd.Options{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	config := queue.Defaults()
	config.Name, config.Number = "q", "8000"
	for _, in := range []acd.Input{
		acd.CreateQueue{Queue: "q", Config: config},
		acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}},
		acd.Join{Call: "c1", Queue: "q"},
	} {
		if err := r.Do(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// ends returns how the offers ended so far.
func ends(t *testing.T, r *acd.Router) []string {
	t.Helper()
	var all []string
	n := r.Backlog()
	for ev, err := range r.Events(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if end, ok := ev.Do.(*acd.OfferEnded); ok {
			all = append(all, end.End.String())
		}
		if n--; n == 0 {
			break
		}
	}
	return all
}

func TestClock_ARouterSeesEachDeadlineInTime(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	r := openRouter(t, c)
	c.Advance(48 * time.Second) // rings 20 s, pauses 5 s, rings 20 s
	if got := ends(t, r); !slices.Equal(got, []string{"NO_ANSWER", "NO_ANSWER"}) {
		t.Errorf("offers ended %q", got)
	}
}

func TestClock_B104_AJumpIsAStoppedProcess(t *testing.T) {
	t.Parallel()
	c := NewClock(Start())
	r := openRouter(t, c)
	c.Jump(48 * time.Second)
	if got := ends(t, r); !slices.Equal(got, []string{"WITHDRAWN"}) {
		t.Errorf("offers ended %q", got)
	}
}
