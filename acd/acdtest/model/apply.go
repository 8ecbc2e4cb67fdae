package model

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// The words of refusals.
const (
	notFound   = "not found"
	exists     = "already exists"
	offerEnded = "offer ended"
	notWaiting = "not waiting"
	busy       = "agent busy"
	invalid    = "must be"

	// unclear: the rules do not say; the line is left out.
	unclear = "unclear"
)

// Apply carries out a line of a script that is an input, or moves time. If it is
// to be refused, it returns a word of the error and has changed nothing.
func (m *Model) Apply(line string) (refused string) {
	w := split(line)
	verb := w.arg(0)
	switch verb {
	case "wait":
		m.Advance(m.now + duration(w.arg(1)))
		return ""
	case "at":
		m.Advance(duration(w.arg(1)))
		return ""
	case "drop", "reset":
		verb += " " + w.arg(1)
	}
	input := inputs()[verb]
	if input == nil {
		return "unknown verb"
	}
	m.step++
	if refused = input(m, w); refused == "" {
		m.settle()
	}
	return refused
}

// inputs are the inputs that the model knows.
func inputs() map[string]func(*Model, words) string {
	return map[string]func(*Model, words) string{
		"queue": (*Model).doQueue, "agent": (*Model).doAgent, "agents": (*Model).doAgents, "member": (*Model).doMember,
		"drop queue": (*Model).doDropQueue, "drop agent": (*Model).doDropAgent,
		"status": (*Model).doStatus, "register": (*Model).doRegister, "unregister": (*Model).doRegister,
		"othercall": (*Model).doOtherCall, "release": (*Model).doRelease,
		"call": (*Model).doCall, "hangup": (*Model).doHangUp, "end": (*Model).doEnd, "withdraw": (*Model).doWithdraw,
		"answer": (*Model).doPhone, "reject": (*Model).doPhone, "busy": (*Model).doPhone, "unreachable": (*Model).doPhone,
		"ringing": (*Model).doPhone, "connected": (*Model).doMedia, "connectfailed": (*Model).doMedia,
		"priority": (*Model).doPriority, "pickup": (*Model).doPickup, "transfer": (*Model).doTransfer,
		"handover": (*Model).doHandOver, "confirm": (*Model).doConfirm, "key": (*Model).doKey, "number": (*Model).doNumber, "restart": (*Model).doRestart, "resync": (*Model).doResync, "customer": (*Model).doCustomer,
		"vip": (*Model).doVIP, "caller": (*Model).doCaller, "block": (*Model).doBlock, "played": (*Model).doPlayed, "exclusive": (*Model).doExclusive, "night": (*Model).doNight,
	}
}

func (m *Model) doQueue(w words) string {
	q := m.queue(w.arg(1))
	if q == nil {
		q = &queue{name: w.arg(1), props: defaults(), outcomes: map[string]int{}, callbacks: map[string]int{}}
		m.queues = append(m.queues, q)
	}
	q.props = q.props.clone()
	maps.Copy(q.props, w.keys)
	return ""
}

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

