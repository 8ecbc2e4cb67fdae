package agent

import (
	"fmt"
	"testing"
	"time"
)

// row is one row of the table of transitions and a membership that it is for.
type row struct {
	cause cause
	rule  string
	m     Membership // as it is before
	rules Rules
	wraps bool // a timed wrap-up keeps him
	want  Membership
}

func was(s Status, reason string, byHand bool, wish ...Status) Membership {
	m := Membership{Set: s, Reason: reason, ByHand: byHand}
	for _, w := range wish {
		m.Wanted = &Wish{Status: w, Reason: "asked"}
	}
	return m
}

const rule, byHand = false, true

var (
	autoOn  = Rules{AutoReady: true, NotReadyAfterOtherCall: true}
	autoOff = Rules{NotReadyAfterOtherCall: true}
	lenient = Rules{}
)

// rows are those of the table, in its order, each with what makes it the first to
// hold.
var rows = []row{
	{talkOver, "B14", was(Ready, "x", byHand, Break), autoOn, false, was(Break, "asked", byHand)},
	{talkOver, "B14", was(Lunch, "x", byHand), autoOn, false, was(Lunch, "x", byHand)},
	{talkOver, "B16", was(NotReady, ReasonNoAnswer, rule), autoOn, false, was(Ready, "", rule)},
	{talkOver, "B16", was(Ready, "x", byHand), autoOff, false, was(WrapUp, "", rule)},

	{wrapUpOver, "B14", was(Ready, "", rule, LoggedOut), autoOff, false, was(LoggedOut, "asked", byHand)},
	{wrapUpOver, "B14", was(Break, "x", byHand), autoOn, false, was(Break, "x", byHand)},
	{wrapUpOver, "B16", was(WrapUp, "", rule), autoOff, false, was(Ready, "", rule)},

	{wrapUpOverOnCall, "B14", was(Break, "x", byHand, Ready), autoOn, false, was(Break, "x", byHand, Ready)},
	{wrapUpOverOnCall, "B16", was(WrapUp, "", rule, Break), autoOff, false, was(Ready, "", rule, Break)},

	{elsewhere, "B14", was(Break, "x", byHand, Ready), autoOff, false, was(Ready, "asked", byHand)},
	{elsewhere, "B16", was(WrapUp, "", rule), autoOn, false, was(WrapUp, "", rule)},

	{otherOver, "B17", was(Ready, "", rule, Break), autoOff, true, was(Ready, "", rule, Break)},
	{otherOver, "B14", was(Ready, "", rule, Ready), autoOff, false, was(Ready, "asked", byHand)},
	{otherOver, "B14", was(NotReady, "x", byHand), autoOn, false, was(NotReady, "x", byHand)},
	{otherOver, "B17", was(WrapUp, "", rule), autoOff, false, was(WrapUp, "", rule)},
	{otherOver, "B17", was(LoggedOut, "", rule), autoOn, false, was(LoggedOut, "", rule)},
	{otherOver, "B17", was(NotReady, ReasonNoAnswer, rule), autoOn, false, was(Ready, "", rule)},
	{otherOver, "B17", was(Ready, "x", byHand), autoOff, false, was(NotReady, "", rule)},
	{otherOver, "B17", was(Ready, "x", byHand), lenient, false, was(Ready, "x", byHand)},

	{missed, "B18", was(Ready, "x", byHand), autoOn, false, was(Ready, "x", byHand)},
	{missed, "B18", was(Ready, "x", byHand), autoOff, false, was(WrapUp, "", rule)},

	{silent, "B26", was(Ready, "x", byHand), autoOn, false, was(NotReady, ReasonNoAnswer, rule)},
	{silent, "B26", was(Lunch, "x", byHand), autoOn, false, was(Lunch, "x", byHand)},

	{backLate, "B14", was(Break, "x", byHand), autoOff, false, was(Break, "x", byHand)},
	{backLate, "B19", was(NotReady, ReasonNoAnswer, rule), autoOn, false, was(Ready, "", rule)},
	{backLate, "B19", was(Ready, "x", byHand), autoOff, false, was(LoggedOut, "", rule)},
}

