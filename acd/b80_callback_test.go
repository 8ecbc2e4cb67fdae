package acd_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// promise lets a caller join a queue and ask to be rung back.
func promise(t *testing.T, e *acd.Engine, at float64, id queue.CallID, q queue.ID, number string) {
	t.Helper()
	step(t, e, at, acd.Join{Call: id, Queue: q, Number: number})
	step(t, e, at, acd.KeyPressed{Call: id, Key: "3"})
	step(t, e, at, acd.EnterNumber{Call: id, Text: "#"})
}

// promised are the ids of a queue's open callbacks.
func promised(t *testing.T, e *acd.Engine, q queue.ID) (ids []queue.CallID) {
	t.Helper()
	page, err := e.Callbacks(q, 0, acd.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range page {
		ids = append(ids, v.ID)
	}
	return ids
}

// restored returns a new engine that has read the records of e back and begun
// the next epoch.
func restored(t *testing.T, e *acd.Engine, at float64) *acd.Engine {
	t.Helper()
	next, err := acd.NewEngine(acd.EngineOptions{Seed: 1, Track: true})
	if err != nil {
		t.Fatal(err)
	}
	err = next.Restore(func(yield func(acd.Record, error) bool) {
		for r := range e.Records() {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	step(t, next, at, acd.Recover{Epoch: e.Epoch() + 1})
	return next
}

// Held callbacks keep age and place, are not rung for, and expire.
func TestB85_HeldCallbacks(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "enable_callback=true", "callback_delay=0", "callback_expires=600", "polling_strategy=PRIORITIZED_HUNT"))
	step(t, e, 0, withStatus(agent.Break, "1", "q"))
	promise(t, e, 0, "c1", "q", "030111")
	step(t, e, 10, acd.HoldCallbacks{Queue: "q", On: true})
	promise(t, e, 20, "c2", "q", "030222")
	e = restored(t, e, 30)
	step(t, e, 40, acd.Join{Call: "live", Queue: "q"})
	step(t, e, 50, acd.SetStatus{Agent: "1", Status: agent.Ready})
	rings, _ := only[*acd.Ring](e.Take())
	if len(rings) != 1 || rings[0].Call != "live" {
		t.Fatalf("rung for %+v, want the live call", rings)
	}
	page, err := e.Callbacks("q", 0, 10)
	if err != nil || len(page) != 2 || !page[0].Held || !page[1].Held || page[0].Position != 1 || page[1].Position != 2 {
		t.Fatalf("callbacks %+v, %v", page, err)
	}
	step(t, e, 60, acd.HangUp{Call: "live"})
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	e.Take()
	step(t, e, 70, acd.HoldCallbacks{Queue: "q"})
	rings, at := only[*acd.Ring](e.Take())
	if len(rings) != 1 || rings[0].Call != "c1" || at[0] != 70 {
		t.Fatalf("rung for %+v at %v, want c1 at 70", rings, at)
	}
	// A ring that runs is not cut by it, nor is it matched again.
	step(t, e, 75, acd.HoldCallbacks{Queue: "q", On: true})
	if ended, _ := only[*acd.OfferEnded](e.Take()); len(ended) != 0 {
		t.Errorf("ended %+v", ended)
	}
	step(t, e, 80, acd.Refused{Offer: offerOf(t, e, "1"), End: agent.Rejected})
	e.Advance(sec(599))
	if rings, _ := only[*acd.Ring](e.Take()); len(rings) != 0 {
		t.Errorf("rung for %+v while it is held", rings)
	}
	e.Advance(sec(700))
	changed, at := only[*acd.CallbackChanged](e.Take())
	if len(changed) != 2 || changed[0].State != callback.Expired || changed[1].State != callback.Expired || !slices.Equal(at, []float64{600, 620}) {
		t.Errorf("%+v at %v, want both expired", changed, at)
	}
	refuses(t, e, acd.HoldCallbacks{Queue: "none", On: true}, acd.ErrNotFound, "none")
}

func TestB85_TheListOfCallbacks(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "enable_callback=true", "callback_delay=5", "callback_max_attempts=2", "callback_retry_interval=60"))
	step(t, e, 0, withStatus(agent.Break, "1", "q"))
	step(t, e, 0, acd.Join{Call: "late", Queue: "q", Number: "030999", Name: "Anna", Tag: "x"})
	for i := range 150 {
		promise(t, e, float64(i+1), queue.CallID(fmt.Sprintf("c%03d", i)), "q", fmt.Sprintf("030%03d", i))
	}
	step(t, e, 200, acd.KeyPressed{Call: "late", Key: "3"})
	step(t, e, 200, acd.EnterNumber{Call: "late", Text: "030123456#"})
	all := func(e *acd.Engine) (ids []queue.CallID) {
		for skip := 0; ; skip += acd.MaxPage {
			page, err := e.Callbacks("q", skip, acd.MaxPage)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page {
				ids = append(ids, v.ID)
			}
			if len(page) < acd.MaxPage {
				return ids
			}
		}
	}
	before := all(e)
	if len(before) != 151 || before[0] != "c000" || before[150] != "late" {
		t.Fatalf("%d callbacks %v", len(before), before)
	}
	page, err := e.Callbacks("q", 150, 10)
	want := acd.CallbackView{
		ID: "late", Queue: "q", State: callback.Waiting, Number: "030123456", Name: "Anna", Tag: "x", Position: 1,
		Joined: sec(0), Confirmed: sec(200), Due: sec(205), Expires: sec(200).Add(24 * time.Hour),
	}
	if err != nil || len(page) != 1 || page[0] != want {
		t.Errorf("%+v, %v, want %+v", page, err, want)
	}
	if after := all(restored(t, e, 201)); !slices.Equal(after, before) {
		t.Errorf("after a restart %v", after)
	}

	// Between two attempts it is listed and has no place.
	step(t, e, 210, acd.Pickup{Call: "c000", Agent: "1"})
	if page, _ := e.Callbacks("q", 0, 1); page[0].State != callback.Dialling || page[0].Attempts != 1 || page[0].Agent != "1" {
		t.Errorf("dialling %+v", page)
	}
	step(t, e, 215, acd.CustomerReplied{Call: "c000", Reply: acd.CustomerBusy})
	if page, _ := e.Callbacks("q", 0, 1); page[0].State != callback.Waiting || page[0].Position != 0 || !page[0].Due.Equal(sec(275)) || page[0].Agent != "" {
		t.Errorf("between attempts %+v", page)
	}
	for _, bad := range [][2]int{{-1, 10}, {0, 0}, {0, 101}} {
		if _, err := e.Callbacks("q", bad[0], bad[1]); err == nil {
			t.Errorf("skip %d, top %d is no error", bad[0], bad[1])
		}
	}
	if _, err := e.Callbacks("none", 0, 10); err == nil {
		t.Error("an unknown queue is no error")
	}
	if page, err := e.Callbacks("q", 1000, 10); err != nil || len(page) != 0 {
		t.Errorf("behind the end %v, %v", page, err)
	}
}

