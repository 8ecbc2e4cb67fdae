// Quickstart is a small contact centre in virtual time: two queues, three agents
// and six callers. It prints what happens and why, a line for each event, and at
// the end the numbers of each queue. It needs no set-up:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -data DIR   # keeps its state in DIR: every run is the next day
//
// It is written as a program that embeds acdkit is written: it opens a Router,
// tells it what happens on the phones, and does what it says. Only the phones are
// made up, and the clock is moved by hand, so that an afternoon takes no time.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/store/file"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func main() {
	data := flag.String("data", "", "directory in which the state is kept; none: it is forgotten")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *data); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run plays the script of script.go and prints it to w. With a directory what the
// queues and agents remember is there again in the next run.
func run(ctx context.Context, w io.Writer, data string) error {
	if data == "" {
		return play(ctx, w, nil, 0)
	}
	store, err := file.Open(data, file.Options{})
	if err != nil {
		return err
	}
	// The store counts the routers that were opened over it: the next one lives
	// a day later.
	days := time.Duration(store.Stats().Epoch) * 24 * time.Hour
	return errors.Join(play(ctx, w, store, days), store.Close())
}

// play opens a router over a store, which may be nil, so long after the beginning
// of time.
func play(ctx context.Context, w io.Writer, store acd.Storage, after time.Duration) error {
	clock := acdtest.NewClock(acdtest.Start().Add(after))
	router, err := acd.Open(ctx, acd.Options{Clock: clock, Storage: store})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	h := &host{router: router, clock: clock, start: clock.Now(), out: out}
	if err := h.setUp(ctx); err != nil {
		return err
	}
	for _, c := range callers {
		clock.AfterFunc(c.at, func() { h.arrive(c) })
	}

	// A real host has one loop: for ev, err := range router.Events(ctx). Here the
	// same goroutine also moves the clock, when everything that happened is done.
	next, stop := iter.Pull2(router.Events(ctx))
	defer stop()
	for {
		for router.Backlog() > 0 {
			ev, err, _ := next()
			if err != nil {
				return err
			}
			h.handle(ev)
		}
		at, ok := clock.Next()
		if !ok {
			break
		}
		clock.Set(at)
	}
	h.printNumbers()
	if err := router.Close(ctx); err != nil {
		return err
	}
	return out.Flush()
}

// host stands between the router and the phones.
type host struct {
	router *acd.Router
	clock  *acdtest.Clock
	start  time.Time
	out    *bufio.Writer
}

