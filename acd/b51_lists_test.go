package acd_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// first reports whether a caller goes before one who came earlier.
func (l *lists) first(number string) bool {
	l.t.Helper()
	l.do(acd.Join{Call: "c", Queue: "q", Number: number})
	c, err := l.Call("c")
	require.NoError(l.t, err)
	l.do(acd.HangUp{Call: "c"})
	return c.Position == 1
}

func TestB51_TheListHasExpiry(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.SetStatus{Agent: "1001", Status: agent.Break})
	config := queue.Defaults()
	config.Name, config.Number, config.MaxWaitingTime = "q", "8000", time.Hour
	l.do(acd.ChangeQueue{Queue: "q", Config: config})
	l.do(acd.Join{Call: "earlier", Queue: "q"})
	l.wait(time.Second)
	vip := acd.SetVIP{Listing: queue.Listing{Number: "+49301", Enabled: true, Expires: agent.At(l.now.Add(time.Minute))}}
	l.do(vip)
	assert.True(t, l.first("+49301"))
	l.wait(time.Minute - 1)
	assert.True(t, l.first("+49301"))
	l.wait(1)
	assert.False(t, l.first("+49301"))
	vip.Expires, vip.Enabled = 0, false
	l.do(vip)
	assert.False(t, l.first("+49301"))
	vip.Enabled = true
	l.do(vip)
	assert.True(t, l.first("+49301"))
	l.do(acd.RemoveVIP{Number: "+49301"})
	assert.False(t, l.first("+49301"))
	require.ErrorIs(t, l.Step(l.now, acd.RemoveVIP{Number: "+49301"}), acd.ErrNotFound)
}

// rungBy returns who is rung first for a caller, and why.
func (l *lists) rungBy(number string) (agent.ID, acd.Reason) {
	l.t.Helper()
	l.Take()
	l.do(acd.Join{Call: "c", Queue: "q", Number: number})
	for _, ev := range l.Take() {
		if ring, ok := ev.Do.(*acd.Ring); ok {
			l.do(acd.HangUp{Call: "c"})
			return ring.Agent, ring.Why.By
		}
	}
	l.t.Fatal("nobody is rung")
	return "", 0
}

func TestB72_TheListHasExpiry(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	l.do(acd.AddAgent{Agent: "1002", Queues: []acd.Place{{Queue: "q"}}})
	x := acd.SetExclusive{
		Listing: queue.Listing{Number: "+49301", Enabled: true, Expires: agent.At(l.now.Add(time.Minute))},
		Queue:   "q", Agents: []agent.ID{"1002"},
	}
	is := func(id agent.ID, by acd.Reason) {
		t.Helper()
		gotID, gotBy := l.rungBy("+49301")
		assert.Equal(t, id, gotID)
		assert.Equal(t, by, gotBy)
	}
	l.do(x)
	is("1002", acd.ByExclusive)
	l.wait(time.Minute - 1)
	is("1002", acd.ByExclusive)
	l.wait(1)
	is("1001", acd.ByStrategy)
	// An entry that names no queue leaves the agents as they are.
	l.do(acd.SetExclusive{Listing: queue.Listing{Number: "+49301", Enabled: true}})
	is("1002", acd.ByExclusive)
	l.do(acd.SetExclusive{Listing: queue.Listing{Number: "+49301"}})
	is("1001", acd.ByStrategy)
	// No agents take the queue out.
	l.do(acd.SetExclusive{Listing: queue.Listing{Number: "+49301", Enabled: true}, Queue: "q"})
	is("1001", acd.ByStrategy)
	l.do(x)
	l.do(acd.RemoveExclusive{Number: "+49301"})
	is("1001", acd.ByStrategy)
	require.ErrorIs(t, l.Step(l.now, acd.RemoveExclusive{Number: "+49301"}), acd.ErrNotFound)
}
