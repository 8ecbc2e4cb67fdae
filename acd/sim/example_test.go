package sim_test

import (
	"context"
	"fmt"

	"github.com/acdkit/acdkit/acd/sim"
)

// How many agents does a desk need to answer four of five calls within 20 s?
func ExampleRun() {
	config, err := sim.Parse("desk.json", []byte(`{
		"seed": 1, "replications": 20, "horizon": 14400, "warmup": 1800, "drain": true,
		"queues": [{"name": "desk", "properties": {"polling_strategy": "CYCLIC_HUNT", "sla_time": 20},
			"arrivals": {"per_hour": 100}, "service": {"dist": "exponential", "mean": 180},
			"patience": {"dist": "exponential", "mean": 300}}],
		"agents": [{"name": "team", "count": 5, "queues": [{"queue": "desk"}]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for ; ; config.Agents[0].Count.Values[0]++ {
		result, err := sim.Run(context.Background(), *config, sim.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		level := result.Total.ServiceLevel.Mean
		fmt.Printf("%g agents: %.0f %% within 20 s, %.0f %% occupied\n",
			config.Agents[0].Count.Values[0], 100*level, 100*result.Agents[0].Occupancy.Mean)
		if level >= 0.8 {
			break
		}
	}
	// Output:
	// 5 agents: 52 % within 20 s, 84 % occupied
	// 6 agents: 72 % within 20 s, 75 % occupied
	// 7 agents: 84 % within 20 s, 68 % occupied
}

// Every mistake is named at once, with its line.
func ExampleParse() {
	_, err := sim.Parse("desk.json", []byte(`{
		"horizon": 3600,
		"queues": [{"name": "desk", "properties": {"ring_time": 0},
			"arrivals": {"per_hours": 100}, "service": {"dist": "uniform", "mean": 180}}]}`))
	fmt.Println(err)
	// Output:
	// desk.json:3: queues[0].properties.ring_time 0: must be 1..65535 s
	// desk.json:4: queues[0].arrivals.per_hours unknown: must be one of per_hour, period, callers
	// desk.json:4: queues[0].service.dist "uniform": must be one of constant, exponential, gamma, lognormal, empirical
	// desk.json:4: queues[0].arrivals.per_hour missing: must be a number or a list of them
}
