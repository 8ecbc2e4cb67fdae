package sim

import (
	"context"
	"testing"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// day is a day of 1,000 agents and about 416,000 calls.
func day() Config {
	properties := queue.Defaults()
	properties.PollingStrategy = "CYCLIC_HUNT"
	properties.SLATime = 20 * time.Second
	return Config{
		Seed: 1, Replications: 1, Horizon: 24 * time.Hour, Drain: true,
		Queues: []Queue{{
			Name: "support", Properties: properties,
			Arrivals: Arrivals{PerHour: Steps{Values: []float64{416_000.0 / 24}}},
			Service:  Dist{Law: Exponential, Mean: Steps{Values: []float64{180}}},
			Patience: &Dist{Law: Exponential, Mean: Steps{Values: []float64{300}}},
		}},
		Agents: []Group{{
			Name: "all", Count: Steps{Values: []float64{1000}}, Queues: []Place{{"support", 1}},
			Answer: Dist{Mean: Steps{Values: []float64{0}}},
		}},
	}
}

// BenchmarkDay plays a day of 1,000 agents and 416,000 calls on one processor.
func BenchmarkDay(b *testing.B) {
	calls := 0.0
	b.ReportAllocs()
	for b.Loop() {
		r, err := Run(context.Background(), day(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		calls += r.Total.Arrived.Mean
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/calls, "ns/call")
}
