package acd_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// callOf is what a call looks like.
func callOf(t *testing.T, e *acd.Engine, id queue.CallID) acd.CallView {
	t.Helper()
	v, err := e.Call(id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// numbersOf are a queue's numbers since reset.
func numbersOf(t *testing.T, e *acd.Engine, id queue.ID) queue.Numbers {
	t.Helper()
	v, err := e.Queue(id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Numbers
}

// talk is an engine in which 1001 talks with c1 of q since 2 s; 1002 and 1003 are
// on a break. The queue other has 1001 and 1002.
func talk(t *testing.T, properties ...string) *acd.Engine {
	t.Helper()
	properties = append(properties, "polling_strategy=PRIORITIZED_HUNT")
	e := newEngine(
		t, makeQueue(t, "q", properties...), makeQueue(t, "other", properties...), ready("1001", "q", "other"),
		withStatus(agent.Break, "1002", "q", "other"), withStatus(agent.Break, "1003", "q"),
		acd.Join{Call: "c1", Queue: "q", Number: "+49301111", Name: "Ada", Priority: 4, Tag: "host's"},
	)
	answer(t, e, 2, "1001")
	e.Take()
	return e
}

// The agent's side, the caller, or a transfer end a talk; LOST is the library's own
// word, and there are no others.
func TestB47_WhoEndsATalk(t *testing.T) {
	t.Parallel()
	for _, by := range []acd.TalkEnd{acd.ByAgent, acd.ByCaller, acd.ByTransfer} {
		e := talk(t)
		step(t, e, 12, acd.EndTalk{Call: "c1", By: by})
		ended, at := only[*acd.TalkEnded](e.Take())
		want := acd.TalkEnded{About: acd.About{Call: "c1", Queue: "q", Tag: "host's"}, Agent: "1001", By: by, Talk: 10 * time.Second}
		if len(ended) != 1 || *ended[0] != want || at[0] != 12 {
			t.Errorf("told %+v at %v, want %+v", ended, at, want)
		}
		refuses(t, e, acd.EndTalk{Call: "c1", By: by}, acd.ErrNotFound, "call c1 not found")
		if n := numbersOf(t, e, "q"); n.Ended != 1 || n.Talk != 10*time.Second {
			t.Errorf("ended %d, talked %v", n.Ended, n.Talk)
		}
	}
	refuses(t, talk(t), acd.EndTalk{Call: "c1", By: acd.ByLost}, acd.ErrInvalid, "LOST")
	refuses(t, talk(t), acd.EndTalk{Call: "c1", By: 99}, acd.ErrInvalid, "99")
}

// What an answer tells, with AUTO and MANUAL.
func TestB48_WhatAnAnswerTells(t *testing.T) {
	t.Parallel()
	for _, connect := range []string{"AUTO", "MANUAL"} {
		e := newEngine(t, makeQueue(t, "q", "connect="+connect, "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"), join("c1", "q"))
		offer := offerOf(t, e, "1001")
		e.Take()
		step(t, e, 3, acd.Answered{Offer: offer})
		events := e.Take()
		order, _ := only[*acd.Connect](events)
		manual := connect == "MANUAL"
		want := acd.Connect{
			About: acd.About{Call: "c1", Queue: "q"}, Agent: "1001", Offer: offer, By: acd.ByOffer, Manual: manual, Wait: 3 * time.Second,
		}
		if len(order) != 1 || *order[0] != want {
			t.Errorf("%s: ordered %+v, want %+v", connect, order, want)
		}
		if joined, _ := only[*acd.CallConnected](events); len(joined) == 1 == manual {
			t.Errorf("%s: told %q", connect, calls(events))
		}
		if !manual {
			continue
		}
		if v := callOf(t, e, "c1"); v.State != acd.CallConnecting || v.Agent != "1001" || v.Position != 1 || !v.Answered.Equal(sec(3)) {
			t.Errorf("connecting: %+v", v)
		}
		if v, _ := e.Agent("1001"); v.Use != agent.Connecting || v.Call != "c1" || v.Queue != "q" {
			t.Errorf("connecting: %+v", v)
		}
		step(t, e, 7, acd.MediaJoined{Call: "c1"})
		tells(t, e, "CallConnected c1 1001", "CallLeft c1 ANSWERED", "LineChanged 1001 TALKING")
		if n := numbersOf(t, e, "q"); n.AnsweredWait != 3*time.Second || n.Left[queue.Answered] != 1 {
			t.Errorf("answered %d after %v", n.Left[queue.Answered], n.AnsweredWait)
		}
	}
}

// However a connection fails, the host is told to release the agent's leg, and the
// answer is taken out of the numbers; the ring is not.
func TestB48_AFailedConnectionIsTakenOutAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   acd.Input
		want []string
	}{
		"reported": {acd.MediaFailed{Call: "c1"}, []string{
			"ConnectFailed c1 1001", "LineChanged 1001 FREE", "Ring c1 1002", "LineChanged 1002 OFFERED",
		}},
		"dropped": {acd.EndTalk{Call: "c1"}, []string{
			"ConnectFailed c1 1001", "LineChanged 1001 FREE", "Ring c1 1002", "LineChanged 1002 OFFERED",
		}},
		"released": {acd.FreeAgent{Agent: "1001"}, []string{
			"ConnectFailed c1 1001", "LineChanged 1001 FREE", "Ring c1 1002", "LineChanged 1002 OFFERED",
		}},
		"nothing came": {nil, []string{
			"ConnectFailed c1 1001", "LineChanged 1001 FREE", "Ring c1 1002", "LineChanged 1002 OFFERED",
		}},
		"hung up": {acd.HangUp{Call: "c1"}, []string{
			"ConnectFailed c1 1001", "CallLeft c1 ABANDONED", "LineChanged 1001 FREE",
		}},
		"withdrawn": {acd.Withdraw{Call: "c1"}, []string{
			"ConnectFailed c1 1001", "CallLeft c1 WITHDRAWN", "LineChanged 1001 FREE",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(
				t, makeQueue(t, "q", "connect=MANUAL", "connect_time=10", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=60"),
				ready("1001", "q"), ready("1002", "q"), join("c1", "q"),
			)
			answer(t, e, 2, "1001")
			e.Take()
			if c.in == nil {
				e.Advance(sec(12))
			} else {
				step(t, e, 5, c.in)
			}
			tells(t, e, c.want...)
			m := memberOf(t, e, "1001", "q")
			if m.Memory.Answered != 0 || m.Memory.LastAnswered != 0 || m.Memory.Missed != 0 || m.Memory.Refused != 0 || m.Memory.Talk != 0 {
				t.Errorf("remembered %+v", m.Memory)
			}
			if m.Memory.Offers != 1 || m.Memory.LastRung != agent.At(t0) || m.Status != agent.Ready {
				t.Errorf("remembered %+v, reads %v", m.Memory, m.Status)
			}
			if n := numbersOf(t, e, "q"); n.Left[queue.Answered] != 0 || n.AnsweredWait != 0 || n.Ended != 0 {
				t.Errorf("counted %+v", n)
			}
		})
	}
}

// A pick-up is an order to connect, without an offer, and counts as rung and
// answered but not as an offer.
func TestB54_WhatAPickUpTells(t *testing.T) {
	t.Parallel()
	e := newEngine(
		t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), makeQueue(t, "sales"),
		withStatus(agent.Break, "1001", "q"), ready("2001", "sales"), join("c1", "q"), join("c2", "q"),
	)
	e.Take()
	step(t, e, 4, acd.Pickup{Call: "c2", Agent: "1001"})
	events := e.Take()
	order, _ := only[*acd.Connect](events)
	want := acd.Connect{About: acd.About{Call: "c2", Queue: "q"}, Agent: "1001", By: acd.ByPickup, Wait: 4 * time.Second}
	if len(order) != 1 || *order[0] != want {
		t.Errorf("ordered %+v, want %+v", order, want)
	}
	if got, want := calls(events), []string{"Connect c2 1001 pickup", "CallConnected c2 1001", "CallLeft c2 ANSWERED", "LineChanged 1001 TALKING"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("told %q, want %q", got, want)
	}
	m := memberOf(t, e, "1001", "q").Memory
	if m.Offers != 0 || m.Answered != 1 || m.LastRung != agent.At(sec(4)) || m.LastAnswered != agent.At(sec(4)) {
		t.Errorf("remembered %+v", m)
	}
	// No member: nothing to remember, and his own queue sees no talk of its own.
	step(t, e, 5, acd.Pickup{Call: "c1", Agent: "2001"})
	step(t, e, 9, acd.HangUp{Call: "c1"})
	if m := memberOf(t, e, "2001", "sales"); m.Memory != (agent.Memory{StaffedFrom: m.Memory.StaffedFrom}) || m.Status != agent.Ready {
		t.Errorf("%v, remembered %+v", m.Status, m.Memory)
	}
	if n := numbersOf(t, e, "q"); n.AnsweredWait != 9*time.Second || n.Talk != 4*time.Second {
		t.Errorf("counted %+v", n)
	}
}

// The entry is looked at before the agent, and each refusal names its thing.
func TestB54_WhichErrorComesFirst(t *testing.T) {
	t.Parallel()
	e := talk(t)
	step(t, e, 3, join("c2", "q"))
	step(t, e, 3, acd.OtherCall{Agent: "1003", Call: "x", State: acd.OtherRinging})
	for _, c := range []struct {
		call  queue.CallID
		agent agent.ID
		want  error
		what  string
	}{
		{"nobody", "nobody", acd.ErrNotFound, "call"},
		{"c1", "nobody", acd.ErrNotWaiting, "call"},
		{"c1", "1001", acd.ErrNotWaiting, "call"},
		{"c2", "nobody", acd.ErrNotFound, "agent"},
		{"c2", "1001", acd.ErrAgentBusy, "agent"},
		{"c2", "1003", acd.ErrAgentBusy, "agent"},
	} {
		in := acd.Pickup{Call: c.call, Agent: c.agent}
		refuses(t, e, in, c.want, "")
		var typed *acd.Error
		if err := e.Step(e.Now(), in); !errors.As(err, &typed) || typed.What != c.what {
			t.Errorf("%+v: %v is not about the %s", in, err, c.what)
		}
	}
}

// A transfer is told inside out, and the call keeps its id, tag, party and age.
func TestB55_WhatATransferTells(t *testing.T) {
	t.Parallel()
	e := talk(t)
	step(t, e, 3, join("o1", "other"))
	e.Take()
	step(t, e, 20, acd.Transfer{Call: "c1", Queue: "other"})
	events := e.Take()
	want := []string{"TalkEnded c1 1001 TRANSFER", "CallJoined c1 other", "LineChanged 1001 FREE", "Ring o1 1001", "LineChanged 1001 OFFERED"}
	if got := calls(events); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("told %q, want %q", got, want)
	}
	joined, _ := only[*acd.CallJoined](events)
	if do := joined[0]; do.Tag != "host's" || do.Number != "+49301111" || do.Name != "Ada" || do.Priority != 4 || do.Position != 1 {
		t.Errorf("joined %+v", do)
	}
	v := callOf(t, e, "c1")
	if !v.FirstJoined.Equal(t0) || !v.Effective.Equal(t0) || !v.Joined.Equal(sec(20)) || !v.Answered.IsZero() || v.Round != 1 || v.OnHold {
		t.Errorf("looks like %+v", v)
	}
	// With a priority of its own, waiting.
	low := 0
	step(t, e, 25, acd.Transfer{Call: "c1", Queue: "q", Priority: &low})
	left, _ := only[*acd.CallLeft](e.Take())
	if len(left) != 1 || left[0].Outcome != queue.Transferred || left[0].Next != "q" || left[0].To != nil || left[0].Wait != 5*time.Second {
		t.Errorf("left %+v", left)
	}
	if v := callOf(t, e, "c1"); v.Priority != 0 || v.Queue != "q" || !v.FirstJoined.Equal(t0) {
		t.Errorf("looks like %+v", v)
	}
	high := 101
	refuses(t, e, acd.Transfer{Call: "c1", Queue: "q", Priority: &high}, acd.ErrInvalid, "priority 101: must be 0..100")
}

