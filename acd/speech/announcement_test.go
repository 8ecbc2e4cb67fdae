package speech

import (
	"errors"
	"testing"
)

func TestWhat_TextThereAndBack(t *testing.T) {
	t.Parallel()
	for what := range whats {
		text, err := what.MarshalText()
		if err != nil || string(text) != what.String() {
			t.Errorf("%v: text %q, error %v", what, text, err)
		}
		var back What
		if err := back.UnmarshalText(text); err != nil || back != what {
			t.Errorf("%v comes back as %v, error %v", what, back, err)
		}
	}
	if _, err := whats.MarshalText(); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown kind has a text: %v", err)
	}
	what := Warning
	if err := what.UnmarshalText([]byte("moh")); !errors.Is(err, ErrInvalid) || what != Warning {
		t.Errorf("got %v, error %v", what, err)
	}
	if got := What(200).String(); got != "What(200)" {
		t.Errorf("got %s", got)
	}
}
