package acdtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
)

// maxTime is the latest time of a script: with the start of virtual time it
// stays below what an engine accepts.
const maxTime = 200 * 365 * 24 * time.Hour

// parseDuration reads a duration as scripts write it: as in Go, or a bare number
// of seconds with up to nine decimals. It is not negative and at most maxTime.
func parseDuration(text string) (time.Duration, bool) {
	d, ok := parseSeconds(text)
	if !ok {
		var err error
		if d, err = time.ParseDuration(text); err != nil {
			return 0, false
		}
	}
	return d, d >= 0 && d <= maxTime
}

// parseSeconds reads a bare number of seconds exactly: no floats, so that a time
// in a trace is the time that was meant.
func parseSeconds(text string) (time.Duration, bool) {
	whole, fraction, dotted := strings.Cut(text, ".")
	if dotted && fraction == "" || len(fraction) > 9 || !isDigits(whole) || !isDigits(fraction+"0") {
		return 0, false
	}
	s, err1 := strconv.ParseInt(whole, 10, 64)
	ns, err2 := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	if err1 != nil || err2 != nil || s > int64(maxTime/time.Second) {
		return 0, false
	}
	return time.Duration(s)*time.Second + time.Duration(ns), true
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// formatDuration renders a duration as seconds, with as many decimals as needed.
func formatDuration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign = "-"
	}
	s, ns := d/time.Second, d%time.Second
	if ns == 0 {
		return strconv.FormatInt(int64(s), 10)
	}
	text := fmt.Sprintf("%s%d.%09d", sign, max(s, -s), max(ns, -ns))
	return strings.TrimRight(text, "0")
}

// bad refuses a value of a script, as the library would (B110).
func bad(what, value, must string) error {
	return &acd.Error{Err: acd.ErrInvalid, What: what, ID: quote(value, false), Text: must}
}

func durationOf(what, text string) (time.Duration, error) {
	d, ok := parseDuration(text)
	if !ok {
		return 0, bad(what, text, "must be a duration like 20s, 2m30s or a number of seconds")
	}
	return d, nil
}

// numberOf reads a whole number; its range is left to the library.
func numberOf(what, text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, bad(what, text, "must be a whole number up to 2147483647")
	}
	return int(n), nil
}

// choiceOf returns which of the choices text is.
func choiceOf(what, text string, choices ...string) (int, error) {
	for i, c := range choices {
		if c == text {
			return i, nil
		}
	}
	return 0, bad(what, text, "must be one of "+strings.Join(choices, ", "))
}
