package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Config says what is simulated. It is a plain value: [Parse] reads it from JSON,
// a host may fill it in Go. Any number of goroutines may read it.
type Config struct {
	// Seed chooses what is drawn: the same seed and configuration give the same
	// result.
	Seed uint64
	// Replications is how many independent days are played, 1..100000.
	Replications int
	// Horizon is when arrivals end, more than 0, at most 1e9 s; Warmup, below it,
	// is the time from the beginning that is played and not counted.
	Horizon, Warmup time.Duration
	// Drain plays on after the horizon until nobody waits; without it the play
	// stops there, and who waits then is neither served nor abandoned.
	Drain bool
	// Busyness multiplies every arrival rate of one replication by one draw; nil:
	// all days are alike.
	Busyness *Dist
	Queues   []Queue // at least one
	Agents   []Group
}

// Queue is a queue with its callers.
type Queue struct {
	// Name is its name in the results, 1..64 characters, unique.
	Name string
	// Properties start from [queue.Defaults]. An empty Name becomes that of the
	// queue, an empty Number the next one from 8000 on.
	Properties queue.Config
	Arrivals   Arrivals
	// Service is how long the talk of a call will be, Patience how long its caller
	// waits before he hangs up (nil: for ever). Both are drawn at the arrival.
	Service  Dist
	Patience *Dist
}

// Arrivals say when calls arrive: a Poisson process whose rate is constant within
// each period.
type Arrivals struct {
	PerHour Steps // calls in an hour, 0..1e7
	// Callers makes calls come from so many numbers drawn evenly, 1..10,000,000;
	// 0: every call has a number of its own.
	Callers int
}

// Group is a group of agents who are alike.
type Group struct {
	// Name is its name in the results, 1..64 characters, unique.
	Name string
	// Number is the extension number of its first agent, 1..18 digits; the others
	// follow. Empty: the next ones from 1000000 on.
	Number string
	Count  Steps   // how many are on duty, whole numbers
	Queues []Place // at least one
	// Answer is how long an agent's phone rings before he answers; NoAnswer is the
	// share of offers, 0..1, that he lets ring out.
	Answer   Dist
	NoAnswer float64
}

// Place is a place in a queue.
type Place struct {
	Queue string // the name of a queue
	Level int    // skill level, 1..100
}

// Steps is a number that may change from period to period; the last value holds
// on.
type Steps struct {
	Values []float64
	Period time.Duration // of each value; needed when there are several
}

// index returns which value holds at t, a time since the beginning.
func (s Steps) index(t int64) int {
	if s.Period <= 0 || len(s.Values) < 2 {
		return 0
	}
	return int(min(t/int64(s.Period), int64(len(s.Values)-1)))
}

// Dist is a distribution of a time, in seconds (of a factor, in [Config.Busyness]).
type Dist struct {
	Law    Law
	Mean   Steps     // 0..1e9; none of Empirical; more than 0 of Lognormal
	Shape  float64   // of Gamma, more than 0, at most 1e9
	SD     float64   // of Lognormal, its standard deviation, 0..1e9
	Values []float64 // of Empirical: each is as likely, 0..1e9
}

// Law is the kind of a distribution.
type Law uint8

// The laws.
const (
	Constant    Law = iota // constant: always the mean
	Exponential            // exponential
	Gamma                  // gamma, of a shape
	Lognormal              // lognormal, with a standard deviation
	Empirical              // empirical: one of the values
	laws
)

var lawNames = [laws]string{"constant", "exponential", "gamma", "lognormal", "empirical"}

// String returns the name as configurations spell it.
func (l Law) String() string {
	if l < laws {
		return lawNames[l]
	}
	return fmt.Sprintf("Law(%d)", uint8(l))
}

// ConfigError is a problem of a configuration. It wraps [agent.ErrInvalid].
type ConfigError struct {
	File  string // as handed to Parse
	Line  int    // from 1; 0: unknown
	Path  string // queues[0].service.mean
	Value string // as it stands there, or "missing" or "unknown"
	Range string // what it must be
}

// Error returns e.g. "day.json:7: queues[0].service.mean -3: must be 0..1e+09 s".
func (e *ConfigError) Error() string {
	text := fmt.Sprintf("%s %s: must be %s", e.Path, e.Value, e.Range)
	if e.Line > 0 {
		text = fmt.Sprintf("%d: %s", e.Line, text)
	}
	if e.File != "" {
		text = e.File + ":" + text
	}
	return text
}

// Unwrap returns [agent.ErrInvalid].
func (e *ConfigError) Unwrap() error { return agent.ErrInvalid }

