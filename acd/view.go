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
	ID        queue.ID
	Config    queue.Config
	Revision  uint64         // counts the changes of configuration and list, from 1
	Agents    int            // members
	LoggedIn  int            // of them logged in (B40)
	Staffed   int            // of them staffed
	Waiting   int            // calls that wait, those being rung or connecting included
	Talking   int            // calls talking now
	Callbacks callback.Tally // promises to ring back (B46)
	Numbers   queue.Numbers  // since reset
	Lifetime  queue.Numbers
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
	WrapUpTime *time.Duration // override (B24)
	Memory     agent.Memory
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
	WrapUp     time.Time    // end of the wrap-up that runs; zero: none
	Pause      time.Time    // no offers before (B25); zero: no delay
	Others     []agent.Other
	Members    []MemberView // in the order of joining
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
}

// WaitReason is one reason why a call waits, see [Engine.Why].
type WaitReason struct {
	What  string     // e.g. "4 agents: on a call"
	Agent []agent.ID // whom it is about, up to 10
	Until time.Time  // when it ends by itself; zero: unknown
}
