package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/acdkit/acdkit/agent"
)

// MarshalJSON implements [json.Marshaler]: an object with every property in the
// order of [Properties]; an absent night_mode_forward_rule is null. A value
// that has no JSON form, such as an unknown enum, is refused with a
// [*PropertyError].
func (c Config) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range properties {
		if i > 0 {
			b.WriteByte(',')
		}
		v := p.of(&c)
		raw, ok := v.encode()
		if !ok {
			return nil, p.refuse(v.String(), v.must())
		}
		b.WriteString(strconv.Quote(p.name))
		b.WriteByte(':')
		b.Write(raw)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. Properties that data lacks keep
// the values they have in c, so decode onto [Defaults] to make a queue and onto
// a [Config.Clone] of the present configuration to change one. Unknown names,
// names given twice and values of a wrong kind are refused with joined
// [*PropertyError]s, and then c has not changed. Ranges are left to
// [Config.Validate], but where something is refused those of the other values
// are reported along with it.
func (c *Config) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	pairs, err := pairsOf(data)
	if err != nil {
		return fmt.Errorf("queue: %w: configuration: must be a JSON object: %w", agent.ErrInvalid, err)
	}
	var (
		next     = c.Clone()
		problems []error
		decoded  []*property
		seen     = make(map[string]bool, len(pairs))
	)
	for _, pair := range pairs {
		p, shown := lookup(pair.name), printable(string(pair.raw))
		switch {
		case p == nil:
			problems = append(problems, &PropertyError{Name: pair.name, Value: shown})
		case seen[pair.name]:
			problems = append(problems, p.refuse(shown, "given once"))
		case !p.of(&next).decode(pair.raw):
			problems = append(problems, p.refuse(shown, p.of(&next).must()))
		default:
			decoded = append(decoded, p)
		}
		seen[pair.name] = true
	}
	if len(problems) == 0 {
		*c = next
		return nil
	}
	for _, p := range decoded {
		problems = append(problems, p.check(&next))
	}
	return errors.Join(problems...)
}

// pair is a member of a JSON object.
type pair struct {
	name string
	raw  json.RawMessage
}

// pairsOf returns the members of a JSON object as they come, those given twice
// too.
func pairsOf(data []byte) ([]pair, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("invalid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil {
		return nil, err
	} else if start != json.Delim('{') {
		return nil, fmt.Errorf("it begins with %v", start)
	}
	var pairs []pair
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var p pair
		p.name, _ = name.(string)
		if err := d.Decode(&p.raw); err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows it")
	}
	return pairs, nil
}
