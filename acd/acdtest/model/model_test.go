package model

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/acdkit/acdkit/acd/acdtest"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		fmt.Fprintln(os.Stderr, "child:", child(text, os.Stdout))
		os.Exit(1)
	}
	for _, set := range [][2]string{{"rapid.checks", "60"}, {"rapid.seed", "1"}, {"rapid.nofailfile", "true"}, {"rapid.shrinktime", "1ms"}} {
		if err := flag.Set(set[0], set[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func TestB32_AModelOfSerialHunts(t *testing.T) {
	t.Parallel()
	agree(t, newWorld(ordinary), plain)
}

func TestB35_AModelOfSupervisors(t *testing.T) {
	t.Parallel()
	agree(t, newWorld(ordinary, supervisors), everything)
}

func TestB70_AModelOfRegulars(t *testing.T) {
	t.Parallel()
	agree(t, newWorld(ordinary, supervisors, regulars), known)
}

func TestB71_B73_AModelOfThoseWhoAreHeldBack(t *testing.T) {
	t.Parallel()
	w := newWorld(ordinary, supervisors, regulars, lists)
	w.each = holdingBack
	agree(t, w, known)
}

func TestB80_AModelOfCallbacks(t *testing.T) {
	t.Parallel()
	agree(t, newWorld(ordinary, supervisors, regulars, callers), promising)
}

func TestB112_AModelOfRestarts(t *testing.T) {
	t.Parallel()
	agree(t, callsBack(), promising)
}

// callsBack is a world of callers who are called back, with a host that comes back.
func callsBack() *world {
	w := newWorld(ordinary, supervisors, regulars, callers, crashes)
	w.each = promises
	return w
}

func TestB60_AModelOfAnnouncements(t *testing.T) {
	t.Parallel()
	w := newWorld(ordinary, supervisors, regulars, callers, crashes, listeners)
	w.each = announcements
	agree(t, w, slices.Concat(promising, announcements))
}

// agree draws sequences and compares engine and model after every step.
func agree(t *testing.T, w *world, properties []string) {
	t.Helper()
	sequences, steps, events := 0, 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		m, r := New(), dice.Draw(t, "dice")
		var script []string
		for _, line := range w.setUp(r, properties) {
			m.Apply(line)
			script = append(script, line)
		}
		for range 60 + r.IntN(41) {
			v := drawMove(r)
			line := w.line(m, v)
			if line == "" {
				continue
			}
			// A refusal is looked at thoroughly, which is slow: a few are enough.
			if refused := m.Apply(line); refused == "" || refused != unclear && v.d%8 == 0 {
				script = append(script, line)
			}
		}
		if d := compare(script); d != nil {
			t.Fatalf("%s", shorten(script, d))
		}
		sequences++
		steps += len(script)
		for _, l := range m.Trace() {
			events[event(l.Text)]++
		}
	})
	t.Logf("%d sequences, %d steps; %s", sequences, steps, strings.TrimPrefix(fmt.Sprint(events), "map"))
}

// event is the kind of a line of the trace, and what it is about.
func event(line string) string {
	f := strings.Fields(line)
	for _, word := range f[2:] {
		switch key, value, _ := strings.Cut(word, "="); key {
		case "state", "outcome", "end", "by", "what", "why":
			return f[1] + " " + value
		}
	}
	return f[1]
}

// difference is where engine and model do not agree.
type difference struct {
	script []string // up to there
	engine string
	model  string
}

func (d *difference) String() string {
	return fmt.Sprintf("engine and model disagree after\n\n%s\n\nengine:\n%s\nmodel:\n%s", strings.Join(d.script, "\n"), d.engine, d.model)
}

// step is one line of a script, and what the model says that it brings.
type step struct {
	until  int      // how many lines of the text there are with it
	events []string // in the order of inOrder
	all    []string // queues that ring all at once
	shows  []string
}

// compare runs a script through both.
func compare(lines []string) *difference {
	text, steps := predict(lines)
	result, err := acdtest.RunScript("script", strings.NewReader(strings.Join(text, "\n")), acdtest.Options{})
	last := len(text) + 1
	var failed *acdtest.ScriptError
	if errors.As(err, &failed) {
		last = failed.Line
	}
	var came []string
	for _, line := range result.Trace {
		came = append(came, line.String())
	}
	for _, s := range steps {
		script := withoutShows(text[:s.until])
		if s.until >= last {
			return &difference{script, err.Error(), "another"}
		}
		n := 0
		for n < len(came) && !isShow(came[n]) {
			n++
		}
		shows := came[n:min(n+len(s.shows), len(came))]
		events := inOrder(came[:n], s.all)
		came = came[n+len(shows):]
		if !slices.EqualFunc(events, s.events, same) {
			return &difference{script, strings.Join(events, "\n"), strings.Join(s.events, "\n")}
		}
		for i := range shows {
			if shows[i] != s.shows[i] {
				return &difference{script, shows[i], s.shows[i]}
			}
		}
	}
	return nil
}

// same reports whether the line that came is the foreseen one, of which the estimate may
// be one of several.
func same(came, foreseen string) bool {
	before, estimates, estimated := strings.Cut(foreseen, " estimate=")
	if !estimated {
		return came == foreseen
	}
	estimates, after, _ := strings.Cut(estimates, " ")
	for estimate := range strings.SplitSeq(estimates, "|") {
		if came == strings.TrimSpace(before+" estimate="+estimate+" "+after) {
			return true
		}
	}
	return false
}

// stored is a line that changes nothing but a record. Rings end with a process when its
// store heard of it last (B112), and a script's runner crashes at that time then.
const stored = "vip 000"

// predict runs lines through the model: the script in which every refusal is
// foreseen and everything is looked at after every step, and what comes of it.
func predict(lines []string) (text []string, steps []step) {
	m := New()
	seen := 0
	for _, line := range lines {
		refused := m.Apply(line)
		switch {
		case refused == unclear:
			continue
		case refused != "":
			line = fmt.Sprintf("fails %q %s", refused, line)
		}
		if strings.HasPrefix(line, "restart") {
			text = append(text, stored)
		}
		text = append(text, line)
		s := step{until: len(text)}
		for _, l := range m.trace[seen:] {
			s.events = append(s.events, l.Text)
		}
		for _, q := range m.queues {
			if q.props.ringsAll() {
				s.all = append(s.all, "queue="+q.name)
			}
		}
		s.events = inOrder(s.events, s.all)
		seen = len(m.trace)
		for _, show := range shows(m) {
			text = append(text, show)
			s.shows = append(s.shows, m.Show(show))
		}
		steps = append(steps, s)
	}
	return text, steps
}

// shows are the lines that look at everything there is.
func shows(m *Model) []string {
	var out []string
	for _, q := range m.queues {
		out = append(out, "show line "+q.name, "show queue "+q.name)
	}
	for _, a := range m.agents {
		out = append(out, "show agent "+a.name)
	}
	for _, id := range slices.Sorted(maps.Keys(m.left)) {
		out = append(out, "show call "+id)
	}
	return out
}

func withoutShows(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasPrefix(l, "show ") })
}

