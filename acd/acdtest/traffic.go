package acdtest

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Traffic is random traffic: calls, phones that answer, reject and break, agents
// who come and go, supervisors who change everything, restarts, and time. The
// same values give the same traffic. After every step the laws of
// Options.Strict are looked at, among them
//
//   - nobody's line is taken twice (B12);
//   - nobody available is left beside a call that he could be offered (B32),
//     found by looking at all of them;
//   - every call has one outcome, and the numbers add up (B46);
//   - events are numbered without a gap.
//
// The zero value is good.
type Traffic struct {
	Seed   uint64
	Queues int // 0: 3
	Agents int // 0: 8; each in some of the queues
	// Strategies are a host's own: queues use them beside the seven.
	Strategies []strategy.Strategy
	// Calm leaves out restarts and deletions.
	Calm bool
}

// Step is one step of a Traffic, which has been taken.
type Step struct {
	Line   string      // as a script writes it
	At     time.Time   // when it ended
	Inputs []acd.Input // what was handed in; none if time passed
	// Refused is why the line was refused: much of what happens on phones
	// comes too late.
	Refused error
	Events  []acd.Event // what happened
}

// TrafficError is a law that random traffic broke.
type TrafficError struct {
	Traffic Traffic
	Step    int // from 1
	Err     error
	// Script runs into it again, in a Script that runs with Options.Strict. It
	// has been cut down to what is needed.
	Script string
}

// Error says which law, and prints the script.
func (e *TrafficError) Error() string {
	return fmt.Sprintf("acdtest: seed %d, step %d: %v\nThis script runs into it:\n%s", e.Traffic.Seed, e.Step, e.Err, e.Script)
}

// Unwrap returns what is wrong.
func (e *TrafficError) Unwrap() error { return e.Err }

// Run takes n steps. The error is a *[TrafficError], or says that the traffic
// itself is no good.
func (t Traffic) Run(n int) error {
	for _, err := range t.Steps(n) {
		if err != nil {
			return err
		}
	}
	return nil
}

// Steps takes n steps after those that make queues and agents, and yields every
// one of them: a host can hand the same inputs to a machine of its own. An error,
// see [Traffic.Run], ends the sequence. A step's slices are valid until the next
// one.
func (t Traffic) Steps(n int) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		g, err := newGenerator(t)
		if err != nil {
			yield(Step{}, err)
			return
		}
		g.steps(n)(yield)
	}
}

// generator makes traffic: it looks at the engine and writes the next line.
type generator struct {
	Traffic
	rng    *rand.Rand
	runner *runner
	inputs []acd.Input
	lines  []string     // so far, refused ones as such
	calls  int          // made so far
	asked  queue.CallID // who pressed 3 last
	dawn   string       // the line that ends the night; "": it is day
	opens  string       // the line that ends the hold of callbacks; "": none is held
}

func newGenerator(t Traffic) (*generator, error) {
	if t.Queues <= 0 {
		t.Queues = 3
	}
	if t.Agents <= 0 {
		t.Agents = 8
	}
	r, err := newRunner(t.options())
	if err != nil {
		return nil, err
	}
	r.restoring = restoreAfter
	g := &generator{Traffic: t, rng: rand.New(rand.NewPCG(t.Seed, 1)), runner: r}
	r.input = func(in acd.Input, _ error) { g.inputs = append(g.inputs, in) }
	return g, nil
}

func (g *generator) steps(n int) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		setup := g.setUp()
		for i := range len(setup) + n {
			var text string
			if i < len(setup) {
				text = setup[i]
			} else {
				text = g.line()
			}
			step, err := g.take(text)
			if err != nil {
				err = g.broken(i+1, err)
			}
			if !yield(step, err) || err != nil {
				return
			}
		}
	}
}

// restoreAfter is how often traffic restores an engine; what is lost by one step
// is mostly still lost after a few more.
const restoreAfter = 8

func (t Traffic) options() Options {
	return Options{Strategies: t.Strategies, Seed: t.Seed, Strict: true, MaxSteps: math.MaxInt}
}

// refusedLine is what a script writes before a line that is refused, whatever the
// error says.
const refusedLine = `fails "" `

// take runs a line. The error is a broken law.
func (g *generator) take(text string) (Step, error) {
	g.inputs = g.inputs[:0]
	refused, err := g.runner.try(text)
	g.runner.forgetTrace()
	if refused != nil {
		text = refusedLine + text
	}
	g.lines = append(g.lines, text)
	return Step{Line: text, At: g.runner.now, Inputs: g.inputs, Refused: refused, Events: g.runner.events}, err
}

// try runs a line that may be refused. A panic is a broken law too (B110).
func (r *runner) try(text string) (refused, broken error) {
	defer func() {
		if p := recover(); p != nil {
			broken = lawError(fmt.Sprintf("expected no panic, came %v\n%s", p, debug.Stack()))
		}
	}()
	l, err := parseLine(1, text)
	if err != nil || l == nil {
		return nil, err
	}
	err = r.run(l)
	var no *refusal
	if errors.As(err, &no) {
		return no.err, nil
	}
	return nil, err
}

// broken reports a broken law with the shortest script found that breaks one.
func (g *generator) broken(step int, err error) error {
	lines, err := shrink(g.lines, err, g.options())
	script := fmt.Sprintf("# seed %d\n%s\n", g.Seed, strings.Join(lines, "\n"))
	return &TrafficError{Traffic: g.Traffic, Step: step, Err: err, Script: script}
}

// mostShrinking is how many steps are taken to find a shorter script: it takes
// seconds, not minutes.
const mostShrinking = 10_000

// shrink leaves out lines as long as what is left breaks the same law.
func shrink(lines []string, broken error, o Options) ([]string, error) {
	spent, restoring := 0, 0
	if strings.Contains(broken.Error(), "restore") {
		restoring = 1
	}
	try := func(shorter []string) bool {
		kept, steps, err := replay(shorter, o, restoring)
		spent += steps * (1 + 9*restoring) // restoring is slow
		if err == nil || law(err) != law(broken) {
			return false
		}
		lines, broken = kept, err
		return true
	}
	accepted := func() []string {
		return slices.DeleteFunc(slices.Clone(lines), func(text string) bool { return strings.HasPrefix(text, refusedLine) })
	}
	for size := len(lines) / 2; size > 0; size /= 2 {
		try(accepted())
		for from := 0; from < len(lines) && spent < mostShrinking; {
			if !try(slices.Concat(lines[:from], lines[min(from+size, len(lines)):])) {
				from += size
			}
		}
	}
	return lines, broken
}

// law is the beginning of what a broken law says, without numbers.
func law(err error) string {
	const most = 60
	text := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, err.Error())
	return text[:min(most, len(text))]
}

// replay runs lines, refused ones too, and returns those up to the one that broke
// a law, and how many steps it took.
func replay(lines []string, o Options, restoring int) (kept []string, steps int, broken error) {
	r, err := newRunner(o)
	if err != nil {
		return nil, 0, err
	}
	r.restoring = restoring
	for _, text := range lines {
		text = strings.TrimPrefix(text, refusedLine)
		refused, err := r.try(text)
		if refused != nil {
			text = refusedLine + text
		}
		if kept = append(kept, text); err != nil {
			return kept, r.steps, err
		}
	}
	return nil, r.steps, nil
}
