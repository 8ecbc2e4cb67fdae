package acdtest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// hall is a queue with its line and its agents, as the naive look sees them.
type hall struct {
	queue.ID
	config queue.Config
	order  strategy.Strategy
	line   []acd.CallView
	desks  []desk
}

// halls looks at every queue, by id.
func (w *watcher) halls() ([]hall, error) {
	agents := map[agent.ID]acd.AgentView{}
	for p := range w.engine.Agents() {
		agents[p.ID] = p
	}
	var all []hall
	for q := range w.engine.Queues() {
		order, err := strategy.Lookup(q.Config.PollingStrategy, w.own...)
		if err != nil {
			return nil, err
		}
		h := hall{q.ID, q.Config, order, waitingIn(w.engine, q.ID), nil}
		for _, m := range membersOf(w.engine, q.ID) {
			p := agents[m.Agent]
			wants := m.Set
			if m.Wanted != nil {
				wants = m.Wanted.Status
			}
			ready := m.Status == agent.Ready && !p.Pause.After(w.now)
			h.desks = append(h.desks, desk{
				MemberView: m,
				free:       ready && p.Use == agent.Free,
				rung:       ready && p.Use == agent.Offered,
				staffed:    p.Registered && wants == agent.Ready,
			})
		}
		all = append(all, h)
	}
	return all, nil
}

// moment is the match of an instant just before one of its rings: who was rung
// from then on was available, and his call was not being rung by him.
type moment struct {
	*watcher
	halls []hall
	later []*acd.Ring // this ring and those that follow
}

// checkOrder looks at the rings of a step in their order: at none of them was a
// more urgent call left that somebody could have had (B50), or an agent whom the
// strategy puts before the one who was rung (B35).
func (w *watcher) checkOrder(events []acd.Event, halls []hall) error {
	var rings []*acd.Ring
	for _, ev := range events {
		if ring, ok := ev.Do.(*acd.Ring); ok && ev.At.Equal(w.now) {
			rings = append(rings, ring)
		}
	}
	for i := range rings {
		at := moment{w, halls, rings[i:]}
		if err := at.check(); err != nil {
			return err
		}
	}
	return nil
}

func (at *moment) check() error {
	ring := at.later[0]
	own, c := at.find(ring.Queue, ring.Call)
	if own == nil || own.order.Choose != nil {
		return nil
	}
	for i := range at.halls {
		h := &at.halls[i]
		if h.order.Choose != nil {
			continue
		}
		for j := range h.desks {
			d := &h.desks[j]
			first := at.takes(h, d)
			switch {
			case first == nil:
			case h == own && d.Agent == ring.Agent && first.ID != c.ID:
				return fmt.Errorf("B50: agent %s is rung for call %s of queue %s, call %s comes before it", d.Agent, c.ID, h.ID, first.ID)
			case h != own && urgent(h, first, own, c):
				return fmt.Errorf("B50: call %s of queue %s is rung for before %s of %s, which agent %s could have", c.ID, own.ID, first.ID, h.ID, d.Agent)
			case h == own && !h.order.Simultaneous && first.Position < c.Position:
				return fmt.Errorf("B50: call %s of queue %s is rung for before %s, which agent %s could have", c.ID, own.ID, first.ID, d.Agent)
			}
		}
	}
	if err := at.checkExclusive(own, c); err != nil {
		return err
	}
	return at.checkFirst(own, c)
}

// checkFirst looks whether the strategy has somebody before the one who is rung.
func (at *moment) checkFirst(h *hall, c *acd.CallView) error {
	ring := at.later[0]
	i := slices.IndexFunc(h.desks, func(d desk) bool { return d.Agent == ring.Agent })
	if i < 0 || ring.Why.By != acd.ByStrategy || !strategy.BuiltIn(h.order.Name) {
		return nil // the caller's own agents, and races, are another matter
	}
	for j := range h.desks {
		d := &h.desks[j]
		if takes := at.takes(h, d); takes != nil && takes.ID == c.ID && at.before(h, d, &h.desks[i]) {
			return fmt.Errorf("B35: agent %s is rung for call %s of queue %s before %s", ring.Agent, c.ID, h.ID, d.Agent)
		}
	}
	return nil
}

