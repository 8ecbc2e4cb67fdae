package acd

import (
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// Totals are the numbers of all queues together, as a value (B90, B91). Those of
// deleted queues are gone (B121).
type Totals struct {
	Queues        int
	Waiting       int            // calls that wait
	Oldest        time.Time      // join of the call that waits longest; zero: none waits
	Talking       int            // calls talking
	Callbacks     callback.Tally // promises to ring back
	Numbers       queue.Numbers  // each queue's since its last reset
	Lifetime      queue.Numbers
	Waits         queue.Histogram // of the answered, since reset
	LifetimeWaits queue.Histogram
}

// LongestWait returns how long the call that waits longest has waited at a time.
func (t *Totals) LongestWait(at time.Time) time.Duration { return since(t.Oldest, at) }

// LongestWait returns how long the call that waits longest has waited at a time.
func (v *QueueView) LongestWait(at time.Time) time.Duration { return since(v.Oldest, at) }

// since is the time from one instant to another, 0 if there is no first.
func since(from, to time.Time) time.Duration {
	if from.IsZero() {
		return 0
	}
	return max(to.Sub(from), 0)
}

// Totals returns the numbers of all queues together. It costs O(queues).
func (e *Engine) Totals() Totals {
	t := Totals{Queues: len(e.queues)}
	var oldest agent.Instant
	for _, q := range e.queues {
		life, reset := q.Numbers.Lifetime(), q.Numbers.Since()
		t.Lifetime.Add(&life)
		t.Numbers.Add(&reset)
		q.Numbers.AddWaits(&t.LifetimeWaits, &t.Waits)
		t.Callbacks.Add(q.Callbacks)
		if c := q.waits.oldest; c != nil {
			oldest = soonest(oldest, c.Joined)
		}
	}
	t.Waiting, t.Talking = t.Lifetime.Waiting(), t.Lifetime.Talking()
	t.Oldest = oldest.Time()
	return t
}

// MemberNumbers are what a membership did over some time, as a value (B91).
type MemberNumbers struct {
	Offers   uint64        // offers made
	Answered uint64        // offers answered, pick-ups and hand-overs included
	Missed   uint64        // offers that ended NO_ANSWER
	Rejected uint64        // offers that ended REJECTED
	Failed   uint64        // offers that ended BUSY or UNREACHABLE
	Talk     time.Duration // time of the talks that ended
	WrapUp   time.Duration // time in timed wrap-up, one that runs in full
	Staffed  time.Duration // time staffed in this queue, up to StaffedFrom

	StaffedFrom time.Time // since when he is staffed; zero: he is not
	TalkingFrom time.Time // since when he talks with a call of this queue; zero: he does not
}

// Occupancy returns which share of his staffed time the agent has talked with
// calls of this queue up to a time: 0..1, and 0 without staffed time. A talk that
// outlasts his duty counts as duty.
func (n *MemberNumbers) Occupancy(at time.Time) float64 {
	staffed := n.Staffed + since(n.StaffedFrom, at)
	if staffed <= 0 {
		return 0
	}
	return min(1, float64(n.Talk+since(n.TalkingFrom, at))/float64(staffed))
}

// talkingFrom is since when an agent talks with a call of a membership's queue,
// 0 if he does not.
func (m *memberState) talkingFrom() agent.Instant {
	if c := m.agent.Call(); c != nil && !c.Connecting && c.Membership == &m.Membership {
		return c.Since
	}
	return 0
}

// reset begins the numbers of a membership since reset anew. What runs counts
// from now.
func (m *memberState) reset(now agent.Instant) {
	if m.StaffedFrom != 0 {
		m.StaffedTime += now.Sub(m.StaffedFrom)
		m.StaffedFrom = now
	}
	base := m.Memory
	if from := m.talkingFrom(); from != 0 {
		base.Talk += now.Sub(from)
	}
	m.setBase(base)
}

// base is what the membership had done at the queue's last reset (B91).
func (m *memberState) base() agent.Memory {
	if m.atReset == nil {
		return agent.Memory{}
	}
	return *m.atReset
}

func (m *memberState) setBase(base agent.Memory) {
	if m.atReset = nil; base != (agent.Memory{}) {
		m.atReset = &base
	}
}

// numbers is what a membership did since it had done base.
func (m *memberState) numbers(base agent.Memory) MemberNumbers {
	talk, from := m.Talk-base.Talk, m.talkingFrom()
	if talk < 0 { // the talk that runs began before
		talk, from = 0, from.Add(-talk)
	}
	return MemberNumbers{
		Offers: m.Offers - base.Offers, Answered: m.Answered - base.Answered, Missed: m.Missed - base.Missed,
		Rejected: m.Rejected - base.Rejected,
		Failed:   m.Refused - m.Rejected - (base.Refused - base.Rejected),
		Talk:     talk, WrapUp: max(m.Memory.WrapUp-base.WrapUp, 0), Staffed: m.StaffedTime - base.StaffedTime,
		StaffedFrom: m.StaffedFrom.Time(), TalkingFrom: from.Time(),
	}
}
