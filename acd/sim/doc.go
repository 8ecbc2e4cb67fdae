// Package sim plays a contact centre in virtual time: callers who arrive, wait and
// lose patience, agents who come and go, and between them the queues of this
// library, through the public [acd.Engine].
//
//	config, err := sim.Parse("day.json", data)
//	result, err := sim.Run(ctx, *config, sim.Options{})
//	err = result.WriteText(os.Stdout)
//
// [Compare] plays the same calls through several strategies and says by how much
// they differ, day by day.
//
// # The configuration
//
//	{ "seed": 1, "replications": 100, "horizon": 36000, "warmup": 0, "drain": true,
//	  "busyness": {"dist": "gamma", "shape": 28.7, "mean": 1},
//	  "queues": [ {"name": "support", "properties": {"polling_strategy": "CYCLIC_HUNT", "sla_time": 20},
//	     "arrivals": {"per_hour": [252, 318, 192], "period": 7200},
//	     "service":  {"dist": "exponential", "mean": [120, 100, 150], "period": 7200},
//	     "patience": {"dist": "exponential", "mean": 300} } ],
//	  "agents": [ {"name": "A", "count": [12, 18, 9], "period": 7200,
//	     "queues": [{"queue": "support", "skill_level": 1}],
//	     "answer": {"dist": "constant", "mean": 0}, "no_answer": 0 } ] }
//
// Times are in seconds. per_hour, mean and count are a number or a list over
// periods, of which the last value holds on. Distributions: constant, exponential,
// gamma (shape), lognormal (sd), empirical (values, each as likely). properties are
// those of [queue.Config], from [queue.Defaults]: mind that a queue gives a caller up
// after max_waiting_time, 300 s. arrivals.callers lets calls come from so many
// numbers; without it every call has a number of its own, and nobody is known to
// anybody. Whatever is unknown or out of its range is an error with file and line
// ([Parse]).
//
// # What happens
//
// Arrivals are a Poisson process whose rate is constant within each period, times one
// draw of busyness in each replication. Service and patience are drawn at the
// arrival, with the period of the arrival.
//
// A phone rings for as long as answer says, unless the agent lets it ring out, as he
// does with the share no_answer of his offers. Of several phones that are answered
// in the same instant each is as likely to be the first. A caller whose patience ends
// hangs up, while a phone rings for him too.
//
// When the count of a group falls, those who are idle log out first, those in a
// wrap-up among them, then those who are being rung, whose offers are withdrawn; who
// is on a call finishes it with its wrap-up, takes no other, and logs out. Of those
// who are alike the last ones in the group go. When it rises those who are logged out
// come back, the first ones first, and if they are too few those who are about to go
// stay.
//
// Simulated people do what the library waits for: an agent without agent_auto_ready
// makes himself READY as soon as his call or missed ring is over; media is joined at
// once (connect MANUAL), phones are reported ringing at once (alert_time), calls are
// confirmed (talk_lease). They press no keys and report no end of a prompt: a FULL
// intro lasts for intro_limit. Who becomes NOT_READY by max_no_answer stays so until
// his group next logs him in.
//
// Arrivals end at the horizon. With drain the play goes on until nobody waits;
// otherwise it stops there. Calls that arrive before warmup are played and not
// counted; time averages run from warmup to horizon.
//
// # Random numbers
//
// Every queue has streams of its own for arrivals, service, patience and callers,
// in every replication, out of the one seed: they do not depend on the routing, so
// that strategies are compared on the same calls (common random numbers). Same seed
// and configuration, same result, but for wall time, on any number of processors.
//
// # Results
//
// [Numbers] says what each number is; in JSON they have the keys of its tags. Half
// widths are those of the 95 % confidence interval over the replications, by Student
// for means and by the delta method for ratios of means. The package's tests hold the
// whole against exact values of queueing theory.
package sim
