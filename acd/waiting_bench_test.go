package acd_test

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkWaiting is a whole call in a queue in which so many wait all the while:
// who comes goes to the end of the line, who becomes free takes its head.
//
//	go test ./acd -run '^$' -bench 'BenchmarkWaiting$'
func BenchmarkWaiting(b *testing.B) {
	for _, n := range []int{0, 1_000, 100_000, 1_000_000} {
		// Short talks: nobody waits for longer than max_waiting_time.
		s := scene{agents: 1_000, waiting: n, talk: 18 * time.Second, wrapUp: time.Second}
		againstFloor(b, fmt.Sprintf("waiting=%d", n), s)
	}
}
