package acdtest

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/acdkit/acdkit/acd"
)

func TestTestStorage_MemoryStoragePasses(t *testing.T) {
	t.Parallel()
	TestStorage(t, func(*testing.T) StorageUnderTest {
		store := new(acd.MemoryStorage)
		return StorageUnderTest{Open: func() (acd.Storage, error) { return store, nil }}
	})
}

// flaw is one thing that a store does wrong.
type flaw string

const (
	flawless           flaw = ""
	forgetsARecord     flaw = "forgets a record"
	halfABatch         flaw = "applies half a batch when the context ends"
	halfBeforeFencing  flaw = "applies the first record of a batch before it looks at the epoch"
	acceptsOldEpoch    flaw = "accepts an old epoch"
	appliesRepeats     flaw = "applies a repeated batch again"
	refusesRepeats     flaw = "refuses a repeated batch"
	fencesRepeats      flaw = "says ErrFenced to a repeated batch"
	fencesTheContext   flaw = "says ErrFenced when the context has ended"
	fencesSilently     flaw = "says nil to an old epoch"
	fencesVaguely      flaw = "says something else to an old epoch"
	losesOnReopen      flaw = "loses everything on reopening"
	losesTheLast       flaw = "loses the last batch on reopening"
	losesAtACrash      flaw = "writes when it is closed"
	forgetsTheEpoch    flaw = "forgets the epoch on reopening"
	forgetsTheSeq      flaw = "forgets the seq on reopening"
	ignoresTheContext  flaw = "ignores the context of Commit"
	loadsRegardless    flaw = "ignores the context of Load"
	looksLate          flaw = "looks at the context when the batch is kept"
	keepsSlices        flaw = "keeps the slices of a batch"
	sharesValues       flaw = "hands out its own values"
	ignoresPrefix      flaw = "ignores the prefix"
	prefixOfPaths      flaw = "takes a prefix for a directory"
	yieldsTwice        flaw = "yields a record twice"
	yieldsDeleted      flaw = "yields what was deleted"
	neverDeletes       flaw = "does not delete"
	theFirstWins       flaw = "keeps the first of several records of a key"
	goesOn             flaw = "goes on when the loop was left"
	wantsNextSeq       flaw = "refuses a batch whose number is not the next"
	wantsNextEpoch     flaw = "refuses an epoch that is not the next"
	skipsEmpty         flaw = "does not remember a batch without records"
	seqAcrossEpochs    flaw = "takes a small seq of a new epoch for one kept before"
	cutsValues         flaw = "cuts large values"
	cutsBatches        flaw = "cuts large batches"
	cutsKeys           flaw = "cuts long keys"
	failsAfterAll      flaw = "keeps a batch and says that the context has ended, then keeps the next one without its records"
	smallEpochs        flaw = "keeps 32 bits of the epoch"
	textOnly           flaw = "keeps valid text only"
	remembersItsErrors flaw = "says the context's error again to the next batch"
)

var flaws = []flaw{
	forgetsARecord, halfABatch, halfBeforeFencing, acceptsOldEpoch, appliesRepeats, refusesRepeats, fencesRepeats, fencesTheContext,
	fencesSilently, fencesVaguely, losesOnReopen, losesTheLast, losesAtACrash, forgetsTheEpoch, forgetsTheSeq, ignoresTheContext,
	loadsRegardless, looksLate, keepsSlices, sharesValues, ignoresPrefix, prefixOfPaths, yieldsTwice, yieldsDeleted, neverDeletes,
	theFirstWins, goesOn, wantsNextSeq, wantsNextEpoch, skipsEmpty, seqAcrossEpochs, cutsValues, cutsBatches, cutsKeys, failsAfterAll,
	smallEpochs, textOnly, remembersItsErrors,
}

// Whatever a store does wrong, some law finds it; without a flaw none does.
func TestTestStorage_Bites(t *testing.T) {
	t.Parallel()
	for _, f := range append(flaws, flawless) {
		name := string(f)
		if f == flawless {
			name = "flawless"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var broken []string
			for _, law := range storageLaws {
				if err := law.holds(flawedData(f)); err != nil {
					broken = append(broken, law.name+": "+err.Error())
					break
				}
			}
			if (len(broken) > 0) != (f != flawless) {
				t.Errorf("broken laws: %q", broken)
			}
		})
	}
}