// Refused, a transfer says why, and the talk goes on.
func TestB55_RefusedTransfers(t *testing.T) {
	t.Parallel()
	e := talk(t)
	step(t, e, 3, set("1001", agent.LoggedOut, "other")) // not before the talk's end
	step(t, e, 3, set("1002", agent.LoggedOut, "other"))
	step(t, e, 3, list("other", "1002"))
	refuses(t, e, acd.Transfer{Call: "c1", Queue: "other"}, acd.ErrInvalid, "nobody online")
	refuses(t, e, acd.Transfer{Call: "c1", Queue: "nowhere"}, acd.ErrNotFound, "queue nowhere not found")
	refuses(t, e, acd.Transfer{Call: "c9", Queue: "other"}, acd.ErrNotFound, "call c9 not found")
	refuses(t, e, acd.HandOver{Call: "c1", Agent: "1001"}, acd.ErrAgentBusy, "agent 1001: agent busy")
	refuses(t, e, acd.HandOver{Call: "c1"}, acd.ErrInvalid, "agent")
	if v := callOf(t, e, "c1"); v.State != acd.CallTalking || v.Agent != "1001" {
		t.Errorf("looks like %+v", v)
	}
}

// A hand-over says from whom; the talk counts as one, and the end says how long the
// second agent had it.
func TestB55_WhatAHandOverTells(t *testing.T) {
	t.Parallel()
	e := talk(t, "enable_wrap_up=true", "wrap_up_time=30")
	step(t, e, 3, acd.OtherCall{Agent: "1002", Call: "consult", State: acd.OtherTalking})
	e.Take()
	step(t, e, 10, acd.HandOver{Call: "c1", Agent: "1002"})
	events := e.Take()
	over, _ := only[*acd.CallConnected](events)
	want := acd.CallConnected{
		About: acd.About{Call: "c1", Queue: "q", Tag: "host's"}, Agent: "1002", By: acd.ByHandOver, From: "1001", Wait: 2 * time.Second,
	}
	if len(over) != 1 || *over[0] != want {
		t.Errorf("told %+v, want %+v", over, want)
	}
	if ended, _ := only[*acd.TalkEnded](events); len(ended) > 0 {
		t.Errorf("ended %+v", ended[0])
	}
	if v, _ := e.Agent("1001"); !v.WrapUp.Equal(sec(40)) || v.Use != agent.Free {
		t.Errorf("who handed it over: %+v", v)
	}
	if v, _ := e.Agent("1002"); v.Call != "c1" || len(v.Others) > 0 || !v.Since.Equal(sec(10)) {
		t.Errorf("who has it: %+v", v)
	}
	if v := callOf(t, e, "c1"); v.Agent != "1002" || !v.Answered.Equal(sec(2)) {
		t.Errorf("looks like %+v", v)
	}
	step(t, e, 17, acd.HangUp{Call: "c1"})
	ended, _ := only[*acd.TalkEnded](e.Take())
	if len(ended) != 1 || ended[0].Agent != "1002" || ended[0].Talk != 7*time.Second {
		t.Errorf("ended %+v", ended)
	}
	if n := numbersOf(t, e, "q"); n.Left[queue.Answered] != 1 || n.Ended != 1 || n.Talk != 15*time.Second {
		t.Errorf("counted %+v", n)
	}
	if a, b := memberOf(t, e, "1001", "q").Memory, memberOf(t, e, "1002", "q").Memory; a.Talk != 8*time.Second || b.Talk != 7*time.Second {
		t.Errorf("talked %v and %v", a.Talk, b.Talk)
	}
}

