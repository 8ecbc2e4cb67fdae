package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/queue"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// node is a piece of a JSON document.
type node = map[string]any

// read is the document, with which the tests here compare.
func readDocument(t *testing.T) node {
	t.Helper()
	var doc node
	require.NoError(t, json.Unmarshal([]byte(openapi), &doc))
	return doc
}

// resolve follows a reference within a document.
func resolve(doc node, v any) node {
	n, _ := v.(node)
	ref, ok := n["$ref"].(string)
	if !ok {
		return n
	}
	at := doc
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at, _ = at[part].(node)
	}
	return at
}

func TestDocumentHasTheRoutesOfTheHandler(t *testing.T) {
	t.Parallel()
	documented := make(map[string]string)
	for path, methods := range readDocument(t)["paths"].(node) {
		for method, op := range methods.(node) {
			documented[strings.ToUpper(method)+" "+path] = op.(node)["operationId"].(string)
		}
	}
	served := make(map[string]string)
	for path, methods := range routes() {
		for method, op := range methods {
			served[method+" "+path] = op.action.Name
			assert.Equal(t, method == http.MethodPost, op.action.Write, op.action.Name)
		}
	}
	assert.Equal(t, served, documented)
	names := slices.Collect(maps.Values(served))
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names), "names are unique")
}

func TestDocumentIsServedWithItsPlace(t *testing.T) {
	t.Parallel()
	h, err := New(nil, Options{Prefix: "/pbx/api", Authorize: func(_ *http.Request, a Action) (Principal, error) {
		assert.Equal(t, Action{Name: "getDocument"}, a)
		return Principal{}, ErrForbidden
	}})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/pbx/api/openapi.json", nil))
	assert.Equal(t, http.StatusForbidden, w.Code, "it is no more public than the rest")
	var doc node
	require.NoError(t, json.Unmarshal(h.openapi, &doc))
	assert.Equal(t, "/pbx/api", doc["servers"].([]any)[0].(node)["url"])
}

// What the document says of a queue is what the one table of properties says.
func TestDocumentHasThePropertiesOfAQueue(t *testing.T) {
	t.Parallel()
	schemas := readDocument(t)["components"].(node)["schemas"].(node)
	for _, of := range []string{"Queue", "QueueToMake", "QueueToChange"} {
		documented := schemas[of].(node)["properties"].(node)
		for _, p := range queue.Properties() {
			s, ok := documented[p.Name].(node)
			if !assert.True(t, ok, "%s of %s", p.Name, of) {
				continue
			}
			what := of + "." + p.Name
			assert.True(t, strings.HasPrefix(fmt.Sprint(s["description"]), p.Doc), what)
			switch p.Kind {
			case queue.KindInteger, queue.KindSeconds, queue.KindDays:
				assert.EqualValues(t, p.Min, s["minimum"], what)
				if most := s["maximum"]; most != nil || p.Max < 1<<31-1 {
					assert.EqualValues(t, p.Max, most, what)
				}
				if s["default"] != nil {
					assert.Equal(t, p.Default, fmt.Sprint(s["default"]), what)
				}
			case queue.KindBoolean:
				assert.Equal(t, p.Default, fmt.Sprint(s["default"]), what)
			case queue.KindChoice:
				choices := make([]string, 0, len(p.Choices))
				for _, c := range s["enum"].([]any) {
					if c != nil {
						choices = append(choices, c.(string))
					}
				}
				assert.Equal(t, p.Choices, choices, what)
				assert.Equal(t, p.Default, s["default"], what)
			}
		}
	}
}

// comparison compares the document with the API that it must not differ from.
type comparison struct {
	doc      node
	problems []string
}

func (c *comparison) say(at, format string, args ...any) {
	c.problems = append(c.problems, at+": "+fmt.Sprintf(format, args...))
}

// limits are what a schema says about values.
var limits = []string{"format", "minimum", "maximum", "minLength", "maxLength", "pattern", "default", "enum"}

// schema compares a schema of the API with that of the document. Blank fields are
// null, which the API says in words; an answer may be described more closely, and has
// more in it. Where the API says what a client must give, nothing more is asked of him.
func (c *comparison) schema(at string, api node, of any, asked bool) {
	ours := resolve(c.doc, of)
	if kind, ok := api["type"].(string); ok {
		kinds := []any{ours["type"]}
		if several, ok := ours["type"].([]any); ok {
			kinds = slices.DeleteFunc(slices.Clone(several), func(k any) bool { return k == "null" })
		}
		if len(kinds) != 1 || kinds[0] != kind {
			c.say(at, "type is %v, not %s", ours["type"], kind)
		}
	}
	for _, limit := range limits {
		want, is := api[limit], ours[limit]
		if want == "date_time" {
			want = "date-time"
		}
		if several, ok := is.([]any); ok {
			is = slices.DeleteFunc(slices.Clone(several), func(v any) bool { return v == nil })
		}
		if want == nil && !asked {
			continue
		}
		if !assert.ObjectsAreEqual(want, is) {
			c.say(at, "%s is %v, not %v", limit, is, want)
		}
	}
	if only, is := api["readOnly"], ours["readOnly"]; only != nil && only != is {
		c.say(at, "readOnly is %v, not %v", is, only)
	}
	need, _ := ours["required"].([]any)
	must, _ := api["required"].([]any)
	for _, name := range must {
		if !slices.Contains(need, name) {
			c.say(at, "%v is required", name)
		}
	}
	for _, name := range need {
		if asked && must != nil && !slices.Contains(must, name) {
			c.say(at, "%v is not required", name)
		}
	}
	properties, _ := api["properties"].(node)
	has, _ := ours["properties"].(node)
	for name, property := range properties {
		if has[name] == nil {
			c.say(at, "has no %s", name)
			continue
		}
		c.schema(at+"."+name, property.(node), has[name], asked)
	}
	if items, ok := api["items"].(node); ok {
		c.schema(at+"[]", items, ours["items"], asked)
	}
}

