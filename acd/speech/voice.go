package speech

import (
	"maps"
	"slices"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A voice is what one language has to say, and how. Voices are never changed.
type voice struct {
	tag    language.Tag
	name   string // of tag; every id of a prompt begins with it
	space  string // what is written between two words, numbers or sentences
	digits bool   // engines read every number well from its digits

	phrases
	minute, hour noun
	and          string // between hours and minutes; "" if there is nothing

	// number returns the words of 0 to maxNumber.
	number func(n int, form Form) numeral
}

// phrases are the sentences of a voice. {} is where the place or the wait is said;
// what stands before it and after it are prompts of their own.
type phrases struct {
	position string // with {}: the place
	many     string // very many are before the caller
	unknown  string // the caller is in line

	wait string // with {}: the wait
	less string // it is less than a minute
	more string // it is more than longestWait

	periodic string
	offer    string // names key 3
	dialogue string // names #, # alone and *
	warning  string // names 1 and 2
	final    string
}

// A noun is what is counted.
type noun struct {
	id     string // "minutes", "hours"
	gender Form
	plural map[plural.Form]string

	// melted returns n and the noun together, written and as recordings, where the
	// two cannot be recorded apart; no recordings where they can. It may be nil.
	melted func(n int) (written string, pieces numeral)
}

// pluralNames are the ids of CLDR's plural categories.
var pluralNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// form returns the plural form in which v says the noun after n.
func (v *voice) form(nn noun, n int) plural.Form {
	f := plural.Cardinal.MatchPlural(v.tag, n, 0, 0, 0, 0)
	if _, ok := nn.plural[f]; !ok {
		return plural.Other
	}
	return f
}

var voices = map[string]*voice{
	"de": &german, "en": &english, "es": &spanish, "fr": &french, "it": &italian, "ja": &japanese,
	"nl": &dutch, "pt": &portuguese, "ru": &russian, "vi": &vietnamese, "zh": &chinese,
}

// Languages returns the languages that are spoken, in alphabetical order.
func Languages() []string { return slices.Sorted(maps.Keys(voices)) }

// Match returns the language in which lang, a BCP 47 tag, is spoken. Script and
// region make no difference: de-AT is de. ok is false if lang is not spoken here, or
// no tag at all; then used is "en". A language that its speakers might understand is
// no match: nobody is addressed in his neighbour's.
func Match(lang string) (used string, ok bool) {
	v, ok := find(lang)
	return v.name, ok
}

// find returns the voice for lang, or that of English.
func find(lang string) (v *voice, ok bool) {
	// Make takes of a bad tag what is good in it: "de-QQ-nonsense" is German still.
	// Macro: Mandarin, cmn, is written zh.
	tag := (language.DeprecatedBase | language.Macro).Make(lang)
	base, _, _ := tag.Raw() // the base as written, never a guess from the region
	if v, ok = voices[base.String()]; ok {
		return v, true
	}
	return &english, false
}
