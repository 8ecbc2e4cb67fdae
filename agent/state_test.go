package agent

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

const second = Instant(time.Second)

// desk is an agent with memberships in queues that have these rules.
func desk(rules ...*Rules) (*Agent, []*Membership) {
	a := New("1001", true)
	ready := Ready
	for i, r := range rules {
		a.Join(second, &Membership{Queue: QueueID(rune('a' + i)), Rules: r, Level: 1}, &ready, "")
	}
	return a, slices.Clone(a.members)
}

// busy has something of everything that a State keeps.
func busy(t *testing.T) (*Agent, []*Membership) {
	t.Helper()
	scoped := Rules{AutoReady: true, EnableWrapUp: true, WrapUpTime: 100 * time.Second, WrapUpScope: ScopeQueue, BusyDelay: 10 * time.Second, NoAnswerDelay: time.Second, OfflineGrace: 30 * time.Second, TalkLease: time.Hour}
	whole := scoped
	whole.WrapUpScope = ScopeAgent
	a, m := desk(&scoped, &whole, &Rules{AutoReady: true})
	a.Name = "Ann"
	a.Ring(10*second, m[0], 1)
	a.Answer(11*second, false, 2)
	a.EndTalk(20*second, true)
	a.Ring(21*second, m[2], 3)
	a.Miss(30*second, NoAnswer, true, true)
	a.Wake(31 * second)
	a.Ring(32*second, m[2], 4)
	a.Miss(33*second, Busy, true, false)
	a.Pickup(40*second, m[1].Queue, m[1], false, 5)
	a.EndTalk(50*second, true)
	a.Pickup(60*second, m[1].Queue, m[1], true, 6)
	if _, err := a.SetStatus(61*second, Lunch, "soup", m[2]); err != nil {
		t.Fatal(err)
	}
	a.StartOther(62*second, "x", "+49301", true)
	a.StartOther(63*second, "y", "", false)
	a.AskOther("x", 99*second)
	a.StartOther(64*second, "z", "", false)
	a.EndOther(65*second, "z")
	a.SetRegistered(70*second, false)
	a.Wake(71 * second)
	return a, m
}

// again is an agent restored from a state and copies of the memberships.
func again(s State, members []*Membership) (*Agent, []*Membership) {
	copies := make([]*Membership, len(members))
	for i, m := range members {
		c := *m
		c.agent = nil
		if m.Wanted != nil {
			w := *m.Wanted
			c.Wanted = &w
		}
		copies[i] = &c
	}
	b := New("1001", true)
	b.Restore(s, copies, func(id QueueID) *Membership {
		for _, m := range copies {
			if m.Queue == id {
				return m
			}
		}
		return nil
	})
	return b, copies
}

func TestB113_StateAndBack(t *testing.T) {
	t.Parallel()
	a, members := busy(t)
	s := a.State()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var read State
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, s) {
		t.Errorf("read back\n%+v, was\n%+v", read, s)
	}
	b, copies := again(read, members)
	if got := b.State(); !reflect.DeepEqual(got, s) {
		t.Errorf("restored\n%+v, was\n%+v", got, s)
	}
	same := func(when string) {
		t.Helper()
		if a.Due() != b.Due() || a.Use() != b.Use() || a.Open() != b.Open() {
			t.Errorf("%s: due %d, %v; restored %d, %v", when, a.Due(), a.Use(), b.Due(), b.Use())
		}
		for i, m := range members {
			if a.Status(m) != b.Status(copies[i]) || a.Available(m) != b.Available(copies[i]) || m.Staffed() != copies[i].Staffed() || m.Memory != copies[i].Memory {
				t.Errorf("%s: %s reads %v, restored %v", when, m.Queue, a.Status(m), b.Status(copies[i]))
			}
		}
	}
	same("restored")
	// They go on alike.
	for i, do := range []func(*Agent){
		func(a *Agent) { a.Drop(80*second, 3*time.Second) },
		func(a *Agent) { a.StartOther(81*second, "z", "", true) }, // over
		func(a *Agent) { a.LoseOther(82*second, "x") },
		func(a *Agent) { a.SetRegistered(120*second, true) },
		func(a *Agent) { a.Wake(a.Due()) },
		func(a *Agent) { a.EndOther(140*second, "y") },
		func(a *Agent) { a.Wake(a.Due()) },
	} {
		do(a)
		do(b)
		same(string(rune('a' + i)))
		if x, y := a.State(), b.State(); !reflect.DeepEqual(x, y) {
			t.Errorf("step %d: restored\n%+v, was\n%+v", i, y, x)
		}
	}
}

