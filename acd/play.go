package acd

import (
	"github.com/acdkit/acdkit/queue"
)

// prospect is where a call stands in its line, and how long it will wait yet.
type prospect struct {
	position int
	queue.Estimate
	known bool // the estimate is
}

func (e *Engine) prospect(c *call) (p prospect) {
	p.position = c.queue.Line.Position(&c.Entry)
	p.Estimate, p.known = c.queue.Estimate(e.now, &c.Entry, p.position)
	return p
}

// announce begins what a caller hears who has just joined: the intro or music, and
// the schedule of the rest (B60–B62).
func (e *Engine) announce(c *call, place prospect) {
	config := &c.queue.Config
	c.schedule = queue.ScheduleOf(e.now, config)
	if c.schedule != nil && c.schedule.Playing == queue.PromptIntro {
		if config.IntroType == queue.IntroFull {
			c.Holds |= queue.HoldIntro
		}
		e.say(c, queue.PromptIntro, e.prospect(c))
		return
	}
	e.playMusic(c, place)
	e.announceDue(c)
}

// startMusic orders music on hold; it goes on after every prompt without a new
// order (B61).
func (e *Engine) startMusic(c *call) { e.playMusic(c, e.prospect(c)) }

func (e *Engine) playMusic(c *call, place prospect) {
	if c.Holds&queue.HoldUnconfirmed != 0 || c.leaves(e.now) {
		return // nothing is played to him before he is confirmed (B112)
	}
	c.music = true
	e.say(c, queue.PromptMusic, place)
}

// introOver lets music and hunt begin (B60).
func (e *Engine) introOver(c *call) {
	if c.Holds&queue.HoldIntro != 0 {
		c.Holds &^= queue.HoldIntro
		c.queue.Touch(e.now, &c.Entry) // the estimates of those behind it know
		e.feed(c)
	}
	e.startMusic(c)
}

// announceDue plays what is due.
func (e *Engine) announceDue(c *call) {
	if c.schedule == nil || c.dialogue != 0 {
		return
	}
	if c.leaves(e.now) {
		c.schedule = nil // he has heard enough
		e.armCall(c)
		e.dirtyCall(c)
		return
	}
	p, play, intro := c.schedule.Wake(e.now)
	if intro {
		e.introOver(c)
	}
	if play {
		e.say(c, p, e.prospect(c))
	}
	e.armCall(c)
	e.dirtyCall(c)
}

// say orders to play a prompt, with all that it may have to say.
func (e *Engine) say(c *call, what queue.Prompt, place prospect) {
	q := c.queue
	p := e.chunks.play.new()
	play := &p.Play
	*play = Play{
		About: c.about(), What: what, Language: q.Config.Language, Position: place.position,
	}
	switch what {
	case queue.PromptMusic:
		play.File = q.Config.MOHPromptFileID
	case queue.PromptIntro:
		play.File = q.Config.IntroPromptFileID
	case queue.PromptPosition, queue.PromptCallbackOffer, queue.PromptPeriodic:
		if place.known {
			place.Estimate = c.schedule.Soften(place.position, place.Estimate, q.Staffed())
		}
	}
	if place.known {
		p.estimate = place.Estimate
		play.Estimate = &p.estimate
	}
	e.emit(play)
}

// silence stops all that a caller hears, because he is connected (B61).
func (e *Engine) silence(c *call) {
	if c.dialogue != 0 {
		c.own().dialogue = 0
		e.stop(c, queue.PromptCallbackDialogue)
	}
	e.cutPrompt(c)
	if c.music {
		c.music = false
		e.stop(c, queue.PromptMusic)
	}
}

// cutPrompt stops the prompt that plays, for a connection or a dialogue. An intro
// that is cut is over (B60).
func (e *Engine) cutPrompt(c *call) {
	if c.schedule == nil {
		return
	}
	p := c.schedule.Cut(e.now)
	if p == queue.PromptMusic {
		return
	}
	e.stop(c, p)
	if c.Holds&queue.HoldIntro != 0 {
		c.Holds &^= queue.HoldIntro
		e.feed(c)
	}
}

// stop orders to end a prompt before its time.
func (e *Engine) stop(c *call, p queue.Prompt) {
	ev := e.chunks.stopPlay.new()
	*ev = StopPlay{About: c.about(), What: p}
	e.emit(ev)
}

// promptEnded notes that a prompt is over, or could not be played.
func (e *Engine) promptEnded(in PromptEnded) error {
	c, err := e.callerWaits(in.Call)
	if err != nil {
		return err
	}
	if c.stage == warned {
		e.warningOver(c, in.Prompt)
		return nil
	}
	s := c.schedule
	switch {
	case s == nil || s.Playing != in.Prompt || in.Prompt == queue.PromptMusic:
		return nil // a report that comes twice or late
	case c.Holds&queue.HoldUnconfirmed != 0:
		s.Until = min(s.Until, e.now) // what follows plays at the confirmation (B112)
		e.dirtyCall(c)
		return nil
	}
	if s.Ended(e.now, in.Prompt) {
		e.introOver(c)
	}
	e.announceDue(c)
	return nil
}
