package speech

import "time"

// Prompt is one recording.
type Prompt struct {
	ID    string // "en/number/20": ASCII, fit for a path, the same in every version
	Words string // what it says, for the speaker: "twenty"
}

// Text returns a as one or more sentences for text-to-speech, in the language that
// [Match] finds for lang. An unknown What says the position.
func Text(lang string, a Announcement) string {
	v, _ := find(lang)
	u := utterance{voice: v}
	u.say(a)
	return u.text.String()
}

// Prompts returns a as the recordings to be played one after the other, in the
// language that [Match] finds for lang; they are of [Set]. The slice is the caller's.
// An unknown What says the position.
func Prompts(lang string, a Announcement) []Prompt {
	v, _ := find(lang)
	u := utterance{voice: v}
	u.say(a)
	return u.prompts
}

// Set returns every recording that [Prompts] may ask for in the language that [Match]
// finds for lang, each once, and no other, in an order that never changes. It goes
// through all that can be announced, which takes tens of milliseconds; the slice is
// the caller's.
func Set(lang string) []Prompt {
	v, _ := find(lang)
	u := &utterance{voice: v}
	for what := range whats {
		u.say(Announcement{What: what})
		u.say(Announcement{What: what, Final: true})
	}
	for _, n := range []int{1, maxNumber, maxNumber + 1} {
		u.say(Announcement{Position: n})
	}
	for mean := time.Duration(0); mean <= longestWait+time.Hour; mean += time.Minute {
		u.say(Announcement{What: Estimate, HasEstimate: true, Mean: mean})
	}
	for n := 1; n <= maxNumber; n++ {
		u.record(v.number(n, Counting))
	}
	var set []Prompt
	known := map[string]bool{}
	for _, p := range u.prompts {
		if !known[p.ID] {
			known[p.ID] = true
			set = append(set, p)
		}
	}
	return set
}
