package acd_test

import (
	"math"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The four service levels, from counters that are checked by hand: the boundary
// is inside, and what is neither answered nor abandoned counts in none.
func TestB90_ServiceLevels(t *testing.T) {
	t.Parallel()
	type end struct {
		at   float64 // seconds after the join
		what string  // answered, abandoned, withdrawn, timed out
	}
	for name, c := range map[string]struct {
		sla  string
		ends []end
		want queue.Numbers // AnsweredInSLA, AbandonedInSLA, Breaches
		of   queue.ServiceLevel
	}{
		"nobody called": {sla: "20"},
		"all inside":    {"20", []end{{0, "answered"}, {20, "answered"}}, numbers(2, 0, 0), queue.ServiceLevel{OfAnswered: 1, OfOffered: 1, WithoutShort: 1, ShortAsGood: 1}},
		"the boundary": {
			"20",
			[]end{{20, "answered"}, {20.001, "answered"}, {20, "abandoned"}, {20.001, "abandoned"}},
			numbers(1, 1, 2),
			queue.ServiceLevel{OfAnswered: 1. / 2, OfOffered: 1. / 4, WithoutShort: 1. / 3, ShortAsGood: 2. / 4},
		},
		"a day": {
			"10",
			[]end{{1, "answered"}, {2, "answered"}, {11, "answered"}, {3, "abandoned"}, {12, "abandoned"}, {13, "abandoned"}, {30, "timed out"}, {4, "withdrawn"}},
			numbers(2, 1, 4),
			queue.ServiceLevel{OfAnswered: 2. / 3, OfOffered: 2. / 6, WithoutShort: 2. / 5, ShortAsGood: 3. / 6},
		},
		"only abandoned": {"10", []end{{5, "abandoned"}, {15, "abandoned"}}, numbers(0, 1, 1), queue.ServiceLevel{ShortAsGood: 1. / 2}},
		"no sla_time":    {"0", []end{{1, "answered"}, {1, "abandoned"}}, numbers(0, 0, 0), queue.ServiceLevel{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEngine(t, makeQueue(t, "q", "sla_time="+c.sla, "max_waiting_time=30"), withStatus(agent.Break, "1001", "q"))
			from, breaches := 0.0, 0
			for _, end := range c.ends {
				step(t, e, from, join("c", "q"))
				at := from + end.at
				switch end.what {
				case "answered":
					step(t, e, at, acd.Pickup{Call: "c", Agent: "1001"})
					step(t, e, at, acd.HangUp{Call: "c"})
				case "abandoned":
					step(t, e, at, acd.HangUp{Call: "c"})
				case "withdrawn":
					step(t, e, at, acd.Withdraw{Call: "c"})
				default:
					e.Advance(sec(at))
				}
				told, _ := only[*acd.SLABreached](e.Take())
				breaches += len(told)
				from = at + 1
			}
			v, err := e.Queue("q")
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []queue.Numbers{v.Numbers, v.Lifetime} {
				if n.AnsweredInSLA != c.want.AnsweredInSLA || n.AbandonedInSLA != c.want.AbandonedInSLA || n.Breaches != c.want.Breaches {
					t.Errorf("%d answered and %d abandoned within, %d breaches", n.AnsweredInSLA, n.AbandonedInSLA, n.Breaches)
				}
				got := n.ServiceLevel()
				for i, pair := range [][2]float64{
					{got.OfAnswered, c.of.OfAnswered},
					{got.OfOffered, c.of.OfOffered},
					{got.WithoutShort, c.of.WithoutShort},
					{got.ShortAsGood, c.of.ShortAsGood},
				} {
					if math.Abs(pair[0]-pair[1]) > 1e-12 {
						t.Errorf("level %d is %v, want %v", i, pair[0], pair[1])
					}
				}
			}
			if uint64(breaches) != c.want.Breaches {
				t.Errorf("%d breaches told", breaches)
			}
		})
	}
}

func numbers(answered, abandoned, breaches uint64) queue.Numbers {
	return queue.Numbers{AnsweredInSLA: answered, AbandonedInSLA: abandoned, Breaches: breaches}
}

// The event says how many breaches there were since the reset and how many calls
// wait; it bears the time of the mark.
func TestB90_TheEventSaysBreachesAndWaiting(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "sla_time=10"), makeQueue(t, "other", "sla_time=10"), withStatus(agent.Break, "1001", "q", "other"))
	for at, c := range []queue.CallID{"c1", "c2", "c3"} {
		step(t, e, float64(at), acd.Join{Call: c, Queue: "q", Tag: "tag of " + string(c)})
	}
	step(t, e, 0, join("o1", "other"))
	e.Advance(sec(11))
	told, at := only[*acd.SLABreached](e.Take())
	if len(told) != 1 || at[0] != 10 {
		t.Fatalf("until the mark of the second told %+v at %v", told, at)
	}
	if b := told[0]; b.Call != "c1" || b.Queue != "q" || b.Tag != "tag of c1" || b.Breaches != 1 || b.Waiting != 3 {
		t.Errorf("told %+v", b)
	}
	step(t, e, 11.5, acd.HangUp{Call: "c1"})
	step(t, e, 11.5, acd.ResetQueue{Queue: "q"})
	e.Advance(sec(20))
	told, _ = only[*acd.SLABreached](e.Take())
	var c3, o1 *acd.SLABreached
	for _, b := range told {
		switch b.Call {
		case "c3":
			c3 = b
		case "o1":
			o1 = b
		}
	}
	if len(told) != 3 || c3 == nil || c3.Breaches != 1 || c3.Waiting != 2 || o1 == nil || o1.Breaches != 1 || o1.Waiting != 1 {
		t.Errorf("after the reset told %+v %+v of %d", c3, o1, len(told))
	}
	v, _ := e.Queue("q")
	if v.Numbers.Breaches != 1 || v.Lifetime.Breaches != 3 {
		t.Errorf("%d breaches since the reset, %d ever", v.Numbers.Breaches, v.Lifetime.Breaches)
	}
}

// Callbacks are no calls that wait: the event does not count them.
func TestB90_TheEventDoesNotCountCallbacks(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "sla_time=10", "enable_callback=true"), withStatus(agent.Break, "1001", "q"))
	for _, c := range []queue.CallID{"c1", "c2"} {
		step(t, e, 0, acd.Join{Call: c, Queue: "q", Number: "+493011111"})
	}
	step(t, e, 1, acd.KeyPressed{Call: "c1", Key: "3"})
	step(t, e, 1, acd.EnterNumber{Call: "c1", Text: "#"})
	e.Advance(sec(11))
	told, _ := only[*acd.SLABreached](e.Take())
	if len(told) != 1 || told[0].Call != "c2" || told[0].Waiting != 1 {
		t.Errorf("told %+v", told)
	}
}
