package file

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/acdkit/acdkit/acd"
)

// The log. All numbers are little-endian, all checksums CRC-32C.
//
//	file header, 48 bytes
//	   0  "acdlog\r\n"
//	   8  format, 4 bytes
//	  12  0, 4 bytes
//	  16  id of the store, 16 bytes
//	  32  generation, 8 bytes: counts the logs of a store
//	  40  checksum of the bytes before, 4 bytes
//	  44  0, 4 bytes
//	frames, each
//	   0  'F'
//	   1  kind
//	   2  0, 2 bytes
//	   4  length of the payload, 4 bytes
//	   8  epoch, 8 bytes
//	  16  seq, 8 bytes
//	  24  checksum of the payload, 4 bytes
//	  28  checksum of the generation and the bytes before, 4 bytes
//	  32  payload: of each record the key and the value, each after its length
//	      as a uvarint
//	      '\n'
//
// Frames of kind part hold the snapshot with which the log begins, one of kind end
// ends it and carries the epoch and seq that it has; then comes a frame of kind
// batch for every batch. A frame begins and ends with a byte that is not 0, so that
// a sector of it that was never written, which reads as zeros, is told from one that
// holds zeros, see [logReader.torn].
const (
	logName    = "acd.log"
	newLogName = "acd.log.new" // of a compaction
	fixLogName = "acd.log.fix" // of one after a failure
	format     = 1

	headerSize = 48
	frameSize  = 32 // without payload and last byte
	frameFirst = 'F'
	frameLast  = '\n'
	sector     = 512
	maxPayload = 1<<32 - 1
)

// The kinds of a frame.
const (
	kindPart  = 'p'
	kindEnd   = 'e'
	kindBatch = 'b'
)

var logMagic = [8]byte{'a', 'c', 'd', 'l', 'o', 'g', '\r', '\n'}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// storeID tells the files of one store from those of another.
type storeID [16]byte

// header is the header of a log.
type header struct {
	id         storeID
	generation uint64
}

func (h header) bytes() []byte {
	b := make([]byte, headerSize)
	copy(b, logMagic[:])
	binary.LittleEndian.PutUint32(b[8:], format)
	copy(b[16:], h.id[:])
	binary.LittleEndian.PutUint64(b[32:], h.generation)
	binary.LittleEndian.PutUint32(b[40:], crc32.Checksum(b[:40], castagnoli))
	return b
}

func parseHeader(b []byte) (h header, err error) {
	switch {
	case len(b) < headerSize:
		return h, &DamageError{logName, int64(len(b)), "ends in its header"}
	case !bytes.Equal(b[:8], logMagic[:]):
		return h, &DamageError{logName, 0, "is not the log of a store"}
	case crc32.Checksum(b[:40], castagnoli) != binary.LittleEndian.Uint32(b[40:]):
		return h, &DamageError{logName, 0, "the header has a wrong checksum"}
	case binary.LittleEndian.Uint32(b[8:]) > format:
		return h, &VersionError{logName, binary.LittleEndian.Uint32(b[8:]), format}
	case !bytes.Equal(b[12:16], make([]byte, 4)) || !bytes.Equal(b[44:48], make([]byte, 4)):
		return h, &DamageError{logName, 0, "the header has bytes that must be 0"}
	}
	copy(h.id[:], b[16:])
	h.generation = binary.LittleEndian.Uint64(b[32:])
	return h, nil
}

// frame is the header of a frame.
type frame struct {
	kind       byte
	length     uint32
	epoch, seq uint64
	sum        uint32 // of the payload
}

// size is the size of the whole frame.
func (f *frame) size() int64 { return frameSize + int64(f.length) + 1 }

// put writes the header into b, for a log of a generation.
func (f *frame) put(b []byte, generation uint64) {
	b[0], b[1], b[2], b[3] = frameFirst, f.kind, 0, 0
	binary.LittleEndian.PutUint32(b[4:], f.length)
	binary.LittleEndian.PutUint64(b[8:], f.epoch)
	binary.LittleEndian.PutUint64(b[16:], f.seq)
	binary.LittleEndian.PutUint32(b[24:], f.sum)
	binary.LittleEndian.PutUint32(b[28:], frameSum(b, generation))
}

// frameSum is the checksum of a header. The generation is in it so that what is
// left on the disk of an older log is none of a newer one.
func frameSum(b []byte, generation uint64) uint32 {
	var g [8]byte
	binary.LittleEndian.PutUint64(g[:], generation)
	return crc32.Update(crc32.Checksum(g[:], castagnoli), castagnoli, b[:28])
}

