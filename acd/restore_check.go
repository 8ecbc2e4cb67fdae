package acd

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// What a store hands back may be damaged, of two stores at once, or edited by
// hand. Records that contradict one another are refused: an engine that began
// with them would ring the wrong people, or panic later.

// check looks whether the records fit together, as far as that can be told before
// anything is made of them.
func (s *stored) check() error {
	if at := s.meta.At; at != 0 && (at < minNow || at > maxNow) {
		return contradicts("meta", "at %d: must be 1970-01-02..2261-12-31", at)
	}
	made := make(map[uint64]bool) // by the number in the order of making
	for key, r := range s.queues {
		if r.N == 0 || r.N > s.meta.Counts.Queues || made[r.N] {
			return contradicts(key, "n %d: must be 1..%d, each once", r.N, s.meta.Counts.Queues)
		}
		made[r.N] = true
	}
	people := make(map[agent.ID]*agentRecord, len(s.agents))
	clear(made)
	for _, r := range s.agents {
		key := recordKey{kind: kindAgent, id: string(r.ID)}.String()
		if r.N == 0 || r.N > s.meta.Counts.Agents || made[r.N] || people[r.ID] != nil {
			return contradicts(key, "n %d: must be 1..%d, each once", r.N, s.meta.Counts.Agents)
		}
		made[r.N], people[r.ID] = true, r
	}
	if err := s.checkMembers(people); err != nil {
		return err
	}
	return s.checkEntries(people)
}

func contradicts(key, format string, args ...any) error {
	return invalid("record", shown(key), fmt.Sprintf(format, args...))
}

// checkMembers checks that queues and agents say the same of each other.
func (s *stored) checkMembers(people map[agent.ID]*agentRecord) error {
	listed := 0
	for owner, members := range s.members {
		if s.queues[owner] == nil {
			return contradicts(owner, "has members and is missing")
		}
		id := queue.ID(unescape(owner[len("queue/"):]))
		for _, m := range members {
			p := people[m.Agent]
			switch {
			case p == nil:
				return contradicts(owner, "member %s: there is no such agent", named(string(m.Agent)))
			case m.Listed && (m.Level < 1 || m.Level > 100):
				return contradicts(owner, "member %s: level %d: must be 1..100", named(string(m.Agent)), m.Level)
			case m.Listed != slices.Contains(p.Queues, id):
				return contradicts(owner, "member %s: he and the queue disagree whether he is", named(string(m.Agent)))
			case m.WrapUpTime != nil && (*m.WrapUpTime < 0 || *m.WrapUpTime > maxWrapUp):
				return contradicts(owner, "member %s: wrap_up_time %v: must be 0..1h", named(string(m.Agent)), *m.WrapUpTime)
			case !m.Set.Settable() || m.Set == agent.LoggedIn:
				return contradicts(owner, "member %s: set %v: cannot be set", named(string(m.Agent)), m.Set)
			}
			if m.Listed {
				listed++
			}
		}
	}
	for _, p := range people {
		listed -= len(p.Queues)
	}
	if listed != 0 {
		return contradicts("agent/", "agents and queues disagree who is a member: %d more in the queues", listed)
	}
	return nil
}

// checkEntries checks that calls and agents say the same of each other.
func (s *stored) checkEntries(people map[agent.ID]*agentRecord) error {
	seen := make(map[queue.CallID]bool)
	onCall := make(map[agent.ID]bool)
	for owner, entries := range s.entries {
		for _, r := range entries {
			key := owner + "/entry/" + string(r.ID)
			withAgent := r.Stage == connecting || r.Stage == talking || r.Stage == dialling
			switch {
			case seen[r.ID]:
				return contradicts(key, "the call is in two queues")
			case r.Stage >= stages:
				return contradicts(key, "stage %d: must be below %d", r.Stage, stages)
			case withAgent != (r.Agent != ""):
				return contradicts(key, "its stage and its agent disagree")
			case r.Agent != "" && onCall[r.Agent]:
				return contradicts(key, "agent %s has another call", named(string(r.Agent)))
			case (s.queues[owner] == nil || r.Deleted) && r.Stage != talking:
				return contradicts(key, "waits in a queue that is missing")
			case (r.Stage == warned) != (r.Warning != nil):
				return contradicts(key, "its stage and its warning disagree")
			case (r.Stage == dialling || r.Stage == resting) && r.Promise == nil:
				return contradicts(key, "is no callback and has the stage of one")
			case r.Promise != nil && r.Promise.ID != r.ID:
				return contradicts(key, "its callback is that of call %s", named(string(r.Promise.ID)))
			case r.Joined > s.meta.At || r.First > r.Joined || r.Answered > s.meta.At || r.Took > s.meta.At || r.Began > s.meta.At:
				return contradicts(key, "has times after %v", s.meta.At.Time())
			case r.Seq == 0 || r.Seq > s.meta.Counts.Joins:
				return contradicts(key, "seq %d: must be 1..%d", r.Seq, s.meta.Counts.Joins)
			case r.Hunt == nil && r.Stage != talking:
				return contradicts(key, "waits and has no hunt")
			}
			if p := people[r.Agent]; p != nil && p.State.Call == nil {
				return contradicts(key, "agent %s does not have it", named(string(r.Agent)))
			}
			seen[r.ID] = true
			if r.Agent != "" {
				onCall[r.Agent] = true
			}
		}
	}
	for id, p := range people {
		if p.State.Call != nil && !onCall[id] {
			return contradicts(recordKey{kind: kindAgent, id: string(id)}.String(), "has a call that is not there")
		}
	}
	return nil
}

// The times and lengths of time that records may hold, so that sums of them do
// not overflow.
const (
	minKept    = minNow - agent.Instant(maxCredit+2*time.Hour)
	maxKept    = maxNow
	maxLasting = time.Duration(maxNow - minNow)
)

var (
	instantType  = reflect.TypeFor[agent.Instant]()
	durationType = reflect.TypeFor[time.Duration]()
)

// badTime says what is wrong with a time somewhere in v, whatever that is; "" if
// nothing is.
func badTime(v reflect.Value) string {
	switch v.Type() {
	case instantType:
		if at := v.Int(); at != 0 && (at < int64(minKept) || at > int64(maxKept)) {
			return fmt.Sprintf("time %d: must be 1970..2261", at)
		}
		return ""
	case durationType:
		if d := time.Duration(v.Int()); d < -maxLasting || d > maxLasting {
			return fmt.Sprintf("time %v: must be at most %v", d, maxLasting)
		}
		return ""
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return badTime(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if problem := badTime(v.Field(i)); problem != "" {
				return problem
			}
		}
	case reflect.Slice:
		if !scalar(v.Type().Elem()) {
			for i := range v.Len() {
				if problem := badTime(v.Index(i)); problem != "" {
					return problem
				}
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if problem := badTime(it.Value()); problem != "" {
				return problem
			}
		}
	default:
	}
	return ""
}

// scalar reports whether values of a type hold no times, so that they need not be
// looked at one by one.
func scalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Struct, reflect.Slice, reflect.Map:
		return false
	default:
		return t != instantType && t != durationType
	}
}
