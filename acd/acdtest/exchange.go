package acdtest

import (
	"math/rand/v2"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// Phones says what the telephones of a [Host] do, and what becomes of the reports
// about them on their way to the library. Shares lie between 0 and 1. With the
// zero value every agent answers at once, talks are 3 minutes long, callers wait
// for ever, and every report comes in time and once.
type Phones struct {
	Seed uint64 // of the draws: the same values draw the same
	// Of the agents' phones that are rung these shares reject, are busy, cannot be
	// reached, or ring out; the others are answered.
	Reject, Busy, Unreachable, NoAnswer float64
	// Drop is the share of answers that come to no connection where the host
	// reports it (B48), and of callbacks whose customer does not answer.
	Drop float64
	// Ringing, Talk and Patience are the means of how long a phone rings before
	// somebody does something, of a talk, and of how long a caller waits before he
	// hangs up; drawn exponentially. 0: at once, 3 minutes, for ever.
	Ringing, Talk, Patience time.Duration
	// Lost, Doubled and Late are the shares of the reports that never come, come
	// twice, or come late, by LateBy on the average (0: 5 s): also of what has been
	// called off meanwhile, as the answer that crosses the order to stop ringing.
	Lost, Doubled, Late float64
	LateBy              time.Duration
}

// report is an input that is on its way.
type report struct {
	in    acd.Input
	after time.Duration
	still func() bool // asked when it is due: whether it happens at all
	late  bool        // it comes though it was called off
}

// exchange is what the phones know: it hears orders and news, and says what
// happens because of them. It is for one goroutine at a time.
type exchange struct {
	Phones
	rng   *rand.Rand
	rings map[acd.OfferID]bool
	waits map[queue.CallID]bool
	talks map[queue.CallID]agent.ID
	joins map[queue.CallID]bool // connecting
	dials map[queue.CallID]int  // attempt that runs
	tally Reports

	awaited []awaited // by time, while an Engine is played
}

// Reports counts the reports of a [Host].
type Reports struct {
	Sent    int // handed in, late and doubled ones included
	Lost    int // that never came
	Doubled int // handed in twice
	Late    int // handed in late
	Refused int // of those handed in, refused because they came too late
}

func newExchange(p Phones) *exchange {
	if p.Talk <= 0 {
		p.Talk = 3 * time.Minute
	}
	if p.LateBy <= 0 {
		p.LateBy = 5 * time.Second
	}
	return &exchange{
		Phones: p, rng: rand.New(rand.NewPCG(p.Seed, 30)),
		rings: map[acd.OfferID]bool{}, waits: map[queue.CallID]bool{}, talks: map[queue.CallID]agent.ID{},
		joins: map[queue.CallID]bool{}, dials: map[queue.CallID]int{},
	}
}

func (x *exchange) mean(d time.Duration) time.Duration {
	return time.Duration(x.rng.ExpFloat64() * float64(d))
}

func (x *exchange) share(p float64) bool { return x.rng.Float64() < p }

// hear returns what happens because of an event.
func (x *exchange) hear(ev acd.Event) []report {
	switch do := ev.Do.(type) {
	case *acd.CallJoined:
		return x.joined(do.Call)
	case *acd.Ring:
		return x.ring(do)
	case *acd.StopRinging:
		delete(x.rings, do.Offer)
	case *acd.OfferEnded:
		delete(x.rings, do.Offer)
	case *acd.Connect:
		return x.connect(do)
	case *acd.ConnectFailed:
		delete(x.joins, do.Call)
	case *acd.CallConnected:
		return x.connected(do)
	case *acd.CallLeft:
		delete(x.waits, do.Call)
		if do.Outcome != queue.Answered {
			delete(x.joins, do.Call)
		}
	case *acd.TalkEnded:
		delete(x.talks, do.Call)
	case *acd.Dial:
		return x.dial(do)
	case *acd.StopDialling:
		delete(x.dials, do.Call)
	case *acd.CallbackChanged:
		if do.State != callback.Dialling {
			delete(x.dials, do.Call)
		}
	case *acd.Play:
		if do.What != queue.PromptMusic {
			return x.sent(report{in: acd.PromptEnded{Call: do.Call, Prompt: do.What}, after: 2 * time.Second})
		}
	case *acd.Confirm:
		// Who hung up and was not heard does not live any more.
		if _, talks := x.talks[do.Call]; talks {
			return x.sent(report{in: acd.ConfirmCall{Call: do.Call}})
		}
	}
	return nil
}

// sent is what becomes of reports on their way.
func (x *exchange) sent(reports ...report) (out []report) {
	for _, r := range reports {
		if x.share(x.Lost) {
			x.tally.Lost++
			continue
		}
		if x.share(x.Late) {
			x.tally.Late++
			r.after += x.mean(x.LateBy)
			r.late = true
		}
		out = append(out, r)
		if x.share(x.Doubled) {
			x.tally.Doubled++
			r.after += x.mean(x.LateBy)
			r.late = true
			out = append(out, r)
		}
	}
	return out
}

func (x *exchange) joined(id queue.CallID) []report {
	x.waits[id] = true
	if x.Patience <= 0 {
		return nil
	}
	return x.sent(report{in: acd.HangUp{Call: id}, after: x.mean(x.Patience), still: func() bool { return x.waits[id] }})
}

func (x *exchange) ring(do *acd.Ring) []report {
	id := do.Offer
	x.rings[id] = true
	rings := func() bool { return x.rings[id] }
	alerting := report{in: acd.Alerting{Offer: id}, still: rings}
	after := x.mean(x.Ringing)
	end := func(e agent.End) []report {
		return x.sent(alerting, report{in: acd.Refused{Offer: id, End: e}, after: after, still: rings})
	}
	switch u := x.rng.Float64(); {
	case u < x.Reject:
		return end(agent.Rejected)
	case u < x.Reject+x.Busy:
		return x.sent(report{in: acd.Refused{Offer: id, End: agent.Busy}, still: rings})
	case u < x.Reject+x.Busy+x.Unreachable:
		return x.sent(report{in: acd.Refused{Offer: id, End: agent.Unreachable}, after: after, still: rings})
	case u < x.Reject+x.Busy+x.Unreachable+x.NoAnswer:
		return x.sent(alerting)
	default:
		return x.sent(alerting, report{in: acd.Answered{Offer: id}, after: after, still: rings})
	}
}

func (x *exchange) connect(do *acd.Connect) []report {
	if !do.Manual {
		return nil
	}
	id := do.Call
	x.joins[id] = true
	r := report{in: acd.MediaJoined{Call: id}, after: 200 * time.Millisecond, still: func() bool { return x.joins[id] }}
	if x.share(x.Drop) {
		r.in = acd.MediaFailed{Call: id}
	}
	return x.sent(r)
}

func (x *exchange) connected(do *acd.CallConnected) []report {
	id := do.Call
	delete(x.joins, id)
	delete(x.waits, id)
	delete(x.dials, id)
	x.talks[id] = do.Agent
	r := report{in: acd.EndTalk{Call: id}, after: x.mean(x.Talk), still: func() bool { return x.talks[id] == do.Agent }}
	if x.share(0.5) {
		r.in = acd.HangUp{Call: id}
	}
	lost := x.tally.Lost
	reports := x.sent(r)
	if x.tally.Lost > lost {
		delete(x.talks, id) // it ends, and nobody says so: what a lease is for (B29)
	}
	return reports
}

func (x *exchange) dial(do *acd.Dial) []report {
	id, attempt := do.Call, do.Attempt
	x.dials[id] = attempt
	r := report{in: acd.CustomerReplied{Call: id, Reply: acd.CustomerAnswered}, after: x.mean(x.Ringing), still: func() bool { return x.dials[id] == attempt }}
	if x.share(x.Drop) {
		r.in = acd.CustomerReplied{Call: id, Reply: acd.CustomerNoAnswer}
	}
	return x.sent(r)
}

// due reports whether a report is handed in now that its time has come.
func (x *exchange) due(r report) bool {
	if r.late || r.still == nil || r.still() {
		x.tally.Sent++
		return true
	}
	return false
}
