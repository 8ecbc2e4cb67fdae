package file

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/acd"
)

// Options of a [Store]. The zero value is good.
type Options struct {
	// CompactAfter is how many bytes are added to the log before it is written
	// anew as a snapshot; 0: 4 MiB. It waits until the log has also doubled, so
	// that every byte is written about twice.
	CompactAfter int64
}

const defaultCompactAfter = 4 << 20

// Store is an [acd.Storage] in a directory. It is safe for concurrent use. It has
// no goroutine but while something is being written; close it with [Store.Close].
type Store struct {
	dir     folder
	lock    lock
	options Options

	// turn is held by whoever uses what is below: one at a time. It is a channel
	// so that waiting for it ends with a context.
	turn chan struct{}

	closed     bool
	log, mark  handle
	header     header
	base, size int64 // of the snapshot in the log, and of the log, as acknowledged
	epoch, seq uint64
	values     map[string][]byte // values are never changed in place
	live       int64             // bytes of keys and values
	broken     error             // why the log must be written anew before anything is added
	buf        []byte

	compacting  chan struct{} // closed when the log has been written anew; nil: it is not
	stop        chan struct{} // closed by Close
	compactions int
	failed      error // of the last compaction
	retryAt     int64 // size of the log at which one that failed is tried again
}

var _ acd.Storage = (*Store)(nil)

// Open opens the store in a directory, which it makes if need be, and reads it. A
// batch that a crash has torn is dropped: it was not acknowledged. Errors wrap
// [ErrLocked], [ErrDamaged] or [ErrNewer], or are those of the file system.
func Open(dir string, o Options) (*Store, error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, dirMode); err != nil {
			return nil, fmt.Errorf("acd/store/file: open: %w", err)
		}
		if err := syncDirectory(filepath.Dir(filepath.Clean(dir))); err != nil {
			return nil, fmt.Errorf("acd/store/file: open: %w", err)
		}
	}
	held, err := lockDirectory(dir)
	if err != nil {
		return nil, fmt.Errorf("acd/store/file: open %s: %w", dir, err)
	}
	s, err := open(directory{path: dir}, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("acd/store/file: open %s: %w", dir, err), held.release())
	}
	s.lock = held
	return s, nil
}

// open opens the store in a folder that nobody else uses.
func open(dir folder, o Options) (*Store, error) {
	if o.CompactAfter <= 0 {
		o.CompactAfter = defaultCompactAfter
	}
	s := &Store{
		dir: dir, options: o, turn: make(chan struct{}, 1), stop: make(chan struct{}),
		values: make(map[string][]byte),
	}
	for _, name := range []string{newLogName, fixLogName, newMarkName} { // a crash has left them
		if err := dir.remove(name); err != nil {
			return nil, err
		}
	}
	m, err := readMark(dir)
	if err != nil {
		return nil, err
	}
	switch s.log, err = dir.open(logName, false); {
	case err == nil:
		err = s.recover(m)
	case !errors.Is(err, fs.ErrNotExist):
	case m != nil:
		err = &DamageError{logName, 0, "is missing"}
	default:
		err = s.create()
	}
	if err == nil && s.mark == nil {
		s.mark, err = dir.open(markName, false)
	}
	if err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	return s, nil
}

// create makes the files of a new store. A crash between the two leaves a log in
// which nothing is.
func (s *Store) create() error {
	if _, err := rand.Read(s.header.id[:]); err != nil {
		return err
	}
	if err := s.rewrite(); err != nil {
		return err
	}
	return s.makeMark()
}

func (s *Store) makeMark() error {
	return writeMark(s.dir, &mark{s.header.id, s.header.generation, s.size})
}

// recover reads the log.
func (s *Store) recover(m *mark) error {
	c, err := readLog(s.log, m, s.keep)
	if err != nil {
		return err
	}
	s.header, s.base, s.size, s.epoch, s.seq = c.header, c.base, c.end, c.epoch, c.seq
	if m == nil {
		if c.epoch > 0 || len(s.values) > 0 {
			return &DamageError{markName, 0, "is missing"}
		}
		return s.makeMark()
	}
	if s.mark, err = s.dir.open(markName, false); err != nil {
		return err
	}
	if m.generation == c.header.generation && m.size == c.size {
		return nil
	}
	// The process or the machine died before the mark said the last word. What
	// lies behind it may be in the memory of the system alone, and a sync that
	// failed before the crash is not reported again: so it is written anew.
	return s.rewrite()
}

// keep takes a record into the values.
func (s *Store) keep(rec acd.Record) {
	if old, ok := s.values[rec.Key]; ok {
		s.live -= int64(len(rec.Key) + len(old))
	}
	if len(rec.Value) == 0 {
		delete(s.values, rec.Key)
		return
	}
	s.live += int64(len(rec.Key) + len(rec.Value))
	s.values[rec.Key] = bytes.Clone(rec.Value)
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

// Load implements [acd.Storage]: it yields the records by key, as they were when
// the loop began.
func (s *Store) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		if err := s.take(ctx); err != nil {
			yield(acd.Record{}, err)
			return
		}
		all := s.snapshot(prefix)
		<-s.turn
		byKey(all)
		for i := range all {
			if err := ctx.Err(); err != nil {
				yield(acd.Record{}, err)
				return
			}
			if !yield(acd.Record{Key: all[i].Key, Value: bytes.Clone(all[i].Value)}, nil) {
				return
			}
		}
	}
}