// setUp makes the queues and the agents, if the store does not have them. Do
// returns when the change is safe.
func (h *host) setUp(ctx context.Context) error {
	for q := range h.router.Queues() {
		h.say("%s is as it was: %d callers so far", q.ID, q.Numbers.Joined)
	}
	if _, err := h.router.Queue("support"); err == nil {
		return nil
	}
	support := queue.Defaults()
	support.Name, support.Number = "Support", "8000"
	support.PollingStrategy = "CYCLIC_HUNT" // one at a time, who was rung longest ago first
	support.RingTime = 15 * time.Second
	support.EnableWrapUp, support.WrapUpTime = true, 20*time.Second
	support.SLATime = 20 * time.Second

	sales := queue.Defaults()
	sales.Name, sales.Number = "Sales", "8001"
	sales.RingTime = 15 * time.Second // all at once, which is the default
	sales.MaxWaitingTime = 45 * time.Second
	sales.NoAnswerForwardRule = queue.ForwardRule{Action: queue.ForwardToVoicemail, Number: "101"}
	sales.SLATime = 20 * time.Second

	ready := agent.Ready
	for _, in := range []acd.Input{
		acd.CreateQueue{Queue: "support", Config: support},
		acd.CreateQueue{Queue: "sales", Config: sales},
		acd.AddAgent{Agent: "1001", Name: "Anna", Status: &ready, Queues: []acd.Place{{Queue: "support"}, {Queue: "sales"}}},
		acd.AddAgent{Agent: "1002", Name: "Ben", Status: &ready, Queues: []acd.Place{{Queue: "support"}}},
		acd.AddAgent{Agent: "1003", Name: "Cleo", Status: &ready, Queues: []acd.Place{{Queue: "sales"}}},
	} {
		if err := h.router.Do(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// arrive brings a caller to his queue, and lets him hang up when he has waited
// long enough.
func (h *host) arrive(c caller) {
	h.say("%s calls %s", c.name, c.queue)
	h.report(acd.Join{Call: queue.CallID(c.name), Queue: c.queue, Number: c.number, Name: c.name})
	h.clock.AfterFunc(c.patience, func() {
		call, err := h.router.Call(queue.CallID(c.name))
		if err == nil && call.State != acd.CallTalking {
			h.report(acd.HangUp{Call: call.ID})
		}
	})
}

// handle does what the router orders, and says what it tells. Events that nobody
// here cares for, and those that later versions add, are passed over.
func (h *host) handle(ev acd.Event) {
	switch do := ev.Do.(type) {
	case *acd.CallJoined:
		h.explain(do.Call)
	case *acd.Ring:
		h.say("  ring %s for %s: %s", h.name(do.Agent), do.Call, because(do.Why))
		h.ring(do)
	case *acd.OfferEnded:
		if text, ok := ends[do.End]; ok {
			h.say("  %s's phone is quiet again: %s", h.name(do.Agent), text)
		}
	case *acd.CallConnected:
		h.say("  %s talks with %s, who waited %v", h.name(do.Agent), do.Call, do.Wait)
		h.clock.AfterFunc(talkTime(do.Call), func() { h.report(acd.EndTalk{Call: do.Call}) })
	case *acd.TalkEnded:
		h.say("  %s and %s hang up after %v", do.Call, h.name(do.Agent), do.Talk)
	case *acd.CallLeft:
		h.left(do)
	case *acd.LineChanged:
		if !do.WrapUp.IsZero() {
			h.say("  %s wraps up for %v", h.name(do.Agent), do.WrapUp.Sub(ev.At))
		}
	}
}

// explain says why a call waits, if nobody is rung for it at once.
func (h *host) explain(id queue.CallID) {
	call, err := h.router.Call(id)
	if err != nil || call.State != acd.CallWaiting {
		return
	}
	reasons, err := h.router.Why(id)
	if err != nil {
		return
	}
	var texts []string
	for _, why := range reasons {
		texts = append(texts, why.What)
	}
	h.say("  %s waits at place %d: %s", id, call.Position, strings.Join(texts, "; "))
}

// ring lets a phone ring. Ben is not at his desk: his rings until the router
// stops it.
func (h *host) ring(do *acd.Ring) {
	after, there := answersAfter[do.Agent]
	if !there {
		return
	}
	h.clock.AfterFunc(after, func() {
		// If the call has gone meanwhile, the router says so, and nothing happens.
		if err := h.router.Post(acd.Answered{Offer: do.Offer}); err != nil {
			h.say("  %s answers too late: %v", h.name(do.Agent), err)
		}
	})
}

// left says how a call left the line that nobody answered.
func (h *host) left(do *acd.CallLeft) {
	switch {
	case do.Outcome == queue.Answered: // CallConnected has said it
	case do.Outcome == queue.Abandoned:
		h.say("  %s gives up after %v", do.Call, do.Wait)
	case do.To != nil:
		h.say("  %s leaves %s after %v, %v: goes to %v", do.Call, do.Queue, do.Wait, do.Outcome, do.To)
	default:
		h.say("  %s leaves %s after %v: %v", do.Call, do.Queue, do.Wait, do.Outcome)
	}
}

// report tells the router what happened. A report that comes too late is refused
// and changes nothing; here none does.
func (h *host) report(in acd.Input) {
	if err := h.router.Post(in); err != nil {
		h.say("  refused: %v", err)
	}
}

func (h *host) say(format string, args ...any) {
	at := h.clock.Now().Sub(h.start)
	fmt.Fprintf(h.out, "%d:%02d  ", at/time.Minute, at%time.Minute/time.Second)
	fmt.Fprintf(h.out, format+"\n", args...)
}

func (h *host) name(id agent.ID) string {
	if a, err := h.router.Agent(id); err == nil && a.Name != "" {
		return a.Name
	}
	return string(id)
}

// because says why an agent was chosen (B39).
func because(why acd.Why) string {
	if why.Strategy == "RING_SIMULTANEOUSLY" {
		return why.Strategy + " rings all who are available"
	}
	return fmt.Sprintf("first of %d available by %s, round %d", why.Available, why.Strategy, why.Round)
}

// ends says how an offer ended that was not answered.
var ends = map[agent.End]string{
	agent.NoAnswer:  "nobody answers",
	agent.LostRace:  "somebody else was first",
	agent.Withdrawn: "the caller has gone",
}

// printNumbers prints what each queue counted.
func (h *host) printNumbers() {
	fmt.Fprintf(h.out, "\n%-8s %7s %9s %10s %10s %10s %14s\n", "queue", "callers", "answered", "abandoned", "timed out", "mean wait", "within 20 s")
	for q := range h.router.Queues() {
		n := q.Numbers
		fmt.Fprintf(h.out, "%-8s %7d %9d %10d %10d %10v %13.0f%%\n",
			q.ID, n.Joined, n.Left[queue.Answered], n.Left[queue.Abandoned], n.Left[queue.TimedOut], n.MeanWait(), 100*n.ServiceLevel().OfAnswered)
	}
}
