package queue

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// hunt is one entry's search for an agent (B30–B34).
type hunt struct {
	round    int32         // from 1
	rung     int32         // offers made in this round
	offers   int32         // offers that run
	declined int32         // marks of agents who declined it
	last     agent.Instant // end of the last offer, or of a failed connection
	retry    agent.Instant // when the next round begins; 0: this one has not ended
	known    *marked       // nil: it remembers nobody
}

// Round returns the entry's round, from 1.
func (e *Entry) Round() int { return int(e.hunt.round) }

// Offers returns how many offers of the entry run.
func (e *Entry) Offers() int { return int(e.hunt.offers) }

// Retry returns when the entry's next round begins; 0: this one goes on.
func (e *Entry) Retry() agent.Instant { return e.hunt.retry }

// Hunt is the state of an entry's hunt as a value, for records.
type Hunt struct {
	Round, Rung int
	Last, Retry agent.Instant
	Marks       []Mark
}

// Hunt returns the state of the hunt; offers that run are not part of it. The
// marks are a copy.
func (e *Entry) Hunt() Hunt {
	h := &e.hunt
	return Hunt{int(h.round), int(h.rung), h.last, h.retry, append([]Mark(nil), h.marks()...)}
}

// SetHunt sets it, before the entry is in a line.
func (e *Entry) SetHunt(s Hunt) {
	e.hunt = hunt{round: int32(s.Round), rung: int32(s.Rung), last: s.Last, retry: s.Retry}
	for _, m := range s.Marks {
		*e.hunt.note(m.Who) = m
		if m.Declined {
			e.hunt.declined++
		}
	}
}

// Forgive begins a new round in which nobody has been rung and all refusals are
// forgotten (B84), while the entry is in no line. That it counts among somebody's
// misses is not (B26).
func (e *Entry) Forgive() {
	next := Hunt{Round: e.Round() + 1}
	for _, m := range e.hunt.marks() {
		if m.Row != 0 {
			next.Marks = append(next.Marks, Mark{Who: m.Who, Row: m.Row})
		}
	}
	e.SetHunt(next)
}

// What an entry wants of an agent, from nothing to anybody: its want in the
// line. With skill_wait the values between say how many groups are open.
const (
	wantsNobody  = 0
	wantsAnother = 1 // somebody is being rung for it already (RING_SIMULTANEOUSLY)
	wantsAnybody = 255
)

// want computes what an entry wants now. It never says less than the truth:
// eligible is what decides.
func (q *Queue) want(now agent.Instant, e *Entry) uint8 {
	switch h := &e.hunt; {
	case e.Holds != 0:
		return wantsNobody
	case q.strategy.Simultaneous && h.offers > 0:
		if limit := q.Config.RingLimit; limit > 0 && int(h.offers) >= limit {
			return wantsNobody
		}
		return wantsAnother
	case h.offers > 0:
		return wantsNobody
	case q.strategy.Skilled && !q.strategy.Simultaneous && q.Config.SkillWait > 0 && h.known == nil:
		return uint8(min(1+q.opened(now, e), wantsAnybody))
	}
	return wantsAnybody
}

// opened is how many groups after the first the time has opened for e (B34).
func (q *Queue) opened(now agent.Instant, e *Entry) int {
	since := e.Place().Effective
	if now <= since {
		return 0
	}
	return int(min(now.Sub(since)/q.Config.SkillWait, MaxLevel))
}

// Touch makes known that the state of e changed: what it wants is computed
// anew. It reports whether e wants somebody.
func (q *Queue) Touch(now agent.Instant, e *Entry) bool {
	if r := e.hunt.retry; r != 0 && r <= now && e.hunt.offers == 0 && e.Holds == 0 {
		e.hunt.round++
		e.hunt.rung, e.hunt.retry = 0, 0
	}
	w := q.want(now, e)
	q.Line.SetWant(e, w)
	return w != wantsNobody
}

// Next returns the member to ring for e now, as the strategy has it, and what
// led to him; or nil and when to ask again, 0 if nothing will change by time
// alone. Which members are available is found out on the way: those who are not
// leave the lineup.
func (q *Queue) Next(now agent.Instant, e *Entry) (m *Member, found Found, again agent.Instant) {
	if q.want(now, e) == wantsNobody {
		return nil, Found{}, 0
	}
	if q.strategy.Choose != nil {
		m, found = q.choose(now, e)
	} else {
		m, found = q.walk(now, e, nil)
	}
	if m == nil {
		again = q.again(now, e)
	}
	return m, found, again
}

