package acd_test

import (
	"context"
	"errors"
	"fmt"
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
)

func TestRouter_DoReturnsWhenDurable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{delay: 3 * time.Second}
		r := openRouter(t, acd.Options{Storage: store})
		start := time.Now()
		require.NoError(t, r.Do(t.Context(), support()))
		require.Equal(t, 3*time.Second, time.Since(start))
		e, err := acd.NewEngine(acd.EngineOptions{})
		require.NoError(t, err)
		require.NoError(t, e.Restore(store.Load(t.Context(), "")))
		_, err = e.Queue("support")
		require.NoError(t, err, "it is in the store")
	})
}

func TestRouter_RoutingNeverWaitsForTheStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: &slowStorage{delay: 3 * time.Second}})
		start := time.Now()
		h := listen(t.Context(), r, func(ev acd.Event) {
			if do, ok := ev.Do.(*acd.Ring); ok {
				assert.NoError(t, r.Post(acd.Answered{Offer: do.Offer}))
			}
		})
		mustPost(t, r, support(), inSupport("101"))
		for i := range 20 {
			id := queue.CallID(fmt.Sprint("c", i))
			mustPost(t, r, toSupport(id))
			synctest.Wait()
			mustPost(t, r, acd.HangUp{Call: id})
		}
		require.Zero(t, time.Since(start))
		require.Len(t, actions[acd.TalkEnded](h.heard()), 20)
		health := r.Health()
		require.Equal(t, 62, health.Pending)
		require.Equal(t, start, health.Since.Local())
		require.NoError(t, health.Err)

		require.NoError(t, r.Sync(t.Context()))
		require.LessOrEqual(t, time.Since(start), 6*time.Second)
		require.Zero(t, r.Health())
	})
}

func TestRouter_ManyShareOneCommit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{delay: time.Second}
		r := openRouter(t, acd.Options{Storage: store})
		require.NoError(t, r.Do(t.Context(), support()))
		before := len(store.batches())
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				assert.NoError(t, r.Do(t.Context(), inSupport(agent.ID(fmt.Sprint(100+i)))))
			})
		}
		all.Wait()
		require.LessOrEqual(t, len(store.batches())-before, 2)
	})
}

func TestRouter_AnInputWithoutEffectWaitsForTheOneThatHadIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: &slowStorage{delay: 3 * time.Second}})
		start := time.Now()
		mustPost(t, r, support(), inSupport("101"))
		time.Sleep(time.Second) // the commit has begun
		require.NoError(t, r.Do(t.Context(), acd.Registered{Agent: "101"}))
		require.GreaterOrEqual(t, time.Since(start), 3*time.Second)
	})
}

func TestRouter_DoSaysWhenItGaveUpWaiting(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: &slowStorage{delay: 3 * time.Second}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := r.Do(ctx, support())
		require.ErrorIs(t, err, acd.ErrNotDurable)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = r.Queue("support")
		require.NoError(t, err, "it is applied")

		require.ErrorIs(t, r.Do(ctx, inSupport("101")), acd.ErrNotDurable, "ctx bounds the waiting alone")
		_, err = r.Agent("101")
		require.NoError(t, err)
		require.ErrorIs(t, r.Sync(ctx), acd.ErrNotDurable)
		require.NoError(t, r.Sync(t.Context()), "and stored without being repeated")
	})
}

func TestRouter_AFailingStoreIsTriedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{fail: func(n int) error { return failTimes(n, 2, 11) }}
		r := openRouter(t, acd.Options{Storage: store})
		start := time.Now()
		err := r.Do(t.Context(), support())
		require.ErrorIs(t, err, acd.ErrNotDurable)
		require.ErrorIs(t, err, errStore)
		require.Zero(t, time.Since(start), "those who wait are told at once")
		h := r.Health()
		require.ErrorIs(t, h.Err, errStore)
		require.Equal(t, 1, h.Pending)
		require.Equal(t, start, h.Since.Local())

		time.Sleep(time.Millisecond)
		mustPost(t, r, inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
		require.Equal(t, 3, r.Health().Pending)
		require.Equal(t, start, r.Health().Since.Local())
		time.Sleep(time.Minute)
		require.Zero(t, r.Health())
		sameState(t, r, store)

		var pauses []time.Duration
		for i := 2; i <= 11; i++ {
			pauses = append(pauses, store.began[i].Sub(store.began[i-1]))
		}
		ms := time.Millisecond
		require.Equal(t, []time.Duration{
			50 * ms, 100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 3200 * ms, 5000 * ms, 5000 * ms, 5000 * ms,
		}, pauses)
		for i, b := range store.batches() {
			require.Equal(t, uint64(i+1), b.Seq, "every attempt has a number of its own")
			keys := make(map[string]bool)
			for _, rec := range b.Records {
				require.False(t, keys[rec.Key], "%s is twice in a batch", rec.Key)
				keys[rec.Key] = true
			}
		}
	})
}

