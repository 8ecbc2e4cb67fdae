package agent

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestB10_SetStatusRefusesWhatCannotBeSet(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{AutoReady: true})
	for _, s := range []Status{QueueCall, OtherCall, Offline, 200} {
		changed, err := a.SetStatus(5, s, "x", m...)
		if !errors.Is(err, ErrInvalid) || changed != nil || m[0].Set != Ready || m[0].Reason != "" {
			t.Errorf("%v: %v, %v, %v", s, changed, err, m[0].Set)
		}
	}
}

// The order of B11, each with what comes after it in force too.
func TestB11_TheOrderOfReading(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{EnableWrapUp: true, WrapUpTime: time.Minute, OfflineGrace: 9}, &Rules{OfflineGrace: 9}, &Rules{}, &Rules{})
	m[2].Set, m[2].ByHand, m[3].Set, m[3].ByHand = Break, true, LoggedOut, true
	reads := func(when string, want ...Status) {
		t.Helper()
		for i, m := range m {
			if got := a.Status(m); got != want[i] {
				t.Errorf("%s: reads %v in %s, want %v", when, got, m.Queue, want[i])
			}
		}
	}
	reads("at first", Ready, Ready, Break, LoggedOut)
	a.Ring(10, m[0], 1)
	reads("rung", Ready, Ready, Break, LoggedOut)
	a.Answer(11, true, 2)
	reads("connecting", QueueCall, OtherCall, OtherCall, LoggedOut)
	a.Connect()
	a.StartOther(12, "x", "", false)
	a.StartOther(13, "x", "", true)
	a.SetRegistered(14, false)
	reads("talking", QueueCall, OtherCall, OtherCall, LoggedOut)
	a.EndTalk(15, true)
	reads("on the other call", OtherCall, OtherCall, OtherCall, LoggedOut)
	a.EndOther(16, "x")
	reads("gone", Offline, Offline, Offline, LoggedOut)
	a.SetRegistered(17, true)
	reads("in wrap-up", WrapUp, WrapUp, Break, LoggedOut)
	a.Wake(a.Due())
	reads("over", Ready, Ready, Break, LoggedOut)
	a.Pickup(a.graces, "elsewhere", nil, false, 3)
	reads("on the call of a queue he is not in", OtherCall, OtherCall, OtherCall, LoggedOut)
}

// Each thing that takes the line, or keeps him from it, makes him unavailable.
func TestB13_Available(t *testing.T) {
	t.Parallel()
	rules := Rules{AutoReady: true, EnableWrapUp: true, WrapUpTime: time.Minute, WrapUpScope: ScopeQueue, RejectDelay: time.Second}
	for _, c := range []struct {
		what  string
		do    func(*Agent, []*Membership)
		here  bool // available in the first queue
		there bool // in the other one
	}{
		{"nothing", func(*Agent, []*Membership) {}, true, true},
		{"break there", func(a *Agent, m []*Membership) { _, _ = a.SetStatus(10, Break, "", m[0]) }, false, true},
		{"rung", func(a *Agent, m []*Membership) { a.Ring(10, m[0], 1) }, false, false},
		{"connecting", func(a *Agent, m []*Membership) { a.Pickup(10, m[0].Queue, m[0], true, 1) }, false, false},
		{"talking", func(a *Agent, m []*Membership) { a.Pickup(10, "x", nil, false, 1) }, false, false},
		{"an other call rings", func(a *Agent, _ []*Membership) { a.StartOther(10, "x", "", false) }, false, false},
		{"an other call", func(a *Agent, _ []*Membership) { a.StartOther(10, "x", "", true) }, false, false},
		{"gone", func(a *Agent, _ []*Membership) { a.SetRegistered(10, false) }, false, false},
		{"rejected", func(a *Agent, m []*Membership) { a.Ring(10, m[0], 1); a.Miss(11, Rejected, true, false) }, false, false},
		{"wrap-up of the first queue", func(a *Agent, m []*Membership) {
			a.Pickup(10, m[0].Queue, m[0], false, 1)
			a.EndTalk(11, true)
		}, false, true},
	} {
		other := rules
		a, m := desk(&rules, &other)
		c.do(a, m)
		if a.Available(m[0]) != c.here || a.Available(m[1]) != c.there {
			t.Errorf("%s: available %t and %t, want %t and %t", c.what, a.Available(m[0]), a.Available(m[1]), c.here, c.there)
		}
		// Here he is ready in one queue at least: what keeps him from both is his line.
		if a.Open() != (c.here || c.there) {
			t.Errorf("%s: the line is open: %t", c.what, a.Open())
		}
	}
}

