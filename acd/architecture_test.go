package acd_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// These tests read the syntax of every non-test file, so that the house stays as
// it was drawn: agent ← strategy ← queue ← callback ← acd, all of it pure but
// the Router's shell. The checks stand in architecture_check_test.go; the tests
// whose names end in Fails feed them what they must not let pass.

// report fails t with every problem, one a line.
func report(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

func TestArchitecture_ImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, f := range parseTree(t) {
		report(t, checkImports(f))
	}
}

func TestArchitecture_B102_PureFilesAreFunctionsOfTheirInputs(t *testing.T) {
	t.Parallel()
	files := parseTree(t)
	globals := globalNames(files)
	var pure int
	for _, f := range files {
		if f.pure() {
			pure++
			report(t, checkPurity(f, globals[f.dir()]))
		}
	}
	if pure == 0 {
		t.Error("found no pure file: the check proves nothing")
	}
}

func TestArchitecture_EveryExportedNameHasAComment(t *testing.T) {
	t.Parallel()
	for _, f := range parseTree(t) {
		report(t, checkComments(f))
	}
}

// A package begins with "Package x" in exactly one of its files, a program with
// "Command x" or its own name.
func TestArchitecture_EveryPackageHasAComment(t *testing.T) {
	t.Parallel()
	comments := map[string][]string{} // directory → its package comments
	names := map[string]string{}
	for _, f := range parseTree(t) {
		names[f.dir()] = f.ast.Name.Name
		if f.ast.Doc != nil {
			comments[f.dir()] = append(comments[f.dir()], f.ast.Doc.Text())
		}
	}
	for dir, name := range names {
		switch got := comments[dir]; {
		case len(got) != 1:
			t.Errorf("%s: has %d package comments: want one, in doc.go", dir, len(got))
		case name != "main" && !strings.HasPrefix(got[0], "Package "+name+" "):
			t.Errorf("%s: its comment must begin with %q", dir, "Package "+name+" ")
		case name == "main" && !strings.HasPrefix(strings.ToLower(got[0]), "command "+path.Base(dir)+" ") &&
			!strings.HasPrefix(strings.ToLower(got[0]), path.Base(dir)+" "):
			t.Errorf("%s: its comment must begin with %q", dir, "Command "+path.Base(dir)+" ")
		}
	}
}

// wants checks what a check says of one file: nothing, or one problem that
// contains want.
func wants(t *testing.T, got []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(got) > 0:
		t.Errorf("finds %q, want nothing", got)
	case want != "" && !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, want) }):
		t.Errorf("finds %q, want %q", got, want)
	}
}

func TestArchitecture_ImportsPointOneWay_Fails(t *testing.T) {
	t.Parallel()
	const own = modulePath + "/"
	for _, c := range []struct {
		name, file, imports, want string
	}{
		{"downwards", "queue/queue.go", own + "agent", ""},
		{"to the lowest", "acd/engine.go", own + "agent", ""},
		{"upwards", "agent/agent.go", own + "strategy", "agent may only import the rooms before it ()"},
		{"upwards by two", "strategy/seven.go", own + "callback", "strategy may only import"},
		{"to the top", "queue/queue.go", own + "acd", "queue may only import"},
		{"a room, what is built on it", "acd/router.go", own + "acd/acdtest", "never imports what is built on it"},
		{"what is built on a room, the room", "acd/sim/world.go", own + "acd", ""},
		{"a neighbour", "acd/sim/result.go", own + "acd/report", ""},
		{"an example", "acd/sim/world.go", own + "examples/quickstart", "imports the example"},
		{"an example by an example", "examples/replay/main.go", own + "examples/quickstart", "imports the example"},
		{"std", "agent/agent.go", "net/http", ""},
		{"one that a host may link", "acd/id.go", "github.com/google/uuid", ""},
		{"a package of one that a host may link", "queue/config.go", "golang.org/x/text/language", ""},
		{"one whose name begins alike", "acd/id.go", "github.com/google/uuid-tools", "a host links only"},
		{"a test's", "acd/report/table.go", "github.com/stretchr/testify/assert", "a host links only"},
		{"anything foreign in the test kit", "acd/acdtest/run.go", "github.com/google/uuid", "nothing but the standard library"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parseSource(t, c.file, "package x\n\nimport _ \""+c.imports+"\"\n")
			wants(t, checkImports(f), c.want)
		})
	}
	t.Run("a module of its own links what it likes", func(t *testing.T) {
		t.Parallel()
		f := parseSource(t, "acd/store/bolt/store.go", "package bolt\n\nimport _ \"go.etcd.io/bbolt\"\n")
		wants(t, checkImports(f), "a host links only")
		f.nested = true
		wants(t, checkImports(f), "")
	})
}

