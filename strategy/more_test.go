package strategy

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

func TestB38_OrdersForHosts(t *testing.T) {
	t.Parallel()
	members := []agent.Membership{
		{Memory: agent.Memory{Answered: 3, LastAnswered: 30, LastEnded: 50, Talk: 10}},
		{Memory: agent.Memory{Answered: 1, LastAnswered: 40, LastEnded: 45, Talk: 20}},
		{},
		{Memory: agent.Memory{Answered: 3, LastAnswered: 20, LastEnded: 60, Talk: 10}},
	}
	for _, test := range []struct {
		strategy Strategy
		want     []int
	}{
		{LongestIdle, []int{2, 1, 0, 3}},
		{FewestCalls, []int{2, 1, 3, 0}},
		{LeastTalk, []int{2, 0, 3, 1}},
	} {
		if got := ring(test.strategy, slices.Clone(members)...); !slices.Equal(got, test.want) {
			t.Errorf("%s rings %v, not %v", test.strategy.Name, got, test.want)
		}
	}
}

// tally is what was seen and expected of one kind of member.
type tally struct{ seen, expected, variance float64 }

// chiSquare returns the sum of the squared deviations in units of their variance.
func chiSquare(tallies []tally) float64 {
	sum := 0.0
	for _, t := range tallies {
		if t.variance > 0 {
			sum += (t.seen - t.expected) * (t.seen - t.expected) / t.variance
		}
	}
	return sum
}

// limits of chi-square at p = 0.001, by degrees of freedom.
var limits = map[int]float64{5: 20.52, 6: 22.46, 7: 24.32, 8: 26.12}

// raceOfMany lets members come and go in a queue for a while, and rings whoever
// is first, by the member and by how many of those available have been so for
// longer than he.
func raceOfMany(s Strategy, weights []float64, rings int, seed uint64) (byMember, byAge []tally) {
	r := rand.New(rand.NewPCG(seed, 38))
	var (
		l       Lineup
		turn    int64
		waiting []int // in the order in which they became available
		busy    []int
	)
	byMember, byAge = make([]tally, len(weights)), make([]tally, len(weights))
	note := func(t *tally, p float64, hit bool) {
		t.expected += p
		t.variance += p * (1 - p)
		if hit {
			t.seen++
		}
	}
	for slot := range weights {
		busy = append(busy, slot)
	}
	for rings > 0 {
		switch {
		case len(busy) > 0 && (len(waiting) == 0 || r.IntN(3) > 0):
			i := r.IntN(len(busy))
			slot := busy[i]
			busy = slices.Delete(busy, i, i+1)
			waiting = append(waiting, slot)
			l.Put(slot, 0, slot, s.Rank(Candidate{
				Membership: &agent.Membership{Place: slot, Level: int(weights[slot])},
				Turn:       turn, Draw: r.Uint64(),
			}))
			continue
		case len(waiting) > 1 && r.IntN(4) == 0: // somebody goes to lunch
			slot := waiting[r.IntN(len(waiting))]
			l.Remove(slot)
			waiting = slices.DeleteFunc(waiting, func(other int) bool { return other == slot })
			busy = append(busy, slot)
			continue
		}
		rings--
		first := -1
		for slot := range l.All() {
			first = slot
			break
		}
		total := 0.0
		for _, slot := range waiting {
			total += weights[slot]
		}
		for age, slot := range waiting {
			note(&byMember[slot], weights[slot]/total, slot == first)
			note(&byAge[age], weights[slot]/total, slot == first)
		}
		turn = max(turn, l.Rank(first)[0])
		l.Remove(first)
		waiting = slices.DeleteFunc(waiting, func(other int) bool { return other == first })
		busy = append(busy, first)
	}
	return byMember, byAge
}

func TestB38_RandomIsFairToAllAtAllTimes(t *testing.T) {
	t.Parallel()
	weights := []float64{1, 1, 1, 1, 1, 1, 1}
	byMember, byAge := raceOfMany(Random, weights, 40_000, 1)
	if x := chiSquare(byMember); x > limits[7] {
		t.Errorf("chi-square %.1f by member: %.0f", x, byMember)
	}
	if x := chiSquare(byAge); x > limits[7] {
		t.Errorf("chi-square %.1f by how long they are available: %.0f", x, byAge)
	}
}

func TestB38_WeightedInProportion(t *testing.T) {
	t.Parallel()
	byLevel := Weighted(func(m *agent.Membership) float64 { return float64(m.Level) })
	byMember, byAge := raceOfMany(byLevel, []float64{1, 2, 5, 10, 20, 50, 100}, 40_000, 2)
	if x := chiSquare(byMember); x > limits[7] {
		t.Errorf("chi-square %.1f by member: %.0f", x, byMember)
	}
	if x := chiSquare(byAge); x > limits[7] {
		t.Errorf("chi-square %.1f by how long they are available: %.0f", x, byAge)
	}
}

