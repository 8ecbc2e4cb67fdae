// Package model is the rules of RULES.md a second time: a deliberately naive
// implementation, for tests alone, that shares no code with the engine. Whatever
// falls due, whoever could be rung, is found by looking at everything; a queue is
// a map of properties, a status a word.
//
// A [Model] reads the lines of scenario scripts ([Model.Apply]) and writes the
// trace that a script must have ([Model.Trace]). The tests draw configurations and
// sequences of lines with pgregory.net/rapid, foresee every refusal, and compare
// engine and model after every line and instant: every event, every line, position,
// status and number. What they do not compare: the 80 % quantile of an estimate, which a
// trace does not show, what an estimate knows of its own instant (see stirred), and the
// order of what has none in the rules (see inOrder).
//
//	go test .                                              a few hundred sequences, always the same
//	go test . -run B35 -rapid.checks=100000 -timeout 0 -v  many, and what happened in them
//	go test . -rapid.seed=7                                others
//
// A disagreement is shortened and printed as a script; go run ./examples/scenario
// -trace FILE, in the root, shows what the engine makes of it. Then the model is
// wrong, or the engine, or the rules are silent: then the decision belongs into
// RULES.md.
package model
