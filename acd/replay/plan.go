package replay

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Reading says what to believe of an agent's absence that the log shows only in
// part: where nobody waited, it cannot be seen whether he was there.
type Reading uint8

// The readings.
const (
	Drawn    Reading = iota // DRAWN: out of the log's own distribution, within what the log leaves open
	Earliest                // EARLIEST: he is back as soon as the log does not show the contrary
	Latest                  // LATEST: he is back only when he takes the next call
	readings
)

var readingNames = [readings]string{"DRAWN", "EARLIEST", "LATEST"}

// String returns the upper-case name.
func (r Reading) String() string {
	if r < readings {
		return readingNames[r]
	}
	return fmt.Sprintf("Reading(%d)", uint8(r))
}

// MarshalText implements [encoding.TextMarshaler].
func (r Reading) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Reading) UnmarshalText(text []byte) error {
	i := slices.Index(readingNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("replay: %w: reading %q: must be one of %q", agent.ErrInvalid, text, readingNames)
	}
	*r = Reading(i)
	return nil
}

// Assumptions are what [NewPlan] assumes where the log is silent. The zero value
// means the defaults.
type Assumptions struct {
	// Seed chooses the draws; the same seed draws the same.
	Seed uint64
	// Reading of absences that the log shows in part.
	Reading Reading
	// Break is from which length on an absence after a talk is a break, which
	// the agent takes at its time, rather than the work after the call, which
	// goes with the call; at most 1 h, 0: 5 min.
	Break time.Duration
	// Shift is from which length on an absence lies between two shifts: it ends
	// when the log says, where a break that began late is as long as in the
	// log. 0: 3 h.
	Shift time.Duration
	// AnyKind takes every waiting call as proof that an agent is away, also of
	// a kind that he hardly answers.
	AnyKind bool
}

// Defaults of Assumptions.
const (
	defaultBreak = 5 * time.Minute
	defaultShift = 3 * time.Hour
)

// Plan is a log made playable: what the log knows, and once drawn what it cannot
// know. Every strategy plays the same plan, so that they compare on the same
// calls, talks and breaks. It is read only after [NewPlan] and may be played by
// several goroutines at once.
type Plan struct {
	Log         *Log
	Assumptions Assumptions // the defaults filled in
	// Patience is how long callers wait before they hang up, Away how long
	// agents are away after a talk, both as estimated from the log.
	Patience, Away Survival

	calls  []planned // as Log.Calls
	shifts []shift   // as Log.Agents
}

// planned is what a call does in the play.
type planned struct {
	patience time.Duration // then he hangs up; never: he does not
	ring     time.Duration // of the phone that is answered
	talk     time.Duration
	after    time.Duration // that the agent is busy with it after the talk
}

// never is a patience that does not end.
const never = time.Duration(1<<63 - 1)

// shift is when an agent is at work in the play.
type shift struct {
	from     agent.Instant // first comes; 0: never
	absences []absence
	hours    float64 // at work, breaks not counted, as in the log
}

// absence is a time in which an agent is not there. final is the last.
type absence struct {
	span
	home  bool // ends at its time, whenever it began
	final bool
}

// Streams of random numbers: what is drawn for one purpose does not change with
// what is drawn for another.
const (
	streamPatience = iota
	streamTalk
	streamAfter
	streamAway
	streamPhone
	streamRing
)

// NewPlan makes a log playable. An error wraps [agent.ErrInvalid]: an assumption
// is out of its range, or the log has no answered call to learn from.
func NewPlan(log *Log, a Assumptions) (*Plan, error) {
	a.Break, a.Shift = cmp.Or(a.Break, defaultBreak), cmp.Or(a.Shift, defaultShift)
	if a.Break < 0 || a.Break > time.Hour {
		return nil, fmt.Errorf("replay: %w: break %v: must be 0..1h", agent.ErrInvalid, a.Break)
	}
	if a.Shift < a.Break {
		return nil, fmt.Errorf("replay: %w: shift %v: must not be below break %v", agent.ErrInvalid, a.Shift, a.Break)
	}
	if a.Reading >= readings {
		return nil, fmt.Errorf("replay: %w: reading %s: must be one of %q", agent.ErrInvalid, a.Reading, readingNames)
	}
	if len(log.Agents) == 0 {
		return nil, fmt.Errorf("replay: %w: log: names no agent", agent.ErrInvalid)
	}
	p := &Plan{Log: log, Assumptions: a, calls: make([]planned, len(log.Calls))}
	p.drawPatience()
	p.drawRings()
	if err := p.drawTalks(); err != nil {
		return nil, err
	}
	p.drawAbsences()
	return p, nil
}

func (p *Plan) stream(n uint64) *rand.Rand { return rand.New(rand.NewPCG(p.Assumptions.Seed, n)) }

