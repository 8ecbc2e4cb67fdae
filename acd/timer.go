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

// timer is the place in the heap, from 1, of a call or an agent: he stands there
// for the earliest of the deadlines that he has, see due, and is armed anew
// whenever one of them changes. 0: not armed.
type timer int32

// owner is who has a timer: a call, an agent, or neither, for the calls that are
// to be confirmed.
type owner struct {
	call  *call
	agent *agentState
}

// due is the owner's earliest deadline; 0: none.
func (e *Engine) due(o owner) (agent.Instant, class) {
	switch {
	case o.call != nil:
		return o.call.due()
	case o.agent != nil:
		return o.agent.due(e.resync)
	default:
		return e.confirmBy, classLeave
	}
}

// arm sets the owner's timer to what he has due.
func (e *Engine) arm(o owner) {
	if at, c := e.due(o); at != 0 {
		e.timers.set(o, at, c)
	} else {
		e.timers.stop(o)
	}
}

func (e *Engine) armCall(c *call)        { e.arm(owner{call: c}) }
func (e *Engine) armAgent(p *agentState) { e.arm(owner{agent: p}) }

// node is a timer in the heap, with its key.
type node struct {
	at  agent.Instant
	key uint64 // class, then sequence of arming
	owner
}

func (n *node) class() class { return class(n.key >> 56) }

func (n *node) less(m *node) bool { return n.at < m.at || n.at == m.at && n.key < m.key }

// timers is the one heap of deadlines, 4-ary, keyed (instant, class, sequence).
type timers struct {
	heap    []node
	seq     uint64
	confirm timer
	due     []owner // scratch of fire
}

// pos returns the timer of an owner.
func (h *timers) pos(o owner) *timer {
	switch {
	case o.call != nil:
		return &o.call.timer
	case o.agent != nil:
		return &o.agent.timer
	default:
		return &h.confirm
	}
}

// next returns the earliest deadline.
func (h *timers) next() (agent.Instant, bool) {
	if len(h.heap) == 0 {
		return 0, false
	}
	return h.heap[0].at, true
}

// set arms an owner's timer, or moves it.
func (h *timers) set(o owner, at agent.Instant, c class) {
	t := h.pos(o)
	if *t > 0 {
		if n := &h.heap[*t-1]; n.at == at && n.class() == c {
			return
		}
	}
	h.seq++
	n := node{at, uint64(c)<<56 | h.seq, o}
	if *t > 0 {
		h.settle(int(*t-1), n)
		return
	}
	h.heap = append(h.heap, n)
	h.up(len(h.heap)-1, n)
}

// stop disarms an owner's timer.
func (h *timers) stop(o owner) {
	t := h.pos(o)
	if *t == 0 {
		return
	}
	i, last := int(*t-1), len(h.heap)-1
	*t = 0
	moved := h.heap[last]
	h.heap[last] = node{}
	h.heap = h.heap[:last]
	if i < last {
		h.settle(i, moved)
	}
}

// put puts n at a place of the heap.
func (h *timers) put(i int, n node) {
	h.heap[i] = n
	*h.pos(n.owner) = timer(i + 1)
}

// settle puts n where it belongs, starting at a place of the heap.
func (h *timers) settle(i int, n node) {
	if !h.up(i, n) {
		h.down(i, n)
	}
}

// up puts n at a place of the heap or above it, and reports whether above.
func (h *timers) up(i int, n node) (moved bool) {
	for i > 0 {
		parent := (i - 1) / 4
		if !n.less(&h.heap[parent]) {
			break
		}
		h.put(i, h.heap[parent])
		i, moved = parent, true
	}
	h.put(i, n)
	return moved
}

// down puts n at a place of the heap or below it.
func (h *timers) down(i int, n node) {
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
		h.put(i, h.heap[least])
		i = least
	}
	h.put(i, n)
}

// fire lets act what is due first: all deadlines of one instant and class, in
// the order of B100.
func (e *Engine) fire() {
	h := &e.timers
	at, c := h.heap[0].at, h.heap[0].class()
	due := h.due[:0]
	for len(h.heap) > 0 && h.heap[0].at == at && h.heap[0].class() == c {
		due = append(due, h.heap[0].owner)
		h.stop(h.heap[0].owner)
	}
	if len(due) > 1 {
		slices.SortStableFunc(due, inLineOrder)
	}
	h.due = nil // a deadline that acts may fire others
	for _, o := range due {
		if o.agent != nil {
			e.warmAgent(o.agent) // he was last looked at when his wrap-up or ring began
		}
		// An earlier one of this batch may have changed what its owner has due.
		if owed, class := e.due(o); owed == at && class == c {
			switch {
			case o.call != nil:
				e.callDue(o.call, c)
			case o.agent != nil:
				e.agentDue(o.agent, c)
			default:
				e.loseUnconfirmed()
			}
			e.tell()
		}
		e.arm(o)
	}
	clear(due)
	h.due = due[:0]
}

// inLineOrder compares owners of timers: agents before calls; calls by queue and
// place in line, agents by that of the call they are rung for, then configured
// order (B100).
func inLineOrder(a, b owner) int {
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

// agentOrder compares agents in configured order: by queue, then by their places
// in it. Who has several queues stands where the one made first has him, so that
// the order is the same whoever is compared with whom.
func agentOrder(a, b *agentState) int {
	p, q := a.home(), b.home()
	switch {
	case p == nil && q == nil:
		return cmp.Compare(a.n, b.n)
	case p == nil:
		return 1
	case q == nil:
		return -1
	case p.queue != q.queue:
		return cmp.Compare(p.queue.n, q.queue.n)
	default:
		return cmp.Compare(p.Place, q.Place)
	}
}

// home returns the agent's membership in that of his queues that was made first,
// nil if he has none.
func (p *agentState) home() (first *memberState) {
	for _, m := range p.Members() {
		if s := stateOf(m); first == nil || s.queue.n < first.queue.n {
			first = s
		}
	}
	return first
}
