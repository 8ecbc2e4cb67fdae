package main

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

func Example() {
	run([]string{"testdata/good.acd"}, os.Stdout, os.Stderr)
	// Output:
	// ok testdata/good.acd
	// 1 passed, 0 failed
}

func Example_trace() {
	run([]string{"-trace", "testdata/good.acd"}, os.Stdout, os.Stderr)
	// Output:
	// 0 status agent=1001 queue=support status=READY
	// 0 joined call=c1 queue=support position=1
	// 0 play call=c1 what=moh position=1 estimate=0
	// 0 ring call=c1 agent=1001 queue=support round=1 why=strategy
	// 5 sla call=c1 queue=support
	// 7.25 offer_end call=c1 agent=1001 end=ANSWERED
	// 7.25 stop_play call=c1 what=moh
	// 7.25 connect call=c1 agent=1001 wait=7.25 why=offer
	// 7.25 leave call=c1 queue=support outcome=ANSWERED
	// 7.25 status agent=1001 queue=support status=QUEUE_CALL
}

func Example_failures() {
	status := run([]string{
		"testdata/good.acd", "testdata/wrong.acd", "testdata/refused.acd", "testdata/unknown.acd", "testdata/absent.acd",
	}, os.Stdout, os.Stderr)
	fmt.Println("exit status", status)
	// Output:
	// ok testdata/good.acd
	// FAIL testdata/wrong.acd:5: expected ring call=c1 agent=1002, came 0 ring call=c1 agent=1001 queue=support round=1 why=strategy
	// FAIL testdata/refused.acd:1: expected no error, came "ring_time 0: must be 1..65535 s"
	// FAIL testdata/unknown.acd:2: unknown verb dance
	// FAIL testdata/absent.acd: no such file or directory
	// 1 passed, 4 failed
	// exit status 1
}

func TestScenario_WithTraceFailuresGoToStandardError(t *testing.T) {
	t.Parallel()
	var out, problems bytes.Buffer
	status := run([]string{"-trace", "-strict", "testdata/good.acd", "testdata/unknown.acd"}, &out, &problems)
	if status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	if want := "FAIL testdata/unknown.acd:2: unknown verb dance\n"; problems.String() != want {
		t.Errorf("standard error: %q, want %q", problems.String(), want)
	}
	for _, want := range []string{"# testdata/good.acd\n", "7.25 connect call=c1", "# testdata/unknown.acd\n"} {
		if !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestScenario_WithoutFilesSaysHowItIsUsed(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"-nonsense", "testdata/good.acd"}} {
		var out, problems bytes.Buffer
		if status := run(args, &out, &problems); status != 2 || problems.Len() == 0 || out.Len() > 0 {
			t.Errorf("%q: exit status %d, printed %q and %q", args, status, out.String(), problems.String())
		}
	}
}
