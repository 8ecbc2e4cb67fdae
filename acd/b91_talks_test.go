package acd_test

import (
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// counted is what a story of one caller comes to, in seconds, checked by hand.
type counted struct {
	joined, callback, answered, ended, transferred uint64
	callbackTalks, wrapUps, offered                uint64 // offered: offers that ended ANSWERED
	ring, talk, callbackTalk, wrapUp, handle       int
	tally                                          callback.Tally
}

func (c *counted) check(t *testing.T, e *acd.Engine, id queue.ID) {
	t.Helper()
	v, err := e.Queue(id)
	if err != nil {
		t.Fatal(err)
	}
	n := &v.Lifetime
	s := func(d time.Duration) int { return int(d / time.Second) }
	got := counted{
		n.Joined, n.Left[queue.Callback], n.Left[queue.Answered], n.Ended, n.Left[queue.Transferred],
		n.CallbackTalks, n.WrapUps, n.Offers[agent.Answered],
		s(n.Ring), s(n.Talk), s(n.CallbackTalk), s(n.WrapUp), s(n.MeanHandle()), v.Callbacks,
	}
	if got != *c {
		t.Errorf("queue %s:\n%+v, want\n%+v", id, got, *c)
	}
	if n.Waiting() != 0 || n.Talking() != 0 || *n != v.Numbers {
		t.Errorf("queue %s: %d wait, %d talk, since reset %+v", id, n.Waiting(), n.Talking(), v.Numbers)
	}
}

// served is what a membership did, in seconds.
type served struct {
	offers, answered, missed uint64
	talk, wrapUp             int
}

func (s served) check(t *testing.T, e *acd.Engine, a agent.ID, q queue.ID) {
	t.Helper()
	m := memberOf(t, e, a, q)
	n := m.Lifetime
	if got := (served{n.Offers, n.Answered, n.Missed, int(n.Talk / time.Second), int(n.WrapUp / time.Second)}); got != s || n != m.Numbers {
		t.Errorf("%s of %s: %+v, want %+v", a, q, got, s)
	}
}

// talksOf is an engine with two queues, whose wrap-ups last 10 s, an agent of each
// and one of both.
func talksOf(t *testing.T) *acd.Engine {
	t.Helper()
	return newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=10", "ring_time=30", "enable_callback=true",
			"callback_delay=0", "callback_max_attempts=2", "callback_retry_interval=60"),
		makeQueue(t, "qq", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=10", "ring_time=30"),
		ready("1001", "q"), withStatus(agent.Break, "1002", "q"), ready("1003", "qq"),
	)
}

// calledBack is a caller who asks for a callback at 3 s, is not reached at 10, and
// answers at 84; the agent was rung from 70 to 74.
func calledBack(t *testing.T, e *acd.Engine) {
	t.Helper()
	step(t, e, 0, acd.Join{Call: "c", Queue: "q", Number: "+493011111"})
	step(t, e, 2, acd.KeyPressed{Call: "c", Key: "3"})
	step(t, e, 3, acd.EnterNumber{Call: "c", Text: "#"})
	answer(t, e, 5, "1001")
	step(t, e, 10, acd.CustomerReplied{Call: "c", Reply: acd.CustomerBusy})
	served{offers: 2}.check(t, e, "1001", "q")
	if m := memberOf(t, e, "1001", "q"); m.Memory.LastAnswered != 0 || m.Status != agent.Ready {
		t.Errorf("after an attempt that failed: %+v", m)
	}
	e.Advance(sec(70))
	answer(t, e, 74, "1001")
	step(t, e, 84, acd.CustomerReplied{Call: "c"})
}

