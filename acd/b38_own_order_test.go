package acd_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// A host's own order is looked up by name, like the seven, and is one of the
// names that a refusal lists.
func TestB38_AHostsOwnOrderByName(t *testing.T) {
	t.Parallel()
	shortest := strategy.Strategy{Name: "SHORTEST_NAME", Rank: func(c strategy.Candidate) strategy.Rank {
		return strategy.Rank{int64(len(c.Agent))}
	}}
	own := []strategy.Strategy{shortest, strategy.SkillBased(shortest), strategy.FewestCalls, strategy.LongestIdle, strategy.LeastTalk}
	for name, script := range map[string]string{
		"by name": `
queue q polling_strategy=SHORTEST_NAME
agents q 1001 101 11 102
call c1 queue=q
expect ring call=c1 agent=11 why=strategy level=""
call c2 queue=q
expect ring call=c2 agent=101
call c3 queue=q
expect ring call=c3 agent=102
call c4 queue=q
expect ring call=c4 agent=1001
`,
		"level by level": `
queue q polling_strategy=SKILL_BASED_ROUTING_SHORTEST_NAME
agents q 1001:1 101:2 11:2 102:1
call c1 queue=q
expect ring call=c1 agent=102 level=1
call c2 queue=q
expect ring call=c2 agent=1001 level=1
call c3 queue=q
expect ring call=c3 agent=11 level=2
`,
		"rounds and restarts as with the seven": `
queue q polling_strategy=SHORTEST_NAME ring_time=10 no_answer_delay=0 retry_interval=5
agents q 1001 101
call c1 queue=q
expect ring call=c1 agent=101 round=1
at 10
expect ring call=c1 agent=1001 round=1
restart
expect ring call=c1 agent=1001 round=1
at 20
never ring
at 25
expect ring call=c1 agent=101 round=2
`,
		"fewest calls": `
queue q polling_strategy=FEWEST_CALLS
agents q 1001 1002
call c1 queue=q
answer c1 1001
end c1
at 10
call c2 queue=q
expect ring call=c2 agent=1002
answer c2 1002
end c2
at 20
call c3 queue=q
answer c3 1001
end c3
at 30
call c4 queue=q
expect ring call=c4 agent=1002
`,
		"least talk": `
queue q polling_strategy=LEAST_TALK
agents q 1001 1002
call c1 queue=q
answer c1 1001
at 100
end c1
call c2 queue=q
expect ring call=c2 agent=1002
answer c2 1002
at 130
end c2
call c3 queue=q
expect ring call=c3 agent=1002
`,
		"longest idle": `
queue q polling_strategy=LONGEST_IDLE
agents q 1001 1002
call c1 queue=q
answer c1 1001
call c2 queue=q
answer c2 1002
at 10
end c2
at 20
end c1
call c3 queue=q
expect ring call=c3 agent=1002
`,
		"unknown": `
fails SHORTEST_NAME queue q polling_strategy=LONGEST_NAME
fails "must be one of" queue q polling_strategy=shortest_name
queue q polling_strategy=SHORTEST_NAME
fails SKILL_BASED_ROUTING_SHORTEST_NAME queue q polling_strategy=SKILL_BASED_ROUTING_FEWEST_CALLS
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := acdtest.RunScript(name, strings.NewReader(script), acdtest.Options{Strategies: own, Strict: true}); err != nil {
				t.Error(err)
			}
		})
	}
}

// Names that are no good, taken, or there twice are refused when the engine is made.
func TestB38_BadNames(t *testing.T) {
	t.Parallel()
	for _, own := range [][]strategy.Strategy{
		{{Name: ""}},
		{{Name: "lower"}},
		{{Name: "CYCLIC_HUNT"}},
		{{Name: "SAME"}, {Name: "SAME"}},
	} {
		if _, err := acd.NewEngine(acd.EngineOptions{Strategies: own}); err == nil {
			t.Errorf("%q is accepted", own[0].Name)
		}
	}
}

// A strategy that looks at the call chooses among those who may have it, and is
// asked again when it has chosen nobody.
func TestB38_AnOrderThatLooksAtTheCall(t *testing.T) {
	t.Parallel()
	byNumber := strategy.Strategy{Name: "BY_NUMBER", Choose: func(c strategy.Choice) []agent.ID {
		var ids []agent.ID
		for _, m := range c.Available {
			if strings.HasSuffix(c.Call.Number, string(m.Agent)) || c.Call.Round > 1 {
				ids = append(ids, m.Agent)
			}
		}
		return ids
	}}
	const script = `
queue q polling_strategy=BY_NUMBER ring_time=10 retry_interval=5 no_answer_delay=0
agents q 1001 1002 1003
call c1 queue=q from=+491003
expect ring call=c1 agent=1003
never ring agent=1001
# Nobody is chosen, and the next call is none the worse for it.
call c2 queue=q from=+499999
never ring
call c3 queue=q from=+491001
expect ring call=c3 agent=1001
at 10
expect offer_end call=c1 agent=1003 end=NO_ANSWER
expect offer_end call=c3 agent=1001 end=NO_ANSWER
never ring
at 15
expect ring call=c1 agent=1001 round=2
expect ring call=c3 agent=1002 round=2
`
	o := acdtest.Options{Strategies: []strategy.Strategy{byNumber}, Strict: true}
	if _, err := acdtest.RunScript("script", strings.NewReader(script), o); err != nil {
		t.Error(err)
	}
}

// The same seed draws the same lots, after a restart as well; another seed draws
// others.
func TestB38_LotsAreDrawnFromTheSeed(t *testing.T) {
	t.Parallel()
	play := func(seed uint64, restarts bool) (rung []agent.ID) {
		o := acd.EngineOptions{Strategies: []strategy.Strategy{strategy.Random}, Seed: seed, Track: true}
		e, err := acd.NewEngine(o)
		if err != nil {
			t.Fatal(err)
		}
		step(t, e, 0, makeQueue(t, "q", "polling_strategy=RANDOM"))
		for i := range 6 {
			step(t, e, 0, ready(agent.ID(fmt.Sprint(1001+i)), "q"))
		}
		for i := range 40 {
			e.Take()
			step(t, e, float64(i), join(queue.CallID(fmt.Sprint("c", i)), "q"))
			if rings, _ := only[*acd.Ring](e.Take()); len(rings) == 1 {
				rung = append(rung, rings[0].Agent)
			}
			if i%3 > 0 {
				step(t, e, float64(i), acd.HangUp{Call: queue.CallID(fmt.Sprint("c", i))})
			}
			if restarts && i%7 == 0 {
				again, err := acd.NewEngine(o)
				if err != nil {
					t.Fatal(err)
				}
				if err := again.Restore(kept(e)); err != nil {
					t.Fatal(err)
				}
				e = again
			}
		}
		return rung
	}
	first := play(1, false)
	if len(first) < 10 || !slices.Equal(first, play(1, false)) {
		t.Errorf("the same seed draws other lots, or none: %v", first)
	}
	if !slices.Equal(first, play(1, true)) {
		t.Error("a restored engine draws other lots")
	}
	if slices.Equal(first, play(2, false)) {
		t.Error("another seed draws the same lots")
	}
}

// Random and weighted are fair to everybody who is available, whenever he became so
// and whatever he did for other queues meanwhile: by agent, and by how long he has
// been available.
func TestB38_RacesAreFair(t *testing.T) {
	t.Parallel()
	const people = 6
	for _, s := range []strategy.Strategy{
		strategy.Random,
		strategy.Weighted(func(m *agent.Membership) float64 { return float64(m.Level) }),
	} {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			e, err := acd.NewEngine(acd.EngineOptions{Strategies: []strategy.Strategy{s}, Seed: 38})
			if err != nil {
				t.Fatal(err)
			}
			step(t, e, 0, makeQueue(t, "q", "polling_strategy="+s.Name, "reject_delay=0"))
			step(t, e, 0, makeQueue(t, "other", "polling_strategy=PRIORITIZED_HUNT", "reject_delay=0"))
			weight := map[agent.ID]float64{}
			for i := range people {
				id := agent.ID(fmt.Sprint(1001 + i))
				weight[id] = 1
				if s.Name == "WEIGHTED" {
					weight[id] = float64(1 + i)
				}
				step(t, e, 0, acd.AddAgent{Agent: id, Queues: []acd.Place{{Queue: "q", Level: 1 + i}, {Queue: "other"}}})
			}
			race := newRace(people)
			rng := rand.New(rand.NewPCG(38, 38))
			var waiting []agent.ID // available, in the order in which they became so
			for i := range people {
				waiting = append(waiting, agent.ID(fmt.Sprint(1001+i)))
			}
			busy := map[agent.ID]queue.CallID{}
			for i := range 30_000 {
				at := float64(i)
				call := queue.CallID(fmt.Sprint("c", i))
				switch n := rng.IntN(10); {
				case n < 4 && len(busy) > 0: // one of them is free again
					ids := slices.Sorted(maps.Keys(busy))
					id := ids[rng.IntN(len(ids))]
					step(t, e, at, acd.HangUp{Call: busy[id]})
					delete(busy, id)
					waiting = append(waiting, id)
				case n < 6 && len(waiting) > 2: // the other queue takes one
					e.Take()
					step(t, e, at, join(call, "other"))
					rings, _ := only[*acd.Ring](e.Take())
					answer(t, e, at, rings[0].Agent)
					busy[rings[0].Agent] = call
					waiting = slices.DeleteFunc(waiting, func(id agent.ID) bool { return id == rings[0].Agent })
				case n < 7 && len(waiting) > 0: // READY again changes nothing
					step(t, e, at, set(waiting[rng.IntN(len(waiting))], agent.Ready, ""))
				case len(waiting) > 1:
					e.Take()
					step(t, e, at, join(call, "q"))
					rings, _ := only[*acd.Ring](e.Take())
					race.won(rings[0].Agent, waiting, weight)
					answer(t, e, at, rings[0].Agent)
					busy[rings[0].Agent] = call
					waiting = slices.DeleteFunc(waiting, func(id agent.ID) bool { return id == rings[0].Agent })
				}
			}
			race.check(t)
		})
	}
}

// race counts who was rung, against what was to be expected each time.
type race struct {
	byAgent map[agent.ID]*odds
	byAge   []odds // by how long available, the longest first
	runs    int
}

// odds are of one who took part in many draws.
type odds struct{ seen, expected, variance float64 }

func (o *odds) add(p float64, hit bool) {
	o.expected += p
	o.variance += p * (1 - p)
	if hit {
		o.seen++
	}
}

// far is how far off he is, squared, in standard deviations.
func (o *odds) far() float64 {
	d := o.seen - o.expected
	return d * d / o.variance
}

func newRace(people int) *race {
	return &race{byAgent: map[agent.ID]*odds{}, byAge: make([]odds, people)}
}

func (r *race) won(winner agent.ID, waiting []agent.ID, weight map[agent.ID]float64) {
	r.runs++
	total := 0.0
	for _, id := range waiting {
		total += weight[id]
	}
	for age, id := range waiting {
		if r.byAgent[id] == nil {
			r.byAgent[id] = &odds{}
		}
		r.byAgent[id].add(weight[id]/total, id == winner)
		r.byAge[age].add(weight[id]/total, id == winner)
	}
}

// check is chi-square: the sum of what each is off, for 6 of them, exceeds 22.5
// once in a thousand fair races.
func (r *race) check(t *testing.T) {
	t.Helper()
	byAgent, byAge := 0.0, 0.0
	for _, id := range slices.Sorted(maps.Keys(r.byAgent)) {
		byAgent += r.byAgent[id].far()
	}
	for i := range r.byAge {
		if r.byAge[i].variance > 0 {
			byAge += r.byAge[i].far()
		}
	}
	if r.runs < 5000 || byAgent > 22.5 || byAge > 22.5 {
		t.Errorf("%d draws, chi-square %.1f by agent, %.1f by how long they were available", r.runs, byAgent, byAge)
	}
}

// The end of a hold is kept, even if nothing else comes of it (B113).
func TestB73_B113_TheEndOfAHoldIsKept(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "sticky_wait=30"), ready("1001", "q"),
		acd.Join{Call: "c0", Queue: "q", Number: "+49301"})
	rings, _ := only[*acd.Ring](e.Take())
	step(t, e, 1, acd.Answered{Offer: rings[0].Offer})
	step(t, e, 2, acd.HangUp{Call: "c0"})
	step(t, e, 3, acd.Join{Call: "c1", Queue: "q", Number: "+49302"})
	rings, _ = only[*acd.Ring](e.Take())
	step(t, e, 3, acd.Answered{Offer: rings[0].Offer})
	step(t, e, 4, acd.Join{Call: "c2", Queue: "q", Number: "+49301"})
	held := func() bool {
		why, err := e.Why("c2")
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(why, func(r acd.WaitReason) bool { return r.What == "held for one agent" && r.Until.IsZero() })
	}
	if !held() {
		t.Fatal("not held")
	}
	e.Changes()
	e.Advance(sec(34))
	if held() {
		t.Error("held for longer than sticky_wait")
	}
	if !slices.ContainsFunc(e.Changes(), func(c acd.Change) bool { return c.Key == "queue/q/entry/c2" }) {
		t.Error("not kept")
	}
}

// A deleted agent who talks at a restart takes nobody's place in what callers
// remember (B121).
func TestB70_B121_ATalkOfADeletedAgentIsRestored(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"))
	talk := func(call queue.CallID, number string) {
		t.Helper()
		step(t, e, 1, acd.Join{Call: call, Queue: "q", Number: number})
		rings, _ := only[*acd.Ring](e.Take())
		step(t, e, 1, acd.Answered{Offer: rings[0].Offer})
	}
	step(t, e, 0, ready("1001", "q"))
	talk("old", "+49301")
	step(t, e, 1, acd.HangUp{Call: "old"})
	step(t, e, 1, set("1001", agent.Break, ""))
	step(t, e, 1, ready("1002", "q"))
	talk("last", "+49302")
	step(t, e, 3, acd.DeleteAgent{Agent: "1002"})
	step(t, e, 3, set("1001", agent.Ready, ""))
	next := restore(t, e)
	step(t, next, 4, acd.Recover{Epoch: 2})
	next.Take()
	step(t, next, 4, acd.Join{Call: "c", Queue: "q", Number: "+49301"})
	rings, _ := only[*acd.Ring](next.Take())
	if len(rings) != 1 || rings[0].Agent != "1001" || rings[0].Why.By != acd.BySticky {
		t.Errorf("rung: %+v, want 1001, to whom he talked", rings)
	}
}
