package replay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/acdkit/acdkit/agent"
)

// Format is the format of a call log.
type Format uint8

// The formats.
const (
	Guess    Format = iota // guessed from the first line
	Bank                   // bank: 17 fields between tabs, one header line
	QueueLog               // queue_log: as Asterisk writes it
	CSV                    // csv: at,call,caller,priority,queue,agent,wait,talk,outcome
	formats
)

var formatNames = [formats]string{"", "bank", "queue_log", "csv"}

// String returns the name that the -format flag has for it.
func (f Format) String() string {
	if f < formats {
		return formatNames[f]
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// MarshalText implements [encoding.TextMarshaler].
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown name is an
// error that wraps [agent.ErrInvalid].
func (f *Format) UnmarshalText(text []byte) error {
	for i, name := range formatNames {
		if name == string(text) {
			*f = Format(i)
			return nil
		}
	}
	return fmt.Errorf("replay: %w: format %q: must be bank, queue_log or csv", agent.ErrInvalid, text)
}

// ErrNoLog is wrapped by what [Read] returns for a file that is no call log of
// its format, that breaks off, or that has no call in it.
var ErrNoLog = errors.New("no call log")

// Limits against files that were made to hurt.
const (
	maxLine    = 16 << 10   // bytes; a longer line is a bad line
	maxRecords = 10_000_000 // then the file is refused
)

// Read reads a call log. A file that is compressed with gzip is recognised by
// its content. Records that cannot be understood are not errors: they are in
// [Log.Bad]. An error wraps [ErrNoLog], or is that of r, and says the line.
func Read(r io.Reader, format Format) (*Log, error) {
	in := bufio.NewReaderSize(r, maxLine)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("replay: %w: %w", ErrNoLog, err)
		}
		in = bufio.NewReaderSize(unpacked, maxLine)
	}
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\uFEFF")) {
		_, _ = in.Discard(len(bom)) // was peeked
	}
	if format == Guess {
		start, err := in.Peek(maxLine)
		if len(start) == 0 && err != nil && err != io.EOF {
			return nil, fmt.Errorf("replay: %w: %w", ErrNoLog, err)
		}
		if format = guess(start); format == Guess {
			return nil, fmt.Errorf("replay: %w: line 1 begins neither a bank file, nor a queue_log, nor a csv file", ErrNoLog)
		}
	}

	log := &Log{Format: format}
	l := &lines{in: in}
	var present []Agent
	var err error
	switch format {
	case Bank:
		err = readBank(l, log)
	case QueueLog:
		present, err = readQueueLog(l, log)
	case CSV:
		err = readCSV(l, log)
	default:
		return nil, fmt.Errorf("replay: %w: format %s: must be bank, queue_log or csv", agent.ErrInvalid, format)
	}
	if err == nil && l.err != nil {
		err = fmt.Errorf("replay: line %d: %w: %w", l.number, ErrNoLog, l.err)
	}
	if err != nil {
		return nil, err
	}
	log.Records = l.records
	log.settle(present)
	if len(log.Calls) == 0 {
		why := "it is empty"
		if len(log.Bad) > 0 {
			why = fmt.Sprintf("none of its %d records is a call; %s", log.Records, log.Bad[0])
		} else if log.Records > 0 {
			why = fmt.Sprintf("none of its %d records is a call", log.Records)
		}
		return nil, fmt.Errorf("replay: %w: %s", ErrNoLog, why)
	}
	return log, nil
}

// guess tells the format from how a file starts.
func guess(start []byte) Format {
	first, _, _ := strings.Cut(string(start), "\n")
	first = strings.TrimSuffix(first, "\r")
	switch {
	case strings.HasPrefix(first, "vru+line\t"):
		return Bank
	case strings.Count(first, "|") >= 4:
		return QueueLog
	case csvColumns(first) != nil:
		return CSV
	default:
		return Guess
	}
}

// lines reads lines of a bounded length and counts them.
type lines struct {
	in      *bufio.Reader
	number  int // of the present line, from 1
	records int // lines with data so far
	err     error
}

// header returns the first line.
func (l *lines) header() string {
	text, _, _ := l.line()
	return text
}

// next returns the next line that has data. One that is too long is reported in
// log and left out; ok is false at the end, or after an error that is in l.err.
func (l *lines) next(log *Log) (text string, ok bool) {
	for {
		text, long, ok := l.line()
		if !ok {
			return "", false
		}
		if !long && strings.TrimSpace(text) == "" {
			continue
		}
		if l.records++; l.records > maxRecords {
			l.err = fmt.Errorf("more than %d records", maxRecords)
			return "", false
		}
		if !long {
			return text, true
		}
		log.bad(l.number, "longer than %d bytes", maxLine)
	}
}

// line returns the next line without its end.
func (l *lines) line() (text string, long, ok bool) {
	raw, err := l.in.ReadSlice('\n')
	if len(raw) > 0 {
		l.number++
		text = string(raw)
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = l.in.ReadSlice('\n')
	}
	if err != nil && err != io.EOF {
		l.err = err
		return "", false, false
	}
	return strings.TrimRight(text, "\r\n"), long, len(text) > 0
}
