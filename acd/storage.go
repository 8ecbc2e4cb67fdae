package acd

import (
	"context"
	"errors"
	"iter"
)

// Storage keeps the state of a [Router] across restarts. It sees keys and bytes
// and understands neither. A nil Storage in [Options] keeps nothing and costs
// nothing. Two stores on disk come with the library, acd/store/file and
// acd/store/bolt; [MemoryStorage] is the third.
//
// What follows is the whole contract. MUST is meant literally:
// acdtest.TestStorage looks at every one of them, and a store that passes it may
// be given to a Router.
//
// # Who calls
//
// [Open] alone calls Load: once for everything, and once more, for one record,
// after it has committed its first batch. Calls never overlap: Load has ended, or
// its loop was left, before the next call of either method begins, and Commit is
// never called twice at once by one Router. A store MUST nevertheless bear that
// an old Router and its successor call it at the same time. A Router does not
// close its store; a store that has something to close is an io.Closer, for the
// host to close once [Router.Close] has returned.
//
// # What is durable
//
// When Commit has returned nil, all records of the batch MUST be there for every
// later Load, also one after the process was killed or the machine lost power. A
// store that promises less (MemoryStorage) says so.
//
// # All or nothing
//
// A later Load MUST find all records of a batch or none of them, whatever
// happened during Commit: an error, a context that ended, a crash. A write that a
// crash has torn is none of it; a store finds that out by itself when it is opened
// and goes on without the batch, which nobody was told was kept. Damage to what was
// kept is another thing: a store that can see it MUST yield an error and MUST NOT
// yield part of the records as if they were all.
//
// # Order, and batches that come again
//
// Batches are numbered by (Epoch, Seq), and the store remembers the highest pair
// that it has kept, durably, with the batch itself.
//
//   - A newer Epoch is kept, whatever its Seq: it counts anew.
//   - The same Epoch with a higher Seq is kept; numbers may be left out.
//   - The same Epoch with a Seq not above the last kept one was kept before: Commit
//     MUST return nil and change nothing, even if its records differ.
//   - An older Epoch MUST change nothing and return an error that wraps
//     [ErrFenced]. No other cause may wrap it: the Router closes itself for good.
//
// [Batch.Follows] is this rule. A batch without records counts like any other. Within a
// batch the last of several records of a key wins. An empty Value deletes; what is not
// there may be deleted.
//
// # Errors
//
// Any error but ErrFenced leaves open whether the batch was kept. The Router takes
// it for not kept, tells those who wait [ErrNotDurable], and tries again after
// 50 ms, then twice as long each time up to 5 s, for ever: with a new Seq, and with
// all records of the batches that failed, in their newest state. So a store may
// have kept the batch or not; it need not know. After an error it MUST go on
// keeping the two promises above; it may refuse everything from then on, with an
// error each time.
//
// # The context
//
// Both methods MUST return soon after ctx has ended, with an error that wraps
// ctx.Err(), and Commit that is called with a context that has ended MUST NOT keep
// anything. Work that cannot be interrupted, such as a sync of a file, may go on
// behind the back of the caller: the next call waits for it.
//
// # Bytes
//
// Keys are valid UTF-8 without control characters, 1..1024 bytes. Values are any
// bytes; a store MUST take values up to 1 MiB and batches of any number of records.
// Commit MUST NOT keep the slices of the batch, nor change them, after it has
// returned; the values that Load yields belong to the caller.
//
// The interface has two methods and will not get a third; what a store can do
// beyond it is found by type assertion.
type Storage interface {
	// Load yields every record whose key begins with prefix, in any order, each
	// key once, as the batches committed so far have left them. An error ends
	// the sequence, which may be used once. The loop may be left at any time.
	Load(ctx context.Context, prefix string) iter.Seq2[Record, error]

	// Commit keeps a batch: all of it or nothing. nil: it is kept, now or
	// before, and will be there after a crash. [ErrFenced]: another Router has
	// taken over. Any other error leaves open whether it was kept.
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
//	blocked/<number>            a caller who is not wanted (B45)
//	server/<id>                 a queue server (B122)
//	offer/<id>                  an offer that runs; in no batch, see [Engine.Records]
//	meta                        epoch, counters, time of the last step
//	owner                       which Router began the epoch; see [Open]
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

// Follows is the rule of order, for authors of stores: of a store whose last batch
// kept was (epoch, seq), both 0 if there was none, it says whether the store keeps b.
// If not, err is what Commit returns: nil if b was kept before, [ErrFenced] if its
// epoch is over. It depends on nothing else, and may be called from any goroutine.
func (b Batch) Follows(epoch, seq uint64) (keep bool, err error) {
	switch {
	case b.Epoch < epoch:
		return false, ErrFenced
	case b.Epoch == epoch && b.Seq <= seq:
		return false, nil
	}
	return true, nil
}

// ErrFenced is what a store answers to a batch of an epoch that is over.
var ErrFenced = errors.New("acd: a newer router has taken over the store")

// ownerKey is the key of the record that says which Router began the epoch. Two
// that open a store at the same moment begin the same epoch, and the contract lets
// the second believe that its first batch was kept before; what it reads back is
// the owner that was really kept. It is the Router's alone: an [Engine] passes over
// it.
const ownerKey = "owner"
