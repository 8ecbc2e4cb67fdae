package report

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wellFormed parses a drawing.
func wellFormed(t *testing.T, svg template.HTML) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestAxisHasRoundMarks(t *testing.T) {
	t.Parallel()
	for highest, want := range map[float64][]float64{
		0: {0, 0.2, 0.4, 0.6, 0.8, 1}, 1: {0, 0.2, 0.4, 0.6, 0.8, 1}, 42: {0, 10, 20, 30, 40, 50}, 99.9: {0, 20, 40, 60, 80, 100},
		1234: {0, 500, 1000, 1500}, 0.013: {0, 0.005, 0.010, 0.015},
		math.Inf(1): {0, 0.2, 0.4, 0.6, 0.8, 1},
	} {
		assert.InDeltaSlice(t, want, Axis{}.fit(highest).marks(), 1e-9, "%v", highest)
	}
	assert.InDeltaSlice(t, []float64{0, 60, 120}, Axis{Max: 150, Step: 60}.fit(7).marks(), 1e-9)
	assert.LessOrEqual(t, len(Axis{Max: 1e6, Step: 1e-3}.fit(0).marks()), 51)
}

func TestLinesWithGapsBandsAndNonsense(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	f := Lines{
		Title: `<"&'`, X: Axis{Title: "<x>"}, Y: Axis{Title: "<y>", Percent: true},
		Series: []Line{
			{Name: "<real>", X: []float64{0, 1, 2, 3}, Y: []float64{0.1, nan, 0.3, math.Inf(1)}},
			{Name: "band", X: []float64{0, 1, 2}, Y: []float64{0.2, 0.3, 0.4}, Low: []float64{0.1, nan, 0.2}},
			{Name: "stairs", X: []float64{0, 1, 2}, Y: []float64{1, 0.5}, Stairs: true},
			{X: []float64{0, 1}, Y: []float64{1, 1}},
			{Name: "empty"},
		},
	}.Figure()
	wellFormed(t, f.SVG)
	assert.NotContains(t, f.SVG, "NaN")
	assert.NotContains(t, f.SVG, "Inf")
	assert.NotContains(t, f.SVG, "<x>")
	assert.Equal(t, []Key{{"<real>", "s0"}, {"band", "s1"}, {"stairs", "s2"}, {"empty", "s4"}}, f.Legend)
	assert.Equal(t, 2, strings.Count(between(string(f.SVG), `class="line s0" d="`, `"`), "M"), "a gap interrupts the line")
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestLinesLeaveOutWhatCannotBeSeen(t *testing.T) {
	t.Parallel()
	var line Line
	for i := range 100_000 {
		line.X, line.Y = append(line.X, float64(i)), append(line.Y, float64(i/50_000))
	}
	f := Lines{Series: []Line{line}}.Figure()
	assert.Less(t, len(f.SVG), 200_000)
}

func TestBarsAndHistogram(t *testing.T) {
	t.Parallel()
	f := Bars{Title: "t", Bars: []Bar{
		{Name: "<script>alert(1)</script>", Value: 3, Reference: true}, {Name: "none", Value: math.NaN()}, {Name: strings.Repeat("long", 30), Value: 0},
	}}.Figure()
	wellFormed(t, f.SVG)
	assert.NotContains(t, f.SVG, "<script")
	assert.Contains(t, f.SVG, None)
	wellFormed(t, Bars{}.Figure().SVG)

	f = Histogram{Title: "h", Edges: []float64{0, 10, 20}, Series: []Counts{{"a", []float64{1, 2}}, {"b", []float64{3}}, {"c", []float64{1, 2, 3}}}}.Figure()
	wellFormed(t, f.SVG)
	assert.Equal(t, 5, strings.Count(string(f.SVG), "<rect"))
	wellFormed(t, Histogram{}.Figure().SVG)
}
