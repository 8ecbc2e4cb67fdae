package effort

import (
	"log"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// operation is something that an engine does, in a centre with n of something.
type operation struct {
	name  string
	grows string // n of what
	sizes [2]int // of n; zero: 125 and 4,000
	each  bool   // it does something with each of the n: its steps are those of one
	// in makes the centre and returns the operation.
	in func(c *centre, n int) func()
}

const cyclic = "CYCLIC_HUNT"

// waiting gives a queue with n callers who wait for nobody but one agent, who is
// on another call.
func waiting(c *centre, n int) []queue.CallID {
	c.queues(1, cyclic)
	c.agents(1, 1)
	c.busy(0, true)
	return c.line(n, 0)
}

// idle gives n idle agents in one queue, and some talks.
func idle(strategy string) func(c *centre, n int) func() {
	return func(c *centre, n int) func() {
		c.queues(1, strategy, func(config *queue.Config) { config.EnableWrapUp = true })
		c.agents(n, 1)
		for range n / 10 {
			c.join(0)
		}
		return func() {
			c.pass(time.Second)
			c.hangUp()
			c.join(0)
		}
	}
}

var operations = []operation{
	{name: "whole call, longest since rung", grows: "agents", in: idle(cyclic)},
	{name: "whole call, least worked", grows: "agents", in: idle("LEAST_WORKED_HUNT")},
	{name: "whole call, in order", grows: "agents", in: idle("PRIORITIZED_HUNT")},
	{name: "whole call, by skill", grows: "agents", in: idle("SKILL_BASED_ROUTING_CYCLIC_HUNT")},
	{name: "whole call", grows: "queues", sizes: [2]int{100, 1600}, in: func(c *centre, n int) func() {
		c.queues(n, cyclic)
		ids := make([]queue.CallID, n)
		for i := range n {
			c.do(acd.AddAgent{Agent: agentID(i), Queues: []acd.Place{{Queue: queueID(i)}}})
			ids[i] = c.join(i)
		}
		return func() {
			i := c.rng.IntN(n)
			c.do(acd.HangUp{Call: ids[i]})
			ids[i] = c.join(i)
		}
	}},
	{name: "whole call", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.queues(1, cyclic)
		c.agents(10, 1)
		c.line(n+10, 0)
		return func() {
			c.pass(time.Second)
			c.hangUp()
			c.join(0)
		}
	}},
	{name: "join and hang up", grows: "calls that wait", in: func(c *centre, n int) func() {
		ids := waiting(c, n)
		return func() {
			i := c.rng.IntN(n)
			c.do(acd.HangUp{Call: ids[i]})
			ids[i] = c.join(0)
		}
	}},
	{name: "change of priority", grows: "calls that wait", in: func(c *centre, n int) func() {
		ids := waiting(c, n)
		return func() { c.do(acd.ChangePriority{Call: ids[c.rng.IntN(n)], Priority: c.rng.IntN(101)}) }
	}},
	{name: "join at a position", grows: "calls that wait", sizes: [2]int{1000, 8000}, in: func(c *centre, n int) func() {
		waiting(c, n)
		return func() {
			c.do(acd.Join{Call: c.newCall(), Queue: "q0", Position: 1 + c.rng.IntN(n)})
		}
	}},
	{name: "transfer", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.queues(2, cyclic)
		ids := append(c.line(n, 0), c.line(n, 1)...)
		return func() { c.do(acd.Transfer{Call: ids[c.rng.IntN(2*n)], Queue: queueID(c.rng.IntN(2))}) }
	}},
	{name: "time-out", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.queues(1, cyclic, func(config *queue.Config) { config.MaxWaitingTime = time.Hour })
		c.line(n, 0)
		c.pass(time.Hour - time.Duration(n)*time.Millisecond - time.Second)
		return func() {
			c.until(func(do acd.Action) bool { _, ok := do.(*acd.CallLeft); return ok })
			c.join(0)
		}
	}},
	{name: "service level missed", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.queues(1, cyclic, func(config *queue.Config) { config.SLATime = time.Minute })
		c.line(n, 0)
		c.pass(time.Minute - time.Duration(n)*time.Millisecond - time.Second)
		return func() { c.until(func(do acd.Action) bool { _, ok := do.(*acd.SLABreached); return ok }) }
	}},
	{name: "announcement", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.queues(1, cyclic, func(config *queue.Config) {
			config.InformPosition, config.InformPositionInterval = queue.InformPeriodically, time.Minute
		})
		c.agents(1, 1)
		c.busy(0, true)
		c.line(n, 0)
		return func() {
			play := c.until(func(do acd.Action) bool { _, ok := do.(*acd.Play); return ok }).(*acd.Play)
			c.do(acd.PromptEnded{Call: play.Call, Prompt: play.What})
		}
	}},
	{name: "freed agent of 50 queues", grows: "calls that wait in each", sizes: [2]int{20, 320}, in: func(c *centre, n int) func() {
		c.queues(50, cyclic)
		c.agents(1, 50)
		c.busy(0, true)
		for q := range 50 {
			c.line(n, q)
		}
		c.busy(0, false)
		return func() {
			c.join(c.rng.IntN(50))
			c.hangUp()
		}
	}},
	{name: "freed agent of 50 queues", grows: "agents in each", sizes: [2]int{160, 640}, in: func(c *centre, n int) func() {
		c.queues(50, cyclic)
		c.agents(n, 50)
		for range n / 2 {
			c.join(c.rng.IntN(50))
		}
		return func() {
			c.hangUp()
			c.join(c.rng.IntN(50))
		}
	}},
	{name: "status in all queues, one of them", grows: "queues of the agent", sizes: [2]int{5, 80}, each: true, in: func(c *centre, n int) func() {
		c.queues(n, cyclic)
		c.agents(20, n)
		return status(c)
	}},
	{name: "status in 50 queues", grows: "agents in each", sizes: [2]int{20, 320}, in: func(c *centre, n int) func() {
		c.queues(50, cyclic)
		c.agents(n, 50)
		return status(c)
	}},
	{name: "status in 50 queues", grows: "calls that wait in each", sizes: [2]int{20, 320}, in: func(c *centre, n int) func() {
		c.queues(50, cyclic)
		c.agents(20, 50)
		for a := 1; a < 20; a++ {
			c.busy(a, true)
		}
		c.busy(0, true)
		for q := range 50 {
			c.line(n, q)
		}
		return status(c)
	}},
	{name: "another call", grows: "agents", in: func(c *centre, n int) func() {
		c.queues(5, cyclic)
		c.agents(n, 5)
		return func() {
			a := c.rng.IntN(n)
			c.busy(a, true)
			c.busy(a, false)
		}
	}},
	{name: "phone gone and back", grows: "agents", in: func(c *centre, n int) func() {
		c.queues(5, cyclic)
		c.agents(n, 5)
		return func() {
			a := agentID(c.rng.IntN(n))
			c.do(acd.Registered{Agent: a, Gone: true})
			c.do(acd.Registered{Agent: a})
		}
	}},
	{name: "ring all and one answers, a phone", grows: "phones", sizes: [2]int{50, 3200}, each: true, in: func(c *centre, n int) func() {
		c.queues(1, "RING_SIMULTANEOUSLY")
		c.agents(n, 1)
		return func() {
			c.join(0)
			c.hangUp()
		}
	}},
	{name: "ring all and nobody answers, a phone", grows: "phones", sizes: [2]int{50, 3200}, each: true, in: func(c *centre, n int) func() {
		c.queues(1, "RING_SIMULTANEOUSLY", func(config *queue.Config) { config.MaxNoAnswer = 0 })
		c.agents(n, 1)
		c.away = true
		return func() {
			id := c.join(0)
			c.pass(20 * time.Second)
			c.do(acd.HangUp{Call: id})
			c.pass(time.Hour) // delays and pauses end
		}
	}},
	{name: "declined by one after the other, an offer", grows: "agents", sizes: [2]int{50, 1600}, each: true, in: func(c *centre, n int) func() {
		c.queues(1, cyclic)
		c.agents(n, 1)
		c.away = true
		return func() {
			id := c.join(0)
			for i := 0; i < n && len(c.rings) > 0; i++ {
				c.do(acd.Refused{Offer: c.rings[0], End: agent.Rejected})
			}
			c.do(acd.HangUp{Call: id})
			c.pass(time.Hour)
		}
	}},
	{name: "position", grows: "calls that wait", in: func(c *centre, n int) func() {
		ids := waiting(c, n)
		return func() {
			if _, err := c.e.Call(ids[c.rng.IntN(n)]); err != nil {
				log.Fatal(err)
			}
		}
	}},
	{name: "page", grows: "calls that wait", in: func(c *centre, n int) func() {
		waiting(c, n)
		return func() {
			if _, err := c.e.Waiting("q0", c.rng.IntN(n-100), 100); err != nil {
				log.Fatal(err)
			}
		}
	}},
	{name: "numbers of a queue", grows: "calls that wait", in: func(c *centre, n int) func() {
		waiting(c, n)
		return func() {
			if _, err := c.e.Queue("q0"); err != nil {
				log.Fatal(err)
			}
			c.e.LongestTalk()
		}
	}},
	{name: "why a call waits", grows: "calls that wait", in: func(c *centre, n int) func() {
		ids := waiting(c, n)
		return func() {
			if _, err := c.e.Why(ids[c.rng.IntN(n)]); err != nil {
				log.Fatal(err)
			}
		}
	}},
	{name: "last agent logs out, a caller", grows: "calls that wait", each: true, sizes: [2]int{50, 1600}, in: func(c *centre, n int) func() {
		c.queues(1, cyclic, func(config *queue.Config) { config.WaitWhenNoAgentsOnline = false })
		c.agents(1, 1)
		return func() {
			c.busy(0, true)
			c.line(n, 0)
			c.do(acd.SetStatus{Agent: agentID(0), Status: agent.LoggedOut})
			c.busy(0, false)
			c.do(acd.SetStatus{Agent: agentID(0), Status: agent.Ready})
		}
	}},
	{name: "agent added", grows: "agents", in: func(c *centre, n int) func() {
		c.queues(5, cyclic)
		c.agents(n, 5)
		return func() {
			n++
			c.do(acd.AddAgent{Agent: agentID(n), Queues: []acd.Place{{Queue: queueID(0)}, {Queue: queueID(4)}}})
		}
	}},
	{name: "caller on the lists", grows: "numbers on each", in: func(c *centre, n int) func() {
		waiting(c, 10)
		c.do(acd.EnableBlocking{First: true, Second: true})
		for i := range n {
			number := number(i)
			c.do(acd.SetVIP{Listing: queue.Listing{Number: number, Enabled: true}})
			c.do(acd.SetExclusive{Listing: queue.Listing{Number: number, Enabled: true}, Queue: "q0", Agents: []agent.ID{agentID(0)}})
			c.do(acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: queue.Listing{Number: number + "1", Enabled: true}}})
		}
		return func() {
			id := c.newCall()
			c.do(acd.Join{Call: id, Queue: "q0", Number: number(c.rng.IntN(n))})
			c.do(acd.HangUp{Call: id})
		}
	}},
	{name: "changes to be stored of a call", grows: "calls that wait", in: func(c *centre, n int) func() {
		c.engine(acd.EngineOptions{Track: true})
		ids := waiting(c, n)
		c.e.Changes()
		return func() {
			i := c.rng.IntN(n)
			c.do(acd.HangUp{Call: ids[i]})
			ids[i] = c.join(0)
			c.e.Changes()
		}
	}},
}

// status sets the status of somebody in all his queues, there and back.
func status(c *centre) func() {
	return func() {
		a := agentID(c.rng.IntN(20))
		c.do(acd.SetStatus{Agent: a, Status: agent.NotReady})
		c.do(acd.SetStatus{Agent: a, Status: agent.Ready})
	}
}
