package callback

import "fmt"

// State is where a callback is in its life (B80–B85).
type State uint8

// The states. The last four are its ends.
const (
	Waiting      State = iota // WAITING: in the line, or between two attempts
	RingingAgent              // RINGING_AGENT: an agent is being rung for it
	Dialling                  // DIALLING: the agent answered, the customer is dialled
	Completed                 // COMPLETED: the customer answered
	Failed                    // FAILED: the last attempt failed
	Cancelled                 // CANCELLED: withdrawn, served otherwise, or its queue was deleted
	Expired                   // EXPIRED: callback_expires is over
	states
)

var stateNames = [states]string{"WAITING", "RINGING_AGENT", "DIALLING", "COMPLETED", "FAILED", "CANCELLED", "EXPIRED"}

// String returns the upper-case name.
func (s State) String() string {
	if s < states {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText implements [encoding.TextMarshaler].
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("callback: state %q: must be one of %q", text, stateNames)
}

// Open reports whether the promise has not been kept or ended yet.
func (s State) Open() bool { return s < Completed }

// event is what happens to a callback.
type event uint8

const (
	rung           event = iota // an agent is being rung
	unrung                      // none is any more, and nobody answered
	agentAnswered               // an agent answered, or picked it up
	agentGone                   // he hung up, or is lost, while the customer is dialled
	customerHere                // the customer answered
	customerAway                // he did not, or is busy
	customerGaveUp              // he did not, and it was the last attempt
	cancelled
	expired
	events
)

// none marks what cannot happen in a state.
const none = states

// life is the life of a callback: what becomes of it in each state.
var life = [Completed][events]State{
	//              rung          unrung   agentAnswered agentGone customerHere customerAway customerGaveUp cancelled  expired
	Waiting:      {RingingAgent, Waiting, Dialling, none, none, none, none, Cancelled, Expired},
	RingingAgent: {RingingAgent, Waiting, Dialling, none, none, none, none, Cancelled, Expired},
	Dialling:     {none, none, none, Waiting, Completed, Waiting, Failed, Cancelled, none},
}

// next applies an event; it reports whether the state changed.
func (r *Request) next(e event) bool {
	if !r.State.Open() {
		return false
	}
	to := life[r.State][e]
	if to == none || to == r.State {
		return false
	}
	r.State = to
	return true
}
