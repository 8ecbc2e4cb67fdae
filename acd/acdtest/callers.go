package acdtest

import (
	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func (r *runner) key(l *line) (acd.Input, error) {
	return acd.KeyPressed{Call: queue.CallID(l.arg(0)), Key: l.arg(1)}, nil
}

// listing is the entry of a list that a line is about: enabled, and for a while if
// it says so.
func (r *runner) listing(l *line) (queue.Listing, error) {
	entry := queue.Listing{Number: l.arg(0), Enabled: true}
	if text, ok := l.get("expires"); ok {
		d, err := durationOf("expires", text)
		if err != nil {
			return entry, err
		}
		entry.Expires = agent.At(r.now.Add(d))
	}
	return entry, nil
}

func (r *runner) vip(l *line) (acd.Input, error) {
	entry, err := r.listing(l)
	return acd.SetVIP{Listing: entry}, err
}

func (r *runner) exclusive(l *line) (acd.Input, error) {
	entry, err := r.listing(l)
	in := acd.SetExclusive{Listing: entry, Queue: queue.ID(l.arg(1))}
	for _, id := range l.args[2:] {
		in.Agents = append(in.Agents, agent.ID(id))
	}
	return in, err
}

func (r *runner) block(l *line) (acd.Input, error) {
	level, err := choiceOf("block", l.arg(1), "FIRST", "SECOND")
	if err != nil {
		return nil, err
	}
	entry, err := r.listing(l)
	return acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: entry, Level: queue.BlockLevel(level)}}, err
}

// enableBlocking enables the level of a number that was blocked, beside those that
// are.
func (r *runner) enableBlocking(in acd.Input) acd.Input {
	switch in.(acd.SetBlocked).Level {
	case queue.BlockFirst:
		r.blocking.First = true
	case queue.BlockSecond:
		r.blocking.Second = true
	}
	return r.blocking
}

func (r *runner) night(l *line) (acd.Input, error) {
	off, err := choiceOf("night", l.arg(0), "on", "off")
	return acd.SetNight{On: off == 0}, err
}

func (r *runner) enterNumber(l *line) (acd.Input, error) {
	return acd.EnterNumber{Call: queue.CallID(l.arg(0)), Text: l.arg(1)}, nil
}

func (r *runner) customer(l *line) (acd.Input, error) {
	reply, err := choiceOf("customer", l.arg(1), "answer", "busy", "noanswer")
	return acd.CustomerReplied{Call: queue.CallID(l.arg(0)), Reply: acd.Reply(reply)}, err
}

func (r *runner) holdCallbacks(l *line) (acd.Input, error) {
	off, err := choiceOf("holdcallbacks", l.arg(1), "on", "off")
	return acd.HoldCallbacks{Queue: queue.ID(l.arg(0)), On: off == 0}, err
}

func (r *runner) played(l *line) (acd.Input, error) {
	in := acd.PromptEnded{Call: queue.CallID(l.arg(0))}
	return in, in.Prompt.UnmarshalText([]byte(l.arg(1)))
}
