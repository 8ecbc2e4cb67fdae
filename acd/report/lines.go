package report

import (
	"math"
	"slices"
	"strings"
)

// Lines is a plot of one or more lines over a common axis.
type Lines struct {
	Title, Text string
	X, Y        Axis
	Series      []Line
}

// Line is a line of [Lines]. Points that are NaN interrupt it.
type Line struct {
	Name string    // in the legend; a line without one is not in it
	X, Y []float64 // as many of both; the longer one is cut
	// Low, if set, makes it a band from Low to Y.
	Low []float64
	// Stairs keeps the value of a point until the next one, as a distribution
	// function does.
	Stairs bool
}

// Figure draws the plot. The first line is the reference that the others are
// compared with.
func (l Lines) Figure() Figure {
	var highX, highY float64
	for _, s := range l.Series {
		for i := range s.len() {
			if finite(s.X[i]) && finite(s.Y[i]) {
				highX, highY = max(highX, s.X[i]), max(highY, s.Y[i])
			}
		}
	}
	f := Figure{Title: l.Title, Text: l.Text}
	c := newCanvas(l.X.fit(highX), l.Y.fit(highY), l.Title)
	for i := range l.Series {
		if name := l.Series[i].Name; name != "" {
			f.Legend = append(f.Legend, Key{Name: name, Class: class(i)})
		}
	}
	for i, s := range slices.Backward(l.Series) { // the reference on top
		if s.Low != nil {
			c.printf(`<path class="band %s" d="%s"/>`, class(i), c.band(s))
		} else {
			c.printf(`<path class="line %s" d="%s"/>`, class(i), c.path(s))
		}
	}
	f.SVG = c.done()
	return f
}

func (s Line) len() int { return min(len(s.X), len(s.Y)) }

// path returns the way of a line. Points closer than can be seen are left out,
// so that a distribution of 30,000 waits does not weigh a megabyte.
func (c *canvas) path(s Line) string {
	var b strings.Builder
	move := true
	var lastX, lastY string
	for i := range s.len() {
		if !finite(s.X[i]) || !finite(s.Y[i]) || s.X[i] > c.x.Max {
			move = true
			continue
		}
		x, y := px(c.left(s.X[i])), px(c.top(s.Y[i]))
		switch {
		case move:
			b.WriteString("M" + x + " " + y)
		case x == lastX && y == lastY:
			continue
		case s.Stairs:
			b.WriteString("H" + x + "V" + y)
		default:
			b.WriteString("L" + x + " " + y)
		}
		move, lastX, lastY = false, x, y
	}
	return b.String()
}

// band returns the outline of a band: its upper edge, and its lower one back.
func (c *canvas) band(s Line) string {
	var b strings.Builder
	n := min(s.len(), len(s.Low))
	point := func(x, y float64) {
		if !finite(x) || !finite(y) || x > c.x.Max {
			return
		}
		command := "L"
		if b.Len() == 0 {
			command = "M"
		}
		b.WriteString(command + px(c.left(x)) + " " + px(c.top(y)))
	}
	for i := range n {
		point(s.X[i], s.Y[i])
	}
	for i := n - 1; i >= 0; i-- {
		point(s.X[i], s.Low[i])
	}
	if b.Len() > 0 {
		b.WriteString("Z")
	}
	return b.String()
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
