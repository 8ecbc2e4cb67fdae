package replay

import (
	"testing"
)

// BenchmarkPlay measures one play of a log, per call.
func BenchmarkPlay(b *testing.B) {
	const calls = 5000
	p, err := NewPlan(randomLog(calls, 55), Assumptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Play(Rules{Strategy: "CYCLIC_HUNT"}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/calls, "ns/call")
}
