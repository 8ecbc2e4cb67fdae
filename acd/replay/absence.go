package replay

import (
	"slices"
	"sort"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// noise is how far the clocks of a log may be apart: a second or two between
// the end of a wait and the beginning of the talk is no gap.
const noise = 2 * time.Second

// gap is the time between two talks of an agent: from the end of one until his
// phone rings for the next, or to where the log says that he left.
type gap struct {
	agent  int // in Log.Agents
	call   int // the talk before, in Log.Calls
	from   agent.Instant
	length time.Duration
	// absent is how long he was away for certain: while he had no talk somebody
	// waited whom he would have answered.
	absent time.Duration
	// told is what the gap tells about how long an agent is away after a talk,
	// if anything: it does if somebody waited when the talk ended.
	told *Observation
}

// span is a time between two instants.
type span struct{ from, to agent.Instant }

// interval returns a Span of a Log as instants.
func (s Span) interval() span { return span{agent.At(s.From), agent.At(s.To)} }

// findGaps returns the gaps of all agents, each agent's in order. With regard
// false any waiting call counts as evidence, whatever its kind.
func findGaps(log *Log, regard bool) []gap {
	answered := make([][]int, len(log.Agents))
	place := make(map[string]int, len(log.Agents))
	for i, a := range log.Agents {
		place[a.Name] = i
	}
	for _, i := range log.answers() {
		if a, ok := place[log.Calls[i].Agent]; ok {
			answered[a] = append(answered[a], i)
		}
	}
	waiting := newQueueTimes(log, answered, regard)

	var gaps []gap
	for a, calls := range answered {
		busy := waiting.of(a)
		for n := 0; n+1 < len(calls); n++ {
			before, next := &log.Calls[calls[n]], &log.Calls[calls[n+1]]
			if before.Talk == Unknown {
				continue
			}
			g := gap{agent: a, call: calls[n], from: agent.At(before.left()).Add(before.Talk)}
			end, stayed := agent.At(next.taken()), true
			if present := log.Agents[a].Present; present != nil {
				left := leaving(present, g.from)
				if left == 0 {
					continue // he talked on after he had left
				}
				if left < end {
					end, stayed = left, false
				}
			}
			g.length = max(end.Sub(g.from), 0)
			g.look(busy, stayed && next.Wait-next.Ring > noise, stayed)
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// leaving returns when an agent who was there at an instant left after it; 0: he
// was not there.
func leaving(present []Span, at agent.Instant) agent.Instant {
	for _, p := range present {
		if s := p.interval(); s.from <= at && at < s.to {
			return s.to
		}
	}
	return 0
}

// look finds out what a gap tells. busy are the times at which somebody waited;
// fromLine says that the gap ended with a call that had waited, answered that it
// ended with a call at all.
func (g *gap) look(busy []span, fromLine, answered bool) {
	end := g.from.Add(g.length)
	if i := lastFrom(busy, g.from); i >= 0 && busy[i].to > g.from.Add(noise) {
		if empty := busy[i].to; answered && end <= empty.Add(noise) {
			g.told = &Observation{For: g.length, Came: true}
		} else {
			g.told = &Observation{For: min(empty, end).Sub(g.from)}
		}
	}
	if fromLine {
		g.absent = g.length // he would have answered that call before
		return
	}
	if i := lastFrom(busy, end); i >= 0 && busy[i].to > g.from {
		g.absent = min(busy[i].to, end).Sub(g.from)
	}
}

// lastFrom returns the last of the spans that begins at or before at; -1: none.
func lastFrom(spans []span, at agent.Instant) int {
	return sort.Search(len(spans), func(i int) bool { return spans[i].from > at }) - 1
}

// queueTimes knows at which times somebody waited whom an agent would have
// answered.
type queueTimes struct {
	log    *Log
	kinds  []string
	serves [][]bool // by agent, by kind
	made   map[string][]span
}

// A waiting call proves that an agent is away only if he takes calls of its
// kind: if its share of what he answers is at least this part of its share of
// what all answer.
const takesKind = 0.25

func newQueueTimes(log *Log, answered [][]int, regard bool) *queueTimes {
	q := &queueTimes{log: log, made: make(map[string][]span)}
	number := make(map[string]int)
	for _, c := range log.Calls {
		if _, ok := number[c.Kind]; !ok {
			number[c.Kind] = len(q.kinds)
			q.kinds = append(q.kinds, c.Kind)
		}
	}
	counts := make([][]int, len(answered))
	totals := make([]int, len(q.kinds))
	all := 0
	for a, calls := range answered {
		counts[a] = make([]int, len(q.kinds))
		for _, i := range calls {
			counts[a][number[log.Calls[i].Kind]]++
			totals[number[log.Calls[i].Kind]]++
			all++
		}
	}
	q.serves = make([][]bool, len(answered))
	for a, calls := range answered {
		q.serves[a] = make([]bool, len(q.kinds))
		for k := range q.kinds {
			share := float64(counts[a][k]) * float64(all)
			q.serves[a][k] = !regard || share > 0 && share >= takesKind*float64(totals[k])*float64(len(calls))
		}
	}
	return q
}

// of returns the times at which somebody waited for agent a: ascending, apart.
func (q *queueTimes) of(a int) []span {
	key := make([]byte, len(q.kinds))
	for k, serves := range q.serves[a] {
		if serves {
			key[k] = 1
		}
	}
	if spans, ok := q.made[string(key)]; ok {
		return spans
	}
	takes := make(map[string]bool)
	for k, kind := range q.kinds {
		takes[kind] = q.serves[a][k]
	}
	var spans []span
	for _, c := range q.log.Calls { // by time of joining
		if c.Wait == c.Ring || !takes[c.Kind] {
			continue
		}
		s := span{agent.At(c.At), agent.At(c.taken())}
		if n := len(spans); n > 0 && s.from <= spans[n-1].to {
			spans[n-1].to = max(spans[n-1].to, s.to)
		} else {
			spans = append(spans, s)
		}
	}
	q.made[string(key)] = spans
	return spans
}

// workSpans returns when each agent was at work at all: as the log says, or else
// from his first ring to the end of his last talk.
func workSpans(log *Log) [][]span {
	spans := make([][]span, len(log.Agents))
	place := make(map[string]int, len(log.Agents))
	for i, a := range log.Agents {
		place[a.Name] = i
		for _, p := range a.Present {
			spans[i] = append(spans[i], p.interval())
		}
	}
	for _, c := range log.Calls {
		i, ok := place[c.Agent]
		if !ok || c.Outcome != queue.Answered || log.Agents[i].Present != nil {
			continue
		}
		from, to := agent.At(c.taken()), agent.At(c.left()).Add(max(c.Talk, 0))
		if spans[i] == nil {
			spans[i] = []span{{from, to}}
			continue
		}
		spans[i][0].from, spans[i][0].to = min(spans[i][0].from, from), max(spans[i][0].to, to)
	}
	return spans
}

// without takes the parts out of spans; both ascending and apart.
func without(spans, parts []span) []span {
	var left []span
	for _, s := range spans {
		for _, p := range parts {
			if p.to <= s.from || p.from >= s.to {
				continue
			}
			if p.from > s.from {
				left = append(left, span{s.from, p.from})
			}
			s.from = p.to
		}
		if s.from < s.to {
			left = append(left, s)
		}
	}
	return slices.Clip(left)
}
