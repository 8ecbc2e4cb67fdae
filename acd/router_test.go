package acd_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// inBubble runs f in a bubble of its own: time is fake, and f's Routers must have
// left no goroutine behind when it ends.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// openRouter opens a Router, which is closed at the end of the test.
func openRouter(t *testing.T, o acd.Options) *acd.Router {
	t.Helper()
	r, err := acd.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // what a test wants stored it waits for itself
		_ = r.Close(ctx)
	})
	return r
}

// mustPost posts inputs that must not be refused.
func mustPost(t *testing.T, r *acd.Router, inputs ...acd.Input) {
	t.Helper()
	for _, in := range inputs {
		require.NoError(t, r.Post(in), "%T", in)
	}
}

// support is a queue with the number 800 that rings its agents in order.
func support() acd.CreateQueue {
	c := queue.Defaults()
	c.Name, c.Number, c.PollingStrategy = "Support", "800", "PRIORITIZED_HUNT"
	return acd.CreateQueue{Queue: "support", Config: c}
}

// inSupport adds an agent to the queue of [support].
func inSupport(id agent.ID) acd.AddAgent {
	return acd.AddAgent{Agent: id, Queues: []acd.Place{{Queue: "support"}}}
}

func toSupport(id queue.CallID) acd.Join { return acd.Join{Call: id, Queue: "support"} }

// host reads the events of a Router on a goroutine of its own.
type host struct {
	mu     sync.Mutex
	events []acd.Event
	err    error
	done   chan struct{} // closed when the loop has ended
}

// listen starts a host; on, if any, is called in its loop for every event.
func listen(ctx context.Context, r *acd.Router, on func(acd.Event)) *host {
	h := &host{done: make(chan struct{})}
	go func() {
		defer close(h.done)
		for ev, err := range r.Events(ctx) {
			h.mu.Lock()
			if err != nil {
				h.err = err
			} else {
				h.events = append(h.events, ev)
			}
			h.mu.Unlock()
			if err == nil && on != nil {
				on(ev)
			}
		}
	}()
	return h
}

// heard returns the events so far, once all goroutines of the bubble wait.
func (h *host) heard() []acd.Event {
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.events)
}

// actions returns the events whose action is a *T.
func actions[T any](events []acd.Event) (found []T) {
	for _, ev := range events {
		if do, ok := any(ev.Do).(*T); ok {
			found = append(found, *do)
		}
	}
	return found
}

// requireGapless checks that events are numbered from first without a gap and
// that their times never go back.
func requireGapless(t *testing.T, first uint64, events []acd.Event) {
	t.Helper()
	for i, ev := range events {
		require.Equal(t, first+uint64(i), ev.Seq)
		if i > 0 {
			require.False(t, ev.At.Before(events[i-1].At), "event %d goes back in time", ev.Seq)
		}
	}
}

// unread returns what Events has for a reader now.
func unread(t *testing.T, r *acd.Router) (events []acd.Event) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := r.Backlog()
	if n == 0 {
		return nil
	}
	for ev, err := range r.Events(ctx) {
		require.NoError(t, err)
		if events = append(events, ev); len(events) == n {
			break
		}
	}
	return events
}

// ---- The loop of a host.

func TestRouter_TheEventLoopMayCallEverything(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: &slowStorage{delay: 3 * time.Second}})
		ctx := t.Context()
		h := listen(ctx, r, func(ev acd.Event) {
			switch do := ev.Do.(type) {
			case *acd.Ring:
				offer, err := r.Offer(do.Call, do.Agent)
				assert.NoError(t, err)
				assert.Equal(t, do.Offer, offer)
				assert.NoError(t, r.Post(acd.Alerting{Offer: do.Offer}))
				assert.NoError(t, r.Do(ctx, acd.Answered{Offer: do.Offer}))
			case *acd.CallConnected:
				call, err := r.Call(do.Call)
				assert.NoError(t, err)
				assert.Equal(t, acd.CallTalking, call.State)
				assert.NoError(t, r.Sync(ctx))
				assert.NoError(t, r.Post(acd.HangUp{Call: do.Call}))
			case *acd.TalkEnded:
				assert.NoError(t, r.Close(ctx))
			}
		})
		mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
		<-h.done
		require.NoError(t, h.err)
		requireGapless(t, 1, h.events)
		assert.Len(t, actions[acd.Ring](h.events), 1)
		assert.Len(t, actions[acd.TalkEnded](h.events), 1)
		assert.Zero(t, r.Backlog(), "Close lets the reader read what is left")
	})
}

