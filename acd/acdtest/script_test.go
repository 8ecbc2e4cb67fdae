package acdtest

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, want string }{
		{"verb", "dance c1", "unknown verb dance"},
		{"verb of two words", "drop table q", "unknown verb drop: must be drop queue or drop agent"},
		{"verb of two words, one given", "show", "unknown verb show"},
		{"key instead of a verb", "call=c1", "begins with a verb"},
		{"key", "call c1 queue=q colour=red", "unknown key colour: usage: call ID queue=NAME"},
		{"key twice", "call c1 queue=q queue=r", "key queue given twice"},
		{"key missing", "call c1", "queue= is missing"},
		{"word too many", "hangup c1 c2", "unknown word c2: usage: hangup ID"},
		{"word missing", "answer c1", "too few words: usage: answer ID EXT"},
		{"word missing at the end", "status 1001", "too few words"},
		{"kind", "expect dance call=c1", "unknown kind dance"},
		{"kind missing", "never", "too few words"},
		{"field", "expect ring caller=c1", "unknown key caller: ring has call, agent, queue, round, level, why"},
		{"field of a line", "expect line first=c1", "unknown key first"},
		{"value of a field", "expect leave outcome=LEFT", "outcome=LEFT: must be one of ANSWERED"},
		{"number in a field", "expect ring round=one", "round=one: must be a whole number"},
		{"time in a field", "expect connect wait=soon", "wait=soon: must be a duration"},
		{"nothing that fails", "fails invalid", "too few words"},
		{"word of fails", "fails a=b call c1 queue=q", "too few words"},
		{"verb that fails", "fails invalid dance c1", "unknown verb dance"},
		{"key that fails", "fails invalid call c1 queue=q colour=red", "unknown key colour"},
		{"no input fails", "fails invalid wait 5", "wait is not an input"},
		{"quote in a word", `call c"1" queue=q`, "must be quoted"},
		{"quote not closed", `withdraw c1 "closed`, "must be quoted"},
		{"bad escape", `withdraw c1 "\q"`, "must be quoted"},
		{"no blank after a quote", `withdraw "c1"x`, "no blank"},
		{"no key", "call c1 =q", "no key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("bad.acd", strings.NewReader("# a comment\n\n"+c.line+"\nwait 1\n"))
			var bad *ScriptError
			if !errors.As(err, &bad) {
				t.Fatalf("Parse returned %v, want a *ScriptError", err)
			}
			if bad.File != "bad.acd" || bad.Line != 3 {
				t.Errorf("it is %s:%d, want bad.acd:3", bad.File, bad.Line)
			}
			if !strings.Contains(bad.Error(), c.want) || !strings.HasPrefix(bad.Error(), "bad.acd:3: ") {
				t.Errorf("error %q, want one with %q", bad.Error(), c.want)
			}
		})
	}
}

