package acdtest

import (
	"strings"
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// idle are lines after which 1001 is free while c1 waits: he has just had his turn.
var idle = []string{
	"queue q reject_delay=0 retry_interval=60",
	"agent 1001 queues=q",
	"call c1 queue=q from=+4930111",
	"reject c1 1001",
}

// The laws that compare what the events said with what the engine says notice when
// one of them is wrong.
func TestWatcher_NoticesWhereTheEngineDiffers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		wrong func(w *watcher)
		want  string
	}{
		{"nothing", func(*watcher) {}, ""},
		{"he had no turn", func(w *watcher) { clear(w.calls["c1"].marks) }, "B32: agent 1001 is available"},
		{"somebody else joined", func(w *watcher) { w.queues["q"].joined++ }, "B46: queue q counts joined 1"},
		{"a talk more", func(w *watcher) { w.queues["q"].talking++ }, "B46"},
		{"somebody left", func(w *watcher) { w.queues["q"].left[queue.Abandoned]++ }, "B46"},
		{"a call has him", func(w *watcher) { w.calls["c1"].stage, w.calls["c1"].agent = acd.CallTalking, "1001" }, "c1"},
		{"he is rung", func(w *watcher) {
			w.offers[acd.OfferID{Epoch: 1, N: 9}] = watchedOffer{ringOf: ringOf{"c1", "1001"}}
			w.rung["1001"] = acd.OfferID{Epoch: 1, N: 9}
		}, "B12: agent 1001"},
		{"a call less", func(w *watcher) { delete(w.calls, "c1") }, "c1"},
	} {
		r := played(t, idle)
		c.wrong(r.watch)
		err := r.watch.step(r.engine, nil)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// played is a runner that has run lines, all of which are accepted.
func played(t *testing.T, lines []string) *runner {
	t.Helper()
	r, err := newRunner(Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range lines {
		if refused, broken := r.try(text); refused != nil || broken != nil {
			t.Fatal(text, refused, broken)
		}
	}
	return r
}

// A store that lost a change, and an engine that was restored without one, are noticed.
func TestTraffic_NoticesALostRecord(t *testing.T) {
	t.Parallel()
	r := played(t, idle)
	r.restoring = 1
	if err := r.checkLaws(nil); err != nil {
		t.Fatal(err)
	}
	for key := range r.store {
		kept := r.store[key]
		delete(r.store, key)
		if err := r.checkLaws(nil); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("without %s: %v", key, err)
		}
		r.store[key] = kept
	}
	state := stateOf(r.engine.Records())
	for _, key := range []string{"queue/q/entry/c1", "queue/q/member/1001", "agent/1001"} {
		less := fold{}
		for k, v := range state {
			if k != key {
				less[k] = v
			}
		}
		if err := r.restores(less); err == nil {
			t.Errorf("restored without %s, and nobody can tell", key)
		}
	}
}

// So do the books of a large centre, of events and of what the engine says.
func TestCentre_BooksNoticeWhatIsWrong(t *testing.T) {
	t.Parallel()
	about := acd.About{Call: "c1", Queue: "q"}
	joined := &acd.CallJoined{About: about}
	offer := acd.OfferID{Epoch: 1, N: 1}
	connected := &acd.CallConnected{About: about, Agent: "1001"}
	for _, c := range []struct {
		name    string
		actions []acd.Action
		want    string
	}{
		{"a call that is there", []acd.Action{joined, joined}, "in a queue already"},
		{"two rings of one agent", []acd.Action{joined, &acd.Ring{About: about, Agent: "1001", Offer: offer}, &acd.Ring{About: about, Agent: "1001", Offer: offer}}, "B12"},
		{"two calls of one agent", []acd.Action{
			joined, &acd.Connect{About: about, Agent: "1001"},
			&acd.CallJoined{About: acd.About{Call: "c2", Queue: "q"}}, &acd.Connect{About: acd.About{Call: "c2", Queue: "q"}, Agent: "1001"},
		}, "B12"},
		{"connected twice", []acd.Action{joined, connected, connected}, "B46"},
		{"answered, and nobody talks", []acd.Action{joined, &acd.CallLeft{About: about, Outcome: queue.Answered}}, "B46"},
		{"two outcomes", []acd.Action{joined, connected, &acd.CallLeft{About: about, Outcome: queue.Abandoned}}, "B46"},
		{"the end of no talk", []acd.Action{joined, &acd.TalkEnded{About: about, Agent: "1001"}}, "B47"},
	} {
		b := newBooks()
		b.queues["q"] = &tally{}
		var err error
		for i := range c.actions {
			if _, err = b.see(acd.Event{Seq: uint64(i + 1), Do: c.actions[i]}); err != nil {
				break
			}
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	b := newBooks()
	if _, err := b.see(acd.Event{Seq: 2, Do: joined}); err == nil || !strings.Contains(err.Error(), "gap") {
		t.Errorf("a gap: %v", err)
	}
	b.at = start
	if _, err := b.see(acd.Event{Seq: b.seq + 1, At: start.Add(-time.Second), Do: joined}); err == nil || !strings.Contains(err.Error(), "B101") {
		t.Errorf("time that goes back: %v", err)
	}

	r := played(t, idle)
	for _, c := range []struct {
		name  string
		wrong func(b *books)
		want  string
	}{
		{"nothing", func(*books) {}, ""},
		{"nobody was rung", func(b *books) { b.calls["c1"].offered = false }, "B32: agent 1001"},
		{"somebody else joined", func(b *books) { b.queues["q"].joined++ }, "B46"},
		{"somebody left", func(b *books) { b.queues["q"].left[queue.Abandoned]++ }, "B46"},
		{"it talks", func(b *books) { b.calls["c1"].talks = true }, "no event said so"},
		{"another queue", func(b *books) { delete(b.queues, "q") }, "for one only"},
	} {
		b := newBooks()
		b.queues["q"] = &tally{joined: 1}
		b.calls["c1"] = &booked{queue: "q", of: b.queues["q"], offered: true}
		b.has["1002"] = "c0"
		c.wrong(&b)
		err := b.compare(r.engine, "q")
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
