package acdtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/acdkit/acdkit/acd"
)

// Host is a host of a [acd.Router] or an [acd.Engine] whose telephones are made
// up: it carries out orders and reports what happens, late, twice or never if
// Phones say so. It does everything by events, as a PBX would, so that a test
// need only make queues, agents and calls. It makes no callers.
//
// Use a Host once. Its methods may be called from any goroutine.
type Host struct {
	Phones Phones
	// Clock is the Router's, for Run; nil: package time.
	Clock acd.Clock

	mu       sync.Mutex
	exchange *exchange
	wrong    []error
	pending  map[*pending]struct{}
	over     bool
}

// pending is a report that waits for its time.
type pending struct{ stop func() bool }

// Run reads the Router's events until there are no more, because it was closed or
// ctx ended. It returns the error that ended them, and those of reports that were
// refused otherwise than because they came too late: nil after Close, if all is
// well. Reports are handed in by the Clock; when Run returns, none is left.
func (h *Host) Run(ctx context.Context, r *acd.Router) error {
	h.begin()
	var end error
	for ev, err := range r.Events(ctx) {
		if err != nil {
			end = err
			break
		}
		for _, next := range h.hear(ev) {
			h.schedule(r, next)
		}
	}
	return errors.Join(end, h.finish())
}

// Reports counts the reports so far.
func (h *Host) Reports() Reports {
	h.begin()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.exchange.tally
}

func (h *Host) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.exchange == nil {
		h.exchange = newExchange(h.Phones)
		h.pending = map[*pending]struct{}{}
	}
}

func (h *Host) hear(ev acd.Event) []report {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.exchange.hear(ev)
}

// schedule hands a report in when its time has come.
func (h *Host) schedule(r *acd.Router, next report) {
	p := &pending{}
	h.mu.Lock()
	h.pending[p] = struct{}{}
	h.mu.Unlock()
	stop := h.after(next.after, func() {
		if h.claim(p, next) {
			h.settle(next, r.Post(next.in))
		}
	})
	h.mu.Lock()
	p.stop = stop
	over := h.over
	h.mu.Unlock()
	if over {
		stop()
	}
}

func (h *Host) after(d time.Duration, f func()) func() bool {
	if h.Clock == nil {
		return time.AfterFunc(d, f).Stop
	}
	return h.Clock.AfterFunc(d, f)
}

// claim takes a report whose time has come out of those that wait, and says
// whether it is handed in.
func (h *Host) claim(p *pending, next report) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pending, p)
	return !h.over && h.exchange.due(next)
}

// settle notes what the library says to a report.
func (h *Host) settle(r report, err error) {
	if err == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.exchange.tally.Refused++
	if r.late {
		return
	}
	for _, late := range []error{acd.ErrOfferEnded, acd.ErrNotFound, acd.ErrNotWaiting, acd.ErrAgentBusy, acd.ErrClosed} {
		if errors.Is(err, late) {
			return
		}
	}
	h.wrong = append(h.wrong, fmt.Errorf("acdtest: %T is refused: %w", r.in, err))
}

// finish stops what waits for its time.
func (h *Host) finish() error {
	h.mu.Lock()
	h.over = true
	var stops []func() bool
	for p := range h.pending {
		if p.stop != nil {
			stops = append(stops, p.stop)
		}
	}
	clear(h.pending)
	err := errors.Join(h.wrong...)
	h.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
	return err
}

// Play is Run for an Engine, in virtual time: it lets time pass until until, at
// most, handing in the reports that fall due, and calls each, if it is not nil,
// for every event. The same engine and the same Phones give the same events. It
// may be called again, to go on. The error is as for Run; what has been refused
// is told once.
func (h *Host) Play(e *acd.Engine, until time.Time, each func(acd.Event)) error {
	h.begin()
	h.mu.Lock()
	x := h.exchange
	h.mu.Unlock()
	for {
		for _, ev := range e.Take() {
			if each != nil {
				each(ev)
			}
			for _, next := range h.hear(ev) {
				x.await(e.Now().Add(next.after), next)
			}
		}
		at, next, ok := x.first(e, until)
		if !ok {
			break
		}
		if next == nil {
			e.Advance(at)
		} else if x.due(*next) {
			h.settle(*next, e.Step(at, next.in))
		}
	}
	e.Advance(until)
	h.mu.Lock()
	defer h.mu.Unlock()
	err := errors.Join(h.wrong...)
	h.wrong = nil
	return err
}

// awaited is a report of a Host that plays an Engine.
type awaited struct {
	at time.Time
	report
}

// await keeps a report until its time, in order.
func (x *exchange) await(at time.Time, r report) {
	i, _ := slices.BinarySearchFunc(x.awaited, at, func(a awaited, at time.Time) int {
		return cmp.Or(a.at.Compare(at), -1) // after those of the same time
	})
	x.awaited = slices.Insert(x.awaited, i, awaited{at, r})
}

// first takes what comes first until until: a report, or, if it is nil, a deadline
// of the engine. ok is false if nothing does.
func (x *exchange) first(e *acd.Engine, until time.Time) (at time.Time, next *report, ok bool) {
	due, any := e.NextDeadline()
	if len(x.awaited) > 0 && (!any || x.awaited[0].at.Before(due)) {
		first := x.awaited[0]
		if first.at.After(until) {
			return at, nil, false
		}
		x.awaited = x.awaited[1:]
		return first.at, &first.report, true
	}
	return due, nil, any && !due.After(until)
}
