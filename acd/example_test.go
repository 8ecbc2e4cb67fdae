package acd_test

import (
	"context"
	"fmt"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// A host: it opens a router, sets up a queue with an agent, brings a call, and
// does in its event loop what the router says.
func Example() {
	ctx := context.Background()
	r, err := acd.Open(ctx, acd.Options{})
	if err != nil {
		panic(err)
	}
	config := queue.Defaults()
	config.Name, config.Number = "support", "8000"
	_ = r.Post(acd.CreateQueue{Queue: "support", Config: config})
	_ = r.Post(acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "support"}}})
	_ = r.Post(acd.Join{Call: "c1", Queue: "support", Number: "+4930123456"})

	for ev, err := range r.Events(ctx) {
		if err != nil {
			panic(err)
		}
		switch do := ev.Do.(type) {
		case *acd.Ring: // an INVITE goes out, and the agent picks up
			fmt.Println("ring", do.Agent, "for", do.Number)
			_ = r.Post(acd.Answered{Offer: do.Offer})
		case *acd.Connect: // bridge the two; later one of them hangs up
			fmt.Println("connect", do.Call, "with", do.Agent)
			_ = r.Post(acd.HangUp{Call: do.Call})
		case *acd.TalkEnded:
			fmt.Println("the talk was ended by", do.By)
			_ = r.Close(ctx)
		}
	}
	// Output:
	// ring 1001 for +4930123456
	// connect c1 with 1001
	// the talk was ended by CALLER
}

// Routing rules are tested with an Engine: the test says what time it is, and
// hours pass at once.
func ExampleEngine() {
	e, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	do := func(in acd.Input) {
		if err := e.Step(now, in); err != nil {
			panic(err)
		}
	}
	config := queue.Defaults()
	config.Name, config.Number = "sales", "8001"
	config.PollingStrategy = "PRIORITIZED_HUNT"
	config.RingTime = 15 * time.Second
	do(acd.CreateQueue{Queue: "sales", Config: config})
	do(acd.SetAgents{Queue: "sales", Agents: []acd.Listed{{Agent: "1001"}, {Agent: "1002"}}})
	do(acd.Join{Call: "c1", Queue: "sales"})

	e.Advance(now.Add(20 * time.Second)) // nobody answers
	for _, ev := range e.Take() {
		switch do := ev.Do.(type) {
		case *acd.Ring:
			fmt.Println(ev.At.Sub(now), "ring", do.Agent, do.Why.By)
		case *acd.OfferEnded:
			fmt.Println(ev.At.Sub(now), do.Agent, do.End)
		}
	}
	// Output:
	// 0s ring 1001 strategy
	// 15s 1001 NO_ANSWER
	// 15s ring 1002 strategy
}

// Why says why a call still waits.
func ExampleEngine_Why() {
	e, _ := acd.NewEngine(acd.EngineOptions{})
	now := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	config := queue.Defaults()
	config.Name, config.Number = "sales", "8001"
	lunch := agent.Lunch
	for _, in := range []acd.Input{
		acd.CreateQueue{Queue: "sales", Config: config},
		acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "sales"}}, Status: &lunch},
		acd.AddAgent{Agent: "1002", Queues: []acd.Place{{Queue: "sales"}}},
		acd.OtherCall{Agent: "1002", Call: "x", State: acd.OtherTalking},
		acd.Join{Call: "c1", Queue: "sales"},
	} {
		if err := e.Step(now, in); err != nil {
			panic(err)
		}
	}
	why, _ := e.Why("c1")
	for _, reason := range why {
		fmt.Println(reason.What, reason.Agent)
	}
	// Output:
	// 1 agent: LUNCH [1001]
	// 1 agent: on another call [1002]
}
