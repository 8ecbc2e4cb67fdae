package queue

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Identifies reports whether a number identifies a caller to the lists and
// memories (B69): there is one, it is not withheld, and it has 3 digits at the
// least.
func Identifies(number string) bool {
	digits := 0
	for i := range len(number) {
		if number[i] >= '0' && number[i] <= '9' {
			digits++
		}
	}
	if digits < 3 {
		return false
	}
	switch strings.ToLower(number) {
	case "anonymous", "restricted", "private", "unknown", "unavailable":
		return false
	}
	return true
}

// Resume is the age that a caller gets back who hung up while waiting.
type Resume struct {
	First  agent.Instant // when he first joined any queue
	Credit time.Duration // the credit that he had
	Until  agent.Instant // the end of resume_window
}

// Resumes remembers, by number, who hung up while waiting (B56). It forgets what
// is over as it goes. The zero value is empty.
type Resumes struct {
	byNumber map[string]Resume
	oldest   []string // numbers in the order of Until, some of them used already
}

// Put remembers a caller, and returns the numbers that it forgot on the way.
func (r *Resumes) Put(now agent.Instant, number string, s Resume) (forgotten []string) {
	for len(r.oldest) > 0 {
		old, ok := r.byNumber[r.oldest[0]]
		if ok && old.Until >= now {
			break
		}
		if ok {
			delete(r.byNumber, r.oldest[0])
			forgotten = append(forgotten, r.oldest[0])
		}
		r.oldest = r.oldest[1:]
	}
	if r.byNumber == nil {
		r.byNumber = make(map[string]Resume)
	}
	r.byNumber[number] = s
	r.oldest = append(r.oldest, number)
	return forgotten
}

// Use returns what is remembered of a caller, once; ok is false if nothing is,
// or if it is over.
func (r *Resumes) Use(now agent.Instant, number string) (s Resume, ok bool) {
	s, ok = r.byNumber[number]
	delete(r.byNumber, number)
	return s, ok && s.Until >= now
}

// Get returns what is remembered of a caller, for records.
func (r *Resumes) Get(number string) (s Resume, ok bool) {
	s, ok = r.byNumber[number]
	return s, ok
}

// Numbers returns the numbers remembered, sorted.
func (r *Resumes) Numbers() []string { return slices.Sorted(maps.Keys(r.byNumber)) }

// Restore remembers what was remembered; in any order.
func (r *Resumes) Restore(all map[string]Resume) {
	r.byNumber = all
	r.oldest = slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		if d := all[a].Until - all[b].Until; d != 0 {
			return int(max(min(d, 1), -1))
		}
		return strings.Compare(a, b)
	})
}
