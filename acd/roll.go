package acd

import (
	"iter"
	"maps"
	"slices"
)

// roll is one of the lists of callers: entries by number. A page of it costs its
// own length, a change the memory that moves. The zero value is empty.
type roll[V any] struct {
	byNumber map[string]*V
	numbers  []string // sorted
}

// get returns the entry of a number, nil if it has none.
func (l *roll[V]) get(number string) *V { return l.byNumber[number] }

func (l *roll[V]) len() int { return len(l.numbers) }

// put makes v the entry of a number.
func (l *roll[V]) put(number string, v *V) {
	if l.byNumber == nil {
		l.byNumber = make(map[string]*V)
	}
	if l.byNumber[number] == nil {
		i, _ := slices.BinarySearch(l.numbers, number)
		l.numbers = slices.Insert(l.numbers, i, number)
	}
	l.byNumber[number] = v
}

// remove takes a number off the list; it reports whether it was on it.
func (l *roll[V]) remove(number string) bool {
	if l.byNumber[number] == nil {
		return false
	}
	delete(l.byNumber, number)
	i, _ := slices.BinarySearch(l.numbers, number)
	l.numbers = slices.Delete(l.numbers, i, i+1)
	return true
}

// fill makes the list that of all entries, for Restore.
func (l *roll[V]) fill(all map[string]*V) {
	l.byNumber, l.numbers = all, slices.Sorted(maps.Keys(all))
}

// all yields the entries by number.
func (l *roll[V]) all() iter.Seq2[string, *V] {
	return func(yield func(string, *V) bool) {
		for _, number := range l.numbers {
			if !yield(number, l.byNumber[number]) {
				return
			}
		}
	}
}

// page returns copies of the entries from the skip-th on, top of them at most.
func (l *roll[V]) page(skip, top int, copied func(*V) V) ([]V, error) {
	if err := checkPage(skip, top); err != nil {
		return nil, err
	}
	numbers := l.numbers[min(skip, len(l.numbers)):]
	numbers = numbers[:min(top, len(numbers))]
	page := make([]V, len(numbers))
	for i, number := range numbers {
		page[i] = copied(l.byNumber[number])
	}
	return page, nil
}

// plain copies an entry that shares nothing.
func plain[V any](v *V) V { return *v }
