package replay

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
	"github.com/acdkit/acdkit/strategy"
)

// Whereabouts are where the agent is whom a caller knows, when the caller joins.
type Whereabouts uint8

// The whereabouts.
const (
	Unacquainted Whereabouts = iota // he has talked with nobody in this play
	Free                            // ready, and not on a call
	Busy                            // on a call, or in a wrap-up
	Away                            // on a break, or not at work
	whereabouts
)

var whereaboutsNames = [whereabouts]string{"UNACQUAINTED", "FREE", "BUSY", "AWAY"}

// String returns the upper-case name.
func (w Whereabouts) String() string {
	if w < whereabouts {
		return whereaboutsNames[w]
	}
	return fmt.Sprintf("Whereabouts(%d)", uint8(w))
}

// recall notes whom a caller knows who is about to join, and where that agent is.
func (w *world) recall(i int) error {
	whom, ok := w.knows[w.plan.Log.Calls[i].Caller]
	if !ok {
		return nil
	}
	view, err := w.engine.Agent(agent.ID(whom))
	if err != nil {
		return err
	}
	where := Away
	switch view.Status {
	case agent.Ready:
		where = Free
		if view.Call != "" {
			where = Busy
		}
	case agent.WrapUp, agent.QueueCall:
		where = Busy
	}
	told := &w.played[i].Told
	told.Whom, told.Where = whom, where
	return nil
}

// familiarWait is the sticky_wait that Options.Familiar also tries.
const familiarWait = 30 * time.Second

// Familiar is a strategy by how callers who know an agent are treated: not at all
// as such; by sticky routing, which rings whom they know first if he is available
// (B70); and by a sticky routing that waits up to 30 s for him while he is busy
// (B73).
type Familiar struct {
	Strategy string   `json:"strategy"`
	Without  Meetings `json:"without"`
	Sticky   Meetings `json:"sticky"`
	Waiting  Meetings `json:"sticky_wait_30"`
}

// Meetings are the part of [Numbers] that sticky routing is about.
type Meetings struct {
	Answered      int   `json:"answered"`
	Abandoned     int   `json:"abandoned"`
	WaitMean      Value `json:"wait_mean"` // of the answered, s
	RepeatCallers int   `json:"repeat_callers"`
	MetKnown      int   `json:"met_known_agent"`
	MetKnownShare Value `json:"met_known_agent_share"`
	// What those whom the repeat callers knew were doing when these joined; of
	// what really happened it is not known.
	KnownFree int `json:"known_agent_free"`
	MetFree   int `json:"met_known_agent_free"` // of them met him
	KnownBusy int `json:"known_agent_busy"`
	KnownAway int `json:"known_agent_away"`
}

func meetings(n Numbers, played []Played) Meetings {
	m := Meetings{
		Answered: n.Answered, Abandoned: n.Abandoned, WaitMean: n.WaitMean,
		RepeatCallers: n.RepeatCallers, MetKnown: n.MetKnown, MetKnownShare: n.MetKnownShare,
	}
	for _, c := range played {
		if c.Outcome == queue.Answered {
			switch c.Told.Where {
			case Free:
				m.KnownFree++
				if c.Agent == c.Told.Whom {
					m.MetFree++
				}
			case Busy:
				m.KnownBusy++
			case Away:
				m.KnownAway++
			}
		}
	}
	return m
}

// familiarJobs are the plays that are wanted beside those that are compared.
func (c *Comparison) familiarJobs(names []string, own []strategy.Strategy) (jobs []func() error) {
	c.Familiar = make([]Familiar, len(names))
	for i, name := range names {
		f := &c.Familiar[i]
		f.Strategy = name
		play := func(to *Meetings, rules Rules) {
			rules.Strategy, rules.Own = name, own
			jobs = append(jobs, func() error {
				played, err := c.Plan.Play(rules)
				*to = meetings(c.Plan.Numbers(name, played), played)
				return err
			})
		}
		if c.Sticky {
			play(&f.Without, Rules{})
		} else {
			play(&f.Sticky, Rules{Sticky: true})
		}
		play(&f.Waiting, Rules{Sticky: true, StickyWait: familiarWait})
	}
	return jobs
}

// familiarAsPlayed fills in what the compared plays tell.
func (c *Comparison) familiarAsPlayed() {
	for i := range c.Familiar {
		if f := &c.Familiar[i]; c.Sticky {
			f.Sticky = meetings(c.Strategies[i], c.played[i])
		} else {
			f.Without = meetings(c.Strategies[i], c.played[i])
		}
	}
}
