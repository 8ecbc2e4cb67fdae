package acdtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/strategy"
)

// move is something that random traffic does; "" if there is nothing to do it to.
type move struct {
	weight int
	rough  bool // left out of calm traffic
	line   func(*generator) string
}

// moves is the table of what random traffic does, and how often.
var moves = []move{
	{weight: 30, line: (*generator).wait},
	{weight: 16, line: (*generator).call},
	{weight: 22, line: (*generator).phone},
	{weight: 8, line: (*generator).media},
	{weight: 8, line: (*generator).endTalk},
	{weight: 4, line: (*generator).hangUp},
	{weight: 8, line: (*generator).setStatus},
	{weight: 3, line: (*generator).registration},
	{weight: 4, line: (*generator).otherCall},
	{weight: 2, line: (*generator).pickup},
	{weight: 2, line: (*generator).transfer},
	{weight: 1, line: (*generator).handOver},
	{weight: 1, line: (*generator).release},
	{weight: 3, line: (*generator).changeCall},
	{weight: 8, line: (*generator).callback},
	{weight: 16, line: (*generator).customer},
	{weight: 1, line: (*generator).holdCallbacks},
	{weight: 4, line: (*generator).list},
	{weight: 2, line: (*generator).night},
	{weight: 6, line: (*generator).keys},
	{weight: 2, line: (*generator).late},
	{weight: 2, line: (*generator).changeQueue},
	{weight: 1, line: (*generator).changeMember},
	{weight: 1, line: (*generator).changeList},
	{weight: 1, line: (*generator).join},
	{weight: 1, line: (*generator).reset},
	{weight: 1, rough: true, line: (*generator).drop},
	{weight: 1, rough: true, line: (*generator).restart},
}

// line writes the next line.
func (g *generator) line() string {
	if g.dawn != "" && g.coin(8) { // nights are short: they keep all calls away
		text := g.dawn
		g.dawn = ""
		return text
	}
	total := 0
	for _, m := range moves {
		total += m.weight
	}
	for range 100 {
		n := g.rng.IntN(total)
		i := 0
		for n >= moves[i].weight {
			n -= moves[i].weight
			i++
		}
		if moves[i].rough && g.Calm {
			continue
		}
		if text := moves[i].line(g); text != "" {
			return text
		}
	}
	return "wait 1"
}

// setUp writes the lines that make queues and agents.
func (g *generator) setUp() []string {
	var lines []string
	for i := range g.Queues {
		name := "queue " + queueName(i)
		lines = append(lines, fmt.Sprintf("%s retry_interval=%d skill_wait=%d %s", name, 1+g.rng.IntN(15), max(0, g.rng.IntN(16)-6), g.polling()))
		lines = append(lines, name+" enable_callback=true callback_max_attempts=2 callback_retry_interval=60 callback_expires=600 enable_exit_forward_rule=true")
		for range 2 {
			lines = append(lines, name+" "+g.property())
		}
	}
	for i := range g.Agents {
		lines = append(lines, "agent "+agentName(i)+" queues="+g.places())
	}
	return lines
}

func queueName(i int) string { return fmt.Sprintf("q%d", i+1) }
func agentName(i int) string { return fmt.Sprintf("%d", 1001+i) }

func (g *generator) someQueue() string { return queueName(g.rng.IntN(g.Queues)) }
func (g *generator) someAgent() string { return agentName(g.rng.IntN(g.Agents)) }

// places are some queues with levels, each once.
func (g *generator) places() string {
	var places []string
	for _, i := range g.rng.Perm(g.Queues)[:1+g.rng.IntN(g.Queues)] {
		places = append(places, fmt.Sprintf("%s:%d", queueName(i), 1+2*g.rng.IntN(3)))
	}
	return strings.Join(places, ",")
}

// wait lets time pass, mostly by whole seconds: so that much falls due in one
// instant.
func (g *generator) wait() string {
	d := time.Duration(1+g.rng.IntN(6)) * time.Second
	switch g.rng.IntN(12) {
	case 0:
		d = time.Duration(1+g.rng.IntN(3000)) * time.Millisecond
	case 1, 2:
		d = time.Duration(10+g.rng.IntN(30)) * time.Second
	case 3:
		d = time.Duration(60+g.rng.IntN(300)) * time.Second
	}
	return "wait " + formatDuration(d)
}

