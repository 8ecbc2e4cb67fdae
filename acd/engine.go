package acd

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Engine is the machine: pure and deterministic, for one goroutine at a time.
// Inputs go in by Step, time passes by Step and Advance, and what happened comes
// out by Take. It reads no clock: a host asks NextDeadline and comes back then.
// [Router] is the same machine for any number of goroutines, with a clock and a
// store.
//
// The same inputs at the same times give the same events, bit for bit (B102).
type Engine struct {
	now     agent.Instant
	at      time.Time // now, as events carry it
	epoch   uint32
	confirm time.Duration
	own     []strategy.Strategy
	rng     *rand.PCG
	track   bool

	queues  map[queue.ID]*queueState
	numbers map[string]*queueState // by extension number
	agents  map[agent.ID]*agentState
	gone    map[agent.ID]*agentState // deleted, and on a call still (B121)
	calls   map[queue.CallID]*call
	offers  map[uint64]*agentState   // by the number of the offer that rings him
	asked   map[string][]*agentState // who has the other call that is to be confirmed (B29)
	people  map[uint64]*agentState   // by the number in the order of making

	servers servers // queue servers (B122)
	callers callers // lists and memory of callers
	night   bool    // night mode of the whole router (B41)

	customers customers // who are to be called back (B84)
	regulars  regulars  // who may know an agent
	asks      int       // whom a call prefers was asked so often: tests count it
	warmed    int       // what was read only to be near, see warmAgent

	ended     endedOffers
	dials     endedDials
	counts    counts
	timers    timers
	resync    bool          // offers do not end by time, nothing is matched (B104)
	confirmBy agent.Instant // when unconfirmed calls are lost (B112); 0: none are

	none   rare    // of all calls that have nothing of it; stays zero
	events []Event // told and not yet taken, the tail of a block
	chunks chunks

	touched  []*agentState // whose line or statuses changed in this cause
	staffing []*queueState // whose staff or line changed in this cause
	freshly  []*agentState // who may have become available in this instant
	hungry   []*call       // who may have become matchable in this instant
	wanted   candidates
	turns    int         // candidates served so far
	late     late        // who comes into the lineups late
	behind   []candidate // have to wait for the next ring of this match
	dirty    dirty
	talks    chain
}

// counts are the engine's running numbers.
type counts struct {
	Events uint64 // of this epoch
	Offers uint64 // of this epoch
	Joins  uint64 // join sequence
	Rings  uint64 // orders Ring, answers and pick-ups of one instant (B36)
	Queues uint64 // queues made
	Agents uint64 // agents made
}

// EngineOptions are the options of [NewEngine]. The zero value is valid.
type EngineOptions struct {
	// Strategies are a host's own, found by their names (B38).
	Strategies []strategy.Strategy
	// Seed of the strategies that draw lots.
	Seed uint64
	// ConfirmTime is how long calls may stay unconfirmed after a restart
	// (B112); 0: 30 s.
	ConfirmTime time.Duration
	// Track keeps what changed, for [Engine.Changes]; without it nothing is
	// paid for records.
	Track bool
}

// DefaultConfirmTime is how long a host has to confirm calls after a restart.
const DefaultConfirmTime = 30 * time.Second

// NewEngine returns an engine without queues and agents, in its first epoch.
// Options that are no good are refused with an error that wraps [ErrInvalid].
func NewEngine(o EngineOptions) (*Engine, error) {
	if err := strategy.Check(o.Strategies...); err != nil {
		return nil, err
	}
	if o.ConfirmTime < 0 || o.ConfirmTime > time.Hour {
		return nil, invalid("confirm_time", o.ConfirmTime.String(), "must be 0..1h")
	}
	if o.ConfirmTime == 0 {
		o.ConfirmTime = DefaultConfirmTime
	}
	return blank(o, rand.NewPCG(o.Seed, o.Seed^0x9e3779b97f4a7c15)), nil
}

// blank returns an engine without anything in it. o has been checked.
func blank(o EngineOptions, rng *rand.PCG) *Engine {
	return &Engine{
		epoch:   1,
		confirm: o.ConfirmTime,
		own:     o.Strategies,
		rng:     rng,
		track:   o.Track,
		queues:  make(map[queue.ID]*queueState),
		numbers: make(map[string]*queueState),
		agents:  make(map[agent.ID]*agentState),
		gone:    make(map[agent.ID]*agentState),
		calls:   make(map[queue.CallID]*call),
		offers:  make(map[uint64]*agentState),
		asked:   make(map[string][]*agentState),
		people:  make(map[uint64]*agentState),
		servers: newServers(),
	}
}

// The times that an engine accepts: instants must not overflow, and the zero
// Instant means never.
const (
	minNow = agent.Instant(24 * time.Hour)
	maxNow = agent.Instant(9_214_646_400) * agent.Instant(time.Second) // 2262-01-01
)

// instant returns now as an Instant; ok is false if the engine does not accept it.
func instant(now time.Time) (t agent.Instant, ok bool) {
	// In seconds: nanoseconds overflow beyond.
	const second = agent.Instant(time.Second)
	s := agent.Instant(now.Unix())
	return agent.Instant(now.UnixNano()), s >= minNow/second && s < maxNow/second
}

// Step lets everything due up to now happen, then applies in. An error means
// that in changed nothing; the types of [Input] say which. A now before the last
// one counts as the last one (B101); one before 1970-01-02 or after 2261 is
// refused with ErrInvalid.
func (e *Engine) Step(now time.Time, in Input) error {
	t, ok := instant(now)
	if !ok {
		return invalid("now", now.String(), "must be 1970-01-02..2261-12-31")
	}
	switch in := in.(type) {
	case Resync:
		e.resyncTo(t)
		return nil
	case Recover:
		return e.recoverAt(t, in)
	}
	e.advance(t)
	err := e.apply(in)
	e.tell()
	e.run(e.now)
	return err
}

