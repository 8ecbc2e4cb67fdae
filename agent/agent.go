package agent

import (
	"fmt"
	"slices"
	"time"
)

// Agent is one person with one line and any number of memberships. He is not
// safe for concurrent use.
//
// Methods that may change what is stored in memberships return those whose
// stored status or reason changed; the slice is valid until the next call.
type Agent struct {
	ID ID

	// What every call looks at comes first, together: of ten thousand agents the
	// next one is in no cache.
	registered bool
	granted    bool  // see Granted
	strikes    uint8 // BUSY, UNREACHABLE or dropped answers in a row (B25)
	wishes     int32 // memberships with a status asked for
	offer      *Membership
	call       *Call
	pause      Instant       // no offers before this (B25); 0: no delay
	members    []*Membership // in the order of joining
	others     []Other
	wraps      []wrapUp
	wrapUps    uint32 // begun so far
	streak     uint32 // names the row of misses
	misses     int    // entries in a row that he let ring out, over all queues (B26)
	// What members and wraps hold of most agents, who have one queue.
	firstMember [1]*Membership
	firstWrap   [1]wrapUp
	talk        Call // what call points to: no allocation per call

	// WrapUpBooked, if not nil, is called when a timed wrap-up of a membership
	// begins, with its length, and when it ends early, with what is taken off.
	WrapUpBooked func(m *Membership, d time.Duration)

	changed []*Membership
	gone    Instant  // when he was last unregistered
	graces  Instant  // offline graces up to here have been told by Wake
	over    []string // ids of the last of his other calls that are over

	Name string // how a person knows him; may be empty
	// Value is the owner's.
	Value any
}

// New returns an agent without memberships, his line free.
func New(id ID, registered bool) *Agent {
	a := new(Agent)
	a.Init(id, registered)
	return a
}

// Init is New for an agent who is part of something larger. He must not be copied.
func (a *Agent) Init(id ID, registered bool) {
	*a = Agent{ID: id, registered: registered}
	a.members, a.wraps = a.firstMember[:0], a.firstWrap[:0]
}

// Members returns his memberships in the order of joining; read only.
func (a *Agent) Members() []*Membership { return a.members }

// Registered reports whether his phone is registered.
func (a *Agent) Registered() bool { return a.registered }

// Join adds m to his memberships. Its status is s if given, as set by hand,
// else that of B22: READY with auto-ready, else LOGGED_OUT.
func (a *Agent) Join(now Instant, m *Membership, s *Status, reason string) {
	m.Agent, m.agent = a.ID, a
	m.Since = now
	switch {
	case s == nil && m.Rules.AutoReady:
		m.Set = Ready
	case s == nil:
		m.Set = LoggedOut
	case *s == LoggedIn && m.Rules.AutoReady:
		m.Set = Ready
	case *s == LoggedIn:
		m.Set = NotReady
	default:
		m.Set = *s
	}
	m.ByHand, m.Reason, m.Wanted = s != nil, reason, nil
	m.Ended = 0
	a.members = append(a.members, m)
}

// Leave takes m out of his memberships. What its queue remembers of him stays
// in m (B21), and a wrap-up goes on; an offer or a call through m is the owner's
// to end: it goes on.
func (a *Agent) Leave(m *Membership) {
	i := slices.Index(a.members, m)
	if i < 0 {
		return
	}
	a.members = slices.Delete(a.members, i, i+1)
	if m.Wanted != nil {
		m.Wanted = nil
		a.wishes--
	}
	if a.call != nil && a.call.Membership == m {
		a.call.Membership = nil // ends without wrap-up in that queue (B21)
	}
	m.agent = nil
}

// Status returns what the agent reads as in m's queue (B11).
func (a *Agent) Status(m *Membership) Status {
	switch w := a.wrappingUp(m); {
	case a.call != nil && a.call.Queue == m.Queue:
		return QueueCall
	case m.Set == LoggedOut:
		return LoggedOut
	case a.call != nil || a.otherTalk():
		return OtherCall
	case !a.registered:
		return Offline
	case w != nil && (w.from == m || m.Set == Ready):
		return WrapUp
	default:
		return m.Set
	}
}

