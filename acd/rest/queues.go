package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// queueTable is the list of queues.
var queueTable = table[acd.QueueView]{
	{field{"id", text}, func(q *acd.QueueView) value { return textOf(string(q.ID)) }},
	{field{"name", text}, func(q *acd.QueueView) value { return textOf(q.Config.Name) }},
	{field{"extension_number", text}, func(q *acd.QueueView) value { return textOf(q.Config.Number) }},
	{field{"ring_time", number}, func(q *acd.QueueView) value { return numberOf(int64(q.Config.RingTime.Seconds())) }},
	{field{"polling_strategy", text}, func(q *acd.QueueView) value { return textOf(q.Config.PollingStrategy) }},
}

// referenceTable is a list of queues that only names them.
var referenceTable = queueTable[:3]

func listQueues(rq *request) (*reply, error) {
	return list(rq, queueTable, source[acd.QueueView]{all: plainly(rq.router.Queues())}, acd.MaxPage)
}

// queue returns the queue that the path names.
func (rq *request) queue(parameter string) (acd.QueueView, error) {
	return rq.router.Queue(queue.ID(rq.PathValue(parameter)))
}

func createQueue(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	if f.find("polling_strategy") == nil {
		f.miss("polling_strategy", "must be the name of a strategy")
	}
	config, err := rq.configure(f, queue.Defaults(), nil)
	if err != nil {
		return nil, err
	}
	in := acd.CreateQueue{Queue: queue.ID(acd.NewID()), Config: config}
	if err := rq.do(in); err != nil {
		return nil, err
	}
	b := appendField([]byte{'{'}, "id", textOf(string(in.Queue)))
	b = append(appendName(b, "warnings"), '[')
	warnings, _ := rq.router.CheckConfig(config) // it was accepted
	for i, w := range warnings {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, w)
	}
	return object(append(b, ']')), nil
}

// properties are the properties of a queue by name.
var properties = func() map[string]queue.Property {
	all := make(map[string]queue.Property)
	for _, p := range queue.Properties() {
		all[p.Name] = p
	}
	return all
}()

// configure puts what a form says onto a configuration and returns all that is wrong
// with it; ranges alone are left to the router. now is the queue as it is shown, nil if it is new.
func (rq *request) configure(f *form, config queue.Config, now []byte) (queue.Config, error) {
	number := config.Number
	given := []byte{'{'}
	for _, p := range f.pairs {
		property, known := properties[p.name]
		if !known {
			continue
		}
		f.taken[p.name] = true
		f.within(p, property.Kind)
		if !isNull(p.raw) {
			given = append(appendName(given, p.name), p.raw...)
		} else if err := config.Set(p.name, property.Default); err != nil {
			f.problems = append(f.problems, problemsOf(err)...)
		}
	}
	err := config.UnmarshalJSON(append(given, '}'))
	if err != nil {
		f.problems = append(f.problems, problemsOf(err)...)
	}
	if now != nil && config.Number != number {
		f.problems = append(f.problems, fmt.Sprintf("extension_number %s: must be %s: it is immutable", shown(config.Number), number))
		config.Number = number
	}
	for _, of := range [][2]string{{"intro_prompt_file_id", config.IntroPromptFileID}, {"moh_prompt_file_id", config.MOHPromptFileID}} {
		if f.find(of[0]) != nil && of[1] != "" {
			if err := rq.checkPrompt(f, of[0], of[1]); err != nil {
				return config, err
			}
		}
	}
	if bad := f.done(now); bad == nil {
		return config, nil
	}
	if _, bad := rq.router.CheckConfig(config); bad != nil && err == nil {
		f.problems = append(f.problems, problemsOf(bad)...)
	}
	return config, invalid(f.problems)
}

// within checks the names within a property that is an object, or a list of them.
func (f *form) within(p pair, kind queue.Kind) {
	switch kind {
	case queue.KindForwardRule:
		f.exactly(p.name, p.raw, "action", "number")
	case queue.KindCallerIDs:
		var all []json.RawMessage
		_ = json.Unmarshal(p.raw, &all) // if it is none the configuration says so
		for i, raw := range all {
			if f.full() {
				return
			}
			f.exactly(fmt.Sprintf("%s[%d]", p.name, i), raw, "provider_id", "caller_id", "description")
		}
	}
}

