package file

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/internal/long"
)

// life is a store that lives through crashes, with what may be in it: the state
// that was acknowledged, and those that were tried since.
type life struct {
	t       *testing.T
	rng     *rand.Rand
	machine *machine
	store   *Store
	options Options
	epoch   uint64
	seq     uint64
	pending map[string]string // records of batches that failed; "" deletes
	states  []map[string]string
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{
		t: t, rng: rand.New(rand.NewPCG(seed, 1)), machine: newMachine(seed), pending: map[string]string{},
		states: []map[string]string{{}},
	}
	l.options.CompactAfter = int64(1 + l.rng.IntN(8000))
	return l
}

// open opens the store, without faults.
func (l *life) open() {
	l.t.Helper()
	store, err := open(l.machine, l.options)
	require.NoError(l.t, err)
	l.store = store
	l.epoch, l.seq, l.pending = l.epoch+1, 0, map[string]string{}
	got := l.load()
	for _, state := range l.states {
		if maps.Equal(got, state) {
			l.states = []map[string]string{state}
			return
		}
	}
	require.Contains(l.t, l.states, got, "after a crash")
}

func (l *life) load() map[string]string {
	l.t.Helper()
	got := map[string]string{}
	for rec, err := range l.store.Load(context.Background(), "") {
		require.NoError(l.t, err)
		got[rec.Key] = string(rec.Value)
	}
	return got
}

// commit commits as a Router does: what failed comes again, under a new number.
func (l *life) commit() error {
	for range 1 + l.rng.IntN(5) {
		value := ""
		if l.rng.IntN(4) > 0 {
			value = fmt.Sprint(l.rng.Uint64())
			for l.rng.IntN(20) == 0 { // over some sectors
				value += fmt.Sprintf("%0*d", 700, 7)
			}
		}
		l.pending[fmt.Sprint("k", l.rng.IntN(30))] = value
	}
	l.seq++
	b := acd.Batch{Epoch: l.epoch, Seq: l.seq}
	after := maps.Clone(l.states[0])
	for key, value := range l.pending {
		b.Records = append(b.Records, acd.Record{Key: key, Value: []byte(value)})
		if value == "" {
			delete(after, key)
		} else {
			after[key] = value
		}
	}
	err := l.store.Commit(context.Background(), b)
	if err == nil {
		l.states, l.pending = []map[string]string{after}, map[string]string{}
		return nil
	}
	l.states = append(l.states, after)
	return err
}

// crash has the machine die, of the death of the process or of its own.
func (l *life) crash() {
	seed := l.rng.Uint64()
	store := l.store
	if l.rng.IntN(3) == 0 {
		l.machine = l.machine.killed(seed)
	} else {
		l.machine = l.machine.dead(seed)
	}
	_ = store.Close() // of the dead: it changes nothing
}

// Whenever the process or the machine dies, and whatever of the unsynced writes
// reaches the disk: what was acknowledged is there, a batch is whole or not at all,
// and nothing is taken for damage.
func TestStore_SurvivesTheLossOfPower(t *testing.T) {
	t.Parallel()
	lives := 80
	if long.Time(t) > 0 {
		lives = 2_000
	}
	for seed := range lives {
		l := newLife(t, uint64(seed))
		for range 6 {
			l.open()
			l.machine.mu.Lock()
			l.machine.left = 1 + l.rng.IntN(150)
			l.machine.mu.Unlock()
			for {
				err := l.commit()
				if err != nil {
					require.ErrorIs(t, err, errDead, "seed %d", seed)
					break
				}
			}
			l.crash()
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

// The machine dies while the store is opened, again and again.
func TestStore_SurvivesCrashesWhileItIsOpened(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		l := newLife(t, seed)
		for range 4 {
			for left := 1; ; left++ {
				l.machine.left = left
				store, err := open(l.machine, l.options)
				if err == nil {
					l.store = store
					l.machine.mu.Lock()
					l.machine.left = -1
					l.machine.mu.Unlock()
					_ = store.Close()
					break
				}
				require.ErrorIs(t, err, errDead, "seed %d", seed)
				l.machine = l.machine.dead(l.rng.Uint64())
			}
			l.open()
			l.machine.mu.Lock()
			l.machine.left = 1 + l.rng.IntN(60)
			l.machine.mu.Unlock()
			var err error
			for err == nil {
				err = l.commit()
			}
			require.ErrorIs(t, err, errDead)
			l.crash()
		}
	}
}

// Whatever fails, in whatever order, and whatever a failed sync did to the disk:
// the store holds what it acknowledged, goes on when it can, and survives a crash
// at any time.
func TestStore_SurvivesFailuresOfTheDisk(t *testing.T) {
	t.Parallel()
	lives := 80
	if long.Time(t) > 0 {
		lives = 2_000
	}
	failed, kept := 0, 0
	for seed := range lives {
		l := newLife(t, uint64(seed))
		for range 4 {
			l.open()
			faults := rand.New(rand.NewPCG(uint64(seed), 9))
			often := 2 + faults.IntN(12)
			l.machine.mu.Lock()
			l.machine.fault = func(string, string) bool { return faults.IntN(often) == 0 }
			l.machine.mu.Unlock()
			for range 40 {
				if err := l.commit(); err == nil {
					kept++
				} else {
					failed++
					require.ErrorIs(t, err, errFull, "seed %d", seed)
				}
				got := l.load()
				require.Equal(t, l.states[0], got, "seed %d: what was acknowledged, and no more", seed)
			}
			l.crash()
		}
	}
	require.Greater(t, failed, lives)
	require.Greater(t, kept, lives)
}

// When the disk is full nothing is kept, and everything when there is room again.
func TestStore_GoesOnWhenThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"write", "sync", "rename", "truncate", "write or truncate"} {
		l := newLife(t, 1)
		l.options.CompactAfter = 1 << 40
		l.open()
		require.NoError(t, l.commit())
		full := true
		l.machine.fault = func(what, name string) bool {
			return full && (what == op || op == "write or truncate" && (what == "write" || what == "truncate"))
		}
		before := len(l.machine.names[logName].now)
		for range 5 {
			err := l.commit()
			if op == "rename" || op == "truncate" {
				require.NoError(t, err, "nothing is renamed or cut off")
			} else {
				require.ErrorIs(t, err, errFull, op)
				require.NotErrorIs(t, err, acd.ErrFenced)
			}
		}
		if op == "write" {
			require.Len(t, l.machine.names[logName].now, before, "what was written in part is cut off")
		}
		full = false
		require.NoError(t, l.commit(), op)
		require.Equal(t, l.states[0], l.load())
		require.NoError(t, l.store.Close())
		l.open()
		require.NoError(t, l.store.Close())
	}
}

