package acd

import (
	"context"
	"errors"
	"iter"
)

// Storage keeps the state of a [Router] across restarts. It sees keys and bytes
// and understands neither. Load is called by [Open] alone; Commit is never
// called twice at once, and not before Load has ended. A nil Storage in
// [Options] keeps nothing and costs nothing.
//
// The interface has two methods and will not get a third; what a store can do
// beyond it is found by type assertion.
type Storage interface {
	// Load yields every record whose key begins with prefix, in any order, each
	// key once, as the batches committed so far have left them. An error ends
	// the sequence. Record.Value may be kept by the caller.
	Load(ctx context.Context, prefix string) iter.Seq2[Record, error]

	// Commit keeps a batch: all of it or nothing. It must not keep the slices
	// of b after it has returned.
	//
	//   - nil: b is kept and will be there after a crash.
	//   - a batch of the last epoch kept whose Seq is not above the last kept
	//     one was kept before: nil, and nothing is done.
	//   - a newer epoch counts Seq anew.
	//   - an older epoch: [ErrFenced], another Router has taken over.
	//   - any other error leaves open whether b was kept; the next batch holds
	//     its records again.
	//
	// Commit returns when ctx ends.
	Commit(ctx context.Context, b Batch) error
}

// Record is the whole state of one thing. Keys begin with their owner:
//
//	queue/<id>                  configuration of a queue
//	queue/<id>/member/<agent>   one membership, and what the queue remembers of him
//	queue/<id>/entry/<call>     a call that waits or talks
//	queue/<id>/numbers          counters
//	queue/<id>/resume/<number>  a caller who hung up while waiting (B56)
//	agent/<id>                  an agent and his line
//	caller/<number>             with whom a caller talked last (B70)
//	vip/<number>                a caller who goes first (B51)
//	exclusive/<number>          a caller with agents of his own (B72)
//	offer/<id>                  an offer that runs; in no batch, see [Engine.Records]
//	meta                        epoch, counters, time of the last step
//
// Ids in keys are escaped as in a URL path. In a batch an empty Value deletes.
type Record struct {
	Key   string
	Value []byte
}

// Batch is a set of records that become durable together: of each key the
// newest value.
type Batch struct {
	Epoch   uint64 // counts the starts of a Router over this store
	Seq     uint64 // counts the batches of an epoch, from 1
	Records []Record
}

// ErrFenced is what a store answers to a batch of an epoch that is over.
var ErrFenced = errors.New("acd: a newer router has taken over the store")