// Advance lets everything due up to now happen. Asking more often changes
// nothing; times that Step would refuse are ignored.
func (e *Engine) Advance(now time.Time) {
	if t, ok := instant(now); ok {
		e.advance(t)
	}
}

// Now returns the time of the last Step or Advance, the zero Time before.
func (e *Engine) Now() time.Time { return e.now.Time() }

// Epoch returns the epoch of the engine, which counts its restarts from 1.
func (e *Engine) Epoch() uint32 { return e.epoch }

// NextDeadline returns when something falls due next; ok is false if nothing
// does. It does not lie before Now.
func (e *Engine) NextDeadline() (at time.Time, ok bool) {
	due, ok := e.timers.next()
	if !ok {
		return time.Time{}, false
	}
	return max(due, e.now).Time(), true
}

// Take returns what happened since the last Take, in order. The slice is the
// caller's.
func (e *Engine) Take() []Event {
	out := slices.Clip(e.events)
	e.events = e.events[len(e.events):]
	if len(out) == 0 {
		return nil
	}
	return out
}

// TakeInto is Take for a host that keeps no slice of events: it appends them to one of
// the host's, and no memory is taken but for what they do. That, Event.Do, is never used
// again, and may be kept.
//
//	events = engine.TakeInto(events[:0])
func (e *Engine) TakeInto(events []Event) []Event {
	events = append(events, e.events...)
	clear(e.events)
	if e.events = e.events[:0]; cap(e.events) > 4*blockSize {
		e.events = nil // after a large step
	}
	return events
}

// apply applies an input at e.now.
func (e *Engine) apply(in Input) error {
	switch in := in.(type) {
	case Join:
		return e.join(in)
	case Alerting:
		return e.alerting(in)
	case Answered:
		return e.answered(in)
	case Refused:
		return e.refused(in)
	case MediaJoined:
		return e.mediaJoined(in)
	case MediaFailed:
		return e.mediaFailed(in)
	case HangUp:
		return e.hangUp(in)
	case EndTalk:
		return e.endTalk(in)
	case SetStatus:
		return e.setStatus(in)
	case OtherCall:
		return e.otherCall(in)
	case Registered:
		return e.registered(in)
	case Withdraw:
		return e.withdraw(in)
	case ChangePriority:
		return e.changePriority(in)
	case Pickup:
		return e.pickup(in)
	case Transfer:
		return e.transfer(in)
	case HandOver:
		return e.handOver(in)
	case ChangeCaller:
		return e.changeCaller(in)
	case Hold:
		return e.hold(in)
	case FreeAgent:
		return e.freeAgent(in)
	case ConfirmCall:
		return e.confirmCall(in)
	case KeyPressed:
		return e.keyPressed(in)
	case PromptEnded:
		return e.promptEnded(in)
	case EnterNumber:
		return e.enterNumber(in)
	case CustomerReplied:
		return e.customerReplied(in)
	case HoldCallbacks:
		return e.holdCallbacks(in)
	case SetVIP:
		return e.setVIP(in)
	case RemoveVIP:
		return e.removeVIP(in)
	case SetExclusive:
		return e.setExclusive(in)
	case RemoveExclusive:
		return e.removeExclusive(in)
	case SetBlocked:
		return e.setBlocked(in)
	case RemoveBlocked:
		return e.removeBlocked(in)
	case EnableBlocking:
		return e.enableBlocking(in)
	case SetNight:
		return e.setNight(in)
	case AddServer:
		return e.addServer(in)
	case EnableServer:
		return e.enableServer(in)
	case DeleteServer:
		return e.deleteServer(in)
	case ReportServer:
		return e.reportServer(in)
	case CreateQueue:
		return e.createQueue(in)
	case ChangeQueue:
		return e.changeQueue(in)
	case DeleteQueue:
		return e.deleteQueue(in)
	case ResetQueue:
		return e.resetQueue(in)
	case AddAgent:
		return e.addAgent(in)
	case SetAgents:
		return e.setAgents(in)
	case ChangeMember:
		return e.changeMember(in)
	case RemoveMember:
		return e.removeMember(in)
	case DeleteAgent:
		return e.deleteAgent(in)
	}
	return invalid("input", fmt.Sprint(reflect.TypeOf(in)), "must be one of the types of acd.Input")
}

// advance lets everything due up to t act, each at its own time, and matches
// after each instant (B100, B101).
func (e *Engine) advance(t agent.Instant) {
	for {
		due, ok := e.timers.next()
		if !ok || due > t {
			break
		}
		e.run(due)
	}
	e.setNow(t)
}

// run lets everything act that is due up to at, then matches. at is not later
// than the next deadline but one: one instant.
func (e *Engine) run(at agent.Instant) {
	e.setNow(at)
	for {
		due, ok := e.timers.next()
		if !ok || due > e.now {
			break
		}
		e.fire()
	}
	if !e.resync {
		e.match()
	}
}

// setNow moves the time, never back.
func (e *Engine) setNow(t agent.Instant) {
	if t > e.now {
		e.now = t
		e.at = t.Time()
	}
}

// order counts what happens within one instant, so that it can be told apart
// later (B36).
func (e *Engine) order() uint64 {
	e.counts.Rings++
	return e.counts.Rings
}

// resyncTo carries out [Resync] (B104).
func (e *Engine) resyncTo(t agent.Instant) {
	e.resync = true
	for _, p := range e.ringing() {
		e.armAgent(p)
	}
	e.advance(t)
	for _, p := range e.ringing() {
		e.endOffer(p, agent.Withdrawn, true)
		e.tell()
	}
	e.resync = false
	e.run(e.now)
}
