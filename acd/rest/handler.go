package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// Options say how the API is served. The zero value refuses every request: see
// Authorize. They must not be changed once they were given to [New].
type Options struct {
	// Prefix is what the paths begin with, like "/api"; "": nothing. A host that
	// strips one of its own before the handler leaves it out here.
	Prefix string
	// Authorize says who makes a request, and whether he may do this; an error: he
	// may not, see [ErrUnauthorized]. It is called before anything is read, and by
	// many requests at once. nil: nobody may do anything.
	Authorize func(r *http.Request, a Action) (Principal, error)
	// User returns the agent that is the user with an id, for the paths /users/{id}/…;
	// an error that wraps [acd.ErrNotFound] if there is none, or [ErrForbidden]. Any
	// other is a failure of the host (500). It is called for many requests at once. nil: a
	// user's id is his extension.
	User func(r *http.Request, p Principal, id string) (agent.ID, error)
	// Prompts has the prompt files; nil: there are none.
	Prompts Prompts
	// Now is the clock of the Router, for how long callers have waited; nil:
	// [time.Now].
	Now func() time.Time
	// Logger is told of what went wrong here: errors with status 500 and 503, and
	// panics; nil: nobody is.
	Logger *slog.Logger

	MaxBody      int64         // bytes of a body; 0: 1 MiB
	MaxHeader    int           // bytes of all headers; 0: 32 KiB
	Timeout      time.Duration // for a body to arrive and a change to be stored; 0: 10 s
	WriteTimeout time.Duration // for a piece of an answer or a stream to be taken; 0: 10 s
	KeepAlive    time.Duration // between the signs of life of a quiet stream; 0: 15 s
	MaxStreams   int           // streams of events at once; 0: 1,000
}

// maxURI is how long path and query of a request may be, in bytes.
const maxURI = 8 << 10

// plain is a prefix that reads in an address as it is.
var plain = regexp.MustCompile(`^(/[A-Za-z0-9._~@:+-]+)+$`)

// Handler serves the queue API of a Router. Make it with [New]. It is safe for
// concurrent use.
type Handler struct {
	router  *acd.Router
	options Options
	mux     *http.ServeMux
	openapi []byte
	log     *slog.Logger
	streams atomic.Int64
	encoded encoding
}

var _ http.Handler = (*Handler)(nil)

// New returns a handler for a router, or, with nil, for those that Authorize names. An
// error says what is wrong with the options.
func New(router *acd.Router, o Options) (*Handler, error) {
	if o.Prefix != "" && (!plain.MatchString(o.Prefix) || path.Clean(o.Prefix) != o.Prefix) {
		return nil, fmt.Errorf("rest: %w: prefix %q: must begin with a slash, end without one, and be plain", acd.ErrInvalid, o.Prefix)
	}
	if o.MaxBody < 0 || o.MaxHeader < 0 || o.Timeout < 0 || o.WriteTimeout < 0 || o.KeepAlive < 0 || o.MaxStreams < 0 {
		return nil, fmt.Errorf("rest: %w: a limit is negative", acd.ErrInvalid)
	}
	standard(&o.MaxBody, 1<<20)
	standard(&o.MaxHeader, 32<<10)
	standard(&o.Timeout, 10*time.Second)
	standard(&o.WriteTimeout, 10*time.Second)
	standard(&o.KeepAlive, 15*time.Second)
	standard(&o.MaxStreams, 1000)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Handler{router: router, options: o, mux: http.NewServeMux(), log: o.Logger}
	var err error
	if h.openapi, err = document(o.Prefix); err != nil {
		return nil, err
	}
	for at, methods := range routes() {
		h.mux.Handle(o.Prefix+at, &resource{h, methods})
	}
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.fail(w, r, notFound("path", clip(r.URL.Path)))
	})
	return h, nil
}

func standard[T int | int64 | time.Duration](v *T, n T) {
	if *v == 0 {
		*v = n
	}
}

// Server returns a server with good limits for a handler like this one: of the time
// that a header and a request may take, and of the size of headers. It sets none for
// the answer, which the handler does itself, for streams have no end.
func Server(address string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: address, Handler: h,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
	}
}

// operation is one thing that can be asked for.
type operation struct {
	action Action
	serve  func(*request) (*reply, error)
	stream func(*request, http.ResponseWriter) error // instead of serve
}

// resource is what is at a path, by method.
type resource struct {
	handler *Handler
	methods map[string]operation
}

// request is a request that is being served.
type request struct {
	*http.Request
	handler   *Handler
	action    Action
	principal Principal
	router    *acd.Router
	query     url.Values
	body      []byte
}

// reply is an answer; the zero body is none.
type reply struct {
	status int
	body   []byte
	header [][2]string
}

func done() *reply { return &reply{status: http.StatusOK} }

func gone() *reply { return &reply{status: http.StatusNoContent} }

