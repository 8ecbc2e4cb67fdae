package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
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
	db     *bbolt.DB
}

var _ acd.Storage = (*Store)(nil)

// Open opens the store in a file, which it makes if need be. Errors wrap
// [ErrLocked], [ErrNewer] or [ErrDamaged], or are those of bbolt and the file system.
func Open(path string, o Options) (*Store, error) {
	const least = 50 * time.Millisecond // 0 would wait for ever
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{
		Timeout:        max(o.Wait, least),
		NoFreelistSync: true, // found again when it is opened: less to write
		FreelistType:   bbolt.FreelistMapType,
	})
	if err == nil {
		s := &Store{turn: make(chan struct{}, 1), db: db}
		if err = db.Update(s.prepare); err == nil {
			return s, nil
		}
		err = errors.Join(err, db.Close())
	}
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		err = ErrLocked
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil, fmt.Errorf("acd/store/bolt: open %s: %w", path, err)
}

// prepare makes the buckets of a new file, and looks at the format of an old one.
func (s *Store) prepare(tx *bbolt.Tx) error {
	b := tx.Bucket(own)
	if b == nil {
		if key, _ := tx.Cursor().First(); key != nil {
			return fmt.Errorf("%w: it is a file of something else", ErrDamaged)
		}
		b, err := tx.CreateBucket(own)
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucket(records); err != nil {
			return err
		}
		return errors.Join(b.Put(keyFormat, binary.BigEndian.AppendUint64(nil, format)), b.Put(keyLast, make([]byte, 16)))
	}
	switch v := b.Get(keyFormat); {
	case len(v) != 8 || len(b.Get(keyLast)) != 16 || tx.Bucket(records) == nil:
		return fmt.Errorf("%w: a part is missing", ErrDamaged)
	case binary.BigEndian.Uint64(v) > format:
		return fmt.Errorf("%w: format %d, this library reads up to %d", ErrNewer, binary.BigEndian.Uint64(v), format)
	}
	return nil
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
	if s.closed {
		<-s.turn
		return ErrClosed
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
			for key, value := c.Seek([]byte(prefix)); key != nil && bytes.HasPrefix(key, []byte(prefix)); key, value = c.Next() {
				if err := ctx.Err(); err != nil {
					return err
				}
				if !yield(acd.Record{Key: string(key), Value: bytes.Clone(value)}, nil) {
					return errStop
				}
			}
			return nil
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
	err := s.db.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(own)
		last := meta.Get(keyLast)
		epoch, seq := binary.BigEndian.Uint64(last), binary.BigEndian.Uint64(last[8:])
		switch keep, err := b.Follows(epoch, seq); {
		case err != nil:
			return err
		case !keep:
			return errKept
		}
		bucket := tx.Bucket(records)
		for i := range b.Records {
			key, value := []byte(b.Records[i].Key), b.Records[i].Value
			var err error
			if len(value) == 0 {
				err = bucket.Delete(key)
			} else {
				err = bucket.Put(key, value)
			}
			if err != nil {
				return err
			}
		}
		return meta.Put(keyLast, binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, b.Epoch), b.Seq))
	})
	switch {
	case err == nil, errors.Is(err, errKept):
		return nil
	case errors.Is(err, acd.ErrFenced):
		return err
	default:
		return fmt.Errorf("acd/store/bolt: commit: %w", err)
	}
}

// Check reads all pages of the file and verifies that they fit together; commits
// wait for it. Errors wrap [ErrDamaged].
func (s *Store) Check(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	return s.db.View(func(tx *bbolt.Tx) error {
		var errs []error
		for err := range tx.Check() {
			errs = append(errs, fmt.Errorf("%w: %w", ErrDamaged, err))
		}
		return errors.Join(errs...)
	})
}

// Close waits for what is being written and closes the file. It may be called more
// than once.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("acd/store/bolt: close: %w", err)
	}
	return nil
}
