//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package file

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A host starts a process while a store closes: the copy of the descriptor that
// lives between fork and exec must not keep the directory.
func TestLock_EndsThoughACopyLives(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := lockDirectory(dir)
	require.NoError(t, err)
	twin, err := syscall.Dup(int(first.(flock).f.Fd()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Close(twin)) })
	_, err = lockDirectory(dir)
	require.ErrorIs(t, err, ErrLocked)

	require.NoError(t, first.release())

	second, err := lockDirectory(dir)
	require.NoError(t, err)
	require.NoError(t, second.release())
}

// Whoever cannot open a store has let go of the directory when he is told.
func TestOpen_LeavesNoLockWhenItFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, logName), []byte("no log of a store"), fileMode))
	for range 2 {
		_, err := Open(dir, Options{})
		require.ErrorIs(t, err, ErrDamaged)
		require.NotErrorIs(t, err, ErrLocked)
	}
	held, err := lockDirectory(dir)
	require.NoError(t, err)
	require.NoError(t, held.release())
}

// The file of the lock is replaced while somebody has it: his lock is one on nothing,
// and he who comes gets the new one.
func TestLock_OnAFileThatWasReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := lockDirectory(dir)
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, lockName)))
	second, err := lockDirectory(dir)
	require.NoError(t, err)
	_, err = lockDirectory(dir)
	require.ErrorIs(t, err, ErrLocked)
	require.NoError(t, second.release())
	require.NoError(t, first.release())
}
