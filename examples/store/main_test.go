package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/store/file"
)

// filled makes a store with one record.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := file.Open(dir, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Commit(t.Context(), acd.Batch{Epoch: 1, Seq: 1, Records: []acd.Record{{Key: "agent/1001", Value: []byte(`{"v":1}`)}}})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStore_ChecksAndDumps(t *testing.T) {
	t.Parallel()
	dir := filled(t)
	for what, want := range map[string]string{
		"check": `{"format":1,"generation":1,"epoch":1,"seq":1,"batches":1,"records":1,"snapshot":81,"bytes":133}` + "\n",
		"dump": `{"format":1,"generation":1,"epoch":1,"seq":1,"batches":1,"records":1,"snapshot":81,"bytes":133}` + "\n" +
			`{"key":"agent/1001","value":{"v":1}}` + "\n",
	} {
		var out strings.Builder
		if err := run(&out, []string{what, dir}); err != nil || out.String() != want {
			t.Errorf("%s: %v\n%s", what, err, out.String())
		}
	}
	name := filepath.Join(dir, "acd.log")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-5] ^= 4
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"check", "dump"} {
		var out strings.Builder
		if err := run(&out, []string{what, dir}); !errors.Is(err, file.ErrDamaged) || !strings.Contains(err.Error(), "acd.log at byte 81") {
			t.Errorf("%s of a damaged store: %v", what, err)
		}
	}
}

func TestStore_SaysHowItIsUsed(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"check"}, {"mend", "dir"}, {"dump", "a", "b"}} {
		if err := run(&strings.Builder{}, args); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
