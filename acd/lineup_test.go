package acd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/strategy"
)

// Nobody can tell whether agents come into lineups late: an engine that has a host's own
// strategy, in which they do not, makes the same events of any traffic.
func TestLineup_LateIsLikeAtOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		unused := strategy.Strategy{Name: "UNUSED", Rank: func(strategy.Candidate) strategy.Rank { return strategy.Rank{} }}
		other, err := acd.NewEngine(acd.EngineOptions{Strategies: []strategy.Strategy{unused}})
		require.NoError(t, err)
		other.Advance(acdtest.Start())
		rings := 0
		for s, err := range (acdtest.Traffic{Seed: 80 + seed, Queues: 5, Agents: 6, Calm: true}).Steps(200) {
			require.NoError(t, err)
			for _, in := range s.Inputs {
				_ = other.Step(s.At, in)
			}
			other.Advance(s.At)
			events := append([]acd.Event{}, other.Take()...)
			require.Equal(t, s.Events, events, "seed %d, %s", seed, s.Line)
			for _, ev := range events {
				if _, ok := ev.Do.(*acd.Ring); ok {
					rings++
				}
			}
		}
		require.Greater(t, rings, 20)
	}
}
