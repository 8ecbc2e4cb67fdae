package acd_test

import (
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

func list(q queue.ID, agents ...agent.ID) acd.SetAgents {
	in := acd.SetAgents{Queue: q}
	for _, a := range agents {
		in.Agents = append(in.Agents, acd.Listed{Agent: a})
	}
	return in
}

func TestB21_TheListAsItReads(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), list("q", "3", "1", "2"))
	for i, c := range []struct {
		in   acd.Input
		want string
	}{
		{list("q", "3", "1", "2"), "3 1 2"},
		{list("q", "2", "4", "1"), "2 4 1"},
		{ready("3", "q"), "2 4 1 3"},
		{acd.RemoveMember{Agent: "4", Queue: "q"}, "2 1 3"},
		{acd.DeleteAgent{Agent: "2"}, "1 3"},
		{list("q"), ""},
		{list("q", "2"), "2"},
	} {
		step(t, e, float64(i), c.in)
		members, err := e.Members("q", 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for place, m := range members {
			got = append(got, string(m.Agent))
			if m.Place != place || m.Level != 1 {
				t.Errorf("%+v: %s has place %d, level %d", c.in, m.Agent, m.Place, m.Level)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
	refuses(t, e, list("x", "1"), acd.ErrNotFound, "queue x")
	refuses(t, e, list("q", "1", "1"), acd.ErrInvalid, "1")
	refuses(t, e, list("q", ""), acd.ErrInvalid, "agent")
	refuses(t, e, acd.SetAgents{Queue: "q", Agents: []acd.Listed{{Agent: "9"}, {Agent: "1", Level: 101}}}, acd.ErrInvalid, "skill_level 101")
	refuses(t, e, acd.RemoveMember{Agent: "1", Queue: "q"}, acd.ErrNotFound, "member 1 of q")
	refuses(t, e, acd.RemoveMember{Agent: "9", Queue: "q"}, acd.ErrNotFound, "agent 9")
	refuses(t, e, acd.RemoveMember{Agent: "1", Queue: "x"}, acd.ErrNotFound, "queue x")
}

func TestB21_WhatAQueueRemembers(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), list("q", "1", "2"), join("c1", "q"))
	answer(t, e, 5, "1")
	step(t, e, 15, acd.HangUp{Call: "c1"})
	want := memberMemory(t, e, "1")
	if want.Offers != 1 || want.Answered != 1 || want.Talk != 10*time.Second ||
		!want.LastRung.Time().Equal(sec(0)) || !want.LastAnswered.Time().Equal(sec(5)) || !want.LastEnded.Time().Equal(sec(15)) {
		t.Fatalf("remembers %+v", want)
	}
	for _, c := range []struct {
		what string
		do   func()
		want agent.Memory
	}{
		{"he stays", func() { step(t, e, 20, list("q", "2", "1")) }, want},
		{"he leaves and comes back", func() { step(t, e, 21, list("q", "2")); step(t, e, 22, list("q", "1", "2")) }, want},
		{"removed by himself", func() { step(t, e, 23, acd.RemoveMember{Agent: "1", Queue: "q"}); step(t, e, 24, ready("1", "q")) }, want},
		{"deleted", func() { step(t, e, 25, acd.DeleteAgent{Agent: "1"}); step(t, e, 26, list("q", "1", "2")) }, agent.Memory{}},
	} {
		c.do()
		if got := memberMemory(t, e, "1"); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// Added without a word about his status, by either input.
func TestB22_ANewMember(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		autoReady string
		want      agent.Status
	}{{"agent_auto_ready=true", agent.Ready}, {"agent_auto_ready=false", agent.LoggedOut}} {
		e := newEngine(t, makeQueue(t, "q", c.autoReady))
		step(t, e, 1, acd.AddAgent{Agent: "1", Name: "Ann", Queues: []acd.Place{{Queue: "q", Level: 7}}})
		step(t, e, 1, acd.AddAgent{Agent: "2", Queues: []acd.Place{{Queue: "q"}}, NotRegistered: true})
		step(t, e, 1, acd.SetAgents{Queue: "q", Agents: []acd.Listed{{Agent: "1", Level: 9}, {Agent: "2"}, {Agent: "3"}}})
		for id, level := range map[agent.ID]int{"1": 9, "2": 1, "3": 1} {
			m := memberOf(t, e, id, "q")
			if m.Set != c.want || m.ByHand || m.Level != level || !m.Since.Equal(sec(1)) {
				t.Errorf("%s, agent %s: %+v", c.autoReady, id, m)
			}
			if v, _ := e.Agent(id); v.Registered == (id == "2") {
				t.Errorf("%s, agent %s: registered %t", c.autoReady, id, v.Registered)
			}
		}
		if v, _ := e.Agent("1"); v.Name != "Ann" {
			t.Errorf("name %q", v.Name)
		}
	}
}

func TestB23_OneWrapUpIsShownOnTheLine(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=30"),
		ready("1", "q"), join("c1", "q"), join("c2", "q"),
	)
	answer(t, e, 0, "1")
	e.Take()
	step(t, e, 10, acd.HangUp{Call: "c1"})
	lines, at := only[*acd.LineChanged](e.Take())
	if len(lines) != 1 || at[0] != 10 || !lines[0].WrapUp.Equal(sec(40)) || lines[0].Use != agent.Free || lines[0].Queue != "q" {
		t.Errorf("told %+v", lines)
	}
	if v, _ := e.Agent("1"); !v.WrapUp.Equal(sec(40)) {
		t.Errorf("wrap-up until %v", v.WrapUp)
	}
	e.Advance(sec(100)) // woken late: it ended at its own time (B101)
	rings, at := only[*acd.Ring](e.Take())
	if len(rings) == 0 || rings[0].Call != "c2" || at[0] != 40 {
		t.Errorf("rung %+v at %v", rings, at)
	}
	if m := memberMemory(t, e, "1"); m.WrapUp != 30*time.Second || m.Talk != 10*time.Second {
		t.Errorf("remembers %+v", m)
	}
}

// Wrap-ups of several queues run side by side; which queue each keeps him from, and
// until when, can be told from the events, and read.
func TestB23_SeveralWrapUpsAreToldAndRead(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "a", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=100", "wrap_up_scope=QUEUE"),
		makeQueue(t, "bb", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=30", "wrap_up_scope=QUEUE"),
		makeQueue(t, "ccc"), ready("1", "a", "bb", "ccc"), join("c1", "a"),
	)
	answer(t, e, 0, "1")
	step(t, e, 10, acd.HangUp{Call: "c1"})
	step(t, e, 20, join("c2", "bb"))
	answer(t, e, 20, "1")
	e.Take()
	is := func(a, bb float64) {
		t.Helper()
		for q, want := range map[queue.ID]float64{"a": a, "bb": bb, "ccc": 0} {
			m := memberOf(t, e, "1", q)
			if want == 0 && !m.WrapUp.IsZero() || want != 0 && !m.WrapUp.Equal(sec(want)) {
				t.Errorf("%s keeps him until %v, want %v", q, m.WrapUp, want)
			}
			if reads := m.Status == agent.WrapUp; reads != (want != 0) {
				t.Errorf("%s: reads %v", q, m.Status)
			}
		}
	}
	step(t, e, 40, acd.HangUp{Call: "c2"})
	lines, _ := only[*acd.LineChanged](e.Take())
	if len(lines) != 1 || !lines[0].WrapUp.Equal(sec(110)) || !slices.Equal(lines[0].WrapUps, []acd.WrapUp{
		{Queue: "a", Scope: agent.ScopeQueue, Until: sec(110).UTC()}, {Queue: "bb", Scope: agent.ScopeQueue, Until: sec(70).UTC()},
	}) {
		t.Errorf("told %+v", lines)
	}
	is(110, 70)
	e.Advance(sec(70))
	lines, _ = only[*acd.LineChanged](e.Take())
	if len(lines) != 1 || !lines[0].WrapUp.Equal(sec(110)) || lines[0].WrapUps != nil {
		t.Errorf("told %+v", lines)
	}
	is(110, 0)
	step(t, e, 80, set("1", agent.Ready, "a"))
	is(0, 0)
}

func TestB24_TheOverride(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=30"), makeQueue(t, "qq"), ready("1", "q"),
	)
	length := func(d time.Duration) acd.ChangeMember {
		return acd.ChangeMember{Agent: "1", Queue: "q", WrapUpTime: &d}
	}
	at := 0.0
	for _, c := range []struct {
		change acd.ChangeMember
		want   float64
	}{
		{acd.ChangeMember{Agent: "1", Queue: "q"}, 30},
		{length(7 * time.Second), 7},
		{acd.ChangeMember{Agent: "1", Queue: "q", Level: 5}, 7}, // left as it is
		{length(0), 0},
		{length(3600 * time.Second), 3600},
		{acd.ChangeMember{Agent: "1", Queue: "q", QueueWrapUp: true}, 30},
	} {
		step(t, e, at, c.change)
		step(t, e, at, join("c1", "q"))
		answer(t, e, at, "1")
		step(t, e, at, acd.HangUp{Call: "c1"})
		v, _ := e.Agent("1")
		got := 0.0
		if !v.WrapUp.IsZero() {
			got = v.WrapUp.Sub(sec(at)).Seconds()
		}
		if got != c.want {
			t.Errorf("%+v: %v s, want %v", c.change, got, c.want)
		}
		at += 4000
	}
	if m := memberOf(t, e, "1", "q"); m.WrapUpTime != nil || m.Level != 5 {
		t.Errorf("%+v", m)
	}
	for _, d := range []time.Duration{-1, 3600*time.Second + 1, -time.Hour} {
		refuses(t, e, length(d), acd.ErrInvalid, "wrap_up_time "+d.String()+": must be 0..3600 s")
	}
	refuses(t, e, acd.ChangeMember{Agent: "1", Queue: "qq"}, acd.ErrNotFound, "member 1 of qq")
}

