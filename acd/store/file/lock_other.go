//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package file

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// sentinel is a file that is there as long as the directory is in use. These
// systems have no lock in the standard library: the file of a process that was
// killed must be removed by hand.
type sentinel struct{ path string }

// lockDirectory makes the file, or says at once that it is there.
func lockDirectory(dir string) (lock, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("%w: if no process has, remove %s", ErrLocked, path)
	case err != nil:
		return nil, err
	}
	return sentinel{path}, f.Close()
}

// release removes the file.
func (l sentinel) release() error { return os.Remove(l.path) }
