package agent

import "time"

// Membership is one agent in one queue. It is not safe for concurrent use; the
// owner of the agent guards it.
type Membership struct {
	// Rules are those of the queue.
	Rules *Rules
	// Value is the owner's.
	Value any

	agent *Agent // of whom it is; nil: off the list

	// Set is the stored status: LoggedOut, Ready, NotReady, WrapUp (without
	// timer), Break or Lunch. What he reads as is [Agent.Status].
	Set Status
	// ByHand says that Set was set by the agent or a supervisor, not by a
	// rule; an absence set by hand is ended by nothing else (B14).
	ByHand bool
	// Ended is the number of the newest wrap-up that a status set by hand has
	// ended in this queue (B16).
	Ended uint32

	// Wanted is the status asked for during a call; it takes effect when the
	// call and its timed wrap-up are over (B14). Nil: none.
	Wanted *Wish

	// WrapUpTime overrides the queue's wrap_up_time, 0 included; nil: the
	// queue's (B24).
	WrapUpTime *time.Duration

	Agent ID
	Queue QueueID

	// Level is the agent's skill level in this queue, 1..100; which end is
	// best is the queue's skill_order.
	Level int
	// Place is his place in the queue's configured order, from 0.
	Place int

	Memory

	// Reason is the pause code that came with Set (B28).
	Reason string
	// Since is when Set got its present value.
	Since Instant

	// Misses counts the entries that he let ring out in this queue, of the row
	// that Streak names; see [Agent.Miss] (B26).
	Misses int
	Streak uint32
}

// Wish is a status asked for during a call.
type Wish struct {
	Status Status
	Reason string
}

// Memory is what a queue remembers of an agent: the keys of the strategies'
// orders and his numbers. Lifetime; it survives leaving and rejoining the queue
// (B21) and restarts (B36).
type Memory struct {
	LastRung      Instant // time of the last Ring order, whatever its end; a pick-up counts
	RungOrder     uint64  // order of LastRung among those of the same instant
	LastAnswered  Instant // time of the last answer; a failed connection is taken out again (B48)
	AnsweredOrder uint64  // order of LastAnswered among those of the same instant
	LastEnded     Instant // end of the last talk: what "longest idle" looks at

	Offers   uint64        // offers made
	Answered uint64        // offers answered, pick-ups and hand-overs included
	Missed   uint64        // offers that ended NO_ANSWER
	Refused  uint64        // offers that ended REJECTED, BUSY or UNREACHABLE
	Rejected uint64        // of these REJECTED
	Talk     time.Duration // time talked
	WrapUp   time.Duration // time in timed wrap-up

	StaffedTime time.Duration // time staffed, up to StaffedFrom
	StaffedFrom Instant       // since when he is staffed; 0: he is not
}

// AgentOf returns the agent to whom the membership belongs, nil before
// [Agent.Join] and after [Agent.Leave].
func (m *Membership) AgentOf() *Agent { return m.agent }

// current is the status that counts: the one asked for, else the stored one.
func (m *Membership) current() Status {
	if m.Wanted != nil {
		return m.Wanted.Status
	}
	return m.Set
}

// Staffed reports whether the agent can take a call of this queue now or soon:
// registered, and READY with no absence set or asked for. On a call, in a timed
// wrap-up or under a delay he is staffed (behaviour rules, §1 "Words").
func (m *Membership) Staffed() bool {
	return m.agent != nil && m.agent.registered && m.current() == Ready
}

// LoggedIn reports whether the agent is logged in (online) to this queue at
// now: not LOGGED_OUT, and registered or gone for less than offline_grace.
func (m *Membership) LoggedIn(now Instant) bool {
	a := m.agent
	return a != nil && m.Set != LoggedOut && (a.registered || now < a.gone.Add(m.Rules.OfflineGrace))
}

// WrapUpLength returns how long a wrap-up of this membership lasts, 0 for none
// (B16, B24).
func (m *Membership) WrapUpLength() time.Duration {
	switch {
	case !m.Rules.EnableWrapUp:
		return 0
	case m.WrapUpTime != nil:
		return *m.WrapUpTime
	default:
		return m.Rules.WrapUpTime
	}
}

// put stores a status and reports whether status or reason changed.
func (m *Membership) put(now Instant, s Status, reason string, byHand bool) bool {
	changed := m.Set != s || m.Reason != reason
	if m.Set != s {
		m.Since = now
	}
	m.Set, m.Reason, m.ByHand = s, reason, byHand
	return changed
}
