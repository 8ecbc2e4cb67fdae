package acd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// inputForms and actionForms are the one table of names and types, for both
// directions.
var (
	inputForms = []form[Input]{
		inputForm("create_queue", CreateQueue{Config: queue.Defaults()}),
		inputForm("change_queue", ChangeQueue{Config: queue.Defaults()}),
		inputForm("delete_queue", DeleteQueue{}),
		inputForm("reset_queue", ResetQueue{}),
		inputForm("add_agent", AddAgent{}),
		inputForm("set_agents", SetAgents{}),
		inputForm("change_member", ChangeMember{}),
		inputForm("remove_member", RemoveMember{}),
		inputForm("delete_agent", DeleteAgent{}),
		inputForm("set_status", SetStatus{}),
		inputForm("free_agent", FreeAgent{}),
		inputForm("registered", Registered{}),
		inputForm("other_call", OtherCall{}),
		inputForm("alerting", Alerting{}),
		inputForm("answered", Answered{}),
		inputForm("refused", Refused{}),
		inputForm("media_joined", MediaJoined{}),
		inputForm("media_failed", MediaFailed{}),
		inputForm("join", Join{}),
		inputForm("hang_up", HangUp{}),
		inputForm("end_talk", EndTalk{}),
		inputForm("withdraw", Withdraw{}),
		inputForm("change_priority", ChangePriority{}),
		inputForm("pickup", Pickup{}),
		inputForm("transfer", Transfer{}),
		inputForm("hand_over", HandOver{}),
		inputForm("change_caller", ChangeCaller{}),
		inputForm("hold", Hold{}),
		inputForm("confirm_call", ConfirmCall{}),
		inputForm("key_pressed", KeyPressed{}),
		inputForm("prompt_ended", PromptEnded{}),
		inputForm("enter_number", EnterNumber{}),
		inputForm("customer_replied", CustomerReplied{}),
		inputForm("hold_callbacks", HoldCallbacks{}),
		inputForm("set_vip", SetVIP{}),
		inputForm("remove_vip", RemoveVIP{}),
		inputForm("set_exclusive", SetExclusive{}),
		inputForm("remove_exclusive", RemoveExclusive{}),
		inputForm("set_blocked", SetBlocked{}),
		inputForm("remove_blocked", RemoveBlocked{}),
		inputForm("enable_blocking", EnableBlocking{}),
		inputForm("set_night", SetNight{}),
		inputForm("add_server", AddServer{}),
		inputForm("enable_server", EnableServer{}),
		inputForm("delete_server", DeleteServer{}),
		inputForm("report_server", ReportServer{}),
		inputForm("resync", Resync{}),
		inputForm("recover", Recover{}),
	}
	actionForms = []form[Action]{
		actionForm[Ring]("ring"),
		actionForm[StopRinging]("stop_ringing"),
		actionForm[Connect]("connect"),
		actionForm[Confirm]("confirm"),
		actionForm[Play]("play"),
		actionForm[StopPlay]("stop_play"),
		actionForm[Dial]("dial"),
		actionForm[StopDialling]("stop_dialling"),
		actionForm[CallbackChanged]("callback_changed"),
		actionForm[CallJoined]("call_joined"),
		actionForm[OfferEnded]("offer_ended"),
		actionForm[CallConnected]("call_connected"),
		actionForm[ConnectFailed]("connect_failed"),
		actionForm[CallLeft]("call_left"),
		actionForm[TalkEnded]("talk_ended"),
		actionForm[LineChanged]("line_changed"),
		actionForm[StatusChanged]("status_changed"),
		actionForm[SLABreached]("sla_breached"),
		actionForm[QueueUnstaffed]("queue_unstaffed"),
		actionForm[CallerChanged]("caller_changed"),
		actionForm[PriorityChanged]("priority_changed"),
		actionForm[QueueCreated]("queue_created"),
		actionForm[QueueChanged]("queue_changed"),
		actionForm[QueueDeleted]("queue_deleted"),
		actionForm[AgentCreated]("agent_created"),
		actionForm[AgentChanged]("agent_changed"),
		actionForm[AgentDeleted]("agent_deleted"),
		actionForm[ServerAdded]("server_added"),
		actionForm[ServerChanged]("server_changed"),
		actionForm[ServerDeleted]("server_deleted"),
		actionForm[QueueMoved]("queue_moved"),
		actionForm[ClockStepped]("clock_stepped"),
	}
)

