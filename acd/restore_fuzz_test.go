package acd_test

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/acdtest"
	"github.com/acdkit/acdkit/acd/internal/long"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// states are the records that scenarios end with, offers that run included, as
// text by key: what stores hold.
var states = sync.OnceValue(func() (all []map[string]string) {
	files, _ := filepath.Glob("testdata/*.acd")
	const every = 13
	for i := 0; i < len(files); i += every {
		text, err := os.ReadFile(files[i])
		if err != nil {
			continue
		}
		// The end of a script is mostly the end of its calls: its middle says more.
		lines := strings.SplitAfter(string(text), "\n")
		for _, n := range []int{len(lines) / 2, len(lines)} {
			result, _ := acdtest.RunScript("", strings.NewReader(strings.Join(lines[:n], "")), acdtest.Options{})
			if state := recordsOf(result.Engine); len(state) > 3 {
				all = append(all, state)
			}
		}
	}
	return all
})

func recordsOf(e *acd.Engine) map[string]string {
	state := map[string]string{}
	for r := range e.Records() {
		state[r.Key] = string(r.Value)
	}
	return state
}

func loading(state map[string]string) iter.Seq2[acd.Record, error] {
	return func(yield func(acd.Record, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(state)) {
			if !yield(acd.Record{Key: key, Value: []byte(state[key])}, nil) {
				return
			}
		}
	}
}

// takeUp restores state: it does so exactly, or it says why not and leaves the
// engine new. What was restored works, whatever it is.
func takeUp(t *testing.T, state map[string]string) (refused error) {
	t.Helper()
	e, err := acd.NewEngine(acd.EngineOptions{Track: true})
	require.NoError(t, err)
	blank := recordsOf(e)
	if err := e.Restore(loading(state)); err != nil {
		require.ErrorIs(t, err, acd.ErrInvalid)
		require.Equal(t, blank, recordsOf(e), "what was refused has left something behind")
		require.NoError(t, e.Restore(loading(states()[0])), "and the engine can be used")
		return err
	}
	is := recordsOf(e)
	same, err := acd.NewEngine(acd.EngineOptions{Track: true})
	require.NoError(t, err)
	require.NoError(t, same.Restore(loading(is)), "what was read is written so that it can be read")
	require.Equal(t, is, recordsOf(same))
	live(t, e)
	return nil
}

// live lets an engine that was restored begin its epoch, and some things happen.
func live(t *testing.T, e *acd.Engine) {
	t.Helper()
	now := e.Now()
	if now.IsZero() {
		now = acdtest.Start()
	}
	err := e.Step(now, acd.Recover{Epoch: e.Epoch() + 1})
	if err != nil { // the last epoch there is
		require.ErrorIs(t, err, acd.ErrInvalid)
		return
	}
	require.NoError(t, e.Check())
	calls, agents := slices.Collect(e.Calls()), slices.Collect(e.Agents())
	for i := range calls {
		_ = e.Step(now, acd.ConfirmCall{Call: calls[i].ID})
	}
	for range 20 {
		if due, ok := e.NextDeadline(); ok && due.Before(now.Add(time.Hour)) {
			now = due
		}
		e.Advance(now)
		require.NoError(t, e.Check())
	}
	for _, a := range agents {
		_ = e.Step(now, acd.SetStatus{Agent: a.ID, Status: agent.Ready})
		_ = e.Step(now, acd.FreeAgent{Agent: a.ID})
	}
	for q := range e.Queues() {
		_ = e.Step(now, acd.Join{Call: queue.CallID("new-" + string(q.ID)), Queue: q.ID, Number: "0301"})
		_ = e.Step(now, acd.ChangeQueue{Queue: q.ID, Config: q.Config})
	}
	require.NoError(t, e.Check())
	for i := range calls {
		_ = e.Step(now, acd.HangUp{Call: calls[i].ID})
	}
	require.NoError(t, e.Check())
	for _, a := range agents {
		_ = e.Step(now, acd.DeleteAgent{Agent: a.ID})
	}
	for _, q := range slices.Collect(e.Queues()) {
		_ = e.Step(now, acd.DeleteQueue{Queue: q.ID})
	}
	require.NoError(t, e.Check())
}

