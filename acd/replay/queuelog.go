package replay

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// Events of a queue_log that say nothing about when a call waited or talked, or
// when an agent was there.
var queueLogIgnored = map[string]bool{
	"AGENTDUMP": true, "CONFIGRELOAD": true, "DID": true, "PENALTY": true, "QUEUESTART": true,
	"RINGCANCELED": true, "RINGNOANSWER": true, "SYSCOMPAT": true,
}

// Events that end a wait, and those that end a talk.
var (
	queueLogLeft = map[string]queue.Outcome{
		"ABANDON": queue.Abandoned, "EXITWITHTIMEOUT": queue.TimedOut, "EXITWITHKEY": queue.Exited, "EXITEMPTY": queue.NoAgents,
	}
	queueLogEnded = map[string]bool{
		"COMPLETECALLER": true, "COMPLETEAGENT": true, "TRANSFER": true, "BLINDTRANSFER": true, "ATTENDEDTRANSFER": true,
	}
)

// queueLog puts the calls of a queue_log together out of their events.
type queueLog struct {
	log   *Log
	open  map[string]int // calls that wait or talk, by their id
	staff roll
}

// readQueueLog reads a queue_log: time|callid|queue|agent|event|data…, one line
// for each event. Wait and talk are the times between the events. It returns
// the agents about whom the log says when they were there.
func readQueueLog(l *lines, log *Log) ([]Agent, error) {
	q := queueLog{log: log, open: make(map[string]int), staff: roll{desks: make(map[string]*desk)}}
	var last time.Time
	for {
		text, ok := l.next(log)
		if !ok {
			break
		}
		f := strings.Split(text, "|")
		if len(f) < 5 {
			log.bad(l.number, "%d fields: must be time|callid|queue|agent|event", len(f))
			continue
		}
		at, ok := unixTime(f[0])
		if !ok {
			log.bad(l.number, "time %q: must be Unix seconds", f[0])
			continue
		}
		if p := (Call{At: at, ID: f[1], Kind: f[2], Agent: f[3]}).problem(); p != "" {
			log.bad(l.number, "%s", p)
			continue
		}
		if q.staff.began.IsZero() {
			q.staff.began = at
		}
		if at.After(last) {
			last = at
		}
		switch used, err := q.event(at, f); {
		case err != nil:
			log.bad(l.number, "%v", err)
		case used:
			log.Used++
		default:
			log.ignore(f[4])
		}
	}
	if log.Used == 0 && len(log.Ignored) == 0 {
		if len(log.Bad) > 0 {
			return nil, fmt.Errorf("replay: %w: not one line of a queue_log; %s", ErrNoLog, log.Bad[0])
		}
		return nil, nil
	}
	for _, i := range q.open {
		if c := &log.Calls[i]; c.Outcome == queue.Waiting {
			c.Wait = last.Sub(c.At)
		}
	}
	return q.staff.close(last), nil
}

// event takes one line in. used is false for a line that says nothing here.
func (q *queueLog) event(at time.Time, f []string) (used bool, err error) {
	id, name, who, event := f[1], f[2], f[3], f[4]
	data := func(i int) string {
		if 5+i < len(f) {
			return f[5+i]
		}
		return ""
	}
	if queueLogIgnored[event] {
		return false, nil
	}
	if outcome, ok := queueLogLeft[event]; ok {
		c, err := q.call(id, at, queue.Waiting)
		if err != nil {
			return false, err
		}
		c.Outcome, c.Wait = outcome, at.Sub(c.At)
		delete(q.open, id)
		return true, nil
	}
	if queueLogEnded[event] {
		c, err := q.call(id, at, queue.Answered)
		if err != nil {
			return false, err
		}
		c.Talk = at.Sub(c.left())
		delete(q.open, id)
		return true, nil
	}
	switch event {
	case "ENTERQUEUE":
		if i, ok := q.open[id]; ok && q.log.Calls[i].Outcome == queue.Waiting {
			q.log.Calls[i].Outcome, q.log.Calls[i].Wait = queue.Transferred, max(at.Sub(q.log.Calls[i].At), 0)
		}
		c := Call{ID: id, At: at, Caller: data(1), Kind: name, Talk: Unknown}
		if p := c.problem(); p != "" {
			return false, fmt.Errorf("%s", p)
		}
		q.open[id] = len(q.log.Calls)
		q.log.Calls = append(q.log.Calls, c)
		return true, nil
	case "CONNECT":
		c, err := q.call(id, at, queue.Waiting)
		if err != nil {
			return false, err
		}
		c.Outcome, c.Wait, c.Agent = queue.Answered, at.Sub(c.At), who
		if s, err := strconv.ParseUint(data(2), 10, 32); err == nil {
			c.Ring = min(time.Duration(s)*time.Second, c.Wait) // both are cut to seconds
		}
		return true, nil
	}
	if !q.staff.event(at, name, who, event, data(0)) {
		return false, fmt.Errorf("event %q: unknown", event)
	}
	return true, nil
}

// call finds the call that an event is about, in the state that it must have
// for it.
func (q *queueLog) call(id string, at time.Time, state queue.Outcome) (*Call, error) {
	i, ok := q.open[id]
	if !ok {
		return nil, fmt.Errorf("call %q has not joined in this log, or has ended", id)
	}
	c := &q.log.Calls[i]
	switch {
	case c.Outcome == state && !at.Before(c.left()) && at.Sub(c.left()) <= maxSpan:
		return c, nil
	case c.Outcome == state:
		return nil, fmt.Errorf("call %q: time %s: must be at most %.0f s after the event before", id, at.Format(time.RFC3339), maxSpan.Seconds())
	case state == queue.Waiting:
		return nil, fmt.Errorf("call %q does not wait any longer", id)
	default:
		return nil, fmt.Errorf("call %q is not answered yet", id)
	}
}
