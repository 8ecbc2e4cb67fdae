package model

import (
	"slices"
	"time"
)

// reads is what a membership reads as (B11).
func (x *member) reads() string {
	a := x.agent
	switch {
	case a.call != nil && a.call.queue.name == x.queue.name: // also one made anew (B121)
		return "QUEUE_CALL"
	case x.set == "LOGGED_OUT":
		return "LOGGED_OUT"
	case a.onCall():
		return "OTHER_CALL"
	case !a.registered:
		return "OFFLINE"
	case a.wrapsFor(x.queue) || x.set == "READY" && a.kept(x.queue):
		return "WRAP_UP"
	default:
		return x.set
	}
}

// onCall reports whether he talks, or is being connected: a call of any kind that
// was answered.
func (a *agent) onCall() bool {
	return a.call != nil || slices.ContainsFunc(a.others, func(o *other) bool { return o.talking })
}

// wrapsFor reports whether a wrap-up after a call of this queue runs.
func (a *agent) wrapsFor(q *queue) bool {
	return slices.ContainsFunc(a.wraps, func(w *wrap) bool { return w.queue == q && w.keeps(q) })
}

// kept reports whether a wrap-up keeps him from the queue (B23).
func (a *agent) kept(q *queue) bool {
	return slices.ContainsFunc(a.wraps, func(w *wrap) bool { return w.keeps(q) })
}

func (w *wrap) keeps(q *queue) bool {
	return (w.all || w.queue == q) && !slices.Contains(w.ended, q)
}

func (a *agent) free() bool { return a.offer == nil && a.call == nil && len(a.others) == 0 }

// available is B13.
func (m *Model) available(x *member) bool {
	a := x.agent
	return x.set == "READY" && !a.kept(x.queue) && a.free() && a.registered && a.delay <= m.now
}

// loggedIn is the word of section 1.
func (m *Model) loggedIn(x *member) bool {
	return x.set != "LOGGED_OUT" && (x.agent.registered || slices.Contains(m.graces, x) || x.agent.was && m.now < x.agent.gone+x.queue.props.seconds("offline_grace"))
}

// staffed is the word of section 1: logged in and able to take a call now or soon.
func (m *Model) staffed(x *member) bool {
	return x.agent.registered && x.effective() == "READY"
}

// absent reports whether an absence was set by hand (B14).
func (x *member) absent() bool { return x.byHand && x.set != "READY" }

// put stores a status that nobody set by hand; one that he has already stays as it
// is, with its reason (B28).
func (x *member) put(status, reason string) {
	if x.set == status {
		return
	}
	x.logOut(status)
	x.set, x.byHand, x.reason = status, false, reason
}

// logOut notes that he who is logged in will be no longer (B40).
func (x *member) logOut(status string) {
	if status == "LOGGED_OUT" && x.agent.model.loggedIn(x) {
		x.queue.empty = true
	}
}

// take makes the status that was asked for during a call the stored one.
func (x *member) take() {
	x.logOut(x.asked)
	x.set, x.byHand, x.reason = x.asked, true, x.askedReason
	x.asked, x.askedReason = "", ""
}

// effective is the status that he has asked for, else the stored one.
func (x *member) effective() string {
	if x.asked != "" {
		return x.asked
	}
	return x.set
}

// setStatus is a status set by hand (B10, B14, B20).
func (m *Model) setStatus(a *agent, only *queue, status, reason string) {
	all := !slices.ContainsFunc(a.members, func(x *member) bool { return x.effective() != "LOGGED_OUT" })
	for _, x := range a.members {
		if only != nil && x.queue != only {
			continue
		}
		if only == nil && x.effective() == "LOGGED_OUT" && !all && status != "LOGGED_IN" && status != "LOGGED_OUT" {
			continue
		}
		if m.setOne(x, status, reason) {
			a.present(m)
			a.streak = 0
		}
	}
	m.emptyLines() // each caller who leaves with his offers
	if o := a.offer; o != nil {
		if x := o.queue.member(a); x == nil || x.set != "READY" {
			m.endOffer(o, "WITHDRAWN")
		}
	}
	a.wraps = slices.DeleteFunc(a.wraps, func(w *wrap) bool {
		return !slices.ContainsFunc(a.members, func(x *member) bool { return w.keeps(x.queue) })
	})
}

