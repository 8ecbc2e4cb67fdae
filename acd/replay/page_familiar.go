package replay

import (
	"fmt"

	"github.com/acdkit/acdkit/acd/report"
)

// familiar shows what sticky routing does for callers who know an agent.
func (c *Comparison) familiar() report.Section {
	s := report.Section{Title: "Callers who know an agent", Text: []string{
		"Sticky routing rings first the agent whom a caller talked with last. It can do so only if that agent is free when the caller comes; with a sticky_wait the caller is held for him while he is busy.",
	}}
	s.Table = c.FamiliarTable()
	share := report.Bars{Title: "Met whom they knew", Text: "Share of the answered repeat callers.", Label: report.Percent}
	wait := report.Bars{Title: "Mean wait of the answered, s", Text: "What it costs all of them."}
	add := func(name string, m Meetings, reference bool) {
		share.Bars = append(share.Bars, report.Bar{Name: name, Value: float64(m.MetKnownShare), Reference: reference})
		wait.Bars = append(wait.Bars, report.Bar{Name: name, Value: float64(m.WaitMean), Reference: reference})
	}
	add(c.Real.Name, meetings(c.Real, nil), true)
	places, note := c.distinct()
	for _, i := range places {
		f := c.Familiar[i]
		add(f.Strategy, f.Without, false)
		if f.Sticky != f.Without || f.Waiting != f.Without {
			add("… sticky", f.Sticky, false)
			add(fmt.Sprintf("… waiting %.0f s", familiarWait.Seconds()), f.Waiting, false)
		}
	}
	s.Figures = []report.Figure{share.Figure(), wait.Figure()}
	if note != "" {
		s.After = []string{note}
	}
	return s
}
