package acd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// Both ways to take events tell the same, whichever was used before, and what Take
// returned stays as it is.
func TestEngine_TakeInto(t *testing.T) {
	t.Parallel()
	s := scene{agents: 3}
	one, other := newEngineMachine(t, s).engine, newEngineMachine(t, s).engine
	inout := func(times int) {
		for range times {
			for _, e := range []*acd.Engine{one, other} {
				require.NoError(t, e.Step(begin, acd.Join{Call: "c", Queue: queueID(0)}))
				require.NoError(t, e.Step(begin, acd.HangUp{Call: "c"}))
			}
		}
	}
	var kept, buffer []acd.Event
	for i := range 500 {
		inout(1 + i/499*300) // in the end more than there is room for
		want := one.Take()
		require.NotEmpty(t, want)
		if i%3 == 0 {
			got := other.Take()
			require.Equal(t, want, got)
			kept = append(kept, got[0])
			defer func() { require.Equal(t, want, got) }()
		} else {
			buffer = other.TakeInto(buffer[:0])
			require.Equal(t, want, buffer)
		}
		require.Empty(t, other.TakeInto(nil))
	}
	inout(1)
	require.Equal(t, one.Take(), other.TakeInto(nil))
	require.Equal(t, kept, other.TakeInto(kept), "nothing is added when nothing happened")
}
