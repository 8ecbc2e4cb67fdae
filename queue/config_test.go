package queue

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// valid returns the defaults with the two properties that have none.
func valid() Config {
	c := Defaults()
	c.Name, c.Number = "Support", "8000"
	return c
}

// refused returns the one PropertyError that err holds.
func refused(t *testing.T, err error) *PropertyError {
	t.Helper()
	require.ErrorIs(t, err, agent.ErrInvalid)
	var p *PropertyError
	require.ErrorAs(t, err, &p)
	require.Equal(t, p.Error(), err.Error(), "one problem only")
	return p
}

func TestB110_DefaultsNeedANameAndANumberOnly(t *testing.T) {
	t.Parallel()
	require.NoError(t, valid().Validate())
	require.EqualError(t, Defaults().Validate(),
		"name \"\": must be 1..64 characters\nextension_number \"\": must be 3..64 digits")
}

func TestB110_AllProblemsAtOnceInTheOrderOfTheTable(t *testing.T) {
	t.Parallel()
	c := valid()
	c.RingTime = 0
	c.Name = ""
	c.CallbackMaxAttempts = 11
	c.PollingStrategy = "NEAREST_MOON"
	c.RejectDelay = -time.Second
	c.WrapUpTime = 1500 * time.Millisecond
	err := c.Validate()
	require.ErrorIs(t, err, agent.ErrInvalid)
	require.Equal(t, []string{
		`name "": must be 1..64 characters`,
		`polling_strategy NEAREST_MOON: must be one of RING_SIMULTANEOUSLY, PRIORITIZED_HUNT, CYCLIC_HUNT, LEAST_WORKED_HUNT, ` +
			`SKILL_BASED_ROUTING_PRIORITIZED_HUNT, SKILL_BASED_ROUTING_CYCLIC_HUNT, SKILL_BASED_ROUTING_LEAST_WORKED_HUNT`,
		`ring_time 0: must be 1..65535 s`,
		`wrap_up_time 1.5s: must be 0..3600 s without a fraction`,
		`reject_delay -1: must be 0..3600 s`,
		`callback_max_attempts 11: must be 1..10`,
	}, strings.Split(err.Error(), "\n"))
	for _, problem := range err.(interface{ Unwrap() []error }).Unwrap() {
		var p *PropertyError
		require.ErrorAs(t, problem, &p)
	}
}

func TestB110_TheZeroConfigIsNotValid(t *testing.T) {
	t.Parallel()
	err := Config{}.Validate()
	for _, want := range []string{"name ", "extension_number ", "polling_strategy ", "ring_time 0", "max_waiting_time 0", "language ", "retry_interval 0"} {
		require.ErrorContains(t, err, want)
	}
}

func TestB111_TextsAreCheckedBeforeTheyAreTaken(t *testing.T) {
	t.Parallel()
	const unclean = "valid UTF-8 without control characters"
	for name, set := range map[string]func(*Config, string){
		"name":                 func(c *Config, s string) { c.Name = s },
		"extension_number":     func(c *Config, s string) { c.Number = s },
		"intro_prompt_file_id": func(c *Config, s string) { c.IntroPromptFileID = s },
		"moh_prompt_file_id":   func(c *Config, s string) { c.MOHPromptFileID = s },
	} {
		for _, bad := range []string{"a\x00b", "line\nbreak", "800\r\n0", "bell\a", "\x7f", "\u0085", "\xff\xfe"} {
			c := valid()
			set(&c, bad)
			p := refused(t, c.Validate())
			assert.Equal(t, name, p.Name)
			assert.Equal(t, unclean, p.Range)
			assert.NotContains(t, p.Error(), bad, "never unescaped into a log line")
		}
	}
	for _, tc := range []struct {
		name string
		text string
		ok   bool
	}{
		{"name", strings.Repeat("ü", 64), true}, // characters are code points
		{"name", strings.Repeat("ü", 65), false},
		{"name", "日本語キュー", true},
		{"extension_number", "80a0", false},
		{"extension_number", "+8000", false},
		{"extension_number", "٨٠٠٠", false}, // digits, but no ASCII
		{"extension_number", "80", false},
		{"intro_prompt_file_id", strings.Repeat("x", 128), true},
		{"intro_prompt_file_id", strings.Repeat("x", 129), false},
		{"moh_prompt_file_id", strings.Repeat("ü", 65), false}, // ids are counted in bytes
		{"callback_outbound_prefix", "+*#0049", true},
		{"callback_outbound_prefix", "00 49", false},
		{"callback_outbound_prefix", strings.Repeat("0", 65), false},
		{"outbound_caller_ids", "trunk:" + strings.Repeat("9", 64), true},
		{"outbound_caller_ids", "trunk:" + strings.Repeat("9", 65), false},
		{"outbound_caller_ids", "trunk:", false},
		{"outbound_caller_ids", strings.Repeat("p", 129) + ":100", false},
		{"outbound_caller_ids", "tr\x01unk:100", false},
	} {
		c := valid()
		require.NoError(t, c.Set(tc.name, tc.text))
		if tc.ok {
			require.NoError(t, c.Validate(), tc)
		} else {
			assert.Equal(t, tc.name, refused(t, c.Validate()).Name)
		}
	}
	c := valid()
	c.OutboundCallerIDs = []OutboundCallerID{{CallerID: "1", Description: strings.Repeat("ü", 1024)}}
	require.NoError(t, c.Validate())
	c.OutboundCallerIDs[0].Description += "!"
	require.Error(t, c.Validate())
}

