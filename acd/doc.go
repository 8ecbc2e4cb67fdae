// Package acd routes calls: it decides which agent answers which waiting call,
// says why, and keeps what it promised.
//
// A PBX imports it, tells it what happens on the phones, and does what it says.
// It handles no SIP, no media and no people's names in a directory: a call is an
// id, an agent is his extension.
//
// # The host's loop
//
// Inputs go in, events come out. [Router] does both for any number of
// goroutines:
//
//	r, err := acd.Open(ctx, acd.Options{})
//	…
//	err = r.Post(acd.Join{Call: "c1", Queue: "support", Number: "+4930123456"})
//	…
//	for ev, err := range r.Events(ctx) {
//		switch do := ev.Do.(type) {
//		case *acd.Ring: // ring do.Agent; then report Answered, Refused …
//		case *acd.StopRinging: // cancel it
//		case *acd.Connect: // connect caller and agent
//		case *acd.CallLeft: // send the call to do.To, if anywhere
//		default: // news, and what later versions add
//		}
//	}
//
// See the example of the package for the whole of it.
//
// # Inputs
//
// What a host says; each type is documented where it stands.
//
//	set-up      CreateQueue ChangeQueue DeleteQueue ResetQueue
//	            AddAgent SetAgents ChangeMember RemoveMember DeleteAgent
//	calls       Join HangUp EndTalk Withdraw ChangePriority Pickup Transfer
//	            HandOver ChangeCaller Hold ConfirmCall
//	callers     KeyPressed PromptEnded EnterNumber CustomerReplied
//	            HoldCallbacks SetNight SetVIP RemoveVIP SetExclusive
//	            RemoveExclusive SetBlocked RemoveBlocked EnableBlocking
//	servers     AddServer EnableServer DeleteServer ReportServer
//	phones      Alerting Answered Refused MediaJoined MediaFailed
//	            OtherCall Registered
//	agents      SetStatus FreeAgent
//	the router  Resync Recover (given by itself)
//
// A refused input has changed nothing: its error wraps one of the sentinels
// ([ErrNotFound], [ErrInvalid], …) and, as an *[Error], names the thing. Reports
// that come twice or late change nothing either.
//
// # Events
//
// Orders, which the host carries out:
//
//	Ring         ring this agent for this call, no diversion; Why says why him
//	StopRinging  stop that; before the next Ring of the same agent
//	Connect      connect caller and agent
//	Play         play music or a prompt to a waiting caller; StopPlay ends it
//	Dial         call a customer back, the agent is on the line; StopDialling ends it
//	Confirm      say by ConfirmCall whether this call still lives
//
// News:
//
//	CallJoined OfferEnded CallConnected ConnectFailed CallLeft TalkEnded
//	CallerChanged PriorityChanged CallbackChanged SLABreached QueueUnstaffed
//	LineChanged StatusChanged
//	QueueCreated QueueChanged QueueDeleted AgentCreated AgentChanged AgentDeleted
//	ServerAdded ServerChanged ServerDeleted QueueMoved ClockStepped
//
// Every call has exactly one CallLeft, and if its outcome is ANSWERED exactly one
// TalkEnded after it. What follows from one cause is told inside out: ends of
// offers, then the leave or the talk's end, then statuses, then new offers (B100).
//
// # One machine, two faces
//
// [Engine] is the machine: pure and deterministic, for one goroutine; the time
// is handed in. It is the one to unit-test routing rules with: a day passes in
// microseconds, and the same inputs give the same events. [Router] is the same
// machine behind a lock, with a [Clock] and a [Storage]. Inputs, events and reads
// are the same for both.
//
// # Rules
//
// What the machine does is laid down in numbered rules (B10, B11, …), which the
// documentation refers to; RULES.md beside this file has them all, each with the
// tests that prove it. Package acdtest runs scenario scripts against them.
package acd
