package strategy

import (
	"iter"
	"math/bits"
	"slices"
)

// maxLevel is the highest skill level. Level 0 is that of all members where a
// strategy does not go by levels.
const maxLevel = 100

// Lineup keeps the available members of one queue in the order in which they
// are rung: by group of skill level, then rank, then configured place. A member
// is a slot, a small number from 0 that the owner gives him. The zero Lineup is
// empty and ready for use. It is not safe for concurrent use, not even for
// walks alone.
//
// The owner may be lazy: a member who became busy can stay until a walk meets
// him; on becoming available again he moves only if his rank differs.
type Lineup struct {
	descending bool // from the highest level down

	seats  []seat // by slot
	groups []group
	known  levels // those with a group
	filled levels // those whose group has anybody
	size   int

	// Walks hold indices into the heaps. So while one is on, who is removed is
	// only marked, and taken out when the last walk ends; and a change of the
	// heaps by Put makes walks look anew for where they were.
	walks   int
	gone    []int32
	version int

	compared int // comparisons so far, at most: tests look at them
}

// seat is what the lineup knows of a slot.
type seat struct {
	at    int32 // index in the heap of his level + 1; 0: not there
	level uint8
	gone  bool // removed during a walk
}

// group is the members of one level: an indexed heap of four branches.
type group struct {
	heap []standing
}

// standing is a member in his group, with what orders him.
type standing struct {
	rank  Rank
	place int32
	slot  int32
}

// Put places a slot, or moves it: by level (0..100; the nearest if beyond),
// then rank, then place. If it stands there already nothing happens. O(log n),
// and O(1) for who comes last in his group. A negative slot is ignored.
func (l *Lineup) Put(slot, level, place int, r Rank) {
	if slot < 0 {
		return
	}
	s := standing{rank: r, place: int32(place), slot: int32(slot)}
	level = min(max(level, 0), maxLevel)
	if slot >= len(l.seats) {
		l.seats = append(l.seats, make([]seat, slot+1-len(l.seats))...)
	}
	g := l.group(level)
	if seat := &l.seats[slot]; seat.at > 0 {
		at := int(seat.at) - 1
		if seat.gone {
			seat.gone = false
			l.size++
		}
		if int(seat.level) == level {
			if g.heap[at] != s {
				l.version++
				l.settle(g, at, s)
			}
			return
		}
		l.size--
		l.take(slot)
	}
	l.version++
	l.size++
	l.seats[slot].level = uint8(level)
	g.heap = append(g.heap, s)
	l.filled.set(level)
	l.up(g, len(g.heap)-1, s)
}

// Remove takes a slot out; if it is not there nothing happens. O(log n).
func (l *Lineup) Remove(slot int) {
	if !l.Has(slot) {
		return
	}
	l.size--
	if l.walks > 0 {
		l.seats[slot].gone = true
		l.gone = append(l.gone, int32(slot))
		return
	}
	l.take(slot)
}

// take takes a slot out of its heap.
func (l *Lineup) take(slot int) {
	l.version++
	at, level := int(l.seats[slot].at)-1, int(l.seats[slot].level)
	l.seats[slot] = seat{}
	g := l.group(level)
	last := len(g.heap) - 1
	moved := g.heap[last]
	g.heap = g.heap[:last]
	switch {
	case last == 0:
		l.filled.clear(level)
	case at < last:
		l.settle(g, at, moved)
	}
}

// settle puts s where it belongs, starting at a place of the heap.
func (l *Lineup) settle(g *group, at int, s standing) {
	if !l.up(g, at, s) {
		l.down(g, at, s)
	}
}

// Has reports whether a slot is there.
func (l *Lineup) Has(slot int) bool {
	return slot >= 0 && slot < len(l.seats) && l.seats[slot].at > 0 && !l.seats[slot].gone
}

// Rank returns the rank with which a slot was put, the zero Rank if it is not
// there.
func (l *Lineup) Rank(slot int) Rank {
	if !l.Has(slot) {
		return Rank{}
	}
	s := l.seats[slot]
	return l.group(int(s.level)).heap[s.at-1].rank
}

// Len returns how many slots are there.
func (l *Lineup) Len() int { return l.size }

// Reset empties the lineup and says at which end the walks begin: the lowest
// level or, descending, the highest. Before the first Reset it is the lowest.
func (l *Lineup) Reset(descending bool) {
	l.descending = descending
	for i := range l.groups {
		l.groups[i].heap = l.groups[i].heap[:0]
	}
	clear(l.seats)
	l.filled, l.size, l.gone = levels{}, 0, l.gone[:0]
	l.version++
}

// All walks the slots and their levels in order. The k-th costs O(log k), and
// the first few no allocation. The body of the loop may call everything: who is
// removed is not met any more, who is put is met if he comes after the slot that
// the walk is at. A Remove costs the walk nothing; after a Put it passes once
// more by those it has met.
func (l *Lineup) All() iter.Seq2[int, int] {
	return func(yield func(slot, level int) bool) {
		if l.size == 0 {
			return
		}
		l.walks++
		defer l.leave()
		for level := l.best(); level >= 0; level = l.after(level) {
			if !l.walk(level, yield) {
				return
			}
		}
	}
}

// First returns the slot that All begins with, at no cost; -1 if there is none, or a
// walk is on.
func (l *Lineup) First() int {
	if l.size == 0 || l.walks > 0 {
		return -1
	}
	return int(l.group(l.best()).heap[0].slot)
}

// leave ends a walk.
func (l *Lineup) leave() {
	if l.walks--; l.walks > 0 {
		return
	}
	for _, slot := range l.gone {
		if l.seats[slot].gone {
			l.take(int(slot))
		}
	}
	l.gone = l.gone[:0]
}

