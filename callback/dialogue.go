package callback

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// DialogueTime is how long a dialogue waits for the caller (B81).
const DialogueTime = 60 * time.Second

// ErrDuplicate refuses a second callback to one number in one queue (B82).
var ErrDuplicate = errors.New("duplicate callback")

// Choice is what a caller chose in the dialogue.
type Choice uint8

// The choices.
const (
	GoOnWaiting Choice = iota // *
	CallBack                  // a number and #, or # alone for his own
)

// Dialogue understands what a caller entered when he was asked for his number:
// digits and # for that number, # alone for own, * to go on waiting (B81). The
// error wraps [agent.ErrInvalid] and says what a number must be; the dialogue
// then stays open.
func Dialogue(entered, own string) (Choice, string, error) {
	switch {
	case entered == "*":
		return GoOnWaiting, "", nil
	case entered == "#" && !queue.Identifies(own):
		return 0, "", fmt.Errorf("callback: %w: number: the caller has none of his own", agent.ErrInvalid)
	case entered == "#":
		return CallBack, own, CheckNumber(own)
	}
	number, ok := strings.CutSuffix(entered, "#")
	if !ok {
		return 0, "", fmt.Errorf("callback: %w: entered %.40q: must end with #, or be *", agent.ErrInvalid, entered)
	}
	return CallBack, number, CheckNumber(number)
}

// CheckNumber checks a number to be dialled: 3..20 digits with an optional
// leading + (B82). Whether its caller may make anybody dial it is the host's to
// say.
func CheckNumber(number string) error {
	digits := strings.TrimPrefix(number, "+")
	ok := len(digits) >= 3 && len(digits) <= 20
	for i := range len(digits) {
		ok = ok && digits[i] >= '0' && digits[i] <= '9'
	}
	if !ok {
		return fmt.Errorf("callback: %w: number %.40q: must be 3..20 digits with an optional leading +", agent.ErrInvalid, number)
	}
	return nil
}
