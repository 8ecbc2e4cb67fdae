package acdtest

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Options say how a script runs. The zero value is good.
type Options struct {
	// Strategies are a host's own, beside the seven.
	Strategies []strategy.Strategy
	// Seed of the strategies that draw lots.
	Seed uint64
	// ConfirmTime is how long calls may stay unconfirmed after a restart; 0:
	// 30 s.
	ConfirmTime time.Duration
	// Strict looks at the laws of the library after every step (it is slow):
	// the invariants of Engine.Check and of [Traffic], that the changes told
	// so far add up to the state, and that a restored engine is the same.
	Strict bool
	// MaxSteps is how many instants, inputs and restarts a script may take; 0:
	// 1,000,000. It ends scripts that would run for ever.
	MaxSteps int
}

const defaultMaxSteps = 1_000_000

// Result is what a script came to.
type Result struct {
	Trace []TraceLine
	// Engine is as the script left it, at time Start plus its last instant.
	Engine *acd.Engine
}

// start is what Start returns.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Start returns the time 0 of every script: 2026-01-01T00:00:00Z.
func Start() time.Time { return start }

// RunScript reads a script and runs it. name stands in errors.
func RunScript(name string, r io.Reader, o Options) (*Result, error) {
	s, err := Parse(name, r)
	if err != nil {
		return nil, err
	}
	return s.Run(o)
}

// Run runs the script in virtual time. If it fails, the error is a
// *[ScriptError] that names the line, and the result is what there was up to
// there. Options that are no good are refused with an error that wraps
// [acd.ErrInvalid], without a result.
func (s *Script) Run(o Options) (*Result, error) {
	r, err := newRunner(o)
	if err != nil {
		return nil, err
	}
	for _, l := range s.lines {
		if err := r.run(l); err != nil {
			return r.result(), r.failed(s.name, l, err)
		}
	}
	return r.result(), nil
}

// failed says what went wrong at a line.
func (r *runner) failed(name string, l *line, err error) error {
	out := &ScriptError{File: name, Line: l.number, Text: err.Error()}
	var refused *refusal
	if errors.As(err, &refused) {
		out.Text = fmt.Sprintf("expected no error, came %q", refused.err.Error())
		out.Err = refused.err
	}
	var law lawError
	out.law = errors.As(err, &law)
	return out
}

// refusal is an input that was refused, or a bad value.
type refusal struct{ err error }

func (e *refusal) Error() string { return e.err.Error() }

// unmet is an expectation that was not met: what was expected, what came.
type unmet string

func (e unmet) Error() string { return string(e) }

// lawError is what must hold whatever a script says, and did not: the fault of the
// library.
type lawError string

func (e lawError) Error() string { return string(e) }

// runner runs a script: it is the host of an engine.
type runner struct {
	options Options
	engine  *acd.Engine
	router  *acd.Router // in place of the engine, for InputOf
	now     time.Time
	store   fold
	watch   *watcher
	steps   int
	// restoring is after how many steps a strict run restores an engine, which
	// is most of its work; 0: never.
	restoring int

	trace   []TraceLine
	matched int // the lines up to here are not after the one that the last expect matched
	since   int // how many lines there were before the last input or move of time

	offers map[ringOf]acd.OfferID      // the latest
	queues map[queue.CallID]queue.ID   // of every call there was, its last
	shown  map[membership]shown        // as last traced
	events []acd.Event                 // of the last line
	input  func(in acd.Input, e error) // is told of every input; may be nil

	blocking acd.EnableBlocking // as last handed in

	number int // of the next queue that asks for none
	others int // of the next other call that has no id
}

func newRunner(o Options) (*runner, error) {
	if o.MaxSteps <= 0 {
		o.MaxSteps = defaultMaxSteps
	}
	r := &runner{
		options: o,
		now:     start,
		store:   fold{},
		offers:  map[ringOf]acd.OfferID{},
		queues:  map[queue.CallID]queue.ID{},
		shown:   map[membership]shown{},
		number:  firstNumber,
		others:  1,

		restoring: 1,
	}
	if o.Strict {
		r.watch = newWatcher(o.Strategies)
	}
	var err error
	if r.engine, err = r.newEngine(); err != nil {
		return nil, err
	}
	r.engine.Advance(start)
	return r, nil
}

func (r *runner) newEngine() (*acd.Engine, error) {
	return acd.NewEngine(acd.EngineOptions{
		Strategies:  r.options.Strategies,
		Seed:        r.options.Seed,
		ConfirmTime: r.options.ConfirmTime,
		Track:       true,
	})
}

func (r *runner) result() *Result { return &Result{Trace: r.trace, Engine: r.engine} }

// run runs one line. The error is a *refusal, or says what was expected and what
// came.
func (r *runner) run(l *line) error {
	r.events = r.events[:0]
	if !l.verb.looks {
		r.since = len(r.trace)
	}
	err := r.carryOut(l)
	var refused *refusal
	if errors.As(err, &refused) {
		r.add("refused", fields{}.text("error", refused.err.Error()))
	}
	return err
}