// call lets a caller join; few call ids are used again, few numbers occur.
func (g *generator) call() string {
	g.calls++
	text := fmt.Sprintf("call c%d queue=%s from=%s", g.calls, g.someQueue(), g.someNumber())
	if g.calls > 10 && g.rng.IntN(20) == 0 {
		text = fmt.Sprintf("call c%d queue=%s", 1+g.rng.IntN(g.calls), g.someQueue())
	}
	switch g.rng.IntN(12) {
	case 0, 1:
		text += fmt.Sprintf(" priority=%d", g.rng.IntN(5))
	case 2:
		text += fmt.Sprintf(" credit=%d", g.rng.IntN(120))
	case 3:
		text += fmt.Sprintf(" position=%d", 1+g.rng.IntN(5))
	}
	return text
}

// some returns one of the calls that are so; nil if there is none.
func (g *generator) some(is func(*acd.CallView) bool) *acd.CallView {
	var found *acd.CallView
	n := 0
	for c := range g.runner.engine.Calls() {
		if !is(&c) {
			continue
		}
		if n++; g.rng.IntN(n) == 0 {
			found = &c
		}
	}
	return found
}

func waits(c *acd.CallView) bool     { return c.Position > 0 }
func rings(c *acd.CallView) bool     { return len(c.Rung) > 0 }
func talks(c *acd.CallView) bool     { return c.State == acd.CallTalking }
func connects(c *acd.CallView) bool  { return c.State == acd.CallConnecting }
func anywhere(*acd.CallView) bool    { return true }
func (g *generator) coin(n int) bool { return g.rng.IntN(n) == 0 }

// about writes a line about a call that is so.
func (g *generator) about(is func(*acd.CallView) bool, format string, args ...any) string {
	c := g.some(is)
	if c == nil {
		return ""
	}
	return strings.ReplaceAll(fmt.Sprintf(format, args...), "ID", string(c.ID))
}

// phone is what the phone of somebody who is rung does.
func (g *generator) phone() string {
	c := g.some(rings)
	if c == nil {
		return ""
	}
	verb := "answer"
	switch g.rng.IntN(12) {
	case 0, 1:
		verb = "reject"
	case 2:
		verb = "busy"
	case 3:
		verb = "unreachable"
	case 4, 5:
		verb = "ringing"
	}
	return fmt.Sprintf("%s %s %s", verb, c.ID, c.Rung[g.rng.IntN(len(c.Rung))])
}

func (g *generator) media() string {
	c := g.some(connects)
	if c == nil {
		return ""
	}
	verb := "connected"
	if g.coin(4) {
		verb = "connectfailed"
	}
	return fmt.Sprintf("%s %s %s", verb, c.ID, c.Agent)
}

func (g *generator) endTalk() string {
	if g.coin(8) {
		return g.about(connects, "end ID")
	}
	return g.about(talks, "end ID")
}

func (g *generator) hangUp() string { return g.about(anywhere, "hangup ID") }

func (g *generator) setStatus() string {
	statuses := []string{"READY", "READY", "READY", "LOGGED_IN", "NOT_READY", "WRAP_UP", "BREAK", "LUNCH", "LOGGED_OUT"}
	text := fmt.Sprintf("status %s %s", g.someAgent(), statuses[g.rng.IntN(len(statuses))])
	if g.coin(3) {
		text += " queue=" + g.someQueue()
	}
	if g.coin(6) {
		text += " reason=tea"
	}
	return text
}

func (g *generator) registration() string {
	verb := "register"
	if g.coin(3) {
		verb = "unregister"
	}
	return verb + " " + g.someAgent()
}

func (g *generator) otherCall() string {
	text := fmt.Sprintf("othercall %s %s", g.someAgent(), []string{"ring", "start", "end", "end"}[g.rng.IntN(4)])
	if g.coin(4) {
		text += fmt.Sprintf(" id=x%d", g.rng.IntN(10))
	}
	return text
}

func (g *generator) pickup() string { return g.about(waits, "pickup ID %s", g.someAgent()) }

func (g *generator) transfer() string {
	return g.about(anywhere, "transfer ID queue=%s", g.someQueue())
}

func (g *generator) handOver() string {
	to := g.someAgent()
	if g.coin(5) {
		to = "9999" // nobody
	}
	return g.about(talks, "handover ID %s", to)
}

func (g *generator) release() string { return "release " + g.someAgent() }

// changeCall changes something about a call.
func (g *generator) changeCall() string {
	switch g.rng.IntN(5) {
	case 0:
		return g.about(waits, "priority ID %d", g.rng.IntN(5))
	case 1:
		return g.about(waits, `withdraw ID "at night"`)
	case 2:
		return g.about(anywhere, "caller ID from=%s credit=%d", g.someNumber(), g.rng.IntN(60))
	case 3:
		return g.about(anywhere, "confirm ID")
	default:
		return g.about(talks, "hold ID on")
	}
}

