package rest

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/acdkit/acdkit/acd"
)

// The limits of what a list is asked for.
const (
	maxSearch = 1024 // bytes
	maxTerms  = 16
	maxOrder  = 8 // fields
	maxSkip   = 1<<31 - 1
)

// column is a field of the items of a list.
type column[T any] struct {
	field
	get func(*T) value
}

// table is the columns of a list, in the order in which they are sent.
type table[T any] []column[T]

func (t table[T]) fields() []field {
	fields := make([]field, len(t))
	for i, c := range t {
		fields[i] = c.field
	}
	return fields
}

// append appends the JSON of an item.
func (t table[T]) append(b []byte, item *T) []byte {
	b = append(b, '{')
	for _, c := range t {
		b = appendField(b, c.name, c.get(item))
	}
	return append(b, '}')
}

// source is where a list comes from: all of it, and, if there is a way to read a
// page of it at no greater cost than its own, that way.
type source[T any] struct {
	all  iter.Seq2[T, error]
	page func(skip, top int) (items []T, count int, err error)
}

// plainly is a sequence without errors.
func plainly[T any](all iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// paged yields a list that the router gives in pages.
func paged[T any](read func(skip, top int) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for skip := 0; ; {
			page, err := read(skip, acd.MaxPage)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
			}
			if len(page) < acd.MaxPage {
				return
			}
			skip += len(page)
		}
	}
}

// ask is what a request asks of a list.
type ask struct {
	filter filter
	terms  []string // of the search, in lower case
	order  []orderKey
	skip   int
	top    int // 0: all
}

type orderKey struct {
	column     int
	descending bool
}

// plain reports whether nothing is asked but for a page.
func (a *ask) plain() bool { return a.filter == nil && a.terms == nil && a.order == nil }

// readAsk reads the parameters of a list with these fields.
func readAsk(q url.Values, fields []field, top int) (ask, error) {
	a := ask{top: top}
	var problems []string
	note := func(err error) {
		if err != nil {
			problems = append(problems, err.Error())
		}
	}
	for _, name := range []string{"filter", "search", "orderby", "skip", "top"} {
		given := q[name]
		switch {
		case len(given) == 0:
			continue
		case len(given) > 1:
			problems = append(problems, name+": must be given once")
			continue
		case !utf8.ValidString(given[0]):
			problems = append(problems, name+": must be UTF-8")
			continue
		}
		var err error
		switch s := given[0]; name {
		case "filter":
			a.filter, err = parseFilter(s, fields)
		case "search":
			a.terms, err = parseSearch(s)
		case "orderby":
			a.order, err = parseOrder(s, fields)
		case "skip":
			a.skip, err = readNumber(name, s, 0, maxSkip)
		case "top":
			a.top, err = readNumber(name, s, 1, acd.MaxPage)
		}
		note(err)
	}
	return a, invalid(problems)
}

func readNumber(name, s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s %q: must be %d..%d", name, clip(s), least, most)
	}
	return n, nil
}

// parseSearch reads terms with or between them. A term may stand in quotes.
func parseSearch(s string) ([]string, error) {
	if len(s) > maxSearch {
		return nil, &syntaxError{"search", maxSearch, fmt.Sprintf("must be at most %d bytes", maxSearch)}
	}
	var terms []string
	at := 0
	for rest := s; ; {
		term, after, more := cutOr(rest)
		bare := strings.TrimSpace(term)
		if n := len(bare); n > 1 && (bare[0] == '"' || bare[0] == '\'') && bare[n-1] == bare[0] {
			bare = bare[1 : n-1]
		}
		if bare == "" {
			return nil, &syntaxError{"search", utf8.RuneCountInString(s[:at]) + 1, "a term must not be empty"}
		}
		if terms = append(terms, strings.ToLower(bare)); len(terms) > maxTerms {
			return nil, &syntaxError{"search", utf8.RuneCountInString(s[:at]) + 1, fmt.Sprintf("must be at most %d terms", maxTerms)}
		}
		if !more {
			return terms, nil
		}
		at += len(rest) - len(after)
		rest = after
	}
}

// cutOr cuts a text around its first word or that is not in quotes.
func cutOr(s string) (before, after string, found bool) {
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && strings.TrimSpace(s[:i]) == "":
			quote = c
		case (c == 'o' || c == 'O') && i+1 < len(s) && (s[i+1] == 'r' || s[i+1] == 'R') &&
			(i == 0 || s[i-1] == ' ') && (i+2 == len(s) || s[i+2] == ' '):
			return s[:i], s[i+2:], true
		}
	}
	return s, "", false
}

// parseOrder parses field [ "asc" | "desc" ] { "," field [ "asc" | "desc" ] }.
func parseOrder(s string, fields []field) ([]orderKey, error) {
	p := &scanner{what: "orderby", s: s}
	var keys []orderKey
	for {
		p.next()
		if len(keys) == maxOrder {
			p.fail("must be at most %d fields", maxOrder)
		}
		if p.err != nil {
			return nil, p.err
		}
		k := orderKey{column: p.fieldAmong(p.token, fields)}
		p.next()
		if p.token.is("asc") || p.token.is("desc") {
			k.descending = p.token.is("desc")
			p.next()
		}
		keys = append(keys, k)
		switch {
		case p.err != nil:
			return nil, p.err
		case p.token.kind == end:
			return keys, nil
		case p.token.kind != mark || p.token.text != ",":
			p.fail("%s: want asc, desc, a comma or the end", p.token)
			return nil, p.err
		}
	}
}

// wants reports whether an item is asked for.
func wants[T any](a *ask, t table[T], item *T) bool {
	if a.filter != nil && !a.filter(func(i int) value { return t[i].get(item) }) {
		return false
	}
	return a.terms == nil || slices.ContainsFunc(t, func(c column[T]) bool {
		if c.kind != text {
			return false
		}
		s := strings.ToLower(c.get(item).text)
		return slices.ContainsFunc(a.terms, func(term string) bool { return strings.Contains(s, term) })
	})
}

// take returns what is asked of a list, and how many there are before skip and top.
func take[T any](a *ask, t table[T], s source[T]) ([]T, int, error) {
	if a.plain() && a.top > 0 && s.page != nil {
		return s.page(a.skip, a.top)
	}
	var items []T
	count := 0
	for item, err := range s.all {
		if err != nil {
			return nil, 0, err
		}
		if !wants(a, t, &item) {
			continue
		}
		count++
		if a.order != nil || count > a.skip && (a.top == 0 || count <= a.skip+a.top) {
			items = append(items, item)
		}
	}
	if a.order != nil {
		slices.SortStableFunc(items, func(x, y T) int {
			for _, k := range a.order {
				if o := t[k.column].get(&x).compare(t[k.column].get(&y)); o != 0 {
					if k.descending {
						return -o
					}
					return o
				}
			}
			return 0
		})
		items = items[min(a.skip, len(items)):]
		if a.top > 0 {
			items = items[:min(a.top, len(items))]
		}
	}
	return items, count, nil
}

// list answers with what a request asks of a list: top is how much comes if it does
// not say so, 0 for all.
func list[T any](rq *request, t table[T], s source[T], top int) (*reply, error) {
	a, err := readAsk(rq.query, t.fields(), top)
	if err != nil {
		return nil, err
	}
	items, count, err := take(&a, t, s)
	if err != nil {
		return nil, err
	}
	b := appendField([]byte{'{'}, "count", numberOf(count))
	b = append(appendName(b, "items"), '[')
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = t.append(b, &items[i])
	}
	return &reply{status: http.StatusOK, body: append(b, "]}"...)}, nil
}
