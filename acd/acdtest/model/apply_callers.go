package model

import "slices"

func (m *Model) doCall(w words) string {
	if m.entry(w.arg(1)) != nil {
		return exists
	}
	q := m.queue(w.keys["queue"])
	if q == nil {
		return notFound
	}
	e := &entry{
		id: w.arg(1), number: w.keys["from"], name: w.keys["name"], queue: q, props: q.props,
		priority: w.number("priority"), credit: duration(w.keys["credit"]), joined: m.now, first: m.now, seq: m.next(), round: 1,
	}
	e.vip = identifies(e.number) && slices.Contains(m.vip, e.number)
	e.own = e.credited(m.now)
	e.effective = e.own
	for key := range m.offered {
		if key[0] == e.id {
			delete(m.offered, key)
		}
	}
	delete(m.wasDialled, e.id)
	m.resume(e)
	m.join(e, w.number("position"))
	return ""
}

// resume gives a caller his age back who comes back in time (B56).
func (m *Model) resume(e *entry) {
	q := e.queue
	q.resume = slices.DeleteFunc(q.resume, func(r resume) bool { return r.until < m.now })
	for i, r := range q.resume {
		if r.number == e.number {
			q.resume = slices.Delete(slices.Clone(q.resume), i, i+1)
			e.own = min(e.own, r.age)
			e.effective = e.own
			e.first = r.first
			return
		}
	}
}

func (m *Model) doHangUp(e *entry, _ words) string {
	if e.state == talking {
		m.endTalk(e, "CALLER", true)
		return ""
	}
	if e.state == warning {
		m.leave(e, "BLOCKED", "", "")
		return ""
	}
	if d := e.queue.props.seconds("resume_window"); d > 0 && identifies(e.number) {
		e.queue.resume = append(e.queue.resume, resume{e.number, e.effective, e.first, m.now + d})
	}
	m.leave(e, "ABANDONED", "", "")
	return ""
}

// doCaller exchanges the party behind a call (B57).
func (m *Model) doCaller(e *entry, w words) string {
	if e.number != w.keys["from"] && m.now < e.held { // for another's agent
		if e.suspended { // the pause begins now
			e.release(m.now)
			e.pause = m.now + e.queue.props.seconds("retry_interval")
		}
		e.held, e.holding = 0, ""
	}
	e.called = e.called && e.number == w.keys["from"]
	e.number = w.keys["from"]
	credit := duration(w.keys["credit"])
	e.credit += credit
	placed := e.state == waiting || e.state == connecting // who has no place yet gets it by the number that he has then
	vip := placed && !e.vip && identifies(e.number) && slices.Contains(m.vip, e.number)
	e.vip = e.vip || vip
	if e.state == talking {
		return ""
	}
	e.own -= credit
	if e.state != warning && (vip || credit > 0 && !e.given) { // an asked-for place stays (B52)
		e.takeOut()
		e.place()
	}
	return ""
}

func (m *Model) doKey(e *entry, w words) string {
	key := w.arg(2)
	if e.state == talking {
		return notWaiting
	}
	m.settleCall(e) // he is there
	if e.state == waiting && e.dialogue != 0 && e.dialogue <= m.now {
		m.endDialogue(e) // it was over
	}
	if m.leaves(e) <= m.now { // what fell due meanwhile acts before the key
		m.meanwhile(e)
		m.endPatience()
		return ""
	}
	defer m.meanwhile(e)
	switch {
	case e.state == warning:
		m.warnedKey(e, key)
	case e.state != waiting || e.dialogue != 0:
	case key == "3" && m.mayAsk(e):
		m.ask(e)
	case key == "8" && e.queue.props.on("enable_exit_forward_rule"):
		m.leave(e, "EXITED", target(e.queue.props["exit_forward_rule"]), "")
	}
	return ""
}

func (m *Model) doPlayed(e *entry, w words) string {
	switch {
	case e.state == talking:
		return notWaiting
	case e.state == warning && w.arg(2) == "warning":
		m.warningOver(e)
	case e.state == warning:
	default:
		m.played(e, w.arg(2))
	}
	return ""
}