// NextOf is Next among the members for whom is holds. A strategy that looks at the
// call is not asked.
func (q *Queue) NextOf(now agent.Instant, e *Entry, is func(*Member) bool) (*Member, Found) {
	return q.walk(now, e, is)
}

// Found says how Next came to a member (B39).
type Found struct {
	Place     int // his place in the order as it was walked, from 1
	Available int // members who were available, he among them
	Level     int // his level, if the strategy is skilled
}

// Upcoming returns who stands first in the lineup: the next to be rung, if the call is
// for anybody and he is available still, which [Queue.Next] decides. Nil: there is nobody.
// Those before him who are not available leave the lineup; nobody else notices.
func (q *Queue) Upcoming() *Member {
	for slot := q.lineup.First(); slot >= 0; slot = q.lineup.First() {
		m := q.slots[slot]
		if m.free || m.available() {
			return m
		}
		q.lineup.Remove(slot)
	}
	return nil
}

// walk goes through the lineup up to the first member who can have e;
// with is, to the first of those for whom it holds.
func (q *Queue) walk(now agent.Instant, e *Entry, is func(*Member) bool) (*Member, Found) {
	// Most often it is the first, whom no walk is needed for.
	if m := q.Upcoming(); m != nil && is == nil && m.available() && !q.used(now, e, m) && q.open(now, e, m.Level) {
		return m, Found{Place: 1, Available: q.available, Level: q.group(m)}
	}
	place := 0
	for slot := range q.lineup.All() {
		m := q.slots[slot]
		if !m.available() {
			q.lineup.Remove(slot)
			q.Taken(m)
			continue
		}
		place++
		if q.used(now, e, m) {
			continue
		}
		if !q.open(now, e, m.Level) {
			return nil, Found{} // nor is any group after this one
		}
		if is != nil && !is(m) {
			continue
		}
		return m, Found{Place: place, Available: q.available, Level: q.group(m)}
	}
	return nil, Found{}
}

// peek is what Next would return, without changing anything but the lineup.
func (q *Queue) peek(now agent.Instant, e *Entry) (m *Member) {
	if q.strategy.Choose != nil {
		m, _ = q.choose(now, e)
	} else {
		m, _ = q.walk(now, e, nil)
	}
	return m
}

// forAnybody reports whether whoever is available can have e now.
func (q *Queue) forAnybody(e *Entry) bool {
	return e.hunt.known == nil && q.strategy.Choose == nil && !q.Leveled()
}

// choose lets a strategy that looks at the call choose.
func (q *Queue) choose(now agent.Instant, e *Entry) (*Member, Found) {
	var choice strategy.Choice
	choice.Call = strategy.Call{ID: string(e.ID), Queue: q.ID, Priority: e.Priority, Joined: e.Joined, Round: max(e.Round(), 1)}
	if c, ok := e.Value.(interface{ Describe(*strategy.Call) }); ok {
		c.Describe(&choice.Call)
	}
	for slot := range q.lineup.All() {
		m := q.slots[slot]
		if !m.available() {
			q.lineup.Remove(slot)
			q.Taken(m)
		} else if !q.used(now, e, m) && q.open(now, e, m.Level) {
			choice.Available = append(choice.Available, &m.Membership)
		}
	}
	if len(choice.Available) == 0 {
		return nil, Found{}
	}
	picked := q.strategy.Pick(choice)
	if len(picked) == 0 {
		return nil, Found{}
	}
	m := picked[0].Value.(*Member)
	return m, Found{Place: 1, Available: q.available, Level: q.group(m)}
}

// available reports whether the member can be offered a call of the queue now.
func (m *Member) available() bool {
	a := m.AgentOf()
	return m.listed && a != nil && a.Available(&m.Membership)
}

// Takes returns the entry that m takes now: the first in line that he is
// eligible for; under RING_SIMULTANEOUSLY the first for which nobody is being
// rung, else the first of all (B35).
func (q *Queue) Takes(now agent.Instant, m *Member) *Entry {
	if q.Line.Wanting() == 0 || !m.available() {
		return nil
	}
	if q.strategy.Simultaneous {
		if e := q.first(now, m, wantsAnybody); e != nil {
			return e
		}
		return q.first(now, m, wantsAnother)
	}
	least := uint8(wantsAnother)
	if q.strategy.Skilled && q.Config.SkillWait > 0 {
		descending := q.Config.SkillOrder == Descending
		if step := q.levels.step(m.Level, descending); step > q.levels.firstStaffed(descending) {
			least = uint8(min(1+step, wantsAnybody))
		}
	}
	return q.first(now, m, least)
}

