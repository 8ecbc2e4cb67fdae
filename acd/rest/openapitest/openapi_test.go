package openapitest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/rest"
	"github.com/acdkit/acdkit/acd/rest/internal/transcript"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checker compares exchanges with the document.
type checker struct {
	*testing.T
	doc    *openapi3.T
	router routers.Router
	given  map[string]bool // "GET /call_queues 200": answers that were seen
	all    int
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	text, err := os.ReadFile("../openapi.json")
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(bytes.Replace(text, []byte(`"url": "/"`), []byte(`"url": "`+transcript.Prefix+`"`), 1))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(context.Background()))
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	return &checker{T: t, doc: doc, router: router, given: make(map[string]bool)}
}

// check compares one exchange with the document.
func (c *checker) check(x transcript.Exchange) {
	c.Helper()
	if x.Request.Method == http.MethodHead {
		return
	}
	what := fmt.Sprintf("%s %s: %d", x.Request.Method, x.Request.URL, x.Answer.StatusCode)
	route, params, err := c.router.FindRoute(x.Request)
	if err != nil { // nothing is documented there
		assert.Contains(c, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, x.Answer.StatusCode, what)
		return
	}
	c.all++
	c.given[fmt.Sprintf("%s %s %d", route.Method, route.Path, x.Answer.StatusCode)] = true
	options := &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, SkipSettingDefaults: true}
	x.Request.Body = io.NopCloser(bytes.NewReader(x.Sent))
	in := &openapi3filter.RequestValidationInput{Request: x.Request, PathParams: params, Route: route, Options: options}
	if x.Answer.StatusCode < http.StatusBadRequest {
		require.NoError(c, openapi3filter.ValidateRequest(context.Background(), in), what)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: x.Answer.StatusCode, Header: x.Answer.Header, Options: options,
	}
	media := x.Answer.Header.Get("Content-Type")
	if len(x.Body) == 0 || media != "application/json" {
		response := route.Operation.Responses.Value(strconv.Itoa(x.Answer.StatusCode))
		require.NotNil(c, response, what)
		if len(x.Body) == 0 {
			assert.Empty(c, response.Value.Content, what)
			assert.Empty(c, media, what)
		} else {
			assert.NotNil(c, response.Value.Content[media], what)
		}
		return
	}
	out.SetBodyBytes(x.Body)
	require.NoError(c, openapi3filter.ValidateResponse(context.Background(), out), what+"\n"+string(x.Body))
	response := route.Operation.Responses.Value(strconv.Itoa(x.Answer.StatusCode))
	var body any
	require.NoError(c, json.Unmarshal(x.Body, &body))
	c.nothingElse(what, body, response.Value.Content[media].Schema.Value)
}

// nothingElse checks that an answer has no property that is not documented.
func (c *checker) nothingElse(what string, body any, schema *openapi3.Schema) {
	c.Helper()
	switch body := body.(type) {
	case map[string]any:
		for name, v := range body {
			property := schema.Properties[name]
			if schema.Properties == nil {
				continue // any object: the document itself
			}
			if assert.NotNil(c, property, "%s: %s is not documented", what, name) {
				c.nothingElse(what+" "+name, v, property.Value)
			}
		}
	case []any:
		for _, v := range body {
			c.nothingElse(what+"[]", v, schema.Items.Value)
		}
	}
}

// ask makes a request of its own.
func (c *checker) ask(h http.Handler, who, method, path, media string, body []byte, header ...string) int {
	c.Helper()
	r := httptest.NewRequest(method, "http://pbx.example"+transcript.Prefix+path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+who)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	c.check(transcript.Exchange{Request: r, Sent: body, Answer: w.Result(), Body: w.Body.Bytes()})
	return w.Code
}

