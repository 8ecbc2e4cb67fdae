package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"testing"
	"time"
)

// near reports whether a is b to a relative error.
func near(a, b, relative float64) bool { return math.Abs(a-b) <= relative*max(math.Abs(b), 1e-300) }

// ψ and ψ′ against known values and against what defines them: ψ(x+n) − ψ(x) is
// the sum of 1/(x+i), ψ′(x) − ψ′(x+n) that of 1/(x+i)².
func TestB64_DigammaAndTrigamma(t *testing.T) {
	t.Parallel()
	const euler = 0.57721566490153286
	for x, want := range map[float64]float64{1: -euler, 0.5: -euler - 2*math.Ln2, 2: 1 - euler, 10: 2.2517525890667211} {
		if got := digamma(x); !near(got, want, 1e-10) {
			t.Errorf("ψ(%v) = %.15g, want %.15g", x, got, want)
		}
	}
	for x, want := range map[float64]float64{1: math.Pi * math.Pi / 6, 0.5: math.Pi * math.Pi / 2, 2: math.Pi*math.Pi/6 - 1} {
		if got := trigamma(x); !near(got, want, 1e-10) {
			t.Errorf("ψ′(%v) = %.15g, want %.15g", x, got, want)
		}
	}
	for _, x := range []float64{1e-3, 0.1, 0.7, 1, 3, 5.999, 6, 6.5, 17, 100, 12345.6, 1e6} {
		sum, squares := 0.0, 0.0
		const n = 1000
		for i := range n {
			sum += 1 / (x + float64(i))
			squares += 1 / ((x + float64(i)) * (x + float64(i)))
		}
		if got := digamma(x+n) - digamma(x); !near(got, sum, 1e-9) {
			t.Errorf("ψ(%v+%d) − ψ = %.15g, the sum is %.15g", x, n, got, sum)
		}
		if got := trigamma(x) - trigamma(x+n); !near(got, squares, 1e-9) {
			t.Errorf("ψ′(%v) − ψ′(+%d) = %.15g, the sum is %.15g", x, n, got, squares)
		}
	}
}

// The closed form is the sum, whatever the position, the agents and the patience.
func TestB64_TheClosedFormIsTheSum(t *testing.T) {
	t.Parallel()
	for _, agents := range []float64{1.0 / 16, 0.5, 1, 2.5, 10, 100, 3000} {
		for _, handle := range []float64{5, 180, 3600} {
			for _, patience := range []float64{10, 300, 900, 86400, 1e7} {
				for _, position := range []int{1, 2, 3, 10, 99, 1000, 100_000} {
					rate, theta := agents/handle, 1/patience
					mean, variance := wait(position, rate, theta)
					sum, squares := 0.0, 0.0
					for i := range position {
						x := 1 / (rate + float64(i)*theta)
						sum += x
						squares += x * x
					}
					if !near(mean, sum, 1e-6) || !near(variance, squares, 1e-4) {
						t.Fatalf("p=%d n=%v 1/μ=%v 1/θ=%v: mean %g, variance %g; the sums are %g, %g",
							position, agents, handle, patience, mean, variance, sum, squares)
					}
				}
			}
		}
		if mean, variance := wait(7, agents, 0); mean != 7/agents || variance != 7/(agents*agents) {
			t.Errorf("without abandonment: %v, %v", mean, variance)
		}
	}
}

