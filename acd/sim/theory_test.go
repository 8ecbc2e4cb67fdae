package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// The exact values of queueing theory in testdata/theory.json, through the
// simulator. Measures are compared within 5 standard errors, those of the file for
// a million calls, scaled, or where it has none those of the path; the seeds are
// fixed.
//
//	ACDKIT_LONG=10m go test ./acd/sim -run TestTheory -timeout 1h -v
//
// measures each case with a million calls, which takes minutes, whatever time it says.

// callsOf is how many calls a case is measured with, after the first tenth.
func callsOf(t *testing.T) float64 {
	t.Helper()
	if long.Time(t) > 0 {
		return 1e6
	}
	return 20_000
}

type theory struct {
	Cases     []theoryCase
	Estimates []struct {
		Agents   float64
		AHT      float64  `json:"aht"`
		Patience *float64 `json:"patience"`
		Position int
		Mean     float64 `json:"mean_s"`
		SD       float64 `json:"sd_s"`
	}
	Errors []struct{ Agents, Load, AHT, QL, Mean float64 }
}

type theoryCase struct {
	ID, Title, Source string
	Params            struct {
		Lam         []float64
		Service     [][2]any
		Agents      int
		PatienceExp float64 `json:"patience_exp"`
		Timeout     int
		QueueCap    int `json:"queue_cap"`
		T           float64
		RingExp     float64 `json:"ring_exp"`
	}
	Expect, SE map[string]float64
}

func readTheory(t testing.TB) theory {
	t.Helper()
	data, err := os.ReadFile("testdata/theory.json")
	require.NoError(t, err)
	var all theory
	require.NoError(t, json.Unmarshal(data, &all))
	return all
}

func exponential(mean float64) Dist {
	return Dist{Law: Exponential, Mean: Steps{Values: []float64{mean}}}
}
func constant(x float64) Dist { return Dist{Mean: Steps{Values: []float64{x}}} }

// config makes a case of theory a configuration with so many calls measured.
func (c *theoryCase) config(strategy string, calls float64, seed uint64) Config {
	p := queue.Defaults()
	p.PollingStrategy = strategy
	p.MaxWaitingTime = 65535 * time.Second
	p.MaxCallers = c.Params.QueueCap
	p.RingTime = 65535 * time.Second
	p.SLATime = time.Duration(c.Params.T) * time.Second
	if c.Params.Timeout > 0 {
		p.MaxWaitingTime = time.Duration(c.Params.Timeout) * time.Second
	}
	lam := 0.0
	for _, l := range c.Params.Lam {
		lam += l
	}
	q := Queue{Name: "q", Arrivals: Arrivals{PerHour: Steps{Values: []float64{3600 * lam}}}}
	g := Group{Name: "g", Count: Steps{Values: []float64{float64(c.Params.Agents)}}, Queues: []Place{{"q", 1}}, Answer: constant(0)}
	for i, s := range c.Params.Service {
		x := s[1].(float64)
		switch {
		case s[0] == "exp":
			q.Service = exponential(x)
		case i == 0:
			g.Answer = constant(x) // the phone rings
		default:
			p.EnableWrapUp, p.WrapUpTime = true, time.Duration(x)*time.Second
		}
	}
	if c.Params.RingExp > 0 {
		g.Answer = exponential(c.Params.RingExp)
	}
	if c.Params.PatienceExp > 0 {
		d := exponential(c.Params.PatienceExp)
		q.Patience = &d
	}
	q.Properties = p
	horizon := time.Duration(calls / 0.9 / lam * 1e9)
	return Config{Seed: seed, Replications: 1, Horizon: horizon, Warmup: horizon / 10, Queues: []Queue{q}, Agents: []Group{g}}
}

// play plays one replication under the eyes of a watcher.
func play(t testing.TB, c Config, prepare func(*plan, *watcher)) (*Result, *watcher) {
	t.Helper()
	p, err := newPlan(c, nil)
	require.NoError(t, err)
	watch := newWatcher(p)
	if prepare != nil {
		prepare(p, watch)
	}
	w := p.playOut(t, 0)
	watch.close(epoch + agent.Instant(w.now))
	view, err := w.engine.Queue(p.queueIDs[0])
	require.NoError(t, err)
	watch.score = view.Estimates
	d := newDetail(p)
	d.add(w.detail)
	return newResult(p, []sample{w.sample}, d), watch
}

