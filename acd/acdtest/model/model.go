package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Model is the second implementation: naive, slow, and written from the rules.
// Whatever falls due is found by looking at everything. It is for one goroutine.
type Model struct {
	now     time.Duration
	queues  []*queue // in the order in which they were made
	agents  []*agent // likewise
	entries []*entry // calls and callbacks that wait, talk or are promised, by join
	seq     int      // counts whatever is counted

	night      bool
	confirmBy  time.Duration // when unconfirmed calls are lost; 0: there are none
	vip        []string
	exclusive  []exclusive
	blocked    map[string]string // number to level
	sticky     map[string]memory // number to the agent who talked with it last
	warned     map[string]bool   // which levels of blocking are enabled
	wasDialled map[string]bool   // calls of which a customer was dialled

	offered map[[2]string]*offer // the latest offer of (call, agent)
	left    map[string]string    // call to the queue in which it was last

	told  map[[2]string]string // (agent, queue) to what it read as when last told
	trace []Line
	step  int

	graces    []*member // whose grace ends now, and has not acted
	free      []*member // who was available when the line was matched last
	ready     []*entry  // who could be matched then
	agentsAct bool      // the input is about agents, not callers
}

// Line is a line of the trace.
type Line struct {
	Step int // which input or instant brought it
	Text string
}

// memory is who talked with a number last, and until when.
type memory struct {
	agent string
	at    time.Duration
}

type exclusive struct {
	number, queue string
	agents        []string
}

// queue is a queue with its line.
type queue struct {
	name    string
	props   props
	members []*member // in configured order
	past    []*member // who was one: what is remembered of him (B21)
	line    []*entry  // in the order of the line

	held      bool // outside business hours nobody is called back (B85)
	empty     bool // somebody has logged out (B40)
	emptied   bool // the last one has, before calls were confirmed (B113)
	unstaffed bool // has been told
	joined    int
	ended     int
	talks     int // calls answered and not yet ended
	outcomes  map[string]int
	callbacks map[string]int // by their end
	resume    []resume
	rates     rates
}

// resume is a caller who hung up while waiting (B56).
type resume struct {
	number string
	age    time.Duration // his effective join
	first  time.Duration
	until  time.Duration
}

// member is an agent in a queue.
type member struct {
	agent  *agent
	queue  *queue
	level  int
	wrapUp string // overrides the queue's, in seconds; "" does not

	set    string // the stored status
	byHand bool
	reason string

	asked       string // the status set during a call, "" for none
	askedReason string

	rung, answered instant
	misses         int // in a row, of this queue (B26)
}

// instant is when something happened, and the how-manieth of all it was.
type instant struct {
	at  time.Duration
	n   int
	was bool
}

// agent is a person with one line.
type agent struct {
	model      *Model
	name       string
	members    []*member // in the order of joining
	registered bool
	was        bool          // registered at some time
	gone       time.Duration // since when he is not

	offer  *offer
	call   *entry // connecting, talking or dialling
	others []*other
	ended  []string // ids of other calls that are over

	wraps  []*wrap
	delay  time.Duration // no offers before
	streak int           // busy and unreachable in a row
	misses int           // in a row (B26)
	counts []*entry      // entries that count among them
}

// wrap is a wrap-up that runs.
type wrap struct {
	queue *queue
	until time.Duration
	all   bool     // keeps him from every queue
	ended []*queue // but these, in which he set a status by hand
}

// other is a call that is not the library's (B58).
type other struct {
	id       string
	number   string
	talking  bool
	confirm  time.Duration // when Confirm is due; 0: never
	lost     time.Duration // when it is over if not confirmed; 0: not asked
	answered time.Duration
}

// offer is one agent being rung for one entry.
type offer struct {
	entry *entry
	agent *agent
	began time.Duration
	until time.Duration
	alert time.Duration // 0: not looked at
	props props         // of its queue, when it began (B37)
	over  bool
	round int
	queue *queue
}

// The states of an entry.
const (
	waiting    = "WAITING"
	connecting = "CONNECTING"
	talking    = "TALKING"
	dialling   = "DIALLING"
	warning    = "WARNING" // at the warning of B45
	resting    = "RESTING" // a callback between two attempts
)