func TestB111_CallerIDsOfAScript(t *testing.T) {
	t.Parallel()
	c := valid()
	require.NoError(t, c.Set("outbound_caller_ids", "trunk:100,sip:gw:+49 30,:7"))
	assert.Equal(t, []OutboundCallerID{
		{ProviderID: "trunk", CallerID: "100"}, {ProviderID: "sip:gw", CallerID: "+49 30"}, {CallerID: "7"},
	}, c.OutboundCallerIDs)
	for _, text := range []string{"100", "trunk:100,", ",trunk:100", "trunk:1,200"} {
		require.Error(t, c.Set("outbound_caller_ids", text), text)
		assert.Len(t, c.OutboundCallerIDs, 3, text)
	}
	require.NoError(t, c.Set("outbound_caller_ids", ""))
	assert.Empty(t, c.OutboundCallerIDs)
}

func TestB111_ErrorsStayShortWhateverTheValue(t *testing.T) {
	t.Parallel()
	c := valid()
	c.Name = strings.Repeat("x", 1<<20)
	c.OutboundCallerIDs = make([]OutboundCallerID, 1000)
	assert.Less(t, len(c.Validate().Error()), 1000)
	assert.Less(t, len(c.Set("ring_time", c.Name).Error()), 200)
	assert.Less(t, len(c.Set(c.Name, "1").Error()), 200)
}

func TestB110_LanguageIsABCP47Tag(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"en-US", "de", "zh-Hant-TW", "sr-Latn", "pt-BR", "es-419", "de-DE-u-co-phonebk", "x-pirate"} {
		c := valid()
		c.Language = good
		require.NoError(t, c.Validate(), good)
	}
	for _, bad := range []string{"", "e", "en_US", "english please", "en-", "-US", "xx-YY", "en-US\n", "en-US-" + strings.Repeat("abcdefgh-", 100)} {
		c := valid()
		c.Language = bad
		p := refused(t, c.Validate())
		assert.Equal(t, "language", p.Name)
		assert.Equal(t, "a BCP 47 tag", p.Range)
	}
}

func TestB110_NoValueOfAnyFieldPanics(t *testing.T) {
	t.Parallel()
	c := valid()
	c.IntroType, c.InformPosition, c.CallbackMode, c.SkillOrder, c.Connect = 255, 255, 255, 255, 255
	c.WrapUpScope, c.NoAnswerScope = 255, 255
	c.NoAnswerForwardRule.Action, c.ExitForwardRule.Action = 255, 255
	c.NightModeForwardRule = &ForwardRule{Action: 255, Number: "1"}
	c.RingTime, c.SLATime = math.MinInt64, math.MaxInt64
	c.MaxCallers, c.MaxNoAnswer = math.MinInt, math.MaxInt
	err := c.Validate()
	for _, name := range []string{
		"intro_type", "inform_position", "callback_mode", "skill_order", "connect", "wrap_up_scope", "no_answer_scope",
		"no_answer_forward_rule", "exit_forward_rule", "night_mode_forward_rule", "ring_time", "sla_time", "max_callers", "max_no_answer",
	} {
		require.ErrorContains(t, err, name+" ")
	}
	_ = c.Warnings()
	_, err = c.MarshalJSON()
	require.ErrorIs(t, err, agent.ErrInvalid)
}

