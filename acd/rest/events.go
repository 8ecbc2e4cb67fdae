package rest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// encoding is the newest events as they are sent, so that each is encoded once and not
// for every reader. It may forget what it likes.
type encoding [1024]atomic.Pointer[encodedEvent]

type encodedEvent struct {
	seq  uint64
	do   acd.Action // the very one: another router's is another pointer
	data []byte
}

func (e *encoding) of(ev acd.Event) ([]byte, error) {
	at := &e[ev.Seq%uint64(len(e))]
	if is := at.Load(); is != nil && is.seq == ev.Seq && is.do == ev.Do {
		return is.data, nil
	}
	data, err := json.Marshal(ev)
	if err == nil {
		at.Store(&encodedEvent{ev.Seq, ev.Do, data})
	}
	return data, err
}

// stream is one reader of the events.
type stream struct {
	*request
	out     *bufio.Writer
	control *http.ResponseController
	epoch   uint32
	newest  uint64 // as far as is known
	state   bool   // it was sent
}

// watchEvents sends the state, and what changes from then on, until the reader goes,
// falls too far behind, or the router is closed.
func watchEvents(rq *request, w http.ResponseWriter) error {
	h := rq.handler
	defer h.streams.Add(-1)
	if h.streams.Add(1) > int64(h.options.MaxStreams) {
		return &failure{http.StatusServiceUnavailable, "TOO_MANY_STREAMS", "Too many read the events already.", ""}
	}
	s := &stream{request: rq, control: http.NewResponseController(w)}
	s.out = bufio.NewWriter(&patient{s, w})
	after, resumed, err := s.resume()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must hand them on at once
	if rq.Method == http.MethodHead {
		return nil
	}
	w.WriteHeader(http.StatusOK)
	s.deadline()
	if !resumed {
		after, err = s.sendState()
	}
	if err == nil {
		err = s.follow(after)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		h.log.InfoContext(rq.Context(), "rest: stream ended", "principal", rq.principal.Name, "error", err)
	}
	return nil // what there was to say was said in the stream
}

// patient gives the reader time for every piece that is written.
type patient struct {
	stream *stream
	http.ResponseWriter
}

// Write implements [io.Writer].
func (p *patient) Write(b []byte) (int, error) {
	p.stream.deadline()
	return p.ResponseWriter.Write(b)
}

// resume returns from where a reader goes on who was here before.
func (s *stream) resume() (after uint64, ok bool, err error) {
	s.epoch, s.newest = s.router.Newest()
	last := s.Header.Get("Last-Event-ID")
	if last == "" {
		return 0, false, nil
	}
	epoch, seq, _ := strings.Cut(last, "-")
	e, err1 := strconv.ParseUint(epoch, 10, 32)
	n, err2 := strconv.ParseUint(seq, 10, 64)
	if err1 != nil || err2 != nil {
		return 0, false, invalid([]string{"Last-Event-ID " + shown(last) + ": must be like 3-17"})
	}
	return n, uint32(e) == s.epoch && n <= s.newest, nil
}

// deadline gives the reader time for the next piece.
func (s *stream) deadline() {
	_ = s.control.SetWriteDeadline(time.Now().Add(s.handler.options.WriteTimeout)) // a writer without deadlines has none
}

func (s *stream) flush() error {
	s.deadline()
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.control.Flush()
}

// event writes one event; data is JSON and has no line break.
func (s *stream) event(name, id string, data []byte) {
	if id != "" {
		fmt.Fprintf(s.out, "id: %s\n", id)
	}
	fmt.Fprintf(s.out, "event: %s\ndata: ", name)
	_, _ = s.out.Write(data) // what goes wrong comes back from Flush
	_, _ = s.out.WriteString("\n\n")
}

func (s *stream) id(seq uint64) string { return fmt.Sprintf("%d-%d", s.epoch, seq) }

// sendState sends everything as it is, in pages, and returns the number of the event
// up to which it is that at the least.
func (s *stream) sendState() (after uint64, err error) {
	s.state = true
	s.epoch, s.newest = s.router.Newest()
	err = errors.Join(
		inPages(s, "queues", queueTable, s.router.Queues()),
		inPages(s, "agents", agentTable, s.router.Agents()),
		inPages(s, "calls", callTable, s.router.Calls()),
	)
	s.event("ready", s.id(s.newest), []byte("{}"))
	return s.newest, errors.Join(err, s.flush())
}

