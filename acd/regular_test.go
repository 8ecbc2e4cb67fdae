package acd_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Who becomes available looks at those who know him, whoever else waits (B71, B73):
// with ten and with twenty thousand strangers in the line.
func TestB71_B73_WhoIsFreedLooksAtThoseWhoKnowHim(t *testing.T) {
	t.Parallel()
	asked := make(map[int]int)
	for _, strangers := range []int{10, 20_000} {
		e, err := acd.NewEngine(acd.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		step := func(in acd.Input) {
			t.Helper()
			if err := e.Step(now, in); err != nil {
				t.Fatal(err)
			}
		}
		config := queue.Defaults()
		config.Name, config.Number, config.PollingStrategy = "q", "8000", "SKILL_BASED_ROUTING_CYCLIC_HUNT"
		config.SkillWait, config.StickyWait = time.Hour, time.Minute
		step(acd.CreateQueue{Queue: "q", Config: config})
		// The better one is away on another call, so that the other one's group is closed.
		for i, level := range []int{1, 2} {
			id := agent.ID(rune('a' + i))
			step(acd.AddAgent{Agent: id, Queues: []acd.Place{{Queue: "q", Level: level}}})
			step(acd.OtherCall{Agent: id, Call: "other-" + string(id), State: acd.OtherTalking})
		}
		for i := range strangers {
			step(acd.Join{Call: queue.CallID(fmt.Sprint("stranger-", i)), Queue: "q", Number: fmt.Sprint(4930000000 + i)})
		}
		step(acd.Join{Call: "forgotten", Queue: "q", Number: "+49891"})
		step(acd.Join{Call: "regular", Queue: "q", Number: "+49892"})
		list := acd.SetExclusive{Listing: queue.Listing{Number: "+49891", Enabled: true}, Queue: "q", Agents: []agent.ID{"b"}}
		step(list)
		list.Agents = nil
		step(list)
		list.Listing.Number, list.Agents = "+49892", []agent.ID{"b"}
		step(list)
		e.Take()

		before := e.Asks()
		step(acd.OtherCall{Agent: "b", Call: "other-b", State: acd.OtherEnded})
		asked[strangers] = e.Asks() - before
		rung := ""
		for _, ev := range e.Take() {
			if ring, ok := ev.Do.(*acd.Ring); ok {
				rung += fmt.Sprintf("%s for %s by %v ", ring.Agent, ring.Call, ring.Why.By)
			}
		}
		if want := "b for regular by exclusive"; strings.TrimSpace(rung) != want {
			t.Errorf("with %d strangers rang %q, want %q", strangers, rung, want)
		}
		if err := e.Check(); err != nil {
			t.Error(err)
		}
	}
	if asked[10] != asked[20_000] || asked[10] == 0 {
		t.Errorf("whom a call prefers was asked %d times beside 10 strangers, %d times beside 20,000", asked[10], asked[20_000])
	}
}