// Limits of a configuration.
const (
	mostReplications = 100_000
	mostSeconds      = 1e9
	mostPerHour      = 1e7
	mostAgents       = 1_000_000
	mostCallers      = 10_000_000
	mostPeriods      = 100_000
	mostCells        = 20_000_000 // replications × periods × queues
	firstQueue       = 8000
	firstAgent       = 1_000_000
)

// Validate returns nil or every problem at once: joined [*ConfigError]s in the
// order of the configuration. own are the strategies of the host.
func (c Config) Validate(own ...strategy.Strategy) error {
	problems := c.problems(own)
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// checker collects problems.
type checker struct{ problems []*ConfigError }

func (k *checker) refuse(path string, value any, must string) {
	k.problems = append(k.problems, &ConfigError{Path: path, Value: shown(value), Range: must})
}

// shown renders a value for an error.
func shown(value any) string {
	switch v := value.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case time.Duration:
		return fmt.Sprint(v.Seconds())
	case note:
		return string(v)
	default:
		return fmt.Sprint(v)
	}
}

// note is what stands instead of a value.
type note string

const (
	missing note = "missing"
	unknown note = "unknown"
)

// within checks a number.
func (k *checker) within(path string, x, least, most float64, unit string) {
	if !(x >= least && x <= most) {
		k.refuse(path, x, fmt.Sprintf("%g..%g%s", least, most, unit))
	}
}

func (c Config) problems(own []strategy.Strategy) []*ConfigError {
	var k checker
	k.within("replications", float64(c.Replications), 1, mostReplications, "")
	switch s := c.Horizon.Seconds(); {
	case c.Horizon == 0:
		k.refuse("horizon", missing, "more than 0, at most 1e9 s")
	case c.Horizon < 0 || s > mostSeconds:
		k.refuse("horizon", c.Horizon, "more than 0, at most 1e9 s")
	case c.Warmup < 0 || c.Warmup >= c.Horizon:
		k.refuse("warmup", c.Warmup, fmt.Sprintf("at least 0 and less than the horizon, %g s", s))
	}
	if c.Busyness != nil {
		k.dist("busyness", *c.Busyness, "")
		if len(c.Busyness.Mean.Values) > 1 {
			k.refuse("busyness.mean", c.Busyness.Mean.Values, "one number: it is drawn once in a replication")
		}
	}
	if len(c.Queues) == 0 {
		k.refuse("queues", missing, "a list of at least one queue")
	}
	named := make(map[string]bool)
	numbers := make(map[string]bool)
	filled := c.numbered()
	for i, q := range filled {
		k.queue(c, fmt.Sprintf("queues[%d]", i), q, own, named, numbers)
	}
	k.groups(c, named)
	return k.problems
}

func (k *checker) queue(c Config, path string, q Queue, own []strategy.Strategy, named, numbers map[string]bool) {
	k.name(path+".name", q.Name, named)
	if q.Properties.Name == q.Name {
		q.Properties.Name = "checked"
	}
	if err := q.Properties.Validate(own...); err != nil {
		k.properties(path+".properties", err)
	}
	if numbers[q.Properties.Number] {
		k.refuse(path+".properties.extension_number", q.Properties.Number, "unique")
	}
	numbers[q.Properties.Number] = true
	k.steps(path+".arrivals", "per_hour", q.Arrivals.PerHour, 0, mostPerHour, " calls")
	if p := q.Arrivals.PerHour.Period; p > 0 && c.Horizon/p >= mostPeriods {
		k.refuse(path+".arrivals.period", p, fmt.Sprintf("at least %g s: a horizon has at most %d periods", c.Horizon.Seconds()/mostPeriods, mostPeriods))
	}
	if p := q.Arrivals.PerHour.Period; p > 0 && float64(c.Horizon/p)*float64(c.Replications)*float64(len(c.Queues)) > mostCells {
		k.refuse(path+".arrivals.period", p, fmt.Sprintf("longer: replications × periods × queues are at most %d", mostCells))
	}
	k.within(path+".arrivals.callers", float64(q.Arrivals.Callers), 0, mostCallers, "")
	k.dist(path+".service", q.Service, " s")
	if q.Patience != nil {
		k.dist(path+".patience", *q.Patience, " s")
	}
}

// properties takes the problems of a queue's properties apart.
func (k *checker) properties(path string, err error) {
	var p *queue.PropertyError
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range all.Unwrap() {
			k.properties(path, err)
		}
		return
	}
	switch {
	case !errors.As(err, &p):
		k.refuse(path, note("refused"), "a valid configuration: "+err.Error())
	case p.Range == "":
		k.refuse(path+"."+p.Name, unknown, "a property of a queue")
	default:
		k.refuse(path+"."+p.Name, note(p.Value), p.Range)
	}
}

