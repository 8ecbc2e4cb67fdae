// Package transcript plays exchanges of HTTP from a file against a handler of package
// rest, and compares the answers with those that the file has. The tests of the
// handler and those of its OpenAPI document play the same files.
//
// A file is a sequence of steps, with an empty line after each:
//
//	# what the step is about
//	as anna                       who asks from now on; admin at first
//	! {"type":"add_agent", …}     the host says something to the router
//	! close                       the router is closed
//	! no prompts                  the host has no prompt files from now on
//	+ 30s                         the clock moves
//	POST /call_queues             a request: its line, headers, and body
//	If-Match: "1"
//	{"name":"Support", …}
//	=> 200 application/json       the answer: status and type, some headers, and body
//	ETag: "1"
//	{"id":"$id1"}
//
// Ids that the handler makes are $id1, $id2, … in the order in which they are seen;
// <a*5000> is the letter so many times.
package transcript

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/queue"
)

// Exchange is a request and its answer.
type Exchange struct {
	Request *http.Request
	Sent    []byte // its body
	Answer  *http.Response
	Body    []byte
}

// player plays one file.
type player struct {
	clock   *acdtest.Clock
	router  *acd.Router
	handler *rest.Handler
	who     string
	ids     []string
	see     func(Exchange)
}

// Prefix is where the handler is mounted.
const Prefix = "/api"

// Play plays a file, calls see for every exchange, and returns the file as it would
// read if all answers were expected. An error is one of the file's form, or of the
// host's part.
func Play(text string, see func(Exchange)) (string, error) {
	p := &player{clock: acdtest.NewClock(acdtest.Start()), who: "admin", see: see}
	var err error
	if p.router, err = acd.Open(context.Background(), acd.Options{Clock: p.clock}); err != nil {
		return "", err
	}
	defer func() { _ = p.router.Close(context.Background()) }() // it has no store
	if err := p.serve(&prompts{known: map[string]rest.File{"p1": {Name: "warning.wav", Size: 4711, URL: "https://pbx.example/p1.wav"}}}); err != nil {
		return "", err
	}
	var out []string
	for i, step := range strings.Split(strings.TrimSpace(text), "\n\n") {
		played, err := p.step(strings.Split(step, "\n"))
		if err != nil {
			return "", fmt.Errorf("step %d: %w", i+1, err)
		}
		out = append(out, strings.Join(played, "\n"))
	}
	return strings.Join(out, "\n\n") + "\n", nil
}

func (p *player) serve(files rest.Prompts) (err error) {
	p.handler, err = rest.New(p.router, rest.Options{
		Prefix: Prefix, Authorize: Authorize, Now: p.clock.Now, MaxBody: 4 << 10, MaxHeader: 4 << 10, Prompts: files,
	})
	return err
}

// Read returns the files of a directory, by name.
func Read(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		text, err := os.ReadFile(dir + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		files[e.Name()] = string(text)
	}
	return files, nil
}

// Authorize knows people by their tokens: anna is an agent, the admin is none, and
// whoever is called panic makes the hook panic.
func Authorize(r *http.Request, a rest.Action) (rest.Principal, error) {
	switch name, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); name {
	case "admin":
		return rest.Principal{Name: name}, nil
	case "anna":
		if a.Write && !a.Own {
			return rest.Principal{}, rest.ErrForbidden
		}
		return rest.Principal{Name: name, Agent: "1001"}, nil
	case "ben":
		return rest.Principal{Name: name, Agent: "1002"}, nil
	case "stranger":
		return rest.Principal{}, errors.New("no such role")
	case "panic":
		panic("the host's mistake") //nolint:forbidigo // a host may do what it likes
	default:
		return rest.Principal{}, rest.ErrUnauthorized
	}
}

// prompts are the files of a host.
type prompts struct {
	known    map[string]rest.File
	warnings [2]string
}

// File implements [rest.Prompts].
func (p *prompts) File(_ context.Context, _ rest.Principal, id string) (rest.File, error) {
	f, ok := p.known[id]
	if !ok {
		return f, acd.ErrNotFound
	}
	return f, nil
}

