package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/acdkit/acdkit/agent"
)

// readBody reads the body of a request within its limits.
func (rq *request) readBody(w http.ResponseWriter) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, rq.Body, rq.handler.options.MaxBody))
	if err != nil {
		w.Header().Set("Connection", "close") // nobody reads the rest
	} else {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // see bound
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &failure{http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "The body is too large.", fmt.Sprintf("at most %d bytes", large.Limit)}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return badRequest("the body did not arrive in time")
	case err != nil:
		return badRequest("the body is incomplete")
	}
	rq.body = bytes.TrimSpace(data)
	if media, _, err := mime.ParseMediaType(rq.Header.Get("Content-Type")); len(rq.body) > 0 && (err != nil || media != "application/json") {
		return &failure{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The body is of a type that is not read here.", "must be application/json"}
	}
	return nil
}

// bound gives a body its time to arrive: net/http too waits for it, to read what the
// handler has not, before it answers.
func (h *Handler) bound(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.options.Timeout)) // a writer without deadlines has none
	}
}

// form is an object from outside that is read property by property; what is wrong
// with it is collected.
type form struct {
	pairs    []pair
	places   map[string]int // of the pairs, by name
	taken    map[string]bool
	problems []string
}

// pair is a property of a JSON object.
type pair struct {
	name string
	raw  json.RawMessage
}

// form reads the body as an object.
func (rq *request) form() (*form, error) {
	f, err := readForm(rq.body)
	if err != nil {
		return nil, badRequest("the body must be a JSON object: " + err.Error())
	}
	return f, nil
}

func readForm(data []byte) (*form, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("invalid UTF-8")
	}
	f := &form{places: make(map[string]int), taken: make(map[string]bool)}
	d := json.NewDecoder(bytes.NewReader(data))
	switch start, err := d.Token(); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("there is none")
	case err != nil:
		return nil, err
	case start != json.Delim('{'):
		return nil, errors.New("it is none")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, early(err)
		}
		var p pair
		p.name, _ = name.(string)
		if err := d.Decode(&p.raw); err != nil {
			return nil, early(err)
		}
		if f.find(p.name) != nil {
			f.refuse(p.name, p.raw, "must be given once")
			continue
		}
		f.places[p.name] = len(f.pairs)
		f.pairs = append(f.pairs, p)
	}
	if _, err := d.Token(); err != nil {
		return nil, early(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows it")
	}
	return f, nil
}

// early says of an end that it comes too early.
func early(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}

func (f *form) find(name string) json.RawMessage {
	if i, ok := f.places[name]; ok {
		return f.pairs[i].raw
	}
	return nil
}

// take returns the value of a property, nil if it is not given.
func (f *form) take(name string) json.RawMessage {
	f.taken[name] = true
	return f.find(name)
}

// refuse notes a problem: "skill_level 0: must be 1..100".
func (f *form) refuse(name string, raw []byte, must string) {
	f.problems = append(f.problems, fmt.Sprintf("%s %s: %s", shown(name), shown(string(raw)), must))
}

func (f *form) miss(name, must string) {
	f.problems = append(f.problems, name+": is missing, "+must)
}

// maxProblems is how many problems an answer names: a body of nothing but mistakes
// must not cost much more than it did to send.
const maxProblems = 1000

// full reports whether there are more problems than are named.
func (f *form) full() bool { return len(f.problems) > maxProblems }

// exactly refuses what stands within a property but for these names, each once and
// as it is written: encoding/json would take others for them.
func (f *form) exactly(name string, raw []byte, names ...string) {
	one, err := readForm(raw)
	if err != nil {
		return // it is none: who takes it says so
	}
	for _, p := range one.pairs {
		if !slices.Contains(names, p.name) {
			one.refuse(p.name, p.raw, "no such property")
		}
	}
	for _, p := range one.problems {
		f.problems = append(f.problems, name+"."+p)
	}
}

// shown is a text from outside as a problem shows it: short and harmless.
func shown(s string) string {
	s = clip(s)
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) || s == "" {
		return strconv.Quote(s)
	}
	return s
}

// isNull reports whether a property is given as null, its default.
func isNull(raw []byte) bool { return string(raw) == "null" }

// rule is what a text must be.
type rule struct {
	least, most int // characters
	pattern     *regexp.Regexp
	must        string
}

