package acd_test

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

func TestB101_TheRouterActsAtItsDeadlinesForHours(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		start := time.Now()
		h := listen(t.Context(), r, nil)
		in := support()
		in.Config.MaxWaitingTime = 5 * time.Hour
		mustPost(t, r, in, inSupport("101"), toSupport("c1"))
		time.Sleep(6 * time.Hour)

		events := h.heard()
		requireGapless(t, 1, events)
		rings, at := 0, start
		for _, ev := range events {
			switch do := ev.Do.(type) {
			case *acd.Ring:
				rings++
				at = ev.At
			case *acd.OfferEnded:
				if do.End == agent.NoAnswer {
					assert.Equal(t, 20*time.Second, ev.At.Sub(at), "a ring lasts ring_time")
				}
			case *acd.CallLeft:
				assert.WithinDuration(t, start.Add(5*time.Hour), ev.At, 0)
			}
		}
		assert.Greater(t, rings, 500)
		assert.Len(t, actions[acd.CallLeft](events), 1)
	})
}

func TestB101_ASetBackClockIsStandingStill(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	r := openRouter(t, acd.Options{Clock: clock})
	start := clock.Now()
	mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
	clock.pass(10 * time.Second)
	require.Equal(t, start.Add(10*time.Second), r.Now())
	clock.jump(-time.Hour)
	require.Equal(t, start.Add(10*time.Second), r.Now())
	mustPost(t, r, toSupport("c2"))
	call, err := r.Call("c2")
	require.NoError(t, err)
	require.Equal(t, start.Add(10*time.Second), call.Joined)

	clock.pass(time.Hour + 9*time.Second) // as far as 19 s again
	require.Empty(t, actions[acd.OfferEnded](unread(t, r)))
	clock.pass(time.Second)
	ended := unread(t, r)
	require.Len(t, actions[acd.OfferEnded](ended), 1)
	require.Equal(t, start.Add(20*time.Second), ended[0].At)
}

func TestB101_ASpuriousFiringIsHarmless(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	r := openRouter(t, acd.Options{Clock: clock})
	mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
	unread(t, r)
	for range 19 {
		clock.pass(time.Second)
		clock.fire()
		clock.fire()
		require.Zero(t, r.Backlog())
		require.LessOrEqual(t, clock.pending(), 1, "one timer, however often it fires")
	}
	clock.pass(time.Second)
	require.NotZero(t, r.Backlog())
}

func TestB101_OneTimerSetOnlyWhenTheNextDeadlineIsEarlier(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	r := openRouter(t, acd.Options{Clock: clock})
	mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
	set := clock.set
	for i := range 50 {
		mustPost(t, r, acd.ChangePriority{Call: "c1", Priority: i})
	}
	require.Equal(t, set, clock.set, "inputs that bring no earlier deadline leave the timer alone")
	mustPost(t, r, acd.HangUp{Call: "c1"})
	require.Equal(t, set, clock.set, "one that is too early is left")
	require.Equal(t, 1, clock.pending())
	require.NoError(t, r.Close(t.Context()))
	require.Zero(t, clock.pending(), "Close stops it")
}

func TestB104_ALateRouterTakesItsOffersBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		late time.Duration
		end  agent.End
	}{
		{"two seconds are in time", 2 * time.Second, agent.NoAnswer},
		{"more are not", 2*time.Second + 1, agent.Withdrawn},
		{"an hour is not", time.Hour, agent.Withdrawn},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clock := newHandClock()
			r := openRouter(t, acd.Options{Clock: clock})
			in := support()
			in.Config.MaxWaitingTime = 2 * time.Hour
			mustPost(t, r, in, inSupport("101"), toSupport("c1"))
			unread(t, r)
			clock.jump(20*time.Second + c.late) // the ring ends after 20 s
			mustPost(t, r, acd.AddAgent{Agent: "102"})
			ended := actions[acd.OfferEnded](unread(t, r))
			require.NotEmpty(t, ended)
			require.Equal(t, c.end, ended[0].End)
			require.NoError(t, r.Check())
		})
	}
}

// A Router that is in time takes nothing back, and says nothing of it.
func TestB104_InTimeNothingIsLogged(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	var log bytes.Buffer
	r := openRouter(t, acd.Options{Clock: clock, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	mustPost(t, r, support(), inSupport("101"))
	mustPost(t, r, toSupport("c1")) // now there are deadlines
	clock.pass(time.Second)
	mustPost(t, r, acd.AddAgent{Agent: "102"})
	require.Empty(t, log.String())
	clock.jump(time.Hour)
	mustPost(t, r, acd.AddAgent{Agent: "103"})
	require.Contains(t, log.String(), "stopped")
}

func TestB104_ATimerThatFiresLateIsLateToo(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	r := openRouter(t, acd.Options{Clock: clock})
	in := support()
	in.Config.MaxWaitingTime = 2 * time.Hour
	mustPost(t, r, in, inSupport("101"), toSupport("c1"))
	unread(t, r)
	clock.jump(time.Minute)
	clock.pass(0)
	events := unread(t, r)
	ended := actions[acd.OfferEnded](events)
	require.Len(t, ended, 1)
	require.Equal(t, agent.Withdrawn, ended[0].End)
	rings := actions[acd.Ring](events)
	require.Len(t, rings, 1, "then the line is matched once")
	require.Equal(t, time.Minute, rings[0].Wait)
}
