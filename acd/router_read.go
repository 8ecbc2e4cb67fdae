package acd

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// read calls f under the lock: a read is one value or one page, copied.
func read[V any](r *Router, f func(e *Engine) (V, error)) (V, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return f(r.engine)
}

// inTurn reads one thing after the other, by id. It holds the lock for the list
// of ids and for each value, never over the loop's body.
func inTurn[ID cmp.Ordered, V any](
	r *Router, ids func(e *Engine) iter.Seq[ID], one func(ID) (V, error),
) iter.Seq[V] {
	return func(yield func(V) bool) {
		list, _ := read(r, func(e *Engine) ([]ID, error) { return slices.Collect(ids(e)), nil })
		slices.Sort(list)
		for _, id := range list {
			if v, err := one(id); err == nil && !yield(v) {
				return
			}
		}
	}
}

// Queue returns a queue. Like every read it returns a copy of what the last step
// has left, may be called on a closed Router too, and for an unknown id returns
// an error that wraps [ErrNotFound].
func (r *Router) Queue(id queue.ID) (QueueView, error) {
	return read(r, func(e *Engine) (QueueView, error) { return e.Queue(id) })
}

// QueueByNumber returns the queue with an extension number.
func (r *Router) QueueByNumber(number string) (QueueView, error) {
	return read(r, func(e *Engine) (QueueView, error) { return e.QueueByNumber(number) })
}

// CheckConfig returns what [CreateQueue] and [ChangeQueue] would say of a configuration,
// with the strategies of the host: its warnings, or every problem at once (B110). It
// changes nothing.
func (r *Router) CheckConfig(c queue.Config) (warnings []string, err error) {
	own := r.engine.own // never changes
	if err := c.Validate(own...); err != nil {
		return nil, err
	}
	return c.Warnings(own...), nil
}

// Queues yields the queues by id. Each is consistent in itself and read when its
// turn comes: one that is deleted meanwhile is left out, one that is made
// meanwhile may not be seen. The loop may call everything of the Router's.
func (r *Router) Queues() iter.Seq[QueueView] {
	return inTurn(r, func(e *Engine) iter.Seq[queue.ID] { return maps.Keys(e.queues) }, r.Queue)
}

// Waiting returns the calls in a queue's line, the next to be served first:
// after the first skip of them at the most top, 1..100. A line moves between two
// pages: only a page is consistent in itself.
func (r *Router) Waiting(id queue.ID, skip, top int) ([]CallView, error) {
	return read(r, func(e *Engine) ([]CallView, error) { return e.Waiting(id, skip, top) })
}

// Callbacks returns a queue's open callbacks, the first confirmed first: after the
// first skip of them at the most top, 1..100 (B85).
func (r *Router) Callbacks(id queue.ID, skip, top int) ([]CallbackView, error) {
	return read(r, func(e *Engine) ([]CallbackView, error) { return e.Callbacks(id, skip, top) })
}

// Blocked returns the entry of a number on the list of blocked numbers, with how
// often it was met (B45); [ErrNotFound] if it is not on it.
func (r *Router) Blocked(number string) (queue.BlockedNumber, error) {
	return read(r, func(e *Engine) (queue.BlockedNumber, error) { return e.Blocked(number) })
}

// BlockedNumbers yields the list of blocked numbers, by number, as
// [Router.Queues] does the queues.
func (r *Router) BlockedNumbers() iter.Seq[queue.BlockedNumber] {
	return inTurn(r, func(e *Engine) iter.Seq[string] { return slices.Values(e.callers.blocked.numbers) }, r.Blocked)
}

// BlockedByID returns the entry that has an id.
func (r *Router) BlockedByID(id string) (queue.BlockedNumber, error) {
	return read(r, func(e *Engine) (queue.BlockedNumber, error) { return e.BlockedByID(id) })
}

// BlockedPage returns a page of the list of blocked numbers, as [Router.VIPs] does
// (B45).
func (r *Router) BlockedPage(skip, top int) ([]queue.BlockedNumber, error) {
	return read(r, func(e *Engine) ([]queue.BlockedNumber, error) { return e.BlockedPage(skip, top) })
}

// VIP returns the entry of a number on the list of callers who go first, in force
// or not: see [queue.Listing.Counts] (B51); [ErrNotFound] if it is not on it.
func (r *Router) VIP(number string) (queue.Listing, error) {
	return read(r, func(e *Engine) (queue.Listing, error) { return e.VIP(number) })
}

// VIPByID returns the entry that has an id.
func (r *Router) VIPByID(id string) (queue.Listing, error) {
	return read(r, func(e *Engine) (queue.Listing, error) { return e.VIPByID(id) })
}

// VIPs returns a page of the list of callers who go first, by number in the order
// of its bytes: after the first skip of them at the most top, 1..100, those that
// have expired or are disabled included. A list that is changed between two pages
// moves: only a page is consistent in itself.
func (r *Router) VIPs(skip, top int) ([]queue.Listing, error) {
	return read(r, func(e *Engine) ([]queue.Listing, error) { return e.VIPs(skip, top) })
}

