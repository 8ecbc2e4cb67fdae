package sim

// deed is something that happens in a replication. Of one instant they happen in
// this order: who goes off duty when his talk ends takes no other call, who
// becomes free is there for who calls, and a caller whose patience ends when an
// agent becomes free is answered.
type deed uint64

const (
	shifts deed = iota // the count of a group changes
	endsTalk
	answers
	hangsUp
	arrives
)

// order is the order of a deed within its instant: by deed, then by a number that
// is counted, or drawn.
func order(what deed, n uint64) uint64 { return uint64(what)<<60 | n&(1<<60-1) }

// item is an entry of the agenda: the next thing that somebody does.
type item struct {
	at    int64 // ns since the beginning
	order uint64
	who   int32
}

func (a *item) before(b *item) bool {
	return a.at < b.at || a.at == b.at && a.order < b.order
}

// agenda holds at most one item of everybody, the earliest first: a heap of four
// branches that knows where each is, so that what is no longer to happen is taken
// out rather than left to be found stale.
type agenda struct {
	heap  []item
	place []int32 // of everybody in the heap, from 1; 0: he is not in it
}

// next returns the earliest item.
func (a *agenda) next() (item, bool) {
	if len(a.heap) == 0 {
		return item{}, false
	}
	return a.heap[0], true
}

// set puts or moves somebody's item.
func (a *agenda) set(who int32, at int64, order uint64) {
	i := int(a.place[who]) - 1
	if i < 0 {
		i = len(a.heap)
		a.heap = append(a.heap, item{})
	}
	a.settle(i, item{at, order, who})
}

// drop takes somebody's item out, if he has one.
func (a *agenda) drop(who int32) {
	i := int(a.place[who]) - 1
	if i < 0 {
		return
	}
	a.place[who] = 0
	last := len(a.heap) - 1
	moved := a.heap[last]
	a.heap = a.heap[:last]
	if i < last {
		a.settle(i, moved)
	}
}

// settle finds the place of an item, the hole being at i.
func (a *agenda) settle(i int, x item) {
	h := a.heap
	for i > 0 {
		up := (i - 1) / 4
		if !x.before(&h[up]) {
			break
		}
		h[i] = h[up]
		a.place[h[i].who] = int32(i + 1)
		i = up
	}
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		least := first
		for k := first + 1; k < min(first+4, len(h)); k++ {
			if h[k].before(&h[least]) {
				least = k
			}
		}
		if !h[least].before(&x) {
			break
		}
		h[i] = h[least]
		a.place[h[i].who] = int32(i + 1)
		i = least
	}
	h[i] = x
	a.place[x.who] = int32(i + 1)
}