var (
	nameRule        = rule{1, 64, nil, "must be 1..64 characters"}
	descriptionRule = rule{0, 1024, nil, "must be at most 1024 characters"}
	addressRule     = rule{0, 128, nil, "must be at most 128 characters"}
	placeRule       = rule{0, 64, nil, "must be at most 64 characters"}
	reasonRule      = rule{0, 256, nil, "must be at most 256 characters"}
	opaqueRule      = rule{0, 128, nil, "must be at most 128 characters"}
	numberRule      = rule{1, 64, regexp.MustCompile(`^[0-9+]{1,64}$`), "must be 1..64 digits and +"}
	callerRule      = rule{1, 64, nil, "must be 1..64 characters"}
	extensionRule   = rule{3, 64, regexp.MustCompile(`^[0-9]{3,64}$`), "must be 3..64 digits"}
)

func (r *rule) allows(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= r.least && n <= r.most && (r.pattern == nil || r.pattern.MatchString(s)) && !strings.ContainsFunc(s, unicode.IsControl)
}

// text reads a text into v; null is "", if that is allowed. It reports whether it was
// given.
func (f *form) text(name string, v *string, r rule) bool {
	raw := f.take(name)
	if raw == nil {
		return false
	}
	s := ""
	if !isNull(raw) && (raw[0] != '"' || json.Unmarshal(raw, &s) != nil) || !r.allows(s) {
		f.refuse(name, raw, r.must)
		return true
	}
	*v = s
	return true
}

// required reads a text that must be there.
func (f *form) required(name string, v *string, r rule) {
	if !f.text(name, v, r) {
		f.miss(name, r.must)
	}
}

// flag reads a boolean; null is its default.
func (f *form) flag(name string, v *bool, standard bool) bool {
	switch raw := f.take(name); {
	case raw == nil:
		return false
	case isNull(raw):
		*v = standard
	case string(raw) == "true" || string(raw) == "false":
		*v = string(raw) == "true"
	default:
		f.refuse(name, raw, "must be true or false")
	}
	return true
}

// integer reads a number; null is its default.
func (f *form) integer(name string, v *int, least, most, standard int) bool {
	raw := f.take(name)
	switch n, err := strconv.Atoi(string(raw)); {
	case raw == nil:
		return false
	case isNull(raw):
		*v = standard
	case err != nil || n < least || n > most:
		f.refuse(name, raw, fmt.Sprintf("must be %d..%d", least, most))
	default:
		*v = n
	}
	return true
}

// instant reads a time; null is never.
func (f *form) instant(name string, v *agent.Instant) {
	raw := f.take(name)
	var s string
	switch {
	case raw == nil:
		return
	case isNull(raw) || string(raw) == `""`:
		*v = 0
		return
	case json.Unmarshal(raw, &s) == nil:
		t, err := time.Parse(time.RFC3339, s)
		if t = t.UTC(); err == nil && t.Unix() > 0 && t.Year() <= 2200 { // 0 would be never
			*v = agent.At(t)
			return
		}
	}
	f.refuse(name, raw, "must be a time as in RFC 3339, in the years 1970 to 2200")
}

// choice reads one of several texts, which must be there unless it is optional.
func (f *form) choice(name string, v *string, optional bool, of ...string) {
	raw := f.take(name)
	var s string
	switch must := "must be one of " + strings.Join(of, ", "); {
	case raw == nil && optional:
	case raw == nil:
		f.miss(name, must)
	case json.Unmarshal(raw, &s) != nil || !slices.Contains(of, s):
		f.refuse(name, raw, must)
	default:
		*v = s
	}
}

// items reads an array that must be there.
func (f *form) items(name string) []json.RawMessage {
	raw := f.take(name)
	var all []json.RawMessage
	switch {
	case raw == nil:
		f.miss(name, "must be a list")
	case isNull(raw) || json.Unmarshal(raw, &all) != nil:
		f.refuse(name, raw, "must be a list")
	}
	return all
}

// done returns all problems, those of properties that nobody has taken included. What
// is among those that the thing shows now may be named with the value that it has.
func (f *form) done(now []byte) error {
	present := make(map[string]json.RawMessage)
	if now != nil {
		_ = json.Unmarshal(now, &present) // made here
	}
	for _, p := range f.pairs {
		if f.full() {
			break
		}
		if f.taken[p.name] {
			continue
		}
		switch is, ok := present[p.name]; {
		case !ok:
			f.refuse(p.name, p.raw, "no such property")
		case !alike(is, p.raw):
			f.refuse(p.name, p.raw, "cannot be changed, is "+shown(string(is)))
		}
	}
	return invalid(f.problems)
}

// alike reports whether two JSON values mean the same; blank is null.
func alike(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	if x == "" {
		x = nil
	}
	if y == "" {
		y = nil
	}
	return reflect.DeepEqual(x, y)
}
