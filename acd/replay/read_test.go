package replay

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func read(t *testing.T, file string, format Format) *Log {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	require.NoError(t, err)
	defer f.Close()
	log, err := Read(f, format)
	require.NoError(t, err)
	accounted(t, log)
	return log
}

// accounted checks that no record was dropped.
func accounted(t testing.TB, log *Log) {
	t.Helper()
	sum := log.Used + len(log.Bad)
	for _, i := range log.Ignored {
		sum += i.Count
	}
	if sum != log.Records {
		t.Errorf("%d records, %d accounted for", log.Records, sum)
	}
}

func call(t *testing.T, log *Log, id string) Call {
	t.Helper()
	for _, c := range log.Calls {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no call %s", id)
	return Call{}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestBankRecords(t *testing.T) {
	t.Parallel()
	log := read(t, "bank.tsv", Guess)
	assert.Equal(t, Bank, log.Format)
	assert.Equal(t, 15, log.Records)
	assert.Equal(t, []Ignored{{"PHANTOM", 1}}, log.Ignored)
	assert.Equal(t, 8, log.Used)
	assert.Len(t, log.Calls, 8)

	waited := call(t, log, "L1/2")
	assert.Equal(t, Call{
		ID: "L1/2", At: at("1999-03-01T09:01:10Z"), Caller: "70001", Kind: "PS", Credit: 90 * time.Second,
		Wait: 130 * time.Second, Outcome: queue.Answered, Agent: "ANNA", Talk: 100 * time.Second,
	}, waited, "priority 2 joins with a credit of 90 s")

	unwaited := call(t, log, "L1/1")
	assert.Equal(t, at("1999-03-01T09:00:05Z"), unwaited.At, "who did not wait joined when the voice-response part ended")
	assert.Empty(t, unwaited.Caller, "customer 0 is nobody")

	hung := call(t, log, "L2/1")
	assert.Equal(t, queue.Abandoned, hung.Outcome)
	assert.Equal(t, time.Minute, hung.Wait)

	midnight := call(t, log, "L3/1")
	assert.Equal(t, at("1999-03-02T00:00:00Z"), midnight.At, "the date is that of the voice-response part")

	assert.Empty(t, call(t, log, "L3/2").Agent, "NO_SERVER")
	assert.Equal(t, []Agent{{Name: "ANNA"}, {Name: "BORIS"}}, log.Agents)
}

func TestBankBadLines(t *testing.T) {
	t.Parallel()
	log := read(t, "bank.tsv", Bank)
	assert.Equal(t, []BadLine{
		{11, `priority "7": must be 0, 1 or 2`},
		{12, `outcome "LOST": must be AGENT, HANG or PHANTOM`},
		{13, `date "991301": must be yymmdd`},
		{14, "7 fields: must be 17"},
		{15, `vru_exit "25:00:05": must be h:mm:ss`},
		{16, `ser_time "-10": must be a number of seconds`},
	}, log.Bad)
}

func TestQueueLogCalls(t *testing.T) {
	t.Parallel()
	log := read(t, "queue_log", Guess)
	assert.Equal(t, QueueLog, log.Format)
	start := time.Unix(1800000000, 0).UTC()
	after := func(s float64) time.Time { return start.Add(time.Duration(s * float64(time.Second))) }

	assert.Equal(t, []Call{
		{ID: "c1", At: after(10), Caller: "5550001", Kind: "support", Wait: 5 * time.Second, Ring: 3 * time.Second, Outcome: queue.Answered, Agent: "SIP/101", Talk: time.Minute},
		{ID: "c2", At: after(20.5), Caller: "5550002", Kind: "support", Wait: 30250 * time.Millisecond, Outcome: queue.Abandoned, Talk: Unknown},
		{ID: "c3", At: after(80), Caller: "5550001", Kind: "support", Wait: 2 * time.Second, Ring: 2 * time.Second, Outcome: queue.Answered, Agent: "SIP/102", Talk: time.Minute},
		{ID: "c4", At: after(150), Caller: "5550003", Kind: "support", Wait: 50 * time.Second, Outcome: queue.TimedOut, Talk: Unknown},
		{ID: "c5", At: after(310), Caller: "5550004", Kind: "support", Wait: 10 * time.Second, Ring: 2 * time.Second, Outcome: queue.Answered, Agent: "SIP/103", Talk: Unknown},
		{ID: "c6", At: after(330), Caller: "5550005", Kind: "support", Wait: 20 * time.Second, Outcome: queue.Waiting, Talk: Unknown},
	}, log.Calls, "a call that has no end in the log has waited, or talked, until there")

	assert.Equal(t, []Ignored{{"QUEUESTART", 1}, {"RINGNOANSWER", 1}}, log.Ignored)
	require.Len(t, log.Bad, 5)
	assert.Equal(t, BadLine{21, `call "c9" has not joined in this log, or has ended`}, log.Bad[0])
	assert.Equal(t, BadLine{22, `call "c5" does not wait any longer`}, log.Bad[1])
	assert.Equal(t, BadLine{23, `event "FROBNICATE": unknown`}, log.Bad[2])
	assert.Equal(t, 24, log.Bad[3].Line)
	assert.Equal(t, BadLine{25, `time "later": must be Unix seconds`}, log.Bad[4])
}

func TestQueueLogPresence(t *testing.T) {
	t.Parallel()
	log := read(t, "queue_log", QueueLog)
	span := func(from, to int64) Span {
		return Span{time.Unix(1800000000+from, 0).UTC(), time.Unix(1800000000+to, 0).UTC()}
	}
	assert.Equal(t, []Agent{
		{Name: "SIP/101", Present: []Span{span(0, 300)}},
		{Name: "SIP/102", Present: []Span{span(60, 100)}},
		{Name: "SIP/103"},
	}, log.Agents)
}

func TestQueueLogPresenceOfWhoWasThereBefore(t *testing.T) {
	t.Parallel()
	log, err := Read(strings.NewReader(
		"100000000|c|q|NONE|ENTERQUEUE||1\n"+
			"100000010|NONE|q|A|PAUSE|\n"+ // there since the log began
			"100000020|NONE|q|A|UNPAUSE|\n"+
			"100000030|NONE|NONE|A|PAUSEALL|\n"+
			"100000030|NONE|q|B|UNPAUSE|\n"+ // paused since the log began
			"100000040|NONE|q|B|REMOVEMEMBER|\n"+
			"100000050|c|q|NONE|ABANDON|1|1|50\n"), Guess)
	require.NoError(t, err)
	span := func(from, to int64) Span {
		return Span{time.Unix(100000000+from, 0).UTC(), time.Unix(100000000+to, 0).UTC()}
	}
	assert.Equal(t, []Agent{
		{Name: "A", Present: []Span{span(0, 10), span(20, 30)}},
		{Name: "B", Present: []Span{span(30, 40)}},
	}, log.Agents)
}

func TestCSVRecords(t *testing.T) {
	t.Parallel()
	log := read(t, "calls.csv", Guess)
	assert.Equal(t, CSV, log.Format)
	assert.Equal(t, []Call{
		{ID: "a1", At: at("2027-01-15T08:00:00Z"), Caller: "5550001", Kind: "sales", Outcome: queue.Answered, Agent: "101", Talk: 2 * time.Minute},
		{ID: "a2", At: at("2027-01-15T08:01:00Z"), Caller: "5550002", Priority: 5, Kind: "sales", Wait: 65500 * time.Millisecond, Outcome: queue.Answered, Agent: "101", Talk: 30 * time.Second},
		{ID: "a3", At: time.Unix(1800000300, 250e6).UTC(), Kind: "sales", Wait: 40 * time.Second, Outcome: queue.Abandoned, Talk: Unknown},
		{ID: "a4", At: time.Unix(1800000400, 0).UTC(), Caller: "5550,001", Kind: "service", Outcome: queue.Answered, Agent: "102", Talk: Unknown},
		{ID: "a5", At: time.Unix(1800000500, 0).UTC(), Caller: "5550002", Kind: "sales", Wait: 5 * time.Minute, Outcome: queue.TimedOut, Talk: Unknown},
	}, log.Calls)
	assert.Equal(t, []int{8, 9, 10, 11, 12, 13}, badLines(log))
	assert.Contains(t, log.Bad[0].Reason, "VANISHED")
	assert.Equal(t, "priority 101: must be 0..100", log.Bad[1].Reason)
	assert.Equal(t, `at "yesterday": must be RFC 3339 or Unix seconds`, log.Bad[2].Reason)
	assert.Equal(t, `wait "-3": must be 0..604800 s`, log.Bad[3].Reason)
	assert.Equal(t, "3 fields: must be 9", log.Bad[5].Reason)
}

func badLines(log *Log) (lines []int) {
	for _, b := range log.Bad {
		lines = append(lines, b.Line)
	}
	return lines
}

func TestReadFindsGzipByContent(t *testing.T) {
	t.Parallel()
	plain, err := os.ReadFile("testdata/bank.tsv")
	require.NoError(t, err)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err = w.Write(plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	log, err := Read(bytes.NewReader(packed.Bytes()), Guess)
	require.NoError(t, err)
	assert.Len(t, log.Calls, 8)

	_, err = Read(bytes.NewReader(packed.Bytes()[:packed.Len()/2]), Bank)
	require.ErrorIs(t, err, ErrNoLog, "a file that breaks off is no log")
	assert.ErrorContains(t, err, "unexpected EOF")
}

func TestReadRefusesWhatIsNoLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		format Format
		says   string
	}{
		"empty":                  {"", Guess, "line 1"},
		"empty bank":             {"", Bank, "not the header of a bank file"},
		"empty queue_log":        {"", QueueLog, "it is empty"},
		"prose":                  {"Once upon a time\nthere was a call.\n", Guess, "neither a bank file"},
		"prose as queue_log":     {"Once upon a time\nthere was a call.\n", QueueLog, "line 1: 1 fields"},
		"prose as csv":           {"Once upon a time\n", CSV, "must be at,call,caller"},
		"unknown column":         {"at,call,caller,priority,queue,agent,wait,talk,colour\n", CSV, "must be at,call,caller"},
		"header alone":           {"at,call,caller,priority,queue,agent,wait,talk,outcome\n", CSV, "it is empty"},
		"bad lines alone":        {"at,call,caller,priority,queue,agent,wait,talk,outcome\nx\n", Guess, "line 2: 1 fields"},
		"queue_log without call": {"1800000000|NONE|NONE|NONE|QUEUESTART|\n", Guess, "none of its 1 records"},
		"broken gzip":            {"\x1f\x8b and so on", Guess, "gzip"},
	} {
		_, err := Read(strings.NewReader(c.text), c.format)
		require.ErrorIs(t, err, ErrNoLog, name)
		assert.ErrorContains(t, err, c.says, name)
	}
}

func TestReadReportsAReaderThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	header := "at,call,caller,priority,queue,agent,wait,talk,outcome\n"
	_, err := Read(&failing{strings.NewReader(header), broken}, CSV)
	require.ErrorIs(t, err, broken)
}

