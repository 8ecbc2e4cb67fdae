package model

import "slices"

func (m *Model) doPickup(e *entry, w words) string {
	a := m.agent(w.arg(2))
	switch {
	case e.state != waiting || e.callback && m.onThePhone(e):
		return notWaiting
	case a == nil:
		return notFound
	case a.call != nil || len(a.others) > 0:
		return busy
	}
	if o := a.offer; o != nil && o.entry == e {
		m.answer(o)
		return ""
	}
	m.lateMark(e)
	m.withdraw(e, "WITHDRAWN")
	if a.offer != nil {
		m.endOffer(a.offer, "WITHDRAWN")
	}
	if x := e.queue.member(a); x != nil {
		x.rung = instant{m.now, m.next(), true}
	}
	a.present(m)
	e.rung = true
	m.connect(e, a, "pickup", e.queue.props)
	return ""
}

func (m *Model) doTransfer(e *entry, w words) string {
	q := m.queue(w.keys["queue"])
	switch {
	case e.state == connecting || e.callback:
		return notWaiting
	case q == nil:
		return notFound
	}
	next := &entry{
		id: e.id, number: e.number, name: e.name, queue: q, props: q.props, priority: e.priority, credit: e.credit,
		vip:    e.vip || identifies(e.number) && slices.Contains(m.vip, e.number),
		joined: m.now, first: e.first, seq: m.next(), round: 1,
	}
	next.own = next.credited(e.first)
	next.effective = next.own
	switch _, outcome := m.door(next, e.state == talking); outcome {
	case "NIGHT":
		return "night mode"
	case "NO_AGENTS":
		return "nobody online"
	case "FULL":
		return "full"
	}
	if e.state == talking {
		next.noLimit, next.called = true, e.called
		if e.agent != nil {
			next.noSticky = e.agent.name
			m.decline(next, next.mark(e.agent))
		}
		m.endTalk(e, "TRANSFER", true)
	} else {
		m.leave(e, "TRANSFERRED", "", "")
	}
	q.joined++
	m.entries = append(m.entries, next)
	m.left[next.id] = q.name
	m.enter(next, 0)
	return ""
}

func (m *Model) doHandOver(e *entry, w words) string {
	a := m.agent(w.arg(2))
	switch {
	case e.state != talking:
		return "not"
	case a == nil:
		m.endTalk(e, "TRANSFER", true)
		return ""
	case a == e.agent:
		return unclear
	case a.offer != nil || a.call != nil || !a.registered || len(a.others) > 1 || len(a.others) == 1 && !a.others[0].talking:
		return busy
	}
	if len(a.others) == 1 { // the consultation
		a.ended = append(a.ended, a.others[0].id)
		a.others = nil
	}
	e.unconfirmed = false
	m.parted(e, true)
	e.agent, e.who = a, a.name
	a.call, e.worker = e, e.queue.member(a)
	e.talked = m.now
	a.present(m)
	a.streak = 0
	if x := e.queue.member(a); x != nil {
		x.rung = instant{m.now, m.next(), true}
		x.answered = x.rung
	}
	m.tell("connect call=%s agent=%s wait=%s why=handover", e.id, a.name, seconds(e.answered-e.joined))
	m.leaseTalk(e)
	return ""
}

func (m *Model) doEnd(e *entry, _ words) string {
	switch e.state {
	case talking:
		m.endTalk(e, "AGENT", true)
	case connecting:
		m.failConnection(e)
	case dialling:
		m.leaveDial(e)
	default:
		return "not"
	}
	return ""
}

func (m *Model) doWithdraw(e *entry, w words) string {
	switch {
	case e.state == talking:
		return notWaiting
	case e.callback:
		m.endCallback(e, "CANCELLED")
		return ""
	}
	m.leave(e, "WITHDRAWN", "", w.arg(2))
	return ""
}

func (m *Model) doPriority(e *entry, w words) string {
	if e.state == talking {
		return notWaiting
	}
	if n := atoi(w.arg(2)); e.state == warning {
		e.priority = n
	} else if n != e.priority {
		e.priority = n
		e.takeOut()
		e.place()
	}
	return ""
}
