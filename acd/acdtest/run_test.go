package acdtest

import (
	"errors"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/strategy"
)

// setUp makes one queue with two agents who are rung one after the other.
const setUp = `queue q polling_strategy=PRIORITIZED_HUNT ring_time=10 retry_interval=5
agent 1001 queues=q
agent 1002 queues=q
`

// runText runs a script, strictly.
func runText(t *testing.T, text string) (*Result, error) {
	t.Helper()
	return RunScript("x", strings.NewReader(text), Options{Strict: true})
}

// traceOfText runs a script that must pass, and returns the trace of what comes
// after the set-up.
func traceOfText(t *testing.T, text string) string {
	t.Helper()
	before, err := runText(t, setUp)
	if err != nil {
		t.Fatal(err)
	}
	result, err := runText(t, setUp+text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, l := range result.Trace[len(before.Trace):] {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

func wantTrace(t *testing.T, text, want string) {
	t.Helper()
	if got := traceOfText(t, text); got != want {
		t.Errorf("trace of\n%s\nis\n%s\nwant\n%s", text, got, want)
	}
}

// wantFailure runs a script that must fail at its last line.
func wantFailure(t *testing.T, text, want string) {
	t.Helper()
	text = setUp + strings.TrimRight(text, "\n")
	_, err := runText(t, text)
	var bad *ScriptError
	if !errors.As(err, &bad) {
		t.Errorf("%s\nreturned %v, want a *ScriptError", text, err)
		return
	}
	if last := strings.Count(text, "\n") + 1; bad.Line != last || !strings.Contains(bad.Text, want) {
		t.Errorf("%s\nfailed by %v, want line %d, %q", text, err, last, want)
	}
}

func TestRun_TraceSaysWhatHappened(t *testing.T) {
	t.Parallel()
	wantTrace(t, `call c1 queue=q from=123
wait 2.5
reject c1 1001
wait 59.5
hangup c1
`, `0 joined call=c1 queue=q position=1
0 play call=c1 what=moh position=1 estimate=0
0 ring call=c1 agent=1001 queue=q round=1 why=strategy
2.5 offer_end call=c1 agent=1001 end=REJECTED
2.5 ring call=c1 agent=1002 queue=q round=1 why=strategy
12.5 offer_end call=c1 agent=1002 end=NO_ANSWER
17.5 ring call=c1 agent=1002 queue=q round=2 why=strategy
27.5 offer_end call=c1 agent=1002 end=NO_ANSWER
27.5 ring call=c1 agent=1001 queue=q round=2 why=strategy
37.5 offer_end call=c1 agent=1001 end=NO_ANSWER
42.5 ring call=c1 agent=1001 queue=q round=3 why=strategy
52.5 offer_end call=c1 agent=1001 end=NO_ANSWER
52.5 ring call=c1 agent=1002 queue=q round=3 why=strategy
62 offer_end call=c1 agent=1002 end=WITHDRAWN
62 leave call=c1 queue=q outcome=ABANDONED
`)
}

func TestRun_TimesAreSecondsFromTheBeginning(t *testing.T) {
	t.Parallel()
	wantTrace(t, "wait 1.5\nwait 500ms\nat 1m2.25s\nat 62.25\nshow line q\n", "62.25 line queue=q\n")
	wantFailure(t, "wait 5\nat 4.9", `at 4.9: must not lie before 5`)
	wantFailure(t, "wait soon", "wait soon: must be a duration")
	wantFailure(t, "wait -1s", "wait -1s: must be a duration")
	wantFailure(t, "at 1700000h\nwait 100000h", "must end within")
}

func TestRun_ARefusedLineFailsThere(t *testing.T) {
	t.Parallel()
	result, err := runText(t, setUp+"answer c1 1001\nwait 1\n")
	if err == nil || err.Error() != `x:4: expected no error, came "acd: offer of c1 to 1001 not found"` {
		t.Errorf("error %v", err)
	}
	if !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("%v does not wrap ErrNotFound", err)
	}
	last := result.Trace[len(result.Trace)-1]
	if want := `0 refused error="acd: offer of c1 to 1001 not found"`; last.String() != want {
		t.Errorf("the trace ends with %s, want %s", last, want)
	}
	for line, want := range map[string]string{
		"hangup c9":                           "c9 not found",
		"call c1 queue=r":                     "r not found",
		"status 1001 HAPPY":                   "status HAPPY: must be one of",
		"status 1001 READY queue=\"\"":        `must be the name of a queue`,
		"member 1001 q level=0":               "skill_level 0: must be 1..100",
		"member 1001 q level=best":            "skill_level best: must be 1..100",
		"member 1001 q level=101":             "skill_level 101: must be 1..100",
		"member 1001 q wrap_up_time=1.5":      "wrap_up_time 1.5: must be 0..3600 s",
		"agent 1003 queues=q:0":               "skill_level 0: must be 1..100",
		"agent 1003 queues=q status=AWAY":     "status AWAY: must be one of",
		"agent 1003 queues=q registered=1":    "registered 1: must be one of true, false",
		"agents q 1001 1002:x":                "skill_level x: must be 1..100",
		"othercall 1001 dial":                 "othercall dial: must be one of ring, start, end",
		"othercall 1001 end":                  "other call of 1001 not found",
		"othercall 1009 ring":                 "1009 not found",
		"call c1 queue=q priority=high":       "priority high: must be a whole number",
		"call c1 queue=q priority=101":        "priority 101: must be 0..100",
		"call c1 queue=q credit=-5":           "credit -5: must be a duration",
		"call c1 queue=q position=2147483648": "position 2147483648: must be a whole number",
		"hold c1 maybe":                       "hold maybe: must be one of on, off",
		"caller c1 from=1 credit=x":           "credit x: must be a duration",
		"priority c1 x":                       "priority x: must be a whole number",
		"connected c1 1001":                   "offer of c1 to 1001 not found",
		"restart confirm=some":                "confirm some: must be one of all, none",
		"queue q extension_number=9000":       "extension_number",
		"queue r ring_time=0 colour=red":      "ring_time 0: must be",
		"queue r colour=red":                  "colour",
		"show line r":                         "r not found",
		"show queue r":                        "r not found",
		"show agent 1":                        "1 not found",
		"show call c1":                        "c1 not found",
	} {
		wantFailure(t, line, want)
	}
}

func TestRun_QueuesGetNumbersFrom8000(t *testing.T) {
	t.Parallel()
	result, err := runText(t, "queue a\nqueue b extension_number=8001\nqueue c\nqueue a ring_time=7\nqueue d name=\"The d\"\n")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"8000": "a", "8001": "b", "8002": "c", "8003": "The d"} {
		view, err := result.Engine.QueueByNumber(id)
		if err != nil || view.Config.Name != want {
			t.Errorf("queue %s is %q, %v; want %q", id, view.Config.Name, err, want)
		}
	}
	if view, _ := result.Engine.QueueByNumber("8000"); view.Config.RingTime.Seconds() != 7 {
		t.Errorf("queue a was not changed: %v", view.Config.RingTime)
	}
}

func TestExpect_SearchesAfterTheLastMatch(t *testing.T) {
	t.Parallel()
	const calls = "call c1 queue=q\ncall c2 queue=q\n"
	traceOfText(t, calls+"expect joined call=c1\nexpect joined call=c2\n")
	traceOfText(t, calls+"expect joined\nexpect ring\nexpect joined\nexpect ring\n")
	wantFailure(t, calls+"expect joined call=c2\nexpect joined call=c1", "expected joined call=c1, came 0 play call=c2 what=moh")
	wantFailure(t, "expect joined", "expected joined, came 0 status")
	wantFailure(t, calls+"expect ring call=c2\nexpect ring", "came nothing")
	wantFailure(t, calls+"expect ring agent=1003", "came 0 ring call=c1 agent=1001 queue=q round=1 why=strategy; 0 ring call=c2")
}

func TestExpect_ComparesNumbersAndTimesByValue(t *testing.T) {
	t.Parallel()
	traceOfText(t, "queue q ring_time=100\ncall c1 queue=q\nwait 90\nanswer c1 1001\nexpect connect wait=1m30s\n")
	traceOfText(t, "call c1 queue=q\nexpect joined position=01\n")
	traceOfText(t, `call c1 queue=q
expect ring level=""
withdraw c1 "line closed"
expect leave outcome=WITHDRAWN to="" reason="line closed"
`)
	wantFailure(t, `call c1 queue=q
withdraw c1 closed
expect leave outcome=WITHDRAWN reason=""`, "expected leave outcome=WITHDRAWN reason=\"\", came 0 leave")
}

func TestNever_LooksSinceTheLastInputOrMoveOfTime(t *testing.T) {
	t.Parallel()
	traceOfText(t, "call c1 queue=q\nwait 0\nnever ring\n")
	traceOfText(t, "call c1 queue=q\nfails found hangup c2\nnever ring\n")
	wantFailure(t, "call c1 queue=q\nshow line q\nexpect ring\nnever ring call=c1", "expected no ring call=c1, came 0 ring call=c1 agent=1001")
	wantFailure(t, "wait 0\nshow line q\nnever line", "expected no line, came 0 line queue=q")
}

func TestFails_NeedsAnErrorWithTheWordAndNoChange(t *testing.T) {
	t.Parallel()
	traceOfText(t, `call c1 queue=q
fails "not found" hangup c2
fails "already exists" call c1 queue=q
fails ring_time queue q ring_time=0
fails ring_time queue q ring_time=x colour=red
fails colour queue q ring_time=x colour=red
fails skill_level member 1001 q level=0
fails must status 1001 ready
fails "" answer c1 1002
`)
	wantFailure(t, "fails found call c1 queue=q", `expected an error with "found", came none`)
	wantFailure(t, "fails Found hangup c2", `expected an error with "Found", came "acd: call c2 not found"`)
}

func TestAnswer_MeansTheLatestOffer(t *testing.T) {
	t.Parallel()
	traceOfText(t, `call c1 queue=q
wait 10
fails "offer ended" answer c1 1001
expect ring call=c1 agent=1002
hangup c1
fails "offer ended" answer c1 1002
fails "offer ended" reject c1 1001
wait 2
call c1 queue=q
expect ring call=c1 agent=1001
fails "not found" answer c1 1002
answer c1 1001
`)
}

func TestConnected_NamesTheAgentMeant(t *testing.T) {
	t.Parallel()
	traceOfText(t, `queue q connect=MANUAL connect_time=5
call c1 queue=q
answer c1 1001
expect connecting call=c1 agent=1001
wait 5
expect ring call=c1 agent=1002
answer c1 1002
fails "offer ended" connected c1 1001
fails "not found" connected c1 1003
connectfailed c1 1002
wait 5
pickup c1 1001
connected c1 1001
expect connect call=c1 agent=1001 why=pickup
`)
}

func TestOtherCall_WithoutIDIsTheOpenOne(t *testing.T) {
	t.Parallel()
	wantTrace(t, `othercall 1001 ring
wait 1
othercall 1001 start
wait 1
othercall 1001 start number=123
othercall 1001 end
othercall 1001 start id=mine
othercall 1001 end
fails "not found" othercall 1001 end
`, `1 status agent=1001 queue=q status=OTHER_CALL
2 status agent=1001 queue=q status=READY
2 status agent=1001 queue=q status=OTHER_CALL
2 status agent=1001 queue=q status=READY
`)
}

func TestStatus_IsTracedWhereItChanges(t *testing.T) {
	t.Parallel()
	wantTrace(t, `queue r
agent 1001 queues=q,r status=BREAK
status 1001 LUNCH reason="fish and chips"
status 1001 LUNCH reason=pie
status 1001 READY queue=r
unregister 1001
register 1001
`, `0 status agent=1001 queue=r status=BREAK
0 status agent=1001 queue=q status=LUNCH reason="fish and chips"
0 status agent=1001 queue=r status=LUNCH reason="fish and chips"
0 status agent=1001 queue=q status=LUNCH reason=pie
0 status agent=1001 queue=r status=LUNCH reason=pie
0 status agent=1001 queue=r status=READY
0 status agent=1001 queue=q status=OFFLINE
0 status agent=1001 queue=r status=OFFLINE
0 status agent=1001 queue=q status=LUNCH reason=pie
0 status agent=1001 queue=r status=READY
`)
}

func TestStatus_OfWhoIsAddedComesBeforeHisRing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"agent 1001 queues=r", "agents r 1001", "agent 2001 queues=r", "agents r 2001"} {
		traceOfText(t, "queue r wait_when_no_agents_online=true\ncall c1 queue=r\n"+line+"\nexpect status queue=r status=READY\nexpect ring call=c1\n")
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	wantTrace(t, `queue r max_callers=0
agent 1001 queues=r
call c1 queue=q
call c2 queue=q
call c3 queue=q priority=5
show line q
show line r
show agent 1001
show queue q
show call c2
show call c3
withdraw c3
show call c3
`, `0 status agent=1001 queue=r status=READY
0 joined call=c1 queue=q position=1
0 play call=c1 what=moh position=1 estimate=0
0 ring call=c1 agent=1001 queue=q round=1 why=strategy
0 joined call=c2 queue=q position=2
0 play call=c2 what=moh position=2 estimate=0
0 ring call=c2 agent=1002 queue=q round=1 why=strategy
0 joined call=c3 queue=q position=1
0 play call=c3 what=moh position=1 estimate=120
0 line queue=q 1=c3 2=c1 3=c2
0 line queue=r
0 agent agent=1001 q=READY r=READY rung=c1
0 queue queue=q joined=3 waiting=3 talking=0 answered=0 abandoned=0 timed_out=0 no_agents=0 full=0 night=0 exited=0 blocked=0 callback=0 withdrawn=0 transferred=0 lost=0 ended=0 callbacks_open=0 callbacks_completed=0 callbacks_failed=0 callbacks_cancelled=0 callbacks_expired=0
0 call call=c2 queue=q state=RINGING position=3
0 call call=c3 queue=q state=WAITING position=1
0 leave call=c3 queue=q outcome=WITHDRAWN
0 call call=c3 queue=q state=ENDED position=0
`)
}

