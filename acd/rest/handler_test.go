package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func open(t testing.TB) *acd.Router {
	t.Helper()
	r, err := acd.Open(context.Background(), acd.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close(context.Background())) })
	return r
}

func handler(t testing.TB, r *acd.Router, o rest.Options) *rest.Handler {
	t.Helper()
	if o.Authorize == nil {
		o.Authorize = anybody
	}
	h, err := rest.New(r, o)
	require.NoError(t, err)
	return h
}

// ask makes a request with a body, "" for none.
func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func post(t testing.TB, r *acd.Router, inputs ...acd.Input) {
	t.Helper()
	for _, in := range inputs {
		require.NoError(t, r.Post(in))
	}
}

func newQueue(id queue.ID, number string) acd.CreateQueue {
	config := queue.Defaults()
	config.Name, config.Number, config.WaitWhenNoAgentsOnline = string(id), number, true
	config.PollingStrategy = "PRIORITIZED_HUNT"
	return acd.CreateQueue{Queue: id, Config: config}
}

func TestNew_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"api", "/api/", "/{id}", "/a b", "/?", "/a\tb", "/a//b", "/a/../b", "/."} {
		_, err := rest.New(nil, rest.Options{Prefix: prefix})
		require.ErrorIs(t, err, acd.ErrInvalid, prefix)
	}
	_, err := rest.New(nil, rest.Options{Timeout: -1})
	require.ErrorIs(t, err, acd.ErrInvalid)
}

// Without a hook nobody may do anything, not even see what there is.
func TestAuthorize_WithoutIt(t *testing.T) {
	t.Parallel()
	h, err := rest.New(open(t), rest.Options{})
	require.NoError(t, err)
	for _, path := range []string{"/call_queues", "/openapi.json", "/events", "/nothing"} {
		assert.Equal(t, http.StatusForbidden, ask(h, http.MethodGet, path, "").Code, path)
	}
	assert.Equal(t, http.StatusForbidden, ask(h, http.MethodPost, "/call_queues", "{}").Code)
}

// The hook sees the request, chooses the router, and its words are for the log.
func TestAuthorize_Tenants(t *testing.T) {
	t.Parallel()
	one, two := open(t), open(t)
	post(t, one, newQueue("q", "8000"))
	h, err := rest.New(nil, rest.Options{Authorize: func(r *http.Request, a rest.Action) (rest.Principal, error) {
		assert.Equal(t, "getQueue", a.Name)
		assert.Equal(t, "q", r.PathValue("id"))
		switch r.Host {
		case "one.example":
			return rest.Principal{Router: one}, nil
		case "two.example":
			return rest.Principal{Router: two}, nil
		case "none.example":
			return rest.Principal{}, nil
		default:
			return rest.Principal{}, fmt.Errorf("tenant %s: %w", r.Host, acd.ErrNotFound)
		}
	}})
	require.NoError(t, err)
	for host, want := range map[string]int{"one.example": 200, "two.example": 404, "none.example": 403, "three.example": 403} {
		w := ask(h, http.MethodGet, "http://"+host+"/call_queues/q", "")
		assert.Equal(t, want, w.Code, host)
		assert.NotContains(t, w.Body.String(), "tenant")
	}
}

func TestUser_IsTheHosts(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, newQueue("q", "8000"), acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}})
	h := handler(t, r, rest.Options{User: func(_ *http.Request, _ rest.Principal, id string) (agent.ID, error) {
		switch id {
		case "u1":
			return "1001", nil
		case "broken":
			return "", errors.New("the directory is away: secret")
		default:
			return "", fmt.Errorf("user: %w", acd.ErrNotFound)
		}
	}})
	assert.JSONEq(t, `{"count":1,"items":[{"id":"q","name":"q","extension_number":"8000"}]}`, ask(h, http.MethodGet, "/users/u1/call_queues", "").Body.String())
	assert.Equal(t, 404, ask(h, http.MethodGet, "/users/1001/call_queues", "").Code)
	w := ask(h, http.MethodGet, "/users/broken/call_queues", "")
	assert.Equal(t, 500, w.Code)
	assert.NotContains(t, w.Body.String(), "secret")
}

// broken are prompts that panic.
type broken struct{ rest.Prompts }

func (broken) File(context.Context, rest.Principal, string) (rest.File, error) {
	panic("no files today")
}

