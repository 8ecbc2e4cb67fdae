package acd

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// stored is what a set of records holds, decoded.
type stored struct {
	meta    *metaRecord
	queues  map[string]*queueRecord   // by key
	numbers map[string]*numbersRecord // by the key of the queue
	members map[string][]*memberRecord
	entries map[string][]*entryRecord
	resumes map[string]map[string]queue.Resume
	agents  []*agentRecord
	offers  []*offerRecord
	callers storedCallers
	servers []*serverRecord

	people map[agent.ID]*agentState // agents to be: queues are made first, with the memberships
}

// person returns the agent who is to be made.
func (s *stored) person(id agent.ID) *agentState {
	p := s.people[id]
	if p == nil {
		p = new(agentState)
		s.people[id] = p
	}
	return p
}

// decode reads one record. Keys of kinds that are unknown here are refused: they
// are of a newer version.
func (s *stored) decode(r Record) error {
	owner, rest := r.Key, ""
	if strings.HasPrefix(r.Key, "queue/") {
		if i := strings.IndexByte(r.Key[len("queue/"):], '/'); i >= 0 {
			owner, rest = r.Key[:len("queue/")+i], r.Key[len("queue/")+i+1:]
		}
	}
	if ok, err := s.callers.decode(r); ok {
		return err
	}
	switch {
	case r.Key == "meta":
		return decodeInto(r, &s.meta)
	case strings.HasPrefix(r.Key, "agent/"):
		return decodeAppend(r, &s.agents)
	case strings.HasPrefix(r.Key, "server/"):
		return decodeAppend(r, &s.servers)
	case strings.HasPrefix(r.Key, "offer/"):
		return decodeAppend(r, &s.offers)
	case owner == r.Key && strings.HasPrefix(r.Key, "queue/"):
		return decodeAt(r, s.queues, owner)
	case rest == "numbers":
		return decodeAt(r, s.numbers, owner)
	case strings.HasPrefix(rest, "member/"):
		list := s.members[owner]
		err := decodeAppend(r, &list)
		s.members[owner] = list
		return err
	case strings.HasPrefix(rest, "entry/"):
		list := s.entries[owner]
		err := decodeAppend(r, &list)
		s.entries[owner] = list
		return err
	case strings.HasPrefix(rest, "resume/"):
		var v *resumeRecord
		if err := decodeInto(r, &v); err != nil {
			return err
		}
		if s.resumes[owner] == nil {
			s.resumes[owner] = make(map[string]queue.Resume)
		}
		s.resumes[owner][v.Number] = v.Age
		return nil
	}
	return invalid("record", shown(r.Key), "of an unknown kind")
}

// versionFirst is how records of this version begin as they are written here.
var versionFirst = fmt.Appendf(nil, `{"v":%d,`, recordVersion)

func decodeInto[T any](r Record, into **T) error {
	// To look for the version anywhere in the record costs as much as the rest.
	if !bytes.HasPrefix(r.Value, versionFirst) {
		var version struct{ V int }
		if err := json.Unmarshal(r.Value, &version); err != nil {
			return invalid("record", shown(r.Key), err.Error())
		}
		if version.V != recordVersion {
			return invalid("record", shown(r.Key), fmt.Sprintf("of version %d: this library reads version %d", version.V, recordVersion))
		}
	}
	v := new(T)
	if err := json.Unmarshal(r.Value, v); err != nil {
		return invalid("record", shown(r.Key), err.Error())
	}
	if problem := badTime(reflect.ValueOf(v)); problem != "" {
		return invalid("record", shown(r.Key), problem)
	}
	*into = v
	return nil
}

func decodeAppend[T any](r Record, list *[]*T) error {
	var v *T
	if err := decodeInto(r, &v); err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}

func decodeAt[T any](r Record, in map[string]*T, key string) error {
	var v *T
	err := decodeInto(r, &v)
	in[key] = v
	return err
}

