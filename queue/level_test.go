package queue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The steps of the groups are the places of the levels that exist, best first:
// levels 1, 5 and 9 are two steps (B34).
func TestB34_Steps(t *testing.T) {
	t.Parallel()
	var l levels
	for _, level := range []int{9, 1, 5, 5, 100} {
		l.add(level, 1)
	}
	for _, c := range []struct {
		level                 int
		ascending, descending int
	}{
		{1, 0, 3},
		{5, 1, 2},
		{9, 2, 1},
		{100, 3, 0},
	} {
		if up, down := l.step(c.level, false), l.step(c.level, true); up != c.ascending || down != c.descending {
			t.Errorf("level %d is at step %d and %d, want %d and %d", c.level, up, down, c.ascending, c.descending)
		}
		if up, down := l.at(c.ascending, false), l.at(c.descending, true); up != c.level || down != c.level {
			t.Errorf("at steps %d and %d are levels %d and %d, want %d", c.ascending, c.descending, up, down, c.level)
		}
	}

	// A level is there as long as somebody has it.
	l.add(5, -1)
	if l.step(9, false) != 2 {
		t.Error("one of two has left level 5, and the level is gone")
	}
	l.add(5, -1)
	if l.step(9, false) != 1 || l.step(9, true) != 1 {
		t.Error("nobody has level 5, and it is a step")
	}
}

func TestB34_FirstStaffed(t *testing.T) {
	t.Parallel()
	var l levels
	if l.firstStaffed(false) != 0 {
		t.Error("no levels, and a step")
	}
	for _, level := range []int{1, 5, 9} {
		l.add(level, 1)
	}
	want := func(ascending, descending, total int) {
		t.Helper()
		if up, down := l.firstStaffed(false), l.firstStaffed(true); up != ascending || down != descending || l.total != total {
			t.Errorf("first staffed are steps %d and %d of %d people, want %d and %d of %d", up, down, l.total, ascending, descending, total)
		}
	}
	want(3, 3, 0)
	l.staff(5, 1)
	want(1, 1, 1)
	l.staff(9, 1)
	want(1, 0, 2)
	l.staff(5, -1)
	want(2, 0, 1)
}

func TestB34_LevelsAreCountedAsTheyAre(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(34, 0))
	var l levels
	var people []int
	for i := range 5000 {
		if n := len(people); n > 0 && (n > 12 || rng.IntN(2) == 0) {
			at := rng.IntN(n)
			l.add(people[at], -1)
			people = slices.Delete(people, at, at+1)
		} else {
			level := 1 + rng.IntN(MaxLevel)
			l.add(level, 1)
			people = append(people, level)
		}
		exist := slices.Compact(slices.Sorted(slices.Values(people)))
		if got, want := fmt.Sprintf("%d", l.list), fmt.Sprintf("%d", exist); got != want {
			t.Fatalf("step %d: levels %s, want %s", i, got, want)
		}
		for step, level := range exist {
			if l.step(level, false) != step || l.step(level, true) != len(exist)-1-step {
				t.Fatalf("step %d: level %d of %v is at %d and %d", i, level, exist, l.step(level, false), l.step(level, true))
			}
		}
	}
}
