package file_test

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/acd/store/file"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// What a Router has acknowledged is never lost: a process that runs random traffic
// over a store is killed at random moments, and another takes over. Every time the
// store must hold, record by record, the state that an Engine comes to which is
// handed the same inputs: all that were acknowledged, and none, one or some of those
// that were under way. In its long form (ACDKIT_LONG) the test kills 300 processes.
func TestB112_B113_AcknowledgedIsNeverLost(t *testing.T) {
	t.Parallel()
	kills := 12
	if long.Time(t) > 0 {
		kills = 300
	}
	c := &crashes{
		t: t, dir: filepath.Join(t.TempDir(), "data"), rng: rand.New(rand.NewPCG(1, 2)),
		now: acdtest.Start(), ref: newReference(t), dials: map[attempt]dials{}, made: map[queue.CallID]int{},
	}
	for i := range kills {
		c.run(uint64(i))
		c.verify()
		if t.Failed() {
			return
		}
	}
	found := c.damage(kills * 10)
	handed, again := 0, 0
	for _, d := range c.dials {
		handed += d.handed
		again += d.again
	}
	t.Logf("kills %d, acknowledged operations checked %d, lost 0, under way and kept %d, orders to dial %d (attempts that did not count %d), refused second processes %d, files damaged %d, found %d",
		kills, c.checked, c.extra, handed, again, c.locked, kills*10, found)
	require.Greater(t, c.checked, kills*5, "the test has tested something")
	require.Equal(t, kills*10, found)
}

// crashes is the parent of the processes that are killed.
type crashes struct {
	t   *testing.T
	dir string
	rng *rand.Rand
	now time.Time // of the clock of the children

	ref     *acd.Engine // what the store must hold
	steps   []step      // of the last child
	acked   int         // how many of them were acknowledged
	nearest string      // what the state that is most like what is kept differs in

	dials                  map[attempt]dials
	made                   map[queue.CallID]int // attempts that count
	checked, extra, locked int
}

// attempt is one of the attempts to ring a customer.
type attempt struct {
	call queue.CallID
	n    int
}

// dials are the orders Dial of an attempt.
type dials struct {
	handed int // to the hosts
	kept   int // in states that the store kept
	again  int // that may be given once more, see count
}

// step is what a child was about to do.
type step struct {
	at time.Time // opening, or moving the clock
	in acd.Input // nil: it moves the clock
}

func newReference(t *testing.T) *acd.Engine {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{Track: true})
	require.NoError(t, err)
	return e
}

// run starts a child, reads what it writes, and kills it some lines later.
func (c *crashes) run(seed uint64) {
	c.t.Helper()
	c.now = c.now.Add(time.Duration(c.rng.IntN(90)) * time.Second) // nobody was there meanwhile
	if c.rng.IntN(8) == 0 {
		c.now = c.now.Add(-40 * time.Second) // and the clock was set back
	}
	exe, err := os.Executable()
	require.NoError(c.t, err)
	cmd := exec.CommandContext(c.t.Context(), exe, "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %d", childVariable, c.dir, seed, c.now.UnixNano()))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	require.NoError(c.t, err)
	require.NoError(c.t, cmd.Start())

	c.steps, c.acked = nil, 0
	until := c.rng.IntN(400)
	if c.rng.IntN(6) == 0 {
		until = c.rng.IntN(3) // while it is opened
	}
	lines := bufio.NewReader(out)
	for n := 0; ; n++ {
		if n == until {
			require.NoError(c.t, cmd.Process.Kill())
		}
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the last line may be half of one
		}
		c.read(strings.TrimSuffix(line, "\n"))
		if n == until-1 && c.acked > 0 {
			_, err := file.Open(c.dir, file.Options{})
			require.ErrorIs(c.t, err, file.ErrLocked, "a second process")
			c.locked++
		}
	}
	_ = cmd.Wait()
	require.Empty(c.t, complaints.String(), "the child had something to say")
}

