package rest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of a filter.
const (
	maxFilter = 4096 // bytes
	maxDepth  = 32   // parentheses and nots within one another
)

// field is what a filter, an order or a search can name: a column of a list.
type field struct {
	name string
	kind kind
}

// filter is a parsed filter: it says whether an item is wanted, of which get returns
// the value of a field by its place among the fields.
type filter func(get func(int) value) bool

// syntaxError says what is wrong with a text, and where: the place counts
// characters from 1.
type syntaxError struct {
	what string // filter, orderby or search
	at   int
	text string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%s at %d: %s", e.what, e.at, e.text) }

// parseFilter parses
//
//	filter  = or .
//	or      = and { "or" and } .
//	and     = unary { "and" unary } .
//	unary   = "not" unary | "(" or ")" | call | field [ compare literal ] .
//	call    = ( "startswith" | "endswith" | "contains" ) "(" field "," string ")" .
//	compare = "eq" | "ne" | "gt" | "ge" | "lt" | "le" .
//	literal = string | number | time | "true" | "false" | "null" .
//
// Words may be written in any case but for the names of fields. A string stands
// between ' or ", which is doubled within it. A field that stands alone is boolean,
// and a literal is of the kind of its field; null stands after eq and ne only.
//
// An error is a *[syntaxError].
func parseFilter(s string, fields []field) (filter, error) {
	p := &parser{scanner: scanner{what: "filter", s: s}, fields: fields}
	if len(s) > maxFilter {
		return nil, &syntaxError{"filter", maxFilter, fmt.Sprintf("must be at most %d bytes", maxFilter)}
	}
	p.next()
	f := p.or(0)
	if p.err == nil && p.token.kind != end {
		p.fail("%s: want and, or, or the end", p.token)
	}
	if p.err != nil {
		return nil, p.err
	}
	return f, nil
}

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	end tokenKind = iota
	word
	str
	num
	moment
	mark // ( ) ,
)

// token is a piece of the text; n is the value of num and moment.
type token struct {
	kind tokenKind
	text string
	n    float64
	at   int // byte
}

func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	return strconv.Quote(clip(t.text))
}

// is reports whether t is this word.
func (t token) is(w string) bool { return t.kind == word && strings.EqualFold(t.text, w) }

// clip shortens a text for an error.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// scanner cuts a text into tokens. Its first error stays, and everything after it is
// the end.
type scanner struct {
	what  string
	s     string
	pos   int
	token token
	err   error
}

func (p *scanner) failAt(at int, format string, args ...any) {
	if p.err == nil {
		p.err = &syntaxError{p.what, utf8.RuneCountInString(p.s[:at]) + 1, fmt.Sprintf(format, args...)}
	}
	p.token = token{kind: end, at: len(p.s)}
	p.pos = len(p.s)
}

func (p *scanner) fail(format string, args ...any) { p.failAt(p.token.at, format, args...) }

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// next reads the next token.
func (p *scanner) next() {
	for p.pos < len(p.s) && (p.s[p.pos] == ' ' || p.s[p.pos] == '\t') {
		p.pos++
	}
	at := p.pos
	if at == len(p.s) {
		p.token = token{kind: end, at: at}
		return
	}
	switch c := p.s[at]; {
	case c == '(' || c == ')' || c == ',':
		p.pos++
		p.token = token{mark, p.s[at:p.pos], 0, at}
	case c == '\'' || c == '"':
		p.string(c)
	case c == '-' || c >= '0' && c <= '9':
		p.number()
	case wordByte(c):
		for p.pos < len(p.s) && wordByte(p.s[p.pos]) {
			p.pos++
		}
		p.token = token{word, p.s[at:p.pos], 0, at}
	default:
		r, _ := utf8.DecodeRuneInString(p.s[at:])
		p.failAt(at, "unexpected %q", r)
	}
}

// string reads a string in these quotes.
func (p *scanner) string(quote byte) {
	at := p.pos
	var b strings.Builder
	for p.pos++; p.pos < len(p.s); p.pos++ {
		if p.s[p.pos] == quote {
			if p.pos+1 == len(p.s) || p.s[p.pos+1] != quote {
				p.pos++
				p.token = token{str, b.String(), 0, at}
				return
			}
			p.pos++
		}
		b.WriteByte(p.s[p.pos])
	}
	p.failAt(at, "the string has no end")
}

// number reads a number or a time.
func (p *scanner) number() {
	at := p.pos
	for p.pos < len(p.s) && (wordByte(p.s[p.pos]) || strings.IndexByte("+-.:", p.s[p.pos]) >= 0) {
		p.pos++
	}
	s := p.s[at:p.pos]
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		p.token = token{moment, s, float64(t.Unix()), at}
		return
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "xXpP_iI") { // nor hexadecimal, nor infinite
		p.failAt(at, "%q is neither a number nor a time", clip(s))
		return
	}
	p.token = token{num, s, n, at}
}

// parser makes a filter of the tokens.
type parser struct {
	scanner
	fields []field
}

func (p *parser) or(depth int) filter {
	f := p.and(depth)
	for p.err == nil && p.token.is("or") {
		p.next()
		left, right := f, p.and(depth)
		f = func(get func(int) value) bool { return left(get) || right(get) }
	}
	return f
}

