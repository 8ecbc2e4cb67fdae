package sim

import (
	"cmp"
	"slices"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// hire makes the agents of a group: the first ones on duty, the others logged out.
func (w *world) hire(g int) error {
	config := &w.config.Agents[g]
	places := make([]acd.Place, len(config.Queues))
	for i, p := range config.Queues {
		k := slices.IndexFunc(w.queues, func(q Queue) bool { return q.Name == p.Queue })
		places[i] = acd.Place{Queue: w.queueIDs[k], Level: p.Level}
	}
	count := int(config.Count.Values[0])
	for j := range config.most() {
		who := w.first[g] + j
		status := agent.LoggedOut
		w.people[who] = person{call: -1}
		if j < count {
			status = agent.Ready
			w.onDuty(&w.people[who])
		}
		if err := w.step(acd.AddAgent{Agent: w.ids[who], Queues: places, Status: &status}); err != nil {
			return err
		}
	}
	w.nextShift(g)
	return nil
}

// nextShift puts the next change of a group's count on the agenda.
func (w *world) nextShift(g int) {
	count := w.config.Agents[g].Count
	for i := w.groups[g].at + 1; i < len(count.Values); i++ {
		if count.Values[i] != count.Values[w.groups[g].at] {
			w.do(int32(g), int64(count.Period)*int64(i), shifts)
			return
		}
	}
}

func (w *world) onDuty(p *person) { p.onDuty, p.leaving, p.since = true, false, w.now }

func (w *world) offDuty(p *person) {
	t := w.window(p.since, w.now)
	p.staffed += t
	p.everDuty = p.everDuty || t > 0
	p.onDuty, p.leaving = false, false
}

// shift brings a group to the count of the period that begins: by those who are
// off duty, and if they are too few by those who are about to go; or by sending
// home those who are idle, then those who are being rung, then those on a call,
// who finish it. Of those who are alike the first in the configured order stay.
func (w *world) shift(g int) error {
	config := &w.config.Agents[g]
	w.groups[g].at = config.Count.index(w.now)
	want := int(config.Count.Values[w.groups[g].at])
	w.nextShift(g)
	var out, leaving, there []int
	for j := range config.most() {
		who := w.first[g] + j
		switch p := &w.people[who]; {
		case !p.onDuty:
			out = append(out, who)
		case p.leaving:
			leaving = append(leaving, who)
		default:
			there = append(there, who)
		}
	}
	if more := want - len(there); more >= 0 {
		for _, who := range append(out, leaving...)[:more] {
			p := &w.people[who]
			if p.onDuty {
				p.leaving = false
			} else {
				w.onDuty(p)
			}
			if err := w.step(acd.SetStatus{Agent: w.ids[who], Status: agent.Ready}); err != nil {
				return err
			}
		}
		return nil
	}
	slices.Reverse(there)
	slices.SortStableFunc(there, func(a, b int) int { return cmp.Compare(w.busy(a), w.busy(b)) })
	for _, who := range there[:len(there)-want] {
		w.people[who].leaving = true
		if err := w.step(acd.SetStatus{Agent: w.ids[who], Status: agent.LoggedOut}); err != nil {
			return err
		}
	}
	return nil
}

// busy says how much an agent is needed where he is.
func (w *world) busy(who int) int {
	switch p := &w.people[who]; {
	case p.call >= 0:
		return 2
	case p.offer != 0:
		return 1
	default:
		return 0
	}
}
