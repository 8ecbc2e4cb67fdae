//go:build !linux

package file

import "os"

// syncData returns when the contents of a file are on the disk.
func syncData(f *os.File) error { return f.Sync() }
