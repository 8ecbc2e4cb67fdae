package acd_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// everyInput is an input of every type, made of one id and one text.
func everyInput(id, text string) []acd.Input {
	status := agent.Ready
	config := queue.Defaults()
	config.Name, config.Number = "q", "8001"
	return []acd.Input{
		acd.CreateQueue{Queue: queue.ID(id), Config: config},
		acd.ChangeQueue{Queue: queue.ID(id), Config: config},
		acd.DeleteQueue{Queue: queue.ID(id)},
		acd.ResetQueue{Queue: queue.ID(id)},
		acd.AddAgent{Agent: agent.ID(id), Name: text, Reason: text, Status: &status, Queues: []acd.Place{{Queue: queue.ID(id)}}},
		acd.SetAgents{Queue: queue.ID(id), Agents: []acd.Listed{{Agent: agent.ID(id)}}},
		acd.ChangeMember{Agent: agent.ID(id), Queue: queue.ID(id)},
		acd.RemoveMember{Agent: agent.ID(id), Queue: queue.ID(id)},
		acd.DeleteAgent{Agent: agent.ID(id)},
		acd.SetStatus{Agent: agent.ID(id), Status: status, Queue: queue.ID(id), Reason: text},
		acd.FreeAgent{Agent: agent.ID(id)},
		acd.Registered{Agent: agent.ID(id)},
		acd.OtherCall{Agent: agent.ID(id), Call: id, Number: text},
		acd.Alerting{Offer: acd.OfferID{Epoch: 1, N: 99}},
		acd.Answered{Offer: acd.OfferID{Epoch: 2, N: 1}},
		acd.Refused{Offer: acd.OfferID{}, End: agent.Rejected},
		acd.MediaJoined{Call: queue.CallID(id)},
		acd.MediaFailed{Call: queue.CallID(id)},
		acd.Join{Call: queue.CallID(id), Queue: queue.ID(id), Number: text, Name: text, Tag: text},
		acd.HangUp{Call: queue.CallID(id)},
		acd.EndTalk{Call: queue.CallID(id)},
		acd.Withdraw{Call: queue.CallID(id), Reason: text},
		acd.ChangePriority{Call: queue.CallID(id)},
		acd.Pickup{Call: queue.CallID(id), Agent: agent.ID(id)},
		acd.Transfer{Call: queue.CallID(id), Queue: queue.ID(id)},
		acd.HandOver{Call: queue.CallID(id), Agent: agent.ID(id)},
		acd.ChangeCaller{Call: queue.CallID(id), Number: text, Name: text},
		acd.Hold{Call: queue.CallID(id), On: true},
		acd.ConfirmCall{Call: queue.CallID(id)},
	}
}

// somebody is an engine with one queue, two agents, a talk, a ring and a call.
func somebody(t *testing.T) *acd.Engine {
	t.Helper()
	e := newEngine(
		t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), makeQueue(t, "other"),
		ready("1001", "q"), ready("1002", "q"), withStatus(agent.Break, "1003", "other"),
		join("t1", "q"), join("c1", "q"), join("c2", "q"),
	)
	rings, _ := only[*acd.Ring](e.Take())
	step(t, e, 0, acd.Answered{Offer: rings[0].Offer})
	e.Take()
	return e
}

// Whoever is unknown is not found: whatever the input, the error says which, and
// nothing changes.
func TestB110_UnknownIsNotFound(t *testing.T) {
	t.Parallel()
	for _, in := range everyInput("nobody", "") {
		if _, ok := in.(acd.CreateQueue); ok {
			continue
		}
		e, before := somebody(t), somebody(t)
		err := e.Step(sec(0), in)
		var typed *acd.Error
		if !errors.Is(err, acd.ErrNotFound) || !errors.As(err, &typed) || typed.What == "" || typed.ID == "" {
			t.Errorf("%T: %v", in, err)
			continue
		}
		if !strings.Contains(err.Error(), "not found") || !strings.Contains(err.Error(), typed.ID) {
			t.Errorf("%T: %q does not say what is not found", in, err)
		}
		if len(e.Take()) > 0 {
			t.Errorf("%T: something was told", in)
		}
		same(t, before, e)
	}
}

