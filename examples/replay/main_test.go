package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const logs = "../../acd/replay/testdata/"

func TestTableForEachFormat(t *testing.T) {
	t.Parallel()
	for file, format := range map[string]string{"bank.tsv": "bank", "queue_log": "queue_log", "calls.csv": "csv"} {
		var guessed, told bytes.Buffer
		require.NoError(t, run([]string{"-log", logs + file}, &guessed), file)
		require.NoError(t, run([]string{"-log", logs + file, "-format", format, "-strategy", "all", "-seed", "1"}, &told), file)
		assert.Equal(t, guessed.String(), told.String())
		for _, words := range []string{"what really happened", "RING_SIMULTANEOUSLY", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", " bad\n"} {
			assert.Contains(t, told.String(), words, file)
		}
	}
}

func TestJSONAndPage(t *testing.T) {
	t.Parallel()
	html := filepath.Join(t.TempDir(), "out.html")
	var out bytes.Buffer
	require.NoError(t, run([]string{"-log", logs + "bank.tsv", "-strategy", "CYCLIC_HUNT", "-sticky", "-json", "-html", html}, &out))
	var result struct {
		Log struct {
			Records, Played int
			Ignored         []struct{ Count int }
			Bad             []struct {
				Line   int
				Reason string
			}
		}
		Sticky     bool
		Strategies []struct{ Name string }
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &result))
	assert.True(t, result.Sticky)
	assert.Len(t, result.Strategies, 1)
	assert.Equal(t, result.Log.Records, result.Log.Played+result.Log.Ignored[0].Count+len(result.Log.Bad))
	page, err := os.ReadFile(html)
	require.NoError(t, err)
	assert.Contains(t, string(page), "<svg")
}

func TestBadInputIsAClearError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	for says, args := range map[string][]string{
		"-log FILE is missing":        nil,
		"no such file":                {"-log", filepath.Join(dir, "absent")},
		"neither a bank file":         {"-log", write("prose", "Once upon a time\n")},
		"line 1: 1 fields":            {"-log", write("prose2", "Once upon a time\n"), "-format", "queue_log"},
		"unexpected EOF":              {"-log", write("broken.gz", "\x1f\x8b\x08\x00\x00")},
		"must be bank, queue_log":     {"-log", logs + "bank.tsv", "-format", "xml"},
		"ROULETTE":                    {"-log", logs + "bank.tsv", "-strategy", "ROULETTE"},
		`unexpected argument "extra"`: {"-log", logs + "bank.tsv", "extra"},
		"is a directory":              {"-log", logs + "bank.tsv", "-html", dir},
	} {
		var out bytes.Buffer
		err := run(args, &out)
		require.Error(t, err, says)
		assert.ErrorContains(t, err, says)
	}
}
