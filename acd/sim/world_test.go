package sim

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// centre is an hour of a small contact centre that has a bit of everything.
func centre(replications int) Config {
	p := queue.Defaults()
	p.PollingStrategy, p.SLATime = "CYCLIC_HUNT", 20*time.Second
	patience := exponential(90)
	return Config{
		Seed: 11, Replications: replications, Horizon: time.Hour, Warmup: 5 * time.Minute, Drain: true,
		Busyness: &Dist{Law: Gamma, Shape: 20, Mean: Steps{Values: []float64{1}}},
		Queues: []Queue{{
			Name: "desk", Properties: p,
			Arrivals: Arrivals{PerHour: Steps{Values: []float64{100, 160}, Period: 30 * time.Minute}, Callers: 40},
			Service:  Dist{Law: Lognormal, Mean: Steps{Values: []float64{100}}, SD: 60}, Patience: &patience,
		}},
		Agents: []Group{{
			Name: "team", Count: Steps{Values: []float64{3, 6, 4}, Period: 20 * time.Minute},
			Queues: []Place{{"desk", 1}}, Answer: exponential(3), NoAnswer: 0.05,
		}},
	}
}

// playOut plays a replication from beginning to end.
func (p *plan) playOut(t testing.TB, replication int) *world {
	t.Helper()
	w, err := p.newWorld(replication)
	require.NoError(t, err)
	require.NoError(t, w.run(func(int64) error { return nil }))
	return w
}

// text returns a result without its wall time.
func text(t *testing.T, r *Result) string {
	t.Helper()
	r.Engine.WallSeconds, r.Engine.CallsPerSecond = 0, 0
	data, err := json.Marshal(r)
	require.NoError(t, err)
	return string(data)
}

// The same seed and configuration give the same result, whatever processor plays
// which replication when; another seed gives another one.
func TestSameSeedSameResult(t *testing.T) {
	t.Parallel()
	c := centre(6)
	r, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	p, err := newPlan(c, nil)
	require.NoError(t, err)
	samples, d := make([]sample, 6), newDetail(p)
	for _, i := range []int{3, 1, 5, 0, 2, 4} {
		w := p.playOut(t, i)
		samples[i] = w.sample
		d.add(w.detail)
	}
	assert.Equal(t, text(t, newResult(p, samples, d)), text(t, r))
	assert.Equal(t, d, r.detail)
	c.Seed++
	other, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	assert.NotEqual(t, text(t, other), text(t, r))
}

// What callers bring along does not depend on whom they reach: who calls when, and
// what was drawn for him.
func TestCommonRandomNumbers(t *testing.T) {
	t.Parallel()
	type call struct {
		at, service, patience int64
		number                string
	}
	var first []call
	for _, s := range strategy.Seven() {
		p, err := newPlan(centre(1).With(s.Name), nil)
		require.NoError(t, err)
		var w *world
		var calls []call
		p.dress = func(in acd.Join) acd.Join {
			c := &w.calls[slotOf(in.Call)]
			calls = append(calls, call{c.joined, c.service, c.patience, in.Number})
			return in
		}
		w, err = p.newWorld(0)
		require.NoError(t, err)
		require.NoError(t, w.run(func(int64) error { return nil }))
		if first == nil {
			first = calls
		}
		assert.Equal(t, first, calls, s.Name)
	}
	assert.Greater(t, len(first), 50)
}

// shiftLog is what happens to agents, as events tell it.
type shiftLog struct {
	out, ended []float64 // seconds at which somebody logged out, a talk ended
	rings      map[agent.ID][]float64
	outAt      map[agent.ID]float64
}

func watchShifts(p *plan) *shiftLog {
	l := &shiftLog{rings: make(map[agent.ID][]float64), outAt: make(map[agent.ID]float64)}
	p.seen = func(e acd.Event) {
		at := agent.At(e.At).Sub(epoch).Seconds()
		switch do := e.Do.(type) {
		case *acd.Ring:
			l.rings[do.Agent] = append(l.rings[do.Agent], at)
		case *acd.TalkEnded:
			l.ended = append(l.ended, at)
		case *acd.StatusChanged:
			if do.Changes[0].Set == agent.LoggedOut && at > 0 {
				l.out = append(l.out, at)
				l.outAt[do.Agent] = at
			}
		}
	}
	return l
}

