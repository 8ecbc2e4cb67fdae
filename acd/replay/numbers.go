package replay

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Value is a number that may be missing: NaN, which JSON writes as null.
type Value float64

// MarshalJSON implements [json.Marshaler].
func (v Value) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v))
}

// Numbers are what is compared: of one strategy, or of what really happened.
type Numbers struct {
	Name      string `json:"name"` // of the strategy
	Answered  int    `json:"answered"`
	Abandoned int    `json:"abandoned"`
	Other     int    `json:"other"` // left in another way, or never
	// Waits of the answered, from the join to the answer, in seconds. 90 % of
	// them waited no longer than WaitP90 (nearest rank).
	WaitMean Value `json:"wait_mean"`
	WaitP90  Value `json:"wait_p90"`
	// WaitAbandoned is the mean wait of those who hung up, in seconds.
	WaitAbandoned Value `json:"wait_abandoned"`
	// Within20 counts those answered within 20 s, the 20th included; the share
	// is of the answered.
	Within20      int   `json:"answered_within_20"`
	Within20Share Value `json:"answered_within_20_share"`
	// WorkSpread says how unevenly the work fell on the agents: the standard
	// deviation of their talking time per hour at work, each weighed by his
	// hours, over its mean. 0: all the same.
	WorkSpread Value `json:"work_spread"`
	// RepeatCallers counts answered calls of callers who had talked with an
	// agent before, in this log; MetKnown those of them who met the agent they
	// had talked with last. Only calls count of which both are known.
	RepeatCallers int   `json:"repeat_callers"`
	MetKnown      int   `json:"met_known_agent"`
	MetKnownShare Value `json:"met_known_agent_share"`
	// Estimates are how good the announced waits were; of what really happened
	// there are none.
	Estimates Estimates `json:"estimates"`
	// Agents are in the order of Log.Agents.
	Agents []AgentNumbers `json:"agents"`
}

// AgentNumbers are one agent's part of [Numbers].
type AgentNumbers struct {
	Name      string `json:"name"`
	Answered  int    `json:"answered"`
	Hours     Value  `json:"hours"`      // at work, breaks not counted, as the plan has it
	TalkHours Value  `json:"talk_hours"` // of them talking
	Occupancy Value  `json:"occupancy"`  // TalkHours / Hours
}

// within is the wait that the table asks about.
const within = 20 * time.Second

// Real returns what really happened, in the form of a play. A talk of unknown
// length counts as none.
func (l *Log) Real() []Played {
	played := make([]Played, len(l.Calls))
	for i, c := range l.Calls {
		played[i] = Played{Outcome: c.Outcome, Wait: c.Wait}
		if c.Outcome == queue.Answered {
			played[i].Agent, played[i].Talk = c.Agent, max(c.Talk, 0)
		}
	}
	return played
}

// Numbers counts what became of the calls of the plan's log.
func (p *Plan) Numbers(name string, played []Played) Numbers {
	n := Numbers{Name: name}
	var sum, lost float64
	var waits []time.Duration
	for _, c := range played {
		switch c.Outcome {
		case queue.Answered:
			n.Answered++
			sum += c.Wait.Seconds()
			waits = append(waits, c.Wait)
			if c.Wait <= within {
				n.Within20++
			}
		case queue.Abandoned:
			n.Abandoned++
			lost += c.Wait.Seconds()
		default:
			n.Other++
		}
	}
	n.WaitMean = Value(report.Ratio(sum, float64(n.Answered)))
	n.WaitAbandoned = Value(report.Ratio(lost, float64(n.Abandoned)))
	n.WaitP90 = Value(math.NaN())
	if len(waits) > 0 {
		n.WaitP90 = Value(nearestRank(waits, 90).Seconds())
	}
	n.Within20Share = Value(report.Ratio(float64(n.Within20), float64(n.Answered)))
	p.countWork(&n, played)
	p.countMeetings(&n, played)
	p.countEstimates(&n, played)
	return n
}

// nearestRank returns the lowest of some values that so many percent of them do
// not exceed. It sorts them.
func nearestRank[T cmp.Ordered](values []T, percent int) T {
	slices.Sort(values)
	return values[(percent*len(values)+99)/100-1]
}

// countWork counts what fell on whom.
func (p *Plan) countWork(n *Numbers, played []Played) {
	n.Agents = make([]AgentNumbers, len(p.Log.Agents))
	place := make(map[string]int, len(n.Agents))
	for i, a := range p.Log.Agents {
		place[a.Name] = i
		n.Agents[i] = AgentNumbers{Name: a.Name, Hours: Value(p.shifts[i].hours)}
	}
	for _, c := range played {
		if i, ok := place[c.Agent]; ok && c.Outcome == queue.Answered {
			n.Agents[i].Answered++
			n.Agents[i].TalkHours += Value(c.Talk.Hours())
		}
	}
	var hours, talk, deviation float64
	for i := range n.Agents {
		a := &n.Agents[i]
		a.Occupancy = Value(report.Ratio(float64(a.TalkHours), float64(a.Hours)))
		hours += float64(a.Hours)
		talk += float64(a.TalkHours)
	}
	mean := report.Ratio(talk, hours)
	for _, a := range n.Agents {
		if a.Hours > 0 {
			off := float64(a.Occupancy) - mean
			deviation += float64(a.Hours) * off * off
		}
	}
	n.WorkSpread = Value(report.Ratio(math.Sqrt(report.Ratio(deviation, hours)), mean))
}

// countMeetings counts the callers who met again whom they knew.
func (p *Plan) countMeetings(n *Numbers, played []Played) {
	type answer struct {
		at   agent.Instant
		call int
	}
	var answers []answer
	for i, c := range played {
		if c.Outcome == queue.Answered && c.Agent != "" && p.Log.Calls[i].Caller != "" {
			answers = append(answers, answer{agent.At(p.Log.Calls[i].At).Add(c.Wait), i})
		}
	}
	slices.SortStableFunc(answers, func(a, b answer) int { return cmp.Compare(a.at, b.at) })
	last := make(map[string]string)
	for _, a := range answers {
		caller, who := p.Log.Calls[a.call].Caller, played[a.call].Agent
		if known, ok := last[caller]; ok {
			n.RepeatCallers++
			if known == who {
				n.MetKnown++
			}
		}
		last[caller] = who
	}
	n.MetKnownShare = Value(report.Ratio(float64(n.MetKnown), float64(n.RepeatCallers)))
}
