package strategy

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func benchmark(b *testing.B, f func(b *testing.B, n int)) {
	for _, n := range []int{10, 100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("agents=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			f(b, n)
		})
	}
}

// full returns a lineup of n members whose ranks are in another order than their
// slots.
func full(n int) *Lineup {
	var l Lineup
	for rank, slot := range rand.New(rand.NewPCG(1, 1)).Perm(n) {
		l.Put(slot, 1, slot, Rank{int64(rank)})
	}
	return &l
}

// The first is rung and comes back last: CYCLIC_HUNT, LEAST_WORKED_HUNT.
func BenchmarkLineupCycle(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		l := full(n)
		now := int64(n)
		for b.Loop() {
			slot := -1
			for slot = range l.All() {
				break
			}
			l.Remove(slot)
			now++
			l.Put(slot, 1, slot, Rank{now})
		}
	})
}

// The first is rung and comes back at a place of his own: PRIORITIZED_HUNT with
// few agents free.
func BenchmarkLineupPlaces(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		var l Lineup
		for slot := range n {
			l.Put(slot, 1, slot, Rank{})
		}
		r := rand.New(rand.NewPCG(1, 1))
		for b.Loop() {
			slot := r.IntN(n)
			l.Remove(slot)
			l.Put(slot, 1, slot, Rank{})
		}
	})
}

// Somebody goes, somebody comes, at random ranks.
func BenchmarkLineupChange(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		l := full(n)
		r := rand.New(rand.NewPCG(1, 1))
		for b.Loop() {
			slot := r.IntN(n)
			l.Remove(slot)
			l.Put(slot, 1, slot, Rank{r.Int64N(int64(n))})
		}
	})
}

func BenchmarkLineupFirst(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		l := full(n)
		for b.Loop() {
			for range l.All() {
				break
			}
		}
	})
}

// Five were tried already, the sixth is rung.
func BenchmarkLineupSixth(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		l := full(n)
		for b.Loop() {
			met := 0
			for range l.All() {
				if met++; met == 6 {
					break
				}
			}
		}
	})
}

// Who is there already stays where he is.
func BenchmarkLineupPutAgain(b *testing.B) {
	benchmark(b, func(b *testing.B, n int) {
		l := full(n)
		slot := 0
		for b.Loop() {
			l.Put(slot, 1, slot, l.Rank(slot))
			if slot++; slot == n {
				slot = 0
			}
		}
	})
}

func BenchmarkRandomRank(b *testing.B) {
	c := Candidate{Turn: 1 << 30}
	for b.Loop() {
		c.Draw += 0x9e3779b97f4a7c15
		Random.Rank(c)
	}
}
