package acd

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// recordVersion is the version of the records written here. Records of a newer
// one are refused.
const recordVersion = 1

// kind is the kind of a record.
type kind uint8

const (
	kindMeta kind = iota
	kindQueue
	kindNumbers
	kindMember
	kindEntry
	kindResume
	kindAgent
	kindOffer
	kindTalked
	kindVIP
	kindExclusive
	kindBlocked
	kindServer
)

// recordKey names the thing that a record holds.
type recordKey struct {
	kind  kind
	queue queue.ID
	id    string
}

// String returns the key as a store sees it.
func (k recordKey) String() string {
	q := "queue/" + url.PathEscape(string(k.queue))
	switch k.kind {
	case kindMeta:
		return "meta"
	case kindQueue:
		return q
	case kindNumbers:
		return q + "/numbers"
	case kindMember:
		return q + "/member/" + url.PathEscape(k.id)
	case kindEntry:
		return q + "/entry/" + url.PathEscape(k.id)
	case kindResume:
		return q + "/resume/" + url.PathEscape(k.id)
	case kindAgent:
		return "agent/" + url.PathEscape(k.id)
	case kindTalked:
		return "caller/" + url.PathEscape(k.id)
	case kindVIP:
		return "vip/" + url.PathEscape(k.id)
	case kindExclusive:
		return "exclusive/" + url.PathEscape(k.id)
	case kindBlocked:
		return "blocked/" + url.PathEscape(k.id)
	case kindServer:
		return "server/" + url.PathEscape(k.id)
	default:
		return "offer/" + k.id
	}
}

// Change is a thing that changed, as it was when [Engine.Changes] was called. It
// may be encoded later and on another goroutine.
type Change struct {
	Key   string
	value any // a copy; nil: the thing is gone
}

// Record encodes the change. A Record without a Value deletes.
func (c Change) Record() Record {
	if c.value == nil {
		return Record{Key: c.Key}
	}
	b, err := json.Marshal(c.value)
	if err != nil {
		panic(fmt.Sprintf("acd: record %s: %v", c.Key, err)) //nolint:forbidigo // all values are plain structs of ours
	}
	return Record{Key: c.Key, Value: b}
}

// Changes returns what changed since the last call, each thing once and as it is
// now. Offers are not among it. It needs EngineOptions.Track.
func (e *Engine) Changes() []Change {
	if len(e.dirty.keys) == 0 {
		return nil
	}
	changes := make([]Change, 0, len(e.dirty.keys)+1)
	seen := make(map[recordKey]struct{}, len(e.dirty.keys))
	for _, k := range e.dirty.keys {
		if _, ok := seen[k]; !ok && k.kind != kindMeta {
			seen[k] = struct{}{}
			changes = append(changes, Change{Key: k.String(), value: e.valueOf(k, true)})
		}
	}
	e.dirty.keys = e.dirty.keys[:0]
	return append(changes, Change{Key: recordKey{}.String(), value: e.metaRecord()})
}

// valueOf returns what a record holds now, nil if the thing is gone; clear takes
// its mark of having changed away.
func (e *Engine) valueOf(k recordKey, clear bool) any {
	switch k.kind {
	case kindAgent:
		if p := e.agents[agent.ID(k.id)]; p != nil {
			p.dirty = p.dirty && !clear
			return agentRecordOf(p)
		}
		return nil
	case kindEntry:
		if c := e.calls[queue.CallID(k.id)]; c != nil && c.queue.ID == k.queue {
			c.dirty = c.dirty && !clear
			return entryRecordOf(c)
		}
		return nil
	case kindServer:
		return e.serverValue(ServerID(k.id))
	}
	if value, ok := e.callerValue(k); ok {
		return value
	}
	q := e.queues[k.queue]
	if q == nil {
		return nil
	}
	switch k.kind {
	case kindQueue:
		q.dirty = q.dirty && !clear
		return queueRecordOf(q)
	case kindNumbers:
		q.dirtyNumbers = q.dirtyNumbers && !clear
		return numbersRecordOf(q)
	case kindMember:
		if m := q.Remembered(agent.ID(k.id)); m != nil {
			s := m.Value.(*memberState)
			s.dirty = s.dirty && !clear
			return memberRecordOf(s)
		}
	case kindResume:
		if r, ok := q.Resumes.Remembered(k.id); ok {
			return resumeRecord{recordVersion, k.id, r}
		}
	}
	return nil
}

