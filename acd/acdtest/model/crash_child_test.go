package model

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
)

// The child of the crash test is this test binary again, with this variable in its
// environment: "directory seed".
const childVariable = "ACDKIT_MODEL_CHILD"

// scriptOf is the file with the lines that made the state of the store in a directory.
func scriptOf(dir string) string { return dir + ".acd" }

// child opens a Router over the store and carries out drawn lines until it is killed.
// It says each line before it carries it out, and then how many of them are durable:
//
//	> LINE   a line of a script; the first is the restart
//	ok N     everything up to the Nth is durable
//
// What to draw it knows from a model, which it carries along.
func child(text string, out io.Writer) error {
	var dir string
	var seed uint64
	if _, err := fmt.Sscan(text, &dir, &seed); err != nil {
		return err
	}
	c := &driver{
		ctx: context.Background(), out: out, model: New(), world: callsBack(),
		rng: rand.New(rand.NewPCG(seed, 11)), //nolint:gosec // seeded
	}
	if err := c.open(dir); err != nil {
		return err
	}
	if len(c.model.queues) == 0 {
		for _, line := range c.world.setUp(c.rng, promising) {
			if err := c.carryOut(line); err != nil {
				return err
			}
		}
	}
	for {
		v := drawMove(c.rng)
		if err := c.carryOut(c.world.line(c.model, v)); err != nil {
			return err
		}
	}
}

// driver is the host of the child.
type driver struct {
	ctx    context.Context //nolint:containedctx // it ends with the process
	out    io.Writer
	rng    *rand.Rand
	clock  *acdtest.Clock
	router *acd.Router
	model  *Model
	world  *world
	lines  int
}

// open opens a Router over the store in a directory, and has the model come as far.
func (c *driver) open(dir string) error {
	script, err := os.ReadFile(scriptOf(dir)) //nolint:gosec // the parent's
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(script)) {
		c.model.Apply(strings.TrimSpace(line))
	}
	store, err := file.Open(dir, file.Options{CompactAfter: 30_000})
	if err != nil {
		return err
	}
	c.clock = acdtest.NewClock(acdtest.Start().Add(c.model.Now()))
	c.say(restarted)
	c.model.Apply(restarted)
	if c.router, err = acd.Open(c.ctx, acd.Options{Clock: c.clock, Storage: store}); err != nil {
		return err
	}
	c.durable()
	return nil
}

// say says a line at one go, so that a kill leaves whole ones.
func (c *driver) say(line string) {
	c.lines++
	_, _ = io.WriteString(c.out, "> "+line+"\n")
}

func (c *driver) durable() { _, _ = fmt.Fprintf(c.out, "ok %d\n", c.lines) }

// tick is how long after the last thing that happened the next line is carried out.
const tick = time.Second / 8

// carryOut carries out a line that was drawn, if it is one, at a time of its own: so
// the time of what a store holds says which lines it holds.
func (c *driver) carryOut(line string) error {
	w := split(line)
	switch w.arg(0) {
	case "", "restart", "resync", "block": // those are the kills here, the Router's own, and two inputs
		return nil
	case "wait":
		return c.wait(duration(w.arg(1)))
	}
	if err := c.tick(); err != nil {
		return err
	}
	if c.model.Apply(line) != "" {
		return nil // other tests look at refusals
	}
	if err := c.hand(line); err != nil {
		return err
	}
	return c.remember()
}

// tick goes on to a time at which nothing falls due.
func (c *driver) tick() error {
	for c.model.earliest() <= c.model.now+tick {
		if err := c.wait(c.model.earliest() - c.model.now); err != nil {
			return err
		}
	}
	c.goTo(c.model.now + tick)
	return nil
}

// wait lets time pass, a line for each instant at which something falls due.
func (c *driver) wait(d time.Duration) error {
	to := c.model.now + d
	for c.model.now < to {
		c.goTo(min(c.model.earliest(), to))
		if err := c.remember(); err != nil {
			return err
		}
	}
	return nil
}

func (c *driver) goTo(at time.Duration) {
	line := "at " + seconds(at)
	c.model.Apply(line)
	c.say(line)
	c.clock.Set(acdtest.Start().Add(at))
}

// remember changes a record, so that the store hears of this time: rings end when it
// heard of them last (B112). Some wait until it is durable; other lines do not, as
// one that changes nothing says nothing of how far the store has come.
func (c *driver) remember() error {
	c.model.Apply(stored)
	if err := c.hand(stored); err != nil || c.rng.IntN(3) > 0 {
		return err
	}
	if err := c.router.Sync(c.ctx); err != nil {
		return err
	}
	c.durable()
	return nil
}

// hand hands a line to the Router, which takes what the model took.
func (c *driver) hand(line string) error {
	in, err := acdtest.InputOf(c.router, line)
	if err == nil {
		c.say(line)
		err = c.router.Post(in)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	return nil
}
