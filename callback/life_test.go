package callback

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// minute is a time of these tests.
const minute = agent.Instant(time.Minute)

var policy = Policy{
	Enabled: true, Delay: 5 * time.Second, Expires: time.Hour, RingTime: 30 * time.Second,
	MaxAttempts: 2, Retry: 5 * time.Minute, Prefix: "0",
}

// in returns a promise that is in a state.
func in(s State) *Request {
	r := New(minute, "c1", "030111", true, policy)
	switch s {
	case RingingAgent:
		r.Ring()
	case Dialling, Completed, Failed:
		r.Dial(minute, policy)
		switch s {
		case Completed:
			r.Answer()
		case Failed:
			r.Attempts = policy.MaxAttempts
			r.Miss(minute, policy)
		}
	case Cancelled:
		r.Cancel("by the host")
	case Expired:
		r.Expire()
	}
	return r
}

func TestB84_TheLifeOfACallback(t *testing.T) {
	t.Parallel()
	moves := []struct {
		what string
		do   func(*Request) bool
	}{
		{"rung", (*Request).Ring},
		{"unrung", (*Request).Unring},
		{"agent answers", func(r *Request) bool { return r.Dial(2*minute, policy) }},
		{"agent gone", (*Request).Drop},
		{"customer answers", (*Request).Answer},
		{"customer does not", func(r *Request) bool { return r.Miss(2*minute, policy) }},
		{"nor the last time", func(r *Request) bool {
			once := policy
			once.MaxAttempts = 1
			return r.Miss(2*minute, once)
		}},
		{"cancelled", func(r *Request) bool { return r.Cancel("") }},
		{"expires", (*Request).Expire},
	}
	for from, want := range map[State][]State{
		Waiting:      {RingingAgent, Waiting, Dialling, Waiting, Waiting, Waiting, Waiting, Cancelled, Expired},
		RingingAgent: {RingingAgent, Waiting, Dialling, RingingAgent, RingingAgent, RingingAgent, RingingAgent, Cancelled, Expired},
		Dialling:     {Dialling, Dialling, Dialling, Waiting, Completed, Waiting, Failed, Cancelled, Dialling},
		Completed:    {Completed, Completed, Completed, Completed, Completed, Completed, Completed, Completed, Completed},
		Failed:       {Failed, Failed, Failed, Failed, Failed, Failed, Failed, Failed, Failed},
		Cancelled:    {Cancelled, Cancelled, Cancelled, Cancelled, Cancelled, Cancelled, Cancelled, Cancelled, Cancelled},
		Expired:      {Expired, Expired, Expired, Expired, Expired, Expired, Expired, Expired, Expired},
	} {
		for i, move := range moves {
			r := in(from)
			if r.State != from {
				t.Fatalf("%v is %v", from, r.State)
			}
			before := *r
			changed := move.do(r)
			if r.State != want[i] || changed != (want[i] != from) {
				t.Errorf("%v, %s: %v (%t), want %v", from, move.what, r.State, changed, want[i])
			}
			if !changed && *r != before {
				t.Errorf("%v, %s: changed nothing, and %+v became %+v", from, move.what, before, *r)
			}
		}
	}
}

func TestB84_Attempts(t *testing.T) {
	t.Parallel()
	r := in(Waiting)
	if r.Due != minute.Add(policy.Delay) || r.Expires != minute.Add(policy.Expires) {
		t.Errorf("due %v, expires %v", r.Due, r.Expires)
	}
	r.Dial(2*minute, policy)
	if r.Attempts != 1 || r.Until != (2*minute).Add(policy.RingTime) || r.Due != 0 {
		t.Errorf("dialled: %+v", r)
	}
	r.Drop()
	if r.Attempts != 0 || r.Until != 0 || r.Due != 0 {
		t.Errorf("the agent hung up: %+v", r)
	}
	r.Dial(3*minute, policy)
	r.Miss(4*minute, policy)
	if r.Attempts != 1 || r.Until != 0 || r.Due != (4*minute).Add(policy.Retry) {
		t.Errorf("the customer did not answer: %+v", r)
	}
	r.Dial(10*minute, policy)
	r.Miss(11*minute, policy)
	if r.Attempts != 2 || r.State != Failed || r.Due != 0 {
		t.Errorf("the last attempt: %+v", r)
	}
}

