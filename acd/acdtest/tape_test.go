package acdtest

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// tape turns bytes into inputs and steps of time, and inputs into bytes: each
// choice is a byte, so that whatever a fuzzer changes is another story, not
// nonsense. Ids are few, for things to meet; some are no good.
type tape struct {
	data    []byte
	at      int
	writing bool

	now    agent.Instant
	offers []acd.OfferID             // made so far
	names  map[reflect.Type][]string // while writing: what became of a script's ids
}

// garbage are texts that no host should hand in, or only a strange one.
var garbage = []string{
	"", " ", "\x00", "\xff", "a\nb", "a/b%2F?#\"\\", "null", "\u202e\u2028é", strings.Repeat("x", 129), strings.Repeat("é", 1025),
}

// The tables of what a byte can mean.
var (
	someIDs = map[reflect.Type][]string{
		reflect.TypeFor[queue.ID]():     append([]string{"q0", "q1", "q2", "q3"}, garbage...),
		reflect.TypeFor[agent.ID]():     append([]string{"1", "2", "3", "4", "5", "6", "7", "8"}, garbage...),
		reflect.TypeFor[queue.CallID](): append([]string{"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"}, garbage...),
		reflect.TypeFor[acd.ServerID](): append([]string{"s0", "s1", "s2", "internal"}, garbage...),
		reflect.TypeFor[string](): append([]string{
			"", "0301", "0302", "0303", "anonymous", "8", "3", "1", "2", "#", "*", "0301#", "0302#", "x1", "x2", "192.0.2.1", "2001:db8::1",
		}, garbage...),
	}
	someTimes = []time.Duration{
		0, time.Nanosecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second,
		time.Minute, 5 * time.Minute, time.Hour, -time.Second, 24 * time.Hour, 1500 * time.Millisecond, math.MaxInt64, math.MinInt64,
	}
	someInts  = []int64{0, 1, 2, 3, 4, 5, 9, 50, 100, 101, -1, math.MaxInt32, math.MaxInt64, math.MinInt64}
	someTexts = []string{ // of properties
		"true", "false", "0", "1", "2", "3", "5", "10", "15", "20", "30", "60", "120", "300", "600", "3600", "-1", "99999999999999999999", "", "x",
		"RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
		"SKILL_BASED_ROUTING_CYCLIC_HUNT", "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", "AGENT", "QUEUE", "AUTO", "MANUAL", "ASCENDING",
		"DESCENDING", "DISABLE", "NORMAL", "FULL", "PERIODICALLY", "ON_CONNECTED", "ACTIVE", "TIMEOUT", "HANGUP",
		"FORWARD_TO_NUMBER:8001", "FORWARD_TO_NUMBER:6000", "FORWARD_TO_VOICEMAIL:1", "8000", "8001", "8002", "8003",
	}
	steps = []time.Duration{ // of time
		0, time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second,
		30 * time.Second, time.Minute, 5 * time.Minute, time.Hour, -time.Second, -time.Hour,
	}
)

// toDeadline is the step of time that goes on to the next deadline.
var toDeadline = len(steps)

