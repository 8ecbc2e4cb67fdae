package queue

import (
	"cmp"
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
	order    []talkedAt // in the order of the talks, outdated ones in between
	head     int
}

// talkedAt is a talk that was remembered; there may have been a later one.
type talkedAt struct {
	number string
	at     agent.Instant
}

// Put remembers a talk that ended at now; it returns the callers who are forgotten
// now.
func (t *Talks) Put(now agent.Instant, number string, who uint64) (forgotten []string) {
	if t.byNumber == nil {
		t.byNumber = make(map[string]Talked)
	}
	t.byNumber[number] = Talked{who, now}
	t.order = append(t.order, talkedAt{number, now})
	for t.head < len(t.order) {
		old := t.order[t.head]
		last, ok := t.byNumber[old.number]
		if ok && last.At == old.at {
			if last.At.Add(MaxSticky) >= now {
				break
			}
			delete(t.byNumber, old.number)
			forgotten = append(forgotten, old.number)
		}
		t.order[t.head] = talkedAt{}
		t.head++
	}
	slices.Sort(forgotten)
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
	t.order, t.head = make([]talkedAt, 0, len(t.byNumber)), 0
	for number, last := range t.byNumber {
		t.order = append(t.order, talkedAt{number, last.At})
	}
	slices.SortFunc(t.order, func(a, b talkedAt) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.number, b.number))
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
	t.compact()
}
