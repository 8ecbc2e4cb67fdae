package acdtest

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/acd"
)

// fold is what a store holds: of each key the last value of all batches.
type fold map[string]string

// add keeps changes as a store keeps a batch: an empty value deletes.
func (f fold) add(changes []acd.Change) error {
	for i := range changes {
		rec := changes[i].Record()
		switch {
		case rec.Key != changes[i].Key:
			return lawError("expected a change of " + changes[i].Key + " to have its record, came one of " + rec.Key)
		case len(rec.Value) == 0:
			delete(f, rec.Key)
		default:
			f[rec.Key] = string(rec.Value)
		}
	}
	return nil
}

// records yields what is kept, as Storage.Load does.
func (f fold) records() iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(f)) {
			if !yield(acd.Record{Key: key, Value: []byte(f[key])}, nil) {
				return
			}
		}
	}
}

// differs returns the first key of which the fold and the state of an engine know
// different things, "" if there is none. Offers are in no batch, and before the
// first one a store has nothing to say.
func (f fold) differs(state map[string]string) string {
	if len(f) == 0 {
		return ""
	}
	state = maps.Clone(state)
	maps.DeleteFunc(state, func(key, _ string) bool { return strings.HasPrefix(key, "offer/") })
	return difference(f, state)
}

// stateOf collects the whole state of an engine.
func stateOf(records iter.Seq[acd.Record]) map[string]string {
	state := map[string]string{}
	for rec := range records {
		state[rec.Key] = string(rec.Value)
	}
	return state
}

// difference returns the first key whose values differ, with both values; "" if
// there is none.
func difference(want, got map[string]string) string {
	if maps.Equal(want, got) {
		return ""
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if value, ok := got[key]; !ok {
			return key + ": nothing instead of " + printable(want[key])
		} else if value != want[key] {
			return key + ": " + printable(value) + " instead of " + printable(want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			return key + ": " + printable(got[key]) + " instead of nothing"
		}
	}
	return ""
}

// printable shortens a record for an error.
func printable(value string) string {
	const most = 2000
	if len(value) > most {
		value = value[:most] + "…"
	}
	return strings.ToValidUTF8(value, "?")
}
