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
	for _, set := range [][2]string{{"rapid.checks", "60"}, {"rapid.seed", "1"}, {"rapid.nofailfile", "true"}, {"rapid.shrinktime", "5s"}} {
		if err := flag.Set(set[0], set[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func TestB32_AModelOfSerialHunts(t *testing.T) {
	// PAR
	agree(t, newWorld(ordinary), plain)
}

func TestB35_AModelOfSupervisors(t *testing.T) {
	// PAR
	agree(t, newWorld(ordinary, supervisors), everything)
}

func TestB70_AModelOfRegulars(t *testing.T) {
	// PAR
	agree(t, newWorld(ordinary, supervisors, regulars), known)
}

// agree draws sequences and compares engine and model after every step.
func agree(t *testing.T, w *world, properties []string) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		m := New()
		var script []string
		for _, line := range w.setUp(t, properties) {
			m.Apply(line)
			script = append(script, line)
		}
		for _, v := range rapid.SliceOfN(drawMove, 60, 100).Draw(t, "moves") {
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
	})
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
		if line.Kind != "play" && line.Kind != "stop_play" {
			came = append(came, line.String())
		}
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
		events := inOrder(came[:n])
		came = came[n+len(shows):]
		if !slices.Equal(events, s.events) {
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
		text = append(text, line)
		s := step{until: len(text)}
		for _, l := range m.trace[seen:] {
			s.events = append(s.events, l.Text)
		}
		s.events = inOrder(s.events)
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

// inOrder leaves what happened in its order, but for statuses and confirms: those
// of one instant stand behind it, sorted. Where statuses stand among the rest a
// scenario's runner decides, who looks at agents when they are mentioned; the
// rules give leases no place among what ends in one instant, and no order to queues
// that are left without staff by one cause.
func inOrder(lines []string) []string {
	var out, statuses []string
	now := ""
	flush := func() {
		slices.Sort(statuses)
		out = append(out, statuses...)
		statuses = nil
	}
	for _, line := range lines {
		f := strings.Fields(line)
		if f[0] != now {
			flush()
			now = f[0]
		}
		if f[1] == "status" || f[1] == "confirm" {
			statuses = append(statuses, line)
		} else {
			out = append(out, line)
		}
	}
	flush()
	unstaffed := func(i int) bool { return i < len(out) && strings.Fields(out[i])[1] == "unstaffed" }
	for i := range out {
		n := i
		for unstaffed(n) && strings.Fields(out[n])[0] == strings.Fields(out[i])[0] {
			n++
		}
		slices.Sort(out[i:n])
	}
	return out
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
