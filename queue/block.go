package queue

import (
	"iter"
	"math/bits"
)

// A line is a sequence of blocks of up to 64 entries, and over them a tree of
// nodes that count. The position of an entry is the number of slots used before
// its own in its block, a count of bits, plus in each node on the way up what the
// parts before its own hold, a number that stands there. Nodes also know the keys
// that separate their parts, by which an entry finds its block, and the largest
// want in each part, by which the next hungry entry is found without looking at
// those who want nobody.
//
// An insert or a removal touches one block and one node per level, whatever the
// length of the line. A removal leaves a free slot behind, which a later insert
// beside it uses. Full blocks and nodes split in two, neighbours that are half
// full together become one, and empty ones are dropped.

const (
	slots = 64 // of a block: the bits of a word
	fan   = 16 // parts of a node
)

// block is a piece of a line.
type block struct {
	line    *Line
	up      *node  // nil: the line has no other block
	at      uint8  // where in up
	most    uint8  // the largest want
	used    uint64 // bit s: there is an entry in slot s
	entries [slots]*Entry
	wants   [slots]uint8
}

// node is a piece of the tree over the blocks: its parts are blocks, or nodes of
// the level below.
type node struct {
	up     *node
	at     uint8
	parts  uint8
	before [fan + 1]int32 // how many entries the parts before each hold
	want   [fan]uint8
	low    [fan]key // what is in a part is not before its low, but in the first
	blocks [fan]*block
	nodes  [fan]*node
}

// part is a block or a node as its parent knows it.
type part struct {
	low   key
	count int32
	want  uint8
	block *block
	node  *node
}

func (b *block) len() int { return bits.OnesCount64(b.used) }

// put puts an entry into a free slot.
func (b *block) put(s int, e *Entry, want uint8) {
	b.used |= 1 << s
	b.entries[s], b.wants[s] = e, want
	e.block, e.slot = b, uint8(s)
}

// shift moves the entry of one slot to another, which is free.
func (b *block) shift(from, to int) {
	e, want := b.entries[from], b.wants[from]
	b.clear(from)
	b.put(to, e, want)
	b.line.steps++
}

func (b *block) clear(s int) {
	b.used &^= 1 << s
	b.entries[s], b.wants[s] = nil, 0
}

// search returns the first slot whose entry, or any after it, comes after k.
func (b *block) search(k *key) int {
	low, high := 0, slots
	for low < high {
		mid := (low + high) / 2
		at := bits.Len64(b.used<<(slots-1-mid)) - slots + mid // the last one used up to mid
		if at < low {
			low = mid + 1
			continue
		}
		b.line.steps++
		if other := b.entries[at].key(); k.less(&other) {
			high = at
		} else {
			low = mid + 1
		}
	}
	return low
}

// room makes a slot free between those before p and those from p on, and returns
// it. The block is not full.
func (b *block) room(p int) int {
	before := bits.Len64(b.used&(1<<p-1)) - 1
	next := slots
	if p < slots {
		next = min(next, p+bits.TrailingZeros64(b.used>>p))
	}
	if next-before > 1 {
		return before + 1 // entries of one priority follow each other
	}
	// The nearest free slot on either side gives way.
	left := bits.Len64(^b.used&(1<<p-1)) - 1
	right := slots
	if p < slots {
		right = p + bits.TrailingZeros64(^b.used>>p)
	}
	if left >= 0 && (right >= slots || p-left <= right-p) {
		for s := left; s < p-1; s++ {
			b.shift(s+1, s)
		}
		return p - 1
	}
	for s := right; s > p; s-- {
		b.shift(s-1, s)
	}
	return p
}

// pack moves all entries to the front.
func (b *block) pack() {
	to := 0
	for s := range b.each() {
		if s != to {
			b.shift(s, to)
		}
		to++
	}
}

// each yields the used slots in order.
func (b *block) each() iter.Seq[int] {
	return func(yield func(int) bool) {
		for used := b.used; used != 0; used &= used - 1 {
			if !yield(bits.TrailingZeros64(used)) {
				return
			}
		}
	}
}

// rise makes known that the entries of the block became more, or fewer.
func (b *block) rise(by int32) {
	for n, at := b.up, b.at; n != nil; n, at = n.up, n.at {
		n.rise(int(at), by)
	}
}

// wanting returns the first slot from p on whose want is at least least, -1 if
// there is none.
func (b *block) wanting(p int, least uint8) int {
	if b.most < least {
		return -1
	}
	for s := p; s < slots; s++ {
		if b.wants[s] >= least {
			return s
		}
	}
	return -1
}

// setWant sets the want of a slot.
func (b *block) setWant(s int, want uint8) {
	old := b.wants[s]
	b.wants[s] = want
	switch {
	case want > b.most:
		b.setMost(want)
	case old == b.most && want < old:
		b.setMost(b.largest(old))
	}
}

