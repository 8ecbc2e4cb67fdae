package acd_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// set is a status set by hand, in the queue or, with "", in all.
func set(a agent.ID, s agent.Status, q queue.ID) acd.SetStatus {
	return acd.SetStatus{Agent: a, Status: s, Queue: q}
}

// offerOf is the offer that rings the agent.
func offerOf(t *testing.T, e *acd.Engine, a agent.ID) acd.OfferID {
	t.Helper()
	v, err := e.Agent(a)
	if err != nil || v.Offer.IsZero() {
		t.Fatalf("agent %s is not being rung: %v", a, err)
	}
	return v.Offer
}

func answer(t *testing.T, e *acd.Engine, at float64, a agent.ID) {
	t.Helper()
	step(t, e, at, acd.Answered{Offer: offerOf(t, e, a)})
}

// memberOf is what an agent's membership looks like.
func memberOf(t *testing.T, e *acd.Engine, a agent.ID, q queue.ID) acd.MemberView {
	t.Helper()
	v, err := e.Agent(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range v.Members {
		if m.Queue == q {
			return m
		}
	}
	t.Fatalf("agent %s is no member of %s", a, q)
	return acd.MemberView{}
}

// refuses hands in what must be refused, and looks that nothing changes.
func refuses(t *testing.T, e *acd.Engine, in acd.Input, want error, text string) {
	t.Helper()
	before := slices.Collect(e.Records())
	e.Take()
	err := e.Step(e.Now(), in)
	if !errors.Is(err, want) || !strings.Contains(fmt.Sprint(err), text) {
		t.Errorf("%+v: %v, want %v with %q", in, err, want, text)
	}
	if events := e.Take(); len(events) > 0 {
		t.Errorf("%+v was refused, and %T came", in, events[0].Do)
	}
	if !slices.EqualFunc(before, slices.Collect(e.Records()), func(a, b acd.Record) bool {
		return a.Key == b.Key && string(a.Value) == string(b.Value)
	}) {
		t.Errorf("%+v was refused, and changed something", in)
	}
}

// stored are the statuses that a membership can have by hand.
var stored = []agent.Status{agent.LoggedOut, agent.Ready, agent.NotReady, agent.WrapUp, agent.Break, agent.Lunch}

func TestB10_AnyStatusFromAnyStatus(t *testing.T) {
	t.Parallel()
	for _, autoReady := range []bool{true, false} {
		for _, from := range stored {
			for _, to := range append(slices.Clone(stored), agent.LoggedIn) {
				e := newEngine(t, makeQueue(t, "q", fmt.Sprintf("agent_auto_ready=%t", autoReady)), withStatus(from, "1", "q"))
				e.Take()
				step(t, e, 10, set("1", to, ""))
				want := to
				switch {
				case to == agent.LoggedIn && from != agent.LoggedOut:
					want = from
				case to == agent.LoggedIn && autoReady:
					want = agent.Ready
				case to == agent.LoggedIn:
					want = agent.NotReady
				}
				m := memberOf(t, e, "1", "q")
				if m.Set != want || m.Status != want || !m.ByHand {
					t.Errorf("%v from %v: %v, reads %v, by hand %t; want %v", to, from, m.Set, m.Status, m.ByHand, want)
				}
				since, changes := sec(10), 1
				if want == from {
					since, changes = sec(0), 0
				}
				if !m.Since.Equal(since) {
					t.Errorf("%v from %v: since %v", to, from, m.Since)
				}
				if events := e.Take(); len(events) != changes {
					t.Errorf("%v from %v: %d events, want %d", to, from, len(events), changes)
				}
			}
		}
	}
}

func TestB10_WhatCannotBeSetIsRefused(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "qq"), ready("1", "q"))
	for _, s := range []agent.Status{agent.QueueCall, agent.OtherCall, agent.Offline, 10, 255} {
		text := "status " + s.String() + ": must be one of READY, NOT_READY, WRAP_UP, BREAK, LUNCH, LOGGED_IN, LOGGED_OUT"
		refuses(t, e, set("1", s, ""), acd.ErrInvalid, text)
		refuses(t, e, withStatus(s, "2", "q"), acd.ErrInvalid, text)
	}
	refuses(t, e, set("2", agent.Ready, ""), acd.ErrNotFound, "agent 2")
	refuses(t, e, set("1", agent.Ready, "x"), acd.ErrNotFound, "queue x")
	refuses(t, e, set("1", agent.Ready, "qq"), acd.ErrNotFound, "member 1 of qq")
}

