package file

import (
	"errors"
	"fmt"
	"os"
)

// What the errors of this package wrap.
var (
	// ErrLocked: another process, or another Store of this one, has the
	// directory open. Only one may: the other must be closed first.
	ErrLocked = errors.New("acd/store/file: directory is in use by another store")
	// ErrDamaged is what every *[DamageError] wraps.
	ErrDamaged = errors.New("acd/store/file: damaged")
	// ErrNewer is what every *[VersionError] wraps.
	ErrNewer = errors.New("acd/store/file: written by a newer version")
	// ErrClosed: the Store is closed. It wraps [os.ErrClosed].
	ErrClosed = fmt.Errorf("acd/store/file: store: %w", os.ErrClosed)
)

// DamageError says that what was kept is not there any more as it was written: a
// bit has flipped, a file is missing or shorter than it has been. Nothing of the
// store is used then. It wraps [ErrDamaged].
type DamageError struct {
	File   string // name of the file, without its directory
	Offset int64  // of the first byte that cannot be trusted
	Text   string // what is wrong
}

// Error returns e.g. "acd/store/file: damaged: acd.log at byte 4096: …".
func (e *DamageError) Error() string {
	return fmt.Sprintf("%v: %s at byte %d: %s", ErrDamaged, e.File, e.Offset, e.Text)
}

// Unwrap returns [ErrDamaged].
func (*DamageError) Unwrap() error { return ErrDamaged }

// VersionError says that a file has a format that is newer than this library. It
// wraps [ErrNewer].
type VersionError struct {
	File    string
	Version uint32 // of the file
	Reads   uint32 // the newest that this library reads
}

// Error names the file and both versions.
func (e *VersionError) Error() string {
	return fmt.Sprintf("%v: %s has format %d, this library reads up to %d", ErrNewer, e.File, e.Version, e.Reads)
}

// Unwrap returns [ErrNewer].
func (*VersionError) Unwrap() error { return ErrNewer }
