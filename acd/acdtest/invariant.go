package acdtest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// checkLedgers compares each queue's numbers with what was counted, and with each
// other (B46).
func (w *watcher) checkLedgers() error {
	for _, id := range slices.Sorted(maps.Keys(w.queues)) {
		counted := w.queues[id]
		view, err := w.engine.Queue(id)
		if err != nil {
			return err
		}
		life := view.Lifetime
		warned := w.warned(id)
		if life.Joined != counted.joined+uint64(warned) || life.Left != counted.left || life.Ended != counted.ended {
			return fmt.Errorf("B46: queue %s counts joined %d, left %v, ended %d; events said %d, %v, %d",
				id, life.Joined, life.Left, life.Ended, counted.joined+uint64(warned), counted.left, counted.ended)
		}
		line := waitingIn(w.engine, id)
		for i := range line {
			if line[i].Position != i+1 {
				return fmt.Errorf("B53: call %s of queue %s says position %d, stands at %d", line[i].ID, id, line[i].Position, i+1)
			}
		}
		if err := w.checkVIPs(line); err != nil {
			return fmt.Errorf("queue %s: %w", id, err)
		}
		line = slices.DeleteFunc(line, func(c acd.CallView) bool { return w.promises(c.ID) })
		if open := w.openCallbacks(id); open != view.Callbacks.Open() || open != len(callbacksOf(w.engine, id)) {
			return fmt.Errorf("B46: queue %s says that %d callbacks are open, events that %d are", id, view.Callbacks.Open(), open)
		}
		for _, n := range []queue.Numbers{life, view.Numbers} {
			if n.Waiting() != len(line)+warned || view.Waiting != len(line)+warned {
				return fmt.Errorf("B46: queue %s counts %d waiting and says %d, %d are in line", id, n.Waiting(), view.Waiting, len(line)+warned)
			}
			if n.Talking() != counted.talking || view.Talking != counted.talking {
				return fmt.Errorf("B46: queue %s counts %d talking and says %d, %d talk", id, n.Talking(), view.Talking, counted.talking)
			}
		}
	}
	return nil
}

// warned returns how many calls are at the warning of a queue: they count as
// waiting, and no event has said that they have a place (B45).
func (w *watcher) warned(id queue.ID) int {
	n := 0
	for c := range w.engine.Calls() {
		if c.Queue == id && w.calls[c.ID] == nil && hasNoPlace(&c) {
			n++
		}
	}
	return n
}

func hasNoPlace(c *acd.CallView) bool { return c.State == acd.CallWaiting && c.Position == 0 }

