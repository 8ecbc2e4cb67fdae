package strategy

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

// ring returns the places of members, given in configured order, in the order in
// which a strategy rings them.
func ring(s Strategy, members ...agent.Membership) []int {
	var l Lineup
	for i := range members {
		m := &members[i]
		m.Place = i
		level := 0
		if s.Skilled {
			level = m.Level
		}
		var r Rank
		if s.Rank != nil {
			r = s.Rank(Candidate{Membership: m})
		}
		l.Put(i, level, m.Place, r)
	}
	return walked(&l)
}

func never(level int) agent.Membership { return agent.Membership{Level: level} }

func rung(level int, at agent.Instant, order uint64) agent.Membership {
	return agent.Membership{Level: level, Memory: agent.Memory{LastRung: at, RungOrder: order, LastAnswered: 1, AnsweredOrder: 99 - order}}
}

func answered(level int, at agent.Instant, order uint64) agent.Membership {
	return agent.Membership{Level: level, Memory: agent.Memory{LastRung: 1, RungOrder: 99 - order, LastAnswered: at, AnsweredOrder: order}}
}

func TestB35_OrdersOfTheSeven(t *testing.T) {
	t.Parallel()
	hunted := []agent.Membership{rung(2, 30, 1), rung(1, 20, 2), never(2), rung(1, 10, 3), never(1)}
	worked := []agent.Membership{answered(2, 30, 1), answered(1, 20, 2), never(2), answered(1, 10, 3), never(1)}
	for _, test := range []struct {
		strategy Strategy
		members  []agent.Membership
		want     []int
	}{
		{RingSimultaneously, hunted, []int{0, 1, 2, 3, 4}},
		{PrioritizedHunt, hunted, []int{0, 1, 2, 3, 4}},
		{CyclicHunt, hunted, []int{2, 4, 3, 1, 0}},
		{LeastWorkedHunt, worked, []int{2, 4, 3, 1, 0}},
		{SkillBasedRoutingPrioritizedHunt, hunted, []int{1, 3, 4, 0, 2}},
		{SkillBasedRoutingCyclicHunt, hunted, []int{4, 3, 1, 2, 0}},
		{SkillBasedRoutingLeastWorkedHunt, worked, []int{4, 3, 1, 2, 0}},
	} {
		t.Run(test.strategy.Name, func(t *testing.T) {
			t.Parallel()
			if got := ring(test.strategy, slices.Clone(test.members)...); !slices.Equal(got, test.want) {
				t.Errorf("rings %v, not %v", got, test.want)
			}
		})
	}
}

func TestB35_OnlyTheFirstRingsAllAtOnce(t *testing.T) {
	t.Parallel()
	for i, s := range Seven() {
		if s.Simultaneous != (i == 0) || s.Skilled != strings.HasPrefix(s.Name, "SKILL_BASED_ROUTING_") {
			t.Errorf("%s: simultaneous %t, skilled %t", s.Name, s.Simultaneous, s.Skilled)
		}
	}
}

func TestB36_SameInstantInTheOrderItHappened(t *testing.T) {
	t.Parallel()
	if got := ring(CyclicHunt, rung(1, 10, 7), rung(1, 10, 5), rung(1, 10, 6)); !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("cyclic rings %v", got)
	}
	if got := ring(LeastWorkedHunt, answered(1, 10, 7), answered(1, 10, 5), answered(1, 10, 6)); !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("least worked rings %v", got)
	}
}

func TestB36_FullPrecisionNoCeiling(t *testing.T) {
	t.Parallel()
	if got := ring(CyclicHunt, rung(1, math.MaxInt64, 1), rung(1, math.MaxInt64-1, 2), never(1)); !slices.Equal(got, []int{2, 1, 0}) {
		t.Errorf("cyclic rings %v", got)
	}
	// Never: configured order, for more members than any 16 bits hold.
	members := make([]agent.Membership, 70_000)
	for i, slot := range ring(LeastWorkedHunt, members...) {
		if i != slot {
			t.Fatalf("place %d has slot %d", i, slot)
		}
	}
}

