package acdtest

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets the tests collect garbage more rarely: they make very much of it
// beside a few megabytes that live, and would spend a fifth of their time on it.
func TestMain(m *testing.M) {
	const percent = 400
	debug.SetGCPercent(percent)
	os.Exit(m.Run())
}