func TestParse_ALineMayBeLongButNotEndless(t *testing.T) {
	t.Parallel()
	if _, err := Parse("x", strings.NewReader("# "+strings.Repeat("x", 100_000))); err != nil {
		t.Error(err)
	}
	_, err := Parse("x", strings.NewReader("wait 1\n# "+strings.Repeat("x", maxLine)))
	if err == nil || !strings.HasPrefix(err.Error(), "x:2: a line is longer than") {
		t.Error(err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestParse_SaysThatTheFileCannotBeRead(t *testing.T) {
	t.Parallel()
	if _, err := Parse("x", brokenReader{}); err == nil || err.Error() != "x: broken pipe" {
		t.Error(err)
	}
}

func TestParseLine_SortsOutWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line  string
		verb  string
		args  []string
		pairs []Field
	}{
		{"hangup c1", "hangup", []string{"c1"}, nil},
		{"\t hangup \t c1 \r", "hangup", []string{"c1"}, nil},
		{"hangup #1", "hangup", []string{"#1"}, nil},
		{`withdraw c1 "line closed"`, "withdraw", []string{"c1", "line closed"}, nil},
		{"withdraw c1 `a \"b\"`", "withdraw", []string{"c1", `a "b"`}, nil},
		{`hangup "a=b"`, "hangup", []string{"a=b"}, nil},
		{`hangup ""`, "hangup", []string{""}, nil},
		{`status 1001 BREAK reason="long call" queue=q`, "status", []string{"1001", "BREAK"}, []Field{{"reason", "long call"}, {"queue", "q"}}},
		{"call c1 queue=q name=a=b", "call", []string{"c1"}, []Field{{"queue", "q"}, {"name", "a=b"}}},
		{"call c1 queue=q name= from=#", "call", []string{"c1"}, []Field{{"queue", "q"}, {"name", ""}, {"from", "#"}}},
		{`agent 1001 queues=a:1,b`, "agent", []string{"1001"}, []Field{{"queues", "a:1,b"}}},
		{"agents q", "agents", []string{"q"}, nil},
		{"agents q 1 2:3 4", "agents", []string{"q", "1", "2:3", "4"}, nil},
		{"drop queue queue", "drop queue", []string{"queue"}, nil},
		{"queue queue ring_time=5", "queue", []string{"queue"}, []Field{{"ring_time", "5"}}},
		{"resync", "resync", nil, nil},
		{"expect line queue=q 1=c1 2=c2", "expect", []string{"line"}, []Field{{"queue", "q"}, {"1", "c1"}, {"2", "c2"}}},
		{`never agent "my queue"=READY`, "never", []string{"agent"}, []Field{{"my queue", "READY"}}},
	} {
		l, err := parseLine(1, c.line)
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		if l.verb.name != c.verb || !reflect.DeepEqual(l.args, c.args) || !reflect.DeepEqual(l.pairs, c.pairs) {
			t.Errorf("%s: verb %q, words %q, pairs %q", c.line, l.verb.name, l.args, l.pairs)
		}
	}
	for _, empty := range []string{"", "  ", "\t", "#", "  # call c1", "\r"} {
		if l, err := parseLine(1, empty); l != nil || err != nil {
			t.Errorf("%q: %v, %v", empty, l, err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"0": 0, "20": 20 * time.Second, "20s": 20 * time.Second, "2m30s": 150 * time.Second, "48h": 48 * time.Hour,
		"0.5": 500 * time.Millisecond, "7.000000001": 7*time.Second + 1, "1.25s": 1250 * time.Millisecond, "300ms": 300 * time.Millisecond,
	} {
		if d, ok := parseDuration(text); !ok || d != want {
			t.Errorf("%s: %v, %t; want %v", text, d, ok, want)
		}
	}
	for _, text := range []string{
		"", "-1", "-1s", "1e3", "1.", ".5", "1.0000000001", "x", "1 s", "0x10", "Inf", "NaN", "1_000", "٣",
		"99999999999999999999", "6307200001", "1800000h", "9223372036854775807ns9223372036854775807ns",
	} {
		if d, ok := parseDuration(text); ok {
			t.Errorf("%q: %v, want none", text, d)
		}
	}
}

func TestFormatDuration_IsReadBack(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"0": 0, "20": 20 * time.Second, "0.5": 500 * time.Millisecond, "7.000000001": 7*time.Second + 1, "172800": 48 * time.Hour,
		"-0.25": -250 * time.Millisecond, "-3": -3 * time.Second,
	} {
		text := formatDuration(d)
		if text != want {
			t.Errorf("%v: %s, want %s", d, text, want)
		}
		if back, ok := parseDuration(text); d >= 0 && (!ok || back != d) {
			t.Errorf("%s is read back as %v, %t", text, back, ok)
		}
	}
}

func TestTraceLine_IsReadBack(t *testing.T) {
	t.Parallel()
	for _, l := range []TraceLine{
		{At: 0, Kind: "joined", Fields: []Field{{"call", "c1"}, {"queue", "q"}, {"position", "1"}}},
		{At: 1500 * time.Millisecond, Kind: "leave", Fields: []Field{{"call", "c 1"}, {"outcome", "WITHDRAWN"}, {"reason", `he said "no" = é`}}},
		{At: time.Hour, Kind: "refused", Fields: []Field{{"error", "acd: call c1 not found\n\x00`"}}},
		{At: 1, Kind: "agent", Fields: []Field{{"agent", "a=b"}, {"my=queue", "READY"}, {"rung", "#c1"}}},
		{At: 1, Kind: "line", Fields: []Field{{"queue", ""}, {"1", "\xff"}}},
	} {
		back, err := ParseTraceLine(l.String())
		if err != nil || !reflect.DeepEqual(back, l) {
			t.Errorf("%s is read back as %s, %v", l, back, err)
		}
	}
	for _, bad := range []string{"", "0", "x joined", "0 dance", "0 joined c1", "0 joined colour=red", "0 joined position=x", `0 joined call="`, "a=b c=d"} {
		if l, err := ParseTraceLine(bad); err == nil {
			t.Errorf("%q was read as %s", bad, l)
		}
	}
}