// Restore gives a new engine the state that records hold: those of
// [Engine.Records], or the fold of all batches of Changes, in any order. It is
// exact: what comes after is what would have come without it. An error, of the
// sequence or one that wraps [ErrInvalid] and names the record, leaves the engine
// as it was: records that contradict one another, or of which two have the same
// key, are refused, not repaired. Deletions, those with an empty Value, say nothing.
// After a crash the host, or [Open], goes on with [Recover].
func (e *Engine) Restore(records iter.Seq2[Record, error]) error {
	if e.now != 0 || len(e.queues)+len(e.agents) > 0 {
		return invalid("engine", "", "must be new to be restored")
	}
	rng := *e.rng
	if err := e.restore(records); err != nil {
		*e = *blank(EngineOptions{Strategies: e.own, ConfirmTime: e.confirm, Track: e.track}, &rng)
		return err
	}
	return nil
}

func (e *Engine) restore(records iter.Seq2[Record, error]) error {
	s := stored{
		queues: make(map[string]*queueRecord), numbers: make(map[string]*numbersRecord),
		members: make(map[string][]*memberRecord), entries: make(map[string][]*entryRecord),
		resumes: make(map[string]map[string]queue.Resume), people: make(map[agent.ID]*agentState),
	}
	keys := make(map[string]struct{})
	for r, err := range records {
		if err != nil {
			return err
		}
		if len(r.Value) == 0 || r.Key == ownerKey {
			continue // a deletion; or the Router's own
		}
		if _, twice := keys[r.Key]; twice {
			return invalid("record", shown(r.Key), "comes twice")
		}
		keys[r.Key] = struct{}{}
		if err := s.decode(r); err != nil {
			return err
		}
	}
	if s.meta == nil {
		if len(keys) > 0 {
			return invalid("record", "meta", "is missing")
		}
		return nil
	}
	if err := s.check(); err != nil {
		return err
	}
	if err := e.rebuild(&s); err != nil {
		return err
	}
	return e.verify(keys)
}

// verify checks that what was rebuilt is what the records with these keys hold,
// neither more nor less, and that it is sound.
func (e *Engine) verify(keys map[string]struct{}) error {
	for _, k := range e.keys() {
		key := k.String()
		if _, ok := keys[key]; !ok {
			return invalid("record", shown(key), "is missing, or its key and its value disagree")
		}
		delete(keys, key)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		return invalid("record", shown(key), "belongs to nothing, or its key and its value disagree")
	}
	if err := e.check(false); err != nil {
		return invalid("records", "", "contradict one another: "+err.Error())
	}
	return nil
}

// rebuild makes the state of what was decoded.
func (e *Engine) rebuild(s *stored) error {
	e.setNow(s.meta.At)
	e.dirty.at = s.meta.At
	e.epoch, e.counts, e.confirmBy, e.night = s.meta.Epoch, s.meta.Counts, s.meta.ConfirmBy, s.meta.Night
	e.rebuildCallers(&s.callers)
	e.callers.blocking = s.meta.Blocking
	if err := e.rng.UnmarshalBinary(s.meta.Rand); err != nil {
		return invalid("record", "meta", err.Error())
	}
	e.rebuildServers(s.servers)
	for key, r := range s.queues {
		if err := e.rebuildQueue(key, r, s); err != nil {
			return err
		}
	}
	for _, r := range s.agents {
		e.rebuildAgent(r, s)
	}
	for _, key := range slices.Sorted(mapsKeys(s.entries)) {
		e.rebuildEntries(key, s.entries[key])
	}
	slices.SortFunc(s.offers, func(a, b *offerRecord) int { return cmp.Compare(a.Rung, b.Rung) })
	for _, r := range s.offers {
		if err := e.rebuildOffer(r); err != nil {
			return err
		}
	}
	e.ready()
	return nil
}