// inputTypes are the types of inputs. TestTape looks that none is missing.
var inputTypes = []reflect.Type{
	reflect.TypeFor[acd.CreateQueue](), reflect.TypeFor[acd.ChangeQueue](), reflect.TypeFor[acd.DeleteQueue](),
	reflect.TypeFor[acd.ResetQueue](), reflect.TypeFor[acd.AddAgent](), reflect.TypeFor[acd.SetAgents](),
	reflect.TypeFor[acd.ChangeMember](), reflect.TypeFor[acd.RemoveMember](), reflect.TypeFor[acd.DeleteAgent](),
	reflect.TypeFor[acd.SetStatus](), reflect.TypeFor[acd.FreeAgent](), reflect.TypeFor[acd.Registered](),
	reflect.TypeFor[acd.OtherCall](), reflect.TypeFor[acd.Alerting](), reflect.TypeFor[acd.Answered](),
	reflect.TypeFor[acd.Refused](), reflect.TypeFor[acd.MediaJoined](), reflect.TypeFor[acd.MediaFailed](),
	reflect.TypeFor[acd.Join](), reflect.TypeFor[acd.HangUp](), reflect.TypeFor[acd.EndTalk](), reflect.TypeFor[acd.Withdraw](),
	reflect.TypeFor[acd.ChangePriority](), reflect.TypeFor[acd.Pickup](), reflect.TypeFor[acd.Transfer](),
	reflect.TypeFor[acd.HandOver](), reflect.TypeFor[acd.ChangeCaller](), reflect.TypeFor[acd.Hold](),
	reflect.TypeFor[acd.ConfirmCall](), reflect.TypeFor[acd.KeyPressed](), reflect.TypeFor[acd.PromptEnded](),
	reflect.TypeFor[acd.EnterNumber](), reflect.TypeFor[acd.CustomerReplied](), reflect.TypeFor[acd.HoldCallbacks](),
	reflect.TypeFor[acd.SetVIP](), reflect.TypeFor[acd.RemoveVIP](), reflect.TypeFor[acd.SetExclusive](),
	reflect.TypeFor[acd.RemoveExclusive](), reflect.TypeFor[acd.SetBlocked](), reflect.TypeFor[acd.RemoveBlocked](),
	reflect.TypeFor[acd.EnableBlocking](), reflect.TypeFor[acd.SetNight](), reflect.TypeFor[acd.AddServer](),
	reflect.TypeFor[acd.EnableServer](), reflect.TypeFor[acd.DeleteServer](), reflect.TypeFor[acd.ReportServer](),
	reflect.TypeFor[acd.Resync](), reflect.TypeFor[acd.Recover](),
}

// next reads what comes next: an input, or a step of time as its number in steps.
func (t *tape) next() (in acd.Input, step int) {
	n := t.choose(toDeadline+1+len(inputTypes), 0)
	if n <= toDeadline {
		return nil, n
	}
	v := reflect.New(inputTypes[n-toDeadline-1]).Elem()
	t.walk(v)
	return v.Interface().(acd.Input), 0
}

// more reports whether there is anything left to read.
func (t *tape) more() bool { return t.at < len(t.data) }

// record writes an input.
func (t *tape) record(in acd.Input) {
	t.writing = true
	v := reflect.New(reflect.TypeOf(in)).Elem()
	v.Set(reflect.ValueOf(in))
	t.choose(0, toDeadline+1+slices.Index(inputTypes, v.Type()))
	t.walk(v)
}

// pass writes steps of time that come to d, as nearly as they can.
func (t *tape) pass(d time.Duration) {
	t.writing = true
	for i := len(steps) - 1; i > 0; i-- {
		for ; steps[i] > 0 && d >= steps[i]; d -= steps[i] {
			t.choose(0, i)
		}
	}
}

// choose reads a number below n, or writes one.
func (t *tape) choose(n, chosen int) int {
	if t.writing {
		t.data = append(t.data, byte(max(chosen, 0)))
		return max(chosen, 0)
	}
	if t.at >= len(t.data) {
		return 0
	}
	t.at++
	return int(t.data[t.at-1]) % n
}

