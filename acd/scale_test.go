package acd_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// TestScale is one Router under the load of a large centre: far more calls than
// agents, so that whoever becomes available is rung for somebody at once. It
// measures from the input, or the end of a wrap-up, that makes an agent available
// until the reader of events has the order to ring him.
//
// In an ordinary run the centre is small and the clock fake: the time must be
// nothing at all. By hand it is as large as any that is known, in real time, and
// says how long it took and what it needed:
//
//	ACDKIT_LONG=10m go test ./acd -run 'TestScale$' -timeout 1h -v
func TestScale(t *testing.T) {
	if d := long.Time(t); d > 0 {
		s := newScale(t, scaleSize{agents: 50_000, queues: 5_000, most: 50, live: 500_000, perSecond: 1_000, paused: 1_000})
		s.open()
		s.run(d)
		s.finish()
		return
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScale(t, scaleSize{agents: 200, queues: 40, most: 10, live: 2_000, perSecond: 100, paused: 10})
		s.open()
		s.run(15 * time.Second)
		s.finish()
		for cause, took := range s.took {
			require.NotEmpty(t, took, "%v", freedBy(cause))
			require.Zero(t, slices.Max(took), "%v: time passed before an agent was rung", freedBy(cause))
		}
	})
}

// scaleSize says how large the centre is.
type scaleSize struct {
	agents, queues int
	most           int // queues that an agent is in, from 1
	live           int // calls that wait or talk
	perSecond      int // arrivals, in the mean; as many hang up
	paused         int // agents who are NOT_READY, once so many have been
}

// freedBy is what made an agent available.
type freedBy uint8

const (
	byHangUp freedBy = iota // the end of his talk
	byWrapUp                // the end of his wrap-up
	byStatus                // READY in all his queues
	freeings
)

func (f freedBy) String() string { return [...]string{"hang-up", "end of wrap-up", "READY"}[f] }

// wrapsUp reports whether there is wrap-up after the calls of a queue: every other.
func wrapsUp(queue int) bool { return queue%2 == 1 }

const scaleWrapUp = 3 * time.Second

// scale is the run: one goroutine is the callers, one the event loop.
type scale struct {
	t *testing.T
	scaleSize
	r      *acd.Router
	rng    *rand.Rand
	begun  time.Time // by the process's clock
	origin time.Time // the same by the Router's
	closed chan struct{}
	calls  int // made so far
	paused []int

	became []atomic.Int64 // by agent: when he became available since begun; 0: he has been rung since
	cause  []freedBy      // likewise; written before became

	mu    sync.Mutex
	talks []scaleTalk
	took  [freeings][]time.Duration
	// For comparison: how long the input took whose event an end of a talk is, and
	// how long it takes on this machine to wake a goroutine.
	applied, woken []time.Duration
}

type scaleTalk struct {
	call         queue.CallID
	queue, agent int
}

func newScale(t *testing.T, size scaleSize) *scale {
	return &scale{
		t: t, scaleSize: size, rng: rand.New(rand.NewPCG(7, 11)), closed: make(chan struct{}),
		became: make([]atomic.Int64, size.agents), cause: make([]freedBy, size.agents),
	}
}

func (s *scale) post(in acd.Input) { require.NoError(s.t, s.r.Post(in)) }

// since returns the time since the beginning; never 0.
func (s *scale) since() int64 { return int64(time.Since(s.begun)) | 1 }

// open makes the centre and lets its calls in.
func (s *scale) open() {
	r, err := acd.Open(s.t.Context(), acd.Options{})
	require.NoError(s.t, err)
	s.r, s.begun, s.origin = r, time.Now(), r.Now()
	go func() {
		defer close(s.closed)
		s.listen()
	}()
	config := queue.Defaults()
	config.PollingStrategy, config.MaxWaitingTime, config.WrapUpTime = "CYCLIC_HUNT", 65535*time.Second, scaleWrapUp
	for i := range s.queues {
		config.Name, config.Number, config.EnableWrapUp = string(queueID(i)), strconv.Itoa(1_000_000+i), wrapsUp(i)
		s.post(acd.CreateQueue{Queue: queueID(i), Config: config})
	}
	for i := range s.agents {
		in := acd.AddAgent{Agent: agentID(i)}
		first := s.rng.IntN(s.queues)
		for j := range 1 + s.rng.IntN(s.most) {
			in.Queues = append(in.Queues, acd.Place{Queue: queueID((first + j) % s.queues)})
		}
		s.post(in)
	}
	for range s.live {
		s.join()
		s.catchUp(10_000)
	}
	s.catchUp(0)
	s.t.Logf("open after %v", time.Since(s.begun).Round(time.Millisecond))
}

// catchUp waits until the reader is no more than so many events behind.
func (s *scale) catchUp(most int) {
	for s.r.Backlog() > most {
		time.Sleep(time.Millisecond)
	}
}

func (s *scale) join() {
	s.calls++
	s.post(acd.Join{Call: callID(s.calls), Queue: queueID(s.rng.IntN(s.queues)), Number: strconv.Itoa(49_000_000_000 + s.calls)})
}

