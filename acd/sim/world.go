package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// world is a contact centre of one replication: callers, agents and their phones
// around an engine.
type world struct {
	*plan
	engine *acd.Engine
	now    int64 // ns since the beginning
	agenda agenda
	serial uint64 // orders what happens in one instant
	ties   *rand.Rand

	lines   []line
	groups  []group
	people  []person
	calls   []caller // by slot
	names   []queue.CallID
	free    []int32 // slots without a call
	waiting int     // callers in all lines
	fresh   []offer // to be answered in this instant
	inputs  []acd.Input
	events  []acd.Event // scratch of react

	sample sample
	detail *detail
}

// line is a queue with its callers to come.
type line struct {
	clock    clock
	service  sampler
	patience *sampler
	callers  *rand.Rand
	made     int   // calls so far
	waiting  int64 // callers
	since    int64 // they are so many
	sla      int64 // ns; -1: none
	alert    bool  // the phone's ringing must be reported
	tally    *queueTally
}

// group is a group of agents at work.
type group struct {
	phones *rand.Rand
	answer sampler
	at     int // which value of its count holds
}

// person is an agent.
type person struct {
	offer    uint64 // number of the offer that rings him; 0: none
	sticky   bool   // why it does
	call     int32  // slot of the call he talks on; -1: none
	began    int64  // that talk
	onDuty   bool
	leaving  bool  // goes off duty when his call is over
	since    int64 // on duty
	talk     int64 // ns, in the window that counts
	staffed  int64
	served   int64
	everDuty bool // was on duty in the window that counts
}

// caller is a call.
type caller struct {
	joined   int64
	service  int64
	patience int64 // -1: for ever
	queue    int32
	agent    int32 // who talks with him; -1: none
	slot     int32 // of time, of the arrival
	period   int32
	counted  bool
	inLine   bool
}

// offer is an offer that is answered at once.
type offer struct {
	n     uint64
	agent int32
	call  int32
}

