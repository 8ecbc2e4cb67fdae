package acd

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// The times of the warning that a blocked caller hears (B45).
const (
	warningTime = 60 * time.Second // in all
	answerTime  = 15 * time.Second // for a key, from the end of the warning
)

// warning is what is kept of a call that hears why it is blocked (B45). The end
// of its time is the call's end.
type warning struct {
	Level    queue.BlockLevel `json:"level"`
	Position int              `json:"position,omitempty"` // that Join asked for
	Over     bool             `json:"over,omitempty"`     // it has been heard
}

func (e *Engine) setBlocked(in SetBlocked) error {
	if err := e.checkListing(&in.Listing); err != nil {
		return err
	}
	if in.Level > queue.BlockSecond {
		return invalid("level", in.Level.String(), "must be FIRST or SECOND")
	}
	if in.Count != nil && (*in.Count < 0 || *in.Count > maxInt) {
		return invalid("trigger_times", fmt.Sprint(*in.Count), "must be 0..2147483647")
	}
	b := in.BlockedNumber
	old, err := entryOf(&e.callers.blocked, kindBlocked, &b.Listing, listingOfBlocked)
	if err != nil {
		return err
	}
	b.Triggered = 0
	if old != nil {
		b.Triggered = e.callers.blocked.get(old.Number).Triggered
	}
	if in.Count != nil {
		b.Triggered = *in.Count
	}
	e.stamp(&b.Listing, old)
	enter(e, &e.callers.blocked, kindBlocked, &b.Listing, old, &b)
	return nil
}

func listingOfBlocked(b *queue.BlockedNumber) *queue.Listing { return &b.Listing }

func (e *Engine) removeBlocked(in RemoveBlocked) error {
	return strike(e, &e.callers.blocked, kindBlocked, in.Number, in.ID, in.Revision, listingOfBlocked)
}

func (e *Engine) enableBlocking(in EnableBlocking) error {
	if in.Was != nil && *in.Was != e.callers.blocking {
		return &Error{Err: ErrChanged, What: "levels of blocking"}
	}
	if levels := (Blocking{in.First, in.Second}); e.callers.blocking != levels {
		e.callers.blocking = levels
		e.change(recordKey{})
	}
	return nil
}

// blocks returns the entry that blocks a caller: one in force, of a level that is
// enabled; nil if none does (B45).
func (e *Engine) blocks(number string) *queue.BlockedNumber {
	b := e.callers.blocked.get(number)
	if b == nil || !queue.Identifies(number) || !b.Counts(e.now) {
		return nil
	}
	enabled := e.callers.blocking.First
	if b.Level == queue.BlockSecond {
		enabled = e.callers.blocking.Second
	}
	if !enabled {
		return nil
	}
	return b
}

// warn lets a blocked caller hear the warning, at the door: he counts as waiting
// and has no place (B45).
func (e *Engine) warn(c *call, b *queue.BlockedNumber, position int) {
	b.Triggered++
	e.dirtyCaller(kindBlocked, b.Number)
	c.stage = warned
	c.own().warning = &warning{Level: b.Level, Position: position}
	c.goal = seconds(c.queue.Config.SLATime)
	c.end = e.now.Add(warningTime)
	e.calls[c.ID] = c
	e.emit(&Play{About: c.about(), What: queue.PromptWarning, Language: c.queue.Config.Language, Level: b.Level})
	e.armCall(c)
	e.dirtyCall(c)
}

// warningOver notes that the warning has been heard, or could not be played: a
// caller of the second level is released, one of the first has some time for his
// answer.
func (e *Engine) warningOver(c *call, p queue.Prompt) {
	w := c.warning
	if p != queue.PromptWarning || w.Over {
		return // a report that comes twice or late
	}
	if w.Level == queue.BlockSecond {
		e.turnAway(c, queue.Blocked, "")
		return
	}
	w.Over = true
	c.end = min(c.end, e.now.Add(answerTime))
	e.armCall(c)
	e.dirtyCall(c)
}

// warningKey is the answer of a caller of the first level: 1 hangs up, 2 goes on.
func (e *Engine) warningKey(c *call, key string) {
	switch {
	case c.warning.Level != queue.BlockFirst:
	case key == "1":
		e.turnAway(c, queue.Blocked, "")
	case key == "2":
		e.goOn(c)
	}
}

// goOn leads a caller who goes on to the rest of the door, and to his place in the
// line. He joined when he came: his wait and his limits count from there.
func (e *Engine) goOn(c *call) {
	w := c.warning
	c.stage, c.own().warning, c.end = waiting, nil, 0
	if !w.Over {
		e.emit(&StopPlay{About: c.about(), What: queue.PromptWarning})
	}
	if e.letIn(c) {
		e.enter(c, w.Position)
	} else {
		e.forget(c)
	}
}

// turnAway lets a caller leave who is at the warning. His own hanging up is
// BLOCKED too.
func (e *Engine) turnAway(c *call, o queue.Outcome, reason string) {
	if o == queue.Abandoned {
		o = queue.Blocked
	}
	q := c.queue
	e.bookLeave(c, o, c.wait(e.now))
	e.dirtyNumbers(q)
	e.emitLeft(c, o, e.target(q, o), reason)
	e.forget(c)
}

// turnAll lets all leave who are at the warning of a queue that is deleted
// (B121).
func (e *Engine) turnAll(q *queueState) {
	for _, c := range e.allCalls() {
		if c.queue == q && c.stage == warned {
			e.turnAway(c, queue.Withdrawn, "queue deleted")
		}
	}
}

// checkWarned verifies what must hold for a call at the warning (B103).
func (e *Engine) checkWarned(c *call, bad func(string, ...any)) {
	switch {
	case (c.stage == warned) != (c.warning != nil):
		bad("call %s: its stage and its warning disagree", c.ID)
	case c.stage == warned && (c.end == 0 || c.queue.Line.Position(&c.Entry) != 0):
		bad("call %s: at the warning without a deadline, or with a place", c.ID)
	}
}
