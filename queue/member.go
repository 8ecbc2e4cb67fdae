package queue

import (
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// Member is an agent in a queue. It outlives his leaving the list: what the
// queue remembers of him stays until the agent is deleted (B21).
type Member struct {
	// Value is the owner's.
	Value any

	listed            bool  // on the queue's list now
	staffed, loggedIn bool  // as counted in the queue
	free              bool  // counted as available
	slot              int32 // in Queue.slots and the lineup; there are many members, and each is small

	agent.Membership

	share int64
	rank  strategy.Rank // with which he is in the lineup
}

// Listed reports whether the member is on the queue's list now.
func (m *Member) Listed() bool { return m.listed }

// Rank returns the rank that the member got when he last became available.
func (m *Member) Rank() strategy.Rank { return m.rank }

// SetRank sets it; for Restore.
func (m *Member) SetRank(r strategy.Rank) { m.rank = r }

// Member returns the member with this id who is on the list, or nil.
func (q *Queue) Member(id agent.ID) *Member {
	if m := q.byAgent[id]; m != nil && m.listed {
		return m
	}
	return nil
}

// Remembered returns the member with this id, on the list or not, or nil.
func (q *Queue) Remembered(id agent.ID) *Member { return q.byAgent[id] }

// Members returns the members in configured order; read only.
func (q *Queue) Members() []*Member { return q.members }

// All returns the members on the list and those remembered from earlier, in no
// particular order; read only.
func (q *Queue) All() []*Member { return q.slots }

// Add puts an agent at the end of the list with the status s, or that of B22 if
// s is nil. If he is on it already nothing changes. It returns his membership;
// the owner tells the queue by [Queue.Refresh] what he can do. Somebody whom the
// queue does not remember becomes the member empty, of which nothing but Value may be
// set and which may be part of something larger; nil: one is made.
func (q *Queue) Add(now agent.Instant, empty *Member, a *agent.Agent, level int, s *agent.Status, reason string) *Member {
	m := q.byAgent[a.ID]
	switch {
	case m == nil:
		m = q.remember(empty, a.ID)
	case m.listed:
		return m
	}
	m.listed = true
	m.Level = level
	m.Place = len(q.members)
	q.members = append(q.members, m)
	q.levels.add(level, 1)
	a.Join(now, &m.Membership, s, reason)
	q.Refresh(now, m)
	return m
}

// remember makes somebody whom the queue does not remember a member, off the list.
func (q *Queue) remember(m *Member, id agent.ID) *Member {
	if m == nil {
		m = new(Member)
	}
	m.slot = int32(len(q.slots)) //nolint:gosec // a queue has fewer than 2 billion members
	m.Agent, m.Queue, m.Rules = id, q.ID, &q.Config.Rules
	m.Membership.Value = m
	q.byAgent[id] = m
	q.slots = append(q.slots, m)
	return m
}

// Remove takes a member off the list; what the queue remembers of him stays
// (B21).
func (q *Queue) Remove(now agent.Instant, m *Member) {
	if !m.listed {
		return
	}
	m.listed = false
	q.members = append(q.members[:m.Place], q.members[m.Place+1:]...)
	q.levels.add(m.Level, -1)
	if a := m.AgentOf(); a != nil {
		a.Leave(&m.Membership)
	}
	q.Refresh(now, m)
	q.Taken(m)
	m.rank = strategy.Rank{}
	q.lineup.Remove(int(m.slot))
	q.renumber(m.Place)
}

// Forget removes what the queue remembers of an agent who was deleted; he is
// off the list.
func (q *Queue) Forget(m *Member) {
	delete(q.byAgent, m.Agent)
	last := len(q.slots) - 1
	if int(m.slot) != last {
		// The last slot moves into the gap.
		moved := q.slots[last]
		in := q.lineup.Has(int(moved.slot))
		q.lineup.Remove(int(moved.slot))
		moved.slot = m.slot
		q.slots[m.slot] = moved
		if in {
			q.lineup.Put(int(moved.slot), q.group(moved), moved.Place, moved.rank)
		}
	}
	q.slots[last] = nil
	q.slots = q.slots[:last]
}

// Order makes the list that of members, who are all on it, each once.
func (q *Queue) Order(members []*Member) {
	q.members = append(q.members[:0], members...)
	q.renumber(0)
}

// SetLevel changes a member's skill level.
func (q *Queue) SetLevel(now agent.Instant, m *Member, level int) {
	if m.Level == level {
		return
	}
	q.uncount(m)
	q.levels.add(m.Level, -1)
	m.Level = level
	q.levels.add(level, 1)
	q.Refresh(now, m)
	if q.lineup.Has(int(m.slot)) {
		q.lineup.Put(int(m.slot), q.group(m), m.Place, m.rank)
	}
}

// renumber gives the members from place on their places.
func (q *Queue) renumber(from int) {
	for i := from; i < len(q.members); i++ {
		m := q.members[i]
		m.Place = i
		if q.lineup.Has(int(m.slot)) {
			q.lineup.Put(int(m.slot), q.group(m), i, m.rank)
		}
	}
}

// Refresh counts a member anew after anything about him or his agent changed
// that LoggedIn or Staffed depends on. It reports whether he was staffed before
// and is no longer, for bars and groups may open then (B31, B34).
func (q *Queue) Refresh(now agent.Instant, m *Member) (unstaffed bool) {
	staffed, loggedIn := m.listed && m.Staffed(), m.listed && m.LoggedIn(now)
	m.clock(now, staffed)
	share := int64(0)
	if staffed {
		share = wholeShare / int64(len(m.AgentOf().Members()))
	}
	if staffed == m.staffed && loggedIn == m.loggedIn && share == m.share {
		return false
	}
	unstaffed = m.staffed && !staffed
	q.uncount(m)
	m.staffed, m.loggedIn, m.share = staffed, loggedIn, share
	q.share += share
	if staffed {
		q.levels.staff(m.Level, 1)
	}
	if loggedIn {
		q.loggedIn++
	}
	return unstaffed
}

// clock counts the time that a member is staffed (B91).
func (m *Member) clock(now agent.Instant, staffed bool) {
	switch {
	case staffed == (m.StaffedFrom != 0):
	case staffed:
		m.StaffedFrom = now
	default:
		m.StaffedTime += now.Sub(m.StaffedFrom)
		m.StaffedFrom = 0
	}
}

// uncount takes a member out of the counts.
func (q *Queue) uncount(m *Member) {
	if m.staffed {
		q.levels.staff(m.Level, -1)
	}
	if m.loggedIn {
		q.loggedIn--
	}
	q.share -= m.share
	m.staffed, m.loggedIn, m.share = false, false, 0
}

// Freed puts a member who has become available into the lineup, at the rank that
// the strategy gives him now. draw is called if the strategy is a host's own and
// may race (B38).
func (q *Queue) Freed(m *Member, draw func() uint64) {
	if q.own {
		m.rank = q.strategy.Rank(strategy.Candidate{Membership: &m.Membership, Turn: q.turn, Draw: draw()})
	} else {
		m.rank = rankOf(&q.strategy, &m.Membership)
	}
	q.line(m)
}

// line puts an available member into the lineup.
func (q *Queue) line(m *Member) {
	q.lineup.Put(int(m.slot), q.group(m), m.Place, m.rank)
	if !m.free {
		m.free = true
		q.available++
	}
}

// Taken makes known that a member is available no longer. He may stay in the
// lineup until a walk meets him there.
func (q *Queue) Taken(m *Member) {
	if m.free {
		m.free = false
		q.available--
	}
}

// rankOf is the rank under a strategy that draws no lots.
func rankOf(s *strategy.Strategy, m *agent.Membership) strategy.Rank {
	if s.Rank == nil {
		return strategy.Rank{}
	}
	return s.Rank(strategy.Candidate{Membership: m})
}

// Reline puts an available member back at a rank that was stored; for Restore.
func (q *Queue) Reline(m *Member, rank strategy.Rank) {
	if !q.own {
		rank = rankOf(&q.strategy, &m.Membership)
	}
	m.rank = rank
	q.line(m)
}

// group is the level under which a member stands in the lineup: his skill level
// if the strategy is skilled.
func (q *Queue) group(m *Member) int {
	if q.strategy.Skilled {
		return m.Level
	}
	return 0
}
