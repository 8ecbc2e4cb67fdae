package acdtest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// TestCentre_BreaksNoLaw lets the traffic of a large centre run. After every step
// it looks, at a cost that does not depend on the size, that
//
//   - the events of an engine that is asked at each of its deadlines are those of
//     one that is handed nothing but the inputs (B101, B102);
//   - events are numbered without a gap, and their times do not go back;
//   - nobody's line is taken twice (B12), by books of its own;
//   - a call is in one place and leaves once, the numbers of its queue add up
//     (B46), positions count from 1 (B53) and nobody available is left beside a
//     call that was never offered (B32): in the queues that the step was about.
//
// What costs more the larger the centre is, it samples: every so many steps
// Check, the fold of all batches against the state, and every queue; and it
// restores an engine, which must tell the same from then on, until the next
// sample. Now and then it crashes and goes on with what was committed.
func TestCentre_BreaksNoLaw(t *testing.T) {
	t.Parallel()
	c := &centreRun{queues: 100, agents: 130, steps: 6_000, every: 2_000, sparing: 1}
	if d := long.Time(t); d > 0 {
		c = &centreRun{queues: 2000, agents: 3000, steps: 1 << 62, every: 200_000, sparing: 4, lasts: d}
	}
	c.centre = newCentre(1, c.queues, c.agents)
	if err := c.run(); err != nil {
		t.Fatalf("step %d: %v", c.step, err)
	}
	t.Logf("%d queues, %d agents: %d steps, %d refused, %d events; %d whole looks, %d restored, %d crashes, %d rings, %d talks",
		c.queues, c.agents, c.step, c.refused, c.events, c.looks, c.twins, c.crashes, c.rings, c.ended)
	if c.step < 3*c.every {
		return // it was given too little time to come so far
	}
	if c.rings < 500 || c.ended < 300 || c.looks < 3 || c.twins < 2 || c.crashes < 1 {
		t.Error("it tells little")
	}
}

// centreRun is a centre with the engines that it is played to.
type centreRun struct {
	*centre
	queues, agents, steps, every int
	sparing                      int           // of so many steps one is looked at in its queues
	lasts                        time.Duration // after the setting up; 0: until all steps are taken

	now     time.Time
	engine  *acd.Engine // asked at every deadline, and its changes are kept
	inputs  *acd.Engine // is handed inputs alone
	twin    *acd.Engine // restored from the first; nil: not now
	store   fold
	books   books
	touched map[queue.ID]bool

	step, refused, events, looks, twins, crashes, rings, ended int
}

func (c *centreRun) newEngine(track bool) *acd.Engine {
	e, err := acd.NewEngine(acd.EngineOptions{Track: track, Seed: 5})
	if err != nil {
		panic(err) // there are no options that could be wrong
	}
	return e
}

func (c *centreRun) run() error {
	c.now = start
	c.engine, c.inputs = c.newEngine(true), c.newEngine(false)
	c.engine.Advance(start)
	c.inputs.Advance(start)
	c.store, c.books, c.touched = fold{}, newBooks(), map[queue.ID]bool{}
	for _, in := range c.setUp() {
		if err := c.hand(in); err != nil {
			return err
		}
	}
	c.refused = 0
	until := time.Now().Add(c.lasts)
	for c.step = 1; c.step <= c.steps && (c.lasts == 0 || time.Now().Before(until)); c.step++ {
		c.now = c.now.Add(c.pause())
		in := c.next()
		if in == nil {
			continue
		}
		if err := c.hand(in); err != nil {
			return fmt.Errorf("%#v: %w", in, err)
		}
		if c.step%c.every == 0 {
			if err := c.look(); err != nil {
				return err
			}
		}
	}
	return c.look()
}

