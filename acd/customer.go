package acd

import (
	"cmp"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// customers are those who are to be called back, over all queues, so that nobody
// is called twice at once (B84). Numbers are without callback_outbound_prefix.
type customers struct {
	called   map[string]*call   // being called, or on the phone since; by the number that was dialled
	promised map[string][]*call // open callbacks, by when they were confirmed, then by id
}

// expect adds a callback that was confirmed, or restored. While its customer is
// on the phone for another one, it waits.
func (e *Engine) expect(c *call) {
	l := &e.customers
	if l.promised == nil {
		l.promised = make(map[string][]*call)
	}
	number := c.promise.Number
	open := l.promised[number]
	i, _ := slices.BinarySearchFunc(open, c, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.promise.Confirmed, b.promise.Confirmed), cmp.Compare(a.ID, b.ID))
	})
	l.promised[number] = slices.Insert(open, i, c)
	if on := l.called[number]; on != nil && on != c {
		c.Holds |= queue.HoldCustomer
	}
}

// expectNoMore forgets a callback that is not open any more.
func (e *Engine) expectNoMore(c *call) {
	l := &e.customers
	number := c.promise.Number
	open := slices.DeleteFunc(l.promised[number], func(other *call) bool { return other == c })
	if len(open) == 0 {
		delete(l.promised, number)
		return
	}
	l.promised[number] = open
}

// engage notes that the customer of a callback is called: others to his number
// wait until he is not on the phone any more. Who is rung for them is so no
// longer.
func (e *Engine) engage(c *call) {
	c.own().dialled = c.promise.Number
	e.customers.call(c)
	for _, other := range slices.Clone(e.customers.promised[c.dialled]) {
		if other == c {
			continue
		}
		other.Holds |= queue.HoldCustomer
		e.endOffers(other, agent.Withdrawn)
		other.queue.Touch(e.now, &other.Entry)
		e.dirtyCall(other)
	}
}

func (l *customers) call(c *call) {
	if l.called == nil {
		l.called = make(map[string]*call)
	}
	l.called[c.dialled] = c
}

// disengage notes that the customer who was called is not on the phone with this
// call any more: other callbacks to his number can be matched at once.
func (e *Engine) disengage(c *call) {
	number := c.dialled
	if number == "" {
		return
	}
	c.own().dialled = ""
	delete(e.customers.called, number)
	for _, other := range e.customers.promised[number] {
		if other.Holds&queue.HoldCustomer != 0 {
			other.Holds &^= queue.HoldCustomer
			e.feed(other)
		}
	}
}

// checkCustomer verifies that nobody is called twice at once (B103).
func (e *Engine) checkCustomer(c *call, bad func(string, ...any)) {
	if c.dialled != "" && e.customers.called[c.dialled] != c {
		bad("call %s: its customer is called twice at once", c.ID)
	}
	if (c.stage == dialling) && c.dialled == "" {
		bad("call %s: its customer is dialled, and nobody knows", c.ID)
	}
	if c.promise == nil || !c.promise.State.Open() {
		return
	}
	if !slices.Contains(e.customers.promised[c.promise.Number], c) {
		bad("call %s: is a callback that its customer does not have", c.ID)
	}
	on := e.customers.called[c.promise.Number]
	if (on != nil && on != c) != (c.Holds&queue.HoldCustomer != 0) {
		bad("call %s: is held for its customer, or not, and he is not on the phone, or is", c.ID)
	}
}
