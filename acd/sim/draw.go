package sim

import (
	"math"
	"math/rand/v2"
	"time"
)

// purpose is what a stream of random numbers is for. Each queue has streams of
// its own for each, so that what callers do never depends on whom they reach:
// common random numbers (Law 2015, ch. 11).
type purpose uint64

const (
	drawsArrivals purpose = iota + 1
	drawsService
	drawsPatience
	drawsCallers
	drawsBusyness
	drawsPhones // of a group of agents
	drawsTies   // of phones that are answered at the same instant
	drawsEngine
)

// stream returns a source of its own for a purpose of the who-th thing in a
// replication.
func stream(seed uint64, replication int, what purpose, who int) *rand.Rand {
	h := mix(seed)
	h = mix(h ^ uint64(replication))
	h = mix(h ^ uint64(what))
	h = mix(h ^ uint64(who))
	return rand.New(rand.NewPCG(h, mix(h)))
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014) after its step:
// neighbouring seeds give streams that have nothing in common.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// longest is the longest time that is drawn, in ns: 200 years would not fit.
const longest = float64(mostSeconds) * 1e9

// sampler draws from a distribution.
type sampler struct {
	Dist
	random *rand.Rand
	mu     []float64 // of Lognormal, by period
	sigma  []float64
}

func newSampler(d Dist, random *rand.Rand) sampler {
	s := sampler{Dist: d, random: random}
	if d.Law == Lognormal {
		for _, m := range d.Mean.Values {
			v := math.Log1p(d.SD * d.SD / (m * m))
			s.mu = append(s.mu, math.Log(m)-v/2)
			s.sigma = append(s.sigma, math.Sqrt(v))
		}
	}
	return s
}

// draw returns a value with the mean of a time since the beginning.
func (s *sampler) draw(at int64) float64 {
	if s.Law == Empirical {
		return s.Values[s.random.IntN(len(s.Values))]
	}
	i := s.Mean.index(at)
	switch mean := s.Mean.Values[i]; s.Law {
	case Exponential:
		return mean * s.random.ExpFloat64()
	case Gamma:
		return mean / s.Shape * gamma(s.random, s.Shape)
	case Lognormal:
		return math.Exp(s.mu[i] + s.sigma[i]*s.random.NormFloat64())
	default:
		return mean
	}
}

// time draws a time in ns.
func (s *sampler) time(at int64) int64 {
	return int64(min(s.draw(at)*1e9+0.5, longest))
}

// gamma draws from the gamma distribution of a shape with scale 1, after
// Marsaglia and Tsang (2000): a squeeze around the cube of a normal variate, and
// for shapes below 1 their boost by a uniform one.
func gamma(random *rand.Rand, shape float64) float64 {
	if shape < 1 {
		u := 1 - random.Float64()
		return gamma(random, shape+1) * math.Pow(u, 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := 1 - random.Float64()
		if u < 1-0.0331*x*x*x*x || math.Log(u) < 0.5*x*x+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// clock says when calls arrive: a Poisson process of a rate that is constant
// within periods. Each gap is one draw, the expected number of arrivals in it, so
// that the rate of one period does not shift the draws of the next.
type clock struct {
	random *rand.Rand
	rates  []float64 // per ns
	period int64     // 0: one rate for ever
	at     int64     // the last arrival
}

func newClock(a Arrivals, busyness float64, random *rand.Rand) clock {
	c := clock{random: random, period: int64(a.PerHour.Period)}
	for _, r := range a.PerHour.Values {
		c.rates = append(c.rates, r*busyness/float64(time.Hour))
	}
	return c
}

// next moves to the next arrival before end; ok is false if there is none.
func (c *clock) next(end int64) (at int64, ok bool) {
	left := c.random.ExpFloat64()
	at = c.at
	for at < end {
		k, until := c.step(at, end)
		if rate := c.rates[k]; rate > 0 {
			if gap := left / rate; gap < float64(until-at) {
				c.at = at + int64(gap)
				return c.at, c.at < end
			}
			left -= float64(until-at) * rate
		}
		at = until
	}
	c.at = end
	return end, false
}

// step returns which rate holds at a time, and until when.
func (c *clock) step(at, end int64) (k int, until int64) {
	last := int64(len(c.rates) - 1)
	if c.period == 0 || last == 0 {
		return 0, end
	}
	if i := at / c.period; i < last {
		return int(i), min((i+1)*c.period, end)
	}
	return int(last), end
}
