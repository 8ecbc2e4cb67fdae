package file

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// folder is the directory of a store, as far as the store sees it. Tests put one
// in its place that fails, fills up, or loses what was not synced.
type folder interface {
	// open opens a file for reading and writing; with create it is made, or
	// emptied.
	open(name string, create bool) (handle, error)
	rename(from, to string) error
	remove(name string) error
	// sync makes renames durable.
	sync() error
}

// handle is an open file.
type handle interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Size() (int64, error)
	// Sync returns when everything written is on the disk.
	Sync() error
}

// directory is a folder on the disk. Files are for their owner alone: they hold
// the telephone numbers of callers.
type directory struct {
	path     string
	readOnly bool
}

const (
	dirMode  = 0o700
	fileMode = 0o600
)

func (d directory) open(name string, create bool) (handle, error) {
	flags := os.O_RDWR
	switch {
	case d.readOnly:
		flags = os.O_RDONLY
	case create:
		flags |= os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(filepath.Join(d.path, name), flags, fileMode)
	if err != nil {
		return nil, err
	}
	return diskFile{f}, nil
}

func (d directory) rename(from, to string) error {
	return os.Rename(filepath.Join(d.path, from), filepath.Join(d.path, to))
}

func (d directory) remove(name string) error {
	err := os.Remove(filepath.Join(d.path, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (d directory) sync() error { return syncDirectory(d.path) }

// syncDirectory makes durable which files a directory has. Windows keeps that by
// itself and has no such call.
func syncDirectory(path string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "plan9" || runtime.GOOS == "js" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// diskFile is a file on the disk.
type diskFile struct{ *os.File }

func (f diskFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f diskFile) Sync() error { return syncData(f.File) }