// Warning implements [rest.Prompts].
func (p *prompts) Warning(_ context.Context, _ rest.Principal, l queue.BlockLevel) (string, error) {
	return p.warnings[l], nil
}

// SetWarning implements [rest.Prompts].
func (p *prompts) SetWarning(_ context.Context, _ rest.Principal, l queue.BlockLevel, id string) error {
	p.warnings[l] = id
	return nil
}

// step plays a step and returns it as it should read.
func (p *player) step(lines []string) ([]string, error) {
	var played []string
	for i, line := range lines {
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "#":
		case "as":
			p.who = rest
		case "+":
			d, err := time.ParseDuration(rest)
			if err != nil {
				return nil, err
			}
			p.clock.Advance(d)
		case "!":
			if err := p.say(rest); err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
		default:
			answer, err := p.ask(lines[i:])
			return append(played, answer...), err
		}
		played = append(played, line)
	}
	return played, nil
}

// say is what the host says.
func (p *player) say(text string) error {
	switch text {
	case "close":
		return p.router.Close(context.Background())
	case "no prompts":
		return p.serve(nil)
	}
	in, err := acd.UnmarshalInput([]byte(p.meant(text)))
	if err != nil {
		return err
	}
	return p.router.Post(in)
}

var (
	header = regexp.MustCompile(`^([A-Z][A-Za-z-]*): ?(.*)$`)
	many   = regexp.MustCompile(`<(.)\*(\d+)>`)
	made   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	named  = regexp.MustCompile(`\$id(\d+)`)
)

// meant puts ids and repeated letters into a text.
func (p *player) meant(s string) string {
	s = named.ReplaceAllStringFunc(s, func(name string) string {
		n, _ := strconv.Atoi(name[3:]) // the expression says so
		if n < 1 || n > len(p.ids) {
			return name
		}
		return p.ids[n-1]
	})
	return many.ReplaceAllStringFunc(s, func(m string) string {
		part := many.FindStringSubmatch(m)
		n, _ := strconv.Atoi(part[2])
		return strings.Repeat(part[1], n)
	})
}

// told puts names into a text instead of ids.
func (p *player) told(s string) string {
	return made.ReplaceAllStringFunc(s, func(id string) string {
		i := slices.Index(p.ids, id)
		if i < 0 {
			i = len(p.ids)
			p.ids = append(p.ids, id)
		}
		return fmt.Sprintf("$id%d", i+1)
	})
}

// ask makes the request of a step.
func (p *player) ask(lines []string) ([]string, error) {
	asked := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "=>") })
	if asked < 0 {
		asked = len(lines)
	}
	method, path, _ := strings.Cut(p.meant(lines[0]), " ")
	var body []byte
	var headers [][]string
	for _, line := range lines[1:asked] {
		if m := header.FindStringSubmatch(p.meant(line)); m != nil {
			headers = append(headers, m)
		} else {
			body = append(body, p.meant(line)...)
		}
	}
	// A stream that is read by somebody who goes at once is the state alone.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if strings.HasPrefix(path, "/events") {
		cancel()
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://pbx.example"+Prefix+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if p.who != "nobody" {
		r.Header.Set("Authorization", "Bearer "+p.who)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		r.Header.Set(h[1], h[2])
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	answer := w.Result()
	if p.see != nil {
		p.see(Exchange{r, body, answer, w.Body.Bytes()})
	}
	first := strings.TrimSpace(fmt.Sprintf("=> %d %s", answer.StatusCode, answer.Header.Get("Content-Type")))
	out := append(slices.Clone(lines[:asked]), first)
	for _, name := range []string{"Allow", "Content-Disposition", "ETag", "WWW-Authenticate"} {
		if v := answer.Header.Get(name); v != "" {
			out = append(out, name+": "+v)
		}
	}
	for line := range strings.SplitSeq(p.told(w.Body.String()), "\n") {
		if line != "" {
			out = append(out, line)
		}
	}
	return out, nil
}
