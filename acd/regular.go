package acd

import (
	"cmp"
	"maps"
	"slices"

	"github.com/acdkit/acdkit/queue"
)

// regulars are the calls that wait, by their caller's number, in queues that hold
// somebody back (see holdsBack): the last to come of each number, the others behind
// it. An agent has the numbers that may know him, [agentState.regulars]. So those who
// would have an agent are found without a look at the rest of the line, and a call
// that waits elsewhere costs nothing.
//
// That an agent has a number need not be true any more: preferred decides, and what
// is outdated goes when it is met.
//
// The customers who are to be called back have an index of their own: it is of all
// queues, with those who have no place at the moment, in the order of their turns.
type regulars map[string]*call

// holdsBack reports whether a call may wait in the queue although somebody who is
// available would go before the strategy: a group is closed to it (B34, B71), it is
// held for its sticky agent (B73), or a host's own strategy chose nobody.
func (q *queueState) holdsBack() bool {
	s := q.Strategy()
	return !s.Simultaneous && (q.Config.StickyWait > 0 || q.Leveled() || s.Choose != nil)
}

// has reports whether a call is among them.
func (r regulars) has(c *call) bool { return c.nearer != nil || r[c.number] == c }

// all returns those who wait with a number, in the order of their joins.
func (r regulars) all(number string) []*call {
	var all []*call
	for c := r[number]; c != nil; c = c.farther {
		all = append(all, c)
	}
	slices.SortFunc(all, bySeq)
	return all
}

func bySeq(a, b *call) int { return cmp.Compare(a.Seq, b.Seq) }

// recognise puts a call among the regulars that has got its place in the line, or
// another party.
func (e *Engine) recognise(c *call) {
	if !c.queue.holdsBack() || !queue.Identifies(c.number) || e.regulars.has(c) {
		return
	}
	if e.regulars == nil {
		e.regulars = make(regulars)
	}
	if last := e.regulars[c.number]; last != nil {
		c.own().farther, last.own().nearer = last, c
	}
	e.regulars[c.number] = c
	if last, ok := e.callers.talks.Get(c.number); ok {
		e.introduce(e.people[last.Who], c.number)
	}
	e.introduceList(c)
}

// introduce lets an agent have a number that knows him.
func (e *Engine) introduce(p *agentState, number string) {
	switch {
	case p == nil || e.regulars[number] == nil:
		return
	case p.regulars == nil:
		p.regulars = make(map[string]struct{})
	}
	p.regulars[number] = struct{}{}
}

// introduceList does so for the exclusive agents of a call.
func (e *Engine) introduceList(c *call) {
	if x := e.callers.exclusive.get(c.number); x != nil {
		for _, id := range x.Agents[c.queue.ID] {
			e.introduce(e.agents[id], c.number)
		}
	}
}

// part takes a call out again that leaves the line, or whose party does.
func (e *Engine) part(c *call) {
	if !e.regulars.has(c) {
		return
	}
	nearer, farther := c.nearer, c.farther
	switch {
	case nearer != nil:
		nearer.own().farther = farther
	case farther != nil:
		e.regulars[c.number] = farther
	default:
		e.forgetNumber(c.number)
	}
	if farther != nil {
		farther.own().nearer = nearer
	}
	if c.mine {
		c.own().nearer, c.own().farther = nil, nil
	}
}

// recogniseLine does either for all who wait in a queue that began to hold somebody
// back, or does so no longer.
func (e *Engine) recogniseLine(q *queueState) {
	for entry := range q.Line.From(1) {
		if c := entry.Value.(*call); q.holdsBack() {
			e.recognise(c)
		} else {
			e.part(c)
		}
	}
}

// forgetNumber drops a number with which nobody waits any more, also from those whom
// it knows now.
func (e *Engine) forgetNumber(number string) {
	delete(e.regulars, number)
	if last, ok := e.callers.talks.Get(number); ok {
		if p := e.people[last.Who]; p != nil {
			delete(p.regulars, number)
		}
	}
	if x := e.callers.exclusive.get(number); x != nil {
		for _, ids := range x.Agents {
			for _, id := range ids {
				if p := e.agents[id]; p != nil {
					delete(p.regulars, number)
				}
			}
		}
	}
}

// knows reports whether callers with a number may know an agent.
func (e *Engine) knows(number string, p *agentState) bool {
	if last, ok := e.callers.talks.Get(number); ok && last.Who == p.n {
		return true
	}
	if x := e.callers.exclusive.get(number); x != nil {
		for _, ids := range x.Agents {
			if slices.Contains(ids, p.ID) {
				return true
			}
		}
	}
	return false
}

// wantedBy lets the calls have an agent who would take him before the strategy does,
// where that may not reach him for long: groups open one by one (B34), but whoever
// knows him looks at no level (B71); a call is held for its sticky agent, but one on
// its list goes before (B73). It costs what those who know him are.
func (e *Engine) wantedBy(p *agentState) {
	if len(p.regulars) == 0 || !p.Open() || p.deleted {
		return
	}
	var found []*call
	for number := range p.regulars {
		if e.regulars[number] == nil || !e.knows(number, p) {
			delete(p.regulars, number)
			continue
		}
		for c := e.regulars[number]; c != nil; c = c.farther {
			m, by, hold := e.preferred(c)
			if m != nil && m.agent == p && !hold && (c.waitsFor == nil || by == ByExclusive) {
				found = append(found, c)
			}
		}
	}
	slices.SortFunc(found, bySeq)
	for _, c := range found {
		if c.waitsFor != nil || c.queue.Touch(e.now, &c.Entry) {
			e.wanted.push(candidate{call: c})
		}
	}
}

// relisted looks anew at those who wait with a number for whom a list of agents was
// made.
func (e *Engine) relisted(x *queue.ExclusiveNumber) {
	for _, c := range e.regulars.all(x.Number) {
		e.introduceList(c)
		e.feed(c)
	}
}

// checkRegular verifies that a call is found by who knows it (B103).
func (e *Engine) checkRegular(c *call, bad func(string, ...any)) {
	in := c.inLine() && c.queue.holdsBack() && queue.Identifies(c.number)
	if in != e.regulars.has(c) {
		bad("call %s: waits and is not found by its number, or is found and does not wait", c.ID)
	}
	if !in {
		return
	}
	known := func(p *agentState) {
		if _, ok := p.regulars[c.number]; !ok {
			bad("call %s: knows agent %s, who does not find it", c.ID, p.ID)
		}
	}
	if m := e.sticky(c); m != nil && c.waitsFor == nil { // who is waited for finds it himself
		known(m.agent)
	}
	if x := e.callers.exclusive.get(c.number); x != nil {
		for _, id := range x.Agents[c.queue.ID] {
			if p := e.agents[id]; p != nil {
				known(p)
			}
		}
	}
}

// checkRegulars verifies that those who are found by their number are calls with it.
func (e *Engine) checkRegulars(bad func(string, ...any)) {
	for _, number := range slices.Sorted(maps.Keys(e.regulars)) {
		for c := e.regulars[number]; c != nil; c = c.farther {
			if e.calls[c.ID] != c || c.number != number || c.farther != nil && c.farther.nearer != c {
				bad("number %s: call %s is found by it and does not wait with it", shown(number), c.ID)
			}
		}
	}
}
