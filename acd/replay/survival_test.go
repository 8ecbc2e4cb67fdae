package replay

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// seconds makes observations: positive ones came, negative ones are censored.
func seconds(times ...int) []Observation {
	var obs []Observation
	for _, t := range times {
		obs = append(obs, Observation{For: time.Duration(max(t, -t)) * time.Second, Came: t > 0})
	}
	return obs
}

// The remission times of Freireich et al. (1963), group 6-MP, as every textbook
// has them: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+.
func TestKaplanMeierTextbook(t *testing.T) {
	t.Parallel()
	s := KaplanMeier(seconds(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35))
	for at, want := range map[int]float64{5: 1, 6: 0.857, 7: 0.807, 9: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448, 40: 0.448} {
		assert.InDelta(t, want, s.At(time.Duration(at)*time.Second), 0.0005, "at %d", at)
	}
	median, ok := s.Median()
	assert.True(t, ok)
	assert.Equal(t, 23*time.Second, median)
	assert.Equal(t, 21, s.N())
}

func TestKaplanMeierWithoutCensoringIsTheEmpiricalDistribution(t *testing.T) {
	t.Parallel()
	s := KaplanMeier(seconds(4, 1, 3, 2))
	for i := range 5 {
		assert.InDelta(t, 1-float64(i)/4, s.At(time.Duration(i)*time.Second), 1e-12)
	}
}

func TestKaplanMeierOfNothing(t *testing.T) {
	t.Parallel()
	s := KaplanMeier(nil)
	assert.InDelta(t, 1.0, s.At(time.Hour), 0)
	_, ok := s.Between(0, time.Hour, 0.5)
	assert.False(t, ok)
	_, ok = s.Median()
	assert.False(t, ok)
}

func TestBetweenDrawsByTheEstimate(t *testing.T) {
	t.Parallel()
	s := KaplanMeier(seconds(1, 2, 2, 3, -4, 5, -8))
	const n = 70000
	counts := make(map[time.Duration]int)
	for i := range n {
		d, ok := s.Between(-1, time.Hour, (float64(i)+0.5)/n)
		assert.True(t, ok)
		counts[d]++
	}
	before := 1.0
	for at, left := range s.Steps() {
		assert.InDelta(t, before-left, float64(counts[at])/n, 1e-3, "%v", at)
		before = left
	}
	assert.InDelta(t, before, float64(counts[8*time.Second])/n, 1e-3, "the rest comes with the longest (Efron)")
}

func TestBetweenKeepsItsLimits(t *testing.T) {
	t.Parallel()
	s := KaplanMeier(seconds(1, 2, 3, 5, 8, -8, -9))
	for low := -1; low < 11; low++ {
		for high := low; high < 12; high++ {
			for _, u := range []float64{0, 0.3, 0.999999, math.Nextafter(1, 0)} {
				d, ok := s.Between(time.Duration(low)*time.Second, time.Duration(high)*time.Second, u)
				if ok {
					assert.Greater(t, d, time.Duration(low)*time.Second)
					assert.LessOrEqual(t, d, time.Duration(high)*time.Second)
				}
			}
		}
	}
	_, ok := s.Between(9*time.Second, time.Hour, 0.5)
	assert.False(t, ok, "nothing is known beyond the longest")
	_, ok = s.Between(3*time.Second, 4*time.Second, 0.5)
	assert.False(t, ok, "no event then")
}
