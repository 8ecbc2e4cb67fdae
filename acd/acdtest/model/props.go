package model

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// props are the properties of a queue by their JSON names, as a script writes
// them.
type props map[string]string

// defaults are those of section 2 of the rules.
func defaults() props {
	return props{
		"polling_strategy": "RING_SIMULTANEOUSLY", "ring_time": "20", "max_callers": "0", "max_waiting_time": "300",
		"wait_when_no_agents_online": "false",
		"intro_type":                 "DISABLE", "inform_position": "DISABLE", "inform_position_interval": "10",
		"agent_auto_ready": "true", "agent_auto_not_ready_after_non_acd_call": "true", "sla_time": "0",
		"no_answer_forward_rule": "HANGUP", "night_mode_forward_rule": "",
		"enable_callback": "false", "callback_mode": "ACTIVE", "callback_timeout": "600", "callback_outbound_prefix": "",
		"enable_sticky_routing": "true", "sticky_routing_duration": "30",
		"enable_night_mode": "false", "enable_wrap_up": "false", "wrap_up_time": "0",
		"enable_exit_forward_rule": "false", "exit_forward_rule": "HANGUP",
		"play_periodic_music": "false", "play_periodic_music_interval": "60",
		"skill_order": "ASCENDING", "skill_wait": "0", "ring_limit": "0", "retry_interval": "5",
		"reject_delay": "10", "busy_delay": "10", "unreachable_delay": "10", "no_answer_delay": "2",
		"max_no_answer": "0", "no_answer_scope": "AGENT", "offline_grace": "30", "alert_time": "0",
		"connect": "AUTO", "connect_time": "10", "intro_limit": "60", "talk_lease": "0",
		"priority": "0", "join_credit": "0", "wrap_up_scope": "AGENT", "sticky_wait": "0", "resume_window": "0",
		"callback_max_attempts": "1", "callback_retry_interval": "300", "callback_ring_time": "30",
		"callback_delay": "5", "callback_expires": "86400",
	}
}

func (p props) clone() props { return maps.Clone(p) }

func (p props) on(key string) bool { return p[key] == "true" }

func (p props) is(key, value string) bool { return p[key] == value }

// number is 0 for what is none: the properties that are read so are numbers.
func (p props) number(key string) int {
	n, _ := strconv.Atoi(p[key])
	return n
}

func (p props) seconds(key string) time.Duration {
	return time.Duration(p.number(key)) * time.Second
}

func (p props) ringsAll() bool { return p.is("polling_strategy", "RING_SIMULTANEOUSLY") }

func (p props) skilled() bool {
	return strings.HasPrefix(p["polling_strategy"], "SKILL_BASED_ROUTING_")
}

// target says where a rule sends a call.
func target(rule string) string {
	if rule == "" {
		return "hangup"
	}
	action, number, _ := strings.Cut(rule, ":")
	switch action {
	case "FORWARD_TO_NUMBER":
		return number
	case "FORWARD_TO_VOICEMAIL":
		return "voicemail:" + number
	default:
		return "hangup"
	}
}

// seconds writes a time as traces do.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// duration reads a number of seconds.
func duration(text string) time.Duration {
	d, _ := time.ParseDuration(text + "s") // to the nanosecond, as times are compared
	return d
}

// words are the words of a line, and its values by their keys.
type words struct {
	args []string
	keys map[string]string
}

func split(line string) words {
	w := words{keys: map[string]string{}}
	for word := range strings.FieldsSeq(line) {
		if key, value, ok := strings.Cut(word, "="); ok {
			w.keys[key] = value
		} else {
			w.args = append(w.args, word)
		}
	}
	return w
}

func (w words) arg(i int) string {
	if i < len(w.args) {
		return w.args[i]
	}
	return ""
}

func (w words) number(key string) int {
	n, _ := strconv.Atoi(w.keys[key])
	return n
}

// without is a copy of a list without one of its things.
func without[T comparable](list []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == one })
}

// identifies reports whether a number is a key of lists and memories (B69).
func identifies(number string) bool {
	switch strings.ToLower(number) {
	case "anonymous", "restricted", "private", "unknown", "unavailable":
		return false
	}
	digits := 0
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 3
}