func TestB46_B91_CallbacksHandOversTransfers(t *testing.T) {
	t.Parallel()
	kept := callback.Tally{Confirmed: 1, Completed: 1}
	for _, story := range []struct {
		name    string
		play    func(t *testing.T, e *acd.Engine)
		q, qq   counted
		members map[agent.ID]served // 1001 and 1002 of q, 1003 of qq
	}{
		{
			name: "a callback",
			play: func(t *testing.T, e *acd.Engine) {
				calledBack(t, e)
				step(t, e, 144, acd.HangUp{Call: "c"})
				ended, _ := only[*acd.TalkEnded](e.Take())
				if len(ended) != 1 || ended[0].Talk != 60*time.Second { // with the customer
					t.Errorf("told %+v", ended)
				}
			},
			q: counted{
				joined: 1, callback: 1, callbackTalks: 1, wrapUps: 1, offered: 2,
				ring: 4, callbackTalk: 70, wrapUp: 10, handle: 84, tally: kept,
			},
			members: map[agent.ID]served{"1001": {offers: 3, answered: 1, talk: 70, wrapUp: 10}},
		},
		{
			name: "a callback that is handed over",
			play: func(t *testing.T, e *acd.Engine) {
				calledBack(t, e)
				step(t, e, 104, acd.HandOver{Call: "c", Agent: "1002"})
				step(t, e, 144, acd.EndTalk{Call: "c"})
			},
			q: counted{
				joined: 1, callback: 1, callbackTalks: 1, wrapUps: 2, offered: 2,
				ring: 4, callbackTalk: 70, wrapUp: 20, handle: 94, tally: kept,
			},
			members: map[agent.ID]served{
				"1001": {offers: 3, answered: 1, talk: 30, wrapUp: 10}, "1002": {answered: 1, talk: 40, wrapUp: 10},
			},
		},
		{
			name: "a callback that is transferred is a call of the next queue",
			play: func(t *testing.T, e *acd.Engine) {
				calledBack(t, e)
				step(t, e, 104, acd.Transfer{Call: "c", Queue: "qq"})
				answer(t, e, 110, "1003")
				step(t, e, 144, acd.HangUp{Call: "c"})
			},
			q: counted{
				joined: 1, callback: 1, callbackTalks: 1, wrapUps: 1, offered: 2,
				ring: 4, callbackTalk: 30, wrapUp: 10, handle: 44, tally: kept,
			},
			qq: counted{joined: 1, answered: 1, ended: 1, wrapUps: 1, offered: 1, ring: 6, talk: 34, wrapUp: 10, handle: 50},
			members: map[agent.ID]served{
				"1001": {offers: 3, answered: 1, talk: 30, wrapUp: 10}, "1003": {offers: 1, answered: 1, talk: 34, wrapUp: 10},
			},
		},
		{
			name: "a callback whose customer is never reached",
			play: func(t *testing.T, e *acd.Engine) {
				step(t, e, 0, acd.Join{Call: "c", Queue: "q", Number: "+493011111"})
				step(t, e, 2, acd.KeyPressed{Call: "c", Key: "3"})
				step(t, e, 3, acd.EnterNumber{Call: "c", Text: "#"})
				for _, at := range []float64{5, 80} {
					e.Advance(sec(at - 1))
					answer(t, e, at, "1001")
					step(t, e, at+5, acd.CustomerReplied{Call: "c", Reply: acd.CustomerNoAnswer})
				}
			},
			q:       counted{joined: 1, callback: 1, offered: 2, tally: callback.Tally{Confirmed: 1, Failed: 1}},
			members: map[agent.ID]served{"1001": {offers: 3}},
		},
		{
			name: "a talk that is handed over is one",
			play: func(t *testing.T, e *acd.Engine) {
				step(t, e, 0, join("c", "q"))
				answer(t, e, 5, "1001")
				step(t, e, 25, acd.HandOver{Call: "c", Agent: "1002"})
				step(t, e, 65, acd.HangUp{Call: "c"})
			},
			q:       counted{joined: 1, answered: 1, ended: 1, wrapUps: 2, offered: 1, ring: 5, talk: 60, wrapUp: 20, handle: 85},
			members: map[agent.ID]served{"1001": {offers: 1, answered: 1, talk: 20, wrapUp: 10}, "1002": {answered: 1, talk: 40, wrapUp: 10}},
		},
		{
			name: "handed over to a stranger of the queue",
			play: func(t *testing.T, e *acd.Engine) {
				step(t, e, 0, join("c", "q"))
				answer(t, e, 5, "1001")
				step(t, e, 25, acd.HandOver{Call: "c", Agent: "1003"})
				step(t, e, 65, acd.HangUp{Call: "c"})
			},
			q:       counted{joined: 1, answered: 1, ended: 1, wrapUps: 1, offered: 1, ring: 5, talk: 60, wrapUp: 10, handle: 75},
			members: map[agent.ID]served{"1001": {offers: 1, answered: 1, talk: 20, wrapUp: 10}},
		},
		{
			name: "a talk that is transferred is one of each queue",
			play: func(t *testing.T, e *acd.Engine) {
				step(t, e, 0, join("c", "q"))
				answer(t, e, 5, "1001")
				step(t, e, 25, acd.Transfer{Call: "c", Queue: "qq"})
				answer(t, e, 28, "1003")
				step(t, e, 48, acd.EndTalk{Call: "c"})
			},
			q:       counted{joined: 1, answered: 1, ended: 1, wrapUps: 1, offered: 1, ring: 5, talk: 20, wrapUp: 10, handle: 35},
			qq:      counted{joined: 1, answered: 1, ended: 1, wrapUps: 1, offered: 1, ring: 3, talk: 20, wrapUp: 10, handle: 33},
			members: map[agent.ID]served{"1001": {offers: 1, answered: 1, talk: 20, wrapUp: 10}, "1003": {offers: 1, answered: 1, talk: 20, wrapUp: 10}},
		},
		{
			name: "a call that is moved while it waits",
			play: func(t *testing.T, e *acd.Engine) {
				step(t, e, 0, join("c", "q"))
				step(t, e, 7, acd.Transfer{Call: "c", Queue: "qq"})
				answer(t, e, 9, "1003")
				step(t, e, 19, acd.HangUp{Call: "c"})
			},
			q:       counted{joined: 1, transferred: 1},
			qq:      counted{joined: 1, answered: 1, ended: 1, wrapUps: 1, offered: 1, ring: 2, talk: 10, wrapUp: 10, handle: 22},
			members: map[agent.ID]served{"1001": {offers: 1}, "1003": {offers: 1, answered: 1, talk: 10, wrapUp: 10}},
		},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			e := talksOf(t)
			story.play(t, e)
			for _, each := range []*acd.Engine{e, restore(t, e)} {
				story.q.check(t, each, "q")
				story.qq.check(t, each, "qq")
				for _, id := range []agent.ID{"1001", "1002"} {
					story.members[id].check(t, each, id, "q")
				}
				story.members["1003"].check(t, each, "1003", "qq")
				if err := each.Check(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// A talk that runs as the numbers are reset has had no time in the new ones yet, and
// who had no wrap-up has none.
func TestB91_NothingYet(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"), join("c", "q"))
	answer(t, e, 1, "1001")
	step(t, e, 5, acd.ResetQueue{Queue: "q"})
	n := memberOf(t, e, "1001", "q").Numbers
	if n.Talk != 0 || n.WrapUp != 0 || !n.TalkingFrom.Equal(sec(5)) {
		t.Errorf("talk %v since %v, wrap-up %v", n.Talk, n.TalkingFrom, n.WrapUp)
	}
}
