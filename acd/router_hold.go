package acd

import "math"

// A Dial is the one order that must not be carried out twice: its attempt is
// durable before it is handed out, so that a router which is restarted counts it
// (B84). Readers of events get no further than to the first one that is not.
// Routing does not wait: the engine goes on, and so do its inputs.

// hold keeps the Dials among events from readers until the store has their
// attempts. The lock must be held.
func (u *unstored) hold(events []Event) {
	for _, ev := range events {
		if _, ok := ev.Do.(*Dial); ok {
			u.dials = append(u.dials, ev.Seq)
		}
	}
}

// last returns the last event that readers may have.
func (u *unstored) last() uint64 {
	if len(u.dials) > 0 {
		return u.dials[0] - 1
	}
	return math.MaxUint64
}

// release lets readers have the Dials whose attempts the last batch held. The
// lock must be held.
func (r *Router) release() {
	u := &r.unstored
	n := 0
	for n < len(u.dials) && u.dials[n] <= u.covers {
		n++
	}
	if n > 0 {
		u.dials = u.dials[n:]
		r.announce()
	}
}
