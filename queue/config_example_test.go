package queue_test

import (
	"fmt"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// A configuration starts from the defaults; what is wrong with it is said all
// at once.
func ExampleConfig_Validate() {
	c := queue.Defaults()
	c.Name, c.Number = "Support", "8000"
	c.PollingStrategy = "CYCLIC_HUNT"
	c.RingTime = 0
	c.NoAnswerForwardRule = queue.ForwardRule{Action: queue.ForwardToVoicemail}
	fmt.Println(c.Validate())

	c.RingTime = 15 * time.Second
	c.NoAnswerForwardRule.Number = "101"
	fmt.Println(c.Validate())
	// Output:
	// ring_time 0: must be 1..65535 s
	// no_answer_forward_rule FORWARD_TO_VOICEMAIL: must be HANGUP, or FORWARD_TO_NUMBER or FORWARD_TO_VOICEMAIL with a number of 1..64 characters that is not the queue's own
	// <nil>
}

// Properties come as scripts write them too; what is allowed but can hardly be
// meant is a warning.
func ExampleConfig_Set() {
	c := queue.Defaults()
	for _, property := range [][2]string{
		{"name", "Support"},
		{"extension_number", "8000"},
		{"max_waiting_time", "1m30s"},
		{"ring_time", "90"},
		{"enable_sticky_routing", "false"},
	} {
		if err := c.Set(property[0], property[1]); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(c.Validate(), c.Warnings())
	// Output:
	// <nil> [ring_time is not below max_waiting_time: no offer can ring to its end]
}
