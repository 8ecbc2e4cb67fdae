package sim

import (
	"math"
	"strconv"

	"github.com/acdkit/acdkit/acd/report"
)

// Result is what a simulation gives. It is read only.
//
// Counts are means over the replications; whatever is a share or a mean over calls
// (service_level, p_wait, the waits, occupancy) is a ratio of such means, so that
// each call counts alike and days with many calls more than days with few.
type Result struct {
	// Strategy is the polling strategy of all queues, if one was asked for; else
	// each queue has its own.
	Strategy string        `json:"strategy,omitempty"`
	Queues   []QueueResult `json:"queues"` // in the order of the configuration
	Total    Numbers       `json:"total"`
	Agents   []GroupResult `json:"agents"` // in the order of the configuration
	Engine   Figures       `json:"engine"`

	replications int
	days         []queueTally // over all queues, by replication
	detail       *detail
	group        []int32 // of each agent
}

// QueueResult are the numbers of a queue.
type QueueResult struct {
	Name string `json:"name"`
	Numbers
	// ByPeriod has one for each period of the queue's arrivals before the horizon,
	// one alone if there are no periods.
	ByPeriod []PeriodNumbers `json:"by_period"`
}

// Numbers are those of a queue or of all, of the calls that arrive from the warmup
// on. What needs a sla_time is nil (in JSON null) where there is none; in a total it
// counts the queues that have one. Waits are in seconds.
type Numbers struct {
	Arrived          Number  `json:"arrived"`             // handed over, refused ones too
	Served           Number  `json:"served"`              // answered
	Abandoned        Number  `json:"abandoned"`           // hung up
	AbandonedLate    *Number `json:"abandoned_after_sla"` // hung up after sla_time
	AnsweredSoon     *Number `json:"answered_in_sla"`     // answered within it, its end included
	ServiceLevel     *Number `json:"service_level"`       // answered_in_sla / (served + abandoned_after_sla)
	TimedOut         Number  `json:"timed_out"`           // waited for max_waiting_time
	Refused          Number  `json:"refused"`             // turned away: FULL, NIGHT, NO_AGENTS, also out of the line when the last agent goes (B40)
	ShareThatWaited  Number  `json:"p_wait"`              // waited longer than 0 s / arrived
	Wait             Number  `json:"wait"`                // from the join to the answer, mean over the served, 0 included
	WaitOfAll        Number  `json:"wait_all"`            // in the line, mean over all who were in it and left it
	WaitOfAbandoned  Number  `json:"wait_abandoned"`      // mean over those who hung up
	Line             Number  `json:"line"`                // callers who wait, those being rung for included: average over the time from warmup to horizon
	Offers           Number  `json:"offers"`              // phones rung
	AnsweredBySticky Number  `json:"sticky_hits"`         // answered by the agent whom the caller knew, rung first (B70)
}

// PeriodNumbers are those of the calls that arrive in a period.
type PeriodNumbers struct {
	Arrived      Number  `json:"arrived"`
	AnsweredSoon *Number `json:"answered_in_sla"`
}

// GroupResult are the numbers of a group of agents.
type GroupResult struct {
	Name string `json:"name"`
	// Occupancy is talking time over time on duty, both between warmup and horizon,
	// the last call of who goes off duty included.
	Occupancy Number `json:"occupancy"`
	// Served are the calls served by each agent who was on duty at any time.
	Served Spread `json:"served"`
}

// Spread is how a number spreads over the agents of a group.
type Spread struct {
	Min  Number `json:"min"`
	Mean Number `json:"mean"`
	Max  Number `json:"max"`
}

// Figures say what it took. Wall time is the only thing in a result that does not
// depend on seed and configuration alone.
type Figures struct {
	Events         uint64  `json:"events"` // of the engine, in all replications
	WallSeconds    float64 `json:"wall_seconds"`
	CallsPerSecond float64 `json:"calls_per_second"` // calls played, warmup included, per second of wall time
}

// number writes a number as JSON, null if it is none.
func number(x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null")
	}
	return strconv.AppendFloat(nil, x, 'g', -1, 64)
}

