package acdtest

import (
	"fmt"

	"github.com/acdkit/acdkit/acd"
)

func dials(c *acd.CallView) bool { return c.State == acd.CallDialling }

// callback is a caller who asks to be rung back, and then enters his number or
// changes his mind.
func (g *generator) callback() string {
	if id := g.asked; id != "" {
		g.asked = ""
		if c, err := g.runner.engine.Call(id); err == nil && waits(&c) {
			text := []string{"#", "#", "#", "#", "*", "12#", "+4930777#"}[g.rng.IntN(7)]
			return fmt.Sprintf("number %s %s", id, text)
		}
	}
	c := g.some(waits)
	if c == nil {
		return ""
	}
	g.asked = c.ID
	return "key " + string(c.ID) + " 3"
}

// customer is what becomes of a call to a customer, and at times of his agent.
func (g *generator) customer() string {
	replies := []string{"customer ID answer", "customer ID busy", "customer ID noanswer", "end ID"}
	return g.about(dials, "%s", replies[g.rng.IntN(len(replies))])
}

// holdCallbacks ends business hours, mostly for a short while: what is held for long
// expires.
func (g *generator) holdCallbacks() string {
	if g.opens != "" {
		text := g.opens
		g.opens = ""
		return text
	}
	hold := "holdcallbacks " + g.someQueue()
	g.opens = hold + " off"
	return hold + " on"
}
