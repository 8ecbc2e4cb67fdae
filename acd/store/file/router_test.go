package file

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func support(change func(*queue.Config)) acd.CreateQueue {
	c := queue.Defaults()
	c.Name, c.Number, c.PollingStrategy = "Support", "8000", "CYCLIC_HUNT"
	if change != nil {
		change(&c)
	}
	return acd.CreateQueue{Queue: "support", Config: c}
}

func inSupport(id agent.ID) acd.AddAgent {
	ready := agent.Ready
	return acd.AddAgent{Agent: id, Queues: []acd.Place{{Queue: "support"}}, Status: &ready}
}

func join(id queue.CallID) acd.Join {
	return acd.Join{Call: id, Queue: "support", Number: "+493012345"}
}

func post(t *testing.T, r *acd.Router, inputs ...acd.Input) {
	t.Helper()
	for _, in := range inputs {
		require.NoError(t, r.Post(in), "%T", in)
	}
}

// slowFile takes its time for a sync.
type slowFile struct {
	handle
	delay time.Duration
	syncs *atomic.Int64
}

func (f slowFile) Sync() error {
	f.syncs.Add(1)
	time.Sleep(f.delay)
	return f.handle.Sync()
}

// Many methods share a sync, and one that returned nil is on the disk.
func TestRouter_ManyShareASync(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(1)
		s, err := open(m, Options{})
		require.NoError(t, err)
		var syncs atomic.Int64
		s.log = slowFile{s.log, 10 * time.Millisecond, &syncs}
		r, err := acd.Open(t.Context(), acd.Options{Storage: s})
		require.NoError(t, err)
		require.NoError(t, r.Do(t.Context(), support(nil)))
		before := syncs.Load()
		var all sync.WaitGroup
		for i := range 64 {
			all.Go(func() { assert.NoError(t, r.Do(t.Context(), inSupport(agent.ID(fmt.Sprint(1001+i))))) })
		}
		all.Wait()
		require.LessOrEqual(t, syncs.Load()-before, int64(2))

		dead := m.dead(7) // the machine loses power: nothing was closed
		s2, err := open(dead, Options{})
		require.NoError(t, err)
		r2, err := acd.Open(t.Context(), acd.Options{Storage: s2})
		require.NoError(t, err)
		require.Len(t, slices.Collect(r2.Agents()), 64)
		require.NoError(t, r2.Close(t.Context()))
		require.NoError(t, s2.Close())
		require.NoError(t, r.Close(t.Context()))
	})
}

// While the disk is full calls are routed, those who wait are told, Health says so;
// when there is room again everything is kept without being repeated.
func TestRouter_GoesOnWhileTheDiskIsFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(1)
		s, err := open(m, Options{})
		require.NoError(t, err)
		r, err := acd.Open(t.Context(), acd.Options{Storage: s})
		require.NoError(t, err)
		defer func() { // also if the test fails
			ended, end := context.WithCancel(context.Background())
			end()
			_ = r.Close(ended)
		}()
		var rings atomic.Int64
		heard := make(chan struct{})
		go func() {
			defer close(heard)
			for ev, err := range r.Events(context.Background()) {
				assert.NoError(t, err)
				if do, ok := ev.Do.(*acd.Ring); ok {
					rings.Add(1)
					assert.NoError(t, r.Post(acd.Answered{Offer: do.Offer}))
				}
			}
		}()
		require.NoError(t, r.Do(t.Context(), support(nil)))
		require.NoError(t, r.Do(t.Context(), inSupport("1001")))

		full := func(is bool) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.fault = func(op, _ string) bool { return is && op == "write" }
		}
		full(true)
		start := time.Now()
		require.ErrorIs(t, r.Do(t.Context(), join("c1")), acd.ErrNotDurable)
		synctest.Wait()
		require.ErrorIs(t, r.Do(t.Context(), acd.Hold{Call: "c1", On: true}), acd.ErrNotDurable, "it talks already")
		require.Less(t, time.Since(start), time.Second)
		for i := range 10 {
			time.Sleep(time.Second)
			post(t, r, acd.HangUp{Call: queue.CallID(fmt.Sprint("c", i+1))}, join(queue.CallID(fmt.Sprint("c", i+2))))
		}
		synctest.Wait()
		require.Equal(t, int64(11), rings.Load(), "routing goes on")
		h := r.Health()
		require.ErrorIs(t, h.Err, errFull)
		require.Positive(t, h.Pending)
		require.WithinDuration(t, start, h.Since, 0)

		full(false)
		time.Sleep(6 * time.Second)
		require.Zero(t, r.Health())
		post(t, r, acd.HangUp{Call: "c11"})
		require.NoError(t, r.Close(t.Context()), "and Close stores the rest")
		<-heard
		want, err := r.Queue("support")
		require.NoError(t, err)
		require.NoError(t, s.Close())

		s, err = open(m.killed(1), Options{})
		require.NoError(t, err)
		r, err = acd.Open(t.Context(), acd.Options{Storage: s})
		require.NoError(t, err)
		got, err := r.Queue("support")
		require.NoError(t, err)
		require.Equal(t, want.Lifetime, got.Lifetime)
		require.NoError(t, r.Close(t.Context()))
		require.NoError(t, s.Close())
	})
}