// setOne sets one status; LOGGED_IN may change nothing.
func (m *Model) setOne(x *member, status, reason string) bool {
	a := x.agent
	if status == "LOGGED_IN" {
		if x.effective() != "LOGGED_OUT" {
			return false
		}
		status = "NOT_READY"
		if x.queue.props.on("agent_auto_ready") {
			status = "READY"
		}
	}
	for _, w := range a.wraps { // it ends in this queue
		w.ended = append(w.ended, x.queue)
	}
	if a.onCall() {
		x.asked, x.askedReason = status, reason
	} else {
		x.logOut(status)
		x.set, x.byHand, x.reason = status, true, reason
		x.asked, x.askedReason = "", ""
		m.takeAsked(a)
	}
	if status == "READY" {
		a.delay = 0
	}
	return true
}

// takeAsked gives the statuses asked for during a call to the memberships that
// nothing keeps any more (B14, B23).
func (m *Model) takeAsked(a *agent) {
	for _, x := range a.members {
		if x.asked != "" && !a.onCall() && !a.kept(x.queue) {
			x.take()
		}
	}
}

// present notes that he is there: his count of misses is 0 (B26).
func (a *agent) present(*Model) {
	a.misses, a.counts = 0, nil
	for _, x := range a.members {
		x.misses = 0
	}
}

// register is a report about his phone (B19).
func (m *Model) register(a *agent, gone bool) {
	if a.registered == !gone {
		return
	}
	if gone {
		a.registered, a.gone = false, m.now
		if a.offer != nil {
			m.endOffer(a.offer, "UNREACHABLE")
		}
		for _, q := range m.queues {
			if x := q.member(a); x != nil && x.set != "LOGGED_OUT" && q.props.seconds("offline_grace") == 0 {
				q.empty = true
			}
		}
		return
	}
	was := a.was
	a.registered, a.was = true, true
	a.delay = 0
	a.present(m)
	for _, x := range a.members {
		if !was || m.now < a.gone+x.queue.props.seconds("offline_grace") || x.absent() {
			continue
		}
		if x.queue.props.on("agent_auto_ready") {
			x.put("READY", "")
		} else {
			x.set, x.byHand, x.reason = "LOGGED_OUT", false, "" // he was out long ago
		}
	}
}

// missed is what a missed offer does to his status (B18, B26).
func (m *Model) missed(o *offer) {
	a, q := o.agent, o.queue
	x := q.member(a)
	if !o.entry.alone || x == nil {
		return
	}
	if q.props.on("agent_auto_ready") {
		x.put("READY", "")
	} else {
		x.put("WRAP_UP", "")
	}
	if !slices.Contains(a.counts, o.entry) {
		a.counts = append(a.counts, o.entry)
		a.misses++
		x.misses++
	}
	limit := q.props.number("max_no_answer")
	switch {
	case limit == 0:
	case q.props.is("no_answer_scope", "QUEUE"):
		if x.misses >= limit {
			x.put("NOT_READY", "NO_ANSWER")
		}
	case a.misses >= limit:
		for _, y := range a.members {
			if y.set == "READY" || y == x {
				y.put("NOT_READY", "NO_ANSWER")
			}
		}
	}
}

// pauseFor gives him no offers for a while (B25).
func (a *agent) pauseFor(m *Model, d time.Duration) { a.delay = max(a.delay, m.now+d) }

// pauseTwice is a delay that doubles when repeated.
func (a *agent) pauseTwice(m *Model, d time.Duration) {
	a.pauseFor(m, d<<min(a.streak, 3))
	a.streak++
}

// endCall is the end of his part in an ACD call (B16); wrapped says whether a
// wrap-up may follow.
func (m *Model) endCall(a *agent, q *queue, wrapped bool) {
	a.call = nil
	x := q.member(a)
	if x != nil && wrapped {
		if d := x.wrapUpTime(); d > 0 {
			a.wraps = slices.DeleteFunc(a.wraps, func(w *wrap) bool { return w.queue == q })
			a.wraps = append(a.wraps, &wrap{queue: q, until: m.now + d, all: q.props.is("wrap_up_scope", "AGENT")})
			m.takeAsked(a)
			return
		}
	}
	if x != nil && wrapped {
		m.afterTalk(x, q.props.on("agent_auto_ready"))
	}
	m.takeAsked(a)
}

