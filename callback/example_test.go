package callback_test

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/callback"
	"github.com/acdkit/acdkit/queue"
)

// A caller who was asked for his number enters # for his own; the second attempt
// to reach him succeeds.
func Example() {
	config := queue.Defaults()
	config.EnableCallback, config.CallbackMaxAttempts = true, 2
	policy := callback.PolicyOf(&config)

	now := agent.Instant(24 * time.Hour)
	_, number, _ := callback.Dialogue("#", "+493011111")
	r := callback.New(now, "c1", number, true, policy)
	fmt.Println(r.Number, r.State, "rung for in", r.Due.Sub(now))

	r.Ring()
	r.Dial(now.Add(10*time.Second), policy)
	r.Miss(now.Add(40*time.Second), policy)
	fmt.Println(r.Attempts, r.State, "due in", r.Due.Sub(now))

	r.Ring()
	r.Dial(now.Add(400*time.Second), policy)
	r.Answer()
	fmt.Println(r.Attempts, r.State)
	// Output:
	// +493011111 WAITING rung for in 5s
	// 1 WAITING due in 5m40s
	// 2 COMPLETED
}
