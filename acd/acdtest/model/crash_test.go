package model

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/acd/store/file"
	queues "github.com/acdkit/acdkit/queue"
)

// restarted is a crash and a new start after which the host has said nothing yet.
const restarted = "restart confirm=none"

// What a Router has acknowledged is what the rules make of it: a process that carries
// out a script over a store is killed at random moments, and the engine that is restored
// from its store must show what the model shows of the same lines, all that were
// acknowledged and none, one or some of those that were under way, at its start and for
// two minutes after it. acd/store/file has the same test with an engine in place of the
// model, record by record. In its long form (ACDKIT_LONG) it kills 200 processes.
func TestB112_AModelOfCrashes(t *testing.T) {
	t.Parallel()
	lives, kills := 2, 5
	if long.Time(t) > 0 {
		lives, kills = 20, 10
	}
	checked, extra := 0, 0
	for life := range lives {
		c := &killer{
			T: t, dir: filepath.Join(t.TempDir(), "data"),
			rng: rand.New(rand.NewPCG(uint64(life), 4)), //nolint:gosec // small
		}
		for range kills {
			c.run()
			c.verify()
		}
		checked, extra = checked+c.checked, extra+c.extra
	}
	t.Logf("kills %d, acknowledged lines compared %d, lost 0, under way and kept %d", lives*kills, checked, extra)
	if checked < lives*kills*10 {
		t.Errorf("%d lines compared: the test has tested too little", checked)
	}
}

// killer is the parent of the processes that are killed over one store.
type killer struct {
	*testing.T
	dir    string
	rng    *rand.Rand
	script []string // what made the state of the store
	lines  []string // of the last child
	acked  int      // how many of them were acknowledged

	checked, extra int
}

// run starts a child, reads what it says, and kills it some lines later.
func (c *killer) run() {
	c.Helper()
	exe, err := os.Executable()
	c.must(err)
	c.must(os.WriteFile(scriptOf(c.dir), []byte(strings.Join(c.script, "\n")), 0o600))
	cmd := exec.CommandContext(c.Context(), exe, "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", childVariable, c.dir, c.rng.Uint64()))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	c.must(err)
	c.must(cmd.Start())
	c.lines, c.acked = nil, 0
	until := 20 + c.rng.IntN(300)
	if c.rng.IntN(6) == 0 {
		until = c.rng.IntN(3) // while it is opened
	}
	in := bufio.NewReader(out)
	for n := 0; ; n++ {
		if n == until {
			c.must(cmd.Process.Kill())
		}
		said, err := in.ReadString('\n')
		if err != nil {
			break // the last line may be half of one
		}
		said = strings.TrimSuffix(said, "\n")
		if line, ok := strings.CutPrefix(said, "> "); ok {
			c.lines = append(c.lines, line)
		} else if _, err := fmt.Sscanf(said, "ok %d", &c.acked); err != nil {
			c.Fatalf("the child says %q", said)
		}
	}
	_ = cmd.Wait() // it was killed
	if complaints.Len() > 0 {
		c.Fatalf("the child had something to say: %s\nafter\n%s", complaints.String(), strings.Join(slices.Concat(c.script, c.lines), "\n"))
	}
}

func (c *killer) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// verify compares what the store holds with what the model makes of the lines.
func (c *killer) verify() {
	c.Helper()
	kept := c.load()
	for n := len(c.lines); n >= c.acked; n-- {
		script := slices.Concat(c.script, c.lines[:n])
		m, e := c.model(script), c.engine(kept)
		// The time of what is kept, and how often a Router was opened over it, say how
		// far the store has come; what it made of the lines is compared.
		if at := e.Now(); !at.Equal(whenOf(m)) && (!at.IsZero() || m.Now() > 0) || int(e.Epoch()) != 1+restarts(script) {
			continue
		}
		if differs := c.differs(m, e); differs != "" {
			c.Fatalf("engine and model disagree, of %d lines %d acknowledged and %d kept: %s\nthe lines:\n%s",
				len(c.lines), c.acked, n, differs, strings.Join(script, "\n"))
		}
		c.checked += c.acked
		c.extra += n - c.acked
		c.script = script
		return
	}
	c.Fatalf("of %d lines %d were acknowledged, and the store holds fewer, or others: it is of %v, epoch %d\nthe lines:\n%s",
		len(c.lines), c.acked, c.engine(kept).Now(), c.engine(kept).Epoch(), strings.Join(slices.Concat(c.script, c.lines), "\n"))
}

// load reads what the store holds; nothing if the child had not yet made it.
func (c *killer) load() (kept []acd.Record) {
	c.Helper()
	store, err := file.Open(c.dir, file.Options{})
	c.must(err)
	for rec, err := range store.Load(context.Background(), "") {
		c.must(err)
		kept = append(kept, rec)
	}
	c.must(store.Close())
	return kept
}

// model returns the model of a script.
func (c *killer) model(script []string) *Model {
	c.Helper()
	m := New()
	for _, line := range script {
		if refused := m.Apply(line); refused != "" {
			c.Fatalf("the model refuses %q: %s", line, refused)
		}
	}
	return m
}

// restarts is how often a script restarts.
func restarts(script []string) (n int) {
	for _, line := range script {
		if line == restarted {
			n++
		}
	}
	return n
}

// engine returns an engine that is restored from records.
func (c *killer) engine(kept []acd.Record) *acd.Engine {
	c.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	c.must(err)
	c.must(e.Restore(func(yield func(acd.Record, error) bool) {
		for _, rec := range kept {
			if !yield(rec, nil) {
				return
			}
		}
	}))
	return e
}

func whenOf(m *Model) time.Time { return acdtest.Start().Add(m.Now()) }

// differs restarts both and says in what they differ, at once and while time goes on;
// "" if in nothing.
func (c *killer) differs(m *Model, e *acd.Engine) string {
	c.Helper()
	m.Apply(restarted)
	c.must(e.Step(whenOf(m), acd.Recover{Epoch: e.Epoch() + 1}))
	if differs := compareViews(m, e); differs != "" {
		return "at once:\n" + differs
	}
	// The host finds every other call alive; the others are lost (B112).
	for i, x := range m.alive() {
		if i%2 == 0 {
			m.Apply("confirm " + x.id)
			c.must(e.Step(whenOf(m), acd.ConfirmCall{Call: queues.CallID(x.id)}))
		}
	}
	for _, wait := range []string{"0", "1", "28", "1", "90"} {
		m.Apply("wait " + wait)
		e.Advance(whenOf(m))
		if differs := compareViews(m, e); differs != "" {
			return wait + " s later:\n" + differs
		}
	}
	return ""
}

// compareViews returns what engine and model show differently; "" if nothing.
func compareViews(m *Model, e *acd.Engine) string {
	want := slices.DeleteFunc(m.State(), func(line string) bool {
		return strings.HasSuffix(line, "state=ENDED position=0") // the engine forgets
	})
	var got []string
	for _, line := range acdtest.Show(e) {
		got = append(got, line.String())
	}
	slices.Sort(got)
	var out []string
	for _, line := range got {
		if !slices.Contains(want, line) {
			out = append(out, "engine: "+line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			out = append(out, "model:  "+line)
		}
	}
	return strings.Join(out, "\n")
}
