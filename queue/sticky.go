package queue

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// MaxSticky is how long anybody is remembered at the most: the longest
// sticky_routing_duration, 365 days of 24 hours.
const MaxSticky = 365 * 24 * time.Hour

// Talked is the last talk of a caller: with whom, and when it ended (B70).
type Talked struct {
	Who uint64 // the agent: his number in the order of making, which is his alone
	At  agent.Instant
}

// Talks remembers the last talk of every caller, for all queues of a tenant
// (B70). It is small: a caller costs a map entry and a place in the order of
// forgetting, about 110 bytes in all beyond his number (see the benchmark). It
// forgets after [MaxSticky], as it goes. The zero value is empty. It is not safe
// for concurrent use.
type Talks struct {
	byNumber map[string]Talked
	order    []string // numbers in the order of their talks, outdated ones in between
	head     int
}

// Put remembers a talk that ended at now; it returns the callers forgotten on the
// way, a few at a time.
func (t *Talks) Put(now agent.Instant, number string, who uint64) (forgotten []string) {
	if t.byNumber == nil {
		t.byNumber = make(map[string]Talked)
	}
	t.byNumber[number] = Talked{who, now}
	t.order = append(t.order, number)
	for range 2 {
		if t.head == len(t.order) {
			break
		}
		old := t.order[t.head]
		last, ok := t.byNumber[old]
		if ok && last.At.Add(MaxSticky) >= now {
			break
		}
		if ok {
			delete(t.byNumber, old)
			forgotten = append(forgotten, old)
		}
		t.order[t.head] = ""
		t.head++
	}
	switch {
	case len(t.order)-t.head > 2*len(t.byNumber)+64:
		t.compact()
	case t.head > len(t.order)/2:
		t.order = append(t.order[:0], t.order[t.head:]...)
		t.head = 0
	}
	return forgotten
}

// compact drops outdated places from the order.
func (t *Talks) compact() {
	t.order = t.sorted()
	t.head = 0
}

func (t *Talks) sorted() []string {
	return slices.SortedFunc(maps.Keys(t.byNumber), func(a, b string) int {
		x, y := t.byNumber[a], t.byNumber[b]
		switch {
		case x.At != y.At:
			return int(max(min(x.At-y.At, 1), -1))
		case a < b:
			return -1
		default:
			return 1
		}
	})
}

// Get returns the last talk of a caller.
func (t *Talks) Get(number string) (Talked, bool) {
	last, ok := t.byNumber[number]
	return last, ok
}

// Forget drops all talks with an agent who was deleted (B121); it costs
// O(callers). It returns the callers, sorted.
func (t *Talks) Forget(who uint64) []string {
	var gone []string
	for number, last := range t.byNumber {
		if last.Who == who {
			gone = append(gone, number)
		}
	}
	for _, number := range gone {
		delete(t.byNumber, number)
	}
	slices.Sort(gone)
	return gone
}

// Len returns how many callers are remembered.
func (t *Talks) Len() int { return len(t.byNumber) }

// All yields every caller, sorted by number.
func (t *Talks) All() iter.Seq2[string, Talked] {
	return func(yield func(string, Talked) bool) {
		for _, number := range slices.Sorted(maps.Keys(t.byNumber)) {
			if !yield(number, t.byNumber[number]) {
				return
			}
		}
	}
}

// Restore remembers what was remembered.
func (t *Talks) Restore(all map[string]Talked) {
	t.byNumber = all
	t.compact()
}

// Shift moves all times by d; see B101.
func (t *Talks) Shift(d agent.Instant) {
	for number, last := range t.byNumber {
		t.byNumber[number] = Talked{last.Who, last.At + d}
	}
}