// entry is a call, or a callback.
type entry struct {
	id, number, name string
	queue            *queue
	props            props // of the queue, as it joined
	priority         int
	vip              bool
	credit           time.Duration
	joined           time.Duration // this queue
	first            time.Duration // the first queue
	own              time.Duration // effective join
	effective        time.Duration // of its place
	given            bool          // it has the place that it asked for
	seq              int
	order            int // the join sequence of its place (B52)

	state    string
	offers   []*offer
	agent    *agent
	who      string // the agent's name, though he may be deleted
	answered time.Duration
	rungAt   time.Duration // when he was rung, or picked it up
	by       string        // how the agent came by it
	joinedBy time.Duration // when a connection must stand
	talked   time.Duration // since when

	worker *member // as whom its agent took it; nil: he was no member
	worked *member // who answered it and connects
	before instant // when he had answered before

	round     int
	began     int           // in which step its round did
	alone     bool          // one phone rang for it as its offers began to end
	rung      bool          // somebody was, in this round
	hunted    bool          // the strategy has started
	suspended bool          // so is the pause, while it is held
	pause     time.Duration // when the next round is due
	marks     []*mark
	level     string        // of the warning that it hears (B45)
	asked     bool          // the warning is over, a key is waited for
	warned    time.Duration // when that is over
	position0 int           // the position that it asked for

	noSticky string // who transferred it
	tried    bool   // its sticky agent was rung
	held     time.Duration
	holding  string // for whom it is held
	breached bool
	noLimit  bool // transferred by an agent: does not count as full
	confirm  time.Duration
	lost     time.Duration

	unconfirmed bool // after a restart (B112)

	hears hears

	emptied bool // its line was, while it connected (B40)

	dialogue time.Duration // when the question for a number is over; 0: none is asked

	callback  bool          // an open one
	called    bool          // its caller was called, and is on the phone
	promised  bool          // it is the talk of a callback
	due       time.Duration // not before
	expires   time.Duration // 0: never
	confirmed time.Duration // when it was promised
	attempts  int
	dialled   string // number that is dialled
	dialEnds  time.Duration
	resumes   time.Duration // when the next attempt is due
}

// mark is what an agent did about an entry.
type mark struct {
	agent    *agent
	round    int // the last in which he had his turn
	busy     int
	missed   int
	declined bool
	until    time.Duration // barred at least
}

// New returns a model of a router that has nothing yet.
func New() *Model {
	return &Model{
		blocked: map[string]string{}, sticky: map[string]memory{}, warned: map[string]bool{}, wasDialled: map[string]bool{},
		offered: map[[2]string]*offer{}, left: map[string]string{}, told: map[[2]string]string{},
	}
}

// Now is the time since the beginning.
func (m *Model) Now() time.Duration { return m.now }

// Trace returns what happened, as a scenario's trace has it.
func (m *Model) Trace() []Line { return m.trace }

// tell adds a line to the trace.
func (m *Model) tell(format string, args ...any) {
	m.trace = append(m.trace, Line{m.step, seconds(m.now) + " " + fmt.Sprintf(format, args...)})
}

func (m *Model) next() int {
	m.seq++
	return m.seq
}

func (m *Model) queue(name string) *queue {
	for _, q := range m.queues {
		if q.name == name {
			return q
		}
	}
	return nil
}

func (m *Model) agent(name string) *agent {
	for _, a := range m.agents {
		if a.name == name {
			return a
		}
	}
	return nil
}

func (m *Model) entry(id string) *entry {
	for _, e := range m.entries {
		if e.id == id {
			return e
		}
	}
	return nil
}

func (q *queue) member(a *agent) *member {
	for _, x := range q.members {
		if x.agent == a {
			return x
		}
	}
	return nil
}

func (e *entry) mark(a *agent) *mark {
	for _, k := range e.marks {
		if k.agent == a {
			return k
		}
	}
	k := &mark{agent: a}
	e.marks = append(e.marks, k)
	return k
}

// settle ends a step: the line is matched, and what is told after that.
func (m *Model) settle() {
	m.tellUnstaffed()
	m.endPatience() // of those whom the input has brought back into the line
	m.tellUnstaffed()
	m.announce()
	m.beginRounds()
	m.match()
	m.free, m.ready = nil, nil
	for _, q := range m.queues {
		m.ready = append(m.ready, slices.DeleteFunc(slices.Clone(q.line), func(e *entry) bool { return !m.matchable(e) || m.isHeld(e) })...)
		m.free = append(m.free, slices.DeleteFunc(slices.Clone(q.members), func(x *member) bool { return !m.available(x) })...)
	}
	m.tellStatuses()
}

