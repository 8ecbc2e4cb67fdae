// Package speech puts into words what a waiting caller is told: his place, how
// long he will probably wait, the offer to be called back (B60–B64, B80, B81).
// A host says when ([acd.Play] tells it) and in which language (the queue's);
// the words, and how they bend, are here.
//
// [Say] turns an order of the engine into both of what follows, in the language of
// its queue:
//
//	case *acd.Play:
//		if text, prompts, ok := speech.Say(do); ok {
//			… // read text, or play the prompts
//		} else {
//			… // music or intro: play do.File
//		}
//
// There are two ways to say the same thing. A host with text-to-speech takes the
// sentence:
//
//	a := speech.Announcement{What: speech.Estimate, Position: 21, HasEstimate: true, Mean: 3 * time.Minute}
//	speech.Text("en-US", a) // You are number 21 in line. You will probably wait about 3 minutes.
//
// A host with recorded prompts takes the sequence, and plays one file after the
// other:
//
//	for _, p := range speech.Prompts("en-US", a) {
//		play("/var/prompts/" + p.ID + ".wav") // en/position.before, en/number/20, en/number/1, …
//	}
//
// [Set] is the script for the recording studio: every prompt that the language can
// ask for, each with the words to say.
//
// # Languages
//
// A language is a BCP 47 tag. Its base decides: de-AT is spoken as de, pt-PT as pt,
// cmn-TW as zh. Any other is spoken in English; [Match] tells which it will be. What
// is spoken:
//
//	de  German                          nl  Dutch
//	en  English, American               pt  Portuguese, Brazilian
//	es  Spanish, polite                 ru  Russian
//	fr  French of France                vi  Vietnamese, northern
//	it  Italian, polite                 zh  Mandarin, simplified characters
//	ja  Japanese
//
// # What is said of a wait
//
// Never seconds, and nothing finer than an estimate deserves: the mean, to the
// nearest minute, from an hour on to the nearest five. "Less than a minute" is a
// promise, and so is given only if the 80 % quantile keeps it too; otherwise a short
// wait is about one minute. Above two hours it is "more than two hours". A longer
// mean never gives a shorter announcement, so what B63 promises survives the
// rounding. Without an estimate (nobody is staffed) only the place is said.
//
// Places from 1 to 9,999 are numbers. Below that the place is not known and the
// caller hears only that he is in line; above, that very many are before him.
//
// # Text
//
// Text writes numbers as digits, which every engine reads well, but for two kinds.
// A number whose words depend on the noun is written out, because engines read it as
// if it stood alone: une minute, двадцать две минуты, 两分钟. And so is one above 999
// (but in Japanese), because 1999 may be read as a year.
//
// # Prompts
//
// The id of a prompt is ASCII, begins with the language, is fit for a file's name
// and stays what it is from one version to the next:
//
//	en/position.before, .after   the words around a place; .many, .unknown: the whole sentence without one
//	en/wait.before, .after       the words around a wait; .less, .more: the whole sentence; .and: between hours and minutes
//	en/number/20                 a number, or the part of one
//	de/number/1.f                … in the form that its noun asks for: .m, .f
//	de/number/1.and              … as the beginning of a longer one: "einund"
//	ru/minutes.few               the noun in the plural form of CLDR: one, few, many, other
//	ja/minutes/3                 number and noun where they melt: さんぷん
//	en/periodic, en/callback_offer, en/callback_dialogue, en/warning, en/warning.final
//
// A phrase has the punctuation of its sentence, which tells the speaker when to drop
// the voice. Numbers and nouns have none: they stand in the middle as well as at the
// end.
//
// Everything here is a pure function and safe for concurrent use; no input panics.
package speech
