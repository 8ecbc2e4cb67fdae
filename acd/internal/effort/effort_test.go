package effort

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// most is how many times more steps an operation may take in the large centre,
// which has 4 to 64 times as many of what it must not depend on. What goes like
// the logarithm takes less.
const most = 1.5

// Counters, not clocks: no operation takes time that grows with what it has nothing
// to do with. A search through everything that waits, every agent, every timer or
// every list takes many times the steps in the large centre.
func TestNothingGrowsWithTheCentre(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("counting needs the go command: ", err)
	}
	const module = "github.com/acdkit/acdkit/"
	counted := module + strings.Join([]string{"agent", "strategy", "queue", "callback", "acd", "acd/internal/effort/count"}, ","+module)
	program := filepath.Join(t.TempDir(), "effort")
	build := exec.Command("go", "build", "-trimpath", "-cover", "-covermode=atomic", "-coverpkg="+counted, "-o", program, "./count")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	run := exec.Command(program)
	run.Env = append(run.Environ(), "GOCOVERDIR="+t.TempDir())
	var told bytes.Buffer
	run.Stderr = &told
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &told)
	}
	n := 0
	for from := json.NewDecoder(bytes.NewReader(out)); ; n++ {
		var c Count
		if err := from.Decode(&c); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.Steps[0] <= 0:
			t.Errorf("%s: took no step", c.Name)
		case c.Steps[1] == math.MaxFloat64:
			t.Errorf("%s: with %d %s not even the set-up came to an end, as it does with %d", c.Name, c.Sizes[1], c.Grows, c.Sizes[0])
		case c.Steps[1] > most*c.Steps[0]:
			t.Errorf("%s: took %.1f steps with %d %s, %.1f with %d: %.1f times as many",
				c.Name, c.Steps[0], c.Sizes[0], c.Grows, c.Steps[1], c.Sizes[1], c.Steps[1]/c.Steps[0])
		default:
			t.Logf("%-42s %-24s %5d: %8.1f steps, %5d: %8.1f", c.Name, c.Grows, c.Sizes[0], c.Steps[0], c.Sizes[1], c.Steps[1])
		}
	}
	if n != len(operations) {
		t.Errorf("counted %d of %d operations", n, len(operations))
	}
}
