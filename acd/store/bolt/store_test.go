package bolt_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/bolt"
	"github.com/acdkit/acdkit/queue"
)

func TestStore_KeepsTheContract(t *testing.T) {
	t.Parallel()
	acdtest.TestStorage(t, func(t *testing.T) acdtest.StorageUnderTest {
		path := filepath.Join(t.TempDir(), "acd.db")
		return acdtest.StorageUnderTest{
			Open: func() (acd.Storage, error) { return bolt.Open(path, bolt.Options{}) },
			Crash: func() error {
				b, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				path = filepath.Join(t.TempDir(), "acd.db")
				return os.WriteFile(path, b, 0o600)
			},
		}
	})
}

func open(t *testing.T, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore_OnlyOneAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "acd.db")
	s := open(t, path)
	if _, err := bolt.Open(path, bolt.Options{}); !errors.Is(err, bolt.ErrLocked) {
		t.Errorf("a second store: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Commit(t.Context(), acd.Batch{Epoch: 1, Seq: 1}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed store: %v", err)
	}
	if err := open(t, path).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOpen_RefusesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	change := func(f func(tx *bbolt.Tx) error) string {
		path := filepath.Join(t.TempDir(), "acd.db")
		s := open(t, path)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := bbolt.Open(path, 0o600, nil)
		if err == nil {
			err = errors.Join(db.Update(f), db.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, make([]byte, 1<<15), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"newer": {change(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("acdkit")).Put([]byte("format"), binary.BigEndian.AppendUint64(nil, 2))
		}), bolt.ErrNewer},
		"no records":  {change(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("records")) }), bolt.ErrDamaged},
		"of another":  {change(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("acdkit")) }), bolt.ErrDamaged},
		"not of bolt": {text, bolt.ErrDamaged},
	} {
		if _, err := bolt.Open(c.path, bolt.Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A Router over the store comes back as it was.
func TestB113_ARouterComesBackAsItWas(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "acd.db")
	config := queue.Defaults()
	config.Name, config.Number = "Support", "8000"
	var want []acd.QueueView
	for run := range 3 {
		s := open(t, path)
		r, err := acd.Open(t.Context(), acd.Options{Storage: s, Clock: acdtest.NewClock(acdtest.Start())})
		if err != nil {
			t.Fatal(err)
		}
		var got []acd.QueueView
		for q := range r.Queues() {
			got = append(got, q)
		}
		if len(got) != len(want) || run > 0 && got[0].Lifetime != want[0].Lifetime {
			t.Errorf("run %d: %+v instead of %+v", run, got, want)
		}
		if run == 0 {
			if err := r.Do(t.Context(), acd.CreateQueue{Queue: "support", Config: config}); err != nil {
				t.Fatal(err)
			}
		}
		// Nobody is there to answer: it leaves at once, and is counted.
		if err := r.Do(t.Context(), acd.Join{Call: queue.CallID(acd.NewID()), Queue: "support"}); err != nil {
			t.Fatal(err)
		}
		want = nil
		for q := range r.Queues() {
			want = append(want, q)
		}
		if n := want[0].Lifetime.Joined; n != uint64(run+1) { //nolint:gosec // small
			t.Errorf("run %d: %d joined", run, n)
		}
		if err := errors.Join(r.Close(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}
	}
}
