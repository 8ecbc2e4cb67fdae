// Package queue is one queue by itself: its [Config], the agents who serve it,
// the [Line] of those who wait, the hunt for an agent for each of them, and the
// numbers.
//
// A [Queue] knows its members and its entries and nothing of other queues; an
// agent, who has one line for all his queues, is shared between them (package
// agent). Between entries and members there are three doors: [Queue.Next] says
// whom to ring for an entry, [Queue.Takes] which entry an agent takes, and
// [Queue.Eligible] is what both obey. They cost O(log n + tried), never a scan
// over all agents or all who wait.
//
// # What an estimate is worth
//
// On simulated traffic with callers who give up (exponential gaps, talks and
// patience, fixed seeds; of about 6,000 calls those who found everybody busy and were
// answered), the mean squared error of the estimate at the join ([Queue.Estimate],
// B64) beside that of position × mean handling time / agents, the true handling
// time given, and of the wait of the last one who had waited and was answered:
//
//	agents  calls/h  talk   patience  estimate  position  last answered
//	     3       90  150 s  240 s     3,861 s²  8,275 s²       8,231 s²
//	    10      190  180 s  600 s     1,226 s²  1,400 s²       2,901 s²
//	    10      240  180 s  300 s     1,137 s²  1,587 s²       2,509 s²
//	    40      960  180 s  180 s       149 s²    210 s²         311 s²
//
// They are printed by
//
//	go test ./acd/sim -run TestB64_BeatsTheUsualGuesses -v
//
// On real traffic, a month of a bank's telephone centre (33,066 calls, 24 agents
// who come and go, breaks, preferred callers who join ahead of others) played
// through four strategies, for the callers who found nobody free and were answered:
// root mean squared error and, in brackets, mean error. Four of five should wait no
// longer than the announced 80 % quantile.
//
//	strategy             callers  estimate       position       last answered  within 80 %
//	RING_SIMULTANEOUSLY   14,080  61.2 s (+13)   75.1 s (+24)   80.6 s (−23)        83.8 %
//	PRIORITIZED_HUNT      13,955  62.4 s (+13)   80.3 s (+25)   81.8 s (−23)        84.1 %
//	CYCLIC_HUNT           14,047  60.9 s (+13)   75.1 s (+24)   80.4 s (−22)        84.3 %
//	LEAST_WORKED_HUNT     13,900  61.4 s (+13)   75.3 s (+24)   81.2 s (−23)        84.2 %
//
// The estimate knows no more than the queue had seen by then; the guess by position
// is given the true mean handling time of the month. The mean wait of these callers
// is 76 s. They are printed, for a log of one's own, by
//
//	go run ./examples/replay -log FILE
//
// A queue that has learned nothing estimates by the priors: a call is handled in
// 180 s, a caller gives up after 900 s of waiting, each with the weight of 4
// calls. [Rates] forgets exponentially: what was handled with a memory of 200
// calls, who gave up with one of 1,000 callers who had to wait. Estimates are
// whole seconds. Who is answered has on average waited a little less than was
// estimated, for of two callers at one place the one with the longer wait is more
// likely to give up: [Score] shows it as a positive bias.
//
// The package is pure: it reads no clock, starts no goroutine, holds no lock,
// owns no timer and emits no events. Nothing in it is safe for concurrent use.
// It is not a router: package acd finds queues by id, lets time pass and tells
// the host what to do.
package queue
