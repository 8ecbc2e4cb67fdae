package queue

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// world is a small queue with people and callers, and beside it a naive account
// of every hunt: what the rules say, looked at pair by pair.
type world struct {
	t     *testing.T
	rng   *rand.Rand
	now   agent.Instant
	order uint64

	q      *Queue
	people []*Member // each has this one queue
	agents map[agent.ID]*agent.Agent
	hunts  map[*Entry]*account
	rings  map[*agent.Agent]*Entry
	again  map[*Entry]agent.Instant
	joined uint64
}

// account is what happened to an entry.
type account struct {
	round, rung, offers int
	retry               agent.Instant
	turns               map[*agent.Agent]*turns
}

// turns are those of one agent at one entry.
type turns struct {
	round, busy, missed int
	declined            bool
	until               agent.Instant
}

func newWorld(t *testing.T, s strategy.Strategy, seed uint64) *world {
	t.Helper()
	w := &world{
		t: t, rng: rand.New(rand.NewPCG(seed, 0)), now: agent.Instant(1_000_000 * time.Second),
		agents: map[agent.ID]*agent.Agent{}, hunts: map[*Entry]*account{}, rings: map[*agent.Agent]*Entry{}, again: map[*Entry]agent.Instant{},
	}
	c := Defaults()
	c.Name, c.Number, c.PollingStrategy = "q", "8000", s.Name
	c.RetryInterval = time.Duration(1+w.rng.IntN(8)) * time.Second
	c.RejectDelay = time.Duration(w.rng.IntN(4)) * time.Second
	c.NoAnswerDelay = time.Duration(w.rng.IntN(3)) * time.Second
	c.BusyDelay, c.UnreachableDelay = time.Second, time.Second
	c.SkillWait = time.Duration(w.rng.IntN(3)*w.rng.IntN(5)) * time.Second
	c.SkillOrder = SkillOrder(w.rng.IntN(2))
	c.RingLimit = w.rng.IntN(4)
	if err := c.Validate(s); err != nil {
		t.Fatal(err)
	}
	w.q = New("q", c, s)
	for i := range 3 + w.rng.IntN(4) {
		a := agent.New(agent.ID(fmt.Sprint(1001+i)), true)
		w.agents[a.ID] = a
		w.people = append(w.people, w.q.Add(w.now, nil, a, w.level(), nil, ""))
	}
	w.lineUp()
	return w
}

func (w *world) level() int { return 1 + 4*w.rng.IntN(3) }

func (w *world) person() *Member { return w.people[w.rng.IntN(len(w.people))] }

func (w *world) entry() *Entry {
	if n := w.q.Line.Len(); n > 0 {
		return w.q.Line.At(1 + w.rng.IntN(n))
	}
	return nil
}

// lineUp puts everybody who is available into the lineup.
func (w *world) lineUp() {
	for _, m := range w.people {
		if m.Listed() && m.AgentOf().Available(&m.Membership) {
			w.q.Freed(m, w.rng.Uint64)
		} else {
			w.q.Taken(m)
		}
	}
}

// restaff counts a member anew.
func (w *world) restaff(m *Member) {
	if w.q.Refresh(w.now, m) {
		w.touch(w.q.Watched()...)
	}
}

// touch looks at entries anew: those whose pause is over begin another round.
func (w *world) touch(entries ...*Entry) {
	for _, e := range entries {
		if h := w.hunts[e]; h.retry != 0 && h.retry <= w.now && h.offers == 0 && e.Holds == 0 {
			h.round++
			h.rung, h.retry = 0, 0
		}
		w.q.Touch(w.now, e)
	}
}

func (w *world) touchAll() { w.touch(slices.Collect(w.q.Line.From(1))...) }

func (w *world) turnsOf(e *Entry, a *agent.Agent) *turns {
	all := w.hunts[e].turns
	if all[a] == nil {
		all[a] = &turns{}
	}
	return all[a]
}

// ring lets a member be rung.
func (w *world) ring(e *Entry, m *Member) {
	w.order++
	a := m.AgentOf()
	a.Ring(w.now, &m.Membership, w.order)
	w.q.Ring(e, m)
	w.rings[a] = e
	h := w.hunts[e]
	h.rung++
	h.offers++
	h.retry = 0
	w.q.Taken(m)
	w.touch(e)
}