// drawPatience gives every caller his patience: of those who hung up the log
// knows it, of the others only that it was longer than their wait.
func (p *Plan) drawPatience() {
	obs := make([]Observation, len(p.Log.Calls))
	for i, c := range p.Log.Calls {
		obs[i] = Observation{For: c.Wait, Came: c.Outcome == queue.Abandoned}
	}
	p.Patience = KaplanMeier(obs)
	r := p.stream(streamPatience)
	for i, c := range p.Log.Calls {
		u := r.Float64()
		p.calls[i].patience = never
		if c.Outcome == queue.Abandoned {
			p.calls[i].patience = c.Wait
		} else if d, ok := p.Patience.Between(c.Wait, maxSpan, u); ok {
			p.calls[i].patience = d
		}
	}
}

// drawRings gives every call how long the phone rings that is answered for it.
func (p *Plan) drawRings() {
	var rings []time.Duration
	for _, c := range p.Log.Calls {
		if c.Outcome == queue.Answered {
			rings = append(rings, c.Ring)
		}
	}
	r := p.stream(streamRing)
	for i, c := range p.Log.Calls {
		p.calls[i].ring = c.Ring
		if c.Outcome != queue.Answered && len(rings) > 0 {
			p.calls[i].ring = rings[r.IntN(len(rings))]
		}
		p.calls[i].ring = min(p.calls[i].ring, longestRing)
	}
}

// longestRing is how long a phone may ring in the play.
const longestRing = 10 * time.Minute

// enough is how many talks of a kind make a distribution of their own.
const enough = 30

// drawTalks gives every call the length of its talk: what the log says, or else
// that of another call, of the same kind if there are enough.
func (p *Plan) drawTalks() error {
	ofKind := make(map[string][]time.Duration)
	var all []time.Duration
	for _, c := range p.Log.Calls {
		if c.Outcome == queue.Answered && c.Talk != Unknown {
			all = append(all, c.Talk)
			ofKind[c.Kind] = append(ofKind[c.Kind], c.Talk)
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("replay: %w: log: has no answered call of which it knows the talk", agent.ErrInvalid)
	}
	r := p.stream(streamTalk)
	for i, c := range p.Log.Calls {
		from := ofKind[c.Kind]
		if len(from) < enough {
			from = all
		}
		p.calls[i].talk = from[r.IntN(len(from))]
		if c.Outcome == queue.Answered && c.Talk != Unknown {
			p.calls[i].talk = c.Talk
		}
	}
	return nil
}

// drawAbsences gives every call the work after it, and every agent his breaks.
func (p *Plan) drawAbsences() {
	gaps := findGaps(p.Log, !p.Assumptions.AnyKind)
	var obs []Observation
	for _, g := range gaps {
		if g.told != nil {
			obs = append(obs, *g.told)
		}
	}
	p.Away = KaplanMeier(obs)

	away := make([][]span, len(p.Log.Agents))
	known := make([]bool, len(p.calls))
	var afters []time.Duration
	r := p.stream(streamAway)
	for _, g := range gaps {
		d := p.away(g, r.Float64())
		if d >= p.Assumptions.Break {
			away[g.agent] = append(away[g.agent], span{g.from, g.from.Add(d)})
			d = 0
		} else {
			afters = append(afters, d)
		}
		p.calls[g.call].after, known[g.call] = d, true
	}

	r = p.stream(streamAfter)
	for i := range p.calls {
		if u := r.Float64(); !known[i] && len(afters) > 0 {
			p.calls[i].after = afters[int(u*float64(len(afters)))]
		}
	}

	p.shifts = make([]shift, len(p.Log.Agents))
	for i, spans := range workSpans(p.Log) {
		p.shifts[i] = newShift(without(spans, away[i]), p.Assumptions.Shift)
	}
}

// away returns how long an agent was away in a gap.
func (p *Plan) away(g gap, u float64) time.Duration {
	switch p.Assumptions.Reading {
	case Earliest:
		return g.absent
	case Latest:
		return g.length
	}
	if g.absent == g.length {
		return g.length
	}
	if d, ok := p.Away.Between(g.absent-1, g.length, u); ok {
		return d
	}
	if len(p.Away.times) == 0 && g.length < p.Assumptions.Shift {
		return g.absent // nothing tells that agents are ever away for a while
	}
	return g.length // away longer than anybody was seen to be and then came back
}

// newShift returns the shift of an agent who is at work in these times.
func newShift(spans []span, apart time.Duration) shift {
	if len(spans) == 0 {
		return shift{}
	}
	s := shift{from: spans[0].from}
	for i, at := range spans {
		s.hours += at.to.Sub(at.from).Hours()
		if i+1 == len(spans) {
			s.absences = append(s.absences, absence{span: span{from: at.to}, final: true})
			break
		}
		a := span{at.to, spans[i+1].from}
		s.absences = append(s.absences, absence{span: a, home: a.to.Sub(a.from) >= apart})
	}
	return s
}
