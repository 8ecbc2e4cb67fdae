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
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// calls tells in short what happened: "CallLeft c1 FULL", "Ring c1 1001", ….
func calls(events []acd.Event) []string {
	var lines []string
	for _, ev := range events {
		line := strings.TrimPrefix(fmt.Sprintf("%T", ev.Do), "*acd.")
		switch do := ev.Do.(type) {
		case *acd.Play, *acd.StopPlay:
			continue // what the caller hears is told by B60 and those after it
		case *acd.Ring:
			line += fmt.Sprintf(" %s %s", do.Call, do.Agent)
		case *acd.StopRinging:
			line += fmt.Sprintf(" %s %s", do.Call, do.Agent)
		case *acd.OfferEnded:
			line += fmt.Sprintf(" %s %s %v", do.Call, do.Agent, do.End)
		case *acd.Connect:
			line += fmt.Sprintf(" %s %s %v", do.Call, do.Agent, do.By)
		case *acd.CallJoined:
			line += fmt.Sprintf(" %s %s", do.Call, do.Queue)
		case *acd.CallConnected:
			line += fmt.Sprintf(" %s %s", do.Call, do.Agent)
		case *acd.ConnectFailed:
			line += fmt.Sprintf(" %s %s", do.Call, do.Agent)
		case *acd.CallLeft:
			line += fmt.Sprintf(" %s %v", do.Call, do.Outcome)
		case *acd.TalkEnded:
			line += fmt.Sprintf(" %s %s %v", do.Call, do.Agent, do.By)
		case *acd.LineChanged:
			line += fmt.Sprintf(" %s %v", do.Agent, do.Use)
		case *acd.StatusChanged:
			line += fmt.Sprintf(" %s", do.Agent)
		}
		lines = append(lines, line)
	}
	return lines
}