// end ends a ring.
func (w *world) end(m *Member, end agent.End) {
	a := m.AgentOf()
	e := w.rings[a]
	delete(w.rings, a)
	sole := e.Sole(w.now)
	fresh := end == agent.NoAnswer && sole && e.Fresh(m)
	w.q.EndOffer(w.now, e, a, end)
	h, t := w.hunts[e], w.turnsOf(e, a)
	h.offers--
	switch end {
	case agent.NoAnswer:
		t.round = h.round
		t.missed++
	case agent.Rejected:
		t.round, t.declined = h.round, true
		t.until = w.now.Add(w.q.Config.RetryInterval)
	case agent.Busy:
		t.round = h.round
		t.busy++
		t.declined = t.declined || t.busy >= 2
		t.until = w.now.Add(w.q.Config.RetryInterval)
	case agent.Unreachable:
		t.round = h.round
	}
	if h.offers == 0 {
		h.retry = w.now.Add(w.q.Config.RetryInterval)
	}
	if end == agent.Answered {
		w.answer(e, a, m)
		return
	}
	a.Miss(w.now, end, sole, fresh)
	w.restaff(m)
	w.touch(e)
}

// answer lets an agent have an entry, or drop it before they are connected.
func (w *world) answer(e *Entry, a *agent.Agent, m *Member) {
	w.order++
	dropped := w.rng.IntN(3) == 0
	a.Answer(w.now, dropped, w.order)
	w.endAll(e, agent.LostRace)
	if !dropped {
		w.leave(e)
		return
	}
	a.Drop(w.now, time.Second)
	w.restaff(m)
	w.q.Dropped(w.now, e, a)
	w.turnsOf(e, a).round = w.hunts[e].round
	w.hunts[e].retry = w.now.Add(w.q.Config.RetryInterval)
	w.touch(e)
}

func (w *world) endAll(e *Entry, end agent.End) {
	for _, m := range w.people {
		if a := m.AgentOf(); a != nil && w.rings[a] == e {
			w.end(m, end)
		}
	}
}

func (w *world) leave(e *Entry) {
	w.endAll(e, agent.Withdrawn)
	w.q.Leave(e)
	delete(w.hunts, e)
	delete(w.again, e)
}

// step does something.
func (w *world) step() {
	m := w.person()
	a := m.AgentOf()
	switch n := w.rng.IntN(20); {
	case n < 3 && w.q.Line.Len() < 5:
		w.joined++
		e := &Entry{
			ID: CallID(fmt.Sprint("c", w.joined)), Priority: w.rng.IntN(2), Seq: w.joined, Joined: w.now,
			Effective: w.now.Add(-time.Duration(w.rng.IntN(3)*w.rng.IntN(6)) * time.Second),
		}
		w.hunts[e] = &account{round: 1, turns: map[*agent.Agent]*turns{}}
		w.q.Join(e, w.rng.IntN(4)/3*(1+w.rng.IntN(3)))
		w.touch(e)
	case n == 3:
		if e := w.entry(); e != nil && w.rng.IntN(2) == 0 {
			w.leave(e)
		} else if e != nil {
			w.q.Line.Change(e, func(e *Entry) { e.Priority = 1 - e.Priority })
			w.touch(e)
		}
	case n == 4:
		if e := w.entry(); e != nil {
			e.Holds ^= HoldQuestion
			w.touch(e)
		}
		if e := w.entry(); e != nil && a != nil && w.rings[a] != e && w.rng.IntN(3) == 0 {
			w.q.Decline(w.now, e, a) // he transferred it here (B55)
			t := w.turnsOf(e, a)
			t.declined, t.until = true, w.now.Add(w.q.Config.RetryInterval)
			w.touch(e)
		}
		if w.rng.IntN(3) == 0 {
			list := slices.Clone(w.q.Members())
			w.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			w.q.Order(list)
			w.touchAll()
		}
	case n == 5 && m.Listed():
		w.q.SetLevel(w.now, m, w.level())
		w.touchAll()
	case n == 6 && a != nil && w.rings[a] == nil && a.Call() == nil && m.Listed():
		w.q.Remove(w.now, m)
		w.touchAll()
	case n == 6 && !m.Listed() && w.rng.IntN(2) == 0:
		w.replace(m)
	case n == 6 && !m.Listed():
		w.q.Add(w.now, nil, w.agents[m.Agent], w.level(), nil, "")
		w.touchAll()
	case a == nil:
	case n < 8:
		s := []agent.Status{agent.Ready, agent.Ready, agent.Break, agent.LoggedOut}[w.rng.IntN(4)]
		if _, err := a.SetStatus(w.now, s, "", &m.Membership); err != nil {
			w.t.Fatal(err)
		}
		w.restaff(m)
		if w.rings[a] != nil && m.Set != agent.Ready {
			w.end(m, agent.Withdrawn)
		}
	case n == 8:
		if gone := a.Registered(); gone && w.rings[a] != nil {
			a.SetRegistered(w.now, false)
			w.end(m, agent.Unreachable)
		} else {
			a.SetRegistered(w.now, !gone)
		}
		w.restaff(m)
	case n == 9:
		if _, ended := a.EndOther(w.now, "x"); !ended && w.rings[a] == nil {
			a.StartOther(w.now, "x", "", true)
		}
		w.restaff(m)
	case w.rings[a] != nil:
		ends := []agent.End{agent.Answered, agent.NoAnswer, agent.NoAnswer, agent.Rejected, agent.Busy, agent.Unreachable, agent.Withdrawn}
		w.end(m, ends[w.rng.IntN(len(ends))])
	case a.Call() != nil:
		a.EndTalk(w.now, true)
		w.restaff(m)
	}
	w.lineUp()
}

