package acd_test

import (
	"fmt"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// BenchmarkStatus is one change of the status of an agent in all of his queues, by
// turns to NOT_READY and to READY; 1,000 agents are in each queue.
//
//	go test ./acd -run '^$' -bench 'BenchmarkStatus$'
func BenchmarkStatus(b *testing.B) {
	for _, queues := range []int{1, 5, 50} {
		b.Run(fmt.Sprintf("queues=%d", queues), func(b *testing.B) {
			m := newEngineMachine(b, scene{agents: 1_000, queues: queues, each: queues})
			meter, told, n := newMeter(b, nil), 0, 0
			for meter.loop() {
				in := acd.SetStatus{Agent: agentID(n / 2 % 1_000), Status: agent.NotReady}
				if n%2 == 1 {
					in.Status = agent.Ready
				}
				n++
				m.step(begin, in)
				told += len(m.take())
			}
			meter.stop()
			b.ReportMetric(float64(told)/float64(b.N), "events/op")
		})
	}
}
