package model

import "slices"

// doCaller exchanges the party behind a call (B57).
func (m *Model) doCaller(w words) string {
	e := m.live(w.arg(1))
	if e == nil {
		return notFound
	}
	if e.number != w.keys["from"] && e.held != 0 {
		e.held = min(e.held, m.now) // it was another's
	}
	e.called = e.called && e.number == w.keys["from"]
	e.number = w.keys["from"]
	credit := duration(w.keys["credit"])
	e.credit += credit
	vip := !e.vip && identifies(e.number) && slices.Contains(m.vip, e.number)
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

func (m *Model) doBlock(w words) string {
	if !identifies(w.arg(1)) {
		return invalid
	}
	m.blocked[w.arg(1)] = w.arg(2)
	m.warned[w.arg(2)] = true
	return ""
}

func (m *Model) doPlayed(w words) string {
	e := m.live(w.arg(1))
	switch {
	case e == nil:
		return notFound
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

func (m *Model) doVIP(w words) string {
	if !identifies(w.arg(1)) {
		return invalid
	}
	m.vip = append(m.vip, w.arg(1))
	return ""
}

func (m *Model) doExclusive(w words) string {
	switch {
	case !identifies(w.arg(1)):
		return invalid
	case m.queue(w.arg(2)) == nil:
		return notFound
	}
	for _, name := range w.args[3:] {
		if m.agent(name) == nil {
			return notFound
		}
	}
	m.exclusive = slices.DeleteFunc(m.exclusive, func(x exclusive) bool { return x.number == w.arg(1) && x.queue == w.arg(2) })
	m.exclusive = append(m.exclusive, exclusive{w.arg(1), w.arg(2), w.args[3:]})
	return ""
}

func (m *Model) doNight(w words) string {
	m.night = w.arg(1) == "on"
	return ""
}
