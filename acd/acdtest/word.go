package acdtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// word is one word of a script line or of a trace line: a text, or key=value.
type word struct {
	key   string
	text  string // the value, if keyed
	keyed bool
}

// splitWords splits a line at its blanks. A text or value with blanks or quotes
// is quoted as in Go.
func splitWords(line string) ([]word, error) {
	var words []word
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" {
			return words, nil
		}
		var w word
		text, rest, err := cutPart(line, true)
		if err != nil {
			return nil, err
		}
		w.text = text
		if strings.HasPrefix(rest, "=") {
			if text == "" {
				return nil, fmt.Errorf("no key before %s", rest)
			}
			w.key, w.keyed = text, true
			if w.text, rest, err = cutPart(rest[1:], false); err != nil {
				return nil, err
			}
		}
		if rest != "" && !isBlank(rest[0]) {
			return nil, fmt.Errorf("no blank before %s", rest)
		}
		words = append(words, w)
		line = rest
	}
}

var errQuote = errors.New("a word with quotes must be quoted as in Go")

// cutPart cuts a quoted or bare text off the beginning of s; a bare key ends at
// an equals sign too.
func cutPart(s string, key bool) (text, rest string, err error) {
	if s != "" && (s[0] == '"' || s[0] == '`') {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", errQuote
		}
		text, err := strconv.Unquote(quoted)
		return text, s[len(quoted):], err
	}
	end := 0
	for end < len(s) && !isBlank(s[end]) && (!key || s[end] != '=') {
		if s[end] == '"' || s[end] == '`' {
			return "", "", errQuote
		}
		end++
	}
	return s[:end], s[end:], nil
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// quote returns text as a word that splitWords reads back: as it is if it can
// stand so, else quoted.
func quote(text string, key bool) string {
	plain := text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r == '"' || r == '`' || r == unicode.ReplacementChar || unicode.IsSpace(r) || !unicode.IsPrint(r) || key && r == '='
	})
	if plain {
		return text
	}
	return strconv.Quote(text)
}
