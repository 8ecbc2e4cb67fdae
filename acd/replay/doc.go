// Package replay plays a real call log through the strategies of a queue, in
// virtual time, and sets the outcome beside what really happened.
//
//	log, err := replay.Read(file, replay.Guess)
//	comparison, err := replay.Compare(log, replay.Options{})
//	err = comparison.WriteText(os.Stdout)
//
// [Read] understands three formats: the file of a bank's telephone centre, the
// queue_log of Asterisk, and a csv of its own. [NewPlan] makes a [Log] playable,
// [Plan.Play] plays it through one strategy, a host's own included, [Compare]
// through several. All of it goes through the public [acd.Engine]; the same log,
// options and seed give the same result.
//
// # What the log knows
//
// Who joined when, with which priority; how long a caller who hung up had waited
// then; how long the talk of an answered one was; who answered. Each call keeps
// what is its own: a talk is as long as it was, whoever answers it in the play.
//
// # What is drawn
//
// The patience of those who were answered: from the Kaplan–Meier estimate of all
// waits, in which an answer is a censoring, given that it is longer than the
// caller waited. The talk of those who hung up: that of another call of the same
// kind. A caller who hung up without waiting does so in every play.
//
// # When agents are there
//
// A log of calls does not say it. From the first answer to the end of the last
// talk an agent is at work, but between two talks he may be idle or away, and
// taking him for idle makes the waits far too short. What the log does show: while
// somebody waits whom he would have answered, an agent without a talk is away.
//
//   - A talk that ends while somebody waits begins an observation: until he takes
//     a call, or, censored, until the line is empty. The Kaplan–Meier estimate of
//     these is how long agents are away after a talk ([Plan.Away]).
//   - A waiting call is such evidence for those agents only who take calls of its
//     kind: a kind's share of what he answers must be at least a quarter of its
//     share of what all answer.
//   - Every gap between two talks of an agent begins with an absence: at least until
//     the last moment in which the line shows it, at most until his next answer,
//     and the whole gap if that call had waited. Within these limits it is drawn
//     from the estimate ([Drawn]); the limits themselves are [Earliest] and
//     [Latest].
//   - An absence below [Assumptions.Break] goes with the call, as the wrap-up of
//     whoever answers it. A longer one is a break of the agent, at its time of day
//     and as long as it was, however late his last call lets it begin. One of
//     [Assumptions.Shift] or more lies between two shifts and ends at its time.
//
// A log that says when agents were there (ADDMEMBER, PAUSE) is believed; within
// those times the same estimate is made.
//
// The waits enter as evidence of who was away, not as a number to be met: nothing
// is fitted. A log whose line is never empty leaves nothing to be drawn; where
// nobody ever waits nothing is seen of absences, and agents are taken to be there
// from one call to the next, but for the time between shifts. Options.Sensitivity
// shows how much hangs on it.
//
// # The estimates
//
// [Estimates] are how good the waits were that could be announced: the engine's
// estimate (B64), as it comes with the order to play music when a caller joins,
// against what he then waited if he was answered. Who found an agent free has an
// estimate of 0 and says little of it; so the figures are those of who did not
// ([Estimates].Delayed), and of all beside them. The same calls are estimated in
// the two usual ways: by position × mean handling time / agents, where the
// handling time is the true one of the whole play, which the engine has to learn
// as it goes; and by the wait of the last one who was answered before. Of what
// really happened nothing was announced, and nothing is said.
//
// # Callers who know an agent
//
// Options.Sticky plays with sticky routing (B70). Options.Familiar plays every
// strategy without it, with it, and with a sticky_wait (B73), and shows what became
// of the repeat callers, and what that cost. In a month of a bank's telephone centre
// 818 of 7,812 repeat calls (10.5 %) met the agent whom they had talked with last. By
// CYCLIC_HUNT (seeds 1 to 5) 8.4–9.1 % of them meet him by chance, 9.1–10.1 % with
// sticky routing, and 11.4–12.4 % with a sticky_wait of 30 s; the mean wait of all the
// answered is 39.6, 39.7 and 40.6 s. It is so little because he was free at about 200
// of these calls only: then 216 of 216 callers met him with sticky routing, and 149
// of 222 without (seed 1). At 54 % of the calls he was on a break or not at work, at
// the others on a call or busy with the last one.
//
// # The queue
//
// One queue with no limit of length and the longest waiting time that a queue
// allows, 65535 s; callers wait also when nobody is at work. A phone rings as long
// as the log says that it did for this call, and not at all where it does not say
// so: the waits of such a log end with the answer. Of several phones that ring at
// once each is as likely to be first. The log knows no skill levels: all are 1.
package replay
