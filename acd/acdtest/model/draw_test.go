package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// move is one drawn step: what is done, and four numbers that say to whom. What
// they mean depends on the state in which the step is taken, so that a shrunk
// sequence still does something.
type move struct{ what, a, b, c, d int }

func drawMove(r *rand.Rand) move {
	return move{r.IntN(1000), r.IntN(4096), r.IntN(4096), r.IntN(4096), r.IntN(4096)}
}

// dice are the source of a sequence. What rapid draws prefers small numbers, so that few
// moves were made often and many never: a few of its numbers together are a seed.
// What fails is shortened line by line (shorten), not by drawing less.
var dice = rapid.Custom(func(t *rapid.T) *rand.Rand {
	var a, b uint64
	for _, x := range rapid.SliceOfN(rapid.Uint64(), 16, 16).Draw(t, "seed") {
		a, b = even(b^x), even(a)
	}
	return rand.New(rand.NewPCG(a, b))
})

// even spreads drawn numbers evenly (the finalizer of SplitMix64).
func even(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// world says how much is drawn.
type world struct {
	queues, agents, calls, numbers int
	each                           []string // every queue has one of these
	kinds                          []kind
	total                          int
}

// kind is a kind of move and how often it is made.
type kind struct {
	weight int
	line   func(*world, *Model, move) string // "" if there is nothing to do it to
}

func (w *world) line(m *Model, v move) string {
	n := v.what * w.total / 1000
	for _, k := range w.kinds {
		if n < k.weight {
			return k.line(w, m, v)
		}
		n -= k.weight
	}
	return ""
}

func newWorld(kinds ...[]kind) *world {
	w := &world{queues: 3, agents: 5, calls: 6, numbers: 4, kinds: slices.Concat(kinds...)}
	for _, k := range w.kinds {
		w.total += k.weight
	}
	return w
}

func (w *world) queue(n int) string  { return fmt.Sprintf("q%d", 1+n%w.queues) }
func (w *world) agent(n int) string  { return fmt.Sprint(100 + n%w.agents) }
func (w *world) call(n int) string   { return fmt.Sprintf("c%d", 1+n%w.calls) }
func (w *world) number(n int) string { return fmt.Sprintf("555%d", n%w.numbers) }

// one returns one of a list, "" if it is empty.
func one(list []string, n int) string {
	if len(list) == 0 {
		return ""
	}
	return list[n%len(list)]
}

// those are the ids of the entries that are so.
func (m *Model) those(is func(*entry) bool) []string {
	var ids []string
	for _, e := range m.entries {
		if is(e) {
			ids = append(ids, e.id)
		}
	}
	return ids
}

func stateIs(state string) func(*entry) bool {
	return func(e *entry) bool { return e.state == state }
}

// ringing are "call agent" of the offers that run.
func (m *Model) ringing() []string {
	var out []string
	for _, e := range m.entries {
		for _, o := range e.offers {
			out = append(out, e.id+" "+o.agent.name)
		}
	}
	return out
}

// setUp draws queues and agents.
func (w *world) setUp(r *rand.Rand, properties []string) []string {
	var lines []string
	for i := range w.queues {
		text := fmt.Sprintf("queue q%d polling_strategy=%s ring_time=%d retry_interval=%d max_waiting_time=%d", i+1,
			strategies[r.IntN(len(strategies))], 2+r.IntN(7), 1+r.IntN(6),
			[]int{300, 60, 30, 20, 15}[r.IntN(5)])
		if len(w.each) > 0 {
			text += " " + w.each[r.IntN(len(w.each))]
		}
		for range r.IntN(6) {
			text += " " + properties[r.IntN(len(properties))]
		}
		lines = append(lines, distinctKeys(text))
	}
	for i := range w.agents {
		text := fmt.Sprintf("agent %s queues=", w.agent(i))
		which := 1 + r.IntN(1<<w.queues-1)
		var places []string
		for q := range w.queues {
			if which>>q&1 == 1 {
				places = append(places, fmt.Sprintf("q%d:%d", q+1, 1+4*r.IntN(3)))
			}
		}
		lines = append(lines, text+strings.Join(places, ","))
	}
	return lines
}

// distinctKeys keeps the last of each key.
func distinctKeys(line string) string {
	var out []string
	for word := range strings.FieldsSeq(line) {
		key, _, keyed := strings.Cut(word, "=")
		out = slices.DeleteFunc(out, func(w string) bool { return keyed && strings.HasPrefix(w, key+"=") })
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

var strategies = []string{
	"PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
	"SKILL_BASED_ROUTING_CYCLIC_HUNT", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
}

// The properties that are drawn, value by value.
var plain = []string{
	"wait_when_no_agents_online=true", "agent_auto_ready=false", "agent_auto_not_ready_after_non_acd_call=false",
	"enable_wrap_up=true wrap_up_time=4", "enable_wrap_up=true wrap_up_time=4 wrap_up_scope=QUEUE",
	"max_callers=1", "max_callers=2", "sla_time=5", "no_answer_forward_rule=FORWARD_TO_NUMBER:6000",
	"enable_night_mode=true", "skill_order=DESCENDING", "skill_wait=3", "reject_delay=0", "reject_delay=3",
	"busy_delay=2", "unreachable_delay=2", "no_answer_delay=0", "no_answer_delay=4",
	"max_no_answer=1", "max_no_answer=2", "max_no_answer=2 no_answer_scope=QUEUE",
	"offline_grace=0", "offline_grace=5", "alert_time=2", "priority=3", "join_credit=5", "enable_sticky_routing=false",
}

// ordinary are the moves of ordinary days.
var ordinary = []kind{
	{22, func(_ *world, _ *Model, v move) string { return "wait " + waits[v.a%len(waits)] }},
	{20, func(w *world, _ *Model, v move) string {
		text := fmt.Sprintf("call %s queue=%s", w.call(v.a), w.queue(v.b))
		switch v.c % 6 {
		case 0:
			text += fmt.Sprintf(" priority=%d", v.d%3)
		case 1:
			text += fmt.Sprintf(" credit=%d", v.d%4*3)
		case 2:
			text += fmt.Sprintf(" position=%d", 1+v.d%4)
		}
		return text
	}},
	{18, func(_ *world, m *Model, v move) string { return about("answer", one(m.ringing(), v.a)) }},
	{4, func(_ *world, m *Model, v move) string { return about("reject", one(m.ringing(), v.a)) }},
	{4, func(_ *world, m *Model, v move) string { return about("busy", one(m.ringing(), v.a)) }},
	{3, func(_ *world, m *Model, v move) string { return about("unreachable", one(m.ringing(), v.a)) }},
	{3, func(_ *world, m *Model, v move) string { return about("ringing", one(m.ringing(), v.a)) }},
	{2, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("%s %s %s", one([]string{"answer", "reject"}, v.c), w.call(v.a), w.agent(v.b))
	}},
	{8, func(_ *world, m *Model, v move) string { return about("end", one(m.those(stateIs(talking)), v.a)) }},
	{4, func(w *world, _ *Model, v move) string { return "hangup " + w.call(v.a) }},
	{1, func(w *world, _ *Model, v move) string { return "withdraw " + w.call(v.a) + " why" }},
	{10, func(w *world, _ *Model, v move) string {
		text := fmt.Sprintf("status %s %s", w.agent(v.a), statuses[v.b%len(statuses)])
		if v.c%3 == 0 {
			text += " queue=" + w.queue(v.d)
		}
		if v.c%5 == 0 {
			text += " reason=tea"
		}
		return text
	}},
	{5, func(w *world, _ *Model, v move) string {
		return one([]string{"register", "unregister"}, v.b) + " " + w.agent(v.a)
	}},
	{6, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("othercall %s %s id=x%d", w.agent(v.a), one([]string{"start", "ring", "end", "end"}, v.b), v.c%2)
	}},
}

func about(verb, ids string) string {
	if ids == "" || ids[0] == ' ' {
		return ""
	}
	return verb + " " + ids
}

var (
	waits    = strings.Fields("1 2 3 0.5 5 4 10 1.5 6 20")
	statuses = strings.Fields("READY BREAK NOT_READY LOGGED_OUT LOGGED_IN WRAP_UP LUNCH READY")
)

// everything is plain, and what rings several phones, connects by hand and lasts.
var everything = append(strings.Split(strings.Join(plain, "|"), "|"),
	"polling_strategy=RING_SIMULTANEOUSLY", "polling_strategy=RING_SIMULTANEOUSLY",
	"polling_strategy=RING_SIMULTANEOUSLY ring_limit=1", "polling_strategy=RING_SIMULTANEOUSLY ring_limit=2",
	"connect=MANUAL connect_time=3", "connect=MANUAL", "talk_lease=10", "talk_lease=4",
	"enable_exit_forward_rule=true exit_forward_rule=FORWARD_TO_VOICEMAIL:101",
)

// supervisors are the moves of those who change everything.
var supervisors = []kind{
	{6, func(_ *world, m *Model, v move) string { return m.media("connected", v.a) }},
	{4, func(_ *world, m *Model, v move) string { return m.media("connectfailed", v.a) }},
	{2, func(_ *world, m *Model, v move) string { return about("end", one(m.those(stateIs(connecting)), v.a)) }},
	{2, func(w *world, _ *Model, v move) string { return "end " + w.call(v.a) }},
	{5, func(w *world, _ *Model, v move) string { return "pickup " + w.call(v.a) + " " + w.agent(v.b) }},
	{5, func(w *world, _ *Model, v move) string { return "transfer " + w.call(v.a) + " queue=" + w.queue(v.b) }},
	{3, func(w *world, m *Model, v move) string {
		id := one(m.those(stateIs(talking)), v.a)
		if id == "" {
			return ""
		}
		return "handover " + id + " " + one([]string{w.agent(v.b), w.agent(v.b), w.agent(v.b), "999"}, v.c)
	}},
	{3, func(w *world, _ *Model, v move) string { return "release " + w.agent(v.a) }},
	{3, func(w *world, _ *Model, v move) string { return fmt.Sprintf("priority %s %d", w.call(v.a), v.b%3) }},
	{2, func(w *world, _ *Model, v move) string {
		return "key " + w.call(v.a) + " " + one([]string{"8", "5"}, v.b)
	}},
	{2, func(w *world, _ *Model, v move) string {
		return "confirm " + one([]string{w.call(v.a), "x0", "x1"}, v.b)
	}},
	{3, func(w *world, _ *Model, v move) string { return w.list(v) }},
	{2, func(w *world, _ *Model, v move) string {
		text := fmt.Sprintf("member %s %s", w.agent(v.a), w.queue(v.b))
		if v.c%2 == 0 {
			return text + fmt.Sprintf(" level=%d", 1+v.d%3*4)
		}
		return text + fmt.Sprintf(" wrap_up_time=%d", v.d%2*3)
	}},
	{2, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("agent %s queues=%s:%d status=%s", w.agent(v.a), w.queue(v.b), 1+v.d%3*4, statuses[v.c%len(statuses)])
	}},
	{4, func(w *world, _ *Model, v move) string { return "queue " + w.queue(v.a) + " " + one(everything, v.b) }},
	{1, func(_ *world, _ *Model, v move) string { return "night " + one([]string{"off", "on", "off"}, v.a) }},
	{1, func(w *world, _ *Model, v move) string { return "drop agent " + w.agent(v.a) }},
	{1, func(w *world, _ *Model, v move) string { return "drop queue " + w.queue(v.a) }},
}

