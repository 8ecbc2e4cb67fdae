package queue

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/acdkit/acdkit/agent"
)

const since = agent.Instant(1_000_000 * int64(time.Second))

func after(n float64) agent.Instant { return since.Add(time.Duration(n * float64(time.Second))) }

func scheduleOf(t *testing.T, f func(c *Config)) *Schedule {
	t.Helper()
	c := Defaults()
	f(&c)
	return ScheduleOf(since, &c)
}

// hear lets a schedule act at its own times up to end, each prompt lasting that
// long (0: nobody reports an end), and returns what plays when.
func hear(s *Schedule, end, lasts float64) (what []Prompt, when []float64) {
	over := agent.Instant(0)
	for {
		at := s.Due()
		reported := over != 0 && (at == 0 || over <= at)
		if reported {
			at = over
		}
		if at == 0 || at > after(end) {
			return what, when
		}
		if reported {
			over = 0
			s.Ended(at, s.Playing)
		}
		if p, play, _ := s.Wake(at); play {
			what, when = append(what, p), append(when, at.Sub(since).Seconds())
			if lasts > 0 {
				over = at.Add(time.Duration(lasts * float64(time.Second)))
			}
		}
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestB60_ScheduleOf(t *testing.T) {
	t.Parallel()
	if s := scheduleOf(t, func(*Config) {}); s != nil {
		t.Errorf("music alone has a schedule: %+v", s)
	}
	if s := scheduleOf(t, func(c *Config) { c.EnableCallback = true }); s != nil {
		t.Errorf("an ACTIVE callback is not offered: %+v", s)
	}
	s := scheduleOf(t, func(c *Config) { c.IntroType = IntroNormal })
	if s.Playing != PromptIntro || s.Due() != after(60) {
		t.Errorf("%+v is due at %v", s, s.Due())
	}
	if _, play, over := s.Wake(after(60)); play || !over || s.Due() != 0 {
		t.Errorf("the intro is not over at its limit: %+v", s)
	}
}

func TestB61_Times(t *testing.T) {
	t.Parallel()
	s := scheduleOf(t, func(c *Config) { c.InformPosition, c.InformPositionInterval = InformOnConnected, 20*time.Second })
	if _, when := hear(s, 70, 3); !equal(when, []float64{0, 20, 40, 60}) {
		t.Errorf("ON_CONNECTED: %v", when)
	}
	s = scheduleOf(t, func(c *Config) { c.InformPosition, c.InformPositionInterval = InformPeriodically, 20*time.Second })
	if _, when := hear(s, 70, 3); !equal(when, []float64{20, 40, 60}) {
		t.Errorf("PERIODICALLY: %v", when)
	}
	s = scheduleOf(t, func(c *Config) { c.InformPosition, c.InformPositionInterval = InformPeriodically, 20*time.Second })
	if _, when := hear(s, 170, 0); !equal(when, []float64{20, 50, 80, 110, 140, 170}) {
		t.Errorf("nobody reports ends: %v", when)
	}
}

// All at once, longer than their intervals: one at a time, in their order, at
// most one of each kind waits.
func TestB61_OneAtATimeInOrder(t *testing.T) {
	t.Parallel()
	s := scheduleOf(t, func(c *Config) {
		c.InformPosition, c.InformPositionInterval = InformPeriodically, 20*time.Second
		c.PlayPeriodicMusic, c.PlayPeriodicMusicInterval = true, 20*time.Second
		c.EnableCallback, c.CallbackMode, c.CallbackTimeout = true, CallbackOnTimeout, 20*time.Second
	})
	what, when := hear(s, 60, 7)
	if !equal(what, []Prompt{PromptPosition, PromptCallbackOffer, PromptPeriodic, PromptPosition, PromptPeriodic, PromptPosition}) ||
		!equal(when, []float64{20, 27, 34, 41, 48, 60}) {
		t.Errorf("%v at %v", what, when)
	}
	s.Position = after(60) // five of them were slept through
	s.Ended(after(61), PromptPosition)
	if p, play, _ := s.Wake(after(160)); p != PromptPosition || !play || s.Waits != 1<<PromptPeriodic {
		t.Errorf("late: %v %v, %b wait", p, play, s.Waits)
	}
	if s.Position != after(180) {
		t.Errorf("the next position is due at %v", s.Position.Sub(since))
	}
}

// An intro that is cut is over: an ON_CONNECTED position follows. Nothing is
// left of what waited for another prompt.
func TestB60_Cut(t *testing.T) {
	t.Parallel()
	s := scheduleOf(t, func(c *Config) { c.IntroType, c.InformPosition = IntroFull, InformOnConnected })
	if s.Position != 0 {
		t.Error("a position before the intro's end")
	}
	if p := s.Cut(after(3)); p != PromptIntro || s.Position != after(3) || s.Playing != PromptMusic {
		t.Errorf("cut %v: %+v", p, s)
	}
	s.Wake(after(3))
	s.Wake(after(13))
	if s.Waits == 0 {
		t.Fatal("the second position does not wait for the first")
	}
	if p := s.Cut(after(14)); p != PromptPosition || s.Waits != 0 || s.Due() != after(23) {
		t.Errorf("cut %v: %+v", p, s)
	}
	if p := s.Cut(after(15)); p != PromptMusic || s.Due() != after(23) {
		t.Errorf("cut %v: %+v", p, s)
	}
	if s.Ended(after(15), PromptMusic) || s.Ended(after(15), PromptIntro) {
		t.Error("the end of what does not play")
	}
}

func TestB63_Soften(t *testing.T) {
	t.Parallel()
	second := func(n int) Estimate {
		return Estimate{time.Duration(n) * time.Second, time.Duration(2*n) * time.Second}
	}
	var s Schedule
	for i, c := range []struct{ position, estimate, staffed, want int }{
		{5, 100, 3, 100}, // the first
		{5, 120, 3, 100}, // no cause
		{4, 110, 3, 100}, // nearer, and longer
		{4, 90, 3, 90},
		{4, 95, 4, 90},   // more staff
		{4, 95, 3, 95},   // fewer staff
		{4, 200, 3, 95},  // as few as at the last announcement
		{6, 300, 3, 300}, // someone placed ahead
		{6, 310, 3, 300},
		{6, 310, 2, 310},
	} {
		if got := s.Soften(c.position, second(c.estimate), c.staffed); got != second(c.want) {
			t.Errorf("step %d: %v, want %v", i, got, second(c.want))
		}
	}
}

func TestB101_ShiftOfASchedule(t *testing.T) {
	t.Parallel()
	s := scheduleOf(t, func(c *Config) { c.IntroType, c.PlayPeriodicMusic = IntroFull, true })
	s.Shift(agent.Instant(-time.Hour))
	if s.Until != after(60).Add(-time.Hour) || s.Periodic != after(60).Add(-time.Hour) || s.Position != 0 || s.Offer != 0 {
		t.Errorf("%+v", s)
	}
}

func TestPromptText(t *testing.T) {
	t.Parallel()
	for p := range prompts {
		text, err := p.MarshalText()
		var back Prompt
		if err != nil || back.UnmarshalText(text) != nil || back != p {
			t.Errorf("%v: %q, %v: back %v", uint8(p), text, err, back)
		}
	}
	var p Prompt
	if err := p.UnmarshalText([]byte("opera")); !errors.Is(err, agent.ErrInvalid) {
		t.Errorf("opera: %v", err)
	}
	if got := prompts.String(); got != "Prompt(7)" {
		t.Errorf("unknown: %s", got)
	}
	text, err := json.Marshal(Schedule{Playing: PromptPeriodic, Until: 7})
	var back Schedule
	if err != nil || json.Unmarshal(text, &back) != nil || back.Playing != PromptPeriodic {
		t.Errorf("%s, %v: %+v", text, err, back)
	}
}
