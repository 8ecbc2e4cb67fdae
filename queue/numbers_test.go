package queue

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// lawful fails unless the sums of B46 agree with how many wait and talk.
func lawful(t *testing.T, what string, n Numbers, waiting, talking int) {
	t.Helper()
	left := uint64(0)
	for _, k := range n.Left {
		left += k
	}
	if n.Joined != left+uint64(waiting) || n.Waiting() != waiting {
		t.Fatalf("%s: joined %d, left %d, waiting %d: %d wait", what, n.Joined, left, n.Waiting(), waiting)
	}
	if n.Left[Answered] != n.Ended+uint64(talking) || n.Talking() != talking {
		t.Fatalf("%s: answered %d, ended %d, talking %d: %d talk", what, n.Left[Answered], n.Ended, n.Talking(), talking)
	}
}

// Whatever happens in whatever order, and whenever it is reset: joined = outcomes +
// waiting and answered = ended + talking, over the lifetime and since the reset.
func TestB46_TheSumsAgreeAtAllTimes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(46, 1))
	var l Ledger
	waiting, talking := 0, 0
	outcomes := [Outcomes]uint64{}
	for range 20_000 {
		switch what := rng.IntN(10); {
		case what < 4:
			l.Join()
			waiting++
		case what < 7 && waiting > 0:
			o := Answered + Outcome(rng.IntN(int(Outcomes-Answered)))
			l.Leave(o, time.Duration(rng.IntN(100))*time.Second, 20*time.Second)
			outcomes[o]++
			waiting--
			if o == Answered {
				talking++
			}
		case what < 9 && talking > 0:
			l.EndTalk(0, time.Minute)
			talking--
		case what == 9 && rng.IntN(20) == 0:
			l.Reset()
			lawful(t, "at a reset", l.Since(), waiting, talking)
		}
		lawful(t, "lifetime", l.Lifetime(), waiting, talking)
		lawful(t, "since reset", l.Since(), waiting, talking)
	}
	if got := l.Lifetime().Left; got != outcomes {
		t.Errorf("left %v, want %v", got, outcomes)
	}
}

// A reset carries over who waits and who talks, and nothing else; the lifetime goes
// on.
func TestB46_ResetCarriesOver(t *testing.T) {
	t.Parallel()
	var l Ledger
	for range 6 {
		l.Join()
	}
	l.Leave(Answered, 5*time.Second, 20*time.Second)
	l.Leave(Answered, 30*time.Second, 20*time.Second)
	l.Leave(Abandoned, 7*time.Second, 20*time.Second)
	l.Leave(Full, 0, 0)
	l.Breach()
	l.EndOffer(agent.NoAnswer)
	l.EndTalk(0, time.Minute)
	before := l.Lifetime()
	if since := l.Since(); since != before {
		t.Errorf("since the beginning %+v, lifetime %+v", since, before)
	}

	l.Reset()
	want := Numbers{Joined: 3, Carried: 1} // two wait, one talks
	want.Left[Answered] = 1
	if got := l.Since(); got != want {
		t.Errorf("since reset %+v, want %+v", got, want)
	}
	if got := l.Lifetime(); got != before {
		t.Errorf("lifetime %+v, want %+v", got, before)
	}
	l.Reset()
	if got := l.Since(); got != want {
		t.Errorf("reset twice %+v, want %+v", got, want)
	}

	// Those who were carried over end in both.
	l.EndTalk(0, time.Minute)
	l.Leave(TimedOut, time.Minute, 20*time.Second)
	l.Leave(Answered, time.Minute, 20*time.Second)
	lawful(t, "since reset", l.Since(), 0, 1)
	lawful(t, "lifetime", l.Lifetime(), 0, 1)
}

// What each booking counts, in both numbers.
func TestB46_WhatIsBooked(t *testing.T) {
	t.Parallel()
	sla := 20 * time.Second
	for name, c := range map[string]struct {
		book func(*Ledger)
		want Numbers
	}{
		"a join": {(*Ledger).Join, Numbers{Joined: 1}},
		"answered in time": {
			func(l *Ledger) { l.Leave(Answered, sla, sla) },
			Numbers{Left: [Outcomes]uint64{Answered: 1}, AnsweredInSLA: 1, AnsweredWait: sla, LongestAnswered: sla},
		},
		"answered late": {
			func(l *Ledger) { l.Leave(Answered, sla+1, sla) },
			Numbers{Left: [Outcomes]uint64{Answered: 1}, AnsweredWait: sla + 1, LongestAnswered: sla + 1},
		},
		"answered without sla_time": {
			func(l *Ledger) { l.Leave(Answered, 0, 0) },
			Numbers{Left: [Outcomes]uint64{Answered: 1}},
		},
		"abandoned in time": {
			func(l *Ledger) { l.Leave(Abandoned, sla, sla) },
			Numbers{Left: [Outcomes]uint64{Abandoned: 1}, AbandonedInSLA: 1, AbandonedWait: sla, LongestAbandoned: sla},
		},
		"abandoned late": {
			func(l *Ledger) { l.Leave(Abandoned, sla+1, sla) },
			Numbers{Left: [Outcomes]uint64{Abandoned: 1}, AbandonedWait: sla + 1, LongestAbandoned: sla + 1},
		},
		"timed out": {
			func(l *Ledger) { l.Leave(TimedOut, time.Second, sla) },
			Numbers{Left: [Outcomes]uint64{TimedOut: 1}},
		},
		"a breach": {(*Ledger).Breach, Numbers{Breaches: 1}},
		"an offer's end": {
			func(l *Ledger) { l.EndOffer(agent.LostRace) },
			Numbers{Offers: [agent.LostRace + 1]uint64{agent.LostRace: 1}},
		},
		"a talk's end": {func(l *Ledger) { l.EndTalk(time.Second, 3*time.Second) }, Numbers{Ended: 1, Ring: time.Second, Talk: 3 * time.Second}},
	} {
		var l Ledger
		c.book(&l)
		if l.Lifetime() != c.want || l.Since() != c.want {
			t.Errorf("%s: lifetime %+v, since reset %+v, want %+v", name, l.Lifetime(), l.Since(), c.want)
		}
	}
}

