package sim

import (
	"fmt"
	"math"
	"strings"

	"github.com/acdkit/acdkit/acd/report"
)

// Page returns the result as a page with its plots.
func (r *Result) Page() report.Page { return (&Comparison{Results: []*Result{r}}).Page() }

// Page returns the comparison as a page with its plots: for each queue its numbers,
// the service level over the day and the waits; and how the work falls on the
// agents.
func (c *Comparison) Page() report.Page {
	first := c.Results[0]
	p := report.Page{Title: "A contact centre, simulated", Lead: c.lead()}
	for i, q := range first.Queues {
		s := report.Section{Title: "Queue " + q.Name, Table: c.tableOf(q.Name, func(r *Result) *Numbers { return &r.Queues[i].Numbers })}
		if first.Queues[i].ServiceLevel != nil {
			s.Figures = append(s.Figures, c.serviceLevel(i))
		}
		s.Figures = append(s.Figures, c.hungUp(i), c.waits(i))
		p.Sections = append(p.Sections, s)
	}
	if len(first.Queues) > 1 {
		p.Sections = append(p.Sections, report.Section{Title: "All queues", Table: c.tableOf("total", func(r *Result) *Numbers { return &r.Total })})
	}
	if len(c.Differences) > 0 {
		p.Sections = append(p.Sections, report.Section{Title: "Differences", Table: c.differenceTable()})
	}
	work := report.Section{Title: "Agents", Text: []string{"Occupancy is talking time over time on duty. In one line whose agents are all alike the order of ringing does not change how long people wait; it decides on whom the work falls."}}
	work.Figures = append(work.Figures, c.occupancy())
	if len(c.Results) == 1 {
		work.Table = first.AgentTable()
	}
	p.Sections = append(p.Sections, work)
	if len(c.Results) > 1 {
		for i, t := range c.agentTables() {
			p.Sections = append(p.Sections, report.Section{Title: "Group " + first.Agents[i].Name, Table: t})
		}
	}
	p.Sections = append(p.Sections, report.Section{Title: "How it was done", Text: append(first.notes(),
		"Arrivals are a Poisson process; talks and patience are drawn at the arrival. Everything goes through the routing engine in virtual time. All strategies play the same calls.",
		strings.Join(c.figures(), "; ")+".",
	)})
	return p
}

