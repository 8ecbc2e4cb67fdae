package main

import (
	"bytes"
	"strings"
	"testing"
)

// output runs the program.
func output(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
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
