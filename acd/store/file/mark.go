package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
)

// The mark says how much of the log was acknowledged. It is overwritten in place
// after every batch, and not synced: what a crash of the machine leaves of it is an
// older mark, which is true as well. After the death of the process alone it is
// exact, and so it is after Close, which syncs it.
//
//	 0  "acdmark\n"
//	 8  format, 4 bytes
//	12  0, 4 bytes
//	16  id of the store, 16 bytes
//	32  generation of the log, 8 bytes
//	40  bytes of the log, 8 bytes
//	48  0, 12 bytes
//	60  checksum of the bytes before, 4 bytes
const (
	markName    = "acd.mark"
	newMarkName = "acd.mark.new"
	markSize    = 64
)

var markMagic = [8]byte{'a', 'c', 'd', 'm', 'a', 'r', 'k', '\n'}

type mark struct {
	id         storeID
	generation uint64
	size       int64
}

func (m *mark) bytes() []byte {
	b := make([]byte, markSize)
	copy(b, markMagic[:])
	binary.LittleEndian.PutUint32(b[8:], format)
	copy(b[16:], m.id[:])
	binary.LittleEndian.PutUint64(b[32:], m.generation)
	binary.LittleEndian.PutUint64(b[40:], uint64(m.size)) //nolint:gosec // a size
	binary.LittleEndian.PutUint32(b[60:], crc32.Checksum(b[:60], castagnoli))
	return b
}

// readMark reads the mark of a store; nil if there is none. One that is being
// written at this very moment is read again.
func readMark(dir folder) (m *mark, err error) {
	for range 3 {
		if m, err = readMarkOnce(dir); !errors.Is(err, ErrDamaged) {
			break
		}
	}
	return m, err
}

func readMarkOnce(dir folder) (*mark, error) {
	f, err := dir.open(markName, false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	if size != markSize {
		return nil, &DamageError{markName, min(size, markSize), fmt.Sprintf("has %d bytes instead of %d", size, markSize)}
	}
	b := make([]byte, markSize)
	if _, err := f.ReadAt(b, 0); err != nil {
		return nil, err
	}
	return parseMark(b)
}

func parseMark(b []byte) (*mark, error) {
	switch {
	case !bytes.Equal(b[:8], markMagic[:]):
		return nil, &DamageError{markName, 0, "is not the mark of a store"}
	case crc32.Checksum(b[:60], castagnoli) != binary.LittleEndian.Uint32(b[60:]):
		return nil, &DamageError{markName, 0, "has a wrong checksum"}
	case binary.LittleEndian.Uint32(b[8:]) > format:
		return nil, &VersionError{markName, binary.LittleEndian.Uint32(b[8:]), format}
	}
	m := &mark{generation: binary.LittleEndian.Uint64(b[32:]), size: int64(binary.LittleEndian.Uint64(b[40:]))} //nolint:gosec // a size
	copy(m.id[:], b[16:])
	return m, nil
}

// writeMark makes the mark of a new store.
func writeMark(dir folder, m *mark) error {
	f, err := dir.open(newMarkName, true)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(m.bytes(), 0)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := dir.rename(newMarkName, markName); err != nil {
		return err
	}
	return dir.sync()
}
