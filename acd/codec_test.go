package acd

import (
	"encoding"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// sealed returns the types of the package that have a method with the name of a
// seal.
func sealed(t *testing.T, seal string) (types []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != seal {
				continue
			}
			of := fn.Recv.List[0].Type
			if star, ok := of.(*ast.StarExpr); ok {
				of = star.X
			}
			types = append(types, of.(*ast.Ident).Name)
		}
	}
	return types
}

var wordStart = regexp.MustCompile(`[A-Z]+[a-z]+|[A-Z]+$`)

// inJSON returns the name of a Go type in JSON: SLABreached is sla_breached.
func inJSON(name string) string {
	name = strings.Replace(name, "SLA", "Sla", 1)
	return strings.ToLower(strings.Join(wordStart.FindAllString(name, -1), "_"))
}

func TestCodec_EveryTypeIsInTheTable(t *testing.T) {
	t.Parallel()
	var inputs, actions []string
	for _, f := range inputForms {
		inputs = append(inputs, f.of.Name())
		assert.Equal(t, inJSON(f.of.Name()), f.name)
	}
	for _, f := range actionForms {
		actions = append(actions, f.of.Elem().Name())
		assert.Equal(t, inJSON(f.of.Elem().Name()), f.name)
	}
	assert.ElementsMatch(t, sealed(t, "input"), inputs)
	assert.ElementsMatch(t, sealed(t, "action"), actions)
	slices.Sort(inputs)
	assert.Len(t, slices.Compact(inputs), len(inputForms))
}

// Every field has a name of its own in JSON, in lower case; "type" is taken.
func TestCodec_FieldsHaveNames(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	var check func(of reflect.Type)
	check = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || of.Implements(reflect.TypeFor[json.Marshaler]()) ||
			of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return
		}
		for i := range of.NumField() {
			f := of.Field(i)
			if !f.Anonymous {
				tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				assert.Regexp(t, name, tag, "%s.%s", of, f.Name)
				assert.NotEqual(t, "type", tag, "%s.%s", of, f.Name)
			}
			check(f.Type)
		}
	}
	for _, f := range inputForms {
		check(f.of)
	}
	for _, f := range actionForms {
		check(f.of)
	}
}

// fill sets everything in v to something that is not zero.
func fill(t testing.TB, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)))
		return
	case queue.Config:
		c := queue.Defaults()
		c.Name, c.Number, c.NightModeForwardRule = "Support", "800", &queue.ForwardRule{}
		v.Set(reflect.ValueOf(c))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.String:
		v.SetString("<ä & \"b\">")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1_234_567_891)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(4_000_000_000)
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}

func TestCodec_EveryInputComesBack(t *testing.T) {
	t.Parallel()
	for _, f := range inputForms {
		filled := reflect.New(f.of).Elem()
		fill(t, filled)
		zero := reflect.New(f.of).Elem()
		if c := zero.FieldByName("Config"); c.IsValid() {
			c.Set(reflect.ValueOf(queue.Defaults()))
		}
		for _, v := range []reflect.Value{filled, zero} {
			in := v.Interface().(Input)
			data, err := MarshalInput(in)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(data), `{"type":"`+f.name+`"`), "%s", data)
			back, err := UnmarshalInput(data)
			require.NoError(t, err, "%s", data)
			require.Equal(t, in, back)
		}
	}
}

func TestCodec_EveryActionComesBackInItsEvent(t *testing.T) {
	t.Parallel()
	for _, f := range actionForms {
		for _, filled := range []bool{true, false} {
			v := reflect.New(f.of.Elem())
			if filled {
				fill(t, v.Elem())
			}
			ev := Event{Seq: 7, At: time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC), Do: v.Interface().(Action)}
			data, err := json.Marshal(ev)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(data), `{"seq":7,"at":"2026-01-01T00:00:00.000000001Z","do":{"type":"`+f.name+`"`), "%s", data)
			var back Event
			require.NoError(t, json.Unmarshal(data, &back), "%s", data)
			require.Equal(t, ev, back)
		}
	}
}

