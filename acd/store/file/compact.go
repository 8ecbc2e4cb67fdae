package file

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/acdkit/acdkit/acd"
)

// Compaction writes the log anew: the records that live as a snapshot, and behind
// it the batches that came meanwhile. The new log gets the name of the old one by a
// rename when all of it is on the disk, and from then on batches are added to it.
// A crash leaves one or the other, whole.

// partSize is about how large the frames of a snapshot are.
const partSize = 1 << 18

// errStopped ends a compaction because the store is being closed.
var errStopped = errors.New("acd/store/file: closed meanwhile")

// compactIfDue starts a compaction if the log has grown enough. It goes on while
// batches are added, and takes its turn only to copy those.
func (s *Store) compactIfDue() {
	if s.compacting != nil || s.size-s.base < max(s.options.CompactAfter, s.base) || s.size < s.retryAt {
		return
	}
	s.compacting = make(chan struct{})
	job := s.compaction(newLogName)
	go job.run(s.snapshot(""))
}

// compaction is a log that is being written anew.
type compaction struct {
	store      *Store
	header     header
	epoch, seq uint64 // of the snapshot
	from       int64  // where the old log ended when the snapshot was taken
	name       string // of the new log until it is done
	file       handle
	base, size int64 // of the new log
}

// compaction is one of the state as it is now.
func (s *Store) compaction(name string) compaction {
	return compaction{
		store: s, name: name, header: header{s.header.id, s.header.generation + 1},
		from: s.size, epoch: s.epoch, seq: s.seq,
	}
}

// run is the goroutine of a compaction.
func (c *compaction) run(all []acd.Record) {
	s := c.store
	err := c.write(all)
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if err == nil && s.closed {
		err = errStopped
	}
	if err == nil && s.broken == nil && s.header.generation+1 == c.header.generation {
		err = c.finish()
	} else {
		err = errors.Join(err, c.drop())
	}
	if s.failed = err; errors.Is(err, errStopped) {
		s.failed = nil
	}
	if err != nil {
		s.retryAt = s.size + s.options.CompactAfter
	}
	close(s.compacting)
	s.compacting = nil
}

// write writes the snapshot and syncs it.
func (c *compaction) write(all []acd.Record) (err error) {
	byKey(all)
	if c.file, err = c.store.dir.open(c.name, true); err != nil {
		return err
	}
	if err := c.put(c.header.bytes()); err != nil {
		return err
	}
	b := startFrame(nil)
	for i := range all {
		b = appendRecord(b, all[i].Key, all[i].Value)
		if len(b) < partSize {
			continue
		}
		if err := c.frame(b, kindPart); err != nil {
			return err
		}
		b = startFrame(b)
		select {
		case <-c.store.stop:
			return errStopped
		default:
		}
	}
	if len(b) > frameSize {
		if err := c.frame(b, kindPart); err != nil {
			return err
		}
	}
	if err := c.frame(startFrame(b), kindEnd); err != nil {
		return err
	}
	c.base = c.size
	return c.file.Sync()
}

func (c *compaction) frame(b []byte, kind byte) error {
	b, err := endFrame(b, kind, c.epoch, c.seq, c.header.generation)
	if err != nil {
		return err
	}
	return c.put(b)
}

func (c *compaction) put(b []byte) error {
	_, err := c.file.WriteAt(b, c.size)
	c.size += int64(len(b))
	return err
}

// drop removes what was written.
func (c *compaction) drop() error {
	var err error
	if c.file != nil {
		err = c.file.Close()
	}
	return errors.Join(err, c.store.dir.remove(c.name))
}

// finish copies the batches that came meanwhile and puts the new log in place of
// the old one. The turn must be held.
func (c *compaction) finish() error {
	if err := c.copyTail(); err != nil {
		return errors.Join(err, c.drop())
	}
	return c.replace()
}

// copyTail copies the frames behind the snapshot.
func (c *compaction) copyTail() error {
	s := c.store
	if c.from == s.size {
		return nil
	}
	tail := make([]byte, s.size-c.from)
	if _, err := s.log.ReadAt(tail, c.from); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for rest := tail; len(rest) > 0; {
		var f frame
		ok := len(rest) > frameSize
		if ok {
			f, ok = parseFrame(rest, s.header.generation)
		}
		if !ok || f.size() > int64(len(rest)) {
			return &DamageError{logName, s.size - int64(len(rest)), "a frame cannot be read again"}
		}
		f.put(rest, c.header.generation)
		rest = rest[f.size():]
	}
	if err := c.put(tail); err != nil {
		return err
	}
	return c.file.Sync()
}

// replace puts the new log, which is on the disk, in place of the old one. Both
// are closed for it, as not every system renames open files. If anything fails
// there may be no log to add to any more, and none that a crash could not undo: the
// next batch then has it written anew.
func (c *compaction) replace() error {
	s := c.store
	errs := []error{c.file.Close()}
	if s.log != nil {
		errs = append(errs, s.log.Close())
		s.log = nil
	}
	if err := errors.Join(errs...); err != nil {
		s.broken = err
		return errors.Join(err, s.dir.remove(c.name))
	}
	if err := s.dir.rename(c.name, logName); err != nil {
		return errors.Join(err, s.reopen(), s.dir.remove(c.name))
	}
	err := s.dir.sync()
	if err == nil {
		s.log, err = s.dir.open(logName, false)
	}
	// Whether it is in place or not, no later log may have its generation.
	s.header = c.header
	if err != nil {
		s.broken = err
		return err
	}
	s.broken, s.base, s.size, s.retryAt = nil, c.base, c.size, 0
	s.compactions++
	if s.mark != nil {
		s.writeMark()
	}
	return nil
}

// reopen opens the old log again when a new one could not take its place: on Windows
// that is so while somebody reads it.
func (s *Store) reopen() error {
	f, err := s.dir.open(logName, false)
	if err != nil {
		s.broken = err
		return err
	}
	b := make([]byte, headerSize)
	_, err = f.ReadAt(b, 0)
	h, perr := parseHeader(b)
	if err = errors.Join(err, perr); err != nil || h != s.header {
		s.broken = fmt.Errorf("acd/store/file: %s is another one: %w", logName, cmp.Or(err, ErrDamaged))
		return errors.Join(s.broken, f.Close())
	}
	s.log = f
	return nil
}

// rewrite writes the log anew out of what is in memory, which is what was
// acknowledged. The turn must be held. A compaction that runs gives up when it finds
// that the log is another one.
func (s *Store) rewrite() error {
	c := s.compaction(fixLogName)
	if err := c.write(s.snapshot("")); err != nil {
		return errors.Join(err, c.drop())
	}
	return c.replace()
}