// promises are the properties of queues that call back, one for each.
var promises = []string{
	"enable_callback=true callback_delay=0", "enable_callback=true callback_delay=3",
	"enable_callback=true callback_delay=0 callback_max_attempts=2 callback_retry_interval=60 callback_ring_time=5",
	"enable_callback=true callback_delay=0 callback_max_attempts=3 callback_retry_interval=60 callback_expires=150",
	"enable_callback=true callback_delay=1 callback_expires=20", "enable_callback=true",
	"enable_callback=true callback_mode=TIMEOUT callback_timeout=8", "enable_callback=false",
}

// promising are the other properties of such queues.
var promising = slices.Concat(known, promises, []string{
	"callback_ring_time=5", "callback_ring_time=7", "callback_outbound_prefix=0", "callback_max_attempts=2", "callback_delay=0",
	"callback_expires=70", "callback_retry_interval=61",
})

// callers are those who ask to be called back.
var callers = []kind{
	{30, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("call %s queue=%s from=%s", w.call(v.a), w.queue(v.b), w.number(v.c))
	}},
	{30, func(_ *world, m *Model, v move) string { return about("answer", one(m.ringing(), v.a)) }},
	{40, func(_ *world, m *Model, v move) string { return about("key", one(m.those(couldAsk), v.a)+" 3") }},
	{40, func(w *world, m *Model, v move) string {
		return about("number", one(m.those(asks), v.a)+" "+w.digits(v))
	}},
	{2, func(w *world, _ *Model, v move) string { return "number " + w.call(v.a) + " " + w.digits(v) }},
	{2, func(w *world, _ *Model, v move) string { return "key " + w.call(v.a) + " 3" }},
	{20, func(_ *world, m *Model, v move) string {
		return about("customer", one(m.those(stateIs(dialling)), v.a)+" "+one([]string{"answer", "busy", "noanswer", "answer"}, v.b))
	}},
	{3, func(w *world, _ *Model, v move) string { return "customer " + w.call(v.a) + " busy" }},
	{5, func(_ *world, m *Model, v move) string { return about("end", one(m.those(stateIs(dialling)), v.a)) }},
	{5, func(w *world, m *Model, v move) string {
		return about("pickup", one(m.those(promised), v.a)+" "+w.agent(v.b))
	}},
	{3, func(w *world, m *Model, v move) string {
		id := one(m.those(promised), v.a)
		if id == "" {
			return ""
		}
		return one([]string{
			"withdraw " + id, "transfer " + id + " queue=" + w.queue(v.c), "hangup " + id, "end " + id, "confirm " + id,
			"caller " + id + " from=5551", "call " + id + " queue=" + w.queue(v.c), "key " + id + " 8",
		}, v.b)
	}},
	{3, func(_ *world, m *Model, v move) string {
		return about("priority", one(m.those(promised), v.a)+fmt.Sprintf(" %d", v.b%3))
	}},
	{6, func(*world, *Model, move) string { return "wait 60" }},
	{4, func(w *world, _ *Model, v move) string {
		return "holdcallbacks " + w.queue(v.a) + " " + one([]string{"on", "off", "off"}, v.b)
	}},
}

