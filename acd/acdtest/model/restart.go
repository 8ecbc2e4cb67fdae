package model

import (
	"cmp"
	"slices"
	"time"
)

// confirmTime is how long a host may take to say which calls live (B112).
const confirmTime = 30 * time.Second

// crashed is the end of an offer that ended with the process: as if it was taken
// back, but nobody is there to tell it.
const crashed = "CRASHED"

// doRestart is a crash and a new start in one instant. Unless the line says
// otherwise the host confirms every call at once: talks, then the waiting ones.
func (m *Model) doRestart(w words) string {
	for id := range m.wasDialled { // of the attempts that are over, what counts is remembered
		if e := m.entry(id); e == nil || e.attempts == 0 {
			delete(m.wasDialled, id)
		}
	}
	m.withdrawAll(crashed)
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			if e.state == dialling { // it counts as made
				m.stopDial(e)
				m.failAttempt(e)
			}
		}
	}
	for _, e := range m.entries {
		if e.callback {
			continue
		}
		e.unconfirmed = true
		e.confirm, e.lost = 0, 0
		if e.state == connecting {
			e.joinedBy = never
		}
	}
	m.confirmBy = m.now + confirmTime
	m.settle()
	if w.keys["confirm"] == "none" {
		return ""
	}
	for _, e := range m.alive() {
		m.confirmCall(e)
		m.settle()
	}
	return ""
}

// doResync is what a router hands in that finds itself late (B104).
func (m *Model) doResync(words) string {
	m.withdrawAll("WITHDRAWN")
	return ""
}

// withdrawAll ends every offer that runs.
func (m *Model) withdrawAll(end string) {
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			m.withdraw(e, end)
		}
	}
}

// alive are the calls in the order in which the runner confirms them.
func (m *Model) alive() []*entry {
	var calls, lined []*entry
	for _, e := range m.entries {
		if e.unconfirmed && e.position() == 0 {
			calls = append(calls, e)
		}
	}
	fronts := make([]int, len(m.queues))
	for {
		var best *entry
		at := 0
		for i, q := range m.queues {
			for fronts[i] < len(q.line) && !q.line[fronts[i]].unconfirmed {
				fronts[i]++
			}
			if fronts[i] == len(q.line) {
				continue
			}
			if e := q.line[fronts[i]]; best == nil || cmp.Or(
				-cmp.Compare(q.props.number("priority"), best.queue.props.number("priority")),
				-cmp.Compare(e.priority, best.priority), cmp.Compare(e.effective, best.effective)) < 0 {
				best, at = e, i
			}
		}
		if best == nil {
			return append(calls, lined...)
		}
		fronts[at]++
		lined = append(lined, best)
	}
}

// confirmCall says that a call lives: what fell due meanwhile acts now.
func (m *Model) confirmCall(e *entry) {
	if e.unconfirmed {
		m.settleCall(e)
		m.meanwhile(e)
	}
}

// settleCall lets a call go on.
func (m *Model) settleCall(e *entry) {
	if !e.unconfirmed {
		return
	}
	e.unconfirmed = false
	switch {
	case e.state == talking:
		m.leaseTalk(e)
	case e.state == connecting:
		e.joinedBy = m.now + e.queue.props.seconds("connect_time")
	case e.hears.plays != intro:
		m.music(e) // that of a connection which has failed meanwhile
	}
}

// lateMark tells that a call had waited longer than sla_time while it was unconfirmed,
// as it is settled by what takes it out of the line.
func (m *Model) lateMark(e *entry) {
	if e.state != warning {
		e.unconfirmed = false
		m.tellBreach(e)
	}
}

// meanwhile lets act what fell due while a call was unconfirmed.
func (m *Model) meanwhile(e *entry) {
	if m.entry(e.id) != e || e.state != waiting {
		return
	}
	if e.dialogue != 0 && e.dialogue <= m.now {
		m.endDialogue(e)
	}
	if e.hears.plays == intro && e.hears.ends <= m.now && m.patience(e) > m.now {
		m.announceTo(e)
	}
	m.tellBreach(e)
	m.endPatience()
}

// endConfirming is the end of the time to confirm: what is not settled is lost, and
// lines may be emptied again (B113).
func (m *Model) endConfirming() {
	if m.confirmBy == 0 || m.confirmBy > m.now {
		return
	}
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			if e.unconfirmed {
				m.leave(e, "LOST", "", "")
				m.tellUnstaffed()
			}
		}
	}
	for _, e := range m.byAnswer() {
		switch {
		case !e.unconfirmed || m.entry(e.id) != e:
		case e.state == talking:
			m.endTalk(e, "LOST", false)
		default:
			m.leave(e, "LOST", "", "")
		}
		m.tellUnstaffed()
	}
	m.confirmBy = 0
	m.tellUnstaffed()
}

// doConfirm answers a question about a call, or about an other call, which two
// agents may have with one another.
func (m *Model) doConfirm(w words) string {
	e, found := m.entry(w.arg(1)), false
	switch {
	case e == nil:
	case e.unconfirmed:
		m.confirmCall(e)
	case e.lost != 0:
		m.leaseTalk(e)
	}
	for _, a := range m.agents {
		for _, o := range a.others {
			if o.id == w.arg(1) && o.lost != 0 {
				m.lease(a, o)
				found = true
			}
		}
	}
	if e == nil && !found {
		return notFound // nobody asked
	}
	return ""
}
