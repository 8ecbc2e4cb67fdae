package acd

import (
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Input is what a host says: a report of what happened on the phones, or a
// command. The types below are all there are; each is documented once, for
// [Engine.Step], [Router.Do] and [Router.Post] alike. Inputs are values, read
// only while they are applied. The JSON form is {"type": "join", …}, see
// [MarshalInput].
//
// Texts must be valid UTF-8 without control characters and keep the limits of
// B111: ids 1..128 bytes, names ≤ 1024 characters, numbers ≤ 64, reasons ≤ 256,
// tags ≤ 1024 bytes; else ErrInvalid. An id that nobody knows is ErrNotFound.
type Input interface{ input() }

// ---- Commands that set up queues and agents.

// CreateQueue makes a queue. ErrExists if the id or the extension number is
// taken; ErrInvalid with every problem of the configuration (B110).
type CreateQueue struct {
	Queue  queue.ID     `json:"queue"`
	Config queue.Config `json:"config"` // start from queue.Defaults
}

// ChangeQueue replaces a queue's configuration. It acts on the next offer and
// on entries that join later (B37). ErrInvalid also for another extension
// number: it is immutable.
type ChangeQueue struct {
	Queue  queue.ID     `json:"queue"`
	Config queue.Config `json:"config"`
	// Revision, if not 0, is the one that was read: ErrChanged if the
	// configuration has another by now. The agent list has one of its own.
	Revision uint64 `json:"revision,omitempty"`
}

// DeleteQueue deletes a queue: waiting calls leave WITHDRAWN, talks go on
// (B121).
type DeleteQueue struct {
	Queue queue.ID `json:"queue"`
	// Revision, if not 0, is the one that was read: ErrChanged if the
	// configuration has another by now.
	Revision uint64 `json:"revision,omitempty"`
}

// ResetQueue sets the numbers "since reset" of a queue to zero and touches
// nothing else.
type ResetQueue struct {
	Queue queue.ID `json:"queue"`
}

// AddAgent makes an agent, if he does not exist, and adds him at the end of each
// queue's list in which he is not yet, with that status, in one step (B20, B22).
type AddAgent struct {
	Agent  agent.ID `json:"agent"`
	Name   string   `json:"name,omitempty"` // how a person knows him; "" leaves it
	Queues []Place  `json:"queues,omitempty"`
	// Status he gets in those queues, as set by hand; nil: READY with
	// auto-ready, else LOGGED_OUT.
	Status *agent.Status `json:"status,omitempty"`
	Reason string        `json:"reason,omitempty"`
	// NotRegistered is for hosts that report registrations: a new agent counts
	// as registered otherwise. No effect on an agent who exists.
	NotRegistered bool `json:"not_registered,omitempty"`
}

// Place is an agent's place in a queue.
type Place struct {
	Queue queue.ID `json:"queue"`
	Level int      `json:"skill_level,omitempty"` // 1..100; 0: 1
}

// SetAgents replaces a queue's whole agent list; its order is the configured
// order. Who stays keeps status and memory, who is new is made if need be (B21).
type SetAgents struct {
	Queue  queue.ID `json:"queue"`
	Agents []Listed `json:"agents"`
	// ListRevision, if not 0, is the one that was read: ErrChanged if the list
	// has another by now.
	ListRevision uint64 `json:"list_revision,omitempty"`
}

// Listed is one agent of a queue's list.
type Listed struct {
	Agent agent.ID `json:"agent"`
	Level int      `json:"skill_level,omitempty"` // 1..100; 0: 1
}

// ChangeMember changes one membership.
type ChangeMember struct {
	Agent agent.ID `json:"agent"`
	Queue queue.ID `json:"queue"`
	Level int      `json:"skill_level,omitempty"` // 1..100; 0: as it is
	// WrapUpTime overrides the queue's wrap_up_time (B24), 0..3600 s; nil: as
	// it is.
	WrapUpTime *time.Duration `json:"wrap_up_time,omitempty"`
	// QueueWrapUp takes such an override away again.
	QueueWrapUp bool `json:"queue_wrap_up,omitempty"`
}

// RemoveMember takes one agent off a queue's list (B21).
type RemoveMember struct {
	Agent agent.ID `json:"agent"`
	Queue queue.ID `json:"queue"`
}

// DeleteAgent deletes an agent; a call that he has goes on (B121).
type DeleteAgent struct {
	Agent agent.ID `json:"agent"`
}

// SetStatus sets an agent's status by hand, in one queue or in all of them
// (B10, B14, B20).
type SetStatus struct {
	Agent  agent.ID     `json:"agent"`
	Status agent.Status `json:"status"`
	Reason string       `json:"reason,omitempty"` // pause code (B28)
	Queue  queue.ID     `json:"queue,omitempty"`  // "": all
}

// FreeAgent frees an agent whose call the host has lost, for a supervisor (B27).
type FreeAgent struct {
	Agent agent.ID `json:"agent"`
}

// ---- Reports about agents' phones.

// Registered reports that an agent's phone is registered, or no longer (B19).
type Registered struct {
	Agent agent.ID `json:"agent"`
	Gone  bool     `json:"gone,omitempty"`
}

// OtherCall reports a call of an agent that is not the library's (B58): per id
// once; repeated and late reports have no effect. Number is who is at the other
// end, "" if that is not known; any of the reports may say it.
type OtherCall struct {
	Agent  agent.ID   `json:"agent"`
	Call   string     `json:"call"`
	State  OtherState `json:"state"`
	Number string     `json:"number,omitempty"`
}

// OtherState is what happened to an other call.
type OtherState uint8

// The states of an other call.
const (
	OtherRinging OtherState = iota // RINGING: takes the line, changes nothing else
	OtherTalking                   // TALKING: answered
	OtherEnded                     // ENDED
	otherStates
)

var otherStateNames = [otherStates]string{"RINGING", "TALKING", "ENDED"}

// String returns the upper-case name.
func (s OtherState) String() string { return name(otherStateNames[:], uint8(s), "OtherState") }

// Alerting reports that the phone of an offer rings (180, 183) (B30).
type Alerting struct {
	Offer OfferID `json:"offer"`
}

// Answered reports that the agent took the offer. ErrOfferEnded if it has
// ended: see Error.Waiting (B30).
type Answered struct {
	Offer OfferID `json:"offer"`
}

// Refused reports that the offer was not taken: REJECTED, BUSY or UNREACHABLE.
type Refused struct {
	Offer OfferID   `json:"offer"`
	End   agent.End `json:"end"`
}

// MediaJoined reports that caller and agent hear each other, in a queue with
// connect=MANUAL (B48).
type MediaJoined struct {
	Call queue.CallID `json:"call"`
}

// MediaFailed reports that the connection did not come about (B48).
type MediaFailed struct {
	Call queue.CallID `json:"call"`
}

// ---- Calls.

// Join brings a call to a queue. ErrExists while the id is in use. A call that
// the queue refuses (B40, B42) is no error: it leaves at once, and the event
// says so.
type Join struct {
	Call   queue.CallID `json:"call"`
	Queue  queue.ID     `json:"queue"`
	Number string       `json:"number,omitempty"`
	Name   string       `json:"name,omitempty"`
	// Priority 0..100, higher first (B50).
	Priority int `json:"priority,omitempty"`
	// Credit joins it as if it had waited that long already, for its place
	// alone (B50); 0..86400 s.
	Credit time.Duration `json:"credit,omitempty"`
	// Position asks for a place in the line, from 1 (B52); 0: the natural one.
	Position int `json:"position,omitempty"`
	// Passed are the queues that the call was forwarded through on its way
	// here (B49).
	Passed []queue.ID `json:"passed,omitempty"`
	// Tag is the host's; it comes back in every event of the call.
	Tag string `json:"tag,omitempty"`
}

// HangUp reports that the caller hung up (ABANDONED, or the talk's end).
type HangUp struct {
	Call queue.CallID `json:"call"`
}

// EndTalk reports that the agent's side ended the talk, or left it to others
// (B47, B59).
type EndTalk struct {
	Call queue.CallID `json:"call"`
	// By is ByAgent, or ByTransfer if the agent left and others go on.
	By TalkEnd `json:"by,omitempty"`
}

// Withdraw takes a waiting call out of the line.
type Withdraw struct {
	Call   queue.CallID `json:"call"`
	Reason string       `json:"reason,omitempty"`
}

// ChangePriority changes a waiting call's priority, 0..100; its place changes at
// once (B51).
type ChangePriority struct {
	Call     queue.CallID `json:"call"`
	Priority int          `json:"priority"`
}

// Pickup gives a waiting call, or a callback that waits, to a named agent at once
// (B54). ErrNotWaiting for a callback between two attempts, and while its customer
// is called by another one (B84).
type Pickup struct {
	Call  queue.CallID `json:"call"`
	Agent agent.ID     `json:"agent"`
}

// Transfer moves a waiting or talking call to another queue (B55).
type Transfer struct {
	Call     queue.CallID `json:"call"`
	Queue    queue.ID     `json:"queue"`
	Priority *int         `json:"priority,omitempty"` // nil: as it was
}

// HandOver moves a talk to another agent (attended transfer, B55). To somebody
// whom the library does not know it is a transfer out.
type HandOver struct {
	Call  queue.CallID `json:"call"`
	Agent agent.ID     `json:"agent"`
}

// ChangeCaller reports that the party behind a waiting or talking call was
// exchanged (B57). ErrNotFound for an open callback: its call has gone.
type ChangeCaller struct {
	Call   queue.CallID  `json:"call"`
	Number string        `json:"number,omitempty"`
	Name   string        `json:"name,omitempty"`
	Credit time.Duration `json:"credit,omitempty"` // added to what it had; 0..86400 s
}

// Hold reports that a talk is on hold or no longer; for the numbers (B59).
type Hold struct {
	Call queue.CallID `json:"call"`
	On   bool         `json:"on"`
}

// ConfirmCall says that a call lives: after a restart (B112), or when Confirm
// asked for it (B29). It may also name an agent's other call.
type ConfirmCall struct {
	Call queue.CallID `json:"call"`
}

// KeyPressed reports a key that a waiting caller pressed: 8 leaves by
// exit_forward_rule (B44), 3 asks for a callback (B80). While a dialogue is open
// keys belong to it. A key that means nothing here is no error. ErrNotFound once the
// call has become a callback: it has gone. A call that is unconfirmed after a restart
// is confirmed by it (B112).
type KeyPressed struct {
	Call queue.CallID `json:"call"`
	Key  string       `json:"key"` // 0..9, *, #, A..D
}

// PromptEnded reports that a prompt is over, or cannot be played (B60, B61). It
// confirms nobody (B112).
type PromptEnded struct {
	Call   queue.CallID `json:"call"`
	Prompt queue.Prompt `json:"prompt"`
}

// EnterNumber reports what the caller entered in the callback dialogue: digits
// and #, # alone for his own number, * to go on waiting (B81). ErrInvalid for
// anything else, ErrDuplicateCallback if a callback to the number is open.
type EnterNumber struct {
	Call queue.CallID `json:"call"`
	Text string       `json:"text"`
}

// CustomerReplied reports what became of a Dial (B83, B84). ErrOfferEnded if it
// is over already; ErrNotFound if there is no such callback, or nobody was dialled
// for it yet.
type CustomerReplied struct {
	Call  queue.CallID `json:"call"`
	Reply Reply        `json:"reply"`
}

// Reply is what became of a call to a customer.
type Reply uint8

// The replies.
const (
	CustomerAnswered Reply = iota // ANSWERED
	CustomerBusy                  // BUSY
	CustomerNoAnswer              // NO_ANSWER
	replies
)

var replyNames = [replies]string{"ANSWERED", "BUSY", "NO_ANSWER"}

// String returns the upper-case name.
func (r Reply) String() string { return name(replyNames[:], uint8(r), "Reply") }

// HoldCallbacks keeps a queue's callbacks from being matched, or lets them go on:
// the host's business hours (B85).
type HoldCallbacks struct {
	Queue queue.ID `json:"queue"`
	On    bool     `json:"on"`
}

// ---- Lists of callers. A number that does not identify a caller (B69) is
// refused with ErrInvalid.

// SetVIP puts a number on the list of callers who go first in every queue, or
// changes its entry (B51). Who waits already keeps his place. Created and Updated are
// set by the engine.
//
// On each of the three lists a listing without an ID is about the entry of its
// number, and a new one has the number for its id. One with an ID is about the entry
// of that id, whose number it may change, or makes one: [ErrExists] if another has
// the number.
//
// Revision is set by the engine, too. In the input, if not 0, it is the one that was
// read: [ErrChanged] if the entry has another by now, [ErrNotFound] if there is none.
// So an entry that is read, changed and handed in undoes nothing that others did.
type SetVIP struct{ queue.Listing }

// RemoveVIP takes a number off that list; [ErrNotFound] if it is not on it.
type RemoveVIP struct {
	Number string `json:"number,omitempty"` // "": the entry is named by its id
	ID     string `json:"id,omitempty"`
	// Revision, if not 0, is the one that was read: ErrChanged if the entry has
	// another by now.
	Revision uint64 `json:"revision,omitempty"`
}

// SetExclusive gives a caller agents of his own in a queue, tried in that order
// before all others (B72), or changes the entry of the list; no Queue leaves the
// agents as they are, no Agents takes the queue out.
type SetExclusive struct {
	queue.Listing
	Queue  queue.ID   `json:"queue,omitempty"`
	Agents []agent.ID `json:"agents,omitempty"`
}

// RemoveExclusive takes a number off that list; [ErrNotFound] if it is not on it.
type RemoveExclusive struct {
	Number string `json:"number,omitempty"` // "": the entry is named by its id
	ID     string `json:"id,omitempty"`
	// Revision, if not 0, is the one that was read: ErrChanged if the entry has
	// another by now.
	Revision uint64 `json:"revision,omitempty"`
}

// SetBlocked puts a number on the list of blocked callers, or changes its entry
// (B45). It acts only while its level is enabled, see [EnableBlocking]. Created,
// Updated and Triggered are set by the engine.
type SetBlocked struct {
	queue.BlockedNumber
	// Count, if not nil, becomes the number of times that it was met, ≥ 0.
	Count *int `json:"count,omitempty"`
}

// RemoveBlocked takes a number off that list; [ErrNotFound] if it is not on it.
// Who is at the warning stays there.
type RemoveBlocked struct {
	Number string `json:"number,omitempty"` // "": the entry is named by its id
	ID     string `json:"id,omitempty"`
	// Revision, if not 0, is the one that was read: ErrChanged if the entry has
	// another by now.
	Revision uint64 `json:"revision,omitempty"`
}

// Blocking are the levels of blocking that are enabled; none is at first (B45).
type Blocking struct {
	First  bool `json:"enable_level1"`
	Second bool `json:"enable_level2"`
}

// EnableBlocking says which levels of blocking are enabled, and no others (B45).
type EnableBlocking struct {
	First  bool `json:"enable_level1"`
	Second bool `json:"enable_level2"`
	// Was, if not nil, is what was read: ErrChanged if it is otherwise by now.
	Was *Blocking `json:"was,omitempty"`
}

// SetNight turns the night mode of the whole router on or off (B41).
type SetNight struct {
	On bool `json:"on"`
}

// ---- Queue servers.

// AddServer adds a queue server and, if it is enabled, moves queues to it (B122).
// ErrExists if the id is taken; ErrInvalid without a name of 1..64 characters or
// without a valid address of its kind.
type AddServer struct {
	Server  ServerID `json:"server"`
	Name    string   `json:"name"`
	Enabled bool     `json:"enabled"`
	IPv4    string   `json:"ipv4,omitempty"`
	IPv6    string   `json:"ipv6,omitempty"`
}

// EnableServer enables or disables a queue server, the only thing about it that can
// be changed. Its queues move with everything in them; while no server is enabled
// they are OFFLINE and take no calls (B120, B122).
type EnableServer struct {
	Server  ServerID `json:"server"`
	Enabled bool     `json:"enabled"`
}

// DeleteServer deletes a queue server; its queues move. ErrInvalid for the
// internal one.
type DeleteServer struct {
	Server ServerID `json:"server"`
}

// ReportServer reports how a queue server does. It moves no queue.
type ReportServer struct {
	Server ServerID `json:"server"`
	Online bool     `json:"online"`
	CPU    int      `json:"cpu_usage"`    // %, 0..100
	Memory int      `json:"memory_usage"` // %, 0..100
}

// ---- Of the router itself.

// Resync says that the machine stood still until now (B104). The Router gives
// it by itself; hosts of an Engine may.
type Resync struct{}

// Recover begins a new epoch after Restore (B112): offers end, waiting calls
// and talks are unconfirmed. [Open] gives it by itself.
type Recover struct {
	Epoch uint32 `json:"epoch"`
}

func (CreateQueue) input()     {}
func (ChangeQueue) input()     {}
func (DeleteQueue) input()     {}
func (ResetQueue) input()      {}
func (AddAgent) input()        {}
func (SetAgents) input()       {}
func (ChangeMember) input()    {}
func (RemoveMember) input()    {}
func (DeleteAgent) input()     {}
func (SetStatus) input()       {}
func (FreeAgent) input()       {}
func (Registered) input()      {}
func (OtherCall) input()       {}
func (Alerting) input()        {}
func (Answered) input()        {}
func (Refused) input()         {}
func (MediaJoined) input()     {}
func (MediaFailed) input()     {}
func (Join) input()            {}
func (HangUp) input()          {}
func (EndTalk) input()         {}
func (Withdraw) input()        {}
func (ChangePriority) input()  {}
func (Pickup) input()          {}
func (Transfer) input()        {}
func (HandOver) input()        {}
func (ChangeCaller) input()    {}
func (Hold) input()            {}
func (ConfirmCall) input()     {}
func (KeyPressed) input()      {}
func (PromptEnded) input()     {}
func (EnterNumber) input()     {}
func (CustomerReplied) input() {}
func (HoldCallbacks) input()   {}
func (SetVIP) input()          {}
func (RemoveVIP) input()       {}
func (SetExclusive) input()    {}
func (RemoveExclusive) input() {}
func (SetBlocked) input()      {}
func (RemoveBlocked) input()   {}
func (EnableBlocking) input()  {}
func (SetNight) input()        {}
func (AddServer) input()       {}
func (EnableServer) input()    {}
func (DeleteServer) input()    {}
func (ReportServer) input()    {}
func (Resync) input()          {}
func (Recover) input()         {}