// hand hands an input to every engine, and compares what they tell.
func (c *centreRun) hand(in acd.Input) error {
	_, fresh := in.(acd.Recover) // nothing may act before it
	for due, ok := c.engine.NextDeadline(); ok && !fresh && !due.After(c.now); due, ok = c.engine.NextDeadline() {
		c.engine.Advance(due)
	}
	err := c.engine.Step(c.now, in)
	events := c.engine.Take()
	if c.step%batch == 0 {
		if err := c.commit(); err != nil {
			return err
		}
	}
	for name, other := range map[string]*acd.Engine{"that is handed inputs alone": c.inputs, "that was restored": c.twin} {
		if other == nil {
			continue
		}
		if got := other.Step(c.now, in); (got == nil) != (err == nil) || err != nil && got.Error() != err.Error() {
			return fmt.Errorf("an engine %s says %w, not %w", name, got, err)
		}
		if got := other.Take(); !reflect.DeepEqual(events, got) {
			return fmt.Errorf("B102: an engine %s tells %s, not %s", name, asJSON(got), asJSON(events))
		}
	}
	if err != nil {
		c.refused++
		if !typed(err) {
			return fmt.Errorf("refused with an error that wraps nothing: %w", err)
		}
	}
	return c.note(events)
}

// batch is how many steps share a batch of changes, as they do in a Router.
const batch = 8

func (c *centreRun) commit() error { return c.store.add(c.engine.Changes()) }

// note takes events down and looks at the queues that they are about.
func (c *centreRun) note(events []acd.Event) error {
	clear(c.touched)
	c.events += len(events)
	for _, ev := range events {
		c.see(ev)
		id, err := c.books.see(ev)
		if err != nil {
			return fmt.Errorf("event %d, %s: %w", ev.Seq, asJSON(ev), err)
		}
		switch ev.Do.(type) {
		case *acd.Ring:
			c.rings++
		case *acd.TalkEnded:
			c.ended++
		}
		if id != "" {
			c.touched[id] = true
		}
	}
	if c.step%c.sparing != 0 {
		return nil
	}
	for id := range c.touched {
		if err := c.books.compare(c.engine, id); err != nil {
			return err
		}
	}
	return nil
}

// look is what is sampled: everything.
func (c *centreRun) look() error {
	c.looks++
	if err := c.commit(); err != nil {
		return err
	}
	if err := c.engine.Check(); err != nil {
		return err
	}
	for q := range c.engine.Queues() {
		if err := c.books.compare(c.engine, q.ID); err != nil {
			return err
		}
	}
	state := stateOf(c.engine.Records())
	if key := c.store.differs(state); key != "" {
		return fmt.Errorf("the batches do not add up to the state: %s", key)
	}
	if c.twin != nil {
		if key := c.store.differs(stateOf(c.twin.Records())); key != "" {
			return fmt.Errorf("an engine that was restored has come to another state: %s", key)
		}
	}
	if c.looks%3 == 2 {
		return c.crash()
	}
	c.twins++
	c.twin = c.newEngine(true)
	return c.twin.Restore(fold(state).records())
}

