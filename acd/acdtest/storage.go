package acdtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/acdkit/acdkit/acd"
)

// StorageUnderTest is data that a store keeps, for [TestStorage].
type StorageUnderTest struct {
	// Open opens the store over the data, which is empty at first; the next
	// time over what was kept. What it returned before was closed, if it is an
	// io.Closer, and is not used any more.
	Open func() (acd.Storage, error)
	// Crash lets the process die that has the store open: from now on Open
	// finds what would be left of the data. For a store on disk it copies the
	// files and lets Open use the copies. The store that was open is closed
	// later, if it is an io.Closer, and must not change the copies by it. nil: a
	// crash is not tested.
	Crash func() error
}

// TestStorage checks that a store keeps the contract of [acd.Storage]: every law
// is a parallel subtest of t. fresh makes data for one of them, which is empty and
// shared with no other.
//
//	func TestStore(t *testing.T) {
//		acdtest.TestStorage(t, func(t *testing.T) acdtest.StorageUnderTest {
//			dir := t.TempDir()
//			return acdtest.StorageUnderTest{Open: func() (acd.Storage, error) { return mystore.Open(dir) }}
//		})
//	}
//
// Run it with the race detector too. That nothing is lost when the machine loses
// power no test in one process can see.
func TestStorage[Sub T[Sub]](t Sub, fresh func(Sub) StorageUnderTest) {
	t.Helper()
	for _, law := range storageLaws {
		t.Run(law.name, func(t Sub) {
			t.Helper()
			t.Parallel()
			if err := law.holds(fresh(t)); err != nil {
				t.Fatalf("%v", err)
			}
		})
	}
}

// storageLaw is one law that a store must keep.
type storageLaw struct {
	name  string
	check func(s *shelf) error
}

// holds checks the law on fresh data, and closes what it opened.
func (l *storageLaw) holds(data StorageUnderTest) (err error) {
	s := &shelf{StorageUnderTest: data, want: fold{}}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.reopen(); err != nil {
		return err
	}
	return l.check(s)
}

// shelf is a store under test, with what must be in it.
type shelf struct {
	StorageUnderTest
	store acd.Storage
	left  []acd.Storage // by a crash
	want  fold
}

// reopen closes the store and opens it again over the same data.
func (s *shelf) reopen() error {
	if err := closeStore(s.store); err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	s.store = nil
	store, err := s.Open()
	if err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	s.store = store
	return nil
}

// crash opens the store as after the death of its process, or as reopen does if
// it cannot be told.
func (s *shelf) crash() error {
	if s.Crash == nil {
		return s.reopen()
	}
	if err := s.Crash(); err != nil {
		return fmt.Errorf("crash: %w", err)
	}
	s.left = append(s.left, s.store)
	s.store = nil
	return s.reopen()
}

func (s *shelf) close() error {
	err := closeStore(s.store)
	for _, store := range s.left {
		err = errors.Join(err, closeStore(store))
	}
	return err
}

func closeStore(store acd.Storage) error {
	if c, ok := store.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// batchOf makes a batch of keys and values in turn.
func batchOf(epoch, seq uint64, pairs ...string) acd.Batch {
	b := acd.Batch{Epoch: epoch, Seq: seq}
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Records = append(b.Records, acd.Record{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return b
}

// keep adds a batch to what must be there.
func (f fold) keep(b acd.Batch) {
	for _, rec := range b.Records {
		if len(rec.Value) == 0 {
			delete(f, rec.Key)
		} else {
			f[rec.Key] = string(rec.Value)
		}
	}
}

// commit commits a batch that must be kept.
func (s *shelf) commit(b acd.Batch) error {
	if err := s.store.Commit(context.Background(), b); err != nil {
		return fmt.Errorf("Commit of epoch %d, seq %d: %w", b.Epoch, b.Seq, err)
	}
	s.want.keep(b)
	return nil
}

// repeat commits a batch that must be taken for one that was kept before.
func (s *shelf) repeat(b acd.Batch) error {
	if err := s.store.Commit(context.Background(), b); err != nil {
		return fmt.Errorf("Commit of epoch %d, seq %d, which was kept before: %w", b.Epoch, b.Seq, err)
	}
	return s.check("after a batch that was kept before")
}

// fenced commits a batch of an epoch that is over.
func (s *shelf) fenced(b acd.Batch) error {
	err := s.store.Commit(context.Background(), b)
	if err == nil {
		return fmt.Errorf("Commit of epoch %d, which is over, says nil: want an error that wraps ErrFenced", b.Epoch)
	}
	if !errors.Is(err, acd.ErrFenced) {
		return fmt.Errorf("Commit of epoch %d, which is over: want an error that wraps ErrFenced: %w", b.Epoch, err)
	}
	return s.check("after a batch of an older epoch")
}

// load reads what begins with prefix; each key must come once.
func (s *shelf) load(prefix string) (map[string]string, error) {
	got := map[string]string{}
	for rec, err := range s.store.Load(context.Background(), prefix) {
		if err != nil {
			return nil, fmt.Errorf("Load of %q: %w", prefix, err)
		}
		if _, twice := got[rec.Key]; twice {
			return nil, fmt.Errorf("Load of %q yields key %q twice", prefix, rec.Key)
		}
		if len(rec.Value) == 0 {
			return nil, fmt.Errorf("Load of %q yields key %q without a value: it was deleted", prefix, rec.Key)
		}
		got[rec.Key] = string(rec.Value)
	}
	return got, nil
}

// check compares what is there with what must be.
func (s *shelf) check(when string) error { return s.checkPrefix(when, "") }

func (s *shelf) checkPrefix(when, prefix string) error {
	got, err := s.load(prefix)
	if err != nil {
		return err
	}
	want := maps.Clone(s.want)
	maps.DeleteFunc(want, func(key, _ string) bool { return !strings.HasPrefix(key, prefix) })
	if key := difference(want, got); key != "" {
		return fmt.Errorf("%s: Load of %q yields for %s", when, prefix, clip(key))
	}
	return nil
}

// checkBoth checks now and when the store was opened again.
func (s *shelf) checkBoth(when string) error {
	if err := s.check(when); err != nil {
		return err
	}
	if err := s.crash(); err != nil {
		return err
	}
	if err := s.check(when + ", and a crash"); err != nil {
		return err
	}
	if err := s.reopen(); err != nil {
		return err
	}
	return s.check(when + ", and opened again")
}

// clip shortens what is in a message.
func clip(text string) string {
	const most = 300
	if len(text) > most {
		text = text[:most] + "…"
	}
	return strings.ToValidUTF8(text, "?")
}