// largest returns the largest want of the block, which is at most limit.
func (b *block) largest(limit uint8) (most uint8) {
	for used := b.used; used != 0; used &= used - 1 {
		if w := b.wants[bits.TrailingZeros64(used)]; w > most {
			if most = w; most == limit {
				break
			}
		}
	}
	return most
}

// setMost sets the largest want, up to where it is not the largest.
func (b *block) setMost(most uint8) {
	b.most = most
	for n, at := b.up, b.at; n != nil && n.want[at] != most; n, at = n.up, n.at {
		old := n.want[at]
		n.want[at] = most
		b.line.steps++
		if n.up == nil {
			return
		}
		if most > n.up.want[n.at] {
			continue
		}
		if old != n.up.want[n.at] {
			return // another part has the largest
		}
		most = largest(n.want[:n.parts], old)
	}
}

// largest returns the largest want, which is at most limit.
func largest(wants []uint8, limit uint8) uint8 {
	var most uint8
	for _, w := range wants {
		if w > most {
			if most = w; most == limit {
				break
			}
		}
	}
	return most
}

// rise makes known that the entries of a part became more, or fewer.
func (n *node) rise(at int, by int32) {
	after := n.before[at+1 : n.parts+1]
	for i := range after {
		after[i] += by
	}
}

// count returns how many entries a part holds.
func (n *node) count(at int) int { return int(n.before[at+1] - n.before[at]) }

// get returns a part.
func (n *node) get(i int) part {
	return part{n.low[i], int32(n.count(i)), n.want[i], n.blocks[i], n.nodes[i]}
}

// set makes p part i, where those before it are complete.
func (n *node) set(i int, p part) {
	n.before[i+1] = n.before[i] + p.count
	n.link(i, p)
}

// link sets all of a part but its count, and tells it where it is.
func (n *node) link(i int, p part) {
	n.low[i], n.want[i], n.blocks[i], n.nodes[i] = p.low, p.want, p.block, p.node
	if p.block != nil {
		p.block.up, p.block.at = n, uint8(i)
	}
	if p.node != nil {
		p.node.up, p.node.at = n, uint8(i)
	}
}

// open puts p before part i. n is not full.
func (n *node) open(i int, p part) {
	for j := int(n.parts); j > i; j-- {
		n.link(j, n.get(j-1))
		n.before[j+1] = n.before[j] + p.count
	}
	n.set(i, p)
	n.parts++
}

// close takes part i out.
func (n *node) close(i int) {
	count := int32(n.count(i))
	last := int(n.parts) - 1
	for ; i < last; i++ {
		n.link(i, n.get(i+1))
		n.before[i+1] = n.before[i+2] - count
	}
	n.cut(last)
}

// cut leaves the parts before i.
func (n *node) cut(i int) {
	n.parts = uint8(i)
	for ; i < fan; i++ {
		n.before[i+1], n.low[i], n.want[i], n.blocks[i], n.nodes[i] = 0, key{}, 0, nil, nil
	}
}

// sum returns what a parent of n knows of it.
func (n *node) sum() part {
	return part{low: n.low[0], count: n.before[n.parts], want: largest(n.want[:], 255), node: n}
}

// search returns the part to which k belongs.
func (n *node) search(k *key) int {
	low, high := 0, int(n.parts)-1
	for low < high {
		mid := (low + high + 1) / 2
		if k.less(&n.low[mid]) {
			high = mid - 1
		} else {
			low = mid
		}
	}
	return low
}

// adopt puts a new part behind one of n that it was split off. What is under n
// has become no more by it.
func (l *Line) adopt(n *node, at int, p part) {
	l.steps++
	if n.parts < fan {
		n.open(at, p)
		return
	}
	// Behind the last of all, more will follow: leave what is there together.
	keep := fan / 2
	if at == fan {
		keep = fan
	}
	right := &node{}
	for i := keep; i < fan; i++ {
		right.set(i-keep, n.get(i))
		l.steps++
	}
	right.parts = uint8(fan - keep)
	n.cut(keep)
	if at > keep || keep == fan {
		right.open(at-keep, p)
	} else {
		n.open(at, p)
	}
	half := right.sum()
	if n.up == nil {
		whole := n.sum()
		whole.count += half.count
		l.root = &node{}
		l.root.open(0, whole)
	}
	n.up.rise(int(n.at), -half.count)
	n.up.want[n.at] = largest(n.want[:], 255)
	l.adopt(n.up, int(n.at)+1, half)
}

// split makes two blocks of a full one.
func (l *Line) split(b *block) *block {
	right := l.fresh()
	for s := range slots / 2 {
		from := slots/2 + s
		e, want := b.entries[from], b.wants[from]
		b.clear(from)
		right.put(2*s, e, want)
	}
	for s := slots/2 - 1; s > 0; s-- {
		b.shift(s, 2*s)
	}
	l.steps += slots / 2
	right.most = largest(right.wants[:], b.most)
	b.most = largest(b.wants[:], b.most)
	l.insertBlock(b, right, int32(right.len()))
	return right
}