// nonsense are values that a field may be given.
var nonsense = []any{
	nil, false, true, "", "x", "q", "1001", "c1", "\x00", json.Number("0"), json.Number("1"), json.Number("2"), json.Number("-1"),
	json.Number("255"), json.Number("4294967295"), json.Number("9223372036854775807"), json.Number("-9223372036854775808"), json.Number("1e400"),
	json.Number("1767225600000000000"), json.Number("86400000000000"),
	[]any{},
	[]any{"x"},
	[]any{nil},
	map[string]any{},
	map[string]any{"v": 1},
}

// edited changes state by what edits say, four bytes each: which record, what to
// do with it, which of its fields, and the value.
func edited(state map[string]string, edits []byte) map[string]string {
	state = maps.Clone(state)
	for ; len(edits) >= 4; edits = edits[4:] {
		keys := slices.Sorted(maps.Keys(state))
		if len(keys) == 0 {
			break
		}
		key := keys[int(edits[0])%len(keys)]
		switch other := keys[int(edits[3])%len(keys)]; edits[1] % 8 {
		case 0:
			delete(state, key)
		case 1:
			state[other] = state[key]
		case 2:
			state[key+"x"] = state[key]
		case 3, 4, 5:
			state[key] = changed(state[key], int(edits[2]), func(any) any { return nonsense[int(edits[3])%len(nonsense)] })
		default:
			state[key] = changed(state[key], int(edits[2]), func(was any) any { return nudged(was, int(edits[3])) })
		}
	}
	return state
}

// nudged returns a value that might be one too.
func nudged(was any, by int) any {
	switch was := was.(type) {
	case bool:
		return !was
	case json.Number:
		if n, err := was.Int64(); err == nil {
			return n + []int64{1, -1, 2, -n, int64(time.Second), -int64(time.Minute), int64(time.Hour)}[by%7]
		}
	case string:
		texts := []string{"", "READY", "BREAK", "LOGGED_OUT", "QUEUE_CALL", "1001", "1002", "1003", "q", "a", "b", "c1", "c2", "offer", "strategy"}
		return texts[by%len(texts)]
	case []any:
		if len(was) > 0 {
			return was[by%len(was):]
		}
	}
	return nil
}

// changed gives the n-th field of a record another value.
func changed(record string, n int, value func(was any) any) string {
	d := json.NewDecoder(strings.NewReader(record))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return record
	}
	var set []func()
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				set = append(set, func() { v[name] = value(v[name]) })
				walk(v[name])
			}
		case []any:
			for i := range v {
				set = append(set, func() { v[i] = value(v[i]) })
				walk(v[i])
			}
		}
	}
	walk(root)
	if len(set) == 0 {
		return record
	}
	set[n%len(set)]()
	var b bytes.Buffer
	if json.NewEncoder(&b).Encode(root) != nil {
		return record
	}
	return b.String()
}

// Records come in any order, each once; deletions say nothing.
func TestRestore_EachRecordOnce(t *testing.T) {
	t.Parallel()
	state := states()[0]
	var records []acd.Record
	for r, err := range loading(state) {
		require.NoError(t, err)
		records = append(records, r)
	}
	restore := func(records []acd.Record) (*acd.Engine, error) {
		e, err := acd.NewEngine(acd.EngineOptions{Track: true})
		require.NoError(t, err)
		return e, e.Restore(func(yield func(acd.Record, error) bool) {
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		})
	}
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	deleted := acd.Record{Key: records[0].Key}
	e, err := restore(slices.Concat([]acd.Record{deleted, deleted}, records, []acd.Record{deleted}))
	require.NoError(t, err)
	require.Equal(t, state, recordsOf(e))
	for _, twice := range records {
		_, err := restore(append(slices.Clip(records), twice))
		require.ErrorIs(t, err, acd.ErrInvalid)
		require.ErrorContains(t, err, "comes twice")
		require.ErrorContains(t, err, twice.Key)
	}
}

// FuzzRestore: whatever becomes of the records in a store, an engine takes them
// and works, or refuses them and is as it was.
func FuzzRestore(f *testing.F) {
	for i := range states() {
		f.Add(uint8(i), []byte{})
		f.Add(uint8(i), []byte{byte(i), 3, byte(7 * i), byte(i)})
		f.Add(uint8(i), []byte{byte(3 * i), byte(i), byte(i), byte(5 * i), byte(i), 9, byte(11 * i), byte(3 * i)})
	}
	f.Fuzz(func(t *testing.T, which uint8, edits []byte) {
		all := states()
		_ = takeUp(t, edited(all[int(which)%len(all)], edits))
	})
}