// read takes a line of the child.
func (c *crashes) read(line string) {
	c.t.Helper()
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "opening", "at":
		nanos, err := strconv.ParseInt(rest, 10, 64)
		require.NoError(c.t, err)
		s := step{at: time.Unix(0, nanos).UTC()}
		if word == "opening" {
			s.in = acd.Recover{Epoch: c.ref.Epoch() + 1}
		}
		c.now = s.at
		c.steps = append(c.steps, s)
	case "in":
		in, err := acd.UnmarshalInput([]byte(rest))
		require.NoError(c.t, err)
		c.steps = append(c.steps, step{at: c.now, in: in})
	case "opened":
		c.acked = max(c.acked, 1)
	case "ok":
		n, err := strconv.Atoi(rest)
		require.NoError(c.t, err)
		c.acked = max(c.acked, n)
	case "no":
	case "dial":
		var a attempt
		_, err := fmt.Sscan(rest, &a.call, &a.n)
		require.NoError(c.t, err)
		d := c.dials[a]
		d.handed++
		c.dials[a] = d
	default:
		c.t.Fatalf("line %q", line)
	}
}

// verify compares what is in the store with what must be there.
func (c *crashes) verify() {
	c.t.Helper()
	kept := map[string]string{}
	if _, err := os.Stat(filepath.Join(c.dir, "acd.log")); err == nil {
		_, err := file.Check(c.dir)
		require.NoError(c.t, err)
		s, err := file.Open(c.dir, file.Options{})
		require.NoError(c.t, err)
		kept = loaded(c.t, s)
		require.NoError(c.t, s.Close())
	}
	delete(kept, "owner")

	c.nearest = ""
	same := c.acked == 0 && c.same(kept)
	for i, s := range c.steps {
		if same {
			break
		}
		s.take(c.ref, func() (done bool) {
			c.count(c.ref.Take())
			same = i+1 >= c.acked && c.same(kept)
			return same
		})
		if same && i+1 > c.acked {
			c.extra += i + 1 - c.acked
		}
	}
	if !same {
		c.t.Errorf("after %d acknowledged steps of %d the store holds none of the states there were; the nearest differs in\n%s", c.acked, len(c.steps), c.nearest)
		return
	}
	c.checked += c.acked
	for a, d := range c.dials {
		require.LessOrEqual(c.t, d.handed, d.kept, "B84: %v was handed out and is not in the store", a)
		require.LessOrEqual(c.t, d.handed, 1+d.again, "B84: customer called back twice: %v", a)
	}

	// The next child goes on from what is there, and so does the reference.
	c.ref = c.restored(kept)
	for q := range c.ref.Queues() {
		c.ledger(&q)
	}
	if len(kept) > 0 {
		e := c.restored(kept)
		require.NoError(c.t, e.Step(c.now, acd.Recover{Epoch: e.Epoch() + 1}))
		require.NoError(c.t, e.Check())
	}
}

func (c *crashes) restored(kept map[string]string) *acd.Engine {
	c.t.Helper()
	e := newReference(c.t)
	require.NoError(c.t, e.Restore(func(yield func(acd.Record, error) bool) {
		for key, value := range kept {
			if !yield(acd.Record{Key: key, Value: []byte(value)}, nil) {
				return
			}
		}
	}))
	return e
}

// take has an engine do what the child's Router did, and calls look after every
// instant at which something was due, until it is done.
func (s *step) take(e *acd.Engine, look func() (done bool)) {
	if s.in != nil {
		_ = e.Step(s.at, s.in) // what is refused was refused there too
		look()
		return
	}
	for {
		due, ok := e.NextDeadline()
		if !ok || due.After(s.at) {
			return
		}
		e.Advance(due)
		if look() {
			return
		}
	}
}

// count counts the orders to dial among the events of the reference. An attempt may
// be made again if it was taken back, because the agent hung up while the customer
// was dialled (B84), or if the caller, connected in the end and transferred, asked for
// a callback anew: then the callback waits with fewer attempts than were made.
func (c *crashes) count(events []acd.Event) {
	for _, ev := range events {
		switch do := ev.Do.(type) {
		case *acd.Dial:
			a := attempt{do.Call, do.Attempt}
			d := c.dials[a]
			d.kept++
			c.dials[a] = d
			c.made[do.Call] = do.Attempt
		case *acd.CallbackChanged:
			for ; do.State == callback.Waiting && c.made[do.Call] > do.Attempts; c.made[do.Call]-- {
				a := attempt{do.Call, c.made[do.Call]}
				d := c.dials[a]
				d.again++
				c.dials[a] = d
			}
		}
	}
}

