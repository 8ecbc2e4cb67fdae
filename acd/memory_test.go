package acd_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// loaded returns what a store holds, and checks the order of MemoryStorage.
func loaded(t *testing.T, s acd.Storage, prefix string) map[string]string {
	t.Helper()
	got, last := make(map[string]string), ""
	for rec, err := range s.Load(t.Context(), prefix) {
		require.NoError(t, err)
		require.Less(t, last, rec.Key)
		last = rec.Key
		got[rec.Key] = string(rec.Value)
	}
	return got
}

// batch makes one of keys and values in turn.
func batch(epoch, seq uint64, pairs ...string) acd.Batch {
	b := acd.Batch{Epoch: epoch, Seq: seq}
	for i := 0; i < len(pairs); i += 2 {
		b.Records = append(b.Records, acd.Record{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return b
}

func TestMemoryStorage_KeepsTheNewestOfEachKey(t *testing.T) {
	t.Parallel()
	var s acd.MemoryStorage
	ctx := t.Context()
	require.Empty(t, loaded(t, &s, ""))
	require.NoError(t, s.Commit(ctx, batch(1, 1, "queue/a", "1", "queue/b", "1", "meta", "1")))
	require.NoError(t, s.Commit(ctx, batch(1, 2, "queue/a", "2", "queue/b", "")))
	require.Equal(t, map[string]string{"queue/a": "2", "meta": "1"}, loaded(t, &s, ""))
	require.Equal(t, map[string]string{"queue/a": "2"}, loaded(t, &s, "queue/"))
}

func TestMemoryStorage_TellsBatchesApart(t *testing.T) {
	t.Parallel()
	var s acd.MemoryStorage
	ctx := t.Context()
	require.NoError(t, s.Commit(ctx, batch(2, 1, "k", "a")))
	require.NoError(t, s.Commit(ctx, batch(2, 1, "k", "b")), "it was kept before")
	require.Equal(t, "a", loaded(t, &s, "")["k"])
	require.NoError(t, s.Commit(ctx, batch(2, 5, "k", "c")), "a number may be left out")
	require.ErrorIs(t, s.Commit(ctx, batch(1, 9, "k", "d")), acd.ErrFenced)
	require.Equal(t, "c", loaded(t, &s, "")["k"])
	require.NoError(t, s.Commit(ctx, batch(3, 1, "k", "e")), "a newer epoch counts anew")
	require.ErrorIs(t, s.Commit(ctx, batch(2, 6, "k", "f")), acd.ErrFenced)
	require.Equal(t, "e", loaded(t, &s, "")["k"])
}

func TestBatch_Follows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		epoch, seq uint64
		keep       bool
		err        error
	}{
		{3, 7, false, nil},
		{3, 6, false, nil},
		{3, 8, true, nil},
		{3, 20, true, nil},
		{4, 1, true, nil},
		{9, 0, true, nil},
		{2, 8, false, acd.ErrFenced},
		{0, 0, false, acd.ErrFenced},
	} {
		keep, err := acd.Batch{Epoch: c.epoch, Seq: c.seq}.Follows(3, 7)
		require.Equal(t, c.keep, keep, "%+v", c)
		require.ErrorIs(t, err, c.err, "%+v", c)
	}
}

func TestMemoryStorage_SharesNoSlices(t *testing.T) {
	t.Parallel()
	var s acd.MemoryStorage
	b := batch(1, 1, "k", "value")
	require.NoError(t, s.Commit(t.Context(), b))
	b.Records[0].Value[0] = 'X'
	for rec, err := range s.Load(t.Context(), "") {
		require.NoError(t, err)
		rec.Value[1] = 'Y'
	}
	require.Equal(t, "value", loaded(t, &s, "")["k"])
}

func TestMemoryStorage_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	var s acd.MemoryStorage
	require.NoError(t, s.Commit(t.Context(), batch(1, 1, "k", "v")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Commit(ctx, batch(1, 2, "k", "w")), context.Canceled)
	var last error
	for _, err := range s.Load(ctx, "") {
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
	require.Equal(t, "v", loaded(t, &s, "")["k"])
}
