package acd_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// t0 is when the tests of the engine's rules begin.
var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// sec is t0 plus so many seconds.
func sec(s float64) time.Time { return t0.Add(time.Duration(s * float64(time.Second))) }

// newEngine returns an engine to which the inputs were given at t0.
func newEngine(t *testing.T, inputs ...acd.Input) *acd.Engine {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{Seed: 1, Track: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		step(t, e, 0, in)
	}
	return e
}

func step(t *testing.T, e *acd.Engine, at float64, in acd.Input) {
	t.Helper()
	if err := e.Step(sec(at), in); err != nil {
		t.Fatalf("%v %+v: %v", at, in, err)
	}
}

// makeQueue makes a queue with properties key=value; numbers begin at 8000.
func makeQueue(t *testing.T, id string, properties ...string) acd.CreateQueue {
	t.Helper()
	c := queue.Defaults()
	c.Name, c.Number = id, fmt.Sprint(8000+len(id))
	for _, p := range properties {
		key, value, _ := strings.Cut(p, "=")
		if err := c.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	return acd.CreateQueue{Queue: queue.ID(id), Config: c}
}

// ready adds an agent who is READY in the queues, nobody else.
func ready(id agent.ID, queues ...queue.ID) acd.AddAgent {
	return withStatus(agent.Ready, id, queues...)
}

func withStatus(s agent.Status, id agent.ID, queues ...queue.ID) acd.AddAgent {
	in := acd.AddAgent{Agent: id, Status: &s}
	for _, q := range queues {
		in.Queues = append(in.Queues, acd.Place{Queue: q})
	}
	return in
}

func join(call queue.CallID, q queue.ID) acd.Join { return acd.Join{Call: call, Queue: q} }

// only returns the actions of one type, with their times in seconds.
func only[A acd.Action](events []acd.Event) (actions []A, at []float64) {
	for _, ev := range events {
		if do, ok := ev.Do.(A); ok {
			actions, at = append(actions, do), append(at, ev.At.Sub(t0).Seconds())
		}
	}
	return actions, at
}

// told writes events as a host would store them.
func told(t *testing.T, events []acd.Event) []string {
	t.Helper()
	lines := make([]string, len(events))
	for i, ev := range events {
		b, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = string(b)
	}
	return lines
}

// kept returns the records of an engine, for a new one.
func kept(e *acd.Engine) iter.Seq2[acd.Record, error] {
	records := slices.Collect(e.Records())
	return func(yield func(acd.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// same fails unless two engines hold the same state. A state without changes
// keeps the time of its last change.
func same(t *testing.T, a, b *acd.Engine) {
	t.Helper()
	x, y := slices.Collect(a.Records()), slices.Collect(b.Records())
	for i := range min(len(x), len(y)) {
		if x[i].Key != y[i].Key || string(x[i].Value) != string(y[i].Value) {
			t.Errorf("record %s %s\nagainst %s %s", x[i].Key, x[i].Value, y[i].Key, y[i].Value)
		}
	}
	if len(x) != len(y) {
		t.Errorf("%d records against %d", len(x), len(y))
	}
}

// busyHour is an engine with much to come: rounds, pauses, delays, wrap-ups, SLA
// marks, graces, ends of patience.
func busyHour(t *testing.T) *acd.Engine {
	t.Helper()
	e := newEngine(t,
		makeQueue(t, "a", "polling_strategy=PRIORITIZED_HUNT", "ring_time=7", "sla_time=12", "max_waiting_time=45", "enable_wrap_up=true", "wrap_up_time=20"),
		makeQueue(t, "bb", "ring_time=10", "connect=MANUAL", "connect_time=6", "sla_time=5", "talk_lease=40", "offline_grace=25"),
		ready("1001", "a", "bb"), ready("1002", "a"), ready("1003", "bb"), withStatus(agent.Break, "1004", "a", "bb"),
	)
	for i := range 6 {
		step(t, e, 0, acd.Join{Call: queue.CallID(fmt.Sprint("a", i)), Queue: "a", Priority: i % 3})
		step(t, e, 0, join(queue.CallID(fmt.Sprint("b", i)), "bb"))
	}
	events := e.Take()
	rings, _ := only[*acd.Ring](events)
	for _, r := range rings {
		if r.Agent == "1001" {
			step(t, e, 2, acd.Refused{Offer: r.Offer, End: agent.Busy})
		} else {
			step(t, e, 2, acd.Answered{Offer: r.Offer})
		}
	}
	step(t, e, 3, acd.Registered{Agent: "1004", Gone: true})
	e.Take()
	return e
}

func TestB100_WhatIsDueActsBeforeTheInput(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "max_waiting_time=15", "ring_time=60"), ready("1001", "q"), join("c1", "q"))
	rings, _ := only[*acd.Ring](e.Take())
	// Nobody woke the engine: the input that comes at the deadline finds it done.
	if err := e.Step(sec(15), acd.Answered{Offer: rings[0].Offer}); !errors.Is(err, acd.ErrOfferEnded) {
		t.Errorf("an answer at the deadline: %v", err)
	}
	if err := e.Step(sec(15), acd.HangUp{Call: "c1"}); !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("a hang-up at the deadline: %v", err)
	}
	left, at := only[*acd.CallLeft](e.Take())
	if len(left) != 1 || left[0].Outcome != queue.TimedOut || at[0] != 15 {
		t.Errorf("left %+v at %v", left, at)
	}
}

// One cause is told inside out: StopRinging before its OfferEnded, those before
// the leave or the connection, then lines and statuses, then new offers.
func TestB100_ToldInsideOut(t *testing.T) {
	t.Parallel()
	e := newEngine(
		t, makeQueue(t, "q"), makeQueue(t, "other"), ready("1001", "q", "other"), ready("1002", "q"),
		join("c1", "q"), join("c2", "other"),
	)
	rings, _ := only[*acd.Ring](e.Take())
	order := func() (names []string) {
		for _, ev := range e.Take() {
			names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", ev.Do), "*acd."))
		}
		return names
	}
	step(t, e, 1, acd.Answered{Offer: rings[1].Offer})
	want := []string{
		"OfferEnded", "StopRinging", "OfferEnded", "StopPlay", "Connect", "CallConnected", "CallLeft",
		"LineChanged", "LineChanged", "Ring", "LineChanged",
	}
	if got := order(); !slices.Equal(got, want) {
		t.Errorf("an answer: %q\nwant %q", got, want)
	}
	step(t, e, 2, acd.HangUp{Call: "c2"})
	if got, want := order(), []string{"StopRinging", "OfferEnded", "CallLeft", "LineChanged"}; !slices.Equal(got, want) {
		t.Errorf("a caller who goes: %q\nwant %q", got, want)
	}
	step(t, e, 3, join("c3", "q"))
	order()
	step(t, e, 4, acd.HangUp{Call: "c1"})
	if got, want := order(), []string{"TalkEnded", "LineChanged", "Ring", "LineChanged"}; !slices.Equal(got, want) {
		t.Errorf("a talk's end: %q\nwant %q", got, want)
	}
}

// However late and however often the engine is woken, what was due has happened
// at its own time.
func TestB101_WokenLateOrOften(t *testing.T) {
	t.Parallel()
	wake := map[string]func(*acd.Engine){
		"at every deadline": func(e *acd.Engine) {
			for due, ok := e.NextDeadline(); ok && !due.After(sec(300)); due, ok = e.NextDeadline() {
				e.Advance(due)
			}
		},
		"every 100 ms": func(e *acd.Engine) {
			for at := 3.0; at < 300; at += 0.1 {
				e.Advance(sec(at))
				e.Advance(sec(at))
			}
		},
		"once":      func(*acd.Engine) {},
		"backwards": func(e *acd.Engine) { e.Advance(sec(100)); e.Advance(sec(50)); e.Advance(time.Time{}) },
	}
	var first []string
	var of *acd.Engine
	for _, name := range []string{"at every deadline", "every 100 ms", "once", "backwards"} {
		e := busyHour(t)
		wake[name](e)
		e.Advance(sec(300))
		events := e.Take()
		got := told(t, events)
		if first == nil {
			first, of = got, e
			if len(got) < 30 {
				t.Fatalf("only %d events: %q", len(got), got)
			}
			continue
		}
		if !slices.Equal(got, first) {
			t.Errorf("woken %s:\n%s\nbut woken at every deadline:\n%s", name, strings.Join(got, "\n"), strings.Join(first, "\n"))
		}
		same(t, of, e)
	}
}

func TestB101_AnEarlierTimeIsStandingStill(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "ring_time=20"), ready("1001", "q"))
	e.Advance(sec(100))
	step(t, e, 40, join("c1", "q"))
	rings, at := only[*acd.Ring](e.Take())
	if len(rings) != 1 || at[0] != 100 || !e.Now().Equal(sec(100)) {
		t.Errorf("rung %d at %v, now %v", len(rings), at, e.Now())
	}
	if due, ok := e.NextDeadline(); !ok || !due.Equal(sec(120)) {
		t.Errorf("next deadline %v", due)
	}
}

