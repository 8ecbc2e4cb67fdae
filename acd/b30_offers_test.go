package acd_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// hunting is an engine with one queue of one after another and two agents.
func hunting(t *testing.T, properties ...string) *acd.Engine {
	t.Helper()
	properties = append([]string{"polling_strategy=PRIORITIZED_HUNT"}, properties...)
	e := newEngine(t, makeQueue(t, "q", properties...), ready("1001", "q"), ready("1002", "q"))
	e.Take()
	return e
}

func TestB30_TheRingOrderSaysHowToRing(t *testing.T) {
	t.Parallel()
	e := hunting(t, "ring_time=17")
	step(t, e, 0, withStatus(agent.Break, "1001"))
	step(t, e, 0, set("1001", agent.Break, "q"))
	step(t, e, 0, set("1002", agent.Break, "q"))
	step(t, e, 1, acd.Join{Call: "c1", Queue: "q", Number: "+493012345", Name: "Ada", Tag: "leg 7", Credit: time.Hour})
	e.Take()
	step(t, e, 4.5, set("1002", agent.Ready, "q"))
	rings, at := only[*acd.Ring](e.Take())
	if len(rings) != 1 || at[0] != 4.5 {
		t.Fatalf("%d rings at %v", len(rings), at)
	}
	want := acd.Ring{
		About: acd.About{Call: "c1", Queue: "q", Tag: "leg 7"},
		Offer: acd.OfferID{Epoch: 1, N: 1}, Agent: "1002", Number: "+493012345", Name: "Ada",
		For: 17 * time.Second, Wait: 3500 * time.Millisecond,
		Why: acd.Why{By: acd.ByStrategy, Strategy: "PRIORITIZED_HUNT", Round: 1, Place: 1, Available: 1, Position: 1},
	}
	if *rings[0] != want {
		t.Errorf("ring %+v\nwant %+v", *rings[0], want)
	}
}

// An answer that comes too late says whether the call still waits: then the host
// tries a pick-up before it hangs up.
func TestB30_TheErrorSaysWhetherTheCallStillWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		ends  func(*testing.T, *acd.Engine, acd.OfferID)
		waits bool
	}{
		{"no answer", func(_ *testing.T, e *acd.Engine, _ acd.OfferID) { e.Advance(sec(20)) }, true},
		{"rejected", func(t *testing.T, e *acd.Engine, o acd.OfferID) {
			step(t, e, 1, acd.Refused{Offer: o, End: agent.Rejected})
		}, true},
		{"withdrawn", func(t *testing.T, e *acd.Engine, _ acd.OfferID) { step(t, e, 1, set("1001", agent.Lunch, "q")) }, true},
		{"answered by himself", func(t *testing.T, e *acd.Engine, o acd.OfferID) { step(t, e, 1, acd.Answered{Offer: o}) }, false},
		{"picked up by another", func(t *testing.T, e *acd.Engine, _ acd.OfferID) { step(t, e, 1, acd.Pickup{Call: "c1", Agent: "1002"}) }, false},
		{"abandoned", func(t *testing.T, e *acd.Engine, _ acd.OfferID) { step(t, e, 1, acd.HangUp{Call: "c1"}) }, false},
		{"the id is that of another call by now", func(t *testing.T, e *acd.Engine, _ acd.OfferID) {
			step(t, e, 1, acd.HangUp{Call: "c1"})
			step(t, e, 2, join("c1", "q"))
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := hunting(t)
			step(t, e, 0, join("c1", "q"))
			offer := offerOf(t, e, "1001")
			c.ends(t, e, offer)
			err := e.Step(e.Now(), acd.Answered{Offer: offer})
			var refused *acd.Error
			if !errors.Is(err, acd.ErrOfferEnded) || !errors.As(err, &refused) {
				t.Fatalf("error %v", err)
			}
			if refused.Waiting != c.waits {
				t.Errorf("%v: still waits %t, want %t", err, refused.Waiting, c.waits)
			}
			if c.waits {
				step(t, e, e.Now().Sub(t0).Seconds(), acd.Pickup{Call: "c1", Agent: "1001"})
			}
		})
	}
}

