package speech

import (
	"strings"
	"unicode"
)

// An utterance is an announcement being put into words: as text and as prompts, in
// one walk, so that both say the same.
type utterance struct {
	*voice
	text    strings.Builder
	prompts []Prompt
}

// say puts a into words.
func (u *utterance) say(a Announcement) {
	switch a.What {
	case Periodic:
		u.phrase("periodic", u.periodic)
	case CallbackOffer:
		u.phrase("callback_offer", u.offer)
	case CallbackDialogue:
		u.phrase("callback_dialogue", u.dialogue)
	case Warning:
		if a.Final {
			u.phrase("warning.final", u.final)
		} else {
			u.phrase("warning", u.warning)
		}
	case Estimate:
		u.sayPosition(a.Position)
		if a.HasEstimate {
			u.text.WriteString(u.space)
			u.sayWait(roundWait(a.Mean, a.P80))
		}
	default:
		u.sayPosition(a.Position)
	}
}

func (u *utterance) sayPosition(n int) {
	switch {
	case n < 1:
		u.phrase("position.unknown", u.unknown)
	case n > maxNumber:
		u.phrase("position.many", u.many)
	default:
		u.frame("position", u.position, func() {
			u.text.WriteString(u.written(n, Counting))
			u.record(u.numeral(n, Counting))
		})
	}
}

func (u *utterance) sayWait(w wait) {
	switch {
	case w.less:
		u.phrase("wait.less", u.less)
	case w.more:
		u.phrase("wait.more", u.more)
	default:
		u.frame("wait", u.wait, func() {
			if w.hours > 0 {
				u.count(w.hours, u.hour)
			}
			if w.hours > 0 && w.minutes > 0 {
				u.text.WriteString(u.space)
				if u.and != "" {
					u.phrase("wait.and", u.and)
					u.text.WriteString(u.space)
				}
			}
			if w.minutes > 0 {
				u.count(w.minutes, u.minute)
			}
		})
	}
}

// frame says a sentence around what fill says.
func (u *utterance) frame(id, sentence string, fill func()) {
	before, after, _ := strings.Cut(sentence, "{}")
	u.phrase(id+".before", before)
	fill()
	u.phrase(id+".after", after)
}

// phrase says words that never change; a mere full stop is written, not recorded.
func (u *utterance) phrase(id, words string) {
	u.text.WriteString(words)
	if strings.ContainsFunc(words, unicode.IsLetter) {
		u.prompt(id, strings.TrimSpace(words))
	}
}

// count says n of a noun.
func (u *utterance) count(n int, of noun) {
	if of.melted != nil {
		if written, pieces := of.melted(n); len(pieces) > 0 {
			u.text.WriteString(written)
			u.record(pieces)
			return
		}
	}
	form := u.form(of, n)
	u.text.WriteString(u.written(n, of.gender) + u.space + of.plural[form])
	u.record(u.numeral(n, of.gender))
	u.prompt(of.id+"."+pluralNames[form], of.plural[form])
}

// record adds the recordings of a numeral.
func (u *utterance) record(w numeral) {
	for _, p := range w {
		u.prompt(p.id, p.words)
	}
}

func (u *utterance) prompt(id, words string) {
	u.prompts = append(u.prompts, Prompt{ID: u.name + "/" + id, Words: words})
}