func TestB20_InAll(t *testing.T) {
	t.Parallel()
	r := &Rules{}
	for _, c := range []struct {
		set  [3]Status
		want string // READY and the like
	}{
		{[3]Status{Ready, Break, NotReady}, "abc"},
		{[3]Status{Ready, LoggedOut, NotReady}, "ac"},
		{[3]Status{LoggedOut, LoggedOut, WrapUp}, "c"},
		{[3]Status{LoggedOut, LoggedOut, LoggedOut}, "abc"},
	} {
		a, m := desk(r, r, r)
		for i := range m {
			m[i].Set = c.set[i]
		}
		for s := LoggedOut; s <= LoggedIn; s++ {
			want := c.want
			if s == LoggedIn || s == LoggedOut {
				want = "abc"
			}
			got := ""
			for _, m := range a.InAll(s) {
				got += string(m.Queue)
			}
			if got != want {
				t.Errorf("%v of %v: %s, want %s", s, c.set, got, want)
			}
		}
	}
	if in := New("1", true).InAll(Break); len(in) != 0 {
		t.Errorf("in no queue: %v", in)
	}
}

// Of several wrap-ups each is due by itself.
func TestB23_SeveralWrapUps(t *testing.T) {
	t.Parallel()
	short := Rules{EnableWrapUp: true, WrapUpTime: 10 * time.Second, WrapUpScope: ScopeQueue}
	long := Rules{EnableWrapUp: true, WrapUpTime: 20 * time.Second, WrapUpScope: ScopeAgent}
	a, m := desk(&short, &long, &Rules{})
	a.Pickup(0, m[0].Queue, m[0], false, 1)
	a.EndTalk(1*second, true)
	a.Pickup(2*second, m[1].Queue, m[1], false, 2)
	a.EndTalk(3*second, true)
	if w, ok := a.WrapUp(); !ok || w != (TimedWrapUp{"b", ScopeAgent, 23 * second}) {
		t.Errorf("the last to end is %+v", w)
	}
	if a.Due() != 11*second {
		t.Errorf("due at %d", a.Due())
	}
	if changed := a.Wake(11 * second); len(changed) != 0 || a.Status(m[0]) != WrapUp {
		t.Errorf("the long one keeps him: %v changed, reads %v", len(changed), a.Status(m[0]))
	}
	// A hand ends it in one queue.
	changed, err := a.SetStatus(15*second, Ready, "", m[2])
	if err != nil || !slices.Equal(changed, m[2:]) {
		t.Errorf("changed %d, %v", len(changed), err)
	}
	if a.Status(m[0]) != WrapUp || a.Status(m[1]) != WrapUp || a.Status(m[2]) != Ready || a.Due() != 23*second {
		t.Errorf("reads %v %v %v", a.Status(m[0]), a.Status(m[1]), a.Status(m[2]))
	}
	// And in the others: then nothing of it is left.
	if _, err := a.SetStatus(16*second, Ready, "", m[:2]...); err != nil || a.Due() != 0 {
		t.Errorf("due at %d, %v", a.Due(), err)
	}
	if _, ok := a.WrapUp(); ok {
		t.Error("a wrap-up is left")
	}
	if m[1].Memory.WrapUp != 13*time.Second {
		t.Errorf("in wrap-up for %v", m[1].Memory.WrapUp)
	}
}

