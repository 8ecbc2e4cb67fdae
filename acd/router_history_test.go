package acd

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Against a list that forgets nothing: what is not read is there, and so are the
// newest Watched; the ring does not stay larger than it must.
func TestRouter_HistoryKeepsWhatIsUnreadAndTheNewest(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var h history
	var told, read uint64
	for range 200 {
		events := make([]Event, rng.IntN(600))
		for i := range events {
			told++
			events[i].Seq = told
		}
		h.add(events, read)
		if rng.IntN(4) == 0 {
			read = told - uint64(rng.Int64N(int64(told-read)+1))
		}
		require.Equal(t, told, h.newest())
		oldest := min(read, told-min(told, Watched))
		for _, n := range []uint64{oldest, read, told - min(told, 70), told} {
			page, ok := h.after(n, h.newest(), make([]Event, 0, 64))
			require.True(t, ok)
			require.Len(t, page, int(min(64, told-n)))
			for i, ev := range page {
				require.Equal(t, n+uint64(i)+1, ev.Seq)
			}
		}
		_, ok := h.after(told+1, h.newest(), nil)
		require.False(t, ok)
	}
	read = told
	h.add([]Event{{Seq: told + 1}}, read)
	require.Len(t, h.ring, Watched, "once all is read it is small again")
}