// A report about an offer that never was is another mistake than one about an offer
// that has ended, in this life or an earlier one.
func TestB30_EndedOrNeverThere(t *testing.T) {
	t.Parallel()
	e := hunting(t)
	step(t, e, 0, join("c1", "q"))
	offer := offerOf(t, e, "1001")
	step(t, e, 1, acd.Answered{Offer: offer})
	for _, c := range []struct {
		offer acd.OfferID
		want  error
	}{
		{offer, acd.ErrOfferEnded},
		{acd.OfferID{}, acd.ErrNotFound},
		{acd.OfferID{Epoch: 1}, acd.ErrNotFound},
		{acd.OfferID{N: 1}, acd.ErrNotFound},
		{acd.OfferID{Epoch: 1, N: offer.N + 1}, acd.ErrNotFound},
		{acd.OfferID{Epoch: 2, N: 1}, acd.ErrNotFound},
	} {
		for _, in := range []acd.Input{
			acd.Answered{Offer: c.offer},
			acd.Alerting{Offer: c.offer},
			acd.Refused{Offer: c.offer, End: agent.Rejected},
			acd.Refused{Offer: c.offer, End: agent.Busy},
			acd.Refused{Offer: c.offer, End: agent.Unreachable},
		} {
			refuses(t, e, in, c.want, c.offer.String())
		}
	}
	for _, end := range []agent.End{agent.Running, agent.Answered, agent.NoAnswer, agent.Withdrawn, agent.LostRace, 99} {
		refuses(t, e, acd.Refused{Offer: offer, End: end}, acd.ErrInvalid, "must be REJECTED, BUSY or UNREACHABLE")
	}
	e = crash(t, e, acd.EngineOptions{})
	step(t, e, 2, acd.Recover{Epoch: 7})
	refuses(t, e, acd.Answered{Offer: offer}, acd.ErrOfferEnded, "1-1")
	refuses(t, e, acd.Answered{Offer: acd.OfferID{Epoch: 7, N: 1}}, acd.ErrNotFound, "7-1")
}

// What the library ends is ordered to stop; what the phone ended is over already.
func TestB30_WhatHasToBeStopped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		end  agent.End
		by   func(e *acd.Engine, offer acd.OfferID)
		stop bool
	}{
		{agent.NoAnswer, func(e *acd.Engine, _ acd.OfferID) { e.Advance(sec(20)) }, true},
		{agent.Unreachable, func(e *acd.Engine, _ acd.OfferID) { e.Advance(sec(6)) }, true}, // alert_time
		{agent.Unreachable, func(e *acd.Engine, _ acd.OfferID) { step(t, e, 1, acd.Registered{Agent: "1001", Gone: true}) }, true},
		{agent.Withdrawn, func(e *acd.Engine, _ acd.OfferID) { step(t, e, 1, acd.HangUp{Call: "c1"}) }, true},
		{agent.Withdrawn, func(e *acd.Engine, _ acd.OfferID) { step(t, e, 1, acd.Pickup{Call: "c1", Agent: "1002"}) }, true},
		{agent.Answered, func(e *acd.Engine, o acd.OfferID) { step(t, e, 1, acd.Answered{Offer: o}) }, false},
		{agent.Rejected, func(e *acd.Engine, o acd.OfferID) { step(t, e, 1, acd.Refused{Offer: o, End: agent.Rejected}) }, false},
		{agent.Busy, func(e *acd.Engine, o acd.OfferID) { step(t, e, 1, acd.Refused{Offer: o, End: agent.Busy}) }, false},
		{agent.Unreachable, func(e *acd.Engine, o acd.OfferID) {
			step(t, e, 1, acd.Refused{Offer: o, End: agent.Unreachable})
		}, false},
	} {
		e := hunting(t)
		if c.end == agent.Unreachable {
			e = hunting(t, "alert_time=6")
		}
		step(t, e, 0, join("c1", "q"))
		offer := offerOf(t, e, "1001")
		if c.end == agent.NoAnswer {
			step(t, e, 0, acd.Alerting{Offer: offer})
		}
		e.Take()
		c.by(e, offer)
		events := e.Take()
		ended, at := only[*acd.OfferEnded](events)
		if len(ended) == 0 || ended[0].End != c.end || ended[0].Offer != offer || ended[0].Rang.Seconds() != at[0] {
			t.Errorf("%v: ended %+v at %v", c.end, ended, at)
		}
		stops, _ := only[*acd.StopRinging](events)
		if got := len(stops) > 0 && stops[0].Offer == offer && stops[0].End == c.end; got != c.stop {
			t.Errorf("%v: ordered to stop %t, want %t", c.end, got, c.stop)
		}
	}
}

