package model

import (
	"cmp"
	"slices"
	"time"
)

// never is a time that does not come.
const never = time.Duration(1<<63 - 1)

// Advance lets time pass to a time since the beginning, instant by instant.
func (m *Model) Advance(to time.Duration) {
	for {
		due := m.earliest()
		if due > to {
			break
		}
		m.instant(due)
	}
	m.instant(to)
}

func (m *Model) instant(at time.Duration) {
	m.step++
	m.agentsAct = false
	m.now = at
	m.act()
	m.settle()
}

// earliest looks at everything that could fall due after now.
func (m *Model) earliest() time.Duration {
	first := never
	look := func(at time.Duration) {
		if at > m.now && at < first {
			first = at
		}
	}
	look(m.confirmBy)
	for _, e := range m.entries {
		look(m.patience(e))
		look(e.breach())
		look(e.confirm)
		look(e.lost)
		if e.state == warning {
			look(m.leaves(e))
		}
		if e.state == connecting {
			look(e.joinedBy)
		}
		if e.callback {
			look(e.expires)
			look(e.due)
		}
		if e.state == dialling {
			look(e.dialEnds)
		}
		if e.state == resting {
			look(e.resumes)
		}
		if e.state != waiting {
			continue
		}
		look(e.dialogue)
		if e.hears.plays != "" {
			look(e.hears.ends)
		}
		for _, at := range e.hears.next {
			look(at)
		}
		look(e.nextRound())
		look(e.held)
		for _, k := range e.marks {
			look(k.until)
		}
		for i := range e.queue.levels() {
			look(e.effective + time.Duration(i)*e.queue.props.seconds("skill_wait"))
		}
	}
	for _, a := range m.agents {
		look(a.delay)
		if o := a.offer; o != nil {
			look(o.until)
			look(o.alert)
		}
		for _, w := range a.wraps {
			look(w.until)
		}
		for _, o := range a.others {
			look(o.confirm)
			look(o.lost)
		}
		for _, x := range a.members {
			if !a.registered {
				look(a.gone + x.queue.props.seconds("offline_grace"))
			}
		}
	}
	return first
}

// patience is when the entry has waited too long (B43); never if it cannot.
func (m *Model) patience(e *entry) time.Duration {
	if e.state != waiting || e.callback || e.dialogue != 0 || e.unconfirmed {
		return never
	}
	return e.joined + e.props.seconds("max_waiting_time")
}

// breach is when the entry has waited longer than sla_time (B90): strictly after
// that instant.
func (e *entry) breach() time.Duration {
	d := e.props.seconds("sla_time")
	if d == 0 || e.breached || e.callback || e.unconfirmed || e.state == talking || e.state == connecting || e.state == warning {
		return never // who connects was answered before
	}
	return e.joined + d + 1
}

// act carries out what is due now, in the order of B100.
func (m *Model) act() {
	m.endConfirming()
	m.endPatience()
	m.endOffers()
	m.endDialling()
	m.endLeases()
	m.endPatience() // of those who were connecting
	// Wrap-ups, pauses, graces.
	for _, a := range m.agents {
		for _, w := range slices.Clone(a.wraps) {
			if w.until <= m.now {
				m.endWrap(a, w)
				m.tellUnstaffed()
			}
		}
	}
	m.beginRounds()
	for _, e := range slices.Clone(m.entries) {
		if e.state == resting && e.resumes <= m.now {
			m.comeBack(e)
		}
	}
	m.endGraces()
	m.endDialogues()
	m.tellUnstaffed() // whom a grace has sent away is gone
	m.endPatience()
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			m.tellBreach(e)
		}
	}
	m.announce()
}

// endGraces ends those of one instant, agent by agent in configured order: until it is
// his turn he counts as logged in.
func (m *Model) endGraces() {
	for _, a := range m.agents {
		for _, x := range a.members {
			if !a.registered && x.set != "LOGGED_OUT" && a.gone+x.queue.props.seconds("offline_grace") == m.now {
				m.graces = append(m.graces, x)
			}
		}
	}
	for _, q := range m.queues {
		for _, x := range q.members {
			over := slices.DeleteFunc(slices.Clone(m.graces), func(y *member) bool { return y.agent != x.agent })
			for _, y := range over {
				m.graces = without(m.graces, y)
				y.queue.empty = true
			}
			if len(over) > 0 {
				m.tellUnstaffed()
			}
		}
	}
}

// endPatience lets the callers leave who have waited too long (B43): whose time
// was over first leaves first.
func (m *Model) endPatience() {
	var due []*entry
	for _, q := range m.queues {
		here := q.placed(m, func(e *entry) bool { return m.leaves(e) <= m.now })
		due = append(due, here...)
	}
	slices.SortStableFunc(due, func(a, b *entry) int { return cmp.Compare(m.leaves(a), m.leaves(b)) })
	for _, e := range due {
		switch {
		case e.state == warning:
			m.leave(e, "BLOCKED", "", "")
		case e.callback:
			m.endCallback(e, "EXPIRED")
		default:
			m.leave(e, "TIMED_OUT", target(e.queue.props["no_answer_forward_rule"]), "")
		}
		m.tellUnstaffed()
	}
}

