package sim

import "math"

// Number is the mean of a measure over the replications, with the half width of its
// confidence interval at 95 %. NaN is what is not known: of the mean where nothing
// was counted, of the half width also with one replication. In JSON that is null.
type Number struct {
	Mean      float64
	HalfWidth float64
}

// MarshalJSON implements [json.Marshaler]: {"mean": 1.5, "half_width": null}.
func (n Number) MarshalJSON() ([]byte, error) {
	b := append([]byte(`{"mean":`), number(n.Mean)...)
	b = append(b, `,"half_width":`...)
	b = append(b, number(n.HalfWidth)...)
	return append(b, '}'), nil
}

// mean returns the mean of a measure with the interval of Student: t·s/√n.
func mean(x []float64) Number {
	n := float64(len(x))
	m := 0.0
	for _, v := range x {
		m += v
	}
	m /= n
	s := 0.0
	for _, v := range x {
		s += (v - m) * (v - m)
	}
	return Number{m, halfWidth(s, n)}
}

// ratio returns the mean of y over that of x, with the interval of the delta
// method: the spread of y − r·x about its mean, which is 0, over the mean of x
// (Cochran, Sampling Techniques, 1977, ch. 6; Law 2015, ch. 9). Without any x
// nothing is known.
func ratio(y, x []float64) Number {
	my, mx := mean(y).Mean, mean(x).Mean
	if !(mx > 0) {
		return Number{math.NaN(), math.NaN()}
	}
	r := my / mx
	s := 0.0
	for i := range y {
		d := y[i] - r*x[i]
		s += d * d
	}
	return Number{r, halfWidth(s, float64(len(y))) / mx}
}

// difference returns the ratio of a less that of b, which were played on the same
// days: what moves both alike is no uncertainty of their difference (Law 2015, ch.
// 10). Its spread is that of the two deviations of the delta method, day by day.
func difference(ay, ax, by, bx []float64) Number {
	a, b := ratio(ay, ax), ratio(by, bx)
	ma, mb := mean(ax).Mean, mean(bx).Mean
	s := 0.0
	for i := range ay {
		d := (ay[i]-a.Mean*ax[i])/ma - (by[i]-b.Mean*bx[i])/mb
		s += d * d
	}
	return Number{a.Mean - b.Mean, halfWidth(s, float64(len(ay)))}
}

// halfWidth returns the half width for n values with a sum of squared deviations.
func halfWidth(squares, n float64) float64 {
	if n < 2 {
		return math.NaN()
	}
	return student(n-1) * math.Sqrt(squares/(n-1)/n)
}

// student returns the 97.5 % quantile of Student's distribution with nu degrees of
// freedom: by bisection of P(|T| ≤ t) = 1 − I(nu/2, 1/2) at nu/(nu+t²) (Abramowitz &
// Stegun 26.7.1).
func student(nu float64) float64 {
	low, high := 1.9, 13.0 // 1.96 for very many, 12.706 for one
	for high-low > 1e-12*high {
		t := (low + high) / 2
		if beta(nu/2, 0.5, nu/(nu+t*t)) > 0.05 {
			low = t
		} else {
			high = t
		}
	}
	return high
}

// beta is the regularised incomplete beta function, by its continued fraction
// (Abramowitz & Stegun 26.5.8) after Lentz.
func beta(a, b, x float64) float64 {
	if x > (a+1)/(a+b+2) {
		return 1 - beta(b, a, 1-x)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	c, d := 1.0, 0.0
	f := 1.0
	for i := range 1000 {
		m := float64(i / 2)
		term := 1.0
		switch {
		case i == 0:
		case i%2 == 0:
			term = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		if d = 1 + term*d; math.Abs(d) < tiny {
			d = tiny
		}
		d = 1 / d
		if c = 1 + term/c; math.Abs(c) < tiny {
			c = tiny
		}
		f *= c * d
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * (f - 1)
}
