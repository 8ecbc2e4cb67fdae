package acd_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// shiftedBy is how far the clock is set back in these tests: no time of the
// traffic's own is near it.
const shiftedBy = -97*time.Hour - 13*time.Second

// stays are the fields that a clock which was set back leaves alone.
var stays = map[string]bool{"queue.Listing.Expires": true}

// moved walks through two values of one type and calls differ with every leaf in
// which they differ, where instants differ unless b's is later by d; and seen with
// every instant that is not never. Fields are named by the type they belong to.
type moved struct {
	d      time.Duration
	seen   func(field string)
	differ func(field string, a, b any)
}

func (w moved) walk(field string, a, b reflect.Value) {
	if a.Type() == reflect.TypeFor[agent.Instant]() {
		want := a.Int()
		if want != 0 {
			w.seen(field)
			if !stays[field] {
				want += int64(w.d)
			}
		}
		if b.Int() != want {
			w.differ(field, a.Interface(), b.Interface())
		}
		return
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				w.differ(field, a.Interface(), b.Interface())
			}
			return
		}
		w.walk(field, a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !a.Type().Field(i).IsExported() { // such have no record of their own
				continue
			}
			w.walk(a.Type().String()+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			w.differ(field, a.Interface(), b.Interface())
			return
		}
		for i := range a.Len() {
			w.walk(field, a.Index(i), b.Index(i))
		}
	case reflect.Map:
		if a.Len() != b.Len() {
			w.differ(field, a.Interface(), b.Interface())
			return
		}
		for _, k := range a.MapKeys() {
			if !b.MapIndex(k).IsValid() {
				w.differ(field, a.Interface(), b.Interface())
				return
			}
			w.walk(field, a.MapIndex(k), b.MapIndex(k))
		}
	default:
		if !reflect.DeepEqual(a.Interface(), b.Interface()) {
			w.differ(field, a.Interface(), b.Interface())
		}
	}
}

// instants returns the fields of a type that are instants, those of its fields
// included.
func instants(of reflect.Type, field string, found map[string]bool, known map[reflect.Type]bool) {
	if of == reflect.TypeFor[agent.Instant]() {
		found[field] = true
		return
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		instants(of.Elem(), field, found, known)
	case reflect.Struct:
		if known[of] {
			return
		}
		known[of] = true
		for i := range of.NumField() {
			if f := of.Field(i); f.IsExported() {
				instants(f.Type, of.String()+"."+f.Name, found, known)
			}
		}
	}
}