// measures are those of a path, of the calls that count, by the names of the file.
func (w *watcher) measures(c *theoryCase, window float64) map[string]float64 {
	type class struct{ n, answered, wait, soon float64 }
	var (
		offered, answered, left, waited, blocked, abandoned, lost float64
		wait, waitAll, soon, soonLost, queued, rung, offers       float64
		squaredQL, scored                                         float64
	)
	n := float64(c.Params.Agents)
	handle := 0.0
	for _, s := range c.Params.Service {
		handle += s[1].(float64)
	}
	classes := make([]class, len(c.Params.Lam))
	for _, x := range w.all {
		if !x.counted || !x.done {
			continue
		}
		offered++
		untilRung := x.left.Sub(x.joined)
		if x.rung != 0 {
			untilRung = x.rung.Sub(x.joined)
			rung += x.left.Sub(x.rung).Seconds()
			offers++
		}
		s := untilRung.Seconds()
		k := &classes[x.class]
		k.n++
		queued += s
		if untilRung > 0 {
			waited++
		}
		switch x.outcome {
		case queue.Answered:
			answered++
			left++
			wait += s
			waitAll += s
			k.answered++
			k.wait += s
			if s <= c.Params.T {
				soon++
				k.soon++
			}
			if untilRung > 0 {
				ql := float64(x.position) * handle / n
				scored++
				squaredQL += (ql - s) * (ql - s)
			}
		case queue.Abandoned, queue.TimedOut:
			left++
			abandoned++
			waitAll += s
			if x.outcome == queue.TimedOut {
				lost++
			}
			if s <= c.Params.T {
				soonLost++
			}
		case queue.Full:
			blocked++
		default:
			panic(fmt.Sprint("outcome ", x.outcome))
		}
	}
	m := map[string]float64{
		"p_wait": waited / offered, "p_wait_on_arrival": waited / offered, "p_block": blocked / offered,
		"p_abandon": abandoned / offered, "p_timeout": lost / offered, "p_hangup": (abandoned - lost) / offered, "p_answered": answered / offered,
		"asa_answered": wait / answered, "wait_all": waitAll / left, "wait_of_delayed": waitAll / waited,
		"sl_offered": soon / offered, "sl_answered": soon / answered, "sl_ab_good": (soon + soonLost) / offered,
		"sl_excl_short_ab": soon / (offered - soonLost), "abandoned_within_T": soonLost / offered,
		"offers_per_call": offers / offered, "time_queue_plus_ring_all": (queued + rung) / offered,
		"mse_QL":       squaredQL / scored,
		"mean_ringing": rung / window,
	}
	m["mean_queue"] = queued / window
	for i, k := range classes {
		m[fmt.Sprintf("asa_class%d", i+1)] = k.wait / k.answered
		m[fmt.Sprintf("sl_class%d", i+1)] = k.soon / k.answered
	}
	return m
}

// occupancies adds those of agents: the file's take ring and wrap-up for work.
func occupancies(m map[string]float64, c *theoryCase, r *Result, w *watcher) {
	talk := 0.0
	for i := range r.detail.talk {
		occ := r.detail.talk[i].seconds() / r.detail.staffed[i].seconds()
		m[fmt.Sprintf("occ_agent%d", i+1)] = occ
		talk += occ / float64(c.Params.Agents)
	}
	m["occ_talk"], m["occ_paused"] = talk, 0
	m["occ_ring"] = m["mean_ringing"] / float64(c.Params.Agents)
	m["occupancy"] = talk
	m["mean_busy"] = talk * float64(c.Params.Agents)
	if len(c.Params.Service) > 1 { // ring and wrap-up are part of it: over the whole path
		m["occupancy"] = w.busyArea.seconds() / w.now.Sub(epoch).Seconds() / float64(c.Params.Agents)
	}
}

// compare compares measures with a case within five standard errors.
func compare(t *testing.T, c *theoryCase, got map[string]float64, calls float64, names ...string) {
	t.Helper()
	for _, name := range names {
		want, known := c.Expect[name]
		if !known {
			continue
		}
		se, has := c.se(name)
		if !has {
			t.Errorf("%s %s: no standard error is known: it would not be compared", c.ID, name)
			continue
		}
		within := 5*se*math.Sqrt(1e6/calls) + 1e-9
		if d := got[name] - want; !(math.Abs(d) <= within) {
			t.Errorf("%s %s: %v, want %v ± %v (%.1f standard errors): %s", c.ID, name, got[name], want, within, 5*d/within, c.Title)
		} else if long.Time(t) > 0 {
			t.Logf("%s %s: %v, want %v (%.1f standard errors)", c.ID, name, got[name], want, 5*d/within)
		}
	}
}