// The same weights in other units: the ends of the range that is promised.
func TestB38_WeightedAtTheEndsOfItsRange(t *testing.T) {
	t.Parallel()
	for _, unit := range []float64{0.02, 10_000} {
		weighted := Weighted(func(m *agent.Membership) float64 { return float64(m.Level) * unit })
		byMember, byAge := raceOfMany(weighted, []float64{1, 1, 2, 2, 1}, 20_000, 3)
		if x := chiSquare(byMember); x > limits[5] {
			t.Errorf("weights of %v: chi-square %.1f by member: %.0f", unit, x, byMember)
		}
		if x := chiSquare(byAge); x > limits[5] {
			t.Errorf("weights of %v: chi-square %.1f by age: %.0f", unit, x, byAge)
		}
	}
}

func TestB38_ANaiveDrawWouldNotBeFair(t *testing.T) {
	t.Parallel()
	// What the race is for: a number drawn once, without its clock, prefers those
	// who came last, for those who stayed are those who drew high.
	naive := Strategy{Name: "NAIVE", Rank: func(c Candidate) Rank { return Rank{int64(c.Draw >> 1)} }}
	_, byAge := raceOfMany(naive, []float64{1, 1, 1, 1, 1, 1, 1}, 40_000, 1)
	if x := chiSquare(byAge); x < 10*limits[7] {
		t.Errorf("chi-square %.1f: the test sees no difference", x)
	}
}

func TestB38_BadWeightsRingLast(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 3))
	for _, weight := range []float64{0, -1, math.NaN(), math.Inf(-1), math.SmallestNonzeroFloat64} {
		bad := Weighted(func(*agent.Membership) float64 { return weight })
		for range 200 {
			turn := r.Int64N(1 << 40)
			last := bad.Rank(Candidate{Turn: turn, Draw: r.Uint64()})
			good := Random.Rank(Candidate{Turn: turn, Draw: r.Uint64()})
			if !good.Less(last) || last[0] != turn+longest {
				t.Fatalf("weight %v: %v is not after %v", weight, last, good)
			}
		}
	}
	first := Weighted(func(*agent.Membership) float64 { return math.Inf(1) }).Rank(Candidate{Turn: 5, Draw: 1})
	if first[0] != 5 {
		t.Errorf("infinite weight: %v", first)
	}
}

func TestB38_RaceNeverOverflows(t *testing.T) {
	t.Parallel()
	if turns := int64(math.MaxInt64) / longest; turns < 1e9 {
		t.Errorf("only %d turns", turns)
	}
	never := Weighted(func(*agent.Membership) float64 { return 0 })
	for _, turn := range []int64{math.MinInt64, -1, 0, math.MaxInt64 - longest, math.MaxInt64 - 1, math.MaxInt64} {
		for _, draw := range []uint64{0, 1, math.MaxUint64, 1 << 63} {
			for _, s := range []Strategy{Random, never} {
				if rank := s.Rank(Candidate{Turn: turn, Draw: draw}); rank[0] < 0 || rank[1] < 0 {
					t.Errorf("%s: turn %d, draw %d: %v", s.Name, turn, draw, rank)
				}
			}
		}
	}
}

func TestB102_RaceIsTheSameOnEveryMachine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ u, want uint64 }{
		{1 << 63, 1 << 32}, // one half: one halving
		{1 << 62, 2 << 32},
		{1, 64 << 32},
		{3 << 62, 1782572487}, // log₂ 4/3 = 0.415037499…, rounded up
		{math.MaxUint64, 1},
	} {
		if got := halvings(test.u); got != test.want {
			t.Errorf("halvings(%d) = %d, not %d", test.u, got, test.want)
		}
	}
	// The lowest draw takes longest: 64 halvings.
	if got := Random.Rank(Candidate{}); got != (Rank{64 << turnPlaces}) {
		t.Errorf("draw 0: %v", got)
	}
	r := rand.New(rand.NewPCG(5, 5))
	for range 10_000 {
		u := r.Uint64() >> r.IntN(64)
		got, want := float64(halvings(u|1))/(1<<32), 64-math.Log2(float64(u|1))
		if math.Abs(got-want) > 1e-9 {
			t.Fatalf("halvings(%d) = %v, not %v", u|1, got, want)
		}
	}
}

func FuzzB110_AnyWeightAnyTurn(f *testing.F) {
	f.Add(int64(0), uint64(0), 0.0)
	f.Add(int64(math.MaxInt64), uint64(math.MaxUint64), math.NaN())
	f.Fuzz(func(t *testing.T, turn int64, draw uint64, weight float64) {
		s := Weighted(func(*agent.Membership) float64 { return weight })
		rank := s.Rank(Candidate{Turn: turn, Draw: draw})
		if rank[0] < 0 || turn >= 0 && turn <= math.MaxInt64-longest && rank[0] < turn {
			t.Errorf("turn %d, draw %d, weight %v: %v", turn, draw, weight, rank)
		}
	})
}
