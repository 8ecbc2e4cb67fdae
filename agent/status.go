package agent

import (
	"errors"
	"fmt"
)

// Status is what an agent's membership in a queue reads as or is set to
// (B10, B11). Its text is the product's spelling: READY, NOT_READY, ….
type Status uint8

// The statuses. LoggedOut is the zero value: nobody is offered a call by
// mistake.
const (
	LoggedOut Status = iota // not working in this queue; settable
	Ready                   // takes calls; settable
	NotReady                // logged in, takes no calls; settable
	WrapUp                  // busy with the last call; settable, without timer when set by hand
	Break                   // settable
	Lunch                   // settable
	LoggedIn                // a command, never read: out of LOGGED_OUT to READY or NOT_READY (B10)
	QueueCall               // on a call of this queue; only read
	OtherCall               // on any other call; only read
	Offline                 // his phone is not registered; only read
	statuses
)

var statusNames = [statuses]string{
	"LOGGED_OUT", "READY", "NOT_READY", "WRAP_UP", "BREAK", "LUNCH", "LOGGED_IN", "QUEUE_CALL", "OTHER_CALL", "OFFLINE",
}

// ErrInvalid is wrapped by every error of this module that refuses a value; the
// text names the property, the value and the range (B110).
var ErrInvalid = errors.New("invalid")

// ErrBusy refuses what needs an agent whose line is free (B54, B55).
var ErrBusy = errors.New("agent busy")

// String returns the product's spelling.
func (s Status) String() string {
	if s < statuses {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Settable reports whether s can be set by an agent or a supervisor (B10).
func (s Status) Settable() bool { return s <= LoggedIn }

// Absence reports whether s keeps an agent from calls until something ends it.
func (s Status) Absence() bool {
	switch s {
	case LoggedOut, NotReady, WrapUp, Break, Lunch:
		return true
	}
	return false
}

// MarshalText implements [encoding.TextMarshaler]. A value that there is not is an
// error that wraps [ErrInvalid].
func (s Status) MarshalText() ([]byte, error) { return textOf(statusNames[:], s, "status") }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [ErrInvalid] and lists those known.
func (s *Status) UnmarshalText(text []byte) error {
	return readText(statusNames[:], s, text, "status")
}

// ParseStatus returns the status that can be set under this name. Others are
// refused with an error that wraps [ErrInvalid] and lists the settable ones.
func ParseStatus(name string) (Status, error) {
	for i, known := range statusNames[:LoggedIn+1] {
		if known == name {
			return Status(i), nil
		}
	}
	return 0, fmt.Errorf("agent: %w: status %s: must be %s", ErrInvalid, name, oneOf(statusNames[:LoggedIn+1]))
}