func TestArchitecture_B102_PureFilesAreFunctionsOfTheirInputs_Fails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, want string
	}{
		{"a goroutine", "func f() { go f() }", "starts a goroutine"},
		{"a channel", "func f() { _ = make(chan int) }", "has a channel"},
		{"a channel field", "type t struct{ c <-chan int }", "has a channel"},
		{"a send", "func f(c c) { c <- 1 }; type c = interface{}", "sends"},
		{"a receive", "func f(c c) { <-c }; type c = interface{}", "receives"},
		{"a select", "func f() { select {} }", "selects"},
		{"a lock", `import "sync"`, "imports sync"},
		{"an atomic", `import "sync/atomic"`, "imports sync/atomic"},
		{"a file", `import "os"`, "imports os"},
		{"the net", `import "net/http"`, "imports net/http"},
		{"a name of the net", `import "net/url"`, ""},
		{"old rand", `import "math/rand"`, "imports math/rand"},
		{"new rand, with a dot", `import . "math/rand/v2"`, "imports math/rand/v2"},
		{"new rand, global", `import "math/rand/v2"; func f() int { return rand.IntN(3) }`, "global rand.IntN"},
		{"new rand, renamed", `import r "math/rand/v2"; func f() int { return r.N(3) }`, "global rand.N"},
		{"new rand, seeded", `import "math/rand/v2"; func f() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }`, ""},
		{"the clock", `import "time"; func f() { _ = time.Now() }`, "time.Now"},
		{"the clock as a value", `import "time"; type t struct{ now func() time.Time }; func f() t { return t{time.Now} }`, "time.Now"},
		{"the clock, renamed", `import clock "time"; func f(t clock.Time) { _ = clock.Since(t) }`, "time.Since"},
		{"the clock, with a dot", `import . "time"`, "time with a dot"},
		{"a timer", `import "time"; func f() { time.AfterFunc(1, f) }`, "time.AfterFunc"},
		{"a timer kept", `import "time"; type t struct{ t *time.Timer }`, "time.Timer"},
		{"a pause", `import "time"; func f() { time.Sleep(1) }`, "time.Sleep"},
		{"local time", `import "time"; func f(t time.Time) { t.In(time.Local) }`, "time.Local"},
		{"a variable called time", `type c struct{ Now int }; func f(time c) int { return time.Now }`, ""},
		{"a moment handed in", `import "time"; func f(now time.Time) time.Time { return now.Add(time.Second) }`, ""},
		{"a sentinel", `import "errors"; var ErrX = errors.New("x")`, ""},
		{"a table", `var names = [...]string{"A", "B"}`, ""},
		{"a table by a function", `var pairs = double(names); var names = []string{"A"}; func double(s []string) []string { return s }`, ""},
		{"an assertion", `type t struct{}; var _ interface{} = t{}`, ""},
		{"a counter", `var n int`, "n has no value"},
		{"a counter with a value", `var n = 1`, "could be a constant"},
		{"an empty map", `var seen = make(map[string]bool)`, "made empty"},
		{"a pointer", `type t struct{}; var shared = &t{}`, "pointer"},
		{"a table changed", `var names = []string{"A"}; func f() { names[0] = "B" }`, "changes the package-level variable names"},
		{"a table replaced", `var names = []string{"A"}; func f() { names = nil }`, "changes the package-level variable names"},
		{"a map filled", `var known = map[string]bool{}; func f(s string) { known[s] = true }`, "changes the package-level variable known"},
		{"a map emptied", `var known = map[string]bool{}; func f() { clear(known) }`, "changes the package-level variable known"},
		{"a field changed", `type t struct{ n int }; var x = t{1}; func f() { x.n++ }`, "changes the package-level variable x"},
		{"one of another file", `func f() { elsewhere["a"] = 1 }`, "changes the package-level variable elsewhere"},
		{"a local of the same name", `var names = []string{"A"}; func f() { names := []string{"B"}; names[0] = "C" }`, ""},
		{"a local like another file's", `func f() { elsewhere := map[string]int{}; elsewhere["a"] = 1; delete(elsewhere, "a") }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parseSource(t, "queue/x.go", "package queue; "+c.source)
			wants(t, checkPurity(f, map[string]bool{"elsewhere": true, "names": true}), c.want)
		})
	}
}

func TestArchitecture_B102_OnlyTheShellIsNotPure(t *testing.T) {
	t.Parallel()
	for name, pure := range map[string]bool{
		"agent/agent.go": true, "strategy/more.go": true, "queue/queue.go": true, "callback/book.go": true,
		"acd/engine.go": true, "acd/match.go": true, "acd/storage.go": true, "acd/identity.go": true,
		"acd/router.go": false, "acd/router_commit.go": false, "acd/clock.go": false, "acd/memory.go": false, "acd/id.go": false,
		"queue/router.go": true, "acd/myrouter.go": true,
		"acd/acdtest/clock.go": false, "acd/sim/world.go": false, "examples/quickstart/main.go": false,
	} {
		if f := (&sourceFile{name: name}); f.pure() != pure {
			t.Errorf("%s: pure is %t, want %t", name, f.pure(), pure)
		}
	}
}

func TestArchitecture_EveryExportedNameHasAComment_Fails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, want string
	}{
		{"type", "type T struct{}", "type T"},
		{"type with a comment on something else", "// The T is.\ntype T struct{}\n\n// Type of a kind.\ntype U struct{}", "type U must begin with its name"},
		{"news", "// T: it happened.\ntype T struct{}", ""},
		{"type in a group", "// Types.\ntype (\n\tT struct{}\n)", "type T"},
		{"type with a comment", "// T is.\ntype T struct{}", ""},
		{"function", "func F() {}", "func F"},
		{"method", "// T is.\ntype T struct{}\n\nfunc (*T) M() {}", "func M"},
		{"generic method", "// T is.\ntype T[K any] struct{}\n\nfunc (T[K]) M() {}", "func M"},
		{"method of an unexported type", "type t struct{}\n\nfunc (t) M() {}", ""},
		{"method of an interface", "// T is.\ntype T interface{ M() }", "method M"},
		{"method of an interface with a comment", "// T is.\ntype T interface {\n\t// M does.\n\tM()\n}", ""},
		{"constant", "const C = 1", "const C"},
		{"constant in a group with a comment", "// The constants.\nconst (\n\tC = iota\n\tD\n)", ""},
		{"constant with a comment beside it", "const C = 1 // one", ""},
		{"variable", "import \"errors\"\n\nvar ErrX = errors.New(\"x\")", "var ErrX"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parseSource(t, "acd/x.go", "package acd\n\n"+c.source+"\n")
			wants(t, checkComments(f), c.want)
		})
	}
	t.Run("a program", func(t *testing.T) {
		t.Parallel()
		wants(t, checkComments(parseSource(t, "examples/x/main.go", "package main\n\nfunc F() {}\n")), "")
	})
}
