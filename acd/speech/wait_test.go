package speech

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

func TestB64_WaitsAreRoundedToWhatAnEstimateDeserves(t *testing.T) {
	t.Parallel()
	const least, most = time.Duration(math.MinInt64), time.Duration(math.MaxInt64)
	less, more := wait{less: true}, wait{more: true}
	for _, c := range []struct {
		mean, p80 time.Duration
		want      wait
	}{
		{0, 0, less},
		{59 * time.Second, 0, less},
		{59 * time.Second, 59999 * time.Millisecond, less},
		{20 * time.Second, time.Minute, wait{minutes: 1}}, // the promise would not hold
		{0, time.Hour, wait{minutes: 1}},
		{time.Minute, 0, wait{minutes: 1}},
		{89 * time.Second, 0, wait{minutes: 1}},
		{90 * time.Second, 0, wait{minutes: 2}},
		{2*time.Minute + 123*time.Second, 0, wait{minutes: 4}},
		{59*time.Minute + 29*time.Second, 0, wait{minutes: 59}},
		{59*time.Minute + 30*time.Second, 0, wait{hours: 1}},
		{62 * time.Minute, 0, wait{hours: 1}},
		{63 * time.Minute, 0, wait{hours: 1, minutes: 5}},
		{80 * time.Minute, 0, wait{hours: 1, minutes: 20}},
		{118 * time.Minute, 0, wait{hours: 2}},
		{122 * time.Minute, 0, wait{hours: 2}},
		{123 * time.Minute, 0, more},
		{most, most, more},
		{least, least, less},
		{least, most, wait{minutes: 1}},
	} {
		if got := roundWait(c.mean, c.p80); got != c.want {
			t.Errorf("%v, 80 %% %v: got %+v, want %+v", c.mean, c.p80, got, c.want)
		}
	}
}

func TestB63_ALongerMeanIsNeverSaidShorter(t *testing.T) {
	t.Parallel()
	order := func(w wait) int {
		switch {
		case w.less:
			return 0
		case w.more:
			return math.MaxInt
		}
		return w.hours*60 + w.minutes
	}
	for _, p80 := range []time.Duration{0, 30 * time.Second, 5 * time.Minute} {
		last := 0
		for mean := time.Duration(0); mean < 3*time.Hour; mean += time.Second {
			now := order(roundWait(mean, max(p80, mean)))
			if now < last {
				t.Fatalf("80 %% %v: at a mean of %v the wait falls from %d to %d minutes", p80, mean, last, now)
			}
			last = now
		}
	}
}

