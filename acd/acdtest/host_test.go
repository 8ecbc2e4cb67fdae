package acdtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// rough are phones on a bad day.
func rough(seed uint64) Phones {
	return Phones{
		Seed: seed, Reject: 0.1, Busy: 0.1, Unreachable: 0.05, NoAnswer: 0.15, Drop: 0.2,
		Ringing: 4 * time.Second, Talk: time.Minute, Patience: 2 * time.Minute,
		Lost: 0.15, Doubled: 0.15, Late: 0.15, LateBy: 8 * time.Second,
	}
}

// small are the inputs that make two queues with some of everything that needs
// reports, and six agents.
func small() (inputs []acd.Input) {
	for i, connect := range []queue.Connect{queue.ConnectAuto, queue.ConnectManual} {
		c := queue.Defaults()
		c.Name, c.Number = queueName(i), fmt.Sprint(8000+i)
		c.PollingStrategy = []string{"CYCLIC_HUNT", "RING_SIMULTANEOUSLY"}[i]
		c.RingTime, c.AlertTime, c.Connect, c.TalkLease = 12*time.Second, 8*time.Second, connect, 5*time.Minute
		c.EnableWrapUp, c.WrapUpTime, c.IntroType = true, 5*time.Second, queue.IntroFull
		c.WaitWhenNoAgentsOnline = true
		inputs = append(inputs, acd.CreateQueue{Queue: queue.ID(queueName(i)), Config: c})
	}
	for i := range 6 {
		inputs = append(inputs, acd.AddAgent{Agent: agent.ID(agentName(i)), Queues: []acd.Place{{Queue: "q1"}, {Queue: "q2"}}})
	}
	return inputs
}

func joins(n int) acd.Input {
	return acd.Join{Call: queue.CallID(fmt.Sprint("c", n)), Queue: queue.ID(queueName(n % 2)), Number: fmt.Sprintf("+4930%04d", n%50)}
}

