package acd

import "github.com/acdkit/acdkit/agent"

// dirty are the things that changed since the last Changes, each perhaps more
// than once.
type dirty struct {
	keys []recordKey
	at   agent.Instant // when something last changed
}

// change notes that a thing changes now.
//
//go:noinline
func (e *Engine) change(k recordKey) {
	if e.track {
		e.dirty.at = e.now
		e.dirty.keys = append(e.dirty.keys, k)
	}
}

// changeOnce is change for a thing with a flag, which keeps it from being noted again
// before the next Changes.
func (e *Engine) changeOnce(flag *bool, k recordKey) {
	e.dirty.at = e.now
	if !*flag {
		*flag = true
		e.change(k)
	}
}

// dirtyQueue and its like make known that a thing's record is no longer what it
// was. They are called at every turn, and do nothing but look at track where nothing
// is stored: what else they do is apart, so that the compiler does not copy it to
// wherever they are called.
func (e *Engine) dirtyQueue(q *queueState) {
	if e.track {
		e.changeQueueRecord(q)
	}
}

//go:noinline
func (e *Engine) changeQueueRecord(q *queueState) {
	e.changeOnce(&q.dirty, recordKey{kind: kindQueue, queue: q.ID})
}

func (e *Engine) dirtyNumbers(q *queueState) {
	if e.track {
		e.changeNumbers(q)
	}
}

//go:noinline
func (e *Engine) changeNumbers(q *queueState) {
	e.changeOnce(&q.dirtyNumbers, recordKey{kind: kindNumbers, queue: q.ID})
}

func (e *Engine) dirtyMember(m *memberState) {
	if e.track {
		e.changeMemberRecord(m)
	}
}

//go:noinline
func (e *Engine) changeMemberRecord(m *memberState) {
	e.changeOnce(&m.dirty, recordKey{kind: kindMember, queue: m.queue.ID, id: string(m.Agent)})
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
	if e.track {
		e.changeKnown(p, q)
	}
}

//go:noinline
func (e *Engine) changeKnown(p *agentState, q *queueState) {
	if m := q.Remembered(p.ID); m != nil {
		e.dirtyMember(m.Value.(*memberState))
	}
}

func (e *Engine) dirtyCall(c *call) {
	if e.track {
		e.changeCall(c)
	}
}

//go:noinline
func (e *Engine) changeCall(c *call) {
	e.changeOnce(&c.dirty, recordKey{kind: kindEntry, queue: c.queue.ID, id: string(c.ID)})
}

// moved is for a call that is about to move to another queue: its old record
// goes.
func (e *Engine) moved(c *call) {
	e.dirtyCall(c)
	c.dirty = false
}

func (e *Engine) dirtyAgent(p *agentState) {
	if e.track {
		e.changeAgent(p)
	}
}

//go:noinline
func (e *Engine) changeAgent(p *agentState) {
	e.changeOnce(&p.dirty, recordKey{kind: kindAgent, id: string(p.ID)})
}

func (e *Engine) dirtyResume(q *queueState, number string) {
	if e.track {
		e.change(recordKey{kind: kindResume, queue: q.ID, id: number})
	}
}

// dirtyCaller is for the lists and the memory of callers.
func (e *Engine) dirtyCaller(k kind, number string) {
	if e.track {
		e.change(recordKey{kind: k, id: number})
	}
}
