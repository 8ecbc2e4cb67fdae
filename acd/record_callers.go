package acd

import (
	"strings"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// The records of the lists and the memory of callers.

type talkedRecord struct {
	V      int          `json:"v"`
	Number string       `json:"number"`
	Last   queue.Talked `json:"last"`
}

type vipRecord struct {
	V       int           `json:"v"`
	Listing queue.Listing `json:"listing"`
}

type exclusiveRecord struct {
	V         int                   `json:"v"`
	Exclusive queue.ExclusiveNumber `json:"exclusive"`
}

type blockedRecord struct {
	V       int                 `json:"v"`
	Blocked queue.BlockedNumber `json:"blocked"`
}

// callerValue returns what such a record holds now, nil if the thing is gone; ok
// is false for other kinds.
func (e *Engine) callerValue(k recordKey) (value any, ok bool) {
	switch k.kind {
	case kindTalked:
		if last, ok := e.callers.talks.Get(k.id); ok {
			return talkedRecord{recordVersion, k.id, last}, true
		}
	case kindVIP:
		if l := e.callers.vip.get(k.id); l != nil {
			return vipRecord{recordVersion, *l}, true
		}
	case kindExclusive:
		if x := e.callers.exclusive.get(k.id); x != nil {
			return exclusiveRecord{recordVersion, cloneExclusive(x)}, true
		}
	case kindBlocked:
		if b := e.callers.blocked.get(k.id); b != nil {
			return blockedRecord{recordVersion, *b}, true
		}
	default:
		return nil, false
	}
	return nil, true
}

// callerKeys are the keys of all such records.
func (e *Engine) callerKeys() []recordKey {
	var keys []recordKey
	for number := range e.callers.talks.All() {
		keys = append(keys, recordKey{kind: kindTalked, id: number})
	}
	for number := range e.callers.vip.all() {
		keys = append(keys, recordKey{kind: kindVIP, id: number})
	}
	for number := range e.callers.exclusive.all() {
		keys = append(keys, recordKey{kind: kindExclusive, id: number})
	}
	for number := range e.callers.blocked.all() {
		keys = append(keys, recordKey{kind: kindBlocked, id: number})
	}
	return keys
}

// storedCallers are such records, decoded.
type storedCallers struct {
	talked    []*talkedRecord
	vip       []*vipRecord
	exclusive []*exclusiveRecord
	blocked   []*blockedRecord
}

// decode reads one; ok is false for other kinds.
func (s *storedCallers) decode(r Record) (ok bool, err error) {
	switch {
	case strings.HasPrefix(r.Key, "caller/"):
		return true, decodeAppend(r, &s.talked)
	case strings.HasPrefix(r.Key, "vip/"):
		return true, decodeAppend(r, &s.vip)
	case strings.HasPrefix(r.Key, "exclusive/"):
		return true, decodeAppend(r, &s.exclusive)
	case strings.HasPrefix(r.Key, "blocked/"):
		return true, decodeAppend(r, &s.blocked)
	}
	return false, nil
}

// rebuildCallers makes the lists and the memory of callers.
func (e *Engine) rebuildCallers(s *storedCallers) {
	talks := make(map[string]queue.Talked, len(s.talked))
	for _, r := range s.talked {
		talks[r.Number] = r.Last
	}
	e.callers.talks.Restore(talks)
	vip := make(map[string]*queue.Listing, len(s.vip))
	for _, r := range s.vip {
		vip[r.Listing.Number] = &r.Listing
	}
	e.callers.vip.fill(vip, func(l *queue.Listing) *string { return &l.ID })
	blocked := make(map[string]*queue.BlockedNumber, len(s.blocked))
	for _, r := range s.blocked {
		blocked[r.Blocked.Number] = &r.Blocked
	}
	e.callers.blocked.fill(blocked, func(b *queue.BlockedNumber) *string { return &b.ID })
	exclusive := make(map[string]*queue.ExclusiveNumber, len(s.exclusive))
	for _, r := range s.exclusive {
		x := r.Exclusive
		if x.Agents == nil {
			x.Agents = make(map[queue.ID][]agent.ID)
		}
		exclusive[x.Number] = &x
	}
	e.callers.exclusive.fill(exclusive, func(x *queue.ExclusiveNumber) *string { return &x.ID })
}