func TestRestart_ConfirmsTheMostUrgentFirst(t *testing.T) {
	t.Parallel()
	wantTrace(t, `status 1002 BREAK
call c1 queue=q
answer c1 1001
call c2 queue=q
call c3 queue=q priority=9
restart
end c1
expect ring call=c3 agent=1001
`, `0 status agent=1002 queue=q status=BREAK
0 joined call=c1 queue=q position=1
0 play call=c1 what=moh position=1 estimate=0
0 ring call=c1 agent=1001 queue=q round=1 why=strategy
0 offer_end call=c1 agent=1001 end=ANSWERED
0 stop_play call=c1 what=moh
0 connect call=c1 agent=1001 wait=0 why=offer
0 leave call=c1 queue=q outcome=ANSWERED
0 status agent=1001 queue=q status=QUEUE_CALL
0 joined call=c2 queue=q position=1
0 play call=c2 what=moh position=1 estimate=180
0 joined call=c3 queue=q position=1
0 play call=c3 what=moh position=1 estimate=180
0 talk_end call=c1 agent=1001 by=AGENT talk=0
0 status agent=1001 queue=q status=READY
0 ring call=c3 agent=1001 queue=q round=1 why=strategy
`)
}

func TestRestart_WhatIsNotConfirmedIsLost(t *testing.T) {
	t.Parallel()
	traceOfText(t, `status 1002 BREAK
call c1 queue=q
answer c1 1001
call c2 queue=q
call c3 queue=q
restart confirm=none
status 1002 READY
never ring
confirm c3
expect ring call=c3 agent=1002
wait 30
expect leave call=c2 outcome=LOST
expect talk_end call=c1 by=LOST
`)
}

