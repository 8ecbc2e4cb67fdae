package acd

// Of many agents and calls the next one is in no cache, and each of his lines costs a
// wait for memory where it is met first. Asked for all at once they cost about one. So
// what a step goes through next is read beforehand, a word of each line of 64 bytes.
// The order of the fields says which words these are; nothing depends on it but the
// time (see BenchmarkCall).

// warmAgent is for an agent.
func (e *Engine) warmAgent(p *agentState) {
	m := &p.only
	sum := len(p.ID) + len(p.Others()) + len(p.Name) + int(p.n) + len(p.known) + len(p.changed)
	sum += int(p.offer.began) + int(p.duty.Since) + int(p.told.wrapUp) + int(p.statuses[1].Time) + int(p.statuses[3].Time)
	sum += int(m.Ended) + m.Level + int(m.Offers) + int(m.Talk) + int(m.Streak)
	if p.WrapUpBooked != nil {
		sum++
	}
	e.warmed += sum
}

// warmCall is for a call.
func (e *Engine) warmCall(c *call) {
	e.warmed += len(c.ID) + int(c.Holds) + len(c.tag) + int(c.limit) + int(c.took)
}
