package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Figure is a drawing with its title, made by [Lines], [Bars] or [Histogram].
// Its colours are those of the page it stands on.
type Figure struct {
	Title string
	// Text says what is to be seen; it is also what a screen reader says.
	Text   string
	Legend []Key
	SVG    template.HTML // inline SVG
}

// Key is an entry of a figure's legend.
type Key struct {
	Name  string
	Class string // the colour's class on the page: s0 is the reference, s1… the others
}

// Axis is an axis of a plot. The zero Axis is fitted to the data and begins at 0.
type Axis struct {
	Title   string
	Max     float64 // 0: as the data need
	Step    float64 // distance of its marks; 0: about five of them at round numbers
	Percent bool    // values are shares: 0.1 is marked "10 %"
}

// colours is how many colours a page has beside the one of the reference.
const colours = 8

// class returns the class of the i-th series: the reference, if there is one,
// comes first and has a colour of its own.
func class(i int) string {
	if i == 0 {
		return "s0"
	}
	return "s" + strconv.Itoa((i-1)%colours+1)
}

// Size of a plot in the units of its drawing, which is scaled to its page.
const (
	plotWidth    = 600.0
	plotHeight   = 290.0
	marginLeft   = 64.0
	marginRight  = 18.0
	marginTop    = 14.0
	marginBottom = 46.0
)

// fit gives an axis what the data need: an end and marks.
func (a Axis) fit(highest float64) Axis {
	fitted := a
	if fitted.Max <= 0 {
		fitted.Max = highest
		if !(fitted.Max > 0) || math.IsInf(fitted.Max, 0) {
			fitted.Max = 1
		}
	}
	if fitted.Step <= 0 {
		fitted.Step = roundStep(fitted.Max / 5)
	}
	if a.Max <= 0 {
		fitted.Max = fitted.Step * math.Ceil(fitted.Max/fitted.Step-1e-9)
	}
	fitted.Step = max(fitted.Step, fitted.Max/50) // a page of marks helps nobody
	return fitted
}

// roundStep returns the 1, 2 or 5 times a power of ten that is not below x.
func roundStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// marks returns where an axis that is fitted has its marks.
func (a Axis) marks() []float64 {
	var marks []float64
	for i := 0; float64(i)*a.Step <= a.Max*(1+1e-9); i++ {
		marks = append(marks, float64(i)*a.Step)
	}
	return marks
}

func (a Axis) label(x float64) string {
	if a.Percent {
		return strconv.FormatFloat(100*x, 'g', 4, 64) + " %"
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// canvas is a drawing in progress: a frame with two fitted axes.
type canvas struct {
	strings.Builder
	x, y Axis
}

func newCanvas(x, y Axis, title string) *canvas {
	c := &canvas{x: x, y: y}
	c.printf(`<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, plotWidth, plotHeight, title)
	for _, m := range y.marks() {
		c.printf(`<line class="grid" x1="%s" y1="%s" x2="%s" y2="%s"/>`, px(marginLeft), px(c.top(m)), px(plotWidth-marginRight), px(c.top(m)))
		c.printf(`<text class="mark" x="%s" y="%s" text-anchor="end">%s</text>`, px(marginLeft-8), px(c.top(m)+4), y.label(m))
	}
	for _, m := range x.marks() {
		c.printf(`<line class="tick" x1="%s" y1="%s" x2="%s" y2="%s"/>`, px(c.left(m)), px(c.top(0)), px(c.left(m)), px(c.top(0)+5))
		c.printf(`<text class="mark" x="%s" y="%s" text-anchor="middle">%s</text>`, px(c.left(m)), px(c.top(0)+19), x.label(m))
	}
	c.printf(`<text class="axis" x="%s" y="%s" text-anchor="middle">%s</text>`, px((marginLeft+plotWidth-marginRight)/2), px(plotHeight-8), x.Title)
	if y.Title != "" {
		middle := px((marginTop + plotHeight - marginBottom) / 2)
		c.printf(`<text class="axis" x="14" y="%s" text-anchor="middle" transform="rotate(-90 14 %s)">%s</text>`, middle, middle, y.Title)
	}
	return c
}

// done ends the drawing: the base line lies above what was drawn.
func (c *canvas) done() template.HTML {
	c.printf(`<line class="base" x1="%s" y1="%s" x2="%s" y2="%s"/></svg>`, px(marginLeft), px(c.top(0)), px(plotWidth-marginRight), px(c.top(0)))
	return template.HTML(c.String())
}

// printf writes markup; its texts, of which some come from outside, are escaped
// here and nowhere else.
func (c *canvas) printf(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = template.HTMLEscapeString(printable(text))
		}
	}
	fmt.Fprintf(c, format, args...)
}

// left and top place a value; what lies outside an axis stays at its end.
func (c *canvas) left(x float64) float64 {
	return marginLeft + within(x/c.x.Max)*(plotWidth-marginLeft-marginRight)
}

func (c *canvas) top(y float64) float64 {
	return plotHeight - marginBottom - within(y/c.y.Max)*(plotHeight-marginTop-marginBottom)
}

func within(share float64) float64 {
	if math.IsNaN(share) {
		return 0
	}
	return min(max(share, 0), 1)
}

// px writes a coordinate: a tenth of a unit cannot be seen.
func px(x float64) string { return strconv.FormatFloat(math.Round(10*x)/10, 'f', -1, 64) }
