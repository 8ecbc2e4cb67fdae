package model

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
	agents "github.com/acdkit/acdkit/agent"
	queues "github.com/acdkit/acdkit/queue"
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
	c := &driver{ctx: context.Background(), out: out, model: New(), world: promisers()}
	var dir string
	var seed uint64
	if _, err := fmt.Sscan(text, &dir, &seed); err != nil {
		return err
	}
	script, err := os.ReadFile(scriptOf(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
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
	c.rng = rand.New(rand.NewPCG(seed, 11))
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

// promisers is a world of callers who are called back, with a host that comes back.
func promisers() *world {
	w := newWorld(ordinary, callers, crashes)
	w.each = promises
	return w
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

// say says a line at one go, so that a kill leaves whole ones.
func (c *driver) say(line string) {
	c.lines++
	_, _ = io.WriteString(c.out, "> "+line+"\n")
}

func (c *driver) durable() { _, _ = fmt.Fprintf(c.out, "ok %d\n", c.lines) }

// tick is how long after the last thing that happened the next line is carried out. It
// is a sum of powers of two, so that times are read as they are written.
const tick = time.Second / 8

// carryOut carries out a line that was drawn, if it is one, at a time of its own: so
// the time of what a store holds says which lines it holds.
func (c *driver) carryOut(line string) error {
	w := split(line)
	switch w.arg(0) {
	case "", "restart", "resync": // those are the kills here, and the Router's own
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
// heard of them last (B112).
func (c *driver) remember() error {
	c.model.Apply(stored)
	return c.hand(stored)
}

// hand hands a line to the Router, which takes what the model took. Some wait until
// it is durable.
func (c *driver) hand(line string) error {
	in, err := c.input(split(line))
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	c.say(line)
	if c.rng.IntN(3) > 0 {
		err = c.router.Post(in)
	} else if err = c.router.Do(c.ctx, in); err == nil {
		c.durable()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	return nil
}

// input is what a line says.
func (c *driver) input(w words) (acd.Input, error) {
	call, who := queues.CallID(w.arg(1)), agents.ID(w.arg(1))
	switch w.arg(0) {
	case "queue":
		return newQueue(w)
	case "agent":
		return newAgent(w)
	case "vip":
		return acd.SetVIP{Listing: queues.Listing{Number: w.arg(1), Enabled: true}}, nil
	case "status":
		status, err := agents.ParseStatus(w.arg(2))
		return acd.SetStatus{Agent: who, Status: status, Reason: w.keys["reason"], Queue: queues.ID(w.keys["queue"])}, err
	case "register", "unregister":
		return acd.Registered{Agent: who, Gone: w.arg(0) == "unregister"}, nil
	case "othercall":
		state := map[string]acd.OtherState{"ring": acd.OtherRinging, "start": acd.OtherTalking, "end": acd.OtherEnded}
		return acd.OtherCall{Agent: who, Call: w.keys["id"], State: state[w.arg(2)], Number: w.keys["number"]}, nil
	case "answer", "reject", "busy", "unreachable", "ringing":
		offer, err := c.router.Offer(call, agents.ID(w.arg(2)))
		end := map[string]agents.End{"reject": agents.Rejected, "busy": agents.Busy, "unreachable": agents.Unreachable}
		switch w.arg(0) {
		case "answer":
			return acd.Answered{Offer: offer}, err
		case "ringing":
			return acd.Alerting{Offer: offer}, err
		default:
			return acd.Refused{Offer: offer, End: end[w.arg(0)]}, err
		}
	case "call":
		return acd.Join{
			Call: call, Queue: queues.ID(w.keys["queue"]), Number: w.keys["from"],
			Priority: w.number("priority"), Position: w.number("position"), Credit: duration(w.keys["credit"]),
		}, nil
	case "caller":
		return acd.ChangeCaller{Call: call, Number: w.keys["from"], Credit: duration(w.keys["credit"])}, nil
	case "end":
		return acd.EndTalk{Call: call}, nil
	case "hangup":
		return acd.HangUp{Call: call}, nil
	case "withdraw":
		return acd.Withdraw{Call: call, Reason: w.arg(2)}, nil
	case "confirm":
		return acd.ConfirmCall{Call: call}, nil
	case "key":
		return acd.KeyPressed{Call: call, Key: w.arg(2)}, nil
	case "number":
		return acd.EnterNumber{Call: call, Text: w.arg(2)}, nil
	case "customer":
		reply := map[string]acd.Reply{"answer": acd.CustomerAnswered, "busy": acd.CustomerBusy, "noanswer": acd.CustomerNoAnswer}
		return acd.CustomerReplied{Call: call, Reply: reply[w.arg(2)]}, nil
	case "pickup":
		return acd.Pickup{Call: call, Agent: agents.ID(w.arg(2))}, nil
	case "transfer":
		return acd.Transfer{Call: call, Queue: queues.ID(w.keys["queue"])}, nil
	case "priority":
		return acd.ChangePriority{Call: call, Priority: atoi(w.arg(2))}, nil
	default:
		return nil, errors.New("no such verb here")
	}
}

func newQueue(w words) (acd.Input, error) {
	config := queues.Defaults()
	config.Name, config.Number = w.arg(1), fmt.Sprint(7999+atoi(strings.TrimPrefix(w.arg(1), "q")))
	for key, value := range w.keys {
		if err := config.Set(key, value); err != nil {
			return nil, err
		}
	}
	return acd.CreateQueue{Queue: queues.ID(w.arg(1)), Config: config}, nil
}

func newAgent(w words) (acd.Input, error) {
	ready := agents.Ready
	in := acd.AddAgent{Agent: agents.ID(w.arg(1)), Status: &ready}
	for place := range strings.SplitSeq(w.keys["queues"], ",") {
		name, level, _ := strings.Cut(place, ":")
		in.Queues = append(in.Queues, acd.Place{Queue: queues.ID(name), Level: atoi(level)})
	}
	return in, nil
}
