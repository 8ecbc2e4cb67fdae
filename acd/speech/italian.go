package speech

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var italian = voice{
	tag: language.Italian, name: "it", space: " ",
	phrases: phrases{
		position: "Lei è il numero {} in coda.",
		many:     "Moltissime chiamate precedono la sua.",
		unknown:  "Lei è in coda.",
		wait:     "L'attesa prevista è di circa {}.",
		less:     "L'attesa prevista è inferiore a un minuto.",
		more:     "L'attesa prevista è superiore a due ore.",
		periodic: "Tutti i nostri operatori sono occupati. La preghiamo di restare in linea; risponderemo alla sua chiamata appena possibile.",
		offer:    "Se desidera che la richiamiamo, prema 3. Manterrà il suo posto in coda.",
		dialogue: "Digiti il numero che dobbiamo chiamare, poi prema il tasto cancelletto. " +
			"Se dobbiamo chiamare il numero da cui sta telefonando, prema soltanto il tasto cancelletto. " +
			"Per continuare ad attendere, prema il tasto asterisco.",
		warning: "Le chiamate dal suo numero a questa linea sono limitate. Per terminare la chiamata, prema 1. Per continuare, prema 2.",
		final:   "Le chiamate dal suo numero a questa linea sono bloccate. La chiamata sta per terminare. Arrivederci.",
	},
	minute: noun{id: "minutes", gender: Masculine, plural: map[plural.Form]string{plural.One: "minuto", plural.Other: "minuti"}},
	hour: noun{
		id: "hours", gender: Feminine,
		plural: map[plural.Form]string{plural.One: "ora", plural.Other: "ore"},
		melted: italianHour,
	},
	and:    "e",
	number: italianNumber,
}

// italianHour: one loses its vowel before ora.
func italianHour(n int) (written string, w numeral) {
	if n == 1 {
		return "un'ora", numeral{{id: "hours/1", words: "un'ora"}}
	}
	return "", nil
}

var italianBelow20 = [20]string{
	"zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci",
	"undici", "dodici", "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
}

var italianTens = [10]string{"", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"}

// italianNumber: 1121 is mille cento ventuno, one word. What is below 100 is one
// recording, because the vowels at the joints fall together.
func italianNumber(n int, form Form) (w numeral) {
	switch t := n / 1000; {
	case t == 1:
		w = w.say("", 1000, "mille")
	case t > 1:
		w = w.say("", t, italianBelow20[t]).sayForm("", 1000, "other", "mila")
	}
	if h := n / 100 % 10; h > 0 {
		if h > 1 {
			w = w.say("", h, italianBelow20[h])
		}
		w = w.say("", 100, "cento")
	}
	rest := n % 100
	switch {
	case rest == 0 && n > 0:
	case n == 1 && form == Feminine:
		w = w.sayForm("", 1, "f", "una")
	case n == 1 && (form == Masculine || form == Neuter):
		w = w.sayForm("", 1, "m", "un")
	default:
		words := italianBelow100(rest)
		w = w.say("", rest, words)
		switch {
		case rest == 3:
			w = w.spelt("tré")
		case n/100%10 > 0 && strings.HasPrefix(words, "ott"):
			w = w.spelt(words[1:]) // centotto, centottanta
		}
	}
	return w
}

// italianBelow100 returns the words of a number below 100.
func italianBelow100(n int) string {
	tens, unit := italianTens[n/10], n%10
	switch {
	case n < 20:
		return italianBelow20[n]
	case unit == 0:
		return tens
	case unit == 1 || unit == 8:
		return tens[:len(tens)-1] + italianBelow20[unit] // ventuno, ventotto
	case unit == 3:
		return tens + "tré"
	}
	return tens + italianBelow20[unit]
}
