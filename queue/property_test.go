package queue

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/strategy"
)

// TestB110_RangesAndDefaults writes the numbers of the behaviour rules down a
// second time.
func TestB110_RangesAndDefaults(t *testing.T) {
	t.Parallel()
	const most = 1<<31 - 1
	for _, tc := range []struct {
		name     string
		min, max int64
		standard int64
	}{
		{"ring_time", 1, 65535, 20},
		{"max_callers", 0, most, 0},
		{"max_waiting_time", 15, 65535, 300},
		{"inform_position_interval", 10, 1800, 10},
		{"sla_time", 0, 65536, 0},
		{"callback_timeout", 0, most, 600},
		{"sticky_routing_duration", 1, 365, 30},
		{"wrap_up_time", 0, 3600, 0},
		{"play_periodic_music_interval", 10, 1800, 60},
		{"skill_wait", 0, 3600, 0},
		{"ring_limit", 0, most, 0},
		{"retry_interval", 1, 3600, 5},
		{"reject_delay", 0, 3600, 10},
		{"busy_delay", 1, 3600, 10},
		{"unreachable_delay", 1, 3600, 10},
		{"no_answer_delay", 0, 3600, 2},
		{"max_no_answer", 0, most, 0},
		{"offline_grace", 0, 3600, 30},
		{"alert_time", 0, 60, 0},
		{"connect_time", 1, 60, 10},
		{"intro_limit", 1, 600, 60},
		{"talk_lease", 0, 86400, 0},
		{"priority", 0, 100, 0},
		{"join_credit", 0, 3600, 0},
		{"sticky_wait", 0, 120, 0},
		{"resume_window", 0, 3600, 0},
		{"callback_max_attempts", 1, 10, 1},
		{"callback_retry_interval", 60, 86400, 300},
		{"callback_ring_time", 5, 120, 30},
		{"callback_delay", 0, 600, 5},
		{"callback_expires", 0, 604800, 86400},
	} {
		p := named(t, tc.name)
		assert.Equal(t, tc.min, p.Min, tc.name)
		assert.Equal(t, tc.max, p.Max, tc.name)
		assert.Equal(t, strconv.FormatInt(tc.standard, 10), p.Default, tc.name)
	}
	c := Defaults()
	assert.True(t, c.AutoReady && c.NotReadyAfterOtherCall && c.EnableStickyRouting)
	assert.False(t, c.EnableCallback || c.EnableNightMode || c.EnableWrapUp || c.EnableExitForwardRule || c.PlayPeriodicMusic ||
		c.WaitWhenNoAgentsOnline || c.EnablePAID || c.EnablePRID || c.ExtensionNumberAsToHeader)
	assert.Equal(t, strategy.RingSimultaneously.Name, c.PollingStrategy)
	assert.Equal(t, "en-US", c.Language)
	assert.Equal(t, 20*time.Second, c.RingTime)
	assert.Equal(t, 30*24*time.Hour, c.StickyRoutingDuration)
	assert.Nil(t, c.NightModeForwardRule)
	assert.Empty(t, c.OutboundCallerIDs)
}

// TestB110_EveryNumberKeepsItsRange tries the edges of every row of the table.
func TestB110_EveryNumberKeepsItsRange(t *testing.T) {
	t.Parallel()
	for _, p := range Properties() {
		var unit string
		switch p.Kind {
		case KindInteger:
		case KindSeconds:
			unit = " s"
		case KindDays:
			unit = " days"
		default:
			continue
		}
		bounds := strconv.FormatInt(p.Min, 10) + ".." + strconv.FormatInt(p.Max, 10) + unit
		require.Equal(t, bounds, p.Range, p.Name)
		for n, ok := range map[int64]bool{p.Min - 1: false, p.Min: true, p.Max: true, p.Max + 1: false} {
			text := strconv.FormatInt(n, 10)
			set, decoded := valid(), valid()
			err := set.Set(p.Name, text)
			if err == nil {
				err = set.Validate()
			}
			fromJSON := decoded.UnmarshalJSON([]byte(`{"` + p.Name + `":` + text + `}`))
			if fromJSON == nil {
				fromJSON = decoded.Validate()
			}
			if ok {
				require.NoError(t, err)
				require.NoError(t, fromJSON)
				require.True(t, set.Equal(decoded))
				continue
			}
			want := p.Name + " " + text + ": must be " + p.Range
			require.EqualError(t, err, want)
			require.EqualError(t, fromJSON, want)
		}
	}
}