// counted has how a number of minutes or hours is said, and how it is written.
var counted = map[string]struct{ minutes, hours map[int][2]string }{
	"en": {
		map[int][2]string{1: {"one minute", "1 minute"}, 2: {"two minutes", "2 minutes"}, 21: {"twenty one minutes", "21 minutes"}},
		map[int][2]string{1: {"one hour", "1 hour"}, 2: {"two hours", "2 hours"}},
	},
	"de": {
		map[int][2]string{1: {"eine Minute", "eine Minute"}, 2: {"zwei Minuten", "2 Minuten"}, 21: {"einund zwanzig Minuten", "21 Minuten"}},
		map[int][2]string{1: {"eine Stunde", "eine Stunde"}, 2: {"zwei Stunden", "2 Stunden"}},
	},
	"nl": {
		map[int][2]string{1: {"één minuut", "1 minuut"}, 2: {"twee minuten", "2 minuten"}, 22: {"tweeën twintig minuten", "22 minuten"}},
		map[int][2]string{1: {"één uur", "1 uur"}, 2: {"twee uur", "2 uur"}},
	},
	"fr": {
		map[int][2]string{
			1: {"une minute", "une minute"}, 2: {"deux minutes", "2 minutes"}, 11: {"onze minutes", "11 minutes"}, 12: {"douze minutes", "12 minutes"},
			21: {"vingt et une minutes", "vingt et une minutes"}, 22: {"vingt-deux minutes", "22 minutes"}, 31: {"trente et une minutes", "trente et une minutes"},
			71: {"soixante et onze minutes", "71 minutes"}, 81: {"quatre-vingt-une minutes", "quatre-vingt-une minutes"}, 91: {"quatre-vingt-onze minutes", "91 minutes"},
		},
		map[int][2]string{1: {"une heure", "une heure"}, 2: {"deux heures", "2 heures"}},
	},
	"es": {
		map[int][2]string{
			1: {"un minuto", "un minuto"}, 2: {"dos minutos", "2 minutos"}, 11: {"once minutos", "11 minutos"}, 21: {"veintiún minutos", "veintiún minutos"},
			31: {"treinta y un minutos", "treinta y un minutos"}, 100: {"cien minutos", "100 minutos"},
		},
		map[int][2]string{1: {"una hora", "una hora"}, 2: {"dos horas", "2 horas"}, 21: {"veintiuna horas", "veintiuna horas"}},
	},
	"it": {
		map[int][2]string{1: {"un minuto", "un minuto"}, 2: {"due minuti", "2 minuti"}, 21: {"ventuno minuti", "21 minuti"}, 23: {"ventitré minuti", "23 minuti"}},
		map[int][2]string{1: {"un'ora", "un'ora"}, 2: {"due ore", "2 ore"}},
	},
	"pt": {
		map[int][2]string{1: {"um minuto", "1 minuto"}, 2: {"dois minutos", "2 minutos"}, 21: {"vinte e um minutos", "21 minutos"}},
		map[int][2]string{1: {"uma hora", "uma hora"}, 2: {"duas horas", "duas horas"}},
	},
	"ru": {
		map[int][2]string{
			1: {"одна минута", "одна минута"}, 2: {"две минуты", "две минуты"}, 3: {"три минуты", "3 минуты"}, 4: {"четыре минуты", "4 минуты"},
			5: {"пять минут", "5 минут"}, 11: {"одиннадцать минут", "11 минут"}, 12: {"двенадцать минут", "12 минут"},
			21: {"двадцать одна минута", "двадцать одна минута"}, 22: {"двадцать две минуты", "двадцать две минуты"}, 25: {"двадцать пять минут", "25 минут"},
			71: {"семьдесят одна минута", "семьдесят одна минута"}, 80: {"восемьдесят минут", "80 минут"}, 101: {"сто одна минута", "сто одна минута"},
			111: {"сто одиннадцать минут", "111 минут"}, 1000: {"тысяча минут", "тысяча минут"},
		},
		map[int][2]string{1: {"один час", "1 час"}, 2: {"два часа", "2 часа"}, 5: {"пять часов", "5 часов"}, 21: {"двадцать один час", "21 час"}},
	},
	"ja": {
		map[int][2]string{
			1: {"いっぷん", "1分"}, 2: {"にふん", "2分"}, 3: {"さんぷん", "3分"}, 4: {"よんぷん", "4分"}, 5: {"ごふん", "5分"}, 6: {"ろっぷん", "6分"}, 7: {"ななふん", "7分"},
			8: {"はっぷん", "8分"}, 9: {"きゅうふん", "9分"}, 10: {"じゅっぷん", "10分"}, 11: {"じゅう いっぷん", "11分"}, 12: {"じゅう にふん", "12分"},
			20: {"にじゅっぷん", "20分"}, 21: {"にじゅう いっぷん", "21分"}, 33: {"さんじゅう さんぷん", "33分"}, 50: {"ごじゅっぷん", "50分"}, 59: {"ごじゅう きゅうふん", "59分"},
		},
		map[int][2]string{1: {"いち 時間", "1時間"}, 2: {"に 時間", "2時間"}},
	},
	"zh": {
		map[int][2]string{1: {"一 分钟", "1分钟"}, 2: {"两 分钟", "两分钟"}, 3: {"三 分钟", "3分钟"}, 12: {"十 二 分钟", "12分钟"}, 22: {"二 十 二 分钟", "22分钟"}},
		map[int][2]string{1: {"一 小时", "1小时"}, 2: {"两 小时", "两小时"}},
	},
	"vi": {
		map[int][2]string{1: {"một phút", "1 phút"}, 15: {"mười lăm phút", "15 phút"}, 21: {"hai mươi mốt phút", "21 phút"}, 24: {"hai mươi tư phút", "24 phút"}},
		map[int][2]string{1: {"một giờ", "1 giờ"}, 2: {"hai giờ", "2 giờ"}},
	},
}

func TestCount_NumberAndNounAgree(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		v := voices[lang]
		check := func(of noun, numbers map[int][2]string) {
			if len(numbers) == 0 {
				t.Errorf("%s: nothing to check for %s", lang, of.id)
			}
			for n, want := range numbers {
				u := utterance{voice: v}
				u.count(n, of)
				if got := [2]string{said(u.prompts), u.text.String()}; got != want {
					t.Errorf("%s %d %s: got %q, want %q", lang, n, of.id, got, want)
				}
			}
		}
		check(v.minute, counted[lang].minutes)
		check(v.hour, counted[lang].hours)
	}
}

func TestCount_EveryPluralOfCLDRHasItsNoun(t *testing.T) {
	t.Parallel()
	for _, v := range voices {
		for _, of := range []noun{v.minute, v.hour} {
			for n := range 1000 {
				if form := v.form(of, n); of.plural[form] == "" {
					t.Fatalf("%s: no form %q of %s for %d", v.name, pluralNames[form], of.id, n)
				}
			}
		}
	}
	for n, want := range map[int]string{1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 21: "one", 22: "few", 111: "many"} {
		if got := pluralNames[russian.form(russian.minute, n)]; got != want {
			t.Errorf("ru %d: got %s, want %s", n, got, want)
		}
	}
}

// said joins what prompts say.
func said(prompts []Prompt) string {
	words := make([]string, len(prompts))
	for i, p := range prompts {
		words[i] = p.Words
	}
	return strings.Join(words, " ")
}

func ExampleText_wait() {
	for _, mean := range []time.Duration{40 * time.Second, 123 * time.Second, 80 * time.Minute, 5 * time.Hour} {
		fmt.Println(Text("en", Announcement{What: Estimate, Position: 3, HasEstimate: true, Mean: mean}))
	}
	// Output:
	// You are number 3 in line. You will probably wait less than a minute.
	// You are number 3 in line. You will probably wait about 2 minutes.
	// You are number 3 in line. You will probably wait about 1 hour and 20 minutes.
	// You are number 3 in line. You will probably wait more than two hours.
}