// The exchange of a party is told, and from then on the new one is shown and rung
// for.
func TestB57_WhatTheExchangeTells(t *testing.T) {
	t.Parallel()
	e := talk(t)
	step(t, e, 3, acd.Join{Call: "c2", Queue: "q", Number: "+49302222", Name: "Bob", Priority: 9, Tag: "b"})
	step(t, e, 3, acd.Join{Call: "c3", Queue: "q", Number: "+49303333", Priority: 10})
	e.Take()
	exchange := acd.ChangeCaller{Call: "c2", Number: "+49304444", Name: "Eve", Credit: time.Minute}
	step(t, e, 5, exchange)
	changed, _ := only[*acd.CallerChanged](e.Take())
	want := acd.CallerChanged{About: acd.About{Call: "c2", Queue: "q", Tag: "b"}, Number: "+49304444", Name: "Eve", Position: 2}
	if len(changed) != 1 || *changed[0] != want {
		t.Errorf("told %+v, want %+v", changed, want)
	}
	if v := callOf(t, e, "c2"); v.Number != "+49304444" || v.Name != "Eve" || !v.Effective.Equal(sec(3).Add(-time.Minute)) || !v.Joined.Equal(sec(3)) || v.Priority != 9 {
		t.Errorf("looks like %+v", v)
	}
	step(t, e, 6, acd.Withdraw{Call: "c3"})
	e.Take()
	step(t, e, 7, acd.EndTalk{Call: "c1"})
	rings, _ := only[*acd.Ring](e.Take())
	if len(rings) != 1 || rings[0].Number != "+49304444" || rings[0].Name != "Eve" {
		t.Errorf("rings %+v", rings)
	}
	// Talking, there is no position.
	answer(t, e, 8, "1001")
	e.Take()
	step(t, e, 9, acd.ChangeCaller{Call: "c2"})
	changed, _ = only[*acd.CallerChanged](e.Take())
	if len(changed) != 1 || changed[0].Position != 0 || changed[0].Number != "" {
		t.Errorf("told %+v", changed)
	}
	refuses(t, e, acd.ChangeCaller{Call: "c2", Credit: -1}, acd.ErrInvalid, "credit")
	refuses(t, e, acd.ChangeCaller{Call: "c2", Name: "a\nb"}, acd.ErrInvalid, "name")
	refuses(t, e, acd.ChangeCaller{Call: "c9"}, acd.ErrNotFound, "call c9 not found")
}