// The exact table of waits by position.
func TestB64_ExactTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../shared/theory/erlang-cases.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no table of exact values here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		EWT struct {
			Table []struct {
				Agents   float64  `json:"agents"`
				Handle   float64  `json:"aht"`
				Patience *float64 `json:"patience"`
				Position int      `json:"position"`
				Mean     float64  `json:"mean_s"`
				SD       float64  `json:"sd_s"`
			} `json:"table"`
		} `json:"ewt"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.EWT.Table) == 0 {
		t.Fatal("the table is empty")
	}
	for _, row := range all.EWT.Table {
		theta := 0.0
		if row.Patience != nil {
			theta = 1 / *row.Patience
		}
		mean, variance := wait(row.Position, row.Agents/row.Handle, theta)
		if !near(mean, row.Mean, 1e-9) || !near(math.Sqrt(variance), row.SD, 1e-9) {
			t.Errorf("%+v: mean %v, sd %v", row, mean, math.Sqrt(variance))
		}
	}
}

// The 80 % quantile against the exact one of a sum of exponential times: with
// p = 1 it is exponential, without abandonment Erlang.
func TestB64_Quantile(t *testing.T) {
	t.Parallel()
	for p, exact := range map[int]float64{1: 1.6094379, 2: 2.9943083, 5: 6.7209794, 20: 23.634 /* Γ(p), 1 */} {
		mean, variance := wait(p, 1, 0)
		if got := quantile80(mean, variance); !near(got, exact, 0.01) {
			t.Errorf("p=%d: %v, exact %v", p, got, exact)
		}
	}
	if quantile80(0, 0) != 0 || quantile80(5, 0) != 5 {
		t.Error("without spread the quantile is the mean")
	}
}

// Without history the priors speak; with much of it they do not. Both rates
// forget exponentially.
func TestB64_PriorsAndMemory(t *testing.T) {
	t.Parallel()
	var r Rates
	if r.HandleTime() != priorHandle || !near(r.GiveUpRate(), 1/priorPatient, 1e-12) {
		t.Errorf("priors: %v, %v", r.HandleTime(), r.GiveUpRate())
	}
	e, ok := r.Estimate(1, 2)
	if !ok || e.Mean != 90*time.Second || e.P80 <= e.Mean {
		t.Errorf("p=1, 2 agents: %+v", e)
	}
	for i := range 5000 {
		r.Took(60 * time.Second)
		r.Left(30*time.Second, i%10 == 0) // one of ten gives up: 1/θ is 300 s
		r.Left(0, i%2 == 0)               // tells nothing
	}
	if !near(r.HandleTime(), 60, 0.05) || !near(1/r.GiveUpRate(), 300, 0.1) {
		t.Errorf("learned: %v s, patience %v s", r.HandleTime(), 1/r.GiveUpRate())
	}
	for range 1000 { // another season
		r.Took(600 * time.Second)
	}
	if !near(r.HandleTime(), 600, 0.05) {
		t.Errorf("has not forgotten: %v", r.HandleTime())
	}
}

// Nobody: no estimate. However long the line, an estimate is finite and grows
// with the position and with fewer agents.
func TestB64_Bounds(t *testing.T) {
	t.Parallel()
	var r Rates
	for _, agents := range []float64{0, -1} {
		if _, ok := r.Estimate(1, agents); ok {
			t.Errorf("an estimate with %v agents", agents)
		}
	}
	if _, ok := r.Estimate(0, 1); ok {
		t.Error("an estimate for no position")
	}
	for _, rates := range []Rates{{}, {Handle: 1e9, Handled: 1}, {Waited: 1e12}, {GivenUp: 1e6, Waited: 1}, {Handled: 1e9}} {
		last := Estimate{}
		for p := 1; p < 200_000; p *= 3 {
			e, ok := rates.Estimate(p, 3)
			if !ok || e.Mean < last.Mean || e.P80 < last.P80 || e.P80 < e.Mean*9/10 || e.Mean < 0 {
				t.Fatalf("%+v: p=%d: %+v after %+v", rates, p, e, last)
			}
			if fewer, _ := rates.Estimate(p, 2); fewer.Mean < e.Mean {
				t.Fatalf("%+v: p=%d: %v with 3 agents, %v with 2", rates, p, e.Mean, fewer.Mean)
			}
			last = e
		}
	}
}

func TestB64_Score(t *testing.T) {
	t.Parallel()
	var s Score
	if s.Bias() != 0 || s.MeanSquared() != 0 {
		t.Error("nothing scored, and an error")
	}
	s.Add(30*time.Second, 20*time.Second)
	s.Add(10*time.Second, 40*time.Second)
	if s.N != 2 || s.Bias() != -10*time.Second || s.MeanSquared() != 500 {
		t.Errorf("%+v: bias %v, mean squared error %v", s, s.Bias(), s.MeanSquared())
	}
	text, err := json.Marshal(s)
	if err != nil || string(text) != `{"n":2,"error":-20,"squared":1000}` {
		t.Errorf("%s, %v", text, err)
	}
}

func BenchmarkEstimate(b *testing.B) {
	var r Rates
	for _, p := range []int{1, 100, 100_000} {
		b.Run(fmt.Sprint("position=", p), func(b *testing.B) {
			for b.Loop() {
				r.Estimate(p, 10)
			}
		})
	}
}