func TestRouter_NothingOfTheHostIsCalledUnderTheLock(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var r *acd.Router
		calls := make(map[string]int)
		var mu sync.Mutex
		// Every read would wait forever if the lock were held.
		call := func(what string) {
			mu.Lock()
			calls[what]++
			mu.Unlock()
			if r != nil {
				_, _ = r.Queue("support")
			}
		}
		opened := openRouter(t, acd.Options{
			Clock:   callingClock{call},
			Logger:  slog.New(callingHandler{call}),
			Storage: &slowStorage{before: func() { call("Commit") }, fail: func(n int) error { return failTimes(n, 2, 4) }},
		})
		synctest.Wait()
		r = opened
		mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
		time.Sleep(time.Hour)
		require.NoError(t, r.Close(t.Context()))
		for _, what := range []string{"AfterFunc", "stop", "Commit", "Handle"} {
			assert.NotZero(t, calls[what], what)
		}
	})
}

func TestRouter_B110_WhatIsNoInputIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		require.ErrorIs(t, r.Post(nil), acd.ErrInvalid)
		require.ErrorIs(t, r.Do(t.Context(), nil), acd.ErrInvalid)
		require.ErrorIs(t, r.Do(t.Context(), &acd.HangUp{}), acd.ErrInvalid)
		require.ErrorIs(t, r.Do(t.Context(), acd.HangUp{Call: "c1"}), acd.ErrNotFound)
		require.ErrorIs(t, r.Post(acd.Recover{Epoch: 9}), acd.ErrInvalid, "a new epoch is Open's alone")
		require.NoError(t, r.Post(acd.Resync{}))
	})
}

func TestRouter_AStrategyThatPanicsStopsNobodyElse(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Strategies: []strategy.Strategy{{
			Name: "BROKEN",
			Rank: func(strategy.Candidate) strategy.Rank { panic("broken") },
		}}})
		in := support()
		in.Config.PollingStrategy = "BROKEN"
		mustPost(t, r, support())
		in.Queue, in.Config.Number = "broken", "801"
		mustPost(t, r, in)
		assert.Panics(t, func() {
			_ = r.Post(acd.AddAgent{Agent: "101", Queues: []acd.Place{{Queue: "broken"}}})
		})
		_, err := r.Queue("support")
		require.NoError(t, err, "the lock is free")
	})
}

// ---- Close.

func TestRouter_CloseRefusesInputsAndEndsReaders(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: new(acd.MemoryStorage)})
		mustPost(t, r, support())
		require.NoError(t, r.Close(t.Context()))
		require.NoError(t, r.Close(t.Context()), "twice")
		require.ErrorIs(t, r.Post(toSupport("c1")), acd.ErrClosed)
		require.ErrorIs(t, r.Do(t.Context(), toSupport("c1")), acd.ErrClosed)
		require.NoError(t, r.Sync(t.Context()))
		_, err := r.Queue("support")
		require.NoError(t, err, "what it was can be read")

		h := listen(t.Context(), r, nil)
		<-h.done
		require.NoError(t, h.err)
		require.Len(t, h.events, 1, "what was not read is still there")
	})
}

func TestRouter_CloseAtAnyMoment(t *testing.T) {
	t.Parallel()
	for moment := range 40 {
		t.Run(fmt.Sprint(moment), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				store := &slowStorage{delay: 70 * time.Millisecond, fail: func(n int) error { return failTimes(n, 3, 5) }}
				r := openRouter(t, acd.Options{Storage: store})
				ctx := t.Context()
				h := listen(ctx, r, func(ev acd.Event) {
					if do, ok := ev.Do.(*acd.Ring); ok {
						_ = r.Do(ctx, acd.Answered{Offer: do.Offer})
					}
				})
				watched := make(chan struct{})
				go func() {
					defer close(watched)
					for range r.Watch(ctx, 0) { //nolint:errcheck // only its end matters
					}
				}()
				mustPost(t, r, support(), inSupport("101"), inSupport("102"))
				var callers sync.WaitGroup
				for caller := range 4 {
					callers.Go(func() {
						for n := 0; ; n++ {
							id := queue.CallID(fmt.Sprintf("c%d-%d", caller, n))
							if err := r.Do(ctx, toSupport(id)); errors.Is(err, acd.ErrClosed) {
								return
							}
							time.Sleep(7 * time.Millisecond)
							_ = r.Post(acd.HangUp{Call: id})
						}
					})
				}
				time.Sleep(time.Duration(moment) * 11 * time.Millisecond)
				require.NoError(t, r.Close(ctx))
				callers.Wait()
				<-h.done
				<-watched
				require.NoError(t, h.err)
				requireGapless(t, 1, h.events)
				require.NoError(t, r.Check())
				require.Zero(t, r.Health())
				sameState(t, r, store)
			})
		})
	}
}

// sameState checks that the store holds what the Router has, but for the offers
// that run, which are not stored.
func sameState(t *testing.T, r *acd.Router, store acd.Storage) {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{})
	require.NoError(t, err)
	require.NoError(t, e.Restore(store.Load(context.Background(), "")))
	require.Equal(t, slices.Collect(e.Queues()), slices.Collect(r.Queues()))
	calls := slices.Collect(r.Calls())
	for i := range calls {
		if calls[i].State == acd.CallRinging {
			calls[i].State, calls[i].Rung = acd.CallWaiting, nil
		}
	}
	require.Equal(t, slices.Collect(e.Calls()), calls)
	require.Len(t, slices.Collect(e.Agents()), len(slices.Collect(r.Agents())))
}

