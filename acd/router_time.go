package acd

import "time"

// tooLate is how long after a deadline a Router takes itself for a process that
// had been stopped (B104).
const tooLate = 2 * time.Second

// alarm is the one timer of a Router.
type alarm struct {
	at      time.Time   // when it fires; zero: it is not set
	stop    func() bool // ends it; nil: there is none
	setting bool        // a goroutine is setting it, outside the lock
}

// Now returns the Router's time: what its clock said at [Open], and the time that
// has passed since. A wall clock that is put forward or back meanwhile does not
// change it (B101).
func (r *Router) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, _ := r.now()
	return now
}

// now returns the Router's time, and what the clock says in the same terms; it is
// earlier if the clock went back, which is standing still (B101). The lock must
// be held.
func (r *Router) now() (now, said time.Time) {
	// Sub and Add use the monotonic reading if the clock gives one; Round takes
	// it away, so that inside only wall times are compared.
	elapsed := r.clock.Now().Sub(r.start)
	r.elapsed = max(r.elapsed, elapsed)
	start := r.start.Round(0)
	return start.Add(r.elapsed), start.Add(elapsed)
}

// resync says to the engine that the Router stood still, if it did: a deadline
// was due long ago and nobody came to look (B104). It returns how late it is.
// The lock must be held.
func (r *Router) resync(now time.Time) time.Duration {
	at, ok := r.engine.NextDeadline()
	if !ok {
		return 0
	}
	late := now.Sub(at)
	if late <= tooLate || r.engine.Step(now, Resync{}) != nil {
		return 0
	}
	return late
}

// wantsAlarm reports whether the alarm must be set, and for when. The lock must
// be held.
//
// An alarm that comes before the next deadline is left as it is: it finds
// nothing to do and sets the next one, which is cheaper than moving it at every
// input.
func (r *Router) wantsAlarm() (at time.Time, ok bool) {
	if r.end != nil || r.alarm.setting {
		return at, false
	}
	at, ok = r.engine.NextDeadline()
	return at, ok && (r.alarm.at.IsZero() || at.Before(r.alarm.at))
}

// setAlarm sets the alarm if need be. The clock is called without the lock; what
// changes meanwhile is seen in the next turn.
func (r *Router) setAlarm() {
	for {
		in, old, ok := r.claimAlarm()
		if !ok {
			return
		}
		if old != nil {
			old()
		}
		if stop := r.keepAlarm(r.clock.AfterFunc(in, r.wake)); stop != nil {
			stop()
		}
	}
}

// claimAlarm makes the caller the one who sets the alarm, and says in how long it
// is to fire and how to stop the old one.
func (r *Router) claimAlarm() (in time.Duration, old func() bool, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.wantsAlarm()
	if !ok {
		return 0, nil, false
	}
	old = r.alarm.stop
	r.alarm = alarm{at: at, setting: true}
	_, said := r.now()
	return max(0, at.Sub(said)), old, true
}

// keepAlarm keeps how to stop the alarm; if the Router was closed meanwhile, it
// returns it.
func (r *Router) keepAlarm(stop func() bool) func() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alarm.setting = false
	if r.end != nil {
		return stop
	}
	r.alarm.stop = stop
	return nil
}

// wake is what the alarm calls; too early or twice is harmless.
func (r *Router) wake() {
	_, _ = r.step(nil, false) // the error says that the Router is closed
}
