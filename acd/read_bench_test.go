package acd_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// Reads of a long line:
//
//	go test ./acd -run '^$' -bench 'BenchmarkPosition$|BenchmarkPage$'
//
// What the position alone costs, from a handle instead of an id, is measured where
// the line is:
//
//	go test ./queue -run '^$' -bench 'LinePosition'

// benchmarkLine gives f an engine in which so many callers wait.
func benchmarkLine(b *testing.B, f func(b *testing.B, e *acd.Engine, waiting int)) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("waiting=%d", n), func(b *testing.B) {
			m := newEngineMachine(b, scene{change: func(c *queue.Config) { c.WaitWhenNoAgentsOnline = true }})
			for i := range n {
				m.step(begin, acd.Join{Call: callID(i), Queue: queueID(0)})
				m.take()
			}
			f(b, m.engine, n)
		})
	}
}

// BenchmarkPosition is a look at a call that waits, its position included, by an
// id drawn by lot.
func BenchmarkPosition(b *testing.B) {
	benchmarkLine(b, func(b *testing.B, e *acd.Engine, waiting int) {
		rng := rand.New(rand.NewPCG(3, 4))
		ids := make([]queue.CallID, 1<<16)
		for i := range ids {
			ids[i] = callID(rng.IntN(waiting))
		}
		m, i, sum := newMeter(b, nil), 0, 0
		for m.loop() {
			v, err := e.Call(ids[i%len(ids)])
			if err != nil {
				b.Fatal(err)
			}
			sum += v.Position
			i++
		}
		m.stop()
		if sum < i {
			b.Fatal("somebody has no position")
		}
	})
}

// BenchmarkPage is a page of 100 calls out of the middle of the line.
func BenchmarkPage(b *testing.B) {
	benchmarkLine(b, func(b *testing.B, e *acd.Engine, waiting int) {
		m := newMeter(b, nil)
		for m.loop() {
			page, err := e.Waiting(queueID(0), waiting/2, acd.MaxPage)
			if err != nil || len(page) != acd.MaxPage || page[0].Position != waiting/2+1 {
				b.Fatal(len(page), err)
			}
		}
		m.stop()
	})
}