// newResult works the samples up.
func newResult(p *plan, samples []sample, d *detail) *Result {
	r := &Result{Agents: []GroupResult{}, replications: len(samples), detail: d, group: p.group}
	window := float64(p.horizon-p.warmup) / 1e9
	all := make([]queueTally, len(samples))
	sla := false
	for i := range p.queues {
		has := p.queues[i].Properties.SLATime > 0
		sla = sla || has
		rows := make([]queueTally, len(samples))
		for k := range samples {
			rows[k] = samples[k].queues[i]
			all[k].add(&rows[k])
		}
		q := QueueResult{Name: p.queues[i].Name, Numbers: numbersOf(rows, window, has)}
		for j := range p.periods[i] {
			arrived, soon := make([]float64, len(samples)), make([]float64, len(samples))
			for k := range samples {
				arrived[k] = float64(samples[k].periods[i][j].arrived)
				soon[k] = float64(samples[k].periods[i][j].soon)
			}
			n := PeriodNumbers{Arrived: mean(arrived)}
			if has {
				n.AnsweredSoon = point(mean(soon))
			}
			q.ByPeriod = append(q.ByPeriod, n)
		}
		r.Queues = append(r.Queues, q)
	}
	r.Total, r.days = numbersOf(all, window, sla), all
	for i := range p.config.Agents {
		r.Agents = append(r.Agents, groupOf(p.config.Agents[i].Name, samples, i))
	}
	for i := range samples {
		r.Engine.Events += samples[i].events
	}
	return r
}

func point(n Number) *Number { return &n }

// columnOf returns one thing of each replication.
func columnOf(rows []queueTally, of func(t *queueTally) float64) []float64 {
	x := make([]float64, len(rows))
	for i := range rows {
		x[i] = of(&rows[i])
	}
	return x
}

// numbersOf works the tallies of the replications up.
func numbersOf(rows []queueTally, window float64, sla bool) Numbers {
	column := func(of func(t *queueTally) float64) []float64 { return columnOf(rows, of) }
	count := func(of func(t *queueTally) int64) []float64 {
		return column(func(t *queueTally) float64 { return float64(of(t)) })
	}
	arrived := count(func(t *queueTally) int64 { return t.arrived })
	served := count(func(t *queueTally) int64 { return t.served })
	abandoned := count(func(t *queueTally) int64 { return t.abandoned })
	n := Numbers{
		Arrived:          mean(arrived),
		Served:           mean(served),
		Abandoned:        mean(abandoned),
		TimedOut:         mean(count(func(t *queueTally) int64 { return t.timedOut })),
		Refused:          mean(count(func(t *queueTally) int64 { return t.refused })),
		ShareThatWaited:  ratio(count(func(t *queueTally) int64 { return t.waited }), arrived),
		Wait:             ratio(column(func(t *queueTally) float64 { return t.wait.seconds() }), served),
		WaitOfAll:        ratio(column(func(t *queueTally) float64 { return t.waitAll.seconds() }), count(func(t *queueTally) int64 { return t.left })),
		WaitOfAbandoned:  ratio(column(func(t *queueTally) float64 { return t.waitAbandoned.seconds() }), abandoned),
		Line:             mean(column(func(t *queueTally) float64 { return t.area.seconds() / window })),
		Offers:           mean(count(func(t *queueTally) int64 { return t.offers })),
		AnsweredBySticky: mean(count(func(t *queueTally) int64 { return t.sticky })),
	}
	if sla {
		soon := count(func(t *queueTally) int64 { return t.soon })
		n.AnsweredSoon = point(mean(soon))
		n.AbandonedLate = point(mean(count(func(t *queueTally) int64 { return t.late })))
		n.ServiceLevel = point(ratio(soon, count(func(t *queueTally) int64 { return t.slaServed + t.late })))
	}
	return n
}

func groupOf(name string, samples []sample, i int) GroupResult {
	column := func(of func(t *groupTally) float64) []float64 {
		x := make([]float64, len(samples))
		for k := range samples {
			x[k] = of(&samples[k].groups[i])
		}
		return x
	}
	return GroupResult{
		Name:      name,
		Occupancy: ratio(column(func(t *groupTally) float64 { return t.talk.seconds() }), column(func(t *groupTally) float64 { return t.staffed.seconds() })),
		Served: Spread{
			Min:  mean(column(func(t *groupTally) float64 { return float64(t.least) })),
			Mean: ratio(column(func(t *groupTally) float64 { return float64(t.all) }), column(func(t *groupTally) float64 { return float64(t.who) })),
			Max:  mean(column(func(t *groupTally) float64 { return float64(t.most) })),
		},
	}
}

// text writes a number for people, e.g. "40.1 ± 0.3".
func (n Number) text(decimals int, factor float64) string {
	text := report.Fixed(n.Mean*factor, decimals)
	if !math.IsNaN(n.HalfWidth) && !math.IsNaN(n.Mean) {
		text += " ± " + report.Fixed(n.HalfWidth*factor, decimals)
	}
	return text
}
