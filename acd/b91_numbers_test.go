package acd_test

import (
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The numbers of a queue and of a membership, checked by hand: lifetime, since
// reset, with a talk and a caller carried over the reset.
func TestB91_QueueAndMember(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "ring_time=20", "enable_wrap_up=true", "wrap_up_time=10", "max_waiting_time=100"),
		withStatus(agent.Ready, "1001", "q"))
	step(t, e, 0, join("c1", "q"))
	answer(t, e, 5, "1001")
	step(t, e, 65, acd.HangUp{Call: "c1"}) // 60 s of talk, wrap-up until 75
	step(t, e, 70, join("c2", "q"))        // waits 5 s, then rings
	e.Advance(sec(84))
	answer(t, e, 85, "1001") // waited 15 s, rang 10 s
	step(t, e, 90, join("c3", "q"))
	step(t, e, 92, join("c4", "q"))
	step(t, e, 100, acd.HangUp{Call: "c4"}) // gave up after 8 s

	v, err := e.Queue("q")
	if err != nil {
		t.Fatal(err)
	}
	n := v.Lifetime
	if n.Joined != 4 || n.Left[queue.Answered] != 2 || n.Left[queue.Abandoned] != 1 || v.Waiting != 1 || v.Talking != 1 || n.Lost() != 1 {
		t.Errorf("%+v", n)
	}
	if v.LongestWait(sec(100)) != 10*time.Second {
		t.Errorf("waits %v", v.LongestWait(sec(100)))
	}
	if n.MeanWait() != 10*time.Second || n.LongestAnswered != 15*time.Second || n.MeanAbandonedWait() != 8*time.Second || n.LongestAbandoned != 8*time.Second {
		t.Errorf("waited %v, at most %v; gave up %v, %v", n.MeanWait(), n.LongestAnswered, n.MeanAbandonedWait(), n.LongestAbandoned)
	}
	if n.MeanTalk() != 60*time.Second || n.MeanWrapUp() != 10*time.Second || n.MeanHandle() != 75*time.Second {
		t.Errorf("talk %v, wrap-up %v, handled %v", n.MeanTalk(), n.MeanWrapUp(), n.MeanHandle())
	}
	if v.LifetimeWaits.Total() != 2 || n != v.Numbers {
		t.Error("a queue that was never reset has two sorts of numbers")
	}
	m := memberOf(t, e, "1001", "q")
	if m.Lifetime.Offers != 2 || m.Lifetime.Answered != 2 || m.Lifetime.Talk != 60*time.Second || m.Lifetime.Occupancy(sec(100)) != 0.75 {
		t.Errorf("%+v, occupied %v", m.Lifetime, m.Lifetime.Occupancy(sec(100)))
	}

	step(t, e, 100, acd.ResetQueue{Queue: "q"})
	step(t, e, 105, acd.EndTalk{Call: "c2"}) // 20 s of talk, 5 of them since
	step(t, e, 105, acd.SetStatus{Agent: "1001", Status: agent.Ready})
	v, _ = e.Queue("q")
	n = v.Numbers
	if n.Joined != 2 || n.Left[queue.Answered] != 1 || n.Ended != 1 || n.MeanWait() != 0 || v.Waiting != 1 || v.Talking != 0 || v.Waits.Total() != 0 {
		t.Errorf("since the reset %+v", n)
	}
	m = memberOf(t, e, "1001", "q")
	if m.Numbers.Talk != 5*time.Second || m.Numbers.Occupancy(sec(105)) != 1 || m.Numbers.Answered != 0 || m.Numbers.Offers != 1 || m.Lifetime.Talk != 80*time.Second {
		t.Errorf("since the reset %+v", m.Numbers)
	}
	step(t, e, 106, acd.Refused{Offer: offerOf(t, e, "1001"), End: agent.Rejected})
	m = memberOf(t, e, "1001", "q")
	if m.Numbers.Rejected != 1 || m.Numbers.Failed != 0 {
		t.Errorf("rejected %+v", m.Numbers)
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	other := restore(t, e)
	v, _ = e.Queue("q")
	if restored, _ := other.Queue("q"); restored.Numbers != v.Numbers || restored.Lifetime != v.Lifetime || restored.LifetimeWaits.Total() != 2 {
		t.Errorf("restored %+v", restored.Numbers)
	}
}

