package acd_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The floor beneath a whole call, to compare the engine and the Router with, in
// one run that prints the ratio of their CPU time to it, ×floor:
//
//	go test ./acd -run '^$' -bench 'BenchmarkCall$'

// BenchmarkCall is a whole call, from its join to the end of the wrap-up, at nine
// tenths of what the agents can carry.
func BenchmarkCall(b *testing.B) {
	for _, agents := range []int{10, 100, 1_000, 10_000, 100_000} {
		s := scene{agents: agents}
		againstFloor(b, fmt.Sprintf("agents=%d", agents), s)
	}
}

// againstFloor measures a scene with one queue at the floor, in the engine and,
// if nobody waits, through a Router whose event loop is its one caller.
func againstFloor(b *testing.B, name string, s scene) {
	floor := func() *flow { return newFlow(newFloorMachine(s), s) }
	b.Run(name+"/floor", func(b *testing.B) { floor().run(b, nil) })
	b.Run(name+"/engine", func(b *testing.B) { newFlow(newEngineMachine(b, s), s).run(b, floor()) })
	if s.waiting == 0 {
		b.Run(name+"/router", func(b *testing.B) { newRouterFlow(b, s).run(b, floor()) })
	}
}

// floorMachine does what cannot be left out: a map of calls, one of offers and
// one of queues, a heap of timers, a line, the agents in the order of their
// idleness, the events that a call has, made and handed over, and a lock. It has
// one queue, checks nothing and counts nothing.
type floorMachine struct {
	mu     sync.Mutex
	now    int64
	at     time.Time // now, as events carry it
	queues map[queue.ID]*floorQueue
	agents []floorAgent
	calls  map[queue.CallID]*floorCall
	offers map[uint64]*floorAgent
	timers []floorTimer
	offer  uint64
	wrapUp int64

	told  uint64
	out   []acd.Event
	taken []acd.Event
	made  struct {
		joined    piece[acd.CallJoined]
		play      piece[acd.Play]
		ring      piece[acd.Ring]
		line      piece[acd.LineChanged]
		ended     piece[acd.OfferEnded]
		left      piece[acd.CallLeft]
		stop      piece[acd.StopPlay]
		connect   piece[acd.Connect]
		connected piece[acd.CallConnected]
		talk      piece[acd.TalkEnded]
	}
}

type floorQueue struct {
	id    queue.ID
	first *floorCall // the line
	last  *floorCall
	idle  []*floorAgent // 4-ary heap by last ring
}

type floorAgent struct {
	id    agent.ID
	queue *floorQueue
	rung  int64
	call  *floorCall
	offer uint64
	began int64 // when the offer or the talk began
	timer int   // place among the timers, from 1

	alerted bool // his phone rings
}

type floorCall struct {
	id     queue.CallID
	number string
	queue  *floorQueue
	agent  *floorAgent
	older  *floorCall
	newer  *floorCall
	joined int64
	timer  int
}

type floorTimer struct {
	at    int64
	call  *floorCall
	agent *floorAgent
}

// piece makes events of one type out of larger pieces: the cheapest way that is
// known to make them.
type piece[T any] struct{ rest []T }

func (p *piece[T]) new() *T {
	if len(p.rest) == 0 {
		p.rest = make([]T, 64)
	}
	t := &p.rest[0]
	p.rest = p.rest[1:]
	return t
}

func newFloorMachine(s scene) *floorMachine {
	s = s.complete()
	q := &floorQueue{id: queueID(0)}
	m := &floorMachine{
		queues: map[queue.ID]*floorQueue{q.id: q},
		agents: make([]floorAgent, s.agents),
		calls:  make(map[queue.CallID]*floorCall),
		offers: make(map[uint64]*floorAgent),
		wrapUp: int64(s.wrapUp),
	}
	for i := range m.agents {
		p := &m.agents[i]
		p.id, p.queue = agentID(i), q
		m.free(p)
	}
	return m
}

// enter lets happen what is due. The lock must be held.
func (m *floorMachine) enter(now time.Time) {
	at := now.UnixNano()
	m.advance(at)
	m.now, m.at = at, now
}

