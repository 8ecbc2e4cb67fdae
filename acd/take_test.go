package acd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// Both ways to take events tell the same, whichever was used before, and what was
// taken stays as it is.
func TestEngine_TakeInto(t *testing.T) {
	t.Parallel()
	one, other := newEngineMachine(t, "CYCLIC_HUNT", 3), newEngineMachine(t, "CYCLIC_HUNT", 3)
	require.Equal(t, one.engine.Take(), other.engine.TakeInto(nil))
	var taken, again, kept []acd.Event
	var buffer []acd.Event
	now := one.engine.Now()
	for i := range 2000 {
		for _, m := range []*engineMachine{one, other} {
			m.step(now, acd.Join{Call: "c", Queue: "q"})
			m.step(now, acd.HangUp{Call: "c"})
		}
		taken = one.engine.Take()
		if i%3 == 0 {
			again = other.engine.Take()
			kept = append(kept, again...)
		} else {
			buffer = other.engine.TakeInto(buffer[:0])
			again = buffer
		}
		require.Equal(t, taken, again)
		require.Empty(t, other.engine.TakeInto(nil))
		if i == 1000 { // and after more than there is room for
			for range 3000 {
				for _, m := range []*engineMachine{one, other} {
					m.step(now, acd.Join{Call: "c", Queue: "q"})
					m.step(now, acd.HangUp{Call: "c"})
				}
			}
			require.Equal(t, one.engine.Take(), other.engine.TakeInto(nil))
		}
	}
	for i := range kept[1:] {
		require.Less(t, kept[i].Seq, kept[i+1].Seq)
	}
}
