package sim

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// example is the configuration of the documentation.
const example = `{ "seed": 1, "replications": 100, "horizon": 36000, "warmup": 0, "drain": true,
  "busyness": {"dist": "gamma", "shape": 28.7, "mean": 1},
  "queues": [ {"name": "support", "properties": {"polling_strategy": "CYCLIC_HUNT", "ring_time": 20},
     "arrivals": {"per_hour": [252, 318, 192], "period": 7200},
     "service":  {"dist": "exponential", "mean": [120, 100, 150], "period": 7200},
     "patience": {"dist": "exponential", "mean": 300} } ],
  "agents": [ {"name": "A", "count": [12, 18, 9], "period": 7200,
     "queues": [{"queue": "support", "skill_level": 1}],
     "answer": {"dist": "constant", "mean": 0}, "no_answer": 0 } ] }`

func TestParseTheExample(t *testing.T) {
	t.Parallel()
	c, err := Parse("example.json", []byte(example))
	require.NoError(t, err)
	assert.Equal(t, uint64(1), c.Seed)
	assert.Equal(t, 100, c.Replications)
	assert.Equal(t, 10*time.Hour, c.Horizon)
	assert.True(t, c.Drain)
	assert.Equal(t, Dist{Law: Gamma, Shape: 28.7, Mean: Steps{Values: []float64{1}}}, *c.Busyness)
	q := c.Queues[0]
	assert.Equal(t, "CYCLIC_HUNT", q.Properties.PollingStrategy)
	assert.Equal(t, 300*time.Second, q.Properties.MaxWaitingTime, "a default")
	assert.Equal(t, Steps{[]float64{252, 318, 192}, 2 * time.Hour}, q.Arrivals.PerHour)
	assert.Equal(t, Dist{Law: Exponential, Mean: Steps{[]float64{120, 100, 150}, 2 * time.Hour}}, q.Service)
	g := c.Agents[0]
	assert.Equal(t, Steps{[]float64{12, 18, 9}, 2 * time.Hour}, g.Count)
	assert.Equal(t, []Place{{"support", 1}}, g.Queues)
	require.NoError(t, c.Validate())
	assert.Equal(t, "8000", c.numbered()[0].Properties.Number)
	assert.Equal(t, "1000000", c.extensions()[0][0])
	assert.Equal(t, "1000017", c.extensions()[0][17])
}

func TestParseDefaults(t *testing.T) {
	t.Parallel()
	c, err := Parse("", []byte(`{"horizon": 0.5, "queues": [{"name": "q", "arrivals": {"per_hour": 1, "callers": 7}, "service": {"dist": "empirical", "values": [1, 2.5]}}],
		"agents": [{"name": "g", "extension_number": "0998", "count": 3, "queues": [{"queue": "q"}]}]}`))
	require.NoError(t, err)
	assert.Equal(t, Config{Seed: 1, Replications: 1, Horizon: time.Second / 2, Queues: c.Queues, Agents: c.Agents}, *c)
	assert.Nil(t, c.Queues[0].Patience)
	assert.Equal(t, 7, c.Queues[0].Arrivals.Callers)
	assert.Equal(t, Group{Name: "g", Number: "0998", Count: Steps{Values: []float64{3}}, Queues: []Place{{"q", 1}}, Answer: constant(0)}, c.Agents[0])
	assert.Equal(t, [][]string{{"0998", "0999", "1000"}}, c.extensions())
}

