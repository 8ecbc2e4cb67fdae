package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The sentences of Russian ask for the nominative only: the wait is a subject.
var russian = voice{
	tag: language.Russian, name: "ru", space: " ",
	phrases: phrases{
		position: "Ваш номер в очереди — {}.",
		many:     "Перед вами в очереди очень много звонков.",
		unknown:  "Вы в очереди.",
		wait:     "Примерное время ожидания — {}.",
		less:     "Примерное время ожидания — меньше минуты.",
		more:     "Примерное время ожидания — больше двух часов.",
		periodic: "Все операторы заняты. Пожалуйста, оставайтесь на линии: мы ответим вам, как только сможем.",
		offer:    "Если вы хотите, чтобы мы вам перезвонили, нажмите 3. Ваше место в очереди сохранится.",
		dialogue: "Введите номер, на который нам позвонить, и нажмите решётку. " +
			"Чтобы мы позвонили на номер, с которого вы звоните, нажмите только решётку. " +
			"Чтобы остаться в очереди, нажмите звёздочку.",
		warning: "Звонки с вашего номера на эту линию ограничены. Чтобы завершить звонок, нажмите 1. Чтобы продолжить, нажмите 2.",
		final:   "Звонки с вашего номера на эту линию заблокированы. Сейчас звонок завершится. До свидания.",
	},
	minute: noun{id: "minutes", gender: Feminine, plural: map[plural.Form]string{
		plural.One: "минута", plural.Few: "минуты", plural.Many: "минут", plural.Other: "минуты",
	}},
	hour: noun{id: "hours", gender: Masculine, plural: map[plural.Form]string{
		plural.One: "час", plural.Few: "часа", plural.Many: "часов", plural.Other: "часа",
	}},
	number: russianNumber,
}

var russianBelow20 = [20]string{
	"ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
	"одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
}

var russianTens = [10]string{
	"", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто",
}

var russianHundreds = [10]string{
	"", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
}

// russianNumber: 2121 is две тысячи сто двадцать один. One and two follow the noun;
// by itself a number is masculine.
func russianNumber(n int, form Form) (w numeral) {
	small := func(n int, form Form) {
		switch {
		case n == 1 && form == Feminine:
			w = w.sayForm(" ", 1, "f", "одна")
		case n == 1 && form == Neuter:
			w = w.sayForm(" ", 1, "n", "одно")
		case n == 2 && form == Feminine:
			w = w.sayForm(" ", 2, "f", "две")
		default:
			w = w.say(" ", n, russianBelow20[n])
		}
	}
	switch t := n / 1000; {
	case t == 0:
	case t == 1:
		w = w.say(" ", 1000, "тысяча")
	case t < 5:
		small(t, Feminine)
		w = w.sayForm(" ", 1000, "few", "тысячи")
	default:
		small(t, Feminine)
		w = w.sayForm(" ", 1000, "many", "тысяч")
	}
	if h := n / 100 % 10; h > 0 {
		w = w.say(" ", h*100, russianHundreds[h])
	}
	rest := n % 100
	if rest >= 20 {
		w = w.say(" ", rest/10*10, russianTens[rest/10])
		rest %= 10
	}
	if rest > 0 || n == 0 {
		small(rest, form)
	}
	return w
}