// Records yields the whole state, by key, offers that run included: a new engine
// that restores it goes on as if nothing had happened. Without the keys
// "offer/…" it is the fold of all batches of Changes.
func (e *Engine) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, c := range e.state() {
			if !yield(c.Record()) {
				return
			}
		}
	}
}

// keys names all records that there are, in no order.
func (e *Engine) keys() []recordKey {
	keys := []recordKey{{}}
	for id, q := range e.queues {
		keys = append(keys, recordKey{kind: kindQueue, queue: id}, recordKey{kind: kindNumbers, queue: id})
		for _, m := range q.All() {
			keys = append(keys, recordKey{kind: kindMember, queue: id, id: string(m.Agent)})
		}
		for _, number := range q.Resumes.Numbers() {
			keys = append(keys, recordKey{kind: kindResume, queue: id, id: number})
		}
	}
	for id, c := range e.calls {
		keys = append(keys, recordKey{kind: kindEntry, queue: c.queue.ID, id: string(id)})
	}
	for id := range e.agents {
		keys = append(keys, recordKey{kind: kindAgent, id: string(id)})
	}
	keys = append(keys, e.callerKeys()...)
	keys = append(keys, e.serverKeys()...)
	for n := range e.offers {
		keys = append(keys, recordKey{kind: kindOffer, id: OfferID{e.epoch, n}.String()})
	}
	return keys
}

// state is what the records hold, by key.
func (e *Engine) state() []Change {
	keys := e.keys()
	state := make([]Change, len(keys))
	for i, k := range keys {
		var value any
		switch k.kind {
		case kindMeta:
			value = e.metaRecord()
		case kindOffer:
			var id OfferID
			_ = id.UnmarshalText([]byte(k.id))
			value = offerRecordOf(&e.offers[id.N].offer, e.offers[id.N])
		default:
			value = e.valueOf(k, false)
		}
		state[i] = Change{Key: k.String(), value: value}
	}
	slices.SortFunc(state, func(a, b Change) int { return strings.Compare(a.Key, b.Key) })
	return state
}

// The records. Times are agent.Instant, durations nanoseconds.

type metaRecord struct {
	V         int           `json:"v"`
	Epoch     uint32        `json:"epoch"`
	At        agent.Instant `json:"at"` // when something last changed
	Counts    counts        `json:"counts"`
	Rand      []byte        `json:"rand"`
	ConfirmBy agent.Instant `json:"confirm_by,omitempty"`
	Night     bool          `json:"night,omitempty"`

	Blocking Blocking `json:"blocking,omitzero"`
}

func (e *Engine) metaRecord() *metaRecord {
	state, _ := e.rng.MarshalBinary()
	at := e.dirty.at
	if !e.track {
		at = e.now
	}
	return &metaRecord{recordVersion, e.epoch, at, e.counts, state, e.confirmBy, e.night, e.callers.blocking}
}

type queueRecord struct {
	V        int          `json:"v"`
	Config   queue.Config `json:"config"`
	N        uint64       `json:"n"`
	Revision uint64       `json:"revision"`
	List     uint64       `json:"list"` // revision of the agent list
	Told     bool         `json:"told,omitempty"`
	Emptied  bool         `json:"emptied,omitempty"`
	Held     bool         `json:"held,omitempty"` // its callbacks
	Server   ServerID     `json:"server,omitempty"`
}

func queueRecordOf(q *queueState) *queueRecord {
	return &queueRecord{recordVersion, q.Config, q.n, q.revision, q.listRevision, q.told, q.emptied, q.book.Held, q.serverID()}
}

type numbersRecord struct {
	V        int           `json:"v"`
	Lifetime queue.Numbers `json:"lifetime"`
	Waits    []uint32      `json:"waits,omitempty"` // of the answered, by bucket
	Since    queue.Numbers `json:"since"`
	Reset    []uint32      `json:"waits_since,omitempty"`
	Turn     int64         `json:"turn,omitempty"` // clock of the strategy's race

	Rates     queue.Rates    `json:"rates"`
	Score     queue.Score    `json:"score"`
	Callbacks callback.Tally `json:"callbacks"`
}

func numbersRecordOf(q *queueState) *numbersRecord {
	life, since := q.Numbers.LifetimeWaits(), q.Numbers.SinceWaits()
	return &numbersRecord{
		recordVersion, q.Numbers.Lifetime(), life.Counts(), q.Numbers.Since(), since.Counts(), q.Turn(), q.Rates, q.Score, q.Callbacks,
	}
}

