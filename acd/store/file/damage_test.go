package file

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/internal/long"
)

// folderOf is a machine that has these files on its disk.
func folderOf(files map[string][]byte) *machine {
	m := newMachine(1)
	for name, content := range files {
		m.names[name] = &memFile{now: slices.Clone(content), disk: slices.Clone(content)}
		m.disk[name] = m.names[name]
	}
	return m
}

// filesOf are the files of a machine as a process that died would leave them.
func filesOf(m *machine) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range []string{logName, markName} {
		if f := m.names[name]; f != nil {
			files[name] = slices.Clone(f.now)
		}
	}
	return files
}

// history is a store after some batches, and its state after each of them.
type history struct {
	files  map[string][]byte // after the last batch
	marks  [][]byte          // after each batch
	sizes  []int64           // of the log after each batch
	states []map[string]string
}

// record commits n batches; some of their values are longer than a sector.
func record(t testing.TB, n int) history {
	t.Helper()
	m := newMachine(1)
	s, err := open(m, Options{CompactAfter: 1 << 40})
	require.NoError(t, err)
	h := history{states: []map[string]string{{}}, sizes: []int64{s.size}, marks: [][]byte{filesOf(m)[markName]}}
	for i := range n {
		if i == n/2 {
			require.NoError(t, s.rewrite())
			h.sizes[i], h.marks[i] = s.size, filesOf(m)[markName] // a snapshot is under it from now on
			for j := range i {
				h.sizes[j], h.marks[j] = 0, nil
			}
		}
		b := acd.Batch{Epoch: 1, Seq: uint64(i + 1)}
		for j := range 1 + i%3 {
			b.Records = append(b.Records, acd.Record{Key: fmt.Sprint("queue/q/entry/", j), Value: fmt.Appendf(nil, `{"v":1,"n":%d,"x":"%0*d"}`, i, 1+i*97%1500, i)})
		}
		require.NoError(t, s.Commit(context.Background(), b))
		state := maps.Clone(h.states[i])
		for _, rec := range b.Records {
			state[rec.Key] = string(rec.Value)
		}
		h.states = append(h.states, state)
		h.sizes = append(h.sizes, s.size)
		h.marks = append(h.marks, filesOf(m)[markName])
	}
	h.files = filesOf(m)
	require.NoError(t, s.Close())
	return h
}

// verdict opens a store and looks at it, by all ways there are; they must agree.
// It returns the index of the state that is there, or the error.
func (h *history) verdict(t testing.TB, files map[string][]byte) (int, error) {
	t.Helper()
	_, values, cerr := inspect(folderOf(files))
	m := folderOf(files)
	s, err := open(m, Options{})
	require.Equal(t, err == nil, cerr == nil, "Open says %v, Check says %v", err, cerr)
	if err != nil {
		require.Equal(t, errors.Is(err, ErrDamaged), errors.Is(cerr, ErrDamaged))
		after := filesOf(m)
		require.Equal(t, files[logName], after[logName], "nothing is changed")
		return 0, err
	}
	l := life{t: t.(*testing.T), store: s}
	got := l.load()
	require.Len(t, values, len(got))
	require.NoError(t, s.Close())
	for i, state := range slices.Backward(h.states) {
		if maps.Equal(state, got) {
			return i, nil
		}
	}
	t.Errorf("a state that there never was: %v", got)
	return -1, nil
}

// stride is how far to the next byte of a log that is looked at: to each in the long
// form, and where the headers are.
func stride(t *testing.T, at int) int {
	t.Helper()
	if at < 200 || long.Time(t) > 0 {
		return 1
	}
	return 11
}

// A crash may end the log anywhere in the batch that was being written, or leave
// sectors of it unwritten: the batches before it are there.
func TestOpen_DropsATornBatch(t *testing.T) {
	t.Parallel()
	const n = 24
	h := record(t, n)
	size := h.sizes[n-1]
	files := maps.Clone(h.files)
	files[markName] = h.marks[n-1] // the last batch was not acknowledged
	log := h.files[logName]
	for end := size; end < int64(len(log)); end += int64(stride(t, int(end-size))) {
		files[logName] = log[:end]
		i, err := h.verdict(t, files)
		require.NoError(t, err, "cut off at %d", end)
		require.Equal(t, n-1, i)
	}
	require.Greater(t, int64(len(log))-size, int64(2*sector), "the batch is some sectors long")
	for at := size; at < int64(len(log)); at += sector - at%sector {
		b := slices.Clone(log)
		clear(b[at:min(int64(len(b)), at+sector-at%sector)])
		files[logName] = b
		i, err := h.verdict(t, files)
		require.NoError(t, err, "sector at %d", at)
		require.Equal(t, n-1, i)
	}
	files[logName] = log
	i, err := h.verdict(t, files)
	require.NoError(t, err)
	require.Equal(t, n, i, "a whole one is kept")
}

