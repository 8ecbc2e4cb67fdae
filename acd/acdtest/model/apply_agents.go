package model

import (
	"slices"
	"strings"
)

func (m *Model) doAgent(w words) string {
	type place struct {
		queue *queue
		level int
	}
	var places []place
	for text := range strings.SplitSeq(w.keys["queues"], ",") {
		name, level, _ := strings.Cut(text, ":")
		q := m.queue(name)
		if q == nil {
			return notFound
		}
		places = append(places, place{q, atoi(level)})
	}
	a := m.agent(w.arg(1))
	if a == nil {
		a = m.newAgent(w.arg(1), w.keys["registered"] != "false")
	}
	status := w.keys["status"]
	if status == "" {
		status = "READY"
	}
	for _, p := range places {
		if p.queue.member(a) == nil {
			m.add(a, p.queue, p.level, status)
		}
	}
	return ""
}

func (m *Model) newAgent(name string, registered bool) *agent {
	a := &agent{model: m, name: name, registered: registered, was: registered}
	m.agents = append(m.agents, a)
	for _, e := range m.entries { // he may be on a call still (B121)
		if e.agent == nil && e.who == name && (e.state == talking || e.state == connecting || e.state == dialling) {
			e.agent, a.call = a, e
		}
	}
	return a
}

func (m *Model) doMember(w words) string {
	a, q := m.agent(w.arg(1)), m.queue(w.arg(2))
	if a == nil || q == nil || q.member(a) == nil {
		return notFound
	}
	x := q.member(a)
	if level := w.number("level"); level > 0 {
		x.level = level
	}
	if text, ok := w.keys["wrap_up_time"]; ok {
		x.wrapUp = text
	}
	return ""
}

func (m *Model) doDropAgent(a *agent, _ words) string {
	for _, x := range slices.Clone(a.members) {
		m.remove(x)
	}
	if a.call != nil {
		a.call.agent = nil
	}
	for _, q := range m.queues {
		q.past = slices.DeleteFunc(q.past, func(x *member) bool { return x.agent == a })
	}
	for number, known := range m.sticky {
		if known.agent == a.name {
			delete(m.sticky, number)
		}
	}
	for key := range m.told {
		if key[0] == a.name {
			delete(m.told, key)
		}
	}
	for _, e := range m.entries {
		if e.holding == a.name { // nobody is waited for any more (B73)
			e.held = min(e.held, m.now)
		}
	}
	for i := range m.exclusive {
		m.exclusive[i].agents = without(m.exclusive[i].agents, a.name)
	}
	m.agents = without(m.agents, a)
	return ""
}

func (m *Model) doStatus(a *agent, w words) string {
	var only *queue
	if name, ok := w.keys["queue"]; ok {
		if only = m.queue(name); only == nil || only.member(a) == nil {
			return notFound
		}
	}
	m.setStatus(a, only, w.arg(2), w.keys["reason"])
	return ""
}

func (m *Model) doRegister(a *agent, w words) string {
	m.register(a, w.arg(0) == "unregister")
	return ""
}

func (m *Model) doOtherCall(a *agent, w words) string {
	m.otherCall(a, w.keys["id"], w.arg(2), w.keys["number"])
	return ""
}

func (m *Model) doRelease(a *agent, _ words) string {
	if a.offer != nil {
		m.endOffer(a.offer, "WITHDRAWN")
	}
	for _, o := range a.others {
		m.forgetOther(a, o)
	}
	if e := a.call; e != nil {
		switch e.state {
		case connecting:
			m.failConnection(e)
		case dialling:
			m.leaveDial(e)
		case talking:
			m.endTalk(e, "LOST", false)
		}
	}
	m.takeAsked(a)
	return ""
}
