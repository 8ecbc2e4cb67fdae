package model

import (
	"slices"
	"time"
)

// What is played, besides music.
const (
	intro         = "intro"
	position      = "position"
	callbackOffer = "callback_offer"
	periodic      = "periodic"
)

// promptTime is how long a prompt may play whose end nobody reports (B61).
const promptTime = 30 * time.Second

// hears is what a caller hears, and is to hear.
type hears struct {
	music bool
	plays string        // the prompt that plays, "" for none
	ends  time.Duration // when that is over if nobody says so
	next  map[string]time.Duration
	owed  map[string]bool // what fell due and has not been played
	said  said
}

// begin is what a caller hears who has just come into the line.
func (m *Model) begin(e *entry) {
	p := e.props
	e.hears = hears{next: map[string]time.Duration{}, owed: map[string]bool{}}
	if p.is("inform_position", "PERIODICALLY") {
		e.hears.next[position] = m.now + p.seconds("inform_position_interval")
	}
	if p.on("play_periodic_music") {
		e.hears.next[periodic] = m.now + p.seconds("play_periodic_music_interval")
	}
	if p.on("enable_callback") && p.is("callback_mode", "TIMEOUT") {
		e.hears.next[callbackOffer] = m.now + p.seconds("callback_timeout")
	}
	if p.is("intro_type", "DISABLE") {
		m.afterIntro(e)
		m.announceTo(e)
		return
	}
	m.play(e, intro)
	e.hears.ends = m.now + p.seconds("intro_limit")
}

func (m *Model) play(e *entry, what string) {
	e.hears.plays, e.hears.ends = what, m.now+promptTime
	m.tellPlay(e, what)
}

// afterIntro is when the intro is over, or there is none: a position of ON_CONNECTED
// is due.
func (m *Model) afterIntro(e *entry) {
	if e.props.is("inform_position", "ON_CONNECTED") {
		e.hears.next[position] = m.now
	}
}

// introRuns reports whether a FULL intro keeps the hunt from beginning (B60).
func (e *entry) introRuns() bool {
	return e.state == waiting && e.hears.plays == intro && e.props.is("intro_type", "FULL")
}

// quiet reports whether nothing may be played to a caller.
func (e *entry) quiet() bool {
	return e.state != waiting || e.callback || e.dialogue != 0 || e.unconfirmed
}

// playOn goes on with what a caller is to hear: music, and one prompt at a time.
func (m *Model) playOn(e *entry) {
	if e.quiet() || m.entry(e.id) != e || e.hears.plays == intro || m.patience(e) <= m.now {
		return
	}
	m.music(e)
	if e.hears.plays != "" {
		return
	}
	for _, what := range []string{position, callbackOffer, periodic} {
		if e.hears.owed[what] {
			delete(e.hears.owed, what)
			m.play(e, what)
			return
		}
	}
}

// music plays unless it does.
func (m *Model) music(e *entry) {
	if !e.hears.music && !e.quiet() && m.patience(e) > m.now {
		e.hears.music = true
		m.tellPlay(e, "moh")
	}
}

// playEnds is the end of what plays.
func (m *Model) playEnds(e *entry) {
	was := e.hears.plays
	e.hears.plays = ""
	if was == intro {
		m.afterIntro(e)
	}
}

// cut stops what plays, for a dialogue or a connection.
func (m *Model) cut(e *entry) {
	clear(e.hears.owed)
	if e.hears.plays != "" {
		m.tell("stop_play call=%s what=%s", e.id, e.hears.plays)
		m.playEnds(e)
	}
}

// cutAll stops everything, for a connection (B61).
func (m *Model) cutAll(e *entry) {
	if e.dialogue != 0 {
		e.dialogue = 0
		m.tell("stop_play call=%s what=callback_dialogue", e.id)
	}
	m.cut(e)
	if e.hears.music {
		e.hears.music = false
		m.tell("stop_play call=%s what=moh", e.id)
	}
}

// announce lets act what falls due for those who wait.
func (m *Model) announce() {
	for _, q := range m.queues {
		for _, e := range slices.Clone(q.line) {
			m.announceTo(e)
		}
	}
}

func (m *Model) announceTo(e *entry) {
	if e.quiet() {
		return
	}
	if e.hears.plays == intro && e.hears.ends <= m.now {
		m.playEnds(e)
	}
	for what, at := range e.hears.next {
		if at > m.now {
			continue
		}
		e.hears.owed[what] = true
		switch every := e.interval(what); every {
		case 0:
			delete(e.hears.next, what)
		default:
			for at <= m.now {
				at += every
			}
			e.hears.next[what] = at
		}
	}
	// What plays goes on, as far as anybody knows, while nothing waits for its end.
	if e.hears.plays != "" && e.hears.ends <= m.now && e.hears.plays != intro && len(e.hears.owed) > 0 {
		m.playEnds(e)
	}
	m.playOn(e)
}

// interval is how often something is announced; 0: once.
func (e *entry) interval(what string) time.Duration {
	switch what {
	case position:
		return e.props.seconds("inform_position_interval")
	case periodic:
		return e.props.seconds("play_periodic_music_interval")
	}
	return 0
}

// played is a report that a prompt is over.
func (m *Model) played(e *entry, what string) {
	if e.state == waiting && !e.callback && e.hears.plays == what && what != "" {
		if e.unconfirmed {
			e.hears.ends = min(e.hears.ends, m.now)
			return
		}
		m.playEnds(e)
		m.announceTo(e)
	}
}