func TestB85_Expires(t *testing.T) {
	t.Parallel()
	r := in(Waiting)
	if r.Late(r.Expires-1) || !r.Late(r.Expires) {
		t.Error("expires at its instant")
	}
	never := policy
	never.Expires, never.Delay = 0, 0
	if r := New(minute, "c1", "030111", false, never); r.Late(1<<62) || r.Due != 0 {
		t.Errorf("%+v", r)
	}
}

func TestB80_Key(t *testing.T) {
	t.Parallel()
	config := queue.Defaults()
	if PolicyOf(&config).Key(time.Hour) {
		t.Error("counts without enable_callback")
	}
	config.EnableCallback = true
	if !PolicyOf(&config).Key(0) {
		t.Error("ACTIVE: does not count at once")
	}
	config.CallbackMode, config.CallbackTimeout = queue.CallbackOnTimeout, time.Minute
	if p := PolicyOf(&config); p.Key(time.Minute-1) || !p.Key(time.Minute) {
		t.Error("TIMEOUT: does not count from callback_timeout on")
	}
}

func TestState_Text(t *testing.T) {
	t.Parallel()
	for s := range states {
		text, err := s.MarshalText()
		var back State
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v: %s, %v", s, text, err)
		}
	}
	var s State
	if s.UnmarshalText([]byte("waiting")) == nil || State(99).String() != "State(99)" {
		t.Error("what is no state is one")
	}
}

func TestB46_Tally(t *testing.T) {
	t.Parallel()
	n := Tally{Confirmed: 7}
	for _, s := range []State{Completed, Failed, Failed, Cancelled, Expired, Waiting, Dialling} {
		n.End(s)
	}
	if n != (Tally{Confirmed: 7, Completed: 1, Failed: 2, Cancelled: 1, Expired: 1}) || n.Open() != 2 {
		t.Errorf("%+v, %d open", n, n.Open())
	}
	n.Add(Tally{Confirmed: 50, Completed: 20, Failed: 10, Cancelled: 5, Expired: 3})
	if n != (Tally{Confirmed: 57, Completed: 21, Failed: 12, Cancelled: 6, Expired: 4}) || n.Open() != 14 {
		t.Errorf("both: %+v, %d open", n, n.Open())
	}
}

func TestB82_Book(t *testing.T) {
	t.Parallel()
	var b Book
	if b.Find("030111") != nil || b.Len() != 0 {
		t.Error("the zero book is not empty")
	}
	list := func() (ids []queue.CallID) {
		for r := range b.All() {
			ids = append(ids, r.ID)
		}
		return ids
	}
	add := func(at agent.Instant, id queue.CallID, number string) *Request {
		r := New(at, id, number, false, policy)
		if err := b.Add(r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	c1, c2, c3 := add(1, "c1", "030111"), add(2, "c2", "030222"), add(2, "c3", "030333")
	if err := b.Add(New(3, "c4", "030222", false, policy)); !errors.Is(err, ErrDuplicate) {
		t.Errorf("a second one to a number: %v", err)
	}
	// As a restored one comes.
	c0 := add(1, "c0", "030000")
	if got := list(); !slices.Equal(got, []queue.CallID{"c0", "c1", "c2", "c3"}) {
		t.Errorf("list %v", got)
	}
	for r := range b.All() {
		if r == c1 || r == c2 || r == c0 {
			b.Remove(r)
			b.Remove(r)
		}
	}
	if got := list(); !slices.Equal(got, []queue.CallID{"c3"}) || b.Len() != 1 || b.Find("030222") != nil || b.Find("030333") != c3 {
		t.Errorf("list %v, %d open", got, b.Len())
	}
	add(4, "c5", "030222")
	if got := list(); !slices.Equal(got, []queue.CallID{"c3", "c5"}) {
		t.Errorf("list %v", got)
	}
}
