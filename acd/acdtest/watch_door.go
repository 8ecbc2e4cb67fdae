package acdtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// door is what the watcher knows of the lists of callers and of night mode: from
// inputs alone. It says what must become of a call that arrives.
type door struct {
	vip       map[string]listed
	exclusive map[string]listed
	blocked   map[string]listed
	levels    acd.EnableBlocking
	night     bool

	came   *acd.Join             // in this step
	first  map[queue.CallID]bool // who goes first, VIP when he joined or was changed
	warned map[queue.CallID]bool // who is at the warning
}

// listed is an entry of a list.
type listed struct {
	enabled bool
	expires time.Time // zero: never
	level   queue.BlockLevel
	agents  map[queue.ID][]agent.ID // of an exclusive caller
}

func newDoor() door {
	return door{
		vip: map[string]listed{}, exclusive: map[string]listed{}, blocked: map[string]listed{},
		first: map[queue.CallID]bool{}, warned: map[queue.CallID]bool{},
	}
}

func listedOf(l *queue.Listing) listed { return listed{enabled: l.Enabled, expires: l.Expires.Time()} }

// counts reports whether the entry of a number is in force.
func counts(list map[string]listed, number string, at time.Time) bool {
	l, ok := list[number]
	digits := len(number) - len(strings.Trim(number, "0123456789"))
	return ok && digits >= 3 && l.enabled && (l.expires.IsZero() || at.Before(l.expires))
}

// accept takes note of an input that was accepted, before its events.
func (w *watcher) accept(in acd.Input) {
	d := &w.door
	switch in := in.(type) {
	case acd.Join:
		d.came = &in
	case acd.SetVIP:
		d.vip[in.Number] = listedOf(&in.Listing)
	case acd.RemoveVIP:
		delete(d.vip, in.Number)
	case acd.SetBlocked:
		l := listedOf(&in.Listing)
		l.level = in.Level
		d.blocked[in.Number] = l
	case acd.RemoveBlocked:
		delete(d.blocked, in.Number)
	case acd.EnableBlocking:
		d.levels = in
	case acd.SetExclusive:
		l := listedOf(&in.Listing)
		if l.agents = maps.Clone(d.exclusive[in.Number].agents); l.agents == nil {
			l.agents = map[queue.ID][]agent.ID{}
		}
		if in.Queue != "" {
			l.agents[in.Queue] = slices.Clone(in.Agents)
		}
		d.exclusive[in.Number] = l
	case acd.RemoveExclusive:
		delete(d.exclusive, in.Number)
	case acd.SetNight:
		d.night = in.On
	case acd.DeleteQueue:
		for _, l := range d.exclusive {
			delete(l.agents, in.Queue)
		}
	case acd.DeleteAgent:
		for _, l := range d.exclusive {
			for id, agents := range l.agents {
				l.agents[id] = slices.DeleteFunc(agents, func(a agent.ID) bool { return a == in.Agent })
			}
		}
	}
}

// enters compares what became of a call that arrived in this step with what had
// to: BLOCKED before NIGHT before everything else (B41, B45). Queues that pass
// calls on are another matter.
func (w *watcher) enters(events []acd.Event) error {
	d := &w.door
	came := d.came
	d.came = nil
	if came == nil || len(came.Passed) > 0 {
		return nil
	}
	want := "be let in, or find nobody or no room"
	b := d.blocked[came.Number]
	blocked := counts(d.blocked, came.Number, w.now) &&
		(b.level == queue.BlockFirst && d.levels.First || b.level == queue.BlockSecond && d.levels.Second)
	view, err := w.engine.Queue(came.Queue)
	if err != nil {
		return err
	}
	night := d.night || view.Config.EnableNightMode
	switch {
	case blocked:
		want = "hear the warning (B45)"
	case night:
		want = "leave NIGHT (B41)"
	}
	for _, ev := range events {
		var ok bool
		switch do := ev.Do.(type) {
		case *acd.Play:
			if do.Call != came.Call {
				continue
			}
			ok = blocked && do.What == queue.PromptWarning
		case *acd.CallLeft:
			if do.Call != came.Call {
				continue
			}
			ok = !blocked && (do.Outcome == queue.Night) == night &&
				(night || do.Outcome == queue.NoAgents || do.Outcome == queue.Full)
		case *acd.CallJoined:
			if do.Call != came.Call {
				continue
			}
			ok = !blocked && !night
		default:
			continue
		}
		if !ok {
			return fmt.Errorf("call %s of %q had to %s, came %T first", came.Call, came.Number, want, ev.Do)
		}
		return nil
	}
	return fmt.Errorf("call %s of %q had to %s, and no event says what became of it", came.Call, came.Number, want)
}

