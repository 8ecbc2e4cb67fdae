package sim

import (
	"strconv"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// plan is a configuration made ready: what all replications share, read only.
type plan struct {
	config          Config
	own             []strategy.Strategy
	queues          []Queue
	horizon, warmup int64
	ids             []agent.ID         // of the agents, group by group
	group           []int32            // of each agent
	first           []int              // agent of each group
	index           map[agent.ID]int32 // of an agent; nil if their numbers count on from base
	base            uint64             // the number of the first agent
	queueIDs        []queue.ID
	periods         []int // of each queue's arrivals

	// For tests: seen sees every event, dress changes how a call joins.
	seen  func(acd.Event)
	dress func(acd.Join) acd.Join
}

// newPlan checks and prepares a configuration.
func newPlan(c Config, own []strategy.Strategy) (*plan, error) {
	if err := c.Validate(own...); err != nil {
		return nil, err
	}
	p := &plan{
		config: c, own: own, queues: c.numbered(), horizon: int64(c.Horizon), warmup: int64(c.Warmup),
	}
	for _, q := range p.queues {
		p.queueIDs = append(p.queueIDs, queue.ID(q.Name))
		n := 1
		if period := q.Arrivals.PerHour.Period; period > 0 {
			n = int((c.Horizon + period - 1) / period)
		}
		p.periods = append(p.periods, n)
	}
	for i, numbers := range c.extensions() {
		p.first = append(p.first, len(p.ids))
		for _, number := range numbers {
			p.ids = append(p.ids, agent.ID(number))
			p.group = append(p.group, int32(i))
		}
	}
	p.number()
	return p, nil
}

// number makes agents known by their ids. As a rule their numbers follow each other,
// and to read one is faster than to look it up.
func (p *plan) number() {
	if len(p.ids) == 0 {
		return
	}
	first := string(p.ids[0])
	p.base, _ = extension(first)
	for i, id := range p.ids {
		if string(id) != following(first, p.base, i) {
			p.index = make(map[agent.ID]int32, len(p.ids))
			break
		}
	}
	if p.index != nil {
		for i, id := range p.ids {
			p.index[id] = int32(i)
		}
	}
}

// agentOf returns which agent has an id.
func (p *plan) agentOf(id agent.ID) int32 {
	if p.index != nil {
		return p.index[id]
	}
	n := uint64(0)
	for i := range len(id) {
		n = n*10 + uint64(id[i]-'0')
	}
	return int32(n - p.base)
}

// period returns in which period of a queue's arrivals a time lies.
func (p *plan) period(q int32, at int64) int {
	period := int64(p.queues[q].Arrivals.PerHour.Period)
	if period == 0 {
		return 0
	}
	return int(at / period)
}

// epoch is when every replication begins; no time of day has a meaning.
var epoch = agent.At(time.Date(2001, time.January, 1, 0, 0, 0, 0, time.UTC))

// firstCaller is the number of the first caller.
const firstCaller = 1_000_000_000

func callerNumber(n int) string { return strconv.Itoa(firstCaller + n) }