func TestCodec_AsDocumented(t *testing.T) {
	t.Parallel()
	data, err := MarshalInput(Join{Call: "c1", Queue: "support", Number: "+4930123456"})
	require.NoError(t, err)
	require.Equal(t, `{"type":"join","call":"c1","queue":"support","number":"+4930123456"}`, string(data))
	data, err = MarshalInput(Resync{})
	require.NoError(t, err)
	require.Equal(t, `{"type":"resync"}`, string(data))
	data, err = MarshalAction(&StopRinging{About: About{Call: "c1", Queue: "support"}, Offer: OfferID{3, 17}, Agent: "101", End: agent.Withdrawn})
	require.NoError(t, err)
	require.Equal(t, `{"type":"stop_ringing","call":"c1","queue":"support","offer":"3-17","agent":"101","end":"WITHDRAWN"}`, string(data))

	in, err := UnmarshalInput([]byte(` {"queue": "q", "config": {"name": "Q", "extension_number": "800", "ring_time": 30}, "type": "create_queue"} `))
	require.NoError(t, err)
	config := queue.Defaults()
	config.Name, config.Number, config.RingTime = "Q", "800", 30*time.Second
	require.Equal(t, CreateQueue{Queue: "q", Config: config}, in)
}

func TestCodec_B110_WhatItDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		``, `null`, `1`, `[]`, `{}`, `"join"`, `{"type":null}`, `{"type":1}`, `{"type":"Join"}`, `{"Type":"join"}`, `{"type":"ring"}`,
		`{"type":"join","call":"c1","color":"red"}`, `{"type":"join","call":1}`, `{"type":"join"} {}`, `{"type":"join"`,
		`{"type":"set_status","status":"HAPPY"}`, `{"type":"other_call","state":"BUSY"}`, `{"type":"end_talk","by":"agent"}`,
		`{"type":"alerting","offer":"3"}`, `{"type":"recover","epoch":-1}`, `{"type":"add_agent","queues":[{"color":1}]}`,
		`{"type":"create_queue","config":{"ring_time":"long"}}`, `{"type":"create_queue","config":{"color":1}}`,
		`{"type":"set_agents","agents":[{"agent":"1","skill_level":1.5}]}`,
	} {
		in, err := UnmarshalInput([]byte(data))
		require.ErrorIs(t, err, ErrInvalid, data)
		require.Nil(t, in, data)
		data = strings.Replace(data, "ring\"", "join\"", 1) // each other's types
		_, err = UnmarshalAction([]byte(data))
		require.ErrorIs(t, err, ErrInvalid, data)
		ev := Event{Seq: 1}
		require.Error(t, json.Unmarshal([]byte(`{"seq":2,"do":`+data+`}`), &ev), data)
		require.Equal(t, Event{Seq: 1}, ev, data)
	}
	for _, in := range []Input{nil, &Join{}, (*Join)(nil), OtherCall{State: 9}, SetStatus{Status: 99}} {
		_, err := MarshalInput(in)
		require.ErrorIs(t, err, ErrInvalid, "%T", in)
	}
	for _, do := range []Action{nil, (*Ring)(nil), &Ring{Why: Why{By: 9}}} {
		_, err := MarshalAction(do)
		require.ErrorIs(t, err, ErrInvalid, "%T", do)
		_, err = json.Marshal(Event{Do: do})
		require.Error(t, err)
	}
}

func TestCodec_EnumsReadWhatTheyWrite(t *testing.T) {
	t.Parallel()
	enum := func(value interface {
		encoding.TextMarshaler
		String() string
	}, into encoding.TextUnmarshaler, known bool,
	) {
		text, err := value.MarshalText()
		if !known {
			require.ErrorIs(t, err, ErrInvalid)
			require.Contains(t, value.String(), "(")
			require.ErrorIs(t, into.UnmarshalText([]byte("NONSENSE")), ErrInvalid)
			return
		}
		require.NoError(t, err)
		require.Equal(t, value.String(), string(text))
		require.NoError(t, into.UnmarshalText(text))
		require.Equal(t, value, reflect.ValueOf(into).Elem().Interface())
	}
	for i := range uint8(reasons + 1) {
		enum(Reason(i), new(Reason), Reason(i) < reasons)
	}
	for i := range uint8(talkEnds + 1) {
		enum(TalkEnd(i), new(TalkEnd), TalkEnd(i) < talkEnds)
	}
	for i := range uint8(otherStates + 1) {
		enum(OtherState(i), new(OtherState), OtherState(i) < otherStates)
	}
	for i := range uint8(callStates + 1) {
		enum(CallState(i), new(CallState), CallState(i) < callStates)
	}
}

func BenchmarkEvent_MarshalJSON(b *testing.B) {
	ev := Event{Seq: 1, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Do: &Ring{About: About{Call: "c1", Queue: "support"}, Offer: OfferID{1, 1}, Agent: "101"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(ev); err != nil {
			b.Fatal(err)
		}
	}
}
