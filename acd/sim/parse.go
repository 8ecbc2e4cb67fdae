package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Parse reads a configuration from JSON. file is what errors call it; own are
// strategies of the host. Everything that is wrong comes at once, as joined
// [*ConfigError]s with file and line: unknown keys, keys given twice, bad values,
// names that nobody has. What is no JSON is one error, which wraps
// [agent.ErrInvalid] too.
//
// Absent keys: seed and replications are 1, warmup 0, drain false, skill_level 1,
// answer a constant 0, no_answer 0; no patience is endless patience. horizon,
// queues and what the queues and agents are made of must be there.
func Parse(file string, data []byte, own ...strategy.Strategy) (*Config, error) {
	root, err := tree(data)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, jsonError{err})
	}
	r := &reader{file: file, lines: make(map[string]int)}
	c := r.config(root)
	for _, p := range c.problems(own) {
		if r.refused(p.Path) {
			continue // a value of a wrong kind was not read
		}
		p.File, p.Line = file, r.lineOf(p.Path)
		r.problems = append(r.problems, p)
	}
	if len(r.problems) == 0 {
		return c, nil
	}
	slices.SortStableFunc(r.problems, func(a, b *ConfigError) int { return a.Line - b.Line })
	errs := make([]error, len(r.problems))
	for i, p := range r.problems {
		errs[i] = p
	}
	return nil, errors.Join(errs...)
}

// jsonError makes an error wrap [agent.ErrInvalid].
type jsonError struct{ error }

func (e jsonError) Unwrap() []error { return []error{e.error, agent.ErrInvalid} }

// reader fills a Config and notes what it cannot read.
type reader struct {
	file     string
	problems []*ConfigError
	lines    map[string]int // of each path
}

func (r *reader) refuse(path string, line int, value, must string) {
	r.problems = append(r.problems, &ConfigError{File: r.file, Line: line, Path: path, Value: value, Range: must})
}

// refused reports whether a path, or what it is part of, was refused already.
func (r *reader) refused(path string) bool {
	return slices.ContainsFunc(r.problems, func(p *ConfigError) bool {
		return p.Value != string(unknown) &&
			(p.Path == path || strings.HasPrefix(path, p.Path+".") || strings.HasPrefix(path, p.Path+"["))
	})
}

// lineOf returns the line of a path, or of what it is missing in.
func (r *reader) lineOf(path string) int {
	for path != "" {
		if line, ok := r.lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 1
}

// field is a key that an object may have.
type field struct {
	name string
	read func(path string, n *node)
}

// object reads an object key by key.
func (r *reader) object(path string, n *node, fields ...field) {
	if n.value != json.Delim('{') {
		r.refuse(pathOr(path), n.line, n.shown(), "an object")
		return
	}
	seen := make(map[string]bool)
	for _, m := range n.members {
		at := join(path, m.name)
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.name })
		switch {
		case i < 0:
			names := make([]string, len(fields))
			for i, f := range fields {
				names[i] = f.name
			}
			r.refuse(join(path, printable(m.name)), m.line, string(unknown), "one of "+strings.Join(names, ", "))
		case seen[m.name]:
			r.refuse(at, m.line, m.node.shown(), "given once")
		default:
			r.lines[at] = m.line
			fields[i].read(at, m.node)
		}
		seen[m.name] = true
	}
}

// printable makes a key fit for an error.
func printable(name string) string {
	if clean(name) {
		return name
	}
	return strconv.Quote(name)
}

