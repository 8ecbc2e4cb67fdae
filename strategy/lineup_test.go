package strategy

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// check verifies the heaps and what is counted of them.
func (l *Lineup) check() error {
	there := 0
	for level := range maxLevel + 1 {
		if !l.known.has(level) {
			if l.filled.has(level) {
				return fmt.Errorf("level %d filled without a group", level)
			}
			continue
		}
		heap := l.group(level).heap
		if l.filled.has(level) != (len(heap) > 0) {
			return fmt.Errorf("level %d of %d members", level, len(heap))
		}
		for i := range heap {
			seat := l.seats[heap[i].slot]
			if int(seat.at) != i+1 || int(seat.level) != level || seat.gone {
				return fmt.Errorf("slot %d sits at %+v, not %d", heap[i].slot, seat, i+1)
			}
			if i > 0 && heap[i].before(&heap[(i-1)/arity]) {
				return fmt.Errorf("level %d place %d before its parent", level, i)
			}
		}
		there += len(heap)
	}
	if there != l.size || l.walks != 0 || len(l.gone) != 0 {
		return fmt.Errorf("%d there, %d counted, %d walks, %d gone", there, l.size, l.walks, len(l.gone))
	}
	return nil
}

// member is a slot as the tests know it.
type member struct {
	slot, level, place int
	rank               Rank
}

// ordered returns the members in the order in which a lineup has them.
func ordered(members map[int]member, descending bool) []member {
	var all []member
	for _, m := range members {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b member) int {
		level := cmp.Compare(a.level, b.level)
		if descending {
			level = -level
		}
		return cmp.Or(level, cmp.Compare(a.rank[0], b.rank[0]), cmp.Compare(a.rank[1], b.rank[1]), cmp.Compare(a.place, b.place))
	})
	return all
}

func slotsOf(members []member) []int {
	var slots []int
	for _, m := range members {
		slots = append(slots, m.slot)
	}
	return slots
}

func walked(l *Lineup) []int {
	var slots []int
	for slot := range l.All() {
		slots = append(slots, slot)
	}
	return slots
}

func TestB35_LineupIsASortedSlice(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			descending := seed%2 == 1
			var l Lineup
			l.Reset(descending)
			want := map[int]member{}
			for step := range 6_000 {
				slot := r.IntN(300)
				if r.IntN(5) < 2 {
					l.Remove(slot)
					delete(want, slot)
				} else {
					m := member{slot: slot, level: r.IntN(3) * 50, place: slot, rank: Rank{int64(r.IntN(20)), int64(r.IntN(3))}}
					if r.IntN(2) == 0 {
						m.level, m.rank = 1, Rank{int64(step)}
					}
					l.Put(m.slot, m.level, m.place, m.rank)
					want[slot] = m
				}
				if l.Len() != len(want) || l.Has(slot) != has(want, slot) || l.Rank(slot) != want[slot].rank {
					t.Fatalf("step %d: slot %d", step, slot)
				}
				if step%50 != 0 {
					continue
				}
				if err := l.check(); err != nil {
					t.Fatal(err)
				}
				all := ordered(want, descending)
				if got := walked(&l); !slices.Equal(got, slotsOf(all)) {
					t.Fatalf("step %d: %v, not %v", step, got, slotsOf(all))
				}
				for range l.All() { // a walk that ends early
					break
				}
			}
		})
	}
}

func TestB35_EqualRanksInConfiguredOrder(t *testing.T) {
	t.Parallel()
	var l Lineup
	for _, slot := range rand.New(rand.NewPCG(1, 1)).Perm(100) {
		l.Put(slot, 0, 99-slot, Rank{})
	}
	for slot := range l.All() {
		if want := 99 - (100 - l.Len()); slot != want {
			t.Fatalf("slot %d, not %d", slot, want)
		}
		l.Remove(slot)
	}
}