func TestB36_OrderOutlivesMembershipChanges(t *testing.T) {
	t.Parallel()
	members := []agent.Membership{rung(1, 30, 3), rung(1, 10, 1), rung(1, 20, 2)}
	if got := ring(CyclicHunt, members...); !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("rings %v", got)
	}
	// The first leaves, the others move up, he comes back at the end.
	if got := ring(CyclicHunt, members[1], members[2], members[0]); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("rings %v", got)
	}
}

func TestB38_LookupByExactName(t *testing.T) {
	t.Parallel()
	own := []Strategy{FewestCalls, SkillBased(FewestCalls)}
	names := []string{
		"RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT",
		"SKILL_BASED_ROUTING_PRIORITIZED_HUNT", "SKILL_BASED_ROUTING_CYCLIC_HUNT", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
		"FEWEST_CALLS", "SKILL_BASED_ROUTING_FEWEST_CALLS",
	}
	for i, name := range names {
		s, err := Lookup(name, own...)
		if err != nil || s.Name != name || BuiltIn(name) != (i < 7) {
			t.Errorf("%s: %v, %v", name, s.Name, err)
		}
	}
	for _, name := range []string{"", "cyclic_hunt", " CYCLIC_HUNT", "CYCLIC_HUNT\n", "RANDOM"} {
		_, err := Lookup(name, own...)
		if !errors.Is(err, agent.ErrInvalid) || !strings.HasSuffix(err.Error(), fmt.Sprintf("polling_strategy %q: must be one of %s", name, strings.Join(names, ", "))) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestB38_SevenAreTheCallers(t *testing.T) {
	t.Parallel()
	Seven()[0].Name = "SPOILT"
	if s, err := Lookup("RING_SIMULTANEOUSLY"); err != nil || s.Name != "RING_SIMULTANEOUSLY" {
		t.Errorf("%s, %v", s.Name, err)
	}
}

func TestB38_SkillBasedOnce(t *testing.T) {
	t.Parallel()
	s := SkillBased(SkillBased(CyclicHunt))
	if s.Name != "SKILL_BASED_ROUTING_CYCLIC_HUNT" || !s.Skilled || CyclicHunt.Skilled {
		t.Errorf("%s, skilled %t", s.Name, s.Skilled)
	}
}

func TestB38_CheckNamesEveryProblem(t *testing.T) {
	t.Parallel()
	if err := Check(); err != nil {
		t.Error(err)
	}
	if err := Check(LongestIdle, FewestCalls, LeastTalk, Random, Weighted(nil), SkillBased(Random)); err != nil {
		t.Error(err)
	}
	if err := Check(Strategy{Name: strings.Repeat("A", 64)}, Strategy{Name: "0_9"}); err != nil {
		t.Error(err)
	}
	err := Check(
		Strategy{},
		Strategy{Name: strings.Repeat("A", 65)},
		Strategy{Name: "fewest"},
		Strategy{Name: "GRÖSSE"},
		Strategy{Name: "CYCLIC_HUNT"},
		Strategy{Name: "TWICE"},
		Strategy{Name: "TWICE"},
	)
	if !errors.Is(err, agent.ErrInvalid) {
		t.Fatal(err)
	}
	lines := strings.Split(err.Error(), "\n")
	want := []string{
		`strategy: invalid: name "": must be 1..64 of A-Z, 0-9 and _`,
		`strategy: invalid: name "` + strings.Repeat("A", 65) + `": must be 1..64 of A-Z, 0-9 and _`,
		`strategy: invalid: name "fewest": must be 1..64 of A-Z, 0-9 and _`,
		`strategy: invalid: name "GRÖSSE": must be 1..64 of A-Z, 0-9 and _`,
		`strategy: invalid: name "CYCLIC_HUNT": is one of the seven`,
		`strategy: invalid: name "TWICE": must be unique`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
}
