//go:build unix

package acd_test

import (
	"syscall"
	"time"
)

// cpuTime returns what the process has spent so far, on all processors.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