// crash goes on with what was committed (B112).
func (c *centreRun) crash() error {
	c.crashes++
	epoch := c.engine.Epoch()
	c.twin = nil
	for _, e := range []**acd.Engine{&c.engine, &c.inputs} {
		*e = c.newEngine(e == &c.engine)
		if err := (*e).Restore(c.store.records()); err != nil {
			return err
		}
	}
	c.books.restart()
	c.offers = pool[acd.OfferID]{}
	c.now = c.now.Add(20 * time.Second) // it takes a while to come back
	if err := c.hand(acd.Recover{Epoch: epoch + 1}); err != nil {
		return err
	}
	for _, p := range []*pool[queue.CallID]{&c.talks, &c.joining, &c.waiting} {
		for i, id := range append([]queue.CallID(nil), p.list...) {
			if i%50 == 0 {
				continue // the host has lost it
			}
			if err := c.hand(acd.ConfirmCall{Call: id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// books are kept by events alone, each at a cost that depends on nothing.
type books struct {
	seq    uint64
	at     time.Time
	calls  map[queue.CallID]*booked
	has    map[agent.ID]queue.CallID // whom he is rung for, connected or talking to
	gone   map[agent.ID]queue.CallID // what deleted ones have (B121)
	queues map[queue.ID]*tally
}

// booked is a call as the books have it.
type booked struct {
	queue    queue.ID
	of       *tally // of that queue, which may be deleted meanwhile
	talks    bool
	promised bool     // it is a callback
	agent    agent.ID // who has it
	offered  bool     // somebody was rung for it, or it was moved: B31 may bar somebody
}

func newBooks() books {
	return books{calls: map[queue.CallID]*booked{}, has: map[agent.ID]queue.CallID{}, gone: map[agent.ID]queue.CallID{}, queues: map[queue.ID]*tally{}}
}

// restart is a new epoch: its events count from 1, and the offers of before are
// over.
func (b *books) restart() {
	b.seq = 0
	for who, id := range b.has {
		if b.calls[id].agent != who {
			delete(b.has, who)
		}
	}
}

// take takes an agent's line for a call.
func (b *books) take(who agent.ID, id queue.CallID) error {
	if has, ok := b.has[who]; ok && has != id {
		return fmt.Errorf("B12: agent %s has %s", who, has)
	}
	b.has[who] = id
	return nil
}

// free frees it, if it is the call's.
func (b *books) free(who agent.ID, id queue.CallID) {
	if b.has[who] == id {
		delete(b.has, who)
	}
}

// see books an event and returns which queue it is about.
func (b *books) see(ev acd.Event) (queue.ID, error) {
	if b.seq++; ev.Seq != b.seq {
		return "", fmt.Errorf("the number is not %d: there is a gap", b.seq)
	}
	if ev.At.Before(b.at) {
		return "", fmt.Errorf("B101: time goes back from %v", b.at)
	}
	b.at = ev.At
	switch do := ev.Do.(type) {
	case *acd.QueueCreated:
		b.queues[do.Queue] = &tally{}
		return do.Queue, nil
	case *acd.QueueDeleted:
		delete(b.queues, do.Queue)
	case *acd.AgentDeleted:
		if id, ok := b.has[do.Agent]; ok {
			b.gone[do.Agent] = id
			delete(b.has, do.Agent)
		}
	case *acd.AgentCreated:
		if id, ok := b.gone[do.Agent]; ok {
			delete(b.gone, do.Agent)
			if c := b.calls[id]; c != nil && c.agent == do.Agent {
				b.has[do.Agent] = id // he is on it still
			}
		}
	case *acd.CallJoined:
		if b.calls[do.Call] != nil {
			return "", fmt.Errorf("call %s is in a queue already", do.Call)
		}
		of := b.queues[do.Queue]
		if of == nil {
			return "", fmt.Errorf("queue %s is not there", do.Queue)
		}
		of.joined++
		b.calls[do.Call] = &booked{queue: do.Queue, of: of}
		return do.Queue, nil
	case *acd.Ring:
		c := b.calls[do.Call]
		if c == nil || c.talks || c.queue != do.Queue {
			return "", fmt.Errorf("call %s does not wait there", do.Call)
		}
		if _, ok := b.has[do.Agent]; ok {
			return "", fmt.Errorf("B12: agent %s has %s", do.Agent, b.has[do.Agent])
		}
		c.offered = true
		return do.Queue, b.take(do.Agent, do.Call)
	case *acd.OfferEnded:
		if do.End != agent.Answered {
			b.free(do.Agent, do.Call)
		}
		return do.Queue, nil
	case *acd.Connect:
		if do.By == acd.ByHandOver {
			return do.Queue, nil // the first one has it until they hear each other
		}
		return do.Queue, b.give(do.Call, do.Agent)
	case *acd.Dial:
		return do.Queue, b.give(do.Call, do.Agent)
	case *acd.ConnectFailed:
		b.release(do.Call)
		return do.Queue, nil
	case *acd.CallConnected:
		return do.Queue, b.connected(do)
	case *acd.CallLeft:
		return do.Queue, b.left(do)
	case *acd.TalkEnded:
		return do.Queue, b.talkEnded(do)
	case *acd.CallbackChanged:
		if c := b.calls[do.Call]; c != nil && !c.talks && do.State != callback.Dialling {
			b.release(do.Call)
		}
		if !do.State.Open() && do.State != callback.Completed { // then its talk goes on
			delete(b.calls, do.Call)
		}
		return do.Queue, nil
	}
	return "", nil
}

func (b *books) connected(do *acd.CallConnected) error {
	c := b.calls[do.Call]
	if c == nil {
		return fmt.Errorf("call %s is not there", do.Call)
	}
	if c.talks && do.By != acd.ByHandOver {
		return fmt.Errorf("B46: call %s is connected twice", do.Call)
	}
	if !c.talks && !c.promised {
		c.of.talking++
	}
	c.talks = true
	return b.give(do.Call, do.Agent)
}

// give gives a call to an agent, whoever had it.
func (b *books) give(id queue.CallID, who agent.ID) error {
	c := b.calls[id]
	if c == nil {
		return fmt.Errorf("call %s is not there", id)
	}
	if c.agent != who {
		b.release(id)
	}
	c.agent, c.offered = who, true
	return b.take(who, id)
}

func (b *books) left(do *acd.CallLeft) error {
	c := b.calls[do.Call]
	if c == nil { // refused at the door
		q := b.queues[do.Queue]
		if q == nil {
			return fmt.Errorf("queue %s is not there", do.Queue)
		}
		q.joined++
		q.left[do.Outcome]++
		return nil
	}
	c.of.left[do.Outcome]++
	switch {
	case do.Outcome == queue.Answered:
		if !c.talks {
			return fmt.Errorf("B46: call %s leaves ANSWERED and does not talk", do.Call)
		}
	case c.talks:
		return fmt.Errorf("B46: call %s leaves %v after ANSWERED", do.Call, do.Outcome)
	case do.Outcome == queue.Callback:
		c.promised = true
	default:
		b.release(do.Call)
		delete(b.calls, do.Call)
	}
	return nil
}

// release frees who has a call.
func (b *books) release(id queue.CallID) {
	if c := b.calls[id]; c != nil && c.agent != "" {
		b.free(c.agent, id)
		c.agent = ""
	}
}

func (b *books) talkEnded(do *acd.TalkEnded) error {
	c := b.calls[do.Call]
	if c == nil || !c.talks {
		return fmt.Errorf("B47: call %s does not talk", do.Call)
	}
	if !c.promised {
		c.of.ended++
		c.of.talking--
	}
	b.release(do.Call)
	delete(b.calls, do.Call)
	return nil
}

// compare compares the books of a queue with what the engine says, and looks for
// somebody who should have been rung (B32): naively, and only for calls that
// nobody was rung for yet, so that it need not know of rounds.
func (b *books) compare(e *acd.Engine, id queue.ID) error {
	booked := b.queues[id]
	view, err := e.Queue(id)
	if err != nil || booked == nil {
		if err != nil && booked == nil {
			return nil
		}
		return fmt.Errorf("queue %s: it is there for one only: %w", id, err)
	}
	line := waitingIn(e, id)
	waiting := 0
	for i := range line {
		c := b.calls[line[i].ID]
		switch {
		case c == nil || c.queue != id || c.talks:
			return fmt.Errorf("call %s waits in %s, and no event said so", line[i].ID, id)
		case line[i].Position != i+1:
			return fmt.Errorf("B53: call %s of %s says position %d, stands at %d", line[i].ID, id, line[i].Position, i+1)
		case !c.promised:
			waiting++
		}
	}
	life := view.Lifetime
	warned := int(life.Joined) - int(booked.joined) // at the warning: no event has said so (B45)
	if warned < 0 || warned != view.Waiting-waiting || life.Left != booked.left || life.Ended != booked.ended || view.Talking != booked.talking {
		return fmt.Errorf("B46: queue %s counts joined %d, left %v, ended %d, %d waiting, %d talking; events said %d, %v, %d, %d, %d",
			id, life.Joined, life.Left, life.Ended, view.Waiting, view.Talking, booked.joined, booked.left, booked.ended, waiting, booked.talking)
	}
	if view.Config.SkillWait > 0 {
		return nil // a group may not be open yet (B34)
	}
	for i := range line {
		c := &line[i]
		if c.State == acd.CallWaiting && !c.Unconfirmed && c.HeldFor == "" && !b.calls[c.ID].offered && !b.calls[c.ID].promised {
			return b.unserved(e, c)
		}
	}
	return nil
}

// unserved returns an error if somebody could be rung for the call.
func (b *books) unserved(e *acd.Engine, c *acd.CallView) error {
	for _, m := range membersOf(e, c.Queue) {
		if m.Status != agent.Ready {
			continue
		}
		p, err := e.Agent(m.Agent)
		if err != nil {
			return err
		}
		if p.Use == agent.Free && p.Registered && !p.Pause.After(e.Now()) && c.FirstJoined.Equal(c.Joined) {
			return fmt.Errorf("B32: agent %s is available and call %s of %s is not offered to him", m.Agent, c.ID, c.Queue)
		}
	}
	return nil
}