type memberRecord struct {
	V          int            `json:"v"`
	Agent      agent.ID       `json:"agent"`
	Listed     bool           `json:"listed,omitempty"`
	Level      int            `json:"level"`
	Place      int            `json:"place"`
	Set        agent.Status   `json:"set"`
	ByHand     bool           `json:"by_hand,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	Since      agent.Instant  `json:"since"`
	Wanted     *agent.Wish    `json:"wanted,omitempty"`
	WrapUpTime *time.Duration `json:"wrap_up_time,omitempty"`
	Ended      uint32         `json:"ended,omitempty"`
	Misses     int            `json:"misses,omitempty"`
	Streak     uint32         `json:"streak,omitempty"`
	Memory     agent.Memory   `json:"memory"`
	Base       agent.Memory   `json:"base,omitzero"`  // at the queue's last reset
	Rank       *strategy.Rank `json:"rank,omitempty"` // of a host's own strategy
}

func memberRecordOf(m *memberState) *memberRecord {
	r := &memberRecord{
		V: recordVersion, Agent: m.Agent, Listed: m.Listed(), Level: m.Level, Place: m.Place,
		Set: m.Set, ByHand: m.ByHand, Reason: m.Reason, Since: m.Since, WrapUpTime: m.WrapUpTime,
		Ended: m.Ended, Misses: m.Misses, Streak: m.Streak, Memory: m.Memory, Base: m.base(),
	}
	if !m.Listed() {
		r.Level, r.Place = 0, 0
	}
	if m.Wanted != nil {
		wish := *m.Wanted
		r.Wanted = &wish
	}
	if m.queue.Own() && m.Listed() {
		rank := m.Rank()
		r.Rank = &rank
	}
	return r
}

type entryRecord struct {
	V           int               `json:"v"`
	ID          queue.CallID      `json:"id"`
	Tag         string            `json:"tag,omitempty"`
	Number      string            `json:"number,omitempty"`
	Name        string            `json:"name,omitempty"`
	VIP         bool              `json:"vip,omitempty"`
	Priority    int               `json:"priority,omitempty"`
	Effective   agent.Instant     `json:"effective"`
	Seq         uint64            `json:"seq"`
	Place       *queue.Place      `json:"place,omitempty"` // if it is not the natural one
	Joined      agent.Instant     `json:"joined"`
	First       agent.Instant     `json:"first"`
	Credit      time.Duration     `json:"credit,omitempty"`
	Passed      []queue.ID        `json:"passed,omitempty"`
	Exempt      bool              `json:"exempt,omitempty"`
	Holds       queue.Hold        `json:"holds,omitempty"`
	Stage       stage             `json:"stage,omitempty"`
	By          Reason            `json:"by,omitempty"`
	Held        bool              `json:"held,omitempty"`
	Resumed     bool              `json:"resumed,omitempty"`
	Unconfirmed bool              `json:"unconfirmed,omitempty"`
	LeaseAsked  bool              `json:"lease_asked,omitempty"`
	Deleted     bool              `json:"deleted,omitempty"` // its queue is (B121)
	Emptied     bool              `json:"emptied,omitempty"`
	Agent       agent.ID          `json:"agent,omitempty"`
	Answered    agent.Instant     `json:"answered,omitempty"`
	Took        agent.Instant     `json:"took,omitempty"`
	Limit       agent.Instant     `json:"limit,omitempty"`
	End         agent.Instant     `json:"end,omitempty"`
	Again       agent.Instant     `json:"again,omitempty"`
	SLA         agent.Instant     `json:"sla,omitempty"`
	Goal        time.Duration     `json:"goal,omitempty"`
	Began       agent.Instant     `json:"began,omitempty"`
	Schedule    *queue.Schedule   `json:"schedule,omitempty"`
	Music       bool              `json:"music,omitempty"`
	Dialogue    agent.Instant     `json:"dialogue,omitempty"`
	Promise     *callback.Request `json:"promise,omitempty"`
	Dialled     string            `json:"dialled,omitempty"`
	Estimate    time.Duration     `json:"estimate,omitempty"`
	WaitsFor    agent.ID          `json:"waits_for,omitempty"`
	HeldTill    agent.Instant     `json:"held_till,omitempty"`
	WasHeld     bool              `json:"was_held,omitempty"`
	TriedOld    bool              `json:"tried_old,omitempty"`
	From        uint64            `json:"from,omitempty"`
	Warning     *warning          `json:"warning,omitempty"`
	Hunt        *huntRecord       `json:"hunt,omitempty"` // while it waits
}

type huntRecord struct {
	Round int           `json:"round"`
	Rung  int           `json:"rung,omitempty"`
	Last  agent.Instant `json:"last,omitempty"`
	Retry agent.Instant `json:"retry,omitempty"`
	Marks []markRecord  `json:"marks,omitempty"`
}

type markRecord struct {
	Agent    agent.ID      `json:"agent"`
	Tried    int32         `json:"tried,omitempty"`
	Busy     uint8         `json:"busy,omitempty"`
	Missed   uint8         `json:"missed,omitempty"`
	Declined bool          `json:"declined,omitempty"`
	Until    agent.Instant `json:"until,omitempty"`
	Row      uint32        `json:"row,omitempty"`
}

func entryRecordOf(c *call) *entryRecord {
	r := &entryRecord{
		V: recordVersion, ID: c.ID, Tag: c.tag, Number: c.number, Name: c.name, VIP: c.VIP, Priority: c.Priority,
		Effective: c.Effective, Seq: c.Seq, Joined: c.Joined, First: c.first, Credit: c.credit, Passed: c.passed,
		Exempt: c.Exempt, Holds: c.Holds, Stage: c.stage, By: c.by, Held: c.held, Resumed: c.resumed,
		Unconfirmed: c.unconfirmed, LeaseAsked: c.leaseAsked, Deleted: c.queue.deleted, Emptied: c.emptied, Answered: c.answered, Took: c.took,
		Limit: c.limit, End: c.end, Again: c.again, SLA: c.sla, Goal: time.Duration(c.goal) * time.Second,
		HeldTill: c.heldTill, WasHeld: c.wasHeld, TriedOld: c.triedOld, From: c.from,
		Began: c.began, Music: c.music, Dialogue: c.dialogue, Estimate: time.Duration(c.estimate) * time.Second, Dialled: c.dialled,
	}
	if c.schedule != nil {
		schedule := *c.schedule
		r.Schedule = &schedule
	}
	if c.warning != nil {
		warning := *c.warning
		r.Warning = &warning
	}
	if c.promise != nil {
		promise := *c.promise
		r.Promise = &promise
	}
	if c.waitsFor != nil {
		r.WaitsFor = c.waitsFor.ID
	}
	if c.agent != nil {
		r.Agent = c.agent.ID
	}
	if c.stage == talking {
		return r
	}
	if place := c.Entry.Place(); place != (queue.Place{Effective: c.Effective, Order: c.Seq}) {
		r.Place = &place
	}
	h := c.Hunt()
	r.Hunt = &huntRecord{Round: h.Round, Rung: h.Rung, Last: h.Last, Retry: h.Retry}
	for _, m := range h.Marks {
		r.Hunt.Marks = append(r.Hunt.Marks, markRecord{m.Who.ID, m.Tried, m.Busy, m.Missed, m.Declined, m.Until, m.Row})
	}
	return r
}

type resumeRecord struct {
	V      int          `json:"v"`
	Number string       `json:"number"`
	Age    queue.Resume `json:"age"`
}

type agentRecord struct {
	V      int         `json:"v"`
	ID     agent.ID    `json:"id"`
	N      uint64      `json:"n"`
	State  agent.State `json:"state"`
	Queues []queue.ID  `json:"queues,omitempty"` // in the order of joining
	Duty   duty        `json:"duty"`
}

func agentRecordOf(p *agentState) *agentRecord {
	r := &agentRecord{V: recordVersion, ID: p.ID, N: p.n, State: p.State(), Duty: p.duty.clone()}
	for _, m := range p.Members() {
		r.Queues = append(r.Queues, m.Queue)
	}
	return r
}

type offerRecord struct {
	V       int           `json:"v"`
	ID      OfferID       `json:"id"`
	Call    queue.CallID  `json:"call"`
	Agent   agent.ID      `json:"agent"`
	Queue   queue.ID      `json:"queue"`
	Began   agent.Instant `json:"began"`
	Until   agent.Instant `json:"until"`
	AlertBy agent.Instant `json:"alert_by,omitempty"`
	Manual  bool          `json:"manual,omitempty"`
	Connect time.Duration `json:"connect,omitempty"`
	Rung    int           `json:"rung"` // its place among the offers of its call
}

func offerRecordOf(o *offer, p *agentState) *offerRecord {
	return &offerRecord{
		recordVersion, o.id, o.call.ID, p.ID, o.member.queue.ID, o.began, o.until, o.alertBy, o.manual, o.connect,
		slices.Index(o.call.rung.all(), p),
	}
}
