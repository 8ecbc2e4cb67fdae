package model

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// behind reports whether a stands behind b in the line of their queue (B50).
func behind(a, b *entry) bool {
	return cmp.Or(
		-compareBool(a.vip, b.vip),
		-cmp.Compare(a.priority, b.priority),
		cmp.Compare(a.effective, b.effective),
		cmp.Compare(a.order, b.order),
	) > 0
}

// place gives an entry its place in the line.
func (e *entry) place() {
	e.effective, e.order, e.given = e.own, e.seq, false
	if e.state != resting { // it has a place then, but is not in the line
		e.insert()
	}
}

// insert puts it where it stands.
func (e *entry) insert() {
	q := e.queue
	i := 0
	for i < len(q.line) && !behind(q.line[i], e) {
		i++
	}
	q.line = slices.Insert(slices.Clone(q.line), i, e)
}

// placeAt gives it the place that it asked for, as far as it may (B52).
func (e *entry) placeAt(position int) {
	q := e.queue
	e.effective, e.order = e.own, e.seq
	same := func(f *entry) bool { return f.vip == e.vip && f.priority == e.priority }
	i := 0
	for i < len(q.line) && !same(q.line[i]) && !behind(q.line[i], e) {
		i++
	}
	for i < len(q.line) && same(q.line[i]) && i < position-1 {
		i++
	}
	switch {
	case i < len(q.line) && same(q.line[i]):
		e.effective, e.order = q.line[i].effective, q.line[i].order
		e.given = true
	case i > 0 && same(q.line[i-1]) && behind(q.line[i-1], e):
		e.effective, e.order = q.line[i-1].effective, q.line[i-1].order
		e.given = true
	}
	q.line = slices.Insert(slices.Clone(q.line), i, e)
}

// takeOut takes an entry out of its line.
func (e *entry) takeOut() { e.queue.line = without(e.queue.line, e) }

// join brings a call to a queue: the door, then a place (section 3).
func (m *Model) join(e *entry, position int) {
	e.queue.joined++
	if m.warns(e) {
		e.position0 = position
		m.warn(e)
		return
	}
	m.admit(e, position)
}

// admit is the rest of the door.
func (m *Model) admit(e *entry, position int) {
	q := e.queue
	if to, outcome := m.door(e, false); outcome != "" {
		m.left[e.id] = q.name
		q.outcomes[outcome]++
		m.tell("leave call=%s queue=%s outcome=%s to=%s", e.id, q.name, outcome, to)
		return
	}
	m.entries = append(m.entries, e)
	m.left[e.id] = q.name
	m.enter(e, position)
}

// enter gives it a place in the line.
func (m *Model) enter(e *entry, position int) {
	e.state, e.round = waiting, 1
	e.vip = e.vip || identifies(e.number) && slices.Contains(m.vip, e.number)
	e.props = e.queue.props // who heard a warning joins now
	if position > 0 {
		e.placeAt(position)
	} else {
		e.place()
	}
	m.tell("joined call=%s queue=%s position=%d", e.id, e.queue.name, e.position())
	m.begin(e)
	m.tellBreach(e) // he may have heard a warning for long
}

// door is what refuses a call at once (B40, B41, B42).
func (m *Model) door(e *entry, moved bool) (to, outcome string) {
	q := e.queue
	night := q.props["night_mode_forward_rule"]
	if night == "" {
		night = q.props["no_answer_forward_rule"]
	}
	to = target(q.props["no_answer_forward_rule"])
	switch {
	case m.night || q.props.on("enable_night_mode"):
		return target(night), "NIGHT"
	case m.nobody(q) && !q.props.on("wait_when_no_agents_online"):
		return to, "NO_AGENTS"
	case !moved && m.full(e):
		return to, "FULL"
	}
	return "", ""
}

// nobody reports whether nobody is logged in.
func (m *Model) nobody(q *queue) bool { return !slices.ContainsFunc(q.members, m.loggedIn) }

