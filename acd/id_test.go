package acd_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

func TestNewID_IsUniqueAndSorts(t *testing.T) {
	t.Parallel()
	last := ""
	for range 1000 {
		id := acd.NewID()
		require.Len(t, id, 36)
		require.Less(t, last, id)
		last = id
	}
}
