package replay

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Played is what became of a call.
type Played struct {
	Outcome queue.Outcome
	Wait    time.Duration // from the join to the outcome
	Agent   string        // who answered
	Talk    time.Duration // of an answered call
	Told    Told          // of the wait, when he joined
}

// Rules are what a [Plan] is played by.
type Rules struct {
	// Strategy is the polling strategy: one of the seven, or one of Own.
	Strategy string
	// Sticky rings first whom the caller talked with last, if he is available
	// (B70).
	Sticky bool
	// StickyWait is how long it is waited for him while he is busy, 0..120 s
	// (B73); nothing without Sticky.
	StickyWait time.Duration
	// Own are strategies of a host (B38).
	Own []strategy.Strategy
}

// The queue in which a log is played.
const (
	playQueue   queue.ID = "replay"
	playNumber           = "8000"
	maxWaiting           = 65535 * time.Second // as long as a queue allows: 18 hours
	afterTalkOf          = time.Hour           // wrap_up_time ends there
)

// Play plays the plan through an [acd.Engine] in virtual time and returns what
// became of each call of its log. Phones ring as long as the log says, else not at
// all, before they are answered; when several ring, each is as likely to be the
// first. An error is one of the rules, and wraps
// [agent.ErrInvalid]: an unknown strategy, or a StickyWait out of its range.
func (p *Plan) Play(rules Rules) ([]Played, error) {
	s, err := strategy.Lookup(rules.Strategy, rules.Own...)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	engine, err := acd.NewEngine(acd.EngineOptions{Strategies: rules.Own, Seed: p.Assumptions.Seed})
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	w := &world{
		plan: p, engine: engine, phones: p.stream(streamPhone),
		workers: make([]worker, len(p.shifts)), index: make(map[agent.ID]int, len(p.shifts)),
		ids: make([]queue.CallID, len(p.calls)), played: make([]Played, len(p.calls)), states: make([]state, len(p.calls)),
		rung: make(map[int][]acd.OfferID), hunts: make([]int, len(p.calls)), knows: make(map[string]string),
	}
	if err := w.open(s, rules); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	if err := w.run(); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return w.played, nil
}

// world is everything around the engine in a replay: callers, agents, phones.
type world struct {
	plan   *Plan
	engine *acd.Engine
	phones *rand.Rand
	now    agent.Instant
	agenda agenda

	ids    []queue.CallID
	played []Played
	states []state
	left   int               // calls that have not come to their end
	last   time.Duration     // the wait of the last one answered
	knows  map[string]string // by caller: the agent whom he talked with last

	workers []worker
	index   map[agent.ID]int

	rung  map[int][]acd.OfferID // phones that ring now, by call
	hunts []int                 // how often nobody was rung for a call any longer
	fresh []int                 // calls for which a phone began to ring
}

// state is where a call is in the play.
type state uint8

const (
	toCome state = iota
	inLine
	talking
	gone
)

// open makes the queue and its agents, and puts everything that the plan knows
// beforehand on the agenda.
func (w *world) open(s strategy.Strategy, rules Rules) error {
	config := queue.Defaults()
	config.Name, config.Number = "Replay", playNumber
	config.PollingStrategy = s.Name
	config.MaxCallers, config.MaxWaitingTime = 0, maxWaiting
	config.WaitWhenNoAgentsOnline = true
	config.EnableStickyRouting, config.StickyWait = rules.Sticky, rules.StickyWait
	config.RingTime = longestRing + time.Second
	config.EnableWrapUp = true // its length is that of each call, see endTalk

	calls := w.plan.Log.Calls
	w.left = len(calls)
	w.now = agent.At(calls[0].At)
	for _, s := range w.plan.shifts {
		if s.from != 0 {
			w.now = min(w.now, s.from)
		}
	}
	if err := w.step(acd.CreateQueue{Queue: playQueue, Config: config}); err != nil {
		return err
	}
	out := agent.LoggedOut
	for i, a := range w.plan.Log.Agents {
		w.index[agent.ID(a.Name)] = i
		if err := w.step(acd.AddAgent{Agent: agent.ID(a.Name), Queues: []acd.Place{{Queue: playQueue}}, Status: &out}); err != nil {
			return err
		}
		s := w.plan.shifts[i]
		if s.from != 0 {
			w.agenda.add(s.from, comes, i, 0)
		}
		for k, absence := range s.absences {
			w.agenda.add(absence.from, goes, i, k)
		}
	}
	for i, c := range calls {
		w.ids[i] = queue.CallID(strconv.Itoa(i))
		w.agenda.add(agent.At(c.At), joins, i, 0)
	}
	return nil
}

// run plays until every call has come to its end.
func (w *world) run() error {
	for w.left > 0 {
		next, more := w.agenda.next()
		if due, ok := w.engine.NextDeadline(); ok && (!more || agent.At(due) <= next.at) {
			w.now = max(w.now, agent.At(due))
			w.engine.Advance(due)
		} else if more {
			w.agenda.pop()
			w.now = max(w.now, next.at)
			if err := w.happen(next); err != nil {
				return err
			}
		} else {
			return fmt.Errorf("%d calls have no end", w.left)
		}
		if err := w.react(); err != nil {
			return err
		}
	}
	return w.engine.Check()
}

