package acd_test

import (
	"os"
	"testing"
	"time"
)

// long says for how long each of the tests that go on as long as one likes goes
// on, beyond what it does in an ordinary run: ACDKIT_LONG=10m go test …; nothing
// fails because of how far it comes. 0: an ordinary run.
func long(tb testing.TB) time.Duration {
	tb.Helper()
	text := os.Getenv("ACDKIT_LONG")
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		tb.Fatalf("ACDKIT_LONG: %v", err)
	}
	return d
}
