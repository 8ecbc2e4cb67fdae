package acd_test

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// traffic is a queue with agents who answer after some time of ringing, and
// callers who give up: exponential gaps, talks and patience.
type traffic struct {
	seed    uint64
	agents  int
	perHour float64 // calls
	talk    float64 // mean, s
	patient float64 // mean, s
	answer  time.Duration
	calls   int
}

// guess is the error of one way to say how long a caller will wait.
type guess struct{ n, bias, squared float64 }

func (g *guess) add(estimated, waited float64) {
	g.n++
	g.bias += estimated - waited
	g.squared += (estimated - waited) * (estimated - waited)
}

func (g *guess) String() string {
	return fmt.Sprintf("%.0f callers, bias %+.0f s, mean squared error %.0f s²", g.n, g.bias/g.n, g.squared/g.n)
}

// move is something that happens in the traffic.
type move struct {
	at time.Time
	n  int // in the order of making
	in acd.Input
}

type moves []move

func (m moves) Len() int      { return len(m) }
func (m moves) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m moves) Less(i, j int) bool {
	if m[i].at.Equal(m[j].at) {
		return m[i].n < m[j].n
	}
	return m[i].at.Before(m[j].at)
}
func (m *moves) Push(x any) { *m = append(*m, x.(move)) }
func (m *moves) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

// play runs the traffic. Of the callers who found everybody busy and were
// answered it compares, with what they waited: the engine's estimate at the
// join, position × mean handling time / agents, and the wait of the last one who
// was answered.
func (c traffic) play(t *testing.T) (engine, naive, last guess, score queue.Score) {
	t.Helper()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT", "max_waiting_time=65535"))
	for i := range c.agents {
		step(t, e, 0, acd.AddAgent{Agent: agent.ID(fmt.Sprint(1001 + i)), Queues: []acd.Place{{Queue: "q"}}})
	}
	e.Take()
	rng := rand.New(rand.NewPCG(c.seed, 64))
	draw := func(mean float64) time.Duration {
		return time.Duration(rng.ExpFloat64() * mean * float64(time.Second))
	}
	type caller struct {
		talk            time.Duration
		estimate, naive float64
		last            float64
	}
	callers := make(map[queue.CallID]*caller)
	var ahead moves
	made := 0
	plan := func(at time.Time, in acd.Input) {
		made++
		heap.Push(&ahead, move{at, made, in})
	}
	handle, lastWait := c.talk+c.answer.Seconds(), 0.0
	joins := 0
	next := func(at time.Time) {
		if joins++; joins <= c.calls {
			plan(at.Add(draw(3600/c.perHour)), acd.Join{Call: queue.CallID(fmt.Sprint("c", joins)), Queue: "q"})
		}
	}
	next(e.Now())
	for ahead.Len() > 0 {
		m := heap.Pop(&ahead).(move)
		if join, ok := m.in.(acd.Join); ok {
			callers[join.Call] = &caller{talk: draw(c.talk)}
			plan(m.at.Add(draw(c.patient)), acd.HangUp{Call: join.Call})
			next(m.at)
		}
		if hang, ok := m.in.(acd.HangUp); ok && callers[hang.Call] == nil {
			continue // answered, his patience does not matter
		}
		if err := e.Step(m.at, m.in); err != nil {
			if _, late := m.in.(acd.Answered); late {
				continue // the caller has just hung up
			}
			t.Fatalf("%+v: %v", m.in, err)
		}
		for _, ev := range e.Take() {
			switch do := ev.Do.(type) {
			case *acd.Play:
				if who := callers[do.Call]; do.Estimate != nil && do.What == queue.PromptMusic {
					who.estimate = do.Estimate.Mean.Seconds()
					who.naive = float64(do.Position) * handle / float64(c.agents)
					who.last = lastWait
				}
			case *acd.Ring:
				plan(ev.At.Add(c.answer), acd.Answered{Offer: do.Offer})
			case *acd.CallConnected:
				who := callers[do.Call]
				delete(callers, do.Call)
				plan(ev.At.Add(who.talk), acd.EndTalk{Call: do.Call, By: acd.ByAgent})
				if who.estimate > 0 {
					engine.add(who.estimate, do.Wait.Seconds())
					naive.add(who.naive, do.Wait.Seconds())
					last.add(who.last, do.Wait.Seconds())
				}
				lastWait = do.Wait.Seconds()
			case *acd.CallLeft:
				delete(callers, do.Call)
			}
		}
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	view, err := e.Queue("q")
	if err != nil {
		t.Fatal(err)
	}
	return engine, naive, last, view.Estimates
}

// With callers who give up, the estimate is better in mean squared error than
// position × mean handling time / agents (which it knows exactly here) and than
// the wait of the last one who was answered. The figures stand in the
// documentation of package queue.
func TestB64_BeatsTheUsualGuesses(t *testing.T) {
	t.Parallel()
	for _, c := range []traffic{
		{seed: 1, agents: 10, perHour: 240, talk: 180, patient: 300, calls: 6000},
		{seed: 2, agents: 10, perHour: 190, talk: 180, patient: 600, calls: 6000, answer: 6 * time.Second},
		{seed: 3, agents: 3, perHour: 90, talk: 150, patient: 240, calls: 6000, answer: 4 * time.Second},
		{seed: 4, agents: 40, perHour: 960, talk: 180, patient: 180, calls: 6000},
	} {
		engine, naive, last, score := c.play(t)
		t.Logf("%d agents, %.0f calls/h:\n  estimate %v\n  position × handling time / agents %v\n  last answered %v\n  score: bias %v, mean squared error %.0f s² of %d",
			c.agents, c.perHour, &engine, &naive, &last, score.Bias(), score.MeanSquared(), score.N)
		if engine.n < 1000 {
			t.Errorf("seed %d: only %.0f callers were compared", c.seed, engine.n)
		}
		if engine.squared >= naive.squared || engine.squared >= last.squared {
			t.Errorf("seed %d: estimate %.0f s², naive %.0f s², last %.0f s²", c.seed, engine.squared/engine.n, naive.squared/naive.n, last.squared/last.n)
		}
		if bias := engine.bias / engine.n; bias > 30 || bias < -30 {
			t.Errorf("seed %d: bias %.1f s", c.seed, bias)
		}
		if score.N < uint64(engine.n) || score.MeanSquared() == 0 {
			t.Errorf("seed %d: published score %+v", c.seed, score)
		}
	}
}
