package queue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/acdkit/acdkit/strategy"
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

// Whoever gets another level leaves his group and is counted and rung in the other one
// (B34); who gets the level that he has stays as he is.
func TestB34_ALevelThatChanges(t *testing.T) {
	t.Parallel()
	w := small(t, strategy.SkillBasedRoutingPrioritizedHunt, nil, 1, 1, 5)
	q, he := w.q, w.people[0]
	same := func(when string) {
		t.Helper()
		var want levels
		var order []*Member
		for _, m := range w.people {
			want.add(m.Level, 1)
			want.staff(m.Level, 1)
			order = append(order, m)
		}
		if fmt.Sprint(q.levels) != fmt.Sprint(want) || q.loggedIn != len(w.people) {
			t.Errorf("%s: levels %v with %d staffed, %d logged in; want %v with %d", when, q.levels.list, q.levels.total, q.loggedIn, want.list, want.total)
		}
		slices.SortStableFunc(order, func(a, b *Member) int { return a.Level - b.Level })
		for slot, level := range q.lineup.All() {
			if m := order[0]; int(m.slot) != slot || m.Level != level {
				t.Errorf("%s: slot %d of level %d, want %s of %d", when, slot, level, m.Agent, m.Level)
			}
			order = order[1:]
		}
	}
	same("at first")
	for _, level := range []int{5, 9, 9, 1, 100, 5} {
		q.SetLevel(w.now, he, level)
		same(fmt.Sprint("at level ", level))
	}
	he.AgentOf().SetRegistered(w.now, false)
	w.restaff(he)
	w.q.Remove(w.now, he)
	if q.levels.step(5, false) != 1 || q.levels.total != 2 || q.levels.firstStaffed(true) != 0 {
		t.Errorf("without him levels %v, %d staffed", q.levels.list, q.levels.total)
	}
	q.SetLevel(w.now, w.people[2], 7)
	if !slices.Equal(q.levels.list, []uint8{1, 7}) || q.levels.total != 2 {
		t.Errorf("levels %v, %d staffed", q.levels.list, q.levels.total)
	}
}
