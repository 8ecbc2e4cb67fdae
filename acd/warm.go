package acd

// Of many agents and calls the next one is in no cache, and each of its lines costs a
// wait for memory when it is met. Asked for all at once they cost about one. So what a
// step will go through is read beforehand: a word of each line of 64 bytes, or of its
// neighbour, which memory gives along. Which words these are follows from the order of
// the fields; only time depends on it, see BenchmarkCall.

// warmAgent is for an agent and his first membership.
func (e *Engine) warmAgent(p *agentState) {
	m := &p.membership
	sum := len(p.ID) + len(p.Others()) + len(p.Name) + int(p.n) + len(p.known) + len(p.changed)
	sum += int(p.offer.began) + int(p.duty.Since) + int(p.told.wrapUp) + int(p.statuses[1].Time) + int(p.statuses[3].Time)
	sum += int(m.Ended) + m.Level + int(m.Offers) + int(m.Talk) + int(m.Streak)
	if p.WrapUpBooked != nil {
		sum++
	}
	e.warmed += sum
}

// warmNext is for the agent who is the next to be rung in a queue.
func (e *Engine) warmNext(q *queueState) {
	if m := q.Upcoming(); m != nil {
		e.warmAgent(m.Value.(*memberState).agent)
	}
}

// warmCall is for a call.
func (e *Engine) warmCall(c *call) {
	e.warmed += len(c.ID) + int(c.Holds) + len(c.tag) + int(c.limit) + int(c.took)
}
