package replay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// serial are the strategies that ring one agent after the other.
var serial = []string{
	"PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT",
	"SKILL_BASED_ROUTING_PRIORITIZED_HUNT", "SKILL_BASED_ROUTING_CYCLIC_HUNT", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
}

// Whoever finds free whom he knows meets him, with sticky routing; without it he
// does so by chance.
func TestB70_ReplayStickyMeetsWhomTheyKnow(t *testing.T) {
	t.Parallel()
	p, err := NewPlan(randomLog(600, 100), Assumptions{})
	require.NoError(t, err)
	for _, name := range serial {
		var share [2]Value
		for i, sticky := range []bool{false, true} {
			played, err := p.Play(Rules{Strategy: name, Sticky: sticky})
			require.NoError(t, err)
			free, met := 0, 0
			for _, c := range played {
				if c.Outcome == queue.Answered && c.Told.Where == Free {
					free++
					if c.Agent == c.Told.Whom {
						met++
					}
				}
			}
			require.Greater(t, free, 50, name)
			if sticky {
				assert.Equal(t, free, met, name)
			} else {
				assert.Less(t, met, free*8/10, name)
			}
			share[i] = p.Numbers("", played).MetKnownShare
		}
		assert.Greater(t, share[1], share[0]+0.1, name)
	}
}

// Two agents who come and stay, a caller whose agent is free, on a call, and gone.
func TestB70_B73_ReplayByHand(t *testing.T) {
	t.Parallel()
	from := func(c Call, caller string) Call {
		c.Caller = caller
		return c
	}
	log := logOf(
		from(answered(0, 0, 10, "A"), "7001"),
		from(answered(1, 0, 10, "B"), "7002"),
		from(answered(100, 0, 10, "B"), "7002"),
		from(answered(200, 0, 20, "A"), "7003"),
		from(answered(210, 0, 30, "B"), "7001"), // A is on a call for 10 s yet
		from(answered(300, 0, 10, "A"), "7004"), // so that both are there to the end
		from(answered(300, 0, 10, "B"), "7005"),
	)
	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	for i := range p.calls {
		p.calls[i].after = 0
	}
	play := func(rules Rules) (agents string, waits []time.Duration, places []Whereabouts) {
		rules.Strategy = "PRIORITIZED_HUNT"
		played, err := p.Play(rules)
		require.NoError(t, err)
		for _, c := range played[:5] {
			require.Equal(t, queue.Answered, c.Outcome)
			agents += c.Agent
			waits = append(waits, c.Wait)
			places = append(places, c.Told.Where)
		}
		return agents, waits, places
	}
	agents, waits, _ := play(Rules{})
	assert.Equal(t, "ABAAB", agents)
	assert.Equal(t, make([]time.Duration, 5), waits)

	agents, waits, places := play(Rules{Sticky: true})
	assert.Equal(t, "ABBAB", agents, "7002 meets B, who is free; 7001 does not wait for A")
	assert.Equal(t, make([]time.Duration, 5), waits)
	assert.Equal(t, []Whereabouts{Unacquainted, Unacquainted, Free, Unacquainted, Busy}, places)

	agents, waits, _ = play(Rules{Sticky: true, StickyWait: 30 * time.Second})
	assert.Equal(t, "ABBAA", agents, "7001 waits for A")
	assert.Equal(t, 10*time.Second, waits[4])

	agents, waits, _ = play(Rules{Sticky: true, StickyWait: 5 * time.Second})
	assert.Equal(t, "ABBAB", agents, "7001 waits for A, not long enough")
	assert.Equal(t, 5*time.Second, waits[4])

	_, err = p.Play(Rules{Strategy: "CYCLIC_HUNT", Sticky: true, StickyWait: time.Hour})
	assert.ErrorIs(t, err, agent.ErrInvalid)
}

// Whatever -sticky says, the side-by-side of the settings is the same; and what is
// compared is not changed by asking for it.
func TestCompareFamiliar(t *testing.T) {
	t.Parallel()
	log := randomLog(300, 100)
	names := []string{"RING_SIMULTANEOUSLY", "CYCLIC_HUNT"}
	var both [2]*Comparison
	for i, sticky := range []bool{false, true} {
		c, err := Compare(log, Options{Strategies: names, Sticky: sticky, Familiar: true})
		require.NoError(t, err)
		plain, err := Compare(log, Options{Strategies: names, Sticky: sticky})
		require.NoError(t, err)
		assert.Equal(t, plain.Table(), c.Table())
		assert.Nil(t, plain.FamiliarTable())
		both[i] = c
	}
	assert.Equal(t, both[0].Familiar, both[1].Familiar)
	all, cyclic := both[0].Familiar[0], both[0].Familiar[1]
	assert.Equal(t, all.Without, all.Sticky, "where all ring at once nobody is preferred")
	assert.Greater(t, cyclic.Sticky.MetKnownShare, cyclic.Without.MetKnownShare)
	assert.Greater(t, cyclic.Waiting.MetKnownShare, cyclic.Sticky.MetKnownShare)
	assert.Greater(t, cyclic.Waiting.WaitMean, cyclic.Sticky.WaitMean)
	table := both[0].FamiliarTable()
	for _, row := range table.Rows {
		assert.Len(t, row, len(table.Columns))
	}
}