func TestPanics_ReachTheLogAndNotTheClient(t *testing.T) {
	t.Parallel()
	r := open(t)
	in := newQueue("q", "8000")
	in.Config.MOHPromptFileID = "p1"
	post(t, r, in)
	var log bytes.Buffer
	h := handler(t, r, rest.Options{Prompts: broken{}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	w := ask(h, http.MethodGet, "/call_queues/q", "")
	assert.Equal(t, 500, w.Code)
	assert.JSONEq(t, `{"errors":[{"code":"INTERNAL_ERROR","message":"Something went wrong here.","detail":null}]}`, w.Body.String())
	assert.Contains(t, log.String(), "no files today")
	assert.Contains(t, log.String(), "path=/call_queues/q")
}

// stuck is a store that takes nothing after the batch that begins an epoch.
type stuck struct{ *acd.MemoryStorage }

func (s stuck) Commit(ctx context.Context, b acd.Batch) error {
	if b.Seq <= 1 {
		return s.MemoryStorage.Commit(ctx, b)
	}
	<-ctx.Done()
	return ctx.Err()
}

// A change that is applied and not stored in time says so: it is not to be repeated.
func TestTimeout_AppliedAndNotYetStored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, err := acd.Open(t.Context(), acd.Options{Storage: stuck{new(acd.MemoryStorage)}})
		require.NoError(t, err)
		h := handler(t, r, rest.Options{Timeout: 2 * time.Second})
		w := ask(h, http.MethodPost, "/call_queues", `{"name":"Q","extension_number":"8000","polling_strategy":"CYCLIC_HUNT"}`)
		assert.Equal(t, 503, w.Code)
		assert.Contains(t, w.Body.String(), "NOT_DURABLE")
		assert.Contains(t, ask(h, http.MethodGet, "/call_queues", "").Body.String(), `"count":1`)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = r.Close(ctx)
	})
}

func TestBody_ThatBreaksOff(t *testing.T) {
	t.Parallel()
	h := handler(t, open(t), rest.Options{})
	r := httptest.NewRequest(http.MethodPost, "/call_queues", io.MultiReader(strings.NewReader(`{"name":`), iotest.ErrReader(io.ErrUnexpectedEOF)))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	assert.Equal(t, 400, w.Code)
	assert.Contains(t, w.Body.String(), "the body is incomplete")
	assert.Equal(t, 400, ask(h, http.MethodPost, "/call_queues", "{\"name\":\"\xff\"}").Code)
	assert.Equal(t, 400, ask(h, http.MethodPost, "/call_queues", "{} {}").Code)
}

// A body that does not arrive holds nobody for longer than Timeout.
func TestBody_ThatDoesNotArrive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, rest.Options{Timeout: 3 * time.Second})
		c, err := s.pipes.dial(t.Context(), "", "")
		require.NoError(t, err)
		_, err = io.WriteString(c, "POST /call_queues HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
		require.NoError(t, err)
		began := time.Now()
		answer := make([]byte, 1024)
		n, err := c.Read(answer)
		require.NoError(t, err)
		assert.Contains(t, string(answer[:n]), "HTTP/1.1 400 ")
		assert.Equal(t, 3*time.Second, time.Since(began))
		require.NoError(t, c.Close())
		s.stop()
	})
}

// Changes of one queue by many at once are all there in the end: each leaves what it
// does not name.
func TestUpdate_ManyAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, newQueue("q", "8000"), acd.SetVIP{Listing: queue.Listing{ID: "v", Number: "5551"}})
	h := handler(t, r, rest.Options{})
	var group sync.WaitGroup
	for path, bodies := range map[string][]string{
		"/call_queues/q": {`{"ring_time":31}`, `{"max_callers":32}`, `{"sla_time":33}`, `{"priority":34}`, `{"skill_wait":35}`},
		"/vip_numbers/v": {`{"address":"a"}`, `{"longitude":"b"}`, `{"latitude":"c"}`, `{"description":"d"}`, `{"enabled":true}`},
	} {
		for _, body := range bodies {
			group.Go(func() { assert.Equal(t, 200, ask(h, http.MethodPost, path, body).Code) })
		}
	}
	group.Wait()
	q, err := r.Queue("q")
	require.NoError(t, err)
	assert.EqualValues(t, 6, q.Revision)
	c := q.Config
	assert.Equal(t, []time.Duration{31 * time.Second, 33 * time.Second, 35 * time.Second}, []time.Duration{c.RingTime, c.SLATime, c.SkillWait})
	assert.Equal(t, []int{32, 34}, []int{c.MaxCallers, c.Priority})
	v, err := r.VIPByID("v")
	require.NoError(t, err)
	v.Created, v.Updated = 0, 0
	assert.Equal(t, queue.Listing{ID: "v", Number: "5551", Address: "a", Longitude: "b", Latitude: "c", Description: "d", Enabled: true, Revision: 6}, v)
}