// crashes are restarts, and what hosts say about calls afterwards.
var crashes = []kind{
	{12, func(_ *world, _ *Model, v move) string {
		return one([]string{"restart confirm=none", "restart", "resync", "restart confirm=none"}, v.a)
	}},
	{16, func(_ *world, m *Model, v move) string {
		return about("confirm", one(m.those(func(e *entry) bool { return e.unconfirmed }), v.a))
	}},
	{4, func(w *world, _ *Model, v move) string { return "confirm " + w.call(v.a) }},
}

// announcements are the properties of queues that play, one for each.
var announcements = []string{
	"inform_position=ON_CONNECTED", "inform_position=PERIODICALLY", "inform_position=ON_CONNECTED intro_type=NORMAL",
	"intro_type=FULL", "intro_type=FULL intro_limit=5 inform_position=ON_CONNECTED inform_position_interval=12",
	"intro_type=FULL inform_position=PERIODICALLY", "play_periodic_music=true play_periodic_music_interval=10 inform_position=PERIODICALLY",
	"play_periodic_music=true play_periodic_music_interval=13", "intro_type=NORMAL intro_limit=3",
	"enable_callback=true callback_mode=TIMEOUT callback_timeout=10 inform_position=PERIODICALLY play_periodic_music=true",
	"enable_callback=true callback_delay=0 inform_position=PERIODICALLY", "enable_callback=true intro_type=FULL",
}

