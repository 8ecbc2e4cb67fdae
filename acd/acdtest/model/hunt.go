package model

import (
	"cmp"
	"slices"
	"time"
)

// match makes every offer that can be made. Each available agent goes for one
// entry; the most urgent of those chooses first (B32, B50).
func (m *Model) match() {
	for {
		var best *entry
		for _, a := range m.agents {
			if e := m.goesFor(a); e != nil && (best == nil || moreUrgent(e, best)) {
				best = e
			}
		}
		if best == nil {
			return
		}
		x, why := m.choose(best, func(x *member) bool {
			return len(best.offers) == 0 || m.goesFor(x.agent) == best
		})
		m.ring(best, x, why)
	}
}

// goesFor is the entry that an agent takes now: the most urgent of the first ones
// of his queues.
func (m *Model) goesFor(a *agent) *entry {
	var best *entry
	for _, x := range a.members {
		if e := m.firstFor(x); e != nil && (best == nil || moreUrgent(e, best)) {
			best = e
		}
	}
	return best
}

// firstFor is the first entry of a queue's line that he could be rung for. If all
// are rung at once, one for which nobody is rung comes before those (B35).
func (m *Model) firstFor(x *member) *entry {
	for _, rung := range []bool{false, true} {
		for _, e := range x.queue.line {
			if len(e.offers) > 0 != rung || !m.matchable(e) {
				continue
			}
			if y, _ := m.choose(e, func(y *member) bool { return y == x }); y != nil {
				return e
			}
		}
	}
	return nil
}

// moreUrgent compares entries of one or of several queues (B50).
func moreUrgent(a, b *entry) bool {
	if a.queue == b.queue {
		return a.position() < b.position()
	}
	return between(a, b) < 0
}

