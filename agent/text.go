package agent

import (
	"fmt"
	"slices"
	"strings"
)

// textOf is the text of an enum, whose texts are names.
func textOf[E ~uint8](names []string, e E, what string) ([]byte, error) {
	if int(e) >= len(names) {
		return nil, fmt.Errorf("agent: %w: %s %d: must be %s", ErrInvalid, what, uint8(e), oneOf(names))
	}
	return []byte(names[e]), nil
}

// readText sets an enum to the one whose text is text; an error leaves it as it was.
func readText[E ~uint8](names []string, e *E, text []byte, what string) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("agent: %w: %s %q: must be %s", ErrInvalid, what, text, oneOf(names))
	}
	*e = E(i)
	return nil
}

// oneOf lists names, but for the empty one of a zero value.
func oneOf(names []string) string {
	if names[0] == "" {
		names = names[1:]
	}
	return "one of " + strings.Join(names, ", ")
}
