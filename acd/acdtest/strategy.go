package acdtest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// StrategyTest says how [TestStrategy] looks at a strategy. The zero value is
// good.
type StrategyTest struct {
	// Seed of the members that are made up.
	Seed uint64
	// Members is how many there are; 0: 200.
	Members int
	// Budget is how long the strategy may take to rank one candidate, or, if it
	// looks at the call, for each available member of a choice, on the average of
	// the fastest of several rounds. It runs under the Router's lock, and an order
	// needs less than a microsecond. 0: the time is not looked at, for whatever the
	// budget, a machine may be busy enough to exceed it.
	Budget time.Duration
}

// TestStrategy looks whether a host's own strategy is one that an engine can work
// with, beside those it is used with:
//
//   - its name is good, and none of others has it;
//   - Rank says the same whenever it is asked the same, of a copy too, in any
//     order, so that it depends on nothing but the candidate (B38, B102);
//   - ranks are a total order: every two compare one way only, whoever is asked;
//   - Rank and Choose leave what they are shown as it was;
//   - Choose says the same whenever it is asked the same; whom it names twice, or
//     though he is not available, is never rung, and is reported here;
//   - neither panics, not for a member who was never rung, nor for one with the
//     largest numbers there are;
//   - they take no longer than the budget, if there is one.
//
// The error names everything that is wrong, with the member or the choice; nil:
// nothing is. It calls the strategy some thousand times, from one goroutine.
//
//	func TestFewest(t *testing.T) {
//		if err := acdtest.TestStrategy(fewest, acdtest.StrategyTest{}); err != nil {
//			t.Error(err)
//		}
//	}
func TestStrategy(s strategy.Strategy, o StrategyTest, others ...strategy.Strategy) error {
	if o.Members <= 0 {
		o.Members = 200
	}
	c := conformance{StrategyTest: o, s: s, said: map[string]int{}, rng: rand.New(rand.NewPCG(o.Seed, 38))}
	if err := strategy.Check(append(slices.Clone(others), s)...); err != nil {
		c.problems = append(c.problems, err)
	}
	c.makeUp()
	c.guard("Rank", c.checkRank)
	c.guard("Choose", c.checkChoose)
	return errors.Join(c.problems...)
}

// conformance is one run of TestStrategy.
type conformance struct {
	StrategyTest
	s        strategy.Strategy
	rng      *rand.Rand
	members  []strategy.Candidate
	problems []error
	said     map[string]int // how often each kind of problem was met
}

func (c *conformance) slow(fastest time.Duration) bool { return c.Budget > 0 && fastest > c.Budget }

func (c *conformance) wrong(format string, args ...any) {
	const most = 3 // of a kind: they say it all
	if c.said[format]++; c.said[format] <= most {
		c.problems = append(c.problems, fmt.Errorf("acdtest: strategy %s: "+format, append([]any{c.s.Name}, args...)...))
	}
}

// guard reports a panic of the strategy.
func (c *conformance) guard(what string, check func()) {
	defer func() {
		if p := recover(); p != nil {
			c.wrong("B110: %s panics: %v", what, p)
		}
	}()
	check()
}

// makeUp makes members up: the extremes, and many with few different numbers, so
// that there are ties.
func (c *conformance) makeUp() {
	now := agent.At(start)
	few := func() int64 { return int64(c.rng.IntN(4)) }
	for i := range c.Members {
		m := &agent.Membership{
			Agent: agent.ID(agentName(i)), Queue: "q", Level: 1 + c.rng.IntN(100), Place: i, Set: agent.Ready,
			Rules: &agent.Rules{AutoReady: true},
		}
		switch i {
		case 0: // never rung
		case 1:
			m.Level, m.Place = 100, math.MaxInt32
			v := reflect.ValueOf(&m.Memory).Elem()
			for f := range v.NumField() {
				switch field := v.Field(f); field.Kind() {
				case reflect.Uint64:
					field.SetUint(math.MaxUint64)
				case reflect.Int64:
					field.SetInt(math.MaxInt64)
				default:
				}
			}
		default:
			v := reflect.ValueOf(&m.Memory).Elem()
			for f := range v.NumField() {
				switch field := v.Field(f); {
				case field.Kind() == reflect.Uint64:
					field.SetUint(uint64(few()))
				case field.Type() == reflect.TypeFor[agent.Instant]():
					field.SetInt(int64(now.Add(-time.Duration(few()) * time.Hour)))
				case field.Kind() == reflect.Int64:
					field.SetInt(few() * int64(time.Minute))
				default:
				}
			}
		}
		c.members = append(c.members, strategy.Candidate{Membership: m, Turn: few() << 24, Draw: c.rng.Uint64()})
	}
	c.members[0].Draw, c.members[len(c.members)-1].Draw = 0, math.MaxUint64
	if len(c.members) > 1 {
		c.members[1].Turn = math.MaxInt64
	}
}

