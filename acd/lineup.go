package acd

import "slices"

// Agents come into the lineups of their queues at the beginning of a match. Most often
// one agent alone has become available, and is rung in it: in a centre where everybody
// has fifty queues he would come into fifty lineups and leave them again, for nothing.
// So who is alone comes late: into the lineup of a queue when one of its calls is
// served, and into the others if he is available still when the match is over. Nobody
// can tell, but where a host's own strategy draws lots: there he does not (B38).

// late is who comes into the lineups late, in this match.
type late struct {
	agent *agentState    // nil: nobody
	in    []*memberState // where he is by now
}

// lineUp puts an agent into the lineups of the queues in which he is available.
func (e *Engine) lineUp(p *agentState) {
	if !p.Open() || p.deleted {
		return
	}
	for _, m := range p.Members() {
		if p.Available(m) {
			s := stateOf(m)
			s.queue.Freed(&s.Member, e.rng.Uint64)
			p.lined = true
			if s.queue.Own() {
				e.dirtyMember(s)
			}
		}
	}
}

// lineUpLate reports whether somebody comes late: who alone may have become available,
// and is in no lineup. He is lined for all that (see preferred), and unline finds him
// nowhere but where lineUpIn has put him.
func (e *Engine) lineUpLate() bool {
	if len(e.freshly) != 1 || len(e.own) > 0 {
		return false
	}
	p := e.freshly[0]
	if p.lined || !p.Open() || p.deleted {
		return false
	}
	e.late.agent, p.lined = p, true
	return true
}

// lineUpIn puts who comes late into the lineup of a queue whose call is served.
func (e *Engine) lineUpIn(q *queueState) {
	p := e.late.agent
	if p == nil {
		return
	}
	if m := p.member(q); m != nil && p.Available(&m.Membership) && !slices.Contains(e.late.in, m) {
		q.Freed(&m.Member, e.rng.Uint64)
		e.late.in = append(e.late.in, m)
	}
}

// lineUpRest puts him into those of all others, if he is available still.
func (e *Engine) lineUpRest() {
	p := e.late.agent
	if p == nil {
		return
	}
	e.late.agent = nil
	clear(e.late.in)
	e.late.in = e.late.in[:0]
	if p.lined {
		p.lined = false
		e.lineUp(p)
	}
}

// unline counts an agent as available no longer where he is not any more (B39).
func (e *Engine) unline(p *agentState) {
	if !p.lined {
		return
	}
	p.lined = false
	if p == e.late.agent && !p.Open() {
		for _, m := range e.late.in {
			m.queue.Taken(&m.Member)
		}
		return
	}
	for _, m := range p.Members() {
		if p.Available(m) {
			p.lined = true
		} else {
			s := stateOf(m)
			s.queue.Taken(&s.Member)
		}
	}
}
