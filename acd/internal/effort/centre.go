package effort

import (
	"log"
	"math/rand/v2"
	"runtime"
	"strconv"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// centre is an engine and its host.
type centre struct {
	e     *acd.Engine
	now   time.Time
	rng   *rand.Rand
	calls int            // made so far
	talks []queue.CallID // who was answered
	rings []acd.OfferID  // of the last do
	away  bool           // nobody picks up

	limit  uint64 // of blocks; 0: none
	inputs int    // so far
}

func newCentre() *centre {
	c := &centre{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), rng: rand.New(rand.NewPCG(1, 2))}
	c.engine(acd.EngineOptions{})
	return c
}

// engine begins with a new engine.
func (c *centre) engine(o acd.EngineOptions) {
	e, err := acd.NewEngine(o)
	if err != nil {
		log.Fatal(err)
	}
	c.e = e
}

// step applies an input, and returns the events. At the limit it ends the
// goroutine.
func (c *centre) step(in acd.Input) []acd.Event {
	if c.inputs++; c.limit > 0 && c.inputs%64 == 0 && blocks() > c.limit {
		runtime.Goexit()
	}
	if err := c.e.Step(c.now, in); err != nil {
		log.Fatalf("%#v: %v", in, err)
	}
	return c.e.Take()
}

// do applies an input; who is rung picks up.
func (c *centre) do(in acd.Input) { c.hear(c.step(in)) }

// pass lets time pass.
func (c *centre) pass(d time.Duration) {
	c.now = c.now.Add(d)
	c.e.Advance(c.now)
	c.hear(c.e.Take())
}

// until lets time pass to the event that is meant, the last of its instant.
func (c *centre) until(meant func(acd.Action) bool) (found acd.Action) {
	for found == nil {
		at, ok := c.e.NextDeadline()
		if !ok {
			log.Fatal("nothing is due")
		}
		c.now = at
		c.e.Advance(at)
		for _, ev := range c.e.Take() {
			if meant(ev.Do) {
				found = ev.Do
			}
		}
	}
	return found
}

func (c *centre) hear(events []acd.Event) {
	c.rings = c.rings[:0]
	for len(events) > 0 {
		events = c.answer(events)
	}
}

// answer lets the first who is rung for each call pick up, and returns what comes
// of it.
func (c *centre) answer(events []acd.Event) (more []acd.Event) {
	picked := queue.CallID("")
	for _, ev := range events {
		switch do := ev.Do.(type) {
		case *acd.Ring:
			c.rings = append(c.rings, do.Offer)
			if do.Call != picked && !c.away {
				picked = do.Call
				more = append(more, c.step(acd.Answered{Offer: do.Offer})...)
			}
		case *acd.CallConnected:
			c.talks = append(c.talks, do.Call)
		}
	}
	return more
}

func queueID(i int) queue.ID { return queue.ID("q" + strconv.Itoa(i)) }
func agentID(i int) agent.ID { return agent.ID(strconv.Itoa(1000 + i)) }

func number(i int) string { return strconv.Itoa(4_900_000_000 + i) }

// queues makes n queues.
func (c *centre) queues(n int, strategy string, change ...func(*queue.Config)) {
	config := queue.Defaults()
	config.PollingStrategy = strategy
	config.MaxWaitingTime, config.WaitWhenNoAgentsOnline = 65535*time.Second, true
	for _, f := range change {
		f(&config)
	}
	for i := range n {
		config.Name, config.Number = string(queueID(i)), strconv.Itoa(100_000+i)
		c.do(acd.CreateQueue{Queue: queueID(i), Config: config})
	}
}

// agents makes n agents in so many queues each, of two levels.
func (c *centre) agents(n, queues int) {
	for i := range n {
		in := acd.AddAgent{Agent: agentID(i)}
		for j := range queues {
			in.Queues = append(in.Queues, acd.Place{Queue: queueID(j), Level: 1 + i%2})
		}
		c.do(in)
	}
}

func (c *centre) newCall() queue.CallID {
	c.calls++
	return queue.CallID("c" + strconv.Itoa(c.calls))
}

// join brings a call to a queue.
func (c *centre) join(q int) queue.CallID {
	id := c.newCall()
	c.do(acd.Join{Call: id, Queue: queueID(q), Number: number(c.calls)})
	return id
}

// line brings n calls to a queue, a millisecond apart.
func (c *centre) line(n, q int) []queue.CallID {
	ids := make([]queue.CallID, n)
	for i := range ids {
		ids[i] = c.join(q)
		c.pass(time.Millisecond)
	}
	return ids
}

// hangUp ends any talk.
func (c *centre) hangUp() {
	i, last := c.rng.IntN(len(c.talks)), len(c.talks)-1
	id := c.talks[i]
	c.talks[i], c.talks = c.talks[last], c.talks[:last]
	c.do(acd.HangUp{Call: id})
}

// busy puts an agent on a call that is not the library's, or ends it.
func (c *centre) busy(a int, on bool) {
	state := acd.OtherEnded
	if on {
		state = acd.OtherTalking
	}
	c.do(acd.OtherCall{Agent: agentID(a), Call: "private", State: state})
}
