package rest

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// thing is an item with a field of each kind.
var thingFields = []field{{"name", text}, {"age", number}, {"enabled", boolean}, {"created_at", instant}, {"note", text}}

// thing gives its fields; the note is blank.
func thing(i int) value {
	return []value{textOf("O'Neil"), numberOf(20), booleanOf(true), {kind: instant, n: 1767225600}, {}}[i] // 2026-01-01T00:00:00Z
}

func TestFilter(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]bool{
		`name eq 'O''Neil'`:                            true,
		`name eq "O'Neil"`:                             true,
		`name ne 'x'`:                                  true,
		`name gt 'A' and name lt 'Z'`:                  true,
		`startswith(name,'O') and endswith(name, 'l')`: true,
		`Contains( name , 'Nei' )`:                     true,
		`contains(name, 'nei')`:                        false,
		`contains(note, '')`:                           false,
		`age eq 20`:                                    true,
		`age gt 19.5 and age lt 2.1e1`:                 true,
		`age ge 20 and age le 20`:                      true,
		`age lt -1`:                                    false,
		`enabled`:                                      true,
		`not enabled`:                                  false,
		`enabled eq false or age eq 20`:                true,
		`enabled ne true`:                              false,
		`created_at ge 2026-01-01T00:00:00Z`:           true,
		`created_at gt '2026-01-01T01:00:00+01:00'`:    false,
		`created_at lt 2026-01-01T00:00:01Z`:           true,
		`note eq null`:                                 true,
		`note ne null`:                                 false,
		`note eq 'x'`:                                  false,
		`note ne 'x'`:                                  true,
		`note lt 'x' or note ge 'x'`:                   false,
		`name ne null`:                                 true,
		// and binds before or, not before both
		`age eq 1 and enabled or name eq "O'Neil"`:   true,
		`age eq 1 and (enabled or name eq "O'Neil")`: false,
		`not age eq 1 and enabled`:                   true,
		`not (age eq 20 or enabled)`:                 false,
		`NOT NOT enabled AND age EQ 20`:              true,
		"\tenabled  ":                                true,
	} {
		f, err := parseFilter(filter, thingFields)
		if assert.NoError(t, err, filter) {
			assert.Equal(t, want, f(thing), filter)
		}
	}
}

func TestFilter_WhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		``:                               `at 1: the end: want a field, a function, not, or (`,
		`name`:                           `at 5: the end: want eq, ne, gt, ge, lt or le after name, which is a string`,
		`name eq`:                        `at 8: the end: name must be compared with a string`,
		`name is 'x'`:                    `at 6: "is": want eq, ne, gt, ge, lt or le`,
		`Name eq 'x'`:                    `at 1: unknown field "Name": must be one of name, age, enabled, created_at, note`,
		`name eq 'x' age eq 1`:           `at 13: "age": want and, or, or the end`,
		`name eq 'x' and`:                `at 16: the end: want a field, a function, not, or (`,
		`(name eq 'x'`:                   `at 13: the end: want )`,
		`name eq 'x')`:                   `at 12: ")": want and, or, or the end`,
		`name eq 'x`:                     `at 9: the string has no end`,
		`name eq x`:                      `at 9: "x": name must be compared with a string`,
		`name eq 5`:                      `at 9: "5": name must be compared with a string`,
		`age eq '5'`:                     `at 8: "5": age must be compared with a number`,
		`age eq 5x`:                      `at 8: "5x" is neither a number nor a time`,
		`age eq 0x10`:                    `at 8: "0x10" is neither a number nor a time`,
		`age gt -inf`:                    `at 8: "-inf" is neither a number nor a time`,
		`age gt null`:                    `at 8: null can only be compared by eq and ne`,
		`enabled gt true`:                `at 12: enabled can only be compared by eq and ne`,
		`enabled eq 1`:                   `at 12: "1": enabled must be compared with true or false`,
		`created_at gt 2026-01-01`:       `at 15: "2026-01-01" is neither a number nor a time`,
		`created_at gt 'now'`:            `at 15: "now": created_at must be compared with a time`,
		`contains(age,'2')`:              `at 10: age is a number: want a field that is a string`,
		`contains(name,2)`:               `at 15: "2": want a string`,
		`contains(name)`:                 `at 14: ")": want ,`,
		`contains name 'x'`:              `at 1: unknown field "contains": must be one of name, age, enabled, created_at, note`,
		`lower(name) eq 'x'`:             `at 1: unknown function "lower": must be startswith, endswith or contains`,
		`ünder eq 1`:                     `at 1: unexpected 'ü'`,
		`name eq 'ü' and x eq 1`:         `at 17: unknown field "x": must be one of name, age, enabled, created_at, note`,
		`name eq 'x'; drop`:              `at 12: unexpected ';'`,
		strings.Repeat("(", 40) + "age":  `at 34: is nested more than 32 deep`,
		strings.Repeat("not ", 40):       `at 133: is nested more than 32 deep`,
		strings.Repeat("a", maxFilter+1): `at 4096: must be at most 4096 bytes`,
	} {
		_, err := parseFilter(filter, thingFields)
		if assert.Error(t, err, filter) {
			assert.Equal(t, "filter "+want, err.Error(), filter)
		}
	}
}

