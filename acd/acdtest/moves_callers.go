package acdtest

import (
	"fmt"

	"github.com/acdkit/acdkit/acd"
)

// someNumber is the number of one of the few callers there are.
func (g *generator) someNumber() string { return fmt.Sprintf("+4930%04d", g.rng.IntN(10)) }

// list puts a number on one of the lists of callers, mostly for a while: lists
// that only grow would end in everybody's being on all of them.
func (g *generator) list() string {
	var text string
	switch g.rng.IntN(4) {
	case 0:
		text = "vip " + g.someNumber()
	case 1:
		text = "block " + g.someNumber() + " FIRST"
	case 2:
		text = "block " + g.someNumber() + " SECOND"
	default:
		text = fmt.Sprintf("exclusive %s %s", g.someNumber(), g.someQueue())
		for _, i := range g.rng.Perm(g.Agents)[:1+g.rng.IntN(min(g.Agents, 3))] {
			text += " " + agentName(i)
		}
	}
	if !g.coin(8) {
		text += fmt.Sprintf(" expires=%d", 20+g.rng.IntN(280))
	}
	return text
}

// night turns night mode on, of a queue or of the whole router; see [generator.line]
// for how it ends.
func (g *generator) night() string {
	if g.dawn != "" {
		return ""
	}
	if g.coin(2) {
		g.dawn = "night off"
		return "night on"
	}
	name := "queue " + g.someQueue()
	g.dawn = name + " enable_night_mode=false"
	return name + " enable_night_mode=true"
}

func atDoor(c *acd.CallView) bool { return hasNoPlace(c) }
func intro(c *acd.CallView) bool  { return c.State == acd.CallIntro }

// keys are what callers press, and prompts that end.
func (g *generator) keys() string {
	switch g.rng.IntN(6) {
	case 0:
		return g.about(waits, "key ID 8")
	case 1:
		return g.about(intro, "played ID intro")
	case 2:
		return g.about(waits, "played ID position")
	case 3:
		return g.about(atDoor, "key ID 1")
	case 4:
		return g.about(atDoor, "key ID 2")
	default:
		return g.about(atDoor, "played ID warning")
	}
}