func (q *Queue) first(now agent.Instant, m *Member, least uint8) *Entry {
	for e := q.Line.NextWanting(nil, least); e != nil; e = q.Line.NextWanting(e, least) {
		if q.Eligible(now, e, m) {
			return e
		}
	}
	return nil
}

// Eligible reports whether e may be offered to m now: it wants somebody, he is
// available, untried in this round, not barred, and his group is open.
func (q *Queue) Eligible(now agent.Instant, e *Entry, m *Member) bool {
	return q.want(now, e) != wantsNobody && m.available() && !q.used(now, e, m) && q.open(now, e, m.Level)
}

// Verdict says what keeps an entry and a member apart, beside the member's own
// availability.
type Verdict uint8

// The verdicts.
const (
	CanHave     Verdict = iota // nothing does
	NotWanted                  // the entry wants nobody now
	HadHisTurn                 // he was rung in this round (B31)
	Barred                     // he declined it (B31)
	GroupClosed                // his skill group is not open yet (B34)
)

// Verdict says why m cannot have e now; for people.
func (q *Queue) Verdict(now agent.Instant, e *Entry, m *Member) Verdict {
	if mark := e.hunt.mark(m.AgentOf()); mark != nil {
		switch {
		case mark.Tried == e.hunt.round:
			return HadHisTurn
		case q.bars(now, e, mark):
			return Barred
		}
	}
	switch {
	case !q.open(now, e, m.Level):
		return GroupClosed
	case q.want(now, e) == wantsNobody:
		return NotWanted
	}
	return CanHave
}

// used reports whether m had his turn in this round, or is barred.
func (q *Queue) used(now agent.Instant, e *Entry, m *Member) bool {
	if e.hunt.known == nil {
		return false
	}
	mark := e.hunt.mark(m.AgentOf())
	return mark != nil && (mark.Tried == e.hunt.round || q.bars(now, e, mark))
}

// bars reports whether the agent of the mark is barred from e (B31): for
// retry_interval after his last refusal, and longer while another staffed member
// has neither declined it nor let it ring out twice.
func (q *Queue) bars(now agent.Instant, e *Entry, mark *Mark) bool {
	if !mark.Declined {
		return false
	}
	if now < mark.Until {
		return true
	}
	willing := q.levels.total
	marks := e.hunt.marks()
	for i := range marks {
		other := &marks[i]
		if !other.Declined && other.Missed < 2 {
			continue
		}
		if m := q.Member(other.Who.ID); m != nil && m.staffed && m.AgentOf() == other.Who {
			willing--
		}
	}
	return willing > 0
}

// open reports whether the group of a level is open to e (B34).
func (q *Queue) open(now agent.Instant, e *Entry, level int) bool {
	if !q.strategy.Skilled || q.Config.SkillWait == 0 {
		return true
	}
	descending := q.Config.SkillOrder == Descending
	step := q.levels.step(level, descending)
	if step <= q.opened(now, e) {
		return true
	}
	for better := range step {
		if l := q.levels.at(better, descending); q.levels.staffed[l] > 0 && q.hopes(now, e, l) {
			return false
		}
	}
	return true
}

// hopes reports whether the group of a level has a staffed member who is untried
// in this round and not barred.
func (q *Queue) hopes(now agent.Instant, e *Entry, level int) bool {
	hopeful := q.levels.staffed[level]
	marks := e.hunt.marks()
	for i := range marks {
		mark := &marks[i]
		m := q.Member(mark.Who.ID)
		if m == nil || !m.staffed || m.Level != level || m.AgentOf() != mark.Who {
			continue
		}
		if mark.Tried == e.hunt.round || q.bars(now, e, mark) {
			hopeful--
		}
	}
	return hopeful > 0
}

// again is when time alone makes a member eligible for e who is not: the next
// round, the end of a bar, the opening of a group. 0: never.
func (q *Queue) again(now agent.Instant, e *Entry) agent.Instant {
	at := e.hunt.retry
	if e.hunt.declined > 0 {
		marks := e.hunt.marks()
		for i := range marks {
			mark := &marks[i]
			if mark.Declined && mark.Tried != e.hunt.round && mark.Until > now {
				at = sooner(at, mark.Until)
			}
		}
	}
	if q.strategy.Skilled && q.Config.SkillWait > 0 {
		if n := q.opened(now, e) + 1; n < len(q.levels.list) {
			at = sooner(at, e.Place().Effective+agent.Instant(n)*agent.Instant(q.Config.SkillWait))
		}
	}
	return at
}

