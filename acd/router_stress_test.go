package acd_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// TestStress: an hour or two of a Router that everybody calls at once, its event loop
// included, over a store that is slow, fails, and sometimes keeps what it said it
// had not; then it is closed at any moment and opened again over the same store.
// Nothing is lost, doubled or out of order, what was acknowledged is there
// afterwards, and nobody is left behind: the bubble ends only when every goroutine
// has.
func TestStress(t *testing.T) {
	t.Parallel()
	end := time.Now().Add(long.Time(t))
	for seed := uint64(0); seed < 4 || time.Now().Before(end); seed++ {
		t.Logf("seed %d", seed)
		synctest.Test(t, func(t *testing.T) { newStress(t, seed).run() })
		if t.Failed() {
			break
		}
	}
}

// stress is one such story.
type stress struct {
	t     *testing.T
	rng   *rand.Rand // of the story; each goroutine has its own
	seed  uint64
	store *slowStorage
	kept  sync.Map // calls that Do acknowledged, and that nobody ends
	n     atomic.Int64
}

func newStress(t *testing.T, seed uint64) *stress {
	s := &stress{t: t, rng: rand.New(rand.NewPCG(seed, 9)), seed: seed}
	bad := s.rng.IntN(4) // of so many commits one fails; 0: none
	s.store = &slowStorage{
		delay: []time.Duration{0, time.Millisecond, 300 * time.Millisecond, 4 * time.Second}[s.rng.IntN(4)],
		fail: func(n int) error {
			if bad > 0 && n > 2 && n%(bad+1) == 0 {
				return errStore
			}
			return nil
		},
		kept: func(n int) bool { return n%4 == 0 },
	}
	return s
}

// run lets three Routers follow one another.
func (s *stress) run() {
	s.life(true)
	s.life(false)
	s.life(false)
}

// life is the life of one Router, from Open to Close.
func (s *stress) life(first bool) {
	t, ctx := s.t, s.t.Context()
	r, err := acd.Open(ctx, acd.Options{Storage: s.store, ConfirmTime: time.Hour})
	if errors.Is(err, errStore) {
		r, err = acd.Open(ctx, acd.Options{Storage: s.store, ConfirmTime: time.Hour})
	}
	require.NoError(t, err)
	if !first {
		s.mustBeThere(r)
	}
	var readers sync.WaitGroup
	h := listen(ctx, r, func(ev acd.Event) { s.eventLoop(ctx, r, ev) })
	watched := make([][]acd.Event, 3)
	for i := range watched {
		readers.Go(func() { watched[i] = s.watch(ctx, r, time.Duration(i)*40*time.Millisecond) })
	}
	if first {
		in := support()
		in.Config.WaitWhenNoAgentsOnline, in.Config.TalkLease = true, time.Hour
		s.must(r.Do(ctx, in))
		in.Queue, in.Config.Number, in.Config.PollingStrategy = "sales", "801", "RING_SIMULTANEOUSLY"
		s.must(r.Post(in))
		for i := range 6 {
			s.must(r.Post(acd.AddAgent{Agent: agent.ID(fmt.Sprint(101 + i)), Queues: []acd.Place{{Queue: "support"}, {Queue: "sales"}}}))
		}
	}
	var callers sync.WaitGroup
	for n := range 6 {
		callers.Go(func() { s.caller(ctx, r, rand.New(rand.NewPCG(s.seed, uint64(100+n)))) })
	}
	callers.Go(func() { s.supervisor(ctx, r, rand.New(rand.NewPCG(s.seed, 99))) })
	const most = 40 * time.Minute
	time.Sleep(10*time.Minute + time.Duration(s.rng.Int64N(int64(most))))
	s.closing(ctx, r)
	callers.Wait()
	<-h.done
	readers.Wait()
	s.told(h, watched)
	require.NoError(t, r.Check())
	require.Zero(t, r.Health())
	sameState(t, r, s.store)
}

func (s *stress) must(err error) { require.NoError(s.t, err) }

// closing closes the Router, from several sides at once.
func (s *stress) closing(ctx context.Context, r *acd.Router) {
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { assert.NoError(s.t, r.Close(ctx)) })
	}
	all.Wait()
	assert.ErrorIs(s.t, r.Post(toSupport("late")), acd.ErrClosed)
	assert.ErrorIs(s.t, r.Do(ctx, toSupport("late")), acd.ErrClosed)
	assert.NoError(s.t, r.Sync(ctx))
}

