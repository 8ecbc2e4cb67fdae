package acd

import (
	"reflect"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Stored returns what the records of an engine hold, by key: for tests that look
// at every field of them.
func (e *Engine) Stored() map[string]any {
	all := make(map[string]any)
	for _, c := range e.state() {
		all[c.Key] = c.value
	}
	return all
}

// ShiftBy moves everything stored, as [Recover] does if the clock was set back.
func (e *Engine) ShiftBy(d time.Duration) { e.shift(agent.Instant(d)) }

// StoredTypes are the types of the records.
func StoredTypes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[metaRecord](), reflect.TypeFor[queueRecord](), reflect.TypeFor[numbersRecord](),
		reflect.TypeFor[memberRecord](), reflect.TypeFor[entryRecord](), reflect.TypeFor[resumeRecord](),
		reflect.TypeFor[agentRecord](), reflect.TypeFor[offerRecord](), reflect.TypeFor[talkedRecord](),
		reflect.TypeFor[vipRecord](), reflect.TypeFor[exclusiveRecord](), reflect.TypeFor[blockedRecord](),
		reflect.TypeFor[serverRecord](),
	}
}

// Asks returns how often the engine has asked whom a call prefers.
func (e *Engine) Asks() int { return e.asks }