func mapsKeys[V any](m map[string]V) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// rebuildQueue makes a queue with its members; their agents come later.
func (e *Engine) rebuildQueue(key string, r *queueRecord, s *stored) error {
	id := queue.ID(unescape(strings.TrimPrefix(key, "queue/")))
	known, err := e.strategyOf(&r.Config)
	if err != nil {
		return invalid("record", shown(key), err.Error()) // a host's own strategy may be missing
	}
	q := e.newQueue(id, r.N)
	q.revision, q.listRevision, q.told, q.emptied = r.Revision, r.List, r.Told, r.Emptied
	q.book.Held = r.Held
	e.resettle(q, r.Server)
	q.Configure(r.Config, known)
	if n := s.numbers[key]; n != nil {
		q.Numbers.Set(n.Lifetime, n.Since)
		var life, since queue.Histogram
		life.SetCounts(n.Waits)
		since.SetCounts(n.Reset)
		q.Numbers.SetWaits(life, since)
		q.SetTurn(n.Turn)
		q.Rates, q.Score, q.Callbacks = n.Rates, n.Score, n.Callbacks
	}
	if all := s.resumes[key]; all != nil {
		q.Resumes.Restore(all)
	}
	members := s.members[key]
	slices.SortFunc(members, func(a, b *memberRecord) int {
		if a.Listed != b.Listed {
			if a.Listed {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Agent, b.Agent))
	})
	for _, r := range members {
		state := s.person(r.Agent).newMember()
		m := q.Remember(&state.Member, r.Agent, r.Listed, levelOf(r.Level))
		m.Set, m.ByHand, m.Reason, m.Since = r.Set, r.ByHand, r.Reason, r.Since
		m.Wanted, m.WrapUpTime, m.Ended = r.Wanted, r.WrapUpTime, r.Ended
		m.Misses, m.Streak, m.Memory = r.Misses, r.Streak, r.Memory
		if r.Rank != nil {
			m.SetRank(*r.Rank)
		}
		state.queue, state.Value = q, state
		state.setBase(r.Base)
	}
	e.queues[id] = q
	e.numbers[q.Config.Number] = q
	return nil
}

// rebuildAgent makes an agent and gives him his memberships.
func (e *Engine) rebuildAgent(r *agentRecord, s *stored) {
	p := s.person(r.ID)
	e.initAgent(p, r.ID, r.N, true)
	p.duty = r.Duty
	p.duty.Times = append(p.statuses[:0], r.Duty.Times...)
	var members []*agent.Membership
	for _, id := range r.Queues {
		if q := e.queues[id]; q != nil {
			if m := q.Member(r.ID); m != nil {
				members = append(members, &m.Membership)
			}
		}
	}
	for _, q := range e.queues {
		if m := q.Remembered(r.ID); m != nil {
			known := m.Value.(*memberState)
			known.agent = p
			p.known = append(p.known, known)
		}
	}
	slices.SortFunc(p.known, func(a, b *memberState) int { return cmp.Compare(a.queue.n, b.queue.n) })
	p.Restore(r.State, members, func(id queue.ID) *agent.Membership {
		if q := e.queues[id]; q != nil {
			if m := q.Remembered(r.ID); m != nil {
				return &m.Membership
			}
		}
		return nil
	})
	for _, o := range p.Others() {
		if o.Asked {
			e.asked[o.ID] = append(e.asked[o.ID], p)
		}
	}
}

