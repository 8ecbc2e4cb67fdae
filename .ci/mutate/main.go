// Command mutate changes the library in small ways, one at a time, and looks
// whether a test notices. What no test notices is printed: a test is missing, or
// the code is not needed.
//
//	go run ./.ci/mutate -sample 100 -seed 1 ./agent ./strategy ./queue ./callback ./acd
//
// It is run from the root of the tree, which it leaves as it is. All changes are
// compiled at once, each behind a switch (see switch.go), into one test binary for
// each package; then every test is run by itself to learn which changes it comes
// across (see tests.go); and then each change is switched on and tried on those
// tests alone, until one fails.
//
// -sample takes so many mutants of each package, drawn by -seed; without it all
// are tried. -list prints them and tries none; -only tries those whose line
// matches a regular expression. Mutants that change nothing that matters are listed, each with
// the reason, in .ci/mutate/equivalent.txt, and are not drawn.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
)

func main() {
	var o options
	flag.IntVar(&o.sample, "sample", 0, "how many mutants of each package; 0: all")
	flag.Uint64Var(&o.seed, "seed", 1, "of the sample")
	flag.IntVar(&o.jobs, "jobs", 2, "how many are tried at once")
	flag.StringVar(&o.only, "only", "", "only mutants whose line matches this regular expression")
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
	sample int
	seed   uint64
	jobs   int
	only   string
	list   bool
}

func (o *options) run(packages []string) error {
	files, err := find(packages)
	if err != nil {
		return err
	}
	same, err := readEquivalent(".ci/mutate/equivalent.txt")
	if err != nil {
		return err
	}
	drawn, err := o.draw(packages, files, same)
	if err != nil || o.list {
		return err
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b, err := build(dir, packages, files)
	if err != nil {
		return err
	}
	if err := b.learn(o.jobs); err != nil {
		return err
	}
	fates := make([]fate, len(drawn))
	var wait sync.WaitGroup
	var print sync.Mutex
	next := make(chan int)
	for range o.jobs {
		wait.Go(func() {
			for i := range next {
				f := b.try(drawn[i])
				print.Lock()
				fates[i] = f
				fmt.Printf("%-9s %s (%s)\n", f.end, drawn[i], f.why)
				print.Unlock()
			}
		})
	}
	for i := range drawn {
		next <- i
	}
	close(next)
	wait.Wait()
	o.report(packages, drawn, fates)
	return nil
}

// draw takes the sample of each package. Whether a mutant is among the first
// depends on the seed and on itself, so that most are drawn again when the code
// has changed a little.
func (o *options) draw(packages []string, files []*file, same *equivalent) (drawn []*mutant, err error) {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return nil, err
	}
	for _, pkg := range packages {
		var all []*mutant
		lots := map[*mutant]uint64{}
		left := 0
		for _, f := range files {
			for _, m := range f.mutants {
				if m.pkg != pkg {
					continue
				}
				known := same.has(m) // whichever are wanted: see stale
				switch {
				case !only.MatchString(m.String()):
					continue
				case known:
					left++
					continue
				}
				h := fnv.New64a()
				fmt.Fprint(h, m.key())
				lots[m] = rand.NewPCG(o.seed, h.Sum64()).Uint64()
				all = append(all, m)
			}
		}
		slices.SortFunc(all, func(a, b *mutant) int { return cmp.Compare(lots[a], lots[b]) })
		total := len(all)
		if o.sample > 0 {
			all = all[:min(o.sample, total)]
		}
		fmt.Printf("---- %s: %d of %d mutants, and %d known to change nothing\n", pkg, len(all), total, left)
		if o.list {
			for _, m := range all {
				fmt.Println(m)
			}
		}
		drawn = append(drawn, all...)
	}
	return drawn, same.stale(packages)
}

func (o *options) report(packages []string, drawn []*mutant, fates []fate) {
	fmt.Println()
	for i, m := range drawn {
		if fates[i].end != killed {
			fmt.Printf("%-9s %s (%s)\n", fates[i].end, m, fates[i].why)
		}
	}
	var all, dead int
	for _, pkg := range packages {
		count := map[string]int{}
		for i, m := range drawn {
			if m.pkg == pkg {
				count[fates[i].end]++
			}
		}
		tried := count[killed] + count[survived]
		fmt.Printf("---- %s: %d of %d killed, and %d timed out\n", pkg, count[killed], tried, count[late])
		all, dead = all+tried, dead+count[killed]
	}
	if all > 0 {
		fmt.Printf("---- %d of %d killed: %.1f %%\n", dead, all, 100*float64(dead)/float64(all))
	}
}

// equivalent is the list of mutants that change nothing that matters.
type equivalent struct {
	name string
	used map[string]bool // by key
}

// readEquivalent reads lines as "agent/agent.go Agent.Offer: a < b → a <= b"; the lines
// before, which begin with #, say why.
func readEquivalent(name string) (*equivalent, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	e := &equivalent{name, map[string]bool{}}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			e.used[line] = false
		}
	}
	return e, nil
}

func (e *equivalent) has(m *mutant) bool {
	_, ok := e.used[m.key()]
	if ok {
		e.used[m.key()] = true
	}
	return ok
}

// stale names the lines that fit no mutant any more: the code has changed, and
// the reason has to be looked at again.
func (e *equivalent) stale(packages []string) error {
	var lines []string
	for line, used := range e.used {
		dir, _, _ := strings.Cut(line, "/")
		if !used && slices.Contains(packages, "./"+dir) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	return fmt.Errorf("%s: no mutant fits\n%s", e.name, strings.Join(lines, "\n"))
}
