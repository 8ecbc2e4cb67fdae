package acd_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// homes returns where each queue lives.
func homes(t *testing.T, e *acd.Engine) map[queue.ID]acd.ServerID {
	t.Helper()
	at := make(map[queue.ID]acd.ServerID)
	for v := range e.Queues() {
		at[v.ID] = v.Server
		if v.Online != (v.Server != "") {
			t.Errorf("queue %s lives on %q, online: %t", v.ID, v.Server, v.Online)
		}
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	return at
}

// load returns the smallest and the largest number of queues of an enabled server.
func load(e *acd.Engine) (least, most int) {
	least = 1 << 30
	for s := range e.Servers() {
		if s.Enabled {
			least, most = min(least, s.Queues), max(most, s.Queues)
		}
	}
	return least, most
}

func apart(a, b map[queue.ID]acd.ServerID) (moved []queue.ID) {
	for id, s := range a {
		if b[id] != s {
			moved = append(moved, id)
		}
	}
	slices.Sort(moved)
	return moved
}

func addServer(id string) acd.AddServer {
	return acd.AddServer{Server: acd.ServerID(id), Name: id, Enabled: true, IPv4: "192.0.2.1"}
}

func manyQueues(t *testing.T, n int) *acd.Engine {
	t.Helper()
	e := newEngine(t)
	for i := range n {
		c := queue.Defaults()
		c.Name, c.Number = fmt.Sprintf("queue %d", i), fmt.Sprint(8000+i)
		step(t, e, 0, acd.CreateQueue{Queue: queue.ID(fmt.Sprintf("q%03d", i)), Config: c})
	}
	return e
}

// Adding a server moves ⌊queues/servers⌋ queues, all of them to it; disabling one
// moves those that it held and no other; no server ever holds more than
// ⌈queues/servers⌉.
func TestB122_EvenAndNoMoreMovesThanItMust(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 7, 10, 97, 300} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			e := manyQueues(t, n)
			before := homes(t, e)
			for servers := 2; servers <= 9; servers++ {
				id := fmt.Sprintf("s%d", servers)
				e.Take()
				step(t, e, 1, addServer(id))
				told, _ := only[*acd.QueueMoved](e.Take())
				after := homes(t, e)
				moved := apart(before, after)
				if len(moved) != n/servers || len(told) != len(moved) {
					t.Errorf("the %d. server: %d queues moved, %d told", servers, len(moved), len(told))
				}
				for _, q := range moved {
					if after[q] != acd.ServerID(id) {
						t.Errorf("%s moved to %s", q, after[q])
					}
				}
				if least, most := load(e); least != n/servers || most != (n+servers-1)/servers {
					t.Errorf("%d queues on %d servers: %d to %d each", n, servers, least, most)
				}
				before = after
			}
			for servers := 8; servers >= 1; servers-- {
				id := acd.ServerID(fmt.Sprintf("s%d", servers+1))
				if servers%2 == 0 {
					step(t, e, 2, acd.EnableServer{Server: id})
				} else {
					step(t, e, 2, acd.DeleteServer{Server: id})
				}
				after := homes(t, e)
				for _, q := range apart(before, after) {
					if before[q] != id {
						t.Errorf("without %s %s moved from %s to %s", id, q, before[q], after[q])
					}
				}
				if _, most := load(e); most > (n+servers-1)/servers {
					t.Errorf("%d queues on %d servers: %d on one", n, servers, most)
				}
				before = after
			}
		})
	}
}

// Deleting queues never leaves a server with more than its share, and the same
// inputs lead to the same homes.
func TestB122_DeterministicWhateverGoes(t *testing.T) {
	t.Parallel()
	build := func() *acd.Engine {
		e := manyQueues(t, 40)
		for _, id := range []string{"c", "a", "b"} {
			step(t, e, 1, addServer(id))
		}
		for i := range 30 {
			step(t, e, 2, acd.DeleteQueue{Queue: queue.ID(fmt.Sprintf("q%03d", (i*7)%40))})
			homes(t, e)
		}
		return e
	}
	a, b := build(), build()
	if moved := apart(homes(t, a), homes(t, b)); len(moved) > 0 {
		t.Errorf("live elsewhere: %v", moved)
	}
	restored := restore(t, a)
	if moved := apart(homes(t, a), homes(t, restored)); len(moved) > 0 {
		t.Errorf("live elsewhere after a restart: %v", moved)
	}
	if got, want := slices.Collect(restored.Servers()), slices.Collect(a.Servers()); !slices.Equal(got, want) {
		t.Errorf("servers %+v, want %+v", got, want)
	}
}

