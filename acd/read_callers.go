package acd

import (
	"iter"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Lists say how many numbers are on the lists of callers, in force or not, and
// what is turned on; a value.
type Lists struct {
	VIP       int // B51
	Exclusive int // B72
	Blocked   int // B45
	// Blocking are the levels of blocking that are enabled (B45), Night is the
	// night mode of the whole router (B41).
	Blocking Blocking
	Night    bool
}

// Lists returns how long the lists of callers are, and what is turned on. O(1).
func (e *Engine) Lists() Lists {
	l := &e.callers
	return Lists{l.vip.len(), l.exclusive.len(), l.blocked.len(), l.blocking, e.night}
}

// VIP returns the entry of a number on the list of callers who go first, in force
// or not: see [queue.Listing.Counts] (B51); [ErrNotFound] if it is not on it.
func (e *Engine) VIP(number string) (queue.Listing, error) {
	v := e.callers.vip.get(number)
	if v == nil {
		return queue.Listing{}, notFound("vip_number", shown(number))
	}
	return *v, nil
}

// VIPByID returns the entry that has an id.
func (e *Engine) VIPByID(id string) (queue.Listing, error) {
	v := e.callers.vip.named(id)
	if v == nil {
		return queue.Listing{}, notFound("vip_number", shown(id))
	}
	return *v, nil
}

// VIPs returns a page of the list of callers who go first, by number in the order
// of its bytes: from the skip-th on, top of them at most, 1..100, those that have
// expired or are disabled included. It costs O(top). A list that is changed
// between two pages moves: only a page is consistent in itself.
func (e *Engine) VIPs(skip, top int) ([]queue.Listing, error) {
	return e.callers.vip.page(skip, top, plain)
}

// VIPNumbers yields the whole list of callers who go first, by number. The engine
// must not be stepped meanwhile.
func (e *Engine) VIPNumbers() iter.Seq[queue.Listing] { return valuesOf(&e.callers.vip, plain) }

// Exclusive returns the entry of a caller who has agents of his own, in force or
// not (B72); [ErrNotFound] if he has none.
func (e *Engine) Exclusive(number string) (queue.ExclusiveNumber, error) {
	x := e.callers.exclusive.get(number)
	if x == nil {
		return queue.ExclusiveNumber{}, notFound("exclusive_number", shown(number))
	}
	return cloneExclusive(x), nil
}

// ExclusiveByID returns the entry that has an id.
func (e *Engine) ExclusiveByID(id string) (queue.ExclusiveNumber, error) {
	x := e.callers.exclusive.named(id)
	if x == nil {
		return queue.ExclusiveNumber{}, notFound("exclusive_number", shown(id))
	}
	return cloneExclusive(x), nil
}

// Exclusives returns a page of the callers who have agents of their own, as
// [Engine.VIPs] does (B72).
func (e *Engine) Exclusives(skip, top int) ([]queue.ExclusiveNumber, error) {
	return e.callers.exclusive.page(skip, top, cloneExclusive)
}

// ExclusiveNumbers yields all callers who have agents of their own, by number. The
// engine must not be stepped meanwhile.
func (e *Engine) ExclusiveNumbers() iter.Seq[queue.ExclusiveNumber] {
	return valuesOf(&e.callers.exclusive, cloneExclusive)
}

// cloneExclusive copies an entry; the lists of agents are never changed in place.
func cloneExclusive(x *queue.ExclusiveNumber) queue.ExclusiveNumber {
	c := *x
	c.Agents = make(map[queue.ID][]agent.ID, len(x.Agents))
	for id, agents := range x.Agents {
		c.Agents[id] = slices.Clone(agents)
	}
	return c
}

// Blocked returns the entry of a number on the list of blocked numbers, with how
// often it was met (B45); [ErrNotFound] if it is not on it.
func (e *Engine) Blocked(number string) (queue.BlockedNumber, error) {
	b := e.callers.blocked.get(number)
	if b == nil {
		return queue.BlockedNumber{}, notFound("blocked_number", shown(number))
	}
	return *b, nil
}

// BlockedByID returns the entry that has an id.
func (e *Engine) BlockedByID(id string) (queue.BlockedNumber, error) {
	b := e.callers.blocked.named(id)
	if b == nil {
		return queue.BlockedNumber{}, notFound("blocked_number", shown(id))
	}
	return *b, nil
}

// BlockedPage returns a page of the list of blocked numbers, as [Engine.VIPs] does
// (B45).
func (e *Engine) BlockedPage(skip, top int) ([]queue.BlockedNumber, error) {
	return e.callers.blocked.page(skip, top, plain)
}

// BlockedNumbers yields the list of blocked numbers, by number. The engine must
// not be stepped meanwhile.
func (e *Engine) BlockedNumbers() iter.Seq[queue.BlockedNumber] {
	return valuesOf(&e.callers.blocked, plain)
}

func valuesOf[V any](l *roll[V], copied func(*V) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, v := range l.all() {
			if !yield(copied(v)) {
				return
			}
		}
	}
}
