package file_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The child of the crash test is this test binary again, with this variable in its
// environment: "directory seed start", start in nanoseconds since 1970.
const childVariable = "ACDKIT_CRASH_CHILD"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := child(text, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child opens a Router over the store and has random traffic run through it until
// it is killed. Everything that it does it writes down, a line each, before it does
// it, and what came of it after:
//
//	opening TIME   a Router is opened at this time
//	opened         it is, and its epoch is durable
//	at TIME        the clock is moved, from deadline to deadline
//	in INPUT       the input, in its JSON form, is handed in
//	ok N           everything up to the Nth of these lines is durable
//	no N           the Nth was refused
//	dial CALL ATTEMPT
//	               the host was told to ring a customer
//
// So the lines can be played through any other machine with the same rules.
func child(text string, out io.Writer) error {
	var dir string
	var seed uint64
	var start int64
	if _, err := fmt.Sscan(text, &dir, &seed, &start); err != nil {
		return err
	}
	store, err := file.Open(dir, file.Options{CompactAfter: 30_000})
	if err != nil {
		return err
	}
	d := &driver{out: out, rng: rand.New(rand.NewPCG(seed, 5)), clock: acdtest.NewClock(time.Unix(0, start).UTC())}
	ctx := context.Background()
	d.say("opening", strconv.FormatInt(start, 10))
	if d.router, err = acd.Open(ctx, acd.Options{Clock: d.clock, Storage: store}); err != nil {
		return err
	}
	d.n++
	d.say("opened")
	if err := d.fresh(); err != nil {
		return err
	}
	go d.listen(ctx)
	for {
		if err := d.move(ctx); err != nil {
			return err
		}
	}
}

// driver is the host of the child.
type driver struct {
	out    io.Writer
	rng    *rand.Rand
	clock  *acdtest.Clock
	router *acd.Router
	n      int // lines "opening", "at" and "in" so far
	calls  int
}

// say writes a line at one go, so that a kill leaves whole lines.
func (d *driver) say(word string, words ...string) {
	line := word
	for _, w := range words {
		line += " " + w
	}
	_, _ = io.WriteString(d.out, line+"\n")
}

// fresh checks what must hold of a Router that has just been opened: its state is
// sound, and no offer of an earlier one is left.
func (d *driver) fresh() error {
	epoch, _ := d.router.Newest()
	for a := range d.router.Agents() {
		if !a.Offer.IsZero() && a.Offer.Epoch != epoch {
			return fmt.Errorf("offer %v survived into epoch %d", a.Offer, epoch)
		}
	}
	return d.router.Check()
}

// listen writes down what the host is told to dial.
func (d *driver) listen(ctx context.Context) {
	for ev, err := range d.router.Events(ctx) {
		if err != nil {
			return
		}
		if do, ok := ev.Do.(*acd.Dial); ok {
			d.say("dial", string(do.Call), strconv.Itoa(do.Attempt))
		}
	}
}

// move lets time pass, or hands in some inputs; the last of them, and others at
// random, are waited for.
func (d *driver) move(ctx context.Context) error {
	if d.rng.IntN(4) == 0 {
		to := d.clock.Now().Add(time.Duration(1+d.rng.IntN(8000)) * time.Millisecond)
		d.say("at", strconv.FormatInt(to.UnixNano(), 10))
		d.n++
		d.clock.Set(to)
		return nil
	}
	for range 1 + d.rng.IntN(4) {
		in := d.input()
		if in == nil {
			continue
		}
		text, err := acd.MarshalInput(in)
		if err != nil {
			return err
		}
		d.say("in", string(text))
		d.n++
		n := strconv.Itoa(d.n)
		switch d.rng.IntN(3) {
		case 0:
			if err := d.router.Do(ctx, in); err != nil {
				d.say("no", n)
			} else {
				d.say("ok", n)
			}
		case 1:
			if err := d.router.Post(in); err != nil {
				d.say("no", n)
				continue
			}
			go func() {
				if d.router.Sync(ctx) == nil {
					d.say("ok", n)
				}
			}()
		default:
			if err := d.router.Post(in); err != nil {
				d.say("no", n)
			}
		}
	}
	return nil
}

func (d *driver) queue() queue.ID { return queue.ID(fmt.Sprint("q", 1+d.rng.IntN(3))) }
func (d *driver) agent() agent.ID { return agent.ID(fmt.Sprint(1001 + d.rng.IntN(6))) }
func (d *driver) number() string  { return fmt.Sprint("+49301", 100+d.rng.IntN(30)) }

// call returns one of the calls that are so.
func (d *driver) call(is func(*acd.CallView) bool) (found acd.CallView, ok bool) {
	n := 0
	for c := range d.router.Calls() {
		if is(&c) {
			if n++; d.rng.IntN(n) == 0 {
				found, ok = c, true
			}
		}
	}
	return found, ok
}

// about makes an input about a call that is so; nil if there is none.
func (d *driver) about(is func(*acd.CallView) bool, in func(acd.CallView) acd.Input) acd.Input {
	if c, ok := d.call(is); ok {
		return in(c)
	}
	return nil
}

func anyCall(*acd.CallView) bool       { return true }
func waiting(c *acd.CallView) bool     { return c.Position > 0 }
func ringing(c *acd.CallView) bool     { return len(c.Rung) > 0 }
func talking(c *acd.CallView) bool     { return c.State == acd.CallTalking }
func dialling(c *acd.CallView) bool    { return c.State == acd.CallDialling }
func unconfirmed(c *acd.CallView) bool { return c.Unconfirmed }

// input makes the next input.
func (d *driver) input() acd.Input {
	if len(slices.Collect(d.router.Queues())) < 3 {
		return d.newQueue()
	}
	if in := d.about(unconfirmed, func(c acd.CallView) acd.Input { return acd.ConfirmCall{Call: c.ID} }); in != nil && d.rng.IntN(2) == 0 {
		return in
	}
	switch d.rng.IntN(28) {
	case 0, 1, 2, 3:
		d.calls++
		epoch, _ := d.router.Newest()
		return acd.Join{Call: queue.CallID(fmt.Sprintf("c%d-%d", epoch, d.calls)), Queue: d.queue(), Number: d.number(), Priority: d.rng.IntN(3)}
	case 4, 5, 6, 7, 8:
		return d.about(ringing, d.phone)
	case 9, 10:
		return d.about(talking, func(c acd.CallView) acd.Input { return acd.HangUp{Call: c.ID} })
	case 11:
		return d.about(anyCall, func(c acd.CallView) acd.Input { return acd.HangUp{Call: c.ID} })
	case 12, 13:
		return d.about(waiting, func(c acd.CallView) acd.Input { return acd.KeyPressed{Call: c.ID, Key: "3"} })
	case 14, 15, 16:
		return d.about(waiting, func(c acd.CallView) acd.Input { return acd.EnterNumber{Call: c.ID, Text: "#"} })
	case 17, 18, 19:
		return d.about(dialling, func(c acd.CallView) acd.Input {
			if d.rng.IntN(4) == 0 {
				return acd.EndTalk{Call: c.ID} // the agent does not wait for the customer
			}
			return acd.CustomerReplied{Call: c.ID, Reply: acd.Reply(d.rng.IntN(3))} //nolint:gosec // of three
		})
	case 20:
		statuses := []agent.Status{agent.Ready, agent.Ready, agent.Break, agent.LoggedOut}
		return acd.SetStatus{Agent: d.agent(), Status: statuses[d.rng.IntN(4)], Reason: "tea"}
	case 21:
		return d.about(anyCall, func(c acd.CallView) acd.Input { return acd.Transfer{Call: c.ID, Queue: d.queue()} })
	case 22:
		return d.about(waiting, func(c acd.CallView) acd.Input { return acd.Pickup{Call: c.ID, Agent: d.agent()} })
	case 23:
		return d.about(waiting, func(c acd.CallView) acd.Input { return acd.ChangePriority{Call: c.ID, Priority: d.rng.IntN(5)} })
	case 24:
		return acd.OtherCall{Agent: d.agent(), Call: "x", State: acd.OtherState(d.rng.IntN(3))} //nolint:gosec // of three
	case 25:
		return acd.Registered{Agent: d.agent(), Gone: d.rng.IntN(3) == 0}
	case 26:
		return d.administer()
	default:
		return acd.AddAgent{Agent: d.agent(), Queues: []acd.Place{{Queue: d.queue(), Level: 1 + d.rng.IntN(3)}, {Queue: "q1"}}}
	}
}

// phone is what a phone that rings does.
func (d *driver) phone(c acd.CallView) acd.Input {
	offer, err := d.router.Offer(c.ID, c.Rung[d.rng.IntN(len(c.Rung))])
	switch {
	case err != nil:
		return nil
	case d.rng.IntN(4) == 0:
		return acd.Refused{Offer: offer, End: agent.Rejected}
	default:
		return acd.Answered{Offer: offer}
	}
}

// administer is what a supervisor does now and then.
func (d *driver) administer() acd.Input {
	switch d.rng.IntN(8) {
	case 0:
		return acd.DeleteQueue{Queue: d.queue()}
	case 1:
		return acd.DeleteAgent{Agent: d.agent()}
	case 2:
		return acd.ResetQueue{Queue: d.queue()}
	case 3:
		return acd.SetVIP{Listing: queue.Listing{Number: d.number(), Enabled: true}}
	case 4:
		return acd.SetExclusive{Listing: queue.Listing{Number: d.number(), Enabled: true}, Queue: d.queue(), Agents: []agent.ID{d.agent()}}
	case 5:
		return acd.HoldCallbacks{Queue: d.queue(), On: d.rng.IntN(4) == 0}
	case 6:
		return acd.SetNight{On: d.rng.IntN(4) == 0}
	default:
		return acd.RemoveMember{Agent: d.agent(), Queue: d.queue()}
	}
}

// newQueue makes one of the three queues that are not there.
func (d *driver) newQueue() acd.Input {
	for i, strategy := range []string{"CYCLIC_HUNT", "RING_SIMULTANEOUSLY", "LEAST_WORKED_HUNT"} {
		id := queue.ID(fmt.Sprint("q", i+1))
		if _, err := d.router.Queue(id); err == nil {
			continue
		}
		c := queue.Defaults()
		c.Name, c.Number, c.PollingStrategy = "Queue "+string(id), fmt.Sprint(8001+i), strategy
		c.EnableWrapUp, c.WrapUpTime = true, 5*time.Second
		c.RingTime, c.RejectDelay = 8*time.Second, 6*time.Second
		c.EnableCallback, c.CallbackDelay = true, 0
		c.CallbackMaxAttempts, c.CallbackRetryInterval, c.CallbackRingTime = 3, time.Minute, 15*time.Second
		return acd.CreateQueue{Queue: id, Config: c}
	}
	return nil
}
