package report

import "html/template"

// Bars is a plot of horizontal bars, one for each name, with its value beside
// it.
type Bars struct {
	Title, Text string
	// Label writes a value beside its bar; nil: as a number with one decimal.
	Label func(float64) string
	Bars  []Bar
}

// Bar is a bar of [Bars]. A value that is no number has no bar.
type Bar struct {
	Name  string
	Value float64 // ≥ 0
	// Reference gives it the colour of what the others are compared with.
	Reference bool
}

// Geometry of horizontal bars.
const (
	barPitch     = 27.0
	barThickness = 17.0
	barNames     = 190.0 // width of the names
	barValues    = 70.0  // width of the values
	barNameRunes = 24
)

// Figure draws the plot.
func (p Bars) Figure() Figure {
	label := p.Label
	if label == nil {
		label = func(x float64) string { return Fixed(x, 1) }
	}
	var highest float64
	for _, b := range p.Bars {
		if finite(b.Value) {
			highest = max(highest, b.Value)
		}
	}
	c := &canvas{x: Axis{Max: max(highest, 1e-300)}}
	height := barPitch*float64(len(p.Bars)) + 8
	c.printf(`<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, plotWidth, height, p.Title)
	for i, b := range p.Bars {
		top := 4 + barPitch*float64(i)
		base := top + barThickness/2 + 8
		length := within(b.Value/c.x.Max) * (plotWidth - barNames - barValues)
		colour := class(1)
		if b.Reference {
			colour = class(0)
		}
		c.printf(`<text class="name" x="%s" y="%s" text-anchor="end">%s</text>`, px(barNames-10), px(base), shorten(b.Name, barNameRunes))
		c.printf(`<rect class="bar %s" x="%s" y="%s" width="%s" height="%s" rx="2"><title>%s: %s</title></rect>`,
			colour, px(barNames), px(top+4), px(max(length, 1)), px(barThickness), b.Name, label(b.Value))
		c.printf(`<text class="value" x="%s" y="%s">%s</text>`, px(barNames+length+7), px(base), label(b.Value))
	}
	c.printf(`<line class="base" x1="%s" y1="2" x2="%s" y2="%s"/></svg>`, px(barNames), px(barNames), px(height-2))
	return Figure{Title: p.Title, Text: p.Text, SVG: template.HTML(c.String())}
}

// shorten cuts a text to so many runes.
func shorten(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return text
}
