package rest_test

import (
	"net/http"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
)

// FuzzBody sends bodies everywhere: each is taken or refused in words, and what is
// refused has changed nothing.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"name":"Q","extension_number":"8001","polling_strategy":"CYCLIC_HUNT","ring_time":null}`,
		`{"night_mode_forward_rule":{"action":"FORWARD_TO_NUMBER","number":"6000"},"outbound_caller_ids":[{"caller_id":"1"}]}`,
		`{"items":[{"extension_number":"1001","skill_level":5}]}`, `{"items":["1001"]}`, `{"status":"READY","reason":"x"}`,
		`{"number":"+4930","level":"SECOND","expire_at":"2030-01-01T00:00:00Z","trigger_times":1}`,
		`{"enable_level1":true,"level1_prompt_file_id":""}`, `{"name":"s","ipv4":"192.0.2.1"}`, `{}`, `{"a":{"a":[`, `[]`, "\x00",
	} {
		for path := range uint8(16) {
			f.Add(path, seed)
		}
	}
	paths := []string{
		"/call_queues", "/call_queues/q", "/call_queues/q/agents", "/call_queues/q/agents/1001", "/call_queue_servers",
		"/call_queue_servers/INTERNAL", "/vip_numbers", "/vip_numbers/v", "/call_queue_blacklisted_numbers",
		"/call_queue_blacklisted_numbers/b", "/call_queue_blacklist_prompts", "/exclusive_numbers", "/exclusive_numbers/x",
		"/exclusive_numbers/x/call_queues/q/agents", "/users/1001/call_queues/q/agent", "/user/call_queues/q/agent",
	}
	f.Fuzz(func(t *testing.T, path uint8, body string) {
		r := open(t)
		post(t, r, newQueue("q", "8000"), acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "q"}}},
			acd.SetVIP{Listing: queue.Listing{ID: "v", Number: "5551"}},
			acd.SetExclusive{Listing: queue.Listing{ID: "x", Number: "5552"}},
			acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{ID: "b", Number: "5553"}}})
		h := handler(t, r, rest.Options{Authorize: func(*http.Request, rest.Action) (rest.Principal, error) {
			return rest.Principal{Agent: "1001"}, nil
		}})
		_, before := r.Newest()
		lists := r.Lists()
		w := ask(h, http.MethodPost, paths[int(path)%len(paths)], body)
		switch w.Code {
		case http.StatusOK, http.StatusCreated:
		case http.StatusBadRequest, http.StatusConflict:
			_, after := r.Newest()
			assert.Equal(t, before, after)
			assert.Equal(t, lists, r.Lists())
			assert.Contains(t, w.Body.String(), `{"errors":[{"code":"`)
		default:
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