func (r *runner) carryOut(l *line) error {
	if l.verb.input == nil {
		return l.verb.do(r, l)
	}
	in, err := l.verb.input(r, l)
	if err != nil {
		return &refusal{err}
	}
	if err := r.hand(in); err != nil {
		return err
	}
	if l.verb.also != nil {
		if err := r.hand(l.verb.also(r, in)); err != nil {
			return err
		}
	}
	// Statuses that changed without an event of the agent's.
	for view := range r.engine.Agents() {
		r.tellStatus(view)
	}
	return nil
}

// hand hands an input to the engine.
func (r *runner) hand(in acd.Input) error {
	err := r.engine.Step(r.now, in)
	if r.input != nil {
		r.input(in, err)
	}
	if err != nil {
		if broken := r.settle(); broken != nil {
			return broken
		}
		return &refusal{err}
	}
	r.accepted(in)
	return r.settle()
}

// accepted notes what later lines mean by their words.
func (r *runner) accepted(in acd.Input) {
	if r.watch != nil {
		r.watch.accept(in)
	}
	switch in := in.(type) {
	case acd.CreateQueue:
		for in.Config.Number == fmt.Sprint(r.number) {
			r.number++
		}
	case acd.OtherCall:
		if in.Call == fmt.Sprint("other-", r.others) {
			r.others++
		}
	case acd.Join:
		// The id may have been that of an earlier call.
		for key := range r.offers {
			if key.call == in.Call {
				delete(r.offers, key)
			}
		}
	}
}

// advance lets time pass up to at, deadline by deadline: each instant is seen by
// itself.
func (r *runner) advance(at time.Time) error {
	for {
		due, ok := r.engine.NextDeadline()
		if !ok || due.After(at) {
			break
		}
		if err := r.pass(due); err != nil {
			return err
		}
	}
	return r.pass(at)
}

func (r *runner) pass(at time.Time) error {
	r.now = at
	r.engine.Advance(at)
	return r.settle()
}

// settle takes over what the last step brought: events into the trace, changes
// into the store.
func (r *runner) settle() error {
	if r.steps++; r.steps > r.options.MaxSteps {
		return unmet(fmt.Sprintf("expected at most %d steps, came more: the script does not end", r.options.MaxSteps))
	}
	events := r.engine.Take()
	for _, ev := range events {
		r.tell(ev)
	}
	r.events = append(r.events, events...)
	if err := r.store.add(r.engine.Changes()); err != nil {
		return err
	}
	if r.options.Strict {
		return r.checkLaws(events)
	}
	return nil
}

// tell notes an event and adds its line to the trace.
func (r *runner) tell(ev acd.Event) {
	switch do := ev.Do.(type) {
	case *acd.Ring:
		r.offers[ringOf{do.Call, do.Agent}] = do.Offer
		r.look(do.Agent)
	case *acd.CallJoined:
		r.queues[do.Call] = do.Queue
	case *acd.CallLeft:
		r.queues[do.Call] = do.Queue
	case *acd.LineChanged:
		r.look(do.Agent)
	case *acd.StatusChanged:
		r.look(do.Agent)
	case *acd.AgentCreated:
		r.look(do.Agent)
	case *acd.AgentChanged:
		r.look(do.Agent)
	case *acd.QueueChanged:
		for _, m := range membersOf(r.engine, do.Queue) {
			r.look(m.Agent)
		}
	case *acd.AgentDeleted:
		for key := range r.shown {
			if key.agent == do.Agent {
				delete(r.shown, key)
			}
		}
	}
	if kind, f := traceOf(ev.Do); kind != "" {
		r.trace = append(r.trace, TraceLine{ev.At.Sub(start), kind, f})
	}
}

// look tells the statuses of an agent, as far as they changed: what a script sees
// is in the order of causes, however the engine words them.
func (r *runner) look(id agent.ID) {
	if view, err := r.engine.Agent(id); err == nil {
		r.tellStatus(view)
	}
}

// add adds a line to the trace, as of now.
func (r *runner) add(kind string, f fields) {
	r.trace = append(r.trace, TraceLine{r.now.Sub(start), kind, f})
}

// forgetTrace forgets what has happened: whoever expects nothing of it need not
// keep it, however long he goes on.
func (r *runner) forgetTrace() {
	r.trace, r.matched, r.since = r.trace[:0], 0, 0
}

func (r *runner) wait(l *line) error {
	d, err := durationOf("wait", l.arg(0))
	if err != nil {
		return &refusal{err}
	}
	return r.moveTo(l, r.now.Sub(start)+d)
}

func (r *runner) at(l *line) error {
	d, err := durationOf("at", l.arg(0))
	if err != nil {
		return &refusal{err}
	}
	return r.moveTo(l, d)
}

func (r *runner) moveTo(l *line, d time.Duration) error {
	switch {
	case d < r.now.Sub(start):
		return &refusal{bad(l.verb.name, l.arg(0), "must not lie before "+formatDuration(r.now.Sub(start)))}
	case d > maxTime:
		return &refusal{bad(l.verb.name, l.arg(0), "must end within "+maxTime.String())}
	}
	return r.advance(start.Add(d))
}