// What is read can be sent again as it is, and changes nothing.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, newQueue("q", "8000"), acd.AddAgent{Agent: "1001", Name: "Anna", Queues: []acd.Place{{Queue: "q"}}},
		acd.AddServer{Server: "s", Name: "rack", IPv4: "192.0.2.7"},
		acd.SetVIP{Listing: queue.Listing{ID: "v", Number: "5551", Description: "x"}},
		acd.SetExclusive{Listing: queue.Listing{ID: "x", Number: "5552"}, Queue: "q", Agents: []agent.ID{"1001"}},
		acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{ID: "b", Number: "5553"}, Level: queue.BlockSecond}})
	h := handler(t, r, rest.Options{})
	for _, path := range []string{
		"/call_queues/q", "/call_queue_servers/s", "/vip_numbers/v", "/exclusive_numbers/x",
		"/call_queue_blacklisted_numbers/b", "/call_queue_blacklist_prompts",
	} {
		w := ask(h, http.MethodGet, path, "")
		require.Equal(t, 200, w.Code, path)
		before := r.Lists()
		assert.Equal(t, 200, ask(h, http.MethodPost, path, w.Body.String()).Code, path)
		assert.Equal(t, before, r.Lists())
		var was, is map[string]any
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &was))
		require.NoError(t, json.Unmarshal(ask(h, http.MethodGet, path, "").Body.Bytes(), &is))
		for _, moves := range []string{"revision", "updated_at"} {
			delete(was, moves)
			delete(is, moves)
		}
		assert.Equal(t, was, is, path)
	}
}

// A list of the API without pages is sent whole, in the order that it has.
func TestAgents_TheWholeList(t *testing.T) {
	t.Parallel()
	r := open(t)
	in := acd.SetAgents{Queue: "q"}
	for i := range 250 {
		in.Agents = append(in.Agents, acd.Listed{Agent: agent.ID(fmt.Sprint(9999 - i)), Level: 1 + i%100})
	}
	post(t, r, newQueue("q", "8000"), in)
	var got struct {
		Count int
		Items []struct {
			Agent agent.ID `json:"extension_number"`
			Level int      `json:"skill_level"`
		}
	}
	require.NoError(t, json.Unmarshal(ask(handler(t, r, rest.Options{}), http.MethodGet, "/call_queues/q/agents", "").Body.Bytes(), &got))
	assert.Equal(t, 250, got.Count)
	require.Len(t, got.Items, 250)
	for i, item := range got.Items {
		assert.Equal(t, acd.Listed{Agent: agent.ID(fmt.Sprint(9999 - i)), Level: 1 + i%100}, acd.Listed(item))
	}
}

// The server that the package proposes has its limits.
func TestServer_Limits(t *testing.T) {
	t.Parallel()
	s := rest.Server("127.0.0.1:0", nil)
	assert.Positive(t, s.ReadHeaderTimeout)
	assert.Positive(t, s.ReadTimeout)
	assert.Positive(t, s.IdleTimeout)
	assert.Positive(t, s.MaxHeaderBytes)
	assert.Zero(t, s.WriteTimeout, "streams have no end")
	_, _, err := net.SplitHostPort(s.Addr)
	require.NoError(t, err)
}

// A page of the line says how many there are in all, callbacks included.
func TestWaiting_APageCountsTheLine(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, newQueue("q", "8000"))
	for i := range 120 {
		post(t, r, acd.Join{Call: queue.CallID(fmt.Sprint("c", i)), Queue: "q"})
	}
	h := handler(t, r, rest.Options{})
	for path, count := range map[string]int{"?top=7": 7, "?top=100&skip=100": 20, "": 120, "?skip=119": 1} {
		var got struct {
			Count int
			Items []struct{}
		}
		require.NoError(t, json.Unmarshal(ask(h, http.MethodGet, "/call_queues/q/waiting"+path, "").Body.Bytes(), &got))
		assert.Equal(t, 120, got.Count)
		assert.Len(t, got.Items, count, path)
	}
}
