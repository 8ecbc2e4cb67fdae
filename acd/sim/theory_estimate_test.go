package sim

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// rates are those of a queue that knows its handling time and patience.
func rates(aht float64, patience *float64) queue.Rates {
	const much = 1e12 // priors weigh nothing beside it
	r := queue.Rates{Handle: aht * much, Handled: much, Waited: 1e18}
	if patience != nil {
		r.GivenUp, r.Waited = much, *patience*much
	}
	return r
}

// The library's estimate at each position is the exact mean, and its 80 % quantile
// that of a gamma distribution with the exact mean and deviation (B64).
func TestTheory_B64_Estimates(t *testing.T) {
	t.Parallel()
	rows := readTheory(t).Estimates
	require.Len(t, rows, 36)
	for _, row := range rows {
		r := rates(row.AHT, row.Patience)
		e, ok := r.Estimate(row.Position, row.Agents)
		require.True(t, ok)
		assert.InDelta(t, row.Mean, e.Mean.Seconds(), 0.5, "%+v", row) // whole seconds are announced
		k := row.Mean * row.Mean / (row.SD * row.SD)
		wilson := 1 - 1/(9*k) + 0.8416212335729143*math.Sqrt(1/(9*k))
		assert.InDelta(t, row.Mean*wilson*wilson*wilson, e.P80.Seconds(), 0.5, "%+v", row)
	}
}

// batches gives the mean of a series and its standard error by the method of batch
// means (Law 2015, ch. 9), since waits that follow each other are alike.
func batches(x []float64) (mean, se float64) {
	const n = 20
	var all [n]float64
	for i := range n {
		part := x[len(x)*i/n : len(x)*(i+1)/n]
		for _, v := range part {
			all[i] += v / float64(len(part))
		}
		mean += all[i] / n
	}
	for _, m := range all {
		se += (m - mean) * (m - mean)
	}
	return mean, math.Sqrt(se / (n - 1) / n)
}

// crowded is a line of the agents of a row that is rarely empty.
func crowded(agents, aht float64, patience *float64, load float64) *theoryCase {
	c := &theoryCase{}
	c.Params.Agents = int(agents)
	c.Params.Lam = []float64{load / aht}
	c.Params.Service = [][2]any{{"exp", aht}}
	if patience != nil {
		c.Params.PatienceExp = *patience
	}
	return c
}

// Those who join at a position wait that long: without patience the mean of the
// row; with it, of those who are answered, the mean of the sum of exponential times
// at the rates n·μ + i·θ, i = 1..position, since who is answered was as patient as
// the others had to be.
func TestTheory_WaitsByPosition(t *testing.T) {
	t.Parallel()
	rows := readTheory(t).Estimates
	paths := make(map[string]map[int][]float64)
	tested := 0
	for _, row := range rows {
		key := fmt.Sprint(row.Agents, row.AHT, row.Patience != nil)
		if paths[key] == nil {
			load := 0.95 * row.Agents
			if row.Patience != nil {
				load = 1.3 * row.Agents
			}
			c := crowded(row.Agents, row.AHT, row.Patience, load)
			_, w := play(t, c.config(strategy.CyclicHunt.Name, callsOf(t)/2, 5), nil)
			paths[key] = make(map[int][]float64)
			for _, x := range w.all {
				if x.counted && x.outcome == queue.Answered && x.wait > 0 {
					paths[key][x.position] = append(paths[key][x.position], x.wait.Seconds())
				}
			}
		}
		waits := paths[key][row.Position]
		if len(waits) < 200 {
			continue // such a line is too rare
		}
		want := row.Mean
		if row.Patience != nil {
			want = 0
			for i := range row.Position {
				want += 1 / (row.Agents/row.AHT + float64(i+1) / *row.Patience)
			}
		}
		tested++
		mean, se := batches(waits)
		assert.InDelta(t, want, mean, 5*se, "%+v: %d callers", row, len(waits))
	}
	assert.GreaterOrEqual(t, tested, 20)
}

