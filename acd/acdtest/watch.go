package acdtest

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// watcher sees every event of an engine and keeps books of its own: who rings,
// who talks, who had his turn, how many calls came and how they left. After every
// step it compares them with what the engine says and looks, naively, whether
// somebody is left who should have been rung. It reads events and views alone.
type watcher struct {
	own    []strategy.Strategy // the host's
	seq    uint64
	calls  map[queue.CallID]*watchedCall
	offers map[acd.OfferID]watchedOffer
	rung   map[agent.ID]acd.OfferID
	queues map[queue.ID]*tally
	moved  map[queue.CallID]agent.ID // who transferred the talk in this step
	called map[string]queue.CallID   // customers on the phone who were called, by number
	// memories are what the queues remembered of their agents before this step.
	memories map[membership]agent.Memory

	door   door
	now    time.Time
	engine *acd.Engine
}

// tally is what the watcher counted of a queue.
type tally struct {
	joined  uint64
	left    [queue.Outcomes]uint64
	ended   uint64
	talking int
}

// watchedCall is a call as far as events tell.
type watchedCall struct {
	queue *tally
	id    queue.ID
	stage acd.CallState // WAITING, CONNECTING or TALKING
	agent agent.ID      // while connecting or talking
	gone  bool          // that agent was deleted, and not made again
	marks map[agent.ID]*mark
	rings int       // offers that run
	pause time.Time // then the next round is due; zero: nobody was rung yet

	promised bool // it has become a callback (B82)
	attempts int  // of it to reach the customer
	number   string
}

// watchedOffer is an offer that runs.
type watchedOffer struct {
	ringOf
	round int
}

// mark is what the agent's turns at a call came to.
type mark struct {
	round    int // the last in which he had his turn
	busy     int
	missed   int
	declined bool
	bar      time.Time // the earliest end of his bar
}

func newWatcher(own []strategy.Strategy) *watcher {
	return &watcher{
		own:      own,
		calls:    map[queue.CallID]*watchedCall{},
		offers:   map[acd.OfferID]watchedOffer{},
		rung:     map[agent.ID]acd.OfferID{},
		queues:   map[queue.ID]*tally{},
		moved:    map[queue.CallID]agent.ID{},
		called:   map[string]queue.CallID{},
		memories: map[membership]agent.Memory{},
		door:     newDoor(),
	}
}

// restart makes known that a new engine has begun a new epoch: its events count
// from 1, and the offers that ran are over.
func (w *watcher) restart(e *acd.Engine) {
	w.engine, w.now = e, e.Now()
	w.seq = 0
	clear(w.offers)
	clear(w.rung)
	for _, c := range w.calls {
		if c.rings > 0 {
			c.rings = 0
			w.rest(c)
		}
	}
}

// step takes the events of one step and looks at the engine after it.
func (w *watcher) step(e *acd.Engine, events []acd.Event) error {
	w.engine, w.now = e, e.Now()
	for _, ev := range events {
		if w.seq++; ev.Seq != w.seq {
			return fmt.Errorf("expected event %d, came %d: the sequence has a gap", w.seq, ev.Seq)
		}
		if err := errors.Join(w.seeDoor(ev), w.see(ev)); err != nil {
			return fmt.Errorf("event %d, %T: %w", ev.Seq, ev.Do, err)
		}
	}
	if err := w.enters(events); err != nil {
		return err
	}
	clear(w.moved)
	w.hungUp()
	w.forgetFirst()
	if err := w.checkLedgers(); err != nil {
		return err
	}
	if err := w.checkLines(); err != nil {
		return err
	}
	halls, err := w.halls()
	if err != nil {
		return err
	}
	if err := w.checkMatched(halls); err != nil {
		return err
	}
	defer w.remember(halls)
	return w.checkOrder(events, halls)
}

