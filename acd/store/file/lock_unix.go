//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package file

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// flock is an advisory lock of the system on an open file.
type flock struct{ f *os.File }

// lockDirectory takes the lock, or says at once that somebody else has it.
func lockDirectory(dir string) (lock, error) {
	path := filepath.Join(dir, lockName)
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
		if err != nil {
			return nil, err
		}
		if err := tryLock(f); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		// Somebody may have replaced the file meanwhile: then this is a lock on
		// nothing, and another process has the one that counts.
		held := flock{f}
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, held.release())
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(mine, there) {
			return held, nil
		}
		if err := held.release(); err != nil {
			return nil, err
		}
	}
}

func tryLock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		default:
			return &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
	}
}

// release ends the lock and closes the file. Closing alone would not do: a process
// that is being started at this moment has a copy of every descriptor between fork
// and exec, and the lock would live as long as the last copy.
func (l flock) release() error {
	return errors.Join(syscall.Flock(int(l.f.Fd()), syscall.LOCK_UN), l.f.Close())
}
