package acdtest

import (
	"fmt"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// verb is what a line can do: a row of the table below.
type verb struct {
	usage string
	// input makes the input that the line hands to the engine; it changes
	// nothing.
	input func(*runner, *line) (acd.Input, error)
	// do carries out a line that is no input.
	do func(*runner, *line) error

	// also makes the input that follows the one that was accepted.
	also func(*runner, acd.Input) acd.Input

	looks bool // it looks at what has happened: neither an input nor a move of time
	kinds bool // its first word is a KIND of the trace, its keys are fields of it
	wraps bool // it has another line in it

	// What usage says.
	name        string
	least, most int      // words without a key; most < 0: any number
	keys        []string // keys that may be given
	needed      []string // keys that must be given
	open        bool     // any key may be given
}

// table makes a verb of every row. Usages are read: leading lower-case words are
// the name, [] may be left out, … may be repeated, key=VALUE is a key.
func table(rows ...verb) []verb {
	for i := range rows {
		rows[i].read()
	}
	return rows
}

func (v *verb) read() {
	words := strings.Fields(v.usage)
	for len(words) > 0 && strings.Trim(words[0], "abcdefghijklmnopqrstuvwxyz") == "" {
		v.name = strings.TrimLeft(v.name+" "+words[0], " ")
		words = words[1:]
	}
	for _, w := range words {
		inner := strings.Trim(w, "[]…")
		optional, repeated := strings.HasPrefix(w, "["), strings.HasSuffix(w, "…")
		key, _, keyed := strings.Cut(inner, "=")
		switch {
		case key == "key":
			v.open = true
		case keyed:
			v.keys = append(v.keys, key)
			if !optional {
				v.needed = append(v.needed, key)
			}
		default:
			if !optional {
				v.least++
			}
			if repeated {
				v.most = -1
			}
			if v.most >= 0 {
				v.most++
			}
		}
	}
}

// verbs is the one table of verbs.
var verbs = table(
	verb{usage: "queue NAME key=value…", input: (*runner).queue},
	verb{usage: "agent EXT [queues=NAME[:LEVEL],…] [status=STATUS] [registered=BOOL]", input: (*runner).agent},
	verb{usage: "agents QUEUE [EXT[:LEVEL]]…", input: (*runner).agents},
	verb{usage: "member EXT QUEUE [level=N] [wrap_up_time=SECONDS]", input: (*runner).member},
	verb{usage: "drop queue NAME", input: (*runner).dropQueue},
	verb{usage: "drop agent EXT", input: (*runner).dropAgent},
	verb{usage: "reset queue NAME", input: (*runner).resetQueue},

	verb{usage: "status EXT STATUS [queue=NAME] [reason=TEXT]", input: (*runner).status},
	verb{usage: "register EXT", input: (*runner).register},
	verb{usage: "unregister EXT", input: (*runner).unregister},
	verb{usage: "othercall EXT ring|start|end [id=ID] [number=N]", input: (*runner).otherCall},
	verb{usage: "release EXT", input: (*runner).release},

	verb{usage: "answer ID EXT", input: (*runner).answer},
	verb{usage: "reject ID EXT", input: refuse(agent.Rejected)},
	verb{usage: "busy ID EXT", input: refuse(agent.Busy)},
	verb{usage: "unreachable ID EXT", input: refuse(agent.Unreachable)},
	verb{usage: "ringing ID EXT", input: (*runner).ringing},

	verb{usage: "call ID queue=NAME [from=NUMBER] [name=TEXT] [priority=N] [credit=DURATION] [position=N]", input: (*runner).call},
	verb{usage: "connected ID EXT", input: (*runner).connected},
	verb{usage: "connectfailed ID EXT", input: (*runner).connectFailed},
	verb{usage: "hangup ID", input: (*runner).hangUp},
	verb{usage: "end ID", input: (*runner).end},
	verb{usage: "caller ID from=NUMBER [name=TEXT] [credit=DURATION]", input: (*runner).caller},
	verb{usage: "hold ID on|off", input: (*runner).hold},
	verb{usage: "pickup ID EXT", input: (*runner).pickup},
	verb{usage: "transfer ID queue=NAME", input: (*runner).transfer},
	verb{usage: "handover ID EXT", input: (*runner).handOver},
	verb{usage: "priority ID N", input: (*runner).priority},
	verb{usage: "withdraw ID [TEXT]", input: (*runner).withdraw},
	verb{usage: "confirm ID", input: (*runner).confirm},
	verb{usage: "resync", input: (*runner).resync},

	verb{usage: "key ID K", input: (*runner).key},
	verb{usage: "number ID TEXT", input: (*runner).enterNumber},
	verb{usage: "customer ID answer|busy|noanswer", input: (*runner).customer},
	verb{usage: "played ID WHAT", input: (*runner).played},
	verb{usage: "holdcallbacks QUEUE on|off", input: (*runner).holdCallbacks},
	verb{usage: "vip NUMBER [expires=DURATION]", input: (*runner).vip},
	verb{usage: "exclusive NUMBER QUEUE EXT… [expires=DURATION]", input: (*runner).exclusive},
	verb{usage: "block NUMBER FIRST|SECOND [expires=DURATION]", input: (*runner).block, also: (*runner).enableBlocking},
	verb{usage: "night on|off", input: (*runner).night},

	verb{usage: "restart [confirm=all|none]", do: (*runner).restart},
	verb{usage: "wait DURATION", do: (*runner).wait},
	verb{usage: "at DURATION", do: (*runner).at},

	verb{usage: "expect KIND key=value…", do: (*runner).expect, looks: true, kinds: true},
	verb{usage: "never KIND key=value…", do: (*runner).never, looks: true, kinds: true},
	verb{usage: "fails WORD INPUT…", do: (*runner).fails, wraps: true},
	verb{usage: "show line QUEUE", do: (*runner).showLine, looks: true},
	verb{usage: "show agent EXT", do: (*runner).showAgent, looks: true},
	verb{usage: "show queue QUEUE", do: (*runner).showQueue, looks: true},
	verb{usage: "show call ID", do: (*runner).showCall, looks: true},
)

// findVerb returns the verb at the beginning of a line and the words after it.
func findVerb(words []word) (*verb, []word, error) {
	if len(words) == 0 || words[0].keyed {
		return nil, nil, fmt.Errorf("a line begins with a verb")
	}
	var longer []string // verbs of two words of which the first is right
	for i := range verbs {
		first, second, two := strings.Cut(verbs[i].name, " ")
		if first != words[0].text {
			continue
		}
		longer = append(longer, verbs[i].name)
		rest := words[1:]
		if two {
			if len(rest) == 0 || rest[0].keyed || rest[0].text != second {
				continue
			}
			rest = rest[1:]
		}
		return &verbs[i], rest, nil
	}
	if len(longer) > 0 {
		return nil, nil, fmt.Errorf("unknown verb %s: must be %s", quote(words[0].text, false), strings.Join(longer, " or "))
	}
	return nil, nil, fmt.Errorf("unknown verb %s", quote(words[0].text, false))
}
