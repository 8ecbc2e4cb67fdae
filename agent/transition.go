package agent

// cause is what changes a status without anybody setting it.
type cause uint8

const (
	talkOver         cause = iota // an ACD talk of this queue ended, no wrap-up follows
	wrapUpOver                    // the timed wrap-up of this queue ended
	wrapUpOverOnCall              // it ended while he is on a call again
	elsewhere                     // a talk or wrap-up of another queue ended, or a connection failed
	otherOver                     // the last other call ended, and it was answered
	missed                        // a missed offer of this queue
	silent                        // max_no_answer entries in a row rang out
	backLate                      // registered again after offline_grace
)

// transition is one row: if the condition holds, the membership gets the
// status; nil is the one that was asked for.
type transition struct {
	rule string
	when func(a *Agent, m *Membership) bool
	to   func(m *Membership) (s Status, reason string, byHand bool)
}

// transitions are the automatic changes of a status: for each cause the first
// row whose condition holds.
//
// A status that was asked for during the call comes first, then an absence set
// by hand stays (B14); the rest is the rule of the cause.
var transitions = [...][]transition{
	talkOver: {
		{"B14", asked, nil},
		{"B14", absentByHand, stay},
		{"B16", autoReady, ready},
		{"B16", always, wrappedUp},
	},
	wrapUpOver: {
		{"B14", asked, nil},
		{"B14", absentByHand, stay},
		{"B16", always, ready},
	},
	wrapUpOverOnCall: { // the end of the call decides about what was asked for
		{"B14", absentByHand, stay},
		{"B16", always, ready},
	},
	elsewhere: {
		{"B14", asked, nil},
		{"B16", always, stay},
	},
	otherOver: {
		{"B17", inWrapUp, stay},
		{"B14", asked, nil},
		{"B14", absentByHand, stay},
		{"B17", untimed, stay},
		{"B17", loggedOut, stay},
		{"B17", autoReady, ready},
		{"B17", notReadyAfter, notReady},
		{"B17", always, stay},
	},
	missed: {
		{"B18", autoReady, stay},
		{"B18", always, wrappedUp},
	},
	silent: {
		{"B26", isReady, noAnswer},
		{"B26", always, stay},
	},
	backLate: {
		{"B14", absentByHand, stay},
		{"B19", autoReady, ready},
		{"B19", always, logOut},
	},
}

// The conditions.
func always(*Agent, *Membership) bool            { return true }
func asked(_ *Agent, m *Membership) bool         { return m.Wanted != nil }
func absentByHand(_ *Agent, m *Membership) bool  { return m.ByHand && m.Set.Absence() }
func autoReady(_ *Agent, m *Membership) bool     { return m.Rules.AutoReady }
func notReadyAfter(_ *Agent, m *Membership) bool { return m.Rules.NotReadyAfterOtherCall }
func inWrapUp(a *Agent, m *Membership) bool      { return a.wrappingUp(m) != nil }
func untimed(_ *Agent, m *Membership) bool       { return m.Set == WrapUp }
func loggedOut(_ *Agent, m *Membership) bool     { return m.Set == LoggedOut }
func isReady(_ *Agent, m *Membership) bool       { return m.Set == Ready }

// The results.
func stay(m *Membership) (Status, string, bool)    { return m.Set, m.Reason, m.ByHand }
func noAnswer(*Membership) (Status, string, bool)  { return NotReady, ReasonNoAnswer, false }
func wrappedUp(*Membership) (Status, string, bool) { return WrapUp, "", false }
func logOut(*Membership) (Status, string, bool)    { return LoggedOut, "", false }

func ready(m *Membership) (Status, string, bool)    { return given(m, Ready) }
func notReady(m *Membership) (Status, string, bool) { return given(m, NotReady) }

// given is a status without a reason; one that he has stays as it is, its reason too
// (B28).
func given(m *Membership, s Status) (Status, string, bool) {
	if m.Set == s {
		return stay(m)
	}
	return s, "", false
}

// ReasonNoAnswer is the reason of a NOT_READY given for unanswered rings (B26).
const ReasonNoAnswer = "NO_ANSWER"

// grant takes the status that was asked for.
func (a *Agent) grant(m *Membership) (Status, string, bool) {
	wish := m.Wanted
	m.Wanted = nil
	a.wishes--
	a.granted = true
	return wish.Status, wish.Reason, true
}

// apply lets c act on m and notes a change.
func (a *Agent) apply(now Instant, c cause, m *Membership) {
	for _, t := range transitions[c] {
		if !t.when(a, m) {
			continue
		}
		to := t.to
		if to == nil {
			to = a.grant
		}
		s, reason, byHand := to(m)
		if m.put(now, s, reason, byHand) {
			a.changed = append(a.changed, m)
		}
		return
	}
}