// The other calls of an agent are shown; a number that is known later counts.
func TestB58_OtherCallsAreShown(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), ready("1001", "q"))
	report := func(at float64, id string, s acd.OtherState, number string) {
		step(t, e, at, acd.OtherCall{Agent: "1001", Call: id, State: s, Number: number})
	}
	report(1, "x1", acd.OtherRinging, "")
	report(2, "x1", acd.OtherTalking, "+49301")
	report(3, "x2", acd.OtherRinging, "+49302")
	report(4, "x1", acd.OtherTalking, "+49309")
	v, _ := e.Agent("1001")
	want := []agent.Other{
		{ID: "x1", Number: "+49301", Talking: true, Since: agent.At(sec(2))},
		{ID: "x2", Number: "+49302", Since: agent.At(sec(3))},
	}
	if fmt.Sprint(v.Others) != fmt.Sprint(want) || v.Use != agent.OnOther {
		t.Errorf("shows %+v, %v, want %+v", v.Others, v.Use, want)
	}
	refuses(t, e, acd.OtherCall{Agent: "1001", Call: "x3", State: 9}, acd.ErrInvalid, "RINGING, TALKING or ENDED")
	refuses(t, e, acd.OtherCall{Agent: "1001", State: acd.OtherRinging}, acd.ErrInvalid, "1..128 bytes")
	refuses(t, e, acd.OtherCall{Agent: "9999", Call: "x1", State: acd.OtherEnded}, acd.ErrNotFound, "agent 9999 not found")
}

