package queue

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

var waiting = []int{1_000, 100_000, 1_000_000}

// waitingLine returns a line of n entries that joined one after the other, and
// the entries in another order.
func waitingLine(n int) (*Line, []*Entry) {
	var line Line
	entries := make([]*Entry, n)
	for i := range entries {
		entries[i] = &Entry{Seq: uint64(i + 1), Effective: agent.Instant(i + 1)}
		line.Insert(entries[i])
	}
	shuffle(entries)
	return &line, entries
}

func shuffle(entries []*Entry) {
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
}

func benchmark(b *testing.B, f func(b *testing.B, n int)) {
	for _, n := range waiting {
		b.Run(fmt.Sprintf("waiting=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			f(b, n)
		})
	}
}

// The position of any caller, from his handle.
func BenchmarkLinePosition(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, entries := waitingLine(n)
		i, sum := 0, 0
		for b.Loop() {
			sum += line.Position(entries[i])
			if i++; i == n {
				i = 0
			}
		}
		if sum == 0 {
			b.Fatal("no position")
		}
	})
}

// The same in a line that took shape by inserts at random places.
func BenchmarkLinePositionUnordered(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		_, entries := waitingLine(n)
		var line Line
		for _, e := range entries {
			line.Insert(e)
		}
		shuffle(entries)
		i := 0
		for b.Loop() {
			line.Position(entries[i])
			if i++; i == n {
				i = 0
			}
		}
	})
}

// The head leaves and joins again at the end.
func BenchmarkLineJoinAndLeave(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, _ := waitingLine(n)
		seq := uint64(n)
		for b.Loop() {
			e := line.First()
			line.Remove(e)
			seq++
			e.Seq, e.Effective = seq, agent.Instant(seq)
			line.Insert(e)
		}
	})
}

// Anybody hangs up, and joins again at the end.
func BenchmarkLineAbandon(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, entries := waitingLine(n)
		seq, i := uint64(n), 0
		for b.Loop() {
			e := entries[i]
			line.Remove(e)
			seq++
			e.Seq, e.Effective = seq, agent.Instant(seq)
			line.Insert(e)
			if i++; i == n {
				i = 0
			}
		}
	})
}

// Anybody moves to any other place.
func BenchmarkLineMove(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, entries := waitingLine(n)
		r := rand.New(rand.NewPCG(2, 2))
		i := 0
		for b.Loop() {
			e := entries[i]
			line.Remove(e)
			e.Effective = agent.Instant(r.IntN(n))
			line.Insert(e)
			if i++; i == n {
				i = 0
			}
		}
	})
}

// A call of higher priority joins behind its like, and the first of all leaves.
func BenchmarkLineUrgent(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, _ := waitingLine(n)
		urgent := make([]Entry, 1000)
		seq := uint64(n)
		for i := range urgent {
			seq++
			urgent[i] = Entry{Priority: 50, Seq: seq, Effective: agent.Instant(seq)}
			line.Insert(&urgent[i])
		}
		for b.Loop() {
			e := line.First()
			line.Remove(e)
			seq++
			e.Seq, e.Effective = seq, agent.Instant(seq)
			line.Insert(e)
		}
	})
}

// The first who wants somebody is far behind many who want nobody; he is served
// and wants nobody, and another wants somebody.
func BenchmarkLineNextWanting(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, entries := waitingLine(n)
		i := 0
		for ; i < n/100; i++ {
			line.SetWant(entries[i], 255)
		}
		for b.Loop() {
			line.SetWant(line.NextWanting(nil, 255), 0)
			line.SetWant(entries[i], 255)
			if i++; i == n {
				i = 0
			}
		}
	})
}

// Every entry wants somebody; the first of them is rung.
func BenchmarkLineAllWanting(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		line, entries := waitingLine(n)
		for _, e := range entries {
			line.SetWant(e, 255)
		}
		for b.Loop() {
			e := line.NextWanting(nil, 255)
			line.SetWant(e, 0)
			line.SetWant(e, 255)
		}
	})
}

// What a line needs beside its entries, and in them.
func BenchmarkLineMemory(b *testing.B) {
	const n = 200_000
	entries := make([]Entry, n)
	for i := range entries {
		entries[i].Seq, entries[i].Effective = uint64(i), agent.Instant(i)
	}
	measure := func(order []int) func(b *testing.B) {
		return func(b *testing.B) {
			var used uint64
			for b.Loop() {
				var line Line
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				for _, i := range order {
					line.Insert(&entries[i])
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				used = after.HeapAlloc - before.HeapAlloc
				for i := range entries {
					entries[i].block, entries[i].asked = nil, nil
				}
				runtime.KeepAlive(&line)
			}
			b.ReportMetric(float64(used)/n, "B/entry")
		}
	}
	inOrder := make([]int, n)
	for i := range inOrder {
		inOrder[i] = i
	}
	b.Run("joined in order", measure(inOrder))
	b.Run("joined at random", measure(rand.New(rand.NewPCG(1, 1)).Perm(n)))
}