// seeDoor books what an event says of a caller at the door.
func (w *watcher) seeDoor(ev acd.Event) error {
	d := &w.door
	switch do := ev.Do.(type) {
	case *acd.Play:
		if do.What == queue.PromptWarning {
			d.warned[do.Call] = true
		}
	case *acd.CallJoined:
		delete(d.warned, do.Call)
		d.first[do.Call] = d.first[do.Call] || counts(d.vip, do.Number, ev.At)
	case *acd.CallerChanged:
		if do.Position > 0 { // while it talks it has no place
			d.first[do.Call] = d.first[do.Call] || counts(d.vip, do.Number, ev.At)
		}
	case *acd.CallLeft:
		warned := d.warned[do.Call]
		delete(d.warned, do.Call)
		switch do.Outcome {
		case queue.Blocked:
			if !warned {
				return fmt.Errorf("B45: call %s leaves BLOCKED without a warning", do.Call)
			}
		case queue.Abandoned, queue.TimedOut, queue.Exited, queue.Callback, queue.Answered:
			if warned {
				return fmt.Errorf("B45: call %s leaves %v while it is at the warning", do.Call, do.Outcome)
			}
		}
	}
	return nil
}

// forgetFirst forgets callers who are not there any more.
func (w *watcher) forgetFirst() {
	maps.DeleteFunc(w.door.first, func(id queue.CallID, _ bool) bool { return w.calls[id] == nil })
}

// checkVIPs checks that VIPs go first in a line, then higher priority, and that
// they are who was on the list (B50, B51).
func (w *watcher) checkVIPs(line []acd.CallView) error {
	for i := range line {
		c := &line[i]
		if c.VIP != w.door.first[c.ID] {
			return fmt.Errorf("B51: call %s is a VIP: %t; the list says %t", c.ID, c.VIP, w.door.first[c.ID])
		}
		if i == 0 {
			continue
		}
		before := &line[i-1]
		if c.VIP && !before.VIP || c.VIP == before.VIP && c.Priority > before.Priority {
			return fmt.Errorf("B50: call %s stands behind %s", c.ID, before.ID)
		}
	}
	return nil
}

// checkExclusive checks that a caller goes to the first of his own agents who is
// available, and that nobody else is said to be one (B72).
func (at *moment) checkExclusive(h *hall, c *acd.CallView) error {
	ring := at.later[0]
	var own []agent.ID
	if !h.order.Simultaneous && counts(at.door.exclusive, c.Number, at.now) {
		own = at.door.exclusive[c.Number].agents[h.ID]
	}
	if ring.Why.By == acd.ByExclusive && !slices.Contains(own, ring.Agent) {
		return fmt.Errorf("B72: agent %s is no exclusive one of call %s", ring.Agent, c.ID)
	}
	for _, id := range own {
		i := slices.IndexFunc(h.desks, func(d desk) bool { return d.Agent == id })
		if i < 0 || !at.available(&h.desks[i]) || at.tried(c, id) || at.barred(c, id, h.desks) {
			continue
		}
		if ring.Agent != id || ring.Why.By != acd.ByExclusive {
			return fmt.Errorf("B72: agent %s is rung for call %s by %v, its exclusive agent is %s", ring.Agent, c.ID, ring.Why.By, id)
		}
		return nil
	}
	return nil
}