// two calls at once, then nobody; three agents of whom one is to stay.
func TestIdleAgentsLogOutFirst(t *testing.T) {
	t.Parallel()
	c := centre(1)
	c.Busyness, c.Warmup, c.Drain, c.Horizon = nil, 0, false, 1000*time.Second
	c.Queues[0].Patience = nil
	c.Queues[0].Service = constant(300)
	c.Queues[0].Arrivals = Arrivals{PerHour: Steps{Values: []float64{3600 * 100, 0}, Period: 20 * time.Millisecond}}
	c.Queues[0].Properties.MaxCallers = 0
	c.Agents[0] = Group{Name: "team", Count: Steps{Values: []float64{4, 1, 3}, Period: 100 * time.Second}, Queues: []Place{{"desk", 1}}, Answer: constant(0)}
	for seed := range uint64(200) { // until exactly two call
		c.Seed = seed
		p, err := newPlan(c, nil)
		require.NoError(t, err)
		l := watchShifts(p)
		w := p.playOut(t, 0)
		if w.sample.calls != 2 {
			continue
		}
		// Two talk until 300 s. At 100 s the two idle ones go, and one of those who
		// talk is to follow; at 200 s three are wanted again: the two come back.
		require.Len(t, l.out, 3)
		assert.InDelta(t, 100, l.out[0], 1e-9)
		assert.InDelta(t, 100, l.out[1], 1e-9)
		assert.InDelta(t, 300, l.out[2], 0.1)
		assert.InDelta(t, 300, l.ended[0], 0.1)
		r := newResult(p, []sample{w.sample}, w.detail)
		staffed, talk := 0.0, 0.0
		for i := range w.detail.staffed {
			staffed += w.detail.staffed[i].seconds()
			talk += w.detail.talk[i].seconds()
		}
		assert.InDelta(t, 600, talk, 1e-6)
		assert.InDelta(t, 1000+300+2*900, staffed, 0.1, "one all the time, one until his call ends, two away for 100 s")
		assert.InDelta(t, 600/staffed, r.Agents[0].Occupancy.Mean, 1e-9)
		return
	}
	t.Fatal("no seed gives two calls")
}

// Who is to go takes no other call, though others wait.
func TestALeaverTakesNoOtherCall(t *testing.T) {
	t.Parallel()
	c := centre(1)
	c.Busyness, c.Warmup, c.Horizon = nil, 0, 30*time.Minute
	c.Queues[0].Patience = nil
	c.Queues[0].Service = constant(95)
	c.Queues[0].Arrivals = Arrivals{PerHour: Steps{Values: []float64{3600}}}
	c.Queues[0].Properties.MaxWaitingTime = 600 * time.Second
	c.Agents[0] = Group{Name: "team", Count: Steps{Values: []float64{8, 3}, Period: 10 * time.Minute}, Queues: []Place{{"desk", 1}}, Answer: constant(0)}
	p, err := newPlan(c, nil)
	require.NoError(t, err)
	l := watchShifts(p)
	w := p.playOut(t, 0)
	assert.Len(t, l.outAt, 5)
	for who, out := range l.outAt {
		rings := l.rings[who]
		assert.Greater(t, out, 600.0, "he finishes his call")
		assert.Less(t, rings[len(rings)-1], 600.0, "and takes no other")
	}
	r := newResult(p, []sample{w.sample}, w.detail)
	assert.InDelta(t, 1, r.Agents[0].Occupancy.Mean, 0.01, "his last call is part of both: all talk all the time")
	assert.Equal(t, 0, w.waiting, "drained")
	assert.Greater(t, w.now, w.horizon)
	n := r.Total
	assert.InDelta(t, n.Arrived.Mean, n.Served.Mean+n.TimedOut.Mean, 1e-9)
}