// see books an event, and refuses one that cannot be.
func (w *watcher) see(ev acd.Event) error {
	switch do := ev.Do.(type) {
	case *acd.QueueCreated:
		w.queues[do.Queue] = &tally{}
	case *acd.QueueDeleted:
		delete(w.queues, do.Queue)
		maps.DeleteFunc(w.memories, func(m membership, _ agent.Memory) bool { return m.queue == do.Queue })
	case *acd.CallJoined:
		return w.joined(do)
	case *acd.Ring:
		return w.ring(do)
	case *acd.OfferEnded:
		return w.offerEnded(do)
	case *acd.Connect:
		return w.connect(do)
	case *acd.ConnectFailed:
		return w.connectFailed(do)
	case *acd.CallConnected:
		return w.connected(do)
	case *acd.CallLeft:
		return w.left(do)
	case *acd.Dial:
		return w.dial(do)
	case *acd.CallbackChanged:
		return w.callback(do)
	case *acd.TalkEnded:
		return w.talkEnded(do)
	case *acd.CallerChanged:
		w.callerChanged(do)
	case *acd.AgentCreated:
		for _, c := range w.calls {
			c.gone = c.gone && c.agent != do.Agent // he is on it still (B121)
		}
	case *acd.AgentDeleted:
		maps.DeleteFunc(w.memories, func(m membership, _ agent.Memory) bool { return m.agent == do.Agent })
		for _, c := range w.calls {
			delete(c.marks, do.Agent)
			c.gone = c.gone || c.agent == do.Agent
		}
	}
	return nil
}

func (w *watcher) joined(do *acd.CallJoined) error {
	if c := w.calls[do.Call]; c != nil {
		return fmt.Errorf("call %s joins %s while it is in %s", do.Call, do.Queue, c.id)
	}
	q := w.queues[do.Queue]
	if q == nil {
		return fmt.Errorf("call %s joins queue %s, which does not exist", do.Call, do.Queue)
	}
	q.joined++
	c := &watchedCall{queue: q, id: do.Queue, stage: acd.CallWaiting, marks: map[agent.ID]*mark{}}
	w.calls[do.Call] = c
	if who, ok := w.moved[do.Call]; ok {
		w.decline(c, c.mark(who)) // B55
	}
	return nil
}

// ring checks that the agent's line is free (B12) and that it is his turn (B31).
func (w *watcher) ring(do *acd.Ring) error {
	c := w.calls[do.Call]
	switch {
	case c == nil:
		return fmt.Errorf("call %s is not there", do.Call)
	case c.stage != acd.CallWaiting:
		return fmt.Errorf("call %s is %v", do.Call, c.stage)
	case c.id != do.Queue:
		return fmt.Errorf("call %s is in %s", do.Call, c.id)
	}
	if by := w.takenBy(do.Agent); by != "" {
		return fmt.Errorf("B12: agent %s is rung for %s while %s", do.Agent, do.Call, by)
	}
	if m := c.marks[do.Agent]; m != nil && m.round >= do.Why.Round {
		return fmt.Errorf("B31: agent %s had his turn at %s in round %d", do.Agent, do.Call, do.Why.Round)
	}
	c.rings++
	w.offers[do.Offer] = watchedOffer{ringOf{do.Call, do.Agent}, do.Why.Round}
	w.rung[do.Agent] = do.Offer
	return nil
}

// takenBy says what takes an agent's line, "" if nothing does.
func (w *watcher) takenBy(id agent.ID) string {
	if offer, ok := w.rung[id]; ok {
		return "he is rung for " + string(w.offers[offer].call)
	}
	for call, c := range w.calls {
		if c.has(id) {
			return "he has " + string(call)
		}
	}
	return ""
}

// has reports whether the agent's line is taken by the call.
func (c *watchedCall) has(id agent.ID) bool { return c.agent == id && !c.gone }

// give makes an agent the one who has the call; "" nobody.
func (c *watchedCall) give(id agent.ID) { c.agent, c.gone = id, false }

func (w *watcher) offerEnded(do *acd.OfferEnded) error {
	offer, ok := w.offers[do.Offer]
	if !ok || offer.ringOf != (ringOf{do.Call, do.Agent}) {
		return fmt.Errorf("B30: offer %v of %s to %s does not run", do.Offer, do.Call, do.Agent)
	}
	delete(w.offers, do.Offer)
	delete(w.rung, do.Agent)
	c := w.calls[do.Call]
	if c == nil {
		return fmt.Errorf("B30: offer %v ends after its call %s", do.Offer, do.Call)
	}
	c.rings--
	w.rest(c)
	switch m := c.mark(do.Agent); do.End {
	case agent.NoAnswer:
		m.round = offer.round
		m.missed++
	case agent.Rejected:
		m.round = offer.round
		w.decline(c, m)
	case agent.Busy:
		m.round = offer.round
		if m.busy++; m.busy >= 2 {
			w.decline(c, m)
		}
		m.bar = w.now.Add(w.retry(c))
	case agent.Unreachable:
		m.round = offer.round
	case agent.Answered:
		c.give(do.Agent)
	}
	return nil
}

