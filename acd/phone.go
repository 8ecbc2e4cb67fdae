package acd

import (
	"cmp"
	"slices"

	"github.com/acdkit/acdkit/agent"
)

// setStatus sets an agent's status by hand (B10, B14, B20).
func (e *Engine) setStatus(in SetStatus) error {
	if err := checkText(text{"reason", in.Reason, maxReason}); err != nil {
		return err
	}
	if err := checkStatus(in.Status); err != nil {
		return err
	}
	p := e.agents[in.Agent]
	if p == nil {
		return notFound("agent", string(in.Agent))
	}
	members := p.InAll(in.Status)
	if in.Queue != "" {
		q := e.queues[in.Queue]
		if q == nil {
			return notFound("queue", string(in.Queue))
		}
		m := p.member(q)
		if m == nil {
			return notFound("member", string(in.Agent)+" of "+string(in.Queue))
		}
		members = []*agent.Membership{&m.Membership}
	}
	members = slices.Clone(members)
	changed, err := p.SetStatus(e.now, in.Status, in.Reason, members...)
	if err != nil {
		return invalid("status", in.Status.String(), "cannot be set")
	}
	p.note(changed)
	e.restaff(members...)
	e.withdrawUnavailable(p)
	e.touch(p)
	return nil
}

func checkStatus(s agent.Status) error {
	if !s.Settable() {
		return invalid("status", s.String(), "must be one of READY, NOT_READY, WRAP_UP, BREAK, LUNCH, LOGGED_IN, LOGGED_OUT")
	}
	return nil
}

// registered notes what the host says of an agent's phone (B19).
func (e *Engine) registered(in Registered) error {
	p := e.agents[in.Agent]
	if p == nil {
		return notFound("agent", string(in.Agent))
	}
	if p.Registered() != in.Gone {
		return nil // a report that repeats it
	}
	changed := p.SetRegistered(e.now, !in.Gone)
	p.note(changed)
	if in.Gone && p.offer.call != nil {
		e.endOffer(p, agent.Unreachable, true)
	}
	e.restaff(slices.Clone(p.Members())...)
	e.touch(p)
	return nil
}

// otherCall notes a call of an agent that is not the library's (B58).
func (e *Engine) otherCall(in OtherCall) error {
	if err := checkID("call", in.Call); err != nil {
		return err
	}
	if err := checkText(text{"number", in.Number, maxNumber}); err != nil {
		return err
	}
	p := e.agents[in.Agent]
	if p == nil {
		return notFound("agent", string(in.Agent))
	}
	switch in.State {
	case OtherRinging, OtherTalking:
		if !p.StartOther(e.now, in.Call, in.Number, in.State == OtherTalking) {
			return nil
		}
		e.unask(p, in.Call)
		if in.State == OtherTalking && p.offer.call != nil {
			e.endOffer(p, agent.Withdrawn, true) // he takes up another call (B15)
		}
		e.dirtyMembers(p)
		e.touchLine(p)
	case OtherEnded:
		for _, o := range p.Others() {
			if o.ID == in.Call && o.Talking { // an answered one is a talk (B71)
				e.talked(p, cmp.Or(in.Number, o.Number))
			}
		}
		changed, ok := p.EndOther(e.now, in.Call)
		if !ok {
			return nil
		}
		e.unask(p, in.Call)
		p.note(changed)
		e.restaff(slices.Clone(p.Members())...)
		e.touch(p)
	default:
		return invalid("state", in.State.String(), "must be RINGING, TALKING or ENDED")
	}
	return nil
}
