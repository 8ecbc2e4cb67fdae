package agent

// State is all that an agent is besides his memberships, as a value: what a
// store keeps of him. An offer that rings him is not part of it.
type State struct {
	Name       string       `json:"name,omitempty"`
	Registered bool         `json:"registered"`
	Gone       Instant      `json:"gone,omitempty"`
	Graces     Instant      `json:"graces,omitempty"`
	Call       *CallState   `json:"call,omitempty"`
	Others     []Other      `json:"others,omitempty"`
	Over       []string     `json:"over,omitempty"` // ids of other calls that are over (B58)
	WrapUps    []WrapUpKept `json:"wrap_ups,omitempty"`
	Begun      uint32       `json:"begun,omitempty"` // wrap-ups so far
	Pause      Instant      `json:"pause,omitempty"`
	Strikes    uint8        `json:"strikes,omitempty"`
	Misses     int          `json:"misses,omitempty"`
	Streak     uint32       `json:"streak,omitempty"`
}

// CallState is the call of a queue that an agent has, in his State.
type CallState struct {
	Queue         QueueID `json:"queue"`
	Member        bool    `json:"member,omitempty"`   // he was on the list when he took it, and is
	Answered      bool    `json:"answered,omitempty"` // he was when he took it, and still connects
	Connecting    bool    `json:"connecting,omitempty"`
	Since         Instant `json:"since"`
	LastAnswered  Instant `json:"last_answered,omitempty"`
	AnsweredOrder uint64  `json:"answered_order,omitempty"`
}

// WrapUpKept is a timed wrap-up that runs, in a State.
type WrapUpKept struct {
	Queue  QueueID `json:"queue"`
	Scope  Scope   `json:"scope"`
	Until  Instant `json:"until"`
	Number uint32  `json:"number"`
}

// State returns the agent's state; it shares nothing with him.
func (a *Agent) State() State {
	s := State{
		Name: a.Name, Registered: a.registered, Gone: a.gone, Graces: a.graces,
		Others: append([]Other(nil), a.others...), Over: append([]string(nil), a.over...), Begun: a.wrapUps,
		Pause: a.pause, Strikes: a.strikes, Misses: a.misses, Streak: a.streak,
	}
	if c := a.call; c != nil {
		s.Call = &CallState{c.Queue, c.Membership != nil, c.answered != nil, c.Connecting, c.Since, c.lastAnswered, c.answeredOrder}
	}
	for _, w := range a.wraps {
		s.WrapUps = append(s.WrapUps, WrapUpKept{w.from.Queue, w.scope, w.until, w.n})
	}
	return s
}

// Restore gives a new agent a state and the memberships that he had, in the
// order of joining; known finds his membership in a queue, on its list or not,
// and may return nil.
func (a *Agent) Restore(s State, members []*Membership, known func(QueueID) *Membership) {
	a.Name, a.registered, a.gone, a.graces = s.Name, s.Registered, s.Gone, s.Graces
	a.others = append([]Other(nil), s.Others...)
	a.over = append([]string(nil), s.Over...)
	a.wrapUps, a.pause, a.strikes, a.misses, a.streak = s.Begun, s.Pause, s.Strikes, s.Misses, s.Streak
	a.members = members
	for _, m := range members {
		m.Agent, m.agent = a.ID, a
		if m.Wanted != nil {
			a.wishes++
		}
	}
	if c := s.Call; c != nil {
		a.talk = Call{
			Queue: c.Queue, Connecting: c.Connecting, Since: c.Since,
			lastAnswered: c.LastAnswered, answeredOrder: c.AnsweredOrder,
		}
		if c.Member {
			a.talk.Membership = known(c.Queue)
		}
		if c.Answered {
			a.talk.answered = known(c.Queue)
		}
		a.call = &a.talk
	}
	for _, w := range s.WrapUps {
		from := known(w.Queue)
		if from == nil {
			from = &Membership{Queue: w.Queue, Rules: new(Rules)} // the queue is gone, its wrap-up goes on
		}
		a.wraps = append(a.wraps, wrapUp{from, w.Scope, w.Until, w.Number})
	}
}

// Reoffer gives him back the offer that rang him, for Restore.
func (a *Agent) Reoffer(m *Membership) { a.offer = m }

// Shift moves all his times by d; see B101.
func (a *Agent) Shift(d Instant) {
	for _, t := range []*Instant{&a.gone, &a.graces, &a.pause, &a.talk.Since, &a.talk.lastAnswered} {
		t.shift(d)
	}
	for i := range a.others {
		a.others[i].Since.shift(d)
		a.others[i].Lease.shift(d)
	}
	for i := range a.wraps {
		a.wraps[i].until.shift(d)
	}
}

// Shift moves all times of the membership, its memory included, by d; see B101.
func (m *Membership) Shift(d Instant) {
	m.Since.shift(d)
	m.Memory.Shift(d)
}

// Shift moves all times of the memory by d; see B101.
func (m *Memory) Shift(d Instant) {
	for _, t := range []*Instant{&m.LastRung, &m.LastAnswered, &m.LastEnded, &m.StaffedFrom} {
		t.shift(d)
	}
}

// shift moves an instant that is not never.
func (i *Instant) shift(d Instant) {
	if *i != 0 {
		*i += d
	}
}
