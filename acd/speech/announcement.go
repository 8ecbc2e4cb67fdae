package speech

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Announcement is what a caller is to be told. The zero value tells him that he
// is in line.
type Announcement struct {
	What What

	// Position is the place in the line, from 1; anything less is an unknown one.
	// Position and Estimate say it.
	Position int

	// HasEstimate says that Mean and P80 mean something. Estimate says nothing of
	// the wait without it (B64: nobody is staffed).
	HasEstimate bool
	Mean        time.Duration // the expected wait, which is said; below 0 counts as 0
	P80         time.Duration // with 80 % the wait is not longer; 0 if not known

	// Final makes a Warning the one of level SECOND, after which the call is
	// released; FIRST, the zero value, asks for 1 or 2 (B45).
	Final bool
}

// What is the kind of an announcement. Its text is what a trace calls it: position,
// periodic, callback_offer, …; estimate is a position of which the wait is said too.
type What uint8

// The kinds.
const (
	Position         What = iota // the place in the line
	Estimate                     // the place, and the wait if there is an estimate
	Periodic                     // all agents are busy, please wait (B62)
	CallbackOffer                // key 3 asks for a callback (B80)
	CallbackDialogue             // how to say which number is to be called (B81)
	Warning                      // calls of this number are unwelcome (B45)
	whats
)

var whatNames = [whats]string{"position", "estimate", "periodic", "callback_offer", "callback_dialogue", "warning"}

// ErrInvalid is wrapped by every error of this package.
var ErrInvalid = errors.New("invalid")

// String returns the kind's name.
func (w What) String() string {
	if w < whats {
		return whatNames[w]
	}
	return fmt.Sprintf("What(%d)", uint8(w))
}

// MarshalText implements [encoding.TextMarshaler].
func (w What) MarshalText() ([]byte, error) {
	if w >= whats {
		return nil, fmt.Errorf("speech: %w: kind of announcement %d", ErrInvalid, uint8(w))
	}
	return []byte(whatNames[w]), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [ErrInvalid] and lists those known.
func (w *What) UnmarshalText(text []byte) error {
	i := slices.Index(whatNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("speech: %w: kind of announcement %q: must be one of %s", ErrInvalid, text, strings.Join(whatNames[:], ", "))
	}
	*w = What(i)
	return nil
}
