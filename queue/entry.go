package queue

import (
	"fmt"

	"github.com/acdkit/acdkit/agent"
)

// ID identifies a queue. 1 to 128 bytes (B111).
type ID = agent.QueueID

// CallID identifies a call or callback. 1 to 128 bytes (B111).
type CallID string

// Outcome is how an entry left the line; exactly one per entry, ever (B46).
type Outcome uint8

// The outcomes. The zero value means that it is still there.
const (
	Waiting     Outcome = iota
	Answered            // ANSWERED: an agent took it
	Abandoned           // ABANDONED: the caller hung up
	TimedOut            // TIMED_OUT: max_waiting_time is over (B43)
	NoAgents            // NO_AGENTS: nobody is logged in (B40)
	Full                // FULL: max_callers wait (B42)
	Night               // NIGHT: night mode (B41)
	Exited              // EXITED: key 8 (B44)
	Blocked             // BLOCKED: a blocked number (B45)
	Callback            // CALLBACK: became a callback (B82)
	Withdrawn           // WITHDRAWN: the host took it out, or its queue was deleted
	Transferred         // TRANSFERRED: moved to another queue while waiting (B55)
	Lost                // LOST: not confirmed after a restart (B112)
	Outcomes            // how many there are, not an outcome
)

var outcomeNames = [Outcomes]string{
	"", "ANSWERED", "ABANDONED", "TIMED_OUT", "NO_AGENTS", "FULL", "NIGHT", "EXITED", "BLOCKED", "CALLBACK", "WITHDRAWN", "TRANSFERRED", "LOST",
}

// String returns the upper-case name, "" while the entry waits.
func (o Outcome) String() string {
	if o < Outcomes {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText implements [encoding.TextMarshaler].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("queue: %w: outcome %q", agent.ErrInvalid, text)
}

// Entry is a call, or a callback, that holds a place in a queue's line. It is
// owned by whoever made it, and not safe for concurrent use.
type Entry struct {
	ID CallID
	// Value is the owner's.
	Value any
	// Joined is when it joined this queue: limits and numbers count from it.
	Joined agent.Instant
	// VIP and Priority (0..100), then Effective and Seq, order the line (B50);
	// they do not change while the entry is in it but through the Line.
	Effective agent.Instant // join − credit − the queue's join_credit
	Seq       uint64        // join sequence, unique
	Priority  int
	VIP       bool
	// Exempt entries do not count against max_callers (B42): callbacks, and
	// calls that an agent transferred here.
	Exempt bool
	// Holds says why nobody may be rung for it now; 0: nothing does.
	Holds Hold

	// Where it stands in its line.
	slot  uint8
	block *block // nil: in none
	asked *Place // instead of its natural place; nil: none

	hunt hunt
}

// Hold is a set of reasons for which an entry that waits is not matchable.
type Hold uint8

// The holds.
const (
	HoldUnconfirmed Hold = 1 << iota // the host has not confirmed it after a restart (B112)
	HoldConnecting                   // answered, not connected yet (B48)
	HoldIntro                        // its FULL intro plays (B60)
	HoldQuestion                     // a question waits for its answer (B45)
	HoldAgent                        // it is held for one agent (B73)
	HoldDelay                        // its callback delay runs (B82)
	HoldHours                        // callbacks are held by the host (B85)
	HoldCustomer                     // its customer is on the phone, called by another callback (B84)
)