// newWorld makes everything of a replication but what happens in it.
func (p *plan) newWorld(replication int) (*world, error) {
	seed := p.config.Seed
	engine, err := acd.NewEngine(acd.EngineOptions{Strategies: p.own, Seed: stream(seed, replication, drawsEngine, 0).Uint64()})
	if err != nil {
		return nil, err
	}
	w := &world{
		plan: p, engine: engine, ties: stream(seed, replication, drawsTies, 0),
		lines: make([]line, len(p.queues)), groups: make([]group, len(p.config.Agents)), people: make([]person, len(p.ids)),
		sample: sample{
			queues: make([]queueTally, len(p.queues)), periods: make([][]periodTally, len(p.queues)),
			groups: make([]groupTally, len(p.config.Agents)),
		},
		detail: newDetail(p),
	}
	w.agenda.place = make([]int32, w.whoCall(0))
	busyness := 1.0
	if b := p.config.Busyness; b != nil {
		s := newSampler(*b, stream(seed, replication, drawsBusyness, 0))
		busyness = s.draw(0)
	}
	for i := range w.lines {
		q, l := &p.queues[i], &w.lines[i]
		*l = line{
			clock:   newClock(q.Arrivals, busyness, stream(seed, replication, drawsArrivals, i)),
			service: newSampler(q.Service, stream(seed, replication, drawsService, i)),
			callers: stream(seed, replication, drawsCallers, i), sla: -1, alert: q.Properties.AlertTime > 0,
			tally: &w.sample.queues[i],
		}
		if q.Patience != nil {
			s := newSampler(*q.Patience, stream(seed, replication, drawsPatience, i))
			l.patience = &s
		}
		if q.Properties.SLATime > 0 {
			l.sla = int64(q.Properties.SLATime)
		}
		w.sample.periods[i] = make([]periodTally, p.periods[i])
		if err := w.step(acd.CreateQueue{Queue: p.queueIDs[i], Config: q.Properties}); err != nil {
			return nil, err
		}
	}
	for i := range w.groups {
		g := &p.config.Agents[i]
		w.groups[i] = group{phones: stream(seed, replication, drawsPhones, i)}
		w.groups[i].answer = newSampler(g.Answer, w.groups[i].phones)
		if err := w.hire(i); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Everybody's number in the agenda: groups, queues, agents, calls.
func (w *world) whoQueue(q int) int32   { return int32(len(w.groups) + q) }
func (w *world) whoAgent(a int32) int32 { return int32(len(w.groups)+len(w.lines)) + a }
func (w *world) whoCall(slot int32) int32 {
	return int32(len(w.groups)+len(w.lines)+len(w.people)) + slot
}

func (w *world) step(in acd.Input) error {
	return w.engine.Step((epoch + agent.Instant(w.now)).Time(), in)
}

// do puts what somebody does on the agenda.
func (w *world) do(who int32, at int64, what deed) {
	w.serial++
	w.agenda.set(who, at, order(what, w.serial))
}

// run plays to the end. pause is called now and then with the time that is
// reached; its error ends the run.
func (w *world) run(pause func(now int64) error) error {
	for i := range w.lines {
		if at, ok := w.lines[i].clock.next(w.horizon); ok {
			w.do(w.whoQueue(i), at, arrives)
		}
	}
	if err := w.react(); err != nil {
		return err
	}
	stride := w.horizon/256 + 1
	look := stride
	for {
		next, more := w.agenda.next()
		due, ok := w.engine.NextDeadline()
		at := int64(agent.At(due) - epoch)
		switch {
		case ok && (!more || at <= next.at):
			if w.over(at) {
				return w.close()
			}
			w.now = max(w.now, at)
			w.engine.Advance(due)
		case more:
			if w.over(next.at) {
				return w.close()
			}
			w.now = next.at
			if err := w.happen(next); err != nil {
				return fmt.Errorf("%d ns: %w", w.now, err)
			}
		default:
			return w.close()
		}
		if err := w.react(); err != nil {
			return fmt.Errorf("%d ns: %w", w.now, err)
		}
		if w.now >= look {
			look += stride
			if err := pause(w.now); err != nil {
				return err
			}
		}
	}
}

// over reports whether what is next, at a time, is no longer played.
func (w *world) over(at int64) bool {
	return at > w.horizon && (!w.config.Drain || w.waiting == 0)
}

// happen lets one item of the agenda happen.
func (w *world) happen(x item) error {
	what := deed(x.order >> 60)
	if what == arrives { // its item moves on to the next arrival
		return w.arrive(int(x.who) - len(w.groups))
	}
	w.agenda.drop(x.who)
	switch what {
	case endsTalk:
		return w.step(acd.EndTalk{Call: w.names[x.who-w.whoCall(0)]})
	case hangsUp:
		return w.step(acd.HangUp{Call: w.names[x.who-w.whoCall(0)]})
	case answers:
		return w.step(acd.Answered{Offer: acd.OfferID{Epoch: 1, N: w.people[x.who-w.whoAgent(0)].offer}})
	default:
		return w.shift(int(x.who))
	}
}

// arrive brings a call to its queue, and the next one of the queue on the agenda.
func (w *world) arrive(q int) error {
	l := &w.lines[q]
	if at, ok := l.clock.next(w.horizon); ok {
		w.do(w.whoQueue(q), at, arrives)
	} else {
		w.agenda.drop(w.whoQueue(q))
	}
	slot := w.slot()
	c := &w.calls[slot]
	*c = caller{
		joined: w.now, service: l.service.time(w.now), patience: -1, queue: int32(q), agent: -1,
		period: int32(w.period(int32(q), w.now)), slot: int32(w.now / w.detail.slot), counted: w.now >= w.warmup,
	}
	if l.patience != nil {
		c.patience = l.patience.time(w.now)
	}
	w.sample.calls++
	if c.counted {
		l.tally.arrived++
		w.sample.periods[q][c.period].arrived++
	}
	in := acd.Join{Call: w.names[slot], Queue: w.queueIDs[q]}
	if n := w.queues[q].Arrivals.Callers; n > 0 {
		in.Number = callerNumber(q*mostCallers + l.callers.IntN(n))
	} else {
		in.Number = callerNumber(q*mostCallers + mostCallers*len(w.lines) + l.made*len(w.lines))
	}
	l.made++
	if w.dress != nil {
		in = w.dress(in)
	}
	if err := w.step(in); err != nil {
		return err
	}
	if err := w.react(); err != nil {
		return err
	}
	if c = &w.calls[slot]; c.inLine && c.patience >= 0 {
		w.do(w.whoCall(slot), w.now+c.patience, hangsUp)
	}
	return nil
}

// slot returns a free slot for a call.
func (w *world) slot() int32 {
	if n := len(w.free); n > 0 {
		slot := w.free[n-1]
		w.free = w.free[:n-1]
		return slot
	}
	slot := int32(len(w.calls))
	w.calls = append(w.calls, caller{})
	w.names = append(w.names, queue.CallID(strconv.Itoa(int(slot))))
	w.agenda.place = append(w.agenda.place, 0)
	return slot
}

// slotOf returns the slot of a call's id.
func slotOf(id queue.CallID) int32 {
	n := int32(0)
	for i := range len(id) {
		n = n*10 + int32(id[i]-'0')
	}
	return n
}

// window cuts a time down to what lies between warmup and horizon.
func (w *world) window(from, to int64) int64 {
	return max(min(to, w.horizon)-max(from, w.warmup), 0)
}

// count keeps the time average of a line up to date, before it changes by d.
func (w *world) count(l *line, d int64) {
	l.tally.area.addProduct(l.waiting, w.window(l.since, w.now))
	l.since = w.now
	l.waiting += d
	w.waiting += int(d)
}

// close ends the replication: at the horizon, or when the line is empty.
func (w *world) close() error {
	w.now = max(w.now, w.horizon)
	for i := range w.lines {
		w.count(&w.lines[i], 0)
		if w.lines[i].sla >= 0 {
			w.lines[i].tally.slaServed = w.lines[i].tally.served
		}
	}
	for i := range w.calls {
		if c := &w.calls[i]; c.inLine && c.counted && w.now > c.joined {
			w.lines[c.queue].tally.waited++
		}
	}
	for i := range w.people {
		p := &w.people[i]
		if p.call >= 0 {
			p.talk += w.window(p.began, w.now)
		}
		if p.onDuty {
			w.offDuty(p)
		}
		w.detail.talk[i].add(p.talk)
		w.detail.staffed[i].add(p.staffed)
		if !p.everDuty {
			continue
		}
		g := &w.sample.groups[w.group[i]]
		g.talk.add(p.talk)
		g.staffed.add(p.staffed)
		if g.who == 0 {
			g.least, g.most = p.served, p.served
		}
		g.least, g.most = min(g.least, p.served), max(g.most, p.served)
		g.all += p.served
		g.who++
	}
	return w.engine.Check()
}