// walk reads into v, or writes it.
func (t *tape) walk(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *acd.OfferID:
		t.offer(x)
		return
	case *queue.Config:
		t.config(x)
		return
	case *agent.Instant:
		table := []agent.Instant{0, 1, t.now.Add(-time.Second), t.now.Add(10 * time.Second), t.now.Add(time.Hour), math.MaxInt64, math.MinInt64}
		*x = table[t.choose(len(table), 0)]
		return
	case *time.Duration:
		*x = someTimes[t.choose(len(someTimes), slices.Index(someTimes, *x))]
		return
	}
	switch v.Kind() {
	case reflect.String:
		table := someIDs[v.Type()]
		v.SetString(table[t.choose(len(table), t.place(v))])
	case reflect.Bool:
		v.SetBool(t.choose(2, map[bool]int{true: 1}[v.Bool()]) == 1)
	case reflect.Int:
		v.SetInt(someInts[t.choose(len(someInts), slices.Index(someInts, v.Int()))])
	case reflect.Uint8:
		v.SetUint(uint64(t.choose(16, int(v.Uint()))))
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(t.choose(8, int(v.Uint()))))
	case reflect.Pointer:
		if t.choose(2, map[bool]int{true: 1}[!v.IsNil()]) == 1 {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			t.walk(v.Elem())
		}
	case reflect.Slice:
		const most = 6
		n := t.choose(most, min(v.Len(), most-1))
		if !t.writing {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range n {
			t.walk(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			t.walk(v.Field(i))
		}
	default:
		panic(fmt.Sprintf("a tape has no bytes for %v", v.Type()))
	}
}

// place returns which text of its table stands for v while writing.
func (t *tape) place(v reflect.Value) int {
	if !t.writing {
		return 0
	}
	text, of := v.String(), v.Type()
	if i := slices.Index(someIDs[of], text); i >= 0 {
		return i
	}
	i := slices.Index(t.names[of], text)
	if i < 0 {
		if t.names == nil {
			t.names = map[reflect.Type][]string{}
		}
		i = len(t.names[of])
		t.names[of] = append(t.names[of], text)
	}
	if of.Kind() == reflect.String && of.Name() == "string" {
		return 1 + i%3
	}
	return i % (len(someIDs[of]) - len(garbage))
}

// offer reads one of the latest offers.
func (t *tape) offer(id *acd.OfferID) {
	const latest = 14
	i := slices.Index(t.offers, *id)
	switch n := t.choose(latest+2, min(latest, max(0, len(t.offers)-1-i))); {
	case n == latest:
		*id = acd.OfferID{}
	case n > latest:
		*id = acd.OfferID{Epoch: math.MaxUint32, N: math.MaxUint64}
	case n < len(t.offers):
		*id = t.offers[len(t.offers)-1-n]
	}
}

// config reads the properties that are not as they are by default.
func (t *tape) config(c *queue.Config) {
	all := queue.Properties()
	if t.writing {
		changed := differing(*c)
		t.choose(0, len(changed))
		for _, p := range changed {
			t.choose(0, slices.IndexFunc(all, func(q queue.Property) bool { return q.Name == p.Key }))
			t.choose(0, slices.Index(someTexts, p.Value))
		}
		return
	}
	*c = queue.Defaults()
	c.Name = "Q"
	const most = 12
	for range t.choose(most, 0) {
		name, text := all[t.choose(len(all), 0)].Name, someTexts[t.choose(len(someTexts), 0)]
		_ = c.Set(name, text) // what has no meaning stays as it is
	}
	if c.Number == "" {
		c.Number = "8000"
	}
}

// differing lists the properties of c that are not as by default, as texts.
func differing(c queue.Config) (list []Field) {
	was, is := propertiesOf(queue.Defaults()), propertiesOf(c)
	for _, p := range queue.Properties() {
		if text := is[p.Name]; text != was[p.Name] && slices.Contains(someTexts, text) {
			list = append(list, Field{p.Name, text})
		}
	}
	return list
}

// propertiesOf returns the properties of c as texts that Set takes.
func propertiesOf(c queue.Config) map[string]string {
	texts := map[string]string{}
	fields := map[string]any{}
	data, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(data, &fields)
	}
	if err != nil {
		return texts // a script may well ask for what is refused
	}
	for name, v := range fields {
		if rule, ok := v.(map[string]any); ok {
			texts[name] = strings.TrimSuffix(fmt.Sprint(rule["action"], ":", rule["number"]), ":<nil>")
		} else {
			texts[name] = fmt.Sprint(v)
		}
	}
	return texts
}
