package callback

import (
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Request is a promise to ring somebody back. Its entry in the line is the
// owner's.
type Request struct {
	ID        queue.CallID  `json:"id"` // of the call that became it
	Number    string        `json:"number"`
	State     State         `json:"state"`
	Reason    string        `json:"reason,omitempty"` // why it was cancelled
	Confirmed agent.Instant `json:"confirmed"`        // by the caller
	Expires   agent.Instant `json:"expires,omitempty"`
	Due       agent.Instant `json:"due,omitempty"`   // not in the line, or not to be matched, before; 0: it is its turn
	Attempts  int           `json:"attempts"`        // calls to the customer so far
	Until     agent.Instant `json:"until,omitempty"` // while it dials: end of the ring time
	Own       bool          `json:"own,omitempty"`   // the number is the one he called from
}

// New returns the promise that a caller confirmed at now.
func New(now agent.Instant, id queue.CallID, number string, own bool, p Policy) *Request {
	r := &Request{ID: id, Number: number, Own: own, Confirmed: now}
	if p.Expires > 0 {
		r.Expires = now.Add(p.Expires)
	}
	if p.Delay > 0 {
		r.Due = now.Add(p.Delay)
	}
	return r
}

// Ring notes that an agent is being rung, Unring that none is any more. Both
// report whether the state changed, as all of these do.
func (r *Request) Ring() bool { return r.next(rung) }

// Unring is described with Ring.
func (r *Request) Unring() bool { return r.next(unrung) }

// Dial begins an attempt: the agent is there, the customer is called. It counts
// from now on, even if the order is never carried out (B84).
func (r *Request) Dial(now agent.Instant, p Policy) bool {
	if !r.next(agentAnswered) {
		return false
	}
	r.Due = 0 // who picks it up does not wait for it
	r.Attempts++
	r.Until = now.Add(p.RingTime)
	return true
}

// Answer notes that the customer answered: the promise is kept (B83).
func (r *Request) Answer() bool {
	r.Until = 0
	return r.next(customerHere)
}

// Miss notes that the customer did not answer, or is busy: there is another
// attempt after callback_retry_interval, or it has failed (B84).
func (r *Request) Miss(now agent.Instant, p Policy) bool {
	e := customerAway
	if r.Attempts >= p.MaxAttempts {
		e = customerGaveUp
	}
	if !r.next(e) {
		return false
	}
	r.Until = 0
	if r.State.Open() {
		r.Due = now.Add(p.Retry)
	}
	return true
}

// Drop notes that the agent hung up while the customer was dialled: no attempt
// is counted, and it goes back to its place (B84).
func (r *Request) Drop() bool {
	r.Until = 0
	if !r.next(agentGone) {
		return false
	}
	r.Attempts--
	return true
}

// Cancel ends it; Expire ends it because it is too old, unless the customer is
// being dialled.
func (r *Request) Cancel(reason string) bool {
	if !r.next(cancelled) {
		return false
	}
	r.Reason, r.Until = reason, 0
	return true
}

// Expire is described with Cancel.
func (r *Request) Expire() bool { return r.next(expired) }

// Late reports whether callback_expires is over at now (B85).
func (r *Request) Late(now agent.Instant) bool { return r.Expires != 0 && r.Expires <= now }

// Shift moves every time by d, see the rules, B101.
func (r *Request) Shift(d agent.Instant) {
	for _, t := range []*agent.Instant{&r.Confirmed, &r.Expires, &r.Due, &r.Until} {
		if *t != 0 {
			*t += d
		}
	}
}

// Tally counts the promises of a queue: confirmed = Completed + Failed +
// Cancelled + Expired + Open, at all times (B46).
type Tally struct {
	Confirmed uint64 `json:"confirmed"`
	Completed uint64 `json:"completed"`
	Failed    uint64 `json:"failed"`
	Cancelled uint64 `json:"cancelled"`
	Expired   uint64 `json:"expired"`
}

// Open returns how many are open.
func (t Tally) Open() int {
	return int(t.Confirmed - t.Completed - t.Failed - t.Cancelled - t.Expired)
}

// Add adds another tally, of another queue.
func (t *Tally) Add(other Tally) {
	t.Confirmed += other.Confirmed
	t.Completed += other.Completed
	t.Failed += other.Failed
	t.Cancelled += other.Cancelled
	t.Expired += other.Expired
}

// End books an end.
func (t *Tally) End(s State) {
	switch s {
	case Completed:
		t.Completed++
	case Failed:
		t.Failed++
	case Cancelled:
		t.Cancelled++
	case Expired:
		t.Expired++
	}
}