// Fifty queues: the beginning and the end of a call are one event each.
func TestB11_AChangeOfTheLineIsOneEvent(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	add := acd.AddAgent{Agent: "1"}
	for i := range 50 {
		c := queue.Defaults()
		c.Name, c.Number = fmt.Sprint("q", i), fmt.Sprint(8000+i)
		id := queue.ID(c.Name)
		step(t, e, 0, acd.CreateQueue{Queue: id, Config: c})
		add.Queues = append(add.Queues, acd.Place{Queue: id})
	}
	step(t, e, 0, add)
	e.Take()
	for _, c := range []struct {
		what string
		in   func() acd.Input
		use  agent.Use
	}{
		{"rung", func() acd.Input { return join("c1", "q7") }, agent.Offered},
		{"talk", func() acd.Input { return acd.Answered{Offer: offerOf(t, e, "1")} }, agent.Talking},
		{"end", func() acd.Input { return acd.HangUp{Call: "c1"} }, agent.Free},
		{"an other call rings", func() acd.Input { return acd.OtherCall{Agent: "1", Call: "x"} }, agent.OtherRinging},
		{"it is answered", func() acd.Input { return acd.OtherCall{Agent: "1", Call: "x", State: acd.OtherTalking} }, agent.OnOther},
		{"it ends", func() acd.Input { return acd.OtherCall{Agent: "1", Call: "x", State: acd.OtherEnded} }, agent.Free},
		{"gone", func() acd.Input { return acd.Registered{Agent: "1", Gone: true} }, agent.Free},
		{"back", func() acd.Input { return acd.Registered{Agent: "1"} }, agent.Free},
	} {
		step(t, e, 0, c.in())
		events := e.Take()
		lines, _ := only[*acd.LineChanged](events)
		statuses, _ := only[*acd.StatusChanged](events)
		if len(lines) != 1 || lines[0].Use != c.use || len(statuses) != 0 {
			t.Errorf("%s: lines %v, statuses %v; want one line, %v", c.what, lines, statuses, c.use)
		}
	}
}

func TestB11_AStatusEventNamesWhatWasSet(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "a"), makeQueue(t, "bb"), makeQueue(t, "ccc"), ready("1", "a", "bb", "ccc"))
	for _, c := range []struct {
		in   acd.Input
		want string
	}{
		{set("1", agent.Break, "bb"), "bb:BREAK"},
		{acd.SetStatus{Agent: "1", Status: agent.Break, Reason: "tea"}, "a:BREAK/tea bb:BREAK/tea ccc:BREAK/tea"},
		{acd.SetStatus{Agent: "1", Status: agent.Break, Reason: "tea"}, ""},
		{acd.SetStatus{Agent: "1", Status: agent.Ready, Queue: "ccc"}, "ccc:READY"},
		{set("1", agent.LoggedIn, ""), ""},
		{acd.OtherCall{Agent: "1", Call: "x", State: acd.OtherTalking}, ""},
		{set("1", agent.Lunch, "a"), ""}, // asked for
		{set("1", agent.Ready, "ccc"), ""},
		{acd.OtherCall{Agent: "1", Call: "x", State: acd.OtherEnded}, "a:LUNCH"},
	} {
		e.Take()
		step(t, e, 1, c.in)
		got := ""
		statuses, _ := only[*acd.StatusChanged](e.Take())
		for i, s := range statuses {
			if i > 0 {
				t.Errorf("%+v: %d events", c.in, len(statuses))
			}
			for _, m := range s.Changes {
				got += fmt.Sprintf(" %s:%v", m.Queue, m.Set)
				if m.Reason != "" {
					got += "/" + m.Reason
				}
			}
		}
		if got = strings.TrimPrefix(got, " "); got != c.want {
			t.Errorf("%+v names %q, want %q", c.in, got, c.want)
		}
	}
}

// A board that follows the events, as a host would write it.
type board struct {
	line  acd.LineChanged
	set   map[queue.ID]agent.Status
	ended map[queue.ID]time.Time // the wrap-up that a hand has ended there (B16)
}

func (b *board) see(events []acd.Event) {
	for _, ev := range events {
		switch do := ev.Do.(type) {
		case *acd.LineChanged:
			b.line = *do
		case *acd.StatusChanged:
			for _, c := range do.Changes {
				b.set[c.Queue] = c.Set
				if c.Shown == c.Set {
					b.ended[c.Queue] = b.line.WrapUp
				}
			}
		}
	}
}

// reads is what the agent reads as in q, by the order of B11. wrap is the queue
// whose wrap-up runs, of scope AGENT.
func (b *board) reads(q, wrap queue.ID) agent.Status {
	onCall := b.line.Use == agent.Connecting || b.line.Use == agent.Talking
	keeps := !b.line.WrapUp.IsZero() && !b.line.WrapUp.Equal(b.ended[q])
	switch set := b.set[q]; {
	case onCall && b.line.Queue == q:
		return agent.QueueCall
	case set == agent.LoggedOut:
		return agent.LoggedOut
	case onCall || b.line.Use == agent.OnOther:
		return agent.OtherCall
	case !b.line.Registered:
		return agent.Offline
	case keeps && (q == wrap || set == agent.Ready):
		return agent.WrapUp
	default:
		return set
	}
}

