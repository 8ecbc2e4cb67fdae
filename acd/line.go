package acd

import (
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// line is what an agent's one line does, as LineChanged tells it: kept of what was
// told last, to tell only what changed (B11).
type line struct {
	use        agent.Use
	registered bool
	queue      queue.ID // of the offer, call or wrap-up
	call       queue.CallID
	wrapUp     agent.Instant // end of the wrap-up that ends last
	pause      agent.Instant
	wrapUps    []agent.TimedWrapUp // if there are several
}

func lineOf(p *agentState) line {
	l := line{use: p.Use(), registered: p.Registered(), pause: p.Pause()}
	switch {
	case p.call != nil:
		l.queue, l.call = p.call.queue.ID, p.call.ID
	case p.offer.call != nil:
		l.queue, l.call = p.offer.call.queue.ID, p.offer.call.ID
	case len(p.Others()) > 0:
		l.call = queue.CallID(p.Others()[0].ID)
	}
	if w, ok := p.WrapUp(); ok {
		l.wrapUp = w.Until
		if l.queue == "" {
			l.queue = w.Queue
		}
		if p.WrapUpCount() > 1 {
			l.wrapUps = p.WrapUps()
		}
	}
	return l
}

// same reports whether two say the same.
func (l *line) same(other *line) bool {
	return l.use == other.use && l.registered == other.registered && l.wrapUp == other.wrapUp && l.pause == other.pause &&
		l.queue == other.queue && l.call == other.call && slices.Equal(l.wrapUps, other.wrapUps)
}

// put makes an event of it, which is empty before.
func (l *line) put(who agent.ID, ev *LineChanged) {
	ev.Agent, ev.Use, ev.Registered = who, l.use, l.registered
	ev.Queue, ev.Call = l.queue, l.call
	if l.wrapUp != 0 {
		ev.WrapUp = l.wrapUp.Time()
	}
	if l.pause != 0 {
		ev.Pause = l.pause.Time()
	}
	for _, w := range l.wrapUps {
		ev.WrapUps = append(ev.WrapUps, WrapUp{w.Queue, w.Scope, w.Until.Time()})
	}
}
