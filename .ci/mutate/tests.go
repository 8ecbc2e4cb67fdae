package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// unit is a test that can be run by itself: a top-level one, or a scenario.
type unit struct {
	binary *binary
	name   string
	cpu    time.Duration // what it needs, of one processor
	took   time.Duration
}

// binary is the test binary of a package, with all switches in it.
type binary struct {
	dir, file string
}

// tests is everything that mutants are tried on.
type tests struct {
	dir   string
	units []*unit
	meet  map[int][]*unit // the tests that pass a mutant's switch
}

// readTheTree are tests that look at the source and not at what it does, and
// the rules' book.
var readTheTree = regexp.MustCompile(`^TestArchitecture|^TestRules|^Benchmark`)

// scenarios is the test of which each subtest is a unit, and where it finds them.
const (
	scenarios     = "TestScenarios"
	scenarioFiles = "acd/testdata/*.acd"
)

// build compiles the test binaries: those of the packages, then those that try
// everything together.
func build(dir string, packages []string, files []*file) (*tests, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	module, err := exec.Command("go", "list", "-f", "{{.Module.Path}}", "./"+filepath.Dir(files[0].name)).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	name, _, _ := strings.Cut(string(module), "\n")
	list, err := overlay(dir, root, name, files)
	if err != nil {
		return nil, err
	}
	t := &tests{dir: dir, meet: map[int][]*unit{}}
	all := slices.Clone(packages)
	for _, pkg := range []string{"./acd/acdtest", "./acd", "./acd/acdtest/model"} {
		if !slices.Contains(all, pkg) {
			all = append(all, pkg)
		}
	}
	for i, pkg := range all {
		b := &binary{dir: filepath.Join(root, pkg), file: filepath.Join(dir, fmt.Sprintf("%d.test", i))}
		out, err := exec.Command("nice", "-n", "15", "go", "test", "-c", "-vet=off", "-overlay", list, "-o", b.file, pkg).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("go test -c %s: %w\n%s", pkg, err, out)
		}
		if err := t.list(b); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// list adds the units of a binary.
func (t *tests) list(b *binary) error {
	cmd := exec.Command(b.file, "-test.list", ".")
	cmd.Dir = b.dir
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s -test.list: %w", b.dir, err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		switch {
		case name == scenarios:
			files, err := filepath.Glob(scenarioFiles)
			if err != nil {
				return err
			}
			for _, f := range files {
				t.units = append(t.units, &unit{binary: b, name: name + "/" + strings.TrimSuffix(filepath.Base(f), ".acd")})
			}
		case !readTheTree.MatchString(name):
			t.units = append(t.units, &unit{binary: b, name: name})
		}
	}
	return nil
}

// learn runs each unit by itself, and notes which switches it passes and how long
// it takes. One that fails is of no use.
func (t *tests) learn(jobs int) error {
	var wait sync.WaitGroup
	var lock sync.Mutex
	var errs error
	next := make(chan int)
	for range jobs {
		wait.Go(func() {
			for i := range next {
				u := t.units[i]
				met := filepath.Join(t.dir, fmt.Sprintf("met%d", i))
				r := run(u.binary, pattern([]*unit{u}), 5*time.Minute, 600, "MUTANT_MET="+met)
				text, err := os.ReadFile(met)
				lock.Lock()
				switch {
				case r.end != survived:
					errs = errors.Join(errs, fmt.Errorf("%s fails as it is: %s", u.name, r.why))
				case err != nil && !errors.Is(err, os.ErrNotExist):
					errs = errors.Join(errs, err)
				}
				u.cpu, u.took = r.cpu, r.took
				for line := range strings.Lines(string(text)) {
					if id, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
						t.meet[id] = append(t.meet[id], u)
					}
				}
				lock.Unlock()
				_ = os.Remove(met)
			}
		})
	}
	for i := range t.units {
		next <- i
	}
	close(next)
	wait.Wait()
	var cpu time.Duration
	for _, u := range t.units {
		cpu += u.cpu
	}
	fmt.Printf("---- %d tests, %v of one processor\n", len(t.units), cpu.Round(time.Second))
	return errs
}

// The ends of a mutant.
const (
	killed   = "killed"
	late     = "TIMED OUT" // it runs for ever, or uses all memory, or waits for ever
	survived = "SURVIVED"
)

