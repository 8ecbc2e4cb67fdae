package acd

import (
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// ring begins an offer: it claims the agent's line and orders to ring him (B30).
func (e *Engine) ring(c *call, m *memberState, why Why) {
	p, q := m.agent, m.queue
	e.counts.Offers++
	config := &q.Config
	p.offer = offer{
		id:      OfferID{Epoch: e.epoch, N: e.counts.Offers},
		call:    c,
		member:  m,
		began:   e.now,
		until:   e.now.Add(config.RingTime),
		manual:  config.Connect == queue.ConnectManual,
		connect: config.ConnectTime,
	}
	if config.AlertTime > 0 {
		p.offer.alertBy = e.now.Add(config.AlertTime)
	}
	e.offers[p.offer.id.N] = p
	p.Ring(e.now, &m.Membership, e.order())
	q.Ring(&c.Entry, &m.Member)
	c.rung.add(p)
	if c.again != 0 {
		c.again = 0
		e.armCall(c)
	}

	ev := e.chunks.ring.new()
	why.Position = q.Line.Position(&c.Entry)
	*ev = Ring{
		About: c.about(), Offer: p.offer.id, Agent: p.ID, Number: c.number, Name: c.name,
		For: config.RingTime, Wait: c.wait(e.now), Why: why,
		PAsserted: config.EnablePAID, RemoteParty: config.EnablePRID, ToExtension: config.ExtensionNumberAsToHeader,
	}
	e.emit(ev)
	if c.promise != nil && c.promise.Ring() {
		e.tellPromise(c)
	}
	e.touchLine(p)
	e.dirtyCall(c)
	e.dirtyMember(m)
	if q.Own() {
		e.dirtyNumbers(q)
	}
}

// endOffer ends the agent's offer. stop says that the host has to be ordered to
// stop ringing, because the end did not come from the phone.
func (e *Engine) endOffer(p *agentState, end agent.End, stop bool) {
	o := p.offer
	c, m, q := o.call, o.member, o.member.queue
	sole := c.Sole(e.now)
	fresh := end == agent.NoAnswer && sole && c.Fresh(&m.Member)
	c.rung.remove(p)
	p.offer = offer{}
	delete(e.offers, o.id.N)
	e.ended.add(o.id.N, c)
	q.EndOffer(e.now, &c.Entry, &p.Agent, end)
	q.Numbers.EndOffer(end)
	e.dirtyNumbers(q)
	e.dirtyMember(m)
	if end != agent.Answered {
		e.restaff(p.note(p.Miss(e.now, end, sole, fresh))...)
		e.touch(p)
	}
	if stop {
		ev := e.chunks.stopRinging.new()
		*ev = StopRinging{About: c.about(), Offer: o.id, Agent: p.ID, End: end}
		e.emit(ev)
	}
	ev := e.chunks.offerEnded.new()
	*ev = OfferEnded{About: c.about(), Offer: o.id, Agent: p.ID, End: end, Rang: e.now.Sub(o.began)}
	e.emit(ev)
	taken := end == agent.Answered || end == agent.LostRace // it is dialled next
	if c.promise != nil && !taken && c.rung.first == nil && c.promise.Unring() {
		e.tellPromise(c)
	}
	e.feed(c)
}

// endOffers ends all offers of a call, in configured order.
func (e *Engine) endOffers(c *call, end agent.End) {
	rung := c.rung.all()
	slices.SortStableFunc(rung, func(a, b *agentState) int { return a.offer.member.Place - b.offer.member.Place })
	for _, p := range rung {
		e.endOffer(p, end, true)
	}
}

// ringing returns the agents who are being rung, in the order of B100.
func (e *Engine) ringing() []*agentState {
	rung := make([]*agentState, 0, len(e.offers))
	for _, p := range e.offers {
		rung = append(rung, p)
	}
	slices.SortFunc(rung, func(a, b *agentState) int { return inLineOrder(owner{agent: a}, owner{agent: b}) })
	return rung
}

// offered finds the agent whom an offer rings. ErrOfferEnded if it has ended,
// ErrNotFound if there never was one (B110).
func (e *Engine) offered(id OfferID) (*agentState, error) {
	if id.Epoch == e.epoch {
		if p, ok := e.offers[id.N]; ok {
			return p, nil
		}
	}
	if id.N == 0 || id.Epoch == 0 || id.Epoch > e.epoch || id.Epoch == e.epoch && id.N > e.counts.Offers {
		return nil, notFound("offer", id.String())
	}
	return nil, &Error{Err: ErrOfferEnded, What: "offer", ID: id.String(), Waiting: e.endedCall(id)}
}

func (e *Engine) alerting(in Alerting) error {
	p, err := e.offered(in.Offer)
	if err != nil {
		return err
	}
	p.offer.alertBy = 0
	p.Alerting()
	e.armAgent(p)
	e.dirtyAgent(p)
	return nil
}

func (e *Engine) refused(in Refused) error {
	switch in.End {
	case agent.Rejected, agent.Busy, agent.Unreachable:
	default:
		return invalid("end", in.End.String(), "must be REJECTED, BUSY or UNREACHABLE")
	}
	p, err := e.offered(in.Offer)
	if err != nil {
		return err
	}
	e.endOffer(p, in.End, false)
	return nil
}

// answered lets the first answer win, in one step: every other offer of the call
// is a lost race (B30).
func (e *Engine) answered(in Answered) error {
	p, err := e.offered(in.Offer)
	if err != nil {
		return err
	}
	e.accept(p)
	return nil
}

// accept is the answer of an agent who is being rung.
func (e *Engine) accept(p *agentState) {
	o := p.offer
	e.endOffer(p, agent.Answered, false)
	e.endOffers(o.call, agent.LostRace)
	p.Answer(e.now, o.manual || o.call.promise != nil, e.order())
	e.took(o.call, p, ByOffer, o)
}

// agentDue lets act what is due on an agent.
func (e *Engine) agentDue(p *agentState, c class) {
	if c == classWake {
		members := p.note(p.Wake(e.now))
		if !p.Registered() {
			members = slices.Clone(p.Members()) // a grace may have ended
		}
		e.restaff(members...)
		e.withdrawUnavailable(p)
		e.touch(p)
		return
	}
	if o := &p.offer; o.call != nil && !e.resync {
		switch {
		case o.alertBy != 0 && o.alertBy <= e.now:
			e.endOffer(p, agent.Unreachable, true)
		case o.until <= e.now:
			e.endOffer(p, agent.NoAnswer, true)
		}
	}
	e.leaseDue(p)
}

// withdrawUnavailable takes the agent's offer back if his status ended his
// availability in the queue that rings him (B15).
func (e *Engine) withdrawUnavailable(p *agentState) {
	if p.offer.call != nil && p.offer.member.Set != agent.Ready {
		e.endOffer(p, agent.Withdrawn, true)
	}
}

// endedOffers remembers the entries of the newest offers that have ended, so that
// an answer that comes too late can be told whether the entry still waits (B30).
type endedOffers [1024]struct {
	n    uint64
	call queue.CallID
	seq  uint64 // the id may be that of another entry by now
}

func (l *endedOffers) add(n uint64, c *call) {
	slot := &l[n%uint64(len(l))]
	slot.n, slot.call, slot.seq = n, c.ID, c.Seq
}

// endedCall reports whether the entry of an offer that has ended still waits, as
// far as that is remembered.
func (e *Engine) endedCall(id OfferID) bool {
	slot := &e.ended[id.N%uint64(len(e.ended))]
	if id.Epoch != e.epoch || slot.n != id.N {
		return false
	}
	c := e.calls[slot.call]
	return c != nil && c.Seq == slot.seq && c.stage == waiting
}