func TestRun_OptionsThatAreNoGood(t *testing.T) {
	t.Parallel()
	result, err := RunScript("x", strings.NewReader("wait 1"), Options{Strategies: []strategy.Strategy{{Name: "bad name"}}})
	if result != nil || !errors.Is(err, agent.ErrInvalid) {
		t.Errorf("%v, %v", result, err)
	}
}

func TestRun_AHostsOwnStrategy(t *testing.T) {
	t.Parallel()
	last := strategy.Strategy{Name: "LAST_FIRST", Rank: func(c strategy.Candidate) strategy.Rank { return strategy.Rank{int64(-c.Place)} }}
	_, err := RunScript("x", strings.NewReader(`queue q polling_strategy=LAST_FIRST
agent 1001 queues=q
agent 1002 queues=q
call c1 queue=q
expect ring agent=1002
`), Options{Strict: true, Strategies: []strategy.Strategy{last}})
	if err != nil {
		t.Error(err)
	}
}

func TestRun_AScriptEnds(t *testing.T) {
	t.Parallel()
	script := setUp + "queue q max_waiting_time=65535\ncall c1 queue=q\nwait 48h\n"
	_, err := RunScript("x", strings.NewReader(script), Options{MaxSteps: 1000})
	if err == nil || !strings.Contains(err.Error(), "x:6: expected at most 1000 steps") {
		t.Error(err)
	}
}