func TestB101_ANowThatIsNoTimeIsRefused(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{
		{},
		time.Unix(0, 0),
		time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		e := newEngine(t)
		if err := e.Step(now, makeQueue(t, "q")); !errors.Is(err, acd.ErrInvalid) {
			t.Errorf("%v: %v", now, err)
		}
		e.Advance(now)
		if len(e.Take()) > 0 || !e.Now().IsZero() {
			t.Errorf("%v: moved to %v", now, e.Now())
		}
	}
}

// At Restore the wall clock stands an hour before the last stored time: all that
// runs has as much to run as it had.
func TestB101_AClockSetBackBetweenRestarts(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "max_waiting_time=100", "sla_time=80", "reject_delay=50", "enable_wrap_up=true", "wrap_up_time=90"),
		ready("1001", "q"), ready("1002", "q"), join("c0", "q"), join("c1", "q"),
	)
	rings, _ := only[*acd.Ring](e.Take())
	step(t, e, 0, acd.Answered{Offer: rings[0].Offer})
	step(t, e, 10, acd.Refused{Offer: rings[1].Offer, End: agent.Rejected})
	step(t, e, 20, acd.HangUp{Call: "c0"}) // in wrap-up till 110
	step(t, e, 30, join("c2", "q"))
	again, err := acd.NewEngine(acd.EngineOptions{Seed: 1, Track: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Restore(kept(e)); err != nil {
		t.Fatal(err)
	}
	const back = -3600
	step(t, again, 30+back, acd.Recover{Epoch: 2})
	for _, c := range []queue.CallID{"c1", "c2"} {
		step(t, again, 30+back, acd.ConfirmCall{Call: c})
	}
	stepped, _ := only[*acd.ClockStepped](again.Take())
	if len(stepped) != 1 || stepped[0].By != back*time.Second {
		t.Fatalf("stepped %+v", stepped)
	}
	c1, err := again.Call("c1")
	if err != nil || !c1.Joined.Equal(sec(back)) || !c1.Effective.Equal(sec(back)) || c1.Position != 1 {
		t.Errorf("c1 %+v: %v", c1, err)
	}
	if p, _ := again.Agent("1001"); !p.WrapUp.Equal(sec(110 + back)) {
		t.Errorf("the wrap-up ends %v", p.WrapUp)
	}
	again.Advance(sec(131 + back))
	events := again.Take()
	if _, at := only[*acd.Ring](events); len(at) == 0 || at[0] != 60+back {
		t.Errorf("the delay till 60 ended with rings at %v", at)
	}
	if _, at := only[*acd.SLABreached](events); !slices.Equal(at, []float64{80 + back, 110 + back}) {
		t.Errorf("marks at %v", at)
	}
	if _, at := only[*acd.CallLeft](events); !slices.Equal(at, []float64{100 + back, 130 + back}) {
		t.Errorf("leaves at %v", at)
	}
	if err := again.Check(); err != nil {
		t.Error(err)
	}
}

// A clock that went on, or stood, is no step.
func TestB101_AClockThatGoesOnIsNoStep(t *testing.T) {
	t.Parallel()
	for _, later := range []float64{0, 5, 86400} {
		e := newEngine(t, makeQueue(t, "q"), withStatus(agent.Break, "1001", "q"), join("c1", "q"))
		again := newEngine(t)
		if err := again.Restore(kept(e)); err != nil {
			t.Fatal(err)
		}
		step(t, again, later, acd.Recover{Epoch: 2})
		if stepped, _ := only[*acd.ClockStepped](again.Take()); len(stepped) > 0 {
			t.Errorf("%v s later: %+v", later, stepped[0])
		}
	}
}

// Same inputs, same outputs, bit for bit, and the same state: also where lots
// are drawn, and whatever the maps say.
func TestB102_SameInputsSameOutputs(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (out []string, e *acd.Engine) {
		e, err := acd.NewEngine(acd.EngineOptions{Seed: seed, Track: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range []string{"RING_SIMULTANEOUSLY", "CYCLIC_HUNT", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT"} {
			step(t, e, 0, makeQueue(t, strings.Repeat("q", i+1), "polling_strategy="+s, "ring_time=5", "sla_time=3", "max_waiting_time=40", "enable_wrap_up=true", "wrap_up_time=5"))
		}
		for i := range 12 {
			step(t, e, 0, ready(agent.ID(fmt.Sprint(1001+i)), "q", "qq", "qqq"))
		}
		for i := range 60 {
			at := float64(i)
			step(t, e, at, join(queue.CallID(fmt.Sprint("c", i)), queue.ID(strings.Repeat("q", 1+i%3))))
			events := e.Take()
			out = append(out, told(t, events)...)
			rings, _ := only[*acd.Ring](events)
			if len(rings) > 0 && i%2 == 0 {
				_ = e.Step(sec(at+0.5), acd.Answered{Offer: rings[len(rings)-1].Offer})
			}
			if i%5 == 4 {
				_ = e.Step(sec(at+0.5), acd.HangUp{Call: queue.CallID(fmt.Sprint("c", i-3))})
			}
		}
		e.Advance(sec(200))
		return append(out, told(t, e.Take())...), e
	}
	first, e := run(7)
	if len(first) < 200 {
		t.Fatalf("only %d events", len(first))
	}
	for range 3 {
		got, other := run(7)
		if !slices.Equal(got, first) {
			t.Fatal("the same inputs gave other events")
		}
		same(t, e, other)
	}
}

// A state that is wrong is named: which thing, and what about it.
func TestB103_CheckNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key, old, new string // of a record
		want          []string
	}{
		"a call joined that nobody knows": {
			"queue/q/numbers", `"joined":4`, `"joined":5`,
			[]string{"queue q: 3 joined and not left, 2 in line"},
		},
		"a talk that nobody has": {
			"queue/q/numbers", `"ended":0`, `"ended":1`, []string{"queue q: 0 answered and not ended, 1 calls talk"},
		},
		"a call in line whose agent talks": {
			"queue/q/entry/t1", `"stage":2`, `"stage":0`, []string{"queue/q/entry/t1: its stage and its agent disagree"},
		},
		"an agent on a call that is another's": {
			"queue/q/entry/t1", `"agent":"1001"`, `"agent":"1002"`, []string{"queue/q/entry/t1: agent 1002 does not have it"},
		},
		"an agent available beside a call": {
			"queue/q/member/1002", `"set":"BREAK"`, `"set":"READY"`,
			[]string{"queue q: agent 1002 is available and call c1 is matchable"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(
				t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"),
				withStatus(agent.Break, "1002", "q"), join("t1", "q"),
			)
			rings, _ := only[*acd.Ring](e.Take())
			step(t, e, 1, acd.Answered{Offer: rings[0].Offer})
			step(t, e, 2, join("c1", "q"))
			step(t, e, 2, join("c2", "q"))
			step(t, e, 2, join("gone", "q"))
			step(t, e, 2, acd.HangUp{Call: "gone"})
			if err := e.Check(); err != nil {
				t.Fatalf("before: %v", err)
			}
			var records []acd.Record
			done := false
			for r := range e.Records() {
				if r.Key == c.key {
					value := strings.ReplaceAll(string(r.Value), c.old, c.new)
					done = value != string(r.Value)
					r.Value = []byte(value)
				}
				records = append(records, r)
			}
			if !done {
				t.Fatalf("no %s in %s", c.old, c.key)
			}
			broken := newEngine(t)
			err := broken.Restore(func(yield func(acd.Record, error) bool) {
				for _, r := range records {
					if !yield(r, nil) {
						return
					}
				}
			})
			if err == nil { // Restore looks at all but who could be rung
				err = broken.Check()
			}
			if err == nil {
				t.Fatal("nothing is wrong")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Check says %q, want %q", err, want)
				}
			}
		})
	}
}

