package acd_test

import "testing"

// A whole call in larger centres:
//
//	go test ./acd -run '^$' -bench 'BenchmarkQueues$|BenchmarkMemberships$'

// BenchmarkQueues is a whole call with 10,000 agents in so many queues, each agent
// in five of them.
func BenchmarkQueues(b *testing.B) {
	benchmarkScenes(b, "queues", []int{1, 100, 5_000}, func(n int) scene {
		return scene{agents: 10_000, queues: n, each: min(n, 5)}
	})
}

// BenchmarkMemberships is a whole call with 1,000 agents and 50 queues, each agent
// in so many of them.
func BenchmarkMemberships(b *testing.B) {
	benchmarkScenes(b, "each", []int{1, 5, 50}, func(n int) scene {
		return scene{agents: 1_000, queues: 50, each: n}
	})
}