// late is a report that may come too late, or about nothing.
func (g *generator) late() string {
	if g.calls == 0 {
		return ""
	}
	verb := []string{"answer", "reject", "busy", "ringing", "connected", "connectfailed", "pickup"}[g.rng.IntN(7)]
	return fmt.Sprintf("%s c%d %s", verb, 1+g.rng.IntN(g.calls), g.someAgent())
}

// changeQueue changes a property; of a queue that was dropped, it makes it anew.
func (g *generator) changeQueue() string {
	return "queue " + g.someQueue() + " " + g.property()
}

func (g *generator) changeMember() string {
	if g.coin(2) {
		return fmt.Sprintf("member %s %s wrap_up_time=%d", g.someAgent(), g.someQueue(), g.rng.IntN(20))
	}
	return fmt.Sprintf("member %s %s level=%d", g.someAgent(), g.someQueue(), 1+2*g.rng.IntN(3))
}

// changeList replaces a queue's list by another order of some agents.
func (g *generator) changeList() string {
	text := "agents " + g.someQueue()
	for _, i := range g.rng.Perm(g.Agents)[:g.rng.IntN(g.Agents+1)] {
		text += fmt.Sprintf(" %s:%d", agentName(i), 1+2*g.rng.IntN(3))
	}
	return text
}

func (g *generator) join() string {
	text := fmt.Sprintf("agent %s queues=%s", g.someAgent(), g.places())
	if g.coin(3) {
		text += " registered=false"
	}
	if g.coin(3) {
		text += " status=BREAK"
	}
	return text
}

func (g *generator) reset() string {
	if g.coin(4) {
		return "resync"
	}
	return "reset queue " + g.someQueue()
}

func (g *generator) drop() string {
	if g.coin(3) {
		return "drop queue " + g.someQueue()
	}
	return "drop agent " + g.someAgent()
}

func (g *generator) restart() string {
	if g.coin(3) {
		return "restart confirm=none"
	}
	return "restart"
}

// polling names one of the seven, or of the host's own.
func (g *generator) polling() string {
	all := append(strategy.Seven(), g.Strategies...)
	return "polling_strategy=" + all[g.rng.IntN(len(all))].Name
}

// property writes a property with a value. The retry_interval of a queue stays:
// whether it acts on pauses that run is nobody's concern here.
func (g *generator) property() string {
	flags := []string{
		"wait_when_no_agents_online", "agent_auto_ready", "agent_auto_not_ready_after_non_acd_call", "enable_wrap_up",
		"enable_sticky_routing", "enable_exit_forward_rule", "play_periodic_music",
	}
	numbers := []struct {
		name      string
		low, span int
	}{
		{"ring_time", 3, 20},
		{"ring_limit", 0, 4},
		{"max_callers", 0, 6},
		{"max_waiting_time", 15, 300},
		{"sla_time", 0, 30},
		{"wrap_up_time", 0, 20},
		{"skill_wait", 0, 12},
		{"reject_delay", 0, 12},
		{"busy_delay", 1, 12},
		{"unreachable_delay", 1, 12},
		{"no_answer_delay", 0, 6},
		{"max_no_answer", 0, 4},
		{"offline_grace", 0, 40},
		{"alert_time", 0, 6},
		{"connect_time", 1, 10},
		{"talk_lease", 0, 120},
		{"priority", 0, 3},
		{"join_credit", 0, 60},
		{"resume_window", 0, 120},
		{"sticky_wait", 0, 20},
		{"intro_limit", 5, 30},
		{"inform_position_interval", 10, 30},
	}
	choices := []string{
		"wrap_up_scope=AGENT", "wrap_up_scope=QUEUE", "no_answer_scope=AGENT", "no_answer_scope=QUEUE",
		"skill_order=ASCENDING", "skill_order=DESCENDING", "connect=AUTO", "connect=MANUAL",
		"intro_type=NORMAL", "intro_type=FULL", "intro_type=DISABLED",
		"inform_position=DISABLE", "inform_position=ON_CONNECTED", "inform_position=PERIODICALLY", "callback_mode=ACTIVE", "callback_mode=TIMEOUT",
		"no_answer_forward_rule=HANGUP", "no_answer_forward_rule=FORWARD_TO_NUMBER:6000",
	}
	switch n := g.rng.IntN(10); {
	case n < 2:
		return g.polling()
	case n < 4:
		return fmt.Sprintf("%s=%t", flags[g.rng.IntN(len(flags))], g.coin(2))
	case n < 6:
		return choices[g.rng.IntN(len(choices))]
	default:
		p := numbers[g.rng.IntN(len(numbers))]
		return fmt.Sprintf("%s=%d", p.name, p.low+g.rng.IntN(p.span))
	}
}
