package queue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// The three doors between the line and the agents say the same as the rules, pair
// by pair, and as each other: nobody who may have an entry is missed by what the
// line knows of who wants somebody, and Next says in time when to ask again.
func TestB32_NextTakesAndEligibleAgree(t *testing.T) {
	t.Parallel()
	for _, s := range append(strategy.Seven(), strategy.SkillBased(strategy.RingSimultaneously)) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(30) {
				w := newWorld(t, s, seed)
				for i := range 250 {
					w.step()
					err := w.check()
					if err == nil && w.rng.IntN(3) == 0 {
						w.match()
						if err = w.check(); err == nil {
							err = w.checkAgain()
						}
						w.pass(time.Duration(w.rng.IntN(4000)) * time.Millisecond)
					}
					if err == nil {
						err = w.check()
					}
					if err != nil {
						t.Fatalf("seed %d, step %d: %v", seed, i, err)
					}
				}
			}
		})
	}
}

// small is a queue of members 1001, 1002, … with the levels given, all available.
func small(t *testing.T, s strategy.Strategy, change func(*Config), levels ...int) *world {
	t.Helper()
	c := Defaults()
	c.Name, c.Number, c.PollingStrategy = "q", "8000", s.Name
	if change != nil {
		change(&c)
	}
	w := &world{
		t: t, rng: rand.New(rand.NewPCG(1, 1)), now: agent.Instant(1_000_000 * time.Second),
		q: New("q", c, s), agents: map[agent.ID]*agent.Agent{}, hunts: map[*Entry]*account{},
		rings: map[*agent.Agent]*Entry{}, again: map[*Entry]agent.Instant{},
	}
	for i, level := range levels {
		a := agent.New(agent.ID(fmt.Sprint(1001+i)), true)
		w.agents[a.ID] = a
		w.people = append(w.people, w.q.Add(w.now, nil, a, level, nil, ""))
	}
	w.lineUp()
	return w
}

// join lets a caller join.
func (w *world) join() *Entry {
	w.joined++
	e := &Entry{ID: CallID(fmt.Sprint("c", w.joined)), Seq: w.joined, Joined: w.now, Effective: w.now}
	w.hunts[e] = &account{round: 1, turns: map[*agent.Agent]*turns{}}
	w.q.Join(e, 0)
	w.touch(e)
	return e
}

// next rings whom Next says.
func (w *world) next(e *Entry) *Member {
	w.t.Helper()
	m, _, _ := w.q.Next(w.now, e)
	if m == nil {
		w.t.Fatalf("nobody for %s", e.ID)
	}
	w.ring(e, m)
	return m
}

func TestUpcoming_IsWhoIsRungNext(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.PrioritizedHunt, nil, 1, 1)
	for i := range w.people {
		up := w.q.Upcoming()
		if m := w.next(w.join()); m != up || m != w.people[i] {
			t.Errorf("%s is rung, %s was upcoming", m.Agent, up.Agent)
		}
	}
	if up, n := w.q.Upcoming(), w.q.lineup.Len(); up != nil || n != 0 {
		t.Errorf("%v is upcoming and %d are in the lineup, though both are being rung", up, n)
	}
}