// take hands the events over.
func (m *floorMachine) take() []acd.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken = append(m.taken[:0], m.out...)
	clear(m.out)
	m.out = m.out[:0]
	return m.taken
}

func (m *floorMachine) emit(do acd.Action) {
	m.told++
	m.out = append(m.out, acd.Event{Seq: m.told, At: m.at, Do: do})
}

func (m *floorMachine) line(p *floorAgent, use agent.Use) {
	ev := m.made.line.new()
	*ev = acd.LineChanged{Agent: p.id, Use: use, Registered: true}
	if c := p.call; c != nil {
		ev.Call, ev.Queue = c.id, c.queue.id
	}
	m.emit(ev)
}

func (c *floorCall) about() acd.About { return acd.About{Call: c.id, Queue: c.queue.id} }

func (m *floorMachine) waited(c *floorCall) time.Duration { return time.Duration(m.now - c.joined) }

func (m *floorMachine) join(now time.Time, in acd.Join) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enter(now)
	q := m.queues[in.Queue]
	c := &floorCall{id: in.Call, number: in.Number, queue: q, joined: m.now}
	m.calls[c.id] = c
	if c.older = q.last; c.older != nil {
		c.older.newer = c
	} else {
		q.first = c
	}
	q.last = c
	m.set(&c.timer, floorTimer{at: m.now + int64(65535*time.Second), call: c})
	joined := m.made.joined.new()
	*joined = acd.CallJoined{About: c.about(), Number: c.number, Position: 1}
	m.emit(joined)
	play := m.made.play.new()
	*play = acd.Play{About: c.about(), What: queue.PromptMusic, Language: "en-US", Position: 1}
	m.emit(play)
	m.match(q)
}

// match rings the agents who are idle for the calls that wait.
func (m *floorMachine) match(q *floorQueue) {
	for q.first != nil && len(q.idle) > 0 {
		c := q.first
		for c != nil && c.agent != nil {
			c = c.newer
		}
		if c == nil {
			return
		}
		p := q.pop()
		m.offer++
		p.rung, p.began, p.offer, p.call, c.agent = m.now, m.now, m.offer, c, p
		m.offers[m.offer] = p
		m.set(&p.timer, floorTimer{at: m.now + int64(20*time.Second), agent: p})
		ring := m.made.ring.new()
		*ring = acd.Ring{
			About: c.about(), Offer: acd.OfferID{Epoch: 1, N: m.offer}, Agent: p.id, Number: c.number,
			For: 20 * time.Second, Wait: m.waited(c),
		}
		m.emit(ring)
		m.line(p, agent.Offered)
	}
}

func (m *floorMachine) alerting(now time.Time, in acd.Alerting) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enter(now)
	if p := m.offers[in.Offer.N]; p != nil {
		p.alerted = true
	}
}

func (m *floorMachine) answered(now time.Time, in acd.Answered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enter(now)
	p := m.offers[in.Offer.N]
	if p == nil {
		return
	}
	delete(m.offers, in.Offer.N)
	c, q := p.call, p.queue
	p.offer = 0
	m.stop(&p.timer)
	m.stop(&c.timer)
	if c.older != nil {
		c.older.newer = c.newer
	} else {
		q.first = c.newer
	}
	if c.newer != nil {
		c.newer.older = c.older
	} else {
		q.last = c.older
	}
	c.older, c.newer = nil, nil
	ended := m.made.ended.new()
	*ended = acd.OfferEnded{About: c.about(), Offer: in.Offer, Agent: p.id, End: agent.Answered, Rang: time.Duration(m.now - p.began)}
	m.emit(ended)
	p.began = m.now
	stop := m.made.stop.new()
	*stop = acd.StopPlay{About: c.about(), What: queue.PromptMusic}
	m.emit(stop)
	connect := m.made.connect.new()
	*connect = acd.Connect{About: c.about(), Agent: p.id, Offer: in.Offer, By: acd.ByOffer, Wait: m.waited(c)}
	m.emit(connect)
	connected := m.made.connected.new()
	*connected = acd.CallConnected{About: c.about(), Agent: p.id, By: acd.ByOffer, Wait: m.waited(c)}
	m.emit(connected)
	left := m.made.left.new()
	*left = acd.CallLeft{About: c.about(), Outcome: queue.Answered, Agent: p.id, Wait: m.waited(c)}
	m.emit(left)
	m.line(p, agent.Talking)
	m.match(q)
}

