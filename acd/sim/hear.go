package sim

import (
	"errors"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// react does what the engine's events ask for until there are none.
func (w *world) react() error {
	for {
		w.events = w.engine.TakeInto(w.events[:0])
		if len(w.events) == 0 {
			return nil
		}
		w.sample.events += uint64(len(w.events))
		for i := range w.events {
			w.hear(w.events[i])
		}
		if err := w.reply(); err != nil {
			return err
		}
	}
}

// reply gives the engine what the events call for in the same instant.
func (w *world) reply() error {
	for _, in := range w.inputs {
		if err := w.step(in); err != nil && !errors.Is(err, acd.ErrOfferEnded) {
			return err
		}
	}
	clear(w.inputs)
	w.inputs = w.inputs[:0]
	fresh := w.fresh
	w.fresh = w.fresh[:0]
	for len(fresh) > 0 {
		n := 1
		for n < len(fresh) && fresh[n].call == fresh[0].call {
			n++
		}
		o := &fresh[0]
		if n > 1 { // of several phones each is as likely to be the first
			o = &fresh[w.ties.IntN(n)]
		}
		if w.people[o.agent].offer == o.n {
			if err := w.step(acd.Answered{Offer: acd.OfferID{Epoch: 1, N: o.n}}); err != nil {
				return err
			}
		}
		fresh = fresh[n:]
	}
	return nil
}

// hear takes one event in.
func (w *world) hear(e acd.Event) {
	if w.seen != nil {
		w.seen(e)
	}
	switch do := e.Do.(type) {
	case *acd.Ring:
		w.rings(do)
	case *acd.StopRinging:
		w.stops(w.agentOf(do.Agent))
	case *acd.Connect:
		if do.Manual {
			w.inputs = append(w.inputs, acd.MediaJoined{Call: do.Call})
		}
	case *acd.Confirm:
		w.inputs = append(w.inputs, acd.ConfirmCall{Call: do.Call})
	case *acd.CallJoined:
		c := &w.calls[slotOf(do.Call)]
		c.inLine = true
		w.count(&w.lines[c.queue], 1)
	case *acd.CallConnected:
		w.connected(do)
	case *acd.CallLeft:
		w.left(do)
	case *acd.TalkEnded:
		w.ended(do)
	case *acd.StatusChanged:
		w.status(do)
	}
}

// rings lets an agent's phone ring: he answers after a while, at once, or not at
// all.
func (w *world) rings(do *acd.Ring) {
	who, slot := w.agentOf(do.Agent), slotOf(do.Call)
	c, p := &w.calls[slot], &w.people[who]
	l, g := &w.lines[c.queue], &w.groups[w.group[who]]
	p.offer, p.sticky = do.Offer.N, do.Why.By == acd.BySticky
	if c.counted {
		l.tally.offers++
	}
	if l.alert {
		w.inputs = append(w.inputs, acd.Alerting{Offer: do.Offer})
	}
	if share := w.config.Agents[w.group[who]].NoAnswer; share > 0 && g.phones.Float64() < share {
		return
	}
	if after := g.answer.time(w.now); after > 0 {
		w.agenda.set(w.whoAgent(who), w.now+after, order(answers, w.ties.Uint64()))
		return
	}
	w.fresh = append(w.fresh, offer{do.Offer.N, who, slot})
}

// stops notes that an agent's phone rings no longer.
func (w *world) stops(who int32) {
	w.people[who].offer = 0
	w.agenda.drop(w.whoAgent(who))
}

// connected begins a talk.
func (w *world) connected(do *acd.CallConnected) {
	who, slot := w.agentOf(do.Agent), slotOf(do.Call)
	c, p := &w.calls[slot], &w.people[who]
	w.stops(who)
	c.agent, p.call, p.began = who, slot, w.now
	w.do(w.whoCall(slot), w.now+c.service, endsTalk)
	if !c.counted {
		return
	}
	l := &w.lines[c.queue]
	t, wait := l.tally, int64(do.Wait)
	p.served++
	t.served++
	t.wait.add(wait)
	w.detail.waits[c.queue].Add(do.Wait)
	if p.sticky {
		t.sticky++
	}
	s := &w.detail.slots[c.queue][c.slot]
	s.served++
	if l.sla >= 0 && wait <= l.sla {
		t.soon++
		s.soon++
		w.sample.periods[c.queue][c.period].soon++
	}
}

// left takes a call out of the line.
func (w *world) left(do *acd.CallLeft) {
	slot := slotOf(do.Call)
	c := &w.calls[slot]
	l := &w.lines[c.queue]
	t, wait := l.tally, int64(do.Wait)
	if c.inLine {
		c.inLine = false
		w.count(l, -1)
		if c.counted {
			t.left++
			t.waitAll.add(wait)
		}
	}
	if c.counted {
		if wait > 0 {
			t.waited++
		}
		switch do.Outcome {
		case queue.Answered:
		case queue.Abandoned:
			t.abandoned++
			t.waitAbandoned.add(wait)
			s := &w.detail.slots[c.queue][c.slot]
			s.abandoned++
			if l.sla >= 0 && wait > l.sla {
				t.late++
				s.late++
			}
		case queue.TimedOut:
			t.timedOut++
		default:
			t.refused++
		}
	}
	if do.Outcome != queue.Answered {
		w.agenda.drop(w.whoCall(slot))
		w.free = append(w.free, slot)
	}
}

// ended ends a talk.
func (w *world) ended(do *acd.TalkEnded) {
	slot := slotOf(do.Call)
	p := &w.people[w.calls[slot].agent]
	p.talk += w.window(p.began, w.now)
	p.call = -1
	w.agenda.drop(w.whoCall(slot))
	w.free = append(w.free, slot)
}

// status notes that somebody went off duty, and brings back who waits for nothing
// but himself: without agent_auto_ready a talk or a missed ring leaves an agent in
// a wrap-up without end (B16, B18).
func (w *world) status(do *acd.StatusChanged) {
	who := w.agentOf(do.Agent)
	p := &w.people[who]
	for i := range do.Changes {
		switch ch := &do.Changes[i]; {
		case ch.Set == agent.LoggedOut && p.onDuty:
			w.offDuty(p)
		case ch.Set == agent.WrapUp && !ch.ByHand && p.onDuty && !p.leaving:
			w.inputs = append(w.inputs, acd.SetStatus{Agent: do.Agent, Queue: ch.Queue, Status: agent.Ready})
		}
	}
}
