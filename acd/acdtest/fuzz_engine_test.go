package acdtest

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
)

// FuzzEngine: whatever inputs come in whatever order, at whatever time, nothing
// panics, all laws hold after every step, what is refused has changed nothing,
// what was handed in may be changed afterwards, and the same inputs give the same
// events.
func FuzzEngine(f *testing.F) {
	for _, text := range scripts(f, 23) {
		if data := recorded(text); len(data) < 3000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := play(t, data)
		if p.broken != nil {
			t.Fatal(p.broken)
		}
		p.again(t)
	})
}

// scripts returns every n-th of the scenario scripts.
func scripts(tb testing.TB, n int) (texts []string) {
	tb.Helper()
	files, err := filepath.Glob("../testdata/*.acd")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no scripts: %v", err)
	}
	for i := 0; i < len(files); i += n {
		text, err := os.ReadFile(files[i])
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// recorded is the tape of what a script hands in.
func recorded(text string) []byte {
	r, err := newRunner(Options{})
	if err != nil {
		return nil
	}
	script, err := Parse("", strings.NewReader(text))
	if err != nil {
		return nil
	}
	t := &tape{now: agent.At(start)}
	last := start
	r.input = func(in acd.Input, _ error) {
		t.pass(r.now.Sub(last))
		last = r.now
		t.record(in)
	}
	for _, l := range script.lines {
		if r.run(l) != nil && !l.verb.looks {
			break
		}
		t.offers = append(t.offers, offersIn(r.events)...)
	}
	t.pass(r.now.Sub(last))
	return t.data
}

func offersIn(events []acd.Event) (ids []acd.OfferID) {
	for _, ev := range events {
		if do, ok := ev.Do.(*acd.Ring); ok {
			ids = append(ids, do.Offer)
		}
	}
	return ids
}

// player plays a tape.
type player struct {
	r      *runner
	t      tape
	taken  []acd.Input // nil: time passed
	times  []time.Time
	events []string
	whole  bool // there was no restart
	broken error
}

// mostSteps bounds a tape.
const mostSteps = 150

func play(tb testing.TB, data []byte) *player {
	tb.Helper()
	r, err := newRunner(Options{Strict: true, MaxSteps: mostSteps})
	if err != nil {
		tb.Fatal(err)
	}
	r.restoring = 16
	p := &player{r: r, t: tape{data: data}, whole: true}
	for p.t.more() && p.broken == nil && r.steps < mostSteps {
		p.step(tb)
	}
	if p.broken != nil && r.steps > mostSteps {
		p.broken, p.whole = nil, false // it was long enough, and ended amid a step
	}
	return p
}

// step takes one step.
func (p *player) step(tb testing.TB) {
	r := p.r
	r.events = r.events[:0]
	p.t.now = agent.At(r.now)
	from := p.t.at
	in, step := p.t.next()
	switch {
	case in != nil:
		p.hand(tb, in, from)
	case step == toDeadline:
		if due, ok := r.engine.NextDeadline(); ok {
			p.broken = r.advance(due)
		}
	case steps[step] < 0: // time does not go back (B101)
		r.engine.Advance(r.now.Add(steps[step]))
		p.broken = r.settle()
	default:
		p.broken = r.advance(r.now.Add(steps[step]))
	}
	p.t.offers = append(p.t.offers, offersIn(r.events)...)
	p.note(nil)
}

// note keeps what was handed in and what came of it.
func (p *player) note(in acd.Input) {
	p.taken, p.times = append(p.taken, in), append(p.times, p.r.now)
	for _, ev := range p.r.events {
		p.events = append(p.events, asJSON(ev))
	}
	p.r.events = p.r.events[:0]
}

// hand hands an input in, and then spoils it: the engine must have kept nothing.
func (p *player) hand(tb testing.TB, in acd.Input, from int) {
	r := p.r
	if recover, ok := in.(acd.Recover); ok && recover.Epoch > r.engine.Epoch() {
		p.whole = false
		p.broken = r.crash()
		return
	}
	before := stateOf(r.engine.Records())
	err := r.hand(in)
	var no *refusal
	switch {
	case errors.As(err, &no):
		if !typed(no.err) {
			tb.Fatalf("%T is refused with %v, which wraps nothing", in, no.err)
		}
		if len(r.events) > 0 {
			tb.Fatalf("%#v is refused with %v, and %s is told", in, no.err, asJSON(r.events[0]))
		}
		if key := difference(before, stateOf(r.engine.Records())); key != "" {
			tb.Fatalf("%#v is refused with %v, and there is another %s", in, no.err, key)
		}
	case err != nil:
		p.broken = err
		return
	}
	v := reflect.New(reflect.TypeOf(in)).Elem()
	v.Set(reflect.ValueOf(in))
	if refers(v) {
		after := stateOf(r.engine.Records())
		spoil(v)
		if key := difference(after, stateOf(r.engine.Records())); key != "" {
			tb.Fatalf("%T was changed after it was applied, and with it %s", in, key)
		}
	}
	end := p.t.at
	p.t.at = from
	again, _ := p.t.next()
	p.t.at = end
	p.t.offers = append(p.t.offers, offersIn(r.events)...)
	p.note(again)
}

// typed reports whether an error wraps one that a host can look for.
func typed(err error) bool {
	return slices.ContainsFunc([]error{
		acd.ErrNotFound, acd.ErrExists, acd.ErrInvalid, acd.ErrOfferEnded, acd.ErrAgentBusy, acd.ErrNotWaiting, acd.ErrDuplicateCallback,
		acd.ErrChanged,
	}, func(known error) bool { return errors.Is(err, known) })
}

// refers reports whether v points to anything.
func refers(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice:
		return !v.IsNil()
	case reflect.Struct:
		for i := range v.NumField() {
			if refers(v.Field(i)) {
				return true
			}
		}
	default:
	}
	return false
}

