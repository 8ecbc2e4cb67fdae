package acdtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// centre makes the traffic of a large centre: thousands of queues, agents in up to
// 50 of them, and any number of steps. Unlike [Traffic] it looks at nothing but
// the events, so that a step costs the same however large the centre is.
type centre struct {
	queues, agents int
	rng            *rand.Rand
	calls          int // made so far

	offers  pool[acd.OfferID] // that run
	waiting pool[queue.CallID]
	joining pool[queue.CallID] // connecting
	talks   pool[queue.CallID]
	dials   pool[queue.CallID]
}

// pool is a set out of which any one can be drawn.
type pool[K comparable] struct {
	list []K
	at   map[K]int
}

func (p *pool[K]) add(k K) {
	if p.at == nil {
		p.at = map[K]int{}
	}
	if _, ok := p.at[k]; !ok {
		p.at[k] = len(p.list)
		p.list = append(p.list, k)
	}
}

func (p *pool[K]) remove(k K) {
	i, ok := p.at[k]
	if !ok {
		return
	}
	last := p.list[len(p.list)-1]
	p.list[i], p.at[last] = last, i
	p.list = p.list[:len(p.list)-1]
	delete(p.at, k)
}

func (p *pool[K]) any(rng *rand.Rand) (k K, ok bool) {
	if len(p.list) == 0 {
		return k, false
	}
	return p.list[rng.IntN(len(p.list))], true
}

func newCentre(seed uint64, queues, agents int) *centre {
	return &centre{queues: queues, agents: agents, rng: rand.New(rand.NewPCG(seed, 50))}
}

// setUp makes the queues and the agents.
func (c *centre) setUp() (inputs []acd.Input) {
	for i := range c.queues {
		inputs = append(inputs, acd.CreateQueue{Queue: queue.ID(queueName(i)), Config: c.config(i)})
	}
	inputs = append(inputs, acd.EnableBlocking{First: true})
	for i := range c.agents {
		inputs = append(inputs, c.newAgent(i))
	}
	return inputs
}

func (c *centre) coin(n int) bool { return c.rng.IntN(n) == 0 }

// config is a configuration with some of everything.
func (c *centre) config(i int) queue.Config {
	seconds := func(low, high int) time.Duration { return time.Duration(low+c.rng.IntN(high-low+1)) * time.Second }
	seven := strategy.Seven()
	q := queue.Defaults()
	q.Name, q.Number = queueName(i), fmt.Sprint(100_000+i)
	q.PollingStrategy = seven[c.rng.IntN(len(seven))].Name
	q.RingTime, q.RetryInterval, q.MaxWaitingTime = seconds(5, 25), seconds(1, 10), seconds(15, 240)
	q.WaitWhenNoAgentsOnline, q.AutoReady = c.coin(2), !c.coin(6)
	q.EnableWrapUp, q.WrapUpTime = c.coin(2), seconds(0, 30)
	q.SLATime, q.Priority, q.JoinCredit = seconds(0, 30), c.rng.IntN(3), seconds(0, 20)
	q.MaxNoAnswer, q.RingLimit, q.MaxCallers = c.rng.IntN(6), c.rng.IntN(4), 50*c.rng.IntN(2)
	q.SkillWait, q.StickyWait, q.ResumeWindow = seconds(0, 5), seconds(0, 4), seconds(0, 60)
	q.EnableCallback, q.CallbackMaxAttempts, q.CallbackExpires = c.coin(2), 1+c.rng.IntN(3), 600*time.Second
	q.NoAnswerForwardRule = queue.ForwardRule{Action: queue.ForwardToNumber, Number: fmt.Sprint(100_000 + c.rng.IntN(c.queues))}
	if q.NoAnswerForwardRule.Number == q.Number {
		q.NoAnswerForwardRule = queue.ForwardRule{}
	}
	if c.coin(4) {
		q.Connect = queue.ConnectManual
	}
	if c.coin(2) {
		q.WrapUpScope = agent.ScopeQueue
	}
	return q
}

// newAgent puts an agent into 1 to 50 queues.
func (c *centre) newAgent(i int) acd.AddAgent {
	const most = 50
	a := acd.AddAgent{Agent: agent.ID(agentName(i))}
	first, n := c.rng.IntN(c.queues), 1+c.rng.IntN(min(most, c.queues))
	stride := 1 + c.rng.IntN(max(1, c.queues/most-1))
	for j := range n {
		id := queue.ID(queueName((first + j*stride) % c.queues))
		if !slices.ContainsFunc(a.Queues, func(p acd.Place) bool { return p.Queue == id }) {
			a.Queues = append(a.Queues, acd.Place{Queue: id, Level: 1 + 2*c.rng.IntN(3)})
		}
	}
	return a
}

