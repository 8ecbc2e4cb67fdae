package sim

import (
	"math"
	"math/bits"

	"github.com/acdkit/acdkit/queue"
)

// sum is an exact sum of times in ns: sums over years of crowded lines do not fit
// into 64 bits, and what is added exactly does not depend on its order.
type sum struct{ hi, lo uint64 }

// add adds x, which is not negative.
func (s *sum) add(x int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(x), 0)
	s.hi += carry
}

// addProduct adds n·x; neither is negative.
func (s *sum) addProduct(n, x int64) {
	hi, lo := bits.Mul64(uint64(n), uint64(x))
	s.addSum(sum{hi, lo})
}

func (s *sum) addSum(x sum) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, x.lo, 0)
	s.hi, _ = bits.Add64(s.hi, x.hi, carry)
}

// seconds returns the sum in seconds.
func (s sum) seconds() float64 { return (math.Ldexp(float64(s.hi), 64) + float64(s.lo)) / 1e9 }

// queueTally is what is counted of one queue, or of all, in a replication: of
// calls that arrive from the warmup on, but for area.
type queueTally struct {
	arrived, served, abandoned int64
	soon, late                 int64 // answered within sla_time, abandoned after it
	slaServed                  int64 // served by a queue that has a sla_time
	timedOut, refused, waited  int64
	left                       int64 // those who were in the line and left it
	offers, sticky             int64
	wait, waitAll              sum
	waitAbandoned              sum
	area                       sum // waiting callers × ns between warmup and horizon
}

func (t *queueTally) add(o *queueTally) {
	t.arrived += o.arrived
	t.served += o.served
	t.abandoned += o.abandoned
	t.late += o.late
	t.soon += o.soon
	t.timedOut += o.timedOut
	t.refused += o.refused
	t.waited += o.waited
	t.left += o.left
	t.offers += o.offers
	t.sticky += o.sticky
	t.wait.addSum(o.wait)
	t.waitAll.addSum(o.waitAll)
	t.waitAbandoned.addSum(o.waitAbandoned)
	t.area.addSum(o.area)
	t.slaServed += o.slaServed
}

// groupTally is what is counted of a group of agents in a replication.
type groupTally struct {
	talk, staffed         sum
	least, most, all, who int64 // calls served per agent; who: agents on duty at any time
}

// periodTally is what is counted of a period of arrivals.
type periodTally struct{ arrived, soon int64 }

// sample is what one replication gives.
type sample struct {
	queues  []queueTally
	periods [][]periodTally // by queue
	groups  []groupTally
	events  uint64
	calls   uint64
}

// detail is what plots show: sums over the replications. All of it is added
// exactly, so that the order of the replications does not matter.
type detail struct {
	slot    int64             // ns of a time slot
	slots   [][]slotTally     // by queue and time slot of the arrival
	waits   []queue.Histogram // of the served, by queue
	talk    []sum             // by agent
	staffed []sum
}

// slotTally is what became of the calls that arrived in a time slot.
type slotTally struct{ served, soon, late, abandoned int64 }

func newDetail(p *plan) *detail {
	slot, slots := timeSlots(p.horizon)
	d := &detail{
		slot: slot, slots: make([][]slotTally, len(p.queues)), waits: make([]queue.Histogram, len(p.queues)),
		talk: make([]sum, len(p.ids)), staffed: make([]sum, len(p.ids)),
	}
	for i := range d.slots {
		d.slots[i] = make([]slotTally, slots)
	}
	return d
}

func (d *detail) add(o *detail) {
	for i := range d.slots {
		for k := range d.slots[i] {
			a, b := &d.slots[i][k], &o.slots[i][k]
			a.served += b.served
			a.soon += b.soon
			a.late += b.late
			a.abandoned += b.abandoned
		}
		d.waits[i].Merge(&o.waits[i])
	}
	for i := range d.talk {
		d.talk[i].addSum(o.talk[i])
		d.staffed[i].addSum(o.staffed[i])
	}
}

// timeSlots returns how a horizon is cut for plots: hours, or less of a short one
// and more of a long one.
func timeSlots(horizon int64) (slot int64, slots int) {
	const second, most = int64(1e9), 30
	slot = 3600 * second
	for _, s := range []int64{60, 300, 900, 1800, 3600, 7200, 14400, 86400, 7 * 86400, 30 * 86400, 365 * 86400} {
		slot = s * second
		if horizon <= most*slot {
			break
		}
	}
	return slot, int((horizon + slot - 1) / slot)
}
