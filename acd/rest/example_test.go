package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// A host mounts the API, says who may do what, and answers a first request.
func ExampleNew() {
	router, err := acd.Open(context.Background(), acd.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	api, err := rest.New(router, rest.Options{
		Prefix: "/api",
		Authorize: func(r *http.Request, a rest.Action) (rest.Principal, error) {
			switch {
			case r.Header.Get("Authorization") != "Bearer secret":
				return rest.Principal{}, rest.ErrUnauthorized
			case a.Write:
				return rest.Principal{}, rest.ErrForbidden
			}
			return rest.Principal{Name: "board"}, nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", api)

	config := queue.Defaults()
	config.Name, config.Number = "Support", "8000"
	if err := router.Post(acd.CreateQueue{Queue: "support", Config: config}); err != nil {
		fmt.Println(err)
	}
	for _, ask := range []string{"GET /api/call_queues?filter=startswith(name,'Sup')", "POST /api/call_queues/support/destroy"} {
		method, path, _ := strings.Cut(ask, " ")
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Authorization", "Bearer secret")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 {"count":1,"items":[{"id":"support","name":"Support","extension_number":"8000","ring_time":20,"polling_strategy":"RING_SIMULTANEOUSLY"}]}
	// 403 {"errors":[{"code":"FORBIDDEN","message":"You may not do this.","detail":null}]}
}

// A hook knows people by their tokens: the admin may do everything, an agent what is his
// own, and a supervisor sees some queues.
func ExampleOptions() {
	people := map[string]struct {
		Name   string
		Admin  bool
		Agent  agent.ID
		Queues map[string]bool
	}{
		"t1": {Name: "Ada", Admin: true},
		"t2": {Name: "Sue", Agent: "1001", Queues: map[string]bool{"support": true}},
	}
	authorize := func(r *http.Request, a rest.Action) (rest.Principal, error) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		who, known := people[token]
		switch {
		case !known:
			return rest.Principal{}, rest.ErrUnauthorized
		case who.Admin, a.Own:
		case !a.Write && strings.HasPrefix(r.URL.Path, "/api/call_queues/") && who.Queues[r.PathValue("id")]:
		default:
			return rest.Principal{}, rest.ErrForbidden
		}
		return rest.Principal{Name: who.Name, Agent: who.Agent}, nil
	}
	router, err := acd.Open(context.Background(), acd.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	api, err := rest.New(router, rest.Options{Prefix: "/api", Authorize: authorize})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []queue.ID{"support", "sales"} {
		config := queue.Defaults()
		config.Name, config.Number = string(id), fmt.Sprint(8000+len(id))
		if err := router.Post(acd.CreateQueue{Queue: id, Config: config}); err != nil {
			fmt.Println(err)
		}
	}
	for _, ask := range []string{
		"t1 GET /api/call_queues", "t2 GET /api/call_queues", "t2 GET /api/call_queues/support/agents", "t2 GET /api/call_queues/sales/agents",
		"t2 POST /api/call_queues/support/destroy", "t2 GET /api/events", "t2 GET /api/user/call_queues", "t3 GET /api/user/call_queues",
	} {
		words := strings.Fields(ask)
		r := httptest.NewRequest(words[1], words[2], nil)
		r.Header.Set("Authorization", "Bearer "+words[0])
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		fmt.Println(ask, w.Code)
	}
	// Output:
	// t1 GET /api/call_queues 200
	// t2 GET /api/call_queues 403
	// t2 GET /api/call_queues/support/agents 200
	// t2 GET /api/call_queues/sales/agents 403
	// t2 POST /api/call_queues/support/destroy 403
	// t2 GET /api/events 403
	// t2 GET /api/user/call_queues 200
	// t3 GET /api/user/call_queues 401
}
