package replay

import (
	"fmt"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/queue"
)

// estimates shows how good the estimates at the join were.
func (c *Comparison) estimates() report.Section {
	s := report.Section{Title: "What callers could be told", Text: []string{
		"At each join the queue estimated the wait, from what it had learned by then and from who was at work. Set beside what the caller then waited, and beside the two usual guesses on the same calls. The estimate learns as it goes: nothing of the log was given to it beforehand.",
	}}
	if len(c.Strategies) == 0 {
		return s
	}
	s.Table = c.EstimateTable()
	name, errors := c.Strategies[0].Name, c.Strategies[0].Estimates.Delayed
	bars := report.Bars{
		Title: "Root mean squared error, s", Text: fmt.Sprintf("Of %s who found nobody free and were answered, with %s; shorter is better.", many(errors.Callers, "caller", "callers"), name),
		Bars: []report.Bar{
			{Name: "estimate", Value: float64(errors.RMSE)},
			{Name: "position × time / agents", Value: float64(errors.ByPosition.RMSE), Reference: true},
			{Name: "last one answered", Value: float64(errors.ByLast.RMSE), Reference: true},
		},
	}
	s.Figures = append(s.Figures, bars.Figure())
	lots := calibrate(c.played[0], c.reach())
	if len(lots) < 2 {
		return s
	}
	line := func(name string, y func(lot) float64) report.Line {
		l := report.Line{Name: name}
		for _, lot := range lots {
			l.X, l.Y = append(l.X, lot.mean), append(l.Y, y(lot))
		}
		return l
	}
	s.Figures = append(s.Figures, report.Lines{
		Title: "Estimated and waited", Text: "The same callers, put together by the mean that was estimated for them. Where the estimates are right, the lines of what they waited lie on those of what was estimated.",
		X: report.Axis{Title: "estimated mean, s"}, Y: report.Axis{Title: "s"},
		Series: []report.Line{
			line("estimated: mean", func(l lot) float64 { return l.mean }),
			line("waited: mean", func(l lot) float64 { return l.waited }),
			line("estimated: 80 % quantile", func(l lot) float64 { return l.p80 }),
			line("waited: 80 % quantile", func(l lot) float64 { return nearestRank(l.waits, 80) }),
		},
	}.Figure())
	return s
}

// lot are callers of whom about the same was estimated: the means of what was
// estimated and waited, and the waits.
type lot struct {
	mean, p80, waited float64
	waits             []float64
}

// calibrate puts the delayed callers who were answered together by the estimated
// mean, up to reach. Lots of a few only are left out.
func calibrate(played []Played, reach float64) []lot {
	var lots [20]lot
	width := reach / float64(len(lots))
	for _, c := range played {
		if c.Outcome != queue.Answered || !c.Told.Known || c.Told.Free() {
			continue
		}
		if i := int(c.Told.Estimate.Mean.Seconds() / width); i < len(lots) {
			l := &lots[i]
			l.mean += c.Told.Estimate.Mean.Seconds()
			l.p80 += c.Told.Estimate.P80.Seconds()
			l.waited += c.Wait.Seconds()
			l.waits = append(l.waits, c.Wait.Seconds())
		}
	}
	var large []lot
	for _, l := range lots {
		if n := float64(len(l.waits)); n >= fewest {
			large = append(large, lot{l.mean / n, l.p80 / n, l.waited / n, l.waits})
		}
	}
	return large
}
