package acd

import (
	"context"
	"errors"
	"iter"
)

// Watched is how many of the newest events a [Router] keeps for [Router.Watch],
// at the least.
const Watched = 8192

// pageOfEvents is how many events a reader takes at a time.
const pageOfEvents = 64

// history is the events that the reader of Events has not been given yet, and at
// least the newest Watched that were made: a ring that grows while nobody reads.
type history struct {
	ring        []Event // event n is at n modulo its length, a power of two
	first, next uint64  // the oldest one held, and the one to come; 0: none yet
}

// add appends events; read is the last that the reader was given.
func (h *history) add(events []Event, read uint64) {
	if len(h.ring) > Watched && h.newest()-read <= Watched/2 {
		h.resize(Watched)
	}
	for _, ev := range events {
		if h.next == 0 {
			h.first, h.next = ev.Seq, ev.Seq
		}
		if size := len(h.ring); h.next-h.first == uint64(size) {
			if size < Watched || h.first > read {
				h.resize(max(pageOfEvents, 2*size))
			} else {
				h.first++
			}
		}
		h.ring[h.slot(ev.Seq)] = ev
		h.next = ev.Seq + 1
	}
}

// resize makes room for size events and keeps the newest.
func (h *history) resize(size int) {
	old := *h
	h.ring = make([]Event, size)
	h.first = max(h.first, h.next-min(h.next, uint64(size)))
	for n := h.first; n < h.next; n++ {
		h.ring[h.slot(n)] = old.ring[old.slot(n)]
	}
}

func (h *history) slot(n uint64) uint64 { return n & uint64(len(h.ring)-1) }

// newest returns the number of the newest event; 0: there was none yet.
func (h *history) newest() uint64 { return max(h.next, 1) - 1 }

// after appends the events after n up to last to page, as many as fit into it. It
// returns false if they are not there: the oldest have gone, or n is not yet
// reached.
func (h *history) after(n, last uint64, page []Event) ([]Event, bool) {
	if n > h.newest() || h.next != 0 && n+1 < h.first {
		return page, false
	}
	for n++; n < h.next && n <= last && len(page) < cap(page); n++ {
		page = append(page, h.ring[h.slot(n)])
	}
	return page, true
}

// publish hands out what the engine has just told: every event goes this way, in
// its order. The lock must be held.
func (r *Router) publish() {
	events := r.engine.TakeInto(r.told[:0])
	if len(events) == 0 {
		return
	}
	r.history.add(events, r.read.Load())
	if r.storage != nil {
		r.unstored.hold(events)
	}
	r.announce()
	clear(events)
	if r.told = events; cap(events) > pageOfEvents {
		r.told = nil // after a large step
	}
}

// announce wakes those who wait for news. The lock must be held.
func (r *Router) announce() {
	if r.news != nil {
		close(r.news)
		r.news = nil
	}
}

// Events yields every event once, in order: what a host has to do, and what has
// happened. It waits for the next one until ctx ends, whose error it then yields
// last, or until the Router is closed and everything is read; after [ErrFenced]
// it yields that at the end.
//
// There is one reader: while a loop runs, a second yields [ErrReading] at once.
// One order waits for the store: a [Dial] is handed out when its attempt is
// durable, and the events after it come after it, so that they stay in order and
// without a gap; routing goes on meanwhile (B84). A Dial whose attempt is lost,
// because the Router was fenced off or closed before the store kept it, is never
// handed out, nor is what came after it.
//
// Events are never dropped: what one loop leaves unread is there for the next,
// and a host that does not read pays with memory, see [Router.Backlog]. A reader
// never slows routing down, and may call everything of the Router's, [Router.Do]
// and [Router.Close] included.
func (r *Router) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if !r.reading.CompareAndSwap(false, true) {
			yield(Event{}, ErrReading)
			return
		}
		defer r.reading.Store(false)
		r.follow(ctx, r.read.Load(), func(ev Event, err error) bool {
			if err == nil {
				r.read.Store(ev.Seq)
			}
			return yield(ev, err)
		})
	}
}

// Watch yields the events after the one numbered after (0: from the first), in
// order, for boards and logs: any number of watchers may run. It waits and ends as
// [Router.Events] does.
//
// The Router keeps the newest [Watched] events. A watcher who falls further
// behind, or asks for what is older or not yet reached, gets [ErrLagged] and no
// more: he calls [Router.Newest], reads the state again, and watches on from
// there.
func (r *Router) Watch(ctx context.Context, after uint64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) { r.follow(ctx, after, yield) }
}

// Newest returns the epoch, and the number of the newest event in it (0: there
// was none yet). Event numbers of another epoch mean nothing in this one.
func (r *Router) Newest() (epoch uint32, seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.engine.Epoch(), r.history.newest()
}

// Backlog returns how many events the reader of [Router.Events] has not been
// given yet, those that wait for the store included.
func (r *Router) Backlog() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return int(r.history.newest() - r.read.Load())
}

// follow yields the events after n.
func (r *Router) follow(ctx context.Context, n uint64, yield func(Event, error) bool) {
	page := make([]Event, 0, pageOfEvents)
	for {
		var err error
		page, err = r.nextPage(ctx, n, page[:0])
		for _, ev := range page {
			if err = ctx.Err(); err != nil {
				break
			}
			if n = ev.Seq; !yield(ev, nil) {
				return
			}
		}
		switch {
		case err != nil:
			yield(Event{}, err)
			return
		case len(page) == 0:
			return
		}
	}
}

// nextPage appends the events after n to page and waits until there are some. It
// returns none when there will not be any more.
func (r *Router) nextPage(ctx context.Context, n uint64, page []Event) ([]Event, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		page, news, err := r.pageOrNews(n, page)
		if news == nil {
			return page, err
		}
		select {
		case <-news:
		case <-ctx.Done():
		}
	}
}

// pageOrNews appends the events after n to page, or returns a channel that is
// closed at the next event.
func (r *Router) pageOrNews(n uint64, page []Event) (_ []Event, news <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	page, ok := r.history.after(n, r.unstored.last(), page)
	switch {
	case !ok:
		return page, nil, ErrLagged
	case len(page) > 0:
		return page, nil, nil
	case r.end != nil && r.unstored.idle != nil && len(r.unstored.dials) > 0:
		// closed, and what is left to read waits for the store
	case errors.Is(r.end, ErrFenced):
		return page, nil, r.end
	case r.end != nil:
		return page, nil, nil
	}
	if r.news == nil {
		r.news = make(chan struct{})
	}
	return page, r.news, nil
}