// The end of each kind of offer, and the pause that it brings.
func TestB25_Pauses(t *testing.T) {
	t.Parallel()
	const s = time.Second
	refused := func(end agent.End) func(acd.OfferID) acd.Input {
		return func(id acd.OfferID) acd.Input { return acd.Refused{Offer: id, End: end} }
	}
	taken := func(id acd.OfferID) acd.Input { return acd.Answered{Offer: id} }
	for _, c := range []struct {
		what  string
		do    []func(acd.OfferID) acd.Input // one for each offer; nil: it rings out
		pause []time.Duration
	}{
		{"rejected never doubles", []func(acd.OfferID) acd.Input{refused(agent.Rejected), refused(agent.Rejected)}, []time.Duration{7 * s, 7 * s}},
		{"rung out never doubles", []func(acd.OfferID) acd.Input{nil, nil}, []time.Duration{3 * s, 3 * s}},
		{
			"busy doubles up to eight-fold",
			[]func(acd.OfferID) acd.Input{refused(agent.Busy), refused(agent.Busy), refused(agent.Busy), refused(agent.Busy), refused(agent.Busy), refused(agent.Busy)},
			[]time.Duration{5 * s, 10 * s, 20 * s, 40 * s, 40 * s, 40 * s},
		},
		{
			"busy and unreachable are one row",
			[]func(acd.OfferID) acd.Input{refused(agent.Unreachable), refused(agent.Busy), refused(agent.Unreachable)},
			[]time.Duration{11 * s, 10 * s, 44 * s},
		},
		{
			"a reject begins anew",
			[]func(acd.OfferID) acd.Input{refused(agent.Busy), refused(agent.Rejected), refused(agent.Busy)},
			[]time.Duration{5 * s, 7 * s, 5 * s},
		},
		{"a ring to its end begins anew", []func(acd.OfferID) acd.Input{refused(agent.Busy), nil, refused(agent.Busy)}, []time.Duration{5 * s, 3 * s, 5 * s}},
		{"an answer has none and begins anew", []func(acd.OfferID) acd.Input{refused(agent.Busy), taken, refused(agent.Busy)}, []time.Duration{5 * s, 0, 5 * s}},
	} {
		e := newEngine(t,
			makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "ring_time=10", "reject_delay=7", "busy_delay=5", "unreachable_delay=11", "no_answer_delay=3"),
			ready("1", "q"),
		)
		at := 0.0
		for i, do := range c.do {
			step(t, e, at, join("c", "q"))
			if do == nil {
				at += 10
				e.Advance(sec(at))
			} else {
				step(t, e, at, do(offerOf(t, e, "1")))
			}
			v, _ := e.Agent("1")
			got := time.Duration(0)
			if !v.Pause.IsZero() {
				got = v.Pause.Sub(sec(at))
			}
			if got != c.pause[i] {
				t.Errorf("%s: offer %d: pause %v, want %v", c.what, i+1, got, c.pause[i])
			}
			step(t, e, at, acd.HangUp{Call: "c"})
			at += c.pause[i].Seconds()
			e.Advance(sec(at))
			if v, _ := e.Agent("1"); !v.Pause.IsZero() {
				t.Errorf("%s: offer %d: a pause that is over until %v", c.what, i+1, v.Pause)
			}
		}
	}
}

