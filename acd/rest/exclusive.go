package rest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Callers who have agents of their own (B72).

var exclusiveTable = listingTable(func(x *queue.ExclusiveNumber) *queue.Listing { return &x.Listing },
	"id", "number", "created_at", "enabled", "description")

func exclusiveSource(rq *request) source[queue.ExclusiveNumber] {
	return source[queue.ExclusiveNumber]{
		all: paged(rq.router.Exclusives),
		page: func(skip, top int) ([]queue.ExclusiveNumber, int, error) {
			page, err := rq.router.Exclusives(skip, top)
			return page, rq.router.Lists().Exclusive, err
		},
	}
}

func listExclusive(rq *request) (*reply, error) {
	return list(rq, exclusiveTable, exclusiveSource(rq), 0)
}

func exportExclusive(rq *request) (*reply, error) {
	return export("exclusive_numbers.csv", exclusiveTable, exclusiveSource(rq))
}

func (rq *request) exclusive() (queue.ExclusiveNumber, uint64, error) {
	x, err := rq.router.ExclusiveByID(rq.PathValue("id"))
	return x, x.Revision, err
}

func getExclusive(rq *request) (*reply, error) {
	x, revision, err := rq.exclusive()
	return show(exclusiveTable, x, revision, err)
}

func (f *form) exclusive(l *queue.Listing, now []byte) error {
	f.caller(l, callerRule)
	f.about(l)
	return f.done(now)
}

func createExclusive(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	l := newListing()
	if err := f.exclusive(&l, nil); err != nil {
		return nil, err
	}
	return rq.create(l.ID, acd.SetExclusive{Listing: l})
}

func updateExclusive(rq *request) (*reply, error) {
	return revise(rq, rq.exclusive, func(x queue.ExclusiveNumber, f *form) (acd.Input, error) {
		err := f.exclusive(&x.Listing, exclusiveTable.append(nil, &x))
		return acd.SetExclusive{Listing: x.Listing}, err
	})
}

func destroyExclusive(rq *request) (*reply, error) {
	return destroy(rq, rq.exclusive, func(x queue.ExclusiveNumber, revision uint64) acd.Input {
		return acd.RemoveExclusive{ID: x.ID, Revision: revision}
	})
}

// listExclusiveQueues answers with the queues in which a caller has agents of his own.
func listExclusiveQueues(rq *request) (*reply, error) {
	x, revision, err := rq.exclusive()
	if err != nil {
		return nil, err
	}
	answer, err := list(rq, referenceTable, source[acd.QueueView]{all: func(yield func(acd.QueueView, error) bool) {
		for _, id := range sortedKeys(x.Agents) {
			if q, err := rq.router.Queue(id); err == nil && !yield(q, nil) {
				return
			}
		}
	}}, 0)
	return answer.of(revision), err
}

func sortedKeys(agents map[queue.ID][]agent.ID) []queue.ID {
	ids := make([]queue.ID, 0, len(agents))
	for id, of := range agents {
		if len(of) > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// ownAgentTable is a caller's own agents in a queue. The library knows one name of a
// person: the other is blank.
var ownAgentTable = table[acd.AgentView]{
	{field{"id", text}, func(p *acd.AgentView) value { return textOf(string(p.ID)) }},
	{field{"name", text}, func(*acd.AgentView) value { return value{} }},
	{field{"display_name", text}, func(p *acd.AgentView) value { return textOf(p.Name) }},
	{field{"extension_number", text}, func(p *acd.AgentView) value { return textOf(string(p.ID)) }},
}

func listExclusiveAgents(rq *request) (*reply, error) {
	x, revision, err := rq.exclusive()
	if err != nil {
		return nil, err
	}
	q, err := rq.queue("queue_id")
	if err != nil {
		return nil, err
	}
	answer, err := list(rq, ownAgentTable, source[acd.AgentView]{all: func(yield func(acd.AgentView, error) bool) {
		for _, id := range x.Agents[q.ID] {
			if p, err := rq.router.Agent(id); err == nil && !yield(p, nil) {
				return
			}
		}
	}}, 0)
	return answer.of(revision), err
}

// replaceExclusiveAgents replaces a caller's own agents in a queue, in the order in
// which they are tried; an empty list takes the queue out.
func replaceExclusiveAgents(rq *request) (*reply, error) {
	return revise(rq, rq.exclusive, func(x queue.ExclusiveNumber, f *form) (acd.Input, error) {
		q, err := rq.queue("queue_id")
		if err != nil {
			return nil, err
		}
		in := acd.SetExclusive{Listing: x.Listing, Queue: q.ID}
		seen := make(map[agent.ID]bool)
		for i, raw := range f.items("items") {
			if f.full() {
				break
			}
			var who string
			name := fmt.Sprintf("items[%d]", i)
			if json.Unmarshal(raw, &who) != nil || !extensionRule.allows(who) {
				f.refuse(name, raw, extensionRule.must)
				continue
			}
			id := agent.ID(who)
			if seen[id] {
				f.refuse(name, raw, "must be listed once")
			} else if _, err := rq.router.Agent(id); err != nil {
				f.refuse(name, raw, "must be an agent")
			}
			seen[id] = true
			in.Agents = append(in.Agents, id)
		}
		return in, f.done(nil)
	})
}

// destroyExclusiveQueue takes a caller's own agents in a queue away.
func destroyExclusiveQueue(rq *request) (*reply, error) {
	id := queue.ID(rq.PathValue("queue_id"))
	read := func() (queue.ExclusiveNumber, uint64, error) {
		x, revision, err := rq.exclusive()
		if err == nil && len(x.Agents[id]) == 0 {
			err = notFound("queue", string(id))
		}
		return x, revision, err
	}
	return destroy(rq, read, func(x queue.ExclusiveNumber, _ uint64) acd.Input {
		return acd.SetExclusive{Listing: x.Listing, Queue: id}
	})
}
