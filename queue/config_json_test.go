package queue

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
)

// other returns a valid Config in which nothing has its default.
func other(t *testing.T) Config {
	t.Helper()
	c := valid()
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range Properties() {
		text := p.Default
		for text == p.Default {
			switch p.Kind {
			case KindInteger, KindSeconds, KindDays:
				text = json.Number(jsonOf(t, p.Min+r.Int64N(p.Max-p.Min+1))).String()
			case KindBoolean:
				text = map[string]string{"true": "false", "false": "true"}[p.Default]
			case KindChoice:
				text = p.Choices[len(p.Choices)-1]
			case KindForwardRule:
				text = "FORWARD_TO_VOICEMAIL:101"
			case KindCallerIDs:
				text = "trunk:4930123,other:4930124"
			case KindText:
				text = "4711"
				if p.Name == "language" {
					text = "de-DE"
				}
			}
		}
		require.NoError(t, c.Set(p.Name, text))
	}
	require.NoError(t, c.Validate())
	c.OutboundCallerIDs[1].Description = "for <the> others"
	return c
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

func TestConfigJSON_RoundTrip(t *testing.T) {
	t.Parallel()
	for _, c := range []Config{Defaults(), valid(), other(t)} {
		var read Config
		require.NoError(t, json.Unmarshal([]byte(jsonOf(t, c)), &read))
		assert.True(t, c.Equal(read))
		assert.Equal(t, jsonOf(t, c), jsonOf(t, read))
	}
}

// TestConfigJSON_EveryFieldHasAProperty finds fields that the table forgot: in
// a Config without defaults no field is zero.
func TestConfigJSON_EveryFieldHasAProperty(t *testing.T) {
	t.Parallel()
	c, standard := reflect.ValueOf(other(t)), reflect.ValueOf(Defaults())
	fields := 0
	for _, f := range reflect.VisibleFields(c.Type()) {
		if f.Anonymous {
			continue
		}
		fields++
		changed := !reflect.DeepEqual(c.FieldByIndex(f.Index).Interface(), standard.FieldByIndex(f.Index).Interface())
		assert.True(t, changed, "%s is no property", f.Name)
	}
	assert.Len(t, Properties(), fields)
}

func TestConfigJSON_HasEveryPropertyUnderItsNameInOrder(t *testing.T) {
	t.Parallel()
	pairs, err := pairsOf([]byte(jsonOf(t, valid())))
	require.NoError(t, err)
	require.Len(t, pairs, len(Properties()))
	got := make(map[string]string)
	for i, p := range Properties() {
		assert.Equal(t, p.Name, pairs[i].name)
		got[p.Name] = string(pairs[i].raw)
	}
	assert.Equal(t, `"Support"`, got["name"])
	assert.Equal(t, `"8000"`, got["extension_number"])
	assert.Equal(t, `20`, got["ring_time"])
	assert.Equal(t, `30`, got["sticky_routing_duration"])
	assert.Equal(t, `true`, got["agent_auto_ready"])
	assert.Equal(t, `"DISABLE"`, got["intro_type"])
	assert.Equal(t, `"AGENT"`, got["wrap_up_scope"])
	assert.JSONEq(t, `{"action":"HANGUP"}`, got["no_answer_forward_rule"])
	assert.Equal(t, `null`, got["night_mode_forward_rule"])
	assert.Equal(t, `[]`, got["outbound_caller_ids"])
}

func TestConfigJSON_AbsentPropertiesKeepTheirValues(t *testing.T) {
	t.Parallel()
	c := other(t)
	want := c.Clone()
	want.RingTime, want.NightModeForwardRule, want.NoAnswerForwardRule, want.OutboundCallerIDs = 7e9, nil, ForwardRule{}, nil
	require.NoError(t, json.Unmarshal([]byte(` { "ring_time" : 7 , "night_mode_forward_rule" : null,
		"no_answer_forward_rule":null, "outbound_caller_ids":null } `), &c))
	assert.True(t, want.Equal(c))
	require.NoError(t, json.Unmarshal([]byte(`{}`), &c))
	require.NoError(t, json.Unmarshal([]byte(`null`), &c))
	assert.True(t, want.Equal(c))

	fresh := Defaults()
	require.NoError(t, json.Unmarshal([]byte(`{"name":"Support","extension_number":"8000","polling_strategy":"CYCLIC_HUNT"}`), &fresh))
	require.NoError(t, fresh.Validate())
}

func TestB110_JSONIsRefusedWholeWithEveryProblem(t *testing.T) {
	t.Parallel()
	c := valid()
	err := json.Unmarshal([]byte(`{"ring_tme": 20, "ring_time": "20", "max_callers": -1, "priority": 1, "priority": 2,
		"intro_type": "LOUD", "enable_paid": 1, "sla_time": 1.5, "language": null, "no_answer_forward_rule": {"number": "1"},
		"outbound_caller_ids": [null], "sticky_routing_duration": 0, "connect_time": 60}`), &c)
	require.ErrorIs(t, err, agent.ErrInvalid)
	got := strings.Split(err.Error(), "\n")
	for i, want := range []string{
		`ring_tme 20: no such property`,
		`ring_time "20": must be 1..65535 s`,
		`priority 2: must be given once`,
		`intro_type "LOUD": must be one of DISABLE, NORMAL, FULL`,
		`enable_paid 1: must be true or false`,
		`sla_time 1.5: must be 0..65536 s`,
		`language null: must be a BCP 47 tag`,
		`no_answer_forward_rule {"number": "1"}: must be HANGUP, or `,
		`outbound_caller_ids [null]: must be a list of `,
		`max_callers -1: must be 0..2147483647`,
		`sticky_routing_duration 0: must be 1..365 days`,
	} {
		require.Less(t, i, len(got))
		assert.True(t, strings.HasPrefix(got[i], want), got[i])
	}
	assert.Len(t, got, 11)
	assert.True(t, c.Equal(valid()), "nothing is applied")
}

func TestB110_WhatIsNoObjectIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", " ", "1", `"x"`, "[]", "{", `{"name"`, `{"name":`, `{"name":1`, `{}{}`, `{}x`, `{"a":1,}`, "{\"name\":\"\xff\"}"} {
		c := valid()
		require.ErrorIs(t, c.UnmarshalJSON([]byte(bad)), agent.ErrInvalid, "%q", bad)
		assert.True(t, c.Equal(valid()))
	}
}

func TestB110_WhatHasNoJSONIsRefusedByName(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Config){
		"ring_time 1.5s: must be 1..65535 s":                                   func(c *Config) { c.RingTime = 1500 * time.Millisecond },
		"sticky_routing_duration 1h0m0s: must be 1..365 days":                  func(c *Config) { c.StickyRoutingDuration = time.Hour },
		"connect 7: must be one of AUTO, MANUAL":                               func(c *Config) { c.Connect = 7 },
		"wrap_up_scope 7: must be one of AGENT, QUEUE":                         func(c *Config) { c.WrapUpScope = 7 },
		"exit_forward_rule ForwardAction(7): must be HANGUP, or FORWARD_TO_":   func(c *Config) { c.ExitForwardRule.Action = 7 },
		"night_mode_forward_rule ForwardAction(7): must be HANGUP, or FORWARD": func(c *Config) { c.NightModeForwardRule = &ForwardRule{Action: 7} },
	} {
		c := valid()
		change(&c)
		_, err := c.MarshalJSON()
		assert.True(t, strings.HasPrefix(refused(t, err).Error(), want), err)
	}
}