// replace deletes an agent who is off the list, and somebody new comes.
func (w *world) replace(m *Member) {
	old := w.agents[m.Agent]
	w.q.Forget(m)
	for e := range w.q.Line.From(1) {
		e.Forget(old)
		delete(w.hunts[e].turns, old)
	}
	a := agent.New(agent.ID(fmt.Sprint(1001+len(w.agents))), true)
	w.agents[a.ID] = a
	w.people[slices.Index(w.people, m)] = w.q.Add(w.now, nil, a, w.level(), nil, "")
	w.touchAll()
}

// match rings until nobody is left who could be.
func (w *world) match() {
	for e := range w.q.Line.From(1) {
		for {
			m, _, again := w.q.Next(w.now, e)
			if m == nil {
				w.again[e] = again
				break
			}
			w.ring(e, m)
		}
	}
}

// pass lets time pass, deadline by deadline.
func (w *world) pass(d time.Duration) {
	for until := w.now.Add(d); ; {
		w.match()
		next := until
		for _, at := range w.again {
			if at != 0 {
				next = min(next, at)
			}
		}
		for _, m := range w.people {
			if a := m.AgentOf(); a != nil && a.Due() != 0 {
				next = min(next, a.Due())
			}
		}
		w.now = max(w.now, next)
		for _, m := range w.people {
			if a := m.AgentOf(); a != nil && a.Due() != 0 && a.Due() <= w.now {
				a.Wake(w.now)
				w.restaff(m)
			}
		}
		for e, at := range w.again {
			if at != 0 && at <= w.now {
				w.touch(e)
				w.again[e] = 0
			}
		}
		w.lineUp()
		if next >= until {
			w.match()
			return
		}
	}
}

// eligible is what the rules say of a pair, naively.
func (w *world) eligible(now agent.Instant, e *Entry, m *Member) bool {
	h, c, s := w.hunts[e], &w.q.Config, w.q.Strategy()
	switch {
	case e.Holds != 0, !m.Listed(), !m.AgentOf().Available(&m.Membership):
		return false
	case !s.Simultaneous && h.offers > 0, s.Simultaneous && c.RingLimit > 0 && h.offers >= c.RingLimit:
		return false
	case w.tried(e, m), w.barred(now, e, m):
		return false
	}
	if !s.Skilled || c.SkillWait == 0 {
		return true
	}
	better := map[int]bool{}
	hope := false
	for _, o := range w.q.Members() {
		if o.Level != m.Level && (o.Level < m.Level) == (c.SkillOrder == Ascending) {
			better[o.Level] = true
			hope = hope || o.Staffed() && !w.tried(e, o) && !w.barred(now, e, o)
		}
	}
	opens := e.Place().Effective.Add(time.Duration(len(better)) * c.SkillWait)
	return !hope || now >= opens
}

func (w *world) tried(e *Entry, m *Member) bool {
	return w.turnsOf(e, m.AgentOf()).round == w.hunts[e].round
}

func (w *world) barred(now agent.Instant, e *Entry, m *Member) bool {
	t := w.turnsOf(e, m.AgentOf())
	if !t.declined {
		return false
	}
	return now < t.until || slices.ContainsFunc(w.q.Members(), func(o *Member) bool {
		other := w.turnsOf(e, o.AgentOf())
		return o != m && o.Staffed() && !other.declined && other.missed < 2
	})
}

