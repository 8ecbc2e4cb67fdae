package sim

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// moments draws many and returns mean and standard deviation.
func moments(d Dist, n int) (mean, sd float64) {
	s := newSampler(d, stream(7, 0, drawsService, int(d.Law)))
	for range n {
		x := s.draw(0)
		mean += x / float64(n)
		sd += x * x / float64(n)
	}
	return mean, math.Sqrt(sd - mean*mean)
}

func TestDistributionsHaveTheirMoments(t *testing.T) {
	t.Parallel()
	const n = 100_000
	of := func(d Dist, m float64) Dist { d.Mean = Steps{Values: []float64{m}}; return d }
	for _, c := range []struct {
		d        Dist
		mean, sd float64
		kurtosis float64 // for the error of the deviation
	}{
		{of(Dist{}, 30), 30, 0, 1},
		{of(Dist{Law: Exponential}, 120), 120, 120, 9},
		{of(Dist{Law: Gamma, Shape: 28.7}, 1), 1, 1 / math.Sqrt(28.7), 3 + 6/28.7},
		{of(Dist{Law: Gamma, Shape: 0.4}, 50), 50, 50 / math.Sqrt(0.4), 3 + 6/0.4},
		{of(Dist{Law: Lognormal, SD: 60}, 180), 180, 60, 6},
		{Dist{Law: Empirical, Values: []float64{1, 2, 3, 6}}, 3, math.Sqrt(3.5), 2.1},
	} {
		mean, sd := moments(c.d, n)
		assert.InDelta(t, c.mean, mean, 5*c.sd/math.Sqrt(n)+1e-9, c.d.Law)
		assert.InDelta(t, c.sd, sd, 5*c.sd*math.Sqrt((c.kurtosis-1)/4/n)+1e-4, c.d.Law) // the rounding of a square root of nearly 0
	}
}

// Kolmogorov and Smirnov: the gamma law of shape 2 is 1 − (1+2x)·exp(−2x) at mean 1,
// and the lognormal one that of its normal logarithm.
func TestDistributionsHaveTheirShape(t *testing.T) {
	t.Parallel()
	one := Steps{Values: []float64{1}}
	v := math.Log1p(0.5 * 0.5)
	for _, c := range []struct {
		d   Dist
		cdf func(x float64) float64
	}{
		{Dist{Law: Exponential, Mean: one}, func(x float64) float64 { return 1 - math.Exp(-x) }},
		{Dist{Law: Gamma, Shape: 2, Mean: one}, func(x float64) float64 { return 1 - (1+2*x)*math.Exp(-2*x) }},
		{Dist{Law: Lognormal, SD: 0.5, Mean: one}, func(x float64) float64 { return math.Erfc(-(math.Log(x)+v/2)/math.Sqrt(2*v)) / 2 }},
	} {
		const n = 20_000
		s := newSampler(c.d, stream(8, 1, drawsPatience, 0))
		var cells [100]float64 // of equal probability: χ² with 99 degrees of freedom
		for range n {
			cells[min(int(100*c.cdf(s.draw(0))), 99)]++
		}
		chi := 0.0
		for _, k := range cells {
			chi += (k - n/100) * (k - n/100) / (n / 100)
		}
		assert.Less(t, chi, 160.0, c.d.Law) // 99 + 4.3 deviations of 14.1
	}
}

func TestStreamsHaveNothingInCommon(t *testing.T) {
	t.Parallel()
	seen := make(map[uint64]bool)
	for seed := range uint64(4) {
		for replication := range 4 {
			for what := drawsArrivals; what <= drawsEngine; what++ {
				for who := range 4 {
					x := stream(seed, replication, what, who).Uint64()
					assert.False(t, seen[x])
					seen[x] = true
					assert.Equal(t, x, stream(seed, replication, what, who).Uint64(), "and each is always the same")
				}
			}
		}
	}
}

func TestArrivalsFollowTheirRates(t *testing.T) {
	t.Parallel()
	const hour = int64(time.Hour)
	a := Arrivals{PerHour: Steps{Values: []float64{6000, 0, 18000}, Period: time.Hour}}
	c := newClock(a, 0.5, stream(1, 0, drawsArrivals, 0))
	var counts [4]float64
	last := int64(-1)
	for {
		at, ok := c.next(4 * hour)
		if !ok {
			break
		}
		assert.GreaterOrEqual(t, at, last)
		last = at
		counts[at/hour]++
	}
	for i, want := range []float64{3000, 0, 9000, 9000} { // the last value holds on
		assert.InDelta(t, want, counts[i], 5*math.Sqrt(want)+1e-9, i)
	}
	_, ok := c.next(4 * hour)
	assert.False(t, ok, "and no more")
}

// The draws of later periods do not shift when an earlier one has another rate of
// the same expected number, nor services when their mean changes.
func TestDrawsKeepTheirPlace(t *testing.T) {
	t.Parallel()
	c := newClock(Arrivals{PerHour: Steps{Values: []float64{60}}}, 1, stream(1, 0, drawsArrivals, 0))
	d := newClock(Arrivals{PerHour: Steps{Values: []float64{120, 60}, Period: time.Hour}}, 1, stream(1, 0, drawsArrivals, 0))
	for range 200 {
		x, _ := c.next(math.MaxInt64)
		y, _ := d.next(math.MaxInt64)
		if x < int64(2*time.Hour) {
			assert.InDelta(t, x/2, y, 300)
		} else {
			assert.InDelta(t, x-int64(time.Hour), y, 300)
		}
	}
	s := newSampler(exponential(100), stream(1, 0, drawsService, 0))
	u := newSampler(Dist{Law: Exponential, Mean: Steps{Values: []float64{100, 50}, Period: time.Second}}, stream(1, 0, drawsService, 0))
	for i := range int64(100) {
		factor := 1.0
		if i >= 50 {
			factor = 0.5
		}
		assert.InDelta(t, factor*s.draw(0), u.draw(i*int64(time.Second)/50), 1e-9)
	}
}

func TestAgendaIsInOrder(t *testing.T) {
	t.Parallel()
	const n = 200
	r := stream(3, 0, drawsTies, 0)
	a := agenda{place: make([]int32, n)}
	want := make(map[int32]item)
	for range 5000 {
		who := int32(r.IntN(n))
		switch r.IntN(4) {
		case 0:
			a.drop(who)
			delete(want, who)
		case 1:
			if x, ok := a.next(); ok {
				for _, y := range want {
					assert.False(t, y.before(&x), "%v before %v", y, x)
				}
				assert.Equal(t, want[x.who], x)
			}
		default:
			x := item{int64(r.IntN(1000)), order(deed(r.IntN(5)), uint64(r.IntN(3))), who}
			a.set(x.who, x.at, x.order)
			want[who] = x
		}
	}
	assert.Len(t, a.heap, len(want))
}
