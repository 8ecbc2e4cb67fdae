package speech

import (
	"slices"
	"testing"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang, used string
		ok         bool
	}{
		{"en", "en", true},
		{"en-US", "en", true},
		{"EN-gb", "en", true},
		{"de-AT", "de", true},
		{"de-CH-1996-x-private", "de", true},
		{"pt-BR", "pt", true},
		{"pt_PT", "pt", true},
		{"es-419", "es", true},
		{"zh-Hant-TW", "zh", true},
		{"cmn-TW", "zh", true},
		{"ja-JP-u-ca-japanese", "ja", true},
		{"vi-VN", "vi", true},
		{"de-QQ-nonsense", "de", true},
		{"uk", "en", false},  // not Russian
		{"yue", "en", false}, // not Mandarin
		{"gsw", "en", false}, // not German
		{"und-DE", "en", false},
		{"und", "en", false},
		{"x-klingon", "en", false},
		{"", "en", false},
		{"German", "en", false},
		{"\xff", "en", false},
	} {
		if used, ok := Match(c.lang); used != c.used || ok != c.ok {
			t.Errorf("%q: got %s %v, want %s %v", c.lang, used, ok, c.used, c.ok)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	want := []string{"de", "en", "es", "fr", "it", "ja", "nl", "pt", "ru", "vi", "zh"}
	if got := Languages(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, v := range voices {
		if v.name != name || v.tag.String() != name {
			t.Errorf("%s: is named %s, tag %v", name, v.name, v.tag)
		}
	}
}
