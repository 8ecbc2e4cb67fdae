package replay

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/queue"
)

// Page returns the comparison as a page with its plots and with how it was
// made.
func (c *Comparison) Page() report.Page {
	log := c.Plan.Log
	first, last := log.Calls[0].At, log.Calls[len(log.Calls)-1].At
	p := report.Page{
		Title: fmt.Sprintf("A real call log through %s", many(len(c.Strategies), "strategy", "strategies")),
		Lead: []string{
			fmt.Sprintf("%d calls to %s %s, played again: the same callers at the same times with the same talks, the same people at work, and another order in which their phones ring.",
				len(log.Calls), many(len(log.Agents), "agent", "agents"), period(first, last)),
			c.nearness(),
		},
	}
	p.Sections = append(p.Sections, c.sideBySide(), c.waits(), c.estimates(), c.work())
	if c.Familiar != nil {
		p.Sections = append(p.Sections, c.familiar())
	}
	p.Sections = append(p.Sections, c.people(), c.method(), c.accounting())
	return p
}

// period says in words from when to when.
func period(first, last time.Time) string {
	const day = "2 January 2006"
	if first.Format(day) == last.Format(day) {
		return "on " + first.Format(day)
	}
	return "from " + first.Format(day) + " to " + last.Format(day)
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func (c *Comparison) sideBySide() report.Section {
	s := report.Section{Title: "Side by side", Table: c.Table()}
	sticky := "Sticky routing is off: nobody is preferred because the caller knows him."
	if c.Sticky {
		sticky = "Sticky routing is on: the agent whom a caller talked with last is rung first if he is available (not where all ring at once). Who waits meets whoever becomes free first, so that there is a choice only for those who find several free."
	}
	s.After = []string{
		sticky + " The log knows no skill levels, so that all agents have level 1, and the skill-based strategies must do exactly what their plain forms do.",
		"In one line whose agents are all alike to it, the order of ringing hardly changes how long people wait: whoever is free takes who is first. It decides on whom the work falls, and who meets whom.",
	}
	return s
}

// distinct returns the places of the strategies that did not do exactly as one
// before them: the others need not be drawn.
func (c *Comparison) distinct() (places []int, note string) {
	var same []string
	for i := range c.played {
		k := slices.IndexFunc(places, func(k int) bool { return slices.Equal(c.played[k], c.played[i]) })
		if k < 0 {
			places = append(places, i)
		} else {
			same = append(same, fmt.Sprintf("%s did exactly as %s", c.Strategies[i].Name, c.Strategies[places[k]].Name))
		}
	}
	if same != nil {
		note = "Drawn once: " + strings.Join(same, "; ") + "."
	}
	return places, note
}

// bars returns a plot of one number of each distinct strategy, reality first.
func (c *Comparison) bars(title, text string, label func(float64) string, number func(Numbers) Value) report.Figure {
	bars := report.Bars{Title: title, Text: text, Label: label}
	bars.Bars = append(bars.Bars, report.Bar{Name: c.Real.Name, Value: float64(number(c.Real)), Reference: true})
	places, _ := c.distinct()
	for _, i := range places {
		bars.Bars = append(bars.Bars, report.Bar{Name: c.Strategies[i].Name, Value: float64(number(c.Strategies[i]))})
	}
	return bars.Figure()
}

// near is how far a simulated mean wait may be from the real one, as a part of
// it, to be called near.
const near = 0.1

// meanWaits returns the lowest and the highest simulated mean wait.
func (c *Comparison) meanWaits() (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, n := range c.Strategies {
		if w := float64(n.WaitMean); !math.IsNaN(w) {
			if math.IsNaN(low) {
				low, high = w, w
			}
			low, high = min(low, w), max(high, w)
		}
	}
	return low, high
}

// isNear reports whether all simulated mean waits lie near the real one.
func (c *Comparison) isNear() bool {
	low, high := c.meanWaits()
	real := float64(c.Real.WaitMean)
	tolerance := max(near*real, 1)
	return real-low <= tolerance && high-real <= tolerance
}

// nearness says in a sentence how near simulation and reality are.
func (c *Comparison) nearness() string {
	low, high := c.meanWaits()
	simulated := report.Fixed(low, 1) + " s"
	if report.Fixed(low, 1) != report.Fixed(high, 1) {
		simulated = report.Fixed(low, 1) + "–" + report.Fixed(high, 1) + " s"
	}
	text := fmt.Sprintf("The mean wait of the answered is %s in the simulation; in reality it was %s s.", simulated, report.Fixed(float64(c.Real.WaitMean), 1))
	if c.isNear() {
		return text + " Nothing was fitted to reach that number: it follows from when the agents were seen at work."
	}
	return text + " Why they differ is said below."
}

func (c *Comparison) waits() report.Section {
	s := report.Section{Title: "How long they waited"}
	reach := c.reach()
	step := 60 * max(math.Round(reach/60/6), 1)

	grid := make([]float64, 0, 241)
	for i := range cap(grid) {
		grid = append(grid, reach*float64(i)/float64(cap(grid)-1))
	}
	low, high := c.extent(func(played []Played) []float64 { return c.answeredBy(played, grid) })
	s.Figures = append(s.Figures, report.Lines{
		Title: "Answered within", Text: "Share of the answered callers who had waited no longer than that.",
		X: report.Axis{Title: "wait, s", Max: reach, Step: step}, Y: report.Axis{Max: 1, Step: 0.2, Percent: true},
		Series: []report.Line{
			{Name: "what really happened", X: grid, Y: c.answeredBy(c.Plan.Log.Real(), grid)},
			{Name: c.strategiesName(), X: grid, Y: high, Low: low},
		},
	}.Figure())

	hours := make([]float64, 24)
	for i := range hours {
		hours[i] = float64(i) + 0.5
	}
	low, high = c.extent(c.waitByHour)
	s.Figures = append(s.Figures, report.Lines{
		Title: "Mean wait through the day", Text: "Mean wait of the answered, by the hour in which they joined (clock of the log).",
		X: report.Axis{Title: "hour of the day", Max: 24, Step: 3}, Y: report.Axis{Title: "s"},
		Series: []report.Line{
			{Name: "what really happened", X: hours, Y: c.waitByHour(c.Plan.Log.Real())},
			{Name: c.strategiesName(), X: hours, Y: high, Low: low},
		},
	}.Figure())

	if len(c.Strategies) > 0 {
		edges := []float64{0}
		for i := range 12 {
			edges = append(edges, reach*float64(i+1)/12)
		}
		s.Figures = append(s.Figures, report.Histogram{
			Title: "Waits of those who waited", Text: "How many answered callers waited so long; those who did not wait at all are left out.",
			X: report.Axis{Title: "wait, s", Max: reach, Step: step}, Y: report.Axis{Title: "callers"}, Edges: edges,
			Series: []report.Counts{
				{Name: "what really happened", Values: histogram(c.Plan.Log.Real(), edges)},
				{Name: c.Strategies[0].Name, Values: histogram(c.played[0], edges)},
			},
		}.Figure())
	}
	s.Figures = append(s.Figures, c.bars("Mean wait, s", "Of the answered, those who did not wait included.", nil, func(n Numbers) Value { return n.WaitMean }))
	if _, note := c.distinct(); note != "" {
		s.After = []string{note}
	}
	return s
}

func (c *Comparison) strategiesName() string {
	if len(c.Strategies) == 1 {
		return c.Strategies[0].Name
	}
	return fmt.Sprintf("the %d strategies, from the lowest to the highest", len(c.Strategies))
}

// work shows on whom the work fell.
func (c *Comparison) work() report.Section {
	s := report.Section{Title: "On whom the work fell", Text: []string{
		"Each agent's talking time per hour at work, the agents sorted from the busiest to the least busy. What happened in reality also has each agent's own pace in it; in the simulation a talk is as long as it was, whoever answers it.",
	}}
	plot := report.Lines{
		Title: "Talking time per hour at work", Text: "A flat line is work evenly spread.",
		X: report.Axis{Title: "agents, the busiest first", Max: float64(max(len(c.Real.Agents), 1))}, Y: report.Axis{Percent: true},
	}
	plot.Series = append(plot.Series, occupancy(c.Real))
	places, _ := c.distinct()
	for _, i := range places {
		plot.Series = append(plot.Series, occupancy(c.Strategies[i]))
	}
	s.Figures = []report.Figure{
		c.bars("Spread of the work", "Standard deviation over mean; shorter is more even.",
			func(x float64) string { return report.Fixed(x, 3) }, func(n Numbers) Value { return n.WorkSpread }),
		c.bars("Repeat callers who met whom they knew", "Of the answered callers who had talked with an agent before.",
			report.Percent, func(n Numbers) Value { return n.MetKnownShare }),
		plot.Figure(),
	}
	return s
}

// people shows what the log tells of patience and absence.
func (c *Comparison) people() report.Section {
	s := report.Section{Title: "What the log tells about people", Text: []string{
		"Two things a log shows only in part: how long a caller who was answered would have waited, and how long an agent is away after a talk when nobody waits for him. Both are estimated from what it does show, by the method of Kaplan and Meier, which uses the watching that ended too early for what it is worth.",
	}}
	patience, away := c.Plan.Patience, c.Plan.Away
	reach := 60 * max(math.Ceil(patience.longest.Minutes()), 1)
	real := curve(patience, reach)
	real.Name = "callers who have not hung up yet"
	s.Figures = append(s.Figures, report.Lines{
		Title: "Patience", Text: fmt.Sprintf("Of %s, had nobody been answered, so many would still wait.%s", many(patience.N(), "caller", "callers"), median(patience, "hang up within")),
		X: report.Axis{Title: "wait, s", Max: reach, Step: 60 * max(math.Round(reach/60/6), 1)}, Y: report.Axis{Max: 1, Step: 0.2, Percent: true},
		Series: []report.Line{real},
	}.Figure())
	line := curve(away, 120)
	line.Name = "agents who are not back yet"
	s.Figures = append(s.Figures, report.Lines{
		Title: "Away after a talk", Text: fmt.Sprintf("From %s after which somebody waited.%s", many(away.N(), "talk", "talks"), median(away, "are back within")),
		X: report.Axis{Title: "after the end of the talk, s", Max: 120, Step: 20}, Y: report.Axis{Max: 1, Step: 0.2, Percent: true},
		Series: []report.Line{line},
	}.Figure())
	return s
}

// accounting says what became of every record.
func (c *Comparison) accounting() report.Section {
	log := c.Plan.Log
	s := report.Section{Title: "Every record accounted for", Text: log.Account()[:1]}
	if len(log.Bad) > 0 {
		s.Table = &report.Table{Columns: report.Columns("bad line", "reason"), Alike: true}
		s.Table.Columns[1].Text = true
		for _, b := range log.Bad[:min(len(log.Bad), shownBad)] {
			s.Table.Add(fmt.Sprint(b.Line), b.Reason)
		}
		if more := len(log.Bad) - shownBad; more > 0 {
			s.Table.Notes = []string{fmt.Sprintf("… and %d more, which -json lists.", more)}
		}
	}
	return s
}

// method says how it was done and how much hangs on it.
func (c *Comparison) method() report.Section {
	a := c.Plan.Assumptions
	s := report.Section{Title: "How it was done", Text: []string{
		"One queue without a limit of length; the longest wait that a queue allows (65535 s). Who called when, for how long he talked, and when he who hung up lost patience are the log's. The patience of those who were answered is drawn from the curve above, given that it was longer than they waited; the talk of those who hung up is that of another call of the same kind. Phones ring as long as the log says, or are answered at once where it does not. All strategies play the same draws.",
		fmt.Sprintf("When the agents were there, the log tells only through what they did. Between two talks an agent may have been idle or away. But while somebody waits whom he would have answered, an agent without a talk is away: so the time from the end of a talk to the next call taken from the line is an absence, seen to its end if the line did not empty before, and seen in part otherwise. From these the curve “away after a talk” is estimated, and each gap of each agent gets an absence from it that the log does not contradict: at least as long as the line shows, at most until his next call. Absences under %s go with the call, as wrap-up of whoever answers it; longer ones are breaks of the agent at their time of day, as long as they were; those of %s or more lie between two shifts. Outside the first and the last talk nobody is at work.", inWords(a.Break), inWords(a.Shift)),
		"Real waits are used for this only as evidence of who was away; no number was adjusted so that the simulated wait comes out. What is not modelled: agents who take only some kinds of calls, a pace of each agent's own, talks by agents whom the log does not name, and callers who call again because they did not get through.",
	}}
	s.After = c.why()
	if len(c.Sensitivity) == 0 || len(c.Strategies) == 0 {
		return s
	}
	s.Text = append(s.Text, fmt.Sprintf("How much hangs on these assumptions, shown with %s:", c.Strategies[0].Name))
	t := &report.Table{Columns: report.Columns("assumption", "answered", "abandoned", "wait\nmean, s", "wait\np90, s", "answered\nin 20 s")}
	row := func(what string, n Numbers) {
		t.Add(what, fmt.Sprint(n.Answered), fmt.Sprint(n.Abandoned), report.Fixed(float64(n.WaitMean), 1), report.Fixed(float64(n.WaitP90), 1), report.Percent(float64(n.Within20Share)))
	}
	row(c.Real.Name, c.Real)
	row("as above", c.Strategies[0])
	for _, v := range c.Sensitivity {
		row(v.What, v.Numbers)
	}
	s.Table = t
	return s
}

// why says why the simulated wait is not the real one, if it is not near it.
func (c *Comparison) why() []string {
	var reasons []string
	if low, high, ok := c.bracket(); ok {
		where := "lies between: the log leaves that much open"
		if r := float64(c.Real.WaitMean); r < low || r > high {
			where = "lies outside, so that it is not for the absences alone"
		}
		reasons = append(reasons, fmt.Sprintf("Agents taken to be back as early as the log allows, the mean wait would be %.1f s; as late as it allows, %.1f s. The real one, %.1f s, %s.", low, high, float64(c.Real.WaitMean), where))
	}
	if c.isNear() || math.IsNaN(float64(c.Real.WaitMean)) {
		return reasons
	}
	low, _ := c.meanWaits()
	direction := "longer"
	if low < float64(c.Real.WaitMean) {
		direction = "shorter"
	}
	causes := []string{fmt.Sprintf("The simulated wait is %s than the real one, for what the log does not tell.", direction)}
	if n := c.Plan.Away.N(); n < 100 {
		causes = append(causes, fmt.Sprintf("Only %s ended while somebody waited: how long agents are away after a talk is hardly known.", many(n, "talk", "talks")))
	}
	if kinds := c.Plan.kinds(); kinds > 1 {
		causes = append(causes, fmt.Sprintf("Its calls are of %d kinds, which in reality not every agent answered; here all wait in one line for all agents.", kinds))
	}
	if unnamed := c.Plan.unnamed(); unnamed > 0 {
		causes = append(causes, fmt.Sprintf("%s answered by agents whom it does not name; here the named ones answer them.", many(unnamed, "call was", "calls were")))
	}
	causes = append(causes, "Whoever was at work before his first talk or after his last, or without one, is not seen at all.")
	return append(reasons, strings.Join(causes, " "))
}

// bracket returns the mean waits of the two extreme readings, in order.
func (c *Comparison) bracket() (low, high float64, ok bool) {
	var found []float64
	for _, v := range c.Sensitivity {
		if v.reading != Drawn {
			found = append(found, float64(v.Numbers.WaitMean))
		}
	}
	if len(found) != 2 {
		return 0, 0, false
	}
	return found[0], found[1], true
}

func (p *Plan) kinds() int {
	kinds := make(map[string]bool)
	for _, c := range p.Log.Calls {
		kinds[c.Kind] = true
	}
	return len(kinds)
}

func (p *Plan) unnamed() (n int) {
	for _, c := range p.Log.Calls {
		if c.Outcome == queue.Answered && c.Agent == "" {
			n++
		}
	}
	return n
}
