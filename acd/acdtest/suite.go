package acdtest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// T is what Run needs of a *testing.T; the package itself does not import
// testing, so that programs can link it.
type T[Sub any] interface {
	Helper()
	Parallel()
	Fatalf(format string, args ...any)
	Run(name string, f func(Sub)) bool
}

// Run runs every script that the glob pattern finds as a parallel subtest of t,
// named after its file. A pattern that finds nothing fails t: a test that tests
// nothing is a mistake.
//
//	func TestRouting(t *testing.T) {
//		acdtest.Run(t, "testdata/*.acd", acdtest.Options{})
//	}
func Run[Sub T[Sub]](t Sub, glob string, o Options) {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatalf("%s: %v", glob, err)
	}
	if len(files) == 0 {
		t.Fatalf("%s: no scripts found", glob)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t Sub) {
			t.Helper()
			t.Parallel()
			result, err := RunFile(file, o)
			if err != nil {
				t.Fatalf("%v\n%s", err, tail(result))
			}
		})
	}
}

// RunFile runs the script in a file. Errors are as those of [Script.Run].
func RunFile(file string, o Options) (*Result, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		text := err.Error()
		var path *os.PathError
		if errors.As(err, &path) {
			text = path.Err.Error() // the file is named already
		}
		return nil, &ScriptError{File: file, Text: text, Err: err}
	}
	return RunScript(file, bytes.NewReader(text), o)
}

// tail is the end of the trace, for a test's output.
func tail(r *Result) string {
	if r == nil {
		return ""
	}
	const most = 40
	trace := r.Trace
	text := "trace:\n"
	if more := len(trace) - most; more > 0 {
		trace = trace[more:]
		text = "end of the trace:\n"
	}
	for _, line := range trace {
		text += "\t" + line.String() + "\n"
	}
	return text
}
