package rest

import (
	"math"
	"regexp"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// since returns the whole seconds since a time, from 0 up to what the API can say.
func (rq *request) since(t time.Time) int64 {
	return min(max(int64(rq.handler.options.Now().Sub(t)/time.Second), 0), math.MaxUint32)
}

// shows is what the API takes for a number.
var shows = regexp.MustCompile(`[0-9]{3,64}`)

// numberShown is a caller's number; one that the API would not take for one is blank.
func numberShown(number string) value {
	if !shows.MatchString(number) {
		return value{}
	}
	return textOf(number)
}

// waitingTable is the line of a queue.
func (rq *request) waitingTable() table[acd.CallView] {
	return table[acd.CallView]{
		{field{"session_id", text}, func(c *acd.CallView) value { return textOf(string(c.ID)) }},
		{field{"extension_number", text}, func(c *acd.CallView) value { return numberShown(c.Number) }},
		{field{"display_name", text}, func(c *acd.CallView) value { return textOf(c.Name) }},
		{field{"waiting_time", number}, func(c *acd.CallView) value { return numberOf(rq.since(c.Joined)) }},
		{field{"position", number}, func(c *acd.CallView) value { return numberOf(c.Position) }},
		{field{"priority", number}, func(c *acd.CallView) value { return numberOf(c.Priority) }},
		{field{"vip", boolean}, func(c *acd.CallView) value { return booleanOf(c.VIP) }},
		{field{"callback", boolean}, func(c *acd.CallView) value { return booleanOf(c.Callback) }},
		{field{"state", text}, func(c *acd.CallView) value { return textOf(c.State.String()) }},
	}
}

func listWaiting(rq *request) (*reply, error) {
	id := queue.ID(rq.PathValue("id"))
	read := func(skip, top int) ([]acd.CallView, error) { return rq.router.Waiting(id, skip, top) }
	return list(rq, rq.waitingTable(), source[acd.CallView]{
		all: paged(read),
		page: func(skip, top int) ([]acd.CallView, int, error) {
			page, err := read(skip, top)
			if err != nil {
				return nil, 0, err
			}
			q, err := rq.router.Queue(id)
			return page, q.InLine, err
		},
	}, 0)
}

// pickUp gives a waiting call to the principal (B54).
func pickUp(rq *request) (*reply, error) {
	who, err := rq.own()
	if err != nil {
		return nil, err
	}
	q, err := rq.queue("id")
	if err != nil {
		return nil, err
	}
	c, err := rq.router.Call(queue.CallID(rq.PathValue("session_id")))
	if err != nil {
		return nil, err
	}
	if c.Queue != q.ID {
		return nil, notFound("call", string(c.ID))
	}
	return done(), rq.do(acd.Pickup{Call: c.ID, Agent: who})
}
