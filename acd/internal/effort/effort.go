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
	"math"
)

// Count is what one operation took.
type Count struct {
	Name string
	// Grows says what the operation must not depend on.
	Grows string
	// Sizes are how many of them there were, in the small centre and in the large one.
	Sizes [2]int
	// Steps are the basic blocks that were entered in each, on the mean of all rounds;
	// math.MaxFloat64 if the large one was given up.
	Steps [2]float64
}

// rounds is how often an operation is done, for the mean.
const rounds = 64

// Print does every operation and writes its Count.
func Print(w io.Writer) error {
	out := json.NewEncoder(w)
	for _, o := range operations {
		if err := out.Encode(o.count()); err != nil {
			return err
		}
	}
	return nil
}

// count does an operation in both centres.
func (o *operation) count() Count {
	c := Count{Name: o.name, Grows: o.grows, Sizes: o.sizes}
	if c.Sizes == [2]int{} {
		c.Sizes = [2]int{125, 4_000}
	}
	begin := blocks()
	c.Steps[0] = o.steps(c.Sizes[0], 0)
	used := blocks() - begin
	// What is made of as many more parts takes as many more steps, set-up included.
	c.Steps[1] = o.steps(c.Sizes[1], 2*used*uint64(c.Sizes[1]/c.Sizes[0]))
	return c
}

// steps makes a centre with n of what it is about and returns what the operation
// takes there; the largest number there is, if all of it takes more than so many
// steps, unless that is 0.
func (o *operation) steps(n int, limit uint64) float64 {
	took := math.MaxFloat64
	done := make(chan struct{})
	go func() { // ended by the centre at the limit
		defer close(done)
		c := newCentre()
		if limit > 0 {
			c.limit = blocks() + limit
		}
		do := o.in(c, n)
		do() // what the first one makes room for
		times, things := rounds, 1
		if o.each {
			times, things = 3, n
		}
		before := blocks()
		for range times {
			do()
		}
		took = float64(blocks()-before) / float64(times*things)
	}()
	<-done
	return took
}
