package queue

import "github.com/acdkit/acdkit/agent"

// marked is what an entry remembers of agents: apart from it, because few
// entries do.
type marked struct {
	list  []Mark
	index map[*agent.Agent]int32 // of the list, once it is long
}

// marks returns the entry's marks; read only.
func (h *hunt) marks() []Mark {
	if h.known == nil {
		return nil
	}
	return h.known.list
}

// Mark is what an entry remembers of an agent who was rung for it.
type Mark struct {
	Who      *agent.Agent
	Tried    int32         // the last round in which he had his turn (B31)
	Busy     uint8         // how often his phone was busy
	Missed   uint8         // how often he let it ring out
	Declined bool          // he rejected it, or was busy twice (B31)
	Until    agent.Instant // retry_interval after his last refusal, as it was then (B37)
	Row      uint32        // the row of misses in which the entry was counted (B26)
}

// manyMarks is from where on an index over the marks beats looking at each.
const manyMarks = 16

// mark returns the entry's mark of a, or nil.
func (h *hunt) mark(a *agent.Agent) *Mark {
	k := h.known
	switch {
	case k == nil:
		return nil
	case k.index != nil:
		if i, ok := k.index[a]; ok {
			return &k.list[i]
		}
		return nil
	}
	for i := range k.list {
		if k.list[i].Who == a {
			return &k.list[i]
		}
	}
	return nil
}

// note returns the entry's mark of a, made if need be.
func (h *hunt) note(a *agent.Agent) *Mark {
	if m := h.mark(a); m != nil {
		return m
	}
	if h.known == nil {
		h.known = new(marked)
	}
	k := h.known
	k.list = append(k.list, Mark{Who: a})
	i := len(k.list) - 1
	if k.index != nil {
		k.index[a] = int32(i)
	} else if len(k.list) > manyMarks {
		k.index = make(map[*agent.Agent]int32, 2*manyMarks)
		for j := range k.list {
			k.index[k.list[j].Who] = int32(j)
		}
	}
	return &k.list[i]
}

// Forget drops the entry's mark of an agent who was deleted. It reports whether
// there was one.
func (e *Entry) Forget(a *agent.Agent) bool {
	mark := e.hunt.mark(a)
	if mark == nil {
		return false
	}
	if mark.Declined {
		e.hunt.declined--
	}
	marks := e.hunt.marks()
	kept := make([]Mark, 0, len(marks)-1)
	for _, m := range marks {
		if m.Who != a {
			kept = append(kept, m)
		}
	}
	e.hunt.known = nil
	for _, m := range kept {
		*e.hunt.note(m.Who) = m
	}
	return true
}