// However many reports are lost, late or doubled: when nobody calls any more,
// every call comes to its end and every line is free (B12, B29, B30, B48).
func TestHost_B12_NobodyIsStuckHoweverManyReportsAreLost(t *testing.T) {
	t.Parallel()
	play := func(seed uint64) (events []string, counts map[string]int, reports Reports) {
		counts = map[string]int{}
		e, err := acd.NewEngine(acd.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h := &Host{Phones: rough(seed)}
		now := start
		e.Advance(now)
		note := func(ev acd.Event) {
			events = append(events, asJSON(ev))
			counts[strings.TrimPrefix(fmt.Sprintf("%T", ev.Do), "*acd.")]++
		}
		must := func(in acd.Input) {
			if err := e.Step(now, in); err != nil {
				t.Fatalf("%#v: %v", in, err)
			}
		}
		for _, in := range small() {
			must(in)
		}
		for n := range 400 {
			must(joins(n))
			now = now.Add(9 * time.Second)
			if err := h.Play(e, now, note); err != nil {
				t.Fatal(err)
			}
			if err := e.Check(); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(24 * time.Hour)
		if err := h.Play(e, now, note); err != nil {
			t.Fatal(err)
		}
		if calls := slices.Collect(e.Calls()); len(calls) > 0 {
			t.Errorf("seed %d: after a day there is still %s", seed, asJSON(calls[0]))
		}
		for a := range e.Agents() {
			if a.Use != agent.Free {
				t.Errorf("seed %d: after a day agent %s is %v", seed, a.ID, a.Use)
			}
		}
		if counts["CallLeft"] != 400 {
			t.Errorf("seed %d: %d of 400 calls have left", seed, counts["CallLeft"])
		}
		return events, counts, h.Reports()
	}
	for seed := range uint64(5) {
		events, counts, reports := play(seed)
		again, _, _ := play(seed)
		if !slices.Equal(events, again) {
			t.Errorf("seed %d: other events the second time", seed)
		}
		if reports.Lost < 100 || reports.Late < 100 || reports.Doubled < 100 || reports.Refused < 50 || reports.Sent < 1000 {
			t.Errorf("seed %d: %+v", seed, reports)
		}
		for _, want := range []string{"Ring", "CallConnected", "ConnectFailed", "OfferEnded", "TalkEnded", "Confirm"} {
			if counts[want] == 0 {
				t.Errorf("seed %d: no %s in %v", seed, want, counts)
			}
		}
	}
}

// With good phones nothing is refused and every call is answered.
func TestHost_GoodPhones(t *testing.T) {
	t.Parallel()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h := &Host{}
	now := start
	for _, in := range append(small(), joins(0), joins(1), joins(2)) {
		if err := e.Step(now, in); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Play(e, now.Add(time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	if got := e.Totals().Lifetime.Left[queue.Answered]; got != 3 {
		t.Errorf("%d of 3 answered", got)
	}
	if got := h.Reports(); got.Refused+got.Lost+got.Late+got.Doubled > 0 || got.Sent < 9 {
		t.Errorf("%+v", got)
	}
}

// A Router and its host in a bubble: for hours, and nothing is left behind.
func TestHost_RunsARouter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := new(acd.MemoryStorage)
		r, err := acd.Open(t.Context(), acd.Options{Storage: store})
		if err != nil {
			t.Fatal(err)
		}
		h := &Host{Phones: rough(7)}
		done := make(chan error)
		go func() { done <- h.Run(t.Context(), r) }()
		for _, in := range small() {
			if err := r.Do(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 300 {
			if err := r.Post(joins(n)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		time.Sleep(10 * time.Hour)
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		for q := range r.Queues() {
			if q.Waiting+q.Talking > 0 || q.Lifetime.Joined != 150 {
				t.Errorf("queue %s: %d wait, %d talk, %d joined", q.ID, q.Waiting, q.Talking, q.Lifetime.Joined)
			}
		}
		_ = r.Post(joins(1000)) // amid whose call it is closed
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if got := h.Reports(); got.Sent < 600 || got.Refused == 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestHost_SaysWhyItEnds(t *testing.T) {
	t.Parallel()
	clock := NewClock(start)
	r, err := acd.Open(t.Context(), acd.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&Host{Clock: clock}).Run(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that the context ended", err)
	}
	// Reports that no phone can send are the host's fault, not lateness.
	h := &Host{Clock: clock}
	h.begin()
	h.settle(report{in: acd.HangUp{}}, r.Post(acd.HangUp{Call: "c1"}))
	h.settle(report{in: acd.MediaJoined{}, late: true}, r.Post(acd.CreateQueue{Queue: "q"}))
	h.settle(report{in: acd.Join{}}, r.Post(acd.CreateQueue{Queue: "q"}))
	if err := h.finish(); !errors.Is(err, acd.ErrInvalid) || !strings.Contains(err.Error(), "acd.Join is refused") || strings.Count(err.Error(), "refused") != 1 {
		t.Errorf("%v, want what was refused", err)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// By a clock that is moved by hand.
func TestHost_ByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock := NewClock(start)
		r, err := acd.Open(t.Context(), acd.Options{Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		h := &Host{Clock: clock, Phones: Phones{Ringing: 3 * time.Second, Talk: time.Minute}}
		done := make(chan error)
		go func() { done <- h.Run(t.Context(), r) }()
		for _, in := range append(small(), joins(0)) {
			if err := r.Post(in); err != nil {
				t.Fatal(err)
			}
		}
		for range 1000 {
			synctest.Wait()
			clock.Advance(time.Second)
		}
		if got := r.Totals().Lifetime; got.Left[queue.Answered] != 1 || got.Ended != 1 {
			t.Errorf("%+v", got)
		}
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if at, ok := clock.Next(); ok {
			t.Errorf("something is left on the clock for %v", at)
		}
	})
}
