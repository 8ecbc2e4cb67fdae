package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// kind is the kind of a field of a list.
type kind uint8

const (
	null kind = iota // only a value: a field that is blank
	text
	number
	boolean
	instant
)

var kindNames = [...]string{"null", "a string", "a number", "true or false", "a time"}

// value is what a field of an item holds.
type value struct {
	kind kind
	text string
	n    int64 // number; boolean: 0 or 1; instant: seconds of the Unix epoch
}

// textOf is a text; a blank one is null.
func textOf(s string) value {
	if s == "" {
		return value{}
	}
	return value{kind: text, text: s}
}

func numberOf[N ~int | ~int64 | ~uint64](n N) value { return value{kind: number, n: int64(n)} }

func booleanOf(b bool) value {
	if b {
		return value{kind: boolean, n: 1}
	}
	return value{kind: boolean}
}

// instantOf is a time; never is null.
func instantOf(i agent.Instant) value {
	if i == 0 {
		return value{}
	}
	return value{kind: instant, n: i.Time().Unix()}
}

// compare orders values of one field: null first, texts by their bytes.
func (v value) compare(w value) int {
	return cmp.Or(cmp.Compare(min(v.kind, 1), min(w.kind, 1)), cmp.Compare(v.n, w.n), strings.Compare(v.text, w.text))
}

// append appends the JSON of a value.
func (v value) append(b []byte) []byte {
	switch v.kind {
	case text:
		return appendText(b, v.text)
	case number:
		return strconv.AppendInt(b, v.n, 10)
	case boolean:
		return strconv.AppendBool(b, v.n != 0)
	case instant:
		return time.Unix(v.n, 0).UTC().AppendFormat(append(b, '"'), `2006-01-02T15:04:05Z"`)
	default:
		return append(b, "null"...)
	}
}

// String returns the value as a file of an export has it; blank is "".
func (v value) String() string {
	switch v.kind {
	case null:
		return ""
	case text:
		return v.text
	case instant:
		return time.Unix(v.n, 0).UTC().Format(time.RFC3339)
	default:
		return string(v.append(nil))
	}
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			raw, _ := json.Marshal(s) // a string can always be marshalled
			return append(b, raw...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// appendName appends what stands before the value of a field, in an object that has
// been begun.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return append(appendText(b, name), ':')
}

func appendField(b []byte, name string, v value) []byte { return v.append(appendName(b, name)) }

func appendRaw(b []byte, name string, raw []byte) []byte {
	if bytes.Equal(raw, []byte(`""`)) {
		raw = []byte("null")
	}
	return append(appendName(b, name), raw...)
}
