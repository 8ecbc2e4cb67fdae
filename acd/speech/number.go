package speech

import (
	"fmt"
	"strconv"
	"strings"
)

// maxNumber is the largest number with words of its own.
const maxNumber = 9999

// Form is how a number stands: by itself, or before a noun whose gender it
// follows. A language without genders hears in the three that a noun is counted,
// if that makes a difference to it (zh 两 for 二), or nothing.
type Form uint8

// The forms.
const (
	Counting  Form = iota // by itself, as a label: de eins, es veintiuno, zh 二
	Masculine             // de ein, es veintiún, ru один
	Feminine              // de eine, es veintiuna, ru одна
	Neuter                // ru одно; elsewhere as Masculine
	forms
)

var formNames = [forms]string{"COUNTING", "MASCULINE", "FEMININE", "NEUTER"}

// String returns the form's name in capitals.
func (f Form) String() string {
	if f < forms {
		return formNames[f]
	}
	return fmt.Sprintf("Form(%d)", uint8(f))
}

// Number returns the words of n in the language that [Match] finds for lang:
// "twenty-one", "einundzwanzig", "vingt et une". Japanese is written in kana,
// which is how the number is read. A number above 9,999 is read digit by digit, as
// a telephone number is, in any form; one below 0 has no words: "". An unknown form
// is Counting.
func Number(lang string, n int, form Form) string {
	v, _ := find(lang)
	return v.numeral(n, form).String()
}

// A numeral is a number in words, cut into what is recorded.
type numeral []piece

// A piece is one recording of a numeral.
type piece struct {
	id    string // of the prompt, after the language
	words string // what is recorded
	glue  string // what is written between it and the piece before
	spelt string // how it is written after another piece, if not like words
}

// say adds the recording of n.
func (w numeral) say(glue string, n int, words string) numeral {
	return w.sayPart(glue, strconv.Itoa(n), words)
}

// sayForm adds the recording of n in one of its forms, of which mark is the name.
func (w numeral) sayForm(glue string, n int, mark, words string) numeral {
	return w.sayPart(glue, strconv.Itoa(n)+"."+mark, words)
}

// sayPart adds a recording that is no number by itself ("and"), or has another id.
func (w numeral) sayPart(glue, id, words string) numeral {
	return append(w, piece{id: "number/" + id, words: words, glue: glue})
}

// spelt sets how the last piece is written after another one.
func (w numeral) spelt(as string) numeral {
	w[len(w)-1].spelt = as
	return w
}

// String returns the number as it is written.
func (w numeral) String() string {
	var b strings.Builder
	for i, p := range w {
		words := p.words
		if i > 0 {
			b.WriteString(p.glue)
			if p.spelt != "" {
				words = p.spelt
			}
		}
		b.WriteString(words)
	}
	return b.String()
}

// numeral returns n in words, or in digits if it is too large for words.
func (v *voice) numeral(n int, form Form) numeral {
	switch {
	case n < 0:
		return nil
	case n <= maxNumber:
		return v.number(n, form)
	}
	var w numeral
	for _, digit := range strconv.Itoa(n) {
		d := int(digit - '0')
		part := v.number(d, Counting)
		part[0].glue = v.space
		w = append(w, part...)
	}
	return w
}

// written returns n as Text has it: in digits, unless an engine could misread them.
func (v *voice) written(n int, form Form) string {
	words := v.numeral(n, form).String()
	if n > 999 && !v.digits || words != v.numeral(n, Counting).String() {
		return words
	}
	return strconv.Itoa(n)
}