// se returns the standard error of a measure for a million calls: that of the file,
// or what follows from it.
func (c *theoryCase) se(name string) (se float64, ok bool) {
	switch name {
	case "p_timeout":
		name = "p_abandon"
	case "p_answered": // what is neither blocked nor abandoned
		return c.SE["p_abandon"] + c.SE["p_block"], true
	case "p_hangup": // nobody hangs up who has no patience to lose
		return 0, true
	case "mean_busy":
		return c.SE["occupancy"] * float64(c.Params.Agents), true
	}
	se, ok = c.SE[name]
	return se, ok
}

// compareSeries compares what the file has no standard error of; it is estimated
// from the path, by batch means.
func compareSeries(t *testing.T, c *theoryCase, w *watcher) {
	t.Helper()
	series := make(map[string][]float64)
	add := func(name string, x float64) { series[name] = append(series[name], x) }
	indicator := func(name string, is bool) {
		x := 0.0
		if is {
			x = 1
		}
		add(name, x)
	}
	for _, x := range w.all {
		if !x.counted || !x.done {
			continue
		}
		s, gone := x.wait.Seconds(), x.outcome != queue.Answered
		indicator("abandoned_within_T", gone && x.outcome != queue.Full && s <= c.Params.T)
		if x.outcome == queue.Full {
			continue
		}
		indicator("w_p90", s <= c.Expect["w_p90"])
		indicator("w_p95", s <= c.Expect["w_p95"])
		if s > 0 {
			add("wait_of_delayed", s)
		}
		if gone {
			add("wait_abandoned", s)
		}
	}
	for _, name := range unmeasured {
		want, known := c.Expect[name]
		switch {
		case !known || name == "wait_abandoned" && want == 0:
			continue
		case name == "w_p90":
			want = 0.9
		case name == "w_p95":
			want = 0.95
		}
		mean, se := batches(series[name])
		if !(math.Abs(mean-want) <= 5*se+1e-12) {
			t.Errorf("%s %s: %v, want %v ± %v: %s", c.ID, name, mean, want, 5*se, c.Title)
		} else if long.Time(t) > 0 {
			t.Logf("%s %s: %v, want %v (%.1f standard errors)", c.ID, name, mean, want, (mean-want)/se)
		}
	}
}

// measured are the measures of the file that have a standard error.
var measured = []string{
	"p_timeout", "p_hangup", "p_answered", "mean_busy", "mse_QL",
	"p_wait", "p_wait_on_arrival", "p_block", "p_abandon", "asa_answered", "wait_all", "mean_queue", "mean_ringing", "sl_offered", "sl_answered",
	"sl_ab_good", "sl_excl_short_ab", "time_queue_plus_ring_all", "offers_per_call", "occupancy", "occ_talk", "occ_ring", "occ_paused",
	"occ_agent1", "occ_agent2", "occ_agent3", "occ_agent4", "asa_class1", "asa_class2", "asa_class3", "sl_class1",
}

// unmeasured are those without one.
var unmeasured = []string{"abandoned_within_T", "w_p90", "w_p95", "wait_of_delayed", "wait_abandoned"}

// strategyOf returns the strategy that a case is measured with.
func (c *theoryCase) strategyOf() string {
	if c.ID[0] == 'H' {
		return strategy.PrioritizedHunt.Name
	}
	return strategy.CyclicHunt.Name
}

func (c *theoryCase) prepare(p *plan, w *watcher) {
	if len(c.Params.Lam) > 1 {
		w.classed(p, c.Params.Lam, 1)
	}
}

// The file has every case of the table that it was made from, with every value and
// every standard error.
func TestTheory_NothingIsLeftOut(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../shared/theory/erlang-cases.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no table of exact values here")
	}
	require.NoError(t, err)
	type one struct {
		ID     string
		Params map[string]any
		Expect map[string]float64
	}
	var table struct {
		Cases []struct {
			one
			SE map[string]float64 `json:"se_per_1e6_calls"`
		}
		EWT struct{ Table, MSE []any }
	}
	var own struct {
		Cases []struct {
			one
			SE map[string]float64
		}
		Estimates, Errors []any
	}
	require.NoError(t, json.Unmarshal(text, &table))
	text, err = os.ReadFile("testdata/theory.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &own))
	require.Len(t, own.Cases, len(table.Cases))
	for i, c := range table.Cases {
		assert.Equal(t, c.ID, own.Cases[i].ID)
		assert.Equal(t, c.Expect, own.Cases[i].Expect, c.ID)
		assert.Equal(t, c.SE, own.Cases[i].SE, c.ID)
		for name, value := range own.Cases[i].Params {
			assert.Equal(t, c.Params[name], value, "%s %s", c.ID, name)
		}
	}
	require.Len(t, own.Estimates, len(table.EWT.Table))
	require.Len(t, own.Errors, len(table.EWT.MSE))
}

