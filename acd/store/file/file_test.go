package file_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
)

func TestStore_KeepsTheContract(t *testing.T) {
	t.Parallel()
	for _, after := range []int64{0, 1, 2000} { // from never to always being compacted
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			t.Parallel()
			acdtest.TestStorage(t, func(t *testing.T) acdtest.StorageUnderTest {
				dir := t.TempDir()
				return acdtest.StorageUnderTest{
					Open: func() (acd.Storage, error) { return file.Open(dir, file.Options{CompactAfter: after}) },
					Crash: func() error {
						dir = kill(t, dir)
						return nil
					},
				}
			})
		})
	}
}

// kill returns a copy of a store as the death of its process would leave it now.
func kill(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	// The mark first, and then the log, which may be replaced meanwhile.
	for _, name := range []string{"acd.mark", "acd.log"} {
		copyFile(t, filepath.Join(dir, name), filepath.Join(to, name))
	}
	return to
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer in.Close()
	out, err := os.Create(to)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}

// opened opens a store that is closed at the end of the test.
func opened(t testing.TB, dir string, o file.Options) *file.Store {
	t.Helper()
	s, err := file.Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// batch makes one of keys and values in turn.
func batch(epoch, seq uint64, pairs ...string) acd.Batch {
	b := acd.Batch{Epoch: epoch, Seq: seq}
	for i := 0; i < len(pairs); i += 2 {
		b.Records = append(b.Records, acd.Record{Key: pairs[i], Value: []byte(pairs[i+1])})
	}
	return b
}

// loaded returns what a store holds.
func loaded(t testing.TB, s acd.Storage) map[string]string {
	t.Helper()
	got := map[string]string{}
	for rec, err := range s.Load(context.Background(), "") {
		require.NoError(t, err)
		got[rec.Key] = string(rec.Value)
	}
	return got
}

func TestStore_OnlyOneAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := file.Open(dir, file.Options{})
	require.NoError(t, err)
	_, err = file.Open(dir, file.Options{})
	require.ErrorIs(t, err, file.ErrLocked)
	require.NoError(t, s.Commit(t.Context(), batch(1, 1, "k", "v")))
	require.NoError(t, s.Close())
	require.Equal(t, map[string]string{"k": "v"}, loaded(t, opened(t, dir, file.Options{})))
}

func TestStore_ClosedIsClosed(t *testing.T) {
	t.Parallel()
	s, err := file.Open(filepath.Join(t.TempDir(), "new", "dir"), file.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Commit(t.Context(), batch(1, 1)), file.ErrClosed)
	for _, err := range s.Load(t.Context(), "") {
		require.ErrorIs(t, err, os.ErrClosed)
	}
	require.Zero(t, s.Stats().Records)
}

func TestStore_FilesAreForTheirOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := opened(t, dir, file.Options{})
	require.NoError(t, s.Commit(t.Context(), batch(1, 1, "k", "v")))
	info, err := os.Stat(dir)
	require.NoError(t, err)
	if info.Mode().Perm()&0o077 != 0 && os.Getenv("OS") != "Windows_NT" {
		t.Errorf("directory has mode %v", info.Mode())
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Equal(t, []string{"acd.lock", "acd.log", "acd.mark"}, names)
}

func TestStore_IsCompacted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := opened(t, dir, file.Options{CompactAfter: 4000})
	want := map[string]string{}
	var most int64
	for i := range 1000 {
		key, value := fmt.Sprint("k", i%50), fmt.Sprint("value ", i)
		want[key] = value
		require.NoError(t, s.Commit(t.Context(), batch(1, uint64(i+1), key, value)))
		most = max(most, s.Stats().LogBytes)
	}
	stats := s.Stats()
	require.NoError(t, stats.Err)
	require.Greater(t, stats.Compactions, 3)
	require.Less(t, most, int64(60_000), "the log of 1,000 batches would be larger")
	require.Equal(t, 50, stats.Records)
	require.Equal(t, want, loaded(t, s))
	require.NoError(t, s.Close())
	require.Equal(t, want, loaded(t, opened(t, dir, file.Options{})))
	report, err := file.Check(dir)
	require.NoError(t, err)
	require.Equal(t, 50, report.Records)
	require.Equal(t, uint64(1000), report.Seq)
}

func TestDump_WritesLinesOfJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := opened(t, dir, file.Options{})
	require.NoError(t, s.Commit(t.Context(), batch(2, 1, "queue/a", `{"v":1,"name":"<A>"}`, "agent/1", "\x00\xff", "gone", "x")))
	require.NoError(t, s.Commit(t.Context(), batch(2, 2, "gone", "")))
	var out writer
	require.NoError(t, file.Dump(&out, dir), "a store that is open can be read")
	require.Equal(t, `{"format":1,"generation":1,"epoch":2,"seq":2,"batches":2,"records":2,"snapshot":81,"bytes":200}
{"key":"agent/1","base64":"AP8="}
{"key":"queue/a","value":{"v":1,"name":"<A>"}}
`, string(out))
	require.ErrorIs(t, file.Dump(failing{}, dir), errors.ErrUnsupported)
	require.ErrorIs(t, file.Dump(&out, t.TempDir()), os.ErrNotExist)
	_, err := file.Check(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }
