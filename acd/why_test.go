package acd

import (
	"slices"
	"testing"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// Each thing that holds a call is named, with its end if it has one.
func TestB39_WhyNamesEachHoldAndItsEnd(t *testing.T) {
	t.Parallel()
	const end = agent.Instant(1_800_000_000_000_000_000)
	for hold, want := range map[queue.Hold]WaitReason{
		queue.HoldUnconfirmed: {What: "not confirmed after a restart", Until: end.Time()},
		queue.HoldConnecting:  {What: "being connected", Until: (end + 1).Time()},
		queue.HoldIntro:       {What: "its intro plays"},
		queue.HoldQuestion:    {What: "a question waits for its answer"},
		queue.HoldAgent:       {What: "held for one agent"},
		queue.HoldDelay:       {What: "its callback delay runs", Until: (end + 2).Time()},
		queue.HoldHours:       {What: "callbacks are held"},
		queue.HoldCustomer:    {What: "its customer is called by another callback"},
	} {
		e := checked(t)
		c := e.calls["w"]
		e.confirmBy, c.end = end, end+1
		c.own().promise = &callback.Request{Due: end + 2}
		without, err := e.Why("w")
		if err != nil {
			t.Fatal(err)
		}
		c.Holds |= hold
		got, err := e.Why("w")
		if err != nil || len(got) != len(without)+1 || got[0].What != want.What || !got[0].Until.Equal(want.Until) || len(got[0].Agent) != 0 {
			t.Errorf("%+v, want %+v first, then %+v (%v)", got, want, without, err)
		}
		if !slices.EqualFunc(got[1:], without, func(a, b WaitReason) bool { return a.What == b.What }) {
			t.Errorf("%+v, and without the hold %+v", got, without)
		}
	}
}