// In any traffic: an agent's phone that rings by our order is stopped, or has ended
// by itself, before the next order rings it; every offer has one end; and the end
// of an offer is told before what follows from it.
func TestB30_StopComesBeforeTheNextRing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		ringing := map[agent.ID]acd.OfferID{} // by the host's phones
		open := map[acd.OfferID]agent.ID{}    // by the news
		epoch := uint32(1)
		for s, err := range (acdtest.Traffic{Seed: 30 + seed}).Steps(300) {
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range s.Inputs {
				switch in := in.(type) {
				case acd.Recover: // a new host knows of no phone that rings
					clear(ringing)
					clear(open)
					epoch = in.Epoch
				case acd.Refused:
					if s.Refused == nil {
						delete(ringing, open[in.Offer])
					}
				case acd.Answered:
					if s.Refused == nil {
						delete(ringing, open[in.Offer])
					}
				case acd.Pickup: // may be his answer
					if id, ok := ringing[in.Agent]; ok && s.Refused == nil && !stopped(s.Events, id) {
						delete(ringing, in.Agent)
					}
				}
			}
			for _, ev := range s.Events {
				switch do := ev.Do.(type) {
				case *acd.Ring:
					if old, ok := ringing[do.Agent]; ok {
						t.Fatalf("seed %d, %s: %s is rung by %v while %v rings him", seed, s.Line, do.Agent, do.Offer, old)
					}
					if do.Offer.Epoch != epoch {
						t.Fatalf("seed %d, %s: offer %v in epoch %d", seed, s.Line, do.Offer, epoch)
					}
					ringing[do.Agent] = do.Offer
					open[do.Offer] = do.Agent
				case *acd.StopRinging:
					if ringing[do.Agent] != do.Offer {
						t.Fatalf("seed %d, %s: %v is stopped, and %v rings %s", seed, s.Line, do.Offer, ringing[do.Agent], do.Agent)
					}
					delete(ringing, do.Agent)
				case *acd.OfferEnded:
					if _, ok := open[do.Offer]; !ok {
						t.Fatalf("seed %d, %s: %v ends again", seed, s.Line, do.Offer)
					}
					if ringing[do.Agent] == do.Offer {
						t.Fatalf("seed %d, %s: %v ends %v and rings on", seed, s.Line, do.Offer, do.End)
					}
					delete(open, do.Offer)
				}
			}
		}
	}
}

func stopped(events []acd.Event, offer acd.OfferID) bool {
	return slices.ContainsFunc(events, func(ev acd.Event) bool {
		stop, ok := ev.Do.(*acd.StopRinging)
		return ok && stop.Offer == offer
	})
}

// Losing the race is told to each loser, in configured order, before the winner is
// connected, and counts nothing against them.
func TestB30_LostRaces(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), ready("1003", "q"), ready("1001", "q"), ready("1002", "q"), join("c1", "q"))
	e.Take()
	answer(t, e, 2, "1001")
	events := e.Take()
	ended, _ := only[*acd.OfferEnded](events)
	var got []string
	for _, o := range ended {
		got = append(got, fmt.Sprintf("%s %v", o.Agent, o.End))
	}
	if want := "1001 ANSWERED, 1003 LOST_RACE, 1002 LOST_RACE"; strings.Join(got, ", ") != want {
		t.Errorf("ended %q, want %q", got, want)
	}
	last := slices.IndexFunc(events, func(ev acd.Event) bool { _, ok := ev.Do.(*acd.Connect); return ok })
	for i, ev := range events {
		if _, ok := ev.Do.(*acd.OfferEnded); ok && i > last {
			t.Errorf("%+v is told after the connection", ev.Do)
		}
	}
	for _, id := range []agent.ID{"1002", "1003"} {
		if m := memberMemory(t, e, id); m.Offers != 1 || m.Missed != 0 || m.Refused != 0 || m.Answered != 0 {
			t.Errorf("%s: %+v", id, m)
		}
	}
}

