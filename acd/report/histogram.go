package report

// Histogram is a plot of how often values fell into each of some classes, the
// bars of several series side by side.
type Histogram struct {
	Title, Text string
	X, Y        Axis
	// Edges are the limits of the classes, ascending, one more than there are
	// classes.
	Edges  []float64
	Series []Counts
}

// Counts is a series of a [Histogram]: a number, or a share, for each class.
type Counts struct {
	Name   string
	Values []float64
}

// Figure draws the plot. The first series is the reference.
func (h Histogram) Figure() Figure {
	classes := max(len(h.Edges)-1, 0)
	var highest, last float64
	for _, s := range h.Series {
		for _, v := range s.Values {
			if finite(v) {
				highest = max(highest, v)
			}
		}
	}
	if classes > 0 {
		last = h.Edges[classes]
	}
	f := Figure{Title: h.Title, Text: h.Text}
	c := newCanvas(h.X.fit(last), h.Y.fit(highest), h.Title)
	for i, s := range h.Series {
		f.Legend = append(f.Legend, Key{Name: s.Name, Class: class(i)})
		for k := range min(classes, len(s.Values)) {
			from, to := c.left(h.Edges[k]), c.left(h.Edges[k+1])
			width := max(to-from-3, 1) / float64(len(h.Series))
			top := c.top(s.Values[k])
			c.printf(`<rect class="bar %s" x="%s" y="%s" width="%s" height="%s"><title>%s, %s–%s: %s</title></rect>`,
				class(i), px(from+1.5+width*float64(i)), px(top), px(max(width-1, 1)), px(c.top(0)-top),
				s.Name, c.x.label(h.Edges[k]), c.x.label(h.Edges[k+1]), c.y.label(s.Values[k]))
		}
	}
	f.SVG = c.done()
	return f
}
