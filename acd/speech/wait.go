package speech

import "time"

// longestWait is the longest wait that is said in numbers.
const longestWait = 2 * time.Hour

// wait is an estimate as it is said.
type wait struct {
	less, more     bool // than a minute, than longestWait
	hours, minutes int
}

// roundWait returns how an estimate is said: the mean to the nearest minute, from
// an hour on to the nearest five, halves up. "Less than a minute" binds whoever
// says it, so the quantile must be below it too.
func roundWait(mean, p80 time.Duration) wait {
	if max(mean, p80) < time.Minute {
		return wait{less: true}
	}
	said := max(mean.Round(time.Minute), time.Minute)
	if said >= time.Hour {
		said = mean.Round(5 * time.Minute)
	}
	if said > longestWait {
		return wait{more: true}
	}
	return wait{hours: int(said / time.Hour), minutes: int(said % time.Hour / time.Minute)}
}