// copyOf restores an engine from another one's records.
func copyOf(t *testing.T, e *acd.Engine) *acd.Engine {
	t.Helper()
	again, err := acd.NewEngine(acd.EngineOptions{Seed: 3, Track: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Restore(kept(e)); err != nil {
		t.Fatal(err)
	}
	return again
}

// during calls look with an engine through which random traffic goes, every so
// many steps.
func during(t *testing.T, traffic acdtest.Traffic, steps, every int, look func(e *acd.Engine)) {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{Seed: traffic.Seed, Track: true})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for step, err := range traffic.Steps(steps) {
		if err != nil {
			t.Fatal(err)
		}
		e.Advance(step.At)
		for _, in := range step.Inputs {
			_ = e.Step(step.At, in) // refused, as it was in the traffic
		}
		e.Take()
		if n++; n%every == 0 {
			look(e)
		}
	}
}

func storedIn(e *acd.Engine) (keys []string, values map[string]any) {
	values = e.Stored()
	return slices.Sorted(maps.Keys(values)), values
}

// sameShifted compares what two engines store.
func sameShifted(t *testing.T, a, b *acd.Engine, seen func(string), leaveOut ...string) {
	t.Helper()
	keys, before := storedIn(a)
	others, after := storedIn(b)
	if !slices.Equal(keys, others) {
		t.Fatalf("records %v, not %v", others, keys)
	}
	for _, key := range keys {
		w := moved{d: shiftedBy, seen: seen, differ: func(field string, was, is any) {
			if !slices.Contains(leaveOut, field) {
				t.Errorf("%s: %s is %v, was %v", key, field, is, was)
			}
		}}
		w.walk(key, reflect.ValueOf(before[key]), reflect.ValueOf(after[key]))
	}
}

// Every time in every record moves, and nothing else; the traffic is so varied
// that each of them is there at some time.
func TestB101_EveryStoredTimeMoves(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, of := range acd.StoredTypes() {
		instants(of, of.String(), found, map[reflect.Type]bool{})
	}
	if len(found) < 40 {
		t.Fatalf("only %d times are stored: %v", len(found), found)
	}
	seen := map[string]bool{}
	for _, traffic := range []acdtest.Traffic{
		{Seed: 1, Queues: 1, Agents: 4, Calm: true},
		{Seed: 2, Queues: 2, Agents: 5, Calm: true},
	} {
		during(t, traffic, 200, 7, func(e *acd.Engine) {
			b := copyOf(t, e)
			b.ShiftBy(shiftedBy)
			sameShifted(t, copyOf(t, e), b, func(field string) { seen[field] = true }, "acd.counts.Events")
			if err := b.Check(); err != nil {
				t.Error(err)
			}
			b.ShiftBy(-shiftedBy)
			sameRecords(t, e, b)
		})
	}
	h := allThatTakesTime(t)
	for range 150 {
		h.turn()
		if h.n == 100 {
			h.do(acd.Recover{Epoch: h.Epoch() + 1})
		}
		b := copyOf(t, h.Engine)
		b.ShiftBy(shiftedBy)
		sameShifted(t, copyOf(t, h.Engine), b, func(field string) { seen[field] = true }, "acd.counts.Events")
	}
	for _, field := range slices.Sorted(maps.Keys(found)) {
		if !seen[field] {
			t.Errorf("no traffic had a %s", field)
		}
	}
}

// sameRecords compares the records of two engines but for the number of events.
func sameRecords(t *testing.T, a, b *acd.Engine) {
	t.Helper()
	x, y := a.Stored(), b.Stored()
	for key := range x {
		if key == "meta" {
			continue
		}
		if !reflect.DeepEqual(x[key], y[key]) {
			t.Errorf("%s there and back: %+v, was %+v", key, y[key], x[key])
		}
	}
}

// What comes after a restart with a clock that was set back is what would have
// come, at times that are as much earlier.
func TestB101_WhatComesAfterAClockSetBackIsTheSame(t *testing.T) {
	t.Parallel()
	looked := 0
	for _, traffic := range []acdtest.Traffic{
		{Seed: 4, Queues: 2, Agents: 5, Calm: true},
		{Seed: 5, Queues: 3, Agents: 6, Calm: true},
	} {
		during(t, traffic, 200, 40, func(e *acd.Engine) {
			looked += samePlay(t, copyOf(t, e), copyOf(t, e))
		})
		if t.Failed() {
			return
		}
	}
	h := allThatTakesTime(t)
	for range 150 {
		if h.turn(); h.n%15 != 0 {
			continue
		}
		a, b := copyOf(t, h.Engine), copyOf(t, h.Engine)
		looked += samePlay(t, a, b)
	}
	if looked < 1000 {
		t.Errorf("only %d events were compared", looked)
	}
}

// samePlay lets the same happen to two engines after a restart, one of them with a
// clock that was set back, and returns how many events it compared.
func samePlay(t *testing.T, a, b *acd.Engine) int {
	t.Helper()
	now := a.Now() // the last stored time
	x, y := play(t, a, now, 0), play(t, b, now.Add(shiftedBy), shiftedBy)
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			t.Fatalf("event %d after %v:\n%v\nnot\n%v", i, now, strings.Join(y[i:min(i+1, len(y))], ""), x[i])
		}
	}
	if len(x) != len(y) {
		t.Fatalf("%d events, not %d", len(y), len(x))
	}
	sameShifted(t, a, b, func(string) {}, "acd.counts.Events") // ClockStepped is one more
	return len(x)
}

// play restarts an engine at now and is its host for some minutes. It returns the
// events, at the times that they would have had without d.
func play(t *testing.T, e *acd.Engine, now time.Time, d time.Duration) []string {
	t.Helper()
	h := &clumsy{Engine: e, t: t, now: now, d: d}
	h.do(acd.Recover{Epoch: e.Epoch() + 1})
	forever(e, h.do)
	for range 60 {
		h.turn()
	}
	return h.told
}

// clumsy is a host that does the same whatever the time.
type clumsy struct {
	*acd.Engine
	t    *testing.T
	now  time.Time
	d    time.Duration // by which its clock was set back
	told []string
	n    int
}

func (h *clumsy) do(in acd.Input) {
	if err := h.Step(h.now, in); err != nil {
		h.told = append(h.told, "refused: "+err.Error())
	}
}

// turn does something about every call, lets one join at times, and lets time pass
// up to the next deadline, 5 s at the most.
func (h *clumsy) turn() {
	for i, c := range slices.Collect(h.Calls()) {
		h.about(&c, h.n+i)
	}
	if h.n%3 == 0 {
		h.do(acd.Join{Call: queue.CallID(fmt.Sprint("new", h.n)), Queue: "q1", Number: fmt.Sprintf("+4930%04d", h.n%10)})
	}
	h.n++
	next := h.now.Add(5 * time.Second)
	if due, ok := h.NextDeadline(); ok && due.Before(next) {
		next = due
	}
	h.now = next
	h.Advance(next)
	if err := h.Check(); err != nil {
		h.t.Error(err)
	}
	for _, ev := range h.Take() {
		if _, stepped := ev.Do.(*acd.ClockStepped); !stepped {
			h.told = append(h.told, tellAt(ev, h.d))
		}
	}
}

