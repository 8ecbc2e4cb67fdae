package queue

import "math"

// Entries that took the place of another have the same time and order as it and
// stand apart by their sub labels. These are odd, so that none is ever that of a
// natural place, which is 0.
const (
	lowest  = math.MinInt64 / 2
	highest = math.MaxInt64 / 2
	gap     = 1 << 32 // between neighbours, as long as there is room
	breadth = 8       // between neighbours that get new labels, at least
)

// InsertAt puts an entry at a position it asked for, 1-based, or as near to it as
// the entries of other VIP standing or priority allow (B52). It takes the place
// of the entry of its own class that stands behind it; with none behind it keeps
// its natural place, unless that is before the last of its class: then it comes
// right after that one.
//
// Where the labels between two entries have run out, some entries get new ones:
// their order stays, but their places are others, to be stored again. They are
// returned.
func (l *Line) InsertAt(e *Entry, position int) (moved []*Entry) {
	if b := e.block; b != nil {
		b.line.Remove(e)
	}
	e.asked = nil
	first, end := l.bounds(e)
	position = min(max(position, first), end)
	var ahead, behind *Entry
	if position > first {
		ahead = l.At(position - 1)
	}
	if position < end {
		behind = l.At(position)
	}
	if behind != nil || ahead != nil && e.natural().less(ahead.Place()) {
		p, ok := between(ahead, behind)
		if !ok {
			if behind != nil {
				moved = l.spread(behind)
			} else {
				moved = l.spread(ahead)
			}
			p, _ = between(ahead, behind)
		}
		e.asked = &p
	}
	l.insert(e, 0)
	return moved
}

// bounds returns the position of the first entry of e's class, and that behind
// its last one.
func (l *Line) bounds(e *Entry) (first, end int) {
	c := e.class()
	return l.before(key{class: c, place: earliest}) + 1, l.before(key{class: c + 1, place: earliest}) + 1
}

// earliest is before every place.
var earliest = Place{Effective: math.MinInt64, Sub: math.MinInt64}

// before returns how many entries come before k, which no entry has.
func (l *Line) before(k key) int {
	if l.size == 0 {
		return 0
	}
	b, slot := l.find(&k)
	return l.rank(b, slot)
}

// between returns a place of behind's time and order, or of ahead's if behind is
// nil, between the two. It reports false if there is no label left.
func between(ahead, behind *Entry) (Place, bool) {
	var p Place
	low, high := int64(lowest), int64(highest)
	if behind != nil {
		p = behind.Place()
		high = p.Sub
		if ahead != nil && tied(ahead, behind) {
			low = ahead.Place().Sub
		} else {
			low = max(low, high-2*gap)
		}
	} else {
		p = ahead.Place()
		low = p.Sub
		high = min(high, low+2*gap)
	}
	p.Sub = (low + (high-low)/2) | 1
	return p, low < p.Sub && p.Sub < high
}

// tied reports whether two entries of a class are told apart by their sub labels.
func tied(a, b *Entry) bool {
	p, q := a.Place(), b.Place()
	return p.Effective == q.Effective && p.Order == q.Order
}

// dilution is how much thinner labels may be used in a range of labels than in
// either half of it. That makes every spread pay for itself: the entries it moves
// are followed by as many inserts, but for a logarithmic factor, before the range
// is spread again.
const dilution = 1.5

// spread gives the entries about e that are tied with it new labels, evenly over
// the smallest range of labels, aligned about e's, that is used thinly enough.
func (l *Line) spread(e *Entry) []*Entry {
	place := e.Place()
	label := uint64(place.Sub - lowest)
	first, n := e, 1
	back, on := l.beside(e, -1), l.beside(e, 1)
	capacity := 1.0
	for width := uint64(2); ; width *= 2 {
		capacity *= 2 / dilution
		low := label &^ (width - 1)
		for back != nil && tied(back, e) && uint64(back.Place().Sub-lowest) >= low {
			first, back = back, l.beside(back, -1)
			n++
		}
		for on != nil && tied(on, e) && uint64(on.Place().Sub-lowest)-low < width {
			on = l.beside(on, 1)
			n++
		}
		step := width / uint64(n+1)
		if width < 1<<63 && (step < breadth || float64(n+1) > capacity) {
			continue
		}
		return l.relabel(first, n, int64(low)+lowest, int64(step))
	}
}

// relabel gives n entries, from first on, labels that are step apart.
func (l *Line) relabel(first *Entry, n int, label, step int64) []*Entry {
	moved := make([]*Entry, 0, n)
	for e := range l.From(l.Position(first)) {
		if moved = append(moved, e); len(moved) == n {
			break
		}
	}
	// The keys that separate the blocks must hold for the new places: out and in.
	wants := make([]uint8, n)
	for i, e := range moved {
		wants[i] = l.Want(e)
		l.Remove(e)
	}
	for i, e := range moved {
		p := e.Place()
		label += step
		p.Sub = label | 1
		e.asked = &p
		l.insert(e, wants[i])
	}
	return moved
}

// beside returns the entry that stands by places behind e, nil if there is none.
func (l *Line) beside(e *Entry, by int) *Entry { return l.At(l.Position(e) + by) }
