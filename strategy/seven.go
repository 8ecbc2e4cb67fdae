package strategy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/agent"
)

// The seven strategies of the product (B35). They are read only.
var (
	// RingSimultaneously rings all available agents at once; ring_limit bounds
	// them in configured order.
	RingSimultaneously = Strategy{Name: "RING_SIMULTANEOUSLY", Simultaneous: true}
	// PrioritizedHunt rings in configured order.
	PrioritizedHunt = Strategy{Name: "PRIORITIZED_HUNT"}
	// CyclicHunt rings who was not rung for the longest time; never rung first.
	CyclicHunt = Strategy{Name: "CYCLIC_HUNT", Rank: longestSinceRung}
	// LeastWorkedHunt rings who has not answered for the longest time; never
	// answered first.
	LeastWorkedHunt = Strategy{Name: "LEAST_WORKED_HUNT", Rank: longestSinceAnswered}
	// SkillBasedRoutingPrioritizedHunt is PrioritizedHunt level by level.
	SkillBasedRoutingPrioritizedHunt = SkillBased(PrioritizedHunt)
	// SkillBasedRoutingCyclicHunt is CyclicHunt level by level.
	SkillBasedRoutingCyclicHunt = SkillBased(CyclicHunt)
	// SkillBasedRoutingLeastWorkedHunt is LeastWorkedHunt level by level.
	SkillBasedRoutingLeastWorkedHunt = SkillBased(LeastWorkedHunt)
)

var seven = [...]Strategy{
	RingSimultaneously,
	PrioritizedHunt,
	CyclicHunt,
	LeastWorkedHunt,
	SkillBasedRoutingPrioritizedHunt,
	SkillBasedRoutingCyclicHunt,
	SkillBasedRoutingLeastWorkedHunt,
}

// Never is the zero instant and comes first; those of one instant follow each
// other as it happened (B36).

func longestSinceRung(c Candidate) Rank {
	return Rank{int64(c.LastRung), int64(c.RungOrder)}
}

func longestSinceAnswered(c Candidate) Rank {
	return Rank{int64(c.LastAnswered), int64(c.AnsweredOrder)}
}

// Seven returns the strategies of the product in the order of its
// documentation. The slice is the caller's.
func Seven() []Strategy { return slices.Clone(seven[:]) }

// BuiltIn reports whether one of the seven has that name.
func BuiltIn(name string) bool { return find(name, seven[:]) != nil }

const skillPrefix = "SKILL_BASED_ROUTING_"

// SkillBased returns s level by level, best level first: SKILL_BASED_ROUTING_
// before its name. A strategy that goes by levels already is returned as it is.
func SkillBased(s Strategy) Strategy {
	if !s.Skilled {
		s.Name, s.Skilled = skillPrefix+s.Name, true
	}
	return s
}

// Lookup returns the strategy of that exact name, out of the seven and a host's
// own. An unknown name is an error that wraps [agent.ErrInvalid] and lists
// those known.
func Lookup(name string, own ...Strategy) (Strategy, error) {
	for _, in := range [][]Strategy{seven[:], own} {
		if s := find(name, in); s != nil {
			return *s, nil
		}
	}
	var known []string
	for _, in := range [][]Strategy{seven[:], own} {
		for i := range in {
			known = append(known, in[i].Name)
		}
	}
	return Strategy{}, fmt.Errorf("strategy: %w: polling_strategy %q: must be one of %s", agent.ErrInvalid, name, strings.Join(known, ", "))
}
