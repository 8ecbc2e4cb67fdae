package acd

import (
	"fmt"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// maxNamed is how many agents a reason names.
const maxNamed = 10

// Why says why a call still waits: what holds it, who is being rung for it, who
// had his turn, and what keeps the other agents of its queue, a reason each. It
// is for people and costs O(members of the queue). [ErrNotWaiting] if it does
// not wait.
func (e *Engine) Why(id queue.CallID) ([]WaitReason, error) {
	c, err := e.waitingCall(id)
	if err != nil {
		return nil, err
	}
	if c.stage == warned {
		return []WaitReason{{What: "at the warning of a blocked number", Until: c.end.Time()}}, nil
	}
	var why []WaitReason
	hold := func(h queue.Hold, what string, until agent.Instant) {
		if c.Holds&h != 0 {
			why = append(why, WaitReason{What: what, Until: until.Time()})
		}
	}
	hold(queue.HoldUnconfirmed, "not confirmed after a restart", e.confirmBy)
	hold(queue.HoldConnecting, "being connected", c.end)
	hold(queue.HoldIntro, "its intro plays", 0)
	hold(queue.HoldQuestion, "a question waits for its answer", 0)
	hold(queue.HoldAgent, "held for one agent", 0)
	if c.promise != nil {
		hold(queue.HoldDelay, "its callback delay runs", c.promise.Due)
		hold(queue.HoldHours, "callbacks are held", 0)
		hold(queue.HoldCustomer, "its customer is called by another callback", 0)
	}
	var groups whyGroups
	for _, m := range c.queue.Members() {
		s := m.Value.(*memberState)
		what, until := e.whyNot(c, s)
		groups.add(what, s.Agent, until)
	}
	if len(c.queue.Members()) == 0 {
		why = append(why, WaitReason{What: "the queue has no agents"})
	}
	return append(why, groups.reasons()...), nil
}

// whyNot says what keeps a call and a member apart, and until when.
func (e *Engine) whyNot(c *call, m *memberState) (what string, until agent.Instant) {
	p, q := m.agent, m.queue
	switch {
	case p.offer.call == c:
		return "being rung for it", p.offer.until
	case p.offer.call != nil:
		return "being rung for another call", p.offer.until
	case p.Use() == agent.Connecting || p.Use() == agent.Talking:
		return "on a queue's call", 0
	case p.Use() == agent.OnOther:
		return "on another call", 0
	case p.Use() == agent.OtherRinging:
		return "being rung for another call", 0
	}
	switch s := p.Status(&m.Membership); {
	case s == agent.WrapUp && m.Set != agent.WrapUp:
		return "in wrap-up", p.WrapUpIn(&m.Membership)
	case s != agent.Ready:
		return s.String(), 0
	case p.Pause() != 0:
		return "under a delay after a ring that was not answered", p.Pause()
	}
	switch q.Verdict(e.now, &c.Entry, &m.Member) {
	case queue.HadHisTurn:
		return "had his turn in this round", c.Retry()
	case queue.Barred:
		return "declined it", c.again
	case queue.GroupClosed:
		return "his skill group is not open yet", c.again
	case queue.NotWanted:
		return "available; the call is held", 0
	default:
		return "available; the strategy did not choose him", 0
	}
}

// whyGroups collects agents by what keeps them.
type whyGroups []struct {
	WaitReason
	n     int
	until agent.Instant
}

func (g *whyGroups) add(what string, a agent.ID, until agent.Instant) {
	for i := range *g {
		if r := &(*g)[i]; r.What == what {
			r.n++
			if len(r.Agent) < maxNamed {
				r.Agent = append(r.Agent, a)
			}
			r.until = soonest(r.until, until)
			return
		}
	}
	*g = append(*g, struct {
		WaitReason
		n     int
		until agent.Instant
	}{WaitReason{What: what, Agent: []agent.ID{a}}, 1, until})
}

func (g whyGroups) reasons() []WaitReason {
	reasons := make([]WaitReason, len(g))
	for i, r := range g {
		agents := "agents"
		if r.n == 1 {
			agents = "agent"
		}
		r.What = fmt.Sprintf("%d %s: %s", r.n, agents, r.What)
		r.Until = r.until.Time()
		reasons[i] = r.WaitReason
	}
	return reasons
}
