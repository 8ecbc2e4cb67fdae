package acdtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"

	"github.com/acdkit/acdkit/acd"
)

// storageLaws is the one table of what TestStorage checks.
var storageLaws = []storageLaw{
	{"new_is_empty", lawEmpty},
	{"newest_of_each_key", lawNewest},
	{"prefixes", lawPrefixes},
	{"kept_when_it_says_so", lawDurable},
	{"repeated_batches", lawRepeated},
	{"numbers_left_out", lawGaps},
	{"older_epochs_are_fenced", lawFenced},
	{"no_records", lawNoRecords},
	{"large_values_and_batches", lawLarge},
	{"no_shared_slices", lawSlices},
	{"leaving_a_loop", lawLeave},
	{"context_ended_before", lawEnded},
	{"context_ends_meanwhile", lawCancelled},
	{"two_routers", lawTwoRouters},
	{"random_with_faults", lawRandom},
}

func lawEmpty(s *shelf) error {
	if err := s.check("new"); err != nil {
		return err
	}
	if err := s.reopen(); err != nil {
		return err
	}
	return s.check("new, and opened again")
}

func lawNewest(s *shelf) error {
	for _, b := range []acd.Batch{
		batchOf(1, 1, "queue/a", "1", "queue/b", "1", "meta", "1"),
		batchOf(1, 2, "queue/a", "2", "queue/b", ""), // deleted
		batchOf(1, 3, "queue/b", "", "nobody", ""),   // what is not there
		batchOf(1, 4, "queue/c", "1", "queue/c", "", "queue/d", "1", "queue/d", "2"),
		batchOf(1, 5, "meta", "", "meta", "3"), // the last of several
		{Epoch: 1, Seq: 6, Records: []acd.Record{{Key: "queue/d"}, {Key: "queue/e", Value: []byte{0}}}},
	} {
		if err := s.commit(b); err != nil {
			return err
		}
		if err := s.check(fmt.Sprintf("after batch %d", b.Seq)); err != nil {
			return err
		}
	}
	return s.checkBoth("at the end")
}

func lawPrefixes(s *shelf) error {
	keys := []string{
		"a", "agent/1", "agent/10", "agent/2", "agent0", "agents", "queue/a", "queue/a%2Fb", "queue/a/entry/x", "queue/ab",
		"queue/ä/numbers", "queue/ä", "z\U0010FFFF", "meta", strings.Repeat("k", 1024),
	}
	b := acd.Batch{Epoch: 1, Seq: 1}
	for _, key := range keys {
		b.Records = append(b.Records, acd.Record{Key: key, Value: []byte("of " + key)})
	}
	if err := s.commit(b); err != nil {
		return err
	}
	for range 2 {
		for _, prefix := range append(keys, "", "agent", "agent/", "queue/", "queue/a/", "queue/\xc3", "zz", "~") {
			if err := s.checkPrefix("with many keys", prefix); err != nil {
				return err
			}
		}
		if err := s.reopen(); err != nil {
			return err
		}
	}
	return nil
}

// lawDurable: what Commit said was kept is there whenever the store is opened.
func lawDurable(s *shelf) error {
	for seq := range uint64(12) {
		b := batchOf(1, seq+1, fmt.Sprint("k", seq%5), fmt.Sprint(seq), "meta", fmt.Sprint(seq), fmt.Sprint("k", (seq+1)%5), "")
		if err := s.commit(b); err != nil {
			return err
		}
		if seq%3 == 1 {
			if err := s.crash(); err != nil {
				return err
			}
			if err := s.check(fmt.Sprintf("after %d batches and a crash", seq+1)); err != nil {
				return err
			}
		}
	}
	return s.checkBoth("after 12 batches")
}

func lawRepeated(s *shelf) error {
	first, second := batchOf(3, 1, "a", "1", "b", "1"), batchOf(3, 2, "a", "", "b", "2")
	for _, b := range []acd.Batch{first, second} {
		if err := s.commit(b); err != nil {
			return err
		}
	}
	for range 2 {
		for _, b := range []acd.Batch{second, first, batchOf(3, 2, "c", "other records"), batchOf(3, 0, "c", "3")} {
			if err := s.repeat(b); err != nil {
				return err
			}
		}
		if err := s.crash(); err != nil { // it remembers the numbers
			return err
		}
	}
	if err := s.commit(batchOf(3, 3, "c", "3")); err != nil {
		return err
	}
	return s.checkBoth("after a batch that is new")
}

