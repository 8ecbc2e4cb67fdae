package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// csvNames are the columns of a csv file; its header may have them in any order.
var csvNames = []string{"at", "call", "caller", "priority", "queue", "agent", "wait", "talk", "outcome"}

// csvColumns returns the place of each of csvNames in a header line; nil if it
// is no such header.
func csvColumns(header string) map[string]int {
	names, err := csvFields(header)
	if err != nil || len(names) != len(csvNames) {
		return nil
	}
	columns := make(map[string]int, len(names))
	for i, name := range names {
		name = strings.TrimSpace(name)
		if _, twice := columns[name]; twice || !slices.Contains(csvNames, name) {
			return nil
		}
		columns[name] = i
	}
	return columns
}

// readCSV reads the csv form. A field with a line feed in it is not possible:
// a quote that is not closed must not swallow the rest of the file.
func readCSV(l *lines, log *Log) error {
	columns := csvColumns(l.header())
	if columns == nil {
		return fmt.Errorf("replay: line 1: %w: not the header of a csv file: must be %s", ErrNoLog, strings.Join(csvNames, ","))
	}
	for {
		text, ok := l.next(log)
		if !ok {
			return nil
		}
		fields, err := csvFields(text)
		if err != nil {
			log.bad(l.number, "%v", err)
			continue
		}
		if len(fields) != len(csvNames) {
			log.bad(l.number, "%d fields: must be %d", len(fields), len(csvNames))
			continue
		}
		call, err := csvRecord(func(name string) string { return strings.TrimSpace(fields[columns[name]]) })
		if err != nil {
			log.bad(l.number, "%v", err)
			continue
		}
		log.Calls = append(log.Calls, call)
		log.Used++
	}
}

func csvFields(line string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(line))
	fields, err := r.Read()
	var p *csv.ParseError
	if errors.As(err, &p) {
		err = fmt.Errorf("character %d: %w", p.Column, p.Err)
	}
	return fields, err
}

func csvRecord(field func(name string) string) (c Call, err error) {
	c = Call{ID: field("call"), Caller: field("caller"), Kind: field("queue"), Agent: field("agent"), Talk: Unknown}
	if c.At, err = csvTime(field("at")); err != nil {
		return c, err
	}
	if p := field("priority"); p != "" {
		if c.Priority, err = strconv.Atoi(p); err != nil {
			return c, fmt.Errorf("priority %q: must be 0..100", p)
		}
	}
	if c.Wait, err = csvSeconds("wait", field("wait")); err != nil {
		return c, err
	}
	if err := c.Outcome.UnmarshalText([]byte(field("outcome"))); err != nil || c.Outcome == queue.Waiting {
		return c, fmt.Errorf("outcome %q: must be ANSWERED, ABANDONED or another of the outcomes", field("outcome"))
	}
	if c.Outcome != queue.Answered {
		c.Agent = ""
	} else if talk := field("talk"); talk != "" {
		if c.Talk, err = csvSeconds("talk", talk); err != nil {
			return c, err
		}
	}
	if p := c.problem(); p != "" {
		return c, fmt.Errorf("%s", p)
	}
	return c, nil
}

// csvTime parses RFC 3339 or Unix seconds.
func csvTime(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	if t, ok := unixTime(text); ok {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("at %q: must be RFC 3339 or Unix seconds", text)
}

// unixTime parses Unix seconds with decimals, at full precision.
func unixTime(text string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	s, err := strconv.ParseInt(whole, 10, 40)
	if err != nil {
		return time.Time{}, false
	}
	var ns int64
	if fraction != "" {
		if len(fraction) > 9 {
			fraction = fraction[:9]
		}
		n, err := strconv.ParseUint(fraction+"000000000"[len(fraction):], 10, 31)
		if err != nil {
			return time.Time{}, false
		}
		ns = int64(n)
	}
	return time.Unix(s, ns).UTC(), true
}

func csvSeconds(name, text string) (time.Duration, error) {
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || !(s >= 0) || s > maxSpan.Seconds() {
		return 0, fmt.Errorf("%s %q: must be 0..%.0f s", name, text, maxSpan.Seconds())
	}
	return time.Duration(math.Round(s * float64(time.Second))), nil
}
