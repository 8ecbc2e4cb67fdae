package queue

import (
	"math"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Estimate is how long a caller at some position will wait yet.
type Estimate struct {
	Mean time.Duration `json:"mean"`
	P80  time.Duration `json:"p80"` // four of five such callers wait no longer
}

// Rates are what a queue has learned of its calls: the inputs of an estimate
// beside the staff. The zero value knows nothing and uses the priors. It is not
// safe for concurrent use.
//
// The estimate for position p is that of Whitt's QL for exponential patience
// (Whitt 1999; Ibrahim & Whitt 2009, QLm): with n staffed agents, mean handling
// time 1/μ and callers who give up at the rate θ each, the time until position p
// is served is a sum of independent exponential times with the rates n·μ + i·θ,
// i = 0..p−1. Its mean is (ψ(c+p) − ψ(c))/θ and its variance (ψ′(c) − ψ′(c+p))/θ²
// with c = n·μ/θ: closed forms, whatever p (B64).
type Rates struct {
	// Handle is the exponentially weighted mean handling time, ring + talk +
	// wrap-up, in seconds; Handled the weight behind it.
	Handle  float64 `json:"handle,omitempty"`
	Handled float64 `json:"handled,omitempty"`
	// GivenUp and Waited are the exponentially weighted number of callers who
	// gave up and the seconds that all callers waited: θ is their ratio.
	GivenUp float64 `json:"given_up,omitempty"`
	Waited  float64 `json:"waited,omitempty"`
}

// The priors: a call is handled in 3 minutes, a caller gives up after 15 minutes
// of waiting; each weighs as much as 4 calls that were handled, or 4 callers who
// gave up. The memory is that of the last 200 calls that were handled, and of the
// last 1,000 callers who had to wait: few of them give up.
const (
	priorHandle  = 180.0 // s
	priorPatient = 900.0 // s
	priorWeight  = 4.0   // calls
	handleMemory = 1 - 1.0/200
	waitMemory   = 1 - 1.0/1000
)

// Took notes that a call took an agent that long.
func (r *Rates) Took(d time.Duration) {
	r.Handle = r.Handle*handleMemory + d.Seconds()
	r.Handled = r.Handled*handleMemory + 1
}

// Left notes that a caller has waited that long and then gave up, or not. Who did
// not wait has told nothing of his patience.
func (r *Rates) Left(wait time.Duration, gaveUp bool) {
	if wait <= 0 {
		return
	}
	r.GivenUp *= waitMemory
	r.Waited = r.Waited*waitMemory + wait.Seconds()
	if gaveUp {
		r.GivenUp++
	}
}

// HandleTime returns 1/μ, prior included.
func (r *Rates) HandleTime() float64 {
	return (r.Handle + priorWeight*priorHandle) / (r.Handled + priorWeight)
}

// GiveUpRate returns θ per second, prior included.
func (r *Rates) GiveUpRate() float64 {
	return (r.GivenUp + priorWeight) / (r.Waited + priorWeight*priorPatient)
}

// Estimate returns the estimate for a position, from 1, with that many agents
// (fractions count: an agent of k queues is 1/k); ok is false without any.
func (r *Rates) Estimate(position int, agents float64) (e Estimate, ok bool) {
	if agents <= 0 || position < 1 {
		return Estimate{}, false
	}
	mean, variance := wait(position, agents/r.HandleTime(), r.GiveUpRate())
	return Estimate{Mean: fromSeconds(mean), P80: fromSeconds(quantile80(mean, variance))}, true
}

// wait returns mean and variance of the time until a position is served, with
// the rate n·μ and callers ahead who give up at the rate θ each.
func wait(position int, rate, theta float64) (mean, variance float64) {
	p := float64(position)
	c := rate / theta
	switch {
	case !(c < 1e8*p): // the sum of p equal terms; ψ would differ by rounding alone
		return p / rate, p / (rate * rate)
	case c < 1e6:
		mean = (digamma(c+p) - digamma(c)) / theta
	default: // ln(1+p/c) is exact where ψ(c+p) and ψ(c) are nearly the same
		mean = (math.Log1p(p/c) + p/(2*c*(c+p))) / theta
	}
	return mean, (trigamma(c) - trigamma(c+p)) / (theta * theta)
}

// fromSeconds rounds to whole seconds: an estimate is not known any closer.
func fromSeconds(s float64) time.Duration {
	const most = 100 * 24 * 3600
	return time.Duration(math.Round(min(s, most))) * time.Second
}

// quantile80 is the 80 % quantile of the gamma distribution with that mean and
// variance, after Wilson and Hilferty (1931).
func quantile80(mean, variance float64) float64 {
	const z = 0.8416212335729143 // of the normal distribution
	if mean <= 0 || variance <= 0 {
		return mean
	}
	k := mean * mean / variance
	f := 1 - 1/(9*k) + z*math.Sqrt(1/(9*k))
	return mean * f * f * f
}

// digamma is ψ(x) for x > 0: recurrence up to 10, then the asymptotic series
// (Abramowitz & Stegun 6.3.5, 6.3.18); to about 1e-12.
func digamma(x float64) float64 {
	s := 0.0
	for x < 10 {
		s -= 1 / x
		x++
	}
	f := 1 / (x * x)
	return s + math.Log(x) - 0.5/x -
		f*(1.0/12-f*(1.0/120-f*(1.0/252-f*(1.0/240-f*(1.0/132)))))
}

// trigamma is ψ′(x) for x > 0 (Abramowitz & Stegun 6.4.6, 6.4.12).
func trigamma(x float64) float64 {
	s := 0.0
	for x < 10 {
		s += 1 / (x * x)
		x++
	}
	f := 1 / (x * x)
	return s + 1/x + f/2 + f/x*(1.0/6-f*(1.0/30-f*(1.0/42-f*(1.0/30-f*(5.0/66)))))
}

// Score is how good a queue's estimates were: of the callers who were answered,
// what was estimated at the join against what they waited (B64).
type Score struct {
	N       uint64  `json:"n,omitempty"`
	Error   float64 `json:"error,omitempty"`   // Σ (estimated − waited), s
	Squared float64 `json:"squared,omitempty"` // Σ (estimated − waited)², s²
}

// Add notes one.
func (s *Score) Add(estimated, waited time.Duration) {
	d := (estimated - waited).Seconds()
	s.N++
	s.Error += d
	s.Squared += d * d
}

// Bias returns the mean error: positive if estimates are too long.
func (s Score) Bias() time.Duration { return fromSeconds(s.Error / float64(max(s.N, 1))) }

// MeanSquared returns the mean squared error in s².
func (s Score) MeanSquared() float64 { return s.Squared / float64(max(s.N, 1)) }

// wholeShare is the share of an agent who has one queue only.
const wholeShare = 720720 // divided by 1..16 without a rest

// goesFirst reports whether nobody ahead of e takes m before it: those ahead are
// being rung or connected, and m is one more who is free.
func (q *Queue) goesFirst(now agent.Instant, e *Entry, m *Member) bool {
	other := q.Takes(now, m)
	return other == nil || other == e || q.Line.Before(e, other)
}

// Estimate returns how long an entry at a position will wait yet; ok is false if
// nobody is staffed. It is 0 if an agent is free who can take position 1 now, or
// this entry because all those ahead of it have somebody (B64).
func (q *Queue) Estimate(now agent.Instant, e *Entry, position int) (Estimate, bool) {
	if q.levels.total == 0 {
		return Estimate{}, false
	}
	if e.Holds == 0 && q.available > 0 {
		if position == 1 && q.forAnybody(e) {
			return Estimate{}, true
		}
		if m := q.peek(now, e); m != nil && (position == 1 || q.goesFirst(now, e, m)) {
			return Estimate{}, true
		}
	}
	return q.Rates.Estimate(position, float64(q.share)/wholeShare)
}