func TestB110_EveryTextKeepsItsLength(t *testing.T) {
	t.Parallel()
	for _, p := range Properties() {
		if p.Kind != KindText || p.Name == "language" {
			continue
		}
		for n, ok := range map[int64]bool{p.Min - 1: false, p.Min: true, p.Max: true, p.Max + 1: false} {
			if n < 0 {
				continue
			}
			c := valid()
			require.NoError(t, c.Set(p.Name, strings.Repeat("1", int(n))))
			if ok {
				require.NoError(t, c.Validate(), "%s of %d", p.Name, n)
			} else {
				require.Equal(t, p.Range, refused(t, c.Validate()).Range, "%s of %d", p.Name, n)
			}
		}
	}
}

func TestB110_EveryChoiceTakesItsWordsOnly(t *testing.T) {
	t.Parallel()
	for _, p := range Properties() {
		if p.Kind != KindChoice {
			continue
		}
		require.NotEmpty(t, p.Choices, p.Name)
		for _, word := range p.Choices {
			c := valid()
			require.NoError(t, c.Set(p.Name, word))
			require.NoError(t, c.Validate())
		}
		for _, word := range []string{"", "MOON", strings.ToLower(p.Choices[0]), p.Choices[0] + " "} {
			c := valid()
			err := c.Set(p.Name, word)
			if err == nil {
				err = c.Validate()
			}
			require.Equal(t, p.Name, refused(t, err).Name)
		}
	}
}

func TestProperties_DescribeTheWholeTable(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, p := range Properties() {
		assert.False(t, seen[p.Name], "%s is there twice", p.Name)
		seen[p.Name] = true
		assert.NotEmpty(t, p.Range, p.Name)
		assert.True(t, strings.HasSuffix(p.Doc, "."), p.Name)
		var c Config
		if p.Default != "" {
			require.NoError(t, c.Set(p.Name, p.Default), p.Name)
		}
	}
	Properties()[0].Name = "changed"
	assert.Equal(t, "name", Properties()[0].Name)
	required := slices.DeleteFunc(Properties(), func(p Property) bool {
		return p.Kind != KindText || p.Min == 0 || p.Default != ""
	})
	require.Len(t, required, 2)
	assert.Equal(t, "name", required[0].Name)
	assert.Equal(t, "extension_number", required[1].Name)
}

// TestContract holds the table against the queue API, where that is at hand.
func TestContract_EveryPropertyOfTheQueueAPI(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../shared/contract/queue-api.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the contract is not here")
	}
	require.NoError(t, err)
	type schema struct {
		Type      string `json:"type"`
		Default   any    `json:"default"`
		Enum      []string
		Minimum   *int64
		Maximum   *int64
		MinLength *int64
		MaxLength *int64
	}
	var contract struct {
		Paths map[string]struct {
			Post struct {
				Request map[string]struct{ Properties map[string]schema }
			}
		}
	}
	require.NoError(t, json.Unmarshal(data, &contract))
	properties := contract.Paths["/call_queues"].Post.Request["application/json"].Properties
	require.Len(t, properties, 28)
	types := map[Kind]string{
		KindText: "string", KindChoice: "string", KindInteger: "integer", KindSeconds: "integer", KindDays: "integer",
		KindBoolean: "boolean", KindForwardRule: "object", KindCallerIDs: "array",
	}
	for name, want := range properties {
		p := named(t, name)
		assert.Equal(t, want.Type, types[p.Kind], name)
		if want.Minimum != nil {
			assert.Equal(t, *want.Minimum, p.Min, name)
		}
		if want.Maximum != nil {
			assert.Equal(t, *want.Maximum, p.Max, name)
		} else if want.Type == "integer" {
			assert.EqualValues(t, 1<<31-1, p.Max, name)
		}
		if want.MinLength != nil {
			assert.Equal(t, *want.MinLength, p.Min, name)
			assert.Equal(t, *want.MaxLength, p.Max, name)
		}
		if want.Default != nil {
			text, err := json.Marshal(want.Default)
			require.NoError(t, err)
			assert.Equal(t, strings.Trim(string(text), `"`), p.Default, name)
		}
		if want.Enum != nil {
			assert.ElementsMatch(t, want.Enum, p.Choices, name)
		}
	}
	for _, p := range Properties()[:len(properties)] {
		assert.Contains(t, properties, p.Name, "those of the API come first")
	}
}

func named(t *testing.T, name string) Property {
	t.Helper()
	for _, p := range Properties() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no property %s", name)
	return Property{}
}
