package bolt_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/store/bolt"
)

// A file of which a bit was flipped, or the end cut off, is refused, or holds what was
// written: some bits of it mean nothing. It is never read by half. Left out is what
// doc.go says of bbolt: four bytes at the head of each page say how many belong to it.
func TestOpen_FindsRandomDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "acd.db")
	s := open(t, path)
	want := map[string]string{}
	for seq := range uint64(3) {
		b := acd.Batch{Epoch: 1, Seq: seq + 1}
		for i := range 1000 {
			key, value := fmt.Sprint("queue/q/entry/", i), fmt.Sprintf(`{"v":1,"seq":%d,"call":%d,"number":"+49301234567"}`, seq, i)
			b.Records = append(b.Records, acd.Record{Key: key, Value: []byte(value)})
			want[key] = value
		}
		if err := s.Commit(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(6, 5))
	dir := t.TempDir()
	found, harmless := 0, 0
	for i := range 400 {
		path := filepath.Join(dir, fmt.Sprint(i)) // of some it stays locked
		bad := append([]byte(nil), good...)
		if at := rng.IntN(len(bad)); rng.IntN(4) == 0 {
			bad = bad[:at]
		} else if in := at % os.Getpagesize(); in < 12 || in > 15 {
			bad[at] ^= 1 << rng.IntN(8)
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := read(t, path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		switch {
		case errors.Is(err, bolt.ErrDamaged) || errors.Is(err, bolt.ErrNewer):
			found++
		case err != nil:
			t.Errorf("damage %d: %v", i, err)
		case maps.Equal(got, want), len(bad) == 0 && len(got) == 0: // an empty file is a new one
			harmless++
		default:
			t.Errorf("damage %d: %d records, and no error", i, len(got))
		}
	}
	t.Logf("%d found, %d harmless", found, harmless)
	if found < 80 {
		t.Error("it tells little")
	}
}

// read opens a store and reads everything.
func read(t *testing.T, path string) (got map[string]string, err error) {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return nil, err
	}
	got = map[string]string{}
	for rec, err := range s.Load(t.Context(), "") {
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		got[rec.Key] = string(rec.Value)
	}
	return got, s.Close()
}
