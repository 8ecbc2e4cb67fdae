package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var chinese = voice{
	tag: language.Chinese, name: "zh",
	phrases: phrases{
		position: "您目前排在第{}位。",
		many:     "在您前面排队的来电非常多。",
		unknown:  "您正在排队等候。",
		wait:     "预计等待时间约为{}。",
		less:     "预计等待时间不到一分钟。",
		more:     "预计等待时间超过两小时。",
		periodic: "所有客服人员正忙，请不要挂机，我们会尽快接听您的来电。",
		offer:    "如需我们给您回电，请按3。您的排队位置将会保留。",
		dialogue: "请输入您希望我们拨打的号码，按井号键结束。如需我们拨打您当前的来电号码，请直接按井号键。如需继续等待，请按星号键。",
		warning:  "您的号码拨打本线路受到限制。结束通话请按1，继续请按2。",
		final:    "您的号码已被禁止拨打本线路，通话即将结束。再见。",
	},
	minute: noun{id: "minutes", gender: Masculine, plural: map[plural.Form]string{plural.Other: "分钟"}},
	hour:   noun{id: "hours", gender: Masculine, plural: map[plural.Form]string{plural.Other: "小时"}},
	number: chineseNumber,
}

var chineseDigits = [10]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// chineseNumber: 1121 is 一 千 一 百 二 十 一. A gap is said once as 零; a ten that
// begins a number has no 一; two is 两 before 千 and before what is counted.
func chineseNumber(n int, form Form) (w numeral) {
	gap := false
	digit := func(d, of int, word string) {
		if d == 0 {
			gap = len(w) > 0
			return
		}
		if gap {
			w = w.say("", 0, chineseDigits[0])
			gap = false
		}
		switch {
		case d == 2 && (of == 1000 || n == 2 && form != Counting && form < forms):
			w = w.sayForm("", 2, "m", "两")
		case d == 1 && of == 10 && len(w) == 0:
		default:
			w = w.say("", d, chineseDigits[d])
		}
		if of > 1 {
			w = w.say("", of, word)
		}
	}
	digit(n/1000, 1000, "千")
	digit(n/100%10, 100, "百")
	digit(n/10%10, 10, "十")
	digit(n%10, 1, "")
	if n == 0 {
		w = w.say("", 0, chineseDigits[0])
	}
	return w
}