func (c *watchedCall) mark(id agent.ID) *mark {
	m := c.marks[id]
	if m == nil {
		m = &mark{}
		c.marks[id] = m
	}
	return m
}

func (w *watcher) decline(c *watchedCall, m *mark) {
	m.declined = true
	m.bar = w.now.Add(w.retry(c))
}

// rest notes when the next round is due if nobody is rung before.
func (w *watcher) rest(c *watchedCall) { c.pause = w.now.Add(w.retry(c)) }

func (w *watcher) retry(c *watchedCall) time.Duration {
	view, err := w.engine.Queue(c.id)
	if err != nil {
		return 0
	}
	return view.Config.RetryInterval
}

func (w *watcher) connect(do *acd.Connect) error {
	c := w.calls[do.Call]
	switch {
	case c == nil:
		return fmt.Errorf("call %s is not there", do.Call)
	case do.By == acd.ByHandOver:
		return nil
	case c.stage != acd.CallWaiting && c.stage != acd.CallDialling || c.rings > 0:
		return fmt.Errorf("call %s is %v, %d offers of it run", do.Call, c.stage, c.rings)
	}
	c.give("")
	if by := w.takenBy(do.Agent); by != "" {
		return fmt.Errorf("B12: agent %s is connected to %s while %s", do.Agent, do.Call, by)
	}
	c.stage = acd.CallConnecting
	c.give(do.Agent)
	return nil
}

func (w *watcher) connectFailed(do *acd.ConnectFailed) error {
	c := w.calls[do.Call]
	if c == nil {
		return nil // the caller has gone
	}
	if c.stage != acd.CallConnecting || c.agent != do.Agent {
		return fmt.Errorf("B48: call %s was not being connected to %s", do.Call, do.Agent)
	}
	gone := c.gone
	c.stage = acd.CallWaiting
	c.give("")
	if view, err := w.engine.Call(do.Call); err == nil && !gone {
		c.mark(do.Agent).round = view.Round
	}
	w.rest(c)
	return nil
}

func (w *watcher) connected(do *acd.CallConnected) error {
	c := w.calls[do.Call]
	if c == nil {
		return fmt.Errorf("call %s is not there", do.Call)
	}
	if c.stage == acd.CallTalking && do.By != acd.ByHandOver {
		return fmt.Errorf("B46: call %s is connected twice", do.Call)
	}
	c.give("")
	if by := w.takenBy(do.Agent); by != "" {
		return fmt.Errorf("B12: agent %s is connected to %s while %s", do.Agent, do.Call, by)
	}
	if c.stage != acd.CallTalking && !c.promised {
		c.queue.talking++
	}
	c.stage = acd.CallTalking
	c.give(do.Agent)
	return nil
}

func (w *watcher) left(do *acd.CallLeft) error {
	c := w.calls[do.Call]
	if c == nil || c.id != do.Queue {
		q := w.queues[do.Queue] // refused at the door
		if q == nil {
			return fmt.Errorf("call %s leaves queue %s, where it is not", do.Call, do.Queue)
		}
		q.joined++
		q.left[do.Outcome]++
		return nil
	}
	if c.rings > 0 {
		return fmt.Errorf("B100: call %s leaves while %d offers of it run", do.Call, c.rings)
	}
	c.queue.left[do.Outcome]++
	if do.Outcome == queue.Answered {
		if c.stage != acd.CallTalking {
			return fmt.Errorf("call %s leaves ANSWERED while it is %v", do.Call, c.stage)
		}
		return nil
	}
	if do.Outcome == queue.Callback {
		c.promised = true
		return nil
	}
	if c.stage == acd.CallTalking {
		return fmt.Errorf("B46: call %s leaves %v after ANSWERED", do.Call, do.Outcome)
	}
	delete(w.calls, do.Call)
	return nil
}

func (w *watcher) talkEnded(do *acd.TalkEnded) error {
	c := w.calls[do.Call]
	if c == nil || c.stage != acd.CallTalking || c.agent != do.Agent {
		return fmt.Errorf("B47: %s does not talk with %s", do.Agent, do.Call)
	}
	if !c.promised { // callbacks have a ledger of their own (B46)
		c.queue.ended++
		c.queue.talking--
	}
	delete(w.calls, do.Call)
	if do.By == acd.ByTransfer && !c.gone {
		w.moved[do.Call] = do.Agent
	}
	return nil
}