func TestB38_AHostsOwnStrategyIsFoundByName(t *testing.T) {
	t.Parallel()
	own := strategy.Strategy{Name: "FEWEST_CALLS"}
	c := valid()
	c.PollingStrategy = own.Name
	require.NoError(t, c.Validate(own))
	p := refused(t, c.Validate())
	assert.Equal(t, "polling_strategy", p.Name)
	c.PollingStrategy = "FEWEST"
	assert.Contains(t, refused(t, c.Validate(own)).Range, "FEWEST_CALLS")
}

func TestB121_Warnings(t *testing.T) {
	t.Parallel()
	quiet := valid()
	quiet.EnableStickyRouting = false
	require.Empty(t, quiet.Warnings())
	all := strategy.Strategy{Name: "ALL", Simultaneous: true}
	skilled := strategy.Strategy{Name: "SKILLED", Skilled: true}
	for _, tc := range []struct {
		change func(*Config)
		about  []string
	}{
		{func(c *Config) { c.CallbackMode = CallbackOnTimeout }, []string{"callback_timeout"}},
		{func(c *Config) { c.CallbackMode, c.CallbackTimeout = CallbackOnTimeout, 300*time.Second }, []string{"callback_timeout"}},
		{func(c *Config) { c.CallbackMode, c.CallbackTimeout = CallbackOnTimeout, 299*time.Second }, nil},
		{func(c *Config) { c.RingTime = 300 * time.Second }, []string{"ring_time"}},
		{func(c *Config) { c.RingTime = 299 * time.Second }, nil},
		{func(c *Config) { c.EnableStickyRouting = true }, []string{"enable_sticky_routing"}},
		{func(c *Config) { c.EnableStickyRouting, c.PollingStrategy = true, "CYCLIC_HUNT" }, nil},
		{func(c *Config) { c.EnableStickyRouting, c.PollingStrategy = true, "ALL" }, []string{"enable_sticky_routing"}},
		{func(c *Config) { c.SkillWait = time.Second }, []string{"skill_wait"}},
		{func(c *Config) { c.SkillWait, c.PollingStrategy = time.Second, "SKILL_BASED_ROUTING_CYCLIC_HUNT" }, nil},
		{func(c *Config) { c.SkillWait, c.PollingStrategy = time.Second, "SKILLED" }, nil},
		{func(c *Config) { c.EnableStickyRouting, c.SkillWait = true, time.Second }, []string{"enable_sticky_routing", "skill_wait"}},
	} {
		c := quiet
		tc.change(&c)
		require.NoError(t, c.Validate(all, skilled), "a warning refuses nothing")
		warnings := c.Warnings(all, skilled)
		require.Len(t, warnings, len(tc.about), "%v", warnings)
		for i, about := range tc.about {
			assert.True(t, strings.HasPrefix(warnings[i], about+" "), warnings[i])
		}
	}
}

