package model

import "time"

// The words of refusals.
const (
	notFound   = "not found"
	exists     = "already exists"
	offerEnded = "offer ended"
	notWaiting = "not waiting"
	busy       = "agent busy"
	invalid    = "must be"

	// unclear: the rules do not say; the line is left out.
	unclear = "unclear"
)

// Apply carries out a line of a script that is an input, or moves time. If it is
// to be refused, it returns a word of the error and has changed nothing.
func (m *Model) Apply(line string) (refused string) {
	w := split(line)
	verb := w.arg(0)
	switch verb {
	case "wait":
		m.Advance(m.now + duration(w.arg(1)))
		return ""
	case "at":
		m.Advance(duration(w.arg(1)))
		return ""
	case "drop", "reset":
		verb += " " + w.arg(1)
		w.args = w.args[1:]
	}
	input := inputs()[verb]
	if input == nil {
		return "unknown verb"
	}
	m.step++
	switch verb {
	case "call", "hangup", "caller", "key", "number", "played", "priority", "confirm":
		m.agentsAct = false
	default:
		m.agentsAct = true
	}
	if refused = input(m, w); refused == "" {
		m.settle()
	}
	return refused
}

// inputs are the inputs that the model knows.
func inputs() map[string]func(*Model, words) string {
	return map[string]func(*Model, words) string{
		"queue": (*Model).doQueue, "drop queue": toQueue((*Model).doDropQueue), "agents": toQueue((*Model).doAgents),

		"agent": (*Model).doAgent, "drop agent": toAgent((*Model).doDropAgent), "member": (*Model).doMember,
		"status": toAgent((*Model).doStatus), "register": toAgent((*Model).doRegister), "unregister": toAgent((*Model).doRegister),
		"othercall": toAgent((*Model).doOtherCall), "release": toAgent((*Model).doRelease),

		"call": (*Model).doCall, "hangup": toCaller((*Model).doHangUp), "caller": toCaller((*Model).doCaller),
		"key": toCaller((*Model).doKey), "number": (*Model).doNumber, "played": toCaller((*Model).doPlayed),
		"customer": (*Model).doCustomer, "holdcallbacks": toQueue((*Model).doHoldCallbacks),

		"answer": (*Model).doPhone, "reject": (*Model).doPhone, "busy": (*Model).doPhone, "unreachable": (*Model).doPhone,
		"ringing": (*Model).doPhone, "connected": (*Model).doMedia, "connectfailed": (*Model).doMedia,

		"pickup": toCall((*Model).doPickup), "transfer": toCall((*Model).doTransfer), "handover": toCall((*Model).doHandOver),
		"end": toCall((*Model).doEnd), "withdraw": toCall((*Model).doWithdraw), "priority": toCall((*Model).doPriority),

		"vip": (*Model).doVIP, "exclusive": (*Model).doExclusive, "block": (*Model).doBlock, "night": (*Model).doNight,

		"restart": (*Model).doRestart, "resync": (*Model).doResync, "confirm": (*Model).doConfirm,
	}
}

// toQueue is an input to the queue that its first word names.
func toQueue(do func(*Model, *queue, words) string) func(*Model, words) string {
	return toOne((*Model).queue, do)
}

// toAgent is an input to the agent that its first word names.
func toAgent(do func(*Model, *agent, words) string) func(*Model, words) string {
	return toOne((*Model).agent, do)
}

// toCall is an input to the call that its first word names.
func toCall(do func(*Model, *entry, words) string) func(*Model, words) string {
	return toOne((*Model).entry, do)
}

// toCaller is one that comes from the caller himself: a callback has none.
func toCaller(do func(*Model, *entry, words) string) func(*Model, words) string {
	return toOne((*Model).live, do)
}

func toOne[T any](find func(*Model, string) *T, do func(*Model, *T, words) string) func(*Model, words) string {
	return func(m *Model, w words) string {
		x := find(m, w.arg(1))
		if x == nil {
			return notFound
		}
		return do(m, x, w)
	}
}

func atoi(text string) int { return int(duration(text) / time.Second) }