func TestB25_DelaysOverlap(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{RejectDelay: time.Hour, UnreachableDelay: time.Hour, BusyDelay: time.Second})
	a.Ring(second, m[0], 1)
	a.Miss(2*second, Rejected, true, false)
	a.Pickup(3*second, m[0].Queue, m[0], true, 2)
	a.Drop(4*second, time.Second) // the shorter one does not end the longer
	if want := 2*second + At(time.Unix(3600, 0)); a.Pause() != want || a.Due() != want {
		t.Errorf("until %d, want %d", a.Pause(), want)
	}
	// The longest there can be.
	for range 9 {
		a.Wake(a.Due())
		at := a.graces + 10000*second
		a.pause = 0
		a.Ring(at, m[0], 3)
		a.Miss(at, Unreachable, true, false)
		if a.Pause() > at.Add(8*time.Hour) {
			t.Fatalf("until %d", a.Pause())
		}
	}
	if a.Pause() != a.graces+10000*second+At(time.Unix(8*3600, 0)) {
		t.Errorf("until %d", a.Pause())
	}
}

func TestB29_TheShortestLease(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{}, &Rules{TalkLease: time.Hour}, &Rules{TalkLease: time.Minute})
	if a.Lease() != time.Minute {
		t.Errorf("lease %v", a.Lease())
	}
	if b, _ := desk(&Rules{TalkLease: 1}); b.Lease() != 1 {
		t.Errorf("the shortest that can be: %v", b.Lease())
	}
	a.Leave(m[2])
	if a.Lease() != time.Hour {
		t.Errorf("lease %v", a.Lease())
	}
	a.StartOther(second, "x", "", true)
	if o := a.Others()[0]; o.Lease != second.Add(time.Hour) || o.Asked {
		t.Errorf("%+v", o)
	}
	a.AskOther("x", 9*second)
	a.AskOther("unknown", 9*second)
	a.ConfirmOther(10*second, "unknown")
	if o := a.Others()[0]; o.Lease != 9*second || !o.Asked {
		t.Errorf("%+v", o)
	}
	a.ConfirmOther(8*second, "x")
	if o := a.Others()[0]; o.Lease != (8*second).Add(time.Hour) || o.Asked {
		t.Errorf("%+v", o)
	}
}

func TestB19_Grace(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{OfflineGrace: 10 * time.Second}, &Rules{OfflineGrace: 20 * time.Second}, &Rules{})
	a.SetRegistered(100*second, false)
	for _, c := range []struct {
		at       Instant
		loggedIn [3]bool
		due      Instant
	}{
		{100 * second, [3]bool{true, true, false}, 110 * second},
		{110*second - 1, [3]bool{true, true, false}, 110 * second},
		{110 * second, [3]bool{false, true, false}, 120 * second},
		{120 * second, [3]bool{false, false, false}, 0},
	} {
		a.Wake(c.at)
		for i, want := range c.loggedIn {
			if m[i].LoggedIn(c.at) != want || m[i].Staffed() {
				t.Errorf("at %d: logged in to %s %t", c.at, m[i].Queue, m[i].LoggedIn(c.at))
			}
		}
		if a.Due() != c.due {
			t.Errorf("at %d: due %d, want %d", c.at, a.Due(), c.due)
		}
	}
	if changed := a.SetRegistered(130*second, false); len(changed) != 0 || a.gone != 100*second {
		t.Error("a repeated report changes something")
	}
	a.SetRegistered(130*second, true)
	for _, m := range m {
		if m.Set != LoggedOut || m.ByHand || !a.Registered() {
			t.Errorf("back too late: %v", m.Set)
		}
	}
}

func TestB22_Join(t *testing.T) {
	t.Parallel()
	status := func(s Status) *Status { return &s }
	for _, c := range []struct {
		autoReady bool
		given     *Status
		want      Status
		byHand    bool
	}{
		{true, nil, Ready, false},
		{false, nil, LoggedOut, false},
		{true, status(LoggedIn), Ready, true},
		{false, status(LoggedIn), NotReady, true},
		{true, status(LoggedOut), LoggedOut, true},
		{false, status(Ready), Ready, true},
		{true, status(Lunch), Lunch, true},
	} {
		a := New("1", true)
		m := &Membership{Queue: "a", Rules: &Rules{AutoReady: c.autoReady}, Wanted: &Wish{}, Memory: Memory{Offers: 3}}
		a.Join(7, m, c.given, "why")
		if m.Set != c.want || m.ByHand != c.byHand || m.Reason != "why" || m.Since != 7 || m.Wanted != nil {
			t.Errorf("auto-ready %t, given %v: %+v", c.autoReady, c.given, m)
		}
		if m.AgentOf() != a || m.Agent != "1" || m.Offers != 3 || !slices.Equal(a.Members(), []*Membership{m}) {
			t.Errorf("joined as %+v", m)
		}
	}
}

