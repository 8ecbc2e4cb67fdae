package acd

import (
	"cmp"
	"slices"

	"github.com/acdkit/acdkit/agent"
)

// class is what kind of thing falls due; at one instant lower classes act first
// (B100).
type class uint8

const (
	classLeave class = iota // callers leave
	classEnd                // offers, connections, dialling, leases end
	classWake               // wrap-ups, delays, pauses, holds, graces, openings end
	classSLA                // SLA marks
	classPlay               // announcements
)

// timer is the one timer of a call or an agent: it stands for the earliest of
// the deadlines that its owner has, see due. Its owner re-arms it whenever one of
// them changes.
type timer struct {
	call  *call
	agent *agentState
	pos   int32 // place in the heap, from 1; 0: not armed
}

// due is the earliest deadline of the timer's owner; 0: none.
func (e *Engine) due(t *timer) (agent.Instant, class) {
	switch {
	case t.call != nil:
		return t.call.due()
	case t.agent != nil:
		return t.agent.due(e.resync)
	default:
		return e.confirmBy, classLeave
	}
}

// arm sets the timer to what its owner has due.
func (e *Engine) arm(t *timer) {
	at, c := e.due(t)
	if at == 0 {
		e.timers.stop(t)
		return
	}
	e.timers.set(t, at, c)
}

// node is a timer in the heap, with its key.
type node struct {
	at  agent.Instant
	key uint64 // class, then sequence of arming
	t   *timer
}

func (n *node) class() class { return class(n.key >> 56) }

func (n *node) less(m *node) bool { return n.at < m.at || n.at == m.at && n.key < m.key }

// timers is the one heap of deadlines, 4-ary, keyed (instant, class, sequence).
type timers struct {
	heap []node
	seq  uint64
	due  []*timer // scratch of fire
}

// next returns the earliest deadline.
func (h *timers) next() (agent.Instant, bool) {
	if len(h.heap) == 0 {
		return 0, false
	}
	return h.heap[0].at, true
}

// set arms t, or moves it.
func (h *timers) set(t *timer, at agent.Instant, c class) {
	if t.pos > 0 {
		if n := &h.heap[t.pos-1]; n.at == at && n.class() == c {
			return
		}
	}
	h.seq++
	n := node{at: at, key: uint64(c)<<56 | h.seq, t: t}
	if t.pos > 0 {
		i := int(t.pos - 1)
		h.heap[i] = n
		if !h.up(i) {
			h.down(i)
		}
		return
	}
	h.heap = append(h.heap, n)
	t.pos = int32(len(h.heap))
	h.up(len(h.heap) - 1)
}

// stop disarms t.
func (h *timers) stop(t *timer) {
	if t.pos == 0 {
		return
	}
	i, last := int(t.pos-1), len(h.heap)-1
	t.pos = 0
	moved := h.heap[last]
	h.heap[last] = node{}
	h.heap = h.heap[:last]
	if i < last {
		h.heap[i] = moved
		moved.t.pos = int32(i + 1)
		if !h.up(i) {
			h.down(i)
		}
	}
}

func (h *timers) up(i int) (moved bool) {
	n := h.heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !n.less(&h.heap[parent]) {
			break
		}
		h.heap[i] = h.heap[parent]
		h.heap[i].t.pos = int32(i + 1)
		i, moved = parent, true
	}
	h.heap[i] = n
	n.t.pos = int32(i + 1)
	return moved
}

func (h *timers) down(i int) {
	n := h.heap[i]
	for {
		first := 4*i + 1
		if first >= len(h.heap) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(h.heap)); c++ {
			if h.heap[c].less(&h.heap[least]) {
				least = c
			}
		}
		if !h.heap[least].less(&n) {
			break
		}
		h.heap[i] = h.heap[least]
		h.heap[i].t.pos = int32(i + 1)
		i = least
	}
	h.heap[i] = n
	n.t.pos = int32(i + 1)
}

// fire lets act what is due first: all deadlines of one instant and class, in
// the order of B100.
func (e *Engine) fire() {
	h := &e.timers
	at, c := h.heap[0].at, h.heap[0].class()
	due := h.due[:0]
	for len(h.heap) > 0 && h.heap[0].at == at && h.heap[0].class() == c {
		due = append(due, h.heap[0].t)
		h.stop(h.heap[0].t)
	}
	if len(due) > 1 {
		slices.SortStableFunc(due, inLineOrder)
	}
	h.due = nil // a deadline that acts may fire others
	for _, t := range due {
		// An earlier one of this batch may have changed what its owner has due.
		if owed, class := e.due(t); owed == at && class == c {
			switch {
			case t.call != nil:
				e.callDue(t.call, c)
			case t.agent != nil:
				e.agentDue(t.agent, c)
			default:
				e.loseUnconfirmed()
			}
			e.tell()
		}
		e.arm(t)
	}
	h.due = due[:0]
}

// inLineOrder compares owners of timers: agents before calls; calls by queue and
// place in line, agents by that of the call they are rung for, then configured
// order (B100).
func inLineOrder(a, b *timer) int {
	if (a.agent != nil) != (b.agent != nil) {
		if a.agent != nil {
			return -1
		}
		return 1
	}
	if a.agent != nil && b.agent != nil {
		x, y := a.agent, b.agent
		if x.offer.call != nil && y.offer.call != nil {
			if c := callOrder(x.offer.call, y.offer.call); c != 0 {
				return c
			}
			return cmp.Compare(x.offer.member.Place, y.offer.member.Place)
		}
		// Who is rung comes before who is not: between the two there is no order
		// that would agree with that of the calls.
		if (x.offer.call != nil) != (y.offer.call != nil) {
			if x.offer.call != nil {
				return -1
			}
			return 1
		}
		return agentOrder(x, y)
	}
	if a.call != nil && b.call != nil {
		return callOrder(a.call, b.call)
	}
	return 0
}

// callOrder compares calls by queue, then place in its line; talks by their
// answer.
func callOrder(a, b *call) int {
	if a == b {
		return 0
	}
	if c := cmp.Compare(a.queue.n, b.queue.n); c != 0 {
		return c
	}
	if a.inLine() && b.inLine() {
		if a.queue.Line.Before(&a.Entry, &b.Entry) {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.answered, b.answered), cmp.Compare(a.Seq, b.Seq))
}

// agentOrder compares agents in configured order: by their places in the first
// queue that they share, else by when they were made.
func agentOrder(a, b *agentState) int {
	for _, m := range a.Members() {
		for _, o := range b.Members() {
			if m.Queue == o.Queue {
				return cmp.Compare(m.Place, o.Place)
			}
		}
	}
	return cmp.Compare(a.n, b.n)
}
