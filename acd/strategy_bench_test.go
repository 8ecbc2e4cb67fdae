package acd_test

import (
	"testing"

	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// BenchmarkStrategy is a whole call under each of the seven strategies, with 1,000
// agents of five levels:
//
//	go test ./acd -run '^$' -bench 'BenchmarkStrategy$'
func BenchmarkStrategy(b *testing.B) {
	var names []string
	for _, s := range strategy.Seven() {
		names = append(names, s.Name)
	}
	benchmarkScenes(b, "strategy", names, func(name string) scene {
		return scene{agents: 1_000, change: func(c *queue.Config) { c.PollingStrategy = name }}
	})
}
