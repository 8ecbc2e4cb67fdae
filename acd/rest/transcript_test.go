package rest_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd/rest/internal/transcript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the answers into the transcripts")

// The transcripts of testdata have a request for each path and method, good and bad,
// with the whole answer.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := transcript.Read("testdata")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for name, text := range files {
		t.Run(strings.TrimSuffix(name, ".txt"), func(t *testing.T) {
			t.Parallel()
			played, err := transcript.Play(text, nil)
			require.NoError(t, err)
			if *update {
				require.NoError(t, os.WriteFile("testdata/"+name, []byte(played), 0o600))
				return
			}
			assert.Equal(t, text, played)
		})
	}
}