// before compares two agents by the strategy of their queue.
func (at *moment) before(h *hall, a, b *desk) bool {
	level := 0
	if h.order.Skilled {
		if level = cmp.Compare(a.Level, b.Level); h.config.SkillOrder == queue.Descending {
			level = -level
		}
	}
	x, y := at.rank(h, a), at.rank(h, b)
	return cmp.Or(level, slices.Compare(x[:], y[:]), cmp.Compare(a.Place, b.Place)) < 0
}

// rank is where an agent stood before he was rung in this match.
func (at *moment) rank(h *hall, d *desk) strategy.Rank {
	if h.order.Rank == nil {
		return strategy.Rank{}
	}
	memory, was := d.Memory, at.memories[membership{d.Agent, h.ID}]
	if d.rung {
		memory.LastRung, memory.RungOrder = was.LastRung, was.RungOrder
	}
	return h.order.Rank(strategy.Candidate{Membership: &agent.Membership{Agent: d.Agent, Level: d.Level, Place: d.Place, Memory: memory}})
}

// find returns a call that waits, and its queue.
func (at *moment) find(q queue.ID, id queue.CallID) (*hall, *acd.CallView) {
	for i := range at.halls {
		if h := &at.halls[i]; h.ID == q {
			for j := range h.line {
				if h.line[j].ID == id {
					return h, &h.line[j]
				}
			}
		}
	}
	return nil, nil
}

// available reports whether an agent could be rung.
func (at *moment) available(d *desk) bool {
	return d.free || d.rung && slices.ContainsFunc(at.later, func(r *acd.Ring) bool { return r.Agent == d.Agent })
}

// rings is how many were being rung for a call.
func (at *moment) rings(c *acd.CallView) int {
	n := len(c.Rung)
	for _, r := range at.later {
		if r.Call == c.ID {
			n--
		}
	}
	return n
}

// meant reports whether a call is for an agent as well: not if it is held for
// another one (B73), or went to its own one before the strategy (B70, B72).
func (at *moment) meant(c *acd.CallView, id agent.ID) bool {
	if c.HeldFor != "" {
		return c.HeldFor == id
	}
	return !slices.ContainsFunc(at.later, func(r *acd.Ring) bool {
		return r.Call == c.ID && r.Agent != id && r.Why.By != acd.ByStrategy
	})
}

// takes returns the call that an agent takes in a queue: the first that he could
// have; where all phones ring, the first for which nobody is being rung (B35).
func (at *moment) takes(h *hall, d *desk) *acd.CallView {
	if !at.available(d) {
		return nil
	}
	var joins *acd.CallView
	for i := range h.line {
		c := &h.line[i]
		before := *c
		if before.Rung = before.Rung[:at.rings(c)]; c.State == acd.CallRinging && len(before.Rung) == 0 {
			before.State = acd.CallWaiting
		}
		if !matchable(&before, &h.config, h.order.Simultaneous) || at.delayed(c.ID) || !at.meant(c, d.Agent) ||
			!at.couldHave(c, &h.config, h.order.Skilled, *d, h.desks) {
			continue
		}
		if len(before.Rung) == 0 {
			return c
		}
		if joins == nil {
			joins = c
		}
	}
	return joins
}

// urgent reports whether the call a of queue p is served before the call b of
// queue q (B50). Calls of one age are left out: views do not show who joined first.
func urgent(p *hall, a *acd.CallView, q *hall, b *acd.CallView) bool {
	if a.VIP != b.VIP {
		return a.VIP
	}
	return cmp.Or(
		cmp.Compare(q.config.Priority, p.config.Priority),
		cmp.Compare(b.Priority, a.Priority),
		a.Effective.Compare(b.Effective),
	) < 0
}

// remember keeps what the queues remember of their agents, for later steps; of who
// is off a list as well (B21).
func (w *watcher) remember(halls []hall) {
	for i := range halls {
		for j := range halls[i].desks {
			d := &halls[i].desks[j]
			w.memories[membership{d.Agent, halls[i].ID}] = d.Memory
		}
	}
}
