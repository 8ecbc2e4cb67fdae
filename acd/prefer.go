package acd

import (
	"slices"

	"github.com/acdkit/acdkit/queue"
)

// preferred returns who goes before the strategy for a call: the first of its
// exclusive agents who is available, else its sticky agent (B70, B72). If he is
// worth waiting for, the call is held for him (B73) and hold is true.
func (e *Engine) preferred(c *call) (m *memberState, by Reason, hold bool) {
	e.asks++
	q := c.queue
	if q.Strategy().Simultaneous || !queue.Identifies(c.number) {
		return nil, 0, false
	}
	if x := e.callers.exclusive.get(c.number); x != nil && x.Counts(e.now) {
		for _, id := range x.Agents[q.ID] {
			if m := q.Member(id); m != nil && q.Prefers(e.now, &c.Entry, m) {
				return m.Value.(*memberState), ByExclusive, false
			}
		}
	}
	last := e.lastAgent(c)
	if last == nil || q.Config.StickyWait == 0 && !last.lined && !last.fresh {
		return nil, 0, false // most often he is busy
	}
	m = last.member(q)
	switch {
	case m == nil:
		return nil, 0, false
	case q.Prefers(e.now, &c.Entry, &m.Member):
		return m, BySticky, false
	case q.Config.StickyWait > 0 && !c.wasHeld && q.Awaits(e.now, &c.Entry, &m.Member):
		return m, BySticky, true
	}
	return nil, 0, false
}

// sticky returns the membership of the agent who talked with the caller last, if
// this queue looks at that and the entry has not had him yet (B70).
func (e *Engine) sticky(c *call) *memberState {
	if p := e.lastAgent(c); p != nil {
		return p.member(c.queue)
	}
	return nil
}

func (e *Engine) lastAgent(c *call) *agentState {
	q := c.queue
	if p := c.waitsFor; p != nil {
		return p // he stays so, whoever talks with the caller meanwhile (B73)
	}
	if !q.Config.EnableStickyRouting || c.triedOld || c.Round() > 1 {
		return nil
	}
	last, ok := e.callers.talks.Get(c.number)
	if !ok || last.Who == c.from || last.At.Add(q.Config.StickyRoutingDuration) < e.now {
		return nil
	}
	return e.people[last.Who]
}

// hold holds a call for its sticky agent (B73).
func (e *Engine) holdFor(c *call, p *agentState) {
	c.own().waitsFor, c.wasHeld = p, true
	c.own().heldTill = e.now.Add(c.queue.Config.StickyWait)
	c.Holds |= queue.HoldAgent
	c.again = 0
	c.queue.Suspend(&c.Entry)
	c.queue.Touch(e.now, &c.Entry)
	p.awaited = append(p.awaited, c)
	e.armCall(c)
	e.dirtyCall(c)
}

// unhold ends that; the strategy starts, unless the agent is rung.
func (e *Engine) unhold(c *call) {
	p := c.waitsFor
	if p == nil {
		return
	}
	c.own().waitsFor, c.own().heldTill = nil, 0
	c.Holds &^= queue.HoldAgent
	p.awaited = slices.DeleteFunc(p.awaited, func(other *call) bool { return other == c })
	c.queue.Rest(e.now, &c.Entry)
	c.queue.Touch(e.now, &c.Entry)
	e.armCall(c)
	e.dirtyCall(c)
}

// unholdLine ends the holds of a queue that looks at sticky agents no longer.
func (e *Engine) unholdLine(q *queueState) {
	for entry := range q.Line.From(1) {
		e.unhold(entry.Value.(*call))
	}
}

// awaitedBy returns the most urgent of the calls that are held for an agent and
// that he takes now (B50, B73).
func (e *Engine) awaitedBy(p *agentState) *call {
	var best *call
	for _, c := range p.awaited {
		m := p.member(c.queue)
		if m != nil && c.queue.Prefers(e.now, &c.Entry, &m.Member) && (best == nil || moreUrgent(c, best)) {
			best = c
		}
	}
	return best
}

// stopWaiting ends the holds for an agent who is not staffed in the queue any
// more: an absent or offline agent is not waited for (B73).
func (e *Engine) stopWaiting(p *agentState) {
	for _, c := range slices.Clone(p.awaited) {
		if m := p.member(c.queue); m == nil || !m.Staffed() {
			e.unhold(c)
			e.feed(c)
		}
	}
}
