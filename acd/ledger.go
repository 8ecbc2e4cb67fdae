package acd

import (
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// bookJoin books that a call was handed to its queue: from now on it waits, if
// only to be refused at once (B46).
func (e *Engine) bookJoin(c *call) {
	c.queue.Numbers.Join()
	c.queue.waits.add(c)
	e.dirtyNumbers(c.queue)
}

// bookLeave books the one outcome of a call, after a wait.
func (e *Engine) bookLeave(c *call, o queue.Outcome, wait time.Duration) {
	c.queue.Numbers.Leave(o, wait, time.Duration(c.goal)*time.Second)
	c.queue.waits.remove(c)
	e.dirtyNumbers(c.queue)
}

// bookWrapUp books a timed wrap-up in the queue that it follows.
func (e *Engine) bookWrapUp(m *agent.Membership, d time.Duration) {
	if member, ok := m.Value.(*queue.Member); ok {
		q := member.Value.(*memberState).queue
		q.Numbers.WrapUp(d)
		e.dirtyNumbers(q)
	}
}
