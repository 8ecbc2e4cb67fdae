package acdtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Script is a scenario script that has been read: every word and key in it is
// known, values are looked at when it runs. It is read only, and any number of
// goroutines may run it at once.
type Script struct {
	name  string
	lines []*line
}

// ScriptError says at which line of a script something went wrong.
type ScriptError struct {
	File string
	Line int    // from 1; 0: the file as a whole
	Text string // what was expected and what came, or what is wrong with the line
	Err  error  // what the library refused, if that is it

	law bool // it is the library's fault: see lawError
}

// Error returns FILE:LINE: TEXT.
func (e *ScriptError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// Unwrap returns the error of the library, if any.
func (e *ScriptError) Unwrap() error { return e.Err }

// maxLine is the length of the longest line, in bytes.
const maxLine = 1 << 20

// Parse reads a script. name stands in errors, which are of type *[ScriptError]
// and name the first bad line.
func Parse(name string, r io.Reader) (*Script, error) {
	s := &Script{name: name}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	number := 0
	for scanner.Scan() {
		number++
		l, err := parseLine(number, scanner.Text())
		if err != nil {
			return nil, &ScriptError{File: name, Line: number, Text: err.Error()}
		}
		if l != nil {
			s.lines = append(s.lines, l)
		}
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, &ScriptError{File: name, Line: number + 1, Text: fmt.Sprintf("a line is longer than %d bytes", maxLine)}
	} else if err != nil {
		return nil, &ScriptError{File: name, Text: err.Error(), Err: err}
	}
	return s, nil
}

// line is one line of a script, its words sorted out.
type line struct {
	number int
	text   string // as written
	verb   *verb
	args   []string // words without a key, in order
	pairs  []Field  // key=value, in order, each key once

	kind  *kind // of expect and never
	inner *line // what fails
}

// arg returns the i-th word without a key, "" if there are fewer.
func (l *line) arg(i int) string {
	if i < len(l.args) {
		return l.args[i]
	}
	return ""
}

// get returns the value of a key, and whether it was given.
func (l *line) get(key string) (string, bool) {
	for _, p := range l.pairs {
		if p.Key == key {
			return p.Value, true
		}
	}
	return "", false
}

// value returns the value of a key, "" if it was not given.
func (l *line) value(key string) string {
	v, _ := l.get(key)
	return v
}

// parseLine parses one line; nil if there is nothing on it.
func parseLine(number int, text string) (*line, error) {
	text = strings.Trim(text, " \t\r")
	if text == "" || text[0] == '#' {
		return nil, nil
	}
	words, err := splitWords(text)
	if err != nil {
		return nil, err
	}
	l, err := sortOut(words)
	if err != nil {
		return nil, err
	}
	l.number, l.text = number, text
	if l.inner != nil {
		l.inner.number, l.inner.text = number, text
	}
	return l, nil
}

// sortOut finds the verb of a line and checks its words against its usage.
func sortOut(words []word) (*line, error) {
	v, words, err := findVerb(words)
	if err != nil {
		return nil, err
	}
	l := &line{verb: v}
	if v.wraps {
		return wrap(l, words)
	}
	for _, w := range words {
		if !w.keyed {
			l.args = append(l.args, w.text)
			continue
		}
		if !v.open && !slices.Contains(v.keys, w.key) {
			return nil, fmt.Errorf("unknown key %s: usage: %s", quote(w.key, true), v.usage)
		}
		if _, twice := l.get(w.key); twice {
			return nil, fmt.Errorf("key %s given twice", quote(w.key, true))
		}
		l.pairs = append(l.pairs, Field{w.key, w.text})
	}
	switch {
	case len(l.args) < v.least:
		return nil, fmt.Errorf("too few words: usage: %s", v.usage)
	case v.most >= 0 && len(l.args) > v.most:
		return nil, fmt.Errorf("unknown word %s: usage: %s", quote(l.args[v.most], false), v.usage)
	}
	for _, key := range v.needed {
		if _, ok := l.get(key); !ok {
			return nil, fmt.Errorf("%s= is missing: usage: %s", key, v.usage)
		}
	}
	if v.kinds {
		if l.kind, err = findKind(l.args[0]); err != nil {
			return nil, err
		}
		err = l.kind.check(l.pairs)
	}
	return l, err
}

// wrap sorts out a line that has another one in it: fails WORD INPUT….
func wrap(l *line, words []word) (*line, error) {
	if len(words) < 2 || words[0].keyed {
		return nil, fmt.Errorf("too few words: usage: %s", l.verb.usage)
	}
	inner, err := sortOut(words[1:])
	if err != nil {
		return nil, err
	}
	if inner.verb.input == nil {
		return nil, fmt.Errorf("%s is not an input: usage: %s", inner.verb.name, l.verb.usage)
	}
	l.args, l.inner = []string{words[0].text}, inner
	return l, nil
}