// shop is a Router over a store on a machine, with a clock moved by hand.
type shop struct {
	t      *testing.T
	m      *machine
	store  *Store
	clock  *acdtest.Clock
	router *acd.Router
}

func (s *shop) open() {
	s.t.Helper()
	var err error
	s.store, err = open(s.m, Options{})
	require.NoError(s.t, err)
	s.router, err = acd.Open(s.t.Context(), acd.Options{Storage: s.store, Clock: s.clock})
	require.NoError(s.t, err)
}

// kill has the process die, without anything being closed, and time pass.
func (s *shop) kill(away time.Duration) {
	s.t.Helper()
	require.NoError(s.t, s.router.Sync(s.t.Context()))
	s.m = s.m.killed(1)
	ended, end := context.WithCancel(context.Background())
	end()
	_ = s.router.Close(ended) // the dead router's timers, on a clock that goes on
	s.clock.Advance(away)
}

// events returns what happened since the last time.
func (s *shop) events() (events []acd.Event) {
	s.t.Helper()
	n := s.router.Backlog()
	if n == 0 {
		return nil
	}
	for ev, err := range s.router.Events(s.t.Context()) {
		require.NoError(s.t, err)
		if events = append(events, ev); len(events) == n {
			break
		}
	}
	return events
}

// rung returns who is being rung, and by which offer.
func (s *shop) rung() (agents []agent.ID, offer acd.OfferID) {
	s.t.Helper()
	for a := range s.router.Agents() {
		if !a.Offer.IsZero() {
			agents, offer = append(agents, a.ID), a.Offer
		}
	}
	return agents, offer
}

func (s *shop) status(id agent.ID) acd.MemberView {
	s.t.Helper()
	members, err := s.router.Members("support", 0, 100)
	require.NoError(s.t, err)
	i := slices.IndexFunc(members, func(m acd.MemberView) bool { return m.Agent == id })
	require.GreaterOrEqual(s.t, i, 0)
	return members[i]
}

