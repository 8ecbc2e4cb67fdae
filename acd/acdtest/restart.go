package acdtest

import (
	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// restart is a crash and a new start at the same instant: a new engine reads
// back what was committed, and the host confirms what lives (B112).
func (r *runner) restart(l *line) error {
	none := 0
	if text, ok := l.get("confirm"); ok {
		var err error
		if none, err = choiceOf("confirm", text, "all", "none"); err != nil {
			return &refusal{err}
		}
	}
	if err := r.crash(); err != nil {
		return err
	}
	if none == 1 {
		return nil
	}
	for _, id := range r.alive() {
		if err := r.hand(acd.ConfirmCall{Call: id}); err != nil {
			return err
		}
	}
	return nil
}

// crash replaces the engine by a new one that knows what the store knows.
func (r *runner) crash() error {
	if key := r.store.differs(stateOf(r.engine.Records())); key != "" {
		return lawError("expected the committed records to be the state, came another " + key)
	}
	epoch := r.engine.Epoch()
	engine, err := r.newEngine()
	if err != nil {
		return err
	}
	if err := engine.Restore(r.store.records()); err != nil {
		return lawError("expected the committed records to be read back, came " + err.Error())
	}
	if key := r.store.differs(stateOf(engine.Records())); key != "" {
		return lawError("expected a restored engine to be the same, came another " + key)
	}
	r.engine = engine
	if r.watch != nil {
		r.watch.restart(engine)
	}
	return r.hand(acd.Recover{Epoch: epoch + 1})
}

// alive returns the calls in the order in which a host confirms them: talks
// first, since they have their agents, then the waiting ones, the most urgent
// first: each may be matched at once.
func (r *runner) alive() []queue.CallID {
	var talks []queue.CallID
	for c := range r.engine.Calls() {
		if c.Position == 0 {
			talks = append(talks, c.ID)
		}
	}
	var lines [][]acd.CallView
	var priorities []int
	for q := range r.engine.Queues() {
		lines = append(lines, waitingIn(r.engine, q.ID))
		priorities = append(priorities, q.Config.Priority)
	}
	return append(talks, merge(lines, priorities)...)
}

// merge puts the calls of several lines into one order: in each line as they
// stand, between lines by what B50 compares and views show.
func merge(lines [][]acd.CallView, priorities []int) []queue.CallID {
	var ids []queue.CallID
	for {
		best := -1
		for i, line := range lines {
			if len(line) > 0 && (best < 0 || before(&line[0], &lines[best][0], priorities[i]-priorities[best])) {
				best = i
			}
		}
		if best < 0 {
			return ids
		}
		ids = append(ids, lines[best][0].ID)
		lines[best] = lines[best][1:]
	}
}

// before reports whether call a comes before call b, whose queue's priority is
// lower by more.
func before(a, b *acd.CallView, more int) bool {
	switch {
	case more != 0:
		return more > 0
	case a.Priority != b.Priority:
		return a.Priority > b.Priority
	default:
		return a.Effective.Before(b.Effective)
	}
}
