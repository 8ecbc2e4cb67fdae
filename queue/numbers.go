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

	// AnsweredInSLA and AbandonedInSLA count those that waited no longer than
	// sla_time; 0 without one. Breaches counts the calls that passed it waiting
	// (B90).
	AnsweredInSLA  uint64 `json:"answered_in_sla"`
	AbandonedInSLA uint64 `json:"abandoned_in_sla"`
	Breaches       uint64 `json:"breaches"`

	// Sums of times: the wait of the answered and of the abandoned, and talk.
	AnsweredWait  time.Duration `json:"answered_wait"`
	AbandonedWait time.Duration `json:"abandoned_wait"`
	Talk          time.Duration `json:"talk"`
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
	in, answered, abandoned := n.AnsweredInSLA, n.Left[Answered], n.Left[Abandoned]
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
func (n *Numbers) MeanWait() time.Duration { return mean(n.AnsweredWait, n.Left[Answered]) }

// MeanAbandonedWait returns the exact mean wait of the abandoned calls.
func (n *Numbers) MeanAbandonedWait() time.Duration {
	return mean(n.AbandonedWait, n.Left[Abandoned])
}

// MeanTalk returns the exact mean of the talks that ended.
func (n *Numbers) MeanTalk() time.Duration { return mean(n.Talk, n.Ended) }

func mean(sum time.Duration, n uint64) time.Duration {
	if n == 0 {
		return 0
	}
	return sum / time.Duration(n)
}

// Ledger is where a queue's events are booked; all numbers are derived from it.
// It is not safe for concurrent use.
type Ledger struct {
	life, since Numbers
}

// Lifetime returns the numbers of the queue's whole life.
func (l *Ledger) Lifetime() Numbers { return l.life }

// Since returns the numbers since the last reset.
func (l *Ledger) Since() Numbers { return l.since }

// Set sets both; for Restore.
func (l *Ledger) Set(life, since Numbers) { l.life, l.since = life, since }

// Reset begins the numbers "since reset" anew. Calls that wait or talk are
// carried over as joined, or answered, so that the law of B46 holds on.
func (l *Ledger) Reset() {
	l.since = Numbers{Joined: uint64(l.life.Waiting() + l.life.Talking())}
	l.since.Left[Answered] = uint64(l.life.Talking())
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
	l.both(func(n *Numbers) {
		n.Left[o]++
		within := sla > 0 && wait <= sla
		switch o {
		case Answered:
			n.AnsweredWait += wait
			if within {
				n.AnsweredInSLA++
			}
		case Abandoned:
			n.AbandonedWait += wait
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

// EndTalk books the end of a talk.
func (l *Ledger) EndTalk(talk time.Duration) {
	l.both(func(n *Numbers) {
		n.Ended++
		n.Talk += talk
	})
}