// ---- All at once.

func TestRouter_ManyGoroutinesCallEverything(t *testing.T) {
	t.Parallel()
	r, err := acd.Open(t.Context(), acd.Options{Storage: new(acd.MemoryStorage)})
	require.NoError(t, err)
	ctx := t.Context()
	require.NoError(t, r.Do(ctx, support()))
	h := listen(ctx, r, func(ev acd.Event) {
		if do, ok := ev.Do.(*acd.Ring); ok {
			_ = r.Post(acd.Answered{Offer: do.Offer})
		}
	})
	watched := make(chan []acd.Event)
	for range 2 {
		go func() {
			var got []acd.Event
			for ev, err := range r.Watch(ctx, 0) {
				if err != nil {
					assert.ErrorIs(t, err, acd.ErrLagged)
					got = nil
					break
				}
				got = append(got, ev)
			}
			watched <- got
		}()
	}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			id := agent.ID(fmt.Sprint(100 + n))
			assert.NoError(t, r.Post(inSupport(id)))
			for i := range 60 {
				call := queue.CallID(fmt.Sprintf("c%d-%d", n, i))
				assert.NoError(t, r.Do(ctx, toSupport(call)))
				_ = r.Post(acd.SetStatus{Agent: id, Status: agent.Break})
				_, _ = r.Waiting("support", 0, 100)
				_, _ = r.Members("support", 0, 100)
				_, _ = r.Why(call)
				_, _ = r.Agent(id)
				_, _ = r.QueueByNumber("800")
				_ = r.Post(acd.SetStatus{Agent: id, Status: agent.Ready})
				_, _, _ = r.Health(), r.Backlog(), r.Now()
				if i%20 == 0 {
					assert.NoError(t, r.Check())
					assert.NoError(t, r.Sync(ctx))
					for q := range r.Queues() {
						_, _ = r.Queue(q.ID)
					}
				}
				_ = r.Post(acd.HangUp{Call: call})
			}
		})
	}
	all.Wait()
	require.NoError(t, r.Close(ctx))
	<-h.done
	require.NoError(t, h.err)
	requireGapless(t, 1, h.events)
	for range 2 {
		requireGapless(t, 1, <-watched)
	}
	q, err := r.Queue("support")
	require.NoError(t, err)
	require.Zero(t, q.Waiting+q.Talking)
	require.Len(t, actions[acd.CallLeft](h.events), 8*60)
}

// ---- Reads.

func TestRouter_IteratorsLetTheirLoopCallTheRouter(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		for i := range 250 {
			in := support()
			in.Queue = queue.ID(fmt.Sprintf("q%03d", i))
			in.Config.Number = fmt.Sprint(1000 + i)
			in.Config.WaitWhenNoAgentsOnline = true
			mustPost(t, r, in,
				acd.AddAgent{Agent: agent.ID(fmt.Sprintf("a%03d", i))},
				acd.Join{Call: queue.CallID(fmt.Sprintf("c%03d", i)), Queue: in.Queue})
		}
		var ids []queue.ID
		for q := range r.Queues() {
			ids = append(ids, q.ID)
			if q.ID == "q010" {
				mustPost(t, r, acd.DeleteQueue{Queue: "q011"})
			}
		}
		require.Len(t, ids, 249, "what goes meanwhile is left out")
		require.True(t, slices.IsSorted(ids))
		require.Len(t, take(r.Agents(), 1000), 250)
		require.Len(t, take(r.Calls(), 1000), 249)
		require.Len(t, take(r.Calls(), 3), 3, "a loop may end early")
	})
}

// take returns the first n of seq at the most.
func take[V any](seq iter.Seq[V], n int) (got []V) {
	for v := range seq {
		if got = append(got, v); len(got) == n {
			break
		}
	}
	return got
}

func TestRouter_B110_AConfigurationIsCheckedBeforehand(t *testing.T) {
	t.Parallel()
	r := openRouter(t, acd.Options{})
	c := support().Config
	warnings, err := r.CheckConfig(c)
	require.NoError(t, err)
	require.Empty(t, warnings)
	c.RingTime, c.MaxWaitingTime = 30*time.Second, 20*time.Second
	warnings, err = r.CheckConfig(c)
	require.NoError(t, err)
	require.Len(t, warnings, 1)
	c.RingTime, c.MaxWaitingTime = 0, time.Second
	warnings, err = r.CheckConfig(c)
	require.ErrorIs(t, err, acd.ErrInvalid)
	require.ErrorContains(t, err, "ring_time")
	require.ErrorContains(t, err, "max_waiting_time")
	require.Empty(t, warnings)
}