func (m *Model) doAgents(w words) string {
	q := m.queue(w.arg(1))
	if q == nil {
		return notFound
	}
	var list []*member
	type listed struct {
		name  string
		level int
	}
	var names []listed
	for _, text := range w.args[2:] {
		name, level, _ := strings.Cut(text, ":")
		if slices.ContainsFunc(names, func(l listed) bool { return l.name == name }) {
			return ""
		}
		names = append(names, listed{name, max(atoi(level), 1)})
	}
	for _, x := range slices.Clone(q.members) {
		if !slices.ContainsFunc(names, func(l listed) bool { return l.name == x.agent.name }) {
			m.remove(x)
		}
	}
	for _, l := range names {
		a := m.agent(l.name)
		if a == nil {
			a = m.newAgent(l.name, true)
		}
		x := q.member(a)
		if x == nil {
			x = m.add(a, q, l.level, "")
		}
		x.level = l.level
		list = append(list, x)
	}
	q.members = list
	return ""
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

func (m *Model) doDropQueue(w words) string {
	q := m.queue(w.arg(2))
	if q == nil {
		return notFound
	}
	for _, e := range slices.Clone(q.line) {
		if !e.callback {
			m.leave(e, "WITHDRAWN", target(q.props["no_answer_forward_rule"]), `"queue deleted"`)
		}
	}
	for _, e := range slices.Clone(m.entries) {
		if e.queue == q && e.state == warning {
			m.leave(e, "WITHDRAWN", target(q.props["no_answer_forward_rule"]), `"queue deleted"`)
		}
	}
	promised := slices.Clone(m.entries)
	slices.SortStableFunc(promised, func(a, b *entry) int { return cmp.Compare(a.nth, b.nth) })
	for _, e := range promised {
		if e.queue == q && e.callback {
			m.endCallback(e, "CANCELLED")
		}
	}
	for _, x := range slices.Clone(q.members) {
		m.remove(x)
	}
	m.queues = without(m.queues, q)
	m.exclusive = slices.DeleteFunc(m.exclusive, func(x exclusive) bool { return x.queue == q.name })
	q.props = props{} // its talks go on by no rules
	return ""
}

func (m *Model) doDropAgent(w words) string {
	a := m.agent(w.arg(2))
	if a == nil {
		return notFound
	}
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

func (m *Model) doStatus(w words) string {
	a := m.agent(w.arg(1))
	if a == nil {
		return notFound
	}
	var only *queue
	if name, ok := w.keys["queue"]; ok {
		if only = m.queue(name); only == nil || only.member(a) == nil {
			return notFound
		}
	}
	m.setStatus(a, only, w.arg(2), w.keys["reason"])
	return ""
}

func (m *Model) doRegister(w words) string {
	a := m.agent(w.arg(1))
	if a == nil {
		return notFound
	}
	m.register(a, w.arg(0) == "unregister")
	return ""
}

func (m *Model) doOtherCall(w words) string {
	a := m.agent(w.arg(1))
	if a == nil {
		return notFound
	}
	m.otherCall(a, w.keys["id"], w.arg(2), w.keys["number"])
	return ""
}

func (m *Model) doRelease(w words) string {
	a := m.agent(w.arg(1))
	if a == nil {
		return notFound
	}
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

func (m *Model) doHangUp(w words) string {
	e := m.live(w.arg(1))
	if e == nil {
		return notFound
	}
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

func (m *Model) doEnd(w words) string {
	e := m.entry(w.arg(1))
	switch {
	case e == nil:
		return notFound
	case e.state == talking:
		m.endTalk(e, "AGENT", true)
	case e.state == connecting:
		m.failConnection(e)
	case e.state == dialling:
		m.leaveDial(e)
	default:
		return "not"
	}
	return ""
}

func (m *Model) doWithdraw(w words) string {
	e := m.entry(w.arg(1))
	switch {
	case e == nil:
		return notFound
	case e.state == talking:
		return notWaiting
	case e.callback:
		m.endCallback(e, "CANCELLED")
		return ""
	}
	m.leave(e, "WITHDRAWN", "", w.arg(2))
	return ""
}

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

func (m *Model) doPriority(w words) string {
	e := m.entry(w.arg(1))
	switch {
	case e == nil:
		return notFound
	case e.state == talking:
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

func (m *Model) doPickup(w words) string {
	e, a := m.entry(w.arg(1)), m.agent(w.arg(2))
	switch {
	case e == nil:
		return notFound
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
	e.unconfirmed = false
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

func (m *Model) doTransfer(w words) string {
	e, q := m.entry(w.arg(1)), m.queue(w.keys["queue"])
	switch {
	case e == nil:
		return notFound
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

func (m *Model) doHandOver(w words) string {
	e, a := m.entry(w.arg(1)), m.agent(w.arg(2))
	switch {
	case e == nil:
		return notFound
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

// doConfirm answers a question about a call, or about an other call, which two
// agents may have with one another.
func (m *Model) doConfirm(w words) string {
	e, found := m.entry(w.arg(1)), false
	switch {
	case e == nil:
	case e.unconfirmed:
		m.confirmCall(e)
	case e.lost != 0:
		m.leaseTalk(e)
	}
	for _, a := range m.agents {
		for _, o := range a.others {
			if o.id == w.arg(1) && o.lost != 0 {
				m.lease(a, o)
				found = true
			}
		}
	}
	if e == nil && !found {
		return notFound // nobody asked
	}
	return ""
}

func (m *Model) doKey(w words) string {
	e, key := m.live(w.arg(1)), w.arg(2)
	switch {
	case e == nil:
		return notFound
	case e.state == talking:
		return notWaiting
	}
	m.settleCall(e)           // he is there
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

func atoi(text string) int { return int(duration(text) / time.Second) }
