package acd

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// callers are the lists and the memory of callers, for all queues.
type callers struct {
	vip       roll[queue.Listing]
	exclusive roll[queue.ExclusiveNumber]
	blocked   roll[queue.BlockedNumber]
	blocking  Blocking
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
	if l.Expires != 0 && (l.Expires < minNow || l.Expires > maxNow) {
		return invalid("expire_at", strconv.FormatInt(int64(l.Expires), 10), "must be 1970-01-02..2261-12-31, or 0 for never")
	}
	return nil
}

// stamp sets the times and the revision of an entry that is put on a list.
func (e *Engine) stamp(l, old *queue.Listing) {
	l.Created, l.Updated, l.Revision = e.now, e.now, 1
	if old != nil {
		l.Created, l.Revision = old.Created, old.Revision+1
	}
}

func (e *Engine) setVIP(in SetVIP) error {
	if err := e.checkListing(&in.Listing); err != nil {
		return err
	}
	l := in.Listing
	old, err := entryOf(&e.callers.vip, kindVIP, &l, func(v *queue.Listing) *queue.Listing { return v })
	if err != nil {
		return err
	}
	e.stamp(&l, old)
	enter(e, &e.callers.vip, kindVIP, &l, old, &l)
	return nil
}

// entryOf is entryMeant, of the revision that the listing is based on, if it is.
func entryOf[V any](on *roll[V], list kind, l *queue.Listing, of func(*V) *queue.Listing) (*queue.Listing, error) {
	old, err := entryMeant(on, list, l, of)
	switch {
	case err != nil || l.Revision == 0:
		return old, err
	case old == nil:
		return nil, notFound(listNames[list], shown(l.Number)) // not any more
	}
	return old, checkRevision(listNames[list], shown(old.Number), l.Revision, old.Revision)
}

// entryMeant returns what was said of the entry that a listing is about, nil if that
// is new, and gives the listing its id: without one it is about the entry of its number,
// with one about that entry, whose number may change.
func entryMeant[V any](on *roll[V], list kind, l *queue.Listing, of func(*V) *queue.Listing) (*queue.Listing, error) {
	has, named := on.get(l.Number), on.named(l.ID)
	switch {
	case l.ID == "" && has == nil:
		l.ID = on.freeID(l.Number)
		return nil, nil
	case l.ID == "":
		l.ID = of(has).ID
		return of(has), nil
	case has != named && has != nil:
		return nil, exists(listNames[list], shown(l.Number))
	case named == nil:
		return nil, checkID("id", l.ID)
	}
	return of(named), nil
}

// enter makes v, of which l is the listing, an entry of a list, instead of the one
// that there was.
func enter[V any](e *Engine, on *roll[V], list kind, l, old *queue.Listing, v *V) {
	if old != nil && old.Number != l.Number {
		number := old.Number
		on.remove(number, old.ID)
		e.dirtyCaller(list, number)
	}
	on.put(l.Number, l.ID, v)
	e.dirtyCaller(list, l.Number)
}

// listNames are the names of the lists' entries in errors.
var listNames = map[kind]string{kindVIP: "vip_number", kindExclusive: "exclusive_number", kindBlocked: "blocked_number"}

// strike takes the entry of a number, or of an id, off a list.
func strike[V any](e *Engine, on *roll[V], list kind, number, id string, revision uint64, of func(*V) *queue.Listing) error {
	v := on.get(number)
	if number == "" {
		v = on.named(id)
	}
	if v == nil || id != "" && of(v).ID != id {
		if number == "" {
			number = id
		}
		return notFound(listNames[list], shown(number))
	}
	number = of(v).Number
	if err := checkRevision(listNames[list], shown(number), revision, of(v).Revision); err != nil {
		return err
	}
	on.remove(number, of(v).ID)
	e.dirtyCaller(list, number)
	return nil
}

func (e *Engine) removeVIP(in RemoveVIP) error {
	return strike(e, &e.callers.vip, kindVIP, in.Number, in.ID, in.Revision, func(v *queue.Listing) *queue.Listing { return v })
}

// isVIP reports whether a caller goes first (B51).
func (e *Engine) isVIP(number string) bool {
	return e.callers.vip.len() > 0 && queue.Identifies(number) && e.callers.vip.get(number).Counts(e.now)
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
	old, err := entryOf(&e.callers.exclusive, kindExclusive, &x.Listing, listingOfExclusive)
	if err != nil {
		return err
	}
	if old != nil {
		maps.Copy(x.Agents, e.callers.exclusive.get(old.Number).Agents)
	}
	e.stamp(&x.Listing, old)
	if in.Queue != "" {
		delete(x.Agents, in.Queue)
		if len(in.Agents) > 0 {
			x.Agents[in.Queue] = slices.Clone(in.Agents)
		}
	}
	enter(e, &e.callers.exclusive, kindExclusive, &x.Listing, old, x)
	e.relisted(x)
	return nil
}

func listingOfExclusive(x *queue.ExclusiveNumber) *queue.Listing { return &x.Listing }

func (e *Engine) removeExclusive(in RemoveExclusive) error {
	return strike(e, &e.callers.exclusive, kindExclusive, in.Number, in.ID, in.Revision, listingOfExclusive)
}

// talked remembers whom a caller talked with (B70, B71).
func (e *Engine) talked(p *agentState, number string) {
	if p.deleted || !queue.Identifies(number) {
		return
	}
	for _, old := range e.callers.talks.Put(e.now, number, p.n) {
		e.dirtyCaller(kindTalked, old)
	}
	e.introduce(p, number)
	for _, c := range e.regulars.all(number) {
		e.feed(c) // it may be held for him from now on (B73)
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
		named := false
		for id, agents := range x.Agents {
			if i := slices.Index(agents, p.ID); i >= 0 {
				x.Agents[id] = slices.Delete(slices.Clone(agents), i, i+1)
				named = true
			}
		}
		if named {
			x.Revision++
			e.dirtyCaller(kindExclusive, number)
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
			x.Revision++
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
	if c.dialogue != 0 && c.dialogue <= e.now {
		e.endDialogue(c) // that fell due while he was unconfirmed
	}
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
