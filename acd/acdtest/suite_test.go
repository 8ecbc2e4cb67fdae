package acdtest

import (
	"fmt"
	"strings"
	"testing"
)

func TestScenarios(t *testing.T) {
	t.Parallel()
	Run(t, "../testdata/*.acd", Options{Strict: true})
}

// fakeT notes what Run says of the scripts.
type fakeT struct {
	name string
	said *[]string
}

func (fakeT) Helper()   {}
func (fakeT) Parallel() {}

func (f fakeT) Fatalf(format string, args ...any) {
	*f.said = append(*f.said, f.name+": "+fmt.Sprintf(format, args...))
}

func (f fakeT) Run(name string, sub func(fakeT)) bool {
	*f.said = append(*f.said, "run "+name)
	sub(fakeT{name, f.said})
	return true
}

func TestRun_FailsWithPlaceAndTrace(t *testing.T) {
	t.Parallel()
	var said []string
	Run(fakeT{"all", &said}, "testdata/*.acd", Options{})
	want := []string{"run wrong", "wrong: testdata/wrong.acd:4: expected ring agent=1002, came 0 ring call=c1 agent=1001"}
	for i, w := range want {
		if i >= len(said) || !strings.HasPrefix(said[i], w) {
			t.Errorf("Run said %q, want %q", said, want)
			return
		}
	}
	if !strings.Contains(said[1], "trace:\n\t0 status") {
		t.Errorf("no trace in %s", said[1])
	}
}

func TestRun_APatternThatFindsNothingFails(t *testing.T) {
	t.Parallel()
	for _, glob := range []string{"testdata/*.none", "[", "testdata/none.acd"} {
		var said []string
		Run(fakeT{"all", &said}, glob, Options{})
		if len(said) == 0 || !strings.HasPrefix(said[0], "all: "+glob) {
			t.Errorf("%s: Run said %q", glob, said)
		}
	}
}