func TestB28_LimitsOfReasons(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), ready("1", "q"))
	for _, reason := range []string{manyRunes(257), "a\nb", "\x00", "\x7f", "a\xffb"} {
		refuses(t, e, acd.SetStatus{Agent: "1", Status: agent.Break, Reason: reason}, acd.ErrInvalid, "reason")
		refuses(t, e, acd.AddAgent{Agent: "2", Reason: reason}, acd.ErrInvalid, "reason")
	}
	step(t, e, 1, acd.SetStatus{Agent: "1", Status: agent.Break, Reason: manyRunes(256)})
	if m := memberOf(t, e, "1", "q"); m.Reason != manyRunes(256) {
		t.Errorf("reason %q", m.Reason)
	}
	// Added with one.
	s := agent.Lunch
	step(t, e, 2, acd.AddAgent{Agent: "2", Queues: []acd.Place{{Queue: "q"}}, Status: &s, Reason: "soup"})
	if m := memberOf(t, e, "2", "q"); m.Set != agent.Lunch || m.Reason != "soup" {
		t.Errorf("added %+v", m)
	}
}

// Elsewhere the reason and the time of a pause were lost at a restart.
func TestB28_Lesson34_ReasonAndTimeSurviveARestart(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), ready("1", "q"))
	step(t, e, 10, acd.SetStatus{Agent: "1", Status: agent.Break, Reason: "tea"})
	step(t, e, 20, acd.SetStatus{Agent: "1", Status: agent.Break, Reason: "coffee"}) // the same break
	again := crash(t, e, acd.EngineOptions{})
	step(t, again, 100, acd.Recover{Epoch: 2})
	if m := memberOf(t, again, "1", "q"); m.Set != agent.Break || m.Reason != "coffee" || !m.ByHand || !m.Since.Equal(sec(10)) {
		t.Errorf("after the restart: %+v", m)
	}
	step(t, again, 110, acd.SetStatus{Agent: "1", Status: agent.Ready, Reason: "back"})
	statuses, _ := only[*acd.StatusChanged](again.Take())
	if len(statuses) != 1 || statuses[0].Changes[0].Reason != "back" || !statuses[0].Changes[0].ByHand {
		t.Errorf("back: %+v", statuses)
	}
}

