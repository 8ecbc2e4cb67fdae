package rest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
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