// The totals are the sums over all queues; service levels of a sum are those of all
// calls (B90 in total).
func TestB91_Totals(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "a", "sla_time=10"), makeQueue(t, "b", "extension_number=8100", "sla_time=20"), withStatus(agent.Break, "1001", "a", "b"))
	for i, c := range []struct {
		q    queue.ID
		wait float64
	}{{"a", 5}, {"a", 15}, {"b", 15}, {"b", 25}} {
		at := float64(i * 100)
		step(t, e, at, join("c", c.q))
		step(t, e, at+c.wait, acd.Pickup{Call: "c", Agent: "1001"})
		step(t, e, at+c.wait+30, acd.HangUp{Call: "c"})
	}
	step(t, e, 400, join("w1", "b"))
	step(t, e, 402, join("w2", "a"))
	s := e.Totals()
	if s.Queues != 2 || s.Waiting != 2 || s.Talking != 0 || s.LongestWait(sec(410)) != 10*time.Second || s.Lifetime.Joined != 6 {
		t.Errorf("%+v", s)
	}
	if s.Lifetime.ServiceLevel().OfAnswered != 0.5 || s.Lifetime.MeanWait() != 15*time.Second || s.LifetimeWaits.Total() != 4 || s.Lifetime.LongestAnswered != 25*time.Second {
		t.Errorf("%+v", s.Lifetime)
	}
	step(t, e, 402, acd.ResetQueue{Queue: "a"})
	s = e.Totals()
	if s.Numbers.Joined != 4 || s.Waits.Total() != 2 || s.Numbers.Waiting() != 2 {
		t.Errorf("since the reset of one %+v", s.Numbers)
	}
}

// Per agent the time in each status and reason.
func TestB91_TimeInEachStatus(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "a", "enable_wrap_up=true", "wrap_up_time=10"), makeQueue(t, "b", "extension_number=8100"), withStatus(agent.Ready, "1001", "a", "b"))
	step(t, e, 10, acd.SetStatus{Agent: "1001", Status: agent.Break, Reason: "tea"})
	step(t, e, 25, acd.SetStatus{Agent: "1001", Status: agent.Break, Reason: "fire drill"})
	step(t, e, 30, acd.SetStatus{Agent: "1001", Status: agent.Ready})
	step(t, e, 30, join("c", "a"))
	answer(t, e, 34, "1001")
	step(t, e, 54, acd.HangUp{Call: "c"})
	e.Advance(sec(70))
	check := func(e *acd.Engine) {
		t.Helper()
		v, err := e.Agent("1001")
		if err != nil {
			t.Fatal(err)
		}
		for s, want := range map[agent.Status]time.Duration{
			agent.Ready: 20 * time.Second, agent.Break: 20 * time.Second, agent.QueueCall: 20 * time.Second, agent.WrapUp: 10 * time.Second,
		} {
			if got := v.TimeIn(s, sec(70)); got != want {
				t.Errorf("%v in %s, want %v: %+v", got, s, want, v.Times)
			}
		}
		for _, s := range v.Times {
			if s.Reason == "tea" && s.Time != 15*time.Second || s.Reason == "fire drill" && s.Time != 5*time.Second {
				t.Errorf("%+v", s)
			}
		}
	}
	check(e)
	check(restore(t, e))
}

// Who is logged out everywhere, or on no list, is LOGGED_OUT; one queue in which
// he is less far from work decides.
func TestB91_LoggedOutEverywhere(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "other"), withStatus(agent.LoggedOut, "1001", "q", "other"), ready("1002"))
	is := func(id agent.ID, want agent.Status) {
		t.Helper()
		if v, err := e.Agent(id); err != nil || v.Status != want {
			t.Errorf("%s is %s, want %s (%v)", id, v.Status, want, err)
		}
	}
	is("1001", agent.LoggedOut)
	is("1002", agent.LoggedOut)
	step(t, e, 1, acd.Registered{Agent: "1001", Gone: true})
	is("1001", agent.LoggedOut)
	step(t, e, 2, acd.SetStatus{Agent: "1001", Queue: "other", Status: agent.Ready})
	is("1001", agent.Offline)
	step(t, e, 3, acd.Registered{Agent: "1001"})
	is("1001", agent.Ready)
}
