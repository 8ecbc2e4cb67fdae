package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small is a configuration of a second of work at most.
const small = `{"seed": 3, "replications": 3, "horizon": 3600, "warmup": 600,
 "queues": [
  {"name": "a", "properties": {"sla_time": 20}, "arrivals": {"per_hour": [60, 30], "period": 1800}, "service": {"dist": "exponential", "mean": 120}},
  {"name": "b", "arrivals": {"per_hour": 20}, "service": {"dist": "constant", "mean": 60}, "patience": {"dist": "exponential", "mean": 30}}],
 "agents": [{"name": "g", "count": 3, "queues": [{"queue": "a"}, {"queue": "b"}]}]}`

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestTheExampleRunsAsItIs(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	shares := 0
	require.NoError(t, run(context.Background(), []string{"day.json"}, &out, func(share float64) {
		shares++
		assert.True(t, share > 0 && share <= 1)
	}))
	assert.Positive(t, shares)
	for _, words := range []string{"support", "sales", "total", "generalists", "sellers", "calls/s", "20 replications"} {
		assert.Contains(t, out.String(), words)
	}
}

func TestJSONHasTheKeysOfTheFormat(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-json", write(t, small)}, &out, nil))
	var got map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	assert.Len(t, got, 4)
	var queues []map[string]any
	require.NoError(t, json.Unmarshal(got["queues"], &queues))
	require.Len(t, queues, 2)
	for i, name := range []string{"a", "b"} {
		assert.Equal(t, name, queues[i]["name"])
		assert.Len(t, queues[i], 17)
		for _, key := range []string{"arrived", "served", "abandoned", "timed_out", "refused", "p_wait", "wait", "wait_all", "wait_abandoned", "line", "offers", "sticky_hits"} {
			number, ok := queues[i][key].(map[string]any)
			require.True(t, ok, key)
			assert.Contains(t, number, "mean", key)
			assert.Contains(t, number, "half_width", key)
		}
	}
	for _, key := range []string{"abandoned_after_sla", "answered_in_sla", "service_level"} {
		assert.NotNil(t, queues[0][key], key)
		assert.Contains(t, queues[1], key)
		assert.Nil(t, queues[1][key], key)
	}
	assert.Len(t, queues[0]["by_period"], 2)
	assert.Len(t, queues[1]["by_period"], 1)
	var agents []struct {
		Name      string
		Occupancy map[string]float64
		Served    map[string]map[string]float64
	}
	require.NoError(t, json.Unmarshal(got["agents"], &agents))
	assert.Equal(t, "g", agents[0].Name)
	assert.Len(t, agents[0].Served, 3)
	var engine map[string]float64
	require.NoError(t, json.Unmarshal(got["engine"], &engine))
	assert.Positive(t, engine["events"])
	assert.Contains(t, engine, "wall_seconds")
	assert.Contains(t, engine, "calls_per_second")
}

func TestStrategiesSideBySide(t *testing.T) {
	t.Parallel()
	file, html := write(t, small), filepath.Join(t.TempDir(), "out.html")
	var table, compared, one bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"-strategy", "all", "-html", html, file}, &table, nil))
	assert.Contains(t, table.String(), "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT")
	page, err := os.ReadFile(html)
	require.NoError(t, err)
	assert.Contains(t, string(page), "<svg")
	assert.Contains(t, string(page), "Occupancy of each agent")

	require.NoError(t, run(context.Background(), []string{"-strategy", "CYCLIC_HUNT,PRIORITIZED_HUNT", "-json", file}, &compared, nil))
	var both struct {
		Strategies []struct {
			Strategy string
			Total    struct{ Arrived struct{ Mean float64 } }
		}
	}
	require.NoError(t, json.Unmarshal(compared.Bytes(), &both))
	require.Len(t, both.Strategies, 2)
	assert.Equal(t, both.Strategies[0].Total, both.Strategies[1].Total, "the same calls")

	require.NoError(t, run(context.Background(), []string{"-strategy", "CYCLIC_HUNT", "-json", "-html", html, file}, &one, nil))
	var single struct{ Strategy string }
	require.NoError(t, json.Unmarshal(one.Bytes(), &single))
	assert.Equal(t, "CYCLIC_HUNT", single.Strategy)
}

func TestBadInputIsAClearError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for says, args := range map[string][]string{
		"CONFIG.json is missing":               nil,
		"no such file":                         {filepath.Join(dir, "absent")},
		"config.json:1: not JSON":              {write(t, "Once upon a time")},
		"config.json:2: horizonn unknown":      {write(t, "{\n\"horizonn\": 3}")},
		"ROULETTE":                             {"-strategy", "ROULETTE", write(t, small)},
		`unexpected argument "extra"`:          {write(t, small), "extra"},
		"is a directory":                       {"-html", dir, write(t, small)},
		"flag provided but not defined: -seed": {"-seed", "3", write(t, small)},
		"context canceled":                     {write(t, small)},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		if says == "context canceled" {
			cancel()
		}
		var out bytes.Buffer
		err := run(ctx, args, &out, nil)
		cancel()
		require.Error(t, err, says)
		assert.ErrorContains(t, err, says)
	}
}

func TestNoBarWhereThereIsNoTerminal(t *testing.T) {
	t.Parallel()
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer f.Close()
	assert.Nil(t, progress(f))
}