func TestB29_TheLongest(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), list("q", "1", "2", "3", "4"))
	look := func(want, other string) {
		t.Helper()
		name := func(l acd.Longest, ok bool) string {
			if !ok {
				return ""
			}
			return string(l.Call) + " of " + string(l.Agent) + " since " + l.Since.Sub(t0).String()
		}
		if got := name(e.LongestTalk()); got != want {
			t.Errorf("at %v the longest talk is %q, want %q", e.Now(), got, want)
		}
		if got := name(e.LongestOther()); got != other {
			t.Errorf("at %v the longest other call is %q, want %q", e.Now(), got, other)
		}
	}
	look("", "")
	step(t, e, 0, join("c1", "q"))
	look("", "")
	answer(t, e, 5, "1")
	look("c1 of 1 since 5s", "")
	step(t, e, 6, join("c2", "q"))
	answer(t, e, 7, "2")
	step(t, e, 8, acd.OtherCall{Agent: "3", Call: "x", State: acd.OtherRinging})
	look("c1 of 1 since 5s", "")
	step(t, e, 9, acd.OtherCall{Agent: "4", Call: "y", State: acd.OtherTalking})
	step(t, e, 10, acd.OtherCall{Agent: "3", Call: "x", State: acd.OtherTalking})
	look("c1 of 1 since 5s", "y of 4 since 9s")
	step(t, e, 11, acd.HangUp{Call: "c1"})
	step(t, e, 12, acd.OtherCall{Agent: "4", Call: "y", State: acd.OtherEnded})
	look("c2 of 2 since 7s", "x of 3 since 10s")
	step(t, e, 13, acd.HandOver{Call: "c2", Agent: "3"}) // x was their consultation
	look("c2 of 3 since 13s", "")
	e = crash(t, e, acd.EngineOptions{})
	look("c2 of 3 since 13s", "")
	step(t, e, 14, acd.Recover{Epoch: 2})
	look("c2 of 3 since 13s", "")
	step(t, e, 15, acd.ConfirmCall{Call: "c2"})
	step(t, e, 15, acd.EndTalk{Call: "c2"})
	look("", "")
}

