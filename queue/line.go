package queue

import (
	"iter"
	"math/bits"

	"github.com/acdkit/acdkit/agent"
)

// Line is the waiting entries of one queue in order: VIP first, then higher
// priority, then place (B50). Whatever its length, a position is found and an
// entry put in or taken out in logarithmic time (B53). The zero Line is empty
// and ready for use; it must not be copied after that. It is not safe for
// concurrent use.
//
// An entry is in one line at most. VIP, Priority, Effective and Seq must not
// change while it is in one, except through [Line.Change].
type Line struct {
	root    *node  // nil: one block at most
	last    *block // nil: nobody waits
	spare   *block
	size    int
	wanting int

	steps int // elementary steps of changes so far: tests count them
}

// Place orders the entries of one class, which is VIP standing and priority.
// Places are compared field by field. An entry's natural place is its effective
// join time and its join sequence; one that asked for a position has another
// (B52).
type Place struct {
	Effective agent.Instant
	Order     uint64
	// Sub tells entries apart that took the place of another; 0 is the one they
	// took it of.
	Sub int64
}

// less reports whether p comes before other.
func (p Place) less(other Place) bool {
	switch {
	case p.Effective != other.Effective:
		return p.Effective < other.Effective
	case p.Order != other.Order:
		return p.Order < other.Order
	default:
		return p.Sub < other.Sub
	}
}

// key orders the entries of a line.
type key struct {
	class int
	place Place
}

func (k *key) less(other *key) bool {
	if k.class != other.class {
		return k.class < other.class
	}
	return k.place.less(other.place)
}

// maxPriority is the highest priority of an entry.
const maxPriority = 100

// class returns the entry's VIP standing and priority as one number: the lower
// comes first.
func (e *Entry) class() int {
	c := maxPriority - min(max(e.Priority, 0), maxPriority)
	if !e.VIP {
		c += maxPriority + 1
	}
	return c
}

func (e *Entry) key() key { return key{e.class(), e.Place()} }

// natural returns the place that an entry has by its age.
func (e *Entry) natural() Place { return Place{Effective: e.Effective, Order: e.Seq} }

// Place returns the entry's place, which is its last one if it is in no line any
// more. Its effective time is the one that counts between queues (B50).
func (e *Entry) Place() Place {
	if e.asked != nil {
		return *e.asked
	}
	return e.natural()
}

// SetPlace gives an entry that is in no line the place it had, for
// [Line.Restore].
func (e *Entry) SetPlace(p Place) {
	if e.block != nil {
		return
	}
	e.asked = nil
	if p != e.natural() {
		p.Sub = min(max(p.Sub, lowest), highest)
		e.asked = &p
	}
}

// Len returns how many entries wait.
func (l *Line) Len() int { return l.size }

// holds reports whether e is in this line.
func (l *Line) holds(e *Entry) bool { return e.block != nil && e.block.line == l }

// Insert puts an entry at its natural place. If it is in a line already, it
// leaves that first.
func (l *Line) Insert(e *Entry) {
	if b := e.block; b != nil {
		b.line.Remove(e)
	}
	e.asked = nil
	l.insert(e, 0)
}

// Restore puts an entry at the place given by SetPlace, or else its natural one.
func (l *Line) Restore(e *Entry) {
	if b := e.block; b != nil {
		b.line.Remove(e)
	}
	l.insert(e, 0)
}

// Change lets f change what orders an entry and puts it where it then belongs.
// A place asked for stays as long as VIP standing and priority do (B50). What
// it wants stays.
func (l *Line) Change(e *Entry, f func(*Entry)) {
	class, want, in := e.class(), l.Want(e), l.holds(e)
	l.Remove(e)
	f(e)
	if e.class() != class {
		e.asked = nil
	}
	if in {
		l.insert(e, want)
	}
}

// Remove takes an entry out; if it is not in this line nothing happens.
func (l *Line) Remove(e *Entry) {
	if !l.holds(e) {
		return
	}
	l.SetWant(e, 0)
	b := e.block
	b.clear(int(e.slot))
	b.rise(-1)
	l.size--
	e.block = nil
	l.thin(b)
}

// insert puts e, which is in no line, at its place.
func (l *Line) insert(e *Entry, want uint8) {
	k := e.key()
	if l.last == nil {
		l.last = l.fresh()
	}
	b, p := l.last, slots
	if l.size > 0 {
		b, p = l.find(&k)
	}
	if full := b.len() == slots; p == slots && b == l.last && b.used>>(slots-1) != 0 {
		// Who comes last has no slot behind those before him.
		if full || b.len() > slots-slots/4 {
			right := l.fresh()
			right.put(0, e, 0)
			l.insertBlock(b, right, 0)
			b = right
		} else {
			b.pack()
		}
	} else if full {
		right := l.split(b)
		if first := right.entries[0].key(); !k.less(&first) {
			b = right
		}
		p = b.search(&k)
	}
	if e.block == nil {
		b.put(b.room(p), e, 0)
	}
	b.rise(1)
	l.size++
	l.SetWant(e, want)
}