func TestB31_ManyMarksAreFoundAsFewAre(t *testing.T) {
	t.Parallel()
	levels := make([]int, 3*manyMarks)
	w := small(t, strategy.PrioritizedHunt, func(c *Config) { c.RejectDelay = 0 }, levels...)
	e := w.join()
	for i := range levels {
		m := w.next(e)
		if m != w.people[i] {
			t.Fatalf("%s is rung, want %s", m.Agent, w.people[i].Agent)
		}
		w.end(m, []agent.End{agent.Rejected, agent.NoAnswer}[i%2])
		if got := w.q.Verdict(w.now, e, m); got != HadHisTurn {
			t.Errorf("verdict on %s: %d", m.Agent, got)
		}
	}
	if m, _, _ := w.q.Next(w.now, e); m != nil {
		t.Errorf("%s is rung twice", m.Agent)
	}

	// What the entry remembers goes into a record and comes back.
	other := &Entry{ID: "other"}
	other.SetHunt(e.Hunt())
	if got, want := fmt.Sprint(other.Hunt()), fmt.Sprint(e.Hunt()); got != want {
		t.Errorf("restored %s, want %s", got, want)
	}
	if other.hunt.declined != e.hunt.declined || len(other.hunt.known.index) != len(e.hunt.known.index) {
		t.Errorf("%d declined and %d in the index, want %d and %d",
			other.hunt.declined, len(other.hunt.known.index), e.hunt.declined, len(e.hunt.known.index))
	}

	// And an agent who is deleted is forgotten, the others are not.
	for i, m := range w.people {
		a := m.AgentOf()
		if !e.Forget(a) || e.Forget(a) {
			t.Fatalf("%s is forgotten twice, or never", m.Agent)
		}
		if got, want := len(e.Hunt().Marks), len(levels)-1-i; got != want {
			t.Fatalf("%d marks are left, want %d", got, want)
		}
		if i+1 < len(w.people) && !w.q.used(w.now, e, w.people[i+1]) {
			t.Fatalf("%s is forgotten with %s", w.people[i+1].Agent, m.Agent)
		}
	}
	if e.hunt.declined != 0 {
		t.Errorf("%d have declined, and all are forgotten", e.hunt.declined)
	}
}

func TestB31_Verdict(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.SkillBasedRoutingPrioritizedHunt, func(c *Config) {
		c.RejectDelay, c.RetryInterval, c.SkillWait = 0, 5*time.Second, time.Minute
	}, 1, 1, 2)
	e := w.join()
	verdicts := func(want ...Verdict) {
		t.Helper()
		for i, m := range w.people {
			if got := w.q.Verdict(w.now, e, m); got != want[i] {
				t.Errorf("%s: verdict %d, want %d", m.Agent, got, want[i])
			}
		}
	}
	verdicts(CanHave, CanHave, GroupClosed)
	first := w.next(e)
	verdicts(NotWanted, NotWanted, GroupClosed)
	w.end(first, agent.Rejected)
	verdicts(HadHisTurn, CanHave, GroupClosed)
	w.end(w.next(e), agent.NoAnswer)
	verdicts(HadHisTurn, HadHisTurn, CanHave)
	w.end(w.next(e), agent.NoAnswer)
	verdicts(HadHisTurn, HadHisTurn, HadHisTurn)
	w.now = w.now.Add(5 * time.Second)
	w.touch(e)
	verdicts(Barred, CanHave, GroupClosed)
}

func TestB33_TheRoundAndItsPause(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.PrioritizedHunt, func(c *Config) { c.RetryInterval, c.NoAnswerDelay = 5*time.Second, 0 }, 1, 1)
	e := w.join()
	want := func(round int, retry agent.Instant) {
		t.Helper()
		if e.Round() != round || e.Retry() != retry {
			t.Errorf("round %d until %d, want %d until %d", e.Round(), e.Retry(), round, retry)
		}
	}
	want(1, 0)
	w.end(w.next(e), agent.NoAnswer)
	want(1, w.now.Add(5*time.Second)) // unless somebody untried is there
	last := w.next(e)
	want(1, 0)
	w.now = w.now.Add(time.Second)
	w.end(last, agent.NoAnswer)
	end := w.now.Add(5 * time.Second)
	want(1, end)
	if _, _, again := w.q.Next(w.now, e); again != end {
		t.Errorf("asks again at %d, want %d", again, end)
	}
	w.now = end - 1
	w.touch(e)
	want(1, end)
	w.now = end
	w.touch(e)
	want(2, 0)
	if m, _, _ := w.q.Next(w.now, e); m != w.people[0] {
		t.Error("round 2 does not begin at the top")
	}
}

