package acdtest

import (
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

func TestTestStrategy_B38_WhatIsGoodPasses(t *testing.T) {
	t.Parallel()
	level := func(m *agent.Membership) float64 { return float64(m.Level) }
	for _, s := range []strategy.Strategy{
		strategy.LongestIdle, strategy.FewestCalls, strategy.LeastTalk, strategy.Random, strategy.Weighted(level),
		strategy.SkillBased(strategy.FewestCalls),
		{Name: "CONFIGURED"},
		{Name: "SAME_LAST_DIGIT", Choose: func(c strategy.Choice) (ids []agent.ID) {
			for _, m := range c.Available {
				if strings.HasSuffix(c.Call.Number, string(m.Agent[len(m.Agent)-1:])) {
					ids = append(ids, m.Agent)
				}
			}
			return ids
		}},
	} {
		if err := TestStrategy(s, StrategyTest{}); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

func TestTestStrategy_B38_WhatIsBrokenFails(t *testing.T) {
	t.Parallel()
	calls := int64(0)
	rank := func(f func(strategy.Candidate) strategy.Rank) strategy.Strategy {
		return strategy.Strategy{Name: "BROKEN", Rank: f}
	}
	choose := func(f func(strategy.Choice) []agent.ID) strategy.Strategy {
		return strategy.Strategy{Name: "BROKEN", Choose: f}
	}
	for want, s := range map[string]strategy.Strategy{
		"must be 1..64":    {Name: "small letters"},
		"one of the seven": {Name: "CYCLIC_HUNT"},
		"must be unique":   {Name: "LONGEST_IDLE"},
		"B102: Rank says": rank(func(strategy.Candidate) strategy.Rank {
			calls++
			return strategy.Rank{calls % 7}
		}),
		"the order depends on who became available first": rank(func(strategy.Candidate) strategy.Rank {
			calls++
			return strategy.Rank{calls}
		}),
		"Rank changes agent 1": rank(func(c strategy.Candidate) strategy.Rank {
			c.Level++
			return strategy.Rank{int64(c.Level)}
		}),
		"Rank changes agent": rank(func(c strategy.Candidate) strategy.Rank {
			c.Rules.WrapUpTime += time.Second
			return strategy.Rank{}
		}),
		"B110: Rank panics": rank(func(c strategy.Candidate) strategy.Rank {
			return strategy.Rank{int64(c.Talk) / int64(c.Answered)}
		}),
		"Rank takes": rank(func(strategy.Candidate) strategy.Rank {
			time.Sleep(50 * time.Microsecond)
			return strategy.Rank{}
		}),
		"B102: Choose says": choose(func(c strategy.Choice) []agent.ID {
			calls++
			return []agent.ID{c.Available[calls%int64(len(c.Available))].Agent}
		}),
		"B110: Choose panics": choose(func(c strategy.Choice) []agent.ID { return []agent.ID{c.Available[1000].Agent} }),
		"names agent":         choose(func(strategy.Choice) []agent.ID { return []agent.ID{"1001", "1001"} }),
		"is not available":    choose(func(strategy.Choice) []agent.ID { return []agent.ID{"nobody"} }),
		"changes the list": choose(func(c strategy.Choice) []agent.ID {
			for i, j := 0, len(c.Available)-1; i < j; i, j = i+1, j-1 {
				c.Available[i], c.Available[j] = c.Available[j], c.Available[i]
			}
			return nil
		}),
		"Choose changes agent": choose(func(c strategy.Choice) []agent.ID {
			for _, m := range c.Available {
				m.Reason = "seen"
			}
			return nil
		}),
		"Choose takes": choose(func(c strategy.Choice) []agent.ID {
			time.Sleep(time.Duration(50*(1+len(c.Available))) * time.Microsecond)
			return nil
		}),
	} {
		err := TestStrategy(s, StrategyTest{Members: 20, Budget: 20 * time.Microsecond}, strategy.LongestIdle)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
