package acd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// A store that fails is tried again after firstRetry, then after twice as long
// each time, at the most lastRetry.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// flush is one commit, for those who wait for it.
type flush struct {
	done chan struct{} // closed when it is over; then
	err  error         // nil: everything applied before it began is durable
}

// over releases those who wait for f; f may be nil.
func (f *flush) over(err error) {
	if f != nil {
		f.err = err
		close(f.done)
	}
}

// wait waits for f, or until ctx ends.
func (f *flush) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
	}
	select {
	case <-f.done:
		return f.err
	default:
		return notDurable(context.Cause(ctx))
	}
}

func notDurable(why error) error { return fmt.Errorf("%w: %w", ErrNotDurable, why) }

// backlog counts what is applied and not durable.
type backlog struct {
	inputs int
	since  time.Time // of the first change; zero: there is none
}

// unstored is what a Router knows of its changes that are not yet durable; its
// lock guards it. Whenever there are any, one goroutine stores them.
type unstored struct {
	seq    uint64             // of the last batch
	next   *flush             // the commit after the one that runs; nil: nobody waits for it
	fresh  backlog            // since the last batch was taken
	taken  backlog            // in that batch, and in those that failed before it
	idle   chan struct{}      // closed when the goroutine ends; nil: none runs
	cancel context.CancelFunc // tells it to give up
	err    error              // what the store said to the last batch
	dials  []uint64           // numbers of the Dial events that are not durable yet
	covers uint64             // the newest event whose step is in the last batch
	lost   error              // why what is left will not be stored any more
}

// store notes a step at now, which may have changed something, and sees to it that
// somebody stores it; input says that the step was one. With wait it returns the
// commit that will hold it. The lock must be held.
func (r *Router) store(now time.Time, input, wait bool) *flush {
	u := &r.unstored
	if u.fresh.since.IsZero() {
		u.fresh.since = now
	}
	if input {
		u.fresh.inputs++
	}
	if u.idle == nil {
		u.idle = make(chan struct{})
		var ctx context.Context
		ctx, u.cancel = context.WithCancel(context.Background())
		go r.storeAll(ctx)
	}
	if !wait {
		return nil
	}
	return u.join()
}

// join returns the commit that holds everything applied until now. A commit that
// runs already may not: it is over before the next begins.
func (u *unstored) join() *flush {
	if u.next == nil {
		u.next = &flush{done: make(chan struct{})}
	}
	return u.next
}

// Health says how the store of a [Router] keeps up.
type Health struct {
	Pending int       // inputs that are applied and not durable yet
	Since   time.Time // when the oldest change that is not durable was made; zero: all are
	Err     error     // what the store said to the last commit; nil: it kept it
}

// Health returns how the store keeps up. Without a store it is the zero Health.
// A Router whose Err wraps [ErrFenced] is closed.
func (r *Router) Health() Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unstored
	h := Health{Pending: u.taken.inputs + u.fresh.inputs, Since: u.taken.since, Err: u.err}
	if h.Since.IsZero() {
		h.Since = u.fresh.since
	}
	return h
}

// Sync returns when everything that was applied before it was called is durable;
// nil at once without a store. Its error wraps [ErrNotDurable] if ctx ended or
// the store failed first, [ErrFenced] if another Router has taken over.
func (r *Router) Sync(ctx context.Context) error {
	f, err := r.pending()
	if f == nil {
		return err
	}
	return f.wait(ctx)
}

// pending returns the commit after which everything is durable; nil if it is so
// now, or, with an error, will never be.
func (r *Router) pending() (*flush, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unstored.idle == nil {
		return nil, r.unstored.lost
	}
	return r.unstored.join(), nil
}

// commitEpoch commits the first batch of a Router, which begins its epoch, and
// looks whether it was this one's that the store has kept: another Router may
// have begun the same epoch at the same moment.
func (r *Router) commitEpoch(ctx context.Context) error {
	r.unstored.seq = 1
	owner := Record{Key: ownerKey, Value: []byte(NewID())}
	err := r.storage.Commit(ctx, Batch{
		Epoch:   uint64(r.engine.Epoch()),
		Seq:     1,
		Records: append(newest(nil, r.engine.Changes()), owner),
	})
	if err != nil {
		return err
	}
	for rec, err := range r.storage.Load(ctx, ownerKey) {
		switch {
		case err != nil:
			return err
		case rec.Key == ownerKey && bytes.Equal(rec.Value, owner.Value):
			return nil
		}
	}
	return fmt.Errorf("%w: it was opened at the same moment", ErrFenced)
}

