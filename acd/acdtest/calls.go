package acdtest

import (
	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func (r *runner) call(l *line) (acd.Input, error) {
	in := acd.Join{
		Call:   queue.CallID(l.arg(0)),
		Queue:  queue.ID(l.value("queue")),
		Number: l.value("from"),
		Name:   l.value("name"),
	}
	var err error
	for _, p := range l.pairs {
		switch p.Key {
		case "priority":
			in.Priority, err = numberOf(p.Key, p.Value)
		case "position":
			in.Position, err = numberOf(p.Key, p.Value)
		case "credit":
			in.Credit, err = durationOf(p.Key, p.Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

func (r *runner) hangUp(l *line) (acd.Input, error) {
	return acd.HangUp{Call: queue.CallID(l.arg(0))}, nil
}

func (r *runner) end(l *line) (acd.Input, error) {
	return acd.EndTalk{Call: queue.CallID(l.arg(0))}, nil
}

func (r *runner) caller(l *line) (acd.Input, error) {
	in := acd.ChangeCaller{Call: queue.CallID(l.arg(0)), Number: l.value("from"), Name: l.value("name")}
	if text, ok := l.get("credit"); ok {
		var err error
		if in.Credit, err = durationOf("credit", text); err != nil {
			return nil, err
		}
	}
	return in, nil
}

func (r *runner) hold(l *line) (acd.Input, error) {
	off, err := choiceOf("hold", l.arg(1), "on", "off")
	return acd.Hold{Call: queue.CallID(l.arg(0)), On: off == 0}, err
}

func (r *runner) pickup(l *line) (acd.Input, error) {
	return acd.Pickup{Call: queue.CallID(l.arg(0)), Agent: agent.ID(l.arg(1))}, nil
}

func (r *runner) transfer(l *line) (acd.Input, error) {
	return acd.Transfer{Call: queue.CallID(l.arg(0)), Queue: queue.ID(l.value("queue"))}, nil
}

func (r *runner) handOver(l *line) (acd.Input, error) {
	return acd.HandOver{Call: queue.CallID(l.arg(0)), Agent: agent.ID(l.arg(1))}, nil
}

func (r *runner) priority(l *line) (acd.Input, error) {
	n, err := numberOf("priority", l.arg(1))
	return acd.ChangePriority{Call: queue.CallID(l.arg(0)), Priority: n}, err
}

func (r *runner) withdraw(l *line) (acd.Input, error) {
	return acd.Withdraw{Call: queue.CallID(l.arg(0)), Reason: l.arg(1)}, nil
}

func (r *runner) confirm(l *line) (acd.Input, error) {
	return acd.ConfirmCall{Call: queue.CallID(l.arg(0))}, nil
}

func (r *runner) resync(*line) (acd.Input, error) { return acd.Resync{}, nil }
