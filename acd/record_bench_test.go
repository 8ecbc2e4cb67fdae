package acd_test

import (
	"iter"
	"testing"

	"github.com/acdkit/acdkit/acd"
)

// The whole state of a big centre, out and in again: 1,000 queues, 10,000 agents
// in five of them each, all on a call, and 100,000 calls that wait.
//
//	go test ./acd -run '^$' -bench 'BenchmarkRecords$|BenchmarkRestore$'

// bigCentre returns it.
func bigCentre(tb testing.TB) *acd.Engine {
	tb.Helper()
	s := scene{agents: 10_000, queues: 1_000, each: 5, waiting: 100_000}
	m := newEngineMachine(tb, s)
	newFlow(m, s)
	return m.engine
}

// BenchmarkRecords makes all records of it.
func BenchmarkRecords(b *testing.B) {
	e := bigCentre(b)
	records, bytes := 0, 0
	m := newMeter(b, nil)
	for m.loop() {
		records, bytes = 0, 0
		for r := range e.Records() {
			records++
			bytes += len(r.Key) + len(r.Value)
		}
	}
	m.stop()
	b.SetBytes(int64(bytes))
	b.ReportMetric(float64(records), "records")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(records), "ns/record")
}

// BenchmarkRestore makes an engine out of them.
func BenchmarkRestore(b *testing.B) {
	var records []acd.Record
	bytes := 0
	for r := range bigCentre(b).Records() {
		records = append(records, r)
		bytes += len(r.Key) + len(r.Value)
	}
	m := newMeter(b, nil)
	for m.loop() {
		e, err := acd.NewEngine(acd.EngineOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Restore(each(records)); err != nil {
			b.Fatal(err)
		}
	}
	m.stop()
	b.SetBytes(int64(bytes))
	b.ReportMetric(float64(len(records)), "records")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(records)), "ns/record")
}

func each(records []acd.Record) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}
