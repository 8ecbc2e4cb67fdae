package strategy_test

import (
	"fmt"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// A host's own strategy: whoever has answered the fewest calls, and of those who
// has not answered for the longest time.
func Example() {
	fewest := strategy.Strategy{Name: "FEWEST_ANSWERS", Rank: func(c strategy.Candidate) strategy.Rank {
		return strategy.Rank{int64(c.Answered), int64(c.LastAnswered)}
	}}
	own := []strategy.Strategy{fewest, strategy.SkillBased(fewest)}
	if err := strategy.Check(own...); err != nil {
		fmt.Println(err)
	}

	s, _ := strategy.Lookup("SKILL_BASED_ROUTING_FEWEST_ANSWERS", own...)
	fmt.Println(s.Name, s.Skilled)

	members := []*agent.Membership{
		{Agent: "101", Memory: agent.Memory{Answered: 12, LastAnswered: 1_000}},
		{Agent: "102", Memory: agent.Memory{Answered: 9, LastAnswered: 3_000}},
		{Agent: "103", Memory: agent.Memory{Answered: 9, LastAnswered: 2_000}},
	}
	var available strategy.Lineup
	for slot, m := range members {
		available.Put(slot, m.Level, slot, s.Rank(strategy.Candidate{Membership: m}))
	}
	for slot := range available.All() {
		fmt.Println(members[slot].Agent)
	}
	// Output:
	// SKILL_BASED_ROUTING_FEWEST_ANSWERS true
	// 103
	// 102
	// 101
}

// Whoever speaks the caller's language first, then the others.
func ExampleStrategy_Pick() {
	speaks := map[agent.ID]string{"101": "en", "102": "es", "103": "es"}
	byLanguage := strategy.Strategy{Name: "BY_LANGUAGE", Choose: func(c strategy.Choice) []agent.ID {
		var first, others []agent.ID
		for _, m := range c.Available {
			if speaks[m.Agent] == c.Call.Tag {
				first = append(first, m.Agent)
			} else {
				others = append(others, m.Agent)
			}
		}
		return append(first, others...)
	}}
	for _, m := range byLanguage.Pick(strategy.Choice{
		Call:      strategy.Call{Tag: "es"},
		Available: []*agent.Membership{{Agent: "101"}, {Agent: "102"}, {Agent: "103"}},
	}) {
		fmt.Println(m.Agent)
	}
	// Output:
	// 102
	// 103
	// 101
}

// A better skill level is twice as likely as the next.
func ExampleWeighted() {
	s := strategy.Weighted(func(m *agent.Membership) float64 { return 1 / float64(m.Level) })
	fmt.Println(s.Name, strategy.Check(s))
	// Output: WEIGHTED <nil>
}

func ExampleLookup() {
	_, err := strategy.Lookup("cyclic_hunt")
	fmt.Println(err)
	// Output: strategy: invalid: polling_strategy "cyclic_hunt": must be one of RING_SIMULTANEOUSLY, PRIORITIZED_HUNT, CYCLIC_HUNT, LEAST_WORKED_HUNT, SKILL_BASED_ROUTING_PRIORITIZED_HUNT, SKILL_BASED_ROUTING_CYCLIC_HUNT, SKILL_BASED_ROUTING_LEAST_WORKED_HUNT
}