// wrapUpTime is how long his wrap-ups are (B24); 0: there are none.
func (x *member) wrapUpTime() time.Duration {
	p := x.queue.props
	switch {
	case !p.on("enable_wrap_up"):
		return 0
	case x.wrapUp != "":
		return duration(x.wrapUp)
	default:
		return p.seconds("wrap_up_time")
	}
}

// afterTalk is his status after a talk without wrap-up.
func (m *Model) afterTalk(x *member, ready bool) {
	switch {
	case x.asked != "" || x.absent():
	case ready:
		x.put("READY", "")
	default:
		x.put("WRAP_UP", "")
	}
}

// endWrap is the end of a timed wrap-up (B16).
func (m *Model) endWrap(a *agent, w *wrap) {
	a.wraps = without(a.wraps, w)
	if x := w.queue.member(a); x != nil && w.keeps(w.queue) && x.asked == "" && !x.absent() {
		x.put("READY", "")
	}
	m.takeAsked(a)
}

// otherCall is a report of a call that is not the library's (B58).
func (m *Model) otherCall(a *agent, id, state, number string) {
	if slices.Contains(a.ended, id) {
		return
	}
	i := slices.IndexFunc(a.others, func(o *other) bool { return o.id == id })
	begins := i < 0
	if begins {
		if state == "end" {
			return
		}
		a.others = append(a.others, &other{id: id})
		i = len(a.others) - 1
		m.lease(a, a.others[i])
	}
	o := a.others[i]
	repeated := state == "ring" && !begins || state == "start" && o.talking
	if number != "" && !repeated {
		o.number = number
	}
	switch state {
	case "start":
		if o.talking {
			return
		}
		o.talking, o.answered = true, m.now
		m.lease(a, o)
		a.present(m)
		a.streak = 0
		if a.offer != nil {
			m.endOffer(a.offer, "WITHDRAWN")
		}
	case "end":
		m.endOther(a, o)
	}
}

// forgetOther takes an other call off his line; his statuses are what they were
// (B27).
func (m *Model) forgetOther(a *agent, o *other) {
	a.others = without(a.others, o)
	a.ended = append(a.ended, o.id)
}

// endOther is the end of an other call (B17).
func (m *Model) endOther(a *agent, o *other) {
	m.forgetOther(a, o)
	if o.talking && identifies(o.number) {
		m.sticky[o.number] = memory{a.name, m.now}
	}
	if len(a.others) > 0 || !o.talking {
		m.takeAsked(a)
		return
	}
	if a.call != nil {
		return
	}
	for _, x := range a.members {
		switch p := x.queue.props; {
		case x.asked != "" || x.absent() || a.wrapsFor(x.queue) || x.set == "WRAP_UP" || x.set == "LOGGED_OUT":
		case p.on("agent_auto_ready"):
			x.put("READY", "")
		case p.on("agent_auto_not_ready_after_non_acd_call"):
			x.put("NOT_READY", "")
		}
	}
	m.takeAsked(a)
}

// lease begins a lease of an other call: the shortest of his queues (B29).
func (m *Model) lease(a *agent, o *other) {
	o.confirm, o.lost = 0, 0
	for _, x := range a.members {
		if d := x.queue.props.seconds("talk_lease"); d > 0 && (o.confirm == 0 || m.now+d < o.confirm) {
			o.confirm = m.now + d
		}
	}
}

// remove takes him off a queue's list (B21).
func (m *Model) remove(x *member) {
	x.queue.members = without(x.queue.members, x)
	x.agent.members = without(x.agent.members, x)
	x.queue.past = append(x.queue.past, x)
	if o := x.agent.offer; o != nil && o.queue == x.queue {
		m.endOffer(o, "WITHDRAWN")
	}
}

// add makes him a member at the end of a queue's list (B22); status "" is none.
func (m *Model) add(a *agent, q *queue, level int, status string) *member {
	x := &member{agent: a, queue: q, level: max(level, 1)}
	for _, old := range q.past {
		if old.agent == a {
			x.rung, x.answered, x.misses = old.rung, old.answered, old.misses
			q.past = without(q.past, old)
			break
		}
	}
	q.members = append(q.members, x)
	a.members = append(a.members, x)
	if status == "" || status == "LOGGED_IN" {
		x.set = "LOGGED_OUT"
		if q.props.on("agent_auto_ready") {
			x.set = "READY"
		} else if status != "" {
			x.set = "NOT_READY"
		}
		x.byHand = status != ""
		return x
	}
	x.set, x.byHand = status, true
	return x
}
