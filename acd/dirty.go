package acd

import "github.com/acdkit/acdkit/agent"

// dirty are the things that changed since the last Changes, each perhaps more
// than once.
type dirty struct {
	keys []recordKey
	at   agent.Instant // when something last changed
}

// change notes that a thing changes now. It is not inlined, so that what is done only
// where something is stored is not copied to everywhere else.
//
//go:noinline
func (e *Engine) change(k recordKey) {
	if e.track {
		e.dirty.at = e.now
		e.dirty.keys = append(e.dirty.keys, k)
	}
}

// marks notes that something changes now, and reports whether the thing whose flag
// is dirty must be noted too: the flag keeps it from being so again before the next
// Changes.
func (e *Engine) marks(dirty *bool) bool {
	if !e.track {
		return false
	}
	e.dirty.at = e.now
	noted := *dirty
	*dirty = true
	return !noted
}

// dirtyQueue and its like make known that a thing's record is no longer what it
// was.
func (e *Engine) dirtyQueue(q *queueState) {
	if e.marks(&q.dirty) {
		e.change(recordKey{kind: kindQueue, queue: q.ID})
	}
}

func (e *Engine) dirtyNumbers(q *queueState) {
	if e.marks(&q.dirtyNumbers) {
		e.change(recordKey{kind: kindNumbers, queue: q.ID})
	}
}

func (e *Engine) dirtyMember(m *memberState) {
	if e.marks(&m.dirty) {
		e.change(recordKey{kind: kindMember, queue: m.queue.ID, id: string(m.Agent)})
	}
}

// dirtyMembers is for all memberships of an agent.
func (e *Engine) dirtyMembers(p *agentState) {
	if e.track {
		for _, m := range p.Members() {
			e.dirtyMember(stateOf(m))
		}
	}
}

// dirtyKnown is for the membership of an agent in a queue, if he has one.
func (e *Engine) dirtyKnown(p *agentState, q *queueState) {
	if !e.track {
		return
	}
	if m := q.Remembered(p.ID); m != nil {
		e.dirtyMember(m.Value.(*memberState))
	}
}

func (e *Engine) dirtyCall(c *call) {
	if e.marks(&c.dirty) {
		e.change(recordKey{kind: kindEntry, queue: c.queue.ID, id: string(c.ID)})
	}
}

// moved is for a call that is about to move to another queue: its old record
// goes.
func (e *Engine) moved(c *call) {
	e.dirtyCall(c)
	c.dirty = false
}

func (e *Engine) dirtyAgent(p *agentState) {
	if e.marks(&p.dirty) {
		e.change(recordKey{kind: kindAgent, id: string(p.ID)})
	}
}

func (e *Engine) dirtyResume(q *queueState, number string) {
	e.change(recordKey{kind: kindResume, queue: q.ID, id: number})
}

// dirtyCaller is for the lists and the memory of callers.
func (e *Engine) dirtyCaller(k kind, number string) {
	e.change(recordKey{kind: k, id: number})
}
