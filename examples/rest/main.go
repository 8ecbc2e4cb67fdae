// Rest serves the queue API over HTTP on a simulated phone system, so that everything
// can be tried with curl:
//
//	go run ./examples/rest
//	curl -H 'Authorization: Bearer admin' http://127.0.0.1:8080/api/call_queues
//
// Phones are answered 3 s after they begin to ring and talk for 20 s. To call a number:
//
//	curl -d to=8000 --data-urlencode from=+4930123456 http://127.0.0.1:8080/phone/calls
//
// story.sh beside this file makes a queue, calls it and picks the call up.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/agent"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err == nil {
		err = run(ctx, listener, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rest:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, listener net.Listener, out io.Writer) error {
	router, err := acd.Open(ctx, acd.Options{})
	if err != nil {
		return err
	}
	api, err := rest.New(router, rest.Options{
		Prefix: "/api", Authorize: authorize, Logger: slog.New(slog.NewTextHandler(out, nil)),
	})
	if err != nil {
		return err
	}
	phones := &phones{router: router, out: out, answer: 3 * time.Second, talk: 20 * time.Second, patience: 5 * time.Minute}
	mux := http.NewServeMux()
	mux.Handle("/api/", api)
	mux.Handle("POST /phone/calls", phones)
	server := rest.Server("", mux)
	fmt.Fprintf(out, "http://%s/api, tokens admin, anna (extension 1001) and ben (1002)\n", listener.Addr())

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	go phones.run(ctx)
	select {
	case <-ctx.Done():
	case err := <-failed:
		return err
	}
	// Streams of events end with the router; then there is nothing left to wait for.
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(router.Close(end), server.Shutdown(end))
}

// people are who may use this server, by token. A real one would look a token up where
// it was issued.
var people = map[string]rest.Principal{
	"admin": {Name: "admin"},
	"anna":  {Name: "anna", Agent: agent.ID("1001")},
	"ben":   {Name: "ben", Agent: agent.ID("1002")},
}

// authorize lets the admin do everything, and agents read, and change what is their
// own: their status, and the calls that they pick up.
func authorize(r *http.Request, a rest.Action) (rest.Principal, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	who, ok := people[token]
	switch {
	case !ok:
		return who, rest.ErrUnauthorized
	case a.Write && !a.Own && who.Agent != "":
		return who, rest.ErrForbidden
	}
	return who, nil
}