func (k *checker) groups(c Config, queues map[string]bool) {
	named := make(map[string]bool)
	taken := make(map[string]bool)
	total := 0.0
	for i, g := range c.Agents {
		path := fmt.Sprintf("agents[%d]", i)
		k.name(path+".name", g.Name, named)
		before := len(k.problems)
		k.steps(path, "count", g.Count, 0, mostAgents, " agents")
		most := 0.0
		for _, n := range g.Count.Values {
			if n != math.Trunc(n) {
				k.refuse(path+".count", n, "a whole number")
			}
			most = max(most, n)
		}
		if most <= mostAgents {
			total += most
		}
		switch first, ok := extension(g.Number); {
		case !ok && g.Number != "":
			k.refuse(path+".extension_number", g.Number, "1..18 digits")
		case ok && len(k.problems) == before:
			k.free(path, g.Number, first, int(most), taken)
		}
		if len(g.Queues) == 0 {
			k.refuse(path+".queues", missing, "a list of at least one queue")
		}
		seen := make(map[string]bool)
		for j, p := range g.Queues {
			at := fmt.Sprintf("%s.queues[%d]", path, j)
			if !queues[p.Queue] || seen[p.Queue] {
				k.refuse(at+".queue", p.Queue, "the name of a queue, given once")
			}
			seen[p.Queue] = true
			k.within(at+".skill_level", float64(p.Level), 1, 100, "")
		}
		k.dist(path+".answer", g.Answer, " s")
		k.within(path+".no_answer", g.NoAnswer, 0, 1, "")
	}
	if total > mostAgents {
		k.refuse("agents", total, fmt.Sprintf("at most %d in all groups", mostAgents))
	}
}

// free checks that the extension numbers of a group are nobody else's.
func (k *checker) free(path, number string, first uint64, count int, taken map[string]bool) {
	for j := range count {
		e := following(number, first, j)
		if taken[e] {
			k.refuse(path+".extension_number", number, "free for each agent of the group, "+e+" is not")
			return
		}
		taken[e] = true
	}
}

// name checks a name and that it is the only one.
func (k *checker) name(path, name string, named map[string]bool) {
	switch n := len([]rune(name)); {
	case n == 0:
		k.refuse(path, missing, "1..64 characters")
	case n > 64 || len(name) > 128 || !clean(name):
		k.refuse(path, name, "1..64 characters in at most 128 bytes, none of them a control character")
	case named[name]:
		k.refuse(path, name, "unique")
	}
	named[name] = true
}

// steps checks a number over periods.
func (k *checker) steps(path, name string, s Steps, least, most float64, unit string) {
	if len(s.Values) == 0 {
		k.refuse(path+"."+name, missing, "a number or a list of them")
	}
	for _, x := range s.Values {
		k.within(path+"."+name, x, least, most, unit)
	}
	switch {
	case len(s.Values) > 1 && s.Period == 0:
		k.refuse(path+".period", missing, "the seconds for which each value of "+name+" holds")
	case s.Period < 0 || s.Period.Seconds() > mostSeconds:
		k.refuse(path+".period", s.Period, "more than 0, at most 1e9 s")
	}
}

// dist checks a distribution.
func (k *checker) dist(path string, d Dist, unit string) {
	switch d.Law {
	case Empirical:
		if len(d.Values) == 0 {
			k.refuse(path+".values", missing, "a list of numbers")
		}
		for _, x := range d.Values {
			k.within(path+".values", x, 0, mostSeconds, unit)
		}
	case Constant, Exponential, Gamma, Lognormal:
		k.steps(path, "mean", d.Mean, 0, mostSeconds, unit)
	default:
		k.refuse(path+".dist", note(d.Law.String()), lawList())
	}
	switch d.Law {
	case Gamma:
		if !(d.Shape > 0 && d.Shape <= mostSeconds) {
			k.refuse(path+".shape", d.Shape, "more than 0, at most 1e9")
		}
	case Lognormal:
		k.within(path+".sd", d.SD, 0, mostSeconds, unit)
		for _, x := range d.Mean.Values {
			if x == 0 {
				k.refuse(path+".mean", x, "more than 0 for lognormal")
			}
		}
	}
}

func lawList() string {
	text := "one of "
	for i, name := range lawNames {
		if i > 0 {
			text += ", "
		}
		text += name
	}
	return text
}
