package queue

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Withheld reports whether a number is a word that stands for one that is not to
// be known, in any case (B69).
func Withheld(number string) bool {
	switch strings.ToLower(number) {
	case "anonymous", "restricted", "private", "unknown", "unavailable":
		return true
	}
	return false
}

// Identifies reports whether a number identifies a caller to the lists and
// memories: it has 3 digits at the least, which no withheld one has (B69).
func Identifies(number string) bool {
	digits := 0
	for i := range len(number) {
		if number[i]-'0' <= 9 {
			if digits++; digits == 3 {
				return true
			}
		}
	}
	return false
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
	oldest   []ending // by time, then number; some used already, or remembered anew
}

// ending is when what is remembered of a number is over.
type ending struct {
	until  agent.Instant
	number string
}

func (e ending) compare(other ending) int {
	return cmp.Or(cmp.Compare(e.until, other.until), cmp.Compare(e.number, other.number))
}

// Put remembers a caller, and returns the numbers that it forgot on the way.
func (r *Resumes) Put(now agent.Instant, number string, s Resume) (forgotten []string) {
	for len(r.oldest) > 0 && r.oldest[0].until < now {
		old := r.oldest[0]
		r.oldest = r.oldest[1:]
		if s, ok := r.byNumber[old.number]; ok && s.Until == old.until {
			delete(r.byNumber, old.number)
			forgotten = append(forgotten, old.number)
		}
	}
	if r.byNumber == nil {
		r.byNumber = make(map[string]Resume)
	}
	r.byNumber[number] = s
	end := ending{s.Until, number}
	if i, found := slices.BinarySearchFunc(r.oldest, end, ending.compare); !found {
		r.oldest = slices.Insert(r.oldest, i, end)
	}
	return forgotten
}

// Get returns what is remembered of a caller; ok is false if nothing is, or if it
// is over.
func (r *Resumes) Get(now agent.Instant, number string) (s Resume, ok bool) {
	s, ok = r.byNumber[number]
	return s, ok && now <= s.Until
}

// Use forgets a caller who has got his age back.
func (r *Resumes) Use(number string) { delete(r.byNumber, number) }

// Remembered returns what is remembered of a caller, over or not, for records.
func (r *Resumes) Remembered(number string) (s Resume, ok bool) {
	s, ok = r.byNumber[number]
	return s, ok
}

// Numbers returns the numbers remembered, sorted.
func (r *Resumes) Numbers() []string { return slices.Sorted(maps.Keys(r.byNumber)) }

// Restore remembers what was remembered; in any order.
func (r *Resumes) Restore(all map[string]Resume) {
	r.byNumber = all
	r.oldest = r.oldest[:0]
	for number, s := range all {
		r.oldest = append(r.oldest, ending{s.Until, number})
	}
	slices.SortFunc(r.oldest, ending.compare)
}

// shift moves all times by d.
func (r *Resumes) shift(d agent.Instant) {
	all := make(map[string]Resume, len(r.byNumber))
	for number, s := range r.byNumber {
		all[number] = Resume{s.First + d, s.Credit, s.Until + d}
	}
	r.Restore(all)
}
