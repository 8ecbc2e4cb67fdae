package acd

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// roll is one of the lists of callers: entries by number. A page of it costs its
// own length, a change the memory that moves. The zero value is empty.
type roll[V any] struct {
	byNumber map[string]*V
	byID     map[string]string // their numbers
	numbers  []string          // sorted
}

// get returns the entry of a number, nil if it has none.
func (l *roll[V]) get(number string) *V { return l.byNumber[number] }

// named returns the entry with an id, nil if there is none.
func (l *roll[V]) named(id string) *V { return l.byNumber[l.byID[id]] }

func (l *roll[V]) len() int { return len(l.numbers) }

// put makes v, which has this id, the entry of a number.
func (l *roll[V]) put(number, id string, v *V) {
	if l.byNumber == nil {
		l.byNumber, l.byID = make(map[string]*V), make(map[string]string)
	}
	if l.byNumber[number] == nil {
		i, _ := slices.BinarySearch(l.numbers, number)
		l.numbers = slices.Insert(l.numbers, i, number)
	}
	l.byNumber[number], l.byID[id] = v, number
}

// remove takes a number, whose entry has this id, off the list.
func (l *roll[V]) remove(number, id string) {
	delete(l.byNumber, number)
	delete(l.byID, id)
	i, _ := slices.BinarySearch(l.numbers, number)
	l.numbers = slices.Delete(l.numbers, i, i+1)
}

// freeID returns an id for the entry of a number that was given none: the number
// itself, unless an entry has that for its id which has moved to another one.
func (l *roll[V]) freeID(number string) string {
	id := number
	for n := 2; l.byID[id] != ""; n++ {
		id = fmt.Sprint(number, "-", n)
	}
	return id
}

// fill makes the list that of all entries, for Restore; id gives their ids, which
// records of earlier versions lack.
func (l *roll[V]) fill(all map[string]*V, id func(*V) *string) {
	l.byNumber, l.byID, l.numbers = all, make(map[string]string, len(all)), slices.Sorted(maps.Keys(all))
	for number, v := range l.all() {
		if *id(v) != "" {
			l.byID[*id(v)] = number
		}
	}
	for number, v := range l.all() {
		if *id(v) == "" {
			*id(v) = l.freeID(number)
			l.byID[*id(v)] = number
		}
	}
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