func pathOr(path string) string {
	if path == "" {
		return "the configuration"
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// list reads a list item by item.
func (r *reader) list(path string, n *node, read func(path string, n *node)) {
	if n.value != json.Delim('[') {
		r.refuse(path, n.line, n.shown(), "a list")
		return
	}
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		r.lines[at] = item.line
		read(at, item)
	}
}

func (r *reader) number(into *float64) func(string, *node) {
	return func(path string, n *node) {
		literal, ok := n.value.(json.Number)
		x, err := literal.Float64()
		if !ok || err != nil {
			r.refuse(path, n.line, n.shown(), "a number")
			return
		}
		*into = x
	}
}

func (r *reader) integer(into *int) func(string, *node) {
	return func(path string, n *node) {
		literal, ok := n.value.(json.Number)
		x, err := literal.Float64()
		if !ok || err != nil || x != math.Trunc(x) || math.Abs(x) > math.MaxInt32 {
			r.refuse(path, n.line, n.shown(), "a whole number")
			return
		}
		*into = int(x)
	}
}

func (r *reader) seed(into *uint64) func(string, *node) {
	return func(path string, n *node) {
		literal, ok := n.value.(json.Number)
		x, err := strconv.ParseUint(string(literal), 10, 64)
		if !ok || err != nil {
			r.refuse(path, n.line, n.shown(), "a whole number, 0..18446744073709551615")
			return
		}
		*into = x
	}
}

func (r *reader) text(into *string) func(string, *node) {
	return func(path string, n *node) {
		s, ok := n.value.(string)
		if !ok {
			r.refuse(path, n.line, n.shown(), "a text")
			return
		}
		*into = s
	}
}

func (r *reader) boolean(into *bool) func(string, *node) {
	return func(path string, n *node) {
		b, ok := n.value.(bool)
		if !ok {
			r.refuse(path, n.line, n.shown(), "true or false")
			return
		}
		*into = b
	}
}

// seconds reads a time; a period must be more than 0, others may be 0.
func (r *reader) seconds(into *time.Duration, least float64) func(string, *node) {
	return func(path string, n *node) {
		x := math.NaN()
		if literal, ok := n.value.(json.Number); ok {
			if f, err := literal.Float64(); err == nil {
				x = f
			}
		}
		d := time.Duration(math.Round(x * 1e9))
		if !(x >= least && x <= mostSeconds) || least > 0 && d == 0 {
			must := "0..1e9 s"
			if least > 0 {
				must = "more than 0, at most 1e9 s"
			}
			r.refuse(path, n.line, n.shown(), must)
			return
		}
		*into = d
	}
}

// positive is the shortest time there is.
const positive = 1e-9

// numbers reads a number or a list of numbers.
func (r *reader) numbers(into *[]float64) func(string, *node) {
	return func(path string, n *node) {
		items := []*node{n}
		if n.value == json.Delim('[') {
			items = n.items
		}
		values := make([]float64, 0, len(items))
		for _, item := range items {
			literal, ok := item.value.(json.Number)
			x, err := literal.Float64()
			if !ok || err != nil {
				r.refuse(path, item.line, item.shown(), "a number or a list of numbers")
				return
			}
			values = append(values, x)
		}
		*into = values
	}
}

func (r *reader) config(n *node) *Config {
	c := &Config{Seed: 1, Replications: 1}
	r.object("", n,
		field{"seed", r.seed(&c.Seed)},
		field{"replications", r.integer(&c.Replications)},
		field{"horizon", r.seconds(&c.Horizon, positive)},
		field{"warmup", r.seconds(&c.Warmup, 0)},
		field{"drain", r.boolean(&c.Drain)},
		field{"busyness", func(path string, n *node) {
			c.Busyness = &Dist{}
			r.dist(c.Busyness)(path, n)
		}},
		field{"queues", func(path string, n *node) {
			r.list(path, n, func(path string, n *node) { c.Queues = append(c.Queues, r.queue(path, n)) })
		}},
		field{"agents", func(path string, n *node) {
			r.list(path, n, func(path string, n *node) { c.Agents = append(c.Agents, r.group(path, n)) })
		}},
	)
	return c
}

func (r *reader) queue(path string, n *node) Queue {
	q := Queue{Properties: queue.Defaults(), Service: Dist{Law: laws}}
	r.object(path, n,
		field{"name", r.text(&q.Name)},
		field{"properties", func(path string, n *node) { r.properties(path, n, &q.Properties) }},
		field{"arrivals", func(path string, n *node) {
			r.object(path, n,
				field{"per_hour", r.numbers(&q.Arrivals.PerHour.Values)},
				field{"period", r.seconds(&q.Arrivals.PerHour.Period, positive)},
				field{"callers", r.integer(&q.Arrivals.Callers)},
			)
		}},
		field{"service", r.dist(&q.Service)},
		field{"patience", func(path string, n *node) {
			q.Patience = &Dist{}
			r.dist(q.Patience)(path, n)
		}},
	)
	if q.Service.Law == laws && !r.refused(path+".service") {
		r.refuse(path+".service", r.lineOf(path), string(missing), "a distribution")
	}
	return q
}

// properties reads those of a queue by its own reader, which knows ranges too.
func (r *reader) properties(path string, n *node, into *queue.Config) {
	if n.value != json.Delim('{') {
		r.refuse(path, n.line, n.shown(), "an object")
		return
	}
	for _, m := range n.members {
		r.lines[join(path, m.name)] = m.line
	}
	if err := json.Unmarshal(n.raw, into); err != nil {
		var k checker
		k.properties(path, err)
		for _, p := range k.problems {
			r.refuse(p.Path, r.lineOf(p.Path), p.Value, p.Range)
		}
	}
}

func (r *reader) group(path string, n *node) Group {
	var g Group
	r.object(path, n,
		field{"name", r.text(&g.Name)},
		field{"extension_number", r.text(&g.Number)},
		field{"count", r.numbers(&g.Count.Values)},
		field{"period", r.seconds(&g.Count.Period, positive)},
		field{"queues", func(path string, n *node) {
			r.list(path, n, func(path string, n *node) {
				p := Place{Level: 1}
				r.object(path, n,
					field{"queue", r.text(&p.Queue)},
					field{"skill_level", r.integer(&p.Level)},
				)
				g.Queues = append(g.Queues, p)
			})
		}},
		field{"answer", r.dist(&g.Answer)},
		field{"no_answer", r.number(&g.NoAnswer)},
	)
	if len(g.Answer.Mean.Values) == 0 && g.Answer.Law == Constant && r.lines[path+".answer"] == 0 {
		g.Answer.Mean.Values = []float64{0}
	}
	return g
}

// lawKeys are the keys that a law has beside dist.
var lawKeys = [laws][]string{
	Constant:    {"mean", "period"},
	Exponential: {"mean", "period"},
	Gamma:       {"mean", "period", "shape"},
	Lognormal:   {"mean", "period", "sd"},
	Empirical:   {"values"},
}

// dist reads a distribution; keys that another law has are as wrong as unknown
// ones.
func (r *reader) dist(into *Dist) func(string, *node) {
	return func(path string, n *node) {
		law := ""
		has := make(map[string]*node)
		r.object(path, n,
			field{"dist", r.text(&law)},
			field{"mean", func(path string, n *node) { has["mean"] = n; r.numbers(&into.Mean.Values)(path, n) }},
			field{"period", func(path string, n *node) { has["period"] = n; r.seconds(&into.Mean.Period, positive)(path, n) }},
			field{"shape", func(path string, n *node) { has["shape"] = n; r.number(&into.Shape)(path, n) }},
			field{"sd", func(path string, n *node) { has["sd"] = n; r.number(&into.SD)(path, n) }},
			field{"values", func(path string, n *node) { has["values"] = n; r.numbers(&into.Values)(path, n) }},
		)
		into.Law = Law(max(slices.Index(lawNames[:], law), 0))
		switch {
		case r.refused(path) || r.refused(path+".dist"):
			return
		case law == "":
			r.refuse(path+".dist", r.lineOf(path+".dist"), string(missing), lawList())
			return
		case lawNames[into.Law] != law:
			r.refuse(path+".dist", r.lineOf(path+".dist"), strconv.Quote(law), lawList())
			return
		}
		for _, name := range []string{"mean", "period", "shape", "sd", "values"} {
			n, given := has[name]
			if given && !slices.Contains(lawKeys[into.Law], name) {
				r.refuse(path+"."+name, r.lineOf(path+"."+name), n.shown(), "absent with dist "+law)
			}
		}
		for _, name := range []string{"shape", "sd"} {
			if has[name] == nil && slices.Contains(lawKeys[into.Law], name) {
				r.refuse(path+"."+name, r.lineOf(path), string(missing), "a number")
			}
		}
	}
}