func TestB11_WhatHeReadsAsIsComputedFromTheEvents(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "a", "connect=MANUAL", "enable_wrap_up=true", "wrap_up_time=10"),
		makeQueue(t, "bb"), makeQueue(t, "ccc"), makeQueue(t, "dddd"),
		ready("1", "a", "bb", "ccc", "dddd"),
	)
	b := board{line: acd.LineChanged{Registered: true}, set: map[queue.ID]agent.Status{}, ended: map[queue.ID]time.Time{}}
	other := func(s acd.OtherState) acd.Input { return acd.OtherCall{Agent: "1", Call: "x", State: s} }
	for i, in := range []acd.Input{
		set("1", agent.Break, "ccc"), set("1", agent.LoggedOut, "dddd"),
		join("c1", "a"), nil,
		acd.MediaJoined{Call: "c1"},
		acd.Registered{Agent: "1", Gone: true},
		set("1", agent.Lunch, "bb"), other(acd.OtherRinging), other(acd.OtherTalking),
		acd.EndTalk{Call: "c1"},
		other(acd.OtherEnded),
		acd.Registered{Agent: "1"},
		set("1", agent.Ready, "a"),
		acd.Withdraw{Call: "c2"},
		set("1", agent.Ready, ""), join("c3", "a"), nil,
		acd.FreeAgent{Agent: "1"},
		acd.Withdraw{Call: "c3"},
		other(acd.OtherRinging), other(acd.OtherTalking), other(acd.OtherEnded),
	} {
		at := float64(i)
		switch in.(type) {
		case nil:
			answer(t, e, at, "1")
		case acd.Withdraw:
			_ = e.Step(sec(at), in) // if it is there
		default:
			step(t, e, at, in)
		}
		b.see(e.Take())
		v, err := e.Agent("1")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range v.Members {
			if got := b.reads(m.Queue, "a"); got != m.Status {
				t.Errorf("%d %T: the events say %v in %s, he reads %v", i, in, got, m.Queue, m.Status)
			}
		}
	}
}

func TestB14_WhatHeAskedForIsShown(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "qq"), ready("1", "q", "qq"), join("c1", "q"))
	answer(t, e, 0, "1")
	step(t, e, 1, acd.SetStatus{Agent: "1", Status: agent.Break, Reason: "tea", Queue: "q"})
	step(t, e, 2, acd.SetStatus{Agent: "1", Status: agent.Lunch, Reason: "soup", Queue: "q"})
	m := memberOf(t, e, "1", "q")
	if m.Wanted == nil || *m.Wanted != (agent.Wish{Status: agent.Lunch, Reason: "soup"}) || m.Set != agent.Ready {
		t.Errorf("asked for: %+v", m)
	}
	if m := memberOf(t, e, "1", "qq"); m.Wanted != nil {
		t.Errorf("asked for nothing: %+v", m)
	}
	step(t, e, 5, acd.HangUp{Call: "c1"})
	m = memberOf(t, e, "1", "q")
	if m.Wanted != nil || m.Set != agent.Lunch || m.Reason != "soup" || !m.ByHand || !m.Since.Equal(sec(5)) {
		t.Errorf("after the call: %+v", m)
	}
}

// Withdrawn and stopped by the library, which says so before anything else.
func TestB15_TheOrderOfWhatIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   acd.Input
		want []string
	}{
		{set("1", agent.Break, ""), []string{"StopRinging", "OfferEnded", "LineChanged", "StatusChanged", "Ring"}},
		{acd.OtherCall{Agent: "1", Call: "x", State: acd.OtherTalking}, []string{"StopRinging", "OfferEnded", "LineChanged", "Ring"}},
		{acd.Registered{Agent: "1", Gone: true}, []string{"StopRinging", "OfferEnded", "LineChanged", "Ring"}},
		{acd.SetAgents{Queue: "q", Agents: []acd.Listed{{Agent: "2"}}}, []string{"StopRinging", "OfferEnded", "QueueChanged", "LineChanged", "Ring"}},
		{acd.FreeAgent{Agent: "2"}, nil},
	} {
		e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1", "q"), ready("2", "q"), join("c1", "q"))
		e.Take()
		step(t, e, 3, c.in)
		events := e.Take()
		var got []string
		for _, ev := range events {
			got = append(got, strings.TrimPrefix(fmt.Sprintf("%T", ev.Do), "*acd."))
			if end, ok := ev.Do.(*acd.OfferEnded); ok && end.Rang != 3*time.Second {
				t.Errorf("%T: rang for %v", c.in, end.Rang)
			}
		}
		if len(got) > 0 && got[len(got)-1] == "LineChanged" {
			got = got[:len(got)-1] // of the one who is rung next
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%T: told %v, want %v", c.in, got, c.want)
		}
		if memory := memberMemory(t, e, "1"); c.want != nil && memory.Missed != 0 {
			t.Errorf("%T: missed %d", c.in, memory.Missed)
		}
	}
}

