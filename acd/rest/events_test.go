package rest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipes is a listener whose connections are in memory, so that fake time can tell who
// waits for whom.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.IPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// served is a router behind the API, with a client.
type served struct {
	*acd.Router
	t       *testing.T
	client  *http.Client
	server  *http.Server
	pipes   *pipes
	ended   atomic.Int64 // streams
	stopped chan struct{}
}

func anybody(*http.Request, rest.Action) (rest.Principal, error) { return rest.Principal{}, nil }

func serve(t *testing.T, o rest.Options) *served {
	t.Helper()
	r, err := acd.Open(t.Context(), acd.Options{})
	require.NoError(t, err)
	if o.Authorize == nil {
		o.Authorize = anybody
	}
	h, err := rest.New(r, o)
	require.NoError(t, err)
	s := &served{Router: r, t: t, pipes: newPipes(), stopped: make(chan struct{})}
	s.server = rest.Server("", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/events" {
			defer s.ended.Add(1)
		}
		h.ServeHTTP(w, q)
	}))
	s.client = &http.Client{Transport: &http.Transport{DialContext: s.pipes.dial}}
	go func() {
		defer close(s.stopped)
		_ = s.server.Serve(s.pipes)
	}()
	return s
}

func (s *served) stop() {
	assert.NoError(s.t, s.Close(context.Background()))
	s.client.CloseIdleConnections()
	assert.NoError(s.t, s.server.Close())
	<-s.stopped
}

func (s *served) must(in acd.Input) {
	s.t.Helper()
	require.NoError(s.t, s.Post(in))
}

// stream opens the events, from after the one with an id.
func (s *served) stream(ctx context.Context, last string) *reader {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pbx.example/events", nil)
	require.NoError(s.t, err)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := s.client.Do(r)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, answer.StatusCode)
	return &reader{in: bufio.NewReader(answer.Body), body: answer.Body}
}

// reader reads Server-Sent Events.
type reader struct {
	in   *bufio.Reader
	body io.Closer
}

// sent is one of them.
type sent struct{ id, event, data string }

// next returns the next event; comments are passed over.
func (r *reader) next() (sent, error) {
	var e sent
	for {
		line, err := r.in.ReadString('\n')
		if err != nil {
			return e, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.event = value
		case "data":
			e.data = value
		case "":
			if e.event != "" {
				return e, nil
			}
		}
	}
}

// until reads up to an event of this name and returns how many others came before.
func (r *reader) until(name string) (sent, int, error) {
	for n := 0; ; n++ {
		e, err := r.next()
		if err != nil || e.event == name {
			return e, n, err
		}
	}
}

func (s *served) makeQueue(id queue.ID, number string) {
	config := queue.Defaults()
	config.Name, config.Number, config.WaitWhenNoAgentsOnline = string(id), number, true
	s.must(acd.CreateQueue{Queue: id, Config: config})
}

func TestEvents_StateThenChangesThenFromThereOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, rest.Options{})
		for i := range 150 {
			s.makeQueue(queue.ID(fmt.Sprintf("q%03d", i)), fmt.Sprint(8000+i))
		}
		s.must(acd.Join{Call: "c1", Queue: "q007", Number: "+4930123456"})
		ctx, cancel := context.WithCancel(t.Context())
		r := s.stream(ctx, "")
		ready, pages, err := r.until("ready")
		require.NoError(t, err)
		assert.Equal(t, 3, pages, "two of queues, one of calls")
		_, newest := s.Newest()
		assert.Equal(t, fmt.Sprintf("1-%d", newest), ready.id)

		s.must(acd.HangUp{Call: "c1"})
		left, err := r.next()
		require.NoError(t, err)
		assert.Equal(t, "change", left.event)
		assert.Contains(t, left.data, `"type":"call_left"`)
		assert.Contains(t, left.data, `"outcome":"ABANDONED"`)
		cancel()
		_ = r.body.Close()

		// What happened meanwhile comes when he is back, and no state.
		s.must(acd.Join{Call: "c2", Queue: "q007"})
		r = s.stream(t.Context(), left.id)
		joined, err := r.next()
		require.NoError(t, err)
		assert.Equal(t, "change", joined.event)
		assert.Contains(t, joined.data, `"type":"call_joined"`)
		assert.Equal(t, fmt.Sprintf("1-%d", newest+2), joined.id)

		// A quiet stream shows that it is alive.
		time.Sleep(16 * time.Second)
		for { // music, and what else a waiting caller hears
			line, err := r.in.ReadString('\n')
			require.NoError(t, err)
			if line == ": still here\n" {
				break
			}
		}
		// It ends in words when the router does.
		require.NoError(t, s.Close(t.Context()))
		bye, _, err := r.until("end")
		require.NoError(t, err)
		assert.Contains(t, bye.data, `"code":"ROUTER_CLOSED"`)
		_, err = r.next()
		require.ErrorIs(t, err, io.EOF)
		s.stop()
	})
}

