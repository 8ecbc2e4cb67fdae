package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// phones is a phone system that is made up: it does what the router says, and lets
// people answer, talk and hang up.
type phones struct {
	router                 *acd.Router
	answer, talk, patience time.Duration

	mu  sync.Mutex
	out io.Writer
}

// run does what the router says, until it is closed or ctx ends.
func (p *phones) run(ctx context.Context) {
	for ev, err := range p.router.Events(ctx) {
		if err != nil {
			return
		}
		switch do := ev.Do.(type) {
		case *acd.Ring:
			p.say("ring %s for call %s", do.Agent, do.Call)
			time.AfterFunc(p.answer, func() { p.report(acd.Answered{Offer: do.Offer}) })
		case *acd.StopRinging:
			p.say("stop ringing %s", do.Agent)
		case *acd.CallConnected:
			p.say("%s talks with call %s", do.Agent, do.Call)
			time.AfterFunc(p.talk, func() { p.report(acd.EndTalk{Call: do.Call}) })
		case *acd.TalkEnded:
			p.say("%s has hung up after %v", do.Agent, do.Talk.Round(time.Second))
		case *acd.CallLeft:
			p.say("call %s leaves: %v", do.Call, do.Outcome)
		case *acd.Dial:
			p.say("dial %s for %s", do.Number, do.Agent)
			time.AfterFunc(p.answer, func() { p.report(acd.CustomerReplied{Call: do.Call, Reply: acd.CustomerAnswered}) })
		}
	}
}

// report tells the router what happened. It may be too late: the router says so, and
// nothing happens.
func (p *phones) report(in acd.Input) { _ = p.router.Post(in) }

func (p *phones) say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, format+"\n", args...)
}

// ServeHTTP lets somebody call: from is his number, to that of a queue. He waits as
// long as he has patience.
func (p *phones) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	q, err := p.router.QueueByNumber(r.FormValue("to"))
	if err != nil {
		http.Error(w, "the number is not assigned", http.StatusNotFound)
		return
	}
	call := queue.CallID(acd.NewID())
	if err := p.router.Post(acd.Join{Call: call, Queue: q.ID, Number: r.FormValue("from"), Name: r.FormValue("name")}); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	time.AfterFunc(p.patience, func() {
		if c, err := p.router.Call(call); err == nil && c.State != acd.CallTalking {
			p.report(acd.HangUp{Call: call})
		}
	})
	fmt.Fprintln(w, call)
}