// same reports whether the store holds the state of the reference, but for the
// offers, which end with the process.
func (c *crashes) same(kept map[string]string) bool {
	if len(kept) == 0 {
		return c.ref.Now().IsZero() && c.ref.Epoch() == 1
	}
	c.ref.Changes()
	want := map[string]string{}
	for rec := range c.ref.Records() {
		if !strings.HasPrefix(rec.Key, "offer/") {
			want[rec.Key] = string(rec.Value)
		}
	}
	if maps.Equal(want, kept) {
		return true
	}
	if differs := difference(want, kept); c.nearest == "" || len(differs) < len(c.nearest) {
		c.nearest = differs
	}
	return false
}

// difference lists what differs between two states.
func difference(want, got map[string]string) string {
	var lines []string
	for key, value := range want {
		if got[key] != value {
			lines = append(lines, fmt.Sprintf("%s: %s instead of %s", key, got[key], value))
		}
	}
	for key, value := range got {
		if _, ok := want[key]; !ok {
			lines = append(lines, fmt.Sprintf("%s: %s instead of nothing", key, value))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// ledger checks that the numbers of a queue add up (B46).
func (c *crashes) ledger(q *acd.QueueView) {
	c.t.Helper()
	n := q.Lifetime
	var left uint64
	for _, outcome := range n.Left {
		left += outcome
	}
	waiting := 0
	for call := range c.ref.Calls() {
		_, promised := c.promise(call.Queue, call.ID)
		if call.Queue == q.ID && call.State != acd.CallTalking && !promised {
			waiting++
		}
	}
	require.Equal(c.t, n.Joined, left+uint64(waiting), "B46: queue %s", q.ID)
	require.Equal(c.t, n.Left[queue.Answered], n.Ended+uint64(n.Talking()), "B46: queue %s", q.ID)
	t := q.Callbacks
	require.Equal(c.t, t.Confirmed, t.Completed+t.Failed+t.Cancelled+t.Expired+uint64(t.Open()), "B46: queue %s", q.ID)
}

// promise returns a callback, which has a ledger of its own, if the entry is one.
// A queue may be gone, while calls of it still talk.
func (c *crashes) promise(id queue.ID, call queue.CallID) (p acd.CallbackView, ok bool) {
	for skip := 0; ; skip += 100 {
		page, err := c.ref.Callbacks(id, skip, 100)
		if err != nil || len(page) == 0 {
			return p, false
		}
		for _, p := range page {
			if p.ID == call {
				return p, true
			}
		}
	}
}

// damage damages a copy of the store n times, and returns how often that was found.
func (c *crashes) damage(n int) (found int) {
	c.t.Helper()
	dir := kill(c.t, c.dir)
	for range n {
		name := filepath.Join(dir, []string{"acd.log", "acd.log", "acd.mark"}[c.rng.IntN(3)])
		good, err := os.ReadFile(name)
		require.NoError(c.t, err)
		bad := append([]byte(nil), good...)
		if at := c.rng.IntN(len(bad)); c.rng.IntN(3) == 0 {
			bad = bad[:at]
		} else {
			bad[at] ^= 1 << c.rng.IntN(8)
		}
		require.NoError(c.t, os.WriteFile(name, bad, 0o600))
		_, err = file.Open(dir, file.Options{})
		_, cerr := file.Check(dir)
		if errors.Is(err, file.ErrDamaged) && errors.Is(cerr, file.ErrDamaged) {
			found++
		} else {
			c.t.Errorf("%s: Open says %v, Check says %v", name, err, cerr)
		}
		require.NoError(c.t, os.WriteFile(name, good, 0o600))
	}
	_, err := file.Check(dir)
	require.NoError(c.t, err, "as it was it is whole")
	return found
}