// tellStatuses tells what every membership reads as, as far as it changed.
func (m *Model) tellStatuses() {
	for _, a := range m.agents {
		for _, x := range a.members {
			reads := x.reads()
			text := "status=" + reads
			if reads == x.set && x.reason != "" {
				text += " reason=" + x.reason
			}
			key := [2]string{a.name, x.queue.name}
			if m.told[key] != text {
				m.told[key] = text
				m.tell("status agent=%s queue=%s %s", a.name, x.queue.name, text)
			}
		}
	}
}

// State describes everything that the show lines of a script show, one line
// each: lines, agents, numbers and calls.
func (m *Model) State() []string {
	var out []string
	for _, q := range m.queues {
		out = append(out, m.Show("show line "+q.name), m.Show("show queue "+q.name))
	}
	for _, a := range m.agents {
		out = append(out, m.Show("show agent "+a.name))
	}
	for id := range m.left {
		out = append(out, m.Show("show call "+id))
	}
	slices.Sort(out)
	return out
}

// Show returns the line that a show line of a script adds to the trace; "" if it
// would be refused.
func (m *Model) Show(line string) string {
	w := split(line)
	text := ""
	switch name := w.arg(2); w.arg(1) {
	case "line":
		text = m.showLine(name)
	case "queue":
		text = m.showQueue(name)
	case "agent":
		text = m.showAgent(name)
	case "call":
		text = m.showCall(name)
	}
	if text == "" {
		return ""
	}
	return seconds(m.now) + " " + text
}

func (m *Model) showLine(name string) string {
	q := m.queue(name)
	if q == nil {
		return ""
	}
	text := "line queue=" + name
	for i, e := range q.line {
		text += fmt.Sprintf(" %d=%s", i+1, e.id)
	}
	return text
}

func (m *Model) showAgent(name string) string {
	a := m.agent(name)
	if a == nil {
		return ""
	}
	text := "agent agent=" + name
	for _, x := range a.members {
		text += " " + x.queue.name + "=" + x.reads()
	}
	if a.offer != nil {
		text += " rung=" + a.offer.entry.id
	}
	return text
}

// outcomes are those of B46, in the order of the trace.
var outcomes = strings.Fields("ANSWERED ABANDONED TIMED_OUT NO_AGENTS FULL NIGHT EXITED BLOCKED CALLBACK WITHDRAWN TRANSFERRED LOST")

func (m *Model) showQueue(name string) string {
	q := m.queue(name)
	if q == nil {
		return ""
	}
	waits, open := 0, 0
	for _, e := range m.entries {
		switch {
		case e.queue != q:
		case e.callback:
			open++
		case e.state != talking:
			waits++
		}
	}
	text := fmt.Sprintf("queue queue=%s joined=%d waiting=%d talking=%d", name, q.joined, waits, q.talks)
	for _, o := range outcomes {
		text += fmt.Sprintf(" %s=%d", strings.ToLower(o), q.outcomes[o])
	}
	text += fmt.Sprintf(" ended=%d callbacks_open=%d", q.ended, open)
	for end := range strings.FieldsSeq("COMPLETED FAILED CANCELLED EXPIRED") {
		text += fmt.Sprintf(" callbacks_%s=%d", strings.ToLower(end), q.callbacks[end])
	}
	return text
}

func (m *Model) showCall(id string) string {
	e := m.entry(id)
	if e == nil {
		name, ok := m.left[id]
		if !ok {
			return ""
		}
		return fmt.Sprintf("call call=%s queue=%s state=ENDED position=0", id, name)
	}
	state := e.state
	if state == warning || state == resting {
		state = waiting
	}
	switch {
	case state == waiting && len(e.offers) > 0:
		state = "RINGING"
	case e.introRuns():
		state = "INTRO"
	}
	return fmt.Sprintf("call call=%s queue=%s state=%s position=%d", id, e.queue.name, state, e.position())
}

// position is the entry's place in the line, from 1; 0 if it has none.
func (e *entry) position() int { return slices.Index(e.queue.line, e) + 1 }
