package acdtest

import (
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Two queues of two calls each share two agents; the table says who was rung for
// which call, and what is wrong with that.
func TestWatcher_B35_B50_KnowsWhoComesFirst(t *testing.T) {
	t.Parallel()
	now := start.Add(time.Minute)
	type pair struct {
		call queue.CallID
		who  agent.ID
	}
	for _, c := range []struct {
		name  string
		order strategy.Strategy
		rings []pair
		free  []agent.ID // available after it, too
		marks map[agent.ID]*mark
		want  string // "" if all is well
	}{
		{name: "the oldest, the first", order: strategy.PrioritizedHunt, rings: []pair{{"a1", "x"}, {"b1", "y"}}},
		{name: "the second agent", order: strategy.PrioritizedHunt, rings: []pair{{"a1", "y"}, {"b1", "x"}}, want: "B35: agent y is rung for call a1 of queue a before x"},
		{name: "the second agent, whom the first comes before although he is left", order: strategy.PrioritizedHunt, rings: []pair{{"a1", "y"}}, free: []agent.ID{"x"}, want: "B"},
		{name: "who was rung longest ago", order: strategy.CyclicHunt, rings: []pair{{"a1", "y"}, {"b1", "x"}}},
		{name: "who was rung since", order: strategy.CyclicHunt, rings: []pair{{"a1", "x"}, {"b1", "y"}}, want: "B35: agent x"},
		{name: "the younger one of the queue", order: strategy.PrioritizedHunt, rings: []pair{{"a2", "x"}, {"b1", "y"}}, want: "B50"},
		{name: "the younger one of the queue first", order: strategy.PrioritizedHunt, rings: []pair{{"a2", "x"}, {"a1", "y"}}, want: "B50"},
		{name: "the other queue's first", order: strategy.PrioritizedHunt, rings: []pair{{"b1", "x"}, {"a1", "y"}}, want: "B50: call b1 of queue b is rung for before a1 of a"},
		{
			name: "a call that cannot have him is no matter", order: strategy.PrioritizedHunt,
			rings: []pair{{"b1", "x"}, {"b2", "y"}}, marks: map[agent.ID]*mark{"x": {round: 1}, "y": {round: 1}},
		},
		{name: "all phones: one each", order: strategy.RingSimultaneously, rings: []pair{{"a1", "x"}, {"b1", "y"}}},
		{name: "all phones: joins, and another is not rung for", order: strategy.RingSimultaneously, rings: []pair{{"a1", "x"}, {"a1", "y"}}, want: "B50: agent y is rung for call a1 of queue a, call a2 comes before it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWatcher(nil)
			w.now = now
			halls := []hall{{ID: "a", config: queue.Defaults(), order: c.order}, {ID: "b", config: queue.Defaults(), order: c.order}}
			rung := map[agent.ID]bool{}
			var events []acd.Event
			for _, p := range c.rings {
				rung[p.who] = true
				events = append(events, acd.Event{At: now, Do: &acd.Ring{
					About: acd.About{Call: p.call, Queue: queue.ID(p.call[:1])}, Agent: p.who, Why: acd.Why{Round: 1},
				}})
			}
			for i := range halls {
				h := &halls[i]
				for j, id := range []agent.ID{"x", "y"} {
					memory := agent.Memory{LastRung: agent.Instant(10 - j)} // y longer ago
					w.memories[membership{id, h.ID}] = memory
					if rung[id] {
						memory.LastRung = agent.At(now)
					}
					h.desks = append(h.desks, desk{
						MemberView: acd.MemberView{Agent: id, Place: j, Level: 1, Memory: memory}, rung: rung[id], free: !rung[id], staffed: true,
					})
				}
				for j, age := range []time.Duration{10 * time.Second, 20 * time.Second} {
					id := queue.CallID(string(h.ID) + string(rune('1'+j)))
					view := acd.CallView{ID: id, State: acd.CallWaiting, Position: j + 1, Round: 1, Effective: start.Add(age + time.Duration(i))}
					for _, p := range c.rings {
						if p.call == id {
							view.State = acd.CallRinging
							view.Rung = append(view.Rung, p.who)
						}
					}
					h.line = append(h.line, view)
					w.calls[id] = &watchedCall{marks: map[agent.ID]*mark{}, rings: len(view.Rung), pause: now.Add(time.Second)}
					if h.ID == "a" && c.marks != nil {
						w.calls[id].marks = c.marks
					}
				}
			}
			err := w.checkOrder(events, halls)
			switch {
			case err == nil && c.want != "":
				t.Errorf("said nothing, want %q", c.want)
			case err != nil && (c.want == "" || !strings.HasPrefix(err.Error(), c.want)):
				t.Errorf("said %q, want %q", err, c.want)
			}
		})
	}
}