// Means are exact; without anything to divide by they are 0.
func TestNumbers_MeansAreExact(t *testing.T) {
	t.Parallel()
	var none Numbers
	if none.MeanWait() != 0 || none.MeanAbandonedWait() != 0 || none.MeanTalk() != 0 || none.ServiceLevel() != (ServiceLevel{}) {
		t.Error("the means of nothing are not 0")
	}
	var l Ledger
	for i := range 3 {
		l.Leave(Answered, time.Duration(i+1)*time.Second, 0)
		l.Leave(Abandoned, time.Duration(10*i)*time.Second, 0)
	}
	l.EndTalk(0, time.Second)
	l.EndTalk(0, 2*time.Second)
	n := l.Lifetime()
	if n.MeanWait() != 2*time.Second || n.MeanAbandonedWait() != 10*time.Second || n.MeanTalk() != 1500*time.Millisecond {
		t.Errorf("mean wait %v, of the abandoned %v, talk %v", n.MeanWait(), n.MeanAbandonedWait(), n.MeanTalk())
	}
}

// What was stored comes back, through JSON too.
func TestB46_NumbersAreKept(t *testing.T) {
	t.Parallel()
	var l, m Ledger
	for o := Answered; o < Outcomes; o++ {
		l.Join()
		l.Leave(o, time.Second, time.Minute)
	}
	l.EndOffer(agent.Answered)
	l.Reset()
	l.Join()
	l.Breach()
	for _, from := range []*Numbers{&l.life, &l.since} {
		raw, err := json.Marshal(from)
		if err != nil {
			t.Fatal(err)
		}
		var back Numbers
		if err := json.Unmarshal(raw, &back); err != nil || back != *from {
			t.Errorf("%s came back as %+v: %v", raw, back, err)
		}
	}
	m.Set(l.Lifetime(), l.Since())
	if m.Lifetime() != l.Lifetime() || m.Since() != l.Since() {
		t.Errorf("set to %+v, want %+v", m, l)
	}
	m.EndTalk(0, time.Second)
	lawful(t, "since reset", m.Since(), 1, 0)
}

// The numbers of a call cost no allocation: neither those of the queue nor what its
// estimates are made of, nor the score of these. Only a wait longer than any before
// may cost one.
func TestB91_NumbersCostNoAllocation(t *testing.T) { // AllocsPerRun allows no other test beside it
	q := New("q", Defaults(), strategy.CyclicHunt)
	const longest = 10 * time.Minute
	wait := longest
	call := func() {
		n := &q.Numbers
		n.Join()
		n.EndOffer(agent.NoAnswer)
		n.Breach()
		n.Leave(Answered, wait, 20*time.Second)
		q.Rates.Left(wait, false)
		q.Score.Add(wait/2, wait)
		n.EndTalk(5*time.Second, 3*time.Minute)
		n.WrapUp(10 * time.Second)
		q.Rates.Took(3 * time.Minute)
		n.Join()
		n.Leave(Abandoned, wait, 20*time.Second)
		q.Rates.Left(wait, true)
		wait = (wait + 7*time.Second) % longest
	}
	call()
	if got := testing.AllocsPerRun(1000, call); got != 0 {
		t.Errorf("%v allocations per call", got)
	}
	if n := q.Numbers.Lifetime(); n.Joined != 2*1002 || n.Ended != 1002 {
		t.Errorf("%+v", n)
	}
}

// Every number is added, those that are the longest of something apart; a new
// field must be, too.
func TestB91_NumbersOfSeveralQueuesAreAdded(t *testing.T) {
	t.Parallel()
	fill := func(n *Numbers, from int) {
		each := func(v reflect.Value) {
			from++
			if v.CanInt() {
				v.SetInt(int64(from))
			} else {
				v.SetUint(uint64(from))
			}
		}
		v := reflect.ValueOf(n).Elem()
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() != reflect.Array {
				each(f)
			} else {
				for j := range f.Len() {
					each(f.Index(j))
				}
			}
		}
	}
	var small, large Numbers
	fill(&small, 100)
	fill(&large, 1000)
	sum := small
	sum.Add(&large)
	s, a, b := reflect.ValueOf(sum), reflect.ValueOf(small), reflect.ValueOf(large)
	for i := range s.NumField() {
		name := s.Type().Field(i).Name
		number := func(v reflect.Value) int64 {
			if v.CanInt() {
				return v.Int()
			}
			return int64(v.Uint())
		}
		check := func(s, a, b reflect.Value) {
			want := number(a) + number(b)
			if strings.HasPrefix(name, "Longest") {
				want = max(number(a), number(b))
			}
			if number(s) != want {
				t.Errorf("%s: %d of %d and %d", name, number(s), number(a), number(b))
			}
		}
		if s, a, b := s.Field(i), a.Field(i), b.Field(i); s.Kind() != reflect.Array {
			check(s, a, b)
		} else {
			for j := range s.Len() {
				check(s.Index(j), a.Index(j), b.Index(j))
			}
		}
	}
	less := large
	less.Add(&small)
	if less != sum {
		t.Errorf("%+v one way, %+v the other", sum, less)
	}
}