// full is B42.
func (m *Model) full(e *entry) bool {
	q := e.queue
	limit := q.props.number("max_callers")
	if limit == 0 {
		return false
	}
	callers := 0
	for _, f := range m.entries {
		if f.queue == q && f.state != talking && f.state != warning && !f.noLimit && !f.callback {
			callers++
		}
	}
	if callers < limit {
		return false
	}
	for _, x := range q.members {
		if m.available(x) && (!q.props.skilled() || m.reached(e, x.level)) {
			return false
		}
	}
	return true
}

// leave is how an entry leaves the line, other than by an answer.
func (m *Model) leave(e *entry, outcome, to, reason string) {
	m.withdraw(e, "WITHDRAWN")
	if e.state == connecting {
		e.state = waiting
		m.tellBreach(e) // he was not answered in time after all
	}
	if outcome != "LOST" {
		m.lateMark(e)
	}
	text := "leave call=" + e.id + " queue=" + e.queue.name + " outcome=" + outcome
	if to != "" {
		text += " to=" + to
	}
	if reason != "" {
		text += " reason=" + reason
	}
	m.tell("%s", text)
	e.takeOut()
	m.forget(e)
	e.queue.outcomes[outcome]++
	if e.state != warning || outcome == "TRANSFERRED" {
		e.queue.rates.left(m.now-e.joined, outcome == "ABANDONED")
	}
	e.unanswer()
	if a := e.agent; a != nil { // connecting
		e.agent = nil
		m.endCall(a, e.queue, false)
	}
}

func (m *Model) forget(e *entry) {
	m.entries = without(m.entries, e)
	for key, o := range m.offered {
		if o.entry == e {
			o.over = true
			m.offered[key] = o
		}
	}
}

// withdraw ends the offers of an entry that run.
func (m *Model) withdraw(e *entry, end string) {
	for _, o := range e.queue.inOrder(e.offers) {
		m.endOffer(o, end)
	}
}

// emptyLines empties the lines of queues that somebody has left.
func (m *Model) emptyLines() {
	for _, q := range m.queues {
		switch {
		case m.confirmBy == 0 && (q.empty || q.emptied):
			q.empty, q.emptied = false, false
			m.emptyLine(q)
		case q.empty: // not yet (B113)
			q.empty = false
			q.emptied = q.emptied || m.nobody(q) && len(q.line) > 0 && !q.props.on("wait_when_no_agents_online")
		}
	}
}

// emptyLine lets the callers of a queue leave if nobody is logged in (B40).
func (m *Model) emptyLine(q *queue) {
	if !m.nobody(q) || q.props.on("wait_when_no_agents_online") {
		return
	}
	for _, e := range slices.Clone(q.line) {
		switch {
		case e.callback:
		case e.state == connecting:
			e.emptied = true
		case e.state == waiting:
			m.leave(e, "NO_AGENTS", target(q.props["no_answer_forward_rule"]), "")
		}
	}
}

// answer is an agent's answer to an offer.
func (m *Model) answer(o *offer) {
	e := o.entry
	m.endOffer(o, "ANSWERED")
	m.withdraw(e, "LOST_RACE")
	o.agent.present(m)
	m.connect(e, o.agent, "offer", o.props)
	e.rungAt = o.began
}

// connect gives an entry to an agent: connecting, or talking (B48).
func (m *Model) connect(e *entry, a *agent, by string, p props) {
	q := e.queue
	e.agent, e.who, e.by, e.answered, e.rungAt = a, a.name, by, m.now, m.now
	a.call, e.worker = e, q.member(a)
	e.release(m.now)
	if x := q.member(a); x != nil {
		e.before, e.worked = x.answered, x
		x.answered = instant{m.now, m.next(), true}
	}
	m.cutAll(e)
	if e.callback {
		m.dial(e)
		return
	}
	if p.is("connect", "MANUAL") {
		e.state, e.joinedBy = connecting, m.now+p.seconds("connect_time")
		m.tell("connecting call=%s agent=%s", e.id, a.name)
		return
	}
	m.connected(e)
}

