package acd

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// emit adds an event.
func (e *Engine) emit(do Action) {
	n := len(e.events)
	if n == cap(e.events) {
		e.moreEvents()
	}
	e.counts.Events++
	if e.track && len(e.dirty.keys) == 0 {
		e.change(recordKey{}) // the count is stored, whatever else is
	}
	e.events = e.events[:n+1]
	ev := &e.events[n]
	ev.Seq, ev.At, ev.Do = e.counts.Events, e.at, do
}

// moreEvents makes room for events. They live in blocks, so that Take hands out
// without copying.
func (e *Engine) moreEvents() {
	block := make([]Event, len(e.events), max(blockSize, 2*len(e.events)))
	copy(block, e.events)
	e.events = block
}

const blockSize = 512

// chunk makes events of one type out of pieces of 8 KiB, so that an event costs a
// fraction of an allocation.
type chunk[T any] struct{ rest []T }

// chunkSize fills a size class of the allocator, less its header.
const chunkSize = 8192 - 8

func (c *chunk[T]) new() *T {
	if len(c.rest) == 0 {
		c.rest = make([]T, chunkSize/reflect.TypeFor[T]().Size())
	}
	t := &c.rest[0]
	c.rest = c.rest[1:]
	return t
}

// chunks are those of the events that every call has.
type chunks struct {
	play          chunk[playing]
	stopPlay      chunk[StopPlay]
	ring          chunk[Ring]
	stopRinging   chunk[StopRinging]
	connect       chunk[Connect]
	callJoined    chunk[CallJoined]
	offerEnded    chunk[OfferEnded]
	callConnected chunk[CallConnected]
	callLeft      chunk[CallLeft]
	talkEnded     chunk[TalkEnded]
	lineChanged   chunk[LineChanged]
}

// playing is a Play with its estimate beside it.
type playing struct {
	Play
	estimate queue.Estimate
}

// touch makes known that an agent's line or statuses may have changed. They are
// told at the end of the cause (B100), and the agent is looked at in the match of
// this instant (B32).
func (e *Engine) touch(p *agentState) {
	e.touchLine(p)
	e.freshen(p)
}

// touchLine is touch for an agent whose line was taken.
func (e *Engine) touchLine(p *agentState) {
	if !p.touched {
		p.touched = true
		e.touched = append(e.touched, p)
	}
	if p.Granted() {
		e.dirtyMembers(p)
	}
	e.dirtyAgent(p)
	e.unline(p)
}

// freshen lets the match of this instant look at an agent.
func (e *Engine) freshen(p *agentState) {
	if !p.fresh {
		p.fresh = true
		e.freshly = append(e.freshly, p)
	}
}

// feed makes known that a call may have become matchable.
func (e *Engine) feed(c *call) {
	if !c.hungry {
		c.hungry = true
		e.hungry = append(e.hungry, c)
	}
	e.dirtyCall(c)
}

// watchStaff makes known that a queue's staff or line changed, for
// QueueUnstaffed (B40).
func (e *Engine) watchStaff(q *queueState) {
	if !q.staffing {
		q.staffing = true
		e.staffing = append(e.staffing, q)
	}
}

// tell tells the statuses and lines that changed in one cause, after the ends of
// offers and calls (B100).
func (e *Engine) tell() {
	for _, p := range e.touched {
		p.touched = false
		e.tellAgent(p)
		e.armAgent(p)
	}
	e.touched = e.touched[:0]
	for _, q := range e.staffing {
		q.staffing = false
		switch {
		case q.Staffed() > 0:
			if q.told {
				q.told = false
				e.dirtyQueue(q)
			}
		case !q.told && q.Line.Len() > 0 && !q.deleted:
			q.told = true
			e.dirtyQueue(q)
			e.emit(&QueueUnstaffed{Queue: q.ID, Waiting: q.Line.Len()})
		}
	}
	e.staffing = e.staffing[:0]
}

// tellAgent tells an agent's line, if it changed, and his changed statuses.
func (e *Engine) tellAgent(p *agentState) {
	if p.deleted {
		p.changed = p.changed[:0]
		return
	}
	status, reason := p.standing()
	p.duty.put(e.now, status, reason)
	if line := lineOf(p); !line.same(&p.told) {
		p.told = line
		ev := e.chunks.lineChanged.new()
		line.put(p.ID, ev)
		e.emit(ev)
	}
	if len(p.changed) == 0 {
		return
	}
	changes := make([]StatusChange, 0, len(p.changed))
	for _, m := range p.changed {
		e.dirtyMember(m)
		if m.Listed() {
			changes = append(changes, StatusChange{
				Queue: m.queue.ID, Set: m.Set, Shown: p.Status(&m.Membership), Reason: m.Reason, ByHand: m.ByHand,
			})
		}
	}
	p.changed = p.changed[:0]
	if len(changes) > 0 {
		e.emit(&StatusChanged{Agent: p.ID, Changes: changes})
	}
}

// restaff counts an agent's memberships anew after their statuses or his
// registration changed. If the last one logged out by that, those who wait leave;
// a change of a list or a property, which throws nobody out, does not come here
// (B40).
func (e *Engine) restaff(in ...*agent.Membership) { e.emptyLines(e.recount(in)) }

// recount is restaff but for those who leave. It tells nothing, so that all the rest of
// a cause knows who is staffed. Whoever calls it empties the lines of the queues that it
// returns, in which nobody is logged in any more, once it has told that (B100).
func (e *Engine) recount(in []*agent.Membership) (left []*queueState) {
	for _, m := range in {
		s := stateOf(m)
		q := s.queue
		before := q.LoggedIn()
		e.dirtyMember(s)
		if q.Refresh(e.now, &s.Member) {
			e.opened(q)
			e.stopWaiting(s.agent)
		}
		e.watchStaff(q)
		if before > 0 && q.LoggedIn() == 0 {
			left = append(left, q)
		}
	}
	return left
}

// emptyLines lets those leave who wait in queues in which nobody is logged in any more,
// queue by queue in the order in which these were made.
func (e *Engine) emptyLines(left []*queueState) {
	slices.SortFunc(left, func(a, b *queueState) int { return cmp.Compare(a.n, b.n) })
	for _, q := range left {
		e.emptyLine(q)
	}
}

// opened looks at those for whom somebody may have become eligible because
// somebody else is staffed no longer (B31, B34).
func (e *Engine) opened(q *queueState) {
	for _, entry := range q.Watched() {
		e.feed(entry.Value.(*call))
	}
	for m := range q.OpenNow() {
		e.freshen(m.Value.(*memberState).agent)
	}
}

// emptyLine lets those leave who wait in a queue in which nobody is logged in
// any more (B40); not before calls need no confirmation (B113).
func (e *Engine) emptyLine(q *queueState) {
	if q.Config.WaitWhenNoAgentsOnline || q.Line.Len() == 0 || q.deleted {
		return
	}
	if e.confirmBy != 0 {
		q.emptied = true
		e.dirtyQueue(q)
		return
	}
	for _, entry := range slices.Collect(q.Line.From(1)) {
		if c := entry.Value.(*call); c.stage == waiting && c.promise == nil {
			e.leave(c, queue.NoAgents, "")
		} else if c.promise == nil {
			c.emptied = true // leaves if the connection fails
			e.dirtyCall(c)
		}
	}
}
