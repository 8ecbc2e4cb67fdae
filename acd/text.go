package acd

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// The limits of what comes from outside (B111).
const (
	maxID       = 128  // bytes of an id
	maxName     = 1024 // characters of a name
	maxNumber   = 64   // characters of a number
	maxReason   = 256  // characters of a reason
	maxTag      = 1024 // bytes of a tag
	maxPriority = 100
	maxInt      = 1<<31 - 1 // integers without a stated bound
)

// text is a text from outside, with the name of the property that it is.
type text struct {
	what, value string
	most        int // characters
}

// checkID checks an id: 1..128 bytes (B111).
func checkID(what, id string) error {
	if len(id) == 0 || len(id) > maxID {
		return invalid(what, shown(id), "the id must be 1..128 bytes")
	}
	return checkText(text{what, id, maxID})
}

// checkText checks a text: valid UTF-8, no control characters, not too long
// (B111).
func checkText(t text) error {
	if printable(t.value) && len(t.value) <= t.most || clean(t.value) && utf8.RuneCountInString(t.value) <= t.most {
		return nil
	}
	return badText(t)
}

func badText(t text) error {
	return invalid(t.what, shown(t.value), fmt.Sprintf("must be at most %d characters of UTF-8 without control characters", t.most))
}

func checkTexts(texts ...text) error {
	for _, t := range texts {
		if err := checkText(t); err != nil {
			return err
		}
	}
	return nil
}

// printable reports whether s is ASCII without control characters.
func printable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c-' ' >= 0x7f-' ' {
			return false
		}
	}
	return true
}

// clean reports whether s is valid UTF-8 without control characters.
func clean(s string) bool { return printable(s) || utf8.ValidString(s) && !containsControl(s) }

func containsControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) {
			return true
		}
	}
	return false
}

// shown is a refused text as an error shows it: short, and nothing in it that a
// log or terminal would obey.
func shown(s string) string {
	const most = 40
	if clean(s) && len(s) <= most {
		return s
	}
	if len(s) > most {
		s = s[:most] + "…"
	}
	return fmt.Sprintf("%+q", s)
}

// named is an id as an error shows it: whole, unless nothing has such an id.
func named(id string) string {
	if clean(id) && len(id) <= 3*maxID { // of a member: two ids
		return id
	}
	return shown(id)
}

// name returns names[i], or a text that says what is wrong.
func name(names []string, i uint8, kind string) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}

// parse finds text in names.
func parse(names []string, text []byte, kind string) (uint8, error) {
	if i := slices.Index(names, string(text)); i >= 0 {
		return uint8(i), nil
	}
	return 0, fmt.Errorf("acd: %w: %s %q: must be one of %q", ErrInvalid, kind, text, names)
}
