package queue

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/agent"
)

// Prompt is what a caller hears while he waits (B60–B62).
type Prompt uint8

// The prompts.
const (
	PromptMusic            Prompt = iota // moh: music on hold, until something ends it
	PromptIntro                          // intro
	PromptPosition                       // position: place and estimated wait
	PromptCallbackOffer                  // callback_offer: press 3 to be called back
	PromptPeriodic                       // periodic
	PromptCallbackDialogue               // callback_dialogue: enter your number
	PromptWarning                        // warning: the number is blocked (B45)
	prompts
)

var promptNames = [prompts]string{"moh", "intro", "position", "callback_offer", "periodic", "callback_dialogue", "warning"}

// String returns the lower-case name.
func (p Prompt) String() string {
	if p < prompts {
		return promptNames[p]
	}
	return fmt.Sprintf("Prompt(%d)", uint8(p))
}

// MarshalText implements [encoding.TextMarshaler].
func (p Prompt) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *Prompt) UnmarshalText(text []byte) error {
	for i, name := range promptNames {
		if name == string(text) {
			*p = Prompt(i)
			return nil
		}
	}
	return fmt.Errorf("queue: %w: prompt %q: must be one of %q", agent.ErrInvalid, text, promptNames)
}

// maxPrompt is how long a prompt is waited for whose end nobody reports (B61).
const maxPrompt = 30 * time.Second

// Schedule says what one waiting caller is to hear and when. What it was made of
// stays with it whatever becomes of the configuration (B37). It costs nothing
// while nothing is due. It is not safe for concurrent use.
type Schedule struct {
	// Next dues, 0: none.
	Position agent.Instant `json:"position,omitempty"`
	Offer    agent.Instant `json:"offer,omitempty"`
	Periodic agent.Instant `json:"periodic,omitempty"`
	// And how often.
	Every    time.Duration `json:"every,omitempty"`
	Interval time.Duration `json:"interval,omitempty"`
	// AtOnce says the position as soon as the intro is over (ON_CONNECTED).
	AtOnce bool `json:"at_once,omitempty"`

	Playing Prompt        `json:"playing,omitempty"` // PromptMusic: nothing but music
	Until   agent.Instant `json:"until,omitempty"`   // then it counts as over
	Waits   uint8         `json:"waits,omitempty"`   // prompts that fell due while another played, as bits
	Said    Said          `json:"said"`
}

// Said is what the last position announcement said (B63).
type Said struct {
	Position int           `json:"position,omitempty"`
	Mean     time.Duration `json:"mean,omitempty"`
	P80      time.Duration `json:"p80,omitempty"`
	Staffed  int           `json:"staffed,omitempty"`
}

// ScheduleOf returns what a caller who joins at now is to hear by a queue's
// configuration, nil if it is music alone.
func ScheduleOf(now agent.Instant, c *Config) *Schedule {
	offers := c.EnableCallback && c.CallbackMode == CallbackOnTimeout
	if c.IntroType == IntroDisabled && c.InformPosition == InformDisabled && !c.PlayPeriodicMusic && !offers {
		return nil
	}
	s := &Schedule{}
	if c.InformPosition != InformDisabled {
		s.Every = c.InformPositionInterval
		s.Position = now.Add(s.Every)
	}
	if c.PlayPeriodicMusic {
		s.Interval = c.PlayPeriodicMusicInterval
		s.Periodic = now.Add(s.Interval)
	}
	if offers {
		s.Offer = now.Add(c.CallbackTimeout)
	}
	s.AtOnce = c.InformPosition == InformOnConnected
	if c.IntroType != IntroDisabled {
		s.Playing, s.Until = PromptIntro, now.Add(c.IntroLimit)
		if s.AtOnce {
			s.Position = 0 // after the intro
		}
	} else if s.AtOnce {
		s.Position = now
	}
	return s
}

// Due returns when the schedule has something to do next, 0 if never.
func (s *Schedule) Due() agent.Instant {
	at := s.Until
	if s.Waits == 0 && s.Playing != PromptIntro {
		at = 0 // nobody waits for its end
	}
	for _, t := range [...]agent.Instant{s.Position, s.Offer, s.Periodic} {
		if t != 0 && (at == 0 || t < at) {
			at = t
		}
	}
	return at
}

// Wake lets what is due at now act. It returns the prompt to play, if any;
// introOver says that an intro ended of its own.
func (s *Schedule) Wake(now agent.Instant) (p Prompt, play, introOver bool) {
	if s.Until != 0 && s.Until <= now {
		introOver = s.Ended(now, s.Playing)
	}
	for s.Position != 0 && s.Position <= now {
		s.Position = s.Position.Add(s.Every)
		s.Waits |= 1 << PromptPosition
	}
	for s.Periodic != 0 && s.Periodic <= now {
		s.Periodic = s.Periodic.Add(s.Interval)
		s.Waits |= 1 << PromptPeriodic
	}
	if s.Offer != 0 && s.Offer <= now {
		s.Offer = 0
		s.Waits |= 1 << PromptCallbackOffer
	}
	p, play = s.next(now)
	return p, play, introOver
}

// next begins the first prompt that waits, if none plays.
func (s *Schedule) next(now agent.Instant) (Prompt, bool) {
	if s.Playing != PromptMusic || s.Waits == 0 {
		return 0, false
	}
	for p := PromptPosition; p <= PromptPeriodic; p++ {
		if s.Waits&(1<<p) != 0 {
			s.Waits &^= 1 << p
			s.Playing, s.Until = p, now.Add(maxPrompt)
			return p, true
		}
	}
	return 0, false
}

// Ended notes that a prompt is over; one that does not play has no effect. It
// reports whether it was the intro. What waited is begun by the next Wake.
func (s *Schedule) Ended(now agent.Instant, p Prompt) (intro bool) {
	if s.Playing != p || p == PromptMusic {
		return false
	}
	s.Playing, s.Until = PromptMusic, 0
	if p != PromptIntro {
		return false
	}
	if s.AtOnce {
		s.Position = now
	}
	return true
}

// Cut stops what plays, for a connection or a dialogue: nothing is left that
// waited for its end, but the position that follows an intro: an intro that is
// cut is over. It returns what played.
func (s *Schedule) Cut(now agent.Instant) Prompt {
	p := s.Playing
	if !s.Ended(now, p) {
		s.Playing, s.Until = PromptMusic, 0
	}
	s.Waits = 0
	return p
}

// Shift moves every time by d, see B101.
func (s *Schedule) Shift(d agent.Instant) {
	for _, t := range [...]*agent.Instant{&s.Position, &s.Offer, &s.Periodic, &s.Until} {
		if *t != 0 {
			*t += d
		}
	}
}

// Soften keeps an estimate from getting worse without a cause, and remembers
// what is said: someone placed ahead, or fewer staffed agents than at the last
// announcement, is a cause (B63). A place never gets worse without the first.
func (s *Schedule) Soften(position int, e Estimate, staffed int) Estimate {
	last := s.Said
	if last.Position != 0 && position <= last.Position && staffed >= last.Staffed {
		e.Mean = min(e.Mean, last.Mean)
		e.P80 = min(e.P80, last.P80)
	}
	s.Said = Said{position, e.Mean, e.P80, staffed}
	return e
}