// agentTable and callTable are what the state says of agents and calls.
var (
	agentTable = table[acd.AgentView]{
		{field{"extension_number", text}, func(p *acd.AgentView) value { return textOf(string(p.ID)) }},
		{field{"display_name", text}, func(p *acd.AgentView) value { return textOf(p.Name) }},
		{field{"status", text}, func(p *acd.AgentView) value { return textOf(p.Status.String()) }},
		{field{"reason", text}, func(p *acd.AgentView) value { return textOf(p.Reason) }},
		{field{"use", text}, func(p *acd.AgentView) value { return textOf(p.Use.String()) }},
		{field{"registered", boolean}, func(p *acd.AgentView) value { return booleanOf(p.Registered) }},
		{field{"queue", text}, func(p *acd.AgentView) value { return textOf(string(p.Queue)) }},
		{field{"call", text}, func(p *acd.AgentView) value { return textOf(string(p.Call)) }},
	}
	callTable = table[acd.CallView]{
		{field{"session_id", text}, func(c *acd.CallView) value { return textOf(string(c.ID)) }},
		{field{"queue", text}, func(c *acd.CallView) value { return textOf(string(c.Queue)) }},
		{field{"extension_number", text}, func(c *acd.CallView) value { return numberShown(c.Number) }},
		{field{"display_name", text}, func(c *acd.CallView) value { return textOf(c.Name) }},
		{field{"state", text}, func(c *acd.CallView) value { return textOf(c.State.String()) }},
		{field{"agent", text}, func(c *acd.CallView) value { return textOf(string(c.Agent)) }},
		{field{"position", number}, func(c *acd.CallView) value { return numberOf(c.Position) }},
		{field{"joined_at", instant}, func(c *acd.CallView) value { return instantOf(agent.At(c.Joined)) }},
	}
)

// inPages sends a list.
func inPages[T any](s *stream, name string, t table[T], all iter.Seq[T]) error {
	b := []byte(`{"items":[`)
	n := 0
	send := func() error {
		s.event(name, "", append(b, "]}"...))
		b, n = append(b[:0], `{"items":[`...), 0
		return s.flush()
	}
	for v := range all {
		if n > 0 {
			b = append(b, ',')
		}
		b = t.append(b, &v)
		if n++; n == acd.MaxPage {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		return nil
	}
	return send()
}

// follow sends the changes after a number. While there are none it says from time to
// time that it is still there.
func (s *stream) follow(after uint64) error {
	for {
		ctx, cancel := context.WithTimeout(s.Context(), s.handler.options.KeepAlive)
		last, err := s.until(ctx, after)
		cancel()
		switch after = last; {
		case s.Context().Err() != nil:
			return s.Context().Err()
		case errors.Is(err, context.DeadlineExceeded):
			_, _ = s.out.WriteString(": still here\n\n")
		case errors.Is(err, acd.ErrLagged) && !s.state:
			if after, err = s.sendState(); err != nil { // it was here too long ago
				return err
			}
			continue
		case errors.Is(err, acd.ErrLagged):
			s.end("LAGGED", "You fell behind: connect again for the state.")
			return err
		case err == nil || errors.Is(err, acd.ErrFenced):
			s.end("ROUTER_CLOSED", "The server is closing.")
			return err
		default:
			return err
		}
		if err := s.flush(); err != nil {
			return err
		}
	}
}

// end says why a stream ends.
func (s *stream) end(code, message string) {
	b := appendField([]byte{'{'}, "code", textOf(code))
	s.event("end", "", append(appendField(b, "message", textOf(message)), '}'))
	_ = s.flush() // it ends one way or the other
}

// until sends changes until ctx ends, and returns the number of the last one.
func (s *stream) until(ctx context.Context, after uint64) (uint64, error) {
	for ev, err := range s.router.Watch(ctx, after) {
		if err != nil {
			return after, err
		}
		data, err := s.handler.encoded.of(ev)
		if err != nil {
			return after, err
		}
		s.state = true
		s.event("change", s.id(ev.Seq), data)
		after = ev.Seq
		if after < s.newest {
			continue
		}
		if _, s.newest = s.router.Newest(); after < s.newest {
			continue // the next one is there: one piece for both
		}
		if err := s.flush(); err != nil {
			return after, err
		}
	}
	return after, nil
}
