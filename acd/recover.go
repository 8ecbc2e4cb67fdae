package acd

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// recoverAt begins a new epoch (B112): offers end, waiting calls and talks are
// unconfirmed, and what fell due meanwhile acts.
func (e *Engine) recoverAt(t agent.Instant, in Recover) error {
	if in.Epoch <= e.epoch {
		return invalid("epoch", fmt.Sprint(in.Epoch), fmt.Sprintf("must be above %d", e.epoch))
	}
	e.epoch = in.Epoch
	e.counts.Events, e.counts.Offers = 0, 0
	e.change(recordKey{})
	if t < e.now {
		e.shift(t - e.now)
	}
	for _, p := range e.ringing() {
		e.endOffer(p, agent.Withdrawn, true)
		e.tell()
	}
	for _, c := range e.allCalls() {
		switch {
		case c.stage == talking:
			c.unconfirmed = true
		case c.stage == dialling:
			continue // goes on until its end or now, see below
		case c.promise != nil: // needs no confirmation
			if c.promise.Unring() {
				e.tellPromise(c)
			}
			if c.inLine() {
				c.queue.Rest(e.now, &c.Entry)
				e.feed(c)
			}
		default:
			c.Holds |= queue.HoldUnconfirmed
			if c.stage == waiting {
				c.queue.Rest(t, &c.Entry)
			}
			c.queue.Touch(e.now, &c.Entry)
		}
		e.armCall(c)
		e.dirtyCall(c)
	}
	// Registrations, statuses, delays and wrap-ups went on while nobody looked:
	// what fell due acts at its own time, and no line is emptied (B113).
	e.confirmBy = t.Add(e.confirm)
	e.arm(owner{})
	e.resync = true // nobody was there to be rung meanwhile, for a callback
	e.advance(t)
	e.resync = false
	for _, c := range e.allCalls() {
		if c.stage == dialling { // that attempt is used (B112)
			e.stopDialling(c)
			e.customerMissed(c)
			e.tell()
		}
	}
	e.run(e.now)
	return nil
}

// allCalls returns the calls in the order of B100.
func (e *Engine) allCalls() []*call {
	all := make([]*call, 0, len(e.calls))
	for _, c := range e.calls {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *call) int {
		switch {
		case a.inLine() != b.inLine():
			if a.inLine() {
				return -1
			}
			return 1
		default:
			return callOrder(a, b)
		}
	})
	return all
}

// loseUnconfirmed ends the calls that nobody has confirmed in time (B112), and
// empties the lines in which nobody is logged in (B113).
func (e *Engine) loseUnconfirmed() {
	for _, c := range e.allCalls() {
		switch {
		case c.Holds&queue.HoldUnconfirmed != 0:
			e.leave(c, queue.Lost, "")
			e.tell()
		case c.unconfirmed:
			e.finish(c, ByLost, false)
			e.tell()
		}
	}
	e.confirmBy = 0 // not before: they are lost, whoever is logged in
	e.change(recordKey{})
	for _, q := range e.queuesInOrder() {
		if q.emptied {
			q.emptied = false
			e.dirtyQueue(q)
			if q.LoggedIn() == 0 {
				e.emptyLine(q)
				e.tell()
			}
		}
	}
}

func (e *Engine) queuesInOrder() []*queueState {
	all := make([]*queueState, 0, len(e.queues))
	for _, q := range e.queues {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b *queueState) int {
		if a.n < b.n {
			return -1
		}
		return 1
	})
	return all
}

func (e *Engine) agentsInOrder() []*agentState {
	all := make([]*agentState, 0, len(e.agents))
	for _, p := range e.agents {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *agentState) int {
		if a.n < b.n {
			return -1
		}
		return 1
	})
	return all
}

// shift moves everything stored by d, so that no time has passed although the
// clock was set back (B101). The expiry of an entry on a list of callers stays:
// that is a date which somebody wrote down.
func (e *Engine) shift(d agent.Instant) {
	e.now += d
	e.at = e.now.Time()
	move(d, &e.dirty.at, &e.confirmBy)
	for _, c := range e.calls {
		e.shiftCall(c, d)
	}
	for _, q := range e.queuesInOrder() {
		q.Shift(d)
		e.dirtyQueue(q)
		for _, number := range q.Resumes.Numbers() {
			e.dirtyResume(q, number)
		}
		for _, m := range q.All() {
			s := m.Value.(*memberState)
			base := s.base()
			base.Shift(d)
			s.setBase(base)
			e.dirtyMember(s)
		}
	}
	e.callers.shift(d)
	for _, k := range e.callerKeys() {
		e.change(k)
	}
	for _, p := range e.agentsInOrder() {
		p.Shift(d)
		move(d, &p.duty.Since, &p.offer.began, &p.offer.until, &p.offer.alertBy)
		p.told = lineOf(p)
		e.dirtyAgent(p)
		e.armAgent(p)
	}
	for _, p := range e.gone {
		p.Shift(d)
	}
	for _, c := range e.allCalls() {
		e.dirtyCall(c)
		e.armCall(c)
	}
	e.emit(&ClockStepped{By: d.Sub(0)})
}

// shiftCall moves the times of a call. Those of its place move with its queue's
// line, if it stands there.
func (e *Engine) shiftCall(c *call, d agent.Instant) {
	if !c.inLine() {
		c.Entry.Shift(d)
	}
	move(d, &c.first, &c.answered, &c.took, &c.limit, &c.end, &c.again, &c.sla, &c.heldTill, &c.began, &c.dialogue)
	if c.schedule != nil {
		c.schedule.Shift(d)
	}
	if c.promise != nil {
		c.promise.Shift(d)
	}
}

// shift moves the times of the lists and the memory of callers, but the dates on
// which entries expire.
func (l *callers) shift(d agent.Instant) {
	l.talks.Shift(d)
	for _, v := range l.vip.all() {
		move(d, &v.Created, &v.Updated)
	}
	for _, v := range l.exclusive.all() {
		move(d, &v.Created, &v.Updated)
	}
	for _, v := range l.blocked.all() {
		move(d, &v.Created, &v.Updated)
	}
}

// move moves instants by d, those that are not never.
func move(d agent.Instant, times ...*agent.Instant) {
	for _, t := range times {
		if *t != 0 {
			*t += d
		}
	}
}
