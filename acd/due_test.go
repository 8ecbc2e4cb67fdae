package acd

import (
	"testing"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
)

// What is due on most calls is found without a look at what few have, and is the same
// (B32, B100).
func TestB100_WhatIsDueOnMostCalls(t *testing.T) {
	t.Parallel()
	times := []agent.Instant{0, 1, 2, 3, 4}
	seen := make(map[class]int)
	for _, s := range []stage{waiting, talking} {
		for _, limit := range times {
			for _, again := range times {
				for _, sla := range times {
					for _, end := range times {
						if s == waiting && end != 0 {
							continue // neither connects nor talks
						}
						few := &rare{}
						if s == talking {
							few = &rare{mine: true, promise: &callback.Request{Expires: 1, Due: 1}} // that was kept
						}
						c := &call{rare: few, stage: s, limit: limit, again: again, sla: sla, end: end}
						at, k := c.due()
						wantAt, want := c.nearest()
						if at != wantAt || at != 0 && k != want {
							t.Errorf("stage %d, limit %d, again %d, sla %d, end %d: due at %d, class %d; in all at %d, class %d",
								s, limit, again, sla, end, at, k, wantAt, want)
						}
						if at != 0 {
							seen[k]++
						}
					}
				}
			}
		}
	}
	if len(seen) != 4 {
		t.Errorf("only %v were due", seen)
	}
}
