package acd_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// withCallback makes the queue support, in which callers may ask to be rung back
// and are at once.
func withCallback() acd.CreateQueue {
	in := support()
	in.Config.EnableCallback, in.Config.CallbackDelay = true, 0
	return in
}

// wantsCallback are the inputs of a caller who asks to be rung back.
func wantsCallback(id queue.CallID, number string) []acd.Input {
	return []acd.Input{
		acd.Join{Call: id, Queue: "support", Number: number},
		acd.KeyPressed{Call: id, Key: "3"},
		acd.EnterNumber{Call: id, Text: "#"},
	}
}

// dialled is a router whose store takes a second for each commit, with a callback
// that agent 101 has just picked up: its Dial is the newest but not durable.
func dialled(t *testing.T, store *slowStorage) *acd.Router {
	r := openRouter(t, acd.Options{Storage: store})
	mustPost(t, r, withCallback(), inSupport("101"), inSupport("102"), acd.SetStatus{Agent: "101", Status: agent.Break}, acd.SetStatus{Agent: "102", Status: agent.Break})
	mustPost(t, r, wantsCallback("c1", "030111")...)
	require.NoError(t, r.Sync(t.Context()))
	mustPost(t, r, acd.Pickup{Call: "c1", Agent: "101"})
	synctest.Wait()
	return r
}

func TestB84_ADialLeavesWhenItsAttemptIsDurable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{delay: time.Second}
		r := dialled(t, store)
		h := listen(t.Context(), r, func(acd.Event) {})
		var seen []acd.Event
		go func() {
			for ev, err := range r.Watch(t.Context(), 0) {
				if err == nil {
					seen = append(seen, ev)
				}
			}
		}()
		start := time.Now()
		synctest.Wait()
		require.Empty(t, actions[acd.Dial](h.heard()), "its attempt is not durable")
		told := len(h.heard())

		// Routing goes on at once; what it tells comes after the Dial.
		mustPost(t, r, toSupport("c2"), acd.Pickup{Call: "c2", Agent: "102"})
		call, err := r.Call("c2")
		require.NoError(t, err)
		require.Equal(t, acd.CallTalking, call.State)
		synctest.Wait()
		require.Len(t, h.heard(), told)
		require.Zero(t, time.Since(start))

		time.Sleep(time.Second)
		synctest.Wait()
		events := h.heard()
		require.Len(t, actions[acd.Dial](events), 1)
		require.Len(t, actions[acd.Connect](events), 1)
		requireGapless(t, 1, events)
		require.Equal(t, events, seen, "a watcher hears it when the host does")
		e, err := acd.NewEngine(acd.EngineOptions{})
		require.NoError(t, err)
		require.NoError(t, e.Restore(store.MemoryStorage.Load(t.Context(), "")))
		page, err := e.Callbacks("support", 0, 10)
		require.NoError(t, err)
		require.Len(t, page, 1)
		require.Equal(t, callback.Dialling, page[0].State)
		require.Equal(t, 1, page[0].Attempts, "after a crash it counts as made")
		require.Zero(t, r.Backlog())
	})
}

// A commit that runs when the agent answers does not hold the attempt.
func TestB84_TheCommitThatRunsIsNotEnough(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := openRouter(t, acd.Options{Storage: &slowStorage{delay: time.Second}})
		h := listen(t.Context(), r, func(acd.Event) {})
		mustPost(t, r, withCallback(), inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
		mustPost(t, r, wantsCallback("c1", "030111")...)
		require.NoError(t, r.Sync(t.Context()))
		mustPost(t, r, toSupport("c2"))
		synctest.Wait() // its commit runs
		time.Sleep(time.Second / 2)
		mustPost(t, r, acd.Pickup{Call: "c1", Agent: "101"})
		time.Sleep(time.Second)
		synctest.Wait()
		require.Empty(t, actions[acd.Dial](h.heard()))
		time.Sleep(time.Second)
		synctest.Wait()
		require.Len(t, actions[acd.Dial](h.heard()), 1)
	})
}

