// Package long is the one switch for tests that find more the longer they go on:
//
//	ACDKIT_LONG=10m go test ./acd/… -run … -timeout 1h -v
//
// CONTRIBUTING says which they are. It is for tests alone.
package long

import (
	"os"
	"time"
)

// TB is the part of testing.TB that is needed.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Time says for how long each test that can go on for as long as one likes goes
// on, beyond what it does in an ordinary run; a test with a long form of its own
// takes that if it is more than 0. It reads ACDKIT_LONG: a duration of Go of more
// than 0, or nothing, for an ordinary run. Anything else fails tb. Nothing must
// fail because of how far a test comes. It may be called from any goroutine of
// the test.
func Time(tb TB) time.Duration {
	tb.Helper()
	text := os.Getenv("ACDKIT_LONG")
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		tb.Fatalf("ACDKIT_LONG %q: must be a duration of more than 0, like 10m", text)
	}
	return d
}
