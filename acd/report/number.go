package report

import (
	"math"
	"strconv"
	"time"
)

// None is what stands where there is no number.
const None = "–"

// Fixed returns x with that many decimals, [None] if it is no number.
func Fixed(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return None
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// Percent returns a share, e.g. 0.125, as a percentage with one decimal, "12.5 %".
func Percent(share float64) string {
	if s := Fixed(100*share, 1); s != None {
		return s + " %"
	}
	return None
}

// Seconds returns d in seconds with one decimal and unit, "40.8 s".
func Seconds(d time.Duration) string { return Fixed(d.Seconds(), 1) + " s" }

// Ratio returns part/whole, NaN without a whole: no number at all is not 0.
func Ratio(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}
