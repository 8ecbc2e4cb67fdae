package replay

import (
	"container/heap"

	"github.com/acdkit/acdkit/agent"
)

// deed is something that happens in the play. Of one instant they happen in this
// order: who leaves when his talk ends takes no other call, who becomes free is
// there for who calls, and a caller whose patience ends when an agent becomes free
// is answered, as in the log.
type deed uint8

const (
	goes deed = iota
	endsTalk
	comes
	answers
	hangsUp
	joins
)

// item is an entry of the agenda.
type item struct {
	at    agent.Instant
	what  deed
	who   int // a call, or an agent
	which int // of his absences, of his returns, or of the call's hunts
	seq   int
}

// agenda is what is to happen, in order.
type agenda struct {
	items items
	seq   int
}

func (a *agenda) add(at agent.Instant, what deed, who, which int) {
	a.seq++
	heap.Push(&a.items, item{at, what, who, which, a.seq})
}

func (a *agenda) next() (item, bool) {
	if len(a.items) == 0 {
		return item{}, false
	}
	return a.items[0], true
}

func (a *agenda) pop() { heap.Pop(&a.items) }

// items implement [heap.Interface].
type items []item

func (s items) Len() int { return len(s) }

func (s items) Less(i, j int) bool {
	a, b := &s[i], &s[j]
	if a.at != b.at {
		return a.at < b.at
	}
	if a.what != b.what {
		return a.what < b.what
	}
	return a.seq < b.seq
}

func (s items) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push implements [heap.Interface].
func (s *items) Push(x any) { *s = append(*s, x.(item)) }

// Pop implements [heap.Interface].
func (s *items) Pop() any {
	last := len(*s) - 1
	x := (*s)[last]
	*s = (*s)[:last]
	return x
}