func TestRouter_AFailedCommitThatWasKeptDoesNoHarm(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{
			fail: func(n int) error { return failTimes(n, 2, 4) },
			kept: func(n int) bool { return n%2 == 0 },
		}
		r := openRouter(t, acd.Options{Storage: store})
		mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
		for range 10 {
			time.Sleep(20 * time.Millisecond)
			mustPost(t, r, acd.ChangePriority{Call: "c1", Priority: 7}, acd.ChangePriority{Call: "c1", Priority: 9})
		}
		mustPost(t, r, acd.HangUp{Call: "c1"})
		require.NoError(t, r.Close(t.Context()))
		sameState(t, r, store)
	})
}

func TestRouter_AnotherRouterTakesOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := new(acd.MemoryStorage)
		old := openRouter(t, acd.Options{Storage: store})
		require.NoError(t, old.Do(t.Context(), support()))
		require.NoError(t, old.Do(t.Context(), inSupport("101")))
		h := listen(t.Context(), old, nil)

		next := openRouter(t, acd.Options{Storage: store})
		err := old.Do(t.Context(), toSupport("c1"))
		require.ErrorIs(t, err, acd.ErrFenced)
		require.NotErrorIs(t, err, acd.ErrClosed, "it was applied there")
		require.ErrorIs(t, old.Sync(t.Context()), acd.ErrFenced)
		err = old.Post(toSupport("c2"))
		require.ErrorIs(t, err, acd.ErrFenced)
		require.ErrorIs(t, err, acd.ErrClosed, "it was not")
		require.ErrorIs(t, old.Health().Err, acd.ErrFenced)
		<-h.done
		require.ErrorIs(t, h.err, acd.ErrFenced)
		heard := len(h.events)
		time.Sleep(time.Hour)
		require.Zero(t, old.Backlog(), "nothing happens any more")
		require.Len(t, h.events, heard)
		require.ErrorIs(t, old.Close(t.Context()), acd.ErrFenced)

		require.NoError(t, next.Do(t.Context(), toSupport("c1")))
		require.NoError(t, next.Close(t.Context()))
	})
}

func TestRouter_CloseStoresTheRest(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{fail: func(n int) error { return failTimes(n, 2, 10) }}
		r := openRouter(t, acd.Options{Storage: store})
		mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
		time.Sleep(10 * time.Second) // it waits 5 s between attempts by now
		mustPost(t, r, toSupport("c2"))
		start := time.Now()
		tries := len(store.batches())
		require.NoError(t, r.Close(t.Context()))
		require.Equal(t, start, store.began[tries], "the first attempt is made at once")
		sameState(t, r, store)
	})
}

func TestRouter_CloseGivesUpWhenItsContextEnds(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, store := range []*slowStorage{
			{fail: func(n int) error { return failTimes(n, 2, 1000) }}, // in the pause
			{delay: time.Hour}, // in the commit
		} {
			r := openRouter(t, acd.Options{Storage: store})
			mustPost(t, r, support())
			waiting := make(chan error)
			go func() { waiting <- r.Do(context.Background(), inSupport("101")) }()
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
			start := time.Now()
			err := r.Close(ctx)
			cancel()
			require.ErrorIs(t, err, acd.ErrNotDurable)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, 7*time.Second, time.Since(start))
			require.ErrorIs(t, <-waiting, acd.ErrNotDurable, "nobody waits for what does not come")
			require.ErrorIs(t, r.Close(t.Context()), acd.ErrNotDurable)
			require.ErrorIs(t, r.Sync(t.Context()), acd.ErrNotDurable)
			require.NotZero(t, r.Health().Pending)
		}
	})
}

func TestRouter_WithoutAStoreNothingIsPaid(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, r.Do(ctx, support()))
		require.NoError(t, r.Sync(ctx))
		require.Zero(t, r.Health())
		require.NoError(t, r.Close(ctx))
	})
}

// ---- Open.

func TestB112_OpenBeginsANewEpochBeforeAnythingElse(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := new(slowStorage)
		var last uint32
		for range 3 {
			r := openRouter(t, acd.Options{Storage: store})
			epoch, _ := r.Newest()
			require.Greater(t, epoch, last)
			last = epoch
			batches := store.batches()
			b := batches[len(batches)-1]
			require.Equal(t, uint64(epoch), b.Epoch)
			require.Equal(t, uint64(1), b.Seq)
			require.True(t, slices.ContainsFunc(b.Records, func(rec acd.Record) bool { return rec.Key == "meta" }))
			require.NoError(t, r.Close(t.Context()))
		}
	})
}

func TestB112_OpenFailsWithItsStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, err := acd.Open(t.Context(), acd.Options{Storage: &slowStorage{loads: errStore}})
		require.ErrorIs(t, err, errStore)
		_, err = acd.Open(t.Context(), acd.Options{Storage: &slowStorage{fail: func(int) error { return errStore }}})
		require.ErrorIs(t, err, errStore)
		_, err = acd.Open(t.Context(), acd.Options{Storage: &slowStorage{fail: func(int) error { return acd.ErrFenced }}})
		require.ErrorIs(t, err, acd.ErrFenced)

		store := new(acd.MemoryStorage)
		require.NoError(t, store.Commit(t.Context(), acd.Batch{Epoch: 1, Seq: 1, Records: []acd.Record{{Key: "meta", Value: []byte(`{"v":99}`)}}}))
		_, err = acd.Open(t.Context(), acd.Options{Storage: store})
		require.ErrorIs(t, err, acd.ErrInvalid)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = acd.Open(ctx, acd.Options{Storage: new(acd.MemoryStorage)})
		require.ErrorIs(t, err, context.Canceled)
		_, err = acd.Open(t.Context(), acd.Options{ConfirmTime: -1})
		require.ErrorIs(t, err, acd.ErrInvalid)
	})
}

