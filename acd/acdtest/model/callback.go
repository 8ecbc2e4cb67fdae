package model

import (
	"slices"
	"strings"
	"time"
)

// What a callback is shown as (B83, B84).
const (
	stateWaiting = "WAITING"
	stateRinging = "RINGING_AGENT"
)

// live is the call of that id; an open callback is none, its call has gone (B110).
func (m *Model) live(id string) *entry {
	if e := m.entry(id); e != nil && !e.callback {
		return e
	}
	return nil
}

// mayAsk reports whether key 3 asks for a callback now (B80).
func (m *Model) mayAsk(e *entry) bool {
	return e.props.on("enable_callback") && (e.props.is("callback_mode", "ACTIVE") || m.now >= e.joined+e.props.seconds("callback_timeout"))
}

// ask opens the dialogue (B81).
func (m *Model) ask(e *entry) {
	m.cut(e) // who asks has heard enough of it
	e.dialogue = m.now + time.Minute
	m.tellPlay(e, "callback_dialogue")
}

// endDialogue closes it: on with waiting.
func (m *Model) endDialogue(e *entry) {
	e.dialogue = 0
	m.tell("stop_play call=%s what=callback_dialogue", e.id)
	m.music(e) // the dialogue may have cut the intro
}

// doNumber is what a caller enters in the dialogue.
func (m *Model) doNumber(w words) string {
	e, text := m.live(w.arg(1)), w.arg(2)
	switch {
	case e == nil:
		return notFound
	case e.state == talking:
		return notWaiting
	case e.state != waiting || e.dialogue == 0:
		return "dialogue"
	case text == "*":
		m.settleCall(e) // he is there
		m.endDialogue(e)
		m.meanwhile(e)
		return ""
	}
	number, ended := strings.CutSuffix(text, "#")
	if number == "" && identifies(e.number) {
		number = e.number
	}
	if !ended || !dials(number) {
		return "number"
	}
	for _, f := range m.entries {
		if f != e && f.callback && f.queue == e.queue && f.number == number {
			return "duplicate"
		}
	}
	m.promise(e, number)
	return ""
}

// dials reports whether a number can be dialled: 3 to 20 digits, perhaps with a +.
func dials(number string) bool {
	digits := strings.TrimPrefix(number, "+")
	return len(digits) >= 3 && len(digits) <= 20 && strings.Trim(digits, "0123456789") == ""
}

// promise makes a callback of a call (B82).
func (m *Model) promise(e *entry, number string) {
	q := e.queue
	e.dialogue = 0
	e.held = min(e.held, m.now) // it is held no longer (B73)
	e.hears = hears{}           // the host releases the call
	m.lateMark(e)
	m.withdraw(e, "WITHDRAWN")
	m.tell("leave call=%s queue=%s outcome=CALLBACK", e.id, q.name)
	q.outcomes["CALLBACK"]++
	q.rates.left(m.now-e.joined, false)
	e.callback, e.called, e.unconfirmed = true, false, false
	e.number, e.confirmed = number, m.now
	e.due = m.now + e.props.seconds("callback_delay")
	if d := e.props.seconds("callback_expires"); d > 0 {
		e.expires = m.now + d
	}
	m.tellCallback(e, stateWaiting)
}

func (m *Model) tellCallback(e *entry, state string) {
	m.tell("callback call=%s state=%s", e.id, state)
}

// onThePhone reports whether somebody has called a callback's customer, who is on
// the phone still (B84).
func (m *Model) onThePhone(e *entry) bool {
	return slices.ContainsFunc(m.entries, func(f *entry) bool {
		return f != e && f.number == e.number && (f.state == dialling || f.called)
	})
}

// dial is an agent's answer to a callback: now the customer is called (B83).
func (m *Model) dial(e *entry) {
	q := e.queue
	e.state = dialling
	for _, p := range m.queues { // nobody is rung to call him a second time
		for _, f := range slices.Clone(p.line) {
			if f.callback && len(f.offers) > 0 && m.onThePhone(f) {
				m.withdraw(f, "WITHDRAWN")
			}
		}
	}
	e.attempts++
	e.due = 0 // a pick-up ends the delay
	e.dialled = q.props["callback_outbound_prefix"] + e.number
	e.dialEnds = m.now + q.props.seconds("callback_ring_time")
	m.wasDialled[e.id] = true
	m.tell("dial call=%s agent=%s number=%s attempt=%d", e.id, e.who, e.dialled, e.attempts)
	m.tellCallback(e, dialling)
}

