package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var spanish = voice{
	tag: language.Spanish, name: "es", space: " ",
	phrases: phrases{
		position: "Usted ocupa el puesto {} en la fila de espera.",
		many:     "Hay muchísimas llamadas antes que la suya.",
		unknown:  "Usted está en la fila de espera.",
		wait:     "El tiempo de espera estimado es de aproximadamente {}.",
		less:     "El tiempo de espera estimado es de menos de un minuto.",
		more:     "El tiempo de espera estimado es de más de dos horas.",
		periodic: "Todos nuestros agentes están ocupados. Por favor, permanezca en la línea; atenderemos su llamada lo antes posible.",
		offer:    "Si desea que le devolvamos la llamada, pulse 3. Conservará su puesto en la fila de espera.",
		dialogue: "Marque el número al que debemos llamar y después pulse la tecla almohadilla o numeral. " +
			"Para que llamemos al número desde el que usted llama, pulse solo la tecla almohadilla o numeral. " +
			"Para seguir esperando, pulse la tecla asterisco.",
		warning: "Las llamadas desde su número a esta línea están restringidas. Para terminar esta llamada, pulse 1. Para continuar, pulse 2.",
		final:   "Las llamadas desde su número a esta línea están bloqueadas. Esta llamada va a terminar. Adiós.",
	},
	minute: noun{id: "minutes", gender: Masculine, plural: map[plural.Form]string{plural.One: "minuto", plural.Other: "minutos"}},
	hour:   noun{id: "hours", gender: Feminine, plural: map[plural.Form]string{plural.One: "hora", plural.Other: "horas"}},
	and:    "y",
	number: spanishNumber,
}

var spanishBelow30 = [30]string{
	"cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
	"once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve",
	"veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
}

var spanishTens = [10]string{"", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"}

var spanishHundreds = [10]string{
	"", "", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos",
}

// spanishNumber: 1131 is mil ciento treinta y uno. One is shortened before a
// masculine noun; one and the hundreds follow a feminine one.
func spanishNumber(n int, form Form) (w numeral) {
	if t := n / 1000; t > 0 {
		if t > 1 {
			w = w.say(" ", t, spanishBelow30[t])
		}
		w = w.say(" ", 1000, "mil")
	}
	rest := n % 100
	switch h := n / 100 % 10; {
	case h == 0:
	case h == 1 && rest == 0:
		w = w.say(" ", 100, "cien")
	case h == 1:
		w = w.sayForm(" ", 100, "and", "ciento")
	case form == Feminine:
		words := spanishHundreds[h]
		w = w.sayForm(" ", h*100, "f", words[:len(words)-len("os")]+"as")
	default:
		w = w.say(" ", h*100, spanishHundreds[h])
	}
	if rest >= 30 {
		w = w.say(" ", rest/10*10, spanishTens[rest/10])
		if rest %= 10; rest > 0 {
			w = w.sayPart(" ", "and", "y")
		}
	}
	switch {
	case rest == 0 && n > 0:
	case rest%20 == 1 && form == Feminine:
		w = w.sayForm(" ", rest, "f", map[int]string{1: "una", 21: "veintiuna"}[rest])
	case rest%20 == 1 && (form == Masculine || form == Neuter):
		w = w.sayForm(" ", rest, "m", map[int]string{1: "un", 21: "veintiún"}[rest])
	default:
		w = w.say(" ", rest, spanishBelow30[rest])
	}
	return w
}