// between compares entries of several queues (B50).
func between(a, b *entry) int {
	return cmp.Or(
		-compareBool(a.vip, b.vip),
		-cmp.Compare(a.queue.props.number("priority"), b.queue.props.number("priority")),
		-cmp.Compare(a.priority, b.priority),
		cmp.Compare(a.effective, b.effective),
		cmp.Compare(a.order, b.order),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// matchable is the word of section 1, but for holds.
func (m *Model) matchable(e *entry) bool {
	if e.state != waiting || m.notYet(e) {
		return false
	}
	if !e.queue.props.ringsAll() {
		return len(e.offers) == 0
	}
	limit := e.queue.props.number("ring_limit")
	return limit == 0 || len(e.offers) < limit
}

// could reports whether the entry could be offered to him now: available, untried
// in this round, not barred.
func (m *Model) could(e *entry, x *member) bool {
	return m.available(x) && m.open(e, x)
}

// open reports whether he is untried and not barred.
func (m *Model) open(e *entry, x *member) bool {
	k := e.mark(x.agent)
	return k.round < e.round && !m.barred(e, x)
}

// barred is B31.
func (m *Model) barred(e *entry, x *member) bool {
	k := e.mark(x.agent)
	if !k.declined {
		return false
	}
	if m.now < k.until {
		return true
	}
	for _, y := range x.queue.members {
		other := e.mark(y.agent)
		if y != x && m.staffed(y) && !other.declined && other.missed < 2 {
			return true
		}
	}
	return false
}

// choose is whom the entry is offered to next of those who are so, and why; nil if
// to nobody.
func (m *Model) choose(e *entry, is func(*member) bool) (*member, string) {
	q := e.queue
	x, why := m.prefers(e)
	if why != "" {
		if x != nil && !is(x) {
			x = nil
		}
		return x, why
	}
	for _, y := range q.members {
		if !is(y) || !m.could(e, y) || q.props.skilled() && !m.reached(e, y.level) {
			continue
		}
		if x == nil || m.before(q, y, x) {
			x = y
		}
	}
	return x, "strategy"
}

// prefers is the exclusive or sticky agent to whom the entry is offered, and why;
// nobody and a reason while it is held for one.
func (m *Model) prefers(e *entry) (*member, string) {
	q := e.queue
	if q.props.ringsAll() {
		return nil, ""
	}
	for _, list := range m.exclusive {
		if list.number != e.number || list.queue != q.name || !identifies(e.number) {
			continue
		}
		for _, name := range list.agents {
			if a := m.agent(name); a != nil && q.member(a) != nil && m.could(e, q.member(a)) {
				return q.member(a), "exclusive"
			}
		}
	}
	x := m.stickyOf(e)
	switch {
	case x == nil:
		return nil, ""
	case m.could(e, x):
		return x, "sticky"
	case m.holds(e, x):
		return nil, "held"
	}
	return nil, ""
}

// stickyOf is the member whom the entry would like best (B70), if that is asked
// for now.
func (m *Model) stickyOf(e *entry) *member {
	q := e.queue
	known, ok := m.sticky[e.number]
	if e.holding != "" && m.now < e.held {
		known, ok = memory{e.holding, m.now}, true // held for him, whoever talked meanwhile
	}
	days := time.Duration(q.props.number("sticky_routing_duration")) * 24 * time.Hour
	if !ok || !identifies(e.number) || !q.props.on("enable_sticky_routing") || e.round > 1 || e.tried ||
		m.now >= known.at+days || known.agent == e.noSticky {
		return nil
	}
	a := m.agent(known.agent)
	if a == nil {
		return nil
	}
	x := q.member(a)
	if x == nil || !m.open(e, x) {
		return nil
	}
	return x
}

// holds reports whether the entry waits for its sticky agent (B73).
func (m *Model) holds(e *entry, x *member) bool {
	d := e.queue.props.seconds("sticky_wait")
	switch {
	case e.holding == "" && (d == 0 || e.hunted || !m.staffed(x)):
		return false
	case e.holding == "":
		e.held, e.holding = m.now+d, x.agent.name
		e.suspended = e.rung && len(e.offers) == 0
	case !m.staffed(x):
		e.held = min(e.held, m.now) // an absent one is not waited for
	}
	return m.now < e.held
}

// release ends a hold: somebody is rung for the entry, or it is taken.
func (e *entry) release(now time.Duration) {
	e.held = min(e.held, now)
	e.suspended = false
}

// nextRound is when the next round is due. A hold suspends the pause, which begins anew
// at its end (B73).
func (e *entry) nextRound() time.Duration {
	if e.suspended {
		return e.held + e.queue.props.seconds("retry_interval")
	}
	return e.pause
}

// reached reports whether the entry may go to a level (B34).
func (m *Model) reached(e *entry, level int) bool {
	q := e.queue
	wait := q.props.seconds("skill_wait")
	if wait == 0 {
		return true
	}
	steps := 0
	for _, better := range q.levels() {
		if better == level {
			break
		}
		steps++
	}
	if m.now >= e.effective+time.Duration(steps)*wait {
		return true
	}
	for _, x := range q.members {
		if q.better(x.level, level) && m.staffed(x) && m.open(e, x) {
			return false
		}
	}
	return true
}

// levels are those that exist in the queue, the best first.
func (q *queue) levels() []int {
	var levels []int
	for _, x := range q.members {
		if !slices.Contains(levels, x.level) {
			levels = append(levels, x.level)
		}
	}
	slices.SortFunc(levels, func(a, b int) int {
		if q.better(a, b) {
			return -1
		}
		return 1
	})
	return levels
}

func (q *queue) better(a, b int) bool {
	if q.props.is("skill_order", "DESCENDING") {
		return a > b
	}
	return a < b
}

// before reports whether a strategy rings x before y, who stands before him in
// configured order (B35, B36).
func (m *Model) before(q *queue, x, y *member) bool {
	name := q.props["polling_strategy"]
	if q.props.skilled() {
		if x.level != y.level {
			return q.better(x.level, y.level)
		}
		name = name[len("SKILL_BASED_ROUTING_"):]
	}
	switch name {
	case "CYCLIC_HUNT":
		return x.rung.before(y.rung)
	case "LEAST_WORKED_HUNT":
		return x.answered.before(y.answered)
	default:
		return false
	}
}

func (i instant) before(j instant) bool {
	if !i.was || !j.was {
		return !i.was && j.was
	}
	return i.n < j.n
}

// ring makes an offer.
func (m *Model) ring(e *entry, x *member, why string) {
	q, a := e.queue, x.agent
	o := &offer{entry: e, agent: a, queue: q, round: e.round, props: q.props.clone(), began: m.now, until: m.now + q.props.seconds("ring_time")}
	if d := q.props.seconds("alert_time"); d > 0 {
		o.alert = m.now + d
	}
	if why == "sticky" {
		e.tried = true
	}
	e.offers = append(e.offers, o)
	a.offer = o
	e.rung, e.pause = true, 0
	e.hunted = e.hunted || why == "strategy"
	e.release(m.now)
	x.rung = instant{m.now, m.next(), true}
	m.offered[[2]string{e.id, a.name}] = o
	level := ""
	if q.props.skilled() {
		level = " level=" + itoa(x.level)
	}
	m.tell("ring call=%s agent=%s queue=%s round=%d%s why=%s", e.id, a.name, q.name, e.round, level, why)
	if e.callback && len(e.offers) == 1 {
		m.tellCallback(e, stateRinging)
	}
}

// endOffer is the one end of an offer (B30).
func (m *Model) endOffer(o *offer, end string) {
	e, a, p := o.entry, o.agent, o.queue.props
	if end != crashed {
		m.tell("offer_end call=%s agent=%s end=%s", e.id, a.name, end)
	}
	e.offers = without(e.offers, o)
	a.offer = nil
	o.over = true
	e.pause = m.now + e.queue.props.seconds("retry_interval")
	if e.callback && len(e.offers) == 0 && end != "ANSWERED" && end != "LOST_RACE" {
		m.tellCallback(e, stateWaiting)
	}
	k := e.mark(a)
	switch end {
	case "NO_ANSWER":
		k.round = e.round
		k.missed++
		a.pauseFor(m, p.seconds("no_answer_delay"))
		a.streak = 0 // it rang
		m.missed(o)
	case "REJECTED":
		k.round = e.round
		m.decline(e, k)
		a.pauseFor(m, p.seconds("reject_delay"))
		a.present(m)
		a.streak = 0
	case "BUSY":
		k.round = e.round
		k.busy++
		if k.busy >= 2 {
			m.decline(e, k)
		}
		a.pauseTwice(m, p.seconds("busy_delay"))
	case "UNREACHABLE":
		k.round = e.round
		a.pauseTwice(m, p.seconds("unreachable_delay"))
	}
}

func (m *Model) decline(e *entry, k *mark) {
	k.declined = true
	k.until = m.now + e.queue.props.seconds("retry_interval")
}