func getQueue(rq *request) (*reply, error) {
	q, err := rq.queue("id")
	if err != nil {
		return nil, err
	}
	if rq.handler.options.Prompts == nil && names(rq.Header.Values("If-None-Match"), etag(q.Revision), true) {
		return (&reply{status: http.StatusNotModified}).of(q.Revision), nil
	}
	b, err := rq.showQueue(&q)
	if err != nil {
		return nil, err
	}
	return (&reply{status: http.StatusOK, body: b}).of(q.Revision), nil
}

// showQueue returns a queue as it is shown.
func (rq *request) showQueue(q *acd.QueueView) ([]byte, error) {
	raw, err := q.Config.MarshalJSON()
	if err != nil {
		return nil, err
	}
	f, err := readForm(raw)
	if err != nil {
		return nil, err
	}
	b := appendField([]byte{'{'}, "id", textOf(string(q.ID)))
	for _, p := range f.pairs {
		shown, err := withBlanks(p)
		if err != nil {
			return nil, err
		}
		b = appendRaw(b, p.name, shown)
		if prompt, ok := strings.CutSuffix(p.name, "_file_id"); ok {
			if b, err = rq.appendPrompt(b, prompt, p.raw); err != nil {
				return nil, err
			}
		}
	}
	b = appendField(b, "revision", numberOf(q.Revision))
	b = appendField(b, "server_id", textOf(string(q.Server)))
	return append(b, '}'), nil
}

// withBlanks returns the value of a property with what it leaves out as null.
func withBlanks(p pair) ([]byte, error) {
	switch properties[p.name].Kind {
	case queue.KindForwardRule:
		if isNull(p.raw) {
			return p.raw, nil
		}
		var rule queue.ForwardRule
		if err := json.Unmarshal(p.raw, &rule); err != nil {
			return nil, err
		}
		return append(appendField(appendField([]byte{'{'}, "action", textOf(rule.Action.String())), "number", textOf(rule.Number)), '}'), nil
	case queue.KindCallerIDs:
		var ids []queue.OutboundCallerID
		if err := json.Unmarshal(p.raw, &ids); err != nil {
			return nil, err
		}
		b := []byte{'['}
		for i, id := range ids {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendField(append(b, '{'), "provider_id", textOf(id.ProviderID))
			b = appendField(b, "caller_id", textOf(id.CallerID))
			b = append(appendField(b, "description", textOf(id.Description)), '}')
		}
		return append(b, ']'), nil
	default:
		return p.raw, nil
	}
}

// configured returns the queue that the path names, and the revision of its configuration.
func (rq *request) configured() (acd.QueueView, uint64, error) {
	q, err := rq.queue("id")
	return q, q.Revision, err
}

func updateQueue(rq *request) (*reply, error) {
	return revise(rq, rq.configured, func(q acd.QueueView, f *form) (acd.Input, error) {
		now, err := rq.showQueue(&q)
		if err != nil {
			return nil, err
		}
		config, err := rq.configure(f, q.Config, now)
		return acd.ChangeQueue{Queue: q.ID, Config: config, Revision: q.Revision}, err
	})
}

func destroyQueue(rq *request) (*reply, error) {
	return destroy(rq, rq.configured, func(q acd.QueueView, revision uint64) acd.Input {
		return acd.DeleteQueue{Queue: q.ID, Revision: revision}
	})
}

// getQueueStatus answers with the status, and with what a board shows beside it.
func getQueueStatus(rq *request) (*reply, error) {
	q, err := rq.queue("id")
	if err != nil {
		return nil, err
	}
	status := "OFFLINE"
	if q.Online {
		status = "ONLINE"
	}
	b := appendField(append(make([]byte, 0, 192), '{'), "status", textOf(status))
	b = appendField(b, "server_id", textOf(string(q.Server)))
	b = appendField(b, "agents", numberOf(q.Agents))
	b = appendField(b, "logged_in", numberOf(q.LoggedIn))
	b = appendField(b, "staffed", numberOf(q.Staffed))
	b = appendField(b, "waiting", numberOf(q.Waiting))
	b = appendField(b, "talking", numberOf(q.Talking))
	b = appendField(b, "callbacks", numberOf(q.Callbacks.Open()))
	longest := int64(0)
	if !q.Oldest.IsZero() {
		longest = rq.since(q.Oldest)
	}
	return object(appendField(b, "longest_waiting_time", numberOf(longest))), nil
}