// What is torn is gone when the store has been opened, and batches come after it.
func TestOpen_GoesOnAfterATornBatch(t *testing.T) {
	t.Parallel()
	h := record(t, 8)
	files := maps.Clone(h.files)
	files[markName] = h.marks[7]
	files[logName] = files[logName][:len(files[logName])-3]
	m := folderOf(files)
	r, _, err := inspect(m)
	require.NoError(t, err)
	require.Equal(t, int64(len(files[logName]))-h.sizes[7], r.Torn)
	for seq := uint64(8); seq < 12; seq++ {
		s, err := open(m, Options{})
		require.NoError(t, err)
		require.NoError(t, s.Commit(context.Background(), acd.Batch{Epoch: 1, Seq: seq, Records: []acd.Record{{Key: "more", Value: []byte{byte(seq)}}}}))
		require.NoError(t, s.Close())
	}
	_, values, err := inspect(m)
	require.NoError(t, err)
	require.Equal(t, []byte{11}, values["more"])
}

// After the death of the process no bit that was acknowledged can flip without
// being found, and the error names the file.
func TestOpen_FindsEveryFlippedBit(t *testing.T) {
	t.Parallel()
	h := record(t, 6)
	for _, name := range []string{logName, markName} {
		for at := 0; at < len(h.files[name]); at += stride(t, at) {
			files := maps.Clone(h.files)
			files[name] = slices.Clone(files[name])
			files[name][at] ^= 1 << (at % 8)
			_, err := h.verdict(t, files)
			var damage *DamageError
			require.ErrorAs(t, err, &damage, "%s at byte %d", name, at)
			require.Equal(t, name, damage.File)
			require.LessOrEqual(t, damage.Offset, int64(at))
		}
	}
}

// Nor can it be cut off, whether at the end of a batch or not.
func TestOpen_FindsEveryTruncation(t *testing.T) {
	t.Parallel()
	h := record(t, 6)
	for _, name := range []string{logName, markName} {
		for size := 0; size < len(h.files[name]); size += stride(t, size) {
			files := maps.Clone(h.files)
			files[name] = files[name][:size]
			_, err := h.verdict(t, files)
			var damage *DamageError
			require.ErrorAs(t, err, &damage, "%s cut off at byte %d", name, size)
			require.Equal(t, name, damage.File)
			require.LessOrEqual(t, damage.Offset, int64(size))
		}
	}
}

// After a loss of power the mark may be an old one. A flipped bit is found all the
// same, in the last batch too; a log that was cut off may be taken for a shorter
// one, never for another.
func TestOpen_FindsDamageBehindAnOldMark(t *testing.T) {
	t.Parallel()
	h := record(t, 12)
	files := maps.Clone(h.files)
	files[markName] = h.marks[7]
	for at := 0; at < len(h.files[logName]); at += 3 * stride(t, at) {
		files[logName] = slices.Clone(h.files[logName])
		files[logName][at] ^= 1 << (at % 8)
		_, err := h.verdict(t, files)
		require.ErrorIs(t, err, ErrDamaged, "byte %d", at)
	}
	for size := 0; size < len(h.files[logName]); size += 3 * stride(t, size) {
		files[logName] = h.files[logName][:size]
		i, err := h.verdict(t, files)
		if int64(size) < h.sizes[7] {
			require.ErrorIs(t, err, ErrDamaged, "cut off at byte %d", size)
			continue
		}
		require.NoError(t, err)
		require.LessOrEqual(t, h.sizes[i], int64(size))
		require.True(t, i == 12 || h.sizes[i+1] > int64(size), "the longest")
	}
}

// Sectors that read as zeros are damage where batches were acknowledged.
func TestOpen_FindsZeros(t *testing.T) {
	t.Parallel()
	h := record(t, 12)
	log := h.files[logName]
	for at := 0; at < len(log); at += sector {
		files := maps.Clone(h.files)
		files[logName] = slices.Clone(log)
		clear(files[logName][at:min(len(log), at+sector)])
		_, err := h.verdict(t, files)
		require.ErrorIs(t, err, ErrDamaged, "sector at %d", at)
	}
}

// Any damage at random, in one file or both: it is found, or what is there was
// there once.
func TestOpen_FindsRandomDamage(t *testing.T) {
	t.Parallel()
	h := record(t, 30)
	rng := rand.New(rand.NewPCG(1, 2))
	rounds, found, older := 500, 0, 0
	if long.Time(t) > 0 {
		rounds = 20_000
	}
	for range rounds {
		files := maps.Clone(h.files)
		if rng.IntN(3) == 0 {
			files[markName] = h.marks[15+rng.IntN(16)]
		}
		for range 1 + rng.IntN(3) {
			name := []string{logName, logName, logName, markName}[rng.IntN(4)]
			b := slices.Clone(files[name])
			if len(b) == 0 {
				continue
			}
			at := rng.IntN(len(b))
			switch rng.IntN(5) {
			case 0, 1:
				b[at] ^= 1 << rng.IntN(8)
			case 2:
				b = b[:at]
			case 3:
				b = append(b, b[at:]...)
			case 4:
				clear(b[at:min(len(b), at+1+rng.IntN(2000))])
			}
			files[name] = b
		}
		switch i, err := h.verdict(t, files); {
		case err != nil:
			require.ErrorIs(t, err, ErrDamaged)
			found++
		case i < len(h.states)-1:
			older++
		}
	}
	t.Logf("%d times damaged: found %d, an earlier state %d (behind an old mark), harmless %d", rounds, found, older, rounds-found-older)
	require.Greater(t, found, rounds*3/4)
}

