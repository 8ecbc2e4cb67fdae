package queue

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// The limits of B111.
const (
	maxInteger = math.MaxInt32 // where no other bound is stated
	maxID      = 128           // bytes
	maxNumber  = 64            // characters
	maxText    = 1024          // characters
)

// clean reports whether s is valid UTF-8 without control characters (B111).
func clean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// sized reports whether s has least to most characters.
func sized(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return least <= n && n <= most
}

// textValue is a text of some number of characters.
type textValue struct {
	field    *string
	min, max int
	of       string            // what it consists of
	allows   func(string) bool // nil: anything
}

func text(field *string, least, most int) value {
	return textValue{field, least, most, "characters", nil}
}

func digits(field *string, least, most int) value {
	return textValue{field, least, most, "digits", onlyOf("0123456789")}
}

func prefix(field *string) value {
	return textValue{field, 0, maxNumber, "digits, +, * and #", onlyOf("0123456789+*#")}
}

func opaque(field *string) value {
	return textValue{field, 0, maxID, "bytes", func(s string) bool { return len(s) <= maxID }}
}

func onlyOf(set string) func(string) bool {
	return func(s string) bool { return strings.Trim(s, set) == "" }
}

func (v textValue) parse(text string) bool { *v.field = text; return true }

func (v textValue) decode(raw []byte) bool { return decodeText(raw, v) }

func (v textValue) encode() ([]byte, bool) { return encodeText(*v.field), true }

func (v textValue) String() string { return quote(*v.field) }

func (v textValue) must() string { return fmt.Sprintf("%d..%d %s", v.min, v.max, v.of) }

func (v textValue) problem() string {
	switch s := *v.field; {
	case !clean(s):
		return "valid UTF-8 without control characters"
	case !sized(s, v.min, v.max), v.allows != nil && !v.allows(s):
		return v.must()
	default:
		return ""
	}
}

func (v textValue) describe(p *Property) {
	p.Kind = KindText
	p.Min, p.Max = int64(v.min), int64(v.max)
}

// languageTag is a text that names a language.
type languageTag struct{ textValue }

func tag(field *string) value {
	return languageTag{textValue{field, 2, maxNumber, "characters", isTag}}
}

func isTag(s string) bool {
	_, err := language.Parse(s)
	return err == nil && !strings.Contains(s, "_") // Parse takes en_US, which is no BCP 47
}

func (v languageTag) must() string { return "a BCP 47 tag" }

func (v languageTag) problem() string {
	if v.textValue.problem() != "" {
		return v.must()
	}
	return ""
}

// encodeText returns a JSON string.
func encodeText(text string) []byte {
	raw, _ := json.Marshal(text) // of a string it cannot fail
	return raw
}

// decodeText decodes a JSON string and hands it to v.
func decodeText(raw []byte, v value) bool {
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return false
	}
	return v.parse(text)
}

// maxShown bounds what an error shows of a value, in characters.
const maxShown = 80

// printable returns s as it is if that is short and fit for a log line, else
// quoted.
func printable(s string) string {
	if sized(s, 1, maxShown) && strings.IndexFunc(s, unfit) < 0 {
		return s
	}
	return quote(s)
}

func unfit(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }

// quote returns s in quotes, escaped and not too long.
func quote(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return strconv.Quote(s[:i]) + "…"
		}
	}
	return strconv.Quote(s)
}
