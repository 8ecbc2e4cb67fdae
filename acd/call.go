package acd

import (
	"fmt"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// maxCredit bounds the credit of a call (B50).
const maxCredit = 24 * time.Hour

// maxPassed is how many queues a call may be forwarded through (B49).
const maxPassed = 10

// join brings a call to a queue (B40, B42, B49, B50).
func (e *Engine) join(in Join) error {
	if err := checkJoin(&in); err != nil {
		return err
	}
	q := e.queues[in.Queue]
	if q != nil {
		e.warmNext(q) // beside the look for the call, which is a wait too
	}
	switch {
	case e.calls[in.Call] != nil:
		return exists("call", string(in.Call))
	case q == nil:
		return notFound("queue", string(in.Queue))
	}
	e.counts.Joins++
	c := &call{
		tag: in.Tag, number: in.Number, name: in.Name,
		first: e.now, rare: &e.none,
	}
	if in.Credit > 0 || len(in.Passed) > 0 {
		c.own().credit, c.own().passed = in.Credit, slices.Clone(in.Passed)
	}
	c.Entry = queue.Entry{ID: in.Call, Priority: in.Priority, Seq: e.counts.Joins, Value: c}
	c.queue, c.Joined = q, e.now
	e.resume(c)
	c.Effective = c.first.Add(-c.credit - q.Config.JoinCredit)
	e.bookJoin(c)
	if b := e.blocks(in.Number); b != nil && !e.loops(c) {
		e.warn(c, b, in.Position)
	} else if e.letIn(c) {
		e.enter(c, in.Position)
	}
	return nil
}

func checkJoin(in *Join) error {
	if err := checkID("call", string(in.Call)); err != nil {
		return err
	}
	if err := checkTexts(text{"from", in.Number, maxNumber}, text{"name", in.Name, maxName}); err != nil {
		return err
	}
	if len(in.Tag) > maxTag {
		return invalid("tag", "", fmt.Sprintf("%d bytes: must be at most %d", len(in.Tag), maxTag))
	}
	if err := checkText(text{"tag", in.Tag, maxTag}); err != nil {
		return err
	}
	switch {
	case in.Priority < 0 || in.Priority > maxPriority:
		return invalid("priority", fmt.Sprint(in.Priority), "must be 0..100")
	case in.Credit < 0 || in.Credit > maxCredit:
		return invalid("credit", in.Credit.String(), "must be 0..24h")
	case in.Position < 0 || in.Position > maxInt:
		return invalid("position", fmt.Sprint(in.Position), "must be 0..2147483647")
	case len(in.Passed) > 1000:
		return invalid("passed", fmt.Sprint(len(in.Passed)), "must be at most 1000 queues")
	}
	for _, id := range in.Passed {
		if err := checkID("passed", string(id)); err != nil {
			return err
		}
	}
	return nil
}

// letIn is the door of the call's queue (§3 of the rules). It has been counted as
// joined either way.
func (e *Engine) letIn(c *call) bool {
	q := c.queue
	c.Effective = c.first.Add(-c.credit - q.Config.JoinCredit)
	c.VIP = c.VIP || e.isVIP(c.number)
	outcome, ok := e.admits(q, &c.Entry)
	loop := e.loops(c)
	switch {
	case ok && !loop:
		if c.resumed {
			q.Resumes.Use(c.number)
			e.dirtyResume(q, c.number)
		}
		return true
	case ok:
		outcome = queue.Withdrawn // the eleventh queue
	}
	to := e.target(q, outcome)
	reason := ""
	if loop {
		to, reason = &Target{}, "LOOP"
	}
	e.bookLeave(c, outcome, 0)
	e.emitLeft(c, outcome, to, reason)
	return false
}

// loops reports whether a call that was forwarded goes no further: it came here
// before and would be refused again, or this is the eleventh queue (B49).
func (e *Engine) loops(c *call) bool {
	if len(c.passed) >= maxPassed {
		return true
	}
	_, ok := e.admits(c.queue, &c.Entry)
	return !ok && slices.Contains(c.passed, c.queue.ID)
}

// admits is the door of a queue: the night mode of the whole router, then what
// the queue says.
func (e *Engine) admits(q *queueState, entry *queue.Entry) (queue.Outcome, bool) {
	if e.night {
		return queue.Night, false
	}
	return q.Admit(e.now, entry)
}

// resume gives a caller the age back that he had when he hung up while waiting
// (B56). He has it once: if he is let in.
func (e *Engine) resume(c *call) {
	q := c.queue
	if q.Config.ResumeWindow == 0 || !queue.Identifies(c.number) {
		return
	}
	if old, ok := q.Resumes.Get(e.now, c.number); ok {
		c.first = min(c.first, old.First)
		if old.Credit > c.credit {
			c.own().credit = old.Credit
		}
		c.resumed = true
	}
}

// remember keeps the age of a caller who hung up while waiting (B56).
func (e *Engine) remember(c *call) {
	q := c.queue
	if q.Config.ResumeWindow == 0 || c.resumed || !queue.Identifies(c.number) {
		return
	}
	age := queue.Resume{First: c.first, Credit: c.credit, Until: e.now.Add(q.Config.ResumeWindow)}
	for _, number := range q.Resumes.Put(e.now, c.number, age) {
		e.dirtyResume(q, number)
	}
	e.dirtyResume(q, c.number)
}

// enter gives a call its place in its queue's line.
func (e *Engine) enter(c *call, position int) {
	q := c.queue
	config := &q.Config
	c.limit = c.Joined.Add(config.MaxWaitingTime)
	if goal := config.SLATime; goal > 0 {
		c.sla = c.Joined.Add(goal) + 1 // strictly after its instant (B90)
	}
	c.goal = seconds(config.SLATime)
	e.calls[c.ID] = c
	for _, moved := range q.Join(&c.Entry, position) {
		e.dirtyCall(moved.Value.(*call))
	}
	e.recognise(c)
	place := e.prospect(c)
	ev := e.chunks.callJoined.new()
	*ev = CallJoined{
		About: c.about(), Number: c.number, Name: c.name, Priority: c.Priority, Position: place.position,
	}
	e.emit(ev)
	c.estimate = -1
	if place.known {
		c.estimate = seconds(place.Mean)
	}
	e.announce(c, place)
	e.feed(c)
	e.armCall(c)
	e.watchStaff(q)
}

// callDue lets act what is due on a call.
func (e *Engine) callDue(c *call, k class) {
	switch k {
	case classLeave:
		switch {
		case c.promise != nil:
			e.promiseDue(c, k)
		case c.stage == warned:
			e.turnAway(c, queue.Blocked, "")
		default:
			e.leave(c, queue.TimedOut, "")
		}
	case classEnd:
		switch c.stage {
		case connecting:
			e.dropAnswer(c)
		case dialling:
			e.stopDialling(c)
			e.customerMissed(c)
		default:
			e.talkDue(c)
		}
	case classWake:
		e.callWakes(c)
	case classPlay:
		e.announceDue(c)
	case classSLA:
		e.breach(c)
	}
}

// breach makes known that a call has waited longer than sla_time (B90): at the
// mark itself, or later if it was being connected or was unconfirmed then.
func (e *Engine) breach(c *call) {
	at := e.at
	if c.sla == e.now {
		at = (e.now - 1).Time()
	}
	c.sla = 0
	c.queue.Numbers.Breach()
	e.dirtyNumbers(c.queue)
	e.dirtyCall(c)
	n := c.queue.Numbers.Since()
	e.emit(&SLABreached{About: c.about(), Breaches: int(n.Breaches), Waiting: waitingIn(c.queue)})
	e.events[len(e.events)-1].At = at
}

// lateMark tells the mark of a call that leaves the line, or turns into another
// entry, if it has passed and nobody has told it: the call was unconfirmed (B112).
func (e *Engine) lateMark(c *call) {
	if c.sla != 0 && c.sla <= e.now {
		e.breach(c)
	}
}

// callWakes lets pauses, holds, openings and dialogues of a call end.
func (e *Engine) callWakes(c *call) {
	if c.promise != nil {
		e.promiseDue(c, classWake)
	}
	if c.dialogue != 0 && c.dialogue <= e.now {
		e.endDialogue(c)
	}
	if s := c.schedule; s != nil && s.Playing == queue.PromptIntro && s.Until <= e.now {
		s.Ended(e.now, queue.PromptIntro)
		e.introOver(c)
		e.announceDue(c)
	}
	if c.again != 0 && c.again <= e.now {
		c.again = 0
		e.feed(c)
	}
	if c.waitsFor != nil && c.heldTill <= e.now {
		e.unhold(c)
		e.feed(c)
	}
}

// leave takes a waiting or connecting call out of the line, with its one outcome
// (B46).
func (e *Engine) leave(c *call, o queue.Outcome, reason string) {
	if c.stage == warned {
		e.turnAway(c, o, reason)
		return
	}
	q, p := c.queue, c.agent
	var left []*queueState
	if c.stage == connecting {
		left = e.disconnect(c, p.Abandon(e.now))
	}
	if o != queue.Lost {
		e.lateMark(c)
	}
	e.endOffers(c, agent.Withdrawn)
	e.unhold(c)
	e.leaveLine(c)
	wait := c.wait(e.now)
	e.bookLeave(c, o, wait)
	e.emitLeft(c, o, e.target(q, o), reason)
	q.Rates.Left(wait, o == queue.Abandoned)
	if o == queue.Abandoned {
		e.remember(c)
	}
	e.forget(c)
	e.emptyLines(left)
}

func (e *Engine) emitLeft(c *call, o queue.Outcome, to *Target, reason string) {
	ev := e.chunks.callLeft.new()
	*ev = CallLeft{About: c.about(), Outcome: o, To: to, Reason: reason, Wait: c.wait(e.now)}
	e.emit(ev)
}

// leaveLine takes a call out of its queue's line.
func (e *Engine) leaveLine(c *call) {
	e.part(c)
	c.queue.Leave(&c.Entry)
}

// forget takes a call out of the engine.
func (e *Engine) forget(c *call) {
	delete(e.calls, c.ID)
	e.disengage(c)
	e.timers.stop(owner{call: c})
	c.stage = talking // not in line any more
	c.end = 0         // nothing is due on it
	if c.warning != nil {
		c.own().warning = nil
	}
	e.dirtyCall(c)
}

// target is where a call goes that left with o, nil if no rule decides that
// (B46, B49).
func (e *Engine) target(q *queueState, o queue.Outcome) *Target {
	switch {
	case o == queue.Night, o == queue.NoAgents, o == queue.Full, o == queue.TimedOut, o == queue.Exited:
	case o == queue.Withdrawn && q.deleted:
	default:
		return nil
	}
	rule := q.Config.Forward(o)
	to := &Target{Action: rule.Action, Number: rule.Number}
	if rule.Action == queue.ForwardToNumber {
		if next := e.numbers[rule.Number]; next != nil {
			to.Queue = next.ID
		}
	}
	return to
}

func (e *Engine) hangUp(in HangUp) error {
	c := e.calls[in.Call]
	switch {
	case c == nil || c.promise != nil && c.stage != talking:
		return notFound("call", string(in.Call)) // a callback's call has gone
	case c.stage == talking:
		e.finish(c, ByCaller, true)
	default:
		e.leave(c, queue.Abandoned, "")
	}
	return nil
}

// waitingCall finds a call that holds a place in a line.
func (e *Engine) waitingCall(id queue.CallID) (*call, error) {
	c := e.calls[id]
	switch {
	case c == nil:
		return nil, notFound("call", string(id))
	case c.stage == talking:
		return nil, &Error{Err: ErrNotWaiting, What: "call", ID: string(id)}
	}
	return c, nil
}

// callerWaits finds a call whose caller waits, on the line: the call of a callback
// has gone (B110).
func (e *Engine) callerWaits(id queue.CallID) (*call, error) {
	c, err := e.waitingCall(id)
	if err == nil && c.promise != nil {
		return nil, notFound("call", string(id))
	}
	return c, err
}

func (e *Engine) withdraw(in Withdraw) error {
	if err := checkText(text{"reason", in.Reason, maxReason}); err != nil {
		return err
	}
	c, err := e.waitingCall(in.Call)
	if err != nil {
		return err
	}
	if c.promise != nil {
		e.cancelPromise(c, in.Reason)
		return nil
	}
	e.leave(c, queue.Withdrawn, in.Reason)
	return nil
}

func (e *Engine) changePriority(in ChangePriority) error {
	if in.Priority < 0 || in.Priority > maxPriority {
		return invalid("priority", fmt.Sprint(in.Priority), "must be 0..100")
	}
	c, err := e.waitingCall(in.Call)
	if err != nil {
		return err
	}
	if in.Priority == c.Priority {
		return nil
	}
	e.move(c, func(entry *queue.Entry) { entry.Priority = in.Priority })
	e.emit(&PriorityChanged{About: c.about(), Priority: c.Priority, Position: c.queue.Line.Position(&c.Entry)})
	return nil
}

// move changes what gives a waiting call its place.
func (e *Engine) move(c *call, f func(*queue.Entry)) {
	c.queue.Line.Change(&c.Entry, f)
	e.feed(c) // a group may be open now (B34)
}

// rename gives a call the number of another party.
func (e *Engine) rename(c *call, number string) {
	e.part(c)
	c.number = number
	if c.inLine() {
		e.recognise(c)
	}
}

// changeCaller exchanges the party behind a call (B57).
func (e *Engine) changeCaller(in ChangeCaller) error {
	if err := checkTexts(text{"from", in.Number, maxNumber}, text{"name", in.Name, maxName}); err != nil {
		return err
	}
	if in.Credit < 0 || in.Credit > maxCredit {
		return invalid("credit", in.Credit.String(), "must be 0..24h")
	}
	c := e.calls[in.Call]
	if c == nil || c.promise != nil && c.stage != talking {
		return notFound("call", string(in.Call)) // a callback's call has gone
	}
	if in.Number != c.number {
		e.disengage(c) // who was called has left
		if c.waitsFor != nil {
			e.unhold(c) // that was the other caller's agent
			c.wasHeld = false
		}
		if c.inLine() {
			e.feed(c) // somebody may be the new one's own agent (B70, B72)
		}
	}
	e.rename(c, in.Number)
	c.name = in.Name
	if c.inLine() && !c.VIP && e.isVIP(c.number) {
		e.move(c, func(entry *queue.Entry) { entry.VIP = true })
	}
	ev := &CallerChanged{About: c.about(), Number: in.Number, Name: in.Name}
	more := min(in.Credit, maxCredit-c.credit)
	if more > 0 {
		c.own().credit += more
	}
	if c.inLine() {
		if more > 0 {
			e.move(c, func(entry *queue.Entry) { entry.Effective = entry.Effective.Add(-more) })
		}
		ev.Position = c.queue.Line.Position(&c.Entry)
	}
	e.dirtyCall(c)
	e.emit(ev)
	return nil
}

// transfer moves a waiting or talking call to another queue (B55).
func (e *Engine) transfer(in Transfer) error {
	if p := in.Priority; p != nil && (*p < 0 || *p > maxPriority) {
		return invalid("priority", fmt.Sprint(*p), "must be 0..100")
	}
	c := e.calls[in.Call]
	if c == nil {
		return notFound("call", string(in.Call))
	}
	if c.stage == connecting {
		return &Error{Err: ErrNotWaiting, What: "call", ID: string(in.Call), Text: "it is connecting"}
	}
	if c.promise != nil && c.stage != talking {
		return &Error{Err: ErrNotWaiting, What: "call", ID: string(in.Call), Text: "it is a callback"}
	}
	q := e.queues[in.Queue]
	if q == nil {
		return notFound("queue", string(in.Queue))
	}
	next := queue.Entry{
		ID: c.ID, VIP: c.VIP || e.isVIP(c.number), Priority: c.Priority, Seq: c.Seq, Value: c,
		Effective: c.first.Add(-c.credit - q.Config.JoinCredit), Joined: e.now,
		Exempt: c.stage == talking, // who is transferred by an agent is not counted as full (B42)
	}
	if in.Priority != nil {
		next.Priority = *in.Priority
	}
	switch outcome, ok := e.admits(q, &next); {
	case ok:
	case outcome == queue.Night:
		return invalid("queue", string(in.Queue), "night mode")
	case outcome == queue.NoAgents:
		return invalid("queue", string(in.Queue), "nobody online")
	default:
		return invalid("queue", string(in.Queue), "full")
	}

	by := c.agent
	old := c.queue
	var left []*queueState
	if c.stage == talking {
		if c.promise == nil {
			old.Numbers.EndTalk(c.answered.Sub(c.began), e.now.Sub(c.answered))
		} else {
			old.Numbers.EndCallback(c.answered.Sub(c.began), e.now.Sub(c.answered))
			c.own().promise = nil
		}
		e.handled(c)
		ev := e.chunks.talkEnded.new()
		*ev = TalkEnded{About: c.about(), Agent: by.ID, By: ByTransfer, Talk: e.now.Sub(c.took)}
		e.emit(ev)
		e.talks.remove(c)
		left = e.releaseTalk(c, true)
	} else {
		e.lateMark(c)
		e.endOffers(c, agent.Withdrawn)
		e.unhold(c)
		if c.inLine() {
			e.leaveLine(c)
		}
		if c.warning != nil {
			c.own().warning = nil // whoever moves him lets him in (B45)
		}
		e.bookLeave(c, queue.Transferred, c.wait(e.now))
		old.Rates.Left(c.wait(e.now), false)
		ev := e.chunks.callLeft.new()
		*ev = CallLeft{About: c.about(), Outcome: queue.Transferred, Next: q.ID, Wait: c.wait(e.now)}
		e.emit(ev)
	}
	e.dirtyNumbers(old)
	e.timers.stop(owner{call: c})
	e.moved(c) // its record goes from one queue's keys to another's

	e.counts.Joins++
	next.Seq = e.counts.Joins
	c.Entry = next
	c.stage, c.by, c.held, c.unconfirmed, c.leaseAsked = waiting, 0, false, false, false
	c.resumed = false // that was in the other queue
	c.answered, c.took, c.end, c.again, c.sla = 0, 0, 0, 0, 0
	c.wasHeld, c.triedOld, c.music = false, false, false
	if c.mine {
		c.own().from, c.own().dialogue = 0, 0
	}
	if by != nil {
		c.own().from = by.n
	}
	c.queue = q
	e.bookJoin(c)
	e.enter(c, 0)
	if by != nil && !by.deleted {
		q.Decline(e.now, &c.Entry, &by.Agent)
	}
	e.emptyLines(left) // he may have been the last one, and logs out (B40)
	return nil
}