func (m *Model) stopDial(e *entry) {
	m.tell("stop_dial call=%s agent=%s number=%s attempt=%d", e.id, e.who, e.dialled, e.attempts)
}

// doCustomer is what became of the customer's leg.
func (m *Model) doCustomer(w words) string {
	e := m.entry(w.arg(1))
	switch {
	case e != nil && e.state == dialling:
	case m.wasDialled[w.arg(1)]:
		if e != nil && !e.callback && !e.promised {
			return notFound // he was transferred: it is another call
		}
		return offerEnded
	default:
		return notFound
	}
	if w.arg(2) == "answer" {
		m.complete(e)
	} else {
		m.failAttempt(e)
	}
	return ""
}

// doHoldCallbacks ends business hours, or begins them (B85). A ring that runs goes on.
func (m *Model) doHoldCallbacks(q *queue, w words) string {
	q.held = w.arg(2) == "on"
	return ""
}

// complete is the customer's answer.
func (m *Model) complete(e *entry) {
	q := e.queue
	q.callbacks["COMPLETED"]++
	m.tellCallback(e, "COMPLETED")
	m.tell("connect call=%s agent=%s wait=%s why=%s", e.id, e.who, seconds(e.answered-e.joined), e.by)
	e.takeOut()
	e.callback, e.called, e.promised = false, true, true
	e.worked = nil
	if e.agent != nil {
		e.agent.streak = 0
	}
	e.state, e.talked = talking, m.now
	m.leaseTalk(e)
}

// failAttempt is a customer who is not reached (B84).
func (m *Model) failAttempt(e *entry) {
	q := e.queue
	e.state = resting
	e.takeOut()
	m.freeDialler(e)
	switch {
	case e.attempts >= e.props.number("callback_max_attempts"):
		m.endCallback(e, "FAILED")
		return
	case e.expires != 0 && e.expires <= m.now:
		m.endCallback(e, "EXPIRED")
		return
	}
	e.resumes = m.now + q.props.seconds("callback_retry_interval")
	m.tellCallback(e, stateWaiting)
}

// freeDialler frees the agent of an attempt that is over: it was no answer of his.
func (m *Model) freeDialler(e *entry) {
	e.unanswer()
	if a := e.agent; a != nil {
		e.agent = nil
		m.endCall(a, e.queue, false)
	}
}

// leaveDial is an agent who hangs up while the customer is dialled: no attempt, and
// he has declined it.
func (m *Model) leaveDial(e *entry) {
	m.stopDial(e)
	e.attempts--
	e.state = waiting
	e.pause = m.now + e.queue.props.seconds("retry_interval")
	if a := e.agent; a != nil {
		k := e.mark(a)
		k.round = e.round
		m.decline(e, k)
	}
	m.freeDialler(e)
	if e.expires != 0 && e.expires <= m.now {
		m.endCallback(e, "EXPIRED")
		return
	}
	m.tellCallback(e, stateWaiting)
}

// endCallback is the end of a callback that was not completed.
func (m *Model) endCallback(e *entry, end string) {
	e.callback = false
	m.withdraw(e, "WITHDRAWN")
	if e.state == dialling {
		m.stopDial(e)
	}
	m.tellCallback(e, end)
	e.takeOut()
	m.forget(e)
	e.queue.callbacks[end]++
	m.freeDialler(e)
}

// served cancels the callback of a caller who is talking now (B82).
func (m *Model) served(e *entry) {
	for _, f := range m.entries {
		if f.callback && f.queue == e.queue && f.number == e.number {
			m.endCallback(f, "CANCELLED")
			return
		}
	}
}

// comeBack puts a callback back into the line for its next attempt: refusals are
// forgotten, and the place is the one it had.
func (m *Model) comeBack(e *entry) {
	e.state, e.resumes = waiting, 0
	e.round++
	e.rung, e.pause, e.marks = false, 0, nil
	e.insert()
}

// endDialling ends the attempts whose time is over.
func (m *Model) endDialling() {
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			if e.state == dialling && e.dialEnds <= m.now {
				m.stopDial(e)
				m.failAttempt(e)
				m.tellUnstaffed()
			}
		}
	}
}

// endDialogues ends those whose time is over, and intros (B60).
func (m *Model) endDialogues() {
	for _, q := range m.queues {
		for _, e := range q.line {
			if e.state == waiting && !e.unconfirmed && e.dialogue != 0 && e.dialogue <= m.now {
				m.endDialogue(e)
			}
			if !e.quiet() && e.hears.plays == intro && e.hears.ends <= m.now {
				m.playEnds(e)
				m.announceTo(e)
			}
		}
	}
}
