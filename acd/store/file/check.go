package file

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
)

// Report is what [Check] found.
type Report struct {
	Format     uint32 `json:"format"`
	Generation uint64 `json:"generation"` // counts the logs that were written anew
	Epoch      uint64 `json:"epoch"`      // of the last batch
	Seq        uint64 `json:"seq"`
	Batches    int    `json:"batches"` // in the log, behind its snapshot
	Records    int    `json:"records"`
	Snapshot   int64  `json:"snapshot"`       // bytes of the log that are its snapshot
	Bytes      int64  `json:"bytes"`          // of the log
	Torn       int64  `json:"torn,omitempty"` // bytes at its end that a crash has left of a batch
}

// Check reads all of a store and verifies every checksum. It changes nothing, takes
// no lock, and may be used on a store that is open; what is being written then may
// count as torn. A torn batch is no error. Errors are those of [Open]; of a
// directory in which no store is one that wraps [fs.ErrNotExist].
func Check(dir string) (Report, error) {
	r, _, err := inspect(directory{path: dir, readOnly: true})
	if err != nil {
		return r, fmt.Errorf("acd/store/file: check %s: %w", dir, err)
	}
	return r, nil
}

// Dump writes what a store holds as lines of JSON: the [Report], then every record
// by key, as {"key":…,"value":…}, or with "base64" for "value" if the value is no
// JSON. Like Check it changes nothing. If the store is damaged it writes what could
// be read before, which is the state of an earlier time, and returns the error.
func Dump(w io.Writer, dir string) error {
	report, values, err := inspect(directory{path: dir, readOnly: true})
	if err != nil {
		err = fmt.Errorf("acd/store/file: dump %s: %w", dir, err)
		if values == nil {
			return err
		}
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if werr := lines.Encode(report); werr != nil {
		return errors.Join(err, werr)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		line := dumped{Key: key}
		if value := values[key]; json.Valid(value) {
			line.Value = value
		} else {
			line.Base64 = value
		}
		if werr := lines.Encode(line); werr != nil {
			return errors.Join(err, werr)
		}
	}
	return errors.Join(err, out.Flush())
}

// dumped is a line of Dump.
type dumped struct {
	Key    string          `json:"key"`
	Value  json.RawMessage `json:"value,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
}

// inspect reads a store; values are nil if there is nothing to be read.
func inspect(dir folder) (r Report, values map[string][]byte, err error) {
	// The mark first: of a store that is open the log is then at least as far.
	m, err := readMark(dir)
	damaged := err
	if err != nil && !errors.Is(err, ErrDamaged) {
		return r, nil, err
	}
	file, err := dir.open(logName, false)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && (m != nil || damaged != nil) {
			err = &DamageError{logName, 0, "is missing"}
		}
		return r, nil, errors.Join(damaged, err)
	}
	defer file.Close()
	s := Store{values: make(map[string][]byte)}
	c, err := readLog(file, m, s.keep)
	r = Report{
		Format: format, Generation: c.header.generation, Epoch: c.epoch, Seq: c.seq,
		Batches: c.batches, Records: len(s.values), Snapshot: c.base, Bytes: c.end, Torn: c.size - c.end,
	}
	if err == nil && damaged == nil && m == nil && (c.epoch > 0 || len(s.values) > 0) {
		err = &DamageError{markName, 0, "is missing"}
	}
	return r, s.values, errors.Join(damaged, err)
}
