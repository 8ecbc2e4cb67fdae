package replay

import (
	"math"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/queue"
)

// Told is what was known of a caller's wait when he joined, in a play: the
// engine's estimate (B64), and what the usual guesses are made of.
type Told struct {
	// Known says that there was an estimate; there is none while nobody is
	// staffed.
	Known    bool
	Estimate queue.Estimate // zero: an agent was free for him
	Position int            // in the line, from 1; 0: nothing was told
	Staffed  int            // agents at work
	Last     time.Duration  // wait of the last one answered before; 0: nobody was
	// Whom is the agent whom he had talked with last in this play, Where what
	// that agent was doing when he joined.
	Whom  string
	Where Whereabouts
}

// Free says that an agent was free for him when he joined.
func (t Told) Free() bool { return t.Known && t.Estimate == queue.Estimate{} }

// Estimates are how good the estimates at the join were, for callers who were
// answered: what was estimated when they joined against what they waited. Errors
// are in seconds, positive where the estimate was too long.
type Estimates struct {
	// Delayed are those who found nobody free, All also those who did: for
	// them every way says 0, as they are answered at once.
	Delayed EstimateErrors `json:"delayed"`
	All     EstimateErrors `json:"all"`
	// Unknown counts the answered without an estimate: nobody was staffed when
	// they joined.
	Unknown int `json:"unknown"`
}

// EstimateErrors are those of some callers.
type EstimateErrors struct {
	Callers   int   `json:"callers"`
	Bias      Value `json:"bias"`       // mean error of the estimate
	RMSE      Value `json:"rmse"`       // root of its mean squared error
	WithinP80 Value `json:"within_p80"` // share who waited no longer than the 80 % quantile
	// The same callers' errors by the two usual guesses: position × mean
	// handling time / staffed agents, for which the true mean of the whole
	// play is taken; and the wait of the last one who was answered.
	ByPosition GuessErrors `json:"by_position"`
	ByLast     GuessErrors `json:"by_last_answered"`
}

// GuessErrors are the errors of a guess.
type GuessErrors struct {
	Bias Value `json:"bias"`
	RMSE Value `json:"rmse"`
}

// tell notes what a caller could be told at his join: the engine says it with the
// order to play music.
func (w *world) tell(i int, play *acd.Play) error {
	view, err := w.engine.Queue(playQueue)
	if err != nil {
		return err
	}
	told := &w.played[i].Told
	told.Position, told.Staffed, told.Last = play.Position, view.Staffed, w.last
	if play.Estimate != nil {
		told.Known, told.Estimate = true, *play.Estimate
	}
	return nil
}

// countEstimates sets the estimates beside the waits.
func (p *Plan) countEstimates(n *Numbers, played []Played) {
	var handle float64
	for i, c := range played {
		if c.Outcome == queue.Answered {
			handle += (p.calls[i].ring + c.Talk + min(p.calls[i].after, afterTalkOf)).Seconds()
		}
	}
	handle = report.Ratio(handle, float64(n.Answered))

	var delayed, all errorSums
	for _, c := range played {
		switch {
		case c.Outcome != queue.Answered || c.Told.Position == 0:
		case !c.Told.Known:
			n.Estimates.Unknown++
		case c.Told.Free():
			all.add(c, 0, 0)
		default:
			position := float64(c.Told.Position) * handle / float64(c.Told.Staffed)
			delayed.add(c, position, c.Told.Last.Seconds())
			all.add(c, position, c.Told.Last.Seconds())
		}
	}
	n.Estimates.Delayed, n.Estimates.All = delayed.errors(), all.errors()
}

// errorSums add up the errors of callers.
type errorSums struct {
	n, within                float64
	estimate, position, last errorSum
}

type errorSum struct{ error, squared float64 }

func (s *errorSum) add(guessed, waited float64) {
	s.error += guessed - waited
	s.squared += (guessed - waited) * (guessed - waited)
}

func (s *errorSum) errors(n float64) GuessErrors {
	return GuessErrors{Value(report.Ratio(s.error, n)), Value(math.Sqrt(report.Ratio(s.squared, n)))}
}

// add adds a caller who was answered, with the guesses by position and by the
// last one answered.
func (s *errorSums) add(c Played, position, last float64) {
	waited := c.Wait.Seconds()
	s.n++
	if c.Wait <= c.Told.Estimate.P80 {
		s.within++
	}
	s.estimate.add(c.Told.Estimate.Mean.Seconds(), waited)
	s.position.add(position, waited)
	s.last.add(last, waited)
}

func (s *errorSums) errors() EstimateErrors {
	own := s.estimate.errors(s.n)
	return EstimateErrors{
		Callers: int(s.n), Bias: own.Bias, RMSE: own.RMSE, WithinP80: Value(report.Ratio(s.within, s.n)),
		ByPosition: s.position.errors(s.n), ByLast: s.last.errors(s.n),
	}
}
