package replay

import (
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// worker is an agent of the play, going through his shift.
type worker struct {
	wrapUp agent.Instant // end of the work after his last call
	asked  bool          // he wants a break, and talks on
	away   bool          // he is on a break
	owed   time.Duration // length of the break he wants
	until  agent.Instant // end of the break he is on
	turn   int           // counts his comings and goings: a return of before is void
}

// goes begins an absence. One that finds him on a call waits for its end: a break
// is as long as it was in the log, however late. One that finds him at work after
// a call takes what is left of that along.
func (w *world) goes(i, which int) error {
	a, me := w.plan.shifts[i].absences[which], &w.workers[i]
	who := agent.ID(w.plan.Log.Agents[i].Name)
	if a.home || a.final {
		me.asked, me.away = false, false
		me.turn++
		if !a.final {
			w.agenda.add(max(a.to, w.now), comes, i, me.turn)
		}
		return w.step(acd.SetStatus{Agent: who, Status: agent.LoggedOut})
	}
	d := a.to.Sub(a.from) + max(me.wrapUp.Sub(w.now), 0)
	switch {
	case me.away:
		me.until = me.until.Add(d)
		me.turn++
		w.agenda.add(me.until, comes, i, me.turn)
		return nil
	case me.asked:
		me.owed += d
		return nil
	}
	me.asked, me.owed = true, d
	return w.step(acd.SetStatus{Agent: who, Status: agent.Break})
}

// begins notes that the break that he wanted has begun.
func (w *world) begins(i int) {
	me := &w.workers[i]
	if !me.asked {
		return
	}
	me.asked, me.away = false, true
	me.until = w.now.Add(me.owed)
	me.turn++
	w.agenda.add(me.until, comes, i, me.turn)
}

// comes brings him to work, or back to it.
func (w *world) comes(i, turn int) error {
	me := &w.workers[i]
	if me.turn != turn {
		return nil
	}
	me.away = false
	return w.step(acd.SetStatus{Agent: agent.ID(w.plan.Log.Agents[i].Name), Status: agent.Ready})
}
