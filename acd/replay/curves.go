package replay

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/queue"
)

// What the plots of the page are made of.

// reach is how far the plots of waits reach: to the wait that 98 % of
// the answered did not exceed, in whole minutes.
func (c *Comparison) reach() float64 {
	var waits []time.Duration
	for _, played := range append([][]Played{c.Plan.Log.Real()}, c.played...) {
		for _, p := range played {
			if p.Outcome == queue.Answered {
				waits = append(waits, p.Wait)
			}
		}
	}
	if len(waits) == 0 {
		return 60
	}
	slices.Sort(waits)
	return 60 * max(math.Ceil(waits[(len(waits)-1)*98/100].Minutes()), 1)
}

// extent returns the lowest and the highest value of the strategies at each
// point of a curve.
func (c *Comparison) extent(curve func([]Played) []float64) (low, high []float64) {
	for i, played := range c.played {
		values := curve(played)
		if i == 0 {
			low, high = slices.Clone(values), slices.Clone(values)
			continue
		}
		for k, v := range values {
			low[k], high[k] = min(low[k], v), max(high[k], v)
		}
	}
	return low, high
}

// answeredBy returns the share of the answered who had waited no longer than
// each of grid, which ascends.
func (c *Comparison) answeredBy(played []Played, grid []float64) []float64 {
	var waits []float64
	for _, p := range played {
		if p.Outcome == queue.Answered {
			waits = append(waits, p.Wait.Seconds())
		}
	}
	slices.Sort(waits)
	shares := make([]float64, len(grid))
	n := 0
	for i, at := range grid {
		for n < len(waits) && waits[n] <= at {
			n++
		}
		shares[i] = report.Ratio(float64(n), float64(len(waits)))
	}
	return shares
}

// fewest is how many answered calls an hour must have for its mean to be drawn.
const fewest = 20

func (c *Comparison) waitByHour(played []Played) []float64 {
	var sums, counts [24]float64
	for i, p := range played {
		if p.Outcome == queue.Answered {
			h := c.Plan.Log.Calls[i].At.Hour()
			sums[h] += p.Wait.Seconds()
			counts[h]++
		}
	}
	means := make([]float64, 24)
	for h := range means {
		means[h] = math.NaN()
		if counts[h] >= fewest {
			means[h] = sums[h] / counts[h]
		}
	}
	return means
}

func histogram(played []Played, edges []float64) []float64 {
	counts := make([]float64, len(edges)-1)
	width := edges[1] - edges[0]
	for _, p := range played {
		if p.Outcome != queue.Answered || p.Wait <= 0 {
			continue
		}
		if i := int(p.Wait.Seconds() / width); i < len(counts) {
			counts[i]++
		}
	}
	return counts
}

// occupancy returns the agents' talking time per hour at work as a line.
func occupancy(n Numbers) report.Line {
	line := report.Line{Name: n.Name}
	for _, a := range n.Agents {
		if v := float64(a.Occupancy); !math.IsNaN(v) {
			line.Y = append(line.Y, v)
		}
	}
	slices.Sort(line.Y)
	slices.Reverse(line.Y)
	for i := range line.Y {
		line.X = append(line.X, float64(i)+0.5)
	}
	return line
}

// curve returns an estimate as a line.
func curve(s Survival, reach float64) report.Line {
	line := report.Line{X: []float64{0}, Y: []float64{1}, Stairs: true}
	last := 1.0
	for t, left := range s.Steps() {
		if t.Seconds() > reach {
			break
		}
		line.X, line.Y, last = append(line.X, t.Seconds()), append(line.Y, left), left
	}
	end := min(s.longest.Seconds(), reach)
	line.X, line.Y = append(line.X, end), append(line.Y, last)
	return line
}

// median says in a sentence what half of them do in which time.
func median(s Survival, do string) string {
	if d, ok := s.Median(); ok {
		return fmt.Sprintf(" Half %s %.0f s.", do, d.Seconds())
	}
	return ""
}
