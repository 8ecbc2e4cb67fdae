package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a JSON value that knows where it stands.
type node struct {
	line    int
	raw     []byte   // as it stands
	value   any      // json.Delim('{') or ('['), string, json.Number, bool, nil
	members []member // of an object, as they come
	items   []*node  // of a list
}

// member is a member of an object.
type member struct {
	name string
	line int
	node *node
}

// deepest is how deep a configuration may be nested.
const deepest = 16

// tree reads one JSON value. An error says the line.
func tree(data []byte) (*node, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%d: not valid UTF-8", 1+bytes.Count(data[:broken(data)], []byte("\n")))
	}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(data, new(any)); errors.As(err, &syntax) {
		before := data[:min(max(syntax.Offset-1, 0), int64(len(data)))]
		return nil, fmt.Errorf("%d: not JSON: %w", 1+bytes.Count(before, []byte("\n")), err)
	} else if err != nil {
		return nil, fmt.Errorf("1: not JSON: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	g := grower{data: data, decoder: d, line: 1}
	return g.grow(0)
}

// broken returns where a text stops being UTF-8.
func broken(data []byte) int {
	at := 0
	for at < len(data) {
		r, n := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	return at
}

// grower makes a tree out of the tokens of valid JSON.
type grower struct {
	data    []byte
	decoder *json.Decoder
	counted int // bytes whose lines are counted
	line    int // of the last token
}

// next returns the next token and where it begins.
func (g *grower) next() (json.Token, int, error) {
	token, err := g.decoder.Token()
	end := int(g.decoder.InputOffset())
	g.line += bytes.Count(g.data[g.counted:end], []byte("\n"))
	g.counted = end
	return token, end, err
}

func (g *grower) grow(depth int) (*node, error) {
	token, end, err := g.next()
	if err != nil {
		return nil, err
	}
	n := &node{line: g.line, value: token}
	delim, ok := token.(json.Delim)
	if !ok {
		n.raw = []byte(literal(token))
		return n, nil
	}
	if depth == deepest {
		return nil, fmt.Errorf("%d: nested more than %d deep", g.line, deepest)
	}
	for g.decoder.More() {
		if delim == '[' {
			item, err := g.grow(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
			continue
		}
		key, _, err := g.next()
		if err != nil {
			return nil, err
		}
		m := member{line: g.line}
		m.name, _ = key.(string)
		if m.node, err = g.grow(depth + 1); err != nil {
			return nil, err
		}
		n.members = append(n.members, m)
	}
	if _, _, err := g.next(); err != nil {
		return nil, err
	}
	n.raw = g.data[end-1 : g.counted]
	return n, nil
}

func literal(token json.Token) string {
	switch t := token.(type) {
	case string:
		return strconv.Quote(t)
	case nil:
		return "null"
	default:
		return fmt.Sprint(t)
	}
}

// shown returns the value on one short line.
func (n *node) shown() string {
	text := strings.Join(strings.Fields(string(n.raw)), " ")
	if r := []rune(text); len(r) > 60 {
		text = string(r[:59]) + "…"
	}
	return text
}
