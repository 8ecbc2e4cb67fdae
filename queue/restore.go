package queue

import (
	"slices"

	"github.com/acdkit/acdkit/agent"
)

// Remember makes the member of an agent, on the list or not, as a record has
// him; for Restore. The owner fills in the Membership, gives the agent his
// memberships back and calls Refresh. Those on the list come in configured
// order. empty is as for [Queue.Add].
func (q *Queue) Remember(empty *Member, id agent.ID, listed bool, level int) *Member {
	m := q.remember(empty, id)
	m.listed, m.Level = listed, level
	if listed {
		m.Place = len(q.members)
		q.members = append(q.members, m)
		q.levels.add(level, 1)
	}
	return m
}

// Reoffer counts an offer of e that runs; for Restore.
func (e *Entry) Reoffer() { e.hunt.offers++ }

// Rest begins the pause before the next round of an entry whose offers were
// forgotten with the router that made them (B112), or that was suspended.
func (q *Queue) Rest(now agent.Instant, e *Entry) {
	if e.hunt.retry == 0 {
		q.rest(now, e)
	}
}

// Shift moves every time of the queue, its members and the entries of its line by
// d, and puts the available members in anew: their ranks may be times. Those of a
// host's own strategy stay as they are, as in a record; see B101.
func (q *Queue) Shift(d agent.Instant) {
	for _, m := range q.slots {
		m.Membership.Shift(d)
		if !q.own && q.lineup.Has(int(m.slot)) {
			m.rank = rankOf(&q.strategy, &m.Membership)
			q.lineup.Put(int(m.slot), q.group(m), m.Place, m.rank)
		}
	}
	entries := slices.Collect(q.Line.From(1))
	wants := make([]uint8, len(entries))
	for i, e := range entries {
		wants[i] = q.Line.Want(e)
		q.Line.Remove(e)
	}
	for i, e := range entries {
		e.Shift(d)
		q.Line.Restore(e)
		q.Line.SetWant(e, wants[i])
	}
	q.Resumes.shift(d)
}

// Shift moves every time of an entry that is in no line by d, its place among
// them; see B101.
func (e *Entry) Shift(d agent.Instant) {
	place := e.Place()
	e.Effective += d
	e.Joined += d
	place.Effective += d
	e.SetPlace(place)
	for _, t := range []*agent.Instant{&e.hunt.last, &e.hunt.retry} {
		if *t != 0 {
			*t += d
		}
	}
	marks := e.hunt.marks()
	for i := range marks {
		if m := &marks[i]; m.Until != 0 {
			m.Until += d
		}
	}
}