// listeners are those to whom something is played until its end.
var listeners = []kind{
	{60, func(_ *world, m *Model, v move) string {
		ids := m.those(func(e *entry) bool { return e.hears.plays != "" })
		if len(ids) == 0 {
			return ""
		}
		e := m.entry(one(ids, v.a))
		return "played " + e.id + " " + e.hears.plays
	}},
	{6, func(w *world, _ *Model, v move) string {
		return "played " + w.call(v.a) + " " + one([]string{"intro", "moh", "position", "periodic", "callback_offer", "callback_dialogue"}, v.b)
	}},
}

func promised(e *entry) bool { return e.callback }
func asks(e *entry) bool     { return e.dialogue != 0 }
func couldAsk(e *entry) bool { return e.state == waiting && !e.callback && e.dialogue == 0 }

// digits are what a caller enters in the dialogue.
func (w *world) digits(v move) string {
	return one([]string{"#", "#", "#", w.number(v.c) + "#", w.number(v.c) + "#", "*", "12#", "5550"}, v.b)
}

// media is about a connection that is being made.
func (m *Model) media(verb string, n int) string {
	e := m.entry(one(m.those(stateIs(connecting)), n))
	if e == nil {
		return ""
	}
	return verb + " " + e.id + " " + e.who
}

// list replaces a queue's list.
func (w *world) list(v move) string {
	text := "agents " + w.queue(v.a)
	for i := range w.agents {
		if n := (i*7 + v.b) % w.agents; v.c>>i&1 == 1 && !strings.Contains(text, w.agent(n)) {
			text += fmt.Sprintf(" %s:%d", w.agent(n), 1+(v.d+i)%3*4)
		}
	}
	return text
}

