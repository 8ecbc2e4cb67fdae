//go:build !unix

package acd_test

import "time"

var started = time.Now()

// cpuTime returns the time since the start: there is nothing better here.
func cpuTime() time.Duration { return time.Since(started) }
