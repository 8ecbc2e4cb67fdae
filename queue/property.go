package queue

import (
	"fmt"

	"github.com/acdkit/acdkit/agent"
)

// Property describes one property of a [Config] to documentation, user
// interfaces and APIs.
type Property struct {
	Name    string // its JSON name, also that of scenario scripts
	Kind    Kind
	Range   string // as errors say it: "1..65535 s"
	Default string // as [Config.Set] takes it; may be empty
	Doc     string // what it is for, one sentence
	// Min and Max bound KindInteger, KindSeconds and KindDays in their unit
	// and KindText in length; both are 0 for other kinds. A text with a Min
	// and no Default is required.
	Min, Max int64
	// Choices are the spellings of KindChoice; of polling_strategy those of
	// the seven, to which a host may add.
	Choices []string
}

// Properties returns a description of every property: those of the product's
// queue API first, in its order, then those of its later versions, then
// acdkit's own. The slice is the caller's.
func Properties() []Property {
	var c Config
	described := make([]Property, len(properties))
	for i, p := range properties {
		v := p.of(&c)
		described[i] = Property{Name: p.name, Range: v.must(), Default: p.standard, Doc: p.doc}
		v.describe(&described[i])
	}
	return described
}

// PropertyError says that a property has a value out of its range, or that
// there is no such property. It wraps [agent.ErrInvalid].
type PropertyError struct {
	Name  string // the property's JSON name
	Value string // the refused value, fit for a log line; texts are quoted
	Range string // what it must be; empty if there is no such property
}

// Error returns e.g. "ring_time 0: must be 1..65535 s".
func (e *PropertyError) Error() string {
	if e.Range == "" {
		return fmt.Sprintf("%s %s: no such property", printable(e.Name), e.Value)
	}
	return fmt.Sprintf("%s %s: must be %s", e.Name, e.Value, e.Range)
}

// Unwrap returns [agent.ErrInvalid].
func (e *PropertyError) Unwrap() error { return agent.ErrInvalid }

// property is a row of the table: a property and the field that holds it.
type property struct {
	name     string
	standard string // the default, as parse takes it
	of       func(*Config) value
	doc      string
}

func (p *property) refuse(shown, must string) error {
	return &PropertyError{Name: p.name, Value: shown, Range: must}
}

// check returns what is wrong with the property's value in c, or nil.
func (p *property) check(c *Config) error {
	v := p.of(c)
	if problem := v.problem(); problem != "" {
		return p.refuse(v.String(), problem)
	}
	return nil
}

// lookup returns the row called name; nil if there is none.
func lookup(name string) *property {
	for i := range properties {
		if properties[i].name == name {
			return &properties[i]
		}
	}
	return nil
}

const pollingStrategy = "polling_strategy"