// A law that cannot even open the store says so.
func TestTestStorage_TellsErrorsOfTheStore(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such disk")
	for _, law := range storageLaws {
		err := law.holds(StorageUnderTest{Open: func() (acd.Storage, error) { return nil, broken }})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", law.name, err)
		}
	}
}

// keptData is what is on the disk of a flawed store.
type keptData struct {
	values     map[string][]byte
	before     map[string][]byte // without the last batch
	epoch, seq uint64
}

func (d keptData) clone() keptData {
	d.values, d.before = maps.Clone(d.values), maps.Clone(d.before)
	return d
}

// flawedStore keeps the contract but for one thing.
type flawedStore struct {
	mu   sync.Mutex
	flaw flaw
	disk *keptData
	now  keptData
	last error
}

func flawedData(f flaw) StorageUnderTest {
	disk := &keptData{values: map[string][]byte{}}
	return StorageUnderTest{
		Open: func() (acd.Storage, error) {
			now := disk.clone()
			switch f {
			case losesOnReopen:
				now = keptData{values: map[string][]byte{}}
			case losesTheLast:
				if now.before != nil {
					now.values = now.before
				}
			case forgetsTheEpoch:
				now.epoch, now.seq = 0, 0
			case forgetsTheSeq:
				now.seq = 0
			}
			return &flawedStore{flaw: f, disk: disk, now: now}, nil
		},
		Crash: func() error {
			kept := disk.clone()
			disk = &kept // what the old store still writes is lost
			return nil
		},
	}
}

// Close writes what a store wrote too late.
func (s *flawedStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flaw == losesAtACrash {
		*s.disk = s.now.clone()
	}
	return nil
}

func (s *flawedStore) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		if err := ctx.Err(); err != nil && s.flaw != loadsRegardless {
			yield(acd.Record{}, err)
			return
		}
		s.mu.Lock()
		values := maps.Clone(s.now.values)
		s.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if !s.begins(key, prefix) {
				continue
			}
			value := slices.Clone(values[key])
			if s.flaw == sharesValues {
				value = values[key]
			}
			more := yield(acd.Record{Key: key, Value: value}, nil)
			if s.flaw == yieldsTwice && key == "a" {
				more = yield(acd.Record{Key: key, Value: value}, nil)
			}
			if !more && s.flaw != goesOn {
				return
			}
		}
	}
}

func (s *flawedStore) begins(key, prefix string) bool {
	switch s.flaw {
	case ignoresPrefix:
		return true
	case prefixOfPaths:
		return prefix == "" || key == prefix || strings.HasPrefix(key, strings.TrimSuffix(prefix, "/")+"/")
	}
	return strings.HasPrefix(key, prefix)
}