// Check changes nothing and finds nothing in any state of a busy hour.
func TestB103_CheckFindsNothingAndChangesNothing(t *testing.T) {
	t.Parallel()
	e, other := busyHour(t), busyHour(t)
	for due, ok := e.NextDeadline(); ok && due.Before(sec(300)); due, ok = e.NextDeadline() {
		e.Advance(due)
		if err := e.Check(); err != nil {
			t.Fatalf("%v: %v", due, err)
		}
	}
	e.Advance(sec(300))
	other.Advance(sec(300))
	same(t, e, other)
}

// The machine stood still from 1 to 31: the ring of 20 s is taken back, not
// missed, at 31; deadlines acted at their own times; nobody was rung in between.
func TestB104_ResyncAfterStandingStill(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "ring_time=20", "sla_time=10", "max_waiting_time=25", "agent_auto_ready=false", "no_answer_delay=60", "reject_delay=5"),
		makeQueue(t, "other", "enable_wrap_up=true", "wrap_up_time=15"),
		ready("1001", "q"), ready("1002", "q"), ready("1003", "other"),
		join("t", "other"), join("c1", "q"),
	)
	rings, _ := only[*acd.Ring](e.Take())
	step(t, e, 0, acd.Answered{Offer: rings[0].Offer})
	step(t, e, 1, acd.HangUp{Call: "t"}) // 1003 in wrap-up till 16
	step(t, e, 5, join("c2", "q"))
	step(t, e, 5.5, join("c3", "q"))
	rings, _ = only[*acd.Ring](e.Take())
	step(t, e, 6, acd.Refused{Offer: rings[0].Offer, End: agent.Rejected}) // 1002 delayed till 11
	step(t, e, 6, acd.SetStatus{Agent: "1002", Status: agent.Ready, Queue: "q"})
	e.Take()
	step(t, e, 29, acd.Resync{})
	events := e.Take()
	ends, at := only[*acd.OfferEnded](events)
	for i, end := range ends {
		// c1's patience ended at 25, and with it its ring; the other ring ran till now.
		if end.End != agent.Withdrawn || end.Call == "c1" && at[i] != 25 || end.Call != "c1" && at[i] != 29 {
			t.Errorf("%s: %v at %v", end.Call, end.End, at[i])
		}
	}
	if len(ends) != 2 {
		t.Errorf("%d offers ended", len(ends))
	}
	left, at := only[*acd.CallLeft](events)
	if len(left) != 1 || left[0].Outcome != queue.TimedOut || at[0] != 25 {
		t.Errorf("left %+v at %v", left, at)
	}
	if _, at := only[*acd.SLABreached](events); !slices.Equal(at, []float64{10, 15, 15.5}) {
		t.Errorf("marks at %v", at)
	}
	if _, at := only[*acd.Ring](events); !slices.Equal(at, []float64{29, 29}) {
		t.Errorf("rung at %v, want all at the resync", at)
	}
	if p, _ := e.Agent("1003"); p.Use != agent.Free || !p.WrapUp.IsZero() {
		t.Errorf("1003 %+v", p)
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	// The new rings have their whole time.
	e.Advance(sec(29.5))
	if ends, _ := only[*acd.OfferEnded](e.Take()); len(ends) > 0 {
		t.Errorf("ended %+v", ends[0])
	}
}