// copyOf is the same candidate elsewhere in memory.
func copyOf(m strategy.Candidate) strategy.Candidate {
	membership, rules := *m.Membership, *m.Rules
	membership.Rules = &rules
	m.Membership = &membership
	return m
}

func (c *conformance) checkRank() {
	if c.s.Rank == nil {
		return // configured order
	}
	ranks := make([]strategy.Rank, len(c.members))
	rank := func(i int) strategy.Rank {
		shown := copyOf(c.members[i])
		got := c.s.Rank(shown)
		if !same(shown, c.members[i]) {
			c.wrong("Rank changes agent %s", shown.Agent)
		}
		return got
	}
	for i := range c.members {
		ranks[i] = rank(i)
	}
	fastest := time.Duration(math.MaxInt64)
	for range 5 {
		began := time.Now()
		for _, i := range c.rng.Perm(len(c.members)) {
			if got := rank(i); got != ranks[i] {
				c.wrong("B102: Rank says %v of agent %s, and %v when it is asked again", ranks[i], c.members[i].Agent, got)
			}
		}
		fastest = min(fastest, time.Since(began)/time.Duration(len(c.members)))
	}
	if c.slow(fastest) {
		c.wrong("Rank takes %v: more than %v", fastest, c.Budget)
	}
	c.checkOrder()
}

// checkOrder looks that a lineup has one order, whoever came first.
func (c *conformance) checkOrder() {
	var first []int
	for try := range 3 {
		var line strategy.Lineup
		for _, i := range c.rng.Perm(len(c.members)) {
			line.Put(i, 0, i, c.s.Rank(copyOf(c.members[i])))
		}
		var order []int
		for slot := range line.All() {
			order = append(order, slot)
		}
		if try == 0 {
			first = order
		} else if !slices.Equal(first, order) {
			c.wrong("B36: the order depends on who became available first")
		}
	}
}

func same(a, b strategy.Candidate) bool {
	return a.Turn == b.Turn && a.Draw == b.Draw && sameMember(a.Membership, b.Membership)
}

func sameMember(a, b *agent.Membership) bool { return reflect.DeepEqual(*a, *b) }

func (c *conformance) checkChoose() {
	if c.s.Choose == nil {
		return
	}
	fastest := time.Duration(math.MaxInt64)
	for n := range 60 {
		call := strategy.Call{
			ID: fmt.Sprintf("c%d", n), Queue: "q", Number: fmt.Sprintf("+4930%04d", c.rng.IntN(50)), Name: "Erika", Tag: "t",
			Priority: c.rng.IntN(5), Joined: agent.At(start), Round: 1 + c.rng.IntN(3),
		}
		if n == 0 {
			call = strategy.Call{}
		}
		who := c.rng.Perm(len(c.members))[:c.rng.IntN(len(c.members)+1)]
		began := time.Now()
		chosen := c.choose(call, who)
		fastest = min(fastest, time.Since(began)/time.Duration(1+len(who)))
		if again := c.choose(call, who); !slices.Equal(chosen, again) {
			c.wrong("B102: Choose says %v for call %s, and %v when it is asked again", chosen, call.ID, again)
		}
		for i, id := range chosen {
			if slices.Contains(chosen[:i], id) {
				c.wrong("Choose names agent %s twice for call %s", id, call.ID)
			}
			if !slices.ContainsFunc(who, func(i int) bool { return c.members[i].Agent == id }) {
				c.wrong("Choose names agent %s for call %s, who is not available", id, call.ID)
			}
		}
	}
	if c.slow(fastest) {
		c.wrong("Choose takes %v for each who is available: more than %v", fastest, c.Budget)
	}
}

// choose asks Choose, and looks whether it leaves what it is shown as it was.
func (c *conformance) choose(call strategy.Call, who []int) []agent.ID {
	shown := strategy.Choice{Call: call}
	for _, i := range who {
		shown.Available = append(shown.Available, copyOf(c.members[i]).Membership)
	}
	list := slices.Clone(shown.Available)
	chosen := slices.Clone(c.s.Choose(shown))
	if !slices.Equal(list, shown.Available) {
		c.wrong("Choose changes the list of the available")
	}
	for n, i := range who {
		if !sameMember(list[n], c.members[i].Membership) {
			c.wrong("Choose changes agent %s", c.members[i].Agent)
		}
	}
	return chosen
}
