package queue

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
)

func TestB49_AForwardNeedsANumberThatIsNotTheQueuesOwn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rule ForwardRule
		ok   bool
	}{
		{ForwardRule{}, true},
		{ForwardRule{ForwardHangup, "6000"}, true}, // ignored
		{ForwardRule{ForwardHangup, "a\nb"}, false},
		{ForwardRule{ForwardToNumber, "6000"}, true},
		{ForwardRule{ForwardToNumber, "+49 30 123"}, true},
		{ForwardRule{ForwardToNumber, ""}, false},
		{ForwardRule{ForwardToNumber, "8000"}, false},
		{ForwardRule{ForwardToNumber, strings.Repeat("6", 64)}, true},
		{ForwardRule{ForwardToNumber, strings.Repeat("6", 65)}, false},
		{ForwardRule{ForwardToNumber, "6000\r\n"}, false},
		{ForwardRule{ForwardToVoicemail, "101"}, true},
		{ForwardRule{ForwardToVoicemail, ""}, false},
		{ForwardRule{ForwardToVoicemail, "8000"}, false},
		{ForwardRule{ForwardToVoicemail + 1, "101"}, false},
	} {
		for name, set := range map[string]func(*Config){
			"no_answer_forward_rule":  func(c *Config) { c.NoAnswerForwardRule = tc.rule },
			"night_mode_forward_rule": func(c *Config) { c.NightModeForwardRule = &tc.rule },
			"exit_forward_rule":       func(c *Config) { c.ExitForwardRule = tc.rule },
		} {
			c := valid()
			set(&c)
			if tc.ok {
				require.NoError(t, c.Validate(), tc.rule)
				continue
			}
			p := refused(t, c.Validate())
			assert.Equal(t, name, p.Name)
			assert.Contains(t, p.Range, "FORWARD_TO_VOICEMAIL with a number")
		}
	}
}

func TestB49_AnAbsentRuleHangsUpAndNightFallsBack(t *testing.T) {
	t.Parallel()
	c := valid()
	for _, o := range []Outcome{Night, NoAgents, Full, TimedOut, Exited, Withdrawn} {
		assert.Equal(t, ForwardRule{}, c.Forward(o))
	}
	c.NoAnswerForwardRule = ForwardRule{ForwardToNumber, "6000"}
	c.ExitForwardRule = ForwardRule{ForwardToVoicemail, "101"}
	for _, o := range []Outcome{Night, NoAgents, Full, TimedOut, Withdrawn} {
		assert.Equal(t, c.NoAnswerForwardRule, c.Forward(o), o)
	}
	assert.Equal(t, c.ExitForwardRule, c.Forward(Exited))
	c.NightModeForwardRule = new(ForwardRule)
	assert.Equal(t, ForwardRule{}, c.Forward(Night), "a night rule that hangs up is one")
}

func TestForwardRule_Text(t *testing.T) {
	t.Parallel()
	for text, rule := range map[string]ForwardRule{
		"HANGUP":                   {},
		"FORWARD_TO_NUMBER:6000":   {ForwardToNumber, "6000"},
		"FORWARD_TO_NUMBER:sip:a":  {ForwardToNumber, "sip:a"},
		"FORWARD_TO_VOICEMAIL:101": {ForwardToVoicemail, "101"},
		"FORWARD_TO_VOICEMAIL":     {ForwardToVoicemail, ""},
	} {
		assert.Equal(t, text, rule.String())
		var read ForwardRule
		require.True(t, read.parse(text))
		assert.Equal(t, rule, read)
	}
	assert.Equal(t, "ForwardAction(9):1", ForwardRule{9, "1"}.String())
}

func TestForwardRule_JSON(t *testing.T) {
	t.Parallel()
	for text, rule := range map[string]ForwardRule{
		`{"action":"HANGUP"}`:                              {},
		`{"action":"FORWARD_TO_NUMBER","number":"6000"}`:   {ForwardToNumber, "6000"},
		`{"action":"FORWARD_TO_VOICEMAIL","number":"101"}`: {ForwardToVoicemail, "101"},
	} {
		made, err := json.Marshal(rule)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(made))
		var read ForwardRule
		require.NoError(t, json.Unmarshal([]byte(text), &read))
		assert.Equal(t, rule, read)
	}
	for _, bad := range []string{`{}`, `{"number":"6000"}`, `{"action":null}`, `{"action":"LOOP"}`, `{"action":"HANGUP","to":"1"}`, `{"action":"HANGUP","number":1}`, `"HANGUP"`, `[]`} {
		rule := ForwardRule{ForwardToNumber, "6000"}
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &rule), agent.ErrInvalid, bad)
		assert.Equal(t, ForwardRule{ForwardToNumber, "6000"}, rule)
	}
}
