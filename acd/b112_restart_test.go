package acd_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// crash is a new engine with what the store had: all but the offers.
func crash(t *testing.T, e *acd.Engine, options acd.EngineOptions) *acd.Engine {
	t.Helper()
	options.Track = true
	again, err := acd.NewEngine(options)
	if err != nil {
		t.Fatal(err)
	}
	err = again.Restore(func(yield func(acd.Record, error) bool) {
		for r, err := range kept(e) {
			if !strings.HasPrefix(r.Key, "offer/") && !yield(r, err) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// The process was away from 10 to 100. What ran on its own fell due at its own
// time; calls waited for the host, who has 30 s from the start, or what he chose.
func TestB112_B113_AwayForAWhile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options acd.EngineOptions
		lost    float64
	}{
		{acd.EngineOptions{}, 130},
		{acd.EngineOptions{ConfirmTime: 90 * time.Second}, 190},
	} {
		e := newEngine(t,
			makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_wrap_up=true", "wrap_up_time=30", "max_waiting_time=60", "sla_time=20", "offline_grace=40"),
			ready("1001", "q"), ready("1002", "q"), withStatus(agent.Break, "1003", "q"),
			join("t1", "q"), join("t2", "q"), join("c1", "q"), join("c2", "q"),
		)
		rings, _ := only[*acd.Ring](e.Take())
		step(t, e, 1, acd.Answered{Offer: rings[0].Offer})
		step(t, e, 1, acd.Answered{Offer: rings[1].Offer})
		step(t, e, 10, acd.HangUp{Call: "t1"}) // 1001 in wrap-up till 40
		step(t, e, 10, acd.Registered{Agent: "1003", Gone: true})
		again := crash(t, e, c.options)
		step(t, again, 100, acd.Recover{Epoch: 2})
		events := again.Take()
		if events[0].Seq != 1 {
			t.Errorf("the first event of the epoch is number %d", events[0].Seq)
		}
		if _, at := only[*acd.LineChanged](events); len(at) == 0 || at[0] != 40 {
			t.Errorf("the wrap-up ended at %v", at)
		}
		for _, ev := range events {
			switch ev.Do.(type) {
			case *acd.Ring, *acd.CallLeft, *acd.TalkEnded, *acd.SLABreached:
				t.Errorf("before any confirmation: %T %+v at %v", ev.Do, ev.Do, ev.At)
			}
		}
		for _, id := range []queue.CallID{"c1", "t2"} {
			if v, err := again.Call(id); err != nil || !v.Unconfirmed {
				t.Errorf("%s: %+v %v", id, v, err)
			}
		}
		// c1 is confirmed: its mark and its patience are over, which is told as of now.
		step(t, again, 110, acd.ConfirmCall{Call: "c1"})
		events = again.Take()
		if _, at := only[*acd.SLABreached](events); !slices.Equal(at, []float64{110}) {
			t.Errorf("mark told at %v", at)
		}
		if left, at := only[*acd.CallLeft](events); len(left) != 1 || left[0].Call != "c1" || left[0].Outcome != queue.TimedOut || at[0] != 110 {
			t.Errorf("left %+v at %v", left, at)
		}
		again.Advance(sec(400))
		events = again.Take()
		if left, at := only[*acd.CallLeft](events); len(left) != 1 || left[0].Call != "c2" || left[0].Outcome != queue.Lost || at[0] != c.lost {
			t.Errorf("left %+v at %v, want LOST at %v", left, at, c.lost)
		}
		if ends, at := only[*acd.TalkEnded](events); len(ends) != 1 || ends[0].By != acd.ByLost || at[0] != c.lost {
			t.Errorf("talks ended %+v at %v", ends, at)
		}
		if err := again.Check(); err != nil {
			t.Error(err)
		}
	}
}

// Nobody hears anything of statuses that are what they were, and nothing of what
// an agent is, is lost.
func TestB113_AgentsAreAsTheyWere(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "reject_delay=600"), makeQueue(t, "other"),
		ready("1001", "q", "other"), acd.AddAgent{Agent: "1002", NotRegistered: true, Name: "Zoë", Queues: []acd.Place{{Queue: "q", Level: 7}}},
		withStatus(agent.Break, "1003", "other"),
	)
	override := 11 * time.Second
	for _, in := range []acd.Input{
		acd.SetStatus{Agent: "1003", Status: agent.Lunch, Reason: "soup"},
		acd.ChangeMember{Agent: "1002", Queue: "q", WrapUpTime: &override},
		acd.OtherCall{Agent: "1003", Call: "x", State: acd.OtherTalking, Number: "+4930"},
		acd.SetStatus{Agent: "1003", Status: agent.NotReady, Reason: "later"}, // asked for during the call
		join("c1", "q"),
	} {
		step(t, e, 5, in)
	}
	rings, _ := only[*acd.Ring](e.Take())
	step(t, e, 6, acd.Refused{Offer: rings[0].Offer, End: agent.Rejected})
	e.Take()
	again := crash(t, e, acd.EngineOptions{})
	step(t, again, 60, acd.Recover{Epoch: 2})
	if changed, _ := only[*acd.StatusChanged](again.Take()); len(changed) > 0 {
		t.Errorf("told %+v", changed[0])
	}
	for _, id := range []agent.ID{"1001", "1002", "1003"} {
		was, _ := e.Agent(id)
		is, err := again.Agent(id)
		if err != nil {
			t.Fatal(err)
		}
		if is.Registered != was.Registered || is.Name != was.Name || !is.Pause.Equal(was.Pause) || is.Use != was.Use || len(is.Others) != len(was.Others) {
			t.Errorf("%+v\nwas %+v", is, was)
		}
		for i, m := range is.Members {
			w := was.Members[i]
			if m.Status != w.Status || m.Set != w.Set || m.ByHand != w.ByHand || m.Reason != w.Reason || !m.Since.Equal(w.Since) ||
				m.Level != w.Level || m.Memory != w.Memory || (m.Wanted == nil) != (w.Wanted == nil) || (m.WrapUpTime == nil) != (w.WrapUpTime == nil) {
				t.Errorf("%s: %+v\nwas %+v", id, m, w)
			}
		}
	}
}

