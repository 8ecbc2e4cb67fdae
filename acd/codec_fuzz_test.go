package acd

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/queue"
)

// Whatever comes in: no panic, and what is accepted can be written and means the
// same when it is read again.
func FuzzUnmarshalInput(f *testing.F) {
	for _, form := range inputForms {
		filled := reflect.New(form.of).Elem()
		fill(f, filled)
		for _, v := range []reflect.Value{reflect.Zero(form.of), filled} {
			if data, err := MarshalInput(v.Interface().(Input)); err == nil {
				f.Add(data)
			}
		}
	}
	f.Add([]byte(`{"type":"join","call":"c1","queue":"q","passed":["a","b"],"credit":1000,"tag":"\ud800"}`))
	f.Add([]byte(`{"type":"set_status","agent":"1","status":"BREAK","queue":null}`))
	f.Add([]byte(`{"type":"add_agent","agent":"1","queues":[]}`))
	f.Add([]byte(`{"type":"add_agent","agent":"1","status":"READY","queues":[{"queue":"q","skill_level":3}]}`))
	f.Add([]byte(`{"type":"create_queue","config":{"night_mode_forward_rule":{"action":"HANGUP"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := UnmarshalInput(data)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalid)
			return
		}
		again, err := MarshalInput(in)
		require.NoError(t, err)
		back, err := UnmarshalInput(again)
		require.NoError(t, err, "%s", again)
		same, err := MarshalInput(back) // an empty list may come back as none
		require.NoError(t, err)
		require.Equal(t, string(again), string(same))
		handIn(t, in)
	})
}

// handIn hands an input to an engine with a queue, an agent and a call: it is
// taken or refused with an error that names a thing, and the engine stays sound.
func handIn(t *testing.T, in Input) {
	t.Helper()
	e, err := NewEngine(EngineOptions{Track: true})
	require.NoError(t, err)
	config := queue.Defaults()
	config.Name, config.Number = "q", "800"
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, first := range []Input{
		CreateQueue{Queue: "q", Config: config}, AddAgent{Agent: "1", Queues: []Place{{Queue: "q"}}}, Join{Call: "c1", Queue: "q"},
	} {
		require.NoError(t, e.Step(now, first))
	}
	if err := e.Step(now, in); err != nil {
		var named *Error
		var property *queue.PropertyError
		require.True(t, errors.As(err, &named) || errors.As(err, &property) || errors.Is(err, ErrInvalid), "%v", err)
	}
	require.NoError(t, e.Check())
	for _, ev := range e.Take() {
		_, err := json.Marshal(ev)
		require.NoError(t, err)
	}
}

// Whatever a reader of events is sent: no panic, an error leaves the event as it
// was, and what is accepted can be written and means the same when it is read
// again.
func FuzzEvent(f *testing.F) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC)
	for _, form := range actionForms {
		filled := reflect.New(form.of.Elem())
		fill(f, filled.Elem())
		for _, v := range []reflect.Value{reflect.New(form.of.Elem()), filled} {
			data, err := json.Marshal(Event{Seq: 7, At: at, Do: v.Interface().(Action)})
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, text := range []string{``, `null`, `{}`, `{"seq":-1}`, `{"seq":1,"at":"x","do":{"type":"ring"}}`, `{"seq":1,"do":{"type":"ring","offer":"1-"}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ev := Event{Seq: 99}
		if err := json.Unmarshal(data, &ev); err != nil {
			require.Equal(t, Event{Seq: 99}, ev)
			return
		}
		if ev.Do == nil {
			return // null
		}
		again, err := json.Marshal(ev)
		if err != nil {
			require.ErrorContains(t, err, "year", "%s", data) // of a time that JSON cannot write
			return
		}
		var back Event
		require.NoError(t, json.Unmarshal(again, &back), "%s", again)
		same, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(again), string(same))
	})
}