// No input panics: zero values, pointers, none at all, and numbers far out.
func TestB110_NoInputPanics(t *testing.T) {
	t.Parallel()
	far := -1 << 62
	long := time.Duration(1<<63 - 1)
	neg := -long
	inputs := append(everyInput("", ""), everyInput("q", "x")...)
	inputs = append(inputs, everyInput("c1", "x")...)
	inputs = append(inputs, everyInput("1001", "x")...)
	inputs = append(
		inputs,
		nil, &acd.Join{}, (*acd.Join)(nil), acd.CreateQueue{Queue: "new"}, acd.ChangeQueue{Queue: "q"},
		acd.AddAgent{Agent: "1009", Queues: []acd.Place{{Queue: "q", Level: far}}},
		acd.SetAgents{Queue: "q", Agents: []acd.Listed{{Agent: "1001", Level: -far}, {}}},
		acd.ChangeMember{Agent: "1001", Queue: "q", Level: far, WrapUpTime: &neg},
		acd.ChangeMember{Agent: "1001", Queue: "q", WrapUpTime: &long},
		acd.SetStatus{Agent: "1001", Status: 255}, acd.SetStatus{Agent: "1001", Status: agent.Offline},
		acd.OtherCall{Agent: "1001", Call: "x", State: 255},
		acd.Refused{Offer: acd.OfferID{Epoch: 1, N: 2}, End: 255}, acd.Refused{Offer: acd.OfferID{Epoch: 1, N: 2}, End: agent.Answered},
		acd.Join{Call: "new", Queue: "q", Priority: far}, acd.Join{Call: "new", Queue: "q", Credit: neg},
		acd.Join{Call: "new", Queue: "q", Credit: long}, acd.Join{Call: "new", Queue: "q", Position: far},
		acd.EndTalk{Call: "t1", By: 255}, acd.EndTalk{Call: "t1", By: acd.ByLost},
		acd.ChangePriority{Call: "c1", Priority: far}, acd.Transfer{Call: "c1", Queue: "other", Priority: &far},
		acd.ChangeCaller{Call: "c1", Credit: neg}, acd.ChangeCaller{Call: "c1", Credit: long},
		acd.Recover{}, acd.Recover{Epoch: 1},
	)
	for _, in := range inputs {
		e := somebody(t)
		err := e.Step(sec(1), in)
		if err != nil && len(e.Take()) > 0 {
			t.Errorf("%+v was refused, and something was told", in)
		}
		if err := e.Check(); err != nil {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

// A value out of range names the property, the value and the range, and changes
// nothing.
func TestB110_InvalidNamesPropertyValueRange(t *testing.T) {
	t.Parallel()
	tooLong := 3601 * time.Second
	many := 101
	for in, want := range map[acd.Input][]string{
		acd.ChangePriority{Call: "c1", Priority: 101}:                             {"priority 101", "0..100"},
		acd.ChangePriority{Call: "c1", Priority: -1}:                              {"priority -1", "0..100"},
		acd.Transfer{Call: "c1", Queue: "other", Priority: &many}:                 {"priority 101", "0..100"},
		acd.ChangeMember{Agent: "1001", Queue: "q", Level: 101}:                   {"skill_level 101", "1..100"},
		acd.ChangeMember{Agent: "1001", Queue: "q", Level: -1}:                    {"skill_level -1", "1..100"},
		acd.ChangeMember{Agent: "1001", Queue: "q", WrapUpTime: &tooLong}:         {"wrap_up_time", "0..3600"},
		acd.SetStatus{Agent: "1001", Status: agent.Offline}:                       {"status OFFLINE", "must be one of READY"},
		acd.Refused{Offer: acd.OfferID{Epoch: 1, N: 2}, End: agent.NoAnswer}:      {"NO_ANSWER", "REJECTED, BUSY or UNREACHABLE"},
		acd.EndTalk{Call: "t1", By: acd.ByLost}:                                   {"by LOST", "AGENT, CALLER or TRANSFER"},
		acd.ChangeCaller{Call: "c1", Credit: 25 * time.Hour}:                      {"credit", "0..24h"},
		acd.OtherCall{Agent: "1001", Call: "x", State: 7}:                         {"state", "RINGING, TALKING or ENDED"},
		acd.Recover{Epoch: 1}:                                                     {"epoch 1", "above 1"},
		acd.OtherCall{Agent: "1001", Call: "", State: acd.OtherTalking}:           {"call", "1..128 bytes"},
		acd.HandOver{Call: "t1", Agent: agent.ID(strings.Repeat("9", 129))}:       {"agent", "1..128 bytes"},
		acd.OtherCall{Agent: "1001", Call: "x", Number: strings.Repeat("1", 65)}:  {"number", "64"},
		acd.SetStatus{Agent: "1001", Status: agent.Break, Reason: manyRunes(257)}: {"reason", "256"},
		acd.Withdraw{Call: "c1", Reason: manyRunes(257)}:                          {"reason", "256"},
		acd.ChangeCaller{Call: "c1", Name: manyRunes(1025)}:                       {"name", "1024"},
		acd.ChangeCaller{Call: "c1", Number: manyRunes(65)}:                       {"from", "64"},
		acd.OtherCall{Agent: "1001", Call: strings.Repeat("é", 65), State: 1}:     {"call", "1..128 bytes"},
	} {
		e, before := somebody(t), somebody(t)
		err := e.Step(sec(0), in)
		if !errors.Is(err, acd.ErrInvalid) {
			t.Errorf("%+v: %v", in, err)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%T: %q does not say %q", in, err, w)
			}
		}
		if len(e.Take()) > 0 {
			t.Errorf("%T: something was told", in)
		}
		same(t, before, e)
	}
}

// All problems of a queue are told at once, and nothing is applied.
func TestB110_AllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	e, before := somebody(t), somebody(t)
	v, err := e.Queue("q")
	if err != nil {
		t.Fatal(err)
	}
	c := v.Config.Clone()
	c.RingTime, c.MaxWaitingTime, c.Name, c.PollingStrategy = 0, time.Second, "", "SLOWEST"
	for _, in := range []acd.Input{acd.ChangeQueue{Queue: "q", Config: c}, acd.CreateQueue{Queue: "new", Config: c}} {
		err = e.Step(sec(0), in)
		if !errors.Is(err, acd.ErrInvalid) {
			t.Fatalf("%T: %v", in, err)
		}
		for _, name := range []string{"ring_time", "max_waiting_time", "name", "polling_strategy"} {
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%T: %q does not name %s", in, err, name)
			}
		}
	}
	same(t, before, e)
}

