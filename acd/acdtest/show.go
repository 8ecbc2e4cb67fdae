package acdtest

import "github.com/acdkit/acdkit/acd"

// Show returns what the show lines of a script say of everything that an engine
// holds: of each queue its line and its numbers, then the agents, then the calls, by
// id. It is for tests that compare an engine with something else; the engine must
// not be used meanwhile.
func Show(e *acd.Engine) []TraceLine {
	r := &runner{engine: e, now: e.Now()}
	show := func(how func(*line) error, id string) {
		_ = how(&line{args: []string{id}}) // it is there: the engine has just said so
	}
	for q := range e.Queues() {
		show(r.showLine, string(q.ID))
		show(r.showQueue, string(q.ID))
	}
	for a := range e.Agents() {
		show(r.showAgent, string(a.ID))
	}
	for c := range e.Calls() {
		show(r.showCall, string(c.ID))
	}
	return r.trace
}