// A process is killed and comes back 100 s later: wrap-ups, delays and callbacks
// went on at their own times, statuses and reasons are as they were, calls wait for
// the host to confirm them, no offer survives, and who is next is who was next.
func TestB112_B113_KilledAndBack(t *testing.T) {
	t.Parallel()
	s := &shop{t: t, m: newMachine(1), clock: acdtest.NewClock(acdtest.Start())}
	s.open()
	post(t, s.router, support(func(c *queue.Config) {
		c.EnableWrapUp, c.WrapUpTime = true, 30*time.Second
		c.RejectDelay = 200 * time.Second
		c.MaxWaitingTime = 600 * time.Second
		c.EnableCallback, c.CallbackDelay = true, 60*time.Second
	}), inSupport("1001"), inSupport("1002"), inSupport("1003"), inSupport("1004"))
	post(t, s.router, acd.SetStatus{Agent: "1004", Status: agent.Break, Reason: "lunch"})
	answer := func() {
		_, offer := s.rung()
		post(t, s.router, acd.Answered{Offer: offer})
	}
	post(t, s.router, join("done")) // 1001: in wrap-up from 5 to 35
	answer()
	s.clock.Advance(5 * time.Second)
	post(t, s.router, acd.HangUp{Call: "done"}, join("talks")) // 1002 talks
	answer()
	post(t, s.router, join("waits")) // 1003 rejects: not rung until 205
	agents, offer := s.rung()
	require.Equal(t, []agent.ID{"1003"}, agents)
	post(t, s.router, acd.Refused{Offer: offer, End: agent.Rejected})
	post(t, s.router, join("gone"), acd.Join{Call: "promise", Queue: "support", Number: "+493099999"},
		acd.KeyPressed{Call: "promise", Key: "3"}, acd.EnterNumber{Call: "promise", Text: "#"}) // due at 65
	s.clock.Advance(5 * time.Second)
	before, err := s.router.Members("support", 0, 100)
	require.NoError(t, err)
	numbers, err := s.router.Queue("support")
	require.NoError(t, err)

	s.kill(100 * time.Second) // at 10
	s.open()
	events := s.events()
	var wrapUpEnded time.Duration
	for _, ev := range events {
		switch do := ev.Do.(type) {
		case *acd.LineChanged:
			if do.Agent == "1001" && do.Use == agent.Free {
				wrapUpEnded = ev.At.Sub(acdtest.Start())
			}
		case *acd.CallLeft, *acd.TalkEnded:
			t.Errorf("nobody was there: %T %+v", do, do)
		}
	}
	require.Equal(t, 35*time.Second, wrapUpEnded, "at its own time")
	require.Equal(t, "lunch", s.status("1004").Reason)
	require.Equal(t, agent.Break, s.status("1004").Status)
	after, err := s.router.Members("support", 0, 100)
	require.NoError(t, err)
	for i := range before {
		if before[i].Agent == "1001" { // the callback rings him
			b, a := &before[i].Memory, &after[i].Memory
			require.Equal(t, 30*time.Second, a.WrapUp, "it ended meanwhile")
			b.LastRung, b.RungOrder, b.Offers, b.WrapUp = a.LastRung, a.RungOrder, b.Offers+1, a.WrapUp
		}
		require.Equal(t, before[i].Memory, after[i].Memory, before[i].Agent)
	}
	same, err := s.router.Queue("support")
	require.NoError(t, err)
	require.Equal(t, numbers.Lifetime, same.Lifetime)

	// The callback fell due while nobody was there; who is free is rung for it now.
	agents, offer = s.rung()
	require.Equal(t, []agent.ID{"1001"}, agents)
	require.Equal(t, uint32(3), offer.Epoch, "an offer of the new epoch")
	for _, id := range []queue.CallID{"talks", "waits", "gone"} {
		call, err := s.router.Call(id)
		require.NoError(t, err)
		require.True(t, call.Unconfirmed, id)
	}
	post(t, s.router, acd.ConfirmCall{Call: "talks"}, acd.ConfirmCall{Call: "waits"})
	waits, err := s.router.Call("waits")
	require.NoError(t, err)
	require.Equal(t, 1, waits.Position)

	s.clock.Advance(30 * time.Second)
	_, err = s.router.Call("gone")
	require.ErrorIs(t, err, acd.ErrNotFound, "nobody confirmed it")
	require.NoError(t, s.router.Check())
	post(t, s.router, acd.HangUp{Call: "talks"})
	s.clock.Advance(64 * time.Second) // to 204
	agents, _ = s.rung()
	require.NotContains(t, agents, agent.ID("1003"), "his delay still runs")
	s.clock.Advance(time.Second)
	require.NotEqual(t, agent.Offline, s.status("1003").Status)
	agents, _ = s.rung()
	require.NotEmpty(t, agents)
	require.NoError(t, s.router.Close(t.Context()))
	require.NoError(t, s.store.Close())
}
