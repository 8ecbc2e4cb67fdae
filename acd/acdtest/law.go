package acdtest

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/acd"
)

// checkLaws looks at what must hold after every step.
func (r *runner) checkLaws(events []acd.Event) error {
	if err := r.engine.Check(); err != nil {
		return lawError("expected the engine to be sound, came " + err.Error())
	}
	if err := r.watch.step(r.engine, events); err != nil {
		return lawError(err.Error())
	}
	state := stateOf(r.engine.Records())
	if r.restoring > 0 && r.steps%r.restoring == 0 {
		if err := r.restores(state); err != nil {
			return err
		}
	}
	if key := r.store.differs(state); key != "" {
		return lawError("expected the changes so far to add up to the state, came another " + key)
	}
	return nil
}

// restores checks that an engine restored from a state, offers included, is in
// it: that nobody could tell.
func (r *runner) restores(state map[string]string) error {
	other, err := r.newEngine()
	if err != nil {
		return err
	}
	if err := other.Restore(fold(state).records()); err != nil {
		return lawError("expected the state to be restored, came " + err.Error())
	}
	if key := difference(state, stateOf(other.Records())); key != "" {
		return lawError("expected a restored engine to be the same, came another " + key)
	}
	at1, ok1 := r.engine.NextDeadline()
	at2, ok2 := other.NextDeadline()
	if ok1 != ok2 || !at1.Equal(at2) {
		return lawError(fmt.Sprintf("expected a restored engine to have its next deadline at %v (%t), came %v (%t)", at1, ok1, at2, ok2))
	}
	if key := viewDifference(r.engine, other); key != "" {
		return lawError("expected a restored engine to read the same, came another " + key)
	}
	return nil
}

// viewDifference compares what two engines let a host read.
func viewDifference(a, b *acd.Engine) string {
	var problems []string
	problems = append(problems, apart("queue", a.Queues(), b.Queues())...)
	problems = append(problems, apart("agent", a.Agents(), b.Agents())...)
	problems = append(problems, apart("call", a.Calls(), b.Calls())...)
	return strings.Join(problems, "; ")
}

// apart compares two sequences of views; those that are not the same through and
// through by their JSON, which makes no difference between no list and an empty one.
func apart[V any](what string, a, b iter.Seq[V]) []string {
	others := slices.Collect(b)
	i := 0
	for x := range a {
		if i == len(others) {
			return []string{what + ": nothing instead of " + asJSON(x)}
		}
		y := others[i]
		i++
		if reflect.DeepEqual(x, y) {
			continue
		}
		if p, q := asJSON(x), asJSON(y); p != q {
			return []string{what + ": " + q + " instead of " + p}
		}
	}
	if i < len(others) {
		return []string{what + ": " + asJSON(others[i]) + " instead of nothing"}
	}
	return nil
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(string(text), "[]", "null") // an empty list is an empty list
}