// change replaces a part of the example.
func change(t *testing.T, old, with string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(example, old), old)
	return strings.Replace(example, old, with, 1)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, with, says string }{
		{`"seed": 1`, `"seed": -1`, `1: seed -1: must be a whole number, 0..18446744073709551615`},
		{`"seed": 1`, `"sead": 1`, `1: sead unknown: must be one of seed, replications, horizon`},
		{`"seed": 1`, `"seed": 1, "seed": 2`, `1: seed 2: must be given once`},
		{`"replications": 100`, `"replications": 0`, `1: replications 0: must be 1..100000`},
		{`"replications": 100`, `"replications": 1.5`, `1: replications 1.5: must be a whole number`},
		{`"horizon": 36000`, `"horizon": 0`, `1: horizon 0: must be more than 0, at most 1e9 s`},
		{`"horizon": 36000, `, ``, `1: horizon missing: must be more than 0, at most 1e9 s`},
		{`"horizon": 36000`, `"horizon": "10h"`, `1: horizon "10h": must be more than 0, at most 1e9 s`},
		{`"warmup": 0`, `"warmup": 36000`, `1: warmup 36000: must be at least 0 and less than the horizon, 36000 s`},
		{`"drain": true`, `"drain": 1`, `1: drain 1: must be true or false`},
		{`"shape": 28.7, `, ``, `2: busyness.shape missing: must be a number`},
		{`"shape": 28.7`, `"shape": 0`, `2: busyness.shape 0: must be more than 0`},
		{`28.7, "mean": 1`, `28.7, "mean": [1, 2], "period": 3600`, `2: busyness.mean [1 2]: must be one number`},
		{`"dist": "gamma"`, `"dist": "uniform"`, `2: busyness.dist "uniform": must be one of constant, exponential, gamma, lognormal, empirical`},
		{`"dist": "gamma", `, ``, `2: busyness.dist missing: must be one of`},
		{`"dist": "gamma"`, `"dist": "exponential"`, `2: busyness.shape 28.7: must be absent with dist exponential`},
		{`"name": "support"`, `"name": ""`, `3: queues[0].name missing: must be 1..64 characters`},
		{`"name": "support"`, `"name": 5`, `3: queues[0].name 5: must be a text`},
		{`"CYCLIC_HUNT"`, `"ROULETTE"`, `3: queues[0].properties.polling_strategy ROULETTE: must be one of RING_SIMULTANEOUSLY`},
		{`"ring_time": 20`, `"ring_time": 0`, `3: queues[0].properties.ring_time 0: must be 1..65535 s`},
		{`"ring_time": 20`, `"ring_tim": 20`, `3: queues[0].properties.ring_tim unknown: must be a property of a queue`},
		{`"ring_time": 20`, `"ring_time": "long"`, `3: queues[0].properties.ring_time "long": must be 1..65535 s`},
		{`[252, 318, 192]`, `[252, -318, 192]`, `4: queues[0].arrivals.per_hour -318: must be 0..1e+07 calls`},
		{`[252, 318, 192], "period": 7200`, `[252, 318, 192]`, `4: queues[0].arrivals.period missing: must be the seconds for which each value of per_hour holds`},
		{`[252, 318, 192], "period": 7200`, `[252, 318, 192], "period": 0.1`, `4: queues[0].arrivals.period 0.1: must be at least 0.36 s`},
		{`"replications": 100, "horizon": 36000`, `"replications": 100000, "horizon": 3600000`, `4: queues[0].arrivals.period 7200: must be longer`},
		{`[252, 318, 192]`, `"many"`, `4: queues[0].arrivals.per_hour "many": must be a number or a list of numbers`},
		{`[252, 318, 192]`, `[]`, `4: queues[0].arrivals.per_hour missing: must be a number or a list of them`},
		{`"per_hour": [252, 318, 192]`, `"callers": 1e8, "per_hour": 3`, `4: queues[0].arrivals.callers 1e+08: must be 0..1e+07`},
		{`[120, 100, 150]`, `[120, 100, 1e10]`, `5: queues[0].service.mean 1e+10: must be 0..1e+09 s`},
		{`"service":  {"dist": "exponential", "mean": [120, 100, 150], "period": 7200},`, ``, `3: queues[0].service missing: must be a distribution`},
		{`{"dist": "exponential", "mean": 300}`, `{"dist": "lognormal", "mean": 0, "sd": 3}`, `6: queues[0].patience.mean 0: must be more than 0 for lognormal`},
		{`{"dist": "exponential", "mean": 300}`, `{"dist": "lognormal", "mean": 1, "sd": -3}`, `6: queues[0].patience.sd -3: must be 0..1e+09 s`},
		{`{"dist": "exponential", "mean": 300}`, `{"dist": "empirical", "values": []}`, `6: queues[0].patience.values missing: must be a list of numbers`},
		{`{"dist": "exponential", "mean": 300}`, `{"dist": "empirical", "values": [3], "mean": 3}`, `6: queues[0].patience.mean 3: must be absent with dist empirical`},
		{`{"dist": "exponential", "mean": 300}`, `300`, `6: queues[0].patience 300: must be an object`},
		{`"count": [12, 18, 9]`, `"count": [12, 18.5, 9]`, `7: agents[0].count 18.5: must be a whole number`},
		{`"count": [12, 18, 9]`, `"count": 1e9, "extension_number": "1"`, `7: agents[0].count 1e+09: must be 0..1e+06 agents`},
		{`"count": [12, 18, 9]`, `"count": 3, "extension_number": "12a"`, `7: agents[0].extension_number "12a": must be 1..18 digits`},
		{`"queue": "support"`, `"queue": "sales"`, `8: agents[0].queues[0].queue "sales": must be the name of a queue, given once`},
		{`[{"queue": "support", "skill_level": 1}]`, `[]`, `8: agents[0].queues missing: must be a list of at least one queue`},
		{`[{"queue": "support", "skill_level": 1}]`, `["support"]`, `8: agents[0].queues[0] "support": must be an object`},
		{`"skill_level": 1`, `"skill_level": 101`, `8: agents[0].queues[0].skill_level 101: must be 1..100`},
		{`"no_answer": 0`, `"no_answer": 1.01`, `9: agents[0].no_answer 1.01: must be 0..1`},
		{`"no_answer": 0`, `"no_answer": 0 } ,{"name": "A", "count": 1, "queues": [{"queue":"support"}]`, `9: agents[1].name "A": must be unique`},
	} {
		_, err := Parse("c.json", []byte(change(t, c.old, c.with)))
		require.ErrorIs(t, err, agent.ErrInvalid, c.with)
		assert.ErrorContains(t, err, c.says, c.with)
		if !strings.Contains(c.says, "].name") { // nobody can name a queue without a name
			assert.Equal(t, 1, strings.Count(err.Error(), "c.json:"), "one problem, named once: %v", err)
		}
		var one *ConfigError
		assert.ErrorAs(t, err, &one)
	}
}

func TestParseNamesAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Parse("c.json", []byte(`{"horizon": -1,
"queues": [{"nam": "q",
  "arrivals": {"per_hour": "x"}, "service": {"dist": "constant", "mean": -1}}],
"agents": [{"name": "g", "count": 2,
  "queues": [{"queue": "p"}], "answer": {"dist": "constant", "mean": "soon"}, "no_answer": 2}]}`))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	assert.Len(t, lines, 8, "%v", err)
	for i, line := range lines {
		assert.True(t, strings.HasPrefix(line, "c.json:"), line)
		assert.GreaterOrEqual(t, line[7], lines[max(i-1, 0)][7], "in the order of the file")
	}
}

func TestParseRefusesWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                       "c.json:1: not JSON",
		"{\n\n\"seed\": 1,\n}":   "c.json:4: not JSON",
		"{\n\"seed\": \"\xff\"}": "c.json:2: not valid UTF-8",
		"{} {}":                  "c.json:1: not JSON",
		"[]":                     "c.json:1: the configuration []: must be an object",
		strings.Repeat("[", 20) + strings.Repeat("]", 20): "c.json:1: nested more than 16 deep",
	} {
		_, err := Parse("c.json", []byte(text))
		require.ErrorIs(t, err, agent.ErrInvalid, text)
		assert.ErrorContains(t, err, says, text)
	}
}

func TestExtensionNumbersAreGivenAround(t *testing.T) {
	t.Parallel()
	c := day()
	c.Queues[0].Properties.Number = "8001"
	for i := range 3 {
		q := c.Queues[0]
		q.Name, q.Properties.Number = fmt.Sprint("q", i), ""
		c.Queues = append(c.Queues, q)
	}
	var numbers []string
	for _, q := range c.numbered() {
		numbers = append(numbers, q.Properties.Number)
	}
	assert.Equal(t, []string{"8001", "8000", "8002", "8003"}, numbers)

	c.Agents[0].Count.Values[0] = 2
	g := c.Agents[0]
	g.Name, g.Number = "taken", "1000001"
	c.Agents = append(c.Agents, g)
	require.NoError(t, c.Validate())
	assert.Equal(t, [][]string{{"1000000", "1000003"}, {"1000001", "1000002"}}, c.extensions())

	g.Name, g.Number = "again", "1000002"
	c.Agents = append(c.Agents, g)
	assert.ErrorContains(t, c.Validate(), `agents[2].extension_number "1000002": must be free for each agent of the group, 1000002 is not`)
}

func TestValidateKnowsStrategiesOfTheHost(t *testing.T) {
	t.Parallel()
	c := day().With("MINE")
	require.Error(t, c.Validate())
	require.NoError(t, c.Validate(strategy.Strategy{Name: "MINE"}))
	assert.Equal(t, "CYCLIC_HUNT", day().Queues[0].Properties.PollingStrategy)
	assert.Equal(t, "Law(9)", Law(9).String())
	c.Queues[0].Service.Law = 9
	assert.ErrorContains(t, c.Validate(strategy.Strategy{Name: "MINE"}), "queues[0].service.dist Law(9): must be one of")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte(`{"horizon": 1, "queues": [{"name": "q", "service": {"dist": "lognormal", "mean": 1, "sd": 0}, "arrivals": {"per_hour": 1}}]}`))
	f.Add([]byte(`{"agents": [{"queues": [{}], "count": -1, "answer": {"dist": null}}], "busyness": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("f", data)
		if err == nil {
			require.NoError(t, c.Validate())
			return
		}
		require.ErrorIs(t, err, agent.ErrInvalid)
		var one *ConfigError
		if errors.As(err, &one) {
			assert.Positive(t, one.Line, "%v", one)
		}
	})
}
