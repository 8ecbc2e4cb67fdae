package acd_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The traffic of all benchmarks of this package: one seeded flow of whole calls,
// the same for the engine, the Router and the floor. All of them:
//
//	go test ./acd -run '^$' -bench .
//
// An iteration is a call, from its join to the end of the wrap-up, unless a
// benchmark says otherwise.

// machine is what a benchmark drives: the floor does the least that any such
// machine would have to do, the engine and the router do all of it.
type machine interface {
	// The inputs of a call, which are never refused. They are methods, so that
	// no input has to be allocated to get here.
	join(now time.Time, in acd.Join)
	alerting(now time.Time, in acd.Alerting)
	answered(now time.Time, in acd.Answered)
	hangUp(now time.Time, in acd.HangUp)
	// take returns the events since the last take, until the next one; the Router's
	// come by its loop.
	take() []acd.Event
}

// scene is a centre and its traffic. The zero value of a field is what is said
// with it.
type scene struct {
	agents  int
	queues  int           // 1
	each    int           // queues that an agent is in: 1
	waiting int           // calls that wait all the while: none; else all agents are busy
	calls   int           // calls there are, if nobody waits: nine tenths of what agents carry
	talk    time.Duration // mean: 180 s
	wrapUp  time.Duration // 10 s
	change  func(*queue.Config)
}

func (s scene) complete() scene {
	s.queues, s.each = max(s.queues, 1), max(s.each, 1)
	if s.talk == 0 {
		s.talk, s.wrapUp = 180*time.Second, 10*time.Second
	}
	return s
}

// begin is when the traffic begins.
var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// setUp makes the queues and agents of a scene. Agents stand in neighbouring
// queues, each queue has equally many.
func (s scene) setUp(do func(acd.Input)) {
	s = s.complete()
	config := queue.Defaults()
	config.PollingStrategy = "CYCLIC_HUNT"
	config.EnableWrapUp, config.WrapUpTime = s.wrapUp > 0, s.wrapUp
	config.MaxWaitingTime = 65535 * time.Second
	if s.change != nil {
		s.change(&config)
	}
	for i := range s.queues {
		config.Name, config.Number = string(queueID(i)), strconv.Itoa(1_000_000+i)
		do(acd.CreateQueue{Queue: queueID(i), Config: config})
	}
	for i := range s.agents {
		in := acd.AddAgent{Agent: agentID(i), Queues: make([]acd.Place, s.each)}
		for j := range in.Queues {
			in.Queues[j] = acd.Place{Queue: queueID((i*s.each + j) % s.queues), Level: 1 + i%5}
		}
		do(in)
	}
}

func queueID(i int) queue.ID    { return queue.ID("queue-" + strconv.Itoa(i)) }
func agentID(i int) agent.ID    { return agent.ID(strconv.Itoa(1_000_000 + i)) }
func callID(i int) queue.CallID { return queue.CallID("call-" + strconv.Itoa(10_000_000+i)) }

// engineMachine drives an [acd.Engine].
type engineMachine struct {
	tb     testing.TB
	engine *acd.Engine
	taken  []acd.Event
}

// newEngineMachine returns an engine with the queues and agents of a scene.
func newEngineMachine(tb testing.TB, s scene) *engineMachine {
	tb.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	m := &engineMachine{tb: tb, engine: e}
	s.setUp(func(in acd.Input) {
		m.step(begin.Add(-time.Hour), in)
		e.Take()
	})
	return m
}

func (m *engineMachine) step(now time.Time, in acd.Input) {
	if err := m.engine.Step(now, in); err != nil {
		m.tb.Fatal(err)
	}
}

func (m *engineMachine) join(now time.Time, in acd.Join)         { m.step(now, in) }
func (m *engineMachine) alerting(now time.Time, in acd.Alerting) { m.step(now, in) }
func (m *engineMachine) answered(now time.Time, in acd.Answered) { m.step(now, in) }
func (m *engineMachine) hangUp(now time.Time, in acd.HangUp)     { m.step(now, in) }

func (m *engineMachine) take() []acd.Event {
	m.taken = m.engine.TakeInto(m.taken[:0])
	return m.taken
}

