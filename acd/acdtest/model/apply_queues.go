package model

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

func (m *Model) doQueue(w words) string {
	q := m.queue(w.arg(1))
	if q == nil {
		q = &queue{name: w.arg(1), props: defaults(), outcomes: map[string]int{}, callbacks: map[string]int{}}
		m.queues = append(m.queues, q)
	}
	q.props = q.props.clone()
	maps.Copy(q.props, w.keys)
	return ""
}

func (m *Model) doAgents(q *queue, w words) string {
	var list []*member
	type listed struct {
		name  string
		level int
	}
	var names []listed
	for _, text := range w.args[2:] {
		name, level, _ := strings.Cut(text, ":")
		if slices.ContainsFunc(names, func(l listed) bool { return l.name == name }) {
			return ""
		}
		names = append(names, listed{name, max(atoi(level), 1)})
	}
	for _, x := range slices.Clone(q.members) {
		if !slices.ContainsFunc(names, func(l listed) bool { return l.name == x.agent.name }) {
			m.remove(x)
		}
	}
	for _, l := range names {
		a := m.agent(l.name)
		if a == nil {
			a = m.newAgent(l.name, true)
		}
		x := q.member(a)
		if x == nil {
			x = m.add(a, q, l.level, "")
		}
		x.level = l.level
		list = append(list, x)
	}
	q.members = list
	return ""
}

func (m *Model) doDropQueue(q *queue, _ words) string {
	for _, e := range slices.Clone(q.line) {
		if !e.callback {
			m.leave(e, "WITHDRAWN", target(q.props["no_answer_forward_rule"]), `"queue deleted"`)
		}
	}
	for _, e := range slices.Clone(m.entries) {
		if e.queue == q && e.state == warning {
			m.leave(e, "WITHDRAWN", target(q.props["no_answer_forward_rule"]), `"queue deleted"`)
		}
	}
	promised := slices.Clone(m.entries)
	slices.SortStableFunc(promised, func(a, b *entry) int { return cmp.Or(cmp.Compare(a.confirmed, b.confirmed), cmp.Compare(a.id, b.id)) })
	for _, e := range promised {
		if e.queue == q && e.callback {
			m.endCallback(e, "CANCELLED")
		}
	}
	for _, x := range slices.Clone(q.members) {
		m.remove(x)
	}
	m.queues = without(m.queues, q)
	m.exclusive = slices.DeleteFunc(m.exclusive, func(x exclusive) bool { return x.queue == q.name })
	q.props = props{} // its talks go on by no rules
	return ""
}
