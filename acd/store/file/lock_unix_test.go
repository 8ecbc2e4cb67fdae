//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package file

import (
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
