package acdtest_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

func ExampleRunScript() {
	const script = `
queue support polling_strategy=PRIORITIZED_HUNT ring_time=15
agent 1001 queues=support
agent 1002 queues=support

call c1 queue=support
wait 15
answer c1 1002
expect connect call=c1 agent=1002 wait=15
`
	result, err := acdtest.RunScript("example.acd", strings.NewReader(script), acdtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range result.Trace {
		fmt.Println(line)
	}
	// Output:
	// 0 status agent=1001 queue=support status=READY
	// 0 status agent=1002 queue=support status=READY
	// 0 joined call=c1 queue=support position=1
	// 0 play call=c1 what=moh position=1 estimate=0
	// 0 ring call=c1 agent=1001 queue=support round=1 why=strategy
	// 15 offer_end call=c1 agent=1001 end=NO_ANSWER
	// 15 ring call=c1 agent=1002 queue=support round=1 why=strategy
	// 15 offer_end call=c1 agent=1002 end=ANSWERED
	// 15 stop_play call=c1 what=moh
	// 15 connect call=c1 agent=1002 wait=15 why=offer
	// 15 leave call=c1 queue=support outcome=ANSWERED
	// 15 status agent=1002 queue=support status=QUEUE_CALL
}

func ExampleRunScript_failure() {
	const script = `
queue support
agent 1001 queues=support
call c1 queue=support
expect ring agent=1002
`
	_, err := acdtest.RunScript("example.acd", strings.NewReader(script), acdtest.Options{})
	fmt.Println(err)
	// Output:
	// example.acd:5: expected ring agent=1002, came 0 ring call=c1 agent=1001 queue=support round=1 why=strategy
}

func ExampleClock() {
	clock := acdtest.NewClock(acdtest.Start())
	clock.AfterFunc(time.Hour, func() { fmt.Println("it is", clock.Now().Format(time.TimeOnly)) })
	clock.Advance(90 * time.Minute)
	fmt.Println("it is", clock.Now().Format(time.TimeOnly))
	// Output:
	// it is 01:00:00
	// it is 01:30:00
}

func ExampleTraffic() {
	fmt.Println(acdtest.Traffic{Seed: 1}.Run(50))
	// Output:
	// <nil>
}

func ExampleHost() {
	engine, err := acd.NewEngine(acd.EngineOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	config := queue.Defaults()
	config.Name, config.Number = "Support", "800"
	now := acdtest.Start()
	for _, in := range []acd.Input{
		acd.CreateQueue{Queue: "support", Config: config},
		acd.AddAgent{Agent: "1001", Queues: []acd.Place{{Queue: "support"}}},
		acd.Join{Call: "c1", Queue: "support"},
	} {
		if err := engine.Step(now, in); err != nil {
			fmt.Println(err)
			return
		}
	}

	// One phone in five rings out, one report in ten comes twice.
	host := &acdtest.Host{Phones: acdtest.Phones{Seed: 1, NoAnswer: 0.2, Doubled: 0.1, Talk: time.Minute}}
	err = host.Play(engine, now.Add(time.Hour), func(ev acd.Event) {
		switch do := ev.Do.(type) {
		case *acd.Ring, *acd.CallConnected, *acd.TalkEnded:
			fmt.Printf("%T\n", do)
		}
	})
	fmt.Println(err)
	// Output:
	// *acd.Ring
	// *acd.CallConnected
	// *acd.TalkEnded
	// <nil>
}

func ExampleTestStrategy() {
	fewest := strategy.Strategy{Name: "FEWEST_CALLS", Rank: func(c strategy.Candidate) strategy.Rank {
		return strategy.Rank{int64(c.Answered), int64(c.LastAnswered)}
	}}
	fmt.Println(acdtest.TestStrategy(fewest, acdtest.StrategyTest{}))

	asked := 0
	fickle := strategy.Strategy{Name: "FICKLE", Rank: func(strategy.Candidate) strategy.Rank {
		asked++
		return strategy.Rank{int64(asked)}
	}}
	fmt.Println(acdtest.TestStrategy(fickle, acdtest.StrategyTest{}) == nil)
	// Output:
	// <nil>
	// false
}
