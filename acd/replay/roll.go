package replay

import (
	"slices"
	"strings"
	"time"
)

// roll is the roll of a queue_log: who was there, and when, as ADDMEMBER, PAUSE
// and their like say.
type roll struct {
	began time.Time // the first line
	desks map[string]*desk
	order []*desk // in the order of their first events
}

// desk is one agent's part of the roll.
type desk struct {
	agent  string
	queues map[string]*seat
	since  time.Time // when he came; zero: he is not there
	spans  []Span
}

// seat is one agent in one queue.
type seat struct{ member, paused bool }

func (s *seat) taken() bool { return s.member && !s.paused }

// event takes a line in and reports whether it is one of those that the roll is
// made of. data is its first datum.
func (r *roll) event(at time.Time, queue, agent, event, data string) bool {
	switch event {
	case "ADDMEMBER", "AGENTLOGIN", "AGENTCALLBACKLOGIN":
		s := r.seat(agent, queue, seat{})
		s.member, s.paused = true, data == "PAUSED"
	case "REMOVEMEMBER", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF":
		r.seat(agent, queue, seat{member: true}).member = false
	case "PAUSE":
		r.seat(agent, queue, seat{member: true}).paused = true
	case "UNPAUSE":
		r.seat(agent, queue, seat{member: true, paused: true}).paused = false
	case "PAUSEALL", "UNPAUSEALL":
		paused := event == "PAUSEALL"
		d := r.desk(agent)
		if len(d.queues) == 0 {
			r.seat(agent, queue, seat{member: true, paused: !paused})
		}
		for _, s := range d.queues {
			s.paused = paused
		}
	default:
		return false
	}
	if d := r.desk(agent); d.there() {
		d.come(at)
	} else {
		d.leave(at)
	}
	return true
}

func (r *roll) desk(agent string) *desk {
	d, ok := r.desks[agent]
	if !ok {
		d = &desk{agent: agent, queues: make(map[string]*seat)}
		r.desks[agent] = d
		r.order = append(r.order, d)
	}
	return d
}

// seat returns an agent's seat in a queue. Of one that is met for the first
// time the event tells what it was since the log began: who leaves was there.
func (r *roll) seat(agent, queue string, before seat) *seat {
	d := r.desk(agent)
	s, ok := d.queues[queue]
	if !ok {
		s = &before
		d.queues[queue] = s
		if s.taken() && len(d.queues) == 1 {
			d.come(r.began)
		}
	}
	return s
}

func (d *desk) there() bool {
	for _, s := range d.queues {
		if s.taken() {
			return true
		}
	}
	return false
}

func (d *desk) come(at time.Time) {
	if d.since.IsZero() {
		d.since = at
	}
}

func (d *desk) leave(at time.Time) {
	if d.since.IsZero() {
		return
	}
	if n := len(d.spans); n > 0 && !d.since.After(d.spans[n-1].To) {
		d.spans[n-1].To = later(d.spans[n-1].To, at) // lines out of order, or back in the same second
	} else if at.After(d.since) {
		d.spans = append(d.spans, Span{From: d.since, To: at})
	}
	d.since = time.Time{}
}

// close ends the roll with the log.
func (r *roll) close(at time.Time) []Agent {
	var agents []Agent
	for _, d := range r.order {
		d.leave(at)
		if strings.TrimSpace(d.agent) != "" && d.agent != "NONE" {
			agents = append(agents, Agent{Name: d.agent, Present: slices.Clip(d.spans)})
		}
	}
	return agents
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