// known are the properties of queues that know their callers.
var known = append(slices.Clone(everything), "sticky_wait=5", "sticky_wait=3", "resume_window=10", "resume_window=30", "sticky_wait=8", "sticky_wait=2")

// regulars are callers who have numbers, and lists that know them.
var regulars = []kind{
	{20, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("call %s queue=%s from=%s", w.call(v.a), w.queue(v.b), one([]string{w.number(v.c), w.number(v.c), "anonymous"}, v.d))
	}},
	{2, func(w *world, _ *Model, v move) string { return "vip " + w.number(v.a) }},
	{3, func(w *world, _ *Model, v move) string {
		text := fmt.Sprintf("exclusive %s %s %s", w.number(v.a), w.queue(v.b), w.agent(v.c))
		if v.d%2 == 0 && w.agent(v.c) != w.agent(v.d) {
			text += " " + w.agent(v.d)
		}
		return text
	}},
	{5, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("caller %s from=%s credit=%d", w.call(v.a), w.number(v.b), v.c%3*2)
	}},
	{3, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("othercall %s %s id=x%d number=%s", w.agent(v.a), one([]string{"start", "start", "ring", "end"}, v.d), v.c%2, w.number(v.b))
	}},
	{1, func(w *world, _ *Model, v move) string {
		return "block " + w.number(v.a) + " " + one([]string{"FIRST", "SECOND"}, v.b)
	}},
	{2, func(w *world, m *Model, v move) string {
		return about("key", one(m.those(stateIs(warning)), v.a)+" "+one([]string{"1", "2", "2"}, v.b))
	}},
	{2, func(w *world, m *Model, v move) string {
		return about("played", one(m.those(stateIs(warning)), v.a)+" warning")
	}},
}

// holdingBack are the properties of queues in which callers wait beside agents who are
// free, one for each.
var holdingBack = []string{
	"sticky_wait=8", "sticky_wait=20",
	"polling_strategy=SKILL_BASED_ROUTING_CYCLIC_HUNT skill_wait=6", "polling_strategy=SKILL_BASED_ROUTING_CYCLIC_HUNT skill_wait=20",
	"polling_strategy=SKILL_BASED_ROUTING_PRIORITIZED_HUNT skill_wait=4 sticky_wait=6",
	"polling_strategy=SKILL_BASED_ROUTING_LEAST_WORKED_HUNT skill_wait=10 sticky_wait=3",
}

// lists are the moves by which callers come to know other agents while they wait.
var lists = []kind{
	{30, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("call %s queue=%s from=%s", w.call(v.a), w.queue(v.b), w.number(v.c))
	}},
	{25, func(w *world, m *Model, v move) string {
		e := m.entry(one(m.those(stateIs(waiting)), v.a))
		if e == nil {
			return ""
		}
		text := fmt.Sprintf("exclusive %s %s %s", e.number, e.queue.name, w.agent(v.b))
		if v.d%2 == 0 && w.agent(v.b) != w.agent(v.c) {
			text += " " + w.agent(v.c)
		}
		if !identifies(e.number) {
			return ""
		}
		return text
	}},
	{8, func(w *world, m *Model, v move) string {
		return about("caller", one(m.those(stateIs(waiting)), v.a)+" from="+w.number(v.b))
	}},
	{8, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("othercall %s start id=x%d number=%s", w.agent(v.a), v.c%2, w.number(v.b))
	}},
	{8, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("othercall %s end id=x%d", w.agent(v.a), v.c%2)
	}},
	{4, func(w *world, _ *Model, v move) string {
		return fmt.Sprintf("queue %s %s", w.queue(v.a), one([]string{
			"sticky_wait=0", "sticky_wait=7", "skill_wait=0", "skill_wait=5", "enable_sticky_routing=false", "enable_sticky_routing=true",
			"polling_strategy=CYCLIC_HUNT", "polling_strategy=RING_SIMULTANEOUSLY", "polling_strategy=SKILL_BASED_ROUTING_CYCLIC_HUNT",
		}, v.b))
	}},
}