// Reports that repeat what was reported, or come when the call is over, tell and
// change nothing at all.
func TestB58_LateAndRepeatedReports(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), ready("1001", "q"))
	states := []acd.OtherState{acd.OtherRinging, acd.OtherTalking, acd.OtherEnded}
	for now, s := range states {
		step(t, e, float64(now), acd.OtherCall{Agent: "1001", Call: "x", State: s})
		before := told(t, e.Take())
		if len(before) == 0 {
			t.Errorf("%v told nothing", s)
		}
		for _, late := range states[:now+1] {
			step(t, e, float64(now), acd.OtherCall{Agent: "1001", Call: "x", State: late})
			if events := e.Take(); len(events) > 0 {
				t.Errorf("%v after %v told %q", late, s, calls(events))
			}
		}
	}
	// Some others later the library need not know it any more.
	for i := range 100 {
		id := fmt.Sprint("y", i)
		step(t, e, 5, acd.OtherCall{Agent: "1001", Call: id, State: acd.OtherRinging})
		step(t, e, 5, acd.OtherCall{Agent: "1001", Call: id, State: acd.OtherEnded})
	}
	for r := range e.Records() {
		if len(r.Value) > 2048 {
			t.Errorf("record %s has grown to %d bytes", r.Key, len(r.Value))
		}
	}
}

