package replay

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

func play(t *testing.T, log *Log, rules Rules) []Played {
	t.Helper()
	p, err := NewPlan(log, Assumptions{Seed: 7})
	require.NoError(t, err)
	played, err := p.Play(rules)
	require.NoError(t, err)
	return played
}

// outcomes leaves out what callers were told.
func outcomes(played []Played) []Played {
	played = slices.Clone(played)
	for i := range played {
		played[i].Told = Told{}
	}
	return played
}

// Where nothing is left to chance and nothing to choose, the play is what
// happened: one agent, and somebody waits all the time.
func TestReplayOfOneBusyAgentIsWhatHappened(t *testing.T) {
	t.Parallel()
	log := logOf(
		answered(0, 0, 100, "A"),
		answered(50, 60, 60, "A"), // 10 s of work after the first call
		hungUp(80, 30),
		answered(90, 80, 40, "A"),
		answered(100, 1110, 30, "A"), // after a break of 1000 s
		hungUp(1000, 245),            // before A is back
		answered(1220, 25.5, 30, "A"),
	)
	for _, s := range strategy.Seven() {
		assert.Equal(t, log.Real(), outcomes(play(t, log, Rules{Strategy: s.Name})), s.Name)
	}
}

func TestReplayEndsEveryCallOnce(t *testing.T) {
	t.Parallel()
	log := randomLog(600, 55)
	for _, s := range strategy.Seven() {
		played := play(t, log, Rules{Strategy: s.Name, Sticky: true})
		for i, p := range played {
			switch p.Outcome {
			case queue.Answered:
				assert.NotEmpty(t, p.Agent, i)
			case queue.Abandoned:
				if log.Calls[i].Outcome == queue.Abandoned {
					assert.Equal(t, log.Calls[i].Wait, p.Wait, "a known patience")
				}
			default:
				t.Errorf("%s: call %d: outcome %q", s.Name, i, p.Outcome)
			}
		}
	}
}

func TestReplayIsDeterministic(t *testing.T) {
	t.Parallel()
	log := randomLog(300, 55)
	for _, s := range strategy.Seven() {
		once, again := play(t, log, Rules{Strategy: s.Name}), play(t, log, Rules{Strategy: s.Name})
		assert.Equal(t, once, again, s.Name)
	}
}

func TestReplaySkillStrategiesDoAsTheirPlainForms(t *testing.T) {
	t.Parallel()
	log := randomLog(300, 55)
	for _, s := range []strategy.Strategy{strategy.PrioritizedHunt, strategy.CyclicHunt, strategy.LeastWorkedHunt} {
		assert.Equal(t, play(t, log, Rules{Strategy: s.Name}), play(t, log, Rules{Strategy: strategy.SkillBased(s).Name}), s.Name)
	}
}

func TestReplayWhoHungUpAtOnceIsNeverAnswered(t *testing.T) {
	t.Parallel()
	log := logOf(answered(0, 0, 10, "A"), hungUp(100, 0), answered(200, 0, 10, "A"), hungUp(300, 0))
	played := play(t, log, Rules{Strategy: "RING_SIMULTANEOUSLY"})
	assert.Equal(t, Played{Outcome: queue.Abandoned}, outcomes(played)[1])
	assert.Equal(t, Played{Outcome: queue.Abandoned}, outcomes(played)[3])
}

func TestReplayCreditCountsAsWaiting(t *testing.T) {
	t.Parallel()
	preferred := answered(70, 130, 10, "A")
	preferred.Credit = 90 * time.Second
	log := logOf(
		answered(0, 0, 200, "A"),
		answered(30, 180, 10, "A"),
		preferred, // joins 40 s later and is 50 s before
	)
	played := play(t, log, Rules{Strategy: "CYCLIC_HUNT"})
	assert.Equal(t, 130*time.Second, played[2].Wait)
	assert.Equal(t, 180*time.Second, played[1].Wait)
}

func TestReplayPhonesRingAsLongAsTheyDid(t *testing.T) {
	t.Parallel()
	ringing := func(c Call, ring float64) Call {
		c.Ring = secs(ring)
		return c
	}
	log := logOf(
		ringing(answered(0, 5, 95, "A"), 5),
		ringing(answered(50, 70, 30, "A"), 10), // A is back at 110, 10 s after the first call
		ringing(answered(60, 100, 40, "A"), 8), // and at 152, 2 s after the second
		hungUp(500, 3),                         // hangs up while it rings, or there is nobody
		ringing(answered(1000, 8, 40, "A"), 8),
	)
	for _, s := range strategy.Seven() {
		assert.Equal(t, log.Real(), outcomes(play(t, log, Rules{Strategy: s.Name})), s.Name)
	}
}

func TestReplayABreakThatBeginsLateIsAsLong(t *testing.T) {
	t.Parallel()
	log := logOf(
		answered(0, 0, 100, "A"),
		answered(10, 690, 50, "A"), // A was away from 100 to 700
		answered(60, 790, 50, "A"),
	)
	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	require.Len(t, p.shifts[0].absences, 2) // the break, and home
	p.calls[0].talk = 150 * time.Second     // he talks on when the break would begin
	played, err := p.Play(Rules{Strategy: "CYCLIC_HUNT"})
	require.NoError(t, err)
	assert.Equal(t, after(750), log.Calls[1].At.Add(played[1].Wait))
}

func TestReplayPlaysAHostsOwnStrategy(t *testing.T) {
	t.Parallel()
	log := logOf(answered(0, 0, 100, "A"), answered(1, 0, 100, "B"), answered(300, 0, 10, "A"), answered(400, 0, 10, "A"), answered(500, 0, 10, "B"))
	last := strategy.Strategy{Name: "LAST_FIRST", Rank: func(c strategy.Candidate) strategy.Rank { return strategy.Rank{-int64(c.Place), 0} }}
	played := play(t, log, Rules{Strategy: "LAST_FIRST", Own: []strategy.Strategy{last}})
	assert.Equal(t, "B", played[2].Agent)
	assert.Equal(t, "B", played[3].Agent)

	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	_, err = p.Play(Rules{Strategy: "LAST_FIRST"})
	assert.ErrorIs(t, err, agent.ErrInvalid)
}

func TestReplayOfSeveralDaysStartsEachShiftAtItsTime(t *testing.T) {
	t.Parallel()
	const day = 24 * 3600
	log := logOf(answered(0, 0, 3000, "A"), answered(2990, 20, 600, "A"), answered(day, 0, 100, "A"), hungUp(day-60, 10))
	played := play(t, log, Rules{Strategy: "CYCLIC_HUNT"})
	assert.Equal(t, queue.Abandoned, played[2].Outcome, "nobody is there a minute before")
	assert.Equal(t, Played{Outcome: queue.Answered, Agent: "A", Talk: 100 * time.Second}, outcomes(played)[3])
}

func TestReplayOfTheHandMadeLogs(t *testing.T) {
	t.Parallel()
	for file, format := range map[string]Format{"bank.tsv": Bank, "queue_log": QueueLog, "calls.csv": CSV} {
		log := read(t, file, format)
		c, err := Compare(log, Options{Sensitivity: true, Sticky: true})
		require.NoError(t, err, file)
		for _, n := range append([]Numbers{c.Real}, c.Strategies...) {
			assert.Equal(t, len(log.Calls), n.Answered+n.Abandoned+n.Other, "%s: %s", file, n.Name)
		}
		var page strings.Builder
		require.NoError(t, c.Page().Write(&page))
		assert.NotContains(t, page.String(), "NaN")
	}
}
