package acd_test

import (
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An entry of a list keeps its id while its number changes, in the records too.
func TestB51_AnEntryKeepsItsIDWhenItsNumberChanges(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	put := func(id, number string) error {
		return l.Step(l.now, acd.SetVIP{Listing: queue.Listing{ID: id, Number: number, Enabled: true}})
	}
	require.NoError(t, put("a", "+49301"))
	require.ErrorIs(t, put("b", "+49301"), acd.ErrExists, "the number is another entry's")
	require.NoError(t, put("b", "+49302"))
	require.ErrorIs(t, put("a", "+49302"), acd.ErrExists)
	require.NoError(t, put("a", "+49303"))
	_, err := l.VIP("+49301")
	require.ErrorIs(t, err, acd.ErrNotFound)
	v, err := l.VIPByID("a")
	require.NoError(t, err)
	assert.Equal(t, "+49303", v.Number)

	// Without an id it is about the number's entry, and a new one is named after it.
	require.NoError(t, put("", "+49303"))
	require.NoError(t, put("", "+49304"))
	require.NoError(t, put("+49304", "+49305"))
	require.NoError(t, put("", "+49304"))
	fresh, err := acd.NewEngine(acd.EngineOptions{})
	require.NoError(t, err)
	require.NoError(t, fresh.Restore(kept(l.Engine)))
	for id, number := range map[string]string{"a": "+49303", "b": "+49302", "+49304": "+49305", "+49304-2": "+49304"} {
		for _, e := range []*acd.Engine{l.Engine, fresh} {
			v, err := e.VIPByID(id)
			require.NoError(t, err, id)
			assert.Equal(t, number, v.Number)
			assert.Equal(t, id, v.ID)
		}
	}
	require.ErrorIs(t, l.Step(l.now, acd.RemoveVIP{Number: "+49303", ID: "b"}), acd.ErrNotFound)
	require.NoError(t, l.Step(l.now, acd.RemoveVIP{ID: "a"}))
	require.ErrorIs(t, l.Step(l.now, acd.RemoveVIP{ID: "a"}), acd.ErrNotFound)
	assert.Equal(t, 3, l.Lists().VIP)
}

func TestB45_B72_AMovedEntryKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	step := func(in acd.Input) { require.NoError(t, l.Step(l.now, in)) }
	step(acd.AddAgent{Agent: "1001"})
	step(acd.SetExclusive{Listing: queue.Listing{ID: "x", Number: "+49301"}, Queue: "q", Agents: []agent.ID{"1001"}})
	step(acd.SetExclusive{Listing: queue.Listing{ID: "x", Number: "+49302"}})
	x, err := l.Exclusive("+49302")
	require.NoError(t, err)
	assert.Equal(t, []agent.ID{"1001"}, x.Agents["q"])
	_, err = l.Exclusive("+49301")
	require.ErrorIs(t, err, acd.ErrNotFound)

	seven, under := 7, -1
	blocked := acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{ID: "b", Number: "+49301"}}, Count: &seven}
	step(blocked)
	blocked.Number, blocked.Count = "+49302", nil
	step(blocked)
	b, err := l.BlockedByID("b")
	require.NoError(t, err)
	assert.Equal(t, 7, b.Triggered)
	assert.Equal(t, "+49302", b.Number)
	blocked.Count = &under
	require.ErrorIs(t, l.Step(l.now, blocked), acd.ErrInvalid)
	step(acd.RemoveBlocked{ID: "b"})
	step(acd.RemoveExclusive{ID: "x"})
	assert.Equal(t, acd.Lists{}, l.Lists())
}