func (m *floorMachine) hangUp(now time.Time, in acd.HangUp) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enter(now)
	c := m.calls[in.Call]
	if c == nil || c.agent == nil {
		return
	}
	delete(m.calls, in.Call)
	p := c.agent
	p.call = nil
	m.set(&p.timer, floorTimer{at: m.now + m.wrapUp, agent: p})
	ended := m.made.talk.new()
	*ended = acd.TalkEnded{About: c.about(), Agent: p.id, By: acd.ByCaller, Talk: time.Duration(m.now - p.began)}
	m.emit(ended)
	m.line(p, agent.Free)
}

// advance lets wrap-ups end. The traffic answers every ring and lets nobody wait
// too long: those timers are set and stopped, and never fire.
func (m *floorMachine) advance(now int64) {
	for len(m.timers) > 0 && m.timers[0].at <= now {
		t := m.timers[0]
		p := t.agent
		if p == nil || p.call != nil {
			panic("acd_test: the traffic let a call or a ring time out")
		}
		m.now, m.at = t.at, time.Unix(0, t.at)
		m.stop(&p.timer)
		m.free(p)
		m.line(p, agent.Free)
		m.match(p.queue)
	}
}

func (m *floorMachine) free(p *floorAgent) {
	q := p.queue
	q.idle = append(q.idle, p)
	for i := len(q.idle) - 1; i > 0 && q.idle[i].rung < q.idle[(i-1)/4].rung; i = (i - 1) / 4 {
		q.idle[i], q.idle[(i-1)/4] = q.idle[(i-1)/4], q.idle[i]
	}
}

func (q *floorQueue) pop() *floorAgent {
	p, last := q.idle[0], len(q.idle)-1
	q.idle[0] = q.idle[last]
	q.idle = q.idle[:last]
	for i := 0; ; {
		least := i
		for c := 4*i + 1; c <= min(4*i+4, last-1); c++ {
			if q.idle[c].rung < q.idle[least].rung {
				least = c
			}
		}
		if least == i {
			return p
		}
		q.idle[i], q.idle[least] = q.idle[least], q.idle[i]
		i = least
	}
}

func (m *floorMachine) set(pos *int, t floorTimer) {
	m.stop(pos)
	m.timers = append(m.timers, t)
	m.up(len(m.timers) - 1)
}

func (m *floorMachine) stop(pos *int) {
	if *pos == 0 {
		return
	}
	i, last := *pos-1, len(m.timers)-1
	*pos = 0
	t := m.timers[last]
	m.timers = m.timers[:last]
	if i < last {
		m.timers[i] = t
		m.up(i)
		m.down(*m.pos(&t) - 1)
	}
}

func (m *floorMachine) pos(t *floorTimer) *int {
	if t.agent != nil {
		return &t.agent.timer
	}
	return &t.call.timer
}

func (m *floorMachine) up(i int) {
	t := m.timers[i]
	for i > 0 && t.at < m.timers[(i-1)/4].at {
		m.timers[i] = m.timers[(i-1)/4]
		*m.pos(&m.timers[i]) = i + 1
		i = (i - 1) / 4
	}
	m.timers[i] = t
	*m.pos(&t) = i + 1
}

func (m *floorMachine) down(i int) {
	t := m.timers[i]
	for {
		least := i
		at := t.at
		for c := 4*i + 1; c <= min(4*i+4, len(m.timers)-1); c++ {
			if m.timers[c].at < at {
				least, at = c, m.timers[c].at
			}
		}
		if least == i {
			break
		}
		m.timers[i] = m.timers[least]
		*m.pos(&m.timers[i]) = i + 1
		i = least
	}
	m.timers[i] = t
	*m.pos(&t) = i + 1
}
