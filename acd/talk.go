package acd

import (
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// confirmWait is how long a host has to answer Confirm (B29).
const confirmWait = 60 * time.Second

// took gives a call to an agent whose line has been taken for it: it connects,
// or talks at once (B48). o is the offer that he answered, if any, else what
// the queue's configuration says now.
func (e *Engine) took(c *call, p *agentState, by Reason, o offer) {
	e.unhold(c)
	c.began = e.now
	if o.call != nil {
		c.began = o.began
	}
	if c.promise != nil {
		c.by = by
		e.dial(c, p)
		return
	}
	e.silence(c)
	p.call, c.agent, c.by = c, p, by
	c.answered, c.took = e.now, e.now
	c.Holds &^= queue.HoldUnconfirmed
	c.again, c.emptied = 0, false
	ev := e.chunks.connect.new()
	*ev = Connect{About: c.about(), Agent: p.ID, Offer: o.id, By: by, Manual: o.manual, Wait: c.wait(e.now)}
	e.emit(ev)
	if o.manual {
		c.stage = connecting
		c.Holds |= queue.HoldConnecting
		c.end = e.now.Add(o.connect)
		c.queue.Touch(e.now, &c.Entry)
		e.armCall(c)
		e.dirtyCall(c)
	} else {
		e.connected(c)
	}
	e.dirtyKnown(p, c.queue)
	e.touchLine(p)
}

// connected makes the answer count: caller and agent hear each other.
func (e *Engine) connected(c *call) {
	q, p := c.queue, c.agent
	wait := c.wait(c.answered)
	e.leaveLine(c)
	c.stage = talking
	c.Holds = 0
	e.bookLeave(c, queue.Answered, wait)
	e.talks.add(c)
	e.lease(c)
	q.Rates.Left(wait, false)
	if c.estimate >= 0 {
		q.Score.Add(time.Duration(c.estimate)*time.Second, wait)
	}
	e.dirtyNumbers(q)
	e.dirtyCall(c)
	joined := e.chunks.callConnected.new()
	*joined = CallConnected{About: c.about(), Agent: p.ID, By: c.by, Wait: wait}
	e.emit(joined)
	left := e.chunks.callLeft.new()
	*left = CallLeft{About: c.about(), Outcome: queue.Answered, Agent: p.ID, Wait: wait}
	e.emit(left)
	e.served(q, c.number)
}

// lease begins a talk lease (B29).
func (e *Engine) lease(c *call) {
	c.end, c.leaseAsked = 0, false
	if d := c.queue.Config.TalkLease; d > 0 {
		c.end = e.now.Add(d)
	}
	e.armCall(c)
	e.dirtyCall(c)
}

// connectingCall finds a call that is connecting.
func (e *Engine) connectingCall(id queue.CallID) (*call, error) {
	c := e.calls[id]
	switch {
	case c == nil:
		return nil, notFound("call", string(id))
	case c.stage != connecting:
		return nil, invalid("call", string(id), "is not connecting")
	}
	return c, nil
}

func (e *Engine) mediaJoined(in MediaJoined) error {
	c := e.calls[in.Call]
	if c == nil {
		return notFound("call", string(in.Call))
	}
	if c.stage == talking {
		return nil // a report that comes twice
	}
	if _, err := e.connectingCall(in.Call); err != nil {
		return err
	}
	c.agent.Connect()
	e.touchLine(c.agent)
	e.connected(c)
	return nil
}

func (e *Engine) mediaFailed(in MediaFailed) error {
	c, err := e.connectingCall(in.Call)
	if err != nil {
		return err
	}
	e.dropAnswer(c)
	return nil
}

// dropAnswer ends a connection by the agent's side: the call keeps its place and
// is matched again at once (B48).
func (e *Engine) dropAnswer(c *call) {
	p, q := c.agent, c.queue
	left := e.disconnect(c, p.Drop(e.now, q.Config.UnreachableDelay))
	q.Dropped(e.now, &c.Entry, &p.Agent)
	if p.deleted {
		c.Forget(&p.Agent)
	}
	switch {
	case c.leaves(e.now) && c.Holds&queue.HoldUnconfirmed == 0:
		e.leave(c, queue.TimedOut, "") // it had waited for the connection (B43)
	case c.emptied && q.LoggedIn() == 0 && !q.Config.WaitWhenNoAgentsOnline:
		e.leave(c, queue.NoAgents, "") // so had this (B40)
	default:
		q.Touch(e.now, &c.Entry) // the estimates of those behind it know
		e.startMusic(c)
		e.feed(c)
	}
	e.emptyLines(left)
}

// disconnect takes a connecting call from its agent, who has been freed; changed
// are his memberships whose statuses that changed. It returns the queues that he was
// the last one to leave, for emptyLines: the call must have its place, or none, before.
func (e *Engine) disconnect(c *call, changed []*agent.Membership) (left []*queueState) {
	p := c.agent
	left = e.recount(p.note(changed))
	p.call, c.agent = nil, nil
	delete(e.gone, p.ID)
	c.stage = waiting
	c.Holds &^= queue.HoldConnecting
	c.end, c.answered = 0, 0
	e.emit(&ConnectFailed{About: c.about(), Agent: p.ID})
	if c.sla != 0 && c.sla <= e.now && c.Holds&queue.HoldUnconfirmed == 0 {
		e.breach(c) // he was not answered in time after all
	}
	e.dirtyKnown(p, c.queue)
	e.touch(p)
	e.armCall(c)
	e.dirtyCall(c)
	return left
}

// finish ends a talk, once (B47). wrapUp is false where none follows (B27).
func (e *Engine) finish(c *call, by TalkEnd, wrapUp bool) {
	e.warmAgent(c.agent)
	e.warmCall(c)
	q := c.queue
	if c.promise == nil { // callbacks have a ledger of their own (B46)
		q.Numbers.EndTalk(c.answered.Sub(c.began), e.now.Sub(c.answered))
	} else {
		q.Numbers.EndCallback(c.answered.Sub(c.began), e.now.Sub(c.answered))
	}
	e.handled(c)
	e.dirtyNumbers(q)
	ev := e.chunks.talkEnded.new()
	*ev = TalkEnded{About: c.about(), Agent: c.agent.ID, By: by, Talk: e.now.Sub(c.took)}
	e.emit(ev)
	e.talks.remove(c)
	left := e.releaseTalk(c, wrapUp)
	e.forget(c)
	e.emptyLines(left)
}

// handled notes how long a talk that ends took an agent of its queue (B64).
func (e *Engine) handled(c *call) {
	if m := c.agent.Call().Membership; m != nil {
		c.queue.Rates.Took(e.now.Sub(c.began) + m.WrapUpLength())
	}
}

// releaseTalk frees the line of the agent who talks with c (B16). It returns the queues
// that he was the last one to leave by that, for emptyLines: that is told after what
// becomes of the call (B100).
func (e *Engine) releaseTalk(c *call, wrapUp bool) (left []*queueState) {
	p := c.agent
	e.talked(p, c.number)
	left = e.recount(p.note(p.EndTalk(e.now, wrapUp)))
	p.call, c.agent = nil, nil
	delete(e.gone, p.ID)
	e.dirtyKnown(p, c.queue)
	e.touch(p)
	return left
}

func (e *Engine) endTalk(in EndTalk) error {
	if in.By != ByAgent && in.By != ByTransfer && in.By != ByCaller {
		return invalid("by", in.By.String(), "must be AGENT, CALLER or TRANSFER")
	}
	c := e.calls[in.Call]
	switch {
	case c == nil:
		return notFound("call", string(in.Call))
	case c.stage == connecting:
		e.dropAnswer(c)
	case c.stage == dialling:
		e.agentGone(c)
	case c.stage == talking:
		e.finish(c, in.By, true)
	default:
		return invalid("call", string(in.Call), "is waiting, not talking")
	}
	return nil
}

func (e *Engine) hold(in Hold) error {
	c := e.calls[in.Call]
	switch {
	case c == nil:
		return notFound("call", string(in.Call))
	case c.stage != talking:
		return invalid("call", string(in.Call), "is waiting, not talking")
	}
	c.held = in.On
	e.dirtyCall(c)
	return nil
}

// pickup gives a named waiting call to a named agent at once (B54).
func (e *Engine) pickup(in Pickup) error {
	c := e.calls[in.Call]
	if c == nil {
		return notFound("call", string(in.Call))
	}
	if c.stage != waiting {
		return &Error{Err: ErrNotWaiting, What: "call", ID: string(in.Call)}
	}
	if c.Holds&queue.HoldCustomer != 0 {
		return &Error{Err: ErrNotWaiting, What: "call", ID: string(in.Call), Text: "its customer is called by another callback"}
	}
	p := e.agents[in.Agent]
	switch {
	case p == nil:
		return notFound("agent", string(in.Agent))
	case p.call != nil || len(p.Others()) > 0:
		return &Error{Err: ErrAgentBusy, What: "agent", ID: string(in.Agent)}
	case p.offer.call == c:
		e.accept(p) // the pick-up is his answer
		return nil
	}
	e.lateMark(c)
	e.endOffers(c, agent.Withdrawn)
	if p.offer.call != nil {
		e.endOffer(p, agent.Withdrawn, true)
	}
	q := c.queue
	o := offer{manual: q.Config.Connect == queue.ConnectManual, connect: q.Config.ConnectTime}
	p.Pickup(e.now, q.ID, membership(p.member(q)), o.manual || c.promise != nil, e.order())
	e.took(c, p, ByPickup, o)
	return nil
}

// membership is m's, or nil.
func membership(m *memberState) *agent.Membership {
	if m == nil {
		return nil
	}
	return &m.Membership
}

// handOver moves a talk to another agent (B55).
func (e *Engine) handOver(in HandOver) error {
	c := e.calls[in.Call]
	switch {
	case c == nil:
		return notFound("call", string(in.Call))
	case c.stage != talking:
		return invalid("call", string(in.Call), "is waiting, not talking")
	}
	if err := checkID("agent", string(in.Agent)); err != nil {
		return err
	}
	p := e.agents[in.Agent]
	if p == nil {
		e.finish(c, ByTransfer, true) // out of the library's sight
		return nil
	}
	if p.call != nil || p.offer.call != nil || !p.Registered() || !consulting(p) {
		return &Error{Err: ErrAgentBusy, What: "agent", ID: string(in.Agent)}
	}
	ev := e.chunks.callConnected.new()
	*ev = CallConnected{About: c.about(), Agent: p.ID, By: ByHandOver, From: c.agent.ID, Wait: c.wait(c.answered)}
	e.emit(ev)
	left := e.releaseTalk(c, true)
	e.absorb(p)
	p.Pickup(e.now, c.queue.ID, membership(p.member(c.queue)), false, e.order())
	p.call, c.agent, c.by = c, p, ByHandOver
	c.took = e.now
	c.unconfirmed = false
	e.talks.remove(c)
	e.talks.add(c)
	e.lease(c)
	e.dirtyKnown(p, c.queue)
	e.touchLine(p)
	e.emptyLines(left)
	return nil
}

// consulting reports whether an agent's line is free, or taken only by the
// consultation that precedes a hand-over (B55).
func consulting(p *agentState) bool {
	others := p.Others()
	return len(others) == 0 || len(others) == 1 && others[0].Talking
}

// freeAgent frees an agent whose call the host has lost (B27).
func (e *Engine) freeAgent(in FreeAgent) error {
	p := e.agents[in.Agent]
	if p == nil {
		return notFound("agent", string(in.Agent))
	}
	e.free(p)
	return nil
}

func (e *Engine) free(p *agentState) {
	if p.offer.call != nil {
		e.endOffer(p, agent.Withdrawn, true)
	}
	e.absorb(p)
	switch c := p.call; {
	case c == nil:
		e.restaff(p.note(p.Free(e.now))...)
		e.touch(p)
	case c.stage == connecting:
		e.dropAnswer(c)
	case c.stage == dialling:
		e.agentGone(c)
	default:
		e.finish(c, ByLost, false)
	}
}

// absorb forgets an agent's other calls.
func (e *Engine) absorb(p *agentState) {
	for _, o := range p.Others() {
		e.unask(p, o.ID)
	}
	p.Absorb()
}

// unask forgets that the host was asked whether an agent's other call lives.
func (e *Engine) unask(p *agentState, id string) {
	asked := slices.DeleteFunc(e.asked[id], func(a *agentState) bool { return a == p })
	if len(asked) == 0 {
		delete(e.asked, id)
		return
	}
	e.asked[id] = asked
}

// leaseDue lets the leases of an agent's other calls act (B29).
func (e *Engine) leaseDue(p *agentState) {
	for _, o := range slices.Clone(p.Others()) {
		if o.Lease == 0 || o.Lease > e.now {
			continue
		}
		if !o.Asked {
			p.AskOther(o.ID, e.now.Add(confirmWait))
			e.asked[o.ID] = append(e.asked[o.ID], p)
			e.emit(&Confirm{About: About{Call: queue.CallID(o.ID)}, Agent: p.ID})
			continue
		}
		e.unask(p, o.ID)
		e.restaff(p.note(p.LoseOther(e.now, o.ID))...)
		e.touch(p)
	}
	e.dirtyAgent(p)
}

// talkDue lets the lease of a talk act (B29).
func (e *Engine) talkDue(c *call) {
	if c.leaseAsked {
		e.finish(c, ByLost, false)
		return
	}
	c.leaseAsked = true
	c.end = e.now.Add(confirmWait)
	e.dirtyCall(c)
	e.emit(&Confirm{About: c.about(), Agent: c.agent.ID})
}

// confirmCall is the host's word that a call lives (B29, B112).
func (e *Engine) confirmCall(in ConfirmCall) error {
	c := e.calls[in.Call]
	others := e.confirmOthers(string(in.Call))
	switch {
	case c == nil && !others:
		return notFound("call", string(in.Call))
	case c == nil:
	case c.stage == talking && (c.unconfirmed || c.leaseAsked):
		c.unconfirmed = false
		e.lease(c)
	default:
		e.settleCall(c)
	}
	return nil
}

// settleCall lets a call that waits or connects go on after a restart: somebody is
// there (B112). What fell due meanwhile acts now.
func (e *Engine) settleCall(c *call) {
	if c.Holds&queue.HoldUnconfirmed == 0 {
		return
	}
	c.Holds &^= queue.HoldUnconfirmed
	if c.stage == connecting {
		c.end = e.now.Add(c.queue.Config.ConnectTime)
	}
	if c.stage == waiting && c.dialogue == 0 && !c.music && c.introEnd() == 0 {
		e.startMusic(c) // that of a connection which has failed meanwhile
	}
	e.armCall(c)
	e.feed(c)
}

// confirmOthers begins another lease of an other call, which two agents may have
// with one another. It reports whether anybody was asked about it.
func (e *Engine) confirmOthers(id string) bool {
	asked := e.asked[id]
	delete(e.asked, id)
	for _, p := range asked {
		p.ConfirmOther(e.now, id)
		e.touchLine(p)
	}
	return len(asked) > 0
}
