package queue

import (
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// Config is the configuration of a queue: a plain value, to be started from
// [Defaults] (the zero Config is not valid: zero means zero). [Properties]
// describes every field: its JSON name, range, default and meaning. A Config
// may be read by any number of goroutines; assigning it shares what
// OutboundCallerIDs and NightModeForwardRule point to, see [Config.Clone].
//
// Its JSON is the object of the queue API: whole seconds (days for
// sticky_routing_duration), enums in upper case.
type Config struct {
	agent.Rules // what governs the queue's agents

	Name   string // name, 1..64 characters
	Number string // extension_number, 3..64 digits; immutable and unique

	// Whom it rings, and for how long.
	PollingStrategy string        // polling_strategy: one of the seven, or a host's own (B35, B38)
	RingTime        time.Duration // ring_time, 1..65535 s (B30)
	RingLimit       int           // ring_limit, 0 = all (B35)
	RetryInterval   time.Duration // retry_interval, 1..3600 s (B33)
	AlertTime       time.Duration // alert_time, 0..60 s, 0 = off (B30)
	SkillOrder      SkillOrder    // skill_order (B34)
	SkillWait       time.Duration // skill_wait, 0..3600 s (B34)
	Connect         Connect       // connect (B48)
	ConnectTime     time.Duration // connect_time, 1..60 s (B48)

	// Who may wait, how long, and how urgent he is.
	MaxCallers             int           // max_callers, 0 = no limit (B42)
	MaxWaitingTime         time.Duration // max_waiting_time, 15..65535 s (B43)
	WaitWhenNoAgentsOnline bool          // wait_when_no_agents_online (B40)
	SLATime                time.Duration // sla_time, 0..65536 s, 0 = none (B90)
	Priority               int           // priority, 0..100 (B50)
	JoinCredit             time.Duration // join_credit, 0..3600 s (B50)
	ResumeWindow           time.Duration // resume_window, 0..3600 s, 0 = off (B56)

	// Where a call goes that is not answered (B49).
	NoAnswerForwardRule   ForwardRule  // no_answer_forward_rule
	EnableNightMode       bool         // enable_night_mode (B41)
	NightModeForwardRule  *ForwardRule // night_mode_forward_rule; nil: as no_answer
	EnableExitForwardRule bool         // enable_exit_forward_rule: key 8 leaves (B44)
	ExitForwardRule       ForwardRule  // exit_forward_rule

	// What callers hear.
	Language                  string         // language, a BCP 47 tag
	IntroType                 IntroType      // intro_type (B60)
	IntroPromptFileID         string         // intro_prompt_file_id, opaque, ≤ 128 bytes
	IntroLimit                time.Duration  // intro_limit, 1..600 s (B60)
	MOHPromptFileID           string         // moh_prompt_file_id, opaque, ≤ 128 bytes
	InformPosition            InformPosition // inform_position (B61)
	InformPositionInterval    time.Duration  // inform_position_interval, 10..1800 s (B61)
	PlayPeriodicMusic         bool           // play_periodic_music (B62)
	PlayPeriodicMusicInterval time.Duration  // play_periodic_music_interval, 10..1800 s (B62)

	// Agents whom the caller knows.
	EnableStickyRouting   bool          // enable_sticky_routing (B70)
	StickyRoutingDuration time.Duration // sticky_routing_duration, 1..365 days (B70)
	StickyWait            time.Duration // sticky_wait, 0..120 s (B73)

	// What an INVITE to an agent carries (B75).
	EnablePAID                bool // enable_paid
	EnablePRID                bool // enable_prid
	ExtensionNumberAsToHeader bool // extension_number_as_to_header

	// Ringing callers back.
	EnableCallback         bool               // enable_callback (B80)
	CallbackMode           CallbackMode       // callback_mode (B80)
	CallbackTimeout        time.Duration      // callback_timeout, ≥ 0 s (B80)
	CallbackDelay          time.Duration      // callback_delay, 0..600 s (B82)
	CallbackRingTime       time.Duration      // callback_ring_time, 5..120 s (B83)
	CallbackMaxAttempts    int                // callback_max_attempts, 1..10 (B84)
	CallbackRetryInterval  time.Duration      // callback_retry_interval, 60..86400 s (B84)
	CallbackExpires        time.Duration      // callback_expires, 0..604800 s, 0 = never (B85)
	CallbackOutboundPrefix string             // callback_outbound_prefix: digits, +, * and # (B83)
	OutboundCallerIDs      []OutboundCallerID // outbound_caller_ids
}

// Defaults returns a configuration with every default filled in. Name and
// Number have none and must be set.
func Defaults() Config {
	var c Config
	for _, p := range properties {
		if p.standard != "" {
			p.of(&c).parse(p.standard) // a test parses them all
		}
	}
	return c
}

// Validate returns nil or every problem of c at once: joined [*PropertyError]s,
// in the order of [Properties], each wrapping [agent.ErrInvalid] (B110). own
// are the strategies of the host.
func (c Config) Validate(own ...strategy.Strategy) error {
	var problems []error
	for _, p := range properties {
		problems = append(problems, p.check(&c))
		if p.name == pollingStrategy {
			problems = append(problems, strategyProblem(c.PollingStrategy, own))
		}
	}
	return errors.Join(problems...)
}

// Warnings returns what is allowed in c but can hardly be meant, one sentence
// each, in a stable order; nil if there is nothing. It expects a valid c. own
// are the strategies of the host. That exclusive agents are ignored when all
// ring at once (B72) is not seen here: their lists are no property.
func (c Config) Warnings(own ...strategy.Strategy) []string {
	var warnings []string
	warn := func(is bool, text string) {
		if is {
			warnings = append(warnings, text)
		}
	}
	s, err := strategy.Lookup(c.PollingStrategy, own...)
	warn(c.CallbackMode == CallbackOnTimeout && c.CallbackTimeout >= c.MaxWaitingTime,
		"callback_timeout is not below max_waiting_time: a callback can never be offered")
	warn(c.RingTime >= c.MaxWaitingTime,
		"ring_time is not below max_waiting_time: no offer can ring to its end")
	warn(err == nil && s.Simultaneous && c.EnableStickyRouting,
		"enable_sticky_routing has no effect: polling_strategy "+s.Name+" rings all agents at once")
	warn(err == nil && !s.Skilled && c.SkillWait > 0,
		"skill_wait has no effect: polling_strategy "+s.Name+" has no skill levels")
	return warnings
}

// Set gives the property called name the value that text says, as scenario
// scripts write it: 20 or 1m30s for seconds, 30 for days, true, CYCLIC_HUNT,
// FORWARD_TO_NUMBER:6000, trunk:4930123,trunk:4930124. An unknown name and a
// text that is no such value are refused with a [*PropertyError], and then c
// has not changed. Ranges are left to Validate, which sees them all at once.
func (c *Config) Set(name, text string) error {
	p := lookup(name)
	if p == nil {
		return &PropertyError{Name: name, Value: printable(text)}
	}
	v := p.of(c)
	if !v.parse(text) {
		return p.refuse(printable(text), v.must())
	}
	return nil
}

// Equal reports whether c and other configure the same.
func (c Config) Equal(other Config) bool {
	if !slices.Equal(c.OutboundCallerIDs, other.OutboundCallerIDs) {
		return false
	}
	c.OutboundCallerIDs, other.OutboundCallerIDs = nil, nil // nil and empty are the same
	return reflect.DeepEqual(c, other)
}

// Clone returns a copy that shares nothing with c.
func (c Config) Clone() Config {
	c.OutboundCallerIDs = slices.Clone(c.OutboundCallerIDs)
	if c.NightModeForwardRule != nil {
		night := *c.NightModeForwardRule
		c.NightModeForwardRule = &night
	}
	return c
}
