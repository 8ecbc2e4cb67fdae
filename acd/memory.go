package acd

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
)

// MemoryStorage is a [Storage] in memory, for tests and for hosts that outlive
// their [Router]: give it to the next [Open] and the state is there again. It
// lasts as long as its process, and keeps the rest of the contract. The zero value
// is an empty one. It is safe for concurrent use and must not be copied.
type MemoryStorage struct {
	mu         sync.Mutex
	values     map[string][]byte // never changed in place
	epoch, seq uint64            // of the last batch kept
}

// Load implements [Storage]; it yields the records by key, as they were when the
// loop began.
func (m *MemoryStorage) Load(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		m.mu.Lock()
		values := maps.Clone(m.values)
		m.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if !strings.HasPrefix(key, prefix) {
				continue
			}
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(Record{Key: key, Value: bytes.Clone(values[key])}, nil) {
				return
			}
		}
	}
}

// Commit implements [Storage].
func (m *MemoryStorage) Commit(ctx context.Context, b Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if keep, err := b.Follows(m.epoch, m.seq); !keep {
		return err
	}
	m.epoch, m.seq = b.Epoch, b.Seq
	if m.values == nil {
		m.values = make(map[string][]byte)
	}
	for _, rec := range b.Records {
		if len(rec.Value) == 0 {
			delete(m.values, rec.Key)
		} else {
			m.values[rec.Key] = bytes.Clone(rec.Value)
		}
	}
	return nil
}