// Every offer says why (B39): in the event, in its JSON, for each strategy.
func TestB39_EveryOfferSaysWhy(t *testing.T) {
	t.Parallel()
	type why = acd.Why
	for _, c := range []struct {
		properties []string
		want       []why
	}{
		{
			[]string{"polling_strategy=RING_SIMULTANEOUSLY"},
			[]why{
				{Strategy: "RING_SIMULTANEOUSLY", Round: 1, Place: 1, Available: 3, Position: 1},
				{Strategy: "RING_SIMULTANEOUSLY", Round: 1, Place: 1, Available: 2, Position: 1},
				{Strategy: "RING_SIMULTANEOUSLY", Round: 1, Place: 1, Available: 1, Position: 1},
				{Strategy: "RING_SIMULTANEOUSLY", Round: 2, Place: 1, Available: 3, Position: 1},
			},
		},
		{
			[]string{"polling_strategy=PRIORITIZED_HUNT"},
			[]why{
				{Strategy: "PRIORITIZED_HUNT", Round: 1, Place: 1, Available: 3, Position: 1},
				{Strategy: "PRIORITIZED_HUNT", Round: 1, Place: 2, Available: 3, Position: 1}, // the first had his turn
				{Strategy: "PRIORITIZED_HUNT", Round: 1, Place: 3, Available: 3, Position: 1},
				{Strategy: "PRIORITIZED_HUNT", Round: 2, Place: 1, Available: 3, Position: 1},
			},
		},
		{
			[]string{"polling_strategy=CYCLIC_HUNT", "no_answer_delay=60"},
			[]why{
				{Strategy: "CYCLIC_HUNT", Round: 1, Place: 1, Available: 3, Position: 1},
				{Strategy: "CYCLIC_HUNT", Round: 1, Place: 1, Available: 2, Position: 1},
				{Strategy: "CYCLIC_HUNT", Round: 1, Place: 1, Available: 1, Position: 1},
				{Strategy: "CYCLIC_HUNT", Round: 2, Place: 1, Available: 1, Position: 1},
			},
		},
		{
			[]string{"polling_strategy=SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", "skill_order=DESCENDING"},
			[]why{
				{Strategy: "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", Round: 1, Level: 9, Place: 1, Available: 3, Position: 1},
				{Strategy: "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", Round: 1, Level: 5, Place: 2, Available: 3, Position: 1},
				{Strategy: "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", Round: 1, Level: 1, Place: 3, Available: 3, Position: 1},
				{Strategy: "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", Round: 2, Level: 9, Place: 1, Available: 3, Position: 1},
			},
		},
	} {
		t.Run(c.want[0].Strategy, func(t *testing.T) {
			t.Parallel()
			properties := append([]string{"ring_time=10", "no_answer_delay=0", "retry_interval=5"}, c.properties...)
			e := newEngine(t, makeQueue(t, "q", properties...))
			for i, level := range []int{1, 5, 9} {
				step(t, e, 0, acd.AddAgent{
					Agent: agent.ID(fmt.Sprint(1001 + i)), Queues: []acd.Place{{Queue: "q", Level: level}},
				})
			}
			step(t, e, 0, join("c1", "q"))
			e.Advance(sec(75))
			rings, _ := only[*acd.Ring](e.Take())
			if len(rings) < len(c.want) {
				t.Fatalf("%d rings", len(rings))
			}
			for i, want := range c.want {
				if rings[i].Why != want {
					t.Errorf("ring %d: %+v\nwant %+v", i, rings[i].Why, want)
				}
			}
			b, err := json.Marshal(rings[0].Why)
			if want := `{"by":"strategy","strategy":"` + c.want[0].Strategy + `","round":1,`; err != nil || !strings.HasPrefix(string(b), want) {
				t.Errorf("JSON %s %v, want %s…", b, err, want)
			}
		})
	}
}

// How many were available is the truth at that moment: not those who have become
// busy elsewhere, went on a break or wait for the end of a delay behind him.
func TestB39_HowManyWereAvailable(t *testing.T) {
	t.Parallel()
	e := newEngine(t,
		makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), makeQueue(t, "other", "polling_strategy=PRIORITIZED_HUNT"),
		ready("1001", "q"), ready("1002", "q"), ready("1003", "other", "q"), ready("1004", "q"), ready("1005", "q"), ready("1006", "q"),
	)
	available := func(at float64, want int) {
		t.Helper()
		e.Take()
		step(t, e, at, join("probe", "q"))
		rings, _ := only[*acd.Ring](e.Take())
		if len(rings) != 1 {
			t.Fatalf("%v: %d rings", at, len(rings))
		}
		if got := rings[0].Why.Available; got != want {
			t.Errorf("%v: %d available, want %d", at, got, want)
		}
		step(t, e, at, acd.HangUp{Call: "probe"})
	}
	available(0, 6)
	step(t, e, 1, set("1002", agent.Break, "q"))
	available(1, 5)
	step(t, e, 2, join("elsewhere", "other"))
	available(2, 4) // 1003 is rung there
	answer(t, e, 3, "1003")
	available(3, 4)
	step(t, e, 4, acd.OtherCall{Agent: "1004", Call: "x", State: acd.OtherRinging})
	available(4, 3)
	step(t, e, 5, acd.Registered{Agent: "1005", Gone: true})
	available(5, 2)
	step(t, e, 6, acd.RemoveMember{Agent: "1006", Queue: "q"})
	available(6, 1)
	step(t, e, 7, acd.EndTalk{Call: "elsewhere"})
	step(t, e, 7, acd.OtherCall{Agent: "1004", Call: "x", State: acd.OtherEnded})
	step(t, e, 7, acd.Registered{Agent: "1005"})
	step(t, e, 7, ready("1006", "q"))
	step(t, e, 7, set("1002", agent.Ready, "q"))
	available(8, 6)
	e = crash(t, e, acd.EngineOptions{})
	available(9, 6)
	step(t, e, 10, acd.DeleteAgent{Agent: "1004"})
	available(10, 5)
}

