// Command mutate changes the library in small ways, one at a time, and looks
// whether a test notices. What no test notices is printed: a test is missing, or
// the code is not needed.
//
//	go run ./.ci/mutate -sample 20 -seed 1 ./agent ./strategy ./queue ./callback ./acd
//
// It is run from the root of the tree, which it leaves as it is: the changed file
// reaches the compiler by go test -overlay. A mutant is tried on the tests of its
// own package first, and if it survives on the scenarios. All of them take hours;
// -sample takes so many of each package, drawn by -seed. -list prints the mutants
// and tries none; -only tries those whose line contains a text.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.sample, "sample", 0, "how many mutants of each package; 0: all")
	flag.Uint64Var(&o.seed, "seed", 1, "of the sample")
	flag.DurationVar(&o.timeout, "timeout", 5*time.Minute, "after which a test is given up; neither killed nor survived")
	flag.StringVar(&o.only, "only", "", "only mutants whose line contains this")
	flag.BoolVar(&o.list, "list", false, "print the mutants and try none")
	flag.Parse()
	packages := flag.Args()
	if len(packages) == 0 {
		packages = []string{"./agent", "./strategy", "./queue", "./callback", "./acd"}
	}
	if err := o.run(packages); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

type options struct {
	sample  int
	seed    uint64
	timeout time.Duration
	only    string
	list    bool
}

// stages are the tests that a mutant is tried on, the fast ones first.
func stages(pkg string) [][]string {
	scenarios := []string{"-run", "^TestScenarios$", "./acd/acdtest"}
	traffic := []string{"-run", "^TestTape_Scripts|^TestTraffic_BreaksNoLaw$|^TestHost", "./acd/acdtest"}
	rest := []string{"-skip", "^TestB|^TestRouter_ManyGo|^TestRouter_CloseAt|^TestStress|^TestArchitecture|^TestRules|^TestRestore_B110", "./acd"}
	rules := []string{"-run", "^TestB", "./acd"}
	if pkg == "./acd" {
		return [][]string{rules, scenarios, rest, traffic}
	}
	return [][]string{{pkg}, scenarios, rules, traffic}
}

// The fates of a mutant.
const (
	killed   = "killed"
	late     = "timed out" // it may run for ever, or the machine is busy
	survived = "SURVIVED"
	unbuilt  = "does not build"
)

func (o *options) run(packages []string) error {
	var all, dead int
	var left []string
	for _, pkg := range packages {
		mutants, err := find(pkg)
		if err != nil {
			return err
		}
		mutants = slices.DeleteFunc(mutants, func(m mutant) bool { return !strings.Contains(m.String(), o.only) })
		total := len(mutants)
		rand.New(rand.NewPCG(o.seed, 0)).Shuffle(total, func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		fates := map[string]int{}
		for _, m := range mutants {
			if o.sample > 0 && fates[killed]+fates[survived] == o.sample {
				break
			}
			if o.list {
				fmt.Println(m)
				continue
			}
			fate, err := o.try(pkg, m)
			if err != nil {
				return err
			}
			fates[fate]++
			if fate != unbuilt {
				fmt.Printf("%-9s %s\n", fate, m)
			}
			if fate == survived {
				left = append(left, m.String())
			}
		}
		tried := fates[killed] + fates[survived]
		fmt.Printf("---- %s: %d of %d killed (%d mutants in all; met %d that timed out, %d that do not build)\n", pkg, fates[killed], tried, total, fates[late], fates[unbuilt])
		all, dead = all+tried, dead+fates[killed]
	}
	if all > 0 {
		fmt.Printf("\n%d of %d killed: %.0f %%\n", dead, all, 100*float64(dead)/float64(all))
	}
	for _, m := range left {
		fmt.Println("survived:", m)
	}
	return nil
}

// try runs the tests on a mutant.
func (o *options) try(pkg string, m mutant) (string, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	changed := filepath.Join(dir, filepath.Base(m.file))
	file, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := errors.Join(os.WriteFile(changed, m.apply(), 0o600), os.WriteFile(list, overlay, 0o600)); err != nil {
		return "", err
	}
	for _, stage := range stages(pkg) {
		args := append([]string{"test", "-overlay", list, "-count=1", "-failfast", "-vet=off", "-timeout", o.timeout.String()}, stage...)
		out, err := o.goTool(args...)
		switch {
		case bytes.Contains(out, []byte("[build failed]")):
			return unbuilt, nil
		case bytes.Contains(out, []byte("panic: test timed out")) || errors.Is(err, context.DeadlineExceeded):
			return late, nil
		case err != nil:
			return killed, nil
		}
	}
	return survived, nil
}

func (o *options) goTool(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), o.timeout+time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return out, err
}