// fate is what became of a mutant.
type fate struct{ end, why string }

// try runs the tests that pass the mutant's switch, the short ones first.
func (t *tests) try(m *mutant) fate {
	units := t.meet[m.id]
	if len(units) == 0 {
		return fate{survived, "no test comes across it"}
	}
	var spent time.Duration
	for _, batch := range batches(units) {
		var cpu, took time.Duration
		for _, u := range batch {
			cpu, took = cpu+u.cpu, took+u.took
		}
		r := run(batch[0].binary, pattern(batch), 20*time.Second+5*took, 10+3*int(cpu.Seconds()), fmt.Sprintf("MUTANT=%d", m.id))
		spent += r.cpu
		if r.end != survived {
			return fate{r.end, r.why}
		}
	}
	return fate{survived, fmt.Sprintf("%d tests, %.1f s", len(units), spent.Seconds())}
}

// batches puts the units of a binary together, the scenarios apart: a few short
// ones, then more, so that most mutants die early.
func batches(units []*unit) (all [][]*unit) {
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(a, b *unit) int { return int(a.cpu/time.Millisecond) - int(b.cpu/time.Millisecond) })
	type group struct {
		b         *binary
		scenarios bool
	}
	of := func(u *unit) group { return group{u.binary, strings.Contains(u.name, "/")} }
	var open []group
	for size := 8; len(units) > 0; size *= 8 {
		var rest []*unit
		batch := map[group][]*unit{}
		open = open[:0]
		for _, u := range units {
			g := of(u)
			if len(batch[g]) == 0 {
				open = append(open, g)
			}
			if len(batch[g]) < size {
				batch[g] = append(batch[g], u)
			} else {
				rest = append(rest, u)
			}
		}
		for _, g := range open {
			all = append(all, batch[g])
		}
		units = rest
	}
	return all
}

// pattern selects units of one binary, all of them scenarios or none.
func pattern(units []*unit) string {
	var names []string
	before := ""
	for _, u := range units {
		name := u.name
		if test, scenario, ok := strings.Cut(name, "/"); ok {
			before, name = "^"+test+"$/", scenario
		}
		names = append(names, regexp.QuoteMeta(name))
	}
	return before + "^(" + strings.Join(names, "|") + ")$"
}

type result struct {
	fate
	cpu, took time.Duration
}

// run runs some tests of a binary until one fails; for so long, and so many
// seconds of a processor, at the most.
func run(b *binary, pattern string, limit time.Duration, cpu int, env string) result {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	script := fmt.Sprintf(`ulimit -t %d; ulimit -v 8000000; exec nice -n 15 "$@"`, cpu)
	cmd := exec.CommandContext(ctx, "sh", "-c", script, "sh", b.file, "-test.run", pattern, "-test.v", "-test.failfast", "-test.timeout=0")
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), env, "GOMAXPROCS=2")
	out := &watch{stop: cancel}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	start := time.Now()
	err := cmd.Run()
	r := result{took: time.Since(start)}
	if s := cmd.ProcessState; s != nil {
		r.cpu = s.UserTime() + s.SystemTime()
	}
	switch failed, full := out.failed(); {
	case failed != "":
		r.fate = fate{killed, failed}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		r.fate = fate{late, "waits"}
	case full, err != nil && !cmd.ProcessState.Exited():
		r.fate = fate{late, "runs for ever"}
	case err != nil:
		r.fate = fate{killed, err.Error()}
	default:
		r.fate = fate{end: survived}
	}
	return r
}

// watch reads what a test binary says, and stops it once a test has failed.
type watch struct {
	lock sync.Mutex
	text bytes.Buffer // not yet a line
	stop func()
	name string // the test that failed
	full bool   // the memory
}

var failure = regexp.MustCompile(`^\s*--- FAIL: (\S+)|^(panic: .*|fatal error: .*)`)

func (w *watch) Write(p []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.text.Write(p)
	for w.name == "" {
		line, err := w.text.ReadString('\n')
		if err != nil {
			w.text.WriteString(line) // the rest is to come
			break
		}
		m := failure.FindStringSubmatch(line)
		switch {
		case m == nil:
		case strings.Contains(line, "out of memory"):
			w.full = true
		default:
			w.name = m[1] + m[2]
			w.stop()
		}
	}
	return len(p), nil
}

func (w *watch) failed() (test string, full bool) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.name, w.full
}
