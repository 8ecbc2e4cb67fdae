package acd

import (
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// offerDialogue opens the dialogue in which a caller asks to be rung back (B80,
// B81): key 3.
func (e *Engine) offerDialogue(c *call) {
	if c.stage != waiting || c.dialogue != 0 ||
		!callback.PolicyOf(&c.queue.Config).Key(c.wait(e.now)) {
		return
	}
	c.own().dialogue = e.now.Add(callback.DialogueTime)
	e.cutPrompt(c) // who asks has heard enough of the intro
	e.say(c, queue.PromptCallbackDialogue, e.prospect(c))
	e.armCall(c)
	e.dirtyCall(c)
}

// endDialogue goes on with waiting (B81); a time-out that waited for it acts
// (B43).
func (e *Engine) endDialogue(c *call) {
	c.own().dialogue = 0
	e.emit(&StopPlay{About: c.about(), What: queue.PromptCallbackDialogue})
	e.dirtyCall(c)
	if !c.music {
		e.startMusic(c) // the dialogue had cut the intro
	}
	e.armCall(c)
}

// enterNumber is what the caller entered in the dialogue.
func (e *Engine) enterNumber(in EnterNumber) error {
	c, err := e.callerWaits(in.Call)
	if err != nil {
		return err
	}
	if c.dialogue == 0 {
		return invalid("dialogue", string(in.Call), "must be open: it begins with key 3")
	}
	choice, number, err := callback.Dialogue(in.Text, c.number)
	if err != nil {
		return &Error{Err: ErrInvalid, What: "number", ID: shown(in.Text), Text: "must be 3..20 digits with an optional leading +, and #; # alone for the caller's own, * to go on waiting"}
	}
	if choice == callback.GoOnWaiting {
		e.settleCall(c) // who enters something is there (B112)
		e.endDialogue(c)
		return nil
	}
	promise := callback.New(e.now, c.ID, number, number == c.number, callback.PolicyOf(&c.queue.Config))
	if c.queue.book.Add(promise) != nil {
		return &Error{Err: ErrDuplicateCallback, What: "number", ID: shown(number)}
	}
	e.promiseCall(c, promise)
	return nil
}

// promiseCall turns a waiting call into a callback: the call leaves, and in its
// place stands the promise, which is in the book (B82).
func (e *Engine) promiseCall(c *call, promise *callback.Request) {
	q := c.queue
	e.lateMark(c)
	e.endOffers(c, agent.Withdrawn)
	e.unhold(c)
	e.bookLeave(c, queue.Callback, c.wait(e.now))
	q.Rates.Left(c.wait(e.now), false)
	e.emitLeft(c, queue.Callback, nil, "")
	c.own().promise = promise
	e.rename(c, promise.Number)
	q.Callbacks.Confirmed++
	q.Promise(&c.Entry)
	c.own().dialogue, c.limit, c.sla, c.schedule, c.music = 0, 0, 0, nil, false
	c.Holds, c.emptied = 0, false // nobody listens, and it needs no confirmation (B112)
	if c.promise.Due != 0 {
		c.Holds |= queue.HoldDelay
	}
	if q.book.Held {
		c.Holds |= queue.HoldHours
	}
	e.disengage(c) // the host releases the call
	e.expect(c)
	e.tellPromise(c)
	e.dirtyNumbers(q)
	e.armCall(c)
	e.feed(c)
}

// tellPromise tells the state of a callback.
func (e *Engine) tellPromise(c *call) {
	e.emit(&CallbackChanged{About: c.about(), State: c.promise.State, Number: c.promise.Number, Attempts: c.promise.Attempts, Reason: c.promise.Reason})
	e.dirtyCall(c)
}

// dial calls the customer: an agent answered, or picked the callback up (B83).
// His line has been taken as connecting.
func (e *Engine) dial(c *call, p *agentState) {
	q := c.queue
	policy := callback.PolicyOf(&q.Config)
	p.call, c.agent = c, p
	c.answered, c.took, c.again = e.now, e.now, 0
	c.stage = dialling
	c.Holds = c.Holds&^queue.HoldDelay | queue.HoldConnecting // a pick-up does not wait for the delay
	e.engage(c)
	q.Touch(e.now, &c.Entry)
	c.promise.Dial(e.now, policy)
	c.end = c.promise.Until
	e.emit(&Dial{
		About: c.about(), Agent: p.ID, Number: policy.Prefix + c.promise.Number, Attempt: c.promise.Attempts,
		For: policy.RingTime, CallerIDs: q.Config.OutboundCallerIDs,
	})
	e.tellPromise(c)
	e.dirtyKnown(p, q)
	e.touchLine(p)
	e.armCall(c)
}

// stopDialling orders to end the customer's leg.
func (e *Engine) stopDialling(c *call) {
	e.emit(&StopDialling{
		About: c.about(), Agent: c.agent.ID, Number: c.promise.Prefix + c.promise.Number, Attempt: c.promise.Attempts,
	})
}

// undial frees the agent who waited for the customer, without a miss or a
// wrap-up (B84), and puts the callback back to waiting. It returns the queues that he was
// the last one to leave by that, for emptyLines: that is told after what becomes of the
// callback (B100).
func (e *Engine) undial(c *call) (left []*queueState) {
	p := c.agent
	e.dials.add(c)
	left = e.recount(p.note(p.Abandon(e.now)))
	p.call, c.agent = nil, nil
	delete(e.gone, p.ID)
	c.stage = waiting
	c.Holds &^= queue.HoldConnecting
	c.end, c.answered, c.took = 0, 0, 0
	e.disengage(c)
	e.dirtyKnown(p, c.queue)
	e.touch(p)
	e.dirtyCall(c)
	return left
}

// customerReplied is what became of the call to the customer.
func (e *Engine) customerReplied(in CustomerReplied) error {
	if in.Reply >= replies {
		return invalid("reply", in.Reply.String(), "must be ANSWERED, BUSY or NO_ANSWER")
	}
	c := e.calls[in.Call]
	switch {
	case c == nil && !e.dials.has(in.Call, 0), c != nil && c.promise == nil:
		return notFound("callback", string(in.Call))
	case c != nil && c.promise.Attempts == 0 && !e.dials.has(in.Call, c.Seq):
		return notFound("dialling", string(in.Call)) // nobody was called yet (B110)
	case c == nil, c.stage != dialling:
		return &Error{Err: ErrOfferEnded, What: "dialling", ID: string(in.Call)}
	case in.Reply == CustomerAnswered:
		e.promiseKept(c)
	default:
		e.customerMissed(c)
	}
	return nil
}

// promiseKept connects agent and customer (B83).
func (e *Engine) promiseKept(c *call) {
	q, p := c.queue, c.agent
	c.promise.Answer()
	e.dials.add(c)
	q.Callbacks.End(c.promise.State)
	q.book.Remove(c.promise)
	e.expectNoMore(c)
	p.Connect()
	e.leaveLine(c)
	c.stage, c.Holds, c.end = talking, 0, 0
	c.took = e.now
	e.talks.add(c)
	e.lease(c)
	e.dirtyNumbers(q)
	e.tellPromise(c)
	wait := c.wait(c.answered)
	e.emit(&Connect{About: c.about(), Agent: p.ID, By: c.by, Wait: wait})
	e.emit(&CallConnected{About: c.about(), Agent: p.ID, By: c.by, Wait: wait})
	e.touchLine(p)
}

// customerMissed ends an attempt: another one follows, or it has failed (B84).
func (e *Engine) customerMissed(c *call) {
	left := e.undial(c)
	q := c.queue
	c.promise.Miss(e.now, callback.PolicyOf(&q.Config))
	switch {
	case !c.promise.State.Open():
		e.endPromise(c)
	case c.promise.Late(e.now):
		c.promise.Expire() // it waited for the attempt (B85)
		e.endPromise(c)
	default:
		e.leaveLine(c)
		c.stage = resting
		e.tellPromise(c)
		e.armCall(c)
	}
	e.emptyLines(left)
}

// agentGone: the agent hung up, or is lost, while the customer was dialled: no
// attempt is counted, and he counts as having declined it (B84).
func (e *Engine) agentGone(c *call) {
	p := c.agent
	e.stopDialling(c)
	left := e.undial(c)
	c.promise.Drop()
	if c.promise.Late(e.now) {
		c.promise.Expire() // it waited for the attempt (B85)
		e.endPromise(c)
		e.emptyLines(left)
		return
	}
	c.queue.Dropped(e.now, &c.Entry, &p.Agent) // the round's pause begins now, not at his answer (B33)
	c.queue.Decline(e.now, &c.Entry, &p.Agent)
	if p.deleted {
		c.Forget(&p.Agent)
	}
	e.tellPromise(c)
	e.armCall(c)
	e.feed(c)
	e.emptyLines(left)
}

// promiseDue lets act what is due on a callback that waits or rests.
func (e *Engine) promiseDue(c *call, k class) {
	if k == classLeave {
		c.promise.Expire()
		e.endPromise(c)
		return
	}
	if c.promise.Due == 0 || c.promise.Due > e.now {
		return
	}
	c.promise.Due = 0
	c.Holds &^= queue.HoldDelay
	if c.stage == resting {
		c.stage = waiting
		c.Forgive()
		c.queue.Rejoin(&c.Entry)
		e.recognise(c)
		e.watchStaff(c.queue) // somebody waits again (B40)
	}
	e.feed(c)
}

// cancelPromise ends a callback that is open: withdrawn by the host, served
// otherwise, or its queue is gone.
func (e *Engine) cancelPromise(c *call, reason string) {
	var left []*queueState
	if c.stage == dialling {
		e.stopDialling(c)
		left = e.undial(c)
	}
	c.promise.Cancel(reason)
	e.endPromise(c)
	e.emptyLines(left)
}

// served cancels the callback to a caller who has just been answered in the same
// queue (B82).
func (e *Engine) served(q *queueState, number string) {
	if r := q.book.Find(number); r != nil {
		if c := e.calls[r.ID]; c != nil {
			e.cancelPromise(c, "SERVED")
		}
	}
}

// holdCallbacks is the host's business hours (B85).
func (e *Engine) holdCallbacks(in HoldCallbacks) error {
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	q.book.Held = in.On
	for r := range q.book.All() {
		c := e.calls[r.ID]
		if in.On {
			c.Holds |= queue.HoldHours
		} else {
			c.Holds &^= queue.HoldHours
		}
		e.feed(c)
		if c.inLine() {
			q.Touch(e.now, &c.Entry)
		}
	}
	e.dirtyQueue(q)
	return nil
}

// endPromise ends a callback that is not talked yet, and forgets it.
func (e *Engine) endPromise(c *call) {
	q := c.queue
	e.endOffers(c, agent.Withdrawn)
	e.unhold(c)
	if c.inLine() {
		e.leaveLine(c)
	}
	q.Callbacks.End(c.promise.State)
	q.book.Remove(c.promise)
	e.expectNoMore(c)
	e.dirtyNumbers(q)
	e.tellPromise(c)
	e.forget(c)
}

// endedDials remembers the newest calls to customers that are over, so that a report
// which comes too late can be told that they are (B83, B110).
type endedDials struct {
	list [256]endedDial
	n    int
}

type endedDial struct {
	id  queue.CallID
	seq uint64 // the id may be that of another entry by now
}

func (l *endedDials) add(c *call) {
	l.list[l.n%len(l.list)] = endedDial{c.ID, c.Seq}
	l.n++
}

// has reports whether the customer of that entry was called, or of any with the id
// if seq is 0.
func (l *endedDials) has(id queue.CallID, seq uint64) bool {
	return slices.ContainsFunc(l.list[:min(l.n, len(l.list))], func(d endedDial) bool {
		return d.id == id && (seq == 0 || d.seq == seq)
	})
}