// object answers with an object.
func object(b []byte) *reply { return &reply{status: http.StatusOK, body: append(b, '}')} }

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := &writer{ResponseWriter: w}
	defer h.recover(out, r)
	h.bound(w, r)
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache")
	switch {
	case h.options.Authorize == nil:
		h.fail(out, r, ErrForbidden)
	case len(r.URL.EscapedPath())+len(r.URL.RawQuery) > maxURI:
		h.fail(out, r, &failure{http.StatusRequestURITooLong, "URI_TOO_LONG", "The address is too long.", fmt.Sprintf("at most %d bytes", maxURI)})
	case sizeOf(r.Header) > h.options.MaxHeader:
		h.fail(out, r, &failure{http.StatusRequestHeaderFieldsTooLarge, "HEADERS_TOO_LARGE", "The headers are too large.", fmt.Sprintf("at most %d bytes", h.options.MaxHeader)})
	case !tidy(r.URL.EscapedPath()):
		h.fail(out, r, notFound("path", clip(r.URL.Path)))
	default:
		h.mux.ServeHTTP(out, r)
	}
}

// tidy reports whether a path is one that the mux serves, and does not redirect to
// another, or refuse, in a form that is not ours.
func tidy(p string) bool {
	return strings.HasPrefix(p, "/") && (path.Clean(p) == p || path.Clean(p)+"/" == p)
}

func sizeOf(header http.Header) int {
	n := 0
	for name, values := range header {
		for _, v := range values {
			n += len(name) + len(v) + 4
		}
	}
	return n
}

// writer remembers whether an answer has begun.
type writer struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader implements [http.ResponseWriter].
func (w *writer) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *writer) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recover answers for a panic: of the host's hooks, or of this package. An answer that
// has begun is broken off.
func (h *Handler) recover(w *writer, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // it is compared as net/http does
		panic(cause) //nolint:forbidigo // not ours: it has net/http break off the connection
	}
	h.log.ErrorContext(r.Context(), "rest: panic", "method", r.Method, "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
	if w.begun {
		panic(http.ErrAbortHandler) //nolint:forbidigo // the way of net/http to break off an answer
	}
	h.send(w, r, failureOf(errors.New("panic")).reply())
}

// ServeHTTP implements [http.Handler].
func (p *resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	op, ok := p.methods[method]
	if !ok {
		w.Header().Set("Allow", p.allow())
		p.handler.fail(w, r, &failure{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "The method is not allowed here.", "must be " + p.allow()})
		return
	}
	rq := &request{Request: r, handler: p.handler, action: op.action}
	if err := p.handler.authorize(rq); err != nil {
		p.handler.fail(w, r, err)
		return
	}
	var err error
	if rq.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		p.handler.fail(w, r, invalid([]string{"query: " + err.Error()}))
		return
	}
	if op.stream != nil {
		if err := op.stream(rq, w); err != nil {
			p.handler.fail(w, r, err)
		}
		return
	}
	answer, err := p.handler.answer(rq, w, op)
	if err != nil {
		p.handler.fail(w, r, err)
		return
	}
	p.handler.send(w, r, answer)
}

func (p *resource) allow() string {
	allowed := ""
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if _, ok := p.methods[method]; !ok {
			continue
		}
		if allowed != "" {
			allowed += ", "
		}
		allowed += method
		if method == http.MethodGet {
			allowed += ", " + http.MethodHead
		}
	}
	return allowed
}

// answer reads the body and serves a request, in bounded time.
func (h *Handler) answer(rq *request, w http.ResponseWriter, op operation) (*reply, error) {
	ctx, cancel := context.WithTimeout(rq.Context(), h.options.Timeout)
	defer cancel()
	rq.Request = rq.WithContext(ctx)
	if rq.Method == http.MethodPost {
		if err := rq.readBody(w); err != nil {
			return nil, err
		}
	}
	return op.serve(rq)
}

// fail answers with an error.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := failureOf(err)
	if f.status >= http.StatusInternalServerError {
		h.log.ErrorContext(r.Context(), "rest: "+f.code, "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if f.status == http.StatusUnauthorized {
		challenge(w.Header())
	}
	h.send(w, r, f.reply())
}

func (f *failure) reply() *reply { return &reply{status: f.status, body: f.encode()} }

func (h *Handler) send(w http.ResponseWriter, r *http.Request, a *reply) {
	header := w.Header()
	for _, pair := range a.header {
		header.Set(pair[0], pair[1])
	}
	if len(a.body) > 0 {
		if header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/json")
		}
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	h.write(w, r, a.body)
}

// Bytes: piece is how much of an answer is written at once; what fits into the buffers
// of a connection waits for no reader.
const (
	piece = 32 << 10
	fits  = 4 << 10
)

// write writes the body of an answer in pieces, each of which has its time to be taken,
// so that who does not read holds nothing for ever, and who reads slowly gets it all. A
// server that limits the whole answer has its own way.
func (h *Handler) write(w http.ResponseWriter, r *http.Request, b []byte) {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	if len(b) <= fits || server != nil && server.WriteTimeout > 0 {
		_, _ = w.Write(b) // who has gone needs no answer
		return
	}
	control := http.NewResponseController(w)
	for part := range slices.Chunk(b, piece) {
		_ = control.SetWriteDeadline(time.Now().Add(h.options.WriteTimeout)) // a writer without deadlines has none
		if _, err := w.Write(part); err != nil {
			return
		}
	}
	if control.Flush() == nil {
		_ = control.SetWriteDeadline(time.Time{}) // the connection goes on
	}
}

// do applies a change and waits until it is stored.
func (rq *request) do(in acd.Input) error { return rq.router.Do(rq.Context(), in) }
