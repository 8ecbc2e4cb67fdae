package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var french = voice{
	tag: language.French, name: "fr", space: " ",
	phrases: phrases{
		position: "Vous êtes le numéro {} dans la file d'attente.",
		many:     "De très nombreux appels précèdent le vôtre.",
		unknown:  "Vous êtes dans la file d'attente.",
		wait:     "Votre temps d'attente est estimé à environ {}.",
		less:     "Votre temps d'attente est estimé à moins d'une minute.",
		more:     "Votre temps d'attente est estimé à plus de deux heures.",
		periodic: "Tous nos conseillers sont en ligne. Merci de patienter, nous prendrons votre appel dès que possible.",
		offer:    "Si vous souhaitez que nous vous rappelions, tapez 3. Vous garderez votre place dans la file d'attente.",
		dialogue: "Composez le numéro que nous devons rappeler, puis appuyez sur la touche dièse. " +
			"Pour que nous rappelions le numéro dont vous appelez, appuyez seulement sur la touche dièse. " +
			"Pour continuer à patienter, appuyez sur la touche étoile.",
		warning: "Les appels de votre numéro vers ce service sont restreints. Pour mettre fin à cet appel, tapez 1. Pour continuer, tapez 2.",
		final:   "Les appels de votre numéro vers ce service sont bloqués. Cet appel va prendre fin. Au revoir.",
	},
	minute: noun{id: "minutes", gender: Feminine, plural: map[plural.Form]string{plural.One: "minute", plural.Other: "minutes"}},
	hour:   noun{id: "hours", gender: Feminine, plural: map[plural.Form]string{plural.One: "heure", plural.Other: "heures"}},
	and:    "et",
	number: frenchNumber,
}

var frenchBelow20 = [20]string{
	"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
	"onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
}

// frenchTens has what the tens begin with: 70 and 90 count on from 60 and 80.
var frenchTens = [10]string{
	"", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt",
}

// frenchNumber: 1121 is mille, cent, vingt et un. What is below 100 is one recording,
// because the sounds at the joints change (the t of vingt-deux).
func frenchNumber(n int, form Form) (w numeral) {
	if t := n / 1000; t > 0 {
		if t > 1 {
			w = w.say(" ", t, frenchBelow20[t])
		}
		w = w.say(" ", 1000, "mille")
	}
	rest := n % 100
	switch h := n / 100 % 10; {
	case h == 0:
	case h == 1:
		w = w.say(" ", 100, "cent")
	case rest == 0:
		w = w.say(" ", h*100, frenchBelow20[h]+" cents")
	default:
		w = w.sayForm(" ", h*100, "and", frenchBelow20[h]+" cent")
	}
	switch ends1 := rest%10 == 1 && rest != 11 && rest != 71 && rest != 91; {
	case rest == 0 && n > 0:
	case ends1 && form == Feminine:
		w = w.sayForm(" ", rest, "f", frenchBelow100(rest)+"e")
	default:
		w = w.say(" ", rest, frenchBelow100(rest))
	}
	return w
}

// frenchBelow100 returns the masculine words of a number below 100.
func frenchBelow100(n int) string {
	ten, unit := n/10, n%10
	if ten == 7 || ten == 9 {
		unit += 10
	}
	switch {
	case n < 20:
		return frenchBelow20[n]
	case n == 80:
		return "quatre-vingts" // loses its s before another word of the number
	case unit == 0:
		return frenchTens[ten]
	case (unit == 1 || unit == 11) && n < 80:
		return frenchTens[ten] + " et " + frenchBelow20[unit]
	}
	return frenchTens[ten] + "-" + frenchBelow20[unit]
}