// listen is the host's event loop.
func (s *scale) listen() {
	for ev, err := range s.r.Events(context.Background()) {
		if err != nil {
			s.t.Error(err)
		}
		switch do := ev.Do.(type) {
		case *acd.Ring:
			s.rung(index(string(do.Agent)) - 1_000_000)
			s.post(acd.Alerting{Offer: do.Offer})
			s.post(acd.Answered{Offer: do.Offer})
		case *acd.CallConnected:
			s.connected(scaleTalk{do.Call, index(string(do.Queue)[len("queue-"):]), index(string(do.Agent)) - 1_000_000})
		case *acd.LineChanged:
			if !do.WrapUp.IsZero() {
				s.becomes(index(string(do.Agent))-1_000_000, byWrapUp, int64(do.WrapUp.Sub(s.origin))|1)
			}
		}
	}
}

func index(text string) int {
	i, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return i
}

// becomes notes when an agent becomes available.
func (s *scale) becomes(a int, by freedBy, at int64) {
	s.cause[a] = by
	s.became[a].Store(at)
}

func (s *scale) rung(a int) {
	now, at := s.since(), s.became[a].Swap(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	if at != 0 {
		s.took[s.cause[a]] = append(s.took[s.cause[a]], time.Duration(now-at))
	}
}

func (s *scale) connected(talk scaleTalk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.talks = append(s.talks, talk)
}

// anyTalk takes one of the talks.
func (s *scale) anyTalk() (talk scaleTalk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, last := s.rng.IntN(len(s.talks)), len(s.talks)-1
	talk, s.talks[i] = s.talks[i], s.talks[last]
	s.talks = s.talks[:last]
	return talk
}

// run lets callers come and talks end for so long, at any moment.
func (s *scale) run(d time.Duration) {
	before, stop := readRuntime(), s.wakeAll()
	next, end := time.Now(), time.Now().Add(d)
	for n := 1; next.Before(end); n++ {
		next = next.Add(time.Duration(s.rng.ExpFloat64() * float64(time.Second) / float64(s.perSecond)))
		time.Sleep(time.Until(next))
		s.join()
		talk := s.anyTalk()
		if !wrapsUp(talk.queue) {
			if n%16 == 0 {
				s.pause(talk.agent)
			} else {
				s.becomes(talk.agent, byHangUp, s.since())
			}
		}
		began := time.Now()
		s.post(acd.HangUp{Call: talk.call})
		s.applied = append(s.applied, time.Since(began))
	}
	stop()
	s.t.Logf("%d queues, %d agents in up to %d of them, %d calls, %d arrivals/s for %v",
		s.queues, s.agents, s.most, s.live, s.perSecond, d)
	s.report()
	for _, line := range readRuntime().since(before) {
		s.t.Log(line)
	}
}

// wakeAll lets one goroutine wake another every few milliseconds, beside the Router
// and without it, until stop.
func (s *scale) wakeAll() (stop func()) {
	bell, end := make(chan time.Time), make(chan struct{})
	go func() {
		defer close(bell)
		for {
			select {
			case <-end:
				return
			case <-time.After(7 * time.Millisecond):
				bell <- time.Now()
			}
		}
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for rung := range bell {
			s.woken = append(s.woken, time.Since(rung))
		}
	}()
	return func() {
		close(end)
		<-done
	}
}

// pause lets an agent who talks be NOT_READY afterwards, and another be READY
// again.
func (s *scale) pause(a int) {
	s.post(acd.SetStatus{Agent: agentID(a), Status: agent.NotReady})
	if s.paused = append(s.paused, a); len(s.paused) > s.scaleSize.paused {
		a, s.paused = s.paused[0], s.paused[1:]
		s.becomes(a, byStatus, s.since())
		s.post(acd.SetStatus{Agent: agentID(a), Status: agent.Ready})
	}
}

// finish looks whether everybody who became available was rung, and everything
// adds up.
func (s *scale) finish() {
	time.Sleep(scaleWrapUp + time.Second) // wrap-ups end
	s.catchUp(0)
	waits, talk := 0, 0
	for q := range s.r.Queues() {
		waits, talk = waits+q.Waiting, talk+q.Talking
	}
	require.NoError(s.t, s.r.Check())
	require.NoError(s.t, s.r.Close(s.t.Context()))
	<-s.closed
	require.Equal(s.t, s.live, waits+talk, "calls")
	require.Equal(s.t, s.agents-len(s.paused), talk, "talks")
	for a := range s.became {
		require.Zero(s.t, s.became[a].Load(), "agent %d became available and was not rung", a)
	}
}

// report logs how long it took to ring who became available.
func (s *scale) report() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cause, took := range s.took {
		s.logTimes("rung after "+freedBy(cause).String(), took)
	}
	s.logTimes("hang-up applied", s.applied)
	s.logTimes("a goroutine woken, no Router", s.woken)
}

func (s *scale) logTimes(what string, took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	at := func(p float64) time.Duration { return took[int(p*float64(len(took)-1))].Round(time.Microsecond) }
	s.t.Logf("%-28s %7d times: p50 %v, p90 %v, p99 %v, p99.9 %v, at most %v",
		what, len(took), at(0.5), at(0.9), at(0.99), at(0.999), at(1))
}