// form is the JSON form of one type that implements S, the sealed interface.
type form[S any] struct {
	name string
	of   reflect.Type
	read func(object []byte) (S, error)
}

// inputForm is the form of T; what an object lacks is as in blank.
func inputForm[T Input](name string, blank T) form[Input] {
	return form[Input]{name, reflect.TypeFor[T](), func(object []byte) (Input, error) {
		in := blank
		err := readStrictly(object, &in)
		return in, err
	}}
}

// actionForm is the form of *T.
func actionForm[T any, P interface {
	*T
	Action
}](name string) form[Action] {
	return form[Action]{name, reflect.TypeFor[P](), func(object []byte) (Action, error) {
		do := P(new(T))
		err := readStrictly(object, do)
		return do, err
	}}
}

// MarshalInput returns the JSON form of an input: its fields and its type, e.g.
//
//	{"type":"join","call":"c1","queue":"support","number":"+4930123456"}
//
// Durations are whole nanoseconds, those inside a queue's configuration in the
// units of the queue API; times are RFC 3339; the names of types are those in Go
// in lower case with underscores. An error wraps [ErrInvalid]: in is nil or a
// pointer, or a value has no text.
func MarshalInput(in Input) ([]byte, error) { return marshal("input", inputForms, in) }

// UnmarshalInput reads the JSON form of an input, see [MarshalInput]. Properties
// that the configuration of a queue lacks have their defaults. An unknown type or
// field is refused, with an error that wraps [ErrInvalid]; whether the values
// are good is left to [Engine.Step].
func UnmarshalInput(data []byte) (Input, error) { return unmarshal("input", inputForms, data) }

// MarshalAction returns the JSON form of an action, in the manner of
// [MarshalInput], e.g.
//
//	{"type":"stop_ringing","call":"c1","queue":"support","offer":"3-17","agent":"101","end":"WITHDRAWN"}
func MarshalAction(do Action) ([]byte, error) { return marshal("action", actionForms, do) }

// UnmarshalAction reads the JSON form of an action, as strictly as
// [UnmarshalInput] reads an input.
func UnmarshalAction(data []byte) (Action, error) { return unmarshal("action", actionForms, data) }

// MarshalJSON implements [json.Marshaler]: {"seq":7,"at":"…","do":{"type":"ring", …}},
// see [MarshalAction].
func (ev Event) MarshalJSON() ([]byte, error) {
	do, err := MarshalAction(ev.Do)
	if err != nil {
		return nil, err
	}
	return json.Marshal(eventForm{ev.Seq, ev.At, do})
}

// UnmarshalJSON implements [json.Unmarshaler], as strictly as [UnmarshalInput].
// An error leaves ev as it was.
func (ev *Event) UnmarshalJSON(data []byte) error {
	var f eventForm
	if err := readStrictly(data, &f); err != nil {
		return fmt.Errorf("acd: %w: event: %w", ErrInvalid, err)
	}
	do, err := UnmarshalAction(f.Do)
	if err != nil {
		return err
	}
	*ev = Event{Seq: f.Seq, At: f.At, Do: do}
	return nil
}

// eventForm is an [Event] whose action has its JSON form already.
type eventForm struct {
	Seq uint64          `json:"seq"`
	At  time.Time       `json:"at"`
	Do  json.RawMessage `json:"do"`
}

