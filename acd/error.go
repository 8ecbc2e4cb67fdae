package acd

import (
	"errors"
	"strings"

	"github.com/acdkit/acdkit/agent"
)

// What an error of [Engine.Step], [Router.Do] and [Router.Post] wraps (B110).
// errors.Is finds them; errors.As finds the *[Error] that names the thing.
var (
	// ErrNotFound: no such queue, agent, member, call or offer; also a report
	// about a call that has gone.
	ErrNotFound = errors.New("not found")
	// ErrExists: the id is taken.
	ErrExists = errors.New("already exists")
	// ErrInvalid: a value is out of its range; the text names the property,
	// the value and the range.
	ErrInvalid = agent.ErrInvalid
	// ErrOfferEnded: the report came too late; Error.Waiting says whether the
	// entry still waits, and then a Pickup is worth a try (B30).
	ErrOfferEnded = errors.New("offer ended")
	// ErrAgentBusy: the agent's line is not free.
	ErrAgentBusy = agent.ErrBusy
	// ErrNotWaiting: the call does not wait, or does no longer.
	ErrNotWaiting = errors.New("not waiting")
	// ErrDuplicateCallback: a callback to this number waits in the queue already.
	ErrDuplicateCallback = errors.New("duplicate callback")
	// ErrChanged: the thing has changed since the revision given.
	ErrChanged = errors.New("changed meanwhile")

	// ErrNotDurable: applied and routed, not yet stored, and being retried. Do
	// not repeat the input.
	ErrNotDurable = errors.New("acd: applied, not yet durable")
	// ErrClosed: the Router is closed; nothing was changed.
	ErrClosed = errors.New("acd: router closed")
	// ErrLagged: a watcher fell behind the ring of newest events; read the
	// state again and watch on from there.
	ErrLagged = errors.New("acd: watcher lagged behind")
	// ErrReading: Events has a reader already.
	ErrReading = errors.New("acd: events are being read already")
)

// Error is a refused input: nothing has changed. It names the thing.
type Error struct {
	Err  error  // what it wraps: ErrNotFound, ErrExists, …
	What string // "queue", "agent", "call", "offer", …; with ErrInvalid the property
	ID   string // which one
	Text string // more, for ErrInvalid: the value and the range
	// Waiting says, with ErrOfferEnded, that the entry still waits for an
	// answer (B30).
	Waiting bool
}

// Error returns e.g. "acd: queue support not found".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("acd: ")
	b.WriteString(e.What)
	if e.ID != "" {
		b.WriteString(" " + named(e.ID))
	}
	if errors.Is(e.Err, ErrInvalid) {
		b.WriteString(": " + e.Text)
		return b.String()
	}
	if errors.Is(e.Err, ErrNotFound) || errors.Is(e.Err, ErrExists) {
		b.WriteString(" " + e.Err.Error())
	} else {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Text != "" {
		b.WriteString(": " + e.Text)
	}
	if errors.Is(e.Err, ErrOfferEnded) && e.Waiting {
		b.WriteString(" (the call still waits)")
	}
	return b.String()
}

// Unwrap returns what e wraps.
func (e *Error) Unwrap() error { return e.Err }

func notFound(what, id string) error { return &Error{Err: ErrNotFound, What: what, ID: id} }

func exists(what, id string) error { return &Error{Err: ErrExists, What: what, ID: id} }

func invalid(what, id, text string) error {
	return &Error{Err: ErrInvalid, What: what, ID: id, Text: text}
}
