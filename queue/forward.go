package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/acdkit/acdkit/agent"
)

// ForwardAction is what happens to a call that no agent answered (B49).
type ForwardAction uint8

// The actions.
const (
	ForwardHangup      ForwardAction = iota // HANGUP: the call is released
	ForwardToNumber                         // FORWARD_TO_NUMBER: it goes on to a number
	ForwardToVoicemail                      // FORWARD_TO_VOICEMAIL: it goes to a number's voicemail
)

var forwardActions = []string{"HANGUP", "FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL"}

// String returns the product's spelling.
func (a ForwardAction) String() string { return spell(forwardActions, a, "ForwardAction") }

// MarshalText implements [encoding.TextMarshaler].
func (a ForwardAction) MarshalText() ([]byte, error) {
	return spellText(forwardActions, a, "action")
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (a *ForwardAction) UnmarshalText(text []byte) error {
	return readText(forwardActions, a, text, "action")
}

// ForwardRule says where a call goes that leaves unanswered (B49). The zero
// rule hangs up.
type ForwardRule struct {
	Action ForwardAction `json:"action"`
	Number string        `json:"number,omitempty"` // 1..64 characters; HANGUP ignores it
}

// String returns the rule as scenario scripts write it: HANGUP,
// FORWARD_TO_NUMBER:6000 or FORWARD_TO_VOICEMAIL:101.
func (r ForwardRule) String() string {
	if r.Action == ForwardHangup || r.Number == "" {
		return r.Action.String()
	}
	return r.Action.String() + ":" + r.Number
}

// UnmarshalJSON implements [json.Unmarshaler]. An object without an action is
// refused: a number alone does not say what to do with it.
func (r *ForwardRule) UnmarshalJSON(data []byte) error {
	var in struct {
		Action *ForwardAction `json:"action"`
		Number string         `json:"number"`
	}
	if err := decodeStrictly(data, &in); err != nil {
		return fmt.Errorf("queue: %w: forward rule: %w", agent.ErrInvalid, err)
	}
	if in.Action == nil {
		return fmt.Errorf("queue: %w: forward rule: must have an action, %s", agent.ErrInvalid, oneOf(forwardActions))
	}
	*r = ForwardRule{Action: *in.Action, Number: in.Number}
	return nil
}

// parse reads the form that String writes.
func (r *ForwardRule) parse(text string) bool {
	action, number, has := strings.Cut(text, ":")
	var next ForwardRule
	if next.Action.UnmarshalText([]byte(action)) != nil || has && next.Action == ForwardHangup {
		return false
	}
	next.Number = number
	*r = next
	return true
}

// allowed reports whether the rule can be carried out in the queue that has
// this number.
func (r ForwardRule) allowed(own string) bool {
	switch {
	case !clean(r.Number) || !sized(r.Number, 0, maxNumber):
		return false
	case r.Action == ForwardHangup:
		return true
	default:
		return int(r.Action) < len(forwardActions) && r.Number != "" && r.Number != own
	}
}

// Forward returns the rule for calls that leave with this outcome: NIGHT and
// EXITED have their own, all others that go somewhere the no-answer rule (B46).
func (c *Config) Forward(o Outcome) ForwardRule {
	switch {
	case o == Night && c.NightModeForwardRule != nil:
		return *c.NightModeForwardRule
	case o == Exited:
		return c.ExitForwardRule
	default:
		return c.NoAnswerForwardRule
	}
}

// ruleValue is a forward rule; own is the queue's number.
type ruleValue struct {
	field *ForwardRule
	own   *string
}

func (v ruleValue) parse(text string) bool {
	if text == "" {
		*v.field = ForwardRule{}
		return true
	}
	return v.field.parse(text)
}

func (v ruleValue) decode(raw []byte) bool {
	if string(raw) == "null" {
		*v.field = ForwardRule{}
		return true
	}
	return v.field.UnmarshalJSON(raw) == nil
}

func (v ruleValue) encode() ([]byte, bool) {
	raw, err := json.Marshal(*v.field)
	return raw, err == nil
}

func (v ruleValue) String() string { return printable(v.field.String()) }

func (v ruleValue) must() string {
	return fmt.Sprintf("HANGUP, or FORWARD_TO_NUMBER or FORWARD_TO_VOICEMAIL with a number of 1..%d characters that is not the queue's own", maxNumber)
}

func (v ruleValue) problem() string {
	if !v.field.allowed(*v.own) {
		return v.must()
	}
	return ""
}

func (v ruleValue) describe(p *Property) { p.Kind = KindForwardRule }

// optionalRuleValue is a rule that may be absent.
type optionalRuleValue struct {
	field **ForwardRule
	own   *string
}

// present returns the rule as if it were there.
func (v optionalRuleValue) present() ruleValue {
	var r ForwardRule
	if *v.field != nil {
		r = **v.field
	}
	return ruleValue{&r, v.own}
}

func (v optionalRuleValue) parse(text string) bool {
	r := v.present()
	return v.put(r, text == "", r.parse(text))
}

func (v optionalRuleValue) decode(raw []byte) bool {
	r := v.present()
	return v.put(r, string(raw) == "null", r.decode(raw))
}

func (v optionalRuleValue) put(r ruleValue, absent, ok bool) bool {
	switch {
	case !ok:
		return false
	case absent:
		*v.field = nil
	default:
		*v.field = r.field // a new one: copies of the Config keep theirs
	}
	return true
}

func (v optionalRuleValue) encode() ([]byte, bool) {
	if *v.field == nil {
		return []byte("null"), true
	}
	return v.present().encode()
}

func (v optionalRuleValue) String() string { return v.present().String() }

func (v optionalRuleValue) must() string { return v.present().must() }

func (v optionalRuleValue) problem() string { return v.present().problem() }

func (v optionalRuleValue) describe(p *Property) { v.present().describe(p) }

// decodeStrictly decodes one JSON value and refuses fields that v lacks.
func decodeStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
