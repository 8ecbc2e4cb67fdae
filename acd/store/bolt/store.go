package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/acdkit/acdkit/acd"
)

// What the errors of this package wrap.
var (
	// ErrLocked: another process, or another Store of this one, has the file
	// open. Only one may: the other must be closed first.
	ErrLocked = errors.New("acd/store/bolt: file is in use by another store")
	// ErrNewer: the file has a format that is newer than this library.
	ErrNewer = errors.New("acd/store/bolt: written by a newer version")
	// ErrDamaged: the file is not what was written.
	ErrDamaged = errors.New("acd/store/bolt: damaged")
	// ErrClosed: the Store is closed. It wraps [os.ErrClosed].
	ErrClosed = fmt.Errorf("acd/store/bolt: store: %w", os.ErrClosed)
)

// format is the format of the file, as far as it is not bbolt's.
const format = 1

var (
	records = []byte("records")
	own     = []byte("acdkit")
	// In the bucket own.
	keyFormat = []byte("format") // 8 bytes
	keyLast   = []byte("last")   // epoch and seq, 8 bytes each
	keyDigest = []byte("digest") // see digest.go
)

const fileMode = 0o600 // it holds the telephone numbers of callers

// Options of a [Store]. The zero value is good.
type Options struct {
	// Wait is how long to wait for another process that has the file open; 0:
	// not at all. Finding out takes 50 ms all the same.
	Wait time.Duration
}

// Store is an [acd.Storage] in a file of bbolt. It is safe for concurrent use. It
// has no goroutine but while a batch is being written; close it with [Store.Close].
type Store struct {
	// turn is held by whoever uses what is below: one at a time. It is a channel
	// so that waiting for it ends with a context.
	turn   chan struct{}
	closed bool
	broken error // a commit stepped on damage; bbolt may hold its locks for ever
	db     *bbolt.DB
}

var _ acd.Storage = (*Store)(nil)

// Open opens the store in a file, which it makes if need be, and reads all of it, to
// see whether it is what was written. Errors wrap [ErrLocked], [ErrNewer] or
// [ErrDamaged], or are those of the file system. Of some damaged files bbolt keeps the
// lock until the process ends.
func Open(path string, o Options) (*Store, error) {
	const least = 50 * time.Millisecond // 0 would wait for ever
	s := &Store{turn: make(chan struct{}, 1)}
	err := guarded(func() (err error) {
		options := bbolt.Options{
			Timeout:        max(o.Wait, least),
			NoFreelistSync: true, // found again when it is opened: less to write
			FreelistType:   bbolt.FreelistMapType,
		}
		if err := verifyFile(path, options); err != nil {
			return err
		}
		if s.db, err = bbolt.Open(path, fileMode, &options); err != nil {
			return err
		}
		return s.db.Update(prepare)
	})
	if err == nil {
		return s, nil
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	var system *fs.PathError
	var number syscall.Errno
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		err = ErrLocked
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrNewer), errors.As(err, &system), errors.As(err, &number):
	default: // what bbolt says of a file that is none of its own, or too short
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil, fmt.Errorf("acd/store/bolt: open %s: %w", path, err)
}

// verifyFile verifies a file, if there is one, before bbolt looks for its free pages,
// which ends the process where the tree of a damaged one is out of order.
func verifyFile(path string, options bbolt.Options) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	options.ReadOnly = true
	db, err := bbolt.Open(path, fileMode, &options)
	if err != nil {
		return err
	}
	err = guarded(func() error { return db.View(verify) })
	return errors.Join(err, db.Close())
}

// prepare makes the buckets of a new file.
func prepare(tx *bbolt.Tx) error {
	if tx.Bucket(own) != nil {
		return nil // it was verified
	}
	b, err := tx.CreateBucket(own)
	if err != nil {
		return err
	}
	if _, err := tx.CreateBucket(records); err != nil {
		return err
	}
	last := make([]byte, lastSize)
	return errors.Join(
		b.Put(keyFormat, binary.BigEndian.AppendUint64(nil, format)), b.Put(keyLast, last), b.Put(keyDigest, digest{}.seal(last)),
	)
}

// take waits for its turn.
func (s *Store) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	switch {
	case s.closed:
		<-s.turn
		return ErrClosed
	case s.broken != nil:
		<-s.turn
		return s.broken
	}
	return nil
}