// The host dials what the queue says: prefix, ring time, caller ids; the order
// to stop names the same number.
func TestB83_TheOrderToDial(t *testing.T) {
	t.Parallel()
	in := makeQueue(t, "q", "enable_callback=true", "callback_delay=0", "callback_outbound_prefix=9#", "callback_ring_time=20")
	in.Config.OutboundCallerIDs = []queue.OutboundCallerID{{ProviderID: "p", CallerID: "+4930"}}
	e := newEngine(t, in, withStatus(agent.Break, "1", "q"))
	promise(t, e, 0, "c1", "q", "+4930111")
	step(t, e, 10, acd.Pickup{Call: "c1", Agent: "1"})
	dials, _ := only[*acd.Dial](e.Take())
	if len(dials) != 1 || dials[0].Number != "9#+4930111" || dials[0].For != 20*time.Second || dials[0].Attempt != 1 ||
		dials[0].Agent != "1" || len(dials[0].CallerIDs) != 1 || dials[0].Call != "c1" || dials[0].Queue != "q" {
		t.Fatalf("%+v", dials)
	}
	e.Advance(sec(100))
	stops, at := only[*acd.StopDialling](e.Take())
	if len(stops) != 1 || stops[0].Number != "9#+4930111" || at[0] != 30 {
		t.Errorf("%+v at %v", stops, at)
	}
	if ids := promised(t, e, "q"); len(ids) != 0 {
		t.Errorf("open %v after the only attempt", ids)
	}
}