func TestB34_BestLevelFirst(t *testing.T) {
	t.Parallel()
	var l Lineup
	for _, descending := range []bool{false, true} {
		l.Reset(descending)
		levels := []int{1, 2, 63, 64, 65, 100}
		for slot, level := range levels {
			l.Put(slot, level, slot, Rank{int64(-slot)})
		}
		if descending {
			slices.Reverse(levels)
		}
		var got []int
		for _, level := range l.All() {
			got = append(got, level)
		}
		if !slices.Equal(got, levels) {
			t.Errorf("levels %v, not %v", got, levels)
		}
		// However far the next level is.
		for low := range maxLevel {
			high := maxLevel - low%37
			if low >= high {
				break
			}
			l.Reset(descending)
			l.Put(0, high, 0, Rank{})
			l.Put(1, low, 0, Rank{})
			if got, want := walked(&l), []int{1, 0}; slices.Equal(got, want) == descending {
				t.Errorf("of the levels %d and %d: %v, descending %t", low, high, got, descending)
			}
		}
	}
}

func TestB34_RemovedWhileWalked(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	for range 300 {
		var l Lineup
		want := map[int]member{}
		for slot := range 1 + r.IntN(80) {
			m := member{slot: slot, level: r.IntN(3), place: slot, rank: Rank{int64(r.IntN(30))}}
			l.Put(slot, m.level, m.place, m.rank)
			want[slot] = m
		}
		all := ordered(want, false)
		met := 0
		for slot, level := range l.All() {
			if all[met].slot != slot || all[met].level != level {
				t.Fatalf("slot %d is not the one at %d", slot, met)
			}
			met++
			for _, m := range []member{all[met-1], all[r.IntN(met)]} {
				if r.IntN(2) == 0 {
					l.Remove(m.slot)
					delete(want, m.slot)
				}
			}
			if l.Len() != len(want) || l.Has(slot) != has(want, slot) {
				t.Fatal("it counts who is gone")
			}
			if r.IntN(40) == 0 {
				break
			}
		}
		if err := l.check(); err != nil {
			t.Fatal(err)
		}
		if got := walked(&l); !slices.Equal(got, slotsOf(ordered(want, false))) {
			t.Fatalf("%v, not %v", got, slotsOf(ordered(want, false)))
		}
	}
}

func has(members map[int]member, slot int) bool {
	_, ok := members[slot]
	return ok
}

func TestB34_AnyChangeWhileWalked(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	for range 100 {
		var l Lineup
		want := map[int]member{}
		for slot := range 40 {
			m := member{slot: slot, level: 1 + r.IntN(3), place: slot, rank: Rank{int64(r.IntN(1000))}}
			l.Put(slot, m.level, m.place, m.rank)
			want[slot] = m
		}
		last := member{level: -1}
		for slot := range l.All() {
			// It is the first of those there who comes after the last one.
			all := ordered(want, false)
			i := slices.IndexFunc(all, func(m member) bool {
				return m.level > last.level || m.level == last.level && (last.rank.Less(m.rank) || last.rank == m.rank && last.place < m.place)
			})
			if i < 0 || all[i].slot != slot {
				t.Fatalf("slot %d is not next after %+v", slot, last)
			}
			last = all[i]
			for range r.IntN(4) {
				m := member{slot: r.IntN(50), level: 1 + r.IntN(4), rank: Rank{int64(r.IntN(1000))}}
				m.place = m.slot
				if r.IntN(2) == 0 {
					l.Remove(m.slot)
					delete(want, m.slot)
				}
				if r.IntN(3) == 0 {
					l.Put(m.slot, m.level, m.place, m.rank)
					want[m.slot] = m
				}
			}
			// A walk within a walk sees the same.
			if r.IntN(8) == 0 {
				if got := walked(&l); !slices.Equal(got, slotsOf(ordered(want, false))) {
					t.Fatalf("within: %v, not %v", got, slotsOf(ordered(want, false)))
				}
			}
		}
		if err := l.check(); err != nil {
			t.Fatal(err)
		}
		if got := walked(&l); !slices.Equal(got, slotsOf(ordered(want, false))) {
			t.Fatalf("%v, not %v", got, slotsOf(ordered(want, false)))
		}
	}
}

func TestB34_ResetWhileWalked(t *testing.T) {
	t.Parallel()
	var l Lineup
	for slot := range 10 {
		l.Put(slot, 1, slot, Rank{})
	}
	for slot := range l.All() {
		if slot == 3 {
			l.Remove(1)
			l.Reset(true)
			l.Put(5, 1, 5, Rank{})
		}
	}
	if err := l.check(); err != nil {
		t.Error(err)
	}
	if got := walked(&l); !slices.Equal(got, []int{5}) {
		t.Errorf("%v left", got)
	}
	// With nobody put afterwards the walk is over.
	for slot := range 5 {
		l.Put(slot, 1, slot, Rank{})
	}
	met := 0
	for range l.All() {
		met++
		l.Reset(false)
	}
	if met != 1 || l.Len() != 0 {
		t.Errorf("met %d after they were gone, %d left", met-1, l.Len())
	}
}