// everywhere asks for everything that is documented in ways that are refused
// everywhere.
func (c *checker) everywhere() {
	r, err := acd.Open(context.Background(), acd.Options{})
	require.NoError(c, err)
	defer func() { assert.NoError(c, r.Close(context.Background())) }()
	h, err := rest.New(r, rest.Options{Prefix: transcript.Prefix, Authorize: transcript.Authorize, MaxBody: 1 << 10, MaxHeader: 1 << 10})
	require.NoError(c, err)
	long := strings.Repeat("a", 9000)
	for path, item := range c.doc.Paths.Map() {
		path = strings.NewReplacer("{", "", "}", "").Replace(path)
		for method := range item.Operations() {
			assert.Equal(c, 401, c.ask(h, "nobody", method, path, "", nil))
			assert.Equal(c, 403, c.ask(h, "stranger", method, path, "", nil))
			assert.Equal(c, 500, c.ask(h, "panic", method, path, "", nil))
			assert.Equal(c, 400, c.ask(h, "admin", method, path+"?x=%zz", "", nil))
			assert.Equal(c, 414, c.ask(h, "admin", method, path+"?x="+long, "", nil))
			assert.Equal(c, 431, c.ask(h, "admin", method, path, "", nil, "X-Much", long[:2000]))
			if method == http.MethodPost {
				assert.Equal(c, 413, c.ask(h, "admin", method, path, "application/json", []byte(long)))
				assert.Equal(c, 415, c.ask(h, "admin", method, path, "text/plain", []byte("{}")))
			}
		}
	}
	assert.Equal(c, 200, c.ask(h, "admin", http.MethodGet, "/openapi.json", "", nil))
}

// full asks for a stream where no more may be read.
func (c *checker) full() {
	r, err := acd.Open(context.Background(), acd.Options{})
	require.NoError(c, err)
	h, err := rest.New(r, rest.Options{Prefix: transcript.Prefix, Authorize: transcript.Authorize, MaxStreams: 1})
	require.NoError(c, err)
	server := httptest.NewServer(h)
	defer server.Close()
	defer func() { assert.NoError(c, r.Close(context.Background())) }()
	one, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+transcript.Prefix+"/events", nil)
	require.NoError(c, err)
	one.Header.Set("Authorization", "Bearer admin")
	answer, err := server.Client().Do(one)
	require.NoError(c, err)
	defer answer.Body.Close()
	assert.Equal(c, 503, c.ask(h, "admin", http.MethodGet, "/events", "", nil))
}

func TestEveryAnswerIsAsDocumented_AndEveryDocumentedAnswerIsGiven(t *testing.T) {
	t.Parallel()
	c := newChecker(t)
	files, err := transcript.Read("../testdata")
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, err := transcript.Play(files[name], c.check)
		require.NoError(t, err, name)
	}
	c.everywhere()
	c.full()
	var missing []string
	for path, item := range c.doc.Paths.Map() {
		for method, op := range item.Operations() {
			for status := range op.Responses.Map() {
				if answer := method + " " + path + " " + status; !c.given[answer] {
					missing = append(missing, answer)
				}
			}
		}
	}
	slices.Sort(missing)
	assert.Empty(t, missing, "documented, and given to nobody")
	t.Logf("%d answers compared, %d kinds", c.all, len(c.given))
}

// The comparison finds an answer that is not as it is documented.
func TestChecker_Fails(t *testing.T) {
	t.Parallel()
	c := newChecker(t)
	for body, good := range map[string]bool{
		`{"cpu_usage":1,"memory_usage":2,"status":"ONLINE"}`:    true,
		`{"cpu_usage":1,"memory_usage":2,"status":"AWAY"}`:      false,
		`{"cpu_usage":1,"memory_usage":2}`:                      false,
		`{"cpu_usage":null,"memory_usage":2,"status":"ONLINE"}`: false,
		`{"cpu_usage":101,"memory_usage":2,"status":"ONLINE"}`:  false,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://pbx.example"+transcript.Prefix+"/call_queue_servers/x/status", nil)
		route, params, err := c.router.FindRoute(r)
		require.NoError(t, err)
		in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: 200, Header: http.Header{"Content-Type": {"application/json"}}}
		out.SetBodyBytes([]byte(body))
		assert.Equal(t, good, openapi3filter.ValidateResponse(context.Background(), out) == nil, body)
	}
}