// A resync is an input like any other: two engines given it are the same, and
// without anything due it only rings anew.
func TestB104_ResyncIsReplayed(t *testing.T) {
	t.Parallel()
	a, b := busyHour(t), busyHour(t)
	for _, e := range []*acd.Engine{a, b} {
		step(t, e, 40, acd.Resync{})
		e.Advance(sec(200))
	}
	if x, y := told(t, a.Take()), told(t, b.Take()); !slices.Equal(x, y) {
		t.Errorf("%q\nagainst %q", x, y)
	}
	same(t, a, b)
	if err := a.Check(); err != nil {
		t.Error(err)
	}
}

func TestB104_ResyncInThePastIsNow(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "ring_time=20"), ready("1001", "q"), join("c1", "q"))
	e.Advance(sec(10))
	e.Take()
	step(t, e, 5, acd.Resync{})
	rings, at := only[*acd.Ring](e.Take())
	if len(rings) != 1 || at[0] != 10 {
		t.Errorf("rung %d at %v", len(rings), at)
	}
}

// In one instant a ring ends before a wrap-up does, though both are of one agent.
func TestB100_ARingEndsBeforeAWrapUp(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=20", "wrap_up_scope=QUEUE"),
		makeQueue(t, "qq", "polling_strategy=PRIORITIZED_HUNT", "ring_time=10"), ready("1001", "q", "qq"), join("x", "q"),
	)
	answer(t, e, 0, "1001")
	step(t, e, 0, acd.HangUp{Call: "x"})
	step(t, e, 10, join("y", "qq"))
	e.Take()
	e.Advance(sec(20))
	var order []string
	for _, ev := range e.Take() {
		switch do := ev.Do.(type) {
		case *acd.OfferEnded:
			order = append(order, "ring")
		case *acd.LineChanged:
			order = append(order, fmt.Sprint("wraps up ", !do.WrapUp.IsZero()))
		}
	}
	if want := []string{"ring", "wraps up true", "wraps up false"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}
