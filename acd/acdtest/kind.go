package acdtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// kind is a KIND of trace line: a row of the table below.
type kind struct {
	name   string
	fields []field
	other  *field // what any other key holds; nil: there are no others
}

// field is a field of a kind.
type field struct {
	name string
	form form
	of   []string // the values of a choice
}

// form is how the values of a field are compared.
type form uint8

const (
	formText   form = iota
	formNumber      // a whole number
	formTime        // a duration
	formChoice      // one of a few words
)

func text(name string) field   { return field{name: name} }
func number(name string) field { return field{name: name, form: formNumber} }
func lasts(name string) field  { return field{name: name, form: formTime} }

func choice(name string, of ...string) field {
	return field{name: name, form: formChoice, of: of}
}

// spelled are the spellings of the values from first up to last.
func spelled[E interface {
	~uint8
	String() string
}](first, last E) []string {
	var names []string
	for e := first; e <= last; e++ {
		names = append(names, e.String())
	}
	return names
}

// The fields that occur in more than one kind.
var (
	fieldCall   = text("call")
	fieldQueue  = text("queue")
	fieldAgent  = text("agent")
	fieldReason = text("reason")
	fieldPlace  = number("position")
	fieldStatus = choice("status", shownStatuses()...)
	fieldPrompt = choice("what", "intro", "moh", "position", "periodic", "callback_offer", "callback_dialogue", "warning")
)

// shownStatuses are what a membership can read as (B11).
func shownStatuses() []string {
	return slices.DeleteFunc(spelled(agent.LoggedOut, agent.Offline), func(s string) bool {
		return s == agent.LoggedIn.String() // a command
	})
}

// kinds is the one table of KINDs, with their fields in the order of the trace.
var kinds = []kind{
	{name: "joined", fields: []field{fieldCall, fieldQueue, fieldPlace}},
	{name: "ring", fields: []field{
		fieldCall, fieldAgent, fieldQueue, number("round"), number("level"),
		choice("why", spelled(acd.ByStrategy, acd.ByExclusive)...),
	}},
	{name: "offer_end", fields: []field{fieldCall, fieldAgent, choice("end", spelled(agent.Answered, agent.LostRace)...)}},
	{name: "connecting", fields: []field{fieldCall, fieldAgent}},
	{name: "connect", fields: []field{
		fieldCall, fieldAgent, lasts("wait"), choice("why", spelled(acd.ByOffer, acd.ByHandOver)...),
	}},
	{name: "leave", fields: []field{
		fieldCall, fieldQueue, choice("outcome", spelled(queue.Answered, queue.Lost)...), text("to"), fieldReason,
	}},
	{name: "talk_end", fields: []field{
		fieldCall, fieldAgent, choice("by", spelled(acd.ByAgent, acd.ByLost)...), lasts("talk"),
	}},
	{name: "status", fields: []field{fieldAgent, fieldQueue, fieldStatus, fieldReason}},
	{name: "play", fields: []field{fieldCall, fieldPrompt, fieldPlace, lasts("estimate")}},
	{name: "stop_play", fields: []field{fieldCall, fieldPrompt}},
	{name: "dial", fields: []field{fieldCall, fieldAgent, text("number"), number("attempt")}},
	{name: "stop_dial", fields: []field{fieldCall, fieldAgent, text("number"), number("attempt")}},
	{name: "callback", fields: []field{
		fieldCall,
		choice("state", "WAITING", "RINGING_AGENT", "DIALLING", "COMPLETED", "FAILED", "CANCELLED", "EXPIRED"),
	}},
	{name: "sla", fields: []field{fieldCall, fieldQueue}},
	{name: "unstaffed", fields: []field{fieldCall, fieldQueue}},
	{name: "confirm", fields: []field{fieldCall, fieldQueue}},
	{name: "line", fields: []field{fieldQueue}, other: &fieldCall},
	{name: "agent", fields: []field{fieldAgent, text("rung")}, other: &fieldStatus},
	{name: "queue", fields: append([]field{fieldQueue}, queueNumbers()...)},
	{name: "call", fields: []field{
		fieldCall, fieldQueue,
		choice("state", append(spelled(acd.CallIntro, acd.CallDialling), stateEnded)...),
		fieldPlace,
	}},
	{name: "refused", fields: []field{text("error")}},
}

// stateEnded is the state of a call that has been and is no more.
const stateEnded = "ENDED"

// queueNumbers are the fields of the kind queue, as showQueue fills them.
func queueNumbers() []field {
	names := []string{"joined", "waiting", "talking"}
	for _, outcome := range spelled(queue.Answered, queue.Lost) {
		names = append(names, strings.ToLower(outcome))
	}
	names = append(names, "ended",
		"callbacks_open", "callbacks_completed", "callbacks_failed", "callbacks_cancelled", "callbacks_expired")
	fields := make([]field, len(names))
	for i, name := range names {
		fields[i] = number(name)
	}
	return fields
}

// findKind returns the kind of that name.
func findKind(name string) (*kind, error) {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i], nil
		}
	}
	return nil, fmt.Errorf("unknown kind %s of trace line", quote(name, false))
}

// field returns the field of that name, nil if the kind has none.
func (k *kind) field(name string) *field {
	for i := range k.fields {
		if k.fields[i].name == name {
			return &k.fields[i]
		}
	}
	return k.other
}

// check refuses fields that no line of the kind can have: an expectation of
// them, or of their absence, would mean nothing.
func (k *kind) check(wanted []Field) error {
	for _, w := range wanted {
		f := k.field(w.Key)
		if f == nil {
			return fmt.Errorf("unknown key %s: %s has %s", quote(w.Key, true), k.name, k.keys())
		}
		if k.name == "line" && f == k.other && !isDigits(w.Key) {
			return fmt.Errorf("unknown key %s: line has queue, 1, 2, …", quote(w.Key, true))
		}
		if must := f.check(w.Value); must != "" {
			return fmt.Errorf("%s=%s: must be %s", w.Key, quote(w.Value, false), must)
		}
	}
	return nil
}

func (k *kind) keys() string {
	names := make([]string, len(k.fields))
	for i, f := range k.fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// check returns what a value of the field must be, "" if this one is. An empty
// value means that the field is left out.
func (f *field) check(value string) string {
	switch {
	case value == "":
	case f.form == formNumber && !isDigits(value):
		return "a whole number"
	case f.form == formTime:
		if _, ok := parseDuration(value); !ok {
			return "a duration"
		}
	case f.form == formChoice && !slices.Contains(f.of, value):
		return "one of " + strings.Join(f.of, ", ")
	}
	return ""
}

// equal reports whether two values of the field are the same.
func (f *field) equal(a, b string) bool {
	if a == b {
		return true
	}
	switch f.form {
	case formNumber:
		x, err1 := strconv.ParseUint(a, 10, 64)
		y, err2 := strconv.ParseUint(b, 10, 64)
		return err1 == nil && err2 == nil && x == y
	case formTime:
		x, ok1 := parseDuration(a)
		y, ok2 := parseDuration(b)
		return ok1 && ok2 && x == y
	default:
		return false
	}
}

// matches reports whether a trace line is of the kind and has all fields that
// are wanted.
func (k *kind) matches(t *TraceLine, wanted []Field) bool {
	if t.Kind != k.name {
		return false
	}
	for _, w := range wanted {
		if !k.field(w.Key).equal(w.Value, t.Get(w.Key)) {
			return false
		}
	}
	return true
}
