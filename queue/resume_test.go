package queue

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// at is an instant so many seconds after some beginning.
func at(s float64) agent.Instant {
	return agent.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Add(time.Duration(s * float64(time.Second)))
}

func until(s float64) Resume { return Resume{First: at(0), Credit: time.Minute, Until: at(s)} }

// Within the window, its end included, and once.
func TestB56_AgeIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	var r Resumes
	if _, ok := r.Get(at(0), "111"); ok {
		t.Error("an empty memory remembers somebody")
	}
	r.Use("111")
	r.Put(at(10), "111", until(70))
	for _, now := range []float64{10, 69, 70} {
		if s, ok := r.Get(at(now), "111"); !ok || s != until(70) {
			t.Errorf("at %v: %+v, %t", now, s, ok)
		}
	}
	if _, ok := r.Get(at(70)+1, "111"); ok {
		t.Error("given back after the window")
	}
	if _, ok := r.Get(at(10), "112"); ok {
		t.Error("given to another number")
	}
	if s, ok := r.Remembered("111"); !ok || s != until(70) {
		t.Errorf("for records: %+v, %t", s, ok)
	}
	r.Use("111")
	if _, ok := r.Get(at(20), "111"); ok {
		t.Error("given back twice")
	}
	if _, ok := r.Remembered("111"); ok {
		t.Error("used, and in the records")
	}
	// Who hangs up again is remembered again, with what he has then.
	r.Put(at(20), "111", until(80))
	r.Put(at(30), "111", until(90))
	if s, ok := r.Get(at(85), "111"); !ok || s != until(90) {
		t.Errorf("remembered anew: %+v, %t", s, ok)
	}
}

// What is over is forgotten on the way, and said to be: who stores it deletes it.
func TestB56_ForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	var r Resumes
	for i := range 5 {
		r.Put(at(float64(i)), fmt.Sprint(100+i), until(60+float64(i)))
	}
	r.Put(at(5), "101", until(65)) // anew
	r.Use("102")
	if forgotten := r.Put(at(63), "200", until(123)); !slices.Equal(forgotten, []string{"100"}) {
		t.Errorf("forgot %q", forgotten)
	}
	if got := r.Numbers(); !slices.Equal(got, []string{"101", "103", "104", "200"}) {
		t.Errorf("remembers %q", got)
	}
	if forgotten := r.Put(at(63)+1, "201", until(123)); !slices.Equal(forgotten, []string{"103"}) {
		t.Errorf("forgot %q", forgotten)
	}
	if forgotten := r.Put(at(1000), "300", until(1060)); !slices.Equal(forgotten, []string{"104", "101", "200", "201"}) {
		t.Errorf("forgot %q", forgotten)
	}
	if len(r.byNumber) != 1 || len(r.oldest) != 1 {
		t.Errorf("%d numbers and %d ends are kept", len(r.byNumber), len(r.oldest))
	}
}

// A window made shorter lets later callers be forgotten before earlier ones.
func TestB56_WindowsOfAnyLength(t *testing.T) {
	t.Parallel()
	var r Resumes
	r.Put(at(0), "100", until(3600))
	r.Put(at(1), "101", until(11))
	r.Put(at(2), "102", until(12))
	if forgotten := r.Put(at(12), "103", until(22)); !slices.Equal(forgotten, []string{"101"}) {
		t.Errorf("forgot %q", forgotten)
	}
	if got := r.Numbers(); !slices.Equal(got, []string{"100", "102", "103"}) {
		t.Errorf("remembers %q", got)
	}
}

// Restored at any moment, it goes on as if nothing had happened: the same is
// remembered, given back and forgotten.
func TestB56_RestoredIsTheSame(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(56, 1))
	var r, other Resumes
	for i := range 5_000 {
		now := at(float64(i) / 4)
		number := fmt.Sprint(100 + rng.IntN(40))
		if rng.IntN(3) == 0 {
			a, ok1 := r.Get(now, number)
			b, ok2 := other.Get(now, number)
			if a != b || ok1 != ok2 {
				t.Fatalf("%d: gave %+v, %t against %+v, %t", i, a, ok1, b, ok2)
			}
			r.Use(number)
			other.Use(number)
		} else {
			s := Resume{First: now, Until: now.Add(time.Duration(rng.IntN(60)) * time.Second)}
			if a, b := r.Put(now, number, s), other.Put(now, number, s); !slices.Equal(a, b) {
				t.Fatalf("%d: forgot %q against %q", i, a, b)
			}
		}
		if !maps.Equal(r.byNumber, other.byNumber) {
			t.Fatalf("%d: remembers %v against %v", i, r.byNumber, other.byNumber)
		}
		if rng.IntN(50) == 0 {
			other = Resumes{}
			other.Restore(maps.Clone(r.byNumber))
		}
	}
}