// How good estimates are, beside what theory says of them: an estimate by position
// and the true rates (QL) has the mean squared error of the row, announcing the mean
// wait one that is 1/(1−ρ) times as large, and what others announce, the wait of the
// last who was served (LES) or of the head of the line (HOL), about twice that of QL.
// The library's own estimate, which has learned its rates from the calls, is nearly
// as good as QL.
func TestTheory_B64_QualityOfEstimates(t *testing.T) {
	t.Parallel()
	for _, row := range readTheory(t).Errors {
		if row.Agents > 25 && long.Time(t) == 0 {
			continue // needs more calls to settle
		}
		t.Run(fmt.Sprintf("%g agents, load %g", row.Agents, row.Load), func(t *testing.T) {
			t.Parallel()
			c := crowded(row.Agents, row.AHT, nil, row.Load)
			_, w := play(t, c.config(strategy.CyclicHunt.Name, 2*callsOf(t), 6), nil)
			var ql, library, les, hol, plain []float64
			for _, x := range w.all {
				if !x.counted || x.outcome != queue.Answered || x.wait == 0 {
					continue
				}
				require.GreaterOrEqual(t, x.estimate, time.Duration(0), "everybody who waits is told")
				square := func(said float64) float64 { return (said - x.wait.Seconds()) * (said - x.wait.Seconds()) }
				ql = append(ql, square(float64(x.position)*row.AHT/row.Agents))
				library = append(library, square(x.estimate.Seconds()))
				les, hol = append(les, square(x.last.Seconds())), append(hol, square(x.head.Seconds()))
				plain = append(plain, square(row.AHT/(row.Agents-row.Load)))
			}
			byPosition, se := batches(ql)
			assert.InDelta(t, row.QL, byPosition, 5*se)
			byMean, seMean := batches(plain)
			assert.InDelta(t, row.Mean, byMean, 5*seMean)
			own, _ := batches(library)
			last, _ := batches(les)
			head, _ := batches(hol)
			t.Logf("QL %.0f (theory %.0f), library %.0f, HOL %.0f, LES %.0f, mean %.0f (theory %.0f)", byPosition, row.QL, own, head, last, byMean, row.Mean)
			assert.Less(t, own, 1.25*byPosition)
			assert.Less(t, own, 0.8*last)
			assert.Less(t, own, 0.8*head)
		})
	}
}

// guess is the error of one way to say how long a caller will wait.
type guess struct{ n, bias, squared float64 }

func (g *guess) add(said float64, waited time.Duration) {
	d := said - waited.Seconds()
	g.n, g.bias, g.squared = g.n+1, g.bias+d, g.squared+d*d
}

func (g *guess) String() string {
	return fmt.Sprintf("%.0f s², bias %+.0f s", g.squared/g.n, g.bias/g.n)
}

// With callers who give up, the estimate at the join is better in mean squared error
// than position × mean handling time / agents, which is told the true handling time
// here, and than the wait of the last one who had waited and was answered. Compared
// are the callers who found everybody busy and were answered, the first ones too, of
// whom the queue has yet to learn. The figures stand in the documentation of package
// queue.
func TestB64_BeatsTheUsualGuesses(t *testing.T) {
	t.Parallel()
	for i, traffic := range []struct{ agents, perHour, talk, patience, ring float64 }{
		{10, 240, 180, 300, 0},
		{10, 190, 180, 600, 6},
		{3, 90, 150, 240, 4},
		{40, 960, 180, 180, 0},
	} {
		t.Run(fmt.Sprintf("%g agents, %g calls/h", traffic.agents, traffic.perHour), func(t *testing.T) {
			t.Parallel()
			c := crowded(traffic.agents, traffic.talk, &traffic.patience, traffic.perHour*traffic.talk/3600)
			config := c.config(strategy.CyclicHunt.Name, 0.9*6000, uint64(i)+1)
			config.Warmup, config.Agents[0].Answer = 0, constant(traffic.ring)
			_, w := play(t, config, nil)
			var own, position, last guess
			for _, x := range w.all {
				if !x.done || x.outcome != queue.Answered || x.estimate <= 0 {
					continue
				}
				own.add(x.estimate.Seconds(), x.wait)
				position.add(float64(x.position)*(traffic.talk+traffic.ring)/traffic.agents, x.wait)
				last.add(x.last.Seconds(), x.wait)
			}
			t.Logf("of %.0f callers: estimate %v; position × handling time / agents %v; last answered %v", own.n, &own, &position, &last)
			assert.Greater(t, own.n, 1000.0)
			assert.Less(t, own.squared, position.squared)
			assert.Less(t, own.squared, last.squared)
			assert.InDelta(t, 0, own.bias/own.n, 30)
			assert.GreaterOrEqual(t, float64(w.score.N), own.n, "and the queue's own score is published")
			assert.Positive(t, w.score.MeanSquared())
		})
	}
}
