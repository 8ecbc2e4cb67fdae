package model

func (m *Model) doPhone(w words) string {
	o := m.offered[[2]string{w.arg(1), w.arg(2)}]
	switch {
	case o == nil:
		return notFound
	case o.over:
		return offerEnded
	}
	switch w.arg(0) {
	case "answer":
		m.answer(o)
	case "reject":
		m.endOffer(o, "REJECTED")
	case "busy":
		m.endOffer(o, "BUSY")
	case "unreachable":
		m.endOffer(o, "UNREACHABLE")
	case "ringing":
		o.alert = 0
		o.agent.streak = 0
	}
	return ""
}

// doMedia is about an entry that is connecting to that agent; anything else is
// refused one way or other.
func (m *Model) doMedia(w words) string {
	e := m.entry(w.arg(1))
	if e == nil || e.state != connecting || e.who != w.arg(2) {
		return unclear
	}
	if w.arg(0) == "connected" {
		e.unconfirmed = false
		m.connected(e)
	} else {
		m.failConnection(e)
	}
	return ""
}
