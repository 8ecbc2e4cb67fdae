package acd

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// Event is one thing that the engine tells its host.
type Event struct {
	Seq uint64    `json:"seq"` // gapless within an epoch, from 1
	At  time.Time `json:"at"`  // when it happened
	Do  Action    `json:"do"`  // a pointer to one of the types below; read only
}

// Action is what an event is: an order to carry out, or news. Orders are
// imperatives; news are a noun and a participle. Every action is a pointer to
// one of the structs below; they are shared and read only. A host ignores those
// it does not know: new ones may come. The JSON form is {"type": "ring", …}, see
// [MarshalAction].
type Action interface{ action() }

// OfferID names an offer: the epoch of the router and a number within it. Its
// text is "3-17".
type OfferID struct {
	Epoch uint32
	N     uint64
}

// String returns e.g. "3-17".
func (id OfferID) String() string {
	return strconv.FormatUint(uint64(id.Epoch), 10) + "-" + strconv.FormatUint(id.N, 10)
}

// IsZero reports whether id names no offer.
func (id OfferID) IsZero() bool { return id == OfferID{} }

// MarshalText implements [encoding.TextMarshaler].
func (id OfferID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *OfferID) UnmarshalText(text []byte) error {
	epoch, n, ok := strings.Cut(string(text), "-")
	e, err1 := strconv.ParseUint(epoch, 10, 32)
	k, err2 := strconv.ParseUint(n, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		return fmt.Errorf("acd: %w: offer id %q: must be like 3-17", ErrInvalid, text)
	}
	*id = OfferID{Epoch: uint32(e), N: k}
	return nil
}

// About says which call an action is about.
type About struct {
	Call  queue.CallID `json:"call"`
	Queue queue.ID     `json:"queue"`
	Tag   string       `json:"tag,omitempty"` // the host's, from Join
}

// ---- Orders.

// Ring orders to ring an agent for a call, without diversion, voicemail or call
// waiting (B30).
type Ring struct {
	About
	Offer  OfferID       `json:"offer"`
	Agent  agent.ID      `json:"agent"`
	Number string        `json:"number,omitempty"` // the caller's
	Name   string        `json:"name,omitempty"`
	For    time.Duration `json:"for"`  // how long it rings at the most
	Wait   time.Duration `json:"wait"` // how long the caller has waited in this queue
	Why    Why           `json:"why"`
	// Which identity headers the INVITE carries, see [Ring.Identity] (B75).
	PAsserted   bool `json:"p_asserted,omitempty"`
	RemoteParty bool `json:"remote_party,omitempty"`
	ToExtension bool `json:"to_extension,omitempty"`
}

// Identity renders the headers that the INVITE to the agent carries (B75).
func (r *Ring) Identity() Identity {
	return Identity{
		PAsserted: r.PAsserted, RemoteParty: r.RemoteParty, ToExtension: r.ToExtension,
		Name: r.Name, Number: r.Number, Extension: r.Agent,
	}
}

// Why says why an offer was made (B39).
type Why struct {
	By        Reason `json:"by"`        // what chose him
	Strategy  string `json:"strategy"`  // the queue's strategy then
	Round     int    `json:"round"`     // from 1
	Level     int    `json:"level"`     // his skill level; 0 unless the strategy is skilled
	Place     int    `json:"place"`     // his place in the order as it was walked, from 1
	Available int    `json:"available"` // how many members were available
	Position  int    `json:"position"`  // the call's place in the line
}

// Reason is what chose an agent for a call, or how he came by it.
type Reason uint8

// The reasons.
const (
	ByStrategy  Reason = iota // strategy: the queue's order
	BySticky                  // sticky: he talked with this caller last
	ByExclusive               // exclusive: he is on the caller's list
	ByOffer                   // offer: he answered an offer (Connect)
	ByPickup                  // pickup: he took it (Connect)
	ByHandOver                // handover: it was handed to him (Connect)
	reasons
)

var reasonNames = [reasons]string{"strategy", "sticky", "exclusive", "offer", "pickup", "handover"}

