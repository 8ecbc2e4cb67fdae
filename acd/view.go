package acd

import (
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// Views are values: copies of a state at one moment.

// QueueView is a queue as a value.
type QueueView struct {
	ID       queue.ID
	Config   queue.Config
	Revision uint64 // counts the changes of the configuration, from 1
	// ListRevision counts the changes of the agent list, from 1: who is on it, in
	// which order, with which level and wrap-up override (B121).
	ListRevision uint64
	Agents       int            // members
	LoggedIn     int            // of them logged in (B40)
	Staffed      int            // of them staffed
	Waiting      int            // calls that wait, those being rung or connecting included
	InLine       int            // entries of the line, callbacks included: those that Router.Waiting has
	Talking      int            // calls talking now
	Callbacks    callback.Tally // promises to ring back (B46)
	Numbers      queue.Numbers  // since reset
	Lifetime     queue.Numbers
	Oldest       time.Time // join of the call that waits longest; zero: none waits
	// Waits of the answered, since reset and in the queue's life: percentiles.
	Waits, LifetimeWaits queue.Histogram
	// Server is where the queue lives, "" if no server is enabled; Online says
	// that it lives on one (B120, B122).
	Server    ServerID
	Online    bool
	Estimates queue.Score // how good the announced waits were (B64), lifetime
}

// MemberView is one membership as a value.
type MemberView struct {
	Agent      agent.ID
	Name       string
	Queue      queue.ID
	Level      int
	Place      int          // in the configured order, from 0
	Status     agent.Status // what he reads as (B11)
	Set        agent.Status // as stored
	ByHand     bool
	Reason     string
	Since      time.Time
	Wanted     *agent.Wish    // asked for during a call
	WrapUp     time.Time      // end of the timed wrap-ups that keep him from this queue (B23); zero: none does
	WrapUpTime *time.Duration // override (B24)
	Memory     agent.Memory
	Numbers    MemberNumbers // since the queue's last reset
	Lifetime   MemberNumbers
}

// AgentView is an agent as a value.
type AgentView struct {
	ID         agent.ID
	Name       string
	Registered bool
	Use        agent.Use
	Offer      OfferID      // while rung
	Call       queue.CallID // that he is rung for, connecting to or talking with
	Queue      queue.ID     // of that call
	Since      time.Time    // begin of the talk
	WrapUp     time.Time    // end of the wrap-up that ends last; zero: none runs. Per queue: Members
	Pause      time.Time    // no offers before (B25); zero: no delay
	Others     []agent.Other
	Members    []MemberView // in the order of joining

	// Status is the one that he has over all his queues: where they differ, the
	// one that is nearest to work. Times is how long he was in each before
	// StatusSince, by status and reason (B91).
	Status      agent.Status
	Reason      string
	StatusSince time.Time
	Times       []StatusTime
}

// CallState is where a call is in its life.
type CallState uint8

// The states of a call.
const (
	CallIntro      CallState = iota // INTRO: a FULL intro plays
	CallWaiting                     // WAITING: in line, nobody is rung for it
	CallRinging                     // RINGING: in line, somebody is rung for it
	CallConnecting                  // CONNECTING: answered, not connected yet
	CallTalking                     // TALKING
	CallDialling                    // DIALLING: a callback's customer is dialled
	callStates
)

var callStateNames = [callStates]string{"INTRO", "WAITING", "RINGING", "CONNECTING", "TALKING", "DIALLING"}

// String returns the upper-case name.
func (s CallState) String() string { return name(callStateNames[:], uint8(s), "CallState") }

// CallView is a call as a value.
type CallView struct {
	ID          queue.CallID
	Queue       queue.ID
	State       CallState
	Tag         string
	Number      string
	Name        string
	Priority    int
	Position    int        // in line, from 1; 0 when it talks
	Joined      time.Time  // this queue
	FirstJoined time.Time  // the first queue (B55)
	Effective   time.Time  // what orders it (B50)
	Agent       agent.ID   // who talks or connects
	Rung        []agent.ID // who is being rung for it
	Round       int        // of its hunt, from 1; 0 when it talks
	Answered    time.Time
	OnHold      bool
	Unconfirmed bool // after a restart (B112)
	VIP         bool // it goes first (B51)
	Callback    bool // a promise to ring back: nobody is on the line (B82)
	// HeldFor is its sticky agent, if the strategy waits for him (B73).
	HeldFor agent.ID
}

// CallbackView is an open callback as a value (B80–B85).
type CallbackView struct {
	ID        queue.CallID // of the call that became it
	Queue     queue.ID
	State     callback.State // WAITING, RINGING_AGENT or DIALLING
	Number    string         // without callback_outbound_prefix
	Name      string
	Tag       string
	Priority  int
	Position  int       // in line, from 1; 0 between two attempts (B84)
	Joined    time.Time // when the call joined the queue: it keeps that age
	Confirmed time.Time // by the caller
	Due       time.Time // not rung for before; zero: it is its turn by time (B82, B84)
	Expires   time.Time // zero: never (B85)
	Attempts  int       // calls to the customer so far, the one that runs included
	Held      bool      // by HoldCallbacks (B85)
	OnPhone   bool      // its customer is on the phone, called by another callback (B84)
	Agent     agent.ID  // who waits for the customer
}

// WaitReason is one reason why a call waits, see [Engine.Why].
type WaitReason struct {
	What  string     // e.g. "4 agents: on a call"
	Agent []agent.ID // whom it is about, up to 10
	Until time.Time  // when it ends by itself; zero: unknown
}
