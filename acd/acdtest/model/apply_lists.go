package model

import "slices"

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

func (m *Model) doBlock(w words) string {
	if !identifies(w.arg(1)) {
		return invalid
	}
	m.blocked[w.arg(1)] = w.arg(2)
	m.warned[w.arg(2)] = true
	return ""
}

func (m *Model) doNight(w words) string {
	m.night = w.arg(1) == "on"
	return ""
}