func TestB29_TheLongestOfARouter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, err := acd.Open(t.Context(), acd.Options{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for _, in := range []acd.Input{
			makeQueue(t, "q"), list("q", "1", "2"), join("c1", "q"),
			acd.Pickup{Call: "c1", Agent: "1"},
			acd.OtherCall{Agent: "2", Call: "x", State: acd.OtherTalking},
		} {
			if err := r.Post(in); err != nil {
				t.Fatal(err)
			}
		}
		if l, ok := r.LongestTalk(); !ok || l != (acd.Longest{Call: "c1", Agent: "1", Since: began.UTC()}) {
			t.Errorf("longest talk %+v", l)
		}
		if l, ok := r.LongestOther(); !ok || l != (acd.Longest{Call: "x", Agent: "2", Since: began.UTC()}) {
			t.Errorf("longest other call %+v", l)
		}
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What the host is asked, of whom, and what it may say.
func TestB29_Confirm(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "talk_lease=60"), ready("1", "q"), ready("2", "q"), join("c1", "q"))
	answer(t, e, 0, "1")
	step(t, e, 0, acd.OtherCall{Agent: "2", Call: "x", State: acd.OtherTalking})
	e.Take()
	e.Advance(sec(1000))
	asked, at := only[*acd.Confirm](e.Take())
	if !slices.Equal(at, []float64{60, 60}) || asked[0].Call == asked[1].Call {
		t.Fatalf("asked %+v at %v", asked, at)
	}
	for _, c := range asked {
		if c.Call == "c1" && (c.Agent != "1" || c.Queue != "q") || c.Call == "x" && (c.Agent != "2" || c.Queue != "") {
			t.Errorf("asked %+v", c)
		}
	}
	for _, id := range []queue.CallID{"c1", "x", "never"} {
		refuses(t, e, acd.ConfirmCall{Call: id}, acd.ErrNotFound, "call "+string(id))
	}
}

// Another level is an event; being added to another queue without a name leaves the
// name that somebody has.
func TestB21_AChangeOfAMemberIsToldAndANameStays(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "qq"))
	step(t, e, 0, acd.AddAgent{Agent: "1001", Name: "Ann", Queues: []acd.Place{{Queue: "q"}}})
	e.Take()
	step(t, e, 1, acd.ChangeMember{Agent: "1001", Queue: "q", Level: 5})
	if changed, _ := only[*acd.AgentChanged](e.Take()); len(changed) != 1 || changed[0].Agent != "1001" {
		t.Errorf("changed %+v", changed)
	}
	step(t, e, 2, acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "qq"}}})
	if v, err := e.Agent("1001"); err != nil || v.Name != "Ann" || len(v.Members) != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Of other calls that began at once the one of the lowest agent is the longest,
// whatever the order of a map.
func TestB29_TheLongestOtherCallOfSeveralThatBeganAtOnce(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"))
	for i := range 20 {
		id := agent.ID(fmt.Sprint(1020 - i))
		step(t, e, 0, acd.AddAgent{Agent: id, Queues: []acd.Place{{Queue: "q"}}})
		step(t, e, 1, acd.OtherCall{Agent: id, Call: "x" + string(id), State: acd.OtherTalking})
	}
	for range 20 {
		if l, ok := e.LongestOther(); !ok || l.Agent != "1001" {
			t.Fatalf("longest %+v", l)
		}
	}
}
