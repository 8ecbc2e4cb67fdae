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
	return v.utter(a).text.String()
}

// Prompts returns a as the recordings to be played one after the other, in the
// language that [Match] finds for lang; they are of [Set]. The slice is the caller's.
// An unknown What says the position.
func Prompts(lang string, a Announcement) []Prompt {
	v, _ := find(lang)
	return v.utter(a).prompts
}

// Set returns every recording that [Prompts] may ask for in the language that [Match]
// finds for lang, each once, and no other, in an order that never changes. It goes
// through all announcements there are, which takes some milliseconds; the slice is
// the caller's.
func Set(lang string) []Prompt {
	v, _ := find(lang)
	var set []Prompt
	known := map[string]bool{}
	add := func(a Announcement) {
		for _, p := range v.utter(a).prompts {
			if !known[p.ID] {
				known[p.ID] = true
				set = append(set, p)
			}
		}
	}
	for what := range whats {
		add(Announcement{What: what})
		add(Announcement{What: what, Final: true})
	}
	for mean := time.Duration(0); mean <= longestWait+time.Hour; mean += time.Minute {
		add(Announcement{What: Estimate, HasEstimate: true, Mean: mean})
	}
	for n := range maxNumber + 2 {
		add(Announcement{Position: n})
	}
	return set
}
