package agent

import "time"

// ID identifies an agent: his extension. 1 to 128 bytes (B111).
type ID string

// QueueID identifies a queue; queue.ID is the same type. It stands here because
// a membership names its queue, and imports point one way.
type QueueID string

// Instant is a point in time in nanoseconds since the Unix epoch. Inside the
// library times are instants, so that what is sorted never mixes clocks; at its
// door they are [time.Time]. The zero Instant means never.
type Instant int64

// At returns t as an Instant; the zero Time is never.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixNano())
}

// Time returns i as a Time in UTC; never is the zero Time.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(i)).UTC()
}

// Add returns i moved by d.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d) }

// Sub returns the time from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i - j) }

// earlier returns the earlier of two instants of which either may be never.
func earlier(a, b Instant) Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