// A compaction that fails costs nothing, and is tried again later.
func TestStore_GoesOnWithoutCompaction(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"open", "write", "sync", "rename"} {
		l := newLife(t, 2)
		l.options.CompactAfter = 500
		l.open()
		l.machine.fault = func(what, name string) bool { return what == op && name == newLogName }
		for range 100 {
			require.NoError(t, l.commit(), op)
		}
		l.settle()
		require.ErrorIs(t, l.store.Stats().Err, errFull, op)
		require.Equal(t, 1, l.store.Stats().Compactions, "the one that made the log")
		l.machine.mu.Lock()
		l.machine.fault = nil
		l.machine.mu.Unlock()
		for range 300 {
			require.NoError(t, l.commit(), op)
		}
		l.settle()
		require.NoError(t, l.store.Stats().Err, op)
		require.Greater(t, l.store.Stats().Compactions, 1)
		require.NoError(t, l.store.Close())
		l.open()
		require.NoError(t, l.store.Close())
	}
}

// settle waits until no compaction runs.
func (l *life) settle() {
	l.store.turn <- struct{}{}
	running := l.store.compacting
	<-l.store.turn
	if running != nil {
		<-running
	}
}

// A sync that does not come back holds up nobody whose context ends; the next
// commit waits for it.
func TestStore_ReturnsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	l := newLife(t, 3)
	l.open()
	require.NoError(t, l.commit())
	stuck, reached := make(chan struct{}), make(chan struct{})
	l.machine.mu.Lock()
	l.machine.fault = nil
	l.machine.mu.Unlock()
	l.store.log = stuckFile{l.store.log, stuck, reached}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error)
	go func() {
		result <- l.store.Commit(ctx, acd.Batch{Epoch: 1, Seq: 100, Records: []acd.Record{{Key: "a", Value: []byte("1")}}})
	}()
	<-reached
	cancel()
	require.ErrorIs(t, <-result, context.Canceled)
	ended, end := context.WithCancel(context.Background())
	go func() { result <- l.store.Commit(ended, acd.Batch{Epoch: 1, Seq: 101}) }()
	end()
	require.ErrorIs(t, <-result, context.Canceled, "waiting ends too")
	for _, err := range l.store.Load(ended, "") {
		require.ErrorIs(t, err, context.Canceled)
	}
	close(stuck)
	require.NoError(t, l.store.Commit(context.Background(), acd.Batch{Epoch: 1, Seq: 102, Records: []acd.Record{{Key: "b", Value: []byte("2")}}}))
	got := l.load()
	require.Equal(t, "1", got["a"], "it was kept after all")
	require.Equal(t, "2", got["b"])
	require.NoError(t, l.store.Close())
}

// stuckFile is a file whose first Sync waits.
type stuckFile struct {
	handle
	stuck, reached chan struct{}
}

func (f stuckFile) Sync() error {
	select {
	case <-f.stuck:
	default:
		close(f.reached)
		<-f.stuck
	}
	return f.handle.Sync()
}

// Close leaves nothing that runs, nor a file that is half written: the bubble sees
// to the first.
func TestStore_IsClosedDuringACompaction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(50) {
			l := newLife(t, seed)
			l.options.CompactAfter = 200
			l.open()
			for range 1 + seed {
				require.NoError(t, l.commit())
			}
			require.NoError(t, l.store.Close())
			require.Nil(t, l.store.compacting)
			require.NoError(t, l.store.Stats().Err)
			_, there := l.machine.names[newLogName]
			require.False(t, there, "nothing is left")
			l.open()
			require.NoError(t, l.store.Close())
		}
	})
}