// VIPNumbers yields the list of callers who go first, by number, as
// [Router.Queues] does the queues.
func (r *Router) VIPNumbers() iter.Seq[queue.Listing] {
	return inTurn(r, func(e *Engine) iter.Seq[string] { return slices.Values(e.callers.vip.numbers) }, r.VIP)
}

// Exclusive returns the entry of a caller who has agents of his own, in force or
// not (B72); [ErrNotFound] if he has none.
func (r *Router) Exclusive(number string) (queue.ExclusiveNumber, error) {
	return read(r, func(e *Engine) (queue.ExclusiveNumber, error) { return e.Exclusive(number) })
}

// ExclusiveByID returns the entry that has an id.
func (r *Router) ExclusiveByID(id string) (queue.ExclusiveNumber, error) {
	return read(r, func(e *Engine) (queue.ExclusiveNumber, error) { return e.ExclusiveByID(id) })
}

// Exclusives returns a page of the callers who have agents of their own, as
// [Router.VIPs] does (B72).
func (r *Router) Exclusives(skip, top int) ([]queue.ExclusiveNumber, error) {
	return read(r, func(e *Engine) ([]queue.ExclusiveNumber, error) { return e.Exclusives(skip, top) })
}

// ExclusiveNumbers yields all callers who have agents of their own, by number, as
// [Router.Queues] does the queues.
func (r *Router) ExclusiveNumbers() iter.Seq[queue.ExclusiveNumber] {
	return inTurn(r, func(e *Engine) iter.Seq[string] { return slices.Values(e.callers.exclusive.numbers) }, r.Exclusive)
}

// Lists returns how long the lists of callers are, and what is turned on. O(1).
func (r *Router) Lists() Lists {
	l, _ := read(r, func(e *Engine) (Lists, error) { return e.Lists(), nil })
	return l
}

// Members returns the members of a queue in configured order: after the first
// skip of them at the most top, 1..100.
func (r *Router) Members(id queue.ID, skip, top int) ([]MemberView, error) {
	return read(r, func(e *Engine) ([]MemberView, error) { return e.Members(id, skip, top) })
}

// Agent returns an agent.
func (r *Router) Agent(id agent.ID) (AgentView, error) {
	return read(r, func(e *Engine) (AgentView, error) { return e.Agent(id) })
}

// Agents yields the agents by id, as [Router.Queues] does the queues.
func (r *Router) Agents() iter.Seq[AgentView] {
	return inTurn(r, func(e *Engine) iter.Seq[agent.ID] { return maps.Keys(e.agents) }, r.Agent)
}

// Call returns a call that waits or talks.
func (r *Router) Call(id queue.CallID) (CallView, error) {
	return read(r, func(e *Engine) (CallView, error) { return e.Call(id) })
}

// Calls yields the calls that wait or talk by id, as [Router.Queues] does the
// queues.
func (r *Router) Calls() iter.Seq[CallView] {
	return inTurn(r, func(e *Engine) iter.Seq[queue.CallID] { return maps.Keys(e.calls) }, r.Call)
}

// Offer returns the latest offer of a call to an agent that still runs. It is for
// a host that learns from a phone which agent answered which call.
func (r *Router) Offer(call queue.CallID, a agent.ID) (OfferID, error) {
	return read(r, func(e *Engine) (OfferID, error) { return e.Offer(call, a) })
}

// Totals returns the numbers of all queues together (B90, B91).
func (r *Router) Totals() Totals {
	t, _ := read(r, func(e *Engine) (Totals, error) { return e.Totals(), nil })
	return t
}

// Servers yields the queue servers by id (B122).
func (r *Router) Servers() iter.Seq[ServerView] {
	return inTurn(r, func(e *Engine) iter.Seq[ServerID] { return maps.Keys(e.servers.byID) }, r.Server)
}

// Server returns a queue server.
func (r *Router) Server(id ServerID) (ServerView, error) {
	return read(r, func(e *Engine) (ServerView, error) { return e.Server(id) })
}

// LongestTalk returns the talk that lasts longest; ok is false if there is none
// (B29). It costs O(1).
func (r *Router) LongestTalk() (l Longest, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.engine.LongestTalk()
}

// LongestOther returns the answered call that lasts longest of those that are not
// the library's; ok is false if there is none (B29). It looks at every agent.
func (r *Router) LongestOther() (l Longest, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.engine.LongestOther()
}

// Why returns why a call still waits (B39).
func (r *Router) Why(call queue.CallID) ([]WaitReason, error) {
	return read(r, func(e *Engine) ([]WaitReason, error) { return e.Why(call) })
}

// Check verifies the invariants of the state and names what is wrong (B103). It
// looks at everything and holds the lock as long: once a minute is often enough.
func (r *Router) Check() error {
	_, err := read(r, func(e *Engine) (struct{}, error) { return struct{}{}, e.Check() })
	return err
}
