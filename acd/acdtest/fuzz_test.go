package acdtest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzScript: no script panics, runs for ever, or gets past a broken law; what
// it traces is read back.
func FuzzScript(f *testing.F) {
	files, err := filepath.Glob("../testdata/*.acd")
	if err != nil {
		f.Fatal(err)
	}
	const every = 12 // enough to know the words
	for i := 0; i < len(files); i += every {
		file := files[i]
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"",
		"queue q ring_time=0\n",
		setUp + "call c1 queue=q\nrestart confirm=none\nwait 31\n",
		setUp + "call c1 queue=q from=1 priority=100 credit=24h position=3\npickup c1 1001\ntransfer c1 queue=q\nresync\n",
		setUp + "fails \"\" hangup c1\nexpect status agent=1001\nnever ring\nshow agent 1001\n",
		"queue \"a b\" name=\"é\"\nagent 1 queues=\"a b:3\"\nstatus 1 BREAK reason=\"\\\"\"\nshow agent 1\n",
		"at 1\nat 0\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		result, err := RunScript("x", strings.NewReader(text), Options{Strict: true, MaxSteps: 300})
		var bad *ScriptError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%v is no *ScriptError", err)
		}
		if bad != nil && bad.law {
			t.Fatal(bad)
		}
		if result == nil {
			return
		}
		for _, line := range result.Trace {
			if back, err := ParseTraceLine(line.String()); err != nil || back.String() != line.String() {
				t.Fatalf("%s is read back as %s, %v", line, back, err)
			}
		}
	})
}
