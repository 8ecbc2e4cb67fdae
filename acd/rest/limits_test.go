package rest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A body of nothing but mistakes is refused in an answer of bounded size. The bodies are
// so large that one notices the time if every name is looked for among all others.
func TestBody_OfMistakes(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, newQueue("q", "8000"), acd.SetVIP{Listing: queue.Listing{ID: "v", Number: "5551"}},
		acd.SetExclusive{Listing: queue.Listing{ID: "x", Number: "5552"}})
	h := handler(t, r, rest.Options{})
	var names, numbers strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&names, `,"a%d":1`, i)
		fmt.Fprintf(&numbers, `,"%d"`, 10_000_000+i)
	}
	for path, body := range map[string]string{
		"/vip_numbers/v": "{" + names.String()[1:] + "}",
		"/call_queues/q": `{"outbound_caller_ids":[{` + names.String()[1:] + `}],"x":1}`,
		"/exclusive_numbers/x/call_queues/q/agents": `{"items":[` + numbers.String()[1:] + `]}`,
		"/call_queues/q/agents":                     `{"items":[` + strings.Repeat("1,", 400_000) + `1]}`,
	} {
		w := ask(h, http.MethodPost, path, body)
		assert.Equal(t, 400, w.Code, path)
		assert.Less(t, w.Body.Len(), 128<<10, path)
		assert.Contains(t, w.Body.String(), "; and more", path)
	}
}

// The first instant of all is a time and not never.
func TestExpiry_AtTheEpoch(t *testing.T) {
	t.Parallel()
	r := open(t)
	post(t, r, acd.SetVIP{Listing: queue.Listing{ID: "v", Number: "5551"}})
	h := handler(t, r, rest.Options{})
	for _, at := range []string{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00+05:00", "2200-12-31T23:59:59-12:00"} {
		assert.Equal(t, 400, ask(h, http.MethodPost, "/vip_numbers/v", `{"expire_at":"`+at+`"}`).Code, at)
	}
	assert.Equal(t, 200, ask(h, http.MethodPost, "/vip_numbers/v", `{"expire_at":"2030-01-01T02:00:00+02:00"}`).Code)
	assert.Contains(t, ask(h, http.MethodGet, "/vip_numbers/v", "").Body.String(), `"expire_at":"2030-01-01T00:00:00Z"`)
}

// What the host's directory says to us is not for the client, whatever it wraps.
func TestUser_ErrorsOfTheHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{{acd.ErrNotFound, 404}, {rest.ErrForbidden, 403}, {acd.ErrInvalid, 500}, {rest.ErrUnauthorized, 500}, {io.EOF, 500}} {
		h := handler(t, open(t), rest.Options{User: func(*http.Request, rest.Principal, string) (agent.ID, error) {
			return "", fmt.Errorf("directory 192.0.2.3: %w", c.err)
		}})
		w := ask(h, http.MethodGet, "/users/u1/call_queues", "")
		assert.Equal(t, c.want, w.Code, c.err)
		assert.NotContains(t, w.Body.String(), "192.0.2.3")
	}
}

// No path leads to an answer that is not the handler's own.
func TestPaths_AreServedAsTheyAre(t *testing.T) {
	t.Parallel()
	h := handler(t, open(t), rest.Options{Prefix: "/api"})
	for _, path := range []string{"//api/call_queues", "/api/./call_queues", "/api/x/../call_queues", "/api//call_queues", "*", "/api", "/"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, 404, w.Code, path)
		assert.Contains(t, w.Body.String(), `"NOT_FOUND"`, path)
	}
	assert.Equal(t, 404, ask(h, http.MethodGet, "/api/call_queues/%2e%2e", "").Code)
}

// An answer that nobody takes is broken off; who takes it slowly gets all of it.
func TestAnswer_ToSlowReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, rest.Options{WriteTimeout: 10 * time.Second})
		in := acd.SetAgents{Queue: "q"}
		for i := range 1500 {
			in.Agents = append(in.Agents, acd.Listed{Agent: agent.ID(fmt.Sprint(1000 + i)), Level: 1})
		}
		s.makeQueue("q", "8000")
		s.must(in)
		for pause, whole := range map[time.Duration]bool{500 * time.Millisecond: true, time.Minute: false} {
			c, err := s.pipes.dial(t.Context(), "", "")
			require.NoError(t, err)
			_, err = io.WriteString(c, "GET /call_queues/q/agents HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			require.NoError(t, err)
			began := time.Now()
			var got strings.Builder
			for b := make([]byte, 4<<10); err == nil; {
				var n int
				time.Sleep(pause)
				n, err = c.Read(b)
				got.Write(b[:n])
			}
			_, body, _ := strings.Cut(got.String(), "\r\n\r\n")
			assert.Equal(t, whole, json.Valid([]byte(body)), pause)
			assert.Greater(t, time.Since(began), 15*time.Second, "longer than a piece may take")
			require.NoError(t, c.Close())
		}
		s.stop()
	})
}
