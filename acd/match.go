package acd

import (
	"cmp"

	"github.com/acdkit/acdkit/queue"
)

// match brings together the agents and calls of this instant (B32, B50). Before
// the instant no pair was left that could be matched, so only those are looked
// at that changed in it: while there is one, the most urgent call that can be
// served rings whom its queue's strategy puts first.
func (e *Engine) match() {
	if len(e.freshly) == 0 && len(e.hungry) == 0 {
		return
	}
	for _, c := range e.hungry {
		c.hungry = false
		if c.stage != waiting {
			continue
		}
		if c.waitsFor != nil {
			e.freshen(c.waitsFor) // it is served through him (B73), or one on its list
			if m, by, _ := e.preferred(c); m != nil && by == ByExclusive {
				e.wanted.push(candidate{call: c})
			}
		}
		if c.queue.Touch(e.now, &c.Entry) {
			e.wanted.push(candidate{call: c})
		}
		e.armCall(c)
	}
	e.hungry = e.hungry[:0]
	if !e.lineUpLate() {
		for _, p := range e.freshly {
			e.lineUp(p)
		}
	}
	for _, p := range e.freshly {
		e.wantedBy(p)
		p.fresh = false
		e.want(p)
	}
	e.freshly = e.freshly[:0]
	for len(e.wanted) > 0 {
		e.serve(e.wanted.pop())
		e.turns++
	}
	e.lineUpRest()
	e.tell()
}

// want lets the call that an agent takes be served, if there is one.
func (e *Engine) want(p *agentState) {
	if c := e.takes(p); c != nil {
		e.wanted.push(candidate{call: c, agent: p, asOf: e.turns})
	}
}

// serve rings one agent for a candidate, if that is still what he takes.
func (e *Engine) serve(next candidate) {
	c := next.call
	if p := next.agent; p != nil && next.asOf != e.turns && e.takes(p) != c {
		e.want(p)
		return
	}
	q := c.queue
	e.lineUpIn(q)
	if m, by, hold := e.preferred(c); hold {
		e.holdFor(c, m.agent)
		e.servedBy(next, nil)
		return
	} else if m == nil && c.waitsFor != nil && next.agent == nil {
		return // it has begun to wait for one whom another call took in this instant
	} else if m != nil {
		e.unhold(c)
		c.triedOld = c.triedOld || by == BySticky
		e.ringPreferred(c, m, by)
		e.servedBy(next, m.agent)
		return
	}
	e.unhold(c) // its agent is available, and has ceased to be its
	m, found, again := q.Next(e.now, &c.Entry)
	if m == nil {
		if c.stage == waiting && c.again != again {
			c.again = again
			e.armCall(c)
			e.dirtyCall(c)
		}
		return
	}
	if c.Offers() > 0 && q.Strategy().Choose == nil {
		// Who could join a ring goes to a call for which nobody is being rung
		// (B35), or a more urgent one elsewhere.
		first := m.Value.(*memberState).agent
		if best := e.takes(first); best != c {
			m, found = q.NextOf(e.now, &c.Entry, func(m *queue.Member) bool {
				return e.takes(m.Value.(*memberState).agent) == c
			})
			if m == nil {
				e.wanted.push(candidate{call: best, agent: first, asOf: e.turns})
				e.behind = append(e.behind, next)
				return
			}
		}
	}
	rang := m.Value.(*memberState)
	c.wasHeld = true // the strategy has started: it is held no more
	e.ring(c, rang, Why{
		By:        ByStrategy,
		Strategy:  q.Strategy().Name,
		Round:     c.Round(),
		Level:     found.Level,
		Place:     found.Place,
		Available: found.Available,
	})
	if q.Touch(e.now, &c.Entry) {
		e.wanted.push(candidate{call: c})
	}
	for _, c := range e.behind {
		e.wanted.push(c)
	}
	e.behind = e.behind[:0]
	e.servedBy(next, rang.agent)
}

// ringPreferred rings a call's exclusive or sticky agent.
func (e *Engine) ringPreferred(c *call, m *memberState, by Reason) {
	q := c.queue
	why := Why{By: by, Strategy: q.Strategy().Name, Round: c.Round(), Place: 1, Available: q.Available()}
	if q.Strategy().Skilled {
		why.Level = m.Level
	}
	e.ring(c, m, why)
	c.queue.Touch(e.now, &c.Entry)
}

// servedBy lets the agent who led to a candidate take another call, if somebody
// else was rung for this one, or it is held for somebody.
func (e *Engine) servedBy(next candidate, rang *agentState) {
	if p := next.agent; p != nil && p != rang {
		e.want(p)
	}
}

// takes returns the most urgent call that an agent takes now, over all his
// queues, or nil (B50).
func (e *Engine) takes(p *agentState) *call {
	if !p.Open() || p.deleted {
		return nil
	}
	best := e.awaitedBy(p)
	for _, m := range p.Members() {
		s := stateOf(m)
		if s.queue.Line.Wanting() == 0 {
			continue
		}
		if entry := s.queue.Takes(e.now, &s.Member); entry != nil {
			if c := entry.Value.(*call); best == nil || moreUrgent(c, best) {
				best = c
			}
		}
	}
	return best
}

// moreUrgent reports whether a is served before b (B50): in one queue by the
// order of its line, else VIP first, then the queue's priority, the call's,
// effective join time, join sequence; who asked for a position has those of the
// place (B52), or there would be no order of three calls.
func moreUrgent(a, b *call) bool {
	if a.queue == b.queue {
		return a != b && a.queue.Line.Before(&a.Entry, &b.Entry)
	}
	if a.VIP != b.VIP {
		return a.VIP
	}
	x, y := a.Entry.Place(), b.Entry.Place()
	return cmp.Or(
		cmp.Compare(b.queue.Config.Priority, a.queue.Config.Priority),
		cmp.Compare(b.Priority, a.Priority),
		cmp.Compare(x.Effective, y.Effective),
		cmp.Compare(x.Order, y.Order),
	) < 0
}

// candidate is a call that may be served: because it became matchable, or
// because an agent became available who takes it.
type candidate struct {
	call  *call
	agent *agentState // nil: the call became matchable
	asOf  int         // Engine.turns when it was the call that the agent takes: it is still, if nobody was served since
}

// candidates is a heap, most urgent first.
type candidates []candidate

func (h *candidates) push(c candidate) {
	*h = append(*h, c)
	s := *h
	for i := len(s) - 1; i > 0; {
		parent := (i - 1) / 2
		if !moreUrgent(s[i].call, s[parent].call) {
			break
		}
		s[i], s[parent] = s[parent], s[i]
		i = parent
	}
}

func (h *candidates) pop() candidate {
	s := *h
	top := s[0]
	last := len(s) - 1
	s[0] = s[last]
	s[last] = candidate{}
	s = s[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(s) {
			break
		}
		if c+1 < len(s) && moreUrgent(s[c+1].call, s[c].call) {
			c++
		}
		if !moreUrgent(s[c].call, s[i].call) {
			break
		}
		s[i], s[c] = s[c], s[i]
		i = c
	}
	*h = s
	return top
}