func TestB21_Leave(t *testing.T) {
	t.Parallel()
	r := Rules{EnableWrapUp: true, WrapUpTime: time.Minute, WrapUpScope: ScopeQueue}
	a, m := desk(&r, &Rules{})
	a.Pickup(1, m[0].Queue, m[0], false, 1)
	if _, err := a.SetStatus(2, Break, "", m[0]); err != nil {
		t.Fatal(err)
	}
	a.Leave(m[0])
	a.Leave(m[0]) // who has left
	if m[0].AgentOf() != nil || m[0].Wanted != nil || a.wishes != 0 || m[0].Answered != 1 || len(a.Members()) != 1 {
		t.Errorf("left as %+v", m[0])
	}
	if a.Use() != Talking || a.Call().Membership != nil {
		t.Errorf("the talk: %v %+v", a.Use(), a.Call())
	}
	if changed := a.EndTalk(3, true); len(changed) != 0 || a.Due() != 0 || !a.Available(m[1]) {
		t.Errorf("after the talk: due %d, %v", a.Due(), a.Status(m[1]))
	}
}

// Rings that nobody answered, as a queue reports them.
func TestB26_Rows(t *testing.T) {
	t.Parallel()
	whole := Rules{AutoReady: true, MaxNoAnswer: 3}
	alone := Rules{AutoReady: true, MaxNoAnswer: 2, NoAnswerScope: ScopeQueue}
	a, m := desk(&whole, &alone)
	rings := func(m *Membership, sole, fresh bool) {
		a.Ring(second, m, 1)
		a.Miss(second, NoAnswer, sole, fresh)
	}
	row := a.Row()
	rings(m[1], true, true)
	rings(m[0], true, true)
	rings(m[0], false, true) // not the only phone
	rings(m[0], true, false) // counted before
	if a.Row() != row || m[0].Set != Ready || m[1].Set != Ready {
		t.Errorf("row %d, %v and %v", a.Row(), m[0].Set, m[1].Set)
	}
	a.Ring(second, m[0], 1)
	a.Miss(second, Rejected, true, false)
	if a.Row() == row {
		t.Error("a reject begins no new row")
	}
	rings(m[1], true, true) // the first of a new row
	if m[1].Set != Ready {
		t.Errorf("%v", m[1].Set)
	}
	rings(m[1], true, true)
	if m[1].Set != NotReady || m[1].Reason != ReasonNoAnswer || m[1].ByHand || m[0].Set != Ready {
		t.Errorf("%v and %v", m[0].Set, m[1].Set)
	}
	rings(m[0], true, true) // the third of all
	if m[0].Set != NotReady || m[0].Reason != ReasonNoAnswer {
		t.Errorf("%v", m[0].Set)
	}
	if m[0].Missed != 4 || m[1].Missed != 3 || m[0].Refused != 1 {
		t.Errorf("remembers %+v and %+v", m[0].Memory, m[1].Memory)
	}
}

func TestB27_Free(t *testing.T) {
	t.Parallel()
	r := Rules{EnableWrapUp: true, WrapUpTime: time.Minute}
	a, m := desk(&r, &Rules{})
	a.Pickup(1, m[0].Queue, m[0], false, 1)
	a.StartOther(2, "x", "", true)
	if changed := a.Free(3); !slices.Equal(changed, m[:1]) || m[0].Set != WrapUp || m[1].Set != Ready || a.Use() != Free || a.Due() != 0 {
		t.Errorf("of a talk: %v and %v, %v", m[0].Set, m[1].Set, a.Use())
	}
	a.StartOther(4, "y", "", true)
	if _, err := a.SetStatus(5, Break, "", m[1]); err != nil {
		t.Fatal(err)
	}
	if changed := a.Free(6); !slices.Equal(changed, m[1:]) || m[1].Set != Break || a.Use() != Free {
		t.Errorf("of an other call: %v, %v", m[1].Set, a.Use())
	}
}