// FuzzRecord: so does any one record, whatever its bytes, beside good ones.
func FuzzRecord(f *testing.F) {
	for i, state := range states() {
		keys := slices.Sorted(maps.Keys(state))
		key := keys[i%len(keys)]
		f.Add(uint8(i), key, []byte(state[key]))
	}
	for _, key := range []string{"", "queue", "queue/", "queue//member/", "queue/%zz", "agent/", "offer/", "caller/", "vip/1", "server/", "meta/"} {
		f.Add(uint8(0), key, []byte(`{"v":1}`))
	}
	f.Add(uint8(0), "meta", []byte(`{"v":2}`))
	f.Fuzz(func(t *testing.T, which uint8, key string, value []byte) {
		all := states()
		state := maps.Clone(all[int(which)%len(all)])
		state[key] = string(value)
		_ = takeUp(t, state)
	})
}

// TestRestore_B110_WhatIsEditedAtRandom does the same without looking where it
// leads.
func TestRestore_B110_WhatIsEditedAtRandom(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 3))
	taken, refused := 0, 0
	const least = 500
	end := time.Now().Add(long.Time(t))
	for taken+refused < least || time.Now().Before(end) {
		which, edits := rng.IntN(256), make([]byte, 4*(1+rng.IntN(3)))
		for i := range edits {
			edits[i] = byte(rng.Uint32())
		}
		state := edited(states()[which%len(states())], edits)
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("state %d, edits %v: %v", which%len(states()), edits, p)
					panic(p)
				}
			}()
			if takeUp(t, state) != nil {
				refused++
			} else {
				taken++
			}
		}()
		if t.Failed() {
			t.Fatalf("state %d, edits %v", which%len(states()), edits)
		}
	}
	t.Logf("%d taken, %d refused", taken, refused)
	if taken < 25 || refused < 100 {
		t.Errorf("%d taken, %d refused: it tells little", taken, refused)
	}
}

// A record of a newer version is refused and says so.
func TestRestore_ANewerVersionIsNamed(t *testing.T) {
	t.Parallel()
	for key, value := range states()[0] {
		state := maps.Clone(states()[0])
		state[key] = strings.Replace(value, `"v":1`, `"v":2`, 1)
		err := takeUp(t, state)
		require.ErrorContains(t, err, "version 2")
		require.ErrorContains(t, err, key)
		var e *acd.Error
		require.ErrorAs(t, err, &e)
	}
}

// Times and values that no engine writes are refused, each by its record.
func TestRestore_B110_WhatNoEngineWrites(t *testing.T) {
	t.Parallel()
	e := newEngine(t, makeQueue(t, "q", "polling_strategy=PRIORITIZED_HUNT"), ready("1001", "q"), join("c", "q"))
	answer(t, e, 1, "1001")
	d := time.Second
	step(t, e, 2, acd.ChangeMember{Agent: "1001", Queue: "q", WrapUpTime: &d})
	good := recordsOf(e)
	since := regexp.MustCompile(`"since":\d+`).FindString(good["agent/1001"])
	for want, c := range map[string]struct{ key, old, new string }{
		"wrap_up_time 1h0m1s: must be 0..1h": {"queue/q/member/1001", `"wrap_up_time":1000000000`, `"wrap_up_time":3601000000000`},
		"wrap_up_time -1ns: must be 0..1h":   {"queue/q/member/1001", `"wrap_up_time":1000000000`, `"wrap_up_time":-1`},
		"must be 1970..2261":                 {"agent/1001", since, `"since":9220` + since[len(`"since":1767`):]},
	} {
		state := maps.Clone(good)
		state[c.key] = strings.Replace(state[c.key], c.old, c.new, 1)
		if state[c.key] == good[c.key] {
			t.Errorf("no %s in %s", c.old, state[c.key])
			continue
		}
		err := newEngine(t).Restore(loading(state))
		require.ErrorIs(t, err, acd.ErrInvalid)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, strings.TrimSuffix(c.key, "/member/1001"))
	}
}
