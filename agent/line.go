package agent

import (
	"fmt"
	"slices"
	"time"
)

// Use is what an agent's one line does (B12).
type Use uint8

// The uses of a line.
const (
	Free         Use = iota // FREE: nothing
	Offered                 // OFFERED: he is being rung for an entry
	Connecting              // CONNECTING: he answered, the two do not hear each other yet (B48)
	Talking                 // TALKING: on a queue's call
	OnOther                 // OTHER_CALL: on a call that is not the library's (B58)
	OtherRinging            // OTHER_RINGING: such a call rings him, which takes the line and no more
	uses
)

var useNames = [uses]string{"FREE", "OFFERED", "CONNECTING", "TALKING", "OTHER_CALL", "OTHER_RINGING"}

// String returns the upper-case name.
func (u Use) String() string {
	if u < uses {
		return useNames[u]
	}
	return fmt.Sprintf("Use(%d)", uint8(u))
}

// MarshalText implements [encoding.TextMarshaler]. A value that there is not is an
// error that wraps [ErrInvalid].
func (u Use) MarshalText() ([]byte, error) { return textOf(useNames[:], u, "use") }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [ErrInvalid] and lists those known.
func (u *Use) UnmarshalText(text []byte) error { return readText(useNames[:], u, text, "use") }

// Call is the call of a queue that an agent has.
type Call struct {
	Queue      QueueID     // the queue it came from
	Membership *Membership // his membership there; nil if he has none
	Connecting bool        // not connected yet (B48)
	Since      Instant     // the answer

	// What the answer changed, to be taken out again if the connection fails:
	// also of who is off the queue's list by then. Nil once they are connected.
	answered      *Membership
	lastAnswered  Instant
	answeredOrder uint64
}

// wrapUp is a timed wrap-up that runs (B16, B23).
type wrapUp struct {
	from  *Membership // the queue that was served
	scope Scope
	until Instant
	n     uint32 // its number; what a status set by hand ended is remembered by it
}

// keeps reports whether w keeps the agent from calls of m's queue.
func (w *wrapUp) keeps(m *Membership) bool {
	return (w.scope == ScopeAgent || w.from == m) && w.n > m.Ended
}

// Use returns what the line does now.
func (a *Agent) Use() Use {
	switch {
	case a.call != nil && a.call.Connecting:
		return Connecting
	case a.call != nil:
		return Talking
	case a.offer != nil:
		return Offered
	case a.otherTalk():
		return OnOther
	case len(a.others) > 0:
		return OtherRinging
	default:
		return Free
	}
}

// Offer returns the membership through which the agent is being rung, or nil.
func (a *Agent) Offer() *Membership { return a.offer }

// Call returns the queue call that the agent has, or nil.
func (a *Agent) Call() *Call { return a.call }

// onCall reports whether a status set now has to wait for the end of a call (B14).
func (a *Agent) onCall() bool { return a.call != nil || a.otherTalk() }

// wrappingUp returns the wrap-up that keeps him from m's queue, or nil.
func (a *Agent) wrappingUp(m *Membership) *wrapUp {
	for i := range a.wraps {
		if a.wraps[i].keeps(m) {
			return &a.wraps[i]
		}
	}
	return nil
}

// TimedWrapUp is a running timed wrap-up, as a value for readers.
type TimedWrapUp struct {
	Queue QueueID
	Scope Scope
	Until Instant
}

// WrapUp returns the timed wrap-up that ends last, and whether there is one.
func (a *Agent) WrapUp() (w TimedWrapUp, ok bool) {
	for i := range a.wraps {
		if r := &a.wraps[i]; r.until > w.Until {
			w = TimedWrapUp{Queue: r.from.Queue, Scope: r.scope, Until: r.until}
		}
	}
	return w, w.Until != 0
}

// WrapUpCount returns how many timed wrap-ups run: of scope QUEUE there may be one of
// each of several queues (B23).
func (a *Agent) WrapUpCount() int { return len(a.wraps) }

// WrapUps returns the timed wrap-ups that run, in the order in which they began.
func (a *Agent) WrapUps() []TimedWrapUp {
	if len(a.wraps) == 0 {
		return nil
	}
	all := make([]TimedWrapUp, len(a.wraps))
	for i := range a.wraps {
		w := &a.wraps[i]
		all[i] = TimedWrapUp{Queue: w.from.Queue, Scope: w.scope, Until: w.until}
	}
	return all
}

// WrapUpIn returns when the timed wrap-ups that keep him from m's queue are over
// (B23); 0: none does.
func (a *Agent) WrapUpIn(m *Membership) Instant {
	var until Instant
	for i := range a.wraps {
		if w := &a.wraps[i]; w.keeps(m) {
			until = max(until, w.until)
		}
	}
	return until
}

// startWrapUp begins the wrap-up after a talk in m's queue (B16, B23).
func (a *Agent) startWrapUp(now Instant, m *Membership, d time.Duration) {
	a.wrapUps++
	a.wraps = append(a.wraps, wrapUp{from: m, scope: m.Rules.WrapUpScope, until: now.Add(d), n: a.wrapUps})
	a.bookWrapUp(m, d)
}

// bookWrapUp adds to the time in wrap-up, or takes off it.
func (a *Agent) bookWrapUp(m *Membership, d time.Duration) {
	m.Memory.WrapUp += d
	if a.WrapUpBooked != nil {
		a.WrapUpBooked(m, d)
	}
}

// endWrapUps ends in m's queue the wrap-ups that run (B16: any status set by
// hand does).
func (a *Agent) endWrapUps(now Instant, m *Membership) {
	kept := a.wraps[:0]
	for _, w := range a.wraps {
		if w.from == m && w.keeps(m) {
			a.bookWrapUp(m, now.Sub(w.until))
		}
		if w.scope == ScopeQueue && w.from == m {
			continue
		}
		kept = append(kept, w)
	}
	a.wraps = kept
	m.Ended = a.wrapUps
	for i := range a.wraps {
		if slices.ContainsFunc(a.members, a.wraps[i].keeps) {
			return
		}
	}
	a.wraps = a.wraps[:0] // none keeps him from anything any more
}