// insertBlock puts a block behind another from which it took count entries.
func (l *Line) insertBlock(b, right *block, count int32) {
	low := right.entries[bits.TrailingZeros64(right.used)].key()
	if b.up == nil {
		l.root = &node{}
		l.root.open(0, part{count: int32(b.len()) + count, want: max(b.most, right.most), block: b})
	}
	n := b.up
	n.rise(int(b.at), -count)
	n.want[b.at] = b.most
	l.adopt(n, int(b.at)+1, part{low: low, count: count, want: right.most, block: right})
	if l.last == b {
		l.last = right
	}
}

// fresh returns an empty block.
func (l *Line) fresh() *block {
	b := l.spare
	if b == nil {
		return &block{line: l}
	}
	l.spare = nil
	return b
}

// thin looks after a block out of which an entry was taken.
func (l *Line) thin(b *block) {
	count, n, at := b.len(), b.up, int(b.at)
	switch {
	case count == 0:
		l.remove(b)
	case n == nil || count > slots/2:
	case at > 0 && n.count(at-1)+count <= slots/2:
		l.join(n.blocks[at-1], b)
	case at+1 < int(n.parts) && n.count(at+1)+count <= slots/2:
		l.join(b, n.blocks[at+1])
	}
}

// remove takes an empty block out of the line and keeps it for the next who
// needs one.
func (l *Line) remove(b *block) {
	last := b == l.last
	if b.up == nil {
		l.last = nil
	} else {
		l.drop(b.up, int(b.at))
	}
	if last && l.root != nil {
		l.last = l.root.end()
	}
	b.up, b.at, b.most = nil, 0, 0
	l.spare = b
}

// join moves the entries of a block into the one before it.
func (l *Line) join(b, right *block) {
	b.pack()
	n, to, moved := b.up, b.len(), right.len()
	b.most = max(b.most, right.most)
	for s := range right.each() {
		e, want := right.entries[s], right.wants[s]
		right.clear(s)
		b.put(to, e, want)
		to++
		l.steps++
	}
	n.rise(int(b.at), int32(moved))
	n.want[b.at] = b.most
	l.remove(right)
}

// drop takes an empty part out of a node.
func (l *Line) drop(n *node, at int) {
	n.close(at)
	l.steps++
	up := n.up
	switch {
	case n.parts == 0:
		l.drop(up, int(n.at)) // n is not the root, which has two parts or more
	case up == nil:
		for l.root != nil && l.root.parts == 1 {
			l.lower()
		}
	case n.parts <= fan/2:
		at := int(n.at)
		if at > 0 && up.nodes[at-1].parts+n.parts <= fan/2 {
			l.joinNodes(up.nodes[at-1], n)
		} else if at+1 < int(up.parts) && up.nodes[at+1].parts+n.parts <= fan/2 {
			l.joinNodes(n, up.nodes[at+1])
		}
	}
}

// lower makes the only part of the root the root.
func (l *Line) lower() {
	only := l.root.get(0)
	l.root = only.node
	if only.node != nil {
		only.node.up, only.node.at = nil, 0
	} else {
		only.block.up, only.block.at = nil, 0
		l.last = only.block
	}
}

// joinNodes moves the parts of a node into the one before it.
func (l *Line) joinNodes(n, right *node) {
	up := n.up
	right.low[0] = up.low[right.at] // the bound that what is there has kept to
	for i := range int(right.parts) {
		n.open(int(n.parts), right.get(i))
		l.steps++
	}
	up.rise(int(n.at), right.before[right.parts])
	up.want[n.at] = largest(n.want[:], 255)
	l.drop(up, int(right.at))
}

// start returns the first block under n.
func (n *node) start() *block {
	for n.nodes[0] != nil {
		n = n.nodes[0]
	}
	return n.blocks[0]
}

// end returns the last block under n.
func (n *node) end() *block {
	for n.nodes[n.parts-1] != nil {
		n = n.nodes[n.parts-1]
	}
	return n.blocks[n.parts-1]
}

// nextWanting returns the next block in which a want is at least least, nil if
// there is none.
func (b *block) nextWanting(least uint8) *block {
	n, at := b.up, int(b.at)+1
	for n != nil {
		for at < int(n.parts) && n.want[at] < least {
			at++
		}
		switch {
		case at == int(n.parts):
			n, at = n.up, int(n.at)+1
		case n.blocks[at] != nil:
			return n.blocks[at]
		default:
			n, at = n.nodes[at], 0
		}
	}
	return nil
}

// next returns the block that follows, nil if none does.
func (b *block) next() *block {
	for n, at := b.up, int(b.at)+1; n != nil; n, at = n.up, int(n.at)+1 {
		if at < int(n.parts) {
			if n.blocks[at] != nil {
				return n.blocks[at]
			}
			return n.nodes[at].start()
		}
	}
	return nil
}
