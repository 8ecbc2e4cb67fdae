package queue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/agent"
)

// IntroType says whether a caller hears an introduction, and whether the hunt
// for an agent waits for its end (B60).
type IntroType uint8

// The kinds of introduction.
const (
	IntroDisabled IntroType = iota // DISABLE: none
	IntroNormal                    // NORMAL: it plays while the hunt goes on
	IntroFull                      // FULL: the hunt starts after it
)

var introTypes = []string{"DISABLE", "NORMAL", "FULL"}

// String returns the product's spelling.
func (t IntroType) String() string { return spell(introTypes, t, "IntroType") }

// MarshalText implements [encoding.TextMarshaler].
func (t IntroType) MarshalText() ([]byte, error) { return spellText(introTypes, t, "intro type") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *IntroType) UnmarshalText(text []byte) error {
	return readText(introTypes, t, text, "intro type")
}

// InformPosition says when a caller is told his place in the line (B61).
type InformPosition uint8

// The ways to announce a position.
const (
	InformDisabled     InformPosition = iota // DISABLE: never
	InformPeriodically                       // PERIODICALLY: every interval, first after one
	InformOnConnected                        // ON_CONNECTED: at the join, then every interval
)

var informPositions = []string{"DISABLE", "PERIODICALLY", "ON_CONNECTED"}

// String returns the product's spelling.
func (p InformPosition) String() string { return spell(informPositions, p, "InformPosition") }

// MarshalText implements [encoding.TextMarshaler].
func (p InformPosition) MarshalText() ([]byte, error) {
	return spellText(informPositions, p, "inform position")
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *InformPosition) UnmarshalText(text []byte) error {
	return readText(informPositions, p, text, "inform position")
}

// CallbackMode says from when on a caller may ask to be rung back (B80).
type CallbackMode uint8

// The callback modes.
const (
	CallbackActive    CallbackMode = iota // ACTIVE: at any time while waiting
	CallbackOnTimeout                     // TIMEOUT: after callback_timeout, when it is offered
)

var callbackModes = []string{"ACTIVE", "TIMEOUT"}

// String returns the product's spelling.
func (m CallbackMode) String() string { return spell(callbackModes, m, "CallbackMode") }

// MarshalText implements [encoding.TextMarshaler].
func (m CallbackMode) MarshalText() ([]byte, error) {
	return spellText(callbackModes, m, "callback mode")
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *CallbackMode) UnmarshalText(text []byte) error {
	return readText(callbackModes, m, text, "callback mode")
}

// SkillOrder says which skill level is the best (B34).
type SkillOrder uint8

// The skill orders.
const (
	Ascending  SkillOrder = iota // ASCENDING: level 1 is rung first
	Descending                   // DESCENDING: level 100 is rung first
)

var skillOrders = []string{"ASCENDING", "DESCENDING"}

// String returns the upper-case spelling.
func (o SkillOrder) String() string { return spell(skillOrders, o, "SkillOrder") }

// MarshalText implements [encoding.TextMarshaler].
func (o SkillOrder) MarshalText() ([]byte, error) { return spellText(skillOrders, o, "skill order") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *SkillOrder) UnmarshalText(text []byte) error {
	return readText(skillOrders, o, text, "skill order")
}

// Connect says whether an agent's answer connects the call, or the host's
// report that the two hear each other (B48).
type Connect uint8

// The ways to connect.
const (
	ConnectAuto   Connect = iota // AUTO: the answer is the connection
	ConnectManual                // MANUAL: the host reports it
)

var connects = []string{"AUTO", "MANUAL"}

// String returns the upper-case spelling.
func (c Connect) String() string { return spell(connects, c, "Connect") }

// MarshalText implements [encoding.TextMarshaler].
func (c Connect) MarshalText() ([]byte, error) { return spellText(connects, c, "connect") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Connect) UnmarshalText(text []byte) error { return readText(connects, c, text, "connect") }

// scopes are the spellings of agent.Scope, for the table of properties.
var scopes = []string{agent.ScopeAgent.String(), agent.ScopeQueue.String()}

// spell returns the name of e, or a text that says what it is instead.
func spell[E ~uint8](names []string, e E, kind string) string {
	if int(e) < len(names) {
		return names[e]
	}
	return fmt.Sprintf("%s(%d)", kind, uint8(e))
}

func spellText[E ~uint8](names []string, e E, kind string) ([]byte, error) {
	if int(e) >= len(names) {
		return nil, fmt.Errorf("queue: %w: %s %d: must be %s", agent.ErrInvalid, kind, uint8(e), oneOf(names))
	}
	return []byte(names[e]), nil
}

func readText[E ~uint8](names []string, e *E, text []byte, kind string) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("queue: %w: %s %s: must be %s", agent.ErrInvalid, kind, printable(string(text)), oneOf(names))
	}
	*e = E(i)
	return nil
}

func oneOf(names []string) string { return "one of " + strings.Join(names, ", ") }
