package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var portuguese = voice{
	tag: language.Portuguese, name: "pt", space: " ",
	phrases: phrases{
		position: "Você é o número {} da fila.",
		many:     "Há muitas chamadas na fila antes da sua.",
		unknown:  "Você está na fila.",
		wait:     "O tempo de espera estimado é de aproximadamente {}.",
		less:     "O tempo de espera estimado é de menos de um minuto.",
		more:     "O tempo de espera estimado é de mais de duas horas.",
		periodic: "Todos os nossos atendentes estão ocupados. Por favor, permaneça na linha; atenderemos a sua chamada assim que possível.",
		offer:    "Se quiser que liguemos de volta para você, digite 3. Você manterá o seu lugar na fila.",
		dialogue: "Digite o número para o qual devemos ligar e, em seguida, a tecla jogo da velha. " +
			"Para que liguemos para o número de onde você está ligando, digite apenas a tecla jogo da velha. " +
			"Para continuar esperando, digite a tecla asterisco.",
		warning: "As chamadas do seu número para esta linha estão restritas. Para encerrar esta chamada, digite 1. Para continuar, digite 2.",
		final:   "As chamadas do seu número para esta linha estão bloqueadas. Esta chamada será encerrada. Até logo.",
	},
	minute: noun{id: "minutes", gender: Masculine, plural: map[plural.Form]string{plural.One: "minuto", plural.Other: "minutos"}},
	hour:   noun{id: "hours", gender: Feminine, plural: map[plural.Form]string{plural.One: "hora", plural.Other: "horas"}},
	and:    "e",
	number: portugueseNumber,
}

var portugueseBelow20 = [20]string{
	"zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez",
	"onze", "doze", "treze", "quatorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
}

var portugueseTens = [10]string{"", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"}

var portugueseHundreds = [10]string{
	"", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos", "novecentos",
}

// portugueseNumber: 1121 is mil cento e vinte e um, but 1100 is mil e cem. One, two
// and the hundreds follow a feminine noun.
func portugueseNumber(n int, form Form) (w numeral) {
	small := func(n int) {
		switch {
		case form == Feminine && n == 1:
			w = w.sayForm(" ", 1, "f", "uma")
		case form == Feminine && n == 2:
			w = w.sayForm(" ", 2, "f", "duas")
		default:
			w = w.say(" ", n, portugueseBelow20[n])
		}
	}
	and := func() {
		if len(w) > 0 {
			w = w.sayPart(" ", "and", "e")
		}
	}
	if t := n / 1000; t > 0 {
		if t > 1 {
			small(t)
		}
		w = w.say(" ", 1000, "mil")
	}
	rest := n % 100
	if h := n / 100 % 10; h > 0 {
		if rest == 0 {
			and()
		}
		words := portugueseHundreds[h]
		switch {
		case h == 1 && rest == 0:
			w = w.say(" ", 100, "cem")
		case h == 1:
			w = w.sayForm(" ", 100, "and", words)
		case form == Feminine:
			w = w.sayForm(" ", h*100, "f", words[:len(words)-len("os")]+"as")
		default:
			w = w.say(" ", h*100, words)
		}
	}
	if rest >= 20 {
		and()
		w = w.say(" ", rest/10*10, portugueseTens[rest/10])
		rest %= 10
	}
	if rest > 0 || n == 0 {
		and()
		small(rest)
	}
	return w
}