// The order has no ceiling in the number of agents, and depends on no map: ten
// thousand of them take turns as they are configured, the same in each run (B36).
func TestB36_NoCeilingInTheNumberOfAgents(t *testing.T) {
	t.Parallel()
	const many = 10_000
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT"))
	list := acd.SetAgents{Queue: "q"}
	for i := range many {
		list.Agents = append(list.Agents, acd.Listed{Agent: agent.ID(fmt.Sprint((i*7919)%many + 100_000))})
	}
	step(t, e, 0, list)
	e.Take()
	for round := range 2 {
		for i, want := range list.Agents {
			id := queue.CallID(fmt.Sprint("c", round, "-", i))
			if err := e.Step(sec(float64(round)), join(id, "q")); err != nil {
				t.Fatal(err)
			}
			rings, _ := only[*acd.Ring](e.Take())
			if len(rings) != 1 || rings[0].Agent != want.Agent {
				t.Fatalf("round %d: call %d rings %+v, want %s", round, i, rings, want.Agent)
			}
			if err := e.Step(sec(float64(round)), acd.HangUp{Call: id}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An offer to the caller's own agent says so, and what there is to say besides.
func TestB39_StickyAndExclusiveSaySo(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=SKILL_BASED_ROUTING_PRIORITIZED_HUNT"))
	for i, level := range []int{1, 5, 9} {
		step(t, e, 0, acd.AddAgent{
			Agent: agent.ID(fmt.Sprint(1001 + i)), Queues: []acd.Place{{Queue: "q", Level: level}},
		})
	}
	rung := func(who agent.ID, why acd.Why) {
		t.Helper()
		rings, _ := only[*acd.Ring](e.Take())
		if len(rings) != 1 {
			t.Fatalf("%d rings", len(rings))
		}
		if rings[0].Agent != who || rings[0].Why != why {
			t.Errorf("%s is rung, %+v\nwant %s, %+v", rings[0].Agent, rings[0].Why, who, why)
		}
	}
	step(t, e, 0, acd.Join{Call: "c1", Queue: "q", Number: "+493012345"})
	step(t, e, 0, acd.Pickup{Call: "c1", Agent: "1003"})
	step(t, e, 1, acd.HangUp{Call: "c1"})
	step(t, e, 1, set("1001", agent.Break, "q"))
	e.Take()
	step(t, e, 2, acd.Join{Call: "c2", Queue: "q", Number: "+493012345"})
	want := acd.Why{
		By: acd.BySticky, Strategy: "SKILL_BASED_ROUTING_PRIORITIZED_HUNT", Round: 1, Level: 9, Place: 1, Available: 2, Position: 1,
	}
	rung("1003", want)
	step(t, e, 2, acd.HangUp{Call: "c2"})
	step(t, e, 3, acd.SetExclusive{Listing: queue.Listing{Number: "+493012345", Enabled: true}, Queue: "q", Agents: []agent.ID{"1001", "1002"}})
	e.Take()
	step(t, e, 3, acd.Join{Call: "c3", Queue: "q", Number: "+493012345"})
	want.By, want.Level = acd.ByExclusive, 5
	rung("1002", want)
}

// Of an offer that an engine before made nothing is known: no entry of it waits.
func TestB30_AnOfferOfAnEngineBeforeHasNoEntryThatWaits(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"), join("c", "q"))
	rings, _ := only[*acd.Ring](e.Take())
	is := func(what string, e *acd.Engine, waits bool) {
		t.Helper()
		var told *acd.Error
		err := e.Step(sec(2), acd.Answered{Offer: rings[0].Offer})
		if !errors.As(err, &told) || !errors.Is(err, acd.ErrOfferEnded) || told.Waiting != waits {
			t.Errorf("%s: %v, waits: %t", what, err, told != nil && told.Waiting)
		}
	}
	step(t, e, 1, acd.Refused{Offer: rings[0].Offer, End: agent.Rejected})
	is("one that has ended", e, true)
	next := restore(t, e)
	step(t, next, 1, acd.Recover{Epoch: 2})
	is("one of the engine before", next, false)
}
