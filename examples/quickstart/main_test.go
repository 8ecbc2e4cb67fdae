package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd/store/file"
)

// output runs the program.
func output(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), &out, ""); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestQuickstart_SaysWhatHappensAndWhy(t *testing.T) {
	t.Parallel()
	got := output(t)
	for _, want := range []string{
		"0:00    ring Anna for Ada: first of 2 available by CYCLIC_HUNT, round 1\n",
		"0:04    Anna talks with Ada, who waited 4s\n",
		"0:25    Dot waits at place 1: ",
		"0:30    Ben's phone is quiet again: nobody answers\n",
		"0:55    Cid gives up after 40s\n",
		"1:10    Dot leaves sales after 45s, TIMED_OUT: goes to voicemail:101\n",
		"1:14    Anna wraps up for 20s\n",
		"2:33    Anna's phone is quiet again: somebody else was first\n",
		"sales          3         2          0          1         3s           100%\n",
		"support        3         2          1          0        36s            50%\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
}

func TestQuickstart_B102_IsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	if a, b := output(t), output(t); a != b {
		t.Errorf("first\n%s\nthen\n%s", a, b)
	}
}

// With a directory the numbers go on where the last run left them, and who was rung
// last is not forgotten.
func TestQuickstart_KeepsItsState(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var days [3]string
	for i := range days {
		var out bytes.Buffer
		if err := run(t.Context(), &out, dir); err != nil {
			t.Fatal(err)
		}
		days[i] = out.String()
	}
	// But for the offers: a store counts how often a router was opened over it.
	if strings.ReplaceAll(days[0], "offer 2-", "offer 1-") != output(t) {
		t.Errorf("the first day is not as without a directory:\n%s", days[0])
	}
	for i, want := range [][]string{
		{"sales          3         2          0          1         3s           100%\n"},
		{"0:00  sales is as it was: 3 callers so far\n", "0:00  support is as it was: 3 callers so far\n", "sales          6         4          0          2 "},
		{"0:00  sales is as it was: 6 callers so far\n", "sales          9         6          0          3 ", "support        9 "},
	} {
		for _, line := range want {
			if !strings.Contains(days[i], line) {
				t.Errorf("day %d: no line %q in\n%s", i+1, line, days[i])
			}
		}
	}
	if _, err := file.Check(dir); err != nil {
		t.Error(err)
	}
}
