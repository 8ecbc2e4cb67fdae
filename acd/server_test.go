package acd

import (
	"fmt"
	"testing"

	"github.com/acdkit/acdkit/queue"
)

// A queue goes to the server with its highest score, of those that are enabled and
// have room.
func TestB122_TheHighestScoreOfThoseWithRoom(t *testing.T) {
	t.Parallel()
	var s servers
	for i := range 7 {
		s.put(ServerView{ID: ServerID(fmt.Sprintf("s%d", i)), Enabled: i != 3}).held = i
	}
	chosen := map[ServerID]int{}
	for i := range 200 {
		q := queue.ID(fmt.Sprintf("q%d", i))
		got := s.best(q, 5)
		if got == nil || !got.view.Enabled || got.held >= 5 {
			t.Fatalf("%s: %+v", q, got)
		}
		for _, other := range []ServerID{"s0", "s1", "s2", "s4"} {
			if score(other, q) > score(got.view.ID, q) {
				t.Errorf("%s: %s, though %s has the higher score", q, got.view.ID, other)
			}
		}
		chosen[got.view.ID]++
	}
	if len(chosen) != 4 {
		t.Errorf("chosen: %v", chosen)
	}
	if got := s.best("q", 0); got != nil {
		t.Errorf("nobody has room, but %s", got.view.ID)
	}
}
