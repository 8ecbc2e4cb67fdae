package agent

import (
	"fmt"
	"time"
)

// Rules are the properties of a queue that govern its agents. They are part of
// queue.Config, which documents and checks the ranges. A Membership points to
// the rules of its queue, so that a change of configuration acts at once; what
// already runs (a wrap-up, a delay) ends as it began.
type Rules struct {
	AutoReady              bool          // agent_auto_ready (B10, B16–B19)
	NotReadyAfterOtherCall bool          // agent_auto_not_ready_after_non_acd_call (B17)
	EnableWrapUp           bool          // enable_wrap_up (B16)
	WrapUpTime             time.Duration // wrap_up_time, 0..3600 s (B16, B24)
	WrapUpScope            Scope         // wrap_up_scope (B23)
	OfflineGrace           time.Duration // offline_grace, 0..3600 s (B19, B40)
	MaxNoAnswer            int           // max_no_answer, 0 = off (B26)
	NoAnswerScope          Scope         // no_answer_scope (B26)
	NoAnswerDelay          time.Duration // no_answer_delay, 0..3600 s (B25)
	RejectDelay            time.Duration // reject_delay, 0..3600 s (B25)
	BusyDelay              time.Duration // busy_delay, 1..3600 s (B25)
	UnreachableDelay       time.Duration // unreachable_delay, 1..3600 s (B25)
	TalkLease              time.Duration // talk_lease, 0..86400 s, 0 = off (B29)
}

// Scope says whether a rule acts on the whole agent or on one of his queues.
type Scope uint8

// The scopes.
const (
	ScopeAgent Scope = iota // AGENT: in every queue
	ScopeQueue              // QUEUE: in the queue concerned
)

var scopeNames = [...]string{"AGENT", "QUEUE"}

// String returns AGENT or QUEUE.
func (s Scope) String() string {
	if int(s) < len(scopeNames) {
		return scopeNames[s]
	}
	return fmt.Sprintf("Scope(%d)", uint8(s))
}

// MarshalText implements [encoding.TextMarshaler]. A value that there is not is an
// error that wraps [ErrInvalid].
func (s Scope) MarshalText() ([]byte, error) { return textOf(scopeNames[:], s, "scope") }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [ErrInvalid] and lists those known.
func (s *Scope) UnmarshalText(text []byte) error { return readText(scopeNames[:], s, text, "scope") }

// End says how an offer ended (B30). Exactly one per offer.
type End uint8

// The ends of an offer. The zero value means that it still runs.
const (
	Running     End = iota
	Answered        // ANSWERED: he took it
	NoAnswer        // NO_ANSWER: it rang for ring_time
	Rejected        // REJECTED: he declined it
	Busy            // BUSY: his phone is busy
	Unreachable     // UNREACHABLE: no phone rang
	Withdrawn       // WITHDRAWN: the library took it back
	LostRace        // LOST_RACE: someone else answered
	ends
)

var endNames = [ends]string{"", "ANSWERED", "NO_ANSWER", "REJECTED", "BUSY", "UNREACHABLE", "WITHDRAWN", "LOST_RACE"}

// String returns the product's spelling; "" while the offer runs.
func (e End) String() string {
	if e < ends {
		return endNames[e]
	}
	return fmt.Sprintf("End(%d)", uint8(e))
}

// MarshalText implements [encoding.TextMarshaler]. A value that there is not is an
// error that wraps [ErrInvalid].
func (e End) MarshalText() ([]byte, error) { return textOf(endNames[:], e, "end") }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [ErrInvalid] and lists those known; "" is Running.
func (e *End) UnmarshalText(text []byte) error { return readText(endNames[:], e, text, "end") }