func sooner(a, b agent.Instant) agent.Instant {
	if a == 0 || b < a {
		return b
	}
	return a
}

// Ring notes that an offer of e to m begins.
func (q *Queue) Ring(e *Entry, m *Member) {
	h := &e.hunt
	h.rung++
	h.offers++
	h.retry = 0
	if q.own {
		q.turn = max(q.turn, m.rank[0])
	}
}

// EndOffer notes that an offer of e to a ended, and what it says of him (B31).
// The round's pause begins with the last one (B33).
func (q *Queue) EndOffer(now agent.Instant, e *Entry, a *agent.Agent, end agent.End) {
	e.hunt.offers--
	switch end {
	case agent.NoAnswer:
		mark := e.hunt.note(a)
		mark.Tried = e.hunt.round
		mark.Missed++
	case agent.Rejected:
		q.decline(now, e, e.hunt.note(a))
	case agent.Busy:
		mark := e.hunt.note(a)
		mark.Tried = e.hunt.round
		mark.Until = now.Add(q.Config.RetryInterval)
		if mark.Busy++; mark.Busy >= 2 {
			q.decline(now, e, mark)
		}
	case agent.Unreachable:
		e.hunt.note(a).Tried = e.hunt.round
	}
	q.watch(e)
	q.rest(now, e)
}

// Dropped notes that the connection of e with a failed by his side (B48).
func (q *Queue) Dropped(now agent.Instant, e *Entry, a *agent.Agent) {
	e.hunt.note(a).Tried = e.hunt.round
	e.hunt.rung = max(e.hunt.rung, 1) // if he picked it up: that counts as rung (B35)
	q.watch(e)
	q.rest(now, e)
}

// Decline notes that a declined e otherwise than by rejecting an offer (B55).
func (q *Queue) Decline(now agent.Instant, e *Entry, a *agent.Agent) {
	mark := e.hunt.note(a)
	round := mark.Tried
	q.decline(now, e, mark)
	mark.Tried = round
	q.watch(e)
}

func (q *Queue) decline(now agent.Instant, e *Entry, mark *Mark) {
	mark.Tried = e.hunt.round
	mark.Until = now.Add(q.Config.RetryInterval)
	if !mark.Declined {
		mark.Declined = true
		e.hunt.declined++
	}
}

// rest begins the pause before the next round once nobody is rung any more.
func (q *Queue) rest(now agent.Instant, e *Entry) {
	e.hunt.last = now
	if e.hunt.offers == 0 && e.hunt.rung > 0 {
		e.hunt.retry = now.Add(q.Config.RetryInterval)
	}
}

// Sole reports whether e rings one phone only, at the end of a ring at now:
// rings that end in the same instant rang together (B26).
func (e *Entry) Sole(now agent.Instant) bool { return e.hunt.offers == 1 && e.hunt.last != now }

// Fresh reports whether the ring-out of e by m is the first in m's row of
// misses, and counts it (B26).
func (e *Entry) Fresh(m *Member) bool {
	a := m.AgentOf()
	if a == nil {
		return false
	}
	mark, row := e.hunt.note(a), a.Row()
	if mark.Row == row {
		return false
	}
	mark.Row = row
	return true
}

// watch keeps e, if it is in the line, among the entries for which somebody may
// become eligible because somebody else is staffed no longer: it bars someone
// (B31), or waits for a better group (B34).
func (q *Queue) watch(e *Entry) {
	if e.hunt.declined == 0 && (e.hunt.known == nil || q.Config.SkillWait == 0) {
		return
	}
	if q.watched == nil {
		q.watched = make(map[*Entry]struct{})
	}
	q.watched[e] = struct{}{}
}

// Watched returns those entries, in the order of joining.
func (q *Queue) Watched() []*Entry {
	if len(q.watched) == 0 {
		return nil
	}
	entries := slices.Collect(maps.Keys(q.watched))
	slices.SortFunc(entries, func(a, b *Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return entries
}

// OpenNow yields the available members of the groups that are open to everybody
// because nobody of a better group is staffed (B34); the owner looks at them
// after somebody is staffed no longer.
func (q *Queue) OpenNow() iter.Seq[*Member] {
	return func(yield func(*Member) bool) {
		if !q.strategy.Skilled || q.Config.SkillWait == 0 {
			return
		}
		descending := q.Config.SkillOrder == Descending
		first := q.levels.firstStaffed(descending)
		for slot, level := range q.lineup.All() {
			if q.levels.step(level, descending) > first {
				return
			}
			if m := q.slots[slot]; m.available() && !yield(m) {
				return
			}
		}
	}
}
