package acd

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// MaxPage is the most that one page of a list holds.
const MaxPage = 100

func checkPage(skip, top int) error {
	switch {
	case skip < 0 || skip > maxInt:
		return invalid("skip", fmt.Sprint(skip), "must be 0..2147483647")
	case top < 1 || top > MaxPage:
		return invalid("top", fmt.Sprint(top), "must be 1..100")
	}
	return nil
}

// Queue returns a queue; [ErrNotFound] for an unknown id. Like every read it
// returns a copy.
func (e *Engine) Queue(id queue.ID) (QueueView, error) {
	q := e.queues[id]
	if q == nil {
		return QueueView{}, notFound("queue", string(id))
	}
	return viewQueue(q), nil
}

// QueueByNumber returns the queue with an extension number.
func (e *Engine) QueueByNumber(number string) (QueueView, error) {
	q := e.numbers[number]
	if q == nil {
		return QueueView{}, notFound("extension_number", shown(number))
	}
	return viewQueue(q), nil
}

func viewQueue(q *queueState) QueueView {
	return QueueView{
		ID: q.ID, Config: q.Config.Clone(), Revision: q.revision, ListRevision: q.listRevision,
		Agents: len(q.Members()), LoggedIn: q.LoggedIn(), Staffed: q.Staffed(),
		InLine: q.Line.Len(), Waiting: waitingIn(q), Talking: talkingIn(q), Callbacks: q.Callbacks,
		Numbers: q.Numbers.Since(), Lifetime: q.Numbers.Lifetime(), Oldest: oldestOf(q),
		Waits: q.Numbers.SinceWaits(), LifetimeWaits: q.Numbers.LifetimeWaits(),
		Server: q.serverID(), Online: q.server != nil,
		Estimates: q.Score,
	}
}

func oldestOf(q *queueState) time.Time {
	if c := q.waits.oldest; c != nil {
		return c.Joined.Time()
	}
	return time.Time{}
}

func waitingIn(q *queueState) int {
	n := q.Numbers.Lifetime()
	return n.Waiting()
}

func talkingIn(q *queueState) int {
	n := q.Numbers.Lifetime()
	return n.Talking()
}

// Queues yields the queues by id. The engine must not be stepped meanwhile.
func (e *Engine) Queues() iter.Seq[QueueView] {
	return func(yield func(QueueView) bool) {
		for _, id := range slices.Sorted(maps.Keys(e.queues)) {
			if !yield(viewQueue(e.queues[id])) {
				return
			}
		}
	}
}

// Waiting returns a page of a queue's waiting sequence: the calls from the
// skip-th on, top of them at most, 1..100. It costs O(log n + top) (B53).
func (e *Engine) Waiting(id queue.ID, skip, top int) ([]CallView, error) {
	if err := checkPage(skip, top); err != nil {
		return nil, err
	}
	q := e.queues[id]
	if q == nil {
		return nil, notFound("queue", string(id))
	}
	page := make([]CallView, 0, min(top, max(q.Line.Len()-skip, 0)))
	if skip >= q.Line.Len() {
		return page, nil
	}
	for entry := range q.Line.From(skip + 1) {
		v := viewCall(entry.Value.(*call))
		page = append(page, v)
		if len(page) == top {
			break
		}
	}
	return page, nil
}

// Callbacks returns a page of a queue's open callbacks in the order in which they
// were confirmed, those between two attempts included: from the skip-th on, top
// of them at most, 1..100. It costs O(skip + top) (B85).
func (e *Engine) Callbacks(id queue.ID, skip, top int) ([]CallbackView, error) {
	if err := checkPage(skip, top); err != nil {
		return nil, err
	}
	q := e.queues[id]
	if q == nil {
		return nil, notFound("queue", string(id))
	}
	page := make([]CallbackView, 0, min(top, max(q.book.Len()-skip, 0)))
	for r := range q.book.All() {
		if skip--; skip >= 0 {
			continue
		}
		if len(page) == top {
			break
		}
		page = append(page, viewCallback(e.calls[r.ID]))
	}
	return page, nil
}

func viewCallback(c *call) CallbackView {
	r := c.promise
	v := CallbackView{
		ID: c.ID, Queue: c.queue.ID, State: r.State, Number: r.Number, Name: c.name, Tag: c.tag, Priority: c.Priority,
		Joined: c.Joined.Time(), Confirmed: r.Confirmed.Time(), Due: r.Due.Time(), Expires: r.Expires.Time(),
		Attempts: r.Attempts, Held: c.Holds&queue.HoldHours != 0, OnPhone: c.Holds&queue.HoldCustomer != 0,
	}
	if c.inLine() {
		v.Position = c.queue.Line.Position(&c.Entry)
	}
	if c.agent != nil {
		v.Agent = c.agent.ID
	}
	return v
}

// Members returns a page of a queue's agents in configured order.
func (e *Engine) Members(id queue.ID, skip, top int) ([]MemberView, error) {
	if err := checkPage(skip, top); err != nil {
		return nil, err
	}
	q := e.queues[id]
	if q == nil {
		return nil, notFound("queue", string(id))
	}
	all := q.Members()
	all = all[min(skip, len(all)):]
	all = all[:min(top, len(all))]
	page := make([]MemberView, len(all))
	for i, m := range all {
		page[i] = viewMember(m.Value.(*memberState))
	}
	return page, nil
}

