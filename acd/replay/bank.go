package replay

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/queue"
)

// The fields of a bank file.
const (
	bankLine = iota
	bankCall
	bankCustomer
	bankPriority
	bankType
	bankDate
	bankEntry // of the voice-response part
	bankExit
	bankVRUTime
	bankJoin // of the line
	bankLeave
	bankWait
	bankOutcome
	bankStart // of the talk
	bankEnd
	bankTalk
	bankServer
	bankFields
)

// bankCredit is how long a preferred caller of the bank joins as if he had
// waited already.
const bankCredit = 90 * time.Second

const halfDay = 12 * time.Hour

// readBank reads the file of a bank's telephone centre: 17 fields between tabs,
// one header line. Its times have no zone and are taken as UTC.
func readBank(l *lines, log *Log) error {
	header := strings.Split(l.header(), "\t")
	if len(header) != bankFields || header[bankLine] != "vru+line" || header[bankOutcome] != "outcome" || header[bankServer] != "server" {
		return fmt.Errorf("replay: line 1: %w: not the header of a bank file: must be %d names between tabs, from vru+line to server", ErrNoLog, bankFields)
	}
	for {
		text, ok := l.next(log)
		if !ok {
			return nil
		}
		f := strings.Split(text, "\t")
		switch {
		case len(f) != bankFields:
			log.bad(l.number, "%d fields: must be %d", len(f), bankFields)
			continue
		case f[bankOutcome] == "PHANTOM":
			log.ignore("PHANTOM")
			continue
		}
		call, err := bankRecord(f)
		if err != nil {
			log.bad(l.number, "%v", err)
			continue
		}
		log.Calls = append(log.Calls, call)
		log.Used++
	}
}

func bankRecord(f []string) (Call, error) {
	c := Call{ID: f[bankLine] + "/" + f[bankCall], Kind: f[bankType], Talk: Unknown}
	if f[bankCustomer] != "0" {
		c.Caller = f[bankCustomer]
	}
	switch f[bankPriority] {
	case "0", "1":
	case "2":
		c.Credit = bankCredit
	default:
		return c, fmt.Errorf("priority %q: must be 0, 1 or 2", f[bankPriority])
	}

	var err error
	if c.Wait, err = wholeSeconds("q_time", f[bankWait]); err != nil {
		return c, err
	}
	switch f[bankOutcome] {
	case "AGENT":
		c.Outcome = queue.Answered
		if c.Talk, err = wholeSeconds("ser_time", f[bankTalk]); err != nil {
			return c, err
		}
		if f[bankServer] != "NO_SERVER" {
			c.Agent = f[bankServer]
		}
	case "HANG":
		c.Outcome = queue.Abandoned
	default:
		return c, fmt.Errorf("outcome %q: must be AGENT, HANG or PHANTOM", f[bankOutcome])
	}
	if c.At, err = bankJoined(f, c.Wait > 0); err != nil {
		return c, err
	}
	if p := c.problem(); p != "" {
		return c, fmt.Errorf("%s", p)
	}
	return c, nil
}

// bankJoined returns when a call joined the line: its q_start, and for those
// who did not wait, and have none, the end of the voice-response part. The date
// is that of the voice-response part's beginning; what follows may be after
// midnight.
func bankJoined(f []string, waited bool) (time.Time, error) {
	date, err := time.Parse("060102", f[bankDate])
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: must be yymmdd", f[bankDate])
	}
	entry, err := clockTime("vru_entry", f[bankEntry])
	if err != nil {
		return time.Time{}, err
	}
	name, text := "vru_exit", f[bankExit]
	if waited {
		name, text = "q_start", f[bankJoin]
	}
	join, err := clockTime(name, text)
	if err != nil {
		return time.Time{}, err
	}
	if join < entry-halfDay {
		join += 2 * halfDay
	}
	return date.Add(join), nil
}

// clockTime parses h:mm:ss as the time since midnight.
func clockTime(name, text string) (time.Duration, error) {
	h, rest, _ := strings.Cut(text, ":")
	m, s, _ := strings.Cut(rest, ":")
	hours, err1 := strconv.ParseUint(h, 10, 8)
	minutes, err2 := strconv.ParseUint(m, 10, 8)
	seconds, err3 := strconv.ParseUint(s, 10, 8)
	if err1 != nil || err2 != nil || err3 != nil || hours > 23 || minutes > 59 || seconds > 59 {
		return 0, fmt.Errorf("%s %q: must be h:mm:ss", name, text)
	}
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second, nil
}

func wholeSeconds(name, text string) (time.Duration, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s %q: must be a number of seconds", name, text)
	}
	return time.Duration(n) * time.Second, nil
}
