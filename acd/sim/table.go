package sim

import (
	"fmt"
	"io"

	"github.com/acdkit/acdkit/acd/report"
)

// column is a column of the table of queues.
type column struct {
	title string
	text  func(n *Numbers) string
	needs func(n *Numbers) bool // shown if it holds of any row; nil: always
}

// seconds and counts are shown with a decimal, so that means of many replications
// keep what they know.
var columns = []column{
	{"arrived", func(n *Numbers) string { return n.Arrived.text(1, 1) }, nil},
	{"served", func(n *Numbers) string { return n.Served.text(1, 1) }, nil},
	{"hung up", func(n *Numbers) string { return n.Abandoned.text(1, 1) }, nil},
	{"timed out", func(n *Numbers) string { return n.TimedOut.text(1, 1) }, func(n *Numbers) bool { return n.TimedOut.Mean > 0 }},
	{"refused", func(n *Numbers) string { return n.Refused.text(1, 1) }, func(n *Numbers) bool { return n.Refused.Mean > 0 }},
	{"in SLA", func(n *Numbers) string { return optional(n.AnsweredSoon, 1, 1) }, hasSLA},
	{"service\nlevel, %", func(n *Numbers) string { return optional(n.ServiceLevel, 1, 100) }, hasSLA},
	{"waited\n> 0 s, %", func(n *Numbers) string { return n.ShareThatWaited.text(1, 100) }, nil},
	{"wait\nserved, s", func(n *Numbers) string { return n.Wait.text(1, 1) }, nil},
	{"\nall, s", func(n *Numbers) string { return n.WaitOfAll.text(1, 1) }, nil},
	{"\nhung up, s", func(n *Numbers) string { return n.WaitOfAbandoned.text(1, 1) }, nil},
	{"callers\nin line", func(n *Numbers) string { return n.Line.text(2, 1) }, nil},
	{"offers", func(n *Numbers) string { return n.Offers.text(1, 1) }, nil},
	{"by whom\nthey knew", func(n *Numbers) string { return n.AnsweredBySticky.text(1, 1) }, func(n *Numbers) bool { return n.AnsweredBySticky.Mean > 0 }},
}

func hasSLA(n *Numbers) bool { return n.AnsweredSoon != nil }

func optional(n *Number, decimals int, factor float64) string {
	if n == nil {
		return report.None
	}
	return n.text(decimals, factor)
}

// numbersTable makes a table of numbers, a row for each name.
func numbersTable(what string, names []string, rows []*Numbers) *report.Table {
	t := &report.Table{Columns: report.Columns(what), Alike: true}
	for _, name := range names {
		t.Add(name)
	}
	for _, c := range columns {
		shown := c.needs == nil
		for _, n := range rows {
			shown = shown || c.needs(n)
		}
		if !shown {
			continue
		}
		t.Columns = append(t.Columns, report.Column{Title: c.title})
		for i, n := range rows {
			t.Rows[i] = append(t.Rows[i], c.text(n))
		}
	}
	return t
}

// notes say what the reader must know.
func (r *Result) notes() []string {
	notes := []string{"in SLA: answered within sla_time; service level: of the served and those who hung up later than that."}
	if r.replications > 1 {
		notes = append(notes, fmt.Sprintf("Means of %d replications, ± half the width of their 95 %% confidence interval.", r.replications))
	} else {
		notes = append(notes, "One replication: how far chance may move these numbers is not known.")
	}
	return notes
}

// Table returns the numbers of the queues and, if there are several, of all.
func (r *Result) Table() *report.Table {
	var names []string
	var rows []*Numbers
	for i := range r.Queues {
		names, rows = append(names, r.Queues[i].Name), append(rows, &r.Queues[i].Numbers)
	}
	if len(r.Queues) > 1 {
		names, rows = append(names, "total"), append(rows, &r.Total)
	}
	t := numbersTable("queue", names, rows)
	t.Notes = r.notes()
	return t
}

// AgentTable returns the numbers of the groups of agents.
func (r *Result) AgentTable() *report.Table {
	t := agentTable("agents")
	for _, g := range r.Agents {
		t.Add(g.row(g.Name)...)
	}
	return t
}

func agentTable(what string) *report.Table {
	return &report.Table{Columns: report.Columns(what, "occupancy, %", "served each:\nleast", "\nmean", "\nmost"), Alike: true}
}

func (g *GroupResult) row(name string) []string {
	return []string{name, g.Occupancy.text(1, 100), g.Served.Min.text(1, 1), g.Served.Mean.text(1, 1), g.Served.Max.text(1, 1)}
}

// said says what the engine did.
func (f Figures) said() string {
	return fmt.Sprintf("%d events, %.2f s, %.0f calls/s", f.Events, f.WallSeconds, f.CallsPerSecond)
}

// WriteText writes the tables, for a terminal.
func (r *Result) WriteText(w io.Writer) error {
	if r.Strategy != "" {
		if _, err := fmt.Fprintf(w, "%s\n\n", r.Strategy); err != nil {
			return err
		}
	}
	return writeText(w, []*report.Table{r.Table(), r.AgentTable()}, r.Engine)
}

// writeText writes tables, and below them what it took.
func writeText(w io.Writer, tables []*report.Table, f Figures) error {
	if err := report.WriteTables(w, tables...); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", f.said())
	return err
}