func (c *Comparison) lead() []string {
	first := c.Results[0]
	lead := []string{fmt.Sprintf("%s calls to %d %s and %d agents.", report.Fixed(first.Total.Arrived.Mean, 0), len(first.Queues), plural(len(first.Queues), "queue"), len(first.group))}
	if first.replications > 1 {
		lead[0] = fmt.Sprintf("%d replications, each on average of %s", first.replications, lead[0])
	}
	if len(c.Results) > 1 {
		lead = append(lead, fmt.Sprintf("The same calls were played with %d strategies.", len(c.Results)))
	}
	return lead
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

func (c *Comparison) figures() []string {
	var all []string
	for _, r := range c.Results {
		all = append(all, strings.TrimPrefix(r.Strategy+": ", ": ")+r.Engine.said())
	}
	return all
}

// names returns what the lines of plots and rows of tables are called.
func (c *Comparison) names(one string) []string {
	names := make([]string, len(c.Results))
	for i, r := range c.Results {
		if names[i] = r.Strategy; names[i] == "" {
			names[i] = one
		}
	}
	return names
}

func (c *Comparison) tableOf(what string, of func(r *Result) *Numbers) *report.Table {
	var rows []*Numbers
	for _, r := range c.Results {
		rows = append(rows, of(r))
	}
	head := "strategy"
	if c.Results[0].Strategy == "" {
		head = "queue" // each goes by its own
	}
	return numbersTable(head, c.names(what), rows)
}

// hours returns the middles of the time slots, in hours.
func (d *detail) hours() []float64 {
	x := make([]float64, len(d.slots[0]))
	for i := range x {
		x[i] = (float64(i) + 0.5) * float64(d.slot) / 3.6e12
	}
	return x
}

func (d *detail) axis() report.Axis {
	end := float64(len(d.slots[0])) * float64(d.slot) / 3.6e12
	a := report.Axis{Title: "hours from the beginning", Max: end}
	if end == 24 {
		a.Step = 3
	}
	return a
}

// series makes a line for each strategy.
func (c *Comparison) series(x []float64, y func(d *detail, i int) float64) []report.Line {
	names := c.names("")
	lines := make([]report.Line, len(c.Results))
	for k, r := range c.Results {
		lines[k] = report.Line{Name: names[k], X: x}
		for i := range x {
			lines[k].Y = append(lines[k].Y, y(r.detail, i))
		}
	}
	return lines
}

func (c *Comparison) serviceLevel(q int) report.Figure {
	d := c.Results[0].detail
	return report.Lines{
		Title: "Service level over the day", Text: "Answered within sla_time, of the served and those who hung up later, by the time of the arrival.",
		X: d.axis(), Y: report.Axis{Max: 1, Step: 0.2, Percent: true},
		Series: c.series(d.hours(), func(d *detail, i int) float64 {
			s := d.slots[q][i]
			return report.Ratio(float64(s.soon), float64(s.served+s.late))
		}),
	}.Figure()
}

func (c *Comparison) hungUp(q int) report.Figure {
	r := c.Results[0]
	d := r.detail
	share := c.series(d.hours(), func(d *detail, i int) float64 {
		s := d.slots[q][i]
		return report.Ratio(float64(s.abandoned), float64(s.served+s.abandoned))
	})
	highest := 0.0
	for _, l := range share {
		for _, y := range l.Y {
			if !math.IsNaN(y) {
				highest = max(highest, y)
			}
		}
	}
	axis := report.Axis{Percent: true}
	if highest == 0 {
		axis.Max, axis.Step = 0.1, 0.02
	}
	return report.Lines{Title: "Who hung up, over the day", Text: "Share of the served and those who hung up, by the time of the arrival.", X: d.axis(), Y: axis, Series: share}.Figure()
}

// waits shows how many of the served had been answered after how long: a point for
// each half percent, as a histogram with a bounded error has it.
func (c *Comparison) waits(q int) report.Figure {
	const points = 200
	names := c.names("")
	reach := 30.0
	lines := make([]report.Line, len(c.Results))
	for k, r := range c.Results {
		h := &r.detail.waits[q]
		l := report.Line{Name: names[k], Stairs: true}
		for i := 0; i < points && h.Total() > 0; i++ {
			l.X = append(l.X, h.Percentile(100*float64(i)/points).Seconds())
			l.Y = append(l.Y, float64(i)/points)
		}
		l = atomAtZero(l)
		reach = max(reach, h.Percentile(98).Seconds())
		lines[k] = l
	}
	reach = 30 * math.Ceil(reach/30)
	for k := range lines { // the end of the axis is no end of the line
		if n := len(lines[k].X); n > 0 && lines[k].X[n-1] < reach {
			lines[k].X, lines[k].Y = append(lines[k].X, reach), append(lines[k].Y, 1)
		}
	}
	return report.Lines{
		Title: "Answered within", Text: "Share of the served who had waited no longer than that.",
		X: report.Axis{Title: "wait, s", Max: reach, Step: 30 * math.Ceil(reach/180)}, Y: report.Axis{Max: 1, Step: 0.2, Percent: true}, Series: lines,
	}.Figure()
}

// atomAtZero begins the line with all who did not wait at all.
func atomAtZero(l report.Line) report.Line {
	for len(l.X) > 1 && l.X[0] == 0 && l.X[1] == 0 {
		l.X, l.Y = l.X[1:], l.Y[1:]
	}
	return l
}

func (c *Comparison) occupancy() report.Figure {
	first := c.Results[0]
	x := make([]float64, len(first.group))
	for i := range x {
		x[i] = float64(i + 1)
	}
	return report.Lines{
		Title: "Occupancy of each agent", Text: "Talking time over time on duty, agents in their configured order.",
		X: report.Axis{Title: "agent", Max: max(float64(len(x)), 1)}, Y: report.Axis{Max: 1, Step: 0.2, Percent: true},
		Series: c.series(x, func(d *detail, i int) float64 { return report.Ratio(d.talk[i].seconds(), d.staffed[i].seconds()) }),
	}.Figure()
}
