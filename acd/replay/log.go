package replay

import (
	"cmp"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/acdkit/acdkit/queue"
)

// Log is a real call log as [Read] returns it. It is a value to read: nothing in
// this package changes it.
type Log struct {
	Format Format
	// Calls are in the order in which they joined, those of one instant as in
	// the file.
	Calls []Call
	// Agents are those who answered, in the order of their first answer, then
	// those whom the log names without one.
	Agents []Agent

	// Every record is accounted for: Records = Used + all Ignored + len(Bad).
	Records int       // lines with data
	Used    int       // records that Calls and Agents are made of
	Ignored []Ignored // records that say nothing about calls or agents, in order of their first
	Bad     []BadLine // records that could not be understood, in order
}

// Call is what the log knows about a call.
type Call struct {
	ID       string
	At       time.Time     // when it joined the line
	Caller   string        // who called; "" where unknown
	Kind     string        // its type or queue: what the log distinguishes
	Priority int           // 0..100
	Credit   time.Duration // it joins as if it had waited that long already (B50)
	Wait     time.Duration // from the join to the outcome, ≥ 0
	Ring     time.Duration // of Wait, how long the phone rang that was answered; 0 where the log does not say
	// Outcome is how it left; Waiting: the log ends before it did.
	Outcome queue.Outcome
	Agent   string        // who answered; "" where nobody did or the log does not say
	Talk    time.Duration // of an answered call; [Unknown] where the log does not say
}

// Unknown is the length of a talk of which the log does not tell the end.
const Unknown time.Duration = -1

// taken returns when the line was rid of the call: when the phone that was
// answered began to ring, or it left.
func (c Call) taken() time.Time { return c.At.Add(c.Wait - c.Ring) }

// left returns when the call was answered, or left in another way.
func (c Call) left() time.Time { return c.At.Add(c.Wait) }

// Agent is an agent whom the log names.
type Agent struct {
	Name string
	// Present is when he was at work, if the log says so (a queue_log has
	// ADDMEMBER, PAUSE and so on): ascending, not touching. Nil: it does not,
	// and [NewPlan] estimates it.
	Present []Span
}

// Span is a time from an instant to a later one.
type Span struct{ From, To time.Time }

// Ignored counts records that were read and left aside.
type Ignored struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// BadLine is a record that could not be understood.
type BadLine struct {
	Line   int    `json:"line"` // in the file, the header included, from 1
	Reason string `json:"reason"`
}

// String returns e.g. "line 17: talk -5: must be 0..604800 s".
func (b BadLine) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// Limits on what a record may say: those of the engine (B111), and what no
// call centre exceeds.
const (
	maxSpan   = 7 * 24 * time.Hour // of a wait or talk
	maxText   = 64                 // characters of a caller, B111
	maxID     = 128                // bytes of an id, B111
	firstYear = 1971
	lastYear  = 2200
)

func (l *Log) bad(line int, format string, args ...any) {
	l.Bad = append(l.Bad, BadLine{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (l *Log) ignore(reason string) {
	for i := range l.Ignored {
		if l.Ignored[i].Reason == reason {
			l.Ignored[i].Count++
			return
		}
	}
	l.Ignored = append(l.Ignored, Ignored{Reason: reason, Count: 1})
}

// settle puts calls and agents into their order; present are those about whom
// the log says when they were there.
func (l *Log) settle(present []Agent) {
	slices.SortStableFunc(l.Calls, func(a, b Call) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(l.Bad, func(a, b BadLine) int { return cmp.Compare(a.Line, b.Line) })

	known := make(map[string]int)
	add := func(a Agent) {
		if i, ok := known[a.Name]; ok {
			l.Agents[i].Present = a.Present
			return
		}
		known[a.Name] = len(l.Agents)
		l.Agents = append(l.Agents, a)
	}
	for _, i := range l.answers() {
		if name := l.Calls[i].Agent; name != "" {
			if _, ok := known[name]; !ok {
				add(Agent{Name: name})
			}
		}
	}
	for _, a := range present {
		add(a)
	}
}

// answers returns the indices of the answered calls in the order of their
// answers.
func (l *Log) answers() []int {
	var order []int
	for i := range l.Calls {
		if l.Calls[i].Outcome == queue.Answered {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return l.Calls[a].left().Compare(l.Calls[b].left()) })
	return order
}

// problem says what is wrong with a call; "" if nothing is.
func (c Call) problem() string {
	switch {
	case c.At.Year() < firstYear || c.At.Year() > lastYear:
		return fmt.Sprintf("time %s: must be in the years %d..%d", c.At.Format(time.RFC3339), firstYear, lastYear)
	case c.Wait < 0 || c.Wait > maxSpan:
		return fmt.Sprintf("wait %v s: must be 0..%.0f s", c.Wait.Seconds(), maxSpan.Seconds())
	case c.Ring < 0 || c.Ring > c.Wait:
		return fmt.Sprintf("ring %v s: must be 0..%v s, the wait", c.Ring.Seconds(), c.Wait.Seconds())
	case c.Talk != Unknown && (c.Talk < 0 || c.Talk > maxSpan):
		return fmt.Sprintf("talk %v s: must be 0..%.0f s", c.Talk.Seconds(), maxSpan.Seconds())
	case c.Priority < 0 || c.Priority > 100:
		return fmt.Sprintf("priority %d: must be 0..100", c.Priority)
	case !plain(c.Caller) || utf8.RuneCountInString(c.Caller) > maxText:
		return fmt.Sprintf("caller: must be text of at most %d characters", maxText)
	case !plain(c.Agent) || len(c.Agent) > maxID:
		return fmt.Sprintf("agent: must be text of at most %d bytes", maxID)
	case !plain(c.ID) || len(c.ID) > maxID:
		return fmt.Sprintf("call: must be text of at most %d bytes", maxID)
	case !plain(c.Kind) || len(c.Kind) > maxID:
		return fmt.Sprintf("queue: must be text of at most %d bytes", maxID)
	}
	return ""
}

// plain reports whether s is a text that the engine takes (B111).
func plain(s string) bool {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return false
			}
		}
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