// find returns the block to which k belongs and the slot from which on entries
// come after it. The line is not empty.
func (l *Line) find(k *key) (*block, int) {
	l.steps++
	if latest := l.last.entries[bits.Len64(l.last.used)-1].key(); !k.less(&latest) {
		return l.last, slots
	}
	b := l.last
	for n := l.root; n != nil; {
		at := n.search(k)
		l.steps++
		b, n = n.blocks[at], n.nodes[at]
	}
	return b, b.search(k)
}

// Position returns the 1-based rank of e, 0 if it is not in this line (B53).
func (l *Line) Position(e *Entry) int {
	if !l.holds(e) {
		return 0
	}
	b := e.block
	return l.rank(b, int(e.slot)) + 1
}

// rank returns how many entries stand before a slot.
func (l *Line) rank(b *block, slot int) int {
	before := int32(bits.OnesCount64(b.used & (1<<slot - 1)))
	for n, at := b.up, b.at; n != nil; n, at = n.up, n.at {
		before += n.before[at]
	}
	return int(before)
}

// At returns the entry at a position, nil if there is none.
func (l *Line) At(position int) *Entry {
	if position < 1 || position > l.size {
		return nil
	}
	before := int32(position - 1)
	b := l.last
	for n := l.root; n != nil; {
		at := 0
		for at+1 < int(n.parts) && n.before[at+1] <= before {
			at++
		}
		before -= n.before[at]
		b, n = n.blocks[at], n.nodes[at]
	}
	used := b.used
	for ; before > 0; before-- {
		used &= used - 1
	}
	return b.entries[bits.TrailingZeros64(used)]
}

// First returns the entry at the head, nil if nobody waits.
func (l *Line) First() *Entry { return l.from(l.start(), 0) }

// start returns the first block, nil if nobody waits.
func (l *Line) start() *block {
	if l.root != nil {
		return l.root.start()
	}
	return l.last
}

// from returns the first entry in or after a slot.
func (l *Line) from(b *block, slot int) *Entry {
	for ; b != nil; b, slot = b.next(), 0 {
		if used := b.used >> slot; used != 0 {
			return b.entries[slot+bits.TrailingZeros64(used)]
		}
	}
	return nil
}

// after returns the first entry that comes after k, which e had.
func (l *Line) after(e *Entry, k *key) *Entry {
	if l.size == 0 {
		return nil
	}
	if l.holds(e) && e.key() == *k {
		return l.from(e.block, int(e.slot)+1)
	}
	return l.from(l.find(k))
}

// From walks the line from a position on; positions before the first are the
// first. The body of the loop may change the line in any way: the walk goes on
// with the first entry that then stands behind where the last one stood.
func (l *Line) From(position int) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for e := l.At(max(position, 1)); e != nil; {
			k := e.key()
			if !yield(e) {
				return
			}
			e = l.after(e, &k)
		}
	}
}

// Before reports whether a comes before b, both in this line.
func (l *Line) Before(a, b *Entry) bool {
	ka, kb := a.key(), b.key()
	return ka.less(&kb)
}

// SetWant says how much an entry wants an agent now; 0: it wants nobody. It is 0
// for who enters the line. If e is not in this line nothing happens.
func (l *Line) SetWant(e *Entry, want uint8) {
	if !l.holds(e) {
		return
	}
	b, s := e.block, int(e.slot)
	old := b.wants[s]
	if old == want {
		return
	}
	if old == 0 {
		l.wanting++
	} else if want == 0 {
		l.wanting--
	}
	b.setWant(s, want)
}

// Want returns what SetWant said of e, 0 if it is not in this line.
func (l *Line) Want(e *Entry) uint8 {
	if !l.holds(e) {
		return 0
	}
	return e.block.wants[e.slot]
}

// Wanting returns how many entries want somebody.
func (l *Line) Wanting() int { return l.wanting }

// NextWanting returns the first entry behind after whose want is least or more,
// but never one that wants nobody; after nil: the first of all. It costs
// O(log n), however many stand between. If after has left the line, its last
// place counts.
func (l *Line) NextWanting(after *Entry, least uint8) *Entry {
	if l.wanting == 0 {
		return nil
	}
	least = max(least, 1)
	b, slot := l.start(), 0
	switch {
	case after == nil:
	case l.holds(after):
		b, slot = after.block, int(after.slot)+1
	default:
		k := after.key()
		b, slot = l.find(&k)
	}
	for b != nil {
		if s := b.wanting(slot, least); s >= 0 {
			return b.entries[s]
		}
		b, slot = b.nextWanting(least), 0
	}
	return nil
}
