package acdtest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

func TestTraffic_BreaksNoLaw(t *testing.T) {
	t.Parallel()
	for _, traffic := range []Traffic{
		{Seed: 1, Queues: 1, Agents: 3},
		{Seed: 2, Queues: 2, Agents: 4},
		{Seed: 3},
		{Seed: 4, Queues: 4, Agents: 12},
		{Seed: 5, Queues: 1, Agents: 1},
		{Seed: 6, Calm: true},
	} {
		t.Run(fmt.Sprintf("seed %d", traffic.Seed), func(t *testing.T) {
			t.Parallel()
			if err := traffic.Run(600); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTraffic_B38_AHostsOwnStrategies(t *testing.T) {
	t.Parallel()
	least := strategy.Strategy{Name: "LEAST_TALK", Rank: func(c strategy.Candidate) strategy.Rank {
		return strategy.Rank{int64(c.Talk)}
	}}
	race := strategy.Strategy{Name: "RACE", Rank: func(c strategy.Candidate) strategy.Rank {
		return strategy.Rank{c.Turn + int64(c.Draw>>40)}
	}}
	traffic := Traffic{Seed: 7, Strategies: []strategy.Strategy{least, strategy.SkillBased(race)}}
	if err := traffic.Run(600); err != nil {
		t.Error(err)
	}
}

func TestTraffic_DoesALotAndIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	play := func(laws bool) (lines []string, actions map[string]int) {
		g, err := newGenerator(Traffic{Seed: 8})
		if err != nil {
			t.Fatal(err)
		}
		g.runner.options.Strict = laws
		actions = map[string]int{}
		for step, err := range g.steps(1000) {
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, step.Line)
			for _, in := range step.Inputs {
				actions[reflect.TypeOf(in).Name()]++
			}
			for _, ev := range step.Events {
				actions[reflect.TypeOf(ev.Do).Elem().Name()]++
			}
		}
		return lines, actions
	}
	lines, actions := play(true)
	again, sums := play(false) // that somebody looks changes nothing either
	if !slices.Equal(lines, again) || !maps.Equal(actions, sums) {
		t.Error("the same seed gave other traffic")
	}
	for _, want := range []string{
		"CreateQueue", "ChangeQueue", "AddAgent", "SetAgents", "ChangeMember", "SetStatus", "Registered", "OtherCall", "FreeAgent",
		"Join", "Answered", "Refused", "Alerting", "HangUp", "EndTalk", "Pickup", "Transfer", "ChangeCaller", "Recover",
		"Ring", "OfferEnded", "CallConnected", "CallLeft", "TalkEnded", "StatusChanged",
	} {
		if actions[want] == 0 {
			t.Errorf("no %s in %v", want, actions)
		}
	}
}

func TestTraffic_StopsWhenTheCallerStops(t *testing.T) {
	t.Parallel()
	n := 0
	for _, err := range (Traffic{}).Steps(100) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d steps", n)
	}
}

func TestTraffic_OptionsThatAreNoGood(t *testing.T) {
	t.Parallel()
	err := Traffic{Strategies: []strategy.Strategy{{Name: "bad name"}}}.Run(1)
	if !errors.Is(err, agent.ErrInvalid) {
		t.Error(err)
	}
}

// TestTraffic_ABrokenLawIsCutDownToAScript lets the watcher be wrong, as if a
// law was broken by the first call that anybody answers.
func TestTraffic_ABrokenLawIsCutDownToAScript(t *testing.T) {
	t.Parallel()
	lines := []string{
		"queue q", "agent 1001 queues=q", "wait 3", "call c1 queue=q", "hangup c2", "answer c1 1001", "wait 1",
	}
	kept, err := shrink(lines, unmet("expected at most 4 steps, came more: the script does not end"), Options{Strict: true, MaxSteps: 4})
	if err == nil || !strings.Contains(err.Error(), "at most 4 steps") {
		t.Errorf("broken by %v", err)
	}
	if len(kept) != 5 {
		t.Errorf("kept %q, want 5 lines of a step each", kept)
	}
}

func TestWatcher_NoticesWhatIsWrong(t *testing.T) {
	t.Parallel()
	r, err := newRunner(Options{})
	if err != nil {
		t.Fatal(err)
	}
	about := acd.About{Call: "c1", Queue: "q"}
	offer := acd.OfferID{Epoch: 1, N: 1}
	ring := func(call, who string, n uint64) *acd.Ring {
		return &acd.Ring{About: acd.About{Call: queue.CallID(call), Queue: "q"}, Agent: agent.ID(who), Offer: acd.OfferID{Epoch: 1, N: n}, Why: acd.Why{Round: 1}}
	}
	joined := &acd.CallJoined{About: about}
	for _, c := range []struct {
		name    string
		actions []acd.Action
		want    string
	}{
		{"a call of no queue", []acd.Action{&acd.CallJoined{About: acd.About{Call: "c1", Queue: "r"}}}, "does not exist"},
		{"a call that is there", []acd.Action{joined, joined}, "joins q while it is in q"},
		{"a ring for nobody", []acd.Action{ring("c1", "1001", 1)}, "is not there"},
		{"two rings of one agent", []acd.Action{joined, ring("c1", "1001", 1), ring("c1", "1001", 2)}, "B12"},
		{"a second turn", []acd.Action{
			joined, ring("c1", "1001", 1),
			&acd.OfferEnded{About: about, Offer: offer, Agent: "1001", End: agent.NoAnswer},
			ring("c1", "1001", 2),
		}, "B31"},
		{"an offer that ends twice", []acd.Action{
			joined, ring("c1", "1001", 1),
			&acd.OfferEnded{About: about, Offer: offer, Agent: "1001", End: agent.Withdrawn},
			&acd.OfferEnded{About: about, Offer: offer, Agent: "1001", End: agent.Withdrawn},
		}, "B30"},
		{"a leave before its offers", []acd.Action{joined, ring("c1", "1001", 1), &acd.CallLeft{About: about}}, "B100"},
		{"an answer without a connection", []acd.Action{joined, &acd.CallLeft{About: about, Outcome: 1}}, "leaves ANSWERED"},
		{"a talk of nobody", []acd.Action{joined, &acd.TalkEnded{About: about, Agent: "1001"}}, "B47"},
		{"a connection of two calls", []acd.Action{
			joined, &acd.CallJoined{About: acd.About{Call: "c2", Queue: "q"}},
			&acd.Connect{About: about, Agent: "1001"},
			&acd.Connect{About: acd.About{Call: "c2", Queue: "q"}, Agent: "1001"},
		}, "B12"},
		{"two outcomes", []acd.Action{
			joined, &acd.Connect{About: about, Agent: "1001"}, &acd.CallConnected{About: about, Agent: "1001"}, &acd.CallLeft{About: about, Outcome: 2},
		}, "B46"},
	} {
		w := newWatcher(nil)
		w.queues["q"] = &tally{}
		var events []acd.Event
		for i, do := range c.actions {
			events = append(events, acd.Event{Seq: uint64(i + 1), Do: do})
		}
		if err := w.step(r.engine, events); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if err := newWatcher(nil).step(r.engine, []acd.Event{{Seq: 2, Do: joined}}); err == nil || !strings.Contains(err.Error(), "gap") {
		t.Errorf("a gap: %v", err)
	}
}