// What fell due while nobody ran acts at the restart, and nobody was rung
// meanwhile.
func TestB112_CallbacksThatFellDueMeanwhile(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "enable_callback=true", "callback_delay=60", "callback_expires=3600", "callback_max_attempts=2",
		"callback_retry_interval=60", "polling_strategy=PRIORITIZED_HUNT"), withStatus(agent.Break, "1", "q"), withStatus(agent.Break, "2", "q"))
	promise(t, e, 0, "dialled", "q", "030111")
	promise(t, e, 0, "waits", "q", "030222")
	step(t, e, 1, acd.Pickup{Call: "dialled", Agent: "1"})
	step(t, e, 2, acd.SetStatus{Agent: "2", Status: agent.Ready})
	e.Take()
	next := restored(t, e, 1000)
	events := next.Take()
	rings, at := only[*acd.Ring](events)
	if len(rings) != 1 || rings[0].Call != "dialled" || at[0] != 1000 {
		t.Errorf("rung for %+v at %v, want the second attempt at 1000", rings, at)
	}
	if dials, _ := only[*acd.Dial](events); len(dials) != 0 {
		t.Errorf("dialled %+v", dials)
	}
	if missed, _ := only[*acd.OfferEnded](events); len(missed) != 0 {
		t.Errorf("ended %+v", missed)
	}
	if err := next.Check(); err != nil {
		t.Error(err)
	}
	if late := restored(t, e, 5000); len(promised(t, late, "q")) != 0 {
		t.Error("they are open after their end")
	}
}

// A callback whose customer is on the phone for another one says so, to readers and
// to people.
func TestB84_WhoWaitsForTheCustomerIsShown(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "a", "enable_callback=true", "callback_delay=0", "polling_strategy=PRIORITIZED_HUNT"),
		makeQueue(t, "bb", "enable_callback=true", "callback_delay=0", "polling_strategy=PRIORITIZED_HUNT"),
		ready("1001", "a"), ready("1002", "bb"),
	)
	promise(t, e, 0, "c1", "a", "+493011111")
	promise(t, e, 0, "c2", "bb", "+493011111")
	onPhone := func(e *acd.Engine, want bool) {
		t.Helper()
		page, err := e.Callbacks("bb", 0, 10)
		if err != nil || len(page) != 1 || page[0].OnPhone != want || page[0].Attempts != 0 || page[0].Position != 1 {
			t.Fatalf("%+v: %v", page, err)
		}
		why, err := e.Why("c2")
		if err != nil || (why[0].What == "its customer is called by another callback") != want || want && !why[0].Until.IsZero() {
			t.Fatalf("%+v: %v", why, err)
		}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
	}
	onPhone(e, false)
	answer(t, e, 3, "1001")
	onPhone(e, true)
	onPhone(restore(t, e), true)
	err := e.Step(sec(4), acd.Pickup{Call: "c2", Agent: "1002"})
	if !errors.Is(err, acd.ErrNotWaiting) || !strings.Contains(err.Error(), "called by another callback") {
		t.Error(err)
	}
	step(t, e, 5, acd.CustomerReplied{Call: "c1"})
	onPhone(e, true)
	// A crash: the talk may live, until it is lost.
	again := restore(t, e)
	step(t, again, 5, acd.Recover{Epoch: 2})
	onPhone(again, true)
	again.Advance(sec(35))
	onPhone(again, false)
	step(t, e, 9, acd.HangUp{Call: "c1"})
	onPhone(e, false)
}

// A record whose callback is that of another call is refused: whoever ends that would
// look for a call that is not there.
func TestRestore_B110_ACallbackOfAnotherCall(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "enable_callback=true", "callback_delay=0"))
	step(t, e, 0, withStatus(agent.Break, "1", "q"))
	promise(t, e, 0, "c1", "q", "030111")
	err := newEngine(t).Restore(func(yield func(acd.Record, error) bool) {
		for r := range e.Records() {
			r.Value = []byte(strings.Replace(string(r.Value), `"promise":{"id":"c1"`, `"promise":{"id":"c2"`, 1))
			if !yield(r, nil) {
				return
			}
		}
	})
	if !errors.Is(err, acd.ErrInvalid) || !strings.Contains(err.Error(), "queue/q/entry/c1: its callback is that of call c2") {
		t.Errorf("restored, or refused by: %v", err)
	}
}

// A call says whether it is a callback.
func TestB82_ACallSaysWhetherItIsACallback(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "enable_callback=true"), withStatus(agent.Break, "1", "q"))
	promise(t, e, 0, "promised", "q", "030111")
	step(t, e, 0, join("live", "q"))
	if !callOf(t, e, "promised").Callback || callOf(t, e, "live").Callback {
		t.Errorf("%+v, %+v", callOf(t, e, "promised"), callOf(t, e, "live"))
	}
}