// Who comes back too late, or after a restart, gets the state again.
func TestEvents_TooLateIsTheStateAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, rest.Options{})
		s.makeQueue("q", "8000")
		go func() { // the host reads its events: they are not kept for it
			for _, err := range s.Events(t.Context()) {
				if err != nil {
					return
				}
			}
		}()
		for i := range acd.Watched {
			s.must(acd.Join{Call: queue.CallID(fmt.Sprint(i)), Queue: "q"})
			s.must(acd.HangUp{Call: queue.CallID(fmt.Sprint(i))})
			if i%1000 == 0 {
				synctest.Wait()
			}
		}
		for _, last := range []string{"1-1", "7-1", "1-99999999"} {
			ctx, cancel := context.WithCancel(t.Context())
			r := s.stream(ctx, last)
			first, err := r.next()
			require.NoError(t, err)
			assert.Equal(t, "queues", first.event, last)
			cancel()
			_ = r.body.Close()
		}
		s.stop()
	})
}

// A hundred read, some of them slowly or not at all: the others get every change, in
// order, those who lag behind are told so and cut off, those who take nothing are cut
// off, and the router waits for nobody.
func TestEvents_SlowReadersSlowNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const (
			fast, slow, dead = 80, 10, 10
			calls            = 150
		)
		s := serve(t, rest.Options{WriteTimeout: 10 * time.Second})
		s.makeQueue("q", "8000")
		var group sync.WaitGroup
		var got, cut atomic.Int64
		for i := range fast + slow + dead {
			r := s.stream(t.Context(), "")
			_, _, err := r.until("ready")
			require.NoError(t, err)
			switch {
			case i < fast:
				group.Go(func() {
					last := ""
					for {
						e, err := r.next()
						if err != nil || e.event == "end" {
							return
						}
						var before, now int
						_, _ = fmt.Sscanf(last, "1-%d", &before)
						_, _ = fmt.Sscanf(e.id, "1-%d", &now)
						if before != 0 && now != before+1 {
							t.Errorf("%s after %s", e.id, last)
						}
						last = e.id
						got.Add(1)
					}
				})
			case i < fast+slow: // one event a second
				group.Go(func() {
					for {
						if e, err := r.next(); err != nil || e.event == "end" {
							cut.Add(1)
							return
						}
						time.Sleep(time.Second)
					}
				})
			default:
				defer r.body.Close()
			}
		}
		_, before := s.Newest()
		for i := range calls {
			began := time.Now()
			s.must(acd.Join{Call: queue.CallID(fmt.Sprint(i)), Queue: "q"})
			s.must(acd.HangUp{Call: queue.CallID(fmt.Sprint(i))})
			assert.Zero(t, time.Since(began), "the router waits for no reader")
			synctest.Wait()
		}
		_, after := s.Newest()
		assert.Equal(t, int64(fast)*int64(after-before), got.Load(), "all of them have all")
		time.Sleep(11 * time.Second)
		synctest.Wait()
		assert.EqualValues(t, dead, s.ended.Load(), "who takes nothing is cut off, who is slow is not")
		assert.Zero(t, cut.Load())
		require.NoError(t, s.Close(t.Context()))
		group.Wait()
		assert.EqualValues(t, slow, cut.Load())
		s.stop()
	})
}

// Who reads, but falls behind the newest events that are kept, is told so.
func TestEvents_WhoFallsBehindIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, rest.Options{WriteTimeout: time.Hour})
		s.makeQueue("q", "8000")
		go func() {
			for _, err := range s.Events(t.Context()) {
				if err != nil {
					return
				}
			}
		}()
		r := s.stream(t.Context(), "")
		_, _, err := r.until("ready")
		require.NoError(t, err)
		for i := range acd.Watched {
			s.must(acd.Join{Call: queue.CallID(fmt.Sprint(i)), Queue: "q"})
			s.must(acd.HangUp{Call: queue.CallID(fmt.Sprint(i))})
			if i%1000 == 0 {
				synctest.Wait()
			}
		}
		bye, before, err := r.until("end")
		require.NoError(t, err)
		assert.Contains(t, bye.data, `"code":"LAGGED"`)
		assert.Less(t, before, acd.Watched)
		_, err = r.next()
		require.ErrorIs(t, err, io.EOF)
		s.stop()
	})
}