// properties is the one table of properties. Validation, JSON, scripts and
// documentation come from it.
var properties = []property{
	{
		"name", "", func(c *Config) value { return text(&c.Name, 1, 64) },
		"What people call the queue.",
	},
	{
		"extension_number", "", func(c *Config) value { return digits(&c.Number, 3, 64) },
		"The number that callers reach the queue by; unique, and never changed.",
	},
	{
		pollingStrategy, "RING_SIMULTANEOUSLY", func(c *Config) value { return strategyValue{&c.PollingStrategy} },
		"The order in which agents are rung: one of the seven, or a strategy of the host (B35, B38).",
	},
	{
		"ring_time", "20", func(c *Config) value { return seconds(&c.RingTime, 1, 65535) },
		"How long each offer rings (B30).",
	},
	{
		"max_callers", "0", func(c *Config) value { return integer(&c.MaxCallers, 0, maxInteger) },
		"Most callers that may wait; 0: no limit (B42).",
	},
	{
		"max_waiting_time", "300", func(c *Config) value { return seconds(&c.MaxWaitingTime, 15, 65535) },
		"How long a caller waits before he leaves as TIMED_OUT (B43).",
	},
	{
		"wait_when_no_agents_online", "false", func(c *Config) value { return boolValue{&c.WaitWhenNoAgentsOnline} },
		"Whether callers wait when nobody is logged in (B40).",
	},
	{
		"intro_type", "DISABLE", func(c *Config) value { return choiceValue[IntroType]{&c.IntroType, introTypes} },
		"Whether an introduction plays, and whether the hunt waits for its end (B60).",
	},
	{
		"intro_prompt_file_id", "", func(c *Config) value { return opaque(&c.IntroPromptFileID) },
		"The introduction; handed to the host as it is.",
	},
	{
		"moh_prompt_file_id", "", func(c *Config) value { return opaque(&c.MOHPromptFileID) },
		"The music on hold; handed to the host as it is.",
	},
	{
		"inform_position", "DISABLE", func(c *Config) value { return choiceValue[InformPosition]{&c.InformPosition, informPositions} },
		"Whether and when callers are told their place (B61).",
	},
	{
		"inform_position_interval", "10", func(c *Config) value { return seconds(&c.InformPositionInterval, 10, 1800) },
		"Time between two such announcements (B61).",
	},
	{
		"agent_auto_ready", "true", func(c *Config) value { return boolValue{&c.AutoReady} },
		"Whether agents become READY by themselves after a talk, a miss or a new registration (B16–B19).",
	},
	{
		"agent_auto_not_ready_after_non_acd_call", "true", func(c *Config) value { return boolValue{&c.NotReadyAfterOtherCall} },
		"Whether, without agent_auto_ready, another call leaves its agent NOT_READY (B17).",
	},
	{
		"sla_time", "0", func(c *Config) value { return seconds(&c.SLATime, 0, 65536) },
		"The wait within which calls should be answered; 0: none (B90).",
	},
	{
		"language", "en-US", func(c *Config) value { return tag(&c.Language) },
		"The language of announcements.",
	},
	{
		"no_answer_forward_rule", "HANGUP", func(c *Config) value { return ruleValue{&c.NoAnswerForwardRule, &c.Number} },
		"Where a call goes that is not answered; absent: HANGUP (B49).",
	},
	{
		"night_mode_forward_rule", "", func(c *Config) value { return optionalRuleValue{&c.NightModeForwardRule, &c.Number} },
		"Where a call goes that arrives in night mode; absent: as no_answer_forward_rule (B41).",
	},
	{
		"enable_callback", "false", func(c *Config) value { return boolValue{&c.EnableCallback} },
		"Whether callers may ask to be rung back (B80).",
	},
	{
		"callback_mode", "ACTIVE", func(c *Config) value { return choiceValue[CallbackMode]{&c.CallbackMode, callbackModes} },
		"From when on they may: at any time, or once it is offered to them (B80).",
	},
	{
		"callback_timeout", "600", func(c *Config) value { return seconds(&c.CallbackTimeout, 0, maxInteger) },
		"The wait after which mode TIMEOUT offers it (B80).",
	},
	{
		"callback_outbound_prefix", "", func(c *Config) value { return prefix(&c.CallbackOutboundPrefix) },
		"What is dialled before a customer's number (B83).",
	},
	{
		"outbound_caller_ids", "", func(c *Config) value { return callerIDsValue{&c.OutboundCallerIDs} },
		"The numbers that outbound legs may show; handed to the host.",
	},
	{
		"enable_sticky_routing", "true", func(c *Config) value { return boolValue{&c.EnableStickyRouting} },
		"Whether the agent who last talked with the caller is rung first (B70).",
	},
	{
		"sticky_routing_duration", "30", func(c *Config) value { return days(&c.StickyRoutingDuration, 1, 365) },
		"How long such a talk is remembered (B70).",
	},
	{
		"enable_paid", "false", func(c *Config) value { return boolValue{&c.EnablePAID} },
		"Whether an INVITE to an agent carries P-Asserted-Identity (B75).",
	},
	{
		"enable_prid", "false", func(c *Config) value { return boolValue{&c.EnablePRID} },
		"Whether it carries Remote-Party-ID (B75).",
	},
	{
		"extension_number_as_to_header", "false", func(c *Config) value { return boolValue{&c.ExtensionNumberAsToHeader} },
		"Whether its To header is the agent's extension (B75).",
	},

	// Later versions of the product.
	{
		"enable_night_mode", "false", func(c *Config) value { return boolValue{&c.EnableNightMode} },
		"Whether calls that arrive leave at once as NIGHT (B41).",
	},
	{
		"enable_wrap_up", "false", func(c *Config) value { return boolValue{&c.EnableWrapUp} },
		"Whether a timed wrap-up follows a talk (B16).",
	},
	{
		"wrap_up_time", "0", func(c *Config) value { return seconds(&c.WrapUpTime, 0, 3600) },
		"The length of the wrap-up (B16, B24).",
	},
	{
		"enable_exit_forward_rule", "false", func(c *Config) value { return boolValue{&c.EnableExitForwardRule} },
		"Whether key 8 leaves the queue (B44).",
	},
	{
		"exit_forward_rule", "HANGUP", func(c *Config) value { return ruleValue{&c.ExitForwardRule, &c.Number} },
		"Where key 8 leads to; absent: HANGUP (B44).",
	},
	{
		"play_periodic_music", "false", func(c *Config) value { return boolValue{&c.PlayPeriodicMusic} },
		"Whether a periodic announcement plays (B62).",
	},
	{
		"play_periodic_music_interval", "60", func(c *Config) value { return seconds(&c.PlayPeriodicMusicInterval, 10, 1800) },
		"Time between two periodic announcements (B62).",
	},

	// What the field needs and the product lacks.
	{
		"skill_order", "ASCENDING", func(c *Config) value { return choiceValue[SkillOrder]{&c.SkillOrder, skillOrders} },
		"Which skill level is the best: the lowest or the highest (B34).",
	},
	{
		"skill_wait", "0", func(c *Config) value { return seconds(&c.SkillWait, 0, 3600) },
		"How long each better group of skills is waited for (B34).",
	},
	{
		"ring_limit", "0", func(c *Config) value { return integer(&c.RingLimit, 0, maxInteger) },
		"Most agents rung at once for one caller where all ring; 0: all (B35).",
	},
	{
		"retry_interval", "5", func(c *Config) value { return seconds(&c.RetryInterval, 1, 3600) },
		"The pause between two rounds (B33), and how long a refusal keeps an agent from a call (B31).",
	},
	{
		"reject_delay", "10", func(c *Config) value { return seconds(&c.RejectDelay, 0, 3600) },
		"How long an agent who rejected is left alone (B25).",
	},
	{
		"busy_delay", "10", func(c *Config) value { return seconds(&c.BusyDelay, 1, 3600) },
		"How long an agent who was busy is left alone; doubles when repeated (B25).",
	},
	{
		"unreachable_delay", "10", func(c *Config) value { return seconds(&c.UnreachableDelay, 1, 3600) },
		"How long an agent whose phone did not ring is left alone; doubles when repeated (B25).",
	},
	{
		"no_answer_delay", "2", func(c *Config) value { return seconds(&c.NoAnswerDelay, 0, 3600) },
		"How long an agent who let it ring is left alone; covers the answer that crosses the cancel (B25).",
	},
	{
		"max_no_answer", "0", func(c *Config) value { return integer(&c.MaxNoAnswer, 0, maxInteger) },
		"After how many calls in a row that he let ring an agent becomes NOT_READY; 0: never, 3 is advised for staffed centres (B26).",
	},
	{
		"no_answer_scope", "AGENT", func(c *Config) value { return choiceValue[agent.Scope]{&c.NoAnswerScope, scopes} },
		"Whether that counts and acts over all his queues or in this one (B26).",
	},
	{
		"offline_grace", "30", func(c *Config) value { return seconds(&c.OfflineGrace, 0, 3600) },
		"How long an agent whose phone is gone still counts as logged in (B19, B40).",
	},
	{
		"alert_time", "0", func(c *Config) value { return seconds(&c.AlertTime, 0, 60) },
		"After how long an offer ends UNREACHABLE that has not been reported ringing; 0: never, 6 where the host reports ringing, 12 with push phones (B30).",
	},
	{
		"connect", "AUTO", func(c *Config) value { return choiceValue[Connect]{&c.Connect, connects} },
		"Whether the agent's answer connects, or the host reports it (B48).",
	},
	{
		"connect_time", "10", func(c *Config) value { return seconds(&c.ConnectTime, 1, 60) },
		"How long the host may take to report it (B48).",
	},
	{
		"intro_limit", "60", func(c *Config) value { return seconds(&c.IntroLimit, 1, 600) },
		"When a FULL introduction is over at the latest (B60).",
	},
	{
		"talk_lease", "0", func(c *Config) value { return seconds(&c.TalkLease, 0, 86400) },
		"After how long a talk has to be confirmed by the host; 0: never (B29).",
	},
	{
		"priority", "0", func(c *Config) value { return integer(&c.Priority, 0, 100) },
		"Which queue an agent of several serves first, strictly; higher first (B50).",
	},
	{
		"join_credit", "0", func(c *Config) value { return seconds(&c.JoinCredit, 0, 3600) },
		"By how much callers of this queue count as having waited longer, between queues (B50).",
	},
	{
		"wrap_up_scope", "AGENT", func(c *Config) value { return choiceValue[agent.Scope]{&c.WrapUpScope, scopes} },
		"Whether a wrap-up keeps the agent from all his queues or from this one (B23).",
	},
	{
		"sticky_wait", "0", func(c *Config) value { return seconds(&c.StickyWait, 0, 120) },
		"How long a caller is held for a sticky agent who is busy (B73).",
	},
	{
		"resume_window", "0", func(c *Config) value { return seconds(&c.ResumeWindow, 0, 3600) },
		"Within what time a caller who hung up gets his age back; 0: never (B56).",
	},
	{
		"callback_max_attempts", "1", func(c *Config) value { return integer(&c.CallbackMaxAttempts, 1, 10) },
		"How often a customer is rung back (B84).",
	},
	{
		"callback_retry_interval", "300", func(c *Config) value { return seconds(&c.CallbackRetryInterval, 60, 86400) },
		"The pause after an attempt that failed (B84).",
	},
	{
		"callback_ring_time", "30", func(c *Config) value { return seconds(&c.CallbackRingTime, 5, 120) },
		"How long the customer's phone rings (B83).",
	},
	{
		"callback_delay", "5", func(c *Config) value { return seconds(&c.CallbackDelay, 0, 600) },
		"How long after the confirmation a callback may start, so that the customer's phone is free (B82).",
	},
	{
		"callback_expires", "86400", func(c *Config) value { return seconds(&c.CallbackExpires, 0, 604800) },
		"When a callback that waits is given up; 0: never (B85).",
	},
}