func TestWithoutDrainItStopsAtTheHorizon(t *testing.T) {
	t.Parallel()
	c := centre(1)
	c.Drain = false
	c.Agents[0].Count = Steps{Values: []float64{1}}
	p, err := newPlan(c, nil)
	require.NoError(t, err)
	w := p.playOut(t, 0)
	assert.Equal(t, w.horizon, w.now)
	n := newResult(p, []sample{w.sample}, w.detail).Total
	inside := 0.0
	for i := range w.calls {
		if w.calls[i].inLine && w.calls[i].counted {
			inside++
		}
	}
	assert.Positive(t, inside)
	assert.InDelta(t, n.Arrived.Mean, n.Served.Mean+n.Abandoned.Mean+n.TimedOut.Mean+n.Refused.Mean+inside, 1e-9)
}

func TestNobodyOnDutyRefuses(t *testing.T) {
	t.Parallel()
	c := centre(2)
	c.Agents = nil
	r, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	assert.Positive(t, r.Total.Refused.Mean)
	assert.InDelta(t, r.Total.Arrived.Mean, r.Total.Refused.Mean, 0)
	assert.InDelta(t, 0, r.Total.ShareThatWaited.Mean, 0)
	assert.Empty(t, r.Agents)
	var total struct{ Wait struct{ Mean *float64 } }
	data, err := json.Marshal(r.Total)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &total))
	assert.Nil(t, total.Wait.Mean, "nobody was served")
}

// Simulated people do what the library waits for.
func TestPeopleDoWhatIsWaitedFor(t *testing.T) {
	t.Parallel()
	plain := centre(2)
	plain.Agents[0].NoAnswer = 0
	want, err := Run(t.Context(), plain, Options{})
	require.NoError(t, err)
	for name, set := range map[string]func(p *queue.Config){
		"agents who are not made ready": func(p *queue.Config) { p.AutoReady = false },
		"media joined by the host":      func(p *queue.Config) { p.Connect = queue.ConnectManual },
		"ringing that is reported":      func(p *queue.Config) { p.AlertTime = time.Second },
		"talks that are confirmed":      func(p *queue.Config) { p.TalkLease = 20 * time.Second },
	} {
		c := plain
		c.Queues = append([]Queue(nil), plain.Queues...)
		set(&c.Queues[0].Properties)
		got, err := Run(t.Context(), c, Options{})
		require.NoError(t, err, name)
		got.Engine.Events, want.Engine.Events = 0, 0
		assert.Equal(t, text(t, want), text(t, got), name)
	}
	// A wrap-up of the queue keeps its length where agents are not made ready.
	set := func(auto bool) string {
		c := plain
		c.Queues = append([]Queue(nil), plain.Queues...)
		p := &c.Queues[0].Properties
		p.EnableWrapUp, p.WrapUpTime, p.AutoReady = true, 25*time.Second, auto
		r, err := Run(t.Context(), c, Options{})
		require.NoError(t, err)
		r.Engine.Events = 0
		return text(t, r)
	}
	assert.Equal(t, set(true), set(false))
	assert.NotEqual(t, text(t, want), set(true))
}

func TestNoAnswerIsItsShareOfOffers(t *testing.T) {
	t.Parallel()
	c := centre(20)
	c.Agents[0].NoAnswer, c.Agents[0].Answer = 0.25, constant(0)
	c.Agents[0].Count = Steps{Values: []float64{12}}
	c.Queues[0].Patience = nil
	r, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	n := r.Total
	offers := n.Offers.Mean * 20
	assert.InDelta(t, 0.75, n.Served.Mean/n.Offers.Mean, 5*0.433/sqrt(offers))
}

// Callers of few numbers meet whom they know if he is free; those with a number of
// their own know nobody.
func TestCallersWhoAreKnown(t *testing.T) {
	t.Parallel()
	c := centre(2)
	known, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	assert.Positive(t, known.Total.AnsweredBySticky.Mean)
	c.Queues[0].Arrivals.Callers = 0
	strangers, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	assert.InDelta(t, 0, strangers.Total.AnsweredBySticky.Mean, 0)
	assert.Equal(t, known.Total.Arrived, strangers.Total.Arrived)
}

func TestByPeriodAddsUp(t *testing.T) {
	t.Parallel()
	r, err := Run(t.Context(), centre(3), Options{})
	require.NoError(t, err)
	q := r.Queues[0]
	require.Len(t, q.ByPeriod, 2)
	assert.InDelta(t, q.Arrived.Mean, q.ByPeriod[0].Arrived.Mean+q.ByPeriod[1].Arrived.Mean, 1e-9)
	assert.InDelta(t, q.AnsweredSoon.Mean, q.ByPeriod[0].AnsweredSoon.Mean+q.ByPeriod[1].AnsweredSoon.Mean, 1e-9)
	assert.InDelta(t, q.ServiceLevel.Mean, q.AnsweredSoon.Mean/(q.Served.Mean+q.AbandonedLate.Mean), 1e-12)
}

