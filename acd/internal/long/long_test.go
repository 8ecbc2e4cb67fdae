package long

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// fake notes how a test fails.
type fake struct{ said string }

func (*fake) Helper() {}

func (f *fake) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestTime(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		said string
	}{
		{text: ""},
		{text: "10m", want: 10 * time.Minute},
		{text: "1", said: `ACDKIT_LONG "1": must be a duration of more than 0, like 10m`},
		{text: "-1s", said: `ACDKIT_LONG "-1s": must be a duration of more than 0, like 10m`},
	} {
		t.Setenv("ACDKIT_LONG", c.text)
		f := &fake{}
		var got time.Duration
		done := make(chan struct{})
		go func() {
			defer close(done)
			got = Time(f)
		}()
		<-done
		if got != c.want || f.said != c.said {
			t.Errorf("ACDKIT_LONG=%s: %v, %q", c.text, got, f.said)
		}
	}
}