// String returns the lower-case name.
func (r Reason) String() string { return name(reasonNames[:], uint8(r), "Reason") }

// StopRinging orders to stop ringing an agent; OfferEnded says why. For one
// agent it always comes before the next Ring (B30).
type StopRinging struct {
	About
	Offer OfferID   `json:"offer"`
	Agent agent.ID  `json:"agent"`
	End   agent.End `json:"end"` // of the offer
}

// Connect orders to connect caller and agent.
type Connect struct {
	About
	Agent agent.ID `json:"agent"`
	Offer OfferID  `json:"offer,omitzero"` // that he answered, if any
	By    Reason   `json:"by"`             // offer, pickup or handover
	// Manual: the host reports MediaJoined or MediaFailed (B48).
	Manual bool          `json:"manual,omitempty"`
	Wait   time.Duration `json:"wait"`
}

// Confirm asks the host whether a call still lives; ConfirmCall answers. Without
// an answer within 60 s the talk ends by LOST (B29).
type Confirm struct {
	About          // Queue is empty for an other call
	Agent agent.ID `json:"agent"`
}

// Play orders to play a prompt to a waiting caller. Music goes on after each
// other prompt without a new order; the host reports the others' ends by
// PromptEnded (B60–B62). When the call leaves, nothing plays any more.
//
// What it is in words, package acd/speech knows: speech.Say(play) is the sentence
// in the queue's language, and the sequence of recordings.
type Play struct {
	About
	What     queue.Prompt    `json:"what"`
	File     string          `json:"file,omitempty"` // of music and intro, from the configuration
	Language string          `json:"language"`       // of the queue, a BCP 47 tag
	Position int             `json:"position"`
	Estimate *queue.Estimate `json:"estimate,omitempty"` // of the wait; nil: nobody is staffed (B64)
	// Level is that of a warning: FIRST asks the caller whether to go on, SECOND
	// tells him that the call ends (B45).
	Level queue.BlockLevel `json:"level,omitempty"`
}

// StopPlay orders to stop a prompt, because the call is connected or a dialogue
// begins (B61).
type StopPlay struct {
	About
	What queue.Prompt `json:"what"`
}

// Dial orders to call a customer back: the agent is on the line (B83). The host
// reports CustomerReplied. A Router hands it out only when the attempt is
// durable (B84).
type Dial struct {
	About
	Agent     agent.ID                 `json:"agent"`
	Number    string                   `json:"number"`  // prefix included
	Attempt   int                      `json:"attempt"` // from 1
	For       time.Duration            `json:"for"`     // how long it rings at the most
	CallerIDs []queue.OutboundCallerID `json:"caller_ids,omitempty"`
}

// StopDialling orders to end the customer's leg (B83).
type StopDialling struct {
	About
	Agent   agent.ID `json:"agent"`
	Number  string   `json:"number"`
	Attempt int      `json:"attempt"`
}

// ---- News.

// CallbackChanged: a callback came to another state of its life (B80–B85).
type CallbackChanged struct {
	About
	State    callback.State `json:"state"`
	Number   string         `json:"number"`
	Attempts int            `json:"attempts"`
	Reason   string         `json:"reason,omitempty"` // why it was cancelled
}

// CallJoined: a call has a place in a queue's line.
type CallJoined struct {
	About
	Number   string `json:"number,omitempty"`
	Name     string `json:"name,omitempty"`
	Priority int    `json:"priority"`
	Position int    `json:"position"`
}

// OfferEnded: an offer came to its one end (B30).
type OfferEnded struct {
	About
	Offer OfferID       `json:"offer"`
	Agent agent.ID      `json:"agent"`
	End   agent.End     `json:"end"`
	Rang  time.Duration `json:"rang"` // how long it lasted
}

// CallConnected: caller and agent hear each other, and the talk has begun; or it
// was handed over to another agent and goes on (B55).
type CallConnected struct {
	About
	Agent agent.ID      `json:"agent"`
	By    Reason        `json:"by"`
	From  agent.ID      `json:"from,omitempty"` // who handed the talk over (B55)
	Wait  time.Duration `json:"wait"`           // from the join in this queue to the answer
}

