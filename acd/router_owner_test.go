package acd_test

import (
	"context"
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// meetingStorage holds back the first commit of each of two Routers until both
// have loaded: so they begin the same epoch.
type meetingStorage struct {
	acd.MemoryStorage
	loaded sync.WaitGroup
}

func (m *meetingStorage) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		for rec, err := range m.MemoryStorage.Load(ctx, prefix) {
			if !yield(rec, err) {
				return
			}
		}
		if prefix == "" {
			m.loaded.Done()
			m.loaded.Wait()
		}
	}
}

// Of two Routers that open a store at the same moment one owns it, and what it
// acknowledges is kept; the other is told at once.
func TestB112_OfTwoRoutersThatOpenAtOnceOneOwnsTheStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := new(meetingStorage)
		store.loaded.Add(2)
		var routers [2]*acd.Router
		var errs [2]error
		var both sync.WaitGroup
		for i := range routers {
			both.Go(func() { routers[i], errs[i] = acd.Open(t.Context(), acd.Options{Storage: store}) })
		}
		both.Wait()
		if errs[0] != nil {
			routers[0], errs[0], routers[1], errs[1] = routers[1], errs[1], routers[0], errs[0]
		}
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], acd.ErrFenced)
		require.Nil(t, routers[1])
		require.NoError(t, routers[0].Do(t.Context(), support()))
		require.NoError(t, routers[0].Close(t.Context()))
		sameState(t, routers[0], &store.MemoryStorage)
	})
}

// The owner is read back with the store's own errors.
func TestB112_OpenFailsWhenItCannotReadBackItsOwner(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &forgetfulStorage{}
		_, err := acd.Open(t.Context(), acd.Options{Storage: store})
		require.ErrorIs(t, err, acd.ErrFenced, "it is not there")
		store.err = errStore
		_, err = acd.Open(t.Context(), acd.Options{Storage: store})
		require.ErrorIs(t, err, errStore)
	})
}

// forgetfulStorage keeps nothing, and fails the second time it is read.
type forgetfulStorage struct {
	err   error
	loads int
}

func (f *forgetfulStorage) Load(context.Context, string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		if f.loads++; f.loads%2 == 0 && f.err != nil {
			yield(acd.Record{}, f.err)
		}
	}
}

func (*forgetfulStorage) Commit(context.Context, acd.Batch) error { return nil }