func (s *flawedStore) Commit(ctx context.Context, b acd.Batch) error {
	if s.flaw != ignoresTheContext && s.flaw != looksLate {
		if err := ctx.Err(); err != nil {
			if s.flaw == fencesTheContext {
				return errors.Join(acd.ErrFenced, err)
			}
			if s.flaw == remembersItsErrors {
				s.last = err
			}
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.last; err != nil {
		s.last = nil
		return err
	}
	if s.flaw == smallEpochs {
		b.Epoch = uint64(uint32(b.Epoch))
	}
	if s.flaw == halfBeforeFencing && len(b.Records) > 0 {
		s.put(b.Records[0])
	}
	if done, err := s.order(b); done {
		return err
	}
	before := maps.Clone(s.now.values)
	err := s.apply(ctx, b)
	if s.flaw == looksLate && err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if s.flaw != skipsEmpty || len(b.Records) > 0 {
		s.now.epoch, s.now.seq = b.Epoch, b.Seq
	}
	s.now.before = before
	if s.flaw != losesAtACrash {
		*s.disk = s.now.clone()
	}
	return err
}

// order looks at the numbers of a batch; done says that it is not to be applied.
func (s *flawedStore) order(b acd.Batch) (done bool, err error) {
	now := &s.now
	switch {
	case b.Epoch < now.epoch:
		switch s.flaw {
		case acceptsOldEpoch:
			return false, nil
		case fencesSilently:
			return true, nil
		case fencesVaguely:
			return true, errors.New("a newer router has taken over")
		}
		return true, acd.ErrFenced
	case b.Epoch == now.epoch && b.Seq <= now.seq, s.flaw == seqAcrossEpochs && b.Seq <= now.seq:
		switch s.flaw {
		case appliesRepeats:
			return false, nil
		case refusesRepeats:
			return true, errors.New("kept before")
		case fencesRepeats:
			return true, acd.ErrFenced
		}
		return true, nil
	case s.flaw == wantsNextSeq && b.Epoch == now.epoch && b.Seq != now.seq+1:
		return true, errors.New("a batch is missing")
	case s.flaw == wantsNextEpoch && now.epoch > 0 && b.Epoch > now.epoch+1:
		return true, errors.New("an epoch is missing")
	}
	return false, nil
}

func (s *flawedStore) apply(ctx context.Context, b acd.Batch) error {
	seen := map[string]bool{}
	for i, rec := range b.Records {
		if s.flaw == halfABatch && ctx.Err() != nil {
			return ctx.Err()
		}
		if s.flaw == forgetsARecord && i == 2 || s.flaw == cutsBatches && i == 1000 {
			continue
		}
		if s.flaw == theFirstWins && seen[rec.Key] {
			continue
		}
		seen[rec.Key] = true
		s.put(rec)
	}
	if s.flaw == failsAfterAll && ctx.Err() != nil {
		clear(s.now.values)
		return ctx.Err()
	}
	return nil
}

func (s *flawedStore) put(rec acd.Record) {
	if len(rec.Value) == 0 && s.flaw != yieldsDeleted {
		if s.flaw != neverDeletes {
			delete(s.now.values, rec.Key)
		}
		return
	}
	value := rec.Value
	if s.flaw != keepsSlices {
		value = slices.Clone(value)
	}
	switch {
	case s.flaw == cutsValues && len(value) > 1<<16:
		value = value[:1<<16]
	case s.flaw == textOnly:
		value = []byte(strings.ToValidUTF8(string(value), "?"))
	}
	key := rec.Key
	if s.flaw == cutsKeys && len(key) > 255 {
		key = key[:255]
	}
	s.now.values[key] = value
}

func TestFaultyStorage_FailsAsItIsTold(t *testing.T) {
	t.Parallel()
	plan := []Fault{NoFault, FailBefore, FailAfter, CommitTwice, CommitLate, CommitNever, FailDuring}
	kept := new(countingStorage)
	waited := 0
	f := &FaultyStorage{
		Storage: kept,
		Fault:   func(n int) Fault { return plan[n-1] },
		Wait:    func(context.Context) { waited++ },
	}
	ctx := t.Context()
	for i, want := range []struct {
		err  error
		kept int
	}{{nil, 1}, {ErrFault, 1}, {ErrFault, 2}, {nil, 4}, {nil, 5}} {
		if err := f.Commit(ctx, batchOf(1, uint64(i+1), "k", "v")); !errors.Is(err, want.err) || kept.commits != want.kept {
			t.Errorf("commit %d: %v, %d reached the store", i+1, err, kept.commits)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.Commit(ended, batchOf(1, 6)); !errors.Is(err, context.Canceled) || kept.commits != 5 {
		t.Errorf("CommitNever: %v, %d reached the store", err, kept.commits)
	}
	if err := f.Commit(ctx, batchOf(1, 7, "k", "w")); !errors.Is(err, context.Canceled) {
		t.Errorf("FailDuring: %v", err)
	}
	if waited != 1 || f.Commits() != 7 {
		t.Errorf("waited %d times in %d commits", waited, f.Commits())
	}
	for rec, err := range f.Load(ctx, "") {
		t.Errorf("loads %v, %v from a store that holds nothing", rec, err)
	}
}

// countingStorage counts commits; one whose context can end waits for that, after
// the first five.
type countingStorage struct {
	acd.MemoryStorage
	commits int
}

func (c *countingStorage) Commit(ctx context.Context, b acd.Batch) error {
	c.commits++
	if c.commits > 5 {
		<-ctx.Done()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return nil
}