// marshal writes v as an object that begins with the name of its type.
func marshal[S any](kind string, forms []form[S], v S) ([]byte, error) {
	of := reflect.TypeOf(v)
	for _, f := range forms {
		if f.of != of {
			continue
		}
		if of.Kind() == reflect.Pointer && reflect.ValueOf(v).IsNil() {
			break
		}
		object, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("acd: %w: %s %s: %w", ErrInvalid, kind, f.name, err)
		}
		out := fmt.Appendf(nil, `{"type":%q`, f.name)
		if fields := object[1:]; len(fields) > 1 {
			out = append(append(out, ','), fields...)
		} else {
			out = append(out, '}')
		}
		return out, nil
	}
	return nil, fmt.Errorf("acd: %w: %s %T: has no JSON form", ErrInvalid, kind, v)
}

// unmarshal reads an object that says its type.
func unmarshal[S any](kind string, forms []form[S], data []byte) (none S, _ error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return none, fmt.Errorf("acd: %w: %s: %w", ErrInvalid, kind, err)
	}
	var name string
	if err := json.Unmarshal(fields["type"], &name); err != nil {
		return none, fmt.Errorf("acd: %w: %s: must have a type", ErrInvalid, kind)
	}
	delete(fields, "type")
	for _, f := range forms {
		if f.name != name {
			continue
		}
		v, err := f.readFields(fields)
		if err != nil {
			return none, fmt.Errorf("acd: %w: %s %s: %w", ErrInvalid, kind, name, err)
		}
		return v, nil
	}
	return none, fmt.Errorf("acd: %w: %s type %q: unknown", ErrInvalid, kind, name)
}

func (f form[S]) readFields(fields map[string]json.RawMessage) (none S, _ error) {
	object, err := json.Marshal(fields)
	if err != nil {
		return none, err
	}
	return f.read(object)
}

// readStrictly decodes one JSON value and refuses fields that v does not have.
func readStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows it")
	}
	return nil
}

// ---- The texts of the enums.

// textOf returns the text of the enum i, whose texts are names.
func textOf(names []string, i uint8, kind string) ([]byte, error) {
	if int(i) >= len(names) {
		return nil, fmt.Errorf("acd: %w: %s %d: must be one of %q", ErrInvalid, kind, i, names)
	}
	return []byte(names[i]), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (r Reason) MarshalText() ([]byte, error) { return textOf(reasonNames[:], uint8(r), "reason") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Reason) UnmarshalText(text []byte) error {
	return set(r, reasonNames[:], text, "reason")
}

// MarshalText implements [encoding.TextMarshaler].
func (t TalkEnd) MarshalText() ([]byte, error) { return textOf(talkEndNames[:], uint8(t), "talk end") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *TalkEnd) UnmarshalText(text []byte) error {
	return set(t, talkEndNames[:], text, "talk end")
}

// MarshalText implements [encoding.TextMarshaler].
func (s OtherState) MarshalText() ([]byte, error) {
	return textOf(otherStateNames[:], uint8(s), "other call's state")
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *OtherState) UnmarshalText(text []byte) error {
	return set(s, otherStateNames[:], text, "other call's state")
}

// MarshalText implements [encoding.TextMarshaler].
func (r Reply) MarshalText() ([]byte, error) { return textOf(replyNames[:], uint8(r), "reply") }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Reply) UnmarshalText(text []byte) error { return set(r, replyNames[:], text, "reply") }

// MarshalText implements [encoding.TextMarshaler].
func (s CallState) MarshalText() ([]byte, error) {
	return textOf(callStateNames[:], uint8(s), "call state")
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *CallState) UnmarshalText(text []byte) error {
	return set(s, callStateNames[:], text, "call state")
}

// set sets an enum to the one whose text is text; an error leaves it as it was.
func set[E ~uint8](e *E, names []string, text []byte, kind string) error {
	i, err := parse(names, text, kind)
	if err == nil {
		*e = E(i)
	}
	return err
}
