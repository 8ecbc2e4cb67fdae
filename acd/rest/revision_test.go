package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// things are what several administrators change at once: each by its path, with two
// properties that have nothing to do with one another.
var things = []struct{ path, one, other string }{
	{"/call_queues/q", `"ring_time":%d`, `"sla_time":%d`},
	{"/vip_numbers/v", `"address":"%d"`, `"description":"%d"`},
	{"/call_queue_blacklisted_numbers/b", `"address":"%d"`, `"description":"%d"`},
	{"/exclusive_numbers/x", `"description":"%d"`, ``},
	{"/call_queue_blacklist_prompts", `"enable_level1":%t`, `"enable_level2":%t`},
}

// administered is a router with those things.
func administered(t *testing.T) *acd.Router {
	t.Helper()
	r := open(t)
	listing := func(id string) queue.Listing { return queue.Listing{ID: id, Number: "5551", Enabled: true} }
	post(t, r, newQueue("q", "8000"),
		acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}}, acd.AddAgent{Agent: "1002"},
		acd.SetVIP{Listing: listing("v")}, acd.SetExclusive{Listing: listing("x")},
		acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: listing("b")}})
	return r
}

// send makes a change, if the thing has this ETag still; "" for any.
func send(h http.Handler, path, tag, body string) int {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if tag != "" {
		r.Header.Set("If-Match", tag)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// Two administrators, each at a handler of his own over one router, change different
// properties of the same things: neither takes back what the other said. Whoever has
// just changed a property finds it as he left it.
func TestRevision_TwoHandlersUndoNothing(t *testing.T) {
	t.Parallel()
	r := administered(t)
	var all sync.WaitGroup
	for side := range 2 {
		h := handler(t, r, rest.Options{})
		for _, thing := range things {
			property := []string{thing.one, thing.other}[side]
			if property == "" {
				continue
			}
			all.Go(func() {
				for i := range 60 {
					value := any(20 + i)
					if strings.HasSuffix(property, "%t") {
						value = i%2 == 0
					}
					said := fmt.Sprintf(property, value)
					for send(h, thing.path, "", "{"+said+"}") == http.StatusPreconditionFailed { //nolint:revive // it was changed ten times meanwhile
					}
					if shown := ask(h, http.MethodGet, thing.path, "").Body.String(); !strings.Contains(shown, said) {
						t.Errorf("%s: said %s, and found %s", thing.path, said, shown)
						return
					}
				}
			})
		}
	}
	all.Go(func() { // and the host's own program gives a caller other agents
		for i := range 60 {
			x, err := r.Exclusive("5551")
			if err != nil {
				t.Error(err)
				return
			}
			who := agent.ID(strconv.Itoa(1001 + i%2))
			if r.Do(context.Background(), acd.SetExclusive{Listing: x.Listing, Queue: "q", Agents: []agent.ID{who}}) != nil {
				continue // changed meanwhile
			}
			if x, err := r.Exclusive("5551"); err != nil || len(x.Agents["q"]) != 1 || x.Agents["q"][0] != who {
				t.Errorf("said %s, and found %v (%v)", who, x.Agents, err)
			}
		}
	})
	all.Wait()
}

// Who says what he has read is refused as soon as it is not so any more: of several who
// count on, at two handlers, none is lost and none counts twice.
func TestRevision_IfMatchIsOneStep(t *testing.T) {
	t.Parallel()
	const each, writers = 20, 4
	for _, thing := range things[:4] {
		t.Run(thing.path, func(t *testing.T) {
			t.Parallel()
			r := administered(t)
			name, _, _ := strings.Cut(strings.Trim(thing.one, `"`), `"`)
			read := func(h http.Handler) (n int, tag string) {
				w := ask(h, http.MethodGet, thing.path, "")
				var shown map[string]any
				if err := json.Unmarshal(w.Body.Bytes(), &shown); err != nil {
					t.Error(err)
				}
				if shown[name] != nil {
					n, _ = strconv.Atoi(fmt.Sprint(shown[name]))
				}
				return n, w.Header().Get("ETag")
			}
			handlers := []http.Handler{handler(t, r, rest.Options{}), handler(t, r, rest.Options{})}
			first, _ := read(handlers[0])
			var all sync.WaitGroup
			for i := range writers {
				h := handlers[i%2]
				all.Go(func() {
					for done := 0; done < each; {
						n, tag := read(h)
						switch code := send(h, thing.path, tag, fmt.Sprintf("{"+thing.one+"}", n+1)); code {
						case http.StatusOK:
							done++
						case http.StatusPreconditionFailed:
						default:
							t.Errorf("%s: %d", thing.path, code)
							return
						}
					}
				})
			}
			all.Wait()
			last, _ := read(handlers[1])
			assert.Equal(t, first+each*writers, last)
		})
	}
}

// A change does not bring back what was destroyed meanwhile.
func TestRevision_WhatIsDestroyedStaysSo(t *testing.T) {
	t.Parallel()
	r := administered(t)
	v, err := r.VIP("5551")
	require.NoError(t, err)
	post(t, r, acd.RemoveVIP{Number: "5551"})
	require.ErrorIs(t, r.Post(acd.SetVIP{Listing: v}), acd.ErrNotFound)
	assert.Equal(t, http.StatusNotFound, send(handler(t, r, rest.Options{}), "/vip_numbers/v", "", `{"enabled":false}`))
}