func TestB113_AStateSharesNothing(t *testing.T) {
	t.Parallel()
	a, members := busy(t)
	s := a.State()
	kept, _ := json.Marshal(s)
	b, _ := again(s, members)
	for _, p := range []*Agent{a, b} {
		p.AskOther("y", 1)
		p.StartOther(90*second, "y", "+1", true)
		p.Drop(91*second, time.Second)
		p.EndOther(92*second, "x")
		p.Wake(1000 * second)
	}
	if now, _ := json.Marshal(s); string(now) != string(kept) {
		t.Errorf("a state changed with its agent:\n%s, was\n%s", now, kept)
	}
}

// A wrap-up whose queue is gone goes on (B121).
func TestB23_AWrapUpOfAQueueThatIsGone(t *testing.T) {
	t.Parallel()
	a, m := desk(&Rules{EnableWrapUp: true, WrapUpTime: time.Minute}, &Rules{})
	a.Pickup(second, m[0].Queue, m[0], false, 1)
	a.EndTalk(2*second, true)
	a.Leave(m[0])
	b, copies := again(a.State(), m[1:])
	if got := b.Status(copies[0]); got != WrapUp {
		t.Errorf("reads %v", got)
	}
	b.Wake(62 * second)
	if got := b.Status(copies[0]); got != Ready || b.Due() != 0 {
		t.Errorf("reads %v, due %d", got, b.Due())
	}
}

func TestB101_ShiftMovesAllTimes(t *testing.T) {
	t.Parallel()
	a, members := busy(t)
	before := a.State()
	due := a.Due()
	a.Shift(-5 * second)
	for _, m := range members {
		was := m.Memory
		since := m.Since
		m.Shift(-5 * second)
		move := func(i Instant) Instant {
			if i == 0 {
				return 0
			}
			return i - 5*second
		}
		if m.Since != since-5*second || m.LastRung != move(was.LastRung) || m.LastAnswered != move(was.LastAnswered) || m.LastEnded != move(was.LastEnded) {
			t.Errorf("%s: %+v, was %+v", m.Queue, m.Memory, was)
		}
	}
	if a.Due() != due-5*second {
		t.Errorf("due %d, was %d", a.Due(), due)
	}
	a.Shift(5 * second)
	if got := a.State(); !reflect.DeepEqual(got, before) {
		t.Errorf("there and back:\n%+v, was\n%+v", got, before)
	}
	// Never stays never.
	fresh := New("1", true)
	fresh.Shift(5 * second)
	if got := fresh.State(); !reflect.DeepEqual(got, New("1", true).State()) {
		t.Errorf("a fresh agent: %+v", got)
	}
}

// Of his other calls that are over an agent knows the newest: what he keeps does not
// grow.
func TestB58_OtherCallsThatAreOverAreForgotten(t *testing.T) {
	t.Parallel()
	a := New("1001", true)
	for i := range 3 * maxOver {
		id := string(rune('a' + i))
		a.StartOther(Instant(i+1)*second, id, "", true)
		a.EndOther(Instant(i+1)*second, id)
	}
	over := a.State().Over
	if len(over) != maxOver || over[0] != string(rune('a'+2*maxOver)) || over[maxOver-1] != string(rune('a'+3*maxOver-1)) {
		t.Errorf("over are %q", over)
	}
}
