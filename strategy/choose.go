package strategy

import "github.com/acdkit/acdkit/agent"

// Choice is what a strategy that looks at the call sees.
type Choice struct {
	Call      Call
	Available []*agent.Membership // in the order of Rank, untried ones only; read only
}

// Call is a waiting call as a strategy sees it.
type Call struct {
	ID       string
	Queue    agent.QueueID
	Number   string // the caller's; may be empty
	Name     string
	Tag      string // the host's, from Join
	Priority int
	Joined   agent.Instant
	Round    int // from 1
}

// Pick returns whom to ring for a call, in order: those of c.Available whom
// Choose names, each once. It skips names that are not among them: an agent who
// is unknown, not available or tried already cannot be rung, whatever a host's
// strategy says. Without Choose it returns c.Available itself.
//
// Nobody picked means that nobody is rung now; Choose is asked again when the
// entry is matched the next time, because an agent became available or a new
// round began. Choose must be deterministic: the same choice, the same answer.
func (s *Strategy) Pick(c Choice) []*agent.Membership {
	if s.Choose == nil {
		return c.Available
	}
	untaken := make(map[agent.ID]*agent.Membership, len(c.Available))
	for _, m := range c.Available {
		untaken[m.Agent] = m
	}
	var picked []*agent.Membership
	for _, id := range s.Choose(c) {
		if m := untaken[id]; m != nil {
			picked = append(picked, m)
			delete(untaken, id)
		}
	}
	return picked
}