// A strategy that looks at the call chooses among those who may have it.
func TestB38_Choose(t *testing.T) {
	t.Parallel()
	var seen strategy.Choice
	last := strategy.Strategy{Name: "LAST", Choose: func(c strategy.Choice) []agent.ID {
		seen = c
		if c.Call.Priority == 7 {
			return nil
		}
		return []agent.ID{"unknown", c.Available[len(c.Available)-1].Agent}
	}}
	w := small(t, last, func(c *Config) { c.RejectDelay = 0 }, 1, 1, 1)
	w.agents["1003"].StartOther(w.now, "x", "", true)
	e := w.join()
	m, why, _ := w.q.Next(w.now, e)
	if m != w.people[1] || why.Available != 2 || why.Place != 1 {
		t.Errorf("chose %v, %+v", m, why)
	}
	if seen.Call.ID != "c1" || seen.Call.Queue != "q" || seen.Call.Round != 1 || seen.Call.Joined != e.Joined {
		t.Errorf("saw %+v", seen.Call)
	}
	w.ring(e, m)
	w.end(m, agent.Rejected)
	if m, _, _ := w.q.Next(w.now, e); m != w.people[0] {
		t.Errorf("then chose %v", m)
	}
	w.q.Line.Change(e, func(e *Entry) { e.Priority = 7 })
	if m, _, _ := w.q.Next(w.now, e); m != nil {
		t.Errorf("chose %s, and Choose names nobody", m.Agent)
	}
	w.end(w.next(w.join()), agent.Rejected)
	w.agents["1001"].StartOther(w.now, "x", "", true)
	w.agents["1002"].StartOther(w.now, "x", "", true)
	if m, _, _ := w.q.Next(w.now, w.join()); m != nil {
		t.Errorf("chose %s, and nobody is available", m.Agent)
	}
}

func TestB34_OpenNow(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.SkillBasedRoutingPrioritizedHunt, func(c *Config) { c.SkillWait = time.Minute }, 1, 5, 5, 9)
	open := func(want ...string) {
		t.Helper()
		var got []string
		for m := range w.q.OpenNow() {
			got = append(got, string(m.Agent))
		}
		if !slices.Equal(got, want) {
			t.Errorf("open now: %v, want %v", got, want)
		}
	}
	away := func(i int, s agent.Status) {
		t.Helper()
		m := w.people[i]
		if _, err := m.AgentOf().SetStatus(w.now, s, "", &m.Membership); err != nil {
			t.Fatal(err)
		}
		w.restaff(m)
		w.lineUp()
	}
	open("1001")
	away(0, agent.Break)
	open("1002", "1003")
	w.agents["1002"].StartOther(w.now, "x", "", true) // staffed, not available
	open("1003")
	away(2, agent.Lunch)
	open()
	away(1, agent.LoggedOut) // asked for during his call
	open("1004")
	away(3, agent.NotReady)
	open()
	away(0, agent.Ready)
	open("1001")
	w.q.Configure(w.q.Config, strategy.PrioritizedHunt)
	open()
}

func TestB35_TakesUnderRingSimultaneously(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.RingSimultaneously, func(c *Config) { c.RingLimit = 2 }, 1, 1, 1, 1, 1)
	first, second, third := w.join(), w.join(), w.join()
	takes := func(i int, want *Entry) {
		t.Helper()
		if got := w.q.Takes(w.now, w.people[i]); got != want {
			t.Errorf("%s takes %s, want %s", w.people[i].Agent, name(got), name(want))
		}
	}
	takes(0, first)
	w.ring(first, w.people[0])
	takes(0, nil) // his line is taken
	takes(1, second)
	w.ring(second, w.people[1])
	takes(2, third)
	w.ring(third, w.people[2])
	takes(3, first)
	w.ring(first, w.people[3])
	takes(4, second) // the first one has its two
	w.end(w.people[0], agent.Rejected)
	takes(4, first)
	if m, _, _ := w.q.Next(w.now, first); m != w.people[4] {
		t.Errorf("next for the first is %v", m)
	}
}