// Available reports whether he can be offered a call of m's queue now (B13).
func (a *Agent) Available(m *Membership) bool {
	return m.Set == Ready && a.call == nil && a.offer == nil && len(a.others) == 0 &&
		a.registered && a.pause == 0 && (len(a.wraps) == 0 || a.wrappingUp(m) == nil)
}

// Open reports whether his line can take an offer of some queue: free,
// registered and under no delay.
func (a *Agent) Open() bool {
	return a.call == nil && a.offer == nil && len(a.others) == 0 && a.registered && a.pause == 0
}

// Due returns when the agent has to be woken next; 0: never.
func (a *Agent) Due() Instant {
	due := a.pause
	for i := range a.wraps {
		due = earlier(due, a.wraps[i].until)
	}
	if !a.registered {
		for _, m := range a.members {
			if end := a.gone.Add(m.Rules.OfflineGrace); end > a.graces {
				due = earlier(due, end)
			}
		}
	}
	return due
}

// Pause returns the end of the delay that runs (B25); 0: none.
func (a *Agent) Pause() Instant { return a.pause }

// Wake lets what is due at now act: wrap-ups and delays end, offline graces run
// out.
func (a *Agent) Wake(now Instant) []*Membership {
	a.changed = a.changed[:0]
	if a.pause != 0 && a.pause <= now {
		a.pause = 0
	}
	if !a.registered {
		a.graces = now
	}
	for i := 0; i < len(a.wraps); {
		w := a.wraps[i]
		if w.until > now {
			i++
			continue
		}
		a.wraps = slices.Delete(a.wraps, i, i+1)
		a.afterWrapUp(now, &w)
	}
	return a.changed
}

// afterWrapUp gives the statuses that follow a wrap-up which just ended.
func (a *Agent) afterWrapUp(now Instant, w *wrapUp) {
	if w.keeps(w.from) && w.from.agent == a && a.wrappingUp(w.from) == nil {
		c := wrapUpOver
		if a.onCall() {
			c = wrapUpOverOnCall
		}
		a.apply(now, c, w.from)
	}
	a.grantWishes(now)
	if !slices.ContainsFunc(a.wraps, func(left wrapUp) bool { return left.until > now }) {
		return // his line says that he is free
	}
	for _, m := range a.members {
		if w.keeps(m) && a.wrappingUp(m) == nil && !slices.Contains(a.changed, m) {
			a.changed = append(a.changed, m) // reads otherwise, though the line still wraps up
		}
	}
}

// grantWishes lets the statuses asked for take effect where no call and no
// wrap-up is in their way (B14).
func (a *Agent) grantWishes(now Instant) {
	if a.wishes == 0 || a.onCall() {
		return
	}
	for _, m := range a.members {
		if m.Wanted != nil && a.wrappingUp(m) == nil {
			a.apply(now, elsewhere, m)
		}
	}
}

// SetStatus sets a status by hand in the memberships given (B10, B14). During a
// call it is kept and takes effect after the call and its timed wrap-up.
// It refuses a status that cannot be set with an error that wraps ErrInvalid,
// and then nothing has changed.
func (a *Agent) SetStatus(now Instant, s Status, reason string, in ...*Membership) ([]*Membership, error) {
	a.changed = a.changed[:0]
	if !s.Settable() {
		return nil, fmt.Errorf("agent: %w: status %s cannot be set", ErrInvalid, s)
	}
	for _, m := range in {
		to := s
		if s == LoggedIn {
			if m.current() != LoggedOut {
				continue // softphones send it at every start
			}
			to = NotReady
			if m.Rules.AutoReady {
				to = Ready
			}
		}
		a.sign()
		if to == Ready {
			a.pause = 0
		}
		if a.onCall() {
			if m.Wanted == nil {
				m.Wanted = new(Wish)
				a.wishes++
			}
			*m.Wanted = Wish{Status: to, Reason: reason}
			a.endWrapUps(now, m) // one that was there before the call (B16)
			continue
		}
		if m.Wanted != nil {
			m.Wanted = nil
			a.wishes--
		}
		wrapped := a.wrappingUp(m) != nil
		a.endWrapUps(now, m)
		if m.put(now, to, reason, true) || wrapped {
			a.changed = append(a.changed, m)
		}
	}
	return a.changed, nil
}