func manyRunes(n int) string { return strings.Repeat("ü", n) }

// At its limit a text is taken, one more is refused; characters are code points,
// ids and tags are counted in bytes.
func TestB111_Limits(t *testing.T) {
	t.Parallel()
	bytes := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		most int
		of   func(int) string
		in   func(s string) acd.Input
	}{
		"call id":  {128, bytes, func(s string) acd.Input { return join(queue.CallID(s), "q") }},
		"queue id": {128, bytes, func(s string) acd.Input { c := makeQueue(t, "abcdefgh"); c.Queue = queue.ID(s); return c }},
		"agent id": {128, bytes, func(s string) acd.Input { return ready(agent.ID(s), "q") }},
		"listed agent": {128, bytes, func(s string) acd.Input {
			return acd.SetAgents{Queue: "other", Agents: []acd.Listed{{Agent: agent.ID(s)}}}
		}},
		"other call":   {128, bytes, func(s string) acd.Input { return acd.OtherCall{Agent: "1003", Call: s} }},
		"queue name":   {64, manyRunes, func(s string) acd.Input { c := makeQueue(t, "abcdefgh"); c.Config.Name = s; return c }},
		"agent name":   {1024, manyRunes, func(s string) acd.Input { return acd.AddAgent{Agent: "1001", Name: s} }},
		"caller name":  {1024, manyRunes, func(s string) acd.Input { return acd.Join{Call: "n", Queue: "q", Name: s} }},
		"number":       {64, manyRunes, func(s string) acd.Input { return acd.Join{Call: "n", Queue: "q", Number: s} }},
		"reason":       {256, manyRunes, func(s string) acd.Input { return acd.SetStatus{Agent: "1003", Status: agent.Lunch, Reason: s} }},
		"first reason": {256, manyRunes, func(s string) acd.Input { a := ready("1009", "q"); a.Reason = s; return a }},
		"withdrawal":   {256, manyRunes, func(s string) acd.Input { return acd.Withdraw{Call: "c1", Reason: s} }},
		"tag":          {1024, bytes, func(s string) acd.Input { return acd.Join{Call: "n", Queue: "q", Tag: s} }},
		"passed queue": {128, bytes, func(s string) acd.Input { return acd.Join{Call: "n", Queue: "q", Passed: []queue.ID{queue.ID(s)}} }},
		"new name":     {1024, manyRunes, func(s string) acd.Input { return acd.ChangeCaller{Call: "c1", Name: s} }},
		"new number":   {64, manyRunes, func(s string) acd.Input { return acd.ChangeCaller{Call: "c1", Number: s} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := somebody(t)
			for _, s := range []string{c.of(c.most + 1), c.of(c.most-1) + "\n", c.of(2) + "\x00", "\x7f", "\u0085", "a\xffb", "\xc3"} {
				err := e.Step(sec(0), c.in(s))
				if !errors.Is(err, acd.ErrInvalid) {
					t.Errorf("%d bytes %.20q: %v", len(s), s, err)
					continue
				}
				if strings.ContainsFunc(err.Error(), func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
					t.Errorf("the error hands the text on as it came: %q", err)
				}
			}
			if err := e.Step(sec(0), c.in(c.of(c.most))); err != nil {
				t.Errorf("at the limit: %v", err)
			}
		})
	}
}