func TestB112_CallsAreUnconfirmedAfterARestart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := new(acd.MemoryStorage)
		r := openRouter(t, acd.Options{Storage: store})
		h := listen(t.Context(), r, func(ev acd.Event) {
			if do, ok := ev.Do.(*acd.Ring); ok && do.Call == "talks" {
				assert.NoError(t, r.Post(acd.Answered{Offer: do.Offer}))
			}
		})
		mustPost(t, r, support(), inSupport("101"), toSupport("talks"))
		synctest.Wait()
		mustPost(t, r, toSupport("lives"), toSupport("gone"), inSupport("102"))
		require.Len(t, actions[acd.Ring](h.heard()), 2, "102 is rung for the second call")
		time.Sleep(5 * time.Second)
		require.NoError(t, r.Close(t.Context()))
		<-h.done
		time.Sleep(10 * time.Second)

		start := time.Now()
		r = openRouter(t, acd.Options{Storage: store, ConfirmTime: 20 * time.Second})
		h = listen(t.Context(), r, nil)
		for _, id := range []queue.CallID{"talks", "lives", "gone"} {
			call, err := r.Call(id)
			require.NoError(t, err)
			require.True(t, call.Unconfirmed, id)
		}
		require.Empty(t, actions[acd.Ring](h.heard()), "none is rung")
		require.NoError(t, r.Do(t.Context(), acd.ConfirmCall{Call: "talks"}))
		require.NoError(t, r.Do(t.Context(), acd.ConfirmCall{Call: "lives"}))
		rings := actions[acd.Ring](h.heard())
		require.Len(t, rings, 1, "confirmed, it goes on")
		require.Equal(t, queue.CallID("lives"), rings[0].Call)
		require.Equal(t, 15*time.Second, rings[0].Wait, "at its age")

		time.Sleep(time.Minute)
		var lost []acd.Event
		for _, ev := range h.heard() {
			if do, ok := ev.Do.(*acd.CallLeft); ok && do.Outcome == queue.Lost {
				require.Equal(t, queue.CallID("gone"), do.Call)
				lost = append(lost, ev)
			}
		}
		require.Len(t, lost, 1)
		require.Equal(t, 20*time.Second, lost[0].At.Sub(start))
		talk, err := r.Call("talks")
		require.NoError(t, err)
		require.Equal(t, acd.CallTalking, talk.State)
		requireGapless(t, 1, h.heard())
		require.NoError(t, r.Check())
	})
}

func TestB101_AClockThatWasSetBackBeforeOpenIsTold(t *testing.T) {
	t.Parallel()
	clock, store := newHandClock(), new(acd.MemoryStorage)
	r := openRouter(t, acd.Options{Clock: clock, Storage: store})
	mustPost(t, r, support(), inSupport("101"), toSupport("c1"))
	require.NoError(t, r.Close(t.Context()))
	clock.jump(-time.Hour)
	r = openRouter(t, acd.Options{Clock: clock, Storage: store})
	stepped := actions[acd.ClockStepped](unread(t, r))
	require.Len(t, stepped, 1)
	require.Equal(t, -time.Hour, stepped[0].By)
	require.NoError(t, r.Close(t.Context()))
}

// What is applied while a commit runs, and what failed, is in the next: whatever
// the store does, in the end it holds what the Router has.
func TestRouter_TheStoreEndsUpWithWhatTheRouterHas(t *testing.T) {
	t.Parallel()
	for seed := range 20 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				store := &slowStorage{
					delay: time.Duration(seed%4) * 30 * time.Millisecond,
					fail: func(n int) error {
						if n > 1 && (3*n+seed)%5 < 2 {
							return errors.Join(errStore, fmt.Errorf("attempt %d", n))
						}
						return nil
					},
					kept: func(n int) bool { return (n+seed)%3 == 0 },
				}
				r := openRouter(t, acd.Options{Storage: store})
				h := listen(t.Context(), r, func(ev acd.Event) {
					if do, ok := ev.Do.(*acd.Ring); ok {
						_ = r.Post(acd.Answered{Offer: do.Offer})
					}
				})
				mustPost(t, r, support(), inSupport("101"), inSupport("102"))
				for i := range 60 {
					_ = r.Post(toSupport(queue.CallID(fmt.Sprint("c", i))))
					time.Sleep(time.Duration(1+(i*(seed+7))%40) * time.Millisecond)
					_ = r.Post(acd.HangUp{Call: queue.CallID(fmt.Sprint("c", i-i%3))})
				}
				require.NoError(t, r.Close(t.Context()))
				<-h.done
				sameState(t, r, store)
			})
		})
	}
}