// InAll returns the memberships that a status set "in all queues" is for (B20):
// READY, NOT_READY, WRAP_UP, BREAK and LUNCH leave out the queues in which he
// is LOGGED_OUT, unless that is all of them.
func (a *Agent) InAll(s Status) []*Membership {
	if s == LoggedIn || s == LoggedOut {
		return a.members
	}
	var in []*Membership
	for _, m := range a.members {
		if m.current() != LoggedOut {
			in = append(in, m)
		}
	}
	if len(in) == 0 {
		return a.members
	}
	return in
}

// sign notes that he is there and can be reached: what B25 and B26 count begins
// anew.
func (a *Agent) sign() {
	a.strikes = 0
	a.present()
}

// present notes that he is there: the row of misses is over, in every queue
// (B26).
func (a *Agent) present() {
	if a.misses > 0 {
		a.misses = 0
		a.streak++
	}
}

// Granted reports, once, that a status asked for has taken effect: memberships
// may have changed that no method returned, since their status is what it was.
func (a *Agent) Granted() bool {
	granted := a.granted
	a.granted = false
	return granted
}

// Ring takes his line for an offer of m's queue. order counts Ring orders, for
// those of one instant (B36).
func (a *Agent) Ring(now Instant, m *Membership, order uint64) {
	a.offer = m
	m.LastRung, m.RungOrder = now, order
	m.Offers++
}

// Alerting notes that the phone was reported ringing: no longer unreachable.
func (a *Agent) Alerting() { a.strikes = 0 }

// Answer turns the offer into a call; connecting says that the host has yet to
// report that the two hear each other (B48).
func (a *Agent) Answer(now Instant, connecting bool, order uint64) {
	m := a.offer
	a.offer = nil
	a.take(now, m.Queue, m, connecting, order)
}

// Pickup gives him a call without an offer: he picked it up (B54) or it was
// handed over to him (B55). m is nil if he is no member of its queue. It counts
// as rung and answered (B35).
func (a *Agent) Pickup(now Instant, queue QueueID, m *Membership, connecting bool, order uint64) {
	if m != nil {
		m.LastRung, m.RungOrder = now, order
	}
	a.take(now, queue, m, connecting, order)
}

func (a *Agent) take(now Instant, queue QueueID, m *Membership, connecting bool, order uint64) {
	a.talk = Call{Queue: queue, Membership: m, Connecting: connecting, Since: now}
	a.call = &a.talk
	if m != nil {
		a.talk.lastAnswered, a.talk.answeredOrder = m.LastAnswered, m.AnsweredOrder
		if connecting {
			a.talk.answered = m
		}
		m.LastAnswered, m.AnsweredOrder = now, order
		m.Answered++
	}
	a.present()
	if !connecting {
		a.strikes = 0 // an answer that is dropped counts as one
	}
}

// Connect notes that the call is connected.
func (a *Agent) Connect() {
	a.call.Connecting, a.call.answered = false, nil
	a.strikes = 0
}

// Miss ends the offer in any way but an answer and frees the line. sole says
// that his was the only phone ringing for the entry; fresh that the entry has
// not been counted in the present row of misses (see [Agent.Row]).
func (a *Agent) Miss(now Instant, end End, sole, fresh bool) []*Membership {
	a.changed = a.changed[:0]
	m := a.offer
	a.offer = nil
	switch end {
	case NoAnswer:
		m.Missed++
		a.strikes = 0 // it rang
		a.delay(now, m.Rules.NoAnswerDelay)
		if sole && m.agent == a {
			a.ringOut(now, m, fresh)
		}
	case Rejected:
		m.Refused++
		m.Rejected++
		a.sign()
		a.delay(now, m.Rules.RejectDelay)
	case Busy:
		m.Refused++
		a.strike(now, m.Rules.BusyDelay)
	case Unreachable:
		m.Refused++
		a.strike(now, m.Rules.UnreachableDelay)
	}
	return a.changed
}