func TestOpen_FindsWhatIsMissingOrOfAnother(t *testing.T) {
	t.Parallel()
	h, other := record(t, 6), record(t, 6)
	empty := record(t, 0)
	older := newMachine(1)
	s, err := open(older, Options{})
	require.NoError(t, err)
	require.NoError(t, s.Commit(context.Background(), acd.Batch{Epoch: 1, Seq: 1, Records: []acd.Record{{Key: "k", Value: []byte("v")}}}))
	before := filesOf(older)
	require.NoError(t, s.rewrite())
	after := filesOf(older)
	for _, c := range []struct {
		name string
		log  []byte
		mark []byte
		want string
	}{
		{"log", nil, h.files[markName], "acd.log at byte 0: is missing"},
		{"mark", h.files[logName], nil, "acd.mark at byte 0: is missing"},
		{"log of another", other.files[logName], h.files[markName], "is of another store"},
		{"log of before", before[logName], after[markName], "is of generation 1, which was replaced"},
		{"log emptied", []byte{}, h.files[markName], "acd.log at byte 0: ends in its header"},
		{"a text", []byte("to whom it may concern: this is not the log that you look for"), h.files[markName], "is not the log of a store"},
		{"mark of before", after[logName], before[markName], ""}, // a crash during a compaction
		{"mark of a new one", empty.files[logName], nil, ""},     // a crash when it was made
	} {
		files := map[string][]byte{}
		if c.log != nil {
			files[logName] = c.log
		}
		if c.mark != nil {
			files[markName] = c.mark
		}
		_, err := open(folderOf(files), Options{})
		_, _, cerr := inspect(folderOf(files))
		if c.want == "" {
			require.NoError(t, errors.Join(err, cerr), c.name)
			continue
		}
		require.ErrorIs(t, err, ErrDamaged, c.name)
		require.ErrorContains(t, err, c.want, c.name)
		require.ErrorContains(t, cerr, c.want, c.name)
	}
	_, _, err = inspect(newMachine(1))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotErrorIs(t, err, ErrDamaged)
}

func TestOpen_RefusesANewerFormat(t *testing.T) {
	t.Parallel()
	h := record(t, 2)
	for name, sum := range map[string]int{logName: 40, markName: 60} {
		files := maps.Clone(h.files)
		b := slices.Clone(files[name])
		binary.LittleEndian.PutUint32(b[8:], format+1)
		binary.LittleEndian.PutUint32(b[sum:], crc32.Checksum(b[:sum], castagnoli))
		files[name] = b
		_, err := open(folderOf(files), Options{})
		var newer *VersionError
		require.ErrorAs(t, err, &newer)
		require.Equal(t, VersionError{name, format + 1, format}, *newer)
		require.ErrorIs(t, err, ErrNewer)
		require.NotErrorIs(t, err, ErrDamaged)
		_, _, err = inspect(folderOf(files))
		require.ErrorIs(t, err, ErrNewer)
	}
}

// Batches that are whole, and not in order, are none that this package wrote.
func TestOpen_FindsFramesOutOfOrder(t *testing.T) {
	t.Parallel()
	h := record(t, 6)
	log := h.files[logName]
	last := log[h.sizes[5]:h.sizes[6]]
	for name, b := range map[string][]byte{
		"twice": slices.Concat(log, last),
		"early": slices.Concat(log[:headerSize], last, log[headerSize:]),
	} {
		files := map[string][]byte{logName: b, markName: h.marks[3]}
		_, err := h.verdict(t, files)
		require.ErrorIs(t, err, ErrDamaged, name)
		require.ErrorContains(t, err, "out of order")
	}
}

// Whatever is in the files, opening them does not panic, and what is opened can be
// used.
func FuzzOpen(f *testing.F) {
	h := record(f, 4)
	f.Add(h.files[logName], h.files[markName])
	f.Add(h.files[logName][:200], h.marks[2])
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, log, mark []byte) {
		m := folderOf(map[string][]byte{logName: log, markName: mark})
		s, err := open(m, Options{})
		_, _, cerr := inspect(folderOf(map[string][]byte{logName: log, markName: mark}))
		if (err == nil) != (cerr == nil) {
			t.Fatalf("Open says %v, Check says %v", err, cerr)
		}
		if err != nil {
			return
		}
		epoch := s.Stats().Epoch + 1
		if err := s.Commit(context.Background(), acd.Batch{Epoch: epoch, Seq: 1, Records: []acd.Record{{Key: "k", Value: []byte("v")}}}); err != nil && epoch > 0 {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s, err = open(m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if string(s.values["k"]) != "v" && epoch > 0 {
			t.Fatal("what was committed is not there")
		}
		_ = s.Close()
	})
}