func TestB36_NoCeilingAndNoSurprises(t *testing.T) {
	t.Parallel()
	var l Lineup
	l.Put(-1, 1, 0, Rank{})
	l.Remove(-1)
	l.Remove(7)
	if l.Len() != 0 || l.Has(-1) || l.Has(7) || l.Rank(-1) != (Rank{}) {
		t.Error("slots that never were")
	}
	l.Put(0, -5, 0, Rank{math.MinInt64})
	l.Put(1, 1000, 0, Rank{math.MaxInt64})
	levels := maps.Collect(l.All())
	if want := map[int]int{0: 0, 1: maxLevel}; !maps.Equal(levels, want) {
		t.Errorf("levels %v, want %v", levels, want)
	}
	if got := walked(&l); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("%v", got)
	}
}

// The counter counts: who takes the place of the first is compared all the way
// down, with three others in each of two rows, and at the end upwards.
func TestLineup_CountsWhatItCompares(t *testing.T) {
	t.Parallel()
	var l Lineup
	for slot := range 1 + arity + arity*arity {
		l.Put(slot, 1, slot, Rank{})
	}
	before := l.compared
	l.Remove(0)
	if took := l.compared - before; took < 2*(arity-1)+1 {
		t.Errorf("compared %d times", took)
	}
}

// Counters, not clocks: what each operation compares at most.
func TestB35_ComparisonsGrowLikeTheLogarithm(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 100, 1_000, 10_000, 100_000} {
		depth := 1 // levels of a heap of n
		for size, row := 1, arity; size < n; size, row = size+row, row*arity {
			depth++
		}
		var l Lineup
		most := func(what string, limit int, f func()) {
			t.Helper()
			before := l.compared
			f()
			if took := l.compared - before; took > limit {
				t.Errorf("%d members: %s compared %d times, not %d", n, what, took, limit)
			}
		}
		r := rand.New(rand.NewPCG(uint64(n), 1))
		for slot := range n {
			most("put, best of all", depth, func() { l.Put(slot, 1, slot, Rank{int64(-slot)}) })
		}
		for slot := range n {
			most("put again", 0, func() { l.Put(slot, 1, slot, Rank{int64(-slot)}) })
		}
		most("first", 0, func() {
			for range l.All() {
				break
			}
		})
		for range 200 {
			slot := r.IntN(n)
			most("move to the end", (arity+1)*depth, func() { l.Put(slot, 1, slot, Rank{int64(n)}) })
			most("remove", (arity+1)*depth, func() { l.Remove(slot) })
			most("put last", 1, func() { l.Put(slot, 1, slot, Rank{int64(2 * n)}) })
			most("move to the front", (arity+1)*depth, func() { l.Put(slot, 1, slot, Rank{int64(-2 * n)}) })
		}
		// The first k, whatever there is behind them.
		for _, k := range []int{3, 30, 300} {
			k = min(k, n)
			log := 1
			for 1<<log < 3*k+2 {
				log++
			}
			most(fmt.Sprintf("first %d", k), (arity+2)*k*log, func() {
				met := 0
				for range l.All() {
					if met++; met == k {
						break
					}
				}
			})
		}
		// Everybody turns out to be busy.
		most("clear while walking", 2*(arity+1)*n*depth+2*arity*n*17, func() {
			for slot := range l.All() {
				l.Remove(slot)
			}
		})
		if l.Len() != 0 {
			t.Errorf("%d left", l.Len())
		}
	}
}

func TestB35_FirstFewCostNoAllocation(t *testing.T) {
	var l Lineup
	for slot := range 1000 {
		l.Put(slot, slot%7, slot, Rank{int64(slot * 7919 % 1000)})
	}
	allocs := testing.AllocsPerRun(100, func() {
		met := 0
		for _, level := range l.All() {
			if met++; met > 8 || level < 0 {
				break
			}
		}
		l.Remove(3)
		l.Put(3, 3, 3, Rank{3})
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
