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
// (B70). It is small: a caller costs a map entry and a place in the chain of
// forgetting, about 100 bytes in all beyond his number (see the benchmark). It
// forgets after [MaxSticky], as it goes. The zero value is empty. It is not safe
// for concurrent use.
type Talks struct {
	byNumber map[string]int32 // places in all
	// all are the talks, chained by age, and places that are free, chained by newer.
	// Place 0 is that of none: its neighbours are the newest and the oldest.
	all  []talk
	free int32
}

// talk is the last one of a caller.
type talk struct {
	number       string
	last         Talked
	older, newer int32
}

// Put remembers a talk that ended at now, which is not before any other; it returns
// the callers who are forgotten now.
func (t *Talks) Put(now agent.Instant, number string, who uint64) (forgotten []string) {
	at, ok := t.byNumber[number]
	if ok {
		t.unlink(at)
	} else {
		at = t.place(number)
	}
	t.all[at].last = Talked{who, now}
	t.link(at)
	for oldest := t.all[0].newer; t.all[oldest].last.At.Add(MaxSticky) < now; oldest = t.all[0].newer {
		forgotten = append(forgotten, t.all[oldest].number)
		t.drop(oldest)
	}
	slices.Sort(forgotten)
	return forgotten
}

// place returns a place for a caller who has none; it is not linked.
func (t *Talks) place(number string) int32 {
	if t.byNumber == nil {
		t.byNumber, t.all = make(map[string]int32), make([]talk, 1)
	}
	at := t.free
	if at != 0 {
		t.free = t.all[at].newer
	} else {
		at = int32(len(t.all)) //nolint:gosec // callers of a year are fewer than 2 billion
		t.all = append(t.all, talk{})
	}
	t.all[at].number = number
	t.byNumber[number] = at
	return at
}

// link makes a talk the newest.
func (t *Talks) link(at int32) {
	newest := t.all[0].older
	t.all[at].older, t.all[at].newer = newest, 0
	t.all[newest].newer, t.all[0].older = at, at
}

// unlink takes a talk out of the chain.
func (t *Talks) unlink(at int32) {
	older, newer := t.all[at].older, t.all[at].newer
	t.all[older].newer, t.all[newer].older = newer, older
}

// drop forgets a talk.
func (t *Talks) drop(at int32) {
	t.unlink(at)
	delete(t.byNumber, t.all[at].number)
	t.all[at] = talk{newer: t.free}
	t.free = at
}

// Get returns the last talk of a caller.
func (t *Talks) Get(number string) (Talked, bool) {
	at, ok := t.byNumber[number]
	if !ok {
		return Talked{}, false
	}
	return t.all[at].last, true
}

// Forget drops all talks with an agent who was deleted (B121); it costs
// O(callers). It returns the callers, sorted.
func (t *Talks) Forget(who uint64) []string {
	var gone []string
	for number, at := range t.byNumber {
		if t.all[at].last.Who == who {
			gone = append(gone, number)
			t.drop(at)
		}
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
			if !yield(number, t.all[t.byNumber[number]].last) {
				return
			}
		}
	}
}

// Restore remembers what was remembered, and nothing else.
func (t *Talks) Restore(all map[string]Talked) {
	*t = Talks{}
	numbers := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[a].At, all[b].At), cmp.Compare(a, b))
	})
	for _, number := range numbers {
		at := t.place(number)
		t.all[at].last = all[number]
		t.link(at)
	}
}

// Shift moves all times by d; see B101.
func (t *Talks) Shift(d agent.Instant) {
	for at := range t.all {
		t.all[at].last.At += d
	}
}
