package speech

import (
	"strconv"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var japanese = voice{
	tag: language.Japanese, name: "ja", digits: true,
	phrases: phrases{
		position: "ただいま、お客様の順番は{}番目です。",
		many:     "ただいま、大変多くのお客様が順番をお待ちです。",
		unknown:  "ただいま、順番にお待ちいただいております。",
		wait:     "待ち時間はおよそ{}の見込みです。",
		less:     "待ち時間は1分未満の見込みです。",
		more:     "待ち時間は2時間を超える見込みです。",
		periodic: "ただいま、オペレーターはすべて対応中です。順番におつなぎいたしますので、このままお待ちください。",
		offer:    "折り返しのお電話をご希望の場合は、3を押してください。お待ちの順番はそのままです。",
		dialogue: "折り返し先の電話番号を入力し、シャープを押してください。" +
			"おかけになっている電話番号への折り返しをご希望の場合は、シャープだけを押してください。" +
			"このままお待ちになる場合は、米印を押してください。",
		warning: "お客様の電話番号からのご利用は制限されています。通話を終了する場合は1を、続ける場合は2を押してください。",
		final:   "お客様の電話番号からのご利用はお断りしております。通話を終了いたします。",
	},
	minute: noun{id: "minutes", plural: map[plural.Form]string{plural.Other: "分"}, melted: japaneseMinutes},
	hour:   noun{id: "hours", plural: map[plural.Form]string{plural.Other: "時間"}},
	number: japaneseNumber,
}

var japaneseDigits = [10]string{"ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"}

// japaneseMinuteDigits has the last digit with its counter: 分 is read ふん or ぷん,
// and the digit before it changes too.
var japaneseMinuteDigits = [10]string{
	"", "いっぷん", "にふん", "さんぷん", "よんぷん", "ごふん", "ろっぷん", "ななふん", "はっぷん", "きゅうふん",
}

// japaneseTens, japaneseHundreds and japaneseThousands are one recording each: some
// change at the joint.
var (
	japaneseTens = [10]string{
		"", "じゅう", "にじゅう", "さんじゅう", "よんじゅう", "ごじゅう", "ろくじゅう", "ななじゅう", "はちじゅう", "きゅうじゅう",
	}
	japaneseHundreds = [10]string{
		"", "ひゃく", "にひゃく", "さんびゃく", "よんひゃく", "ごひゃく", "ろっぴゃく", "ななひゃく", "はっぴゃく", "きゅうひゃく",
	}
	japaneseThousands = [10]string{
		"", "せん", "にせん", "さんぜん", "よんせん", "ごせん", "ろくせん", "ななせん", "はっせん", "きゅうせん",
	}
)

// japaneseNumber: 1121 is せん ひゃく にじゅう いち.
func japaneseNumber(n int, _ Form) (w numeral) {
	if t := n / 1000; t > 0 {
		w = w.say("", t*1000, japaneseThousands[t])
	}
	if h := n / 100 % 10; h > 0 {
		w = w.say("", h*100, japaneseHundreds[h])
	}
	if t := n / 10 % 10; t > 0 {
		w = w.say("", t*10, japaneseTens[t])
	}
	if unit := n % 10; unit > 0 || n == 0 {
		w = w.say("", unit, japaneseDigits[unit])
	}
	return w
}

// japaneseMinutes: 21分 is にじゅう いっぷん, 20分 is にじゅっぷん. It is said of 1 to
// 59 only.
func japaneseMinutes(n int) (written string, w numeral) {
	ten, unit := n/10, n%10
	if unit == 0 {
		words := "じゅっぷん"
		if ten > 1 {
			words = japaneseDigits[ten] + words
		}
		w = append(w, piece{id: "minutes/" + strconv.Itoa(n), words: words})
	} else {
		if ten > 0 {
			w = w.say("", ten*10, japaneseTens[ten])
		}
		w = append(w, piece{id: "minutes/" + strconv.Itoa(unit), words: japaneseMinuteDigits[unit]})
	}
	return strconv.Itoa(n) + "分", w
}
