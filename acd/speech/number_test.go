package speech

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// countingWords has in each language the numbers that its words are tricky for.
var countingWords = map[string]map[int]string{
	"en": {
		0: "zero", 1: "one", 2: "two", 3: "three", 5: "five", 11: "eleven", 12: "twelve", 20: "twenty", 21: "twenty-one", 22: "twenty-two",
		71: "seventy-one", 80: "eighty", 81: "eighty-one", 91: "ninety-one", 100: "one hundred", 101: "one hundred one", 110: "one hundred ten",
		342: "three hundred forty-two", 1000: "one thousand", 1001: "one thousand one", 1999: "one thousand nine hundred ninety-nine",
		2000: "two thousand", 9999: "nine thousand nine hundred ninety-nine", 12345: "one two three four five", -1: "",
	},
	"de": {
		0: "null", 1: "eins", 2: "zwei", 3: "drei", 5: "fünf", 11: "elf", 12: "zwölf", 16: "sechzehn", 17: "siebzehn", 20: "zwanzig",
		21: "einundzwanzig", 22: "zweiundzwanzig", 30: "dreißig", 71: "einundsiebzig", 80: "achtzig", 81: "einundachtzig", 91: "einundneunzig",
		100: "einhundert", 101: "einhunderteins", 121: "einhunderteinundzwanzig", 1000: "eintausend", 1001: "eintausendeins",
		1999: "eintausendneunhundertneunundneunzig", 2000: "zweitausend", 10000: "eins null null null null",
	},
	"nl": {
		0: "nul", 1: "één", 2: "twee", 3: "drie", 5: "vijf", 11: "elf", 12: "twaalf", 20: "twintig", 21: "eenentwintig", 22: "tweeëntwintig",
		23: "drieëntwintig", 71: "eenenzeventig", 80: "tachtig", 81: "eenentachtig", 91: "eenennegentig", 100: "honderd", 101: "honderdeen",
		1000: "duizend", 1001: "duizend een", 1999: "duizend negenhonderdnegenennegentig", 2000: "tweeduizend", 2121: "tweeduizend honderdeenentwintig",
	},
	"fr": {
		0: "zéro", 1: "un", 2: "deux", 3: "trois", 5: "cinq", 11: "onze", 12: "douze", 17: "dix-sept", 20: "vingt", 21: "vingt et un", 22: "vingt-deux",
		60: "soixante", 61: "soixante et un", 70: "soixante-dix", 71: "soixante et onze", 72: "soixante-douze", 79: "soixante-dix-neuf",
		80: "quatre-vingts", 81: "quatre-vingt-un", 90: "quatre-vingt-dix", 91: "quatre-vingt-onze", 99: "quatre-vingt-dix-neuf",
		100: "cent", 101: "cent un", 200: "deux cents", 201: "deux cent un", 280: "deux cent quatre-vingts", 1000: "mille", 1001: "mille un",
		1999: "mille neuf cent quatre-vingt-dix-neuf", 2000: "deux mille",
	},
	"es": {
		0: "cero", 1: "uno", 2: "dos", 3: "tres", 5: "cinco", 11: "once", 12: "doce", 16: "dieciséis", 20: "veinte", 21: "veintiuno", 22: "veintidós",
		30: "treinta", 31: "treinta y uno", 71: "setenta y uno", 80: "ochenta", 81: "ochenta y uno", 91: "noventa y uno", 100: "cien", 101: "ciento uno",
		500: "quinientos", 777: "setecientos setenta y siete", 1000: "mil", 1001: "mil uno", 1100: "mil cien", 1999: "mil novecientos noventa y nueve", 2000: "dos mil",
	},
	"it": {
		0: "zero", 1: "uno", 2: "due", 3: "tre", 5: "cinque", 11: "undici", 12: "dodici", 17: "diciassette", 20: "venti", 21: "ventuno", 22: "ventidue",
		23: "ventitré", 28: "ventotto", 71: "settantuno", 80: "ottanta", 81: "ottantuno", 91: "novantuno", 100: "cento", 101: "centouno", 103: "centotré",
		108: "centotto", 180: "centottanta", 1000: "mille", 1001: "milleuno", 1999: "millenovecentonovantanove", 2000: "duemila", 3003: "tremilatré",
	},
	"pt": {
		0: "zero", 1: "um", 2: "dois", 3: "três", 5: "cinco", 11: "onze", 12: "doze", 16: "dezesseis", 20: "vinte", 21: "vinte e um", 22: "vinte e dois",
		71: "setenta e um", 80: "oitenta", 81: "oitenta e um", 91: "noventa e um", 100: "cem", 101: "cento e um", 121: "cento e vinte e um",
		1000: "mil", 1001: "mil e um", 1100: "mil e cem", 1101: "mil cento e um", 1200: "mil e duzentos", 1999: "mil novecentos e noventa e nove", 2000: "dois mil",
	},
	"ru": {
		0: "ноль", 1: "один", 2: "два", 3: "три", 5: "пять", 11: "одиннадцать", 12: "двенадцать", 20: "двадцать", 21: "двадцать один", 22: "двадцать два",
		40: "сорок", 71: "семьдесят один", 80: "восемьдесят", 81: "восемьдесят один", 91: "девяносто один", 100: "сто", 101: "сто один",
		1000: "тысяча", 1001: "тысяча один", 1999: "тысяча девятьсот девяносто девять", 2000: "две тысячи", 5000: "пять тысяч", 2121: "две тысячи сто двадцать один",
	},
	"ja": {
		0: "ゼロ", 1: "いち", 2: "に", 3: "さん", 5: "ご", 11: "じゅういち", 12: "じゅうに", 20: "にじゅう", 21: "にじゅういち", 22: "にじゅうに",
		71: "ななじゅういち", 80: "はちじゅう", 81: "はちじゅういち", 91: "きゅうじゅういち", 100: "ひゃく", 101: "ひゃくいち", 300: "さんびゃく", 600: "ろっぴゃく",
		800: "はっぴゃく", 1000: "せん", 1001: "せんいち", 1999: "せんきゅうひゃくきゅうじゅうきゅう", 2000: "にせん", 3000: "さんぜん", 8000: "はっせん",
	},
	"zh": {
		0: "零", 1: "一", 2: "二", 3: "三", 5: "五", 10: "十", 11: "十一", 12: "十二", 20: "二十", 21: "二十一", 22: "二十二", 71: "七十一", 80: "八十",
		81: "八十一", 91: "九十一", 100: "一百", 101: "一百零一", 110: "一百一十", 111: "一百一十一", 200: "二百", 1000: "一千", 1001: "一千零一",
		1010: "一千零一十", 1100: "一千一百", 1101: "一千一百零一", 1999: "一千九百九十九", 2000: "两千", 2020: "两千零二十", 12345: "一二三四五",
	},
	"vi": {
		0: "không", 1: "một", 2: "hai", 3: "ba", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 12: "mười hai", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi",
		21: "hai mươi mốt", 22: "hai mươi hai", 24: "hai mươi tư", 25: "hai mươi lăm", 71: "bảy mươi mốt", 80: "tám mươi", 81: "tám mươi mốt", 91: "chín mươi mốt",
		100: "một trăm", 101: "một trăm linh một", 104: "một trăm linh bốn", 110: "một trăm mười", 115: "một trăm mười lăm", 1000: "một nghìn",
		1001: "một nghìn không trăm linh một", 1010: "một nghìn không trăm mười", 1100: "một nghìn một trăm",
		1999: "một nghìn chín trăm chín mươi chín", 2000: "hai nghìn",
	},
}