func lawGaps(s *shelf) error {
	for _, b := range []acd.Batch{batchOf(1, 7, "a", "1"), batchOf(1, 9, "a", "2"), batchOf(1, 1_000_000, "a", "3"), batchOf(9, 4, "a", "4")} {
		if err := s.commit(b); err != nil {
			return err
		}
	}
	if err := s.repeat(batchOf(9, 3, "a", "5")); err != nil {
		return err
	}
	return s.checkBoth("with numbers left out")
}

func lawFenced(s *shelf) error {
	for _, b := range []acd.Batch{batchOf(1, 1, "a", "1"), batchOf(1, 50, "a", "2"), batchOf(2, 1, "a", "3", "b", "3")} {
		if err := s.commit(b); err != nil {
			return err
		}
	}
	for range 2 {
		for _, b := range []acd.Batch{batchOf(1, 51, "a", "x", "c", "x"), batchOf(1, 1, "a", "x"), batchOf(0, 9, "b", ""), batchOf(1, 52)} {
			if err := s.fenced(b); err != nil {
				return err
			}
		}
		if err := s.crash(); err != nil { // it remembers the epoch
			return err
		}
	}
	if err := s.commit(batchOf(2, 2, "a", "4")); err != nil {
		return err
	}
	if err := s.commit(batchOf(1<<40, 1, "a", "5")); err != nil {
		return err
	}
	if err := s.fenced(batchOf(2, 3, "a", "x")); err != nil {
		return err
	}
	return s.checkBoth("after three epochs")
}

func lawNoRecords(s *shelf) error {
	for _, b := range []acd.Batch{batchOf(1, 1), batchOf(1, 2, "a", "1"), batchOf(1, 5), batchOf(2, 1)} {
		if err := s.commit(b); err != nil {
			return err
		}
	}
	for range 2 {
		if err := s.fenced(batchOf(1, 6, "a", "x")); err != nil {
			return err
		}
		if err := s.repeat(batchOf(2, 1, "a", "x")); err != nil {
			return err
		}
		if err := s.crash(); err != nil {
			return err
		}
	}
	return s.checkBoth("after batches without records")
}

func lawLarge(s *shelf) error {
	value := make([]byte, 1<<20)
	for i := range value {
		value[i] = byte(i * 7 >> 3)
	}
	b := acd.Batch{Epoch: 1, Seq: 1, Records: []acd.Record{{Key: "large", Value: value}}}
	if err := s.commit(b); err != nil {
		return err
	}
	b = acd.Batch{Epoch: 1, Seq: 2}
	for i := range 5000 {
		b.Records = append(b.Records, acd.Record{Key: fmt.Sprintf("queue/q/entry/%d", i), Value: fmt.Append(nil, "call ", i)})
	}
	if err := s.commit(b); err != nil {
		return err
	}
	if err := s.checkBoth("after a large batch"); err != nil {
		return err
	}
	for i := range b.Records {
		b.Records[i].Value = nil
	}
	b.Seq = 3
	if err := s.commit(b); err != nil {
		return err
	}
	return s.checkBoth("after a large batch of deletions")
}

func lawSlices(s *shelf) error {
	b := batchOf(1, 1, "a", "value", "b", "value")
	if err := s.commit(b); err != nil {
		return err
	}
	for i := range b.Records {
		for j := range b.Records[i].Value {
			b.Records[i].Value[j] = 'X'
		}
		b.Records[i].Key = "other"
	}
	if err := s.check("after the slices of a batch were changed"); err != nil {
		return err
	}
	for rec, err := range s.store.Load(context.Background(), "") {
		if err != nil {
			return err
		}
		copy(rec.Value, bytes.Repeat([]byte{'Y'}, len(rec.Value)))
	}
	return s.checkBoth("after loaded values were changed")
}

func lawLeave(s *shelf) error {
	b := acd.Batch{Epoch: 1, Seq: 1}
	for i := range 100 {
		b.Records = append(b.Records, acd.Record{Key: fmt.Sprint("k", i), Value: []byte{1}})
	}
	if err := s.commit(b); err != nil {
		return err
	}
	asked := 0
	s.store.Load(context.Background(), "")(func(acd.Record, error) bool {
		asked++
		return asked < 3
	})
	if asked != 3 {
		return fmt.Errorf("Load goes on after its loop was left: %d records instead of 3", asked)
	}
	if err := s.commit(batchOf(1, 2, "k1", "2")); err != nil {
		return err
	}
	return s.checkBoth("after a loop was left")
}

