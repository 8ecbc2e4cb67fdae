package callback

import (
	"errors"
	"strings"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

func TestB81_Dialogue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entered, own string
		choice       Choice
		number       string
	}{
		{"*", "030111", GoOnWaiting, ""},
		{"*", "", GoOnWaiting, ""},
		{"#", "030111", CallBack, "030111"},
		{"#", "+4930111", CallBack, "+4930111"},
		{"030222#", "030111", CallBack, "030222"},
		{"030222#", "", CallBack, "030222"},
		{"+4930#", "anonymous", CallBack, "+4930"},
		{"110#", "030111", CallBack, "110"},
		{strings.Repeat("1", 20) + "#", "", CallBack, strings.Repeat("1", 20)},
	} {
		choice, number, err := Dialogue(c.entered, c.own)
		if err != nil || choice != c.choice || number != c.number {
			t.Errorf("%q of %q: %v %q, %v", c.entered, c.own, choice, number, err)
		}
	}
	for entered, own := range map[string]string{
		"": "030111", "12": "030111", "030222": "030111", "12#": "", "**": "", "1*23#": "", "##": "030111", "030#222#": "",
		"+#": "", "++123#": "", "123+#": "", "abc#": "", "١٢٣#": "", strings.Repeat("1", 21) + "#": "",
		"#": "anonymous", "# ": "030111", "030 222#": "", "030222#\r\n": "", strings.Repeat("x", 10000): "",
	} {
		choice, number, err := Dialogue(entered, own)
		if !errors.Is(err, agent.ErrInvalid) || !strings.Contains(err.Error(), "number") && !strings.Contains(err.Error(), "entered") {
			t.Errorf("%.30q of %q: %v %q, %v", entered, own, choice, number, err)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.30q: an error of %d bytes", entered, len(err.Error()))
		}
	}
	for _, own := range []string{"", "12", "Restricted", "PRIVATE", "unknown", "unavailable"} {
		if _, _, err := Dialogue("#", own); !errors.Is(err, agent.ErrInvalid) {
			t.Errorf("# alone of %q: %v", own, err)
		}
	}
}