// tells fails unless this is what the engine tells now.
func tells(t *testing.T, e *acd.Engine, want ...string) {
	t.Helper()
	if got := calls(e.Take()); !slices.Equal(got, want) {
		t.Errorf("told\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// door is an engine with a queue in which nobody is online, or whose line is full.
func door(t *testing.T, nobody, full bool) *acd.Engine {
	t.Helper()
	e := newEngine(
		t, makeQueue(t, "q", "max_callers=1", "wait_when_no_agents_online=true", "no_answer_forward_rule=FORWARD_TO_NUMBER:6000"),
		withStatus(agent.Break, "1001", "q"),
	)
	if full {
		step(t, e, 0, join("first", "q"))
	}
	view, err := e.Queue("q")
	if err != nil {
		t.Fatal(err)
	}
	view.Config.WaitWhenNoAgentsOnline = false
	step(t, e, 0, acd.ChangeQueue{Queue: "q", Config: view.Config})
	if nobody {
		step(t, e, 0, list("q"))
	}
	e.Take()
	return e
}

// At the door: forward loop, then nobody online, then full, then a place. A loop
// ends what a refusal would only send round once more, and the eleventh queue.
func TestB49_B40_B42_WhichRuleWins(t *testing.T) {
	t.Parallel()
	queues := func(n int, more ...queue.ID) []queue.ID {
		for i := range n {
			more = append(more, queue.ID(fmt.Sprint("other", i)))
		}
		return more
	}
	for name, c := range map[string]struct {
		nobody, full bool
		passed       []queue.ID
		want         string // outcome, target, reason; "" if it is let in
	}{
		"let in":                      {},
		"nobody":                      {nobody: true, want: "NO_AGENTS 6000 "},
		"full":                        {full: true, want: "FULL 6000 "},
		"nobody before full":          {nobody: true, full: true, want: "NO_AGENTS 6000 "},
		"from elsewhere, let in":      {passed: queues(9)},
		"from elsewhere, full":        {full: true, passed: queues(9), want: "FULL 6000 "},
		"here before, let in":         {passed: queues(3, "q")},
		"here before, full":           {full: true, passed: queues(3, "q"), want: "FULL hangup LOOP"},
		"here before, nobody":         {nobody: true, passed: queues(0, "q"), want: "NO_AGENTS hangup LOOP"},
		"here twice, full":            {full: true, passed: queues(2, "q", "q"), want: "FULL hangup LOOP"},
		"the tenth queue":             {passed: queues(9)},
		"the eleventh queue":          {passed: queues(10), want: "WITHDRAWN hangup LOOP"},
		"the eleventh queue, full":    {full: true, passed: queues(10), want: "FULL hangup LOOP"},
		"the twelfth queue":           {passed: queues(11), want: "WITHDRAWN hangup LOOP"},
		"here before, eleventh queue": {passed: queues(9, "q"), want: "WITHDRAWN hangup LOOP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := door(t, c.nobody, c.full)
			step(t, e, 1, acd.Join{Call: "c", Queue: "q", Passed: c.passed, Tag: "host's"})
			events := e.Take()
			left, _ := only[*acd.CallLeft](events)
			joined, _ := only[*acd.CallJoined](events)
			if c.want == "" {
				if len(joined) != 1 || len(left) != 0 {
					t.Errorf("not let in: %q", calls(events))
				}
				return
			}
			// A refusal is one event and no more: no place, no prompt.
			if len(events) != 1 || len(left) != 1 {
				t.Fatalf("told %q", calls(events))
			}
			do := left[0]
			if do.To == nil {
				t.Fatal("no target")
			}
			if got := fmt.Sprintf("%v %v %s", do.Outcome, do.To, do.Reason); got != c.want {
				t.Errorf("left %q, want %q", got, c.want)
			}
			if do.Tag != "host's" || do.Queue != "q" || do.Wait != 0 || do.Agent != "" || do.Next != "" {
				t.Errorf("left %+v", do)
			}
			if _, err := e.Call("c"); !errors.Is(err, acd.ErrNotFound) {
				t.Errorf("it is there: %v", err)
			}
			view, _ := e.Queue("q")
			if n := view.Numbers; n.Joined != n.Left[do.Outcome]+uint64(view.Waiting) || n.Left[do.Outcome] != 1 {
				t.Errorf("counted %+v", n)
			}
			if err := e.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The leave event says which queue of this router the target is, if one.
func TestB49_TheTargetNamesTheQueue(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]acd.Target{
		"HANGUP":                    {},
		"FORWARD_TO_NUMBER:8005":    {Action: queue.ForwardToNumber, Number: "8005", Queue: "sales"},
		"FORWARD_TO_NUMBER:8006":    {Action: queue.ForwardToNumber, Number: "8006"},
		"FORWARD_TO_VOICEMAIL:8005": {Action: queue.ForwardToVoicemail, Number: "8005"},
	} {
		e := newEngine(t, makeQueue(t, "q", "no_answer_forward_rule="+rule), makeQueue(t, "sales"), join("c1", "q"))
		left, _ := only[*acd.CallLeft](e.Take())
		if len(left) != 1 || left[0].To == nil || *left[0].To != want {
			t.Errorf("%s: left %+v, want %+v", rule, left, want)
		}
	}

	// Deleted, it is a queue no more.
	e := newEngine(
		t, makeQueue(t, "q", "no_answer_forward_rule=FORWARD_TO_NUMBER:8005"), makeQueue(t, "sales"),
		acd.DeleteQueue{Queue: "sales"}, join("c1", "q"),
	)
	left, _ := only[*acd.CallLeft](e.Take())
	if left[0].To.Queue != "" || left[0].To.Number != "8005" {
		t.Errorf("left to %+v", left[0].To)
	}
}

// The list of queues passed is bounded (B111).
func TestB49_TooManyPassed(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"))
	refuses(t, e, acd.Join{Call: "c", Queue: "q", Passed: make([]queue.ID, 1001)}, acd.ErrInvalid, "passed")
}

// A target accompanies the outcomes that a forward rule decides, and no other; so
// it does in the event's JSON.
func TestB46_TheTargetAccompaniesWhatARuleDecides(t *testing.T) {
	t.Parallel()
	rule := "no_answer_forward_rule=FORWARD_TO_NUMBER:6000"
	for name, c := range map[string]struct {
		in   acd.Input
		want queue.Outcome
		to   bool
	}{
		"answered":      {acd.Pickup{Call: "c", Agent: "1001"}, queue.Answered, false},
		"abandoned":     {acd.HangUp{Call: "c"}, queue.Abandoned, false},
		"withdrawn":     {acd.Withdraw{Call: "c", Reason: "x"}, queue.Withdrawn, false},
		"transferred":   {acd.Transfer{Call: "c", Queue: "other"}, queue.Transferred, false},
		"queue deleted": {acd.DeleteQueue{Queue: "q"}, queue.Withdrawn, true},
		"nobody online": {set("1001", agent.LoggedOut, "q"), queue.NoAgents, true},
		"timed out":     {nil, queue.TimedOut, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(
				t, makeQueue(t, "q", rule, "max_waiting_time=30"), makeQueue(t, "other", rule), withStatus(agent.Break, "1001", "q", "other"),
				join("c", "q"),
			)
			e.Take()
			if c.in == nil {
				e.Advance(sec(30))
			} else {
				step(t, e, 5, c.in)
			}
			events := e.Take()
			left, at := only[*acd.CallLeft](events)
			if len(left) != 1 || left[0].Outcome != c.want || (left[0].To != nil) != c.to {
				t.Fatalf("left %+v", left)
			}
			if want := time.Duration(at[0] * float64(time.Second)); left[0].Wait != want {
				t.Errorf("waited %v, want %v", left[0].Wait, want)
			}
			b, err := acd.MarshalAction(left[0])
			if err != nil {
				t.Fatal(err)
			}
			var fields map[string]any
			if err := json.Unmarshal(b, &fields); err != nil {
				t.Fatal(err)
			}
			if _, ok := fields["to"]; ok != c.to || fields["outcome"] != c.want.String() {
				t.Errorf("JSON %s", b)
			}
			if left[0].Agent != "" != (c.want == queue.Answered) || left[0].Next != "" != (c.want == queue.Transferred) {
				t.Errorf("left %+v", left[0])
			}
		})
	}
}

// The line that is emptied is told inside out: ends of offers, leaves in line
// order, then the agent's line and status (B100).
func TestB40_ToldInsideOut(t *testing.T) {
	t.Parallel()
	e := newEngine(
		t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"),
		join("c1", "q"), join("c2", "q"), acd.Join{Call: "c3", Queue: "q", Priority: 1},
	)
	e.Take()
	step(t, e, 3, set("1001", agent.LoggedOut, ""))
	tells(t, e,
		"CallLeft c3 NO_AGENTS",
		"StopRinging c1 1001", "OfferEnded c1 1001 WITHDRAWN", "CallLeft c1 NO_AGENTS",
		"CallLeft c2 NO_AGENTS",
		"LineChanged 1001 FREE", "StatusChanged 1001",
	)
}

// Unstaffed says how many wait.
func TestB40_UnstaffedSaysHowManyWait(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"), join("c1", "q"), join("c2", "q"))
	e.Take()
	step(t, e, 1, set("1001", agent.Break, ""))
	unstaffed, at := only[*acd.QueueUnstaffed](e.Take())
	if len(unstaffed) != 1 || *unstaffed[0] != (acd.QueueUnstaffed{Queue: "q", Waiting: 2}) || at[0] != 1 {
		t.Fatalf("told %+v at %v", unstaffed, at)
	}
	// Not again after a restart either: nobody was staffed meanwhile.
	f := newEngine(t)
	if err := f.Restore(kept(e)); err != nil {
		t.Fatal(err)
	}
	step(t, f, 2, join("c3", "q"))
	if unstaffed, _ := only[*acd.QueueUnstaffed](f.Take()); len(unstaffed) > 0 {
		t.Errorf("told again: %+v", unstaffed[0])
	}
}

// The waiting sequence is served in pages; every call's own view says the position
// at which it stands there.
func TestB53_Pages(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), withStatus(agent.Break, "1001", "q"))
	const n = 250
	for i := range n {
		step(t, e, 0, acd.Join{Call: queue.CallID(fmt.Sprint("c", i)), Queue: "q", Priority: i % 7})
	}
	var line []queue.CallID
	for skip := 0; ; skip += 100 {
		page, err := e.Waiting("q", skip, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			line = append(line, c.ID)
			if own, err := e.Call(c.ID); err != nil || own.Position != len(line) || c.Position != len(line) {
				t.Fatalf("call %s: position %d in the page, %d in its view, stands at %d: %v", c.ID, c.Position, own.Position, len(line), err)
			}
		}
		if len(page) < 100 {
			break
		}
	}
	if len(line) != n {
		t.Fatalf("%d in the pages", len(line))
	}
	for _, c := range []struct{ skip, top, want int }{{0, 1, 1}, {249, 100, 1}, {250, 100, 0}, {1 << 30, 1, 0}, {120, 3, 3}} {
		page, err := e.Waiting("q", c.skip, c.top)
		if err != nil || len(page) != c.want {
			t.Errorf("%d from %d on: %d calls, %v", c.top, c.skip, len(page), err)
		}
		if len(page) > 0 && page[0].ID != line[c.skip] {
			t.Errorf("%d from %d on begin with %s, want %s", c.top, c.skip, page[0].ID, line[c.skip])
		}
	}
	for _, c := range []struct{ skip, top int }{{-1, 10}, {0, 0}, {0, 101}, {0, -1}, {1 << 31, 1}} {
		if _, err := e.Waiting("q", c.skip, c.top); !errors.Is(err, acd.ErrInvalid) {
			t.Errorf("%d from %d on: %v", c.top, c.skip, err)
		}
	}
	if _, err := e.Waiting("nowhere", 0, 1); !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("of no queue: %v", err)
	}
}

// A full line lets in whom an agent could be offered at once; if a host's own
// strategy would choose nobody for him, he could not be.
func TestB42_WhomTheStrategyChoosesNobodyFor(t *testing.T) {
	t.Parallel()
	picky := strategy.Strategy{Name: "PICKY", Choose: func(c strategy.Choice) []agent.ID {
		if c.Call.Number == "" {
			return nil
		}
		return []agent.ID{"1001"}
	}}
	e, err := acd.NewEngine(acd.EngineOptions{Strategies: []strategy.Strategy{picky}})
	if err != nil {
		t.Fatal(err)
	}
	step(t, e, 0, makeQueue(t, "q", "max_callers=1", "polling_strategy=PICKY"))
	step(t, e, 0, ready("1001", "q"))
	step(t, e, 0, join("c1", "q"))
	e.Take()
	step(t, e, 1, join("c2", "q"))
	tells(t, e, "CallLeft c2 FULL")
	step(t, e, 1, acd.Join{Call: "c3", Queue: "q", Number: "+49301"})
	tells(t, e, "CallJoined c3 q", "Ring c3 1001", "LineChanged 1001 OFFERED")
}
