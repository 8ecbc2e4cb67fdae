package acd_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// machine is what a benchmark drives: the floor does the least that any such
// machine would have to do, the engine and the router do all of it.
type machine interface {
	// join brings a call in, whose offer is answered at once: it alerts, and is
	// picked up.
	join(now time.Time, call string)
	// hangUp ends a talk; the agent's wrap-up begins.
	hangUp(now time.Time, call string)
	// events returns how many events came out so far.
	events() int
}

const (
	benchTalk   = 180 * time.Second // mean
	benchWrapUp = 10 * time.Second
)

// flow is a centre at nine tenths of what its agents can carry, seeded: with
// each arrival one of the talks ends, whichever it is.
type flow struct {
	m    machine
	now  time.Time
	gap  time.Duration // between arrivals
	live []string
	idle []string // ids of no call, a ring
	at   int      // its oldest
	rng  *rand.Rand
}

func newFlow(m machine, agents int) *flow {
	perSecond := 0.9 * float64(agents) / (benchTalk + benchWrapUp).Seconds()
	t := &flow{
		m:    m,
		now:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		gap:  time.Duration(float64(time.Second) / perSecond),
		idle: make([]string, agents+16),
		rng:  rand.New(rand.NewPCG(1, 2)),
	}
	for i := range t.idle {
		t.idle[i] = "call-" + strconv.Itoa(10_000_000+i)
	}
	for i := range max(1, int(perSecond*benchTalk.Seconds())) {
		t.arrive("call-" + strconv.Itoa(20_000_000+i))
	}
	for range 2 * agents { // past the start, where everybody is idle
		t.call()
	}
	return t
}

func (t *flow) arrive(id string) {
	t.now = t.now.Add(t.gap)
	t.m.join(t.now, id)
	t.live = append(t.live, id)
}

// call lets one talk end and one call come: a whole call's work.
func (t *flow) call() {
	i, last := t.rng.IntN(len(t.live)), len(t.live)-1
	id := t.live[i]
	t.live[i] = t.live[last]
	t.live = t.live[:last]
	t.m.hangUp(t.now, id)
	t.idle[t.at], id = id, t.idle[t.at]
	t.at = (t.at + 1) % len(t.idle)
	t.arrive(id)
}

// run measures calls.
func (t *flow) run(b *testing.B) {
	b.ReportAllocs()
	before := t.m.events()
	b.ResetTimer()
	for range b.N {
		t.call()
	}
	b.ReportMetric(float64(t.m.events()-before)/float64(b.N), "events/call")
}

// engineMachine drives an [acd.Engine].
type engineMachine struct {
	tb     testing.TB
	engine *acd.Engine
	told   int
}

func newEngineMachine(tb testing.TB, strategy string, agents int) *engineMachine {
	tb.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	m := &engineMachine{tb: tb, engine: e}
	now := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	config := queue.Defaults()
	config.Name, config.Number, config.PollingStrategy = "q", "8000", strategy
	config.EnableWrapUp, config.WrapUpTime = true, benchWrapUp
	m.step(now, acd.CreateQueue{Queue: "q", Config: config})
	for i := range agents {
		m.step(now, acd.AddAgent{Agent: agent.ID(strconv.Itoa(1_000_000 + i)), Queues: []acd.Place{{Queue: "q"}}})
	}
	e.Take()
	return m
}

func (m *engineMachine) step(now time.Time, in acd.Input) {
	if err := m.engine.Step(now, in); err != nil {
		m.tb.Fatal(err)
	}
}

func (m *engineMachine) join(now time.Time, call string) {
	m.step(now, acd.Join{Call: queue.CallID(call), Queue: "q", Number: call[len("call-"):]})
	events := m.engine.Take()
	for _, ev := range events {
		if ring, ok := ev.Do.(*acd.Ring); ok {
			m.step(now, acd.Alerting{Offer: ring.Offer})
			m.step(now, acd.Answered{Offer: ring.Offer})
		}
	}
	m.told += len(events) + len(m.engine.Take())
}

func (m *engineMachine) hangUp(now time.Time, call string) {
	m.step(now, acd.HangUp{Call: queue.CallID(call)})
	m.told += len(m.engine.Take())
}

func (m *engineMachine) events() int { return m.told }

// floorMachine does what cannot be left out: a map of calls and one of offers, a
// heap of timers, a line, the agents in the order of their idleness, events made
// on the heap and handed over, and a lock.
type floorMachine struct {
	mu     sync.Mutex
	now    int64
	agents []floorAgent
	idle   []*floorAgent // 4-ary heap by last ring
	calls  map[string]*floorCall
	offers map[uint64]*floorAgent
	first  *floorCall // the line
	last   *floorCall
	timers []floorTimer
	offer  uint64
	out    []floorEvent
	told   int
}

type floorAgent struct {
	id    string
	rung  int64
	call  *floorCall
	offer uint64
	timer int // place among the timers, from 1
}

type floorCall struct {
	id, number string
	agent      *floorAgent
	older      *floorCall
	newer      *floorCall
	joined     int64
	timer      int
}

type floorTimer struct {
	at    int64
	call  *floorCall
	agent *floorAgent
}

type floorEvent struct {
	seq uint64
	at  int64
	do  any
}

type floorNews struct {
	kind  int
	call  string
	agent string
	n     uint64
}