func (c *centre) someQueue() queue.ID { return queue.ID(queueName(c.rng.IntN(c.queues))) }
func (c *centre) someAgent() agent.ID { return agent.ID(agentName(c.rng.IntN(c.agents))) }
func (c *centre) someNumber() string  { return fmt.Sprintf("+4930%04d", c.rng.IntN(2000)) }
func (c *centre) pause() time.Duration {
	return time.Duration(c.rng.ExpFloat64() * float64(30*time.Millisecond))
}

// next makes the next input; nil if there is nothing to do it to.
func (c *centre) next() acd.Input {
	n := c.rng.IntN(1000)
	switch {
	case n < 240:
		return c.join()
	case n < 520:
		return c.phone()
	case n < 600:
		return some(c, &c.joining, func(id queue.CallID) acd.Input {
			if c.coin(6) {
				return acd.MediaFailed{Call: id}
			}
			return acd.MediaJoined{Call: id}
		})
	case n < 740:
		return some(c, &c.talks, func(id queue.CallID) acd.Input { return acd.EndTalk{Call: id} })
	case n < 780:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.HangUp{Call: id} })
	case n < 850:
		return c.status()
	case n < 900:
		return c.caller()
	case n < 930:
		return acd.Registered{Agent: c.someAgent(), Gone: c.coin(3)}
	case n < 960:
		return acd.OtherCall{Agent: c.someAgent(), Call: fmt.Sprintf("x%d", c.rng.IntN(20)), State: acd.OtherState(c.rng.IntN(3)), Number: c.someNumber()}
	case n < 985:
		return c.supervisor()
	default:
		return c.change()
	}
}

func some[K comparable](c *centre, p *pool[K], make func(K) acd.Input) acd.Input {
	if k, ok := p.any(c.rng); ok {
		return make(k)
	}
	return nil
}

func (c *centre) join() acd.Input {
	c.calls++
	in := acd.Join{Call: queue.CallID(fmt.Sprintf("c%d", c.calls)), Queue: c.someQueue(), Number: c.someNumber(), Tag: "t"}
	switch c.rng.IntN(20) {
	case 0:
		in.Priority = c.rng.IntN(5)
	case 1:
		in.Credit = time.Duration(c.rng.IntN(60)) * time.Second
	case 2:
		in.Position = 1 + c.rng.IntN(4)
	case 3:
		in.Passed = []queue.ID{c.someQueue(), c.someQueue()}
	}
	return in
}

func (c *centre) phone() acd.Input {
	return some(c, &c.offers, func(id acd.OfferID) acd.Input {
		switch n := c.rng.IntN(20); {
		case n < 12:
			return acd.Answered{Offer: id}
		case n < 15:
			return acd.Alerting{Offer: id}
		default:
			return acd.Refused{Offer: id, End: []agent.End{agent.Rejected, agent.Busy, agent.Unreachable}[n%3]}
		}
	})
}

func (c *centre) status() acd.Input {
	statuses := []agent.Status{agent.Ready, agent.Ready, agent.Ready, agent.Ready, agent.NotReady, agent.WrapUp, agent.Break, agent.LoggedIn, agent.LoggedOut}
	in := acd.SetStatus{Agent: c.someAgent(), Status: statuses[c.rng.IntN(len(statuses))]}
	if c.coin(3) {
		in.Queue = c.someQueue()
	}
	return in
}

// caller is what callers do beside hanging up.
func (c *centre) caller() acd.Input {
	switch c.rng.IntN(6) {
	case 0, 1:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input {
			return acd.KeyPressed{Call: id, Key: []string{"3", "8", "1"}[c.rng.IntN(3)]}
		})
	case 2, 3:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input {
			return acd.EnterNumber{Call: id, Text: []string{"#", "0301234#", "*"}[c.rng.IntN(3)]}
		})
	case 4:
		return some(c, &c.dials, func(id queue.CallID) acd.Input { return acd.CustomerReplied{Call: id, Reply: acd.Reply(c.rng.IntN(3))} })
	default:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.ChangeCaller{Call: id, Number: c.someNumber()} })
	}
}

