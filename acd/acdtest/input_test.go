package acdtest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

func TestInputOf(t *testing.T) {
	t.Parallel()
	r, err := acd.Open(context.Background(), acd.Options{Clock: NewClock(Start())})
	if err != nil {
		t.Fatal(err)
	}
	hand := func(text string) {
		t.Helper()
		in, err := InputOf(r, text)
		if err == nil {
			err = r.Post(in)
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	hand("queue q ring_time=7")
	hand("queue q retry_interval=9")
	if q, err := r.Queue("q"); err != nil || q.Config.RingTime.Seconds() != 7 || q.Config.RetryInterval.Seconds() != 9 {
		t.Errorf("q was made and changed: %v, %v", q.Config, err)
	}
	hand("agent 1001 queues=q")
	hand("call c1 queue=q from=5551")
	offer, err := r.Offer("c1", "1001")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]acd.Input{
		"answer c1 1001":           acd.Answered{Offer: offer},
		"hangup c1":                acd.HangUp{Call: "c1"},
		"othercall 1001 ring id=x": acd.OtherCall{Agent: "1001", Call: "x"},
		"vip 5551":                 acd.SetVIP{Listing: queue.Listing{Number: "5551", Enabled: true}},
	} {
		if in, err := InputOf(r, text); err != nil || !reflect.DeepEqual(in, want) {
			t.Errorf("%s: %v, %v; want %v", text, in, err, want)
		}
	}
	if _, err := InputOf(r, "answer c1 1002"); !errors.Is(err, acd.ErrNotFound) {
		t.Errorf("an offer that does not run: %v", err)
	}
	for _, text := range []string{"", "wait 1", "show queue q", "hang", "queue q ring_time=soon"} {
		if in, err := InputOf(r, text); err == nil {
			t.Errorf("%q is %v", text, in)
		}
	}
	hand("answer c1 1001")
	if c, err := r.Call("c1"); err != nil || c.State != acd.CallTalking {
		t.Errorf("%v, %v", c.State, err)
	}
}