// storeAll commits batch after batch until nothing is unstored, it is fenced off
// or ctx ends. Only one runs at a time.
func (r *Router) storeAll(ctx context.Context) {
	var records []Record // of the batches that failed
	retry := firstRetry
	for {
		batch, changes, f, ok := r.takeBatch(len(records) > 0)
		if !ok {
			f.over(nil)
			return
		}
		batch.Records = newest(records, changes)
		err := r.storage.Commit(ctx, batch)
		failed := r.settle(err)
		switch {
		case err == nil:
			f.over(nil)
			if failed {
				r.log.Info("acd: store keeps up again")
			}
			records, retry = nil, firstRetry
		case errors.Is(err, ErrFenced):
			r.fence(f, err)
			return
		default:
			f.over(notDurable(err))
			if !failed {
				r.log.Warn("acd: store failed, trying again", "err", err)
			}
			records = batch.Records
			if !r.pause(ctx, retry) {
				r.giveUp(notDurable(err))
				return
			}
			retry = min(2*retry, lastRetry)
		}
	}
}

// takeBatch takes everything unstored, and those who wait for it. If there is
// nothing, nor anything left of an earlier batch, ok is false and the goroutine
// has ended: whoever changes something starts the next.
func (r *Router) takeBatch(left bool) (b Batch, changes []Change, f *flush, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unstored
	changes = r.engine.Changes()
	f, u.next = u.next, nil
	u.covers = r.history.newest()
	if len(changes) == 0 && !left {
		u.fresh = backlog{}
		r.release()
		u.stop(nil)
		return b, nil, f, false
	}
	if u.taken.since.IsZero() {
		u.taken.since = u.fresh.since
	}
	u.taken.inputs += u.fresh.inputs
	u.fresh = backlog{}
	// A new number for every attempt: the store may have kept the last one
	// although it failed, and would then take this one for the same.
	u.seq++
	return Batch{Epoch: uint64(r.engine.Epoch()), Seq: u.seq}, changes, f, true
}

// settle notes what the store said to a batch. It returns whether the one before
// had failed.
func (r *Router) settle(err error) (failed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unstored
	failed = u.err != nil
	u.err = err
	if err == nil {
		u.taken = backlog{}
		r.release()
	}
	return failed
}

// stop notes that the goroutine ends; lost says why something is left, if it is.
func (u *unstored) stop(lost error) {
	close(u.idle)
	u.cancel()
	u.idle, u.lost = nil, lost
}

// giveUp ends storing although something is left.
func (r *Router) giveUp(lost error) {
	r.mu.Lock()
	f := r.unstored.next
	r.unstored.next = nil
	r.unstored.stop(lost)
	r.announce() // a Dial that waited for the store will not come any more
	r.mu.Unlock()
	f.over(lost)
}

// fence closes the Router because another one has taken over its store: if it
// went on, the same agents would be rung by two.
func (r *Router) fence(f *flush, err error) {
	stop, _ := r.close(fmt.Errorf("%w: %w", ErrClosed, err))
	if stop != nil {
		stop()
	}
	lost := fmt.Errorf("acd: not kept: %w", err)
	f.over(lost)
	r.giveUp(lost)
	r.log.Error("acd: router closed, another has taken over the store", "err", err)
}

// pause waits for d, or until Close wants the store tried at once. It returns
// false if ctx has ended.
func (r *Router) pause(ctx context.Context, d time.Duration) bool {
	over := make(chan struct{}, 1)
	stop := r.clock.AfterFunc(d, func() {
		select {
		case over <- struct{}{}:
		default:
		}
	})
	select {
	case <-over:
	case <-r.hurry:
	case <-ctx.Done():
	}
	stop()
	return ctx.Err() == nil
}

// rest waits for the end of the storing goroutine, which closes idle, for as long
// as ctx lasts.
func (r *Router) rest(ctx context.Context, idle <-chan struct{}) error {
	if idle != nil {
		select {
		case <-idle:
		case <-ctx.Done():
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.unstored
	if u.idle == nil {
		return u.lost
	}
	u.cancel()
	if u.err != nil {
		return fmt.Errorf("%w: %w: %w", ErrNotDurable, context.Cause(ctx), u.err)
	}
	return notDurable(context.Cause(ctx))
}

// newest adds changes to the records of batches that failed: of each key the
// newest. The records keep the order in which they first came.
func newest(records []Record, changes []Change) []Record {
	if len(records) == 0 {
		records = make([]Record, 0, len(changes))
		for _, c := range changes {
			records = append(records, c.Record())
		}
		return records
	}
	at := make(map[string]int, len(records))
	for i, rec := range records {
		at[rec.Key] = i
	}
	for _, c := range changes {
		if i, ok := at[c.Key]; ok {
			records[i] = c.Record()
			continue
		}
		at[c.Key] = len(records)
		records = append(records, c.Record())
	}
	return records
}