// What was told before a Dial does not wait for it, and without a store nothing
// waits.
func TestB84_OnlyADialWaitsForTheStore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, o := range []acd.Options{{}, {Storage: &slowStorage{delay: time.Hour}}} {
			r := openRouter(t, o)
			h := listen(t.Context(), r, func(acd.Event) {})
			mustPost(t, r, withCallback(), inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
			mustPost(t, r, wantsCallback("c1", "030111")...)
			synctest.Wait()
			require.Len(t, actions[acd.CallbackChanged](h.heard()), 1)
			mustPost(t, r, acd.Pickup{Call: "c1", Agent: "101"})
			synctest.Wait()
			require.Equal(t, o.Storage == nil, len(actions[acd.Dial](h.heard())) == 1)
		}
	})
}

// While the store fails the Dial waits; its attempt may end meanwhile, in order.
func TestB84_ADialWaitsForAStoreThatFails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var failing atomic.Bool
		store := &slowStorage{fail: func(int) error {
			if failing.Load() {
				return errStore
			}
			return nil
		}}
		r := openRouter(t, acd.Options{Storage: store})
		mustPost(t, r, withCallback(), inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
		mustPost(t, r, wantsCallback("c1", "030111")...)
		require.NoError(t, r.Sync(t.Context()))
		failing.Store(true)
		h := listen(t.Context(), r, func(acd.Event) {})
		mustPost(t, r, acd.Pickup{Call: "c1", Agent: "101"})
		time.Sleep(10 * time.Second)
		require.Empty(t, actions[acd.Dial](h.heard()))
		mustPost(t, r, acd.EndTalk{Call: "c1"})
		failing.Store(false)
		time.Sleep(10 * time.Second)
		require.Len(t, actions[acd.Dial](h.heard()), 1)
		require.Len(t, actions[acd.StopDialling](h.heard()), 1)
		requireGapless(t, 1, h.heard())
	})
}

func TestB84_CloseHandsOutADialOnceItIsDurable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := dialled(t, &slowStorage{delay: time.Second})
		h := listen(t.Context(), r, func(acd.Event) {})
		require.NoError(t, r.Close(t.Context()))
		<-h.done
		require.NoError(t, h.err)
		require.Len(t, actions[acd.Dial](h.heard()), 1)
	})
}

// A Dial that the store did not keep is never handed out: the next router begins
// without the attempt.
func TestB84_ADialThatIsLostIsNeverHandedOut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, lost := range []error{acd.ErrFenced, errStore} {
			failing := false
			store := &slowStorage{fail: func(int) error {
				if failing {
					return lost
				}
				return nil
			}}
			r, err := acd.Open(t.Context(), acd.Options{Storage: store})
			require.NoError(t, err)
			mustPost(t, r, withCallback(), inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
			mustPost(t, r, wantsCallback("c1", "030111")...)
			require.NoError(t, r.Sync(t.Context()))
			failing = true
			h := listen(t.Context(), r, func(acd.Event) {})
			mustPost(t, r, acd.Pickup{Call: "c1", Agent: "101"})
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_ = r.Close(ctx)
			cancel()
			<-h.done
			require.Equal(t, errors.Is(lost, acd.ErrFenced), errors.Is(h.err, acd.ErrFenced))
			require.Empty(t, actions[acd.Dial](h.heard()))

			failing = false
			r = openRouter(t, acd.Options{Storage: store})
			page, err := r.Callbacks("support", 0, 10)
			require.NoError(t, err)
			require.Len(t, page, 1)
			require.Zero(t, page[0].Attempts)
			require.Equal(t, callback.Waiting, page[0].State)
		}
	})
}

// After a restart an attempt that was handed out counts, and one alone.
func TestB112_AnAttemptCountsAfterARestart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		store := &slowStorage{}
		r := openRouter(t, acd.Options{Storage: store})
		mustPost(t, r, withCallback(), inSupport("101"), acd.SetStatus{Agent: "101", Status: agent.Break})
		mustPost(t, r, wantsCallback("c1", "030111")...)
		require.NoError(t, r.Do(t.Context(), acd.Pickup{Call: "c1", Agent: "101"}))
		time.Sleep(5 * time.Second)

		next := openRouter(t, acd.Options{Storage: store})
		page, err := next.Callbacks("support", 0, 10)
		require.NoError(t, err)
		require.Empty(t, page, "it was the only attempt")
		q, err := next.Queue("support")
		require.NoError(t, err)
		require.Equal(t, callback.Tally{Confirmed: 1, Failed: 1}, q.Callbacks)
		require.NoError(t, next.Check())
	})
}
