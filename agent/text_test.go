package agent

import (
	"encoding"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// texts checks that the values up to last have the spellings, both ways, and that
// others have none.
func texts[E interface {
	~uint8
	String() string
	MarshalText() ([]byte, error)
}, P interface {
	*E
	encoding.TextUnmarshaler
}](t *testing.T, spellings ...string,
) {
	t.Helper()
	for i, want := range spellings {
		e := E(i)
		if got := e.String(); got != want {
			t.Errorf("%T(%d) is %q, want %q", e, i, got, want)
		}
		text, err := e.MarshalText()
		if err != nil || string(text) != want {
			t.Errorf("%T(%d): %q, %v", e, i, text, err)
		}
		back := E(99)
		if err := P(&back).UnmarshalText(text); err != nil || back != e {
			t.Errorf("%q: %v, %v", text, back, err)
		}
	}
	last := spellings[len(spellings)-1]
	for _, text := range []string{"ready", "NOBODY", " READY", "READY ", "Status(3)"} {
		back := E(1)
		err := P(&back).UnmarshalText([]byte(text))
		if !errors.Is(err, ErrInvalid) || back != E(1) || !strings.Contains(err.Error(), last) {
			t.Errorf("%q into %T: %v, %v", text, back, back, err)
		}
	}
	for _, e := range []E{E(len(spellings)), 200} {
		text, err := e.MarshalText()
		if !errors.Is(err, ErrInvalid) || text != nil || !strings.Contains(err.Error(), last) {
			t.Errorf("%T %d: %q, %v", e, uint8(e), text, err)
		}
		kind := strings.TrimPrefix(fmt.Sprintf("%T", e), "agent.")
		if got, want := e.String(), fmt.Sprintf("%s(%d)", kind, uint8(e)); got != want {
			t.Errorf("%T %d: %s", e, uint8(e), got)
		}
	}
}

func TestB10_B11_Spellings(t *testing.T) {
	t.Parallel()
	texts[Status](t, "LOGGED_OUT", "READY", "NOT_READY", "WRAP_UP", "BREAK", "LUNCH", "LOGGED_IN", "QUEUE_CALL", "OTHER_CALL", "OFFLINE")
	var zero Status
	if zero != LoggedOut {
		t.Errorf("the zero status is %v", zero)
	}
}

func TestB10_WhatCanBeSet(t *testing.T) {
	t.Parallel()
	settable := map[Status]bool{LoggedOut: true, Ready: true, NotReady: true, WrapUp: true, Break: true, Lunch: true, LoggedIn: true}
	absent := map[Status]bool{LoggedOut: true, NotReady: true, WrapUp: true, Break: true, Lunch: true}
	for s := range Status(255) {
		if s.Settable() != settable[s] || s.Absence() != absent[s] {
			t.Errorf("%v: settable %t, an absence %t", s, s.Settable(), s.Absence())
		}
		got, err := ParseStatus(s.String())
		if settable[s] {
			if err != nil || got != s {
				t.Errorf("%v: %v, %v", s, got, err)
			}
			continue
		}
		if !errors.Is(err, ErrInvalid) || got != LoggedOut {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
}

func TestB10_ParseStatusSaysWhatCanBeSet(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "HAPPY", "ready", "RINGING", "OFFLINE", "QUEUE_CALL", "OTHER_CALL", "Status(3)"} {
		_, err := ParseStatus(name)
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if !strings.Contains(err.Error(), "status "+name+": must be one of") {
			t.Errorf("%q: %v", name, err)
		}
		for s := LoggedOut; s <= LoggedIn; s++ {
			if !strings.Contains(err.Error(), s.String()) {
				t.Errorf("%q: %v does not name %v", name, err, s)
			}
		}
	}
	if _, err := ParseStatus("HAPPY"); strings.Contains(err.Error(), "OFFLINE") {
		t.Errorf("names what cannot be set: %v", err)
	}
}

func TestB12_UsesOfALine(t *testing.T) {
	t.Parallel()
	texts[Use](t, "FREE", "OFFERED", "CONNECTING", "TALKING", "OTHER_CALL", "OTHER_RINGING")
}

func TestB23_B26_Scopes(t *testing.T) {
	t.Parallel()
	texts[Scope](t, "AGENT", "QUEUE")
}

func TestB30_EndsOfAnOffer(t *testing.T) {
	t.Parallel()
	texts[End](t, "", "ANSWERED", "NO_ANSWER", "REJECTED", "BUSY", "UNREACHABLE", "WITHDRAWN", "LOST_RACE")
}

func TestInstant(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 29, 2, 30, 0, 123456789, time.FixedZone("x", 3600))
	i := At(at)
	if !i.Time().Equal(at) || i.Time().Location() != time.UTC {
		t.Errorf("%v is %v", at, i.Time())
	}
	if i.Add(time.Second).Sub(i) != time.Second {
		t.Errorf("a second later is %v", i.Add(time.Second))
	}
	if At(time.Time{}) != 0 || !Instant(0).Time().IsZero() {
		t.Error("never is not never")
	}
	for _, c := range []struct{ a, b, want Instant }{{0, 0, 0}, {0, 5, 5}, {5, 0, 5}, {5, 6, 5}, {6, 5, 5}} {
		if got := earlier(c.a, c.b); got != c.want {
			t.Errorf("earlier of %d and %d is %d", c.a, c.b, got)
		}
	}
}
