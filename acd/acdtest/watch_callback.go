package acdtest

import (
	"fmt"
	"maps"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// dial checks that an agent is there before the customer is called (B83), and
// that nobody is called twice at once (B84).
func (w *watcher) dial(do *acd.Dial) error {
	c := w.calls[do.Call]
	if c == nil || !c.promised || c.stage != acd.CallWaiting || c.rings > 0 {
		return fmt.Errorf("B83: call %s is no callback that waits", do.Call)
	}
	if do.Attempt != c.attempts+1 {
		return fmt.Errorf("B84: callback %s is attempted for the %d. time after %d", do.Call, do.Attempt, c.attempts)
	}
	c.give("")
	if by := w.takenBy(do.Agent); by != "" {
		return fmt.Errorf("B12: agent %s waits for the customer of %s while %s", do.Agent, do.Call, by)
	}
	if other, ok := w.called[c.number]; ok && other != do.Call {
		return fmt.Errorf("B84: customer %s is called for %s while he is on the phone for %s", c.number, do.Call, other)
	}
	w.called[c.number] = do.Call
	c.stage = acd.CallDialling
	c.give(do.Agent)
	return nil
}

// hungUp forgets the customers who were called and are not on the phone any more:
// theirs is not a call that is dialled or talked, or was transferred (B84).
func (w *watcher) hungUp() {
	maps.DeleteFunc(w.called, func(_ string, id queue.CallID) bool {
		c := w.calls[id]
		return c == nil || c.promised && c.stage != acd.CallDialling && c.stage != acd.CallTalking
	})
}

// callerChanged notes that the customer who was called has left the call (B57).
func (w *watcher) callerChanged(do *acd.CallerChanged) {
	maps.DeleteFunc(w.called, func(number string, id queue.CallID) bool { return id == do.Call && number != do.Number })
}

// callback follows the life of a callback.
func (w *watcher) callback(do *acd.CallbackChanged) error {
	c := w.calls[do.Call]
	if c == nil || !c.promised {
		return fmt.Errorf("B82: call %s is no callback", do.Call)
	}
	dialled := c.stage == acd.CallDialling
	switch {
	case do.State == callback.Completed:
		if !dialled {
			return fmt.Errorf("B83: callback %s is completed while it is %v", do.Call, c.stage)
		}
	case !do.State.Open():
		if c.rings > 0 {
			return fmt.Errorf("B84: callback %s ends while %d offers of it run", do.Call, c.rings)
		}
		delete(w.calls, do.Call)
	case do.State != callback.Dialling && dialled:
		who, gone := c.agent, c.gone
		c.stage = acd.CallWaiting
		c.give("")
		if do.Attempts == c.attempts { // the agent hung up
			if !gone {
				w.decline(c, c.mark(who))
			}
			w.rest(c)
		} else {
			c.marks = map[agent.ID]*mark{} // refusals are forgotten
		}
	}
	c.number = do.Number
	if do.State != callback.Dialling {
		c.attempts = do.Attempts
	}
	return nil
}

// promises reports whether a call is a callback.
func (w *watcher) promises(id queue.CallID) bool { return w.calls[id] != nil && w.calls[id].promised }

// openCallbacks counts the open callbacks of a queue.
func (w *watcher) openCallbacks(id queue.ID) int {
	n := 0
	for _, c := range w.calls {
		if c.id == id && c.queue == w.queues[id] && c.promised && c.stage != acd.CallTalking {
			n++
		}
	}
	return n
}

// delayed reports whether a callback is not to be matched now (B82, B84, B85).
func (w *watcher) delayed(id queue.CallID) bool {
	c := w.calls[id]
	if c == nil || !c.promised {
		return false
	}
	if on, ok := w.called[c.number]; ok && on != id {
		return true
	}
	for _, v := range callbacksOf(w.engine, c.id) {
		if v.ID == id {
			return v.Held || v.Due.After(w.now)
		}
	}
	return true
}
