package rest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// memberTable is a queue's agents.
var memberTable = table[acd.MemberView]{
	{field{"extension_number", text}, func(m *acd.MemberView) value { return textOf(string(m.Agent)) }},
	{field{"display_name", text}, func(m *acd.MemberView) value { return textOf(m.Name) }},
	{field{"skill_level", number}, func(m *acd.MemberView) value { return numberOf(m.Level) }},
	{field{"status", text}, func(m *acd.MemberView) value { return textOf(m.Status.String()) }},
	{field{"reason", text}, func(m *acd.MemberView) value { return textOf(m.Reason) }},
}

// listAgents reads a list that is changed meanwhile again, so that nobody is in it twice
// or left out; statuses change as they do.
func listAgents(rq *request) (*reply, error) {
	id := queue.ID(rq.PathValue("id"))
	read := func(skip, top int) ([]acd.MemberView, error) { return rq.router.Members(id, skip, top) }
	for tries := 10; ; tries-- {
		q, err := rq.router.Queue(id)
		if err != nil {
			return nil, err
		}
		answer, err := list(rq, memberTable, source[acd.MemberView]{
			all: paged(read),
			page: func(skip, top int) ([]acd.MemberView, int, error) {
				page, err := read(skip, top)
				return page, q.Agents, err
			},
		}, 0)
		if err != nil {
			return nil, err
		}
		now, err := rq.router.Queue(id)
		if err != nil {
			return nil, err
		}
		if now.ListRevision == q.ListRevision {
			return answer.of(q.ListRevision), nil
		}
		if tries == 0 {
			return answer, nil // it changes all the time: no ETag
		}
	}
}

// member returns what a queue knows of one of its agents.
func (rq *request) member(id queue.ID, who agent.ID) (acd.MemberView, error) {
	if _, err := rq.router.Queue(id); err != nil {
		return acd.MemberView{}, err
	}
	p, err := rq.router.Agent(who)
	if err != nil {
		return acd.MemberView{}, err
	}
	i := slices.IndexFunc(p.Members, func(m acd.MemberView) bool { return m.Queue == id })
	if i < 0 {
		return acd.MemberView{}, notFound("agent", string(who))
	}
	return p.Members[i], nil
}

func (rq *request) showMember(id queue.ID, who agent.ID) (*reply, error) {
	m, err := rq.member(id, who)
	if err != nil {
		return nil, err
	}
	b := memberTable.append(nil, &m)
	return object(b[:len(b)-1]), nil
}

// settable are the statuses that can be set, as the API has them.
var settable = []string{"READY", "NOT_READY", "WRAP_UP", "BREAK", "LUNCH", "LOGGED_IN", "LOGGED_OUT"}

// setStatus sets an agent's status in one queue.
func (rq *request) setStatus(id queue.ID, who agent.ID) (*reply, error) {
	if _, err := rq.member(id, who); err != nil {
		return nil, err
	}
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	var name, reason string
	f.choice("status", &name, false, settable...)
	f.text("reason", &reason, reasonRule)
	if err := f.done(nil); err != nil {
		return nil, err
	}
	status, err := agent.ParseStatus(name)
	if err != nil {
		return nil, err
	}
	return done(), rq.do(acd.SetStatus{Agent: who, Status: status, Reason: reason, Queue: id})
}

func getAgent(rq *request) (*reply, error) {
	return rq.showMember(queue.ID(rq.PathValue("id")), agent.ID(rq.PathValue("agent_number")))
}

func setAgentStatus(rq *request) (*reply, error) {
	return rq.setStatus(queue.ID(rq.PathValue("id")), agent.ID(rq.PathValue("agent_number")))
}

// replaceAgents replaces a queue's whole list.
func replaceAgents(rq *request) (*reply, error) {
	list := func() (acd.QueueView, uint64, error) {
		q, err := rq.queue("id")
		return q, q.ListRevision, err
	}
	return revise(rq, list, func(q acd.QueueView, f *form) (acd.Input, error) {
		items := f.items("items")
		in := acd.SetAgents{Queue: q.ID, Agents: make([]acd.Listed, len(items)), ListRevision: q.ListRevision}
		seen := make(map[agent.ID]bool, len(items))
		for i, raw := range items {
			if f.full() {
				break
			}
			in.Agents[i] = rq.listed(f, fmt.Sprintf("items[%d]", i), raw)
			who := in.Agents[i].Agent
			if seen[who] && who != "" {
				f.problems = append(f.problems, fmt.Sprintf("items[%d].extension_number %s: must be listed once", i, who))
			}
			seen[who] = true
		}
		return in, f.done(nil)
	})
}

// listed reads one agent of a list. What the list shows beside his level may be named
// as it is.
func (rq *request) listed(f *form, name string, raw json.RawMessage) acd.Listed {
	l := acd.Listed{Level: 1}
	one, err := readForm(raw)
	if err != nil {
		f.refuse(name, raw, "must be an object")
		return l
	}
	var who string
	one.required("extension_number", &who, extensionRule)
	one.integer("skill_level", &l.Level, 1, queue.MaxLevel, 1)
	l.Agent = agent.ID(who)
	var now []byte
	if len(one.pairs) > len(one.taken) || one.find("skill_level") == nil && len(one.pairs) > 1 {
		if m, err := rq.member(queue.ID(rq.PathValue("id")), l.Agent); err == nil {
			now = memberTable.append(nil, &m)
		}
	}
	if one.done(now) != nil {
		for _, p := range one.problems {
			f.problems = append(f.problems, name+"."+p)
		}
	}
	return l
}

// ---- The user's side.

// listQueuesOf answers with the queues of an agent.
func (rq *request) listQueuesOf(p *acd.AgentView) (*reply, error) {
	return list(rq, referenceTable, source[acd.QueueView]{all: func(yield func(acd.QueueView, error) bool) {
		for _, m := range p.Members {
			if q, err := rq.router.Queue(m.Queue); err == nil && !yield(q, nil) { // else it was just deleted
				return
			}
		}
	}}, 0)
}

func listOwnQueues(rq *request) (*reply, error) {
	who, err := rq.own()
	if err != nil {
		return nil, err
	}
	p, err := rq.router.Agent(who)
	if err != nil {
		p = acd.AgentView{} // nobody has added him: he has no queue
	}
	return rq.listQueuesOf(&p)
}

func getOwnAgent(rq *request) (*reply, error) {
	who, err := rq.own()
	if err != nil {
		return nil, err
	}
	return rq.showMember(queue.ID(rq.PathValue("id")), who)
}

func setOwnStatus(rq *request) (*reply, error) {
	who, err := rq.own()
	if err != nil {
		return nil, err
	}
	return rq.setStatus(queue.ID(rq.PathValue("id")), who)
}

func listUserQueues(rq *request) (*reply, error) {
	p, err := rq.user()
	if err != nil {
		return nil, err
	}
	return rq.listQueuesOf(&p)
}

func getUserAgent(rq *request) (*reply, error) {
	p, err := rq.user()
	if err != nil {
		return nil, err
	}
	return rq.showMember(queue.ID(rq.PathValue("queue_id")), p.ID)
}

func setUserStatus(rq *request) (*reply, error) {
	p, err := rq.user()
	if err != nil {
		return nil, err
	}
	return rq.setStatus(queue.ID(rq.PathValue("queue_id")), p.ID)
}
