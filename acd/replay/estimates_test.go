package replay

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/queue"
)

func TestEstimateErrorsByHand(t *testing.T) {
	t.Parallel()
	log := logOf(answered(0, 0, 100, "A"), answered(0, 0, 300, "B"), answered(300, 0, 200, "A"), hungUp(900, 30), answered(1000, 40, 200, "A"), answered(1200, 0, 200, "A"))
	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	for i := range p.calls {
		p.calls[i].ring, p.calls[i].after = 4*time.Second, 6*time.Second
	}
	told := func(position, staffed int, mean, p80, last float64) Told {
		return Told{Known: true, Estimate: queue.Estimate{Mean: secs(mean), P80: secs(p80)}, Position: position, Staffed: staffed, Last: secs(last)}
	}
	answer := func(wait, talk float64, told Told) Played {
		return Played{Outcome: queue.Answered, Wait: secs(wait), Talk: secs(talk), Agent: "A", Told: told}
	}
	n := p.Numbers("", []Played{
		answer(100, 100, told(2, 2, 130, 160, 50)),
		answer(80, 300, told(1, 2, 70, 79, 0)),
		answer(3, 200, told(1, 2, 0, 0, 80)), // an agent was free, and rang
		{Outcome: queue.Abandoned, Wait: secs(900), Told: told(9, 1, 60, 90, 3)},
		answer(40, 200, Told{Position: 1, Last: secs(3)}), // nobody was staffed
		answer(0, 200, Told{}),                            // nothing was told
	})
	// The mean handling time is 4 + 200 + 6 s: by position 210 and 105 s.
	root := func(squares ...float64) float64 {
		sum := 0.0
		for _, x := range squares {
			sum += x * x
		}
		return math.Sqrt(sum / float64(len(squares)))
	}
	expect := func(want, got Value) { t.Helper(); assert.InDelta(t, float64(want), float64(got), 1e-9) }
	d, a := n.Estimates.Delayed, n.Estimates.All
	assert.Equal(t, 1, n.Estimates.Unknown)
	assert.Equal(t, 2, d.Callers)
	expect(10, d.Bias) // +30, −10
	expect(Value(root(30, -10)), d.RMSE)
	expect(0.5, d.WithinP80)
	expect(Value((110+25)/2.0), d.ByPosition.Bias)
	expect(Value(root(110, 25)), d.ByPosition.RMSE)
	expect(Value((-50-80)/2.0), d.ByLast.Bias)
	expect(Value(root(-50, -80)), d.ByLast.RMSE)
	assert.Equal(t, 3, a.Callers)
	expect(Value(17.0/3), a.Bias)
	expect(Value(root(30, -10, -3)), a.RMSE)
	expect(Value(1.0/3), a.WithinP80)
	expect(Value(root(110, 25, -3)), a.ByPosition.RMSE)
	expect(Value(root(-50, -80, -3)), a.ByLast.RMSE)

	real, err := json.Marshal(p.Numbers("", log.Real()).Estimates)
	require.NoError(t, err)
	none := `{"callers":0,"bias":null,"rmse":null,"within_p80":null,"by_position":{"bias":null,"rmse":null},"by_last_answered":{"bias":null,"rmse":null}}`
	assert.JSONEq(t, `{"delayed":`+none+`,"all":`+none+`,"unknown":0}`, string(real))
}

// One agent, and a line: what each caller is told follows from who is before him.
func TestReplayTellsEveryCallerAtHisJoin(t *testing.T) {
	t.Parallel()
	log := logOf(answered(0, 0, 100, "A"), answered(50, 50, 60, "A"), hungUp(60, 20), answered(70, 90, 40, "A"), answered(85, 115, 10, "A"))
	played := play(t, log, Rules{Strategy: "CYCLIC_HUNT"})
	require.Equal(t, log.Real(), outcomes(played))
	assert.True(t, played[0].Told.Free())
	for i, want := range map[int]Told{0: {Position: 1}, 1: {Position: 1}, 2: {Position: 2}, 3: {Position: 3}, 4: {Position: 3}} {
		told := played[i].Told
		assert.True(t, told.Known)
		assert.Equal(t, i == 0, told.Free(), i)
		assert.Equal(t, want.Position, told.Position, i)
		assert.Equal(t, 1, told.Staffed, i)
		assert.Zero(t, told.Last, i)
	}
	// Nothing has been handled yet, and nobody has given up: the priors speak.
	assert.Equal(t, 180*time.Second, played[1].Told.Estimate.Mean)
	assert.Equal(t, 330*time.Second, played[2].Told.Estimate.Mean) // 180 + 1/(1/180 + 1/900)
}

// The estimate is nearer to what callers wait than the usual guesses, of which
// one knows the true handling time, and the 80 % quantile is kept.
func TestB64_EstimatesBeatTheUsualGuessesInAReplay(t *testing.T) {
	t.Parallel()
	c, err := Compare(randomLog(3000, 55), Options{Strategies: []string{"CYCLIC_HUNT", "LEAST_WORKED_HUNT"}})
	require.NoError(t, err)
	for _, n := range c.Strategies {
		beats(t, n, 500)
	}
}

// beats expects that the estimate beats the usual guesses.
func beats(t *testing.T, n Numbers, callers int) {
	t.Helper()
	e := n.Estimates.Delayed
	assert.GreaterOrEqual(t, e.Callers, callers, n.Name)
	assert.Less(t, e.RMSE, e.ByPosition.RMSE, n.Name)
	assert.Less(t, e.RMSE, e.ByLast.RMSE, n.Name)
	// Who is answered has not waited longer than he would: at least four of five.
	assert.Greater(t, float64(e.WithinP80), 0.78, n.Name)
	assert.Less(t, float64(e.WithinP80), 0.97, n.Name)
	assert.LessOrEqual(t, n.Estimates.All.RMSE, e.RMSE, n.Name)
}