func TestNumber_Counting(t *testing.T) {
	t.Parallel()
	if got, want := slices.Sorted(maps.Keys(countingWords)), Languages(); !slices.Equal(got, want) {
		t.Errorf("the table has %v, the package %v", got, want)
	}
	for lang, numbers := range countingWords {
		for n, want := range numbers {
			if got := Number(lang, n, Counting); got != want {
				t.Errorf("%s %d: got %q, want %q", lang, n, got, want)
			}
		}
	}
}

func TestNumber_Forms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		form Form
		want map[int]string
	}{
		{"en", Feminine, map[int]string{1: "one", 21: "twenty-one"}},
		{"nl", Masculine, map[int]string{1: "één", 21: "eenentwintig"}},
		{"de", Feminine, map[int]string{1: "eine", 2: "zwei", 21: "einundzwanzig", 101: "einhunderteine"}},
		{"de", Masculine, map[int]string{1: "ein", 101: "einhundertein"}},
		{"de", Neuter, map[int]string{1: "ein"}},
		{"fr", Masculine, map[int]string{1: "un", 21: "vingt et un"}},
		{"fr", Feminine, map[int]string{
			1: "une", 2: "deux", 11: "onze", 21: "vingt et une", 71: "soixante et onze", 80: "quatre-vingts", 81: "quatre-vingt-une", 91: "quatre-vingt-onze", 101: "cent une",
		}},
		{"es", Masculine, map[int]string{1: "un", 11: "once", 21: "veintiún", 31: "treinta y un", 101: "ciento un", 200: "doscientos"}},
		{"es", Feminine, map[int]string{1: "una", 11: "once", 21: "veintiuna", 31: "treinta y una", 101: "ciento una", 200: "doscientas", 100: "cien"}},
		{"it", Masculine, map[int]string{1: "un", 2: "due", 21: "ventuno"}},
		{"it", Feminine, map[int]string{1: "una", 2: "due", 21: "ventuno"}},
		{"pt", Feminine, map[int]string{1: "uma", 2: "duas", 12: "doze", 21: "vinte e uma", 200: "duzentas", 2002: "duas mil e duas"}},
		{"pt", Masculine, map[int]string{1: "um", 2: "dois"}},
		{"ru", Masculine, map[int]string{1: "один", 2: "два"}},
		{"ru", Feminine, map[int]string{1: "одна", 2: "две", 3: "три", 11: "одиннадцать", 12: "двенадцать", 21: "двадцать одна", 22: "двадцать две", 1001: "тысяча одна"}},
		{"ru", Neuter, map[int]string{1: "одно", 2: "два", 21: "двадцать одно", 2001: "две тысячи одно"}},
		{"zh", Masculine, map[int]string{1: "一", 2: "两", 12: "十二", 22: "二十二", 102: "一百零二", 2002: "两千零二"}},
		{"ja", Feminine, map[int]string{1: "いち", 2: "に"}},
		{"vi", Feminine, map[int]string{1: "một", 21: "hai mươi mốt"}},
		{"de", Form(200), map[int]string{1: "eins"}},
		{"zh", Form(200), map[int]string{2: "二"}},
		{"es", Form(200), map[int]string{21: "veintiuno"}},
	} {
		for n, want := range c.want {
			if got := Number(c.lang, n, c.form); got != want {
				t.Errorf("%s %d %v: got %q, want %q", c.lang, n, c.form, got, want)
			}
		}
	}
}

// Two numbers never sound alike, and none has an empty or doubled joint.
func TestNumber_EveryOneIsItself(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		known := map[string]int{}
		for n := range maxNumber + 2 {
			words := Number(lang, n, Counting)
			if other, ok := known[words]; ok {
				t.Errorf("%s: %d and %d are both %q", lang, other, n, words)
			}
			known[words] = n
			if words == "" || strings.Contains(words, "  ") || words != strings.TrimSpace(words) {
				t.Errorf("%s: %d is %q", lang, n, words)
			}
		}
	}
}

func TestNumber_LargestAndSmallest(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		if got := Number(lang, math.MinInt, Feminine); got != "" {
			t.Errorf("%s: the smallest number is %q", lang, got)
		}
		if Number(lang, math.MaxInt, Feminine) == "" {
			t.Errorf("%s: the largest number has no words", lang)
		}
	}
}

func TestForm_String(t *testing.T) {
	t.Parallel()
	for form, want := range map[Form]string{Counting: "COUNTING", Neuter: "NEUTER", 200: "Form(200)"} {
		if got := form.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