func (r *row) String() string {
	return fmt.Sprintf("cause %d, %s: %v by hand %t, wanted %v", r.cause, r.rule, r.m.Set, r.m.ByHand, r.m.Wanted)
}

// agentOf is an agent to whom the row happens.
func (r *row) agentOf() (*Agent, *Membership) {
	a := New("1", true)
	m := r.m
	m.Rules = &r.rules
	m.agent = a
	a.members = []*Membership{&m}
	if m.Wanted != nil {
		a.wishes = 1
	}
	if r.wraps {
		a.startWrapUp(10, &m, time.Minute)
	}
	return a, &m
}

func TestB14_B16_B17_B18_B19_B26_RowByRow(t *testing.T) {
	t.Parallel()
	i := 0
	for c := range cause(len(transitions)) {
		for n, row := range transitions[c] {
			if i == len(rows) {
				t.Fatalf("row %d of cause %d has no test", n, c)
			}
			r := &rows[i]
			i++
			a, m := r.agentOf()
			if r.cause != c || r.rule != row.rule {
				t.Fatalf("row %d of cause %d is %s; tested is %s", n, c, row.rule, r)
			}
			for before := range n {
				if transitions[c][before].when(a, m) {
					t.Errorf("%s: row %d holds first", r, before)
				}
			}
			if !row.when(a, m) {
				t.Errorf("%s: does not hold", r)
			}
			a.apply(77, c, m)
			want := r.want
			if m.Set != want.Set || m.Reason != want.Reason || m.ByHand != want.ByHand {
				t.Errorf("%s: got %v %q by hand %t", r, m.Set, m.Reason, m.ByHand)
			}
			if (m.Wanted == nil) != (want.Wanted == nil) || (a.wishes == 0) != (want.Wanted == nil) {
				t.Errorf("%s: wanted %v, %d wishes", r, m.Wanted, a.wishes)
			}
			if changed := r.m.Set != want.Set || r.m.Reason != want.Reason; changed != (len(a.changed) == 1) {
				t.Errorf("%s: %d told changed", r, len(a.changed))
			}
			if moved := r.m.Set != want.Set; moved != (m.Since == 77) {
				t.Errorf("%s: since %d", r, m.Since)
			}
			if granted := r.m.Wanted != nil && want.Wanted == nil; granted != a.Granted() || a.Granted() {
				t.Errorf("%s: granted", r)
			}
		}
	}
	if i != len(rows) {
		t.Errorf("%d rows tested, %d are there", len(rows), i)
	}
}

// Every cause ends in a row that always holds: there is no status without a next.
func TestB14_NoCauseWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for c, rows := range transitions {
		last := rows[len(rows)-1]
		for s := range statuses {
			for _, hand := range []bool{true, false} {
				if !last.when(New("1", true), &Membership{Set: s, ByHand: hand, Rules: new(Rules)}) {
					t.Errorf("cause %d does not end for %v", c, s)
				}
			}
		}
	}
}

// An absence by hand meets every cause, asked or not: only what was asked for
// ends it.
func TestB14_NothingButAHandEndsAnAbsence(t *testing.T) {
	t.Parallel()
	for c := range cause(len(transitions)) {
		if c == missed {
			continue // he was not rung
		}
		for _, s := range []Status{LoggedOut, NotReady, WrapUp, Break, Lunch} {
			for _, rules := range []Rules{autoOn, autoOff, lenient} {
				r := row{cause: c, m: was(s, "x", byHand), rules: rules}
				a, m := r.agentOf()
				a.apply(77, c, m)
				if m.Set != s || m.Reason != "x" || !m.ByHand || len(a.changed) > 0 {
					t.Errorf("cause %d ends %v: %v", c, s, m.Set)
				}
			}
		}
	}
}