// placed are the entries of a queue that are so, in the order of the line; who has no
// place in it, warned or between two attempts, came at some time.
func (q *queue) placed(m *Model, is func(*entry) bool) []*entry {
	out := slices.DeleteFunc(slices.Clone(q.line), func(e *entry) bool { return !is(e) })
	for _, e := range m.entries {
		if e.queue == q && (e.state == warning || e.state == resting) && is(e) {
			i := slices.IndexFunc(out, func(f *entry) bool { return f.seq > e.seq })
			if i < 0 {
				i = len(out)
			}
			out = slices.Insert(out, i, e)
		}
	}
	return out
}

// leaves is when an entry leaves by time alone.
func (m *Model) leaves(e *entry) time.Duration {
	switch {
	case e.unconfirmed:
		return never
	case e.state == warning:
		return e.warned
	case e.callback && e.expires != 0 && e.state != dialling: // an attempt may still complete (B85)
		return e.expires
	}
	return m.patience(e)
}

// tellBreach tells that an entry has waited longer than sla_time, with the time of
// the mark: the instant after it is but the one in which it acts.
func (m *Model) tellBreach(e *entry) {
	mark := e.breach()
	if mark > m.now {
		return
	}
	e.breached = true
	if mark == m.now {
		m.now--
		defer func() { m.now++ }()
	}
	m.tell("sla call=%s queue=%s", e.id, e.queue.name)
}

// endOffers ends the offers whose time is over, and then the connections.
func (m *Model) endOffers() {
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			due := slices.DeleteFunc(slices.Clone(e.offers), func(o *offer) bool {
				return o.until > m.now && (o.alert == 0 || o.alert > m.now)
			})
			e.alone = len(e.offers) == 1 // before any of them ends
			for _, o := range q.inOrder(due) {
				if o.alert != 0 && o.alert <= m.now {
					m.endOffer(o, "UNREACHABLE") // nobody missed what did not ring
				} else {
					m.endOffer(o, "NO_ANSWER")
				}
				m.tellUnstaffed()
			}
		}
	}
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			if e.state == connecting && e.joinedBy <= m.now {
				m.failConnection(e)
				m.tellUnstaffed()
			}
		}
	}
}

// inOrder puts offers into the configured order of their agents.
func (q *queue) inOrder(offers []*offer) []*offer {
	var out []*offer
	for _, x := range q.members {
		for _, o := range offers {
			if o.agent == x.agent {
				out = append(out, o)
			}
		}
	}
	return out
}

// endLeases asks about talks that last long, and ends those of which nobody says
// that they live (B29).
func (m *Model) endLeases() {
	for _, e := range m.byAnswer() {
		switch {
		case e.state != talking:
		case e.confirm != 0 && e.confirm <= m.now:
			e.confirm, e.lost = 0, m.now+time.Minute
			m.tell("confirm call=%s queue=%s", e.id, e.queue.name)
		case e.lost != 0 && e.lost <= m.now:
			m.endTalk(e, "LOST", false)
		}
	}
	for _, a := range m.agents {
		for _, o := range slices.Clone(a.others) {
			switch {
			case o.confirm != 0 && o.confirm <= m.now:
				o.confirm, o.lost = 0, m.now+time.Minute
				m.tell("confirm call=%s", o.id)
			case o.lost != 0 && o.lost <= m.now:
				m.forgetOther(a, o)
				m.takeAsked(a)
			}
		}
	}
}

// beginRounds begins the rounds whose pause is over, of those who could be rung for
// (B33): for the others nobody is untried in vain.
func (m *Model) beginRounds() {
	for _, q := range m.queues {
		for _, e := range q.line {
			if e.state == waiting && e.rung && len(e.offers) == 0 && e.nextRound() <= m.now && !m.notYet(e) {
				e.round++
				e.rung, e.pause, e.began, e.suspended = false, 0, m.step, false
			}
		}
	}
}

// byAnswer are the entries queue by queue, in the order in which they were answered.
func (m *Model) byAnswer() []*entry {
	talks := slices.Clone(m.entries)
	slices.SortStableFunc(talks, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(slices.Index(m.queues, a.queue), slices.Index(m.queues, b.queue)),
			compareBool(a.state == talking, b.state == talking), cmp.Compare(a.answered, b.answered))
	})
	return talks
}

// tellUnstaffed says once that entries wait and nobody is staffed (B40).
func (m *Model) tellUnstaffed() {
	m.emptyLines()
	for _, q := range m.queues {
		if slices.ContainsFunc(q.members, m.staffed) {
			q.unstaffed = false
			continue
		}
		if len(q.line) > 0 && !q.unstaffed {
			q.unstaffed = true
			m.tell("unstaffed queue=%s", q.name)
		}
	}
}
