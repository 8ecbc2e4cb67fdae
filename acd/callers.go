package acd

import (
	"fmt"
	"maps"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// callers are the lists and the memory of callers, for all queues.
type callers struct {
	vip       roll[queue.Listing]
	exclusive roll[queue.ExclusiveNumber]
	blocked   roll[queue.BlockedNumber]
	blocking  EnableBlocking
	talks     queue.Talks
}

func (e *Engine) checkListing(l *queue.Listing) error {
	if err := checkTexts(
		text{"number", l.Number, maxNumber}, text{"description", l.Description, maxName}, text{"address", l.Address, 128},
		text{"longitude", l.Longitude, maxNumber}, text{"latitude", l.Latitude, maxNumber},
	); err != nil {
		return err
	}
	if !queue.Identifies(l.Number) {
		return invalid("number", shown(l.Number), "must have 3 digits at the least and not be withheld")
	}
	return nil
}

// stamp sets the times of an entry that is put on a list.
func (e *Engine) stamp(l, old *queue.Listing) {
	l.Created, l.Updated = e.now, e.now
	if old != nil {
		l.Created = old.Created
	}
}

func (e *Engine) setVIP(in SetVIP) error {
	if err := e.checkListing(&in.Listing); err != nil {
		return err
	}
	l := in.Listing
	e.stamp(&l, e.callers.vip.get(l.Number))
	e.callers.vip.put(l.Number, &l)
	e.dirtyCaller(kindVIP, l.Number)
	return nil
}

func (e *Engine) removeVIP(in RemoveVIP) error {
	if !e.callers.vip.remove(in.Number) {
		return notFound("vip_number", shown(in.Number))
	}
	e.dirtyCaller(kindVIP, in.Number)
	return nil
}

// isVIP reports whether a caller goes first (B51).
func (e *Engine) isVIP(number string) bool {
	return queue.Identifies(number) && e.callers.vip.get(number).Counts(e.now)
}

func (e *Engine) setExclusive(in SetExclusive) error {
	if err := e.checkListing(&in.Listing); err != nil {
		return err
	}
	if in.Queue != "" && e.queues[in.Queue] == nil {
		return notFound("queue", string(in.Queue))
	}
	for i, id := range in.Agents {
		if e.agents[id] == nil {
			return notFound("agent", string(id))
		}
		if slices.Contains(in.Agents[:i], id) {
			return invalid("agents", string(id), "must be named once")
		}
	}
	if in.Queue == "" && len(in.Agents) > 0 {
		return invalid("agents", fmt.Sprint(len(in.Agents)), "need a queue")
	}
	x := &queue.ExclusiveNumber{Listing: in.Listing, Agents: make(map[queue.ID][]agent.ID)}
	var old *queue.Listing
	if had := e.callers.exclusive.get(in.Number); had != nil {
		old = &had.Listing
		maps.Copy(x.Agents, had.Agents)
	}
	e.stamp(&x.Listing, old)
	if in.Queue != "" {
		delete(x.Agents, in.Queue)
		if len(in.Agents) > 0 {
			x.Agents[in.Queue] = slices.Clone(in.Agents)
		}
	}
	e.callers.exclusive.put(in.Number, x)
	e.dirtyCaller(kindExclusive, in.Number)
	if len(in.Agents) > 0 {
		e.feedKnown(in.Queue, in.Number)
	}
	return nil
}

func (e *Engine) removeExclusive(in RemoveExclusive) error {
	if !e.callers.exclusive.remove(in.Number) {
		return notFound("exclusive_number", shown(in.Number))
	}
	e.dirtyCaller(kindExclusive, in.Number)
	return nil
}

// talked remembers whom a caller talked with (B70, B71).
func (e *Engine) talked(p *agentState, number string) {
	if p.deleted || !queue.Identifies(number) {
		return
	}
	for _, old := range e.callers.talks.Put(e.now, number, p.n) {
		e.dirtyCaller(kindTalked, old)
	}
	e.dirtyCaller(kindTalked, number)
}

// forgetAgent takes a deleted agent out of the lists and memories that name him
// (B121).
func (e *Engine) forgetAgent(p *agentState) {
	for _, number := range e.callers.talks.Forget(p.n) {
		e.dirtyCaller(kindTalked, number)
	}
	for number, x := range e.callers.exclusive.all() {
		for id, agents := range x.Agents {
			if i := slices.Index(agents, p.ID); i >= 0 {
				x.Agents[id] = slices.Delete(slices.Clone(agents), i, i+1)
				e.dirtyCaller(kindExclusive, number)
			}
		}
	}
	for _, c := range slices.Clone(p.awaited) {
		e.unhold(c)
		e.feed(c)
	}
}

// forgetQueue takes a deleted queue out of the lists that name it (B121).
func (e *Engine) forgetQueue(id queue.ID) {
	for number, x := range e.callers.exclusive.all() {
		if _, ok := x.Agents[id]; ok {
			delete(x.Agents, id)
			e.dirtyCaller(kindExclusive, number)
		}
	}
}

func (e *Engine) setNight(in SetNight) error {
	if e.night != in.On {
		e.night = in.On
		e.change(recordKey{})
	}
	return nil
}

// keyPressed carries out what a key means to a waiting caller.
func (e *Engine) keyPressed(in KeyPressed) error {
	if len(in.Key) != 1 || !validKey(in.Key[0]) {
		return invalid("key", shown(in.Key), "must be one of 0..9, *, #, A..D")
	}
	c, err := e.callerWaits(in.Call)
	if err != nil {
		return err
	}
	e.settleCall(c) // who presses a key is there (B112)
	switch {
	case c.stage == warned && c.end <= e.now, c.leaves(e.now):
		// He leaves: that fell due while he was unconfirmed.
	case c.stage == warned:
		e.warningKey(c, in.Key)
	case c.dialogue != 0 || c.stage != waiting:
	case in.Key == "8" && c.queue.Config.EnableExitForwardRule:
		e.leave(c, queue.Exited, "")
	case in.Key == "3":
		e.offerDialogue(c)
	}
	return nil
}

func validKey(k byte) bool {
	return k >= '0' && k <= '9' || k == '*' || k == '#' || k >= 'A' && k <= 'D'
}
