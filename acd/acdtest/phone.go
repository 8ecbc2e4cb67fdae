package acdtest

import (
	"slices"
	"strconv"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func (r *runner) status(l *line) (acd.Input, error) {
	status, err := agent.ParseStatus(l.arg(1))
	if err != nil {
		return nil, err
	}
	in := acd.SetStatus{Agent: agent.ID(l.arg(0)), Status: status, Reason: l.value("reason")}
	if name, ok := l.get("queue"); ok {
		if name == "" {
			return nil, bad("queue", name, "must be the name of a queue") // in an input: all of them
		}
		in.Queue = queue.ID(name)
	}
	return in, nil
}

func (r *runner) register(l *line) (acd.Input, error) {
	return acd.Registered{Agent: agent.ID(l.arg(0))}, nil
}

func (r *runner) unregister(l *line) (acd.Input, error) {
	return acd.Registered{Agent: agent.ID(l.arg(0)), Gone: true}, nil
}

// otherCall reports a call that is not the library's. Without an id it is the
// one that the agent took up last of those he has; to ring and to start, a new
// one if he has none.
func (r *runner) otherCall(l *line) (acd.Input, error) {
	state, err := choiceOf("othercall", l.arg(1), "ring", "start", "end")
	if err != nil {
		return nil, err
	}
	in := acd.OtherCall{
		Agent:  agent.ID(l.arg(0)),
		Call:   l.value("id"),
		State:  [...]acd.OtherState{acd.OtherRinging, acd.OtherTalking, acd.OtherEnded}[state],
		Number: l.value("number"),
	}
	if _, named := l.get("id"); named {
		return in, nil
	}
	view, err := r.subject().Agent(in.Agent)
	if err != nil {
		return nil, err
	}
	switch open := view.Others; {
	case len(open) > 0:
		in.Call = open[len(open)-1].ID
	case in.State == acd.OtherEnded:
		return nil, &acd.Error{Err: acd.ErrNotFound, What: "other call", ID: "of " + l.arg(0)}
	default:
		in.Call = "other-" + strconv.Itoa(r.others)
	}
	return in, nil
}

func (r *runner) release(l *line) (acd.Input, error) {
	return acd.FreeAgent{Agent: agent.ID(l.arg(0))}, nil
}

// ringOf names the latest offer of a call to an agent.
type ringOf struct {
	call  queue.CallID
	agent agent.ID
}

// offer returns the latest offer of the call to the agent that a line names,
// ended or not.
func (r *runner) offer(l *line) (acd.OfferID, error) {
	id, ok := r.offers[ringOf{queue.CallID(l.arg(0)), agent.ID(l.arg(1))}]
	if !ok {
		return id, neverOffered(l)
	}
	return id, nil
}

func neverOffered(l *line) error {
	return &acd.Error{Err: acd.ErrNotFound, What: "offer", ID: "of " + l.arg(0) + " to " + l.arg(1)}
}

func (r *runner) answer(l *line) (acd.Input, error) {
	id, err := r.offer(l)
	return acd.Answered{Offer: id}, err
}

// refuse makes the input of a phone that does not take the call.
func refuse(end agent.End) func(*runner, *line) (acd.Input, error) {
	return func(r *runner, l *line) (acd.Input, error) {
		id, err := r.offer(l)
		return acd.Refused{Offer: id, End: end}, err
	}
}

func (r *runner) ringing(l *line) (acd.Input, error) {
	id, err := r.offer(l)
	return acd.Alerting{Offer: id}, err
}

func (r *runner) connected(l *line) (acd.Input, error) {
	return acd.MediaJoined{Call: queue.CallID(l.arg(0))}, r.meant(l)
}

func (r *runner) connectFailed(l *line) (acd.Input, error) {
	return acd.MediaFailed{Call: queue.CallID(l.arg(0))}, r.meant(l)
}

// meant refuses a report about the media of a call and an agent whose offer has
// ended otherwise than by an answer, or whose connection is over: the input names
// the call alone.
func (r *runner) meant(l *line) error {
	id, who := queue.CallID(l.arg(0)), agent.ID(l.arg(1))
	call, err := r.subject().Call(id)
	if err == nil && call.Agent == who {
		return nil // by an offer, or picked up without one
	}
	if _, err := r.offer(l); err != nil {
		return err
	}
	if err == nil && !slices.Contains(call.Rung, who) {
		return &acd.Error{Err: acd.ErrOfferEnded, What: "offer", ID: "of " + l.arg(0) + " to " + l.arg(1)}
	}
	return nil
}
