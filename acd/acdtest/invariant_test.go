package acdtest

import (
	"testing"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

func TestWatcher_B31_B34_KnowsWhoCouldBeRung(t *testing.T) {
	t.Parallel()
	now := start.Add(time.Minute)
	before, after := now.Add(-time.Second), now.Add(time.Second)
	config := queue.Defaults()
	config.SkillWait = 45 * time.Second // at now one group after the first is open
	free := func(id agent.ID, level int) desk {
		return desk{MemberView: acd.MemberView{Agent: id, Level: level}, free: true, staffed: true}
	}
	busy := free("busy", 1)
	busy.free = false
	away := busy
	away.staffed = false
	for _, c := range []struct {
		name  string
		marks map[agent.ID]*mark
		pause time.Time
		level int
		other []desk
		want  bool
	}{
		{name: "nobody else", want: true},
		{name: "tried in this round", marks: map[agent.ID]*mark{"he": {round: 2}}, pause: after},
		{name: "tried, and the pause is over", marks: map[agent.ID]*mark{"he": {round: 2}}, pause: before, want: true},
		{name: "tried in an earlier round", marks: map[agent.ID]*mark{"he": {round: 1}}, pause: after, want: true},
		{name: "declined just now", marks: map[agent.ID]*mark{"he": {declined: true, bar: after}}},
		{name: "declined, and nobody else is there", marks: map[agent.ID]*mark{"he": {declined: true, bar: before}}, other: []desk{away}, want: true},
		{name: "declined, and somebody else is staffed", marks: map[agent.ID]*mark{"he": {declined: true, bar: before}}, other: []desk{busy}},
		{
			name:  "declined, and the other has missed it twice",
			marks: map[agent.ID]*mark{"he": {declined: true, bar: before}, "busy": {missed: 2}}, other: []desk{busy}, want: true,
		},
		{name: "the next group, which is open", level: 2, other: []desk{busy}, want: true},
		{name: "a later group, with hope in a better one", level: 3, other: []desk{busy, free("she", 2)}},
		{name: "a later group, without hope in a better one", level: 3, other: []desk{away}, want: true},
	} {
		he := free("he", max(1, c.level))
		w := newWatcher(nil)
		w.now = now
		w.calls["c"] = &watchedCall{marks: c.marks, pause: c.pause}
		view := acd.CallView{ID: "c", Round: 2, Effective: start}
		if got := w.couldHave(&view, &config, true, he, append(c.other, he)); got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}
