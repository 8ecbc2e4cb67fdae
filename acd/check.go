package acd

import (
	"errors"
	"fmt"

	"github.com/acdkit/acdkit/agent"
)

// Check verifies the invariants of the engine (B103): every taken line has one
// owner and a deadline, a lease or a host who will end it (B12), no available
// agent stands beside a call that he could take (B32), the ledgers add up (B46).
// nil, or an error that names each thing that is wrong; that would be a bug of
// this library. It costs O(agents × queues of each + calls) and is cheap enough
// for once a minute.
func (e *Engine) Check() error { return e.check(true) }

// check is Check; without matched it does not ask that nobody who could be rung is
// left: between Restore and Recover the offers of before are missing.
func (e *Engine) check(matched bool) error {
	var wrong []error
	bad := func(format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("acd: check: "+format, args...))
	}
	for _, p := range e.agentsInOrder() {
		e.checkAgent(p, bad)
	}
	waiting, talking, promised := make(map[*queueState]int), make(map[*queueState]int), make(map[*queueState]int)
	atDoor := make(map[*queueState]int)
	for _, c := range e.allCalls() {
		e.checkCall(c, bad)
		switch {
		case c.promise != nil:
			if c.inLine() {
				promised[c.queue]++
			}
		case c.inLine():
			waiting[c.queue]++
		case c.stage == warned:
			atDoor[c.queue]++
		default:
			talking[c.queue]++
		}
	}
	for _, q := range e.queuesInOrder() {
		n := q.Numbers.Lifetime()
		if n.Waiting() != waiting[q]+atDoor[q] || q.Line.Len() != waiting[q]+promised[q] {
			bad("queue %s: %d joined and not left, %d in line, %d calls wait", q.ID, n.Waiting(), q.Line.Len(), waiting[q]+atDoor[q])
		}
		if open := q.Callbacks.Open(); open != q.book.Len() {
			bad("queue %s: %d callbacks confirmed and not ended, %d are open", q.ID, open, q.book.Len())
		}
		if since := q.Numbers.Since(); since.Waiting() != n.Waiting() || since.Talking() != n.Talking() {
			bad("queue %s: since reset %d calls wait and %d talk, not %d and %d", q.ID, since.Waiting(), since.Talking(), n.Waiting(), n.Talking())
		}
		chained := 0
		for c := q.waits.oldest; c != nil; c = c.newer {
			if chained++; c.newer != nil && c.newer.Joined < c.Joined {
				bad("queue %s: call %s is said to wait longer than %s", q.ID, c.ID, c.newer.ID)
			}
		}
		if chained != n.Waiting() {
			bad("queue %s: %d calls wait, %d are known to", q.ID, n.Waiting(), chained)
		}
		if n.Talking() != talking[q] {
			bad("queue %s: %d answered and not ended, %d calls talk", q.ID, n.Talking(), talking[q])
		}
		available := 0
		for _, m := range q.Members() {
			if m.AgentOf().Available(&m.Membership) {
				available++
			}
			if !matched {
				continue
			}
			if entry := q.Takes(e.now, m); entry != nil && q.Strategy().Choose == nil {
				bad("queue %s: agent %s is available and call %s is matchable", q.ID, m.Agent, entry.ID)
			}
		}
		if available != q.Available() {
			bad("queue %s: %d agents counted as available, %d are", q.ID, q.Available(), available)
		}
	}
	if e.none.mine || !e.none.empty() {
		bad("engine: what few calls have was written to the one that all others share")
	}
	e.checkRegulars(bad)
	e.checkServers(bad)
	return errors.Join(wrong...)
}

func (e *Engine) checkAgent(p *agentState, bad func(string, ...any)) {
	switch p.Use() {
	case agent.Offered:
		if o := p.offer; o.call == nil || o.until <= e.now && o.until != 0 || e.offers[o.id.N] != p {
			bad("agent %s: rung without an offer that ends", p.ID)
		}
	case agent.Connecting, agent.Talking:
		if p.call == nil || p.call.agent != p || e.calls[p.call.ID] != p.call {
			bad("agent %s: on a call that is not there", p.ID)
		}
		if p.offer.call != nil {
			bad("agent %s: on a call and being rung", p.ID)
		}
	default:
		if p.offer.call != nil || p.call != nil {
			bad("agent %s: his line is free and has an owner", p.ID)
		}
	}
	if (p.Agent.Offer() != nil) != (p.offer.call != nil) {
		bad("agent %s: his line and his offer disagree", p.ID)
	}
	due, _ := p.due(false)
	e.checkTimer("agent "+string(p.ID), due, p.timer, bad)
}

// checkTimer verifies that a deadline is not missed: whoever has one is armed for it, or
// for something before it.
func (e *Engine) checkTimer(who string, due agent.Instant, t timer, bad func(string, ...any)) {
	switch {
	case due == 0:
	case t == 0:
		bad("%s: has a deadline and no timer", who)
	case e.timers.heap[t-1].at > due:
		bad("%s: has a deadline before its timer", who)
	}
}

func (e *Engine) checkCall(c *call, bad func(string, ...any)) {
	if (c.stage == connecting || c.stage == talking || c.stage == dialling) != (c.agent != nil) {
		bad("call %s: its stage and its agent disagree", c.ID)
	}
	e.checkWarned(c, bad)
	e.checkCustomer(c, bad)
	e.checkRegular(c, bad)
	if c.inLine() && c.queue.Line.Position(&c.Entry) == 0 {
		bad("call %s: waits and has no place", c.ID)
	}
	if c.stage == connecting && c.end == 0 {
		bad("call %s: connects without a deadline", c.ID)
	}
	if c.stage == dialling && c.end == 0 {
		bad("call %s: its customer is dialled without a deadline", c.ID)
	}
	if c.promise != nil && c.promise.State.Open() && c.queue.book.Find(c.promise.Number) != c.promise {
		bad("call %s: is a callback that its queue does not know", c.ID)
	}
	rung := c.rung.all()
	if c.Offers() != len(rung) {
		bad("call %s: %d offers, %d agents are rung", c.ID, c.Offers(), len(rung))
	}
	for _, p := range rung {
		if p.offer.call != c {
			bad("call %s: agent %s is not rung for it", c.ID, p.ID)
		}
	}
	due, _ := c.due()
	e.checkTimer("call "+string(c.ID), due, c.timer, bad)
}
