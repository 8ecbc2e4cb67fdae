package agent

import "time"

// delay keeps offers of all queues from him for d (B25).
func (a *Agent) delay(now Instant, d time.Duration) {
	if end := now.Add(d); d > 0 && end > a.pause {
		a.pause = end
	}
}

// maxDoublings bounds the delay at eight-fold (B25).
const maxDoublings = 3

// strike is a delay that doubles with each one in a row.
func (a *Agent) strike(now Instant, d time.Duration) {
	a.delay(now, d<<a.strikes)
	if a.strikes < maxDoublings {
		a.strikes++
	}
}
