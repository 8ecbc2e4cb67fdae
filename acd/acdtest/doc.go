// Package acdtest is a test kit for programs that use acdkit: scenario scripts
// that say what happens and what must come of it, a clock that is moved by hand,
// random traffic that looks for broken laws, made-up phones whose reports come
// late, twice or never ([Host]), a look at a host's own strategies
// ([TestStrategy]) and a conformance suite for stores ([TestStorage]). Beside the
// library it needs only the standard one, and it does not import testing, so that
// programs can link it too. Scripts, traffic and engines run in virtual time; a
// clock is read only for a Router without one, and to see what a strategy costs.
//
// # Scenario scripts
//
// A script is read line by line. Words are separated by blanks; a value with
// blanks or quotes is quoted as in Go (reason="long call"). A line whose first
// character is # is a comment. Durations are those of Go, or a number of seconds.
// Time begins at 0, which is [Start].
//
//	queue support polling_strategy=CYCLIC_HUNT ring_time=15
//	agent 1001 queues=support
//	agent 1002 queues=support
//	call c1 queue=support from=+493012345
//	expect ring call=c1 agent=1001
//	wait 15
//	expect offer_end call=c1 end=NO_ANSWER
//	expect ring call=c1 agent=1002
//	answer c1 1002
//	expect connect call=c1 agent=1002 wait=15
//
// These lines set things up, say what happens on the phones, or give commands:
//
//	queue NAME key=value…              makes a queue or changes it; keys are those of queue.Config.Set
//	agent EXT [queues=NAME[:LEVEL],…] [status=S] [registered=B]
//	agents QUEUE EXT[:LEVEL]…          replaces the queue's list
//	member EXT QUEUE [level=N] [wrap_up_time=S]
//	drop queue NAME, drop agent EXT, reset queue NAME
//	status EXT STATUS [queue=NAME] [reason=TEXT]
//	register EXT, unregister EXT, release EXT
//	othercall EXT ring|start|end [id=ID] [number=N]
//	call ID queue=NAME [from=N] [name=T] [priority=N] [credit=D] [position=N]
//	answer ID EXT, reject ID EXT, busy ID EXT, unreachable ID EXT, ringing ID EXT
//	connected ID EXT, connectfailed ID EXT
//	hangup ID, end ID, hold ID on|off
//	caller ID from=N [name=T] [credit=D]
//	pickup ID EXT, transfer ID queue=NAME, handover ID EXT
//	priority ID N, withdraw ID [TEXT], confirm ID
//	key ID K, played ID WHAT           a key that the caller pressed; a prompt that ended
//	number ID TEXT                     what he enters in the callback dialogue: digits, # or *
//	customer ID answer|busy|noanswer   who is called back
//	holdcallbacks QUEUE on|off         outside business hours nobody is
//	vip NUMBER, exclusive NUMBER QUEUE EXT…, block NUMBER FIRST|SECOND, each [expires=D]
//	night on|off
//	resync
//	restart [confirm=all|none]         a crash, and a start from what was committed
//
// ID EXT means the latest offer of that call to that agent. A line that is
// refused fails the script, unless that was asked for. Time passes by
//
//	wait DUR                           for so long
//	at DUR                             until so long after the beginning
//
// and these look at what came of it, which is the trace, see [TraceLine]:
//
//	expect KIND key=value…             there is such a line after the one that the last expect matched
//	never KIND key=value…              there is none since the last input or move of time
//	fails WORD INPUT…                  INPUT is refused with an error that contains WORD, and changes nothing
//	show line QUEUE, show agent EXT, show queue QUEUE, show call ID
//
// Kinds of line, and their fields:
//
//	joined     call queue position
//	ring       call agent queue round level why
//	offer_end  call agent end
//	connecting call agent
//	connect    call agent wait why
//	leave      call queue outcome to reason
//	talk_end   call agent by talk
//	status     agent queue status reason
//	play       call what position estimate
//	stop_play  call what
//	dial       call agent number attempt; so does stop_dial
//	callback   call state
//	sla, unstaffed, confirm: call queue, as they apply
//	line       queue 1 2 …
//	agent      agent QUEUE=STATUS… rung
//	queue      queue joined waiting talking, then a number for each outcome, ended, callbacks_…
//	call       call queue state position
//	refused    error
//
// Named fields must be equal, others do not matter; key="" asks that the line
// does not have the field. A membership that is new, or whose reason has changed,
// counts as one whose status has.
//
// # Stores
//
// [TestStorage] checks that a store of your own keeps the contract of [acd.Storage],
// and a [FaultyStorage] fails on purpose, for tests of what a host does then.
//
// # Running scripts
//
// [Run] makes every script of a directory a test; [RunScript] runs one anywhere.
// [InputOf] is what a line means to a Router, and [Show] everything that the show
// lines say of an engine.
package acdtest