// parseFrame reads a header; ok is false if it is none.
func parseFrame(b []byte, generation uint64) (f frame, ok bool) {
	if b[0] != frameFirst || binary.LittleEndian.Uint32(b[28:]) != frameSum(b, generation) {
		return f, false
	}
	return frame{
		kind:   b[1],
		length: binary.LittleEndian.Uint32(b[4:]),
		epoch:  binary.LittleEndian.Uint64(b[8:]),
		seq:    binary.LittleEndian.Uint64(b[16:]),
		sum:    binary.LittleEndian.Uint32(b[24:]),
	}, true
}

// appendRecord adds a record to a payload.
func appendRecord(b []byte, key string, value []byte) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(key))), key...)
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}

// startFrame leaves room for the header of a frame.
func startFrame(b []byte) []byte { return append(b[:0], make([]byte, frameSize)...) }

// endFrame completes a frame that startFrame began, for a log of a generation.
func endFrame(b []byte, kind byte, epoch, seq, generation uint64) ([]byte, error) {
	length := len(b) - frameSize
	if int64(length) > maxPayload {
		return nil, fmt.Errorf("acd/store/file: batch of %d bytes: must be less than %d", length, int64(maxPayload))
	}
	f := frame{kind: kind, length: uint32(length), epoch: epoch, seq: seq, sum: crc32.Checksum(b[frameSize:], castagnoli)} //nolint:gosec // looked at above
	f.put(b, generation)
	return append(b, frameLast), nil
}

// cut takes what follows its length from the beginning of a payload.
func cut(b []byte) (part, rest []byte, ok bool) {
	n, used := binary.Uvarint(b)
	if used <= 0 || n > uint64(len(b)-used) {
		return nil, nil, false
	}
	return b[used : used+int(n)], b[used+int(n):], true //nolint:gosec // not above len(b)
}

// records calls keep for every record of a payload; its values are of the payload.
func records(payload []byte, keep func(acd.Record)) bool {
	for len(payload) > 0 {
		key, rest, ok := cut(payload)
		if !ok {
			return false
		}
		value, rest, ok := cut(rest)
		if !ok {
			return false
		}
		keep(acd.Record{Key: string(key), Value: value})
		payload = rest
	}
	return true
}

// contents is what a log holds, and how far it can be read.
type contents struct {
	header     header
	epoch, seq uint64 // of the last batch
	batches    int    // after the snapshot
	base       int64  // where the snapshot ends; 0: it does not
	end        int64  // where the last whole frame ends
	size       int64  // of the file
}

// logReader reads a log from its beginning.
type logReader struct {
	contents
	file  handle
	floor int64 // everything before was synced before it was acknowledged
	keep  func(acd.Record)
}

// readLog reads a log up to its end, or to the batch that a crash has torn. m is
// the mark of the store, nil if there is none.
func readLog(file handle, m *mark, keep func(acd.Record)) (contents, error) {
	r := logReader{file: file, keep: keep}
	err := r.read(m)
	return r.contents, err
}

func (r *logReader) read(m *mark) (err error) {
	if r.size, err = r.file.Size(); err != nil {
		return err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(r.file, 0, r.size), 1<<18)
	head := make([]byte, min(headerSize, r.size))
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	if r.header, err = parseHeader(head); err != nil {
		return err
	}
	r.end = headerSize
	if err := r.obey(m); err != nil {
		return err
	}
	var payload []byte
	for r.end < r.size {
		f, bad, err := r.next(in, &payload)
		if err != nil {
			return err
		}
		if bad != "" {
			return r.broken(f, bad)
		}
		if err := r.take(f, payload); err != nil {
			return err
		}
	}
	if r.base == 0 {
		return r.damage("ends in its snapshot")
	}
	return nil
}

// obey takes from the mark how far the log was acknowledged.
func (r *logReader) obey(m *mark) error {
	switch {
	case m == nil:
	case m.id != r.header.id:
		return &DamageError{logName, 0, "is of another store than " + markName}
	case m.generation > r.header.generation:
		return &DamageError{logName, 0, fmt.Sprintf("is of generation %d, which was replaced: %s is of generation %d", r.header.generation, markName, m.generation)}
	case m.generation == r.header.generation:
		r.floor = m.size
	}
	if r.size < r.floor {
		return &DamageError{logName, r.size, fmt.Sprintf("ends here, but had %d bytes", r.floor)}
	}
	return nil
}

