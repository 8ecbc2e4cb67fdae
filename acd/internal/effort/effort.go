// Package effort counts the elementary steps that an operation of the engine takes
// in a small centre and in a large one: every basic block that is entered counts
// one, a turn of a loop and a comparison of a heap included. Nothing is measured in
// time, so that the counts are the same on every machine and under every load; what
// the standard library does with a slice or a map is not counted.
//
//	go test ./acd/internal/effort -v
//
// It is for its test alone. Command count beside it is what the test builds so that
// the compiler counts.
package effort

import (
	"encoding/json"
	"io"
)

// Count is what one operation took.
type Count struct {
	Name string
	// Grows says what the operation must not depend on.
	Grows string
	// Sizes are how many of them there were, Steps what the operation took then.
	Sizes [2]int
	Steps [2]float64
}

// rounds is how often an operation is done, for the mean.
const rounds = 64

// Print does every operation and writes its Count.
func Print(w io.Writer) error {
	out := json.NewEncoder(w)
	for _, o := range operations {
		c := Count{Name: o.name, Grows: o.grows, Sizes: o.sizes}
		if c.Sizes == [2]int{} {
			c.Sizes = [2]int{250, 8_000}
		}
		for i, n := range c.Sizes {
			do := o.in(newCentre(), n)
			do() // what the first one makes room for
			times, things := rounds, 1
			if o.each {
				times, things = 3, n
			}
			before := blocks()
			for range times {
				do()
			}
			c.Steps[i] = float64(blocks()-before) / float64(times*things)
		}
		if err := out.Encode(c); err != nil {
			return err
		}
	}
	return nil
}
