// Package agent is about who answers calls: the [Agent], his one line, his
// status in each queue and what each queue remembers of him.
//
// An agent is a person with one extension and any number of memberships, one
// per queue. Two things together say what he reads as in a queue:
//
//   - his line, of which he has one for all queues: free, being rung, on a
//     queue's call, on another call (B12);
//   - the status stored in the membership: [Ready], [Break], … (B10).
//
// [Agent.Status] computes the one from the two (B11). The rules by which a
// status changes by itself stand in one table, see transition.go.
//
// The package is pure: it reads no clock, starts no goroutine and holds no
// lock. Every method takes the time it happens at. What falls due later is data
// ([Agent.Due]); the owner calls [Agent.Wake] then. Nothing here is safe for
// concurrent use.
//
// It is not a directory of people: nothing in it finds an agent by id, and it
// emits no events. Package acd does both.
package agent