// A connection that failed is taken out of what the queue remembers.
func TestB48_AFailedConnectionIsForgotten(t *testing.T) {
	t.Parallel()
	for _, end := range []func(*Agent){
		func(a *Agent) { a.Drop(30*second, time.Second) },
		func(a *Agent) { a.Abandon(30 * second) },
	} {
		a, m := desk(&Rules{AutoReady: true, EnableWrapUp: true, WrapUpTime: time.Minute})
		a.Pickup(10*second, m[0].Queue, m[0], false, 5)
		a.EndTalk(20*second, false)
		before := m[0].Memory
		a.Ring(25*second, m[0], 6)
		a.Answer(26*second, true, 7)
		end(a)
		after := before
		after.Offers, after.LastRung, after.RungOrder = before.Offers+1, 25*second, 6
		if m[0].Memory != after || a.Status(m[0]) != Ready || a.Use() != Free {
			t.Errorf("%+v, want %+v", m[0].Memory, after)
		}
	}
}

// What is set in a wrap-up takes the place of what was asked for during the call.
func TestB14_AStatusSetInAWrapUpReplacesTheWish(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{AutoReady: true, EnableWrapUp: true, WrapUpTime: time.Minute})
	set := func(now Instant, s Status) {
		t.Helper()
		if _, err := a.SetStatus(now, s, "", m[0]); err != nil {
			t.Fatal(err)
		}
	}
	a.Pickup(10*second, m[0].Queue, m[0], false, 1)
	set(11*second, Break)
	a.EndTalk(20*second, true)
	set(21*second, Ready)
	if m[0].Wanted != nil || a.Status(m[0]) != Ready {
		t.Errorf("reads %v, wanted %+v", a.Status(m[0]), m[0].Wanted)
	}
	a.Pickup(30*second, m[0].Queue, m[0], false, 2)
	a.EndTalk(40*second, false)
	if a.Status(m[0]) != Ready {
		t.Errorf("after the next call: %v", a.Status(m[0]))
	}
	// And one asked for from now on is kept as the first was.
	a.Pickup(50*second, m[0].Queue, m[0], false, 3)
	set(51*second, Lunch)
	a.EndTalk(60*second, false)
	if a.Status(m[0]) != Lunch {
		t.Errorf("after the third call: %v", a.Status(m[0]))
	}
}

// What a method returns has nothing of the one before.
func TestAgent_ReturnsWhatChangedNow(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*Agent) []*Membership{
		"Wake":       func(a *Agent) []*Membership { return a.Wake(30) },
		"Abandon":    func(a *Agent) []*Membership { return a.Abandon(30) },
		"Drop":       func(a *Agent) []*Membership { return a.Drop(30, 0) },
		"EndTalk":    func(a *Agent) []*Membership { return a.EndTalk(30, true) },
		"LoseOther":  func(a *Agent) []*Membership { return a.LoseOther(30, "x") },
		"Registered": func(a *Agent) []*Membership { return a.SetRegistered(30, true) },
		"EndOther": func(a *Agent) []*Membership {
			changed, _ := a.EndOther(30, "x")
			return changed
		},
		"Free": func(a *Agent) []*Membership {
			a.Abandon(29)
			a.changed = append(a.changed, a.members[0])
			return a.Free(30)
		},
		"SetStatus": func(a *Agent) []*Membership {
			changed, _ := a.SetStatus(30, Ready, "", a.members[1])
			return changed
		},
	} {
		a, m := desk(&Rules{}, &Rules{})
		a.Pickup(10, m[1].Queue, nil, true, 1)
		a.StartOther(11, "x", "", false)
		a.changed = append(a.changed, m[0])
		if changed := do(a); len(changed) != 0 {
			t.Errorf("%s: %s has changed", name, changed[0].Queue)
		}
	}
	a, m := desk(&Rules{}, &Rules{})
	a.Ring(10, m[1], 1)
	a.changed = append(a.changed, m[0])
	if changed := a.Miss(11, Rejected, true, true); len(changed) != 0 {
		t.Errorf("Miss: %s has changed", changed[0].Queue)
	}
}