func (w *world) step(in acd.Input) error { return w.engine.Step(w.now.Time(), in) }

// happen lets one item of the agenda happen.
func (w *world) happen(do item) error {
	switch do.what {
	case endsTalk:
		return w.endTalk(do.who)
	case comes:
		return w.comes(do.who, do.which)
	case goes:
		return w.goes(do.who, do.which)
	case answers:
		if w.hunts[do.who] != do.which {
			return nil
		}
		return w.answer(do.who)
	case hangsUp:
		if w.states[do.who] != inLine {
			return nil
		}
		return w.step(acd.HangUp{Call: w.ids[do.who]})
	default:
		return w.join(do.who)
	}
}

// join brings a call to the line. Who hung up without having waited does it
// before a phone could ring.
func (w *world) join(i int) error {
	c, p := &w.plan.Log.Calls[i], &w.plan.calls[i]
	w.states[i] = inLine
	if err := w.recall(i); err != nil {
		return err
	}
	err := w.step(acd.Join{Call: w.ids[i], Queue: playQueue, Number: c.Caller, Priority: c.Priority, Credit: c.Credit})
	if err != nil {
		return err
	}
	switch {
	case p.patience == 0:
		return w.step(acd.HangUp{Call: w.ids[i]})
	case p.patience < never:
		w.agenda.add(w.now.Add(p.patience), hangsUp, i, 0)
	}
	return nil
}

// endTalk ends a talk; the work after it is the wrap-up of this call (B24).
func (w *world) endTalk(i int) error {
	w.states[i] = gone
	who := agent.ID(w.played[i].Agent)
	if caller := w.plan.Log.Calls[i].Caller; caller != "" {
		w.knows[caller] = w.played[i].Agent // from the end of the talk, as B70 has it
	}
	after := min(w.plan.calls[i].after, afterTalkOf)
	err := w.step(acd.ChangeMember{Agent: who, Queue: playQueue, WrapUpTime: &after})
	if err != nil {
		return err
	}
	w.workers[w.index[who]].wrapUp = w.now.Add(after)
	return w.step(acd.EndTalk{Call: w.ids[i]})
}

// react does what the engine's events ask for until there are none.
func (w *world) react() error {
	for {
		events := w.engine.Take()
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			if err := w.hear(e); err != nil {
				return err
			}
		}
		fresh := w.fresh
		w.fresh = nil
		for _, i := range fresh {
			if ring := w.plan.calls[i].ring; ring > 0 {
				w.agenda.add(w.now.Add(ring), answers, i, w.hunts[i])
			} else if err := w.answer(i); err != nil {
				return err
			}
		}
	}
}

// answer answers one of the phones that ring for a call, if any still does.
func (w *world) answer(i int) error {
	offers := w.rung[i]
	if len(offers) == 0 {
		return nil
	}
	err := w.step(acd.Answered{Offer: offers[w.phones.IntN(len(offers))]})
	if errors.Is(err, acd.ErrOfferEnded) {
		return nil // StopRinging is among the events to come
	}
	return err
}

// stops notes that a phone rings no longer.
func (w *world) stops(i int, offer acd.OfferID) {
	offers := slices.DeleteFunc(w.rung[i], func(o acd.OfferID) bool { return o == offer })
	if len(offers) > 0 {
		w.rung[i] = offers
		return
	}
	delete(w.rung, i)
	w.hunts[i]++
}

// hear takes one event in.
func (w *world) hear(e acd.Event) error {
	switch do := e.Do.(type) {
	case *acd.Play:
		i, err := strconv.Atoi(string(do.Call))
		if err != nil {
			return err
		}
		return w.tell(i, do)
	case *acd.Ring:
		i, err := strconv.Atoi(string(do.Call))
		if err != nil {
			return err
		}
		if len(w.rung[i]) == 0 {
			w.fresh = append(w.fresh, i)
		}
		w.rung[i] = append(w.rung[i], do.Offer)
	case *acd.StopRinging:
		i, err := strconv.Atoi(string(do.Call))
		if err != nil {
			return err
		}
		w.stops(i, do.Offer)
	case *acd.CallConnected:
		i, err := strconv.Atoi(string(do.Call))
		if err != nil {
			return err
		}
		talk := w.plan.calls[i].talk
		w.played[i] = Played{Outcome: queue.Answered, Wait: do.Wait, Agent: string(do.Agent), Talk: talk, Told: w.played[i].Told}
		w.last = do.Wait
		w.states[i] = talking
		delete(w.rung, i)
		w.hunts[i]++
		w.left--
		w.agenda.add(w.now.Add(talk), endsTalk, i, 0)
	case *acd.CallLeft:
		i, err := strconv.Atoi(string(do.Call))
		if err != nil {
			return err
		}
		if do.Outcome != queue.Answered {
			w.played[i] = Played{Outcome: do.Outcome, Wait: do.Wait, Told: w.played[i].Told}
			w.states[i] = gone
			w.left--
		}
	case *acd.StatusChanged:
		i := w.index[do.Agent]
		if len(do.Changes) > 0 && do.Changes[0].Set == agent.Break {
			w.begins(i)
		}
	}
	return nil
}
