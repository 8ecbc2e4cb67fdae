package acd_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/acdkit/acdkit/acd"
)

// errStore is what a failing store says in these tests.
var errStore = errors.New("disk full")

// failTimes fails the commits from..to.
func failTimes(n, from, to int) error {
	if n >= from && n <= to {
		return errStore
	}
	return nil
}

// slowStorage is a MemoryStorage that takes its time, fails, and remembers what
// it was given.
type slowStorage struct {
	acd.MemoryStorage
	delay  time.Duration     // of every commit but the first, which is Open's
	before func()            // called at the start of every commit
	fail   func(n int) error // what becomes of commit n, from 1
	kept   func(n int) bool  // whether a commit that fails is kept nevertheless
	loads  error             // what Load yields
	mu     sync.Mutex
	began  []time.Time
	given  []acd.Batch
	inside int
}

func (s *slowStorage) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	if s.loads != nil {
		return func(yield func(acd.Record, error) bool) { yield(acd.Record{}, s.loads) }
	}
	return s.MemoryStorage.Load(ctx, prefix)
}

func (s *slowStorage) Commit(ctx context.Context, b acd.Batch) error {
	s.mu.Lock()
	if s.inside++; s.inside > 1 {
		panic("Commit is called twice at once")
	}
	s.began = append(s.began, time.Now())
	b.Records = slices.Clone(b.Records)
	s.given = append(s.given, b)
	n := len(s.given)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inside--
		s.mu.Unlock()
	}()
	if s.before != nil {
		s.before()
	}
	if s.delay > 0 && n > 1 {
		select {
		case <-time.After(s.delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.fail != nil {
		if err := s.fail(n); err != nil {
			if s.kept != nil && s.kept(n) {
				_ = s.MemoryStorage.Commit(ctx, b)
			}
			return err
		}
	}
	return s.MemoryStorage.Commit(ctx, b)
}

// batches returns what the store was given so far.
func (s *slowStorage) batches() []acd.Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.given)
}

// callingClock is package time, and tells whenever it is called.
type callingClock struct{ called func(what string) }

func (c callingClock) Now() time.Time { return time.Now() }

func (c callingClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.called("AfterFunc")
	stop := time.AfterFunc(d, f).Stop
	return func() bool {
		c.called("stop")
		return stop()
	}
}

// callingHandler tells whenever something is logged.
type callingHandler struct{ called func(what string) }

func (h callingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h callingHandler) Handle(context.Context, slog.Record) error {
	h.called("Handle")
	return nil
}

func (h callingHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h callingHandler) WithGroup(string) slog.Handler { return h }

// handClock is a clock that stands still until a test moves it. Its times have no
// monotonic part.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*handTimer
	set    int // timers ever set
}

type handTimer struct {
	at time.Time
	f  func()
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &handTimer{c.now.Add(d), f}
	c.timers = append(c.timers, timer)
	c.set++
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.drop(timer)
	}
}

func (c *handClock) drop(timer *handTimer) bool {
	i := slices.Index(c.timers, timer)
	if i >= 0 {
		c.timers = slices.Delete(c.timers, i, i+1)
	}
	return i >= 0
}

// jump moves the clock and calls nothing: a process that was stopped, or a wall
// clock that somebody sets.
func (c *handClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// pass lets d pass, timer by timer.
func (c *handClock) pass(d time.Duration) {
	for end := c.Now().Add(d); ; {
		f := c.step(end)
		if f == nil {
			return
		}
		f()
	}
}

func (c *handClock) step(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) > 0 {
		first := slices.MinFunc(c.timers, func(a, b *handTimer) int { return a.at.Compare(b.at) })
		if !first.at.After(end) {
			c.drop(first)
			if first.at.After(c.now) {
				c.now = first.at
			}
			return first.f
		}
	}
	c.now = end
	return nil
}

// pending returns how many timers are set.
func (c *handClock) pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

// fire calls what is set although it is too early, and leaves it set.
func (c *handClock) fire() {
	c.mu.Lock()
	timers := slices.Clone(c.timers)
	c.mu.Unlock()
	for _, timer := range timers {
		timer.f()
	}
}