// next reads a frame; bad says why it is none.
func (r *logReader) next(in io.Reader, payload *[]byte) (f *frame, bad string, err error) {
	left := r.size - r.end
	if left < frameSize {
		return nil, "ends in the header of a frame", nil
	}
	var head [frameSize]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, "", err
	}
	parsed, ok := parseFrame(head[:], r.header.generation)
	if !ok {
		return nil, "the header of a frame has a wrong checksum", nil
	}
	f = &parsed
	if f.size() > left {
		return f, "ends in a frame", nil
	}
	*payload = slices.Grow((*payload)[:0], int(f.length)+1)[:int(f.length)+1]
	if _, err := io.ReadFull(in, *payload); err != nil {
		return nil, "", err
	}
	last := (*payload)[f.length]
	*payload = (*payload)[:f.length]
	if last != frameLast || crc32.Checksum(*payload, castagnoli) != f.sum {
		return f, "a frame has a wrong checksum", nil
	}
	return f, "", nil
}

// take takes a whole frame.
func (r *logReader) take(f *frame, payload []byte) error {
	switch {
	case f.kind == kindPart && r.base == 0:
	case f.kind == kindEnd && r.base == 0:
		r.base = r.end + f.size()
		r.epoch, r.seq = f.epoch, f.seq
	case f.kind == kindBatch && r.base > 0 && newer(f.epoch, f.seq, r.epoch, r.seq):
		r.epoch, r.seq = f.epoch, f.seq
		r.batches++
	default:
		return r.damage(fmt.Sprintf("a frame of kind %q, epoch %d, seq %d is out of order", f.kind, f.epoch, f.seq))
	}
	if !records(payload, r.keep) {
		return r.damage("a frame holds no records")
	}
	r.end += f.size()
	return nil
}

// newer reports whether a batch comes after another one.
func newer(epoch, seq, lastEpoch, lastSeq uint64) bool {
	return epoch > lastEpoch || epoch == lastEpoch && seq > lastSeq
}

func (r *logReader) damage(text string) error { return &DamageError{logName, r.end, text} }

// broken says whether a frame that cannot be read is the batch that a crash has
// torn, which is no error, or damage. f is nil if its header cannot be read.
func (r *logReader) broken(f *frame, bad string) error {
	torn, why, err := r.torn(f)
	switch {
	case err != nil:
		return err
	case torn:
		return nil
	default:
		return r.damage(bad + ", " + why)
	}
}

// torn looks at a frame that cannot be read. A crash tears one batch at the most,
// the last: the next is not written before it is synced. So it is torn if all of
// this holds:
//
//   - the snapshot before it is whole: it was synced before the log got its name;
//   - it lies behind what the mark says was acknowledged;
//   - nothing whole comes after it;
//   - something of it was never written: the file ends in it, or a sector of it
//     reads as zeros.
//
// Else it was written and synced, and is not what it was: why says how that is
// known.
func (r *logReader) torn(f *frame) (torn bool, why string, err error) {
	switch {
	case r.base == 0:
		return false, "in the snapshot", nil
	case r.end < r.floor:
		return false, "and it was acknowledged", nil
	case f == nil && r.size-r.end < frameSize, f != nil && r.end+f.size() > r.size:
		return true, "", nil
	case f != nil && r.end+f.size() < r.size:
		return false, "and something follows it", nil
	}
	rest := make([]byte, r.size-r.end)
	if _, err := r.file.ReadAt(rest, r.end); err != nil {
		return false, "", err
	}
	if at := wholeFrame(rest, r.header.generation); at > 0 {
		return false, fmt.Sprintf("and a whole one follows at byte %d", r.end+int64(at)), nil
	}
	if !unwritten(rest, r.end) {
		return false, "and all of it was written", nil
	}
	return true, "", nil
}

// wholeFrame returns where a frame is in b, behind its first byte; 0: nowhere.
func wholeFrame(b []byte, generation uint64) int {
	for at := 1; at+frameSize < len(b); at++ {
		f, ok := parseFrame(b[at:], generation)
		if !ok || f.size() > int64(len(b)-at) {
			continue
		}
		payload := b[at+frameSize:][:f.length]
		if crc32.Checksum(payload, castagnoli) == f.sum {
			return at
		}
	}
	return 0
}

// unwritten reports whether a sector of b, which stands at an offset of its file,
// holds nothing but zeros.
func unwritten(b []byte, offset int64) bool {
	for len(b) > 0 {
		n := min(int64(len(b)), sector-offset%sector)
		if len(bytes.Trim(b[:n], "\x00")) == 0 {
			return true
		}
		b, offset = b[n:], offset+n
	}
	return false
}
