package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var english = voice{
	tag: language.English, name: "en", space: " ",
	phrases: phrases{
		position: "You are number {} in line.",
		many:     "Very many callers are in line before you.",
		unknown:  "You are in line.",
		wait:     "You will probably wait about {}.",
		less:     "You will probably wait less than a minute.",
		more:     "You will probably wait more than two hours.",
		periodic: "All our agents are busy. Please stay on the line; we will answer your call as soon as possible.",
		offer:    "If you would like us to call you back, press 3. You will keep your place in line.",
		dialogue: "Please enter the number that we should call, then press the pound key. " +
			"If we should call the number you are calling from, press only the pound key. To go on waiting, press star.",
		warning: "Calls from your number to this line are restricted. To end this call, press 1. To continue, press 2.",
		final:   "Calls from your number to this line are blocked. This call will now end. Goodbye.",
	},
	minute: noun{id: "minutes", plural: map[plural.Form]string{plural.One: "minute", plural.Other: "minutes"}},
	hour:   noun{id: "hours", plural: map[plural.Form]string{plural.One: "hour", plural.Other: "hours"}},
	and:    "and",
	number: englishNumber,
}

var englishBelow20 = [20]string{
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
	"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
}

var englishTens = [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

// englishNumber: 1121 is 1 thousand 1 hundred 20 1.
func englishNumber(n int, _ Form) (w numeral) {
	if t := n / 1000; t > 0 {
		w = w.say(" ", t, englishBelow20[t]).say(" ", 1000, "thousand")
	}
	if h := n / 100 % 10; h > 0 {
		w = w.say(" ", h, englishBelow20[h]).say(" ", 100, "hundred")
	}
	rest := n % 100
	switch {
	case rest == 0 && n > 0:
	case rest < 20:
		w = w.say(" ", rest, englishBelow20[rest])
	default:
		w = w.say(" ", rest/10*10, englishTens[rest/10])
		if unit := rest % 10; unit > 0 {
			w = w.say("-", unit, englishBelow20[unit])
		}
	}
	return w
}
