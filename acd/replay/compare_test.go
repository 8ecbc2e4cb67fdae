package replay

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func TestNumbersByHand(t *testing.T) {
	t.Parallel()
	known := func(c Call, caller string) Call {
		c.Caller = caller
		return c
	}
	log := logOf(
		known(answered(0, 0, 600, "A"), "70001"),
		known(answered(10, 20, 300, "B"), "70002"),
		known(answered(1000, 20.5, 300, "A"), "70001"), // meets A again
		known(answered(1400, 100, 0, "B"), "70001"),    // does not
		known(answered(1500, 10, 60, ""), "70001"),     // by somebody unknown: does not count
		known(answered(1600, 0, 60, "B"), ""),
		hungUp(2000, 30), hungUp(2100, 50),
		Call{At: after(2200), Wait: time.Minute, Outcome: queue.TimedOut, Talk: Unknown},
	)
	p, err := NewPlan(log, Assumptions{Break: time.Minute})
	require.NoError(t, err)
	n := p.Numbers("real", log.Real())
	assert.Equal(t, 6, n.Answered)
	assert.Equal(t, 2, n.Abandoned)
	assert.Equal(t, 1, n.Other)
	assert.InDelta(t, 150.5/6, float64(n.WaitMean), 1e-9)
	assert.InDelta(t, 100, float64(n.WaitP90), 1e-9)
	assert.InDelta(t, 40, float64(n.WaitAbandoned), 1e-9)
	assert.Equal(t, 4, n.Within20)
	assert.Equal(t, 2, n.RepeatCallers)
	assert.Equal(t, 1, n.MetKnown)
	assert.InDelta(t, 0.5, float64(n.MetKnownShare), 1e-9)
	require.Len(t, n.Agents, 2)
	assert.Equal(t, 2, n.Agents[0].Answered)
	assert.InDelta(t, 900.0/3600, float64(n.Agents[0].TalkHours), 1e-9)

	// The spread, by its definition.
	var talk, hours, deviation float64
	for _, a := range n.Agents {
		talk, hours = talk+float64(a.TalkHours), hours+float64(a.Hours)
	}
	for _, a := range n.Agents {
		deviation += float64(a.Hours) * math.Pow(float64(a.TalkHours/a.Hours)-talk/hours, 2)
	}
	assert.InDelta(t, math.Sqrt(deviation/hours)/(talk/hours), float64(n.WorkSpread), 1e-9)
}

func TestNumbersNinetyPercentIsTheNearestRank(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]float64{1: 1, 9: 9, 10: 9, 11: 10, 100: 90} {
		var calls []Call
		for i := range n {
			calls = append(calls, answered(float64(1000*i), float64(i+1), 10, "A"))
		}
		log := logOf(calls...)
		p, err := NewPlan(log, Assumptions{})
		require.NoError(t, err)
		assert.InDelta(t, want, float64(p.Numbers("", log.Real()).WaitP90), 0, "%d", n)
	}
}

func TestCompareJSONHasNullForNoNumber(t *testing.T) {
	t.Parallel()
	c, err := Compare(logOf(answered(0, 0, 10, "A")), Options{Strategies: []string{"CYCLIC_HUNT"}})
	require.NoError(t, err)
	text, err := json.Marshal(c)
	require.NoError(t, err)
	var back struct {
		Log  map[string]any
		Real map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, []any{}, back.Log["bad"])
	assert.InDelta(t, 1, back.Log["played"], 0)
	assert.Nil(t, back.Real["met_known_agent_share"])
	assert.InDelta(t, 0, back.Real["wait_mean"], 0)
}

func TestCompareIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	t.Parallel()
	log := randomLog(200, 55)
	var texts []string
	for range 2 {
		c, err := Compare(log, Options{Sensitivity: true})
		require.NoError(t, err)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var page strings.Builder
		require.NoError(t, c.Page().Write(&page))
		texts = append(texts, string(text)+page.String())
	}
	assert.Equal(t, texts[0], texts[1])
}

func TestCompareRefusesAnUnknownStrategy(t *testing.T) {
	t.Parallel()
	_, err := Compare(logOf(answered(0, 0, 10, "A")), Options{Strategies: []string{"ROULETTE"}})
	require.ErrorIs(t, err, agent.ErrInvalid)
	assert.ErrorContains(t, err, "ROULETTE")
}

func TestAccountNamesEveryBadLine(t *testing.T) {
	t.Parallel()
	log := read(t, "bank.tsv", Bank)
	account := log.Account()
	assert.Equal(t, "bank: 15 records = 8 calls played + 1 ignored as PHANTOM + 6 bad", account[0])
	assert.Len(t, account, 7)
	assert.Equal(t, `  line 12: outcome "LOST": must be AGENT, HANG or PHANTOM`, account[2])

	for range 30 {
		log.bad(100, "more")
	}
	account = log.Account()
	assert.Len(t, account, 1+shownBad+1)
	assert.Equal(t, "  … and 16 more bad lines, listed by -json", account[shownBad+1])
}

func TestPageEscapesWhatComesFromTheLog(t *testing.T) {
	t.Parallel()
	log := logOf(answered(0, 0, 10, "<script>alert(1)</script>"), answered(5, 5, 10, "<script>alert(1)</script>"))
	log.bad(7, "outcome %q", "<img src=x>")
	log.Records++
	c, err := Compare(log, Options{})
	require.NoError(t, err)
	var page strings.Builder
	require.NoError(t, c.Page().Write(&page))
	assert.NotContains(t, page.String(), "<script")
	assert.NotContains(t, page.String(), "<img")
}
