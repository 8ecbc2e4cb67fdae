package acd

import "time"

// Clock tells a [Router] the time and wakes it. Implementations must be safe for
// concurrent use. A nil Clock in [Options] is package time, which is fake
// inside a testing/synctest bubble.
//
// The interface has two methods and will not get a third. Every clock library
// adapts in one line:
//
//	func (c myClock) AfterFunc(d time.Duration, f func()) func() bool { return c.Clock.AfterFunc(d, f).Stop }
type Clock interface {
	// Now returns the present time. It is called under the Router's lock and
	// must not block or call the Router.
	Now() time.Time
	// AfterFunc calls f once in its own goroutine after d, unless the
	// returned stop is called first; stop reports whether it prevented the
	// call. f must not run before AfterFunc returns, nor under a lock that Now
	// or stop takes. A call of f too early or after stop is harmless.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// wallClock is package time.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
