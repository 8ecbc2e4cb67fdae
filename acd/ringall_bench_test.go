package acd_test

import (
	"testing"

	"github.com/acdkit/acdkit/queue"
)

// BenchmarkRingAll is a whole call that rings so many agents at once: each phone
// alerts, one answers, and the others lose the race. An event less than 13 a call
// is one of the five of each phone.
//
//	go test ./acd -run '^$' -bench 'BenchmarkRingAll$'
func BenchmarkRingAll(b *testing.B) {
	benchmarkScenes(b, "agents", []int{10, 100, 1_000}, func(n int) scene {
		return scene{agents: n, calls: 1, change: func(c *queue.Config) { c.PollingStrategy = "RING_SIMULTANEOUSLY" }}
	})
}
