package model

import "time"

// warns reports whether a caller is warned at the door (B45).
func (m *Model) warns(e *entry) bool {
	level, ok := m.blocked[e.number]
	return ok && identifies(e.number) && m.warned[level]
}

// warn lets a caller hear the warning.
func (m *Model) warn(e *entry) {
	e.state = warning
	e.level = m.blocked[e.number]
	e.warned = m.now + time.Minute
	m.entries = append(m.entries, e)
	m.left[e.id] = e.queue.name
	m.tellPlay(e, "warning")
}

// warningOver is the end of the warning.
func (m *Model) warningOver(e *entry) {
	if e.level == "SECOND" {
		m.leave(e, "BLOCKED", "", "")
		return
	}
	if !e.asked {
		e.asked = true
		e.warned = min(e.warned, m.now+15*time.Second)
	}
}

// warnedKey is a key that a warned caller pressed: 1 hangs up, 2 goes on.
func (m *Model) warnedKey(e *entry, key string) {
	switch {
	case e.level == "SECOND":
	case key == "1":
		m.leave(e, "BLOCKED", "", "")
	case key == "2":
		if !e.asked {
			m.tell("stop_play call=%s what=warning", e.id)
		}
		m.entries = without(m.entries, e)
		m.admit(e, e.position0)
	}
}
