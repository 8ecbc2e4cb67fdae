package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc64"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// digest is how many records there are and the sum of their checksums, in no order.
// bbolt has checksums of its two meta pages alone: a bit that flips in another page
// would change a record, or lose some, and nobody could tell.
type digest struct{ records, sum uint64 }

var table = crc64.MakeTable(crc64.ECMA)

// sumOf is the checksum of a record. No key has a zero byte.
func sumOf(key, value []byte) uint64 {
	return crc64.Update(crc64.Update(crc64.Checksum(key, table), table, []byte{0}), table, value)
}

func (d *digest) add(key, value []byte) {
	d.records++
	d.sum += sumOf(key, value)
}

func (d *digest) remove(key, value []byte) {
	d.records--
	d.sum -= sumOf(key, value)
}

// How many bytes are kept under keyLast and keyDigest.
const (
	lastSize   = 16
	digestSize = 24
)

// seal returns what is kept under keyDigest: both numbers, and a checksum of them and
// of what is kept under keyLast.
func (d digest) seal(last []byte) []byte {
	b := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, d.records), d.sum)
	return binary.BigEndian.AppendUint64(b, sumOf(last, b))
}

// digestOf is what seal has made.
func digestOf(b []byte) digest {
	return digest{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

// verify looks whether the records are those of the digest, whether each is found by
// its key. Errors wrap [ErrDamaged] or [ErrNewer].
func verify(tx *bbolt.Tx) error {
	b := tx.Bucket(own)
	if b == nil {
		if key, _ := tx.Cursor().First(); key != nil {
			return fmt.Errorf("%w: it is a file of something else", ErrDamaged)
		}
		return nil // new: see prepare
	}
	v, last, kept := b.Get(keyFormat), b.Get(keyLast), b.Get(keyDigest)
	if len(v) != 8 {
		return misfit(keyFormat, v, 8)
	}
	switch is := binary.BigEndian.Uint64(v); {
	case is > format:
		return fmt.Errorf("%w: format %d, this library reads up to %d", ErrNewer, is, format)
	case is < format:
		return fmt.Errorf("%w: format %d: must be %d", ErrDamaged, is, format)
	case len(last) != lastSize:
		return misfit(keyLast, last, lastSize)
	case len(kept) != digestSize:
		return misfit(keyDigest, kept, digestSize)
	case tx.Bucket(records) == nil:
		return fmt.Errorf("%w: the bucket %q is missing", ErrDamaged, records)
	}
	var d digest
	c, finger := tx.Bucket(records).Cursor(), tx.Bucket(records).Cursor()
	for key, value := c.First(); key != nil; key, value = c.Next() {
		d.add(key, value)
		if found, _ := finger.Seek(key); !bytes.Equal(found, key) {
			return fmt.Errorf("%w: record %q is not where it belongs", ErrDamaged, key)
		}
	}
	if want := digestOf(kept); string(want.seal(last)) != string(kept) {
		return fmt.Errorf("%w: the digest has a wrong checksum", ErrDamaged)
	} else if d.records != want.records {
		return fmt.Errorf("%w: it has %d records, %d were written", ErrDamaged, d.records, want.records)
	} else if d.sum != want.sum {
		return fmt.Errorf("%w: one of its %d records is not the one that was written", ErrDamaged, d.records)
	}
	return nil
}

// misfit says what is wrong with what is kept under a key of the bucket own.
func misfit(key, value []byte, size int) error {
	return fmt.Errorf("%w: %q has %d bytes: must be %d", ErrDamaged, key, len(value), size)
}

// guarded carries out f. bbolt panics where it steps on a damaged page, and a file that
// is shorter than its pages say ends in a fault of the memory it is mapped into: both
// become errors that wrap [ErrDamaged].
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return f()
}