// Hold is kept with the talk and changes nothing else; a transfer ends it.
func TestB59_HoldIsKept(t *testing.T) {
	t.Parallel()
	e := talk(t)
	for _, on := range []bool{true, true, false, true} {
		step(t, e, 5, acd.Hold{Call: "c1", On: on})
		if events := e.Take(); len(events) > 0 {
			t.Errorf("told %q", calls(events))
		}
		if got := callOf(t, e, "c1").OnHold; got != on {
			t.Errorf("on hold: %t, want %t", got, on)
		}
	}
	step(t, e, 6, acd.Transfer{Call: "c1", Queue: "other"})
	if callOf(t, e, "c1").OnHold {
		t.Error("on hold while it waits")
	}
}

// When the agent leaves and others go on, the talk ends by TRANSFER in that instant.
func TestB59_OthersGoOn(t *testing.T) {
	t.Parallel()
	e := talk(t, "enable_wrap_up=true", "wrap_up_time=30")
	step(t, e, 8, acd.EndTalk{Call: "c1", By: acd.ByTransfer})
	tells(t, e, "TalkEnded c1 1001 TRANSFER", "LineChanged 1001 FREE")
	if v, _ := e.Agent("1001"); !v.WrapUp.Equal(sec(38)) {
		t.Errorf("wraps up until %v", v.WrapUp)
	}
	if _, err := e.Call("c1"); !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
}

// Whom a pick-up takes away from another ring has to be told that it stops (B54), and
// who ends a talk in another status than before, which status (B16).
func TestB16_B54_APickUpStopsARingAndATalkEndsInAStatus(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "agent_auto_ready=false"), ready("1001", "q"), join("c1", "q"), join("c2", "q"))
	ringing := offerOf(t, e, "1001")
	e.Take()
	step(t, e, 1, acd.Pickup{Call: "c2", Agent: "1001"})
	stopped, _ := only[*acd.StopRinging](e.Take())
	if len(stopped) != 1 || stopped[0].Offer != ringing || stopped[0].End != agent.Withdrawn {
		t.Errorf("stopped %+v, want the ring for c1", stopped)
	}
	step(t, e, 2, acd.EndTalk{Call: "c2"})
	changed, _ := only[*acd.StatusChanged](e.Take())
	if len(changed) != 1 || changed[0].Agent != "1001" || len(changed[0].Changes) != 1 || changed[0].Changes[0].Set != agent.WrapUp {
		t.Errorf("changed %+v, want one to WRAP_UP", changed)
	}
}
