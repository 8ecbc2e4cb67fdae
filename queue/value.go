package queue

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/acdkit/acdkit/strategy"
)

// Kind is the kind of value that a property holds.
type Kind uint8

// The kinds, with their form in JSON.
const (
	KindText        Kind = iota // TEXT: a string
	KindInteger                 // INTEGER: a number
	KindBoolean                 // BOOLEAN: true or false
	KindSeconds                 // SECONDS: a whole number
	KindDays                    // DAYS: a whole number
	KindChoice                  // CHOICE: a string, one of several
	KindForwardRule             // FORWARD_RULE: an object, see [ForwardRule]
	KindCallerIDs               // CALLER_IDS: an array of [OutboundCallerID]
)

var kinds = []string{"TEXT", "INTEGER", "BOOLEAN", "SECONDS", "DAYS", "CHOICE", "FORWARD_RULE", "CALLER_IDS"}

// String returns the upper-case spelling.
func (k Kind) String() string { return spell(kinds, k, "Kind") }

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return spellText(kinds, k, "kind") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Kind) UnmarshalText(text []byte) error { return readText(kinds, k, text, "kind") }

// value is one field of one Config, seen as the kind of property it holds.
type value interface {
	// parse and decode give the field the value that a script or JSON says.
	// False: it is no value of this kind, and the field is as it was. Ranges
	// are left to problem.
	parse(text string) bool
	decode(raw []byte) bool
	// encode returns the field's JSON; false: it has none.
	encode() ([]byte, bool)
	// String returns the field as errors show it.
	String() string
	// must completes "must be …" with the whole range; problem with what the
	// field offends against, "" if nothing.
	must() string
	problem() string
	// describe adds the kind, and bounds or choices.
	describe(p *Property)
}

// strategyValue is the name of a strategy; whether there is one, Validate asks,
// who knows those of the host.
type strategyValue struct{ field *string }

func (v strategyValue) parse(text string) bool { *v.field = text; return true }

func (v strategyValue) decode(raw []byte) bool { return decodeText(raw, v) }

func (v strategyValue) encode() ([]byte, bool) { return encodeText(*v.field), true }

func (v strategyValue) String() string { return printable(*v.field) }

func (v strategyValue) must() string { return oneOf(sevenNames()) + ", or a strategy of the host" }

func (v strategyValue) problem() string { return "" }

func (v strategyValue) describe(p *Property) {
	p.Kind, p.Choices = KindChoice, sevenNames()
}

func sevenNames() []string {
	var names []string
	for _, s := range strategy.Seven() {
		names = append(names, s.Name)
	}
	return names
}

// strategyProblem says whether there is no strategy of that name.
func strategyProblem(name string, own []strategy.Strategy) error {
	if _, err := strategy.Lookup(name, own...); err == nil {
		return nil
	}
	known := sevenNames()
	for _, s := range own {
		known = append(known, s.Name)
	}
	return &PropertyError{Name: pollingStrategy, Value: printable(name), Range: oneOf(known)}
}

// integerValue is a number without a unit.
type integerValue struct {
	field    *int
	min, max int64
}

func integer(field *int, least, most int64) value { return integerValue{field, least, most} }

func (v integerValue) parse(text string) bool {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return false
	}
	*v.field = int(n)
	return true
}

func (v integerValue) decode(raw []byte) bool { return v.parse(string(raw)) }

func (v integerValue) encode() ([]byte, bool) { return []byte(v.String()), true }

func (v integerValue) String() string { return strconv.Itoa(*v.field) }

func (v integerValue) must() string { return fmt.Sprintf("%d..%d", v.min, v.max) }

func (v integerValue) problem() string {
	if n := int64(*v.field); n < v.min || n > v.max {
		return v.must()
	}
	return ""
}

func (v integerValue) describe(p *Property) {
	p.Kind = KindInteger
	p.Min, p.Max = v.min, v.max
}

// durationValue is a whole number of a unit of time.
type durationValue struct {
	field    *time.Duration
	unit     time.Duration
	min, max int64 // units
}

func seconds(field *time.Duration, least, most int64) value {
	return durationValue{field, time.Second, least, most}
}

// day is 24 hours (B101).
const day = 24 * time.Hour

func days(field *time.Duration, least, most int64) value {
	return durationValue{field, day, least, most}
}

func (v durationValue) parse(text string) bool {
	if v.decode([]byte(text)) {
		return true
	}
	d, err := time.ParseDuration(text)
	if err != nil || d%v.unit != 0 {
		return false
	}
	*v.field = d
	return true
}

func (v durationValue) decode(raw []byte) bool {
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil || n > int64(math.MaxInt64/v.unit) || n < int64(math.MinInt64/v.unit) {
		return false
	}
	*v.field = time.Duration(n) * v.unit
	return true
}

func (v durationValue) encode() ([]byte, bool) {
	return []byte(v.String()), *v.field%v.unit == 0
}

func (v durationValue) String() string {
	if *v.field%v.unit != 0 {
		return v.field.String()
	}
	return strconv.FormatInt(int64(*v.field/v.unit), 10)
}

func (v durationValue) must() string {
	if v.unit == day {
		return fmt.Sprintf("%d..%d days", v.min, v.max)
	}
	return fmt.Sprintf("%d..%d s", v.min, v.max)
}

func (v durationValue) problem() string {
	switch n := int64(*v.field / v.unit); {
	case *v.field%v.unit != 0:
		return v.must() + " without a fraction"
	case n < v.min || n > v.max:
		return v.must()
	default:
		return ""
	}
}

func (v durationValue) describe(p *Property) {
	p.Kind = KindSeconds
	if v.unit == day {
		p.Kind = KindDays
	}
	p.Min, p.Max = v.min, v.max
}

// boolValue is true or false.
type boolValue struct{ field *bool }

func (v boolValue) parse(text string) bool {
	if text != "true" && text != "false" {
		return false
	}
	*v.field = text == "true"
	return true
}

func (v boolValue) decode(raw []byte) bool { return v.parse(string(raw)) }

func (v boolValue) encode() ([]byte, bool) { return []byte(v.String()), true }

func (v boolValue) String() string { return strconv.FormatBool(*v.field) }

func (v boolValue) must() string { return "true or false" }

func (v boolValue) problem() string { return "" }

func (v boolValue) describe(p *Property) { p.Kind = KindBoolean }

// choiceValue is one of a few spellings.
type choiceValue[E ~uint8] struct {
	field *E
	names []string
}

func (v choiceValue[E]) parse(text string) bool {
	i := slices.Index(v.names, text)
	if i < 0 {
		return false
	}
	*v.field = E(i)
	return true
}

func (v choiceValue[E]) decode(raw []byte) bool { return decodeText(raw, v) }

func (v choiceValue[E]) encode() ([]byte, bool) {
	return encodeText(v.String()), v.problem() == ""
}

func (v choiceValue[E]) String() string {
	if v.problem() != "" {
		return strconv.Itoa(int(*v.field))
	}
	return v.names[*v.field]
}

func (v choiceValue[E]) must() string { return oneOf(v.names) }

func (v choiceValue[E]) problem() string {
	if int(*v.field) >= len(v.names) {
		return v.must()
	}
	return ""
}

func (v choiceValue[E]) describe(p *Property) {
	p.Kind, p.Choices = KindChoice, slices.Clone(v.names)
}
