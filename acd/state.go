package acd

import (
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// queueState is a queue as the engine keeps it.
type queueState struct {
	queue.Queue
	book   callback.Book // open callbacks
	server *serverState  // where it lives; nil: no server is enabled (B120)
	// Callbacks counts them.
	Callbacks callback.Tally
	waits     chain  // calls that wait, by their joins here
	n         uint64 // in the order of making
	revision  uint64
	// listRevision counts the changes of the agent list.
	listRevision uint64
	deleted      bool
	told         bool // QueueUnstaffed has been told
	emptied      bool // its line is to be emptied once calls need no confirmation (B113)
	staffing     bool // in Engine.staffing

	dirty, dirtyNumbers bool
}

// memberState is a membership as the engine keeps it.
type memberState struct {
	queue *queueState
	agent *agentState
	queue.Member
	atReset *agent.Memory // see base; nil: none, or nothing had been done
	dirty   bool
}

// stateOf returns the engine's part of a membership.
func stateOf(m *agent.Membership) *memberState {
	return m.Value.(*queue.Member).Value.(*memberState)
}

// agentState is an agent as the engine keeps him, in one piece with his first
// membership: of ten thousand agents the next one is in no cache, and memory gives
// neighbours sooner. What every call looks at comes first.
type agentState struct {
	agent.Agent
	call    *call  // that he is connecting to or talking with
	n       uint64 // in the order of making
	timer   timer
	deleted bool
	touched bool  // in Engine.touched
	fresh   bool  // in Engine.freshly
	lined   bool  // counted as available in some queue
	dirty   bool  // noted for the next Changes
	offer   offer // that rings him; its call is nil if none does
	duty    duty
	// known are his memberships in the queues that remember him, on their
	// lists or not.
	known    []*memberState
	first    [1]*memberState     // what known holds of most agents
	told     line                // as told last
	awaited  []*call             // held for him (B73)
	regulars map[string]struct{} // numbers that may know him, of calls that wait
	changed  []*memberState

	statuses   [4]StatusTime // what duty holds of most agents
	membership memberState   // the first of known; its queue is nil before
}

// newMember returns the place of one more membership. That of the first is never used
// again: a wrap-up may go on after its queue is deleted.
func (p *agentState) newMember() *memberState {
	if p.membership.queue == nil {
		return &p.membership
	}
	return new(memberState)
}

// offer is one agent being rung for one call (B30).
type offer struct {
	call    *call
	until   agent.Instant // then it ends NO_ANSWER
	alertBy agent.Instant // then it ends UNREACHABLE; 0: not watched, or alerting
	id      OfferID
	member  *memberState
	began   agent.Instant
	manual  bool          // connect=MANUAL when it began
	connect time.Duration // connect_time when it began

	older, newer *agentState // who is rung for the same call
}

// due returns when something acts on the agent next. In a resync offers do not
// end by time (B104).
func (p *agentState) due(resync bool) (at agent.Instant, c class) {
	if p.deleted {
		return 0, 0
	}
	if p.offer.call != nil && !resync {
		at = p.offer.until
		if by := p.offer.alertBy; by != 0 && by <= at {
			at = by
		}
	}
	for _, o := range p.Others() {
		at = soonest(at, o.Lease)
	}
	c = classEnd
	if wake := p.Agent.Due(); wake != 0 && (at == 0 || wake < at) {
		at, c = wake, classWake
	}
	return at, c
}

func soonest(a, b agent.Instant) agent.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// member returns the agent's listed membership in a queue, or nil.
func (p *agentState) member(q *queueState) *memberState {
	if len(p.known) <= fewMembers {
		for _, m := range p.known {
			if m.queue == q && m.Listed() {
				return m
			}
		}
		return nil
	}
	if m := q.Member(p.ID); m != nil {
		return m.Value.(*memberState)
	}
	return nil
}

// fewMembers is up to where a look at each membership beats the queue's map.
const fewMembers = 4

// note remembers that stored statuses changed, until they are told. It returns them
// as a copy, which does not change with what the agent does next.
func (p *agentState) note(changed []*agent.Membership) []*agent.Membership {
	for _, m := range changed {
		if s := stateOf(m); !slices.Contains(p.changed, s) {
			p.changed = append(p.changed, s)
		}
	}
	return slices.Clone(changed)
}

// stage is where a call is in its life.
type stage uint8

const (
	waiting stage = iota
	connecting
	talking
	dialling // a callback whose customer is called; keeps its place
	resting  // a callback between two attempts; has no place (B84)
	warned   // hears that its number is blocked; has no place (B45)
	stages
)

// call is a call as the engine keeps it. While it waits or connects it is an
// entry of its queue's line.
type call struct {
	queue.Entry
	*rare // what few calls have; see own

	queue  *queueState
	tag    string
	number string
	name   string
	first  agent.Instant // first join of any queue (B55)

	stage stage
	by    Reason // how its agent came by it
	held  bool   // the talk is on hold (B59)
	// resumed: it has got the age back that it had before it hung up (B56).
	resumed bool
	// unconfirmed: a talk that the host has not confirmed after a restart; a
	// waiting call has queue.HoldUnconfirmed.
	unconfirmed bool
	leaseAsked  bool // Confirm has been told (B29)
	emptied     bool // its line was emptied while it was being connected (B40)
	dirty       bool
	hungry      bool  // in Engine.hungry
	wasHeld     bool  // for an agent (B73), or rung by the strategy: it is not held again
	triedOld    bool  // its sticky agent had his turn (B70)
	music       bool  // ordered to play
	estimate    int32 // as estimated at the join, in seconds; negative: not at all
	goal        int32 // sla_time at the join, in seconds
	timer       timer

	limit agent.Instant // then it leaves TIMED_OUT; 0: never (B43)
	again agent.Instant // when the hunt goes on by itself; 0: never
	sla   agent.Instant // the SLA mark; 0: none or passed
	end   agent.Instant // end of connecting or of the talk lease; 0: none

	rung     ringing       // being rung for it
	agent    *agentState   // connecting to or talking with it
	began    agent.Instant // when the ring began that was answered; for the handling time
	answered agent.Instant // by the first agent who was connected
	took     agent.Instant // when the present agent took it

	schedule     *queue.Schedule // of announcements; nil: music alone, or none
	older, newer *call           // in the chain of those that wait, or of the talks
}

// rare is what few calls have. All others share one that stays zero, so that a
// call that waits is small.
type rare struct {
	mine bool // not the shared one

	credit time.Duration // B50
	passed []queue.ID    // queues forwarded through before this one (B49)
	from   uint64        // who transferred it here; his number, 0: nobody (B55)

	// waitsFor is the agent for whom it is held, until then (B73).
	waitsFor *agentState
	heldTill agent.Instant

	warning  *warning          // while it is warned
	dialogue agent.Instant     // end of the open callback dialogue; 0: none (B81)
	promise  *callback.Request // it has become a callback (B82)
	// Its neighbours among the regulars with the same number; nil if there are none.
	nearer, farther *call
	dialled         string // the number at which the customer was called who is on the phone still (B84)
}

// empty reports whether there is nothing.
func (r *rare) empty() bool {
	return r.credit == 0 && len(r.passed) == 0 && r.from == 0 && r.waitsFor == nil && r.heldTill == 0 &&
		r.warning == nil && r.dialogue == 0 && r.promise == nil && r.nearer == nil && r.farther == nil && r.dialled == ""
}

// own returns what few calls have, to be changed.
func (c *call) own() *rare {
	if !c.mine {
		c.rare = &rare{mine: true}
	}
	return c.rare
}

// seconds returns a time that is a whole number of them.
func seconds(d time.Duration) int32 { return int32(d / time.Second) }

// ringing is the agents who are being rung for a call, in the order of ringing: a
// ring of their offers.
type ringing struct{ first *agentState }

func (r *ringing) add(p *agentState) {
	if r.first == nil {
		r.first = p
		p.offer.newer, p.offer.older = p, p
		return
	}
	last := r.first.offer.older
	last.offer.newer, p.offer.older = p, last
	p.offer.newer, r.first.offer.older = r.first, p
}

func (r *ringing) remove(p *agentState) {
	o := &p.offer
	if r.first == p {
		r.first = o.newer
	}
	if r.first == p {
		r.first = nil // he was the only one
	}
	o.older.offer.newer, o.newer.offer.older = o.newer, o.older
	o.older, o.newer = nil, nil
}

// all returns them.
func (r *ringing) all() []*agentState {
	var all []*agentState
	for p := r.first; p != nil; {
		all = append(all, p)
		if p = p.offer.newer; p == r.first {
			break
		}
	}
	return all
}

// inLine reports whether the call holds a place in its queue's line.
func (c *call) inLine() bool { return c.stage != talking && c.stage != resting && c.stage != warned }

// due returns when something acts on the call next.
func (c *call) due() (at agent.Instant, k class) {
	switch {
	case c.unconfirmed || c.Holds&queue.HoldUnconfirmed != 0:
		return 0, 0 // not timed out, not rung (B112)
	case c.stage == warned:
		return c.end, classLeave
	case c.stage == talking:
		return c.end, classEnd
	case c.mine || c.schedule != nil || c.stage != waiting:
		return c.nearest()
	}
	// What there is of most calls.
	at, k = c.limit, classLeave
	if c.again != 0 && (at == 0 || c.again < at) {
		at, k = c.again, classWake
	}
	if c.sla != 0 && (at == 0 || c.sla < at) {
		at, k = c.sla, classSLA
	}
	return at, k
}

// nearest is due for a call that may have everything.
func (c *call) nearest() (at agent.Instant, k class) {
	if c.stage == waiting && c.dialogue == 0 {
		at, k = c.limit, classLeave
	}
	earlier := func(t agent.Instant, class class) {
		if t != 0 && (at == 0 || t < at) {
			at, k = t, class
		}
	}
	if c.promise != nil && c.stage != dialling && c.stage != talking {
		earlier(c.promise.Expires, classLeave)
		earlier(c.promise.Due, classWake)
	}
	if c.stage != waiting {
		earlier(c.end, classEnd)
	}
	if c.stage == waiting {
		earlier(c.again, classWake)
	}
	if c.waitsFor != nil {
		earlier(c.heldTill, classWake)
	}
	if c.stage == waiting {
		earlier(c.dialogue, classWake)
		earlier(c.introEnd(), classWake)
		earlier(c.sla, classSLA) // who connects was answered before it (B90)
		earlier(c.announcement(), classPlay)
	}
	return at, k
}

// leaves reports whether the call leaves in this instant, because its time was over
// while it was in a dialogue, connected or unconfirmed (B43, B112).
func (c *call) leaves(now agent.Instant) bool {
	return c.stage == waiting && c.dialogue == 0 && c.limit != 0 && c.limit <= now
}

// introEnd returns when an intro that plays is over whatever the host says, 0 if
// none plays (B60).
func (c *call) introEnd() agent.Instant {
	if c.schedule == nil || c.schedule.Playing != queue.PromptIntro {
		return 0
	}
	return c.schedule.Until
}

// announcement returns when its schedule has something to play, 0 if never or
// while a dialogue runs (B61).
func (c *call) announcement() agent.Instant {
	if c.schedule == nil || c.dialogue != 0 {
		return 0
	}
	return c.schedule.Due()
}

// about says which call an event is about.
func (c *call) about() About { return About{Call: c.ID, Queue: c.queue.ID, Tag: c.tag} }

// Describe implements what a strategy that looks at the call sees.
func (c *call) Describe(s *strategy.Call) {
	s.Number, s.Name, s.Tag = c.number, c.name, c.tag
}

// wait is how long the call has waited in its queue at t.
func (c *call) wait(t agent.Instant) time.Duration { return t.Sub(c.Joined) }

// chain is a list of calls, oldest first: of the talks by when the present agent
// took them, of those that wait by their joins.
type chain struct{ oldest, newest *call }

func (l *chain) add(c *call) {
	c.older, c.newer = l.newest, nil
	if l.newest != nil {
		l.newest.newer = c
	} else {
		l.oldest = c
	}
	l.newest = c
}

func (l *chain) remove(c *call) {
	if c.older != nil {
		c.older.newer = c.newer
	} else if l.oldest == c {
		l.oldest = c.newer
	}
	if c.newer != nil {
		c.newer.older = c.older
	} else if l.newest == c {
		l.newest = c.older
	}
	c.older, c.newer = nil, nil
}