// Ids that nobody has reach no log line as they came either.
func TestB111_WhatIsNotFoundIsShownEscaped(t *testing.T) {
	t.Parallel()
	e := somebody(t)
	for _, in := range everyInput("a\r\nb\x1b[2J\xff", "") {
		err := e.Step(sec(0), in)
		if err == nil {
			t.Errorf("%T: taken", in)
			continue
		}
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
			t.Errorf("%T: the error hands the id on as it came: %q", in, err)
		}
	}
	for _, in := range everyInput(strings.Repeat("x", 1<<16), "") {
		if err := e.Step(sec(0), in); err == nil || len(err.Error()) > 1000 {
			t.Errorf("%T: an error of %d bytes", in, len(err.Error()))
		}
	}
}

// Integers without a stated bound end at 2³¹−1.
func TestB111_Integers(t *testing.T) {
	t.Parallel()
	const most = 1<<31 - 1
	e := somebody(t)
	step(t, e, 0, acd.Join{Call: "n1", Queue: "q", Position: most})
	if err := e.Step(sec(0), acd.Join{Call: "n2", Queue: "q", Position: most + 1}); !errors.Is(err, acd.ErrInvalid) {
		t.Errorf("position: %v", err)
	}
	c := makeQueue(t, "abcdefgh")
	c.Config.MaxCallers = most + 1
	if err := e.Step(sec(0), c); !errors.Is(err, acd.ErrInvalid) || !strings.Contains(err.Error(), "max_callers") {
		t.Errorf("max_callers: %v", err)
	}
	c.Config.MaxCallers = most
	step(t, e, 0, c)
}
