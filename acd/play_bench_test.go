package acd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// hold is a line of callers who wait for one agent, with announcements every
// 10 s; they came evenly over an interval. Each announcement takes 3 s.
type hold struct {
	engine *acd.Engine
	now    time.Time
	ended  []queue.CallID // prompts that are over, from next on
	over   []time.Time    // when
	next   int
}

func newHold(tb testing.TB, callers int) *hold {
	tb.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	h := &hold{engine: e, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	do := func(in acd.Input) {
		if err := e.Step(h.now, in); err != nil {
			tb.Fatal(err)
		}
	}
	config := queue.Defaults()
	config.Name, config.Number = "q", "8000"
	config.MaxWaitingTime = 65535 * time.Second
	config.InformPosition, config.InformPositionInterval = queue.InformPeriodically, 10*time.Second
	do(acd.CreateQueue{Queue: "q", Config: config})
	do(acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}})
	do(acd.OtherCall{Agent: "1001", Call: "private", State: acd.OtherTalking}) // staffed, and never free
	gap := 10 * time.Second / time.Duration(callers)
	for i := range callers {
		do(acd.Join{Call: queue.CallID(fmt.Sprint("c", i)), Queue: "q"})
		h.now = h.now.Add(gap)
	}
	return h
}

// turn lets time pass to what is due next, and returns the events.
func (h *hold) turn(tb testing.TB) []acd.Event {
	at, ok := h.engine.NextDeadline()
	if !ok {
		tb.Fatal("nothing is due")
	}
	if h.next < len(h.over) && !h.over[h.next].After(at) {
		h.now = h.over[h.next]
		if err := h.engine.Step(h.now, acd.PromptEnded{Call: h.ended[h.next], Prompt: queue.PromptPosition}); err != nil {
			tb.Fatal(err)
		}
		h.next++
	} else {
		h.now = at
		h.engine.Advance(at)
	}
	events := h.engine.Take()
	for _, ev := range events {
		if play, ok := ev.Do.(*acd.Play); ok && play.What == queue.PromptPosition {
			h.ended = append(h.ended, play.Call)
			h.over = append(h.over, h.now.Add(3*time.Second))
		}
	}
	if h.next > 1<<16 { // keep what waits
		h.ended, h.over, h.next = append(h.ended[:0], h.ended[h.next:]...), append(h.over[:0], h.over[h.next:]...), 0
	}
	return events
}

// BenchmarkAnnouncement is one due announcement and its end, with so many
// callers in line.
func BenchmarkAnnouncement(b *testing.B) {
	for _, callers := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("waiting=%d", callers), func(b *testing.B) {
			h := newHold(b, callers)
			h.engine.Take()
			b.ReportAllocs()
			played := 0
			for b.Loop() {
				for before := played; played == before; {
					for _, ev := range h.turn(b) {
						if _, ok := ev.Do.(*acd.Play); ok {
							played++
						}
					}
				}
			}
		})
	}
}

// Nothing is late: every announcement of every caller comes exactly on its
// interval, each with the right place, however many wait.
func TestB61_NothingIsLate(t *testing.T) {
	t.Parallel()
	const callers, rounds = 2000, 6
	h := newHold(t, callers)
	due, place := make(map[queue.CallID]time.Time), make(map[queue.CallID]int)
	begin, played := h.now, 0
	see := func(events []acd.Event) {
		for _, ev := range events {
			switch do := ev.Do.(type) {
			case *acd.CallJoined:
				due[do.Call], place[do.Call] = ev.At.Add(10*time.Second), do.Position
			case *acd.Play:
				if do.What != queue.PromptPosition {
					continue
				}
				played++
				if !ev.At.Equal(due[do.Call]) || do.Position != place[do.Call] || do.Estimate == nil || do.Language != "en-US" {
					t.Fatalf("%v at %v, due at %v, place %d: %+v", do.Call, ev.At, due[do.Call], place[do.Call], do)
				}
				due[do.Call] = ev.At.Add(10 * time.Second)
			}
		}
	}
	see(h.engine.Take())
	for h.now.Sub(begin) < rounds*10*time.Second {
		see(h.turn(t))
	}
	if played < callers*(rounds-1) {
		t.Errorf("%d announcements", played)
	}
	// The host sleeps for a minute: each acts at its own time all the same, one
	// of a kind at a time, every 30 s as nobody reports an end.
	last := make(map[queue.CallID]time.Time)
	h.engine.Advance(h.now.Add(time.Minute))
	for _, ev := range h.engine.Take() {
		play := ev.Do.(*acd.Play)
		if was, ok := last[play.Call]; ok && ev.At.Sub(was) != 30*time.Second {
			t.Fatalf("%v after %v", play.Call, ev.At.Sub(was))
		}
		last[play.Call] = ev.At
	}
	if len(last) != callers {
		t.Errorf("%d of %d callers heard something", len(last), callers)
	}
	if err := h.engine.Check(); err != nil {
		t.Error(err)
	}
}

// Who answers at once is not told that he would wait, and the published score
// counts those who were answered alone.
func TestB64_TheScoreIsPublished(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT"), withStatus(agent.Ready, "1001", "q"))
	step(t, e, 0, join("c1", "q"))
	answer(t, e, 2, "1001")
	step(t, e, 2, join("c2", "q"))
	step(t, e, 2, join("c3", "q"))
	step(t, e, 50, acd.HangUp{Call: "c3"})
	step(t, e, 100, acd.HangUp{Call: "c1"})
	answer(t, e, 102, "1001")
	v, err := e.Queue("q")
	if err != nil {
		t.Fatal(err)
	}
	// c1: 0 s estimated, waited 2 s. c2: 180 s estimated, waited 100 s.
	if s := v.Estimates; s.N != 2 || s.Error != 78 || s.MeanSquared() != (4+80*80)/2 || s.Bias() != 39*time.Second {
		t.Errorf("score %+v", s)
	}
}
