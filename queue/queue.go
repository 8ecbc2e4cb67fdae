package queue

import (
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// Queue is one queue: configuration, members, line and numbers. It is not safe
// for concurrent use.
type Queue struct {
	ID     ID
	Config Config // read only; see Configure
	Line   Line
	// Offline says that no enabled server holds the queue: it takes no calls
	// (B120).
	Offline bool
	// Numbers are the counters, see [Ledger].
	Numbers Ledger
	// Resumes remembers who hung up while waiting (B56).
	Resumes Resumes
	// Rates and Score are what estimates are made of, and how good they were
	// (B64).
	Rates Rates
	Score Score
	// Value is the owner's.
	Value any

	strategy strategy.Strategy
	own      bool // the strategy is a host's, its ranks may race

	members []*Member // configured order
	slots   []*Member // by slot, those remembered too
	byAgent map[agent.ID]*Member
	lineup  strategy.Lineup
	levels  levels
	turn    int64 // first element of the rank of the member rung last (B38)

	loggedIn  int
	available int   // see Taken
	share     int64 // Σ 1/k over the staffed, in 1/wholeShare; k: an agent's queues
	callers   int   // entries that count against max_callers

	watched map[*Entry]struct{} // see watch
}

// New returns an empty queue. The configuration has been validated.
func New(id ID, c Config, s strategy.Strategy) *Queue {
	q := new(Queue)
	q.Init(id)
	q.Configure(c, s)
	return q
}

// Init makes the zero Queue an empty one, to be configured by Configure: for
// owners who embed it.
func (q *Queue) Init(id ID) {
	q.ID = id
	q.byAgent = make(map[agent.ID]*Member)
}

// Leveled reports whether the skill levels that exist decide when a group opens
// (B34).
func (q *Queue) Leveled() bool { return q.strategy.Skilled && q.Config.SkillWait > 0 }

// Strategy returns the strategy in force.
func (q *Queue) Strategy() strategy.Strategy { return q.strategy }

// Own reports whether the strategy is a host's own.
func (q *Queue) Own() bool { return q.own }

// Turn returns the clock of the race of a host's own strategy, see
// [strategy.Candidate].
func (q *Queue) Turn() int64 { return q.turn }

// SetTurn sets it; for Restore.
func (q *Queue) SetTurn(turn int64) { q.turn = turn }

// LoggedIn returns how many members are logged in (B40).
func (q *Queue) LoggedIn() int { return q.loggedIn }

// Staffed returns how many members are staffed.
func (q *Queue) Staffed() int { return q.levels.total }

// Available returns how many members are available (B13).
func (q *Queue) Available() int { return q.available }

// Configure replaces the configuration; it acts on what comes (B37). The
// configuration has been validated. If the order of ringing changed, the owner
// puts the available members in anew by Freed.
func (q *Queue) Configure(c Config, s strategy.Strategy) (reordered bool) {
	rewatch := c.SkillWait != q.Config.SkillWait
	reordered = s.Name != q.strategy.Name || c.SkillOrder != q.Config.SkillOrder
	q.Config = c
	q.strategy = s
	q.own = s.Rank != nil && !strategy.BuiltIn(s.Name)
	if reordered {
		q.lineup.Reset(c.SkillOrder == Descending)
		q.turn = 0
	}
	if rewatch {
		for e := range q.Line.From(1) {
			q.watch(e)
		}
	}
	return reordered
}

// Join puts an entry into the line at its natural place, or at the asked-for
// position if that is not 0 (B52), and begins its first round. It returns the
// entries whose stored places changed to make room for it, see [Line.InsertAt].
func (q *Queue) Join(e *Entry, position int) (moved []*Entry) {
	if e.hunt.round == 0 {
		e.hunt.round = 1
	}
	if position > 0 {
		moved = q.Line.InsertAt(e, position)
	} else {
		q.Line.Insert(e)
	}
	q.joined(e)
	return moved
}

// Rejoin puts an entry back at the place it had; for Restore.
func (q *Queue) Rejoin(e *Entry) {
	q.Line.Restore(e)
	q.joined(e)
}

func (q *Queue) joined(e *Entry) {
	if !e.Exempt {
		q.callers++
	}
	q.watch(e)
}

// Leave takes an entry out of the line.
func (q *Queue) Leave(e *Entry) {
	q.Line.Remove(e)
	if !e.Exempt {
		q.callers--
	}
	delete(q.watched, e)
}

// Promise makes a waiting entry that of a callback: it counts against
// max_callers no more (B42).
func (q *Queue) Promise(e *Entry) {
	if !e.Exempt {
		e.Exempt = true
		q.callers--
	}
}

// Admit says whether the queue takes a caller: night mode (B41), nobody logged in
// (B40) or no server (B120), full (B42). e is as it would join. The second result is
// false if it refuses him.
func (q *Queue) Admit(now agent.Instant, e *Entry) (Outcome, bool) {
	if q.Config.EnableNightMode {
		return Night, false
	}
	if q.Offline || q.loggedIn == 0 && !q.Config.WaitWhenNoAgentsOnline {
		return NoAgents, false
	}
	if c := q.Config.MaxCallers; c > 0 && !e.Exempt && q.callers >= c && q.peek(now, e) == nil {
		return Full, false
	}
	return Waiting, true
}
