package acd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Created, changed (with warnings) and deleted are events, each once; a refused
// one is none.
func TestB121_AdministrationIsTold(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	good := makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT")
	warned := makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT", "ring_time=300", "max_waiting_time=300")
	for _, c := range []struct {
		in   acd.Input
		want string // types and what they say
	}{
		{good, "QueueCreated q 1 0"},
		{good, ""},
		{acd.ChangeQueue{Queue: "q", Config: warned.Config}, "QueueChanged q 2 1"},
		{acd.ChangeQueue{Queue: "q", Config: good.Config, Revision: 1}, ""},
		{acd.ChangeQueue{Queue: "q", Config: good.Config, Revision: 2}, "QueueChanged q 3 0"},
		{ready("1001"), "AgentCreated 1001"},
		{acd.AddAgent{Agent: "1001", Name: "Ada", Queues: []acd.Place{{Queue: "q"}}}, "AgentChanged 1001"},
		{acd.SetAgents{Queue: "q", Agents: []acd.Listed{{Agent: "1002"}}}, "AgentCreated 1002; QueueChanged q"},
		{acd.RemoveMember{Agent: "1002", Queue: "q"}, "QueueChanged q"},
		{acd.RemoveMember{Agent: "1002", Queue: "q"}, ""},
		{acd.DeleteAgent{Agent: "1001"}, "AgentDeleted 1001"},
		{acd.DeleteAgent{Agent: "1001"}, ""},
		{acd.DeleteQueue{Queue: "q", Revision: 2}, ""}, // it is another's by now
		{acd.DeleteQueue{Queue: "q", Revision: 3}, "QueueDeleted q"},
		{acd.DeleteQueue{Queue: "q"}, ""},
		{makeQueue(t, "q", "ring_time=300", "max_waiting_time=300"), "QueueCreated q 1 2"},
	} {
		err := e.Step(sec(1), c.in)
		var said []string
		for _, ev := range e.Take() {
			switch do := ev.Do.(type) {
			case *acd.QueueCreated:
				said = append(said, fmt.Sprintf("QueueCreated %s %d %d", do.Queue, do.Revision, len(do.Warnings)))
			case *acd.QueueChanged:
				said = append(said, fmt.Sprintf("QueueChanged %s %d %d", do.Queue, do.Revision, len(do.Warnings)))
			case *acd.QueueDeleted:
				said = append(said, "QueueDeleted "+string(do.Queue))
			case *acd.AgentCreated:
				said = append(said, "AgentCreated "+string(do.Agent))
			case *acd.AgentChanged:
				said = append(said, "AgentChanged "+string(do.Agent))
			case *acd.AgentDeleted:
				said = append(said, "AgentDeleted "+string(do.Agent))
			}
		}
		got := strings.Join(said, "; ")
		if (err != nil) != (c.want == "") {
			t.Errorf("%T: %v", c.in, err)
		}
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%T: told %q, want %q", c.in, got, c.want)
		}
	}
}

// Nothing of a deleted queue or agent is left: not in the records, not in reads,
// not in the changes that a store is told.
func TestB121_NothingIsLeft(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "resume_window=600"), makeQueue(t, "other"),
		ready("1001", "q", "other"), ready("1002", "q"),
		acd.Join{Call: "c1", Queue: "q", Number: "+49301234"}, join("c2", "q"),
	)
	step(t, e, 5, acd.HangUp{Call: "c1"})
	step(t, e, 6, acd.RemoveMember{Agent: "1002", Queue: "q"}) // remembered still
	store := map[string]bool{}
	fold := func() {
		for _, c := range e.Changes() {
			if r := c.Record(); len(r.Value) > 0 {
				store[r.Key] = true
			} else {
				delete(store, r.Key)
			}
		}
	}
	fold()
	if len(store) < 8 {
		t.Fatalf("stored %v", store)
	}
	step(t, e, 7, acd.DeleteQueue{Queue: "q"})
	step(t, e, 7, acd.DeleteAgent{Agent: "1002"})
	fold()
	for key := range store {
		if strings.HasPrefix(key, "queue/q") || strings.Contains(key, "1002") {
			t.Errorf("stored still: %s", key)
		}
	}
	for r := range e.Records() {
		if strings.HasPrefix(r.Key, "queue/q") || strings.Contains(r.Key, "1002") {
			t.Errorf("a record still: %s", r.Key)
		}
	}
	_, err1 := e.Queue("q")
	_, err2 := e.QueueByNumber("8001")
	_, err3 := e.Agent("1002")
	_, err4 := e.Call("c2")
	for i, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, acd.ErrNotFound) {
			t.Errorf("read %d: %v", i+1, err)
		}
	}
	p, err := e.Agent("1001")
	if err != nil || len(p.Members) != 1 || p.Members[0].Queue != "other" || p.Use != agent.Free {
		t.Errorf("1001 %+v: %v", p, err)
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
}

