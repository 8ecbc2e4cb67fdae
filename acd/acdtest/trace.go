package acdtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// TraceLine is one line of a trace: what happened, and when.
type TraceLine struct {
	At     time.Duration // since the script began
	Kind   string        // joined, ring, …
	Fields []Field       // in the order of the format; what does not apply is left out
}

// Field is a key and its value.
type Field struct{ Key, Value string }

// Get returns the value of a field, "" if the line has none of that key.
func (t TraceLine) Get(key string) string {
	for _, f := range t.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return ""
}

// String returns TIME KIND key=value …; [ParseTraceLine] reads it back.
func (t TraceLine) String() string {
	return formatDuration(t.At) + " " + t.what()
}

// what is the line without its time.
func (t TraceLine) what() string {
	var b strings.Builder
	b.WriteString(t.Kind)
	for _, f := range t.Fields {
		b.WriteString(" " + quote(f.Key, true) + "=" + quote(f.Value, false))
	}
	return b.String()
}

// ParseTraceLine reads what TraceLine.String returns. Unknown kinds and keys are
// errors.
func ParseTraceLine(line string) (TraceLine, error) {
	words, err := splitWords(line)
	if err != nil {
		return TraceLine{}, fmt.Errorf("acdtest: trace line: %w", err)
	}
	if len(words) < 2 || words[0].keyed || words[1].keyed {
		return TraceLine{}, fmt.Errorf("acdtest: trace line must begin with TIME KIND")
	}
	at, ok := parseSeconds(words[0].text)
	if !ok {
		return TraceLine{}, fmt.Errorf("acdtest: trace line: time %s: must be seconds", words[0].text)
	}
	k, err := findKind(words[1].text)
	if err != nil {
		return TraceLine{}, fmt.Errorf("acdtest: %w", err)
	}
	t := TraceLine{At: at, Kind: k.name}
	for _, w := range words[2:] {
		if !w.keyed {
			return TraceLine{}, fmt.Errorf("acdtest: trace line: unknown word %s", quote(w.text, false))
		}
		t.Fields = append(t.Fields, Field{w.key, w.text})
	}
	if err := k.check(t.Fields); err != nil {
		return TraceLine{}, fmt.Errorf("acdtest: trace line: %w", err)
	}
	return t, nil
}

// fields collects the fields of a trace line.
type fields []Field

// text adds a text, unless it is empty: then it does not apply.
func (f fields) text(key, value string) fields {
	if value == "" {
		return f
	}
	return append(f, Field{key, value})
}

func (f fields) number(key string, n int) fields {
	return append(f, Field{key, strconv.Itoa(n)})
}

func (f fields) time(key string, d time.Duration) fields {
	return append(f, Field{key, formatDuration(d)})
}

func about(a acd.About) fields { return fields{}.call(a.Call) }

func (f fields) call(id queue.CallID) fields { return f.text("call", string(id)) }
func (f fields) queue(id queue.ID) fields    { return f.text("queue", string(id)) }
func (f fields) agent(id agent.ID) fields    { return f.text("agent", string(id)) }

// traceOf returns the kind and fields of an event's trace line; kind is "" if the
// trace does not tell it. Statuses are told by runner.tellStatus.
func traceOf(do acd.Action) (kind string, f fields) {
	switch do := do.(type) {
	case *acd.CallJoined:
		return "joined", about(do.About).queue(do.Queue).number("position", do.Position)
	case *acd.Ring:
		f = about(do.About).agent(do.Agent).queue(do.Queue).number("round", do.Why.Round)
		if do.Why.Level != 0 {
			f = f.number("level", do.Why.Level)
		}
		return "ring", f.text("why", do.Why.By.String())
	case *acd.OfferEnded:
		return "offer_end", about(do.About).agent(do.Agent).text("end", do.End.String())
	case *acd.Connect:
		if do.Manual {
			return "connecting", about(do.About).agent(do.Agent)
		}
	case *acd.CallConnected:
		return "connect", about(do.About).agent(do.Agent).time("wait", do.Wait).text("why", do.By.String())
	case *acd.CallLeft:
		f = about(do.About).queue(do.Queue).text("outcome", do.Outcome.String())
		if do.To != nil {
			f = f.text("to", do.To.String())
		}
		return "leave", f.text("reason", do.Reason)
	case *acd.Play:
		f = about(do.About).text("what", do.What.String()).number("position", do.Position)
		if do.Estimate != nil {
			f = f.time("estimate", do.Estimate.Mean)
		}
		return "play", f
	case *acd.StopPlay:
		return "stop_play", about(do.About).text("what", do.What.String())
	case *acd.Dial:
		return "dial", about(do.About).agent(do.Agent).text("number", do.Number).number("attempt", do.Attempt)
	case *acd.StopDialling:
		return "stop_dial", about(do.About).agent(do.Agent).text("number", do.Number).number("attempt", do.Attempt)
	case *acd.CallbackChanged:
		return "callback", about(do.About).text("state", do.State.String())
	case *acd.TalkEnded:
		return "talk_end", about(do.About).agent(do.Agent).text("by", do.By.String()).time("talk", do.Talk)
	case *acd.SLABreached:
		return "sla", about(do.About).queue(do.Queue)
	case *acd.QueueUnstaffed:
		return "unstaffed", fields{}.queue(do.Queue)
	case *acd.Confirm:
		return "confirm", about(do.About).queue(do.Queue)
	}
	return "", nil
}

// membership names an agent in a queue.
type membership struct {
	agent agent.ID
	queue queue.ID
}

// shown is what a membership reads as.
type shown struct {
	status agent.Status
	reason string
}

// tellStatus adds a line for every membership of an agent that reads otherwise
// than it did when last looked at.
func (r *runner) tellStatus(view acd.AgentView) {
	for _, m := range view.Members {
		now := shown{status: m.Status}
		if m.Status == m.Set {
			now.reason = m.Reason // it belongs to the stored status
		}
		key := membership{view.ID, m.Queue}
		if was, ok := r.shown[key]; ok && was == now {
			continue
		}
		r.shown[key] = now
		r.add("status", fields{}.agent(view.ID).queue(m.Queue).text("status", now.status.String()).text("reason", now.reason))
	}
}
