package main

import (
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// caller is one call of the script.
type caller struct {
	at       time.Duration
	name     string // its id here too
	number   string
	queue    queue.ID
	patience time.Duration // then he hangs up, if nobody has answered
	talks    time.Duration
}

// callers are the calls of the script.
var callers = []caller{
	{at: 0, name: "Ada", number: "+493010001", queue: "support", patience: 5 * time.Minute, talks: 70 * time.Second},
	{at: 10 * time.Second, name: "Bob", number: "+493010002", queue: "sales", patience: 5 * time.Minute, talks: 100 * time.Second},
	{at: 15 * time.Second, name: "Cid", number: "+493010003", queue: "support", patience: 40 * time.Second, talks: time.Minute},
	{at: 25 * time.Second, name: "Dot", number: "+493010004", queue: "sales", patience: 5 * time.Minute, talks: time.Minute},
	{at: 30 * time.Second, name: "Eve", number: "+493010005", queue: "support", patience: 5 * time.Minute, talks: 30 * time.Second},
	{at: 150 * time.Second, name: "Fay", number: "+493010006", queue: "sales", patience: 5 * time.Minute, talks: 20 * time.Second},
}

// answersAfter says how long whose phone rings until he answers. Who is not in it
// is not at his desk.
var answersAfter = map[agent.ID]time.Duration{
	"1001": 4 * time.Second,
	"1003": 3 * time.Second,
}

func talkTime(call queue.CallID) time.Duration {
	for _, c := range callers {
		if queue.CallID(c.name) == call {
			return c.talks
		}
	}
	return 0
}
