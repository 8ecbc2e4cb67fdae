package replay

import (
	"fmt"
	"time"
)

// variant is a set of assumptions in which one is another.
type variant struct {
	what        string
	assumptions Assumptions
}

// otherAssumptions returns what is tried to see how much hangs on what was
// assumed: each assumption by itself, in both directions where it has two.
func otherAssumptions(a Assumptions) []variant {
	var variants []variant
	try := func(what string, change func(*Assumptions)) {
		other := a
		change(&other)
		if other != a && other.Break <= other.Shift {
			variants = append(variants, variant{what, other})
		}
	}
	for i := range uint64(2) {
		seed := a.Seed + 1 + i
		try(fmt.Sprintf("other draws (seed %d)", seed), func(o *Assumptions) { o.Seed = seed })
	}
	try("agents are back as early as the log allows", func(o *Assumptions) { o.Reading = Earliest })
	try("agents are back as late as the log allows", func(o *Assumptions) { o.Reading = Latest })
	for _, d := range []time.Duration{2 * time.Minute, 15 * time.Minute} {
		try(fmt.Sprintf("a break is an absence of %s or more", inWords(d)), func(o *Assumptions) { o.Break = d })
	}
	try("a shift ends with an absence of 60 min or more", func(o *Assumptions) { o.Shift = time.Hour })
	try("any caller who waits proves that all others are away", func(o *Assumptions) { o.AnyKind = true })
	return variants
}

// inWords returns e.g. "5 min" or "3 h".
func inWords(d time.Duration) string {
	if d >= 2*time.Hour {
		return fmt.Sprintf("%.3g h", d.Hours())
	}
	return fmt.Sprintf("%.3g min", d.Minutes())
}
