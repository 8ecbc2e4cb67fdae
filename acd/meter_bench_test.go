package acd_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// meter measures the iterations of a benchmark. Beside the time it reports
// cpu-ns/op, what the process spent on an iteration on whichever processor, the
// garbage collector included: it changes less with what else the machine does.
//
// With a floor it reports ×floor, the ratio of that to what a call costs there.
// The two take turns, so that whatever happens on the machine happens to both.
type meter struct {
	b     *testing.B
	began time.Duration
	spent time.Duration

	floor      *flow // nil: none
	left       int   // calls until it is the other's turn
	rng        *rand.Rand
	floorCalls int
	floorSpent time.Duration
}

// turn is how many calls one side has in the mean before it is the other's turn. They
// are drawn: of equal ones always the same might meet the garbage collector, which
// comes after so many calls, and pay for both.
const turn = 1024

func newMeter(b *testing.B, floor *flow) *meter {
	b.ReportAllocs()
	return &meter{b: b, floor: floor, left: turn, rng: rand.New(rand.NewPCG(3, 4)), began: cpuTime()}
}

// loop is [testing.B.Loop].
func (m *meter) loop() bool {
	if m.left--; m.left == 0 && m.floor != nil {
		m.yield()
		m.left = 1 + m.rng.IntN(2*turn)
	}
	return m.b.Loop()
}

// yield lets the floor have its turn. The timer of the benchmark costs something
// itself, which neither side is charged with.
func (m *meter) yield() {
	m.spent += cpuTime() - m.began
	m.b.StopTimer()
	began := cpuTime()
	n := 1 + m.rng.IntN(2*turn)
	for range n {
		m.floor.call()
	}
	m.floorCalls += n
	m.floorSpent += cpuTime() - began
	m.b.StartTimer()
	m.began = cpuTime()
}

// stop reports, after the loop.
func (m *meter) stop() {
	m.spent += cpuTime() - m.began
	each := float64(m.spent) / float64(m.b.N)
	m.b.ReportMetric(each, "cpu-ns/op")
	if m.floorCalls > 0 {
		m.b.ReportMetric(each*float64(m.floorCalls)/float64(m.floorSpent), "×floor")
	}
}