// checkLines checks that agents and calls say the same of each other, and that
// nobody's line is taken twice (B12).
func (w *watcher) checkLines() error {
	for c := range w.engine.Calls() {
		seen := w.calls[c.ID]
		if seen == nil && hasNoPlace(&c) {
			continue
		}
		if seen == nil {
			return fmt.Errorf("call %s is there, and no event said so", c.ID)
		}
		if c.Agent != seen.agent || len(c.Rung) != seen.rings {
			return fmt.Errorf("call %s has agent %q and rings %q; events said %q and %d offers", c.ID, c.Agent, c.Rung, seen.agent, seen.rings)
		}
		for _, id := range c.Rung {
			if w.offers[w.rung[id]].call != c.ID {
				return fmt.Errorf("call %s rings %s, and no event said so", c.ID, id)
			}
		}
	}
	for p := range w.engine.Agents() {
		if err := w.checkLine(&p); err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) checkLine(p *acd.AgentView) error {
	offer, rung := w.rung[p.ID]
	var has queue.CallID
	for id, c := range w.calls {
		if c.has(p.ID) {
			if has != "" {
				return fmt.Errorf("B12: agent %s has %s and %s", p.ID, has, id)
			}
			has = id
		}
	}
	want := agent.Free
	switch {
	case rung && has != "":
		return fmt.Errorf("B12: agent %s is rung while he has %s", p.ID, has)
	case rung:
		want, has = agent.Offered, w.offers[offer].call
	case has != "" && w.calls[has].stage != acd.CallTalking:
		want = agent.Connecting
	case has != "":
		want = agent.Talking
	case slices.ContainsFunc(p.Others, func(o agent.Other) bool { return o.Talking }):
		want = agent.OnOther
	case len(p.Others) > 0:
		want = agent.OtherRinging
	}
	if p.Use != want || p.Call != has || rung != (!p.Offer.IsZero()) || rung && p.Offer != offer {
		return fmt.Errorf("B12: agent %s is %v of %q by offer %v; events said %v of %q by offer %v", p.ID, p.Use, p.Call, p.Offer, want, has, offer)
	}
	return nil
}

// desk is an agent in a queue, as the naive look sees him.
type desk struct {
	acd.MemberView
	free    bool // available in the queue (B13)
	rung    bool // he would be, were he not being rung
	staffed bool
}

// checkMatched looks at every call and every agent of its queue: nobody may be
// left who could be rung (B32).
func (w *watcher) checkMatched(halls []hall) error {
	for i := range halls {
		h := &halls[i]
		if h.order.Choose != nil {
			continue // it may choose nobody
		}
		for _, c := range h.line {
			if !matchable(&c, &h.config, h.order.Simultaneous) || w.delayed(c.ID) {
				continue
			}
			if c.HeldFor != "" {
				if !slices.ContainsFunc(h.desks, func(d desk) bool { return d.Agent == c.HeldFor && d.staffed && !d.free }) {
					return fmt.Errorf("B73: call %s of queue %s is held for %s, who is not staffed, or available", c.ID, h.ID, c.HeldFor)
				}
				continue
			}
			for _, d := range h.desks {
				if d.free && w.couldHave(&c, &h.config, h.order.Skilled, d, h.desks) {
					return fmt.Errorf("B32: agent %s is available and call %s of queue %s is not offered to him", d.Agent, c.ID, h.ID)
				}
			}
		}
	}
	return nil
}

func matchable(c *acd.CallView, config *queue.Config, simultaneous bool) bool {
	switch {
	case c.Unconfirmed:
		return false
	case c.State == acd.CallRinging:
		return simultaneous && (config.RingLimit == 0 || len(c.Rung) < config.RingLimit)
	default:
		return c.State == acd.CallWaiting
	}
}

// couldHave reports whether a call could be offered to an available agent: he is
// untried in this round, not barred, and his group is open.
func (w *watcher) couldHave(c *acd.CallView, config *queue.Config, skilled bool, d desk, desks []desk) bool {
	return !w.tried(c, d.Agent) && !w.barred(c, d.Agent, desks) && (!skilled || w.open(c, config, d.Level, desks))
}

// tried reports whether an agent had his turn in the call's round (B31). When
// the pause is over and nobody is rung, a new round has begun (B33).
func (w *watcher) tried(c *acd.CallView, id agent.ID) bool {
	seen := w.calls[c.ID]
	m := seen.marks[id]
	return m != nil && m.round == c.Round && (seen.rings > 0 || w.now.Before(seen.pause))
}

// barred reports whether an agent who declined the call is barred from it (B31).
func (w *watcher) barred(c *acd.CallView, id agent.ID, desks []desk) bool {
	marks := w.calls[c.ID].marks
	m := marks[id]
	if m == nil || !m.declined {
		return false
	}
	if w.now.Before(m.bar) {
		return true
	}
	return slices.ContainsFunc(desks, func(other desk) bool {
		o := marks[other.Agent]
		return other.Agent != id && other.staffed && (o == nil || !o.declined && o.missed < 2)
	})
}

// open reports whether the group of a level is open to the call (B34).
func (w *watcher) open(c *acd.CallView, config *queue.Config, level int, desks []desk) bool {
	if config.SkillWait == 0 {
		return true
	}
	better := func(a, b int) bool { return a < b != (config.SkillOrder == queue.Descending) && a != b }
	levels := map[int]bool{}
	hope := false
	for _, d := range desks {
		if better(d.Level, level) {
			levels[d.Level] = true
			hope = hope || d.staffed && !w.tried(c, d.Agent) && !w.barred(c, d.Agent, desks)
		}
	}
	opens := c.Effective.Add(config.SkillWait * time.Duration(len(levels)))
	return !hope || !w.now.Before(opens)
}