// One draw of busyness moves a whole day: counts of days vary by more than chance.
func TestBusynessIsOneDrawOfADay(t *testing.T) {
	t.Parallel()
	c := centre(60)
	c.Busyness = nil
	plain, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	c.Busyness = &Dist{Law: Gamma, Shape: 10, Mean: Steps{Values: []float64{1}}}
	busy, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	// Per day Poisson of about 121: σ² = 121; with busyness 121 + 121²/10.
	assert.InDelta(t, 121, plain.Total.Arrived.Mean, 5*11/sqrt(60))
	ratio := busy.Total.Arrived.HalfWidth / plain.Total.Arrived.HalfWidth
	assert.InDelta(t, sqrt(1+12.1), ratio, 1.2)
}

func TestStrategiesOfAHost(t *testing.T) {
	t.Parallel()
	last := strategy.Strategy{Name: "LAST_FIRST", Rank: func(c strategy.Candidate) strategy.Rank { return strategy.Rank{int64(-c.Place)} }}
	c := centre(2)
	compared, err := Compare(t.Context(), c, []string{"PRIORITIZED_HUNT", "LAST_FIRST"}, Options{Strategies: []strategy.Strategy{last}})
	require.NoError(t, err)
	busy := func(k int) (first, last float64) {
		d := compared.Results[k].detail
		return d.talk[0].seconds() / d.staffed[0].seconds(), d.talk[2].seconds() / d.staffed[2].seconds()
	}
	a, b := busy(0)
	x, y := busy(1)
	assert.Greater(t, a, b)
	assert.Greater(t, y, x)
	_, err = Run(t.Context(), c.With("LAST_FIRST"), Options{})
	assert.ErrorIs(t, err, agent.ErrInvalid)
}

func TestProgressAndCancellation(t *testing.T) {
	t.Parallel()
	last := 0.0
	_, err := Compare(t.Context(), centre(2), []string{"CYCLIC_HUNT", "LEAST_WORKED_HUNT"}, Options{Progress: func(share float64) {
		assert.GreaterOrEqual(t, share, last)
		last = share
	}})
	require.NoError(t, err)
	assert.InDelta(t, 1, last, 1e-9)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = Run(ctx, centre(1000), Options{Progress: func(float64) { cancel() }})
	assert.ErrorIs(t, err, context.Canceled)
}

// Several queues and levels, all strategies: the laws hold whatever is configured.
func TestIdentitiesHoldInAMixedCentre(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Seven() {
		c := centre(1)
		second := c.Queues[0]
		second.Name = "shop"
		second.Arrivals = Arrivals{PerHour: Steps{Values: []float64{50}}}
		c.Queues = append(c.Queues, second)
		c.Agents[0].Queues = append(c.Agents[0].Queues, Place{"shop", 2})
		c.Agents = append(c.Agents, Group{Name: "shop", Count: Steps{Values: []float64{2}}, Queues: []Place{{"shop", 1}}, Answer: constant(4)})
		_, w := play(t, c.With(s.Name), nil)
		identities(t, w)
	}
}

// Extension numbers are names and no more: whatever they are, the same happens.
func TestNumbersOfAgentsChangeNothing(t *testing.T) {
	t.Parallel()
	c := centre(2)
	c.Agents = append(c.Agents, Group{Name: "more", Count: Steps{Values: []float64{2}}, Queues: []Place{{"desk", 1}}, Answer: constant(1)})
	want, err := Run(t.Context(), c, Options{})
	require.NoError(t, err)
	for _, number := range []string{"0007", "1000000", "1000007"} {
		c.Agents[1].Number = number
		got, err := Run(t.Context(), c, Options{})
		require.NoError(t, err)
		assert.Equal(t, text(t, want), text(t, got), number)
	}
}

func sqrt(x float64) float64 { return math.Sqrt(x) }
