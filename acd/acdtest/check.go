package acdtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// expect looks for a line after the one that the last expect matched.
func (r *runner) expect(l *line) error {
	after := r.trace[r.matched:]
	i := slices.IndexFunc(after, func(t TraceLine) bool { return l.kind.matches(&t, l.pairs) })
	if i < 0 {
		return unmet(fmt.Sprintf("expected %s, came %s", wanted(l), r.instead(l.kind, after)))
	}
	r.matched += i + 1
	return nil
}

// wanted prints what a line of expect or never asks for.
func wanted(l *line) string { return TraceLine{Kind: l.kind.name, Fields: l.pairs}.what() }

// instead says what came instead of a line of a kind: the lines of that kind, or
// if there are none everything.
func (r *runner) instead(k *kind, after []TraceLine) string {
	const most = 5
	came := slices.DeleteFunc(slices.Clone(after), func(t TraceLine) bool { return t.Kind != k.name })
	if len(came) == 0 {
		came = after
	}
	if len(came) == 0 {
		return "nothing"
	}
	text := joinLines(came[:min(most, len(came))])
	if more := len(came) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func joinLines(lines []TraceLine) string {
	texts := make([]string, len(lines))
	for i, t := range lines {
		texts[i] = t.String()
	}
	return strings.Join(texts, "; ")
}

// never looks that there is no such line since the last input or move of time.
func (r *runner) never(l *line) error {
	for _, t := range r.trace[r.since:] {
		if l.kind.matches(&t, l.pairs) {
			return unmet(fmt.Sprintf("expected no %s, came %s", wanted(l), t))
		}
	}
	return nil
}

// fails hands in an input that must be refused and change nothing.
func (r *runner) fails(l *line) error {
	before := stateOf(r.engine.Records())
	in, err := l.inner.verb.input(r, l.inner)
	if err == nil {
		if err = r.engine.Step(r.now, in); r.input != nil {
			r.input(in, err)
		}
	}
	if err == nil {
		r.accepted(in)
		return unmet(fmt.Sprintf("expected an error with %q, came none", l.arg(0)))
	}
	if !strings.Contains(err.Error(), l.arg(0)) {
		return unmet(fmt.Sprintf("expected an error with %q, came %q", l.arg(0), err.Error()))
	}
	if key := difference(before, stateOf(r.engine.Records())); key != "" {
		return lawError(fmt.Sprintf("expected %q to change nothing, came another %s", err.Error(), key))
	}
	if err := r.settle(); err != nil {
		return err
	}
	if len(r.events) > 0 {
		return lawError(fmt.Sprintf("expected %q to change nothing, came event %T", err.Error(), r.events[0].Do))
	}
	return nil
}

func (r *runner) showLine(l *line) error {
	id := queue.ID(l.arg(0))
	if _, err := r.engine.Queue(id); err != nil {
		return &refusal{err}
	}
	f := fields{}.queue(id)
	for i, c := range waitingIn(r.engine, id) {
		f = f.text(strconv.Itoa(i+1), string(c.ID))
	}
	r.add("line", f)
	return nil
}

func (r *runner) showAgent(l *line) error {
	view, err := r.engine.Agent(agent.ID(l.arg(0)))
	if err != nil {
		return &refusal{err}
	}
	f := fields{}.agent(view.ID)
	for _, m := range view.Members {
		f = f.text(string(m.Queue), m.Status.String())
	}
	if !view.Offer.IsZero() {
		f = f.text("rung", string(view.Call))
	}
	r.add("agent", f)
	return nil
}

func (r *runner) showQueue(l *line) error {
	view, err := r.engine.Queue(queue.ID(l.arg(0)))
	if err != nil {
		return &refusal{err}
	}
	n := view.Numbers
	f := fields{}.queue(view.ID).
		number("joined", int(n.Joined)).number("waiting", view.Waiting).number("talking", view.Talking)
	for o := queue.Answered; o < queue.Outcomes; o++ {
		f = f.number(strings.ToLower(o.String()), int(n.Left[o]))
	}
	f = f.number("ended", int(n.Ended))
	c := view.Callbacks
	f = f.number("callbacks_open", c.Open()).number("callbacks_completed", int(c.Completed)).
		number("callbacks_failed", int(c.Failed)).number("callbacks_cancelled", int(c.Cancelled)).
		number("callbacks_expired", int(c.Expired))
	r.add("queue", f)
	return nil
}

func (r *runner) showCall(l *line) error {
	id := queue.CallID(l.arg(0))
	view, err := r.engine.Call(id)
	state := view.State.String()
	if err != nil {
		last, ok := r.queues[id]
		if !ok {
			return &refusal{err}
		}
		view = acd.CallView{ID: id, Queue: last}
		state = stateEnded
	}
	r.add("call", fields{}.call(id).queue(view.Queue).text("state", state).number("position", view.Position))
	return nil
}