// allThatTakesTime is an engine in which all that takes time happens.
func allThatTakesTime(t *testing.T) *clumsy {
	t.Helper()
	e := newEngine(t,
		makeQueue(t, "q1", "polling_strategy=LEAST_WORKED_HUNT", "sticky_wait=20", "sla_time=7", "alert_time=5", "enable_wrap_up=true",
			"wrap_up_time=30", "enable_callback=true", "callback_mode=TIMEOUT", "callback_timeout=8", "play_periodic_music=true",
			"play_periodic_music_interval=20", "inform_position=PERIODICALLY", "intro_type=NORMAL", "intro_prompt_file_id=7", "connect=MANUAL", "talk_lease=20", "resume_window=60"),
		acd.SetVIP{Listing: queue.Listing{Number: "+49300001", Enabled: true}},
	)
	h := &clumsy{Engine: e, t: t, now: sec(0)}
	for i := range 3 {
		h.do(ready(agent.ID(fmt.Sprint(1001+i)), "q1"))
	}
	h.do(acd.OtherCall{Agent: "1003", Call: "x", State: acd.OtherTalking})
	h.do(acd.Registered{Agent: "1002", Gone: true})
	h.do(acd.Registered{Agent: "1002"})
	return h
}

// forever lets what is on the lists stay there: those dates do not move.
func forever(e *acd.Engine, do func(acd.Input)) {
	for _, l := range slices.Collect(e.VIPNumbers()) {
		l.Expires = 0
		do(acd.SetVIP{Listing: l})
	}
	for _, x := range slices.Collect(e.ExclusiveNumbers()) {
		x.Expires = 0
		do(acd.SetExclusive{Listing: x.Listing})
	}
	for _, b := range slices.Collect(e.BlockedNumbers()) {
		b.Expires = 0
		do(acd.SetBlocked{BlockedNumber: b})
	}
}

// about does something about a call.
func (h *clumsy) about(c *acd.CallView, n int) {
	if c.Unconfirmed && n%5 != 0 {
		h.do(acd.ConfirmCall{Call: c.ID})
	}
	switch {
	case len(c.Rung) > 0:
		if id, err := h.Offer(c.ID, c.Rung[n%len(c.Rung)]); err == nil && n%3 == 0 {
			h.do(acd.Answered{Offer: id})
		} else if err == nil && n%3 == 1 {
			h.do(acd.Refused{Offer: id, End: agent.Rejected})
		}
	case c.State == acd.CallTalking && n%4 == 0:
		h.do(acd.EndTalk{Call: c.ID})
	case c.State == acd.CallConnecting && n%2 == 0:
		h.do(acd.MediaJoined{Call: c.ID})
	case c.State == acd.CallDialling && n%2 == 0:
		h.do(acd.CustomerReplied{Call: c.ID, Reply: acd.Reply(n / 2 % 3)})
	case c.State == acd.CallWaiting && n%7 == 0:
		h.do(acd.KeyPressed{Call: c.ID, Key: "3"})
	case c.State == acd.CallWaiting && n%7 == 1:
		h.do(acd.EnterNumber{Call: c.ID, Text: "#"})
	}
}

// tellAt writes an event as it would have been without d.
func tellAt(ev acd.Event, d time.Duration) string {
	do := reflect.New(reflect.TypeOf(ev.Do).Elem())
	do.Elem().Set(reflect.ValueOf(ev.Do).Elem())
	moveTimes(do.Elem(), -d)
	text, err := acd.MarshalAction(do.Interface().(acd.Action))
	if err != nil {
		return err.Error()
	}
	return ev.At.Add(-d).Format(time.RFC3339Nano) + " " + string(text)
}

// moveTimes moves all times in an event, but unset ones.
func moveTimes(v reflect.Value, d time.Duration) {
	if at, ok := reflect.TypeAssert[time.Time](v); ok {
		if !at.IsZero() {
			v.Set(reflect.ValueOf(at.Add(d)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			moveTimes(v.Field(i), d)
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len()) // the event's is shared
		reflect.Copy(own, v)
		v.Set(own)
		for i := range v.Len() {
			moveTimes(v.Index(i), d)
		}
	}
}

// Who was rung, or answered, before the clock was set back goes before who was
// after it.
func TestB101_TheOrderOfRingingIsKept(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"CYCLIC_HUNT", "LEAST_WORKED_HUNT"} {
		e := newEngine(t, makeQueue(t, "q", "polling_strategy="+order), ready("1001", "q"), ready("1002", "q"), ready("1003", "q"))
		serve := func(e *acd.Engine, at float64, call queue.CallID) agent.ID {
			t.Helper()
			step(t, e, at, join(call, "q"))
			rings, _ := only[*acd.Ring](e.Take())
			if len(rings) != 1 {
				t.Fatalf("%s: %d rings", order, len(rings))
			}
			step(t, e, at, acd.Answered{Offer: rings[0].Offer})
			step(t, e, at+1, acd.EndTalk{Call: call})
			return rings[0].Agent
		}
		got := []agent.ID{serve(e, 10, "c1"), serve(e, 20, "c2")}
		again := copyOf(t, e)
		const back = -3600
		step(t, again, 21+back, acd.Recover{Epoch: 2})
		again.Take()
		for i := range 3 {
			got = append(got, serve(again, float64(30+10*i+back), queue.CallID(fmt.Sprint("d", i))))
		}
		if want := []agent.ID{"1001", "1002", "1003", "1001", "1002"}; !slices.Equal(got, want) {
			t.Errorf("%s: rung %v, want %v", order, got, want)
		}
	}
}