func TestSet_TakesWhatAScriptWrites(t *testing.T) {
	t.Parallel()
	c := valid()
	for _, tc := range []struct {
		name, text string
		got        func() any
		want       any
	}{
		{"name", "Second line", func() any { return c.Name }, "Second line"},
		{"extension_number", "6000", func() any { return c.Number }, "6000"},
		{"polling_strategy", "CYCLIC_HUNT", func() any { return c.PollingStrategy }, "CYCLIC_HUNT"},
		{"ring_time", "25", func() any { return c.RingTime }, 25 * time.Second},
		{"max_waiting_time", "1m30s", func() any { return c.MaxWaitingTime }, 90 * time.Second},
		{"max_callers", "7", func() any { return c.MaxCallers }, 7},
		{"wait_when_no_agents_online", "true", func() any { return c.WaitWhenNoAgentsOnline }, true},
		{"agent_auto_ready", "false", func() any { return c.AutoReady }, false},
		{"intro_type", "FULL", func() any { return c.IntroType }, IntroFull},
		{"inform_position", "ON_CONNECTED", func() any { return c.InformPosition }, InformOnConnected},
		{"callback_mode", "TIMEOUT", func() any { return c.CallbackMode }, CallbackOnTimeout},
		{"skill_order", "DESCENDING", func() any { return c.SkillOrder }, Descending},
		{"connect", "MANUAL", func() any { return c.Connect }, ConnectManual},
		{"wrap_up_scope", "QUEUE", func() any { return c.WrapUpScope }, agent.ScopeQueue},
		{"no_answer_scope", "QUEUE", func() any { return c.NoAnswerScope }, agent.ScopeQueue},
		{"sticky_routing_duration", "7", func() any { return c.StickyRoutingDuration }, 7 * 24 * time.Hour},
		{"sticky_routing_duration", "48h", func() any { return c.StickyRoutingDuration }, 48 * time.Hour},
		{"no_answer_forward_rule", "FORWARD_TO_NUMBER:6000", func() any { return c.NoAnswerForwardRule }, ForwardRule{ForwardToNumber, "6000"}},
		{"no_answer_forward_rule", "HANGUP", func() any { return c.NoAnswerForwardRule }, ForwardRule{}},
		{"night_mode_forward_rule", "FORWARD_TO_VOICEMAIL:101", func() any { return *c.NightModeForwardRule }, ForwardRule{ForwardToVoicemail, "101"}},
		{"night_mode_forward_rule", "HANGUP", func() any { return *c.NightModeForwardRule }, ForwardRule{}},
		{"night_mode_forward_rule", "", func() any { return c.NightModeForwardRule == nil }, true},
		{"outbound_caller_ids", "trunk:4930123,sip:a:4930124", func() any { return c.OutboundCallerIDs }, []OutboundCallerID{{ProviderID: "trunk", CallerID: "4930123"}, {ProviderID: "sip:a", CallerID: "4930124"}}},
		{"outbound_caller_ids", "", func() any { return len(c.OutboundCallerIDs) }, 0},
	} {
		require.NoError(t, c.Set(tc.name, tc.text))
		require.Equal(t, tc.want, tc.got(), "%s=%s", tc.name, tc.text)
	}
}

func TestB110_SetRefusesWhatIsNoSuchValueAndChangesNothing(t *testing.T) {
	t.Parallel()
	for _, tc := range [][3]string{
		{"ring_time", "", `ring_time "": must be 1..65535 s`},
		{"ring_time", "soon", "ring_time soon: must be 1..65535 s"},
		{"ring_time", "1.5", "ring_time 1.5: must be 1..65535 s"},
		{"ring_time", "1500ms", "ring_time 1500ms: must be 1..65535 s"},
		{"ring_time", "99999999999999999999", "ring_time 99999999999999999999: must be 1..65535 s"},
		{"sticky_routing_duration", "36h", "sticky_routing_duration 36h: must be 1..365 days"},
		{"sticky_routing_duration", "2147483647", "sticky_routing_duration 2147483647: must be 1..365 days"},
		{"max_callers", "many", "max_callers many: must be 0..2147483647"},
		{"max_callers", "2147483648", "max_callers 2147483648: must be 0..2147483647"},
		{"enable_callback", "yes", "enable_callback yes: must be true or false"},
		{"intro_type", "full", "intro_type full: must be one of DISABLE, NORMAL, FULL"},
		{"no_answer_forward_rule", "HANGUP:1", "no_answer_forward_rule HANGUP:1: must be HANGUP, or FORWARD_TO_NUMBER"},
		{"night_mode_forward_rule", "SOMEWHERE", "night_mode_forward_rule SOMEWHERE: must be HANGUP, or FORWARD_TO_NUMBER"},
		{"outbound_caller_ids", "4930123", "outbound_caller_ids 4930123: must be a list of"},
		{"outbound_caller_ids", "a:1,", "outbound_caller_ids a:1,: must be a list of"},
		{"ring_tme", "20", "ring_tme 20: no such property"},
		{"RING_TIME", "20", "RING_TIME 20: no such property"},
		{"", "20", `"" 20: no such property`},
		{"a\nb", "c\nd", `"a\nb" "c\nd": no such property`},
	} {
		c := valid()
		err := c.Set(tc[0], tc[1])
		p := refused(t, err)
		assert.Equal(t, tc[0], p.Name)
		require.ErrorContains(t, err, tc[2])
		assert.True(t, c.Equal(valid()))
	}
}