// restore returns an engine restored from another's records.
func restore(t *testing.T, e *acd.Engine) *acd.Engine {
	t.Helper()
	other := newEngine(t)
	err := other.Restore(func(yield func(acd.Record, error) bool) {
		for r := range e.Records() {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// What is no server is refused and changes nothing.
func TestB122_Refused(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	step(t, e, 0, addServer("s1"))
	for name, c := range map[string]struct {
		in   acd.Input
		want error
	}{
		"twice":                 {addServer("s1"), acd.ErrExists},
		"the internal one":      {addServer("INTERNAL"), acd.ErrExists},
		"no id":                 {addServer(""), acd.ErrInvalid},
		"no name":               {acd.AddServer{Server: "s2", IPv4: "192.0.2.1"}, acd.ErrInvalid},
		"no address":            {acd.AddServer{Server: "s2", Name: "two"}, acd.ErrInvalid},
		"no IPv4 address":       {acd.AddServer{Server: "s2", Name: "two", IPv4: "2001:db8::1"}, acd.ErrInvalid},
		"no IPv6 address":       {acd.AddServer{Server: "s2", Name: "two", IPv6: "192.0.2.1"}, acd.ErrInvalid},
		"one of two is bad":     {acd.AddServer{Server: "s2", Name: "two", IPv4: "192.0.2.1", IPv6: "x"}, acd.ErrInvalid},
		"enable an unknown one": {acd.EnableServer{Server: "s2"}, acd.ErrNotFound},
		"delete an unknown one": {acd.DeleteServer{Server: "s2"}, acd.ErrNotFound},
		"report an unknown one": {acd.ReportServer{Server: "s2"}, acd.ErrNotFound},
		"delete the internal":   {acd.DeleteServer{Server: acd.InternalServer}, acd.ErrInvalid},
		"more than all":         {acd.ReportServer{Server: "s1", CPU: 101}, acd.ErrInvalid},
		"less than nothing":     {acd.ReportServer{Server: "s1", Memory: -1}, acd.ErrInvalid},
	} {
		before := slices.Collect(e.Servers())
		if err := e.Step(sec(1), c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if !slices.Equal(before, slices.Collect(e.Servers())) {
			t.Errorf("%s: changed something", name)
		}
	}
	step(t, e, 2, acd.ReportServer{Server: "s1", Online: true, CPU: 40, Memory: 60})
	if v, err := e.Server("s1"); err != nil || !v.Online || v.CPU != 40 || v.Memory != 60 {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := e.Server("s2"); !errors.Is(err, acd.ErrNotFound) {
		t.Error(err)
	}
}

// While no enabled server holds the queue, it is OFFLINE: a call leaves as
// NO_AGENTS, those who wait and talk go on, whatever the agents do.
func TestB120_OfflineTakesNoCalls(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "wait_when_no_agents_online=true"), withStatus(agent.Ready, "1001", "q"))
	step(t, e, 0, join("talks", "q"))
	id, err := e.Offer("talks", "1001")
	if err != nil {
		t.Fatal(err)
	}
	step(t, e, 1, acd.Answered{Offer: id})
	step(t, e, 1, join("waits", "q"))
	e.Take()

	step(t, e, 2, acd.EnableServer{Server: acd.InternalServer})
	if v, _ := e.Queue("q"); v.Online || v.Server != "" || v.Waiting != 1 || v.Talking != 1 {
		t.Errorf("without a server: %+v", v)
	}
	step(t, e, 3, join("late", "q"))
	left, _ := only[*acd.CallLeft](e.Take())
	if len(left) != 1 || left[0].Call != "late" || left[0].Outcome != queue.NoAgents || left[0].To == nil {
		t.Errorf("left: %+v", left)
	}
	step(t, e, 4, acd.HangUp{Call: "talks"}) // the agent takes who waits
	if id, err = e.Offer("waits", "1001"); err != nil {
		t.Fatal(err)
	}
	step(t, e, 5, acd.Answered{Offer: id})
	restored := restore(t, e)
	if v, _ := restored.Queue("q"); v.Online {
		t.Error("a restart brought it online")
	}

	step(t, e, 6, addServer("s1"))
	if v, _ := e.Queue("q"); !v.Online || v.Server != "s1" || v.Talking != 1 {
		t.Errorf("with a server: %+v", v)
	}
	step(t, e, 7, acd.EnableServer{Server: acd.InternalServer, Enabled: true})
	if v, _ := e.Queue("q"); v.Server != "s1" {
		t.Errorf("moved to %s, though it need not", v.Server)
	}
	step(t, e, 8, join("again", "q"))
	if v, _ := e.Queue("q"); v.Waiting != 1 {
		t.Errorf("%d wait", v.Waiting)
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
}

// A deleted server is in no list any more, and may be added again.
func TestB122_ADeletedServerIsGone(t *testing.T) {
	t.Parallel()
	e := manyQueues(t, 3)
	for range 2 {
		step(t, e, 1, addServer("s2"))
		homes(t, e)
		step(t, e, 2, acd.DeleteServer{Server: "s2"})
		homes(t, e)
		var left []acd.ServerID
		for s := range e.Servers() {
			left = append(left, s.ID)
		}
		if !slices.Equal(left, []acd.ServerID{acd.InternalServer}) {
			t.Errorf("servers %v", left)
		}
	}
}

// A queue made while no server is enabled waits for one.
func TestB120_AQueueMadeWithoutAServerIsOffline(t *testing.T) {
	t.Parallel()
	e := newEngine(t, acd.EnableServer{Server: acd.InternalServer}, makeQueue(t, "q"))
	if at := homes(t, e); at["q"] != "" {
		t.Errorf("lives on %s", at["q"])
	}
	step(t, e, 1, acd.EnableServer{Server: acd.InternalServer, Enabled: true})
	if at := homes(t, e); at["q"] != acd.InternalServer {
		t.Errorf("lives on %q", at["q"])
	}
}

// The built-in server is enabled and online from the beginning.
func TestB122_TheBuiltInServerIsOnline(t *testing.T) {
	t.Parallel()
	v, err := newEngine(t).Server(acd.InternalServer)
	if err != nil || !v.Enabled || !v.Online {
		t.Errorf("%+v, %v", v, err)
	}
}