func lawEnded(s *shelf) error {
	if err := s.commit(batchOf(1, 1, "a", "1", "b", "1")); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for seq := range uint64(20) { // a select would take either way
		if err := wantCanceled("Commit", s.store.Commit(ctx, batchOf(1, seq+2, "a", "2", "b", ""))); err != nil {
			return err
		}
		for _, prefix := range []string{"", "a", "nothing"} {
			var last error
			for _, err := range s.store.Load(ctx, prefix) {
				last = err
			}
			if err := wantCanceled(fmt.Sprintf("Load of %q", prefix), last); err != nil {
				return err
			}
		}
	}
	if err := s.check("after a Commit whose context had ended"); err != nil {
		return err
	}
	if err := s.commit(batchOf(1, 2, "a", "3")); err != nil {
		return err
	}
	return s.checkBoth("after a Commit whose context had ended, and another")
}

// wantCanceled looks at the error of a call whose context has ended.
func wantCanceled(call string, err error) error {
	switch {
	case err == nil:
		return fmt.Errorf("%s says nothing of its context, which has ended", call)
	case !errors.Is(err, context.Canceled):
		return fmt.Errorf("%s with a context that has ended: want an error that wraps %w: %w", call, context.Canceled, err)
	}
	return nil
}

// lawCancelled: whenever the context ends during a commit, the batch is there as a
// whole or not at all, and there if nil was said.
func lawCancelled(s *shelf) error {
	const records = 200
	last := "" // nothing
	for seq := range uint64(60) {
		b := acd.Batch{Epoch: 1, Seq: seq + 1}
		value := fmt.Sprint(seq + 1)
		for i := range records {
			b.Records = append(b.Records, acd.Record{Key: fmt.Sprint("k", i), Value: []byte(value)})
		}
		ctx := newEnding(int(seq))
		err := s.store.Commit(ctx, b)
		ctx.end()
		switch {
		case errors.Is(err, acd.ErrFenced):
			return fmt.Errorf("Commit says %w, but its context has ended", err)
		case err != nil && !errors.Is(err, context.Canceled):
			return fmt.Errorf("Commit whose context ends says %w: want nil or an error that wraps %w", err, context.Canceled)
		}
		got, lerr := s.load("")
		if lerr != nil {
			return lerr
		}
		first := got["k0"]
		for key, v := range got {
			if v != first {
				return fmt.Errorf("half of a batch: %s is %s, k0 is %s, when the context of a Commit ended", key, v, first)
			}
		}
		if len(got) != 0 && len(got) != records {
			return fmt.Errorf("half of a batch: %d records of %d, when the context of a Commit ended", len(got), records)
		}
		switch {
		case err == nil && first != value:
			return fmt.Errorf("batch %s: Commit said nil, and %q is kept", value, first)
		case first != value && first != last:
			return fmt.Errorf("batch %s: Commit said %w, and %q is kept, which is neither it nor the last", value, err, first)
		}
		last = first
		s.want = fold(got)
	}
	return s.checkBoth("after many contexts ended")
}

// ending is a context that ends by itself: some time after it was first looked at,
// or when it is looked at for the nth time.
type ending struct {
	context.Context //nolint:containedctx // it is one
	end             context.CancelFunc
	mu              sync.Mutex
	looks           int // that are left; then it ends
	spins           int
	waited          sync.Once
}

func newEnding(n int) *ending {
	ctx, cancel := context.WithCancel(context.Background())
	e := &ending{Context: ctx, end: cancel, looks: 1 << 30}
	if n%2 == 0 {
		e.looks = 1 + n/2
	} else {
		e.spins = 1 + n*n
	}
	return e
}

// Err implements [context.Context].
func (e *ending) Err() error {
	e.mu.Lock()
	e.looks--
	over := e.looks <= 0
	e.mu.Unlock()
	if over {
		e.end()
	}
	return e.Context.Err()
}

// Done implements [context.Context].
func (e *ending) Done() <-chan struct{} {
	if e.spins > 0 {
		e.waited.Do(func() {
			go func() {
				for range e.spins {
					runtime.Gosched()
				}
				e.end()
			}()
		})
	}
	return e.Context.Done()
}

