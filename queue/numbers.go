package queue

import (
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Numbers are a queue's counters over some time. A value; its methods are safe
// for concurrent use.
//
// For calls the law of B46 holds at all times: Joined = Σ Left + Waiting, and
// Left[Answered] = Ended + Talking.
type Numbers struct {
	// Joined counts every call handed to the queue, refused ones too.
	Joined uint64 `json:"joined"`
	// Left counts the calls that left, by outcome.
	Left [Outcomes]uint64 `json:"left"`
	// Ended counts the talks that ended.
	Ended uint64 `json:"ended"`
	// Offers counts the offers that ended, by their end.
	Offers [agent.LostRace + 1]uint64 `json:"offers"`
	// Carried counts the talks that were carried over a reset: answered before,
	// they are in Left[Answered], and in no wait.
	Carried uint64 `json:"carried,omitempty"`
	// CallbackTalks counts the talks of callbacks that ended; they are in no
	// other count here.
	CallbackTalks uint64 `json:"callback_talks,omitempty"`
	// WrapUps counts the timed wrap-ups, after callbacks too.
	WrapUps uint64 `json:"wrap_ups,omitempty"`

	// AnsweredInSLA and AbandonedInSLA count those that waited no longer than
	// sla_time; 0 without one. Breaches counts the calls that passed it waiting
	// (B90).
	AnsweredInSLA  uint64 `json:"answered_in_sla"`
	AbandonedInSLA uint64 `json:"abandoned_in_sla"`
	Breaches       uint64 `json:"breaches"`

	// Sums of times: the wait of the answered and of the abandoned; the ring
	// that led to the talks that ended, callbacks included; these talks, from the
	// answer, time on hold and with several agents included; the talks of
	// callbacks, from the agent's answer, dialling included; wrap-up, one that
	// runs in full (B91).
	AnsweredWait  time.Duration `json:"answered_wait"`
	AbandonedWait time.Duration `json:"abandoned_wait"`
	Ring          time.Duration `json:"ring,omitempty"`
	Talk          time.Duration `json:"talk"`
	CallbackTalk  time.Duration `json:"callback_talk,omitempty"`
	WrapUp        time.Duration `json:"wrap_up,omitempty"`

	// The longest waits of the answered and of the abandoned.
	LongestAnswered  time.Duration `json:"longest_answered,omitempty"`
	LongestAbandoned time.Duration `json:"longest_abandoned,omitempty"`
}

// Add adds other numbers, those of another queue: sums of all, the longest of
// both. The law of B46 holds for sums, too, and the service levels and means of
// a sum are those of all its calls (B90 "in total", B91).
func (n *Numbers) Add(other *Numbers) {
	n.Joined += other.Joined
	for o := range n.Left {
		n.Left[o] += other.Left[o]
	}
	n.Ended += other.Ended
	for end := range n.Offers {
		n.Offers[end] += other.Offers[end]
	}
	n.Carried += other.Carried
	n.CallbackTalks += other.CallbackTalks
	n.WrapUps += other.WrapUps
	n.AnsweredInSLA += other.AnsweredInSLA
	n.AbandonedInSLA += other.AbandonedInSLA
	n.Breaches += other.Breaches
	n.AnsweredWait += other.AnsweredWait
	n.AbandonedWait += other.AbandonedWait
	n.Ring += other.Ring
	n.Talk += other.Talk
	n.CallbackTalk += other.CallbackTalk
	n.WrapUp += other.WrapUp
	n.LongestAnswered = max(n.LongestAnswered, other.LongestAnswered)
	n.LongestAbandoned = max(n.LongestAbandoned, other.LongestAbandoned)
}

// Waiting returns how many calls wait now: those in line or connecting.
func (n *Numbers) Waiting() int {
	left := uint64(0)
	for _, k := range n.Left {
		left += k
	}
	return int(n.Joined - left)
}

// Talking returns how many calls talk now.
func (n *Numbers) Talking() int { return int(n.Left[Answered] - n.Ended) }

// Lost returns how many calls were lost, as the product counts: abandoned, timed
// out, nobody online and full (B91).
func (n *Numbers) Lost() uint64 {
	return n.Left[Abandoned] + n.Left[TimedOut] + n.Left[NoAgents] + n.Left[Full]
}

// served returns how many calls were answered in the time that the numbers are of.
func (n *Numbers) served() uint64 { return n.Left[Answered] - n.Carried }

// ServiceLevel is a service level in its four usual definitions, each 0..1, and
// 0 where there is nothing to divide by (B90).
type ServiceLevel struct {
	OfAnswered   float64 // answered within SLA / answered
	OfOffered    float64 // answered within SLA / (answered + abandoned)
	WithoutShort float64 // answered within SLA / (answered + abandoned after SLA)
	ShortAsGood  float64 // (answered within + abandoned within) / (answered + abandoned)
}

// ServiceLevel returns the service level; it counts at the answer (B90).
func (n *Numbers) ServiceLevel() ServiceLevel {
	in, answered, abandoned := n.AnsweredInSLA, n.served(), n.Left[Abandoned]
	return ServiceLevel{
		OfAnswered:   ratio(in, answered),
		OfOffered:    ratio(in, answered+abandoned),
		WithoutShort: ratio(in, answered+abandoned-n.AbandonedInSLA),
		ShortAsGood:  ratio(in+n.AbandonedInSLA, answered+abandoned),
	}
}

func ratio(a, b uint64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// MeanWait returns the exact mean wait of the answered calls, 0 without any.
func (n *Numbers) MeanWait() time.Duration { return mean(n.AnsweredWait, n.served()) }

// MeanAbandonedWait returns the exact mean wait of the abandoned calls.
func (n *Numbers) MeanAbandonedWait() time.Duration {
	return mean(n.AbandonedWait, n.Left[Abandoned])
}

// MeanTalk returns the exact mean of the talks that ended.
func (n *Numbers) MeanTalk() time.Duration { return mean(n.Talk, n.Ended) }

// MeanWrapUp returns the exact mean of the timed wrap-ups, 0 without any.
func (n *Numbers) MeanWrapUp() time.Duration { return mean(n.WrapUp, n.WrapUps) }

// MeanHandle returns the exact mean handling time of the talks that ended, those
// of callbacks included: ring, talk and wrap-up of each (B91).
func (n *Numbers) MeanHandle() time.Duration {
	return mean(n.Ring+n.Talk+n.CallbackTalk+n.WrapUp, n.Ended+n.CallbackTalks)
}

func mean(sum time.Duration, n uint64) time.Duration {
	if n == 0 {
		return 0
	}
	return sum / time.Duration(n)
}

// Ledger is where a queue's events are booked; all numbers are derived from it.
// It is not safe for concurrent use.
type Ledger struct {
	life, since           Numbers
	lifeWaits, sinceWaits Histogram // of the answered
}

// Lifetime returns the numbers of the queue's whole life.
func (l *Ledger) Lifetime() Numbers { return l.life }

// Since returns the numbers since the last reset.
func (l *Ledger) Since() Numbers { return l.since }

// LifetimeWaits returns how long the answered waited, in the queue's whole life.
func (l *Ledger) LifetimeWaits() Histogram { return l.lifeWaits.Clone() }

// SinceWaits returns how long the answered waited since the last reset.
func (l *Ledger) SinceWaits() Histogram { return l.sinceWaits.Clone() }

// AddWaits adds both to others.
func (l *Ledger) AddWaits(life, since *Histogram) {
	life.Merge(&l.lifeWaits)
	since.Merge(&l.sinceWaits)
}

// Set sets both; for Restore.
func (l *Ledger) Set(life, since Numbers) { l.life, l.since = life, since }

// SetWaits sets the waits of both; for Restore.
func (l *Ledger) SetWaits(life, since Histogram) { l.lifeWaits, l.sinceWaits = life, since }

// Reset begins the numbers "since reset" anew. Calls that wait or talk are
// carried over as joined, or answered, so that the law of B46 holds on.
func (l *Ledger) Reset() {
	l.since = Numbers{Joined: uint64(l.life.Waiting() + l.life.Talking())}
	l.since.Left[Answered] = uint64(l.life.Talking())
	l.since.Carried = l.since.Left[Answered]
	l.sinceWaits = Histogram{}
}

// both lets f book something in both numbers.
func (l *Ledger) both(f func(*Numbers)) {
	f(&l.life)
	f(&l.since)
}

// Join books a call that was handed to the queue.
func (l *Ledger) Join() {
	l.life.Joined++
	l.since.Joined++
}

// Leave books that a call left after a wait; sla is the queue's sla_time.
func (l *Ledger) Leave(o Outcome, wait, sla time.Duration) {
	if o == Answered {
		l.lifeWaits.Add(wait)
		l.sinceWaits.Add(wait)
	}
	l.both(func(n *Numbers) {
		n.Left[o]++
		within := sla > 0 && wait <= sla
		switch o {
		case Answered:
			n.AnsweredWait += wait
			n.LongestAnswered = max(n.LongestAnswered, wait)
			if within {
				n.AnsweredInSLA++
			}
		case Abandoned:
			n.AbandonedWait += wait
			n.LongestAbandoned = max(n.LongestAbandoned, wait)
			if within {
				n.AbandonedInSLA++
			}
		}
	})
}

// Breach books that a call has waited longer than sla_time.
func (l *Ledger) Breach() {
	l.life.Breaches++
	l.since.Breaches++
}

// EndOffer books the end of an offer.
func (l *Ledger) EndOffer(end agent.End) {
	l.life.Offers[end]++
	l.since.Offers[end]++
}

// EndTalk books the end of a talk, and the ring that led to it.
func (l *Ledger) EndTalk(ring, talk time.Duration) {
	l.both(func(n *Numbers) {
		n.Ended++
		n.Ring += ring
		n.Talk += talk
	})
}

// EndCallback books the end of the talk of a callback, and the ring that led to it.
func (l *Ledger) EndCallback(ring, talk time.Duration) {
	l.both(func(n *Numbers) {
		n.CallbackTalks++
		n.Ring += ring
		n.CallbackTalk += talk
	})
}

// WrapUp books a timed wrap-up that begins, with its length, or, negative, what is
// taken off one that ends early. One that began before a reset is not in the
// numbers since.
func (l *Ledger) WrapUp(d time.Duration) {
	l.both(func(n *Numbers) {
		if d > 0 {
			n.WrapUps++
		}
		n.WrapUp = max(n.WrapUp+d, 0)
	})
}
