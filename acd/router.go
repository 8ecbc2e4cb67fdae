package acd

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/acdkit/acdkit/strategy"
)

// Options say what a [Router] runs on. The zero value is good: package time, no
// store, the seven strategies. Options must not be changed once they were given
// to [Open].
type Options struct {
	// Clock tells the time and wakes the Router; nil is package time. A clock
	// that is moved by hand must stop at every AfterFunc on its way: a Router
	// that is woken more than 2 s after a deadline takes itself for a process
	// that had been stopped (B104).
	Clock Clock
	// Storage keeps the state across restarts; nil keeps nothing, and costs
	// nothing.
	Storage Storage
	// Strategies are the host's own, beside the seven (B38). Their functions
	// are called under the Router's lock: they must not call it.
	Strategies []strategy.Strategy
	// Seed starts the strategies that draw (B38); same seed and inputs, same
	// events (B102).
	Seed uint64
	// ConfirmTime is how long after a restart the host has to say which calls
	// live (B112); 0: 30 s.
	ConfirmTime time.Duration
	// Logger is told of a store that fails and recovers, and of a stop of the
	// process; nil: nobody is. It is never called under the Router's lock.
	Logger *slog.Logger
}

// Router is an [Engine] behind one lock, with a clock and a store. It is safe
// for use by any number of goroutines at once, its own event loop included.
//
// Inputs go in by [Router.Do] and [Router.Post], events come out of
// [Router.Events] and [Router.Watch], and what is in it is read by Queue, Agent,
// Call and their like. Routing never waits for the store, for a reader of
// events or for anything else of the host's: under the lock the Router calls
// nothing but Clock.Now and the host's strategies.
//
// An open Router has no goroutine: its clock wakes it for the next deadline, and
// only while something is not yet stored one stores it. Close it with
// [Router.Close].
type Router struct {
	clock   Clock
	storage Storage
	log     *slog.Logger
	start   time.Time     // what the clock said at Open
	hurry   chan struct{} // tells the storing goroutine to try again now

	reading atomic.Bool   // Events has a reader
	read    atomic.Uint64 // the last event that the reader was given

	mu       sync.Mutex
	engine   *Engine
	told     []Event       // scratch of publish
	elapsed  time.Duration // since start, as far as the clock has ever come
	end      error         // why inputs are refused; nil: they are not
	alarm    alarm
	history  history
	news     chan struct{} // closed at the next event; nil: nobody waits for it
	unstored unstored
}

// Open returns a Router with what the store holds. It begins a new epoch, which
// it commits before anything else: another Router that still runs on the same
// store is fenced off by it, see [ErrFenced]. Of two that open a store at the same
// moment one gets it and the other that error. Calls that waited or talked are
// unconfirmed until the host says within the confirm time which of them live
// (B112); what Open itself changed is told by the first events.
//
// ctx bounds Open alone. An error leaves nothing running: one of the store's,
// or one that wraps [ErrInvalid] for a strategy or a record that does not fit.
func Open(ctx context.Context, o Options) (*Router, error) {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	engine, err := NewEngine(EngineOptions{
		Strategies:  o.Strategies,
		Seed:        o.Seed,
		ConfirmTime: o.ConfirmTime,
		Track:       o.Storage != nil,
	})
	if err != nil {
		return nil, err
	}
	r := &Router{
		clock:   o.Clock,
		storage: o.Storage,
		log:     o.Logger,
		start:   o.Clock.Now(),
		hurry:   make(chan struct{}, 1),
		engine:  engine,
	}
	if err := r.restore(ctx); err != nil {
		return nil, fmt.Errorf("acd: open: %w", err)
	}
	r.setAlarm()
	return r, nil
}

// restore loads the state and begins the next epoch.
func (r *Router) restore(ctx context.Context) error {
	now := r.start.Round(0)
	if r.storage == nil {
		r.engine.Advance(now)
		return nil
	}
	if err := r.engine.Restore(r.storage.Load(ctx, "")); err != nil {
		return err
	}
	if err := r.engine.Step(now, Recover{Epoch: r.engine.Epoch() + 1}); err != nil {
		return err
	}
	r.publish()
	return r.commitEpoch(ctx)
}