// first is whom the strategy puts first among those who may have e.
func (w *world) first(e *Entry) *Member {
	s := w.q.Strategy()
	var best *Member
	for _, m := range w.q.Members() {
		if w.eligible(w.now, e, m) && (best == nil || w.before(&s, m, best)) {
			best = m
		}
	}
	return best
}

func (w *world) before(s *strategy.Strategy, a, b *Member) bool {
	level := 0
	if s.Skilled {
		if level = cmp.Compare(a.Level, b.Level); w.q.Config.SkillOrder == Descending {
			level = -level
		}
	}
	x, y := rankOf(s, &a.Membership), rankOf(s, &b.Membership)
	return cmp.Or(level, slices.Compare(x[:], y[:]), cmp.Compare(a.Place, b.Place)) < 0
}

// check compares the three doors with the naive account and with each other.
func (w *world) check() error {
	entries := slices.Collect(w.q.Line.From(1))
	available := 0
	for _, m := range w.q.Members() {
		if m.AgentOf().Available(&m.Membership) {
			available++
		}
		var takes, unrung *Entry
		for _, e := range entries {
			could := w.eligible(w.now, e, m)
			if got := w.q.Eligible(w.now, e, m); got != could {
				return fmt.Errorf("Eligible(%s, %s) is %t, want %t", e.ID, m.Agent, got, could)
			}
			if !could {
				continue
			}
			if takes == nil {
				takes = e
			}
			if unrung == nil && w.hunts[e].offers == 0 {
				unrung = e
			}
			if !found(&w.q.Line, e) {
				return fmt.Errorf("%s could have %s, and NextWanting passes it by: it wants %d", m.Agent, e.ID, w.q.Line.Want(e))
			}
		}
		if w.q.Strategy().Simultaneous && unrung != nil {
			takes = unrung
		}
		if got := w.q.Takes(w.now, m); got != takes {
			return fmt.Errorf("Takes(%s) is %s, want %s", m.Agent, name(got), name(takes))
		}
	}
	for _, e := range entries {
		want := w.first(e)
		got, why, again := w.q.Next(w.now, e)
		switch {
		case got != want:
			return fmt.Errorf("Next(%s) is %v, want %v", e.ID, got, want)
		case got != nil && !w.q.Eligible(w.now, e, got):
			return fmt.Errorf("Next(%s) is %s, who is not eligible", e.ID, got.Agent)
		case got != nil && w.q.Strategy().Skilled && why.Level != got.Level:
			return fmt.Errorf("Next(%s) says level %d of %s, who has %d", e.ID, why.Level, got.Agent, got.Level)
		case e.Round() != w.hunts[e].round || e.Offers() != w.hunts[e].offers:
			return fmt.Errorf("%s is in round %d with %d offers, want %d with %d", e.ID, e.Round(), e.Offers(), w.hunts[e].round, w.hunts[e].offers)
		case got != nil && why.Available != available:
			return fmt.Errorf("Next(%s) says %d are available, want %d", e.ID, why.Available, available)
		case got == nil && again != 0 && again <= w.now:
			return fmt.Errorf("Next(%s) says to ask again at %d, and it is %d", e.ID, again, w.now)
		}
	}
	return nil
}

// checkAgain looks that nobody becomes eligible by time alone before Next said so:
// after match, up to just before the next deadline.
func (w *world) checkAgain() error {
	for _, e := range slices.Collect(w.q.Line.From(1)) {
		soon := w.now.Add(time.Hour)
		if at := w.again[e]; at != 0 {
			soon = at - 1
		}
		if r := w.hunts[e].retry; r != 0 {
			soon = min(soon, r-1)
		}
		for _, m := range w.q.Members() {
			if w.eligible(soon, e, m) {
				return fmt.Errorf("%s may have %s at %d, again is %d", m.Agent, e.ID, soon, w.again[e])
			}
		}
	}
	return nil
}

func found(l *Line, e *Entry) bool {
	for at := l.NextWanting(nil, wantsAnother); at != nil; at = l.NextWanting(at, wantsAnother) {
		if at == e {
			return true
		}
	}
	return false
}

func name(e *Entry) CallID {
	if e == nil {
		return "nothing"
	}
	return e.ID
}