// allowed fails for an error that no input of this test may have.
func (s *stress) allowed(in acd.Input, err error) {
	for _, ok := range []error{acd.ErrOfferEnded, acd.ErrNotFound, acd.ErrNotWaiting, acd.ErrAgentBusy, acd.ErrClosed, acd.ErrNotDurable} {
		if errors.Is(err, ok) {
			return
		}
	}
	assert.NoError(s.t, err, "%#v", in)
}

// eventLoop is the host's: it calls everything, Do now and then.
func (s *stress) eventLoop(ctx context.Context, r *acd.Router, ev acd.Event) {
	var in acd.Input
	switch do := ev.Do.(type) {
	case *acd.Ring:
		in = acd.Answered{Offer: do.Offer}
		if ev.Seq%3 == 0 {
			in = acd.Refused{Offer: do.Offer, End: agent.Rejected}
		}
	case *acd.CallConnected:
		in = acd.EndTalk{Call: do.Call}
	case *acd.Confirm:
		in = acd.ConfirmCall{Call: do.Call}
	default:
		return
	}
	_, _ = r.Newest()
	switch ev.Seq % 50 {
	case 0:
		s.allowed(in, r.Do(ctx, in))
	case 1:
		s.allowed(in, r.Sync(ctx))
		s.allowed(in, r.Post(in))
	default:
		s.allowed(in, r.Post(in))
	}
}

// caller makes calls until the Router is closed.
func (s *stress) caller(ctx context.Context, r *acd.Router, rng *rand.Rand) {
	for {
		in := acd.Join{Call: queue.CallID(fmt.Sprintf("%d-c%d", s.seed, s.n.Add(1))), Queue: "support", Tag: "t"}
		if rng.IntN(2) == 0 {
			in.Queue = "sales"
		}
		err := r.Do(ctx, in)
		if errors.Is(err, acd.ErrClosed) {
			return
		}
		s.allowed(in, err)
		time.Sleep(time.Duration(rng.Int64N(int64(40 * time.Second))))
		_, _ = r.Call(in.Call)
		_, _ = r.Why(in.Call)
		_, _ = r.Offer(in.Call, "101")
		if rng.IntN(3) == 0 {
			s.allowed(nil, r.Post(acd.HangUp{Call: in.Call}))
		}
	}
}

// supervisor reads everything, changes things, and adds agents of which it knows
// that they were acknowledged.
func (s *stress) supervisor(ctx context.Context, r *acd.Router, rng *rand.Rand) {
	for {
		time.Sleep(time.Duration(rng.Int64N(int64(2 * time.Minute))))
		id := agent.ID(fmt.Sprintf("x%d", s.n.Add(1)))
		err := r.Do(ctx, acd.AddAgent{Agent: id, NotRegistered: true, Queues: []acd.Place{{Queue: "sales"}}})
		if errors.Is(err, acd.ErrClosed) {
			return
		}
		if err == nil {
			s.kept.Store(id, true)
		}
		s.allowed(nil, r.Post(acd.SetStatus{Agent: agent.ID(fmt.Sprint(101 + rng.IntN(6))), Status: agent.Status(rng.IntN(5))}))
		s.allowed(nil, r.Post(acd.SetStatus{Agent: agent.ID(fmt.Sprint(101 + rng.IntN(6))), Status: agent.Ready}))
		short, cancel := context.WithTimeout(ctx, time.Second)
		s.allowed(nil, r.Do(short, acd.ResetQueue{Queue: "sales"}))
		s.allowed(nil, r.Sync(short))
		cancel()
		for q := range r.Queues() {
			_, _ = r.Waiting(q.ID, 0, 100)
			_, _ = r.Members(q.ID, 0, 100)
			_, _ = r.Callbacks(q.ID, 0, 100)
			_, _ = r.QueueByNumber(q.Config.Number)
		}
		for a := range r.Agents() {
			_, _ = r.Agent(a.ID)
		}
		_, _, _, _ = len(take(r.Calls(), 5)), len(take(r.Servers(), 5)), r.Totals(), r.Now()
		_, _ = r.LongestTalk()
		_, _ = r.LongestOther()
		_, _, _ = r.Health(), r.Backlog(), len(take(r.BlockedNumbers(), 5))
		assert.NoError(s.t, r.Check())
	}
}

