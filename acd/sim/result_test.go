package sim

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Quantiles as tables have them (Abramowitz & Stegun, table 26.10).
func TestStudent(t *testing.T) {
	t.Parallel()
	for nu, want := range map[float64]float64{1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 10: 2.228, 19: 2.093, 30: 2.042, 60: 2.000, 120: 1.980, 99_999: 1.960} {
		assert.InDelta(t, want, student(nu), 0.0006, nu)
	}
}

func TestMeansAndRatios(t *testing.T) {
	t.Parallel()
	m := mean([]float64{1, 2, 3, 6})
	assert.InDelta(t, 3, m.Mean, 1e-12)
	assert.InDelta(t, 3.18245*math.Sqrt(14.0/3/4), m.HalfWidth, 1e-4) // Σ(x−3)² = 14
	r := ratio([]float64{2, 2, 8}, []float64{1, 2, 3})
	assert.InDelta(t, 2, r.Mean, 1e-12)
	assert.InDelta(t, 4.30265*math.Sqrt(8.0/2/3)/2, r.HalfWidth, 1e-4) // y − 2x: 0, −2, 2
	assert.True(t, math.IsNaN(mean([]float64{4}).HalfWidth))
	assert.InDelta(t, 4, mean([]float64{4}).Mean, 0)
	assert.True(t, math.IsNaN(ratio([]float64{0, 0}, []float64{0, 0}).Mean))
	x := ratio([]float64{3, 6}, []float64{1, 2})
	assert.InDelta(t, 0, x.HalfWidth, 1e-12, "exactly proportional")
	d := difference([]float64{5, 9}, []float64{1, 2}, []float64{4, 7}, []float64{1, 2})
	assert.InDelta(t, 14.0/3-11.0/3, d.Mean, 1e-12)
	assert.InDelta(t, 0, d.HalfWidth, 1e-12, "whatever moves both alike") // 5−4 = 1·1, 9−7 = 1·2
}

// About 95 of 100 intervals hold the truth: of a mean and of a ratio.
func TestIntervalsHoldTheTruth(t *testing.T) {
	t.Parallel()
	r := stream(5, 0, drawsTies, 1)
	const trials = 1500
	var held, ratios, differences float64
	for range trials {
		x, y, z := make([]float64, 12), make([]float64, 12), make([]float64, 12)
		for i := range x {
			x[i] = 50 + 5*r.NormFloat64()
			y[i] = 3*x[i] + 20*r.NormFloat64()
			z[i] = y[i] - 0.5*x[i] + 4*r.NormFloat64()
		}
		if m := mean(x); math.Abs(m.Mean-50) <= m.HalfWidth {
			held++
		}
		if m := ratio(y, x); math.Abs(m.Mean-3) <= m.HalfWidth {
			ratios++
		}
		if m := difference(y, x, z, x); math.Abs(m.Mean-0.5) <= m.HalfWidth {
			differences++
			assert.Less(t, m.HalfWidth, ratio(y, x).HalfWidth+ratio(z, x).HalfWidth)
		}
	}
	within := 5 * math.Sqrt(0.95*0.05/trials)
	assert.InDelta(t, 0.95, held/trials, within)
	assert.InDelta(t, 0.95, ratios/trials, within)
	assert.InDelta(t, 0.95, differences/trials, within)
}

func TestNumbersAsJSON(t *testing.T) {
	t.Parallel()
	for want, n := range map[string]Number{
		`{"mean":1.5,"half_width":0.25}`:  {1.5, 0.25},
		`{"mean":3,"half_width":null}`:    {3, math.NaN()},
		`{"mean":null,"half_width":null}`: {math.NaN(), math.NaN()},
	} {
		got, err := json.Marshal(n)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	assert.Equal(t, "1.50 ± 0.25", Number{1.5, 0.25}.text(2, 1))
	assert.Equal(t, "150", Number{1.5, math.NaN()}.text(0, 100))
	assert.Equal(t, "–", Number{math.NaN(), math.NaN()}.text(0, 100))
}

func TestSumsBeyond64Bits(t *testing.T) {
	t.Parallel()
	var a, b sum
	for range 5 {
		a.add(math.MaxInt64)
	}
	b.addProduct(5, math.MaxInt64)
	assert.Equal(t, a, b)
	assert.InDelta(t, 5*float64(math.MaxInt64)/1e9, a.seconds(), 1)
	a.addSum(b)
	assert.InDelta(t, 10*float64(math.MaxInt64)/1e9, a.seconds(), 1)
}

func TestPageAndTablesOfARun(t *testing.T) {
	t.Parallel()
	c := centre(2)
	c.Queues[0].Name, c.Agents[0].Queues[0].Queue = "a<b>", "a<b>"
	r, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	var page, text bytes.Buffer
	require.NoError(t, r.Page().Write(&page))
	for _, title := range []string{"Service level over the day", "Answered within", "Occupancy of each agent", "a&lt;b&gt;"} {
		assert.Contains(t, page.String(), title)
	}
	assert.NotContains(t, page.String(), "NaN")
	require.NoError(t, r.WriteText(&text))
	assert.Contains(t, text.String(), "Means of 2 replications")

	compared, err := Compare(t.Context(), c, []string{"CYCLIC_HUNT", "PRIORITIZED_HUNT"}, Options{})
	require.NoError(t, err)
	page.Reset()
	require.NoError(t, compared.Page().Write(&page))
	assert.Contains(t, page.String(), "Group team")
	assert.Contains(t, page.String(), "less CYCLIC_HUNT")
	require.Len(t, compared.Differences, 1)
	d := compared.Differences[0]
	assert.Equal(t, "PRIORITIZED_HUNT", d.Strategy)
	assert.InDelta(t, compared.Results[1].Total.Wait.Mean-compared.Results[0].Total.Wait.Mean, d.Wait.Mean, 1e-9)
	assert.InDelta(t, compared.Results[1].Total.ServiceLevel.Mean-compared.Results[0].Total.ServiceLevel.Mean, d.ServiceLevel.Mean, 1e-9)
	_, err = Compare(t.Context(), c, []string{"NONE"}, Options{})
	assert.ErrorContains(t, err, "NONE")
}