// lawTwoRouters: an old Router and its successor commit at the same time. What the
// old one was told is kept, until it is fenced; from then on it changes nothing.
func lawTwoRouters(s *shelf) error {
	const batches = 40
	var all sync.WaitGroup
	var kept [3]string
	var failed [3]error
	for epoch := uint64(1); epoch <= 2; epoch++ {
		all.Go(func() {
			over := false
			for seq := uint64(1); seq <= batches; seq++ {
				value := fmt.Sprintf("%d-%d", epoch, seq)
				err := s.store.Commit(context.Background(), batchOf(epoch, seq, fmt.Sprint("own", epoch), value, "both", value))
				switch {
				case epoch == 1 && errors.Is(err, acd.ErrFenced):
					over = true
				case err != nil:
					failed[epoch] = fmt.Errorf("Commit of epoch %d, seq %d: %w", epoch, seq, err)
					return
				case over:
					failed[epoch] = fmt.Errorf("Commit of epoch %d, seq %d was kept after an ErrFenced", epoch, seq)
					return
				default:
					kept[epoch] = value
				}
				runtime.Gosched()
			}
		})
	}
	all.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return err
	}
	s.want = fold{"both": kept[2], "own2": kept[2]}
	if kept[1] != "" {
		s.want["own1"] = kept[1]
	}
	return s.checkBoth("after two routers")
}

// lawRandom: whatever comes in whatever order, with faults on the way, the store
// holds what a map would.
func lawRandom(s *shelf) error {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 7))
		epoch := 1 + 100*seed
		if err := s.randomly(rng, epoch); err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		if err := s.checkBoth(fmt.Sprintf("seed %d, at the end", seed)); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) randomly(rng *rand.Rand, epoch uint64) error {
	for seq := uint64(1); seq <= 60; seq++ {
		if rng.IntN(12) == 0 {
			epoch++
		}
		b := randomBatch(rng, epoch, seq)
		fault := Fault(rng.IntN(int(faults - 1))) // a commit that never ends is lawCancelled's
		var meanwhile error
		overtaken := false
		faulty := FaultyStorage{Storage: s.store, Fault: func(int) Fault { return fault }, Wait: func(context.Context) {
			// So slow that somebody reads, or even a successor begins.
			if meanwhile = s.check(fmt.Sprintf("before batch %d, which is late", seq)); meanwhile == nil && rng.IntN(2) == 0 {
				overtaken = true
				epoch++
				meanwhile = s.commit(randomBatch(rng, epoch, 1))
			}
		}}
		err := faulty.Commit(context.Background(), b)
		if meanwhile != nil {
			return meanwhile
		}
		after := maps.Clone(s.want)
		after.keep(b)
		switch {
		case overtaken && errors.Is(err, acd.ErrFenced):
		case overtaken:
			return fmt.Errorf("Commit of epoch %d, which ended before it began: want an error that wraps ErrFenced, not %w", b.Epoch, err)
		case err == nil || fault == FailAfter && errors.Is(err, ErrFault):
			s.want = after
		case fault == FailDuring && errors.Is(err, context.Canceled):
			got, err := s.load("")
			if err != nil {
				return err
			}
			if difference(after, got) == "" {
				s.want = after
			}
		case !errors.Is(err, ErrFault):
			return fmt.Errorf("Commit of epoch %d, seq %d: %w", epoch, seq, err)
		}
		if err := s.after(rng, fmt.Sprintf("after batch %d", seq)); err != nil {
			return err
		}
	}
	return nil
}

// after looks at the store now, later or after a restart.
func (s *shelf) after(rng *rand.Rand, when string) error {
	switch rng.IntN(8) {
	case 0:
		if err := s.reopen(); err != nil {
			return err
		}
	case 1:
		if err := s.crash(); err != nil {
			return err
		}
	case 2, 3:
		return nil
	}
	return s.check(when)
}

func randomBatch(rng *rand.Rand, epoch, seq uint64) acd.Batch {
	b := acd.Batch{Epoch: epoch, Seq: seq}
	for range rng.IntN(8) {
		var value []byte
		if rng.IntN(4) > 0 {
			value = make([]byte, 1+rng.IntN(200))
			for i := range value {
				value[i] = byte(rng.IntN(256))
			}
		}
		b.Records = append(b.Records, acd.Record{Key: fmt.Sprint("k", rng.IntN(20)), Value: value})
	}
	return b
}