// memberMemory is what queue q remembers of an agent; nothing of one who left.
func memberMemory(t *testing.T, e *acd.Engine, a agent.ID) agent.Memory {
	t.Helper()
	members, err := e.Members("q", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.Agent == a {
			m.Memory.StaffedTime, m.Memory.StaffedFrom = 0, 0 // these go on as he comes and goes
			return m.Memory
		}
	}
	return agent.Memory{}
}

func TestB20_AllQueuesInOneEvent(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "a", "wait_when_no_agents_online=true"), makeQueue(t, "bb", "wait_when_no_agents_online=true"), makeQueue(t, "ccc"),
		withStatus(agent.Break, "1", "a", "bb", "ccc"), set("1", agent.LoggedOut, "ccc"), join("c1", "a"), join("c2", "bb"),
	)
	e.Take()
	step(t, e, 1, set("1", agent.Ready, ""))
	events := e.Take()
	if first, ok := events[0].Do.(*acd.StatusChanged); !ok || len(first.Changes) != 2 {
		t.Errorf("first told: %+v", events[0].Do)
	}
	if rings, _ := only[*acd.Ring](events); len(rings) != 1 || rings[0].Call != "c1" {
		t.Errorf("rings: %v", rings)
	}

	// Added together with a status: no ring comes between the two.
	for _, s := range stored {
		e := newEngine(t, makeQueue(t, "q", "wait_when_no_agents_online=true"), join("c1", "q"))
		e.Take()
		step(t, e, 1, withStatus(s, "1", "q"))
		events := e.Take()
		if rings, _ := only[*acd.Ring](events); len(rings) > 0 != (s == agent.Ready) {
			t.Errorf("added %v: rings %v", s, rings)
		}
		if statuses, _ := only[*acd.StatusChanged](events); len(statuses) != 1 || statuses[0].Changes[0].Set != s {
			t.Errorf("added %v: %v", s, statuses)
		}
	}
}

func TestB20_ARefusedAdditionChangesNothing(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "qq"), ready("1", "q"))
	place := func(id queue.ID, level int) acd.Place { return acd.Place{Queue: id, Level: level} }
	for _, c := range []struct {
		places []acd.Place
		err    error
		text   string
	}{
		{[]acd.Place{place("qq", 1), place("x", 1)}, acd.ErrNotFound, "queue x"},
		{[]acd.Place{place("qq", 101)}, acd.ErrInvalid, "skill_level 101: must be 1..100"},
		{[]acd.Place{place("qq", -1)}, acd.ErrInvalid, "skill_level -1: must be 1..100"},
		{[]acd.Place{place("qq", 1), place("qq", 2)}, acd.ErrInvalid, "qq"},
	} {
		for _, id := range []agent.ID{"1", "2"} {
			refuses(t, e, acd.AddAgent{Agent: id, Queues: c.places}, c.err, c.text)
		}
	}
	if _, err := e.Agent("2"); !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("agent 2: %v", err)
	}
	// Adding an agent to what he has already is no change.
	e.Take()
	step(t, e, 1, withStatus(agent.Break, "1", "q"))
	if events := e.Take(); len(events) > 0 || memberOf(t, e, "1", "q").Set != agent.Ready {
		t.Errorf("told %v", told(t, events))
	}
}

// What a late return changes is told and kept, for the queues in which it is late.
func TestB19_WhatALateReturnChangesIsToldAndKept(t *testing.T) {
	t.Parallel()
	e := newEngine(
		t, makeQueue(t, "q", "agent_auto_ready=false", "offline_grace=10"),
		makeQueue(t, "patient", "agent_auto_ready=false", "offline_grace=60"), ready("1", "q", "patient"),
	)
	step(t, e, 1, acd.Registered{Agent: "1", Gone: true})
	e.Advance(sec(30))
	e.Take()
	e.Changes()
	step(t, e, 30, acd.Registered{Agent: "1"})
	told, _ := only[*acd.StatusChanged](e.Take())
	if len(told) != 1 || len(told[0].Changes) != 1 || told[0].Changes[0].Queue != "q" || told[0].Changes[0].Set != agent.LoggedOut {
		t.Errorf("told: %+v", told)
	}
	if !slices.ContainsFunc(e.Changes(), func(c acd.Change) bool { return c.Key == "queue/q/member/1" }) {
		t.Error("not kept")
	}
}