func viewMember(m *memberState) MemberView {
	v := MemberView{
		Agent: m.Agent, Name: m.agent.Name, Queue: m.queue.ID, Level: m.Level, Place: m.Place,
		Status: m.agent.Status(&m.Membership), Set: m.Set, ByHand: m.ByHand, Reason: m.Reason,
		Since: m.Since.Time(), WrapUp: m.agent.WrapUpIn(&m.Membership).Time(), Memory: m.Memory,
		Numbers: m.numbers(m.base()), Lifetime: m.numbers(agent.Memory{}),
	}
	if m.Wanted != nil {
		wish := *m.Wanted
		v.Wanted = &wish
	}
	if m.WrapUpTime != nil {
		d := *m.WrapUpTime
		v.WrapUpTime = &d
	}
	return v
}

// Agent returns an agent; [ErrNotFound] for an unknown id.
func (e *Engine) Agent(id agent.ID) (AgentView, error) {
	p := e.agents[id]
	if p == nil {
		return AgentView{}, notFound("agent", string(id))
	}
	return viewAgent(p), nil
}

func viewAgent(p *agentState) AgentView {
	line := lineOf(p)
	v := AgentView{
		ID: p.ID, Name: p.Name, Registered: line.registered, Use: line.use,
		WrapUp: line.wrapUp.Time(), Pause: line.pause.Time(),
		Status: p.duty.Status, Reason: p.duty.Reason, StatusSince: p.duty.Since.Time(), Times: slices.Clone(p.duty.Times),
	}
	if len(p.Others()) > 0 {
		v.Others = slices.Clone(p.Others())
	}
	if c := p.call; c != nil {
		v.Call, v.Queue, v.Since = c.ID, c.queue.ID, c.took.Time()
	}
	if c := p.offer.call; c != nil {
		v.Offer, v.Call, v.Queue, v.Since = p.offer.id, c.ID, c.queue.ID, p.offer.began.Time()
	}
	for _, m := range p.Members() {
		v.Members = append(v.Members, viewMember(stateOf(m)))
	}
	return v
}

// Agents yields the agents by id. The engine must not be stepped meanwhile.
func (e *Engine) Agents() iter.Seq[AgentView] {
	return func(yield func(AgentView) bool) {
		for _, id := range slices.Sorted(maps.Keys(e.agents)) {
			if !yield(viewAgent(e.agents[id])) {
				return
			}
		}
	}
}

// Call returns a call that waits or talks; [ErrNotFound] for any other.
func (e *Engine) Call(id queue.CallID) (CallView, error) {
	c := e.calls[id]
	if c == nil {
		return CallView{}, notFound("call", string(id))
	}
	return viewCall(c), nil
}

func viewCall(c *call) CallView {
	v := CallView{
		ID: c.ID, Queue: c.queue.ID, Tag: c.tag, Number: c.number, Name: c.name, Priority: c.Priority,
		Joined: c.Joined.Time(), FirstJoined: c.first.Time(), Effective: c.Effective.Time(),
		Answered: c.answered.Time(), OnHold: c.held, Callback: c.promise != nil,
		Unconfirmed: c.unconfirmed || c.Holds&queue.HoldUnconfirmed != 0,
	}
	switch {
	case c.stage == talking:
		v.State = CallTalking
	case c.stage == dialling:
		v.State = CallDialling
	case c.stage == connecting:
		v.State = CallConnecting
	case c.Holds&queue.HoldIntro != 0:
		v.State = CallIntro
	case c.rung.first != nil:
		v.State = CallRinging
	default:
		v.State = CallWaiting
	}
	if c.inLine() {
		v.Position = c.queue.Line.Position(&c.Entry)
		v.VIP = c.VIP
		v.Effective = c.Entry.Place().Effective.Time() // what it asked for counts (B52)
		v.Round = c.Round()
	}
	if c.agent != nil {
		v.Agent = c.agent.ID
	}
	if c.waitsFor != nil {
		v.HeldFor = c.waitsFor.ID
	}
	for _, p := range c.rung.all() {
		v.Rung = append(v.Rung, p.ID)
	}
	return v
}

// Calls yields the calls that wait or talk, by id. The engine must not be
// stepped meanwhile.
func (e *Engine) Calls() iter.Seq[CallView] {
	return func(yield func(CallView) bool) {
		for _, id := range slices.Sorted(maps.Keys(e.calls)) {
			if !yield(viewCall(e.calls[id])) {
				return
			}
		}
	}
}

// Offer returns the offer of a call to an agent that runs; [ErrNotFound] if none
// does.
func (e *Engine) Offer(call queue.CallID, a agent.ID) (OfferID, error) {
	c, p := e.calls[call], e.agents[a]
	switch {
	case c == nil:
		return OfferID{}, notFound("call", string(call))
	case p == nil:
		return OfferID{}, notFound("agent", string(a))
	case p.offer.call != c:
		return OfferID{}, notFound("offer", string(call)+" to "+string(a))
	}
	return p.offer.id, nil
}

// Longest is a call that has lasted longest.
type Longest struct {
	Call  queue.CallID
	Agent agent.ID
	Since time.Time // when this agent took it
}

// LongestTalk returns the talk that lasts longest, and LongestOther the longest
// answered call that is not the library's (B29); ok is false if there is none.
// LongestTalk costs O(1), LongestOther O(agents).
func (e *Engine) LongestTalk() (l Longest, ok bool) {
	c := e.talks.oldest
	if c == nil {
		return Longest{}, false
	}
	return Longest{c.ID, c.agent.ID, c.took.Time()}, true
}

// LongestOther is described with LongestTalk.
func (e *Engine) LongestOther() (l Longest, ok bool) {
	var since agent.Instant
	for _, p := range e.agents {
		for _, o := range p.Others() {
			if o.Talking && (!ok || o.Since < since || o.Since == since && p.ID < l.Agent) {
				l, ok, since = Longest{queue.CallID(o.ID), p.ID, o.Since.Time()}, true, o.Since
			}
		}
	}
	return l, ok
}