// unanswer takes the answer of a connection that failed out of the order again.
func (e *entry) unanswer() {
	if e.worked != nil {
		e.worked.answered = e.before
		e.worked = nil
	}
}

// connected is the beginning of a talk.
func (m *Model) connected(e *entry) {
	q := e.queue
	m.tell("connect call=%s agent=%s wait=%s why=%s", e.id, e.who, seconds(e.answered-e.joined), e.by)
	m.tell("leave call=%s queue=%s outcome=ANSWERED", e.id, q.name)
	e.takeOut()
	e.worked = nil
	if e.agent != nil {
		e.agent.streak = 0 // an answer that is dropped is none (B25)
	}
	e.state, e.talked = talking, e.answered
	q.outcomes["ANSWERED"]++
	q.talks++
	q.rates.left(e.answered-e.joined, false)
	m.leaseTalk(e)
	m.served(e)
}

func (m *Model) leaseTalk(e *entry) {
	e.confirm, e.lost = 0, 0
	if d := e.queue.props.seconds("talk_lease"); d > 0 {
		e.confirm = m.now + d
	}
}

// failConnection is a dropped answer (B48).
func (m *Model) failConnection(e *entry) {
	a, q := e.agent, e.queue
	e.agent, e.state = nil, waiting
	e.pause = m.now + q.props.seconds("retry_interval")
	m.tellBreach(e)
	e.unanswer()
	if a != nil {
		e.mark(a).round = e.round
		a.pauseTwice(m, q.props.seconds("unreachable_delay"))
		m.endCall(a, q, false)
	}
	if m.patience(e) <= m.now { // it had waited for the connection (B43)
		m.leave(e, "TIMED_OUT", target(q.props["no_answer_forward_rule"]), "")
		return
	}
	if e.emptied && m.nobody(q) && !q.props.on("wait_when_no_agents_online") {
		m.leave(e, "NO_AGENTS", target(q.props["no_answer_forward_rule"]), "")
	}
	e.emptied = false
	if m.entry(e.id) == e {
		m.music(e)
	}
}

// endTalk is the end of a talk (B47).
func (m *Model) endTalk(e *entry, by string, wrapped bool) {
	m.handle(e)
	m.tell("talk_end call=%s agent=%s by=%s talk=%s", e.id, e.who, by, seconds(m.now-e.talked))
	m.forget(e)
	if !e.promised { // callbacks have a ledger of their own (B46)
		e.queue.ended++
		e.queue.talks--
	}
	m.parted(e, wrapped)
}

// parted is the end of an agent's part in a talk.
func (m *Model) parted(e *entry, wrapped bool) {
	a := e.agent
	e.agent = nil
	if a == nil {
		return
	}
	if identifies(e.number) {
		m.sticky[e.number] = memory{a.name, m.now}
	}
	if e.queue.member(a) != e.worker { // no member when it began, or not since
		m.endCall(a, e.queue, false)
		return
	}
	if wrapped {
		m.endCall(a, e.queue, true)
		return
	}
	m.freeAfterTalk(a, e.queue)
}

// freeAfterTalk is what B16 gives without a wrap-up.
func (m *Model) freeAfterTalk(a *agent, q *queue) {
	a.call = nil
	if x := q.member(a); x != nil {
		m.afterTalk(x, q.props.on("agent_auto_ready"))
	}
	m.takeAsked(a)
}

// notYet reports whether an entry that waits is not to be matched yet.
func (m *Model) notYet(e *entry) bool {
	return e.unconfirmed || e.introRuns() || e.callback && (m.now < e.due || e.queue.held || m.onThePhone(e))
}

// credited is the effective join of an entry.
func (e *entry) credited(since time.Duration) time.Duration {
	return since - e.credit - e.queue.props.seconds("join_credit")
}
