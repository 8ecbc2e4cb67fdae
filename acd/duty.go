package acd

import (
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// StatusTime is how long an agent was in a status for a reason (B91).
type StatusTime struct {
	Status agent.Status  `json:"status"`
	Reason string        `json:"reason,omitempty"`
	Time   time.Duration `json:"time"`
}

// duty is the time that an agent spent in each status and reason, one status at a
// time: while he reads differently in his queues, the one of [AgentView.Status].
type duty struct {
	Status agent.Status  `json:"status"`
	Reason string        `json:"reason,omitempty"`
	Since  agent.Instant `json:"since"`
	Times  []StatusTime  `json:"times,omitempty"` // up to Since
}

// maxReasons bounds how many pairs of status and reason are told apart; what
// comes beyond counts for its status without a reason.
const maxReasons = 64

// put notes the status that an agent has from now on.
func (d *duty) put(now agent.Instant, s agent.Status, reason string) {
	if s == d.Status && reason == d.Reason && d.Since != 0 {
		return
	}
	if d.Since != 0 && d.Since < now {
		d.book(d.Status, d.Reason, now.Sub(d.Since))
	}
	d.Status, d.Reason, d.Since = s, reason, now
}

func (d *duty) book(s agent.Status, reason string, t time.Duration) {
	for i := range d.Times {
		if in := &d.Times[i]; in.Status == s && in.Reason == reason {
			in.Time += t
			return
		}
	}
	switch {
	case reason != "" && len(d.Times) >= maxReasons:
		d.book(s, "", t)
	default:
		d.Times = append(d.Times, StatusTime{s, reason, t})
	}
}

// clone returns a copy that shares nothing.
func (d *duty) clone() duty {
	c := *d
	c.Times = slices.Clone(d.Times)
	return c
}

// dutyRanks order the statuses by how near they are to work.
var dutyRanks = [...]agent.Status{
	agent.QueueCall, agent.OtherCall, agent.Ready, agent.WrapUp, agent.NotReady, agent.Break, agent.Lunch,
	agent.Offline, agent.LoggedOut,
}

// dutyRank is the place of a status among them.
func dutyRank(s agent.Status) int {
	for i, other := range dutyRanks {
		if s == other {
			return i
		}
	}
	return len(dutyRanks) - 1
}

// standing is the one status of an agent over all his queues: where they differ,
// the one that is nearest to work, with its reason.
func (p *agentState) standing() (s agent.Status, reason string) {
	if p.call != nil {
		return agent.QueueCall, ""
	}
	best := len(dutyRanks) - 1
	for _, m := range p.Members() {
		s := p.Status(m)
		if i := dutyRank(s); i < best {
			best, reason = i, ""
			if s == m.Set {
				reason = m.Reason
			}
		} else if i == best && reason == "" && s == m.Set {
			reason = m.Reason
		}
		if best <= 2 {
			break
		}
	}
	return dutyRanks[best], reason
}

// TimeIn returns how long the agent was in a status up to a time, whatever the
// reason.
func (v *AgentView) TimeIn(s agent.Status, at time.Time) time.Duration {
	var sum time.Duration
	for _, t := range v.Times {
		if t.Status == s {
			sum += t.Time
		}
	}
	if v.Status == s {
		sum += since(v.StatusSince, at)
	}
	return sum
}
