package acd_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// listsStart is when the tests of the lists begin.
var listsStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// lists is an engine with one queue and one agent.
type lists struct {
	*acd.Engine
	t   *testing.T
	now time.Time
}

func newLists(t *testing.T) *lists {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{Track: true})
	require.NoError(t, err)
	l := &lists{e, t, listsStart}
	config := queue.Defaults()
	config.Name, config.Number, config.PollingStrategy = "q", "8000", "PRIORITIZED_HUNT"
	l.do(acd.CreateQueue{Queue: "q", Config: config})
	l.do(acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}})
	return l
}

func (l *lists) do(in acd.Input) {
	l.t.Helper()
	require.NoError(l.t, l.Step(l.now, in))
	require.NoError(l.t, l.Check())
}

func (l *lists) wait(d time.Duration) { l.now = l.now.Add(d); l.Advance(l.now) }

// warned lets a caller come and go, and reports whether he heard the warning.
func (l *lists) warned(number string) bool {
	l.t.Helper()
	l.Take()
	l.do(acd.Join{Call: "c", Queue: "q", Number: number})
	found := false
	for _, ev := range l.Take() {
		if p, ok := ev.Do.(*acd.Play); ok && p.What == queue.PromptWarning {
			found = true
		}
	}
	l.do(acd.HangUp{Call: "c"})
	return found
}

func block(number string, level queue.BlockLevel) acd.SetBlocked {
	return acd.SetBlocked{BlockedNumber: queue.BlockedNumber{
		Listing: queue.Listing{Number: number, Enabled: true}, Level: level,
	}}
}

func TestB45_LevelsAreOffByDefault(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(block("+49301", queue.BlockFirst))
	l.do(block("+49302", queue.BlockSecond))
	assert.False(t, l.warned("+49301"))
	assert.False(t, l.warned("+49302"))
	l.do(acd.EnableBlocking{First: true})
	assert.True(t, l.warned("+49301"))
	assert.False(t, l.warned("+49302"))
	l.do(acd.EnableBlocking{Second: true})
	assert.False(t, l.warned("+49301"))
	assert.True(t, l.warned("+49302"))
	l.do(acd.EnableBlocking{})
	assert.False(t, l.warned("+49302"))
}

func TestB45_OnlyEntriesThatAreEnabledAndNotExpired(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.EnableBlocking{First: true, Second: true})
	off := block("+49301", queue.BlockFirst)
	off.Enabled = false
	l.do(off)
	assert.False(t, l.warned("+49301"))
	expires := block("+49302", queue.BlockFirst)
	expires.Expires = agent.At(l.now.Add(time.Minute))
	l.do(expires)
	assert.True(t, l.warned("+49302"))
	l.wait(time.Minute - 1)
	assert.True(t, l.warned("+49302"))
	l.wait(1)
	assert.False(t, l.warned("+49302"))
}

func TestB45_TriggersAreCounted(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.EnableBlocking{First: true})
	l.do(block("+49301", queue.BlockFirst))
	for range 3 {
		assert.True(t, l.warned("+49301"))
	}
	b, err := l.Blocked("+49301")
	require.NoError(t, err)
	assert.Equal(t, 3, b.Triggered)
	assert.Equal(t, agent.At(listsStart), b.Created)

	// A change of the entry keeps the count and when it was made.
	l.wait(time.Hour)
	changed := block("+49301", queue.BlockSecond)
	changed.Triggered, changed.Description = 99, "spam"
	l.do(changed)
	b, err = l.Blocked("+49301")
	require.NoError(t, err)
	assert.Equal(t, 3, b.Triggered)
	assert.Equal(t, agent.At(listsStart), b.Created)
	assert.Equal(t, agent.At(l.now), b.Updated)
	assert.False(t, l.warned("+49301"), "its level is not enabled")

	l.do(acd.RemoveBlocked{Number: "+49301"})
	_, err = l.Blocked("+49301")
	require.ErrorIs(t, err, acd.ErrNotFound)
	require.ErrorIs(t, l.Step(l.now, acd.RemoveBlocked{Number: "+49301"}), acd.ErrNotFound)
	for range l.BlockedNumbers() {
		t.Error("the list is not empty")
	}
}

func TestB45_WhatIsRefused(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	for _, in := range []acd.SetBlocked{
		block("", queue.BlockFirst), block("12", queue.BlockFirst), block("Anonymous", queue.BlockFirst),
		block("+49301", queue.BlockSecond+1), block("+49\n301", queue.BlockFirst),
	} {
		require.ErrorIs(t, l.Step(l.now, in), acd.ErrInvalid, "%+v", in)
	}
}

// The list and its levels are stored, as one record a number.
func TestB45_Records(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.EnableBlocking{Second: true})
	l.do(block("+49301", queue.BlockSecond))
	assert.True(t, l.warned("+49301"))
	l.do(acd.Join{Call: "held", Queue: "q", Number: "+49301"})
	fresh, err := acd.NewEngine(acd.EngineOptions{Track: true})
	require.NoError(t, err)
	keys := map[string]bool{}
	require.NoError(t, fresh.Restore(func(yield func(acd.Record, error) bool) {
		for r := range l.Records() {
			keys[r.Key] = true
			if !yield(r, nil) {
				return
			}
		}
	}))
	assert.True(t, keys["blocked/+49301"], "%v", keys)
	restored := &lists{fresh, t, l.now}
	assert.True(t, restored.warned("+49301"))
	b, err := fresh.Blocked("+49301")
	require.NoError(t, err)
	assert.Equal(t, 3, b.Triggered)
	restored.do(acd.PromptEnded{Call: "held", Prompt: queue.PromptWarning})
	_, err = fresh.Call("held")
	require.ErrorIs(t, err, acd.ErrNotFound)
}

// Whatever is late says so: Why tells what the caller waits for.
func TestB45_Why(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.EnableBlocking{First: true})
	l.do(block("+49301", queue.BlockFirst))
	l.do(acd.Join{Call: "c", Queue: "q", Number: "+49301"})
	why, err := l.Why("c")
	require.NoError(t, err)
	require.Len(t, why, 1)
	assert.Equal(t, l.now.Add(time.Minute), why[0].Until)
	view, err := l.Queue("q")
	require.NoError(t, err)
	assert.Equal(t, 1, view.Waiting)
	line, err := l.Waiting("q", 0, 10)
	require.NoError(t, err)
	assert.Empty(t, line)
}

// A FULL intro has no end that is known; that a queue has no agents is said if it
// has none.
func TestB60_WhyDuringAnIntro(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "intro_type=FULL", "intro_prompt_file_id=7", "wait_when_no_agents_online=true"),
		withStatus(agent.Break, "1001", "q"), join("c", "q"))
	says := func(want ...string) {
		t.Helper()
		why, err := e.Why("c")
		var what []string
		for _, r := range why {
			what = append(what, r.What)
		}
		if err != nil || !slices.Equal(what, want) || !why[0].Until.IsZero() {
			t.Errorf("%+v, want %q (%v)", why, want, err)
		}
	}
	says("its intro plays", "1 agent: BREAK")
	step(t, e, 1, acd.RemoveMember{Agent: "1001", Queue: "q"})
	says("its intro plays", "the queue has no agents")
}