func TestSearchAndOrder(t *testing.T) {
	t.Parallel()
	for search, want := range map[string][]string{
		"Anna":                {"anna"},
		"anna or BEN":         {"anna", "ben"},
		" a  OR  b c or d ":   {"a", "b c", "d"},
		"order":               {"order"},
		"for or floor":        {"for", "floor"},
		`"this or that" or x`: {"this or that", "x"},
	} {
		terms, err := parseSearch(search)
		require.NoError(t, err, search)
		assert.Equal(t, want, terms, search)
	}
	for search, want := range map[string]string{
		"":                          "search at 1: a term must not be empty",
		"a or ":                     "search at 5: a term must not be empty",
		"or a":                      "search at 1: a term must not be empty",
		strings.Repeat("a", 2000):   "search at 1024: must be at most 1024 bytes",
		strings.Repeat("a or ", 20): "search at 80: must be at most 16 terms",
	} {
		_, err := parseSearch(search)
		require.EqualError(t, err, want, search)
	}
	keys, err := parseOrder("age desc, name ,enabled ASC", thingFields)
	require.NoError(t, err)
	assert.Equal(t, []orderKey{{1, true}, {0, false}, {2, false}}, keys)
	for order, want := range map[string]string{
		"":                        `orderby at 1: unknown field the end: must be one of name, age, enabled, created_at, note`,
		"name,":                   `orderby at 6: unknown field the end: must be one of name, age, enabled, created_at, note`,
		"name up":                 `orderby at 6: "up": want asc, desc, a comma or the end`,
		"name desc asc":           `orderby at 11: "asc": want asc, desc, a comma or the end`,
		strings.Repeat("age,", 9): `orderby at 33: must be at most 8 fields`,
	} {
		_, err := parseOrder(order, thingFields)
		require.EqualError(t, err, want, order)
	}
}

// items are 250 things of a list with a page of its own.
func items() (table[int], source[int]) {
	t := table[int]{
		{field{"n", number}, func(n *int) value { return numberOf(*n) }},
		{field{"odd", boolean}, func(n *int) value { return booleanOf(*n%2 == 1) }},
		{field{"digits", text}, func(n *int) value { return textOf(strconv.Itoa(*n)) }},
	}
	all := make([]int, 250)
	for i := range all {
		all[i] = i
	}
	page := func(skip, top int) ([]int, error) {
		rest := all[min(skip, len(all)):]
		return rest[:min(top, len(rest))], nil
	}
	return t, source[int]{all: paged(page), page: func(skip, top int) ([]int, int, error) {
		items, err := page(skip, top)
		return items, len(all), err
	}}
}

func TestTake(t *testing.T) {
	t.Parallel()
	table, from := items()
	for query, want := range map[string]struct {
		items []int
		count int
	}{
		"top=3&skip=100":   {[]int{100, 101, 102}, 250},
		"top=2&skip=249":   {[]int{249}, 250},
		"skip=249":         {[]int{249}, 250},
		"top=3&filter=odd": {[]int{1, 3, 5}, 125},
		"top=2&skip=1&filter=n+ge+200+and+not+odd":  {[]int{202, 204}, 25},
		"top=3&orderby=n+desc":                      {[]int{249, 248, 247}, 250},
		"top=3&skip=2&orderby=odd+desc,digits+desc": {[]int{95, 93, 91}, 250},
		"top=3&search=24":                           {[]int{24, 124, 224}, 13},
		"top=4&search=99+or+100&orderby=digits":     {[]int{100, 199, 99}, 3},
	} {
		q, err := url.ParseQuery(query)
		require.NoError(t, err)
		a, err := readAsk(q, table.fields(), 0)
		require.NoError(t, err, query)
		got, count, err := take(&a, table, from)
		require.NoError(t, err)
		assert.Equal(t, want.items, got, query)
		assert.Equal(t, want.count, count, query)
	}
	a, err := readAsk(url.Values{}, table.fields(), 0)
	require.NoError(t, err)
	got, count, err := take(&a, table, from)
	require.NoError(t, err)
	assert.Len(t, got, 250, "all of a list that the API does not cut into pages")
	assert.Equal(t, 250, count)
}

// A filter parses or says where it does not, and means the same however often it is
// asked.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`name eq 'O''Neil' and (age ge 5 or not enabled)`, `contains(name,"x")`, `created_at gt 2026-01-01T00:00:00Z`,
		`note eq null`, `((((`, `'`, `not not not`, `age eq 1e999`, "name eq '\xff'", `age lt -0`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := parseFilter(s, thingFields)
		if err != nil {
			var at int
			n := len([]rune(s)) + 1
			if e, ok := err.(*syntaxError); !ok || e.text == "" { //nolint:errorlint // it is promised to be one
				t.Fatalf("%v", err)
			} else if at = e.at; len(s) <= maxFilter && (at < 1 || at > n) {
				t.Fatalf("the place %d is not in 1..%d", at, n)
			}
			return
		}
		first := filter(thing)
		if filter(thing) != first {
			t.Fatal("means different things")
		}
		// In parentheses it means the same, denied the opposite.
		if len(s)+6 <= maxFilter {
			in, err := parseFilter("("+s+")", thingFields)
			if err != nil {
				return // as deep as it may be
			}
			if in(thing) != first {
				t.Fatal("means something else in parentheses")
			}
			if no, err := parseFilter("not ("+s+")", thingFields); err == nil && no(thing) == first {
				t.Fatal("is not denied by not")
			}
		}
	})
}
