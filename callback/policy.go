package callback

import (
	"time"

	"github.com/acdkit/acdkit/queue"
)

// Policy is what a queue allows and does about callbacks: a part of its
// configuration, as it is when it is asked.
type Policy struct {
	Enabled     bool          // enable_callback
	OnTimeout   bool          // callback_mode=TIMEOUT: offered at Timeout, not before (B80)
	Timeout     time.Duration // callback_timeout
	Delay       time.Duration // callback_delay: until it can be matched (B82)
	Expires     time.Duration // callback_expires, 0: never (B85)
	RingTime    time.Duration // callback_ring_time: how long the customer is dialled (B83)
	MaxAttempts int           // callback_max_attempts, 1..10 (B84)
	Retry       time.Duration // callback_retry_interval (B84)
	Prefix      string        // callback_outbound_prefix
}

// PolicyOf returns the policy of a queue's configuration.
func PolicyOf(c *queue.Config) Policy {
	return Policy{
		Enabled:     c.EnableCallback,
		OnTimeout:   c.CallbackMode == queue.CallbackOnTimeout,
		Timeout:     c.CallbackTimeout,
		Delay:       c.CallbackDelay,
		Expires:     c.CallbackExpires,
		RingTime:    c.CallbackRingTime,
		MaxAttempts: c.CallbackMaxAttempts,
		Retry:       c.CallbackRetryInterval,
		Prefix:      c.CallbackOutboundPrefix,
	}
}

// Key reports whether the callback key, 3, counts for a caller who has waited
// that long: at any time, or with OnTimeout only once it has been offered (B80).
func (p Policy) Key(waited time.Duration) bool {
	return p.Enabled && (!p.OnTimeout || waited >= p.Timeout)
}
