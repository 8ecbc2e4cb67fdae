package replay

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/acd/report"
)

// Table returns the numbers side by side, what really happened first.
func (c *Comparison) Table() *report.Table {
	rows := append([]Numbers{c.Real}, c.Strategies...)
	var other int
	for _, n := range rows {
		other += n.Other
	}
	t := &report.Table{}
	column := func(title string, text func(n Numbers) string) {
		t.Columns = append(t.Columns, report.Column{Title: title, Text: len(t.Columns) == 0})
		for i, n := range rows {
			if len(t.Rows) <= i {
				t.Rows = append(t.Rows, nil)
			}
			t.Rows[i] = append(t.Rows[i], text(n))
		}
	}
	count := func(n int) string { return fmt.Sprint(n) }
	seconds := func(v Value) string { return report.Fixed(float64(v), 1) }
	column("strategy", func(n Numbers) string { return n.Name })
	column("answered", func(n Numbers) string { return count(n.Answered) })
	column("abandoned", func(n Numbers) string { return count(n.Abandoned) })
	if other > 0 {
		column("other", func(n Numbers) string { return count(n.Other) })
	}
	column("wait\nmean, s", func(n Numbers) string { return seconds(n.WaitMean) })
	column("wait\np90, s", func(n Numbers) string { return seconds(n.WaitP90) })
	column("answered\nin 20 s", func(n Numbers) string { return count(n.Within20) })
	column("\nshare", func(n Numbers) string { return report.Percent(float64(n.Within20Share)) })
	column("work\nspread", func(n Numbers) string { return report.Fixed(float64(n.WorkSpread), 3) })
	column("repeat\ncallers", func(n Numbers) string { return count(n.RepeatCallers) })
	column("met whom\nthey knew", func(n Numbers) string { return count(n.MetKnown) })
	column("\nshare", func(n Numbers) string { return report.Percent(float64(n.MetKnownShare)) })
	column("estimate\nbias, s", func(n Numbers) string { return signed(n.Estimates.Delayed.Bias) })
	column("estimate\nRMSE, s", func(n Numbers) string { return seconds(n.Estimates.Delayed.RMSE) })
	t.Notes = []string{
		"wait: of the answered, from joining the line to the answer; 90 % of them waited no longer than p90. answered in 20 s: the share is of the answered.",
		"work spread: standard deviation of the agents' talking time per hour at work, weighed by hours, over its mean; 0 is even.",
		"repeat callers: answered, and had talked with an agent before in this log; whom they knew: the agent they had talked with last.",
		"estimate: as it could be announced at the join, against the actual wait, of the answered who found nobody free; see below.",
	}
	return t
}

// EstimateTable returns the errors of the estimates at the join beside those of
// the usual guesses, on the same calls.
func (c *Comparison) EstimateTable() *report.Table {
	t := &report.Table{
		Alike: true,
		Columns: report.Columns(
			"estimated at the join", "delayed\ncallers", "estimate\nbias, s", "\nRMSE, s", "within\n80 %",
			"by position\nbias, s", "\nRMSE, s", "by last\nbias, s", "\nRMSE, s",
			"all\ncallers", "estimate\nRMSE, s", "by position\nRMSE, s", "by last\nRMSE, s",
		),
		Notes: []string{
			"Of callers who were answered: what was estimated when they joined against what they waited; bias > 0: estimated too long; RMSE: root of the mean squared error.",
			"delayed: they found nobody free. all: also those who found an agent free, for whom every way says 0. Who joined while nobody was at work got no estimate and is in neither.",
			"within 80 %: share of them who waited no longer than the announced 80 % quantile.",
			"by position: position × mean handling time / agents, with the agents at work and the true handling time of the whole play, which nobody knows beforehand. by last: the wait of the last one answered before.",
		},
	}
	seconds := func(v Value) string { return report.Fixed(float64(v), 1) }
	for _, n := range c.Strategies {
		d, a := n.Estimates.Delayed, n.Estimates.All
		t.Add(n.Name, fmt.Sprint(d.Callers), signed(d.Bias), seconds(d.RMSE), report.Percent(float64(d.WithinP80)),
			signed(d.ByPosition.Bias), seconds(d.ByPosition.RMSE), signed(d.ByLast.Bias), seconds(d.ByLast.RMSE),
			fmt.Sprint(a.Callers), seconds(a.RMSE), seconds(a.ByPosition.RMSE), seconds(a.ByLast.RMSE))
	}
	return t
}

// FamiliarTable returns what sticky routing does for repeat callers and what it
// costs, what really happened first; nil if that was not asked for.
func (c *Comparison) FamiliarTable() *report.Table {
	if c.Familiar == nil {
		return nil
	}
	t := &report.Table{
		Columns: report.Columns(
			"repeat callers", "without sticky\nmet", "\nshare", "wait\nmean, s",
			"sticky\nmet", "\nshare", "wait\nmean, s", "sticky, 30 s\nmet", "\nshare", "wait\nmean, s",
			"found free\nand met", "sticky\nand met", "busy", "away",
		),
		Notes: []string{
			"met: of the answered who had talked with an agent before in this log, those who met the agent they had talked with last. wait: of all who were answered.",
			"sticky: that agent is rung first if he is available (enable_sticky_routing). 30 s: and while he is busy the caller is held for him so long, though others be free (sticky_wait = 30).",
			"Who waits in line meets whoever becomes free first: without a sticky_wait there is a choice only for those who find somebody free. Where all ring at once, nobody is preferred.",
			"found free and met: of those who found whom they knew free when they joined, without sticky and with. busy: he was on a call or in a wrap-up; away: on a break or not at work. All others meet him by chance, which differs from seed to seed.",
		},
	}
	cells := func(m Meetings) []string {
		return []string{
			fmt.Sprintf("%d of %d", m.MetKnown, m.RepeatCallers), report.Percent(float64(m.MetKnownShare)), report.Fixed(float64(m.WaitMean), 1),
		}
	}
	t.Add(append([]string{c.Real.Name}, cells(meetings(c.Real, nil))...)...)
	for len(t.Rows[0]) < len(t.Columns) {
		t.Rows[0] = append(t.Rows[0], report.None)
	}
	for _, f := range c.Familiar {
		t.Add(slices.Concat([]string{f.Strategy}, cells(f.Without), cells(f.Sticky), cells(f.Waiting),
			[]string{
				fmt.Sprintf("%d of %d", f.Without.MetFree, f.Without.KnownFree), fmt.Sprintf("%d of %d", f.Sticky.MetFree, f.Sticky.KnownFree),
				fmt.Sprint(f.Sticky.KnownBusy), fmt.Sprint(f.Sticky.KnownAway),
			})...)
	}
	return t
}

// signed writes a number that may be on either side of 0 with its sign.
func signed(v Value) string {
	text := report.Fixed(float64(v), 1)
	if v > 0 {
		text = "+" + text
	}
	return text
}

// WriteText writes the accounting and the tables, for a terminal.
func (c *Comparison) WriteText(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "%s\n\n", strings.Join(c.Plan.Log.Account(), "\n")); err != nil {
		return err
	}
	tables := []*report.Table{c.Table()}
	if len(c.Strategies) > 0 {
		tables = append(tables, c.EstimateTable())
	}
	if t := c.FamiliarTable(); t != nil {
		tables = append(tables, t)
	}
	return report.WriteTables(w, tables...)
}
