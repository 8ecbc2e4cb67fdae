package strategy

import (
	"math"
	"math/bits"

	"github.com/acdkit/acdkit/agent"
)

// Orders that a host may hand in as its own (B38), as they are or as a start.
var (
	// LongestIdle rings who has been off the phone for the longest time: since
	// the end of his last talk; never talked first.
	LongestIdle = Strategy{Name: "LONGEST_IDLE", Rank: func(c Candidate) Rank {
		return Rank{int64(c.LastEnded), int64(c.LastAnswered)}
	}}
	// FewestCalls rings who has answered the fewest calls; of those, who has not
	// answered for the longest time.
	FewestCalls = Strategy{Name: "FEWEST_CALLS", Rank: func(c Candidate) Rank {
		return Rank{int64(min(c.Answered, math.MaxInt64)), int64(c.LastAnswered)}
	}}
	// LeastTalk rings who has talked the least; of those, who has been off the
	// phone for the longest time.
	LeastTalk = Strategy{Name: "LEAST_TALK", Rank: func(c Candidate) Rank {
		return Rank{int64(c.Talk), int64(c.LastEnded)}
	}}
	// Random rings each available member with the same probability, whenever he
	// became available.
	Random = Strategy{Name: "RANDOM", Rank: func(c Candidate) Rank { return race(c, 1) }}
)

// Weighted returns a strategy, WEIGHTED, that rings each available member with a
// probability in proportion to his weight, whenever he became available. Weights
// count relative to each other; they should lie between 0.01 and 1,000, and the
// weights of all available members together between 0.1 and 100,000. Who has a
// weight of 0 or less, or none (NaN), is rung if hardly anybody else is there.
//
// weight must depend on nothing but the membership, and not change it:
//
//	strategy.Weighted(func(m *agent.Membership) float64 { return float64(m.Level) })
func Weighted(weight func(*agent.Membership) float64) Strategy {
	return Strategy{Name: "WEIGHTED", Rank: func(c Candidate) Rank { return race(c, weight(c.Membership)) }}
}

// A race is how an order can be random although a rank is given once, when a
// member becomes available, and stays. Everybody starts at the turn of the race,
// where the last one arrived who was rung, and arrives after an exponential time
// with his weight as the rate. That has no memory: how far somebody has come says
// nothing about how far he has to go, so that of those who run at any moment each
// is next with a probability in proportion to his weight.
const (
	turnPlaces = 24      // binary places of a turn; its unit is the median of weight 1
	longest    = 1 << 33 // the most that one member can take, so that 10⁹ turns fit
)

// race returns the rank of a member who starts now.
func race(c Candidate, weight float64) Rank {
	run := float64(longest)
	if weight > 0 {
		run = min(run, float64(halvings(c.Draw|1))/(1<<(32-turnPlaces))/weight)
	}
	turn := min(max(c.Turn, 0), math.MaxInt64-longest) // at the end the race is over: ties, decided by lot
	// Ties are decided by the digits that the time of arrival hardly depends on.
	return Rank{turn + int64(run), int64(bits.Reverse64(c.Draw) >> 1)}
}

// halvings returns −log₂(u/2⁶⁴) with 32 binary places: how often one has to be
// halved to come down to u/2⁶⁴, exponentially distributed for a random u. It is
// computed in integers, for every machine must get the same (B102). u is not 0.
func halvings(u uint64) uint64 {
	zeros := bits.LeadingZeros64(u)
	m := u << zeros // from 2⁶³ on: 1 to 2 in steps of 2⁻⁶³
	whole, part := uint64(zeros+1), uint64(0)
	for range 32 {
		// Squaring doubles the logarithm: its next place is whether 2 is reached.
		high, low := bits.Mul64(m, m)
		part <<= 1
		if high>>63 != 0 {
			part |= 1
			m = high
		} else {
			m = high<<1 | low>>63
		}
	}
	return whole<<32 - part
}