// Row names the present row of misses (B26); it is not 0.
func (a *Agent) Row() uint32 { return a.streak + 1 }

// ringOut lets a ring that nobody answered act: B26, else B18.
func (a *Agent) ringOut(now Instant, m *Membership, fresh bool) {
	if m.Streak != a.streak {
		m.Misses, m.Streak = 0, a.streak
	}
	if fresh {
		a.misses++
		m.Misses++
	}
	count, in := a.misses, a.members
	if m.Rules.NoAnswerScope == ScopeQueue {
		count, in = m.Misses, []*Membership{m}
	}
	if m.Rules.MaxNoAnswer > 0 && count >= m.Rules.MaxNoAnswer {
		for _, each := range in {
			a.apply(now, silent, each)
		}
		return
	}
	a.apply(now, missed, m)
}

// Drop ends a connection that did not come about by his side (B48): no miss, no
// wrap-up, unreachable_delay, and the answer is taken out of what his queue
// remembers. unreachable is the delay of the queue he answered.
func (a *Agent) Drop(now Instant, unreachable time.Duration) []*Membership {
	a.unanswer()
	a.strike(now, unreachable)
	return a.release(now)
}

// Abandon ends a connection because the caller hung up: he is free at once
// (B48).
func (a *Agent) Abandon(now Instant) []*Membership {
	a.unanswer()
	return a.release(now)
}

func (a *Agent) unanswer() {
	if m := a.call.answered; m != nil {
		m.LastAnswered, m.AnsweredOrder = a.call.lastAnswered, a.call.answeredOrder
		m.Answered--
	}
}

// release frees the line and gives back the statuses he had or asked for.
func (a *Agent) release(now Instant) []*Membership {
	a.changed = a.changed[:0]
	a.call = nil
	a.grantWishes(now)
	return a.changed
}

// EndTalk ends the talk: wrap-up or the status that follows (B16). wrapUp false
// leaves the wrap-up out (B27).
func (a *Agent) EndTalk(now Instant, wrapUp bool) []*Membership {
	a.changed = a.changed[:0]
	m := a.call.Membership
	since := a.call.Since
	a.call = nil
	if m != nil {
		m.LastEnded = now
		m.Talk += now.Sub(since)
		d := m.WrapUpLength()
		if wrapUp && d > 0 {
			a.startWrapUp(now, m, d)
		} else if m.Wanted == nil || !a.onCall() {
			a.apply(now, talkOver, m)
		}
	}
	a.grantWishes(now)
	return a.changed
}

// SetRegistered notes whether his phone is registered (B19). A report that
// repeats it changes nothing.
func (a *Agent) SetRegistered(now Instant, on bool) []*Membership {
	a.changed = a.changed[:0]
	switch {
	case on == a.registered:
	case !on:
		a.registered = false
		a.gone, a.graces = now, now
	default:
		a.pause = 0 // a new registration ends a delay (B25)
		a.present()
		for _, m := range a.members {
			// Who was never there is not back.
			if a.gone != 0 && now >= a.gone.Add(m.Rules.OfflineGrace) {
				a.apply(now, backLate, m)
			}
		}
		a.registered = true
	}
	return a.changed
}

// Free frees his line of everything, for a supervisor (B27): the status is then
// what the end of a talk without wrap-up gives. Offers and connections are the
// owner's to end first.
func (a *Agent) Free(now Instant) []*Membership {
	a.closeOthers("")
	if a.call != nil {
		return a.EndTalk(now, false)
	}
	a.changed = a.changed[:0]
	a.grantWishes(now)
	return a.changed
}
