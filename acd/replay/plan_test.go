package replay

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

var morning = time.Date(2027, 1, 15, 8, 0, 0, 0, time.UTC)

// logOf makes a log out of calls in seconds after the morning; the agents are
// those of the calls, in the order of their answers.
func logOf(calls ...Call) *Log {
	log := &Log{Calls: calls, Records: len(calls), Used: len(calls)}
	log.settle(nil)
	return log
}

func answered(at, wait, talk float64, who string) Call {
	return Call{At: after(at), Wait: secs(wait), Outcome: queue.Answered, Agent: who, Talk: secs(talk)}
}

func hungUp(at, wait float64) Call {
	return Call{At: after(at), Wait: secs(wait), Outcome: queue.Abandoned, Talk: Unknown}
}

func secs(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

func after(seconds float64) time.Time { return morning.Add(secs(seconds)) }

func TestAbsenceIsSeenWhileSomebodyWaits(t *testing.T) {
	t.Parallel()
	gaps := findGaps(logOf(
		answered(0, 0, 100, "A"),   // ends at 100
		hungUp(90, 60),             // waits from 90 to 150: A is away until then
		answered(200, 0, 50, "A"),  // ends at 250; nobody waits
		answered(300, 0, 50, "A"),  // ends at 350
		answered(320, 60, 20, "A"), // from the line at 380, ends at 400
	), true)
	require.Len(t, gaps, 3)
	assert.Equal(t, 100*time.Second, gaps[0].length)
	assert.Equal(t, 50*time.Second, gaps[0].absent, "as long as somebody waited")
	assert.Equal(t, &Observation{For: 50 * time.Second}, gaps[0].told, "censored: then the line was empty")
	assert.Equal(t, 50*time.Second, gaps[1].length)
	assert.Zero(t, gaps[1].absent)
	assert.Nil(t, gaps[1].told)
	assert.Equal(t, 30*time.Second, gaps[2].absent, "the call he took had waited: he was away all the time")
	assert.Equal(t, &Observation{For: 30 * time.Second, Came: true}, gaps[2].told)
}

func TestAbsenceIsProvedOnlyByCallsOfAKindHeTakes(t *testing.T) {
	t.Parallel()
	var calls []Call
	for i := range 10 {
		a, b := answered(float64(1000*i), 0, 100, "A"), answered(float64(1000*i), 0, 500, "B")
		a.Kind, b.Kind = "plain", "special"
		waiting := hungUp(float64(1000*i+90), 200)
		waiting.Kind = "special"
		calls = append(calls, a, b, waiting)
	}
	for _, g := range findGaps(logOf(calls...), true) {
		assert.Zero(t, g.absent)
		assert.Nil(t, g.told)
	}
	regardless := findGaps(logOf(calls...), false)
	assert.Equal(t, 190*time.Second, regardless[0].absent)
}

func TestAbsenceThatTheLogTellsIsBelieved(t *testing.T) {
	t.Parallel()
	log := logOf(
		answered(0, 0, 100, "A"),
		hungUp(90, 500),
		answered(900, 0, 50, "A"),
	)
	log.Agents[0].Present = []Span{{after(0), after(130)}, {after(800), after(950)}}
	gaps := findGaps(log, true)
	require.Len(t, gaps, 1)
	assert.Equal(t, 30*time.Second, gaps[0].length, "until he left")
	assert.Equal(t, &Observation{For: 30 * time.Second}, gaps[0].told)

	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	assert.Equal(t, 30*time.Second, p.calls[0].after)
	require.Len(t, p.shifts[0].absences, 2)
	assert.Equal(t, absence{span: span{agent.At(after(130)), agent.At(after(800))}}, p.shifts[0].absences[0])
	assert.InDelta(t, 280.0/3600, p.shifts[0].hours, 1e-9)
}

func TestPlanTellsBreaksFromWorkAfterTheCallAndFromShifts(t *testing.T) {
	t.Parallel()
	log := logOf(
		answered(0, 0, 100, "A"),
		answered(90, 30, 100, "A"), // from the line: 20 s of work after the call
		answered(210, 700, 90, "A"),
		hungUp(1100, 10),
		answered(990, 4*3600, 100, "A"), // a shift later
	)
	p, err := NewPlan(log, Assumptions{})
	require.NoError(t, err)
	assert.Equal(t, 20*time.Second, p.calls[0].after)
	assert.Zero(t, p.calls[1].after, "an absence of 690 s is a break")
	require.Len(t, p.shifts[0].absences, 3)
	assert.Equal(t, absence{span: span{agent.At(after(220)), agent.At(after(910))}}, p.shifts[0].absences[0])
	assert.True(t, p.shifts[0].absences[1].home)
	assert.True(t, p.shifts[0].absences[2].final)

	p, err = NewPlan(log, Assumptions{Break: 15 * time.Minute})
	require.NoError(t, err)
	assert.Equal(t, 690*time.Second, p.calls[1].after)
}

func TestPlanDrawsWithinWhatTheLogKnows(t *testing.T) {
	t.Parallel()
	log := randomLog(400, 55)
	for seed := range uint64(5) {
		p, err := NewPlan(log, Assumptions{Seed: seed})
		require.NoError(t, err)
		for i, c := range log.Calls {
			switch c.Outcome {
			case queue.Abandoned:
				assert.Equal(t, c.Wait, p.calls[i].patience)
			default:
				assert.Greater(t, p.calls[i].patience, c.Wait)
				assert.Equal(t, c.Talk, p.calls[i].talk)
			}
		}
		for _, g := range findGaps(log, true) {
			if d := p.calls[g.call].after; d > 0 {
				assert.GreaterOrEqual(t, d, g.absent)
				assert.LessOrEqual(t, d, g.length)
			}
		}
	}
}

func TestReadingsAreLimitsOfAbsence(t *testing.T) {
	t.Parallel()
	log := randomLog(400, 55)
	hours := make(map[Reading]float64)
	for r := range readings {
		p, err := NewPlan(log, Assumptions{Reading: r})
		require.NoError(t, err)
		for i, s := range p.shifts {
			hours[r] += s.hours
			for _, after := range p.calls {
				hours[r] -= after.after.Hours() / float64(len(p.shifts))
			}
			assert.NotZero(t, s.from, i)
		}
	}
	assert.Less(t, hours[Latest], hours[Drawn])
	assert.Less(t, hours[Drawn], hours[Earliest])
}

// randomLog makes a log of a centre with three agents that never existed, to whom
// somebody calls every so many seconds.
func randomLog(n int, pace float64) *Log {
	r := rand.New(rand.NewPCG(1, 2))
	var calls []Call
	free := [3]float64{}
	now := 0.0
	for i := range n {
		now += pace * r.ExpFloat64()
		patience, talk := 120*r.ExpFloat64(), 130*r.ExpFloat64()
		who := 0
		for a := range free {
			if free[a] < free[who] {
				who = a
			}
		}
		wait := max(free[who]-now, 0)
		c := hungUp(now, patience)
		if wait <= patience {
			c = answered(now, wait, talk, string(rune('A'+who)))
			free[who] = now + wait + talk + 10*r.ExpFloat64()
			if r.IntN(20) == 0 {
				free[who] += 600
			}
		}
		c.ID = fmt.Sprint(i)
		if r.IntN(2) == 0 {
			c.Caller = fmt.Sprint(1000 + r.IntN(50))
		}
		calls = append(calls, c)
	}
	return logOf(calls...)
}

func TestPlanRefusesWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		log *Log
		a   Assumptions
	}{
		"nobody answered":    {logOf(hungUp(0, 10)), Assumptions{}},
		"no known talk":      {logOf(Call{At: morning, Outcome: queue.Answered, Agent: "A", Talk: Unknown}), Assumptions{}},
		"no known agent":     {logOf(answered(0, 0, 10, "")), Assumptions{}},
		"long break":         {logOf(answered(0, 0, 10, "A")), Assumptions{Break: 2 * time.Hour}},
		"negative break":     {logOf(answered(0, 0, 10, "A")), Assumptions{Break: -1}},
		"shift below breaks": {logOf(answered(0, 0, 10, "A")), Assumptions{Shift: time.Second}},
		"reading":            {logOf(answered(0, 0, 10, "A")), Assumptions{Reading: readings}},
	} {
		_, err := NewPlan(c.log, c.a)
		assert.ErrorIs(t, err, agent.ErrInvalid, name)
	}
}

func TestReadingText(t *testing.T) {
	t.Parallel()
	for r := range readings {
		text, err := r.MarshalText()
		require.NoError(t, err)
		var back Reading
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, r, back)
	}
	var r Reading
	assert.ErrorIs(t, r.UnmarshalText([]byte("drawn")), agent.ErrInvalid)
	assert.Equal(t, "Reading(9)", Reading(9).String())
}
