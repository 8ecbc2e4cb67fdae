package acdtest

import (
	"slices"
	"sync"
	"time"

	"github.com/acdkit/acdkit/acd"
)

// Clock is an [acd.Clock] that a test moves by hand. It is safe for concurrent
// use. Functions given to AfterFunc run one after another, each in a goroutine of
// its own, while the clock is moved, and never otherwise.
type Clock struct {
	moving sync.Mutex // held while the clock is moved

	mu     sync.Mutex
	now    time.Time
	set    uint64   // calls of AfterFunc so far
	alarms []*alarm // not yet due
}

var _ acd.Clock = (*Clock)(nil)

// alarm is one call of AfterFunc.
type alarm struct {
	at time.Time
	n  uint64 // those of one instant run in the order in which they were set
	f  func()
}

// NewClock returns a clock that stands at now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now returns where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc has f called when the clock is moved to d from now, or past it; with
// d ≤ 0 as soon as it is moved at all, if only by 0. stop reports whether it
// prevented the call.
func (c *Clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set++
	a := &alarm{at: c.now.Add(max(d, 0)), n: c.set, f: f}
	c.alarms = append(c.alarms, a)
	return func() bool { return c.remove(a) }
}

func (c *Clock) remove(a *alarm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.alarms, a)
	if i >= 0 {
		c.alarms = slices.Delete(c.alarms, i, i+1)
	}
	return i >= 0
}

// Advance moves the clock by d, see [Clock.Set].
func (c *Clock) Advance(d time.Duration) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.moveTo(c.Now().Add(d))
}

// Set moves the clock to now; it never goes back. It stops wherever a function is
// due on the way, those that are set meanwhile included, and waits until that
// function has returned: so a Router sees each of its deadlines in time, and a
// test the same thing every time. Functions must not move the clock, nor wait for
// whoever does.
func (c *Clock) Set(now time.Time) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.moveTo(now)
}

func (c *Clock) moveTo(now time.Time) {
	for {
		f := c.next(now)
		if f == nil {
			return
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
}

// next moves to the function that is due first until now and takes it out; if
// none is due it moves to now and returns nil.
func (c *Clock) next(now time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.earliest()
	if a == nil || a.at.After(now) {
		c.step(now)
		return nil
	}
	c.step(a.at)
	c.alarms = slices.DeleteFunc(c.alarms, func(other *alarm) bool { return other == a })
	return a.f
}

func (c *Clock) step(now time.Time) {
	if now.After(c.now) {
		c.now = now
	}
}

func (c *Clock) earliest() *alarm {
	var first *alarm
	for _, a := range c.alarms {
		if first == nil || a.at.Before(first.at) || a.at.Equal(first.at) && a.n < first.n {
			first = a
		}
	}
	return first
}

// Jump moves the clock by d at one go, as for a process that was stopped: what
// was due on the way runs at the new time (B104).
func (c *Clock) Jump(d time.Duration) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.mu.Lock()
	c.step(c.now.Add(d))
	now := c.now
	c.mu.Unlock()
	c.moveTo(now)
}

// Next returns when the next function is due; ok is false if none is.
func (c *Clock) Next() (at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.earliest()
	if a == nil {
		return time.Time{}, false
	}
	if a.at.Before(c.now) {
		return c.now, true
	}
	return a.at, true
}