// rebuildEntries makes the calls of one queue.
func (e *Engine) rebuildEntries(key string, records []*entryRecord) {
	id := queue.ID(unescape(strings.TrimPrefix(key, "queue/")))
	q := e.queues[id]
	deleted := e.newQueue(id, 0) // while calls of it talk (B121)
	deleted.deleted = true
	slices.SortFunc(records, func(a, b *entryRecord) int {
		return cmp.Or(cmp.Compare(a.Took, b.Took), cmp.Compare(a.Seq, b.Seq))
	})
	for _, r := range records {
		q := q
		if r.Deleted || q == nil {
			q = deleted
		}
		c := &call{
			queue: q, tag: r.Tag, number: r.Number, name: r.Name, first: r.First, rare: &e.none,
			stage: r.Stage, by: r.By, held: r.Held, resumed: r.Resumed, unconfirmed: r.Unconfirmed, leaseAsked: r.LeaseAsked,
			emptied:  r.Emptied,
			answered: r.Answered, took: r.Took, limit: r.Limit, end: r.End, again: r.Again, sla: r.SLA, goal: seconds(r.Goal),
		}
		c.wasHeld, c.triedOld, c.began, c.schedule, c.music = r.WasHeld, r.TriedOld, r.Began, r.Schedule, r.Music
		c.estimate = -1
		if r.Estimate >= 0 {
			c.estimate = seconds(r.Estimate)
		}
		few := rare{
			mine: true, credit: r.Credit, passed: r.Passed, from: r.From, heldTill: r.HeldTill,
			warning: r.Warning, dialogue: r.Dialogue, promise: r.Promise, dialled: r.Dialled,
		}
		if !few.empty() {
			c.rare = &few
		}
		if p := e.agents[r.WaitsFor]; p != nil {
			c.own().waitsFor = p
			p.awaited = append(p.awaited, c)
		}
		c.Entry = queue.Entry{
			ID: r.ID, VIP: r.VIP, Priority: r.Priority, Effective: r.Effective, Seq: r.Seq, Joined: r.Joined,
			Exempt: r.Exempt, Holds: r.Holds, Value: c,
		}
		e.calls[c.ID] = c
		if c.dialled != "" {
			e.customers.call(c)
		}
		if c.promise != nil && c.promise.State.Open() {
			_ = q.book.Add(c.promise)
			e.expect(c)
		}
		if r.Agent != "" {
			c.agent = e.agents[r.Agent]
			if c.agent == nil { // deleted while he talks (B121)
				c.agent = new(agentState)
				e.initAgent(c.agent, r.Agent, 0, true)
				c.agent.deleted = true
				delete(e.agents, r.Agent)
				e.gone[r.Agent] = c.agent
				c.agent.Pickup(c.took, id, nil, c.stage == connecting, 0)
			}
			c.agent.call = c
		}
		if c.stage == talking {
			continue
		}
		if h := r.Hunt; h != nil {
			state := queue.Hunt{Round: h.Round, Rung: h.Rung, Last: h.Last, Retry: h.Retry}
			for _, m := range h.Marks {
				if p := e.agents[m.Agent]; p != nil {
					state.Marks = append(state.Marks, queue.Mark{
						Who: &p.Agent, Tried: m.Tried, Busy: m.Busy, Missed: m.Missed, Declined: m.Declined, Until: m.Until, Row: m.Row,
					})
				}
			}
			c.SetHunt(state)
		}
		if r.Place != nil {
			c.SetPlace(*r.Place)
		}
		if !c.inLine() {
			continue
		}
		q.Rejoin(&c.Entry)
		e.recognise(c)
	}
}

// rebuildOffer makes an offer that runs.
func (e *Engine) rebuildOffer(r *offerRecord) error {
	p, q, c := e.agents[r.Agent], e.queues[r.Queue], e.calls[r.Call]
	if p == nil || q == nil || c == nil || p.member(q) == nil || p.offer.call != nil {
		return invalid("record", "offer/"+r.ID.String(), "names an agent, queue or call that is not there")
	}
	m := p.member(q)
	p.offer = offer{
		id: r.ID, call: c, member: m, began: r.Began, until: r.Until, alertBy: r.AlertBy, manual: r.Manual, connect: r.Connect,
	}
	p.Reoffer(&m.Membership)
	c.Reoffer()
	c.rung.add(p)
	e.offers[r.ID.N] = p
	return nil
}

// ready derives from a rebuilt state what records do not hold: counts, lineups,
// wants, timers.
func (e *Engine) ready() {
	for _, q := range e.queues {
		for _, m := range q.All() {
			q.Refresh(e.now, m)
		}
		for entry := range q.Line.From(1) {
			q.Touch(e.now, entry)
		}
	}
	for _, p := range e.agents {
		for _, m := range p.Members() {
			if p.Available(m) {
				s := stateOf(m)
				s.queue.Reline(&s.Member, s.Rank())
				p.lined = true
			}
		}
		p.told = lineOf(p)
		e.armAgent(p)
	}
	var onTalk, waits []*call
	for _, c := range e.calls {
		switch {
		case c.stage == talking:
			onTalk = append(onTalk, c)
		case c.promise == nil:
			waits = append(waits, c)
		}
		e.armCall(c)
	}
	slices.SortFunc(waits, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.Joined, b.Joined), cmp.Compare(a.Seq, b.Seq))
	})
	for _, c := range waits {
		c.queue.waits.add(c)
	}
	slices.SortFunc(onTalk, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.took, b.took), cmp.Compare(a.Seq, b.Seq))
	})
	for _, c := range onTalk {
		e.talks.add(c)
	}
	e.arm(owner{})
}
