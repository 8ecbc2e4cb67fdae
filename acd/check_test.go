package acd

import (
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// checked is an engine with something of most of what Check looks at: t talks to
// 1001, r rings 1002, w waits, 1003 has a break and 1004 no queue.
func checked(t *testing.T) *Engine {
	t.Helper()
	e, err := NewEngine(EngineOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	step := func(in Input) {
		t.Helper()
		if err := e.Step(now, in); err != nil {
			t.Fatalf("%+v: %v", in, err)
		}
	}
	c := queue.Defaults()
	c.Name, c.Number, c.PollingStrategy, c.RingTime = "q", "8000", "PRIORITIZED_HUNT", 20*time.Second
	step(CreateQueue{Queue: "q", Config: c})
	pause, on := agent.Break, agent.Ready
	for id, s := range map[agent.ID]*agent.Status{"1001": &on, "1003": &pause} {
		step(AddAgent{Agent: id, Status: s, Queues: []Place{{Queue: "q"}}})
	}
	step(AddAgent{Agent: "1004"})
	step(Join{Call: "t", Queue: "q"})
	for _, ev := range e.Take() {
		if ring, ok := ev.Do.(*Ring); ok {
			step(Answered{Offer: ring.Offer})
		}
	}
	step(AddAgent{Agent: "1002", Status: &on, Queues: []Place{{Queue: "q"}}})
	step(Join{Call: "r", Queue: "q"})
	step(Join{Call: "w", Queue: "q"})
	if err := e.Check(); err != nil {
		t.Fatalf("before: %v", err)
	}
	return e
}

// Check finds each thing that can be wrong, and says what.
func TestB103_CheckSeesEverythingThatItLooksAt(t *testing.T) {
	t.Parallel()
	unlinked := func(e *Engine, id queue.CallID) *call {
		c := *e.calls[id]
		return &c
	}
	for _, c := range []struct {
		want  string
		spoil func(e *Engine, q *queueState)
	}{
		{"agent 1002: rung without an offer that ends", func(e *Engine, _ *queueState) { e.agents["1002"].offer.until = e.now }},
		{"agent 1002: rung without an offer that ends", func(e *Engine, _ *queueState) { delete(e.offers, e.agents["1002"].offer.id.N) }},
		{"agent 1002: rung without an offer that ends", func(e *Engine, _ *queueState) { e.agents["1002"].offer.call = nil }},
		{"agent 1002: his line and his offer disagree", func(e *Engine, _ *queueState) { e.agents["1002"].offer.call = nil }},
		{"agent 1002: has a deadline and no timer", func(e *Engine, _ *queueState) { e.agents["1002"].timer = 0 }},
		{"agent 1002: has a deadline before its timer", func(e *Engine, _ *queueState) { e.agents["1002"].offer.until = e.now + 1 }},
		{"agent 1001: on a call that is not there", func(e *Engine, _ *queueState) { e.agents["1001"].call = nil }},
		{"agent 1001: on a call that is not there", func(e *Engine, _ *queueState) { e.agents["1001"].call = unlinked(e, "t") }},
		{"agent 1001: on a call that is not there", func(e *Engine, _ *queueState) { e.agents["1001"].call = e.calls["w"] }},
		{"agent 1001: on a call and being rung", func(e *Engine, _ *queueState) { e.agents["1001"].offer.call = e.calls["w"] }},
		{"agent 1004: his line is free and has an owner", func(e *Engine, _ *queueState) { e.agents["1004"].call = e.calls["w"] }},
		{"agent 1004: his line is free and has an owner", func(e *Engine, _ *queueState) { e.agents["1004"].offer.call = e.calls["w"] }},
		{"agent 1004: his line and his offer disagree", func(e *Engine, _ *queueState) { e.agents["1004"].offer.call = e.calls["w"] }},

		{"call t: its stage and its agent disagree", func(e *Engine, _ *queueState) { e.calls["t"].agent = nil }},
		{"call w: its stage and its agent disagree", func(e *Engine, _ *queueState) { e.calls["w"].agent = e.agents["1004"] }},
		{"call w: its stage and its agent disagree", func(e *Engine, _ *queueState) { e.calls["w"].stage = connecting }},
		{"call w: connects without a deadline", func(e *Engine, _ *queueState) { e.calls["w"].stage = connecting }},
		{"call w: its stage and its agent disagree", func(e *Engine, _ *queueState) { e.calls["w"].stage = dialling }},
		{"call w: its customer is dialled without a deadline", func(e *Engine, _ *queueState) { e.calls["w"].stage = dialling }},
		{"call w: its customer is dialled, and nobody knows", func(e *Engine, _ *queueState) { e.calls["w"].stage = dialling }},
		{"call w: its customer is called twice at once", func(e *Engine, _ *queueState) { e.calls["w"].own().dialled = "030" }},
		{"call w: its stage and its warning disagree", func(e *Engine, _ *queueState) { e.calls["w"].stage = warned }},
		{"call w: its stage and its warning disagree", func(e *Engine, _ *queueState) { e.calls["w"].own().warning = new(warning) }},
		{"call w: at the warning without a deadline, or with a place", func(e *Engine, q *queueState) {
			c := e.calls["w"]
			q.Line.Remove(&c.Entry)
			c.own().warning, c.stage = new(warning), warned
		}},
		{"call w: at the warning without a deadline, or with a place", func(e *Engine, _ *queueState) {
			c := e.calls["w"]
			c.own().warning, c.stage, c.end = new(warning), warned, e.now+1
		}},
		{"call w: waits and has no place", func(e *Engine, q *queueState) { q.Line.Remove(&e.calls["w"].Entry) }},
		{"call w: is a callback that its queue does not know", func(e *Engine, _ *queueState) { e.calls["w"].own().promise = &callback.Request{Number: "030"} }},
		{"call w: is a callback that its customer does not have", func(e *Engine, _ *queueState) { e.calls["w"].own().promise = &callback.Request{Number: "030"} }},
		{"call w: is held for its customer, or not", func(e *Engine, _ *queueState) {
			c := e.calls["w"]
			c.own().promise = &callback.Request{Number: "030"}
			c.Holds |= queue.HoldCustomer
		}},
		{"call w: is held for its customer, or not", func(e *Engine, _ *queueState) {
			e.calls["w"].own().promise = &callback.Request{Number: "030"}
			e.customers.called = map[string]*call{"030": e.calls["r"]}
		}},
		{"call r: 1 offers, 0 agents are rung", func(e *Engine, _ *queueState) { e.calls["r"].rung.first = nil }},
		{"call w: 0 offers, 1 agents are rung", func(e *Engine, _ *queueState) { e.calls["w"].rung = e.calls["r"].rung }},
		{"call w: agent 1002 is not rung for it", func(e *Engine, _ *queueState) { e.calls["w"].rung = e.calls["r"].rung }},
		{"call w: has a deadline and no timer", func(e *Engine, _ *queueState) { e.calls["w"].limit, e.calls["w"].timer = e.now+1, 0 }},
		{"call w: has a deadline before its timer", func(e *Engine, _ *queueState) { e.calls["w"].limit = e.now + 1 }},

		{"queue q: 3 joined and not left, 2 in line, 2 calls wait", func(_ *Engine, q *queueState) { q.Numbers.Join() }},
		{"queue q: 2 joined and not left, 1 in line, 2 calls wait", func(e *Engine, q *queueState) { q.Line.Remove(&e.calls["w"].Entry) }},
		{"queue q: 1 callbacks confirmed and not ended, 0 are open", func(_ *Engine, q *queueState) { q.Callbacks.Confirmed++ }},
		{"queue q: since reset 3 calls wait and 1 talk, not 2 and 1", func(_ *Engine, q *queueState) {
			since := q.Numbers.Since()
			since.Joined++
			q.Numbers.Set(q.Numbers.Lifetime(), since)
		}},
		{"queue q: since reset 2 calls wait and 0 talk, not 2 and 1", func(_ *Engine, q *queueState) {
			since := q.Numbers.Since()
			since.Ended++
			q.Numbers.Set(q.Numbers.Lifetime(), since)
		}},
		{"queue q: call r is said to wait longer than w", func(e *Engine, _ *queueState) { e.calls["w"].Joined-- }},
		{"queue q: 2 calls wait, 1 are known to", func(_ *Engine, q *queueState) { q.waits.oldest.newer = nil }},
		{"queue q: 0 answered and not ended, 1 calls talk", func(_ *Engine, q *queueState) { q.Numbers.EndTalk(0, 0) }},
		{"queue q: agent 1003 is available and call w is matchable", func(e *Engine, _ *queueState) {
			e.agents["1003"].Members()[0].Set = agent.Ready
		}},
		{"queue q: 0 agents counted as available, 1 are", func(e *Engine, _ *queueState) {
			e.agents["1003"].Members()[0].Set = agent.Ready
		}},
		{"number 030: call w is found by it and does not wait with it", func(e *Engine, _ *queueState) {
			e.regulars = regulars{"030": e.calls["w"]}
		}},
		{"number 030: call w is found by it and does not wait with it", func(e *Engine, _ *queueState) {
			c := unlinked(e, "w")
			c.number = "030"
			e.regulars = regulars{"030": c}
		}},
		{"engine: what few calls have was written", func(e *Engine, _ *queueState) { e.none.mine = true }},
		{"engine: what few calls have was written", func(e *Engine, _ *queueState) { e.none.dialled = "030" }},

		{"queue q: lives on no server", func(_ *Engine, q *queueState) { q.server, q.Offline = nil, true }},
		{"queue q: lives on no server", func(_ *Engine, q *queueState) { q.Offline = true }},
		{"queue q: lives on no server", func(_ *Engine, q *queueState) { q.server.view.Enabled = false }},
		{"queue q: lives on no server", func(e *Engine, q *queueState) { delete(e.servers.byID, q.server.view.ID) }},
		{": counts 2 queues, 1 live on it, of 1", func(_ *Engine, q *queueState) { q.server.held++ }},
	} {
		e := checked(t)
		c.spoil(e, e.queues["q"])
		err := e.Check()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Check says %v, want %q", err, c.want)
		}
	}
}

// An agent keeps nothing of a queue that is deleted, whether he is on its list or
// was: else queues that come and go would cost memory for ever.
func TestB121_AgentsForgetADeletedQueue(t *testing.T) {
	t.Parallel()
	e := checked(t)
	now := e.now.Time()
	for _, in := range []Input{RemoveMember{Agent: "1003", Queue: "q"}, DeleteQueue{Queue: "q"}} {
		if err := e.Step(now, in); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []agent.ID{"1001", "1002", "1003"} {
		if p := e.agents[id]; len(p.known) != 0 || len(p.Members()) != 0 {
			t.Errorf("agent %s knows %d memberships", id, len(p.known))
		}
	}
}