// Do applies in and returns when the change is durable: nil means that it will
// be there after a crash. Without a store it returns when in is applied. Many
// that wait at the same time share one commit.
//
// Do returns
//   - an *[Error]: in was refused and nothing has changed;
//   - an error that wraps [ErrNotDurable]: in is applied and acted upon, but ctx
//     ended or the store failed before it was kept. The Router goes on trying:
//     do not repeat it;
//   - [ErrClosed]: nothing has changed, the Router is closed;
//   - an error that wraps [ErrFenced]: the store belongs to another Router. If it
//     wraps ErrClosed too, nothing has changed; else in was applied here, and
//     is lost.
//
// ctx bounds the waiting alone. in is applied even if ctx has ended before: a
// report of what happened on a phone stays true.
func (r *Router) Do(ctx context.Context, in Input) error {
	if err := refuse(in); err != nil {
		return err
	}
	f, err := r.step(in, true)
	if err != nil || f == nil {
		return err
	}
	return f.wait(ctx)
}

// Post applies in and returns at once; the errors are those of [Router.Do] that
// say that nothing has changed. The change is durable soon, or after
// [Router.Sync]. It is the one to use in an event loop.
func (r *Router) Post(in Input) error {
	if err := refuse(in); err != nil {
		return err
	}
	_, err := r.step(in, false)
	return err
}

// refuse refuses what an engine could be told, but not a Router: nothing, and a
// new epoch, which needs a store that knows of it.
func refuse(in Input) error {
	switch in.(type) {
	case nil:
		return invalid("input", "", "must not be nil")
	case Recover:
		return invalid("input", "recover", "is Open's alone")
	}
	return nil
}

// Close ends the Router: from now on inputs are refused with [ErrClosed], its
// clock is stopped, and readers of events end when they have read what is left.
// Then it waits until everything is stored, or ctx ends. It may be called at any
// time, more than once, and from the event loop.
//
// Close returns nil if everything is durable. When ctx ends it gives up, for
// other calls of Close too: the error wraps [ErrNotDurable] and says what the
// store's last answer was; a Commit that still runs is told so by its context.
func (r *Router) Close(ctx context.Context) error {
	stop, idle := r.close(ErrClosed)
	if stop != nil {
		stop()
	}
	select {
	case r.hurry <- struct{}{}:
	default:
	}
	return r.rest(ctx, idle)
}

// close refuses inputs from now on, because of why. It returns how to stop the
// alarm, if one is set, and what is closed when the storing goroutine ends.
func (r *Router) close(why error) (stop func() bool, idle <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end == nil {
		r.end = why
		r.announce()
	}
	stop, r.alarm.stop = r.alarm.stop, nil
	return stop, r.unstored.idle
}

// errands are what a step leaves to be done when the lock is free.
type errands struct {
	alarm bool          // a deadline is earlier than the alarm
	late  time.Duration // the Router found itself that late (B104); 0: in time
}

// step applies in, or if it is nil lets happen what is due. With wait it returns
// the commit to wait for, if there is a store.
func (r *Router) step(in Input, wait bool) (*flush, error) {
	f, left, err := r.apply(in, wait)
	if left.alarm {
		r.setAlarm()
	}
	if left.late > 0 {
		r.log.Warn("acd: router was stopped, offers were taken back", "late", left.late)
	}
	return f, err
}

// apply is the part of step that holds the lock. The lock is released by defer:
// a host's strategy that panics must not stop all other calls.
func (r *Router) apply(in Input, wait bool) (f *flush, left errands, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end != nil {
		return nil, left, r.end
	}
	now, _ := r.now()
	left.late = r.resync(now)
	if in != nil {
		err = r.engine.Step(now, in)
	} else {
		r.alarm.at = time.Time{}
		r.engine.Advance(now)
	}
	r.publish()
	_, left.alarm = r.wantsAlarm()
	if r.storage != nil {
		applied := in != nil && err == nil
		f = r.store(now, applied, applied && wait)
	}
	return f, left, err
}