func newFloorMachine(agents int) *floorMachine {
	m := &floorMachine{
		agents: make([]floorAgent, agents),
		calls:  make(map[string]*floorCall),
		offers: make(map[uint64]*floorAgent),
	}
	for i := range m.agents {
		p := &m.agents[i]
		p.id = strconv.Itoa(1_000_000 + i)
		m.free(p)
	}
	return m
}

func (m *floorMachine) events() int { return m.told }

// tell makes n events.
func (m *floorMachine) tell(c *floorCall, p *floorAgent, kinds ...int) {
	for _, kind := range kinds {
		m.told++
		news := floorNews{kind: kind, n: m.offer}
		if c != nil {
			news.call = c.id
		}
		if p != nil {
			news.agent = p.id
		}
		m.out = append(m.out, floorEvent{uint64(m.told), m.now, news})
	}
}

// take hands the events over.
func (m *floorMachine) take() []floorEvent {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clip(m.out)
	m.out = m.out[len(m.out):]
	if cap(m.out) < 16 {
		m.out = make([]floorEvent, 0, 512)
	}
	return out
}

func (m *floorMachine) join(at time.Time, id string) {
	offer := m.arrive(at.UnixNano(), id)
	m.take()
	m.alerting(at.UnixNano(), offer)
	m.answered(at.UnixNano(), offer)
	m.take()
}

func (m *floorMachine) arrive(now int64, id string) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(now)
	c := &floorCall{id: id, number: id[len("call-"):], joined: now}
	m.calls[id] = c
	if c.older = m.last; c.older != nil {
		c.older.newer = c
	} else {
		m.first = c
	}
	m.last = c
	m.set(&c.timer, floorTimer{at: now + int64(300*time.Second), call: c})
	m.tell(c, nil, 0, 1)
	m.match()
	if c.agent == nil {
		return 0
	}
	return c.agent.offer
}

func (m *floorMachine) match() {
	for m.first != nil && len(m.idle) > 0 {
		p, c := m.pop(), m.first
		for c != nil && c.agent != nil {
			c = c.newer
		}
		if c == nil {
			m.free(p)
			return
		}
		m.offer++
		p.rung, p.offer, p.call, c.agent = m.now, m.offer, c, p
		m.offers[m.offer] = p
		m.set(&p.timer, floorTimer{at: m.now + int64(20*time.Second), agent: p})
		m.tell(c, p, 2, 3)
	}
}

func (m *floorMachine) alerting(now int64, offer uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(now)
	if p := m.offers[offer]; p != nil {
		m.now = now
	}
}

func (m *floorMachine) answered(now int64, offer uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(now)
	p := m.offers[offer]
	if p == nil {
		return
	}
	delete(m.offers, offer)
	c := p.call
	m.stop(&p.timer)
	m.stop(&c.timer)
	if c.older != nil {
		c.older.newer = c.newer
	} else {
		m.first = c.newer
	}
	if c.newer != nil {
		c.newer.older = c.older
	} else {
		m.last = c.older
	}
	m.tell(c, p, 4, 5, 6, 7, 8, 9)
	m.match()
}

func (m *floorMachine) hangUp(at time.Time, id string) {
	m.release(at.UnixNano(), id)
	m.take()
}

func (m *floorMachine) release(now int64, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(now)
	c := m.calls[id]
	if c == nil {
		return
	}
	delete(m.calls, id)
	p := c.agent
	p.call = nil
	m.set(&p.timer, floorTimer{at: now + int64(benchWrapUp), agent: p})
	m.tell(c, p, 10, 11)
	m.match()
}

func (m *floorMachine) advance(now int64) {
	for len(m.timers) > 0 && m.timers[0].at <= now {
		t := m.timers[0]
		m.now = t.at
		if p := t.agent; p != nil {
			m.stop(&p.timer)
			m.free(p)
			m.tell(nil, p, 12)
			m.match()
		} else {
			m.stop(&t.call.timer)
		}
	}
	m.now = now
}

func (m *floorMachine) free(p *floorAgent) {
	m.idle = append(m.idle, p)
	for i := len(m.idle) - 1; i > 0 && m.idle[i].rung < m.idle[(i-1)/4].rung; i = (i - 1) / 4 {
		m.idle[i], m.idle[(i-1)/4] = m.idle[(i-1)/4], m.idle[i]
	}
}

func (m *floorMachine) pop() *floorAgent {
	p, last := m.idle[0], len(m.idle)-1
	m.idle[0] = m.idle[last]
	m.idle = m.idle[:last]
	for i := 0; ; {
		least := i
		for c := 4*i + 1; c <= min(4*i+4, last-1); c++ {
			if m.idle[c].rung < m.idle[least].rung {
				least = c
			}
		}
		if least == i {
			return p
		}
		m.idle[i], m.idle[least] = m.idle[least], m.idle[i]
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

// BenchmarkCall is a whole call, from the join to the end of the wrap-up, at the
// floor and in the engine: compare the two.
func BenchmarkCall(b *testing.B) {
	for _, agents := range []int{10, 100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("floor/agents=%d", agents), func(b *testing.B) {
			newFlow(newFloorMachine(agents), agents).run(b)
		})
		b.Run(fmt.Sprintf("engine/agents=%d", agents), func(b *testing.B) {
			newFlow(newEngineMachine(b, "CYCLIC_HUNT", agents), agents).run(b)
		})
	}
}