// Configuration and agent list have a revision each: what raises the one leaves the
// other, and who read an old one does not overwrite.
func TestB121_RevisionsOfConfigurationAndList(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT"), makeQueue(t, "other", "polling_strategy=CYCLIC_HUNT"))
	config := makeQueue(t, "q", "polling_strategy=CYCLIC_HUNT").Config
	wrapUp := 5 * time.Second
	list := func(agents ...agent.ID) acd.SetAgents {
		in := acd.SetAgents{Queue: "q"}
		for _, id := range agents {
			in.Agents = append(in.Agents, acd.Listed{Agent: id})
		}
		return in
	}
	based := func(in acd.SetAgents, on uint64) acd.SetAgents {
		in.ListRevision = on
		return in
	}
	for i, c := range []struct {
		in           acd.Input
		config, list uint64 // revisions after it
		changed      bool   // it is refused: ErrChanged
	}{
		{in: ready("1001", "q"), config: 1, list: 2},
		{in: ready("1001", "q"), config: 1, list: 2}, // he is there
		{in: ready("1002", "other"), config: 1, list: 2},
		{in: acd.ChangeQueue{Queue: "q", Config: config, Revision: 1}, config: 2, list: 2},
		{in: acd.ChangeQueue{Queue: "q", Config: config, Revision: 1}, config: 2, list: 2, changed: true},
		{in: based(list("1001", "1002", "1003"), 2), config: 2, list: 3},
		{in: based(list("1001"), 2), config: 2, list: 3, changed: true},
		{in: list("1003", "1002", "1001"), config: 2, list: 4},
		{in: acd.ChangeMember{Agent: "1001", Queue: "q", Level: 3}, config: 2, list: 5},
		{in: acd.ChangeMember{Agent: "1001", Queue: "q", WrapUpTime: &wrapUp}, config: 2, list: 6},
		{in: acd.SetStatus{Agent: "1001", Status: agent.Break}, config: 2, list: 6},
		{in: acd.RemoveMember{Agent: "1001", Queue: "q"}, config: 2, list: 7},
		{in: acd.DeleteAgent{Agent: "1001"}, config: 2, list: 7}, // he was on no list
		{in: acd.DeleteAgent{Agent: "1002"}, config: 2, list: 8},
		{in: acd.ResetQueue{Queue: "q"}, config: 2, list: 8},
		{in: based(list("1003"), 8), config: 2, list: 9},
	} {
		err := e.Step(sec(float64(i)), c.in)
		if errors.Is(err, acd.ErrChanged) != c.changed || err != nil && !c.changed {
			t.Errorf("%d %T: %v", i, c.in, err)
		}
		if q, err := e.Queue("q"); err != nil || q.Revision != c.config || q.ListRevision != c.list {
			t.Errorf("%d %T: revisions %d and %d, want %d and %d (%v)", i, c.in, q.Revision, q.ListRevision, c.config, c.list, err)
		}
	}
	// They survive, so that who read them before a restart may go on.
	again := copyOf(t, e)
	if q, err := again.Queue("q"); err != nil || q.Revision != 2 || q.ListRevision != 9 {
		t.Errorf("after a restart %d and %d (%v)", q.Revision, q.ListRevision, err)
	}
	if err := again.Step(sec(100), based(list("1003"), 8)); !errors.Is(err, acd.ErrChanged) || !strings.Contains(err.Error(), "agents") {
		t.Error(err)
	}
}