// What a store holds does not depend on when it was asked for: the time of the last
// change, from which a restart counts (B101), is the last change's although the thing
// that changed had changed before.
func TestB101_B112_ThePaceOfTheStoreChangesNothing(t *testing.T) {
	t.Parallel()
	var kept [2]map[string]string
	for i := range kept {
		e, err := acd.NewEngine(acd.EngineOptions{Track: true})
		if err != nil {
			t.Fatal(err)
		}
		kept[i] = map[string]string{}
		store := func() {
			for _, c := range e.Changes() {
				rec := c.Record()
				if len(rec.Value) == 0 {
					delete(kept[i], rec.Key)
				} else {
					kept[i][rec.Key] = string(rec.Value)
				}
			}
		}
		for n, in := range []acd.Input{
			makeQueue(t, "q"), ready("1001", "q"), withStatus(agent.Break, "1002", "q"), join("c1", "q"),
			acd.ChangePriority{Call: "c1", Priority: 2},
			acd.ChangePriority{Call: "c1", Priority: 3},
			acd.SetStatus{Agent: "1002", Status: agent.Lunch},
			acd.SetStatus{Agent: "1002", Status: agent.Break},
		} {
			step(t, e, float64(n), in)
			if i == 0 {
				store()
			}
		}
		store()
	}
	for key, value := range kept[0] {
		if kept[1][key] != value {
			t.Errorf("%s: %s when stored at once, %s step by step", key, kept[1][key], value)
		}
	}
	if len(kept[0]) != len(kept[1]) {
		t.Errorf("%d records and %d", len(kept[0]), len(kept[1]))
	}
}

// Of two customers who were dialled as the process ended, what becomes of the first
// callback is told whole, his agent's line too, before the second one's (B100).
func TestB100_B112_OneAttemptAfterTheOther(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "enable_callback=true", "callback_delay=0"))
	for i, id := range []agent.ID{"1001", "1002"} {
		call := queue.CallID(fmt.Sprint("c", i))
		step(t, e, 0, withStatus(agent.Break, id, "q"))
		promise(t, e, 0, call, "q", fmt.Sprint("03011", i))
		step(t, e, 1, acd.Pickup{Call: call, Agent: id})
	}
	again := crash(t, e, acd.EngineOptions{})
	step(t, again, 2, acd.Recover{Epoch: 2})
	var order []string
	for _, ev := range again.Take() {
		switch do := ev.Do.(type) {
		case *acd.CallbackChanged:
			order = append(order, string(do.Call))
		case *acd.LineChanged:
			order = append(order, string(do.Agent))
		}
	}
	if want := []string{"c0", "1001", "c1", "1002"}; !slices.Equal(order, want) {
		t.Errorf("told %v, want %v", order, want)
	}
}

// Of two rings that a new epoch takes back, each is told whole before the next (B100).
func TestB100_B112_OneRingAfterTheOther(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT", "wait_when_no_agents_online=true"), ready("1001", "q"), ready("1002", "q"), join("c1", "q"), join("c2", "q"))
	var order []string
	for _, ev := range restored(t, e, 1).Take() {
		switch do := ev.Do.(type) {
		case *acd.OfferEnded:
			order = append(order, "ring of "+string(do.Agent))
		case *acd.LineChanged:
			order = append(order, string(do.Agent))
		}
	}
	if want := []string{"ring of 1001", "1001", "ring of 1002", "1002"}; !slices.Equal(order, want) {
		t.Errorf("told %v, want %v", order, want)
	}
}