// ConnectFailed: an answered call was not connected (B48); the agent's leg is to
// be released. The call is hunted for again, or has left.
type ConnectFailed struct {
	About
	Agent agent.ID `json:"agent"`
}

// CallLeft: a call left the line, with its one outcome (B46).
type CallLeft struct {
	About
	Outcome queue.Outcome `json:"outcome"`
	Agent   agent.ID      `json:"agent,omitempty"` // who answered it
	// To is where the call goes; nil unless a forward rule decides (B46, B49).
	To *Target `json:"to,omitempty"`
	// Next is the queue it moves to, with TRANSFERRED.
	Next   queue.ID      `json:"next,omitempty"`
	Reason string        `json:"reason,omitempty"`
	Wait   time.Duration `json:"wait"` // from the join in this queue
}

// Target is where a call goes that no agent answered (B49).
type Target struct {
	Action queue.ForwardAction `json:"action"`
	Number string              `json:"number,omitempty"`
	Queue  queue.ID            `json:"queue,omitempty"` // which queue of this router has the number
}

// String returns "6000", "voicemail:101" or "hangup".
func (t Target) String() string {
	switch t.Action {
	case queue.ForwardToNumber:
		return t.Number
	case queue.ForwardToVoicemail:
		return "voicemail:" + t.Number
	default:
		return "hangup"
	}
}

// TalkEnded: an answered call's talk ended (B47).
type TalkEnded struct {
	About
	Agent agent.ID      `json:"agent"`
	By    TalkEnd       `json:"by"`
	Talk  time.Duration `json:"talk"` // of this agent
}

// TalkEnd says who ended a talk.
type TalkEnd uint8

// The ends of a talk.
const (
	ByAgent    TalkEnd = iota // AGENT: his side hung up
	ByCaller                  // CALLER: the caller hung up
	ByTransfer                // TRANSFER: the agent left, others go on
	ByLost                    // LOST: nobody knows
	talkEnds
)

var talkEndNames = [talkEnds]string{"AGENT", "CALLER", "TRANSFER", "LOST"}

// String returns the upper-case name.
func (t TalkEnd) String() string { return name(talkEndNames[:], uint8(t), "TalkEnd") }

// LineChanged: an agent's line was taken or freed; one event for all his queues
// (B11).
type LineChanged struct {
	Agent      agent.ID     `json:"agent"`
	Use        agent.Use    `json:"use"`
	Queue      queue.ID     `json:"queue,omitempty"` // of the offer, call or wrap-up
	Call       queue.CallID `json:"call,omitempty"`
	Registered bool         `json:"registered"`
	WrapUp     time.Time    `json:"wrap_up,omitzero"` // end of the wrap-up that ends last
	Pause      time.Time    `json:"pause,omitzero"`   // no offers before (B25)
	// WrapUps are all that run, if there are several: those of scope QUEUE keep
	// him from their own queue each (B23).
	WrapUps []WrapUp `json:"wrap_ups,omitempty"`
}

// WrapUp is a timed wrap-up that runs: after a talk of that queue, in every queue
// or in that one alone (B23).
type WrapUp struct {
	Queue queue.ID    `json:"queue"`
	Scope agent.Scope `json:"scope"`
	Until time.Time   `json:"until"`
}

// StatusChanged: stored statuses of an agent changed; it names those
// memberships. What he reads as is in Shown.
type StatusChanged struct {
	Agent   agent.ID       `json:"agent"`
	Changes []StatusChange `json:"changes"`
}

// StatusChange is one membership's new status.
type StatusChange struct {
	Queue  queue.ID     `json:"queue"`
	Set    agent.Status `json:"set"`   // as stored
	Shown  agent.Status `json:"shown"` // what he reads as (B11)
	Reason string       `json:"reason,omitempty"`
	ByHand bool         `json:"by_hand,omitempty"`
}

// SLABreached: a call has waited longer than sla_time; once per call (B90).
type SLABreached struct {
	About
	Breaches int `json:"breaches"` // of this queue since its last reset
	Waiting  int `json:"waiting"`  // calls waiting there now, callbacks not among them
}

