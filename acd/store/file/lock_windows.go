package file

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// sharing is the number of the error that a file is open elsewhere.
const sharing = syscall.Errno(32) // ERROR_SHARING_VIOLATION

// exclusive is a file opened without sharing it.
type exclusive struct{ h syscall.Handle }

// lockDirectory takes the lock, or says at once that somebody else has it.
func lockDirectory(dir string) (lock, error) {
	path := filepath.Join(dir, lockName)
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, sharing):
		return nil, ErrLocked
	case err != nil:
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return exclusive{h}, nil
}

// release closes the file, which ends the lock.
func (l exclusive) release() error { return syscall.CloseHandle(l.h) }
