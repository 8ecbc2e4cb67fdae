package sim

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/strategy"
)

// With agents who are all alike and answer at once the order of ringing changes no
// caller's fate: the same calls give the same waits and ends under every strategy,
// to the nanosecond. With phones that ring this holds where one rings at a time.
func TestTheory_WaitsDoNotDependOnTheStrategy(t *testing.T) {
	t.Parallel()
	cases := readTheory(t).Cases
	for i := range cases {
		c := &cases[i]
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			var first []watched
			for _, s := range strategy.Seven() {
				if s.Simultaneous && c.Params.RingExp > 0 {
					continue // the first of several phones wins: it rings shorter
				}
				_, w := play(t, c.config(s.Name, callsOf(t)/20, 2), c.prepare)
				identities(t, w)
				all := make([]watched, len(w.all))
				waited := false
				for k, x := range w.all {
					all[k] = watched{joined: x.joined, left: x.left, outcome: x.outcome, done: x.done, wait: x.wait, class: x.class}
					waited = waited || x.wait > 0
				}
				require.True(t, waited)
				if first == nil {
					first = all
				}
				require.Equal(t, first, all, "%s %s", c.ID, s.Name)
			}
		})
	}
}

// Whom the work falls on does depend on it: the fair ones load every agent alike,
// and skill levels change nothing while all have the same.
func TestTheory_OccupanciesDependOnTheStrategy(t *testing.T) {
	t.Parallel()
	for _, c := range readTheory(t).Cases {
		if c.ID[0] != 'H' {
			continue
		}
		for _, s := range strategy.Seven() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				config := c.config(s.Name, callsOf(t)/2, 3)
				r, w := play(t, config, nil)
				got := w.measures(&c, (config.Horizon - config.Warmup).Seconds())
				occupancies(got, &c, r, w)
				if s.Name == strategy.PrioritizedHunt.Name || s.Name == strategy.SkillBasedRoutingPrioritizedHunt.Name {
					compare(t, &c, got, r.Total.Arrived.Mean, measured...)
					return
				}
				alike := c
				alike.Expect = map[string]float64{"occupancy": c.Expect["occupancy"]}
				for k := range c.Params.Agents {
					alike.Expect[fmt.Sprintf("occ_agent%d", k+1)] = c.Expect["occupancy"]
				}
				compare(t, &alike, got, r.Total.Arrived.Mean, measured...)
			})
		}
	}
}

// Classes of callers as queues of their own, with the priority of the queue (B50).
func TestTheory_ClassesAsQueues(t *testing.T) {
	t.Parallel()
	cases := readTheory(t).Cases
	for i := range cases {
		c := &cases[i]
		if len(c.Params.Lam) < 2 {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			config := c.config(strategy.LeastWorkedHunt.Name, callsOf(t), 4)
			one, places := config.Queues[0], []Place(nil)
			config.Queues = nil
			for k, lam := range c.Params.Lam {
				q := one
				q.Name = fmt.Sprint("class ", k+1)
				q.Properties.Priority = 10 - k
				q.Arrivals.PerHour.Values = []float64{3600 * lam}
				config.Queues = append(config.Queues, q)
				places = append(places, Place{q.Name, 1})
			}
			config.Agents[0].Queues = places
			r, w := play(t, config, nil)
			got := map[string]float64{
				"p_wait": r.Total.ShareThatWaited.Mean, "asa_answered": r.Total.Wait.Mean, "occupancy": r.Agents[0].Occupancy.Mean,
				"sl_class1": r.Queues[0].AnsweredSoon.Mean / r.Queues[0].Served.Mean,
			}
			for k, q := range r.Queues {
				got[fmt.Sprintf("asa_class%d", k+1)] = q.Wait.Mean
			}
			compare(t, c, got, r.Total.Arrived.Mean, measured...)
			identities(t, w)
		})
	}
}