// supervisor is what is done to calls from outside.
func (c *centre) supervisor() acd.Input {
	switch c.rng.IntN(9) {
	case 0, 1:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.Pickup{Call: id, Agent: c.someAgent()} })
	case 2:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.Transfer{Call: id, Queue: c.someQueue()} })
	case 3:
		return some(c, &c.talks, func(id queue.CallID) acd.Input { return acd.Transfer{Call: id, Queue: c.someQueue()} })
	case 4:
		return some(c, &c.talks, func(id queue.CallID) acd.Input { return acd.HandOver{Call: id, Agent: c.someAgent()} })
	case 5:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.ChangePriority{Call: id, Priority: c.rng.IntN(5)} })
	case 6:
		return some(c, &c.waiting, func(id queue.CallID) acd.Input { return acd.Withdraw{Call: id} })
	case 7:
		return acd.FreeAgent{Agent: c.someAgent()}
	default:
		return some(c, &c.talks, func(id queue.CallID) acd.Input { return acd.ConfirmCall{Call: id} })
	}
}

// change is what administrators do.
func (c *centre) change() acd.Input {
	id := c.rng.IntN(c.queues)
	listing := queue.Listing{Number: c.someNumber(), Enabled: true}
	switch c.rng.IntN(16) {
	case 0, 1:
		return acd.ChangeQueue{Queue: queue.ID(queueName(id)), Config: c.config(id)}
	case 2:
		return acd.CreateQueue{Queue: queue.ID(queueName(id)), Config: c.config(id)}
	case 3:
		if c.coin(4) {
			return acd.DeleteQueue{Queue: queue.ID(queueName(id))}
		}
		return acd.ResetQueue{Queue: queue.ID(queueName(id))}
	case 4:
		if c.coin(4) {
			return acd.DeleteAgent{Agent: c.someAgent()}
		}
		return acd.RemoveMember{Agent: c.someAgent(), Queue: c.someQueue()}
	case 5, 6:
		return c.newAgent(c.rng.IntN(c.agents))
	case 7:
		return acd.ChangeMember{Agent: c.someAgent(), Queue: c.someQueue(), Level: 1 + c.rng.IntN(5)}
	case 8:
		in := acd.SetAgents{Queue: c.someQueue()}
		for _, i := range c.rng.Perm(c.agents)[:c.rng.IntN(30)] {
			in.Agents = append(in.Agents, acd.Listed{Agent: agent.ID(agentName(i)), Level: 1 + c.rng.IntN(3)})
		}
		return in
	case 9:
		return acd.SetVIP{Listing: listing}
	case 10:
		return acd.RemoveVIP{Number: c.someNumber()}
	case 11:
		return acd.SetExclusive{Listing: listing, Queue: c.someQueue(), Agents: []agent.ID{c.someAgent(), c.someAgent()}}
	case 12:
		return acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: listing}}
	case 13:
		return acd.RemoveBlocked{Number: c.someNumber()}
	case 14:
		return acd.HoldCallbacks{Queue: c.someQueue(), On: c.coin(2)}
	default:
		return acd.SetNight{On: c.coin(10)}
	}
}

// see keeps track of what can be done next.
func (c *centre) see(ev acd.Event) {
	switch do := ev.Do.(type) {
	case *acd.CallJoined:
		c.waiting.add(do.Call)
	case *acd.Ring:
		c.offers.add(do.Offer)
	case *acd.OfferEnded:
		c.offers.remove(do.Offer)
	case *acd.Connect:
		c.joining.add(do.Call)
	case *acd.ConnectFailed:
		c.joining.remove(do.Call)
	case *acd.CallConnected:
		c.joining.remove(do.Call)
		c.waiting.remove(do.Call)
		c.dials.remove(do.Call)
		c.talks.add(do.Call)
	case *acd.CallLeft:
		if do.Outcome != queue.Answered && do.Outcome != queue.Callback {
			c.joining.remove(do.Call)
			c.waiting.remove(do.Call)
		}
	case *acd.TalkEnded:
		c.talks.remove(do.Call)
	case *acd.Dial:
		c.dials.add(do.Call)
	case *acd.CallbackChanged:
		if !do.State.Open() {
			c.dials.remove(do.Call)
			c.waiting.remove(do.Call)
		}
	}
}
