package queue

import "github.com/acdkit/acdkit/agent"

// Prefers reports whether m can have e as its exclusive or sticky agent, before
// the strategy is asked (B70, B72): he is available in this queue, untried in
// this round and not barred. The level of his skill does not matter (B71). e may
// be held for him.
func (q *Queue) Prefers(now agent.Instant, e *Entry, m *Member) bool {
	return !q.strategy.Simultaneous && e.hunt.offers == 0 && e.Holds&^HoldAgent == 0 &&
		m.available() && !q.used(now, e, m)
}

// Awaits reports whether e, for which nobody is being rung, may be held for m, who is
// not available now: he is staffed, and has not had his turn (B73).
func (q *Queue) Awaits(now agent.Instant, e *Entry, m *Member) bool {
	return !q.strategy.Simultaneous && e.hunt.offers == 0 && m.staffed && !m.available() && !q.used(now, e, m)
}

// Suspend keeps e in its round while it is held for an agent (B73): the others have
// not had their turn, and [Queue.Rest] lets the round end when nobody is left.
func (q *Queue) Suspend(e *Entry) { e.hunt.retry = 0 }