// A clock that was set back moves the windows with it (B101).
func TestB56_ShiftedWithTheClock(t *testing.T) {
	t.Parallel()
	q := New("q", Defaults(), strategy.CyclicHunt)
	q.Resumes.Put(at(0), "111", until(60))
	q.Resumes.Put(at(0), "222", until(90))
	hour := agent.Instant(time.Hour)
	q.Shift(-hour)
	want := Resume{First: at(0) - hour, Credit: time.Minute, Until: at(60) - hour}
	if s, ok := q.Resumes.Get(at(60)-hour, "111"); !ok || s != want {
		t.Errorf("%+v, %t, want %+v", s, ok, want)
	}
	if forgotten := q.Resumes.Put(at(61)-hour, "333", until(0)); !slices.Equal(forgotten, []string{"111"}) {
		t.Errorf("forgot %q", forgotten)
	}
}

// So do the line and who is available: nobody changes his place by it, and nobody's want
// is forgotten (B101). The ranks of a host's own strategy stay as they are.
func TestB101_ShiftOfAQueue(t *testing.T) {
	t.Parallel()
	own := strategy.Strategy{Name: "OWN", Rank: func(c strategy.Candidate) strategy.Rank { return strategy.Rank{int64(c.LastRung)} }}
	for _, s := range []strategy.Strategy{strategy.CyclicHunt, own} {
		w := small(t, s, nil, 1, 1, 1, 1)
		q := w.q
		for i, m := range w.people {
			m.LastRung = w.now - agent.Instant(i+1)*agent.Instant(time.Minute)
			q.Freed(m, func() uint64 { return 0 })
		}
		busy := w.people[2]
		q.Taken(busy)
		q.lineup.Remove(int(busy.slot))
		first, second, third := w.join(), w.join(), w.join()
		q.Line.SetWant(first, 255)
		q.Line.SetWant(second, 0)
		q.Line.SetWant(third, 7)
		joined, before := third.Joined, q.lineup.Rank(int(w.people[0].slot))

		hour := agent.Instant(time.Hour)
		q.Shift(-hour)

		if got := slices.Collect(q.Line.From(1)); !slices.Equal(got, []*Entry{first, second, third}) || third.Joined != joined-hour {
			t.Errorf("%s: line %v, joined at %v", s.Name, got, third.Joined)
		}
		if a, b, c := q.Line.Want(first), q.Line.Want(second), q.Line.Want(third); a != 255 || b != 0 || c != 7 || q.Line.Wanting() != 2 {
			t.Errorf("%s: wants %d, %d and %d of %d", s.Name, a, b, c, q.Line.Wanting())
		}
		if q.lineup.Has(int(busy.slot)) || q.lineup.Len() != 3 {
			t.Errorf("%s: who is busy is available", s.Name)
		}
		want := strategy.Rank{int64(w.people[0].LastRung)}
		if q.own {
			want = before
		}
		for _, got := range []strategy.Rank{q.lineup.Rank(int(w.people[0].slot)), w.people[0].Rank()} {
			if got != want {
				t.Errorf("%s: rank %v, want %v", s.Name, got, want)
			}
		}
		if w.people[0].LastRung != w.now-agent.Instant(time.Minute)-hour {
			t.Errorf("%s: rung at %v", s.Name, w.people[0].LastRung)
		}
		var order []*Member
		for slot := range q.lineup.All() {
			order = append(order, q.slots[slot])
		}
		if !slices.Equal(order, []*Member{w.people[3], w.people[1], w.people[0]}) {
			t.Errorf("%s: the order is another", s.Name)
		}
	}
}

// Which numbers identify a caller at all.
func TestB69_WhichNumbersIdentify(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"123", "+49301234567", "112", "00 49 30", "sip:123@example.org", "1anonymous23"} {
		if !Identifies(number) {
			t.Errorf("%q does not identify", number)
		}
	}
	for _, number := range []string{"", "anonymous", "Anonymous", "RESTRICTED", "private", "Unknown", "unAVAILable", "12", "+12", "a1b2", "٣٤٥٦"} {
		if Identifies(number) {
			t.Errorf("%q identifies", number)
		}
	}
}