func TestTheory_ExactValues(t *testing.T) {
	t.Parallel()
	cases := readTheory(t).Cases
	require.Len(t, cases, 17)
	for i := range cases {
		c := &cases[i]
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			config := c.config(c.strategyOf(), callsOf(t), 1)
			for name := range c.Expect {
				require.True(t, slices.Contains(measured, name) || slices.Contains(unmeasured, name), "%s is compared", name)
			}
			r, w := play(t, config, c.prepare)
			got := w.measures(c, (config.Horizon - config.Warmup).Seconds())
			occupancies(got, c, r, w)
			if c.ID[0] == 'C' { // Ibrahim & Whitt 2009: 1/((1−ρ)(nμ)²)
				rate := float64(c.Params.Agents) / c.Params.Service[0][1].(float64)
				c.Expect["mse_QL"] = 1 / ((1 - c.Expect["occupancy"]) * rate * rate)
			}
			compare(t, c, got, r.Total.Arrived.Mean, measured...)
			compareSeries(t, c, w)
			agree(t, r, w, config)
			identities(t, w)
		})
	}
}

// agree checks that the results say what the ledger of the events says, but for
// rounding.
func agree(t *testing.T, r *Result, w *watcher, c Config) {
	t.Helper()
	var arrived, served, abandoned, late, soon, timedOut, refused, waited, left, rung float64
	var wait, waitAll, waitAbandoned, line float64
	from, to := epoch.Add(c.Warmup), epoch.Add(c.Horizon)
	sla := c.Queues[0].Properties.SLATime
	for _, x := range w.all {
		end := w.now
		if x.done {
			end = x.left
		}
		line += max(min(end, to).Sub(max(x.joined, from)), 0).Seconds()
		if !x.counted {
			continue
		}
		arrived++
		if end > x.joined {
			waited++
		}
		if x.rung != 0 {
			rung++
		}
		if !x.done {
			continue
		}
		if x.outcome == queue.Full {
			refused++
			continue
		}
		left++
		waitAll += x.wait.Seconds()
		switch x.outcome {
		case queue.Answered:
			served++
			wait += x.wait.Seconds()
			if x.wait <= sla {
				soon++
			}
		case queue.Abandoned:
			abandoned++
			waitAbandoned += x.wait.Seconds()
			if x.wait > sla {
				late++
			}
		default:
			timedOut++
		}
	}
	n := r.Total
	near := func(name string, want, got float64) {
		t.Helper()
		if math.IsNaN(want) && math.IsNaN(got) {
			return
		}
		assert.InDelta(t, want, got, 1e-9*max(want, 1), name)
	}
	near("arrived", arrived, n.Arrived.Mean)
	near("served", served, n.Served.Mean)
	near("abandoned", abandoned, n.Abandoned.Mean)
	near("abandoned_after_sla", late, n.AbandonedLate.Mean)
	near("answered_in_sla", soon, n.AnsweredSoon.Mean)
	near("service_level", soon/(served+late), n.ServiceLevel.Mean)
	near("timed_out", timedOut, n.TimedOut.Mean)
	near("refused", refused, n.Refused.Mean)
	near("p_wait", waited/arrived, n.ShareThatWaited.Mean)
	near("wait", wait/served, n.Wait.Mean)
	near("wait_all", waitAll/left, n.WaitOfAll.Mean)
	near("wait_abandoned", waitAbandoned/abandoned, n.WaitOfAbandoned.Mean)
	near("line", line/to.Sub(from).Seconds(), n.Line.Mean)
	near("offers", rung, n.Offers.Mean) // one each, since everybody answers
}

// identities hold exactly on every path.
func identities(t *testing.T, w *watcher) {
	t.Helper()
	var waits sum
	outcomes, inside := 0, 0
	for _, c := range w.all {
		switch {
		case c.done:
			outcomes++
			waits.add(int64(c.wait))
		default:
			inside++
			waits.add(int64(w.now - c.joined))
		}
	}
	assert.Equal(t, len(w.all), outcomes+inside, "offered = answered + abandoned + timed out + blocked + inside")
	assert.Equal(t, w.line, inside)
	assert.Equal(t, w.lineArea, waits, "Little's law: ∫ line = Σ waits, exactly")
	assert.Equal(t, w.busyArea, w.handling, "∫ agents in use = Σ handling times, exactly")
}
