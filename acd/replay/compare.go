package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/acdkit/acdkit/strategy"
)

// Options say what [Compare] compares. The zero value means the seven
// strategies, without sticky routing.
type Options struct {
	Strategies  []string            // names; nil: the seven
	Own         []strategy.Strategy // of a host, by which a name may go (B38)
	Sticky      bool                // B70
	Assumptions Assumptions
	// Sensitivity also plays the first strategy under other assumptions, so
	// that it can be seen how much hangs on them.
	Sensitivity bool
	// Familiar also plays every strategy without sticky routing, with it, and
	// with a sticky_wait of 30 s (B73), so that it can be seen what each does for
	// callers who know an agent, and what it costs.
	Familiar bool
}

// Comparison is a log played through several strategies, beside what really
// happened. It is read only after [Compare].
type Comparison struct {
	Plan        *Plan
	Sticky      bool
	Real        Numbers
	Strategies  []Numbers  // in the order asked for
	Sensitivity []Variant  // if asked for
	Familiar    []Familiar // as Strategies, if asked for

	played [][]Played // as Strategies
}

// Variant is the first strategy under other assumptions.
type Variant struct {
	What    string  `json:"what"` // is assumed otherwise
	Numbers Numbers `json:"numbers"`

	reading Reading
}

// Compare plays a log through several strategies. Its work is spread over the
// processors; the result does not depend on how many there are. An error wraps
// [agent.ErrInvalid]: an unknown strategy, or what [NewPlan] refuses.
func Compare(log *Log, o Options) (*Comparison, error) {
	names := o.Strategies
	if names == nil {
		for _, s := range strategy.Seven() {
			names = append(names, s.Name)
		}
	}
	for _, name := range names {
		if _, err := strategy.Lookup(name, o.Own...); err != nil {
			return nil, fmt.Errorf("replay: %w", err)
		}
	}
	plan, err := NewPlan(log, o.Assumptions)
	if err != nil {
		return nil, err
	}
	c := &Comparison{
		Plan: plan, Sticky: o.Sticky, Real: plan.Numbers("what really happened", log.Real()),
		Strategies: make([]Numbers, len(names)), played: make([][]Played, len(names)),
	}
	var variants []variant
	if o.Sensitivity && len(names) > 0 {
		variants = otherAssumptions(plan.Assumptions)
		c.Sensitivity = make([]Variant, len(variants))
	}
	var jobs []func() error
	for i, name := range names {
		jobs = append(jobs, func() (err error) {
			c.played[i], err = plan.Play(Rules{Strategy: name, Sticky: o.Sticky, Own: o.Own})
			c.Strategies[i] = plan.Numbers(name, c.played[i])
			return err
		})
	}
	for i, v := range variants {
		jobs = append(jobs, func() error {
			other, err := NewPlan(log, v.assumptions)
			if err != nil {
				return err
			}
			played, err := other.Play(Rules{Strategy: names[0], Sticky: o.Sticky, Own: o.Own})
			c.Sensitivity[i] = Variant{What: v.what, Numbers: other.Numbers(names[0], played), reading: v.assumptions.Reading}
			return err
		})
	}
	if o.Familiar {
		jobs = append(jobs, c.familiarJobs(names, o.Own)...)
	}
	errs := make([]error, len(jobs))
	inParallel(len(jobs), func(i int) { errs[i] = jobs[i]() })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	c.familiarAsPlayed()
	return c, nil
}

// inParallel calls do for 0 to n-1.
func inParallel(n int, do func(i int)) {
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			do(i)
			<-free
		})
	}
	all.Wait()
}

// MarshalJSON implements [json.Marshaler]: the accounting of the log, what was
// assumed, and the numbers side by side. Times are in seconds.
func (c *Comparison) MarshalJSON() ([]byte, error) {
	log, a := c.Plan.Log, c.Plan.Assumptions
	type account struct {
		Format  Format    `json:"format"`
		Records int       `json:"records"`
		Played  int       `json:"played"` // calls
		Used    int       `json:"used"`   // records that they are made of
		Ignored []Ignored `json:"ignored"`
		Bad     []BadLine `json:"bad"`
	}
	type assumptions struct {
		Seed    uint64  `json:"seed"`
		Reading Reading `json:"reading"`
		Break   float64 `json:"break"`
		Shift   float64 `json:"shift"`
		AnyKind bool    `json:"any_kind"`
	}
	return json.Marshal(struct {
		Log         account     `json:"log"`
		Sticky      bool        `json:"sticky"`
		Assumptions assumptions `json:"assumptions"`
		Real        Numbers     `json:"real"`
		Strategies  []Numbers   `json:"strategies"`
		Sensitivity []Variant   `json:"sensitivity,omitempty"`
		Familiar    []Familiar  `json:"sticky_routing,omitempty"`
	}{
		account{log.Format, log.Records, len(log.Calls), log.Used, append([]Ignored{}, log.Ignored...), append([]BadLine{}, log.Bad...)},
		c.Sticky,
		assumptions{a.Seed, a.Reading, a.Break.Seconds(), a.Shift.Seconds(), a.AnyKind},
		c.Real, c.Strategies, c.Sensitivity, c.Familiar,
	})
}

// shownBad is how many bad lines a text or page shows; the JSON has them all.
const shownBad = 20

// Account says what became of every record of a log, in lines of text.
func (l *Log) Account() []string {
	text := fmt.Sprintf("%s: %d records = ", l.Format, l.Records)
	if l.Used == len(l.Calls) {
		text += fmt.Sprintf("%d calls played", len(l.Calls))
	} else {
		text += fmt.Sprintf("%d that make %d calls played", l.Used, len(l.Calls))
	}
	for _, i := range l.Ignored {
		text += fmt.Sprintf(" + %d ignored as %s", i.Count, i.Reason)
	}
	account := []string{text + fmt.Sprintf(" + %d bad", len(l.Bad))}
	for i, b := range l.Bad {
		if i == shownBad {
			account = append(account, fmt.Sprintf("  … and %d more bad lines, listed by -json", len(l.Bad)-i))
			break
		}
		account = append(account, "  "+b.String())
	}
	return account
}