// walk yields the slots of one level. It looks at no more of the heap than the
// frontier, which is the children of those it has passed and a heap itself.
// After a change it begins anew at the root and passes by who is not after the
// last it yielded.
func (l *Lineup) walk(level int, yield func(slot, level int) bool) bool {
	var (
		some     [32]int32 // enough for the first few
		frontier = some[:] // emptied when the walk begins
		heap     []standing
		last     standing
		met      bool // last is somebody
		anew     bool // the frontier may hold some not after last
		version  = l.version - 1
	)
	for {
		if version != l.version {
			anew = met
			version, heap, frontier = l.version, l.group(level).heap, frontier[:0]
			if len(heap) > 0 {
				frontier = append(frontier, 0)
			}
		}
		if len(frontier) == 0 {
			return true
		}
		s := &heap[frontier[0]]
		if !l.seats[s.slot].gone && (!anew || last.before(s)) {
			last, met = *s, true
			if !yield(int(s.slot), level) {
				return false
			}
		}
		if version == l.version {
			frontier = l.advance(heap, frontier)
		}
	}
}

// advance puts the children of the first of the frontier in its stead.
func (l *Lineup) advance(heap []standing, f []int32) []int32 {
	first := int(f[0])
	end := len(f) - 1
	moved := f[end]
	f = f[:end]
	if end > 0 {
		at := 0
		for child := 1; child < end; child = 2*at + 1 {
			if l.compared += 2; child+1 < end && heap[f[child+1]].before(&heap[f[child]]) {
				child++
			}
			if !heap[f[child]].before(&heap[moved]) {
				break
			}
			f[at], at = f[child], child
		}
		f[at] = moved
	}
	for child := first*arity + 1; child <= first*arity+arity && child < len(heap); child++ {
		f = append(f, int32(child))
		at := len(f) - 1
		for ; at > 0; at = (at - 1) / 2 {
			parent := f[(at-1)/2]
			if l.compared++; !heap[child].before(&heap[parent]) {
				break
			}
			f[at] = parent
		}
		f[at] = int32(child)
	}
	return f
}

// arity is how many children each place of a heap has.
const arity = 4

// before orders the members of a group. No two are equal.
func (s *standing) before(other *standing) bool {
	if s.rank[0] != other.rank[0] {
		return s.rank[0] < other.rank[0]
	}
	return s.tiedBefore(other)
}

// tiedBefore is the rest of before, apart so that the compiler inlines that.
//
//go:noinline
func (s *standing) tiedBefore(other *standing) bool {
	switch {
	case s.rank != other.rank:
		return s.rank.Less(other.rank)
	case s.place != other.place:
		return s.place < other.place
	default:
		return s.slot < other.slot
	}
}

// up puts s at a place of the heap or above it, and reports whether above.
func (l *Lineup) up(g *group, at int, s standing) bool {
	start := at
	for at > 0 {
		parent := (at - 1) / arity
		if l.compared++; !s.before(&g.heap[parent]) {
			break
		}
		l.seat(g, at, g.heap[parent])
		at = parent
	}
	l.seat(g, at, s)
	return at < start
}

// down puts s at a place of the heap or below it. Most often s was among the
// last: it is cheaper to go all the way down without it, and up again.
func (l *Lineup) down(g *group, at int, s standing) {
	for {
		first := at*arity + 1
		if first >= len(g.heap) {
			break
		}
		best := first
		for child := first + 1; child < min(first+arity, len(g.heap)); child++ {
			if g.heap[child].before(&g.heap[best]) {
				best = child
			}
		}
		l.compared += arity - 1
		l.seat(g, at, g.heap[best])
		at = best
	}
	l.up(g, at, s)
}

func (l *Lineup) seat(g *group, at int, s standing) {
	g.heap[at] = s
	l.seats[s.slot].at = int32(at) + 1
}

// best returns the first level that has anybody, -1 if none has.
func (l *Lineup) best() int {
	if l.descending {
		return l.filled.last(maxLevel)
	}
	return l.filled.first(0)
}

// after returns the level that follows, -1 if none does.
func (l *Lineup) after(level int) int {
	if l.descending {
		return l.filled.last(level - 1)
	}
	return l.filled.first(level + 1)
}

// group returns the group of a level, a new one if need be. It is valid until
// the next new one.
func (l *Lineup) group(level int) *group {
	if len(l.groups) == 1 && l.known.has(level) {
		return &l.groups[0]
	}
	i := l.known.below(level)
	if !l.known.has(level) {
		l.known.set(level)
		l.groups = slices.Insert(l.groups, i, group{})
	}
	return &l.groups[i]
}

// levels is a set of skill levels.
type levels [2]uint64

func (s *levels) set(level int)      { s[level>>6] |= 1 << (level & 63) }
func (s *levels) clear(level int)    { s[level>>6] &^= 1 << (level & 63) }
func (s *levels) has(level int) bool { return s[level>>6]>>(level&63)&1 != 0 }

// below counts the levels of the set that are lower.
func (s *levels) below(level int) int {
	n := bits.OnesCount64(s[level>>6] & (1<<(level&63) - 1))
	if level >= 64 {
		n += bits.OnesCount64(s[0])
	}
	return n
}

// first returns the lowest level of the set from level up, -1 if there is none.
func (s *levels) first(level int) int {
	for ; level < 128; level = (level | 63) + 1 {
		if word := s[level>>6] >> (level & 63); word != 0 {
			return level + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// last returns the highest level of the set from level down, -1 if there is
// none.
func (s *levels) last(level int) int {
	for ; level >= 0; level = level&^63 - 1 {
		if word := s[level>>6] << (63 - level&63); word != 0 {
			return level - bits.LeadingZeros64(word)
		}
	}
	return -1
}