// content compares what is sent under each media type.
func (c *comparison) content(at string, api node, ours any, asked bool) {
	has, _ := resolve(c.doc, ours)["content"].(node)
	for media, schema := range api {
		if has[media] == nil {
			c.say(at, "has no %s", media)
			continue
		}
		c.schema(at, schema.(node), has[media].(node)["schema"], asked)
	}
}

func (c *comparison) parameters(at string, api, ours []any) {
	for _, want := range api {
		want := want.(node)
		i := slices.IndexFunc(ours, func(v any) bool {
			p := resolve(c.doc, v)
			return p["name"] == want["name"] && p["in"] == want["in"] && p["required"] == want["required"]
		})
		if i < 0 {
			c.say(at, "has no parameter %s", want["name"])
			continue
		}
		c.schema(at+" "+want["name"].(string), want["schema"].(node), resolve(c.doc, ours[i])["schema"], false)
	}
}

func (c *comparison) operation(at string, api, ours node) {
	has, _ := ours["parameters"].([]any)
	if want, ok := api["parameters"].([]any); ok {
		c.parameters(at, want, has)
	}
	if request, ok := api["request"].(node); ok {
		c.content(at+" asked", request, ours["requestBody"], true)
	}
	answers := ours["responses"].(node)
	for status, want := range api["responses"].(node) {
		if status == "4XX" {
			status = "400"
		}
		if answers[status] == nil {
			c.say(at, "has no answer %s", status)
			continue
		}
		c.content(at+" "+status, want.(node), answers[status], false)
	}
}

func TestDocumentIsTheAPI(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../shared/contract/queue-api.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the API is not there to compare with")
	}
	require.NoError(t, err)
	var api node
	require.NoError(t, json.Unmarshal(text, &api))
	c := &comparison{doc: readDocument(t)}
	for path, methods := range api["paths"].(node) {
		ours, _ := c.doc["paths"].(node)[path].(node)
		for method, op := range methods.(node) {
			if ours[method] == nil {
				c.say(path, "has no %s", method)
				continue
			}
			c.operation(method+" "+path, op.(node), ours[method].(node))
		}
	}
	slices.Sort(c.problems)
	assert.Empty(t, c.problems)
}

// The comparison finds what differs.
func TestDocumentIsTheAPI_Fails(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(string) string{
		"a range":   func(s string) string { return strings.ReplaceAll(s, `"maximum": 65535`, `"maximum": 65534`) },
		"a name":    func(s string) string { return strings.ReplaceAll(s, `"session_id"`, `"session"`) },
		"a choice":  func(s string) string { return strings.ReplaceAll(s, `"LUNCH"`, `"DINNER"`) },
		"a type":    func(s string) string { return strings.ReplaceAll(s, `"type": "boolean"`, `"type": "string"`) },
		"a reading": func(s string) string { return strings.ReplaceAll(s, `"readOnly": true`, `"readOnly": false`) },
		"no demand": func(s string) string { return strings.ReplaceAll(s, `"required": [`, `"wanted": [`) },
		"a demand": func(s string) string {
			return strings.ReplaceAll(s, `"required": [`, `"required": ["ring_time",`)
		},
		"an answer":   func(s string) string { return strings.ReplaceAll(s, `"204"`, `"205"`) },
		"a narrowing": func(s string) string { return strings.ReplaceAll(s, `"number": {`, `"number": {"pattern": "^x$",`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../../shared/contract/queue-api.json")
			if errors.Is(err, fs.ErrNotExist) {
				t.Skip("the API is not there to compare with")
			}
			require.NoError(t, err)
			var api, doc node
			require.NoError(t, json.Unmarshal(text, &api))
			require.NoError(t, json.Unmarshal([]byte(edit(openapi)), &doc))
			c := &comparison{doc: doc}
			for path, methods := range api["paths"].(node) {
				for method, op := range methods.(node) {
					c.operation(method+" "+path, op.(node), doc["paths"].(node)[path].(node)[method].(node))
				}
			}
			assert.NotEmpty(t, c.problems)
		})
	}
}
