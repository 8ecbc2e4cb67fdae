package acd_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// tell makes a Router tell n events.
func tell(t *testing.T, r *acd.Router, n int) {
	t.Helper()
	_, before := r.Newest()
	for range n {
		if _, err := r.Agent("told"); err != nil {
			mustPost(t, r, acd.AddAgent{Agent: "told"})
		} else {
			mustPost(t, r, acd.DeleteAgent{Agent: "told"})
		}
	}
	_, after := r.Newest()
	require.Equal(t, before+uint64(n), after)
}

func TestRouter_EventsHasOneReader(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		h := listen(ctx, r, nil)
		tell(t, r, 2)
		require.Len(t, h.heard(), 2)
		var errs []error
		for _, err := range r.Events(t.Context()) {
			errs = append(errs, err)
		}
		require.Equal(t, []error{acd.ErrReading}, errs)
		cancel()
		<-h.done
		require.ErrorIs(t, h.err, context.Canceled)
		tell(t, r, 2)
		require.Len(t, unread(t, r), 2, "the place is free again")
	})
}

func TestRouter_WhatIsNotReadStays(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		tell(t, r, 10)
		require.Equal(t, 10, r.Backlog())
		events := r.Events(t.Context())
		next := uint64(1)
		for ev, err := range events {
			require.NoError(t, err)
			require.Equal(t, next, ev.Seq)
			if next++; ev.Seq == 3 {
				break
			}
		}
		require.Equal(t, 7, r.Backlog())
		assert.Panics(t, func() {
			for ev, err := range events {
				require.NoError(t, err)
				require.Equal(t, next, ev.Seq)
				next++
				panic("in the host's loop")
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for ev, err := range r.Events(ctx) {
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
				break
			}
			require.Equal(t, next, ev.Seq)
			next++
			cancel()
		}
		require.Equal(t, uint64(6), next, "a context that ends, ends the loop")
		require.Len(t, unread(t, r), 5)
	})
}

func TestRouter_EventsAreNeverDropped(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		const n = 2*acd.Watched + 1000
		r := openRouter(t, acd.Options{})
		tell(t, r, n)
		require.Equal(t, n, r.Backlog())
		requireGapless(t, 1, unread(t, r))
		tell(t, r, n)
		requireGapless(t, n+1, unread(t, r))
	})
}

func TestRouter_EventsWaitsForTheNext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		h := listen(t.Context(), r, nil)
		for n := range 5 {
			require.Len(t, h.heard(), n)
			time.Sleep(time.Minute)
			tell(t, r, 1)
		}
		require.Len(t, h.heard(), 5)
		require.NoError(t, r.Close(t.Context()))
		<-h.done
		require.NoError(t, h.err, "Close ends it without an error")
	})
}

func TestRouter_AnyNumberWatches(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		tell(t, r, 4)
		got := make([][]acd.Event, 5)
		ended := make(chan struct{})
		for i := range got {
			go func() {
				for ev, err := range r.Watch(t.Context(), uint64(i)) {
					assert.NoError(t, err)
					got[i] = append(got[i], ev)
				}
				ended <- struct{}{}
			}()
		}
		synctest.Wait()
		tell(t, r, 2)
		synctest.Wait()
		require.Equal(t, 6, r.Backlog(), "watchers take nothing from the reader")
		require.NoError(t, r.Close(t.Context()))
		for range got {
			<-ended
		}
		for i := range got {
			require.Len(t, got[i], 6-i)
			requireGapless(t, uint64(i)+1, got[i])
		}
	})
}

func TestRouter_AWatcherWhoFallsBehindIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		watch := func(after uint64) (n int, last error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, newest := r.Newest()
			for ev, err := range r.Watch(ctx, after) {
				if last = err; err == nil {
					n++
				}
				if ev.Seq == newest {
					break
				}
			}
			return n, last
		}
		tell(t, r, acd.Watched+100)
		unread(t, r)
		tell(t, r, 100)
		_, newest := r.Newest()

		n, err := watch(newest - acd.Watched)
		require.NoError(t, err)
		require.Equal(t, acd.Watched, n, "the newest are kept")
		_, err = watch(0)
		require.ErrorIs(t, err, acd.ErrLagged)
		_, err = watch(newest + 1)
		require.ErrorIs(t, err, acd.ErrLagged, "a number of another epoch")

		// One who is slow: the events go on in his loop.
		var last error
		seen := 0
		for _, err := range r.Watch(t.Context(), newest-1) {
			if last = err; err == nil {
				if seen++; seen == 1 {
					tell(t, r, acd.Watched)
					unread(t, r)
					tell(t, r, acd.Watched)
					unread(t, r)
					tell(t, r, acd.Watched)
				}
			}
		}
		require.ErrorIs(t, last, acd.ErrLagged)
	})
}