// watch follows the events, as slowly as it is told, and starts anew where it fell
// behind. It returns the events since then.
func (s *stress) watch(ctx context.Context, r *acd.Router, pause time.Duration) (got []acd.Event) {
	after := uint64(0)
	for {
		lagged := false
		for ev, err := range r.Watch(ctx, after) {
			if err != nil {
				assert.ErrorIs(s.t, err, acd.ErrLagged)
				lagged = true
				break
			}
			got = append(got, ev)
			if pause > 0 {
				time.Sleep(pause)
			}
		}
		if !lagged {
			return got
		}
		got = nil
		_, after = r.Newest()
	}
}

// told compares what the readers were told: everything, once and in order.
func (s *stress) told(h *host, watched [][]acd.Event) {
	require.NoError(s.t, h.err)
	require.NotEmpty(s.t, h.events)
	requireGapless(s.t, 1, h.events)
	for _, got := range watched {
		if len(got) == 0 {
			continue
		}
		first := got[0].Seq - 1
		require.Equal(s.t, h.events[first:], got, "a watcher was told something else")
	}
	// Each call has one outcome, and offers one end.
	left, offers := map[queue.CallID]int{}, map[acd.OfferID]int{}
	for _, ev := range h.events {
		switch do := ev.Do.(type) {
		case *acd.CallLeft:
			left[do.Call]++
		case *acd.Ring:
			offers[do.Offer]++
		case *acd.OfferEnded:
			offers[do.Offer] += 10
		}
	}
	for id, n := range left {
		require.Equal(s.t, 1, n, id)
	}
	for id, n := range offers {
		require.Contains(s.t, []int{1, 11}, n, id)
	}
}

// mustBeThere looks for what was acknowledged before the Router was opened.
func (s *stress) mustBeThere(r *acd.Router) {
	n := 0
	s.kept.Range(func(id, _ any) bool {
		_, err := r.Agent(id.(agent.ID))
		require.NoError(s.t, err, "Do has returned nil")
		n++
		return true
	})
	require.NotZero(s.t, n)
	confirmed := slices.Collect(r.Calls())
	for i := range confirmed {
		require.NoError(s.t, r.Post(acd.ConfirmCall{Call: confirmed[i].ID}))
	}
}

// TestStress_AFloodOfEvents: a Router in real time, with made-up phones and many
// who call at once; a slow watcher lags and is told so, and nobody else is slowed.
func TestStress_AFloodOfEvents(t *testing.T) {
	t.Parallel()
	r, err := acd.Open(t.Context(), acd.Options{Storage: new(acd.MemoryStorage)})
	require.NoError(t, err)
	in := support()
	in.Config.WaitWhenNoAgentsOnline = true
	require.NoError(t, r.Do(t.Context(), in))
	h := &acdtest.Host{Phones: acdtest.Phones{Seed: 1, Reject: 0.2, Talk: time.Millisecond, Ringing: 100 * time.Microsecond, Lost: 0.01, Doubled: 0.1, Late: 0.1, LateBy: time.Millisecond}}
	ran := make(chan error, 1)
	go func() { ran <- h.Run(t.Context(), r) }()
	for i := range 20 {
		require.NoError(t, r.Post(inSupport(agent.ID(fmt.Sprint(100+i)))))
	}
	slow := make(chan error, 1)
	go func() {
		first := make(chan struct{})
		for _, err := range r.Watch(t.Context(), 0) {
			if err != nil {
				slow <- err
				return
			}
			select {
			case <-first:
			default:
				close(first)
				for { // until it is far behind
					if _, newest := r.Newest(); newest > 3*acd.Watched {
						break
					}
					time.Sleep(time.Millisecond)
				}
			}
		}
		slow <- nil
	}()
	for flood := 0; ; flood++ {
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				for i := range 100 {
					id := queue.CallID(fmt.Sprintf("f%d-%d-%d", flood, n, i))
					assert.NoError(t, r.Post(toSupport(id)))
					_ = r.Post(acd.ChangePriority{Call: id, Priority: i % 5})
					if i%2 == 0 {
						_ = r.Post(acd.HangUp{Call: id})
					}
				}
			})
		}
		all.Wait()
		if _, newest := r.Newest(); newest > 4*acd.Watched {
			break
		}
	}
	require.ErrorIs(t, <-slow, acd.ErrLagged)
	require.NoError(t, r.Check())
	require.NoError(t, r.Close(t.Context()))
	require.NoError(t, <-ran)
	if got := h.Reports(); got.Sent == 0 || strings.Contains(fmt.Sprint(got), "-") {
		t.Error(got)
	}
}