// spoil zeroes what v points to.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			v.Elem().SetZero()
		}
	case reflect.Slice:
		for i := range v.Len() {
			v.Index(i).SetZero()
		}
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i))
		}
	default:
	}
}

// again hands the same inputs to another engine, without asking it in between:
// the events are the same byte for byte (B101, B102).
func (p *player) again(tb testing.TB) {
	tb.Helper()
	if !p.whole {
		return
	}
	e, err := p.r.newEngine()
	if err != nil {
		tb.Fatal(err)
	}
	e.Advance(start)
	var events []string
	for i, in := range p.taken {
		if in != nil {
			_ = e.Step(p.times[i], in)
		}
	}
	if n := len(p.times); n > 0 {
		e.Advance(p.times[n-1])
	}
	for _, ev := range e.Take() {
		events = append(events, asJSON(ev))
	}
	for i := range max(len(events), len(p.events)) {
		switch {
		case i >= len(events):
			tb.Fatalf("B102: once there was %s, and again nothing", p.events[i])
		case i >= len(p.events):
			tb.Fatalf("B102: once there was nothing, and again %s", events[i])
		case events[i] != p.events[i]:
			tb.Fatalf("B102: once there was %s, and again %s", p.events[i], events[i])
		}
	}
}

// TestTape_KnowsEveryInput compares the table with the source.
func TestTape_KnowsEveryInput(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../input.go")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range regexp.MustCompile(`(?m)^func \((\w+)\) input\(\)`).FindAllStringSubmatch(string(source), -1) {
		want = append(want, m[1])
	}
	for _, of := range inputTypes {
		got = append(got, of.Name())
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("inputs are %q, a tape knows %q", want, got)
	}
}

// TestTape_ScriptsMeanTheSame plays what was recorded of scripts: that the seeds
// of FuzzEngine are stories, with calls that are answered and that leave.
func TestTape_ScriptsMeanTheSame(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, text := range scripts(t, 17) {
		p := play(t, recorded(text))
		if p.broken != nil {
			t.Fatal(p.broken)
		}
		p.again(t)
		for _, ev := range p.events {
			for _, name := range []string{"ring", "call_connected", "call_left", "talk_ended", "offer_ended", "dial", "play"} {
				if strings.Contains(ev, `"type":"`+name+`"`) {
					counts[name]++
				}
			}
		}
	}
	for name, n := range counts {
		t.Log(name, n)
	}
	if counts["ring"] < 40 || counts["call_connected"] < 15 || counts["call_left"] < 25 || counts["talk_ended"] < 8 {
		t.Errorf("the tapes of the scripts tell little: %v", counts)
	}
}

// TestTape_ChangedAtRandom plays tapes of scripts that were cut, joined and
// overwritten at random: what FuzzEngine does, without looking where it leads, and
// therefore faster.
func TestTape_ChangedAtRandom(t *testing.T) {
	t.Parallel()
	var seeds [][]byte
	for _, text := range scripts(t, 7) {
		seeds = append(seeds, recorded(text))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	some := func() []byte {
		seed := seeds[rng.IntN(len(seeds))]
		from := rng.IntN(len(seed) + 1)
		return seed[from : from+rng.IntN(len(seed)-from+1)]
	}
	end := time.Now().Add(long.Time(t))
	const least = 12
	n := 0
	for ; n < least || time.Now().Before(end); n++ {
		seed := seeds[rng.IntN(len(seeds))]
		data := slices.Concat(seed[:min(len(seed), 20+rng.IntN(400))], some(), some())
		for range rng.IntN(20) {
			if len(data) > 0 {
				data[rng.IntN(len(data))] = byte(rng.Uint32())
			}
		}
		p := play(t, data)
		if p.broken != nil {
			t.Fatalf("tape %d, %q: %v", n, data, p.broken)
		}
		p.again(t)
	}
	t.Logf("%d tapes", n)
}
