// Package queue is one queue by itself: its [Config], the agents who serve it,
// the [Line] of those who wait, the hunt for an agent for each of them, and the
// numbers.
//
// A [Queue] knows its members and its entries and nothing of other queues; an
// agent, who has one line for all his queues, is shared between them (package
// agent). Between entries and members there are three doors: [Queue.Next] says
// whom to ring for an entry, [Queue.Takes] which entry an agent takes, and
// [Queue.Eligible] is what both obey. They cost O(log n + tried), never a scan
// over all agents or all who wait.
//
// The package is pure: it reads no clock, starts no goroutine, holds no lock,
// owns no timer and emits no events. Nothing in it is safe for concurrent use.
// It is not a router: package acd finds queues by id, lets time pass and tells
// the host what to do.
package queue
