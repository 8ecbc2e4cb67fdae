package sim

import (
	"context"
	"fmt"
	"io"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/strategy"
)

// Comparison is a configuration played with several strategies, on the same calls.
// It is read only.
type Comparison struct {
	Results []*Result `json:"strategies"` // in the order asked for
	// Differences are those of each result but the first from the first, over all
	// queues. They are paired, day by day, and far surer than the results are.
	Differences []Difference `json:"differences"`
}

// Difference is how a result differs from the first of its comparison.
type Difference struct {
	Strategy     string  `json:"strategy"`
	Wait         Number  `json:"wait"`          // of the served, in seconds
	Abandoned    Number  `json:"abandoned"`     // as a share of the arrived
	ServiceLevel *Number `json:"service_level"` // nil without sla_time
}

// Compare simulates a configuration once with each polling strategy in all its
// queues: those named, or the seven if names is empty. What callers bring along,
// when they arrive, how long they talk and how long they wait, is the same in each.
// Errors are those of [Run], and an unknown name.
func Compare(ctx context.Context, c Config, names []string, o Options) (*Comparison, error) {
	if len(names) == 0 {
		for _, s := range strategy.Seven() {
			names = append(names, s.Name)
		}
	}
	for _, name := range names {
		if _, err := strategy.Lookup(name, o.Strategies...); err != nil {
			return nil, fmt.Errorf("sim: %w", err)
		}
	}
	out := &Comparison{Differences: []Difference{}}
	for i, name := range names {
		with := o
		if o.Progress != nil {
			with.Progress = func(share float64) { o.Progress((float64(i) + share) / float64(len(names))) }
		}
		r, err := Run(ctx, c.With(name), with)
		if err != nil {
			return nil, err
		}
		r.Strategy = name
		out.Results = append(out.Results, r)
		if i > 0 {
			out.Differences = append(out.Differences, r.against(out.Results[0]))
		}
	}
	return out, nil
}

// against returns how r differs from the first of its comparison.
func (r *Result) against(first *Result) Difference {
	between := func(y, x func(t *queueTally) float64) Number {
		return difference(columnOf(r.days, y), columnOf(r.days, x), columnOf(first.days, y), columnOf(first.days, x))
	}
	d := Difference{
		Strategy:  r.Strategy,
		Wait:      between(func(t *queueTally) float64 { return t.wait.seconds() }, func(t *queueTally) float64 { return float64(t.served) }),
		Abandoned: between(func(t *queueTally) float64 { return float64(t.abandoned) }, func(t *queueTally) float64 { return float64(t.arrived) }),
	}
	if r.Total.ServiceLevel != nil {
		d.ServiceLevel = point(between(func(t *queueTally) float64 { return float64(t.soon) }, func(t *queueTally) float64 { return float64(t.slaServed + t.late) }))
	}
	return d
}

// differenceTable shows the differences.
func (c *Comparison) differenceTable() *report.Table {
	t := &report.Table{Columns: report.Columns("less "+c.Results[0].Strategy, "wait\nserved, s", "hung up,\n% of arrived"), Alike: true}
	if c.Results[0].Total.ServiceLevel != nil {
		t.Columns = append(t.Columns, report.Column{Title: "service\nlevel, %"})
	}
	for _, d := range c.Differences {
		row := []string{d.Strategy, d.Wait.text(2, 1), d.Abandoned.text(2, 100)}
		if d.ServiceLevel != nil {
			row = append(row, d.ServiceLevel.text(2, 100))
		}
		t.Add(row...)
	}
	t.Notes = []string{"Differences over all queues, paired day by day: the same calls for every strategy."}
	return t
}

// With returns the configuration with a polling strategy in all queues.
func (c Config) With(strategy string) Config {
	queues := make([]Queue, len(c.Queues))
	for i, q := range c.Queues {
		q.Properties = q.Properties.Clone()
		q.Properties.PollingStrategy = strategy
		queues[i] = q
	}
	c.Queues = queues
	return c
}

// Tables returns a table for each queue and, if there are several, for all, a row
// for each strategy; then how they differ, and one for each group of agents.
func (c *Comparison) Tables() []*report.Table {
	var names []string
	for _, r := range c.Results {
		names = append(names, r.Strategy)
	}
	first := c.Results[0]
	var tables []*report.Table
	add := func(title string, of func(r *Result) *Numbers) {
		var rows []*Numbers
		for _, r := range c.Results {
			rows = append(rows, of(r))
		}
		tables = append(tables, numbersTable(title, names, rows))
	}
	for i, q := range first.Queues {
		add(q.Name, func(r *Result) *Numbers { return &r.Queues[i].Numbers })
	}
	if len(first.Queues) > 1 {
		add("total", func(r *Result) *Numbers { return &r.Total })
	}
	tables[len(tables)-1].Notes = first.notes()
	if len(c.Differences) > 0 {
		tables = append(tables, c.differenceTable())
	}
	return append(tables, c.agentTables()...)
}

// agentTables returns a table for each group of agents.
func (c *Comparison) agentTables() []*report.Table {
	var tables []*report.Table
	for i, g := range c.Results[0].Agents {
		t := agentTable("agents: " + g.Name)
		for _, r := range c.Results {
			t.Add(r.Agents[i].row(r.Strategy)...)
		}
		tables = append(tables, t)
	}
	return tables
}

// WriteText writes the tables, for a terminal.
func (c *Comparison) WriteText(w io.Writer) error {
	var sum Figures
	calls := 0.0
	for _, r := range c.Results {
		sum.Events += r.Engine.Events
		sum.WallSeconds += r.Engine.WallSeconds
		calls += r.Engine.CallsPerSecond * r.Engine.WallSeconds
	}
	sum.CallsPerSecond = calls / sum.WallSeconds
	return writeText(w, c.Tables(), sum)
}