func (p *parser) and(depth int) filter {
	f := p.unary(depth)
	for p.err == nil && p.token.is("and") {
		p.next()
		left, right := f, p.unary(depth)
		f = func(get func(int) value) bool { return left(get) && right(get) }
	}
	return f
}

func (p *parser) unary(depth int) filter {
	switch {
	case depth > maxDepth:
		p.fail("is nested more than %d deep", maxDepth)
		return nil
	case p.token.is("not"):
		p.next()
		f := p.unary(depth + 1)
		return func(get func(int) value) bool { return !f(get) }
	case p.token.kind == mark && p.token.text == "(":
		p.next()
		f := p.or(depth + 1)
		p.want(")")
		return f
	case p.token.kind != word:
		p.fail("%s: want a field, a function, not, or (", p.token)
		return nil
	}
	name := p.token
	p.next()
	if p.token.kind == mark && p.token.text == "(" {
		return p.call(name)
	}
	i := p.field(name)
	if i < 0 {
		return nil
	}
	if p.token.kind != word || p.token.is("and") || p.token.is("or") {
		if p.fields[i].kind != boolean {
			p.fail("%s: want eq, ne, gt, ge, lt or le after %s, which is %s", p.token, name.text, kindNames[p.fields[i].kind])
		}
		return func(get func(int) value) bool { return get(i).n != 0 }
	}
	return p.comparison(i)
}

func (p *parser) want(m string) {
	if p.token.kind != mark || p.token.text != m {
		p.fail("%s: want %s", p.token, m)
		return
	}
	p.next()
}

// field returns the place of a field, -1 if there is none.
func (p *parser) field(name token) int {
	return p.fieldAmong(name, p.fields)
}

func (p *scanner) fieldAmong(name token, fields []field) int {
	names := make([]string, len(fields))
	for i, f := range fields {
		if f.name == name.text && name.kind == word {
			return i
		}
		names[i] = f.name
	}
	p.failAt(name.at, "unknown field %s: must be one of %s", name, strings.Join(names, ", "))
	return -1
}

// functions are those of two texts.
var functions = map[string]func(s, part string) bool{
	"startswith": strings.HasPrefix, "endswith": strings.HasSuffix, "contains": strings.Contains,
}

func (p *parser) call(name token) filter {
	f := functions[strings.ToLower(name.text)]
	if f == nil {
		p.failAt(name.at, "unknown function %s: must be startswith, endswith or contains", name)
		return nil
	}
	p.next()
	i := p.field(p.token)
	if i < 0 {
		return nil
	}
	if p.fields[i].kind != text {
		p.fail("%s is %s: want a field that is a string", p.fields[i].name, kindNames[p.fields[i].kind])
	}
	p.next()
	p.want(",")
	part := p.token
	if part.kind != str {
		p.fail("%s: want a string", part)
	}
	p.next()
	p.want(")")
	return func(get func(int) value) bool {
		v := get(i)
		return v.kind == text && f(v.text, part.text)
	}
}

// comparisons say what the order of two values must be.
var comparisons = map[string]func(order int) bool{
	"eq": func(o int) bool { return o == 0 },
	"ne": func(o int) bool { return o != 0 },
	"gt": func(o int) bool { return o > 0 },
	"ge": func(o int) bool { return o >= 0 },
	"lt": func(o int) bool { return o < 0 },
	"le": func(o int) bool { return o <= 0 },
}

func (p *parser) comparison(i int) filter {
	op := strings.ToLower(p.token.text)
	holds := comparisons[op]
	if holds == nil {
		p.fail("%s: want eq, ne, gt, ge, lt or le", p.token)
		return nil
	}
	p.next()
	literal := p.token
	same := op == "eq" || op == "ne"
	if literal.is("null") {
		if !same {
			p.fail("null can only be compared by eq and ne")
		}
		p.next()
		return func(get func(int) value) bool { return (get(i).kind == null) == (op == "eq") }
	}
	order := p.ordering(p.fields[i], literal, same)
	p.next()
	if order == nil {
		return nil
	}
	return func(get func(int) value) bool {
		v := get(i)
		if v.kind == null {
			return op == "ne"
		}
		return holds(order(v))
	}
}

// ordering returns the order of a value of this field and a literal.
func (p *parser) ordering(f field, literal token, same bool) func(value) int {
	switch {
	case f.kind == text && literal.kind == str:
		return func(v value) int { return strings.Compare(v.text, literal.text) }
	case f.kind == number && literal.kind == num, f.kind == instant && literal.kind == moment:
		return literal.order
	case f.kind == instant && literal.kind == str:
		t, err := time.Parse(time.RFC3339, literal.text)
		if err == nil {
			literal.n = float64(t.Unix())
			return literal.order
		}
	case f.kind == boolean && (literal.is("true") || literal.is("false")):
		if !same {
			p.fail("%s can only be compared by eq and ne", f.name)
		}
		literal.n = 0
		if literal.is("true") {
			literal.n = 1
		}
		return literal.order
	}
	p.fail("%s: %s must be compared with %s", literal, f.name, kindNames[f.kind])
	return nil
}

func (t token) order(v value) int {
	switch n := float64(v.n); {
	case n < t.n:
		return -1
	case n > t.n:
		return 1
	}
	return 0
}
