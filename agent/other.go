package agent

import (
	"slices"
	"time"
)

// Other is a call of the agent that is not the library's (B58).
type Other struct {
	ID      string
	Number  string
	Talking bool    // answered; else it rings
	Since   Instant // when it began to ring, or to be talked
	Lease   Instant // when its talk lease ends (B29); 0: none
	Asked   bool    // the host has been asked to confirm it
}

// Others returns his calls that are not the library's; read only.
func (a *Agent) Others() []Other { return a.others }

func (a *Agent) otherTalk() bool {
	for i := range a.others {
		if a.others[i].Talking {
			return true
		}
	}
	return false
}

// StartOther notes a call that is not the library's: it rings, or it is talked
// (B58). It reports whether that changed anything; repeated and late ones do not. A
// lease begins with either (B29).
func (a *Agent) StartOther(now Instant, id, number string, talking bool) bool {
	i := a.other(id)
	switch {
	case i < 0 && slices.Contains(a.over, id):
		return false
	case i < 0:
		a.others = append(a.others, Other{ID: id})
		i = len(a.others) - 1
	case a.others[i].Talking || !talking:
		return false
	}
	o := &a.others[i]
	o.Talking, o.Since = talking, now
	if number != "" {
		o.Number = number
	}
	a.ConfirmOther(now, id)
	if talking {
		a.sign()
	}
	return true
}

// AskOther notes that the host was asked whether an other call lives, and until
// when it may answer (B29).
func (a *Agent) AskOther(id string, until Instant) {
	if i := a.other(id); i >= 0 {
		a.others[i].Asked, a.others[i].Lease = true, until
	}
}

// ConfirmOther begins a lease of an other call: it lives (B29).
func (a *Agent) ConfirmOther(now Instant, id string) {
	i := a.other(id)
	if i < 0 {
		return
	}
	a.others[i].Asked, a.others[i].Lease = false, 0
	if lease := a.Lease(); lease > 0 {
		a.others[i].Lease = now.Add(lease)
	}
}

// Lease returns the talk lease of his other calls: the shortest of his queues (B29).
func (a *Agent) Lease() time.Duration {
	var d time.Duration
	for _, m := range a.members {
		if l := m.Rules.TalkLease; l > 0 && (d == 0 || l < d) {
			d = l
		}
	}
	return d
}

func (a *Agent) other(id string) int {
	return slices.IndexFunc(a.others, func(o Other) bool { return o.ID == id })
}

// EndOther notes the end of a call that is not the library's (B17). It reports
// whether there was such a call.
func (a *Agent) EndOther(now Instant, id string) (changed []*Membership, ok bool) {
	a.changed = a.changed[:0]
	i := a.other(id)
	if i < 0 {
		return nil, false
	}
	answered := a.others[i].Talking
	a.closeOthers(id)
	if len(a.others) == 0 && a.call == nil && answered {
		for _, m := range a.members {
			a.apply(now, otherOver, m)
		}
	}
	a.grantWishes(now)
	return a.changed, true
}

// LoseOther forgets an other call that nobody knows of any more (B29): unlike
// its end, that changes no status but lets one that was asked for take effect.
func (a *Agent) LoseOther(now Instant, id string) []*Membership {
	a.changed = a.changed[:0]
	a.closeOthers(id)
	a.grantWishes(now)
	return a.changed
}

// maxOver is of how many other calls an agent knows that they are over.
const maxOver = 8

// closeOthers forgets the other call of that id, or all of them if it is "". The
// ids of the last few are kept: a late report must not begin such a call anew
// (B58).
func (a *Agent) closeOthers(id string) {
	a.others = slices.DeleteFunc(a.others, func(o Other) bool {
		if id != "" && o.ID != id {
			return false
		}
		a.over = append(a.over, o.ID)
		return true
	})
	a.over = slices.Delete(a.over, 0, max(len(a.over)-maxOver, 0))
}

// Absorb forgets an other call without what its end would change: it was the
// consultation of a hand-over (B55).
func (a *Agent) Absorb() { a.closeOthers("") }