// flow is the calls of a scene, and the host: every phone that rings alerts, and
// the first that rings for a call picks up. With each arrival one of the talks ends, whichever it
// is.
type flow struct {
	m      machine
	now    time.Time
	gap    time.Duration // between arrivals
	queues []queue.ID
	talks  []queue.CallID
	idle   []queue.CallID // ids of no call, a ring
	at     int            // its oldest
	rng    *rand.Rand
	told   int // events

	taken []acd.OfferID // scratch of hear
}

// newFlow brings a scene into full swing, with the machine that has its queues
// and agents.
func newFlow(m machine, s scene) *flow {
	t := prepareFlow(m, s)
	for i := range s.live() {
		t.arrive(callID(i), time.Microsecond)
	}
	for range min(2*s.agents, 200_000) { // past the start, where everybody is idle
		t.call()
	}
	return t
}

// live is how many calls there are all the while.
func (s scene) live() int {
	s = s.complete()
	switch {
	case s.waiting > 0:
		return s.agents + s.waiting
	case s.calls > 0:
		return s.calls
	default:
		return max(1, int(0.9*float64(s.agents)*s.talk.Seconds()/(s.talk+s.wrapUp).Seconds()))
	}
}

// gap is the time between two arrivals.
func (s scene) gap() time.Duration {
	s = s.complete()
	if s.waiting > 0 {
		return (s.talk + s.wrapUp) / time.Duration(s.agents)
	}
	return s.talk / time.Duration(s.live())
}

func prepareFlow(m machine, s scene) *flow {
	s = s.complete()
	t := &flow{
		m:    m,
		now:  begin,
		gap:  s.gap(),
		idle: make([]queue.CallID, 1024),
		rng:  rand.New(rand.NewPCG(1, 2)),
	}
	for i := range s.queues {
		t.queues = append(t.queues, queueID(i))
	}
	for i := range t.idle {
		t.idle[i] = callID(s.live() + i)
	}
	return t
}

// arrive lets one call come, so long after the last.
func (t *flow) arrive(id queue.CallID, gap time.Duration) {
	t.now = t.now.Add(gap)
	q := t.queues[0]
	if len(t.queues) > 1 {
		q = t.queues[t.rng.IntN(len(t.queues))]
	}
	t.m.join(t.now, acd.Join{Call: id, Queue: q, Number: string(id[len("call-"):])})
	t.hear()
}

// call lets one talk end and one call come: a whole call's work.
func (t *flow) call() {
	i, last := t.rng.IntN(len(t.talks)), len(t.talks)-1
	id := t.talks[i]
	t.talks[i] = t.talks[last]
	t.talks = t.talks[:last]
	t.m.hangUp(t.now, acd.HangUp{Call: id})
	t.hear()
	next := t.idle[t.at]
	t.idle[t.at] = id
	t.at = (t.at + 1) % len(t.idle)
	t.arrive(next, t.gap)
}

// hear does what the events say until there are no more.
func (t *flow) hear() {
	for events := t.m.take(); len(events) > 0; events = t.m.take() {
		t.act(events)
	}
}

// act does what some events say.
func (t *flow) act(events []acd.Event) {
	t.told += len(events)
	rung := queue.CallID("")
	for i := range events {
		switch do := events[i].Do.(type) {
		case *acd.Ring:
			t.m.alerting(t.now, acd.Alerting{Offer: do.Offer})
			if do.Call != rung {
				rung = do.Call
				t.taken = append(t.taken, do.Offer)
			}
		case *acd.CallConnected:
			t.talks = append(t.talks, do.Call)
		}
	}
	for _, offer := range t.taken {
		t.m.answered(t.now, acd.Answered{Offer: offer})
	}
	t.taken = t.taken[:0]
}

// run measures calls, in turns with those of a floor if there is one.
func (t *flow) run(b *testing.B, floor *flow) {
	m, before := newMeter(b, floor), t.told
	for m.loop() {
		t.call()
	}
	m.stop()
	b.ReportMetric(float64(t.told-before)/float64(b.N), "events/op")
}

// benchmarkScenes measures calls in an engine, scene by scene.
func benchmarkScenes[T any](b *testing.B, name string, all []T, of func(T) scene) {
	for _, x := range all {
		b.Run(fmt.Sprintf("%s=%v", name, x), func(b *testing.B) {
			s := of(x)
			newFlow(newEngineMachine(b, s), s).run(b, nil)
		})
	}
}
