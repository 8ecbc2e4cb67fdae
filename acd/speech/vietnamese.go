package speech

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

var vietnamese = voice{
	tag: language.Vietnamese, name: "vi", space: " ",
	phrases: phrases{
		position: "Quý khách đang ở vị trí số {} trong hàng chờ.",
		many:     "Hiện có rất nhiều cuộc gọi đang chờ trước quý khách.",
		unknown:  "Quý khách đang ở trong hàng chờ.",
		wait:     "Thời gian chờ dự kiến là khoảng {}.",
		less:     "Thời gian chờ dự kiến là dưới một phút.",
		more:     "Thời gian chờ dự kiến là hơn hai giờ.",
		periodic: "Tất cả các tổng đài viên đang bận. Xin quý khách vui lòng giữ máy, chúng tôi sẽ trả lời trong thời gian sớm nhất.",
		offer:    "Nếu quý khách muốn chúng tôi gọi lại, vui lòng nhấn phím 3. Vị trí của quý khách trong hàng chờ sẽ được giữ nguyên.",
		dialogue: "Vui lòng nhập số điện thoại mà chúng tôi cần gọi, sau đó nhấn phím thăng. " +
			"Nếu muốn chúng tôi gọi lại số mà quý khách đang dùng để gọi, vui lòng chỉ nhấn phím thăng. " +
			"Để tiếp tục chờ, vui lòng nhấn phím sao.",
		warning: "Các cuộc gọi từ số của quý khách đến đường dây này đang bị hạn chế. Để kết thúc cuộc gọi, vui lòng nhấn phím 1. Để tiếp tục, vui lòng nhấn phím 2.",
		final:   "Các cuộc gọi từ số của quý khách đến đường dây này đã bị chặn. Cuộc gọi này sẽ kết thúc. Xin chào quý khách.",
	},
	minute: noun{id: "minutes", plural: map[plural.Form]string{plural.Other: "phút"}},
	hour:   noun{id: "hours", plural: map[plural.Form]string{plural.Other: "giờ"}},
	number: vietnameseNumber,
}

var vietnameseDigits = [10]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// vietnameseNumber: 1121 is một nghìn một trăm hai mươi mốt. After a ten, one, four
// and five change; after a gap of tens comes linh, after one of hundreds không trăm.
func vietnameseNumber(n int, _ Form) (w numeral) {
	digit := func(d int) { w = w.say(" ", d, vietnameseDigits[d]) }
	thousands, hundreds, tens, unit := n/1000, n/100%10, n/10%10, n%10
	if thousands > 0 {
		digit(thousands)
		w = w.say(" ", 1000, "nghìn")
	}
	if hundreds > 0 || thousands > 0 && n%100 > 0 {
		digit(hundreds)
		w = w.say(" ", 100, "trăm")
	}
	switch {
	case tens == 1:
		w = w.say(" ", 10, "mười")
	case tens > 1:
		digit(tens)
		w = w.sayForm(" ", 10, "other", "mươi")
	case unit > 0 && n > 99:
		w = w.sayPart(" ", "linh", "linh")
	}
	switch {
	case unit == 0 && n > 0:
	case unit == 1 && tens > 1:
		w = w.sayForm(" ", 1, "ten", "mốt")
	case unit == 4 && tens > 1:
		w = w.sayForm(" ", 4, "ten", "tư")
	case unit == 5 && tens > 0:
		w = w.sayForm(" ", 5, "ten", "lăm")
	default:
		digit(unit)
	}
	return w
}