// QueueUnstaffed: entries wait and nobody is staffed; once until somebody is
// (B40).
type QueueUnstaffed struct {
	Queue   queue.ID `json:"queue"`
	Waiting int      `json:"waiting"`
}

// CallerChanged: the party behind a call was exchanged (B57).
type CallerChanged struct {
	About
	Number   string `json:"number,omitempty"`
	Name     string `json:"name,omitempty"`
	Position int    `json:"position,omitempty"` // while it waits
}

// PriorityChanged: a waiting call's priority changed (B51).
type PriorityChanged struct {
	About
	Priority int `json:"priority"`
	Position int `json:"position"`
}

// QueueCreated, QueueChanged and QueueDeleted: administration (B121).
type QueueCreated struct {
	Queue        queue.ID `json:"queue"`
	Revision     uint64   `json:"revision"`           // of the configuration
	ListRevision uint64   `json:"list_revision"`      // of the agent list
	Warnings     []string `json:"warnings,omitempty"` // accepted, but see there
}

// QueueChanged: configuration or agent list of a queue changed. That an agent was
// added, deleted or given another level is told by AgentCreated, AgentChanged and
// AgentDeleted alone.
type QueueChanged struct {
	Queue        queue.ID `json:"queue"`
	Revision     uint64   `json:"revision"`
	ListRevision uint64   `json:"list_revision"`
	Warnings     []string `json:"warnings,omitempty"`
}

// QueueDeleted: a queue is gone.
type QueueDeleted struct {
	Queue queue.ID `json:"queue"`
}

// AgentCreated: an agent was made.
type AgentCreated struct {
	Agent agent.ID `json:"agent"`
}

// AgentChanged: an agent's name or queues changed.
type AgentChanged struct {
	Agent agent.ID `json:"agent"`
}

// AgentDeleted: an agent is gone.
type AgentDeleted struct {
	Agent agent.ID `json:"agent"`
}

// ServerAdded: there is a new queue server (B122).
type ServerAdded struct {
	Server ServerID `json:"server"`
}

// ServerChanged: a queue server was enabled or disabled, or reported another state.
type ServerChanged struct {
	Server ServerID `json:"server"`
}

// ServerDeleted: a queue server is gone; its queues have moved before.
type ServerDeleted struct {
	Server ServerID `json:"server"`
}

// QueueMoved: a queue lives on another server, with everything in it (B122). An
// empty From or To is no server: the queue was, or is, OFFLINE (B120).
type QueueMoved struct {
	Queue queue.ID `json:"queue"`
	From  ServerID `json:"from,omitempty"`
	To    ServerID `json:"to,omitempty"`
}

// ClockStepped: at Restore the clock stood before the last stored time; all that
// was stored was shifted by By, so that no time has passed (B101).
type ClockStepped struct {
	By time.Duration `json:"by"`
}

func (*Ring) action()            {}
func (*StopRinging) action()     {}
func (*Connect) action()         {}
func (*Confirm) action()         {}
func (*Play) action()            {}
func (*StopPlay) action()        {}
func (*Dial) action()            {}
func (*StopDialling) action()    {}
func (*CallbackChanged) action() {}
func (*CallJoined) action()      {}
func (*OfferEnded) action()      {}
func (*CallConnected) action()   {}
func (*ConnectFailed) action()   {}
func (*CallLeft) action()        {}
func (*TalkEnded) action()       {}
func (*LineChanged) action()     {}
func (*StatusChanged) action()   {}
func (*SLABreached) action()     {}
func (*QueueUnstaffed) action()  {}
func (*CallerChanged) action()   {}
func (*PriorityChanged) action() {}
func (*QueueCreated) action()    {}
func (*QueueChanged) action()    {}
func (*QueueDeleted) action()    {}
func (*AgentCreated) action()    {}
func (*AgentChanged) action()    {}
func (*AgentDeleted) action()    {}
func (*ServerAdded) action()     {}
func (*ServerChanged) action()   {}
func (*ServerDeleted) action()   {}
func (*QueueMoved) action()      {}
func (*ClockStepped) action()    {}