// snapshot returns the records whose keys begin with prefix, in no order. The
// values must not be changed.
func (s *Store) snapshot(prefix string) []acd.Record {
	var all []acd.Record
	if prefix == "" {
		all = make([]acd.Record, 0, len(s.values))
	}
	for key, value := range s.values {
		if strings.HasPrefix(key, prefix) {
			all = append(all, acd.Record{Key: key, Value: value})
		}
	}
	return all
}

func byKey(all []acd.Record) {
	slices.SortFunc(all, func(a, b acd.Record) int { return strings.Compare(a.Key, b.Key) })
}

// Commit implements [acd.Storage]. A batch is one write and one sync. When ctx ends
// meanwhile Commit returns and the write goes on; the next call waits for it.
//
// After an error the store goes on: what was written in part is cut off, and after
// a failed sync, which says nothing of what is on the disk, the next Commit writes
// the whole log anew. On a full disk every Commit fails until there is room.
func (s *Store) Commit(ctx context.Context, b acd.Batch) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	if keep, err := b.Follows(s.epoch, s.seq); !keep {
		<-s.turn
		return err
	}
	// The slices of b are the caller's again when Commit returns, which may be
	// before the write has ended.
	s.buf = startFrame(s.buf)
	for i := range b.Records {
		s.buf = appendRecord(s.buf, b.Records[i].Key, b.Records[i].Value)
	}
	epoch, seq := b.Epoch, b.Seq
	if ctx.Done() == nil {
		defer func() { <-s.turn }()
		return s.add(epoch, seq)
	}
	result := make(chan error, 1)
	go func() {
		err := s.add(epoch, seq)
		<-s.turn
		result <- err
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("acd/store/file: still writing: %w", ctx.Err())
	}
}

// add keeps the batch whose frame is in buf.
func (s *Store) add(epoch, seq uint64) error {
	if s.broken != nil {
		if err := s.rewrite(); err != nil {
			return fmt.Errorf("acd/store/file: write the log anew after %w: %w", s.broken, err)
		}
	}
	b, err := endFrame(s.buf, kindBatch, epoch, seq, s.header.generation)
	if err != nil {
		return err
	}
	s.buf = b
	if _, err := s.log.WriteAt(b, s.size); err != nil {
		s.broken = s.cutOff()
		return fmt.Errorf("acd/store/file: append: %w", err)
	}
	if err := s.log.Sync(); err != nil {
		s.broken = err
		return fmt.Errorf("acd/store/file: append: %w", err)
	}
	s.size += int64(len(b))
	s.epoch, s.seq = epoch, seq
	records(b[frameSize:len(b)-1], s.keep)
	s.writeMark()
	if cap(s.buf) > 1<<20 {
		s.buf = nil
	}
	s.compactIfDue()
	return nil
}

// cutOff takes away what was written of a batch in part. It is synced: else a crash
// could leave some of it behind a shorter batch that comes next.
func (s *Store) cutOff() error {
	if err := s.log.Truncate(s.size); err != nil {
		return err
	}
	return s.log.Sync()
}

// writeMark says that the log was acknowledged as far as it goes. An error is
// none of the batch, which is safe: only damage would be told less exactly, until
// the next mark.
func (s *Store) writeMark() {
	m := mark{s.header.id, s.header.generation, s.size}
	_, _ = s.mark.WriteAt(m.bytes(), 0)
}

// Close waits for what is being written, leaves the directory to the next, and
// returns. It may be called more than once.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	if s.closed {
		<-s.turn
		return nil
	}
	s.closed = true
	close(s.stop)
	compacting := s.compacting
	<-s.turn
	if compacting != nil {
		<-compacting
	}
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	err := s.mark.Sync()
	err = errors.Join(err, s.closeFiles())
	s.values = nil
	if s.lock != nil {
		err = errors.Join(err, s.lock.release())
	}
	if err != nil {
		return fmt.Errorf("acd/store/file: close: %w", err)
	}
	return nil
}

func (s *Store) closeFiles() error {
	var errs []error
	for _, f := range []handle{s.log, s.mark} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// Stats says how a [Store] does.
type Stats struct {
	Epoch, Seq  uint64 // of the last batch kept
	Records     int
	LiveBytes   int64 // of their keys and values
	LogBytes    int64 // of the log
	Compactions int   // since Open
	// Err is why the last compaction failed; nil: it did not. Nothing is lost by
	// it, the log grows on.
	Err error
}

// Stats returns how the store does; it waits for a commit that runs. Of a closed
// store it is as it was at its end, without the records.
func (s *Store) Stats() Stats {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	return Stats{
		Epoch: s.epoch, Seq: s.seq, Records: len(s.values), LiveBytes: s.live, LogBytes: s.size,
		Compactions: s.compactions, Err: s.failed,
	}
}