type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

func TestReadBoundsLines(t *testing.T) {
	t.Parallel()
	log, err := Read(strings.NewReader(
		"\uFEFFcall,at,caller,priority,queue,agent,wait,talk,outcome\r\n"+ // any order, a byte order mark
			strings.Repeat("9", 3*maxLine)+"\r\n"+
			"a,1800000000,,,,,1,,ABANDONED"), Guess) // no line end
	require.NoError(t, err)
	assert.Equal(t, []BadLine{{2, "longer than 16384 bytes"}}, log.Bad)
	assert.Len(t, log.Calls, 1)
	accounted(t, log)
}

func TestReadRefusesTextsThatTheEngineWould(t *testing.T) {
	t.Parallel()
	header := "at,call,caller,priority,queue,agent,wait,talk,outcome\n"
	for _, line := range []string{
		"1800000000,a,\x1b[2J,,,,1,,ABANDONED",
		"1800000000,a,\xff,,,,1,,ABANDONED",
		"1800000000,a," + strings.Repeat("5", 65) + ",,,,1,,ABANDONED",
		"1800000000,a,,,," + strings.Repeat("A", 129) + ",1,1,ANSWERED",
		"99999999999,a,,,,A,1,1,ANSWERED",
		"0,a,,,,A,1,1,ANSWERED",
	} {
		_, err := Read(strings.NewReader(header+line+"\n"), CSV)
		require.ErrorIs(t, err, ErrNoLog, "%q", line)
		assert.NotContains(t, err.Error(), "\x1b")
	}
}

func TestFormatText(t *testing.T) {
	t.Parallel()
	for f := range formats {
		text, err := f.MarshalText()
		require.NoError(t, err)
		var back Format
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, f, back)
	}
	var f Format
	assert.ErrorIs(t, f.UnmarshalText([]byte("xml")), agent.ErrInvalid)
	_, err := Read(strings.NewReader("x"), formats)
	assert.ErrorIs(t, err, agent.ErrInvalid)
}
