package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var german = voice{
	tag: language.German, name: "de", space: " ",
	phrases: phrases{
		position: "Sie sind auf Platz {} in der Warteschlange.",
		many:     "Vor Ihnen warten sehr viele Anrufer.",
		unknown:  "Sie sind in der Warteschlange.",
		wait:     "Sie warten voraussichtlich etwa {}.",
		less:     "Sie warten voraussichtlich weniger als eine Minute.",
		more:     "Sie warten voraussichtlich mehr als zwei Stunden.",
		periodic: "Zurzeit sind alle Mitarbeiter im Gespräch. Bitte bleiben Sie am Apparat; wir sind so bald wie möglich für Sie da.",
		offer:    "Wenn wir Sie zurückrufen sollen, drücken Sie die 3. Ihr Platz in der Warteschlange bleibt Ihnen erhalten.",
		dialogue: "Bitte geben Sie die Nummer ein, die wir anrufen sollen, und drücken Sie danach die Rautetaste. " +
			"Wenn wir die Nummer anrufen sollen, von der Sie gerade anrufen, drücken Sie nur die Rautetaste. " +
			"Um weiter zu warten, drücken Sie die Sterntaste.",
		warning: "Anrufe von Ihrer Nummer sind hier eingeschränkt. Um das Gespräch zu beenden, drücken Sie die 1. Um fortzufahren, drücken Sie die 2.",
		final:   "Anrufe von Ihrer Nummer sind hier gesperrt. Das Gespräch wird jetzt beendet. Auf Wiederhören.",
	},
	minute: noun{id: "minutes", gender: Feminine, plural: map[plural.Form]string{plural.One: "Minute", plural.Other: "Minuten"}},
	hour:   noun{id: "hours", gender: Feminine, plural: map[plural.Form]string{plural.One: "Stunde", plural.Other: "Stunden"}},
	and:    "und",
	number: germanNumber,
}

var germanBelow20 = [20]string{
	"null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
	"elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
}

var germanTens = [10]string{"", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"}

// germanNumber: 1121 is ein tausend ein hundert einund zwanzig, one word, the unit
// before the ten.
func germanNumber(n int, form Form) (w numeral) {
	times := func(factor, of int, words string) {
		if factor == 1 {
			w = w.sayForm("", 1, "m", "ein")
		} else if factor > 1 {
			w = w.say("", factor, germanBelow20[factor])
		}
		if factor > 0 {
			w = w.say("", of, words)
		}
	}
	times(n/1000, 1000, "tausend")
	times(n/100%10, 100, "hundert")
	rest := n % 100
	switch {
	case rest == 0 && n > 0:
	case rest == 1 && form == Feminine:
		w = w.sayForm("", 1, "f", "eine")
	case rest == 1 && (form == Masculine || form == Neuter):
		w = w.sayForm("", 1, "m", "ein")
	case rest < 20:
		w = w.say("", rest, germanBelow20[rest])
	default:
		switch unit := rest % 10; unit {
		case 0:
		case 1:
			w = w.sayForm("", 1, "and", "einund")
		default:
			w = w.sayForm("", unit, "and", germanBelow20[unit]+"und")
		}
		w = w.say("", rest/10*10, germanTens[rest/10])
	}
	return w
}