func TestB110_OutboundCallerIDsAreStrict(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`{}`, `"1"`, `[1]`, `[{"caller":"1"}]`, `[{"caller_id":1}]`, `[{"caller_id":"1"},null]`} {
		c := valid()
		require.Error(t, c.UnmarshalJSON([]byte(`{"outbound_caller_ids":`+bad+`}`)), bad)
	}
}

func FuzzConfigJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{"name":"Support","extension_number":"8000","polling_strategy":"CYCLIC_HUNT"}`,
		`{"name":"x","extension_number":"123","language":"zh-Hant-TW-u-co-stroke","ring_time":65535,"max_callers":2147483647}`,
		`{"name":"x","extension_number":"123","night_mode_forward_rule":{"action":"HANGUP","number":"1"},"exit_forward_rule":{"action":"FORWARD_TO_NUMBER","number":"9"}}`,
		`{"name":"\u00fc\ud800","extension_number":"123","outbound_caller_ids":[{"provider_id":"p","caller_id":"1","description":"<&>\u2028"}]}`,
		`{"name":"x","extension_number":"123","sticky_routing_duration":365,"connect":"MANUAL","wrap_up_scope":"QUEUE","name":"y"}`,
		`{"ring_time":1e3,"sla_time":-0,"language":"a-DE","no_answer_forward_rule":null}`,
		"{\"name\":\"\xff\"}",
		`[{"name":1}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := Defaults()
		if err := c.UnmarshalJSON(data); err != nil {
			require.ErrorIs(t, err, agent.ErrInvalid)
			require.True(t, c.Equal(Defaults()))
			return
		}
		if err := c.Validate(); err != nil {
			require.ErrorIs(t, err, agent.ErrInvalid)
			var named *PropertyError
			require.ErrorAs(t, err, &named)
			require.NotEmpty(t, named.Name)
			require.NotEmpty(t, named.Range)
			return
		}
		c.Warnings()
		var read Config
		require.NoError(t, json.Unmarshal([]byte(jsonOf(t, c)), &read))
		require.True(t, c.Equal(read))
	})
}
