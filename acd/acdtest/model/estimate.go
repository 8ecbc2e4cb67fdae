package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// rates are what a queue has learned of its calls (B64): all that ever was, weighed anew
// whenever asked.
type rates struct {
	handled []time.Duration // ring, talk and wrap-up, oldest first
	waited  []wait          // of those who had to wait, oldest first
}

type wait struct {
	long   time.Duration
	gaveUp bool
}

// What the documentation of package queue states: priors of 3 minutes for a call and of
// 15 for a caller's patience, each with the weight of 4; memories of 200 calls handled,
// of 1,000 who waited.
const (
	priorHandle  = 180
	priorPatient = 900
	priorWeight  = 4
	handleMemory = 200
	waitMemory   = 1000
)

func (r *rates) left(long time.Duration, gaveUp bool) {
	if long > 0 {
		r.waited = append(r.waited, wait{long, gaveUp})
	}
}

// weight is that of what happened n things ago.
func weight(n int, memory float64) float64 { return math.Pow(1-1/memory, float64(n)) }

// handleTime is the mean handling time in seconds.
func (r *rates) handleTime() float64 {
	sum, n := 0.0, 0.0
	for i, d := range r.handled {
		w := weight(len(r.handled)-1-i, handleMemory)
		sum += w * d.Seconds()
		n += w
	}
	return (sum + priorWeight*priorHandle) / (n + priorWeight)
}

// giveUpRate is how many callers give up in a second of waiting.
func (r *rates) giveUpRate() float64 {
	gaveUp, waited := 0.0, 0.0
	for i, x := range r.waited {
		w := weight(len(r.waited)-1-i, waitMemory)
		waited += w * x.long.Seconds()
		if x.gaveUp {
			gaveUp += w
		}
	}
	return (gaveUp + priorWeight) / (waited + priorWeight*priorPatient)
}

// estimate is how long an entry will wait yet, in whole seconds; nobody staffed, no
// estimate. Who becomes free in the same instant is matched after all that is said in
// it (B100), and whether what is said knows of him already, or of another who can be
// matched now, is nobody's business: then there are two.
func (m *Model) estimate(e *entry) []float64 {
	agents := 0.0
	for _, x := range e.queue.members {
		if m.staffed(x) {
			agents += 1 / float64(len(x.agent.members))
		}
	}
	if agents == 0 {
		return nil
	}
	rate, leave := agents/e.queue.rates.handleTime(), e.queue.rates.giveUpRate()
	seconds := 0.0
	for i := range e.position() {
		seconds += 1 / (rate + float64(i)*leave)
	}
	// A half may be rounded either way.
	waits := slices.Compact([]float64{math.Round(seconds - 1e-6), math.Round(seconds + 1e-6)})
	x := m.freeFor(e)
	switch {
	case x == nil && e.noSticky != "" && m.stirred():
		return append(waits, 0) // he who transfers it is barred a moment later
	case x == nil:
		return waits
	case m.stirred() || e.began == m.step || !slices.Contains(m.free, x):
		return append(waits, 0)
	}
	other := m.wouldTake(x)
	switch {
	case e.position() == 1 || other == nil || other.position() >= e.position():
		return []float64{0}
	case other.began == m.step || !slices.Contains(m.ready, other):
		return append(waits, 0) // nor may that one be known
	default:
		return waits // he goes for one that stands before it
	}
}

// freeFor is the first of the agents who can take the entry now, nil if none can.
func (m *Model) freeFor(e *entry) (first *member) {
	if m.notYet(e) || e.state != waiting || m.isHeld(e) {
		return nil
	}
	q := e.queue
	for _, x := range q.members {
		if m.could(e, x) && (!q.props.skilled() || m.reached(e, x.level)) && (first == nil || m.before(q, x, first)) {
			first = x
		}
	}
	return first
}

// wouldTake is the entry for which a member would go. That one would be held for
// somebody is not a hold yet.
func (m *Model) wouldTake(x *member) *entry {
	for _, e := range x.queue.line {
		held, holding := e.held, e.holding
		defer func() { e.held, e.holding = held, holding }()
	}
	return m.firstFor(x)
}

// isHeld reports whether an entry waits for its sticky agent (B73).
func (m *Model) isHeld(e *entry) bool {
	return e.holding != "" && m.now < e.held && !e.tried && len(e.offers) == 0
}

// stirred reports whether something has happened in this instant by which an agent may
// have become free.
func (m *Model) stirred() bool {
	for i := len(m.trace) - 1; i >= 0 && m.trace[i].Step == m.step; i-- {
		switch strings.Fields(m.trace[i].Text)[1] {
		case "joined", "play", "stop_play", "sla", "unstaffed", "confirm":
		default:
			return true
		}
	}
	return m.agentsAct
}

// said is what was announced last (B63).
type said struct {
	position, staffed int
	estimates         []float64
}

// announced are the estimates as they are said: without a cause they get no worse.
func (m *Model) announced(e *entry, estimates []float64) []float64 {
	staffed := 0
	for _, x := range e.queue.members {
		if m.staffed(x) {
			staffed++
		}
	}
	last := e.hears.said
	if last.position != 0 && e.position() <= last.position && staffed >= last.staffed {
		var lower []float64
		for _, a := range estimates {
			for _, b := range last.estimates {
				lower = append(lower, min(a, b))
			}
		}
		slices.Sort(lower)
		estimates = slices.Compact(lower)
	}
	e.hears.said = said{e.position(), staffed, estimates}
	return estimates
}

// tellPlay tells what is played, with place and estimate.
func (m *Model) tellPlay(e *entry, what string) {
	text := fmt.Sprintf("play call=%s what=%s position=%d", e.id, what, e.position())
	if estimates := m.estimate(e); estimates != nil && what != "warning" {
		if what == position || what == callbackOffer || what == periodic {
			estimates = m.announced(e, estimates)
		}
		text += " estimate="
		for i, s := range estimates {
			if i > 0 {
				text += "|"
			}
			text += fmt.Sprintf("%.0f", s)
		}
	}
	m.tell("%s", text)
}

// handle notes how long a talk that ends has kept its agent.
func (m *Model) handle(e *entry) {
	if x := e.worker; e.agent != nil && x != nil && e.queue.member(e.agent) == x {
		e.queue.rates.handled = append(e.queue.rates.handled, m.now-e.rungAt+x.wrapUpTime())
	}
}
