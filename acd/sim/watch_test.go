package sim

import (
	"math/rand/v2"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// watcher keeps a ledger of its own of one replication, from the engine's events
// alone: it knows nothing of the tallies of the world.
type watcher struct {
	warmup time.Duration
	wrapUp time.Duration
	now    agent.Instant
	calls  map[queue.CallID]*watched
	all    []*watched
	agents map[agent.ID]*watchedAgent
	hired  []*watchedAgent

	line, ringing int           // calls in line; of them being rung for
	lineArea      sum           // ∫ calls in line
	ringArea      sum           // ∫ calls being rung for
	busyArea      sum           // ∫ agents in use, by LineChanged
	handling      sum           // Σ ring + talk + wrap-up, by the ends
	wraps         []wrap        // that may still run
	lastWait      time.Duration // of the last who had waited and was answered: LES
	classes       map[queue.CallID]int
	waitingCalls  []*watched  // in the order of joining, for HOL
	score         queue.Score // that the queue gave its estimates
}

type wrap struct{ from, to agent.Instant }

// watched is a call.
type watched struct {
	joined, rung, left agent.Instant
	class              int
	outcome            queue.Outcome
	done, inLine       bool
	wait               time.Duration
	position           int
	estimate           time.Duration // told at the join; -1: none
	head, last         time.Duration // HOL and LES at the join
	counted            bool
}

// watchedAgent is an agent.
type watchedAgent struct {
	ringing, talking agent.Instant // since; 0: he is not
	busy             bool
	since            agent.Instant // of busy and wrapTo
	wrapTo           agent.Instant
}

func newWatcher(p *plan) *watcher {
	w := &watcher{
		warmup: time.Duration(p.warmup), now: epoch,
		calls: make(map[queue.CallID]*watched), agents: make(map[agent.ID]*watchedAgent), classes: make(map[queue.CallID]int),
	}
	if c := p.queues[0].Properties; c.EnableWrapUp {
		w.wrapUp = c.WrapUpTime
	}
	p.seen = w.see
	return w
}

// classed gives each call a class with the share of its rate, and a priority: the
// first class the highest.
func (w *watcher) classed(p *plan, rates []float64, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 77))
	total := 0.0
	for _, r := range rates {
		total += r
	}
	p.dress = func(in acd.Join) acd.Join {
		u, class := random.Float64()*total, 0
		for class < len(rates)-1 && u >= rates[class] {
			u -= rates[class]
			class++
		}
		w.classes[in.Call] = class
		in.Priority = 50 - class
		return in
	}
}

// move lets time pass.
func (w *watcher) move(to agent.Instant) {
	d := int64(to - w.now)
	w.lineArea.addProduct(int64(w.line), d)
	w.ringArea.addProduct(int64(w.ringing), d)
	w.now = to
}

// used adds the time that an agent was in use since his line last changed.
func (w *watcher) used(a *watchedAgent) {
	if a.busy {
		w.busyArea.add(int64(w.now - a.since))
	} else if a.wrapTo > a.since {
		w.busyArea.add(int64(min(a.wrapTo, w.now) - a.since))
	}
	a.since = w.now
}

func (w *watcher) agent(id agent.ID) *watchedAgent {
	a := w.agents[id]
	if a == nil {
		a = &watchedAgent{}
		w.agents[id] = a
		w.hired = append(w.hired, a)
	}
	return a
}

func (w *watcher) see(e acd.Event) {
	if at := agent.At(e.At); at > w.now {
		w.move(at)
	}
	switch do := e.Do.(type) {
	case *acd.CallJoined:
		c := w.call(do.Call)
		c.inLine, c.position = true, do.Position
		w.line++
		w.waitingCalls = append(w.waitingCalls, c)
		for len(w.waitingCalls) > 0 && !w.waitingCalls[0].inLine {
			w.waitingCalls = w.waitingCalls[1:]
		}
		c.head = w.now.Sub(w.waitingCalls[0].joined)
		c.last = w.lastWait
	case *acd.Play:
		if c := w.calls[do.Call]; c != nil && c.estimate < 0 && do.Estimate != nil {
			c.estimate = do.Estimate.Mean
		}
	case *acd.Ring:
		c, a := w.calls[do.Call], w.agent(do.Agent)
		if c.rung == 0 {
			c.rung = w.now
			w.ringing++
		}
		a.ringing = w.now
	case *acd.OfferEnded:
		w.agent(do.Agent).ringing = 0
		w.handling.add(int64(do.Rang))
	case *acd.CallConnected:
		w.agent(do.Agent).talking = w.now
		if do.Wait > 0 {
			w.lastWait = do.Wait
		}
	case *acd.CallLeft:
		c := w.call(do.Call)
		c.done, c.outcome, c.wait, c.left = true, do.Outcome, do.Wait, w.now
		if c.inLine {
			w.line--
		}
		if c.rung != 0 {
			w.ringing--
		}
		c.inLine = false
		if do.Outcome != queue.Answered {
			delete(w.calls, do.Call)
		}
	case *acd.TalkEnded:
		a := w.agent(do.Agent)
		a.talking = 0
		w.handling.add(int64(do.Talk))
		if w.wrapUp > 0 {
			w.wraps = append(w.wraps, wrap{w.now, w.now.Add(w.wrapUp)})
		}
		delete(w.calls, do.Call)
	case *acd.LineChanged:
		a := w.agent(do.Agent)
		w.used(a)
		a.busy, a.wrapTo = do.Use != agent.Free, agent.At(do.WrapUp)
	}
}

// call returns the call that has this id now; a new one joins.
func (w *watcher) call(id queue.CallID) *watched {
	c := w.calls[id]
	if c == nil {
		c = &watched{joined: w.now, estimate: -1, class: w.classes[id], counted: w.now.Sub(epoch) >= w.warmup}
		w.calls[id] = c
		w.all = append(w.all, c)
	}
	return c
}

// close ends the path at a time: what is in progress counts up to there.
func (w *watcher) close(at agent.Instant) {
	w.move(max(at, w.now))
	for _, a := range w.hired {
		w.used(a)
		if a.ringing != 0 {
			w.handling.add(int64(w.now - a.ringing))
		}
		if a.talking != 0 {
			w.handling.add(int64(w.now - a.talking))
		}
	}
	for _, r := range w.wraps {
		w.handling.add(int64(min(r.to, w.now) - r.from))
	}
}