func TestClone_SharesNothing(t *testing.T) {
	t.Parallel()
	c := valid()
	c.NightModeForwardRule = &ForwardRule{ForwardToNumber, "1"}
	c.OutboundCallerIDs = []OutboundCallerID{{"a", "1", ""}}
	d := c.Clone()
	require.True(t, c.Equal(d))
	d.NightModeForwardRule.Number = "2"
	d.OutboundCallerIDs[0].CallerID = "2"
	assert.Equal(t, "1", c.NightModeForwardRule.Number)
	assert.Equal(t, "1", c.OutboundCallerIDs[0].CallerID)

	e := c // shares, but neither Set nor decoding writes through
	require.NoError(t, e.Set("night_mode_forward_rule", "HANGUP"))
	require.NoError(t, e.Set("outbound_caller_ids", "b:2"))
	require.NoError(t, e.UnmarshalJSON([]byte(`{"night_mode_forward_rule":{"action":"HANGUP"},"outbound_caller_ids":[{"provider_id":"c","caller_id":"3"}]}`)))
	assert.Equal(t, "1", c.NightModeForwardRule.Number)
	assert.Equal(t, "1", c.OutboundCallerIDs[0].CallerID)
}

func TestEqual(t *testing.T) {
	t.Parallel()
	c := valid()
	c.OutboundCallerIDs = []OutboundCallerID{}
	assert.True(t, c.Equal(valid()), "none and an empty list are the same")
	for _, change := range []func(*Config){
		func(c *Config) { c.RingTime++ },
		func(c *Config) { c.RejectDelay++ },
		func(c *Config) { c.NightModeForwardRule = new(ForwardRule) }, // HANGUP is not "as no_answer"
		func(c *Config) { c.OutboundCallerIDs = []OutboundCallerID{{}} },
	} {
		d := valid()
		change(&d)
		assert.False(t, c.Equal(d))
		assert.True(t, d.Equal(d.Clone()))
	}
}

func TestPropertyError_IsInvalid(t *testing.T) {
	t.Parallel()
	var err error = &PropertyError{Name: "skill_level", Value: "0", Range: "1..100"}
	require.EqualError(t, err, "skill_level 0: must be 1..100")
	require.ErrorIs(t, err, agent.ErrInvalid)
}

// What cannot be printed is escaped, wherever it stands.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"READY": "READY", "zwölf": "zwölf", "": `""`, "\n": `"\n"`, "\x00ab": `"\x00ab"`, "ab\x00": `"ab\x00"`, "\xffab": `"\xffab"`,
		strings.Repeat("x", maxShown):        strings.Repeat("x", maxShown),
		strings.Repeat("x", maxShown+1):      `"` + strings.Repeat("x", maxShown) + `"…`,
		"\t" + strings.Repeat("ä", maxShown): `"\t` + strings.Repeat("ä", maxShown-1) + `"…`,
	} {
		assert.Equal(t, want, printable(text))
	}
}

// A choice one beyond the last is none, and named by its number.
func TestB110_AChoiceBeyondTheLastIsNone(t *testing.T) {
	t.Parallel()
	c := Defaults()
	c.Name, c.Number = "q", "8000"
	c.Connect = ConnectManual + 1
	err := c.Validate()
	if !errors.Is(err, agent.ErrInvalid) || !strings.Contains(err.Error(), "connect 2: must be one of AUTO, MANUAL") {
		t.Errorf("connect %d: %v", c.Connect, err)
	}
}