// Each entry of the lists of callers has a revision: who read an old one overwrites
// nothing, and brings nothing back.
func TestB121_RevisionsOfEntries(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q"), makeQueue(t, "p", "extension_number=8009"), ready("1001", "q"), ready("1002", "q"))
	on := func(revision uint64) queue.Listing {
		return queue.Listing{Number: "5551", Enabled: true, Revision: revision}
	}
	vip := func(revision uint64) acd.Input { return acd.SetVIP{Listing: on(revision)} }
	blocked := func(revision uint64) acd.Input {
		return acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: on(revision)}}
	}
	exclusive := func(revision uint64, q queue.ID, agents ...agent.ID) acd.Input {
		return acd.SetExclusive{Listing: on(revision), Queue: q, Agents: agents}
	}
	for i, c := range []struct {
		in                      acd.Input
		err                     error
		vip, blocked, exclusive uint64 // revisions after it; 0: there is none
	}{
		{vip(1), acd.ErrNotFound, 0, 0, 0},
		{vip(0), nil, 1, 0, 0},
		{vip(1), nil, 2, 0, 0},
		{vip(1), acd.ErrChanged, 2, 0, 0},
		{vip(0), nil, 3, 0, 0}, // based on nothing
		{acd.RemoveVIP{Number: "5551", Revision: 2}, acd.ErrChanged, 3, 0, 0},
		{acd.RemoveVIP{Number: "5551", Revision: 3}, nil, 0, 0, 0},
		{vip(3), acd.ErrNotFound, 0, 0, 0},
		{blocked(0), nil, 0, 1, 0},
		{acd.EnableBlocking{First: true, Was: &acd.Blocking{}}, nil, 0, 1, 0},
		{acd.EnableBlocking{Second: true, Was: &acd.Blocking{}}, acd.ErrChanged, 0, 1, 0},
		{acd.Join{Call: "c1", Queue: "q", Number: "5551"}, nil, 0, 1, 0}, // he is met
		{acd.EnableBlocking{Was: &acd.Blocking{First: true}}, nil, 0, 1, 0},
		{blocked(1), nil, 0, 2, 0},
		{blocked(1), acd.ErrChanged, 0, 2, 0},
		{acd.RemoveBlocked{Number: "5551", Revision: 1}, acd.ErrChanged, 0, 2, 0},
		{exclusive(0, "q", "1001", "1002"), nil, 0, 2, 1},
		{exclusive(1, "p", "1001"), nil, 0, 2, 2},
		{exclusive(1, ""), acd.ErrChanged, 0, 2, 2},
		{acd.DeleteAgent{Agent: "1001"}, nil, 0, 2, 3}, // of two queues, once
		{acd.DeleteQueue{Queue: "p"}, nil, 0, 2, 4},
		{exclusive(4, "q"), nil, 0, 2, 5},
		{acd.DeleteAgent{Agent: "1002"}, nil, 0, 2, 5}, // it does not name him
		{acd.RemoveExclusive{Number: "5551", Revision: 4}, acd.ErrChanged, 0, 2, 5},
	} {
		if err := e.Step(sec(float64(i)), c.in); !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%d %T: %v, want %v", i, c.in, err, c.err)
		}
		for _, e := range []*acd.Engine{e, copyOf(t, e)} { // they survive a restart
			v, _ := e.VIP("5551")
			b, _ := e.Blocked("5551")
			x, _ := e.Exclusive("5551")
			if v.Revision != c.vip || b.Revision != c.blocked || x.Revision != c.exclusive {
				t.Errorf("%d %T: revisions %d, %d and %d, want %d, %d and %d", i, c.in, v.Revision, b.Revision, x.Revision, c.vip, c.blocked, c.exclusive)
			}
		}
	}
}
