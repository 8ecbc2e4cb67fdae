package acdtest

import (
	"fmt"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// InputOf returns the input that a line of a script means to a Router as it is now,
// for hosts that are driven by scripts. It hands nothing in. A queue that the Router
// has is changed, another one is made; ID EXT means the offer that runs; an othercall
// without an id is the agent's last, or other-1; block makes the entry and enables
// nothing. The error says what is wrong with the line, that it is no input, or that
// the Router does not know what it is about. It may be called from any goroutine.
func InputOf(router *acd.Router, text string) (acd.Input, error) {
	l, err := parseLine(1, text)
	if err != nil {
		return nil, err
	}
	if l == nil || l.verb.input == nil {
		return nil, fmt.Errorf("%s is not an input", quote(text, false))
	}
	r := &runner{router: router, now: router.Now(), offers: map[ringOf]acd.OfferID{}, number: firstNumber, others: 1}
	rung := ringOf{queue.CallID(l.arg(0)), agent.ID(l.arg(1))}
	if id, err := router.Offer(rung.call, rung.agent); err == nil {
		r.offers[rung] = id
	}
	return l.verb.input(r, l)
}

// subject is what the words of a line are about.
type subject interface {
	Queue(queue.ID) (acd.QueueView, error)
	QueueByNumber(string) (acd.QueueView, error)
	Agent(agent.ID) (acd.AgentView, error)
	Call(queue.CallID) (acd.CallView, error)
}

func (r *runner) subject() subject {
	if r.router != nil {
		return r.router
	}
	return r.engine
}