func isShow(line string) bool {
	kind := strings.Fields(line)[1]
	return kind == "line" || kind == "queue" || kind == "agent" || kind == "call"
}

// inOrder leaves what happened in its order, but for what has none in the rules:
//
//   - statuses and confirms of one instant stand behind it, sorted: where statuses stand
//     a scenario's runner decides, who looks at agents when they are mentioned, and
//     leases have no place among what ends in one instant;
//   - so does what is played, caller by caller, each line with how much was told of
//     that call before it: which of two callers hears something first is nobody's business;
//   - queues that are left without staff by one cause, and rings of one instant in queues
//     that ring all at once, are sorted where they adjoin.
func inOrder(lines, all []string) []string {
	var out, statuses, plays []string
	before := map[string]int{} // of a call in this instant
	now := ""
	flush := func() {
		slices.Sort(statuses)
		slices.SortStableFunc(plays, func(a, b string) int { return strings.Compare(strings.Fields(a)[2], strings.Fields(b)[2]) })
		out = slices.Concat(out, plays, statuses)
		statuses, plays = nil, nil
		clear(before)
	}
	for _, line := range lines {
		f := strings.Fields(line)
		if f[0] != now {
			flush()
			now = f[0]
		}
		switch f[1] {
		case "status", "confirm":
			statuses = append(statuses, line)
		case "play", "stop_play":
			plays = append(plays, fmt.Sprintf("%s (after %d)", line, before[f[2]]))
		default:
			out = append(out, line)
			before[f[2]]++
		}
	}
	flush()
	sortRuns(out, func(f []string) bool { return f[1] == "unstaffed" })
	sortRuns(out, func(f []string) bool { return f[1] == "ring" && slices.Contains(all, f[4]) })
	return out
}

// sortRuns sorts the lines of one instant that are so and adjoin.
func sortRuns(lines []string, is func([]string) bool) {
	for i := range lines {
		first, n := strings.Fields(lines[i]), i
		for n < len(lines) {
			f := strings.Fields(lines[n])
			if f[0] != first[0] || !is(f) {
				break
			}
			n++
		}
		slices.Sort(lines[i:n])
	}
}

// shorten leaves out lines as long as engine and model disagree.
func shorten(lines []string, d *difference) *difference {
	for size := len(lines) / 2; size > 0; size /= 2 {
		for from := 0; from < len(lines); {
			fewer := slices.Concat(lines[:from], lines[min(from+size, len(lines)):])
			if other := compare(fewer); other != nil {
				lines, d = fewer, other
			} else {
				from += size
			}
		}
	}
	return d
}