// errStop ends a transaction because the loop was left.
var errStop = errors.New("acd/store/bolt: stop")

// Load implements [acd.Storage]: it yields the records by key. Until the loop ends
// a Commit waits.
func (s *Store) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		if err := s.take(ctx); err != nil {
			yield(acd.Record{}, err)
			return
		}
		defer func() { <-s.turn }()
		err := s.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket(records).Cursor()
			next := func() ([]byte, []byte) { return c.Seek([]byte(prefix)) }
			for {
				var rec acd.Record
				there := false
				err := guarded(func() error {
					key, value := next()
					if there = key != nil && bytes.HasPrefix(key, []byte(prefix)); there {
						rec = acd.Record{Key: string(key), Value: bytes.Clone(value)}
					}
					return ctx.Err()
				})
				if err != nil || !there {
					return err
				}
				if !yield(rec, nil) {
					return errStop
				}
				next = c.Next
			}
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(acd.Record{}, err)
		}
	}
}

// Commit implements [acd.Storage]. A batch is one transaction. When ctx ends meanwhile
// Commit returns and the transaction goes on; the next call waits for it.
func (s *Store) Commit(ctx context.Context, b acd.Batch) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	if ctx.Done() == nil {
		defer func() { <-s.turn }()
		return s.keep(b)
	}
	// The slices of b are the caller's again when Commit returns, which may be
	// before the transaction has ended.
	copied := acd.Batch{Epoch: b.Epoch, Seq: b.Seq, Records: make([]acd.Record, len(b.Records))}
	for i, rec := range b.Records {
		copied.Records[i] = acd.Record{Key: rec.Key, Value: bytes.Clone(rec.Value)}
	}
	result := make(chan error, 1)
	go func() {
		err := s.keep(copied)
		<-s.turn
		result <- err
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("acd/store/bolt: still writing: %w", ctx.Err())
	}
}

// errKept ends a transaction because its batch was kept before.
var errKept = errors.New("acd/store/bolt: kept before")

func (s *Store) keep(b acd.Batch) error {
	err := guarded(func() error { return s.db.Update(func(tx *bbolt.Tx) error { return put(tx, b) }) })
	switch {
	case err == nil, errors.Is(err, errKept):
		return nil
	case errors.Is(err, acd.ErrFenced):
		return err
	case errors.Is(err, ErrDamaged):
		s.broken = fmt.Errorf("acd/store/bolt: commit: %w", err)
		return s.broken
	default:
		return fmt.Errorf("acd/store/bolt: commit: %w", err)
	}
}

// put puts a batch into the buckets.
func put(tx *bbolt.Tx, b acd.Batch) error {
	meta, bucket := tx.Bucket(own), tx.Bucket(records)
	last := meta.Get(keyLast)
	switch keep, err := b.Follows(binary.BigEndian.Uint64(last), binary.BigEndian.Uint64(last[8:])); {
	case err != nil:
		return err
	case !keep:
		return errKept
	}
	d := digestOf(meta.Get(keyDigest))
	for i := range b.Records {
		key, value := []byte(b.Records[i].Key), b.Records[i].Value
		if old := bucket.Get(key); old != nil {
			d.remove(key, old)
		}
		var err error
		if len(value) == 0 {
			err = bucket.Delete(key)
		} else {
			d.add(key, value)
			err = bucket.Put(key, value)
		}
		if err != nil {
			return err
		}
	}
	last = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, b.Epoch), b.Seq)
	return errors.Join(meta.Put(keyLast, last), meta.Put(keyDigest, d.seal(last)))
}

// Check reads all of the file and verifies that it is what was written, and that its
// pages fit together; commits wait for it. Errors wrap [ErrDamaged].
func (s *Store) Check(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	if err := guarded(func() error { return s.db.View(verify) }); err != nil {
		return err
	}
	return s.db.View(func(tx *bbolt.Tx) error { // in a goroutine of bbolt's: nothing guards it
		var errs []error
		for err := range tx.Check() {
			errs = append(errs, fmt.Errorf("%w: %w", ErrDamaged, err))
		}
		return errors.Join(errs...)
	})
}

// Close waits for what is being written and closes the file. It may be called more
// than once. If a Commit has found damage the file stays in use until the process ends.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.broken != nil {
		return s.broken
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("acd/store/bolt: close: %w", err)
	}
	return nil
}
