// Package strategy is about the order in which agents ring: [Strategy], the
// seven of the product, and the [Lineup] that keeps available members so.
//
// # The seven
//
//	RING_SIMULTANEOUSLY                       all available at once
//	PRIORITIZED_HUNT                          configured order
//	CYCLIC_HUNT                               longest since last rung, never rung first
//	LEAST_WORKED_HUNT                         longest since last answered, never answered first
//	SKILL_BASED_ROUTING_PRIORITIZED_HUNT      by skill level, then as PRIORITIZED_HUNT
//	SKILL_BASED_ROUTING_CYCLIC_HUNT           by skill level, then as CYCLIC_HUNT
//	SKILL_BASED_ROUTING_LEAST_WORKED_HUNT     by skill level, then as LEAST_WORKED_HUNT
//
// # Your own
//
// A strategy is an order, so writing one means giving each member his place in
// it: two numbers, the lower the sooner he rings, and equals in configured order.
// What a queue remembers of a member ([agent.Memory]) is there to compute them:
//
//	fewest := strategy.Strategy{
//		Name: "FEWEST_CALLS",
//		Rank: func(c strategy.Candidate) strategy.Rank {
//			return strategy.Rank{int64(c.Answered), int64(c.LastAnswered)}
//		},
//	}
//
// Rank is called when a member becomes available, and what it returns holds until
// he becomes available again. So it can look at him and at what was, but not at
// the other members, the call or the time of day; and as it depends on nothing
// else, a run can be repeated exactly. [SkillBased] makes the same order go level
// by level. [LongestIdle], [FewestCalls], [LeastTalk], [Random] and [Weighted]
// are there already.
//
// Hosts hand their strategies in by value; the polling_strategy of a queue names
// one. [Check] says whether the names will do, [Lookup] finds one.
//
// # By lot
//
// An order that is random must not be drawn again for each call, for a member who
// has been passed over often would lose his place in it. It is a race instead: see
// [Candidate], whose Draw is a random number of the engine, and [Random].
//
// # Looking at the call
//
// A strategy that depends on who calls sets [Strategy.Choose], which sees the call
// and all available members and says whom to ring. That costs time in proportion
// to their number for each offer.
package strategy
