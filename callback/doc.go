// Package callback is about callers who would rather be rung back than wait: what
// a queue allows ([Policy]), how a caller asks for it ([Dialogue]), the promise
// itself ([Request]) and its life, and the [Book] of a queue's open promises.
//
// A callback keeps the caller's place: an entry of the same age and priority
// stands in the line instead of the call (B82). When it is its turn the agent is
// rung first, and when he answers, the customer (B83).
//
// The package is pure: it reads no clock, starts no goroutine, holds no lock, and
// dials nobody. Package acd lets time pass and gives the orders. Nothing in it is
// safe for concurrent use.
package callback
