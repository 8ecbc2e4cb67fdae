package acdtest

import (
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// A watcher that believes something else of the lists than the engine notices it.
func TestWatcher_B41_B45_B51_B72_KnowsTheLists(t *testing.T) {
	t.Parallel()
	vip := acd.SetVIP{Listing: queue.Listing{Number: "+493011111", Enabled: true}}
	own := acd.SetExclusive{
		Listing: queue.Listing{Number: "+493011111", Enabled: true}, Queue: "q", Agents: []agent.ID{"1002"},
	}
	blocked := acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{Number: "+493011111", Enabled: true}}}
	levels := acd.EnableBlocking{First: true}
	night := acd.SetNight{On: true}
	const (
		set  = "queue q polling_strategy=PRIORITIZED_HUNT\nagent 1001 queues=q\nagent 1002 queues=q\n"
		call = "call c1 queue=q from=+493011111"
	)
	for _, c := range []struct {
		name, script string
		believes     []acd.Input
		want         string
	}{
		{"a VIP", set + call, []acd.Input{vip}, "B51"},
		{"a VIP who has expired", set + "vip +493011111 expires=5\nat 5\n" + call, []acd.Input{vip}, "B51"},
		{"blocked", set + call, []acd.Input{blocked, levels}, "had to hear the warning (B45)"},
		{"of a level that is not enabled", set + "block +493011111 FIRST\n" + call, []acd.Input{acd.EnableBlocking{}}, "had to be let in"},
		{"night", set + call, []acd.Input{night}, "had to leave NIGHT (B41)"},
		{"no night", set + "night on\n" + call, []acd.Input{acd.SetNight{}}, "had to be let in"},
		{"his own agent", set + call, []acd.Input{own}, "its exclusive agent is 1002"},
		{"not his own agent", set + "exclusive +493011111 q 1002\n" + call, []acd.Input{acd.RemoveExclusive{Number: "+493011111"}}, "is no exclusive one"},
	} {
		lines := strings.Split(c.script, "\n")
		r, err := newRunner(Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range lines {
			if i == len(lines)-1 {
				for _, in := range c.believes {
					r.watch.accept(in)
				}
			}
			if _, err = r.try(text); err != nil {
				break
			}
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestWatcher_B45_NoticesAnOutcomeThatCannotBe(t *testing.T) {
	t.Parallel()
	r, err := newRunner(Options{})
	if err != nil {
		t.Fatal(err)
	}
	about := acd.About{Call: "c1", Queue: "q"}
	warning := &acd.Play{About: about, What: queue.PromptWarning}
	for _, c := range []struct {
		actions []acd.Action
		want    string
	}{
		{[]acd.Action{&acd.CallLeft{About: about, Outcome: queue.Blocked}}, "without a warning"},
		{[]acd.Action{warning, &acd.CallLeft{About: about, Outcome: queue.Abandoned}}, "leaves ABANDONED while it is at the warning"},
	} {
		w := newWatcher(nil)
		w.queues["q"] = &tally{}
		var events []acd.Event
		for i, do := range c.actions {
			events = append(events, acd.Event{Seq: uint64(i + 1), Do: do})
		}
		if err := w.step(r.engine, events); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// What is waited for is there: the moves that bring callers to the lists.
func TestTraffic_BringsCallersOfTheLists(t *testing.T) {
	t.Parallel()
	outcomes := map[queue.Outcome]int{}
	by := map[acd.Reason]int{}
	vips, held := 0, 0
	for step, err := range (Traffic{Seed: 12, Queues: 1, Agents: 4, Calm: true}).Steps(700) {
		if err != nil {
			t.Fatal(err)
		}
		for _, ev := range step.Events {
			switch do := ev.Do.(type) {
			case *acd.CallLeft:
				outcomes[do.Outcome]++
			case *acd.Ring:
				by[do.Why.By]++
			}
		}
		for _, in := range step.Inputs {
			switch in.(type) {
			case acd.SetVIP:
				vips++
			case acd.KeyPressed, acd.PromptEnded:
				held++
			}
		}
	}
	for _, o := range []queue.Outcome{queue.Blocked, queue.Night, queue.Exited, queue.Callback, queue.Abandoned} {
		if outcomes[o] == 0 {
			t.Errorf("nobody left %v: %v", o, outcomes)
		}
	}
	if by[acd.ByExclusive] == 0 || by[acd.BySticky] == 0 || vips == 0 || held == 0 {
		t.Errorf("rings %v, %d VIPs, %d keys and prompts", by, vips, held)
	}
}
