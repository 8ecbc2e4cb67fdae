package callback

import (
	"cmp"
	"iter"
	"slices"
)

// Book has the open promises of one queue: one per number (B82). The zero value
// is empty.
type Book struct {
	// Held keeps all of them from being matched: the host's business hours
	// (B85).
	Held bool

	byNumber map[string]*Request
	order    []*Request // by when they were confirmed, then by id; ended ones in between
	ended    int
}

// Find returns the open promise to a number, or nil.
func (b *Book) Find(number string) *Request { return b.byNumber[number] }

// Add keeps a promise; [ErrDuplicate] if there is one to that number.
func (b *Book) Add(r *Request) error {
	if b.byNumber[r.Number] != nil {
		return ErrDuplicate
	}
	if b.byNumber == nil {
		b.byNumber = make(map[string]*Request)
	}
	b.byNumber[r.Number] = r
	i, _ := slices.BinarySearchFunc(b.order, r, before)
	b.order = slices.Insert(b.order, i, r) // at the end, unless it is restored
	return nil
}

// before compares promises by when they were confirmed, then by id.
func before(r, s *Request) int {
	return cmp.Or(cmp.Compare(r.Confirmed, s.Confirmed), cmp.Compare(r.ID, s.ID))
}

// Remove forgets a promise that has ended.
func (b *Book) Remove(r *Request) {
	if b.byNumber[r.Number] != r {
		return
	}
	delete(b.byNumber, r.Number)
	if b.ended++; 2*b.ended > len(b.order) {
		kept := make([]*Request, 0, len(b.byNumber))
		for r := range b.All() {
			kept = append(kept, r)
		}
		b.order, b.ended = kept, 0
	}
}

// Len returns how many promises are open.
func (b *Book) Len() int { return len(b.byNumber) }

// All yields the open promises in the order in which they were confirmed, those
// of one instant by id. Promises may be removed meanwhile.
func (b *Book) All() iter.Seq[*Request] {
	return func(yield func(*Request) bool) {
		for _, r := range b.order {
			if b.byNumber[r.Number] == r && !yield(r) {
				return
			}
		}
	}
}
