package acd

import (
	"fmt"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// maxWrapUp bounds a wrap-up override (B24).
const maxWrapUp = 3600 * time.Second

// strategyOf validates a configuration and finds its strategy.
func (e *Engine) strategyOf(c *queue.Config) (strategy.Strategy, error) {
	if err := c.Validate(e.own...); err != nil {
		return strategy.Strategy{}, err
	}
	return strategy.Lookup(c.PollingStrategy, e.own...)
}

func (e *Engine) createQueue(in CreateQueue) error {
	if err := checkID("queue", string(in.Queue)); err != nil {
		return err
	}
	if e.queues[in.Queue] != nil {
		return exists("queue", string(in.Queue))
	}
	s, err := e.strategyOf(&in.Config)
	if err != nil {
		return err
	}
	if e.numbers[in.Config.Number] != nil {
		return exists("extension_number", in.Config.Number)
	}
	e.counts.Queues++
	q := e.newQueue(in.Queue, e.counts.Queues)
	q.revision, q.listRevision = 1, 1
	q.Configure(in.Config.Clone(), s)
	e.queues[in.Queue] = q
	e.settle(q)
	e.numbers[in.Config.Number] = q
	e.dirtyQueue(q)
	e.dirtyNumbers(q)
	e.emit(&QueueCreated{Queue: q.ID, Revision: q.revision, ListRevision: q.listRevision, Warnings: in.Config.Warnings(e.own...)})
	return nil
}

// newQueue returns a queue without a configuration.
func (e *Engine) newQueue(id queue.ID, n uint64) *queueState {
	q := &queueState{n: n}
	q.Init(id)
	q.Queue.Value = q
	return q
}

func (e *Engine) changeQueue(in ChangeQueue) error {
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	if err := checkRevision("queue", string(q.ID), in.Revision, q.revision); err != nil {
		return err
	}
	s, err := e.strategyOf(&in.Config)
	if err != nil {
		return err
	}
	if in.Config.Number != q.Config.Number {
		return invalid("extension_number", in.Config.Number, "must be "+q.Config.Number+": it is immutable")
	}
	q.revision++
	raced, heldBack := q.Own(), q.holdsBack()
	if q.Configure(in.Config.Clone(), s) {
		e.dirtyNumbers(q) // the race begins anew
		for _, m := range q.Members() {
			e.freshen(m.Value.(*memberState).agent)
			if raced || q.Own() {
				e.dirtyMember(m.Value.(*memberState)) // its rank is kept, or no longer
			}
		}
	}
	if q.Strategy().Simultaneous || !q.Config.EnableStickyRouting {
		e.unholdLine(q)
	}
	if q.holdsBack() != heldBack {
		e.recogniseLine(q)
	}
	e.feedLine(q)
	for _, m := range q.Members() {
		p := m.Value.(*memberState).agent
		q.Refresh(e.now, m) // offline_grace may have changed
		e.armAgent(p)
	}
	e.dirtyQueue(q)
	e.emit(&QueueChanged{
		Queue: q.ID, Revision: q.revision, ListRevision: q.listRevision, Warnings: in.Config.Warnings(e.own...),
	})
	return nil
}

// checkRevision refuses a change that is based on what is so no longer; 0: on
// nothing.
func checkRevision(what, id string, read, now uint64) error {
	if read == 0 || read == now {
		return nil
	}
	return &Error{Err: ErrChanged, What: what, ID: id, Text: fmt.Sprintf("revision %d, not %d", now, read)}
}

// relist makes known that a queue's agent list changed.
func (e *Engine) relist(q *queueState) {
	q.listRevision++
	e.dirtyQueue(q)
}

// feedLine looks at everyone who waits in a queue anew: what led to their places
// in the hunt has changed for all of them.
func (e *Engine) feedLine(q *queueState) {
	for entry := range q.Line.From(1) {
		e.feed(entry.Value.(*call))
	}
}

func (e *Engine) resetQueue(in ResetQueue) error {
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	q.Numbers.Reset()
	e.dirtyNumbers(q)
	for _, m := range q.All() {
		s := m.Value.(*memberState)
		s.reset(e.now)
		e.dirtyMember(s)
	}
	return nil
}

// deleteQueue deletes a queue (B121).
func (e *Engine) deleteQueue(in DeleteQueue) error {
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	if err := checkRevision("queue", string(q.ID), in.Revision, q.revision); err != nil {
		return err
	}
	q.deleted = true
	for _, entry := range slices.Collect(q.Line.From(1)) {
		if c := entry.Value.(*call); c.promise == nil {
			e.leave(c, queue.Withdrawn, "queue deleted")
		}
	}
	e.turnAll(q)
	for r := range q.book.All() {
		e.cancelPromise(e.calls[r.ID], "queue deleted")
	}
	for _, m := range slices.Clone(q.Members()) {
		s := m.Value.(*memberState)
		q.Remove(e.now, m)
		e.share(s.agent)
		e.touch(s.agent)
	}
	for _, m := range slices.Clone(q.All()) {
		s := m.Value.(*memberState)
		s.agent.known = slices.DeleteFunc(s.agent.known, func(k *memberState) bool { return k == s })
		e.dirtyMember(s)
	}
	for c := e.talks.oldest; c != nil; c = c.newer {
		if c.queue == q {
			e.dirtyCall(c)
		}
	}
	delete(e.queues, q.ID)
	delete(e.numbers, q.Config.Number)
	for _, number := range q.Resumes.Numbers() {
		e.dirtyResume(q, number)
	}
	e.forgetQueue(q.ID)
	e.dirtyQueue(q)
	e.dirtyNumbers(q)
	q.Config, q.n = queue.Config{}, 0 // talks go on by no rules
	q.live(nil)
	e.emit(&QueueDeleted{Queue: q.ID})
	e.spread(nil)
	return nil
}

// agentFor returns the agent with this id, made if need be.
func (e *Engine) agentFor(id agent.ID, registered bool) (p *agentState, made bool) {
	if p := e.agents[id]; p != nil {
		return p, false
	}
	e.counts.Agents++
	p = new(agentState)
	e.initAgent(p, id, e.counts.Agents, registered)
	e.emit(&AgentCreated{Agent: id})
	e.touchLine(p)
	if old := e.gone[id]; old != nil {
		e.comeBack(p, old.call)
	}
	return p, true
}

// comeBack gives an agent who is made again the call that he had when he was
// deleted (B121): it takes his line still (B12).
func (e *Engine) comeBack(p *agentState, c *call) {
	delete(e.gone, p.ID)
	p.Pickup(c.took, c.queue.ID, nil, c.stage == connecting, 0)
	p.call, c.agent = c, p
	e.dirtyCall(c)
	e.touchLine(p)
}

// initAgent makes p, in which there may be a membership and nothing else, an agent.
func (e *Engine) initAgent(p *agentState, id agent.ID, n uint64, registered bool) {
	p.Init(id, registered)
	p.n, p.Value = n, p
	p.known, p.duty.Times = p.first[:0], p.statuses[:0]
	p.told = lineOf(p)
	p.WrapUpBooked = e.bookWrapUp
	e.agents[id] = p
	e.people[n] = p
}

// enlist puts an agent at the end of a queue's list.
func (e *Engine) enlist(p *agentState, q *queueState, level int, s *agent.Status, reason string) {
	m := q.Remembered(p.ID)
	if m != nil && m.Listed() {
		return
	}
	var state *memberState
	if m != nil {
		state = m.Value.(*memberState)
	} else {
		state = p.newMember()
		state.queue, state.agent, state.Value = q, p, state
		p.known = append(p.known, state)
	}
	q.Add(e.now, &state.Member, &p.Agent, level, s, reason)
	e.share(p)
	p.changed = append(p.changed, state)
	e.dirtyMember(state)
	e.dirtyAgent(p)
	e.watchStaff(q)
	e.touch(p)
}

// levelOf is the skill level that an input means: 1 if none is given.
func levelOf(level int) int {
	if level == 0 {
		return 1
	}
	return level
}

func checkLevel(level int) error {
	if level < 0 || level > queue.MaxLevel {
		return invalid("skill_level", fmt.Sprint(level), "must be 1..100")
	}
	return nil
}

func (e *Engine) addAgent(in AddAgent) error {
	if err := checkID("agent", string(in.Agent)); err != nil {
		return err
	}
	if err := checkTexts(text{"display_name", in.Name, maxName}, text{"reason", in.Reason, maxReason}); err != nil {
		return err
	}
	if in.Status != nil {
		if err := checkStatus(*in.Status); err != nil {
			return err
		}
	}
	for i, place := range in.Queues {
		if e.queues[place.Queue] == nil {
			return notFound("queue", string(place.Queue))
		}
		if err := checkLevel(place.Level); err != nil {
			return err
		}
		if slices.ContainsFunc(in.Queues[:i], func(p Place) bool { return p.Queue == place.Queue }) {
			return invalid("queues", string(place.Queue), "must be named once")
		}
	}
	p, made := e.agentFor(in.Agent, !in.NotRegistered)
	changed := in.Name != "" && in.Name != p.Name
	if changed {
		p.Name = in.Name
		e.dirtyAgent(p)
	}
	for _, place := range in.Queues {
		q := e.queues[place.Queue]
		if p.member(q) != nil {
			continue
		}
		changed = true
		e.enlist(p, q, levelOf(place.Level), in.Status, in.Reason)
		e.relist(q)
		if q.Leveled() {
			e.feedLine(q)
		}
	}
	if changed && !made {
		e.emit(&AgentChanged{Agent: p.ID})
	}
	return nil
}

// setAgents replaces a queue's whole list (B21).
func (e *Engine) setAgents(in SetAgents) error {
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	if err := checkRevision("agents", string(q.ID), in.ListRevision, q.listRevision); err != nil {
		return err
	}
	stays := make(map[agent.ID]bool, len(in.Agents))
	for _, a := range in.Agents {
		if err := checkID("agent", string(a.Agent)); err != nil {
			return err
		}
		if err := checkLevel(a.Level); err != nil {
			return err
		}
		if stays[a.Agent] {
			return invalid("agents", string(a.Agent), "must be listed once")
		}
		stays[a.Agent] = true
	}
	for _, m := range slices.Clone(q.Members()) {
		if !stays[m.Agent] {
			e.delist(m.Value.(*memberState))
		}
	}
	order := make([]*queue.Member, 0, len(in.Agents))
	for _, a := range in.Agents {
		p, _ := e.agentFor(a.Agent, true)
		e.enlist(p, q, levelOf(a.Level), nil, "")
		m := q.Member(a.Agent)
		q.SetLevel(e.now, m, levelOf(a.Level))
		order = append(order, m)
	}
	q.Order(order)
	for _, m := range order {
		e.dirtyMember(m.Value.(*memberState))
	}
	e.feedLine(q)
	e.relist(q)
	e.emit(&QueueChanged{Queue: q.ID, Revision: q.revision, ListRevision: q.listRevision})
	return nil
}

// delist takes an agent off a queue's list (B21).
func (e *Engine) delist(m *memberState) {
	p, q := m.agent, m.queue
	if p.offer.member == m {
		e.endOffer(p, agent.Withdrawn, true)
	}
	place := m.Place
	q.Remove(e.now, &m.Member)
	for _, other := range q.Members()[min(place, len(q.Members())):] {
		e.dirtyMember(other.Value.(*memberState))
	}
	e.share(p)
	e.opened(q)
	e.stopWaiting(p)
	e.watchStaff(q)
	e.dirtyMember(m)
	e.touch(p)
}

// share counts an agent anew in all his queues: more or fewer of them share him
// now (B64).
func (e *Engine) share(p *agentState) {
	for _, m := range p.Members() {
		stateOf(m).queue.Refresh(e.now, &stateOf(m).Member)
	}
}

func (e *Engine) removeMember(in RemoveMember) error {
	m, err := e.memberOf(in.Agent, in.Queue)
	if err != nil {
		return err
	}
	e.delist(m)
	e.feedLine(m.queue)
	e.relist(m.queue)
	e.emit(&QueueChanged{Queue: m.queue.ID, Revision: m.queue.revision, ListRevision: m.queue.listRevision})
	return nil
}

// memberOf finds an agent who is on a queue's list.
func (e *Engine) memberOf(a agent.ID, id queue.ID) (*memberState, error) {
	q := e.queues[id]
	if q == nil {
		return nil, notFound("queue", string(id))
	}
	p := e.agents[a]
	if p == nil {
		return nil, notFound("agent", string(a))
	}
	m := p.member(q)
	if m == nil {
		return nil, notFound("member", string(a)+" of "+string(id))
	}
	return m, nil
}

func (e *Engine) changeMember(in ChangeMember) error {
	if err := checkLevel(in.Level); err != nil {
		return err
	}
	if w := in.WrapUpTime; w != nil && (*w < 0 || *w > maxWrapUp) {
		return invalid("wrap_up_time", w.String(), "must be 0..3600 s")
	}
	m, err := e.memberOf(in.Agent, in.Queue)
	if err != nil {
		return err
	}
	if in.Level != 0 && in.Level != m.Level {
		m.queue.SetLevel(e.now, &m.Member, in.Level)
		e.feedLine(m.queue)
		e.freshen(m.agent)
	}
	switch {
	case in.QueueWrapUp:
		m.WrapUpTime = nil
	case in.WrapUpTime != nil:
		d := *in.WrapUpTime
		m.WrapUpTime = &d
	}
	e.dirtyMember(m)
	e.relist(m.queue)
	e.emit(&AgentChanged{Agent: in.Agent})
	return nil
}

// deleteAgent deletes an agent (B121).
func (e *Engine) deleteAgent(in DeleteAgent) error {
	p := e.agents[in.Agent]
	if p == nil {
		return notFound("agent", string(in.Agent))
	}
	if p.offer.call != nil {
		e.endOffer(p, agent.Withdrawn, true)
	}
	e.absorb(p)
	for _, m := range slices.Clone(p.known) {
		if m.Listed() {
			e.delist(m)
			e.relist(m.queue)
		}
		m.queue.Forget(&m.Member)
		e.dirtyMember(m)
	}
	// He may have transferred calls to any queue (B55), and callbacks that are not
	// in a line remember him too.
	for _, c := range e.allCalls() {
		if c.Forget(&p.Agent) || c.queue.Leveled() {
			e.feed(c)
		}
	}
	p.known = nil
	p.deleted = true
	delete(e.agents, p.ID)
	delete(e.people, p.n)
	e.forgetAgent(p)
	if p.call != nil {
		e.gone[p.ID] = p
	}
	e.timers.stop(owner{agent: p})
	e.dirtyAgent(p)
	e.emit(&AgentDeleted{Agent: p.ID})
	return nil
}
