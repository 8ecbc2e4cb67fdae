package speech

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var dutch = voice{
	tag: language.Dutch, name: "nl", space: " ",
	phrases: phrases{
		position: "U bent nummer {} in de wachtrij.",
		many:     "Er zijn heel veel wachtenden voor u.",
		unknown:  "U staat in de wachtrij.",
		wait:     "De verwachte wachttijd is ongeveer {}.",
		less:     "De verwachte wachttijd is minder dan een minuut.",
		more:     "De verwachte wachttijd is meer dan twee uur.",
		periodic: "Al onze medewerkers zijn in gesprek. Blijft u alstublieft aan de lijn; we helpen u zo snel mogelijk.",
		offer:    "Wilt u dat wij u terugbellen? Toets dan een 3. U behoudt uw plaats in de wachtrij.",
		dialogue: "Toets het nummer in dat wij moeten bellen, en sluit af met een hekje. " +
			"Moeten wij het nummer bellen waarmee u nu belt, toets dan alleen een hekje. Wilt u blijven wachten, toets dan een sterretje.",
		warning: "Oproepen van uw nummer naar deze lijn zijn beperkt. Toets een 1 om het gesprek te beëindigen. Toets een 2 om door te gaan.",
		final:   "Oproepen van uw nummer naar deze lijn zijn geblokkeerd. Dit gesprek wordt nu beëindigd. Tot ziens.",
	},
	minute: noun{id: "minutes", plural: map[plural.Form]string{plural.One: "minuut", plural.Other: "minuten"}},
	hour:   noun{id: "hours", plural: map[plural.Form]string{plural.One: "uur", plural.Other: "uur"}},
	and:    "en",
	number: dutchNumber,
}

var dutchBelow20 = [20]string{
	"nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien",
	"elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
}

var dutchTens = [10]string{"", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"}

// dutchNumber: 2121 is twee duizend honderd eenen twintig; a space follows duizend,
// the rest is one word, in which één loses its accents and a vowel before en gets a
// diaeresis.
func dutchNumber(n int, _ Form) (w numeral) {
	if t := n / 1000; t > 0 {
		if t > 1 {
			w = w.say("", t, dutchBelow20[t])
		}
		w = w.say("", 1000, "duizend")
	}
	glue := " "
	if h := n / 100 % 10; h > 0 {
		if h > 1 {
			w = w.say(glue, h, dutchBelow20[h])
			glue = ""
		}
		w = w.say(glue, 100, "honderd")
		glue = ""
	}
	rest := n % 100
	switch {
	case rest == 0 && n > 0:
	case rest == 1:
		w = w.say(glue, 1, dutchBelow20[1]).spelt("een")
	case rest < 20:
		w = w.say(glue, rest, dutchBelow20[rest])
	default:
		if unit := rest % 10; unit > 0 {
			w = w.sayForm(glue, unit, "and", dutchAnd(unit))
			glue = ""
		}
		w = w.say(glue, rest/10*10, dutchTens[rest/10])
	}
	return w
}

// dutchAnd returns the unit before a ten.
func dutchAnd(unit int) string {
	if unit == 1 {
		return "eenen"
	}
	if words := dutchBelow20[unit]; !strings.HasSuffix(words, "e") {
		return words + "en"
	}
	return dutchBelow20[unit] + "ën"
}
