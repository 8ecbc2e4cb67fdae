package replay

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"time"
)

// Observation is one wait for an event: how long it was watched, and whether the
// event came then (or else the watching ended first: it is censored).
type Observation struct {
	For  time.Duration
	Came bool
}

// Survival says how likely it is that the event has not come after some time,
// estimated from observations of which some are censored (Kaplan & Meier 1958).
// A caller who was answered after a minute has not told how long he would have
// waited, but that it is more than a minute. It is read only after
// [KaplanMeier]. The zero Survival knows nothing.
type Survival struct {
	times   []time.Duration // of events, ascending
	after   []float64       // probability that it has not come by then, descending
	atRisk  []int           // how many were watched just before
	longest time.Duration
	n       int
}

// KaplanMeier returns the estimate. It sorts obs. Of an event and a censoring at
// the same time the event comes first.
func KaplanMeier(obs []Observation) Survival {
	slices.SortFunc(obs, func(a, b Observation) int {
		switch {
		case a.For != b.For:
			return cmp.Compare(a.For, b.For)
		case a.Came == b.Came:
			return 0
		case a.Came:
			return -1
		default:
			return 1
		}
	})
	s := Survival{n: len(obs)}
	left := 1.0
	for i := 0; i < len(obs); {
		at, came := obs[i].For, 0
		j := i
		for ; j < len(obs) && obs[j].For == at; j++ {
			if obs[j].Came {
				came++
			}
		}
		if atRisk := len(obs) - i; came > 0 {
			left *= 1 - float64(came)/float64(atRisk)
			s.times = append(s.times, at)
			s.after = append(s.after, left)
			s.atRisk = append(s.atRisk, atRisk)
		}
		s.longest = at
		i = j
	}
	return s
}

// N returns how many observations there were.
func (s Survival) N() int { return s.n }

// At returns the probability that the event has not come by d, itself included.
func (s Survival) At(d time.Duration) float64 {
	i := s.events(d)
	if i == 0 {
		return 1
	}
	return s.after[i-1]
}

// events returns how many of the times are not after d.
func (s Survival) events(d time.Duration) int {
	return sort.Search(len(s.times), func(i int) bool { return s.times[i] > d })
}

// Steps returns the times of the events and the probability after each.
func (s Survival) Steps() iter.Seq2[time.Duration, float64] {
	return func(yield func(time.Duration, float64) bool) {
		for i, t := range s.times {
			if !yield(t, s.after[i]) {
				return
			}
		}
	}
}

// Median returns the time by which half of them have come; ok is false where
// the observations do not reach so far.
func (s Survival) Median() (d time.Duration, ok bool) {
	for t, left := range s.Steps() {
		if left <= 0.5 {
			return t, true
		}
	}
	return 0, false
}

// Between returns the time of an event of which is known that it comes after low
// and not after high; u, evenly drawn from [0, 1), says which. Beyond the last
// event nothing is known: what is left then is said to come with the longest
// observation (Efron 1967). ok is false if nothing can come in that time.
func (s Survival) Between(low, high time.Duration, u float64) (d time.Duration, ok bool) {
	if len(s.times) == 0 || high <= low || low >= s.longest {
		return 0, false
	}
	first, end := s.events(low), s.events(high)
	from, to := s.At(low), s.At(high)
	if high >= s.longest {
		to = 0
	}
	if from <= to {
		return 0, false
	}
	level := from - u*(from-to) // in (to, from], but for rounding
	i := first + sort.Search(end-first, func(i int) bool { return s.after[first+i] < level })
	if i == end {
		if high >= s.longest {
			return s.longest, true
		}
		i-- // rounding
	}
	return s.times[i], true
}
