package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
)

var (
	// errDead is what a machine says after it has died.
	errDead = errors.New("the machine is dead")
	// errFull is what it says when it fails.
	errFull = errors.New("no space left")
)

// machine is a folder in the memory of a test, with what of it is on the disk: a
// write is there after a sync, a name after a sync of the folder. It can fail at
// every operation, and die.
type machine struct {
	mu    sync.Mutex
	rng   *rand.Rand
	names map[string]*memFile
	moves []move // of names, not yet on the disk
	disk  map[string]*memFile
	left  int                        // operations until it dies; < 0: it does not
	fault func(op, name string) bool // whether an operation fails; nil: none does
}

// move is a change of the names: to is what from was, or what is new.
type move struct {
	from, to string
	file     *memFile
}

// memFile is a file; unsynced is what is not on the disk yet, in order.
type memFile struct {
	now, disk []byte
	unsynced  []change
}

// change is a write, or, without data, a truncation.
type change struct {
	at   int64
	data []byte
}

func newMachine(seed uint64) *machine {
	return &machine{rng: rand.New(rand.NewPCG(seed, 3)), names: map[string]*memFile{}, disk: map[string]*memFile{}, left: -1}
}

// step counts an operation. dying says that the machine dies in it.
func (m *machine) step(op, name string) (dying bool, err error) {
	if m.left == 0 {
		return false, errDead
	}
	if m.left > 0 {
		m.left--
	}
	if m.left == 0 {
		return true, errDead
	}
	if m.fault != nil && m.fault(op, name) {
		return false, fmt.Errorf("%s %s: %w", op, name, errFull)
	}
	return false, nil
}

func (m *machine) open(name string, create bool) (handle, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step("open", name); err != nil {
		return nil, err
	}
	f := m.names[name]
	switch {
	case create && f != nil:
		f.put(change{0, nil})
	case create:
		f = new(memFile)
		m.move(move{to: name, file: f})
	case f == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memHandle{m: m, f: f, name: name}, nil
}

func (m *machine) move(c move) {
	if c.from != "" {
		delete(m.names, c.from)
	}
	if c.to != "" {
		m.names[c.to] = c.file
	}
	m.moves = append(m.moves, c)
}

func (m *machine) rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	dying, err := m.step("rename", from)
	if err == nil || dying && m.rng.IntN(2) == 0 {
		m.move(move{from, to, m.names[from]})
	}
	return err
}

func (m *machine) remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step("remove", name); err != nil {
		return err
	}
	if m.names[name] != nil {
		m.move(move{from: name})
	}
	return nil
}

func (m *machine) sync() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step("sync", "folder"); err != nil {
		return err
	}
	m.syncMoves(len(m.moves))
	return nil
}

// syncMoves has the first n moves on the disk: a journal keeps their order.
func (m *machine) syncMoves(n int) {
	for _, c := range m.moves[:n] {
		if c.from != "" {
			delete(m.disk, c.from)
		}
		if c.to != "" {
			m.disk[c.to] = c.file
		}
	}
	m.moves = slices.Clone(m.moves[n:])
}

// killed is the machine after the death of the process: all that was written is
// there.
func (m *machine) killed(seed uint64) *machine {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := newMachine(seed)
	next.names, next.moves, next.disk = m.names, m.moves, m.disk
	m.names, m.left = nil, 0
	return next
}

// dead is the machine after it has lost power: of what was not synced any part may
// be there, sector by sector.
func (m *machine) dead(seed uint64) *machine {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := newMachine(seed)
	m.syncMoves(next.rng.IntN(len(m.moves) + 1))
	for name, f := range m.disk {
		content := slices.Clone(f.disk)
		some := next.rng.IntN(3) // none, some or all of it
		for _, c := range f.unsynced {
			content = c.partly(content, func() bool { return some == 2 || some == 1 && next.rng.IntN(2) == 0 })
		}
		next.names[name] = &memFile{now: content, disk: slices.Clone(content)}
		next.disk[name] = next.names[name]
	}
	m.names, m.left = nil, 0
	return next
}

// partly applies the sectors of a change for which apply says so.
func (c change) partly(b []byte, apply func() bool) []byte {
	if c.data == nil {
		if apply() && c.at < int64(len(b)) {
			b = b[:c.at]
		}
		return b
	}
	for at, data := c.at, c.data; len(data) > 0; {
		n := min(int64(len(data)), sector-at%sector)
		if apply() {
			b = write(b, at, data[:n])
		}
		at, data = at+n, data[n:]
	}
	return b
}

func write(b []byte, at int64, data []byte) []byte {
	if end := at + int64(len(data)); end > int64(len(b)) {
		b = append(b, make([]byte, end-int64(len(b)))...)
	}
	copy(b[at:], data)
	return b
}

func (f *memFile) put(c change) {
	f.now = c.partly(f.now, func() bool { return true })
	f.unsynced = append(f.unsynced, c)
}

// memHandle is an open file of a machine.
type memHandle struct {
	m    *machine
	f    *memFile
	name string
}

func (h *memHandle) ReadAt(b []byte, at int64) (int, error) {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if h.m.left == 0 {
		return 0, errDead
	}
	if at >= int64(len(h.f.now)) {
		return 0, io.EOF
	}
	n := copy(b, h.f.now[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt that fails has written a part, as on a disk that is full.
func (h *memHandle) WriteAt(b []byte, at int64) (int, error) {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	dying, err := h.m.step("write", h.name)
	n := len(b)
	switch {
	case err != nil && h.name == markName && n <= sector: // within a sector it is all or nothing
		n *= h.m.rng.IntN(2)
	case err != nil:
		n = h.m.rng.IntN(n)
	}
	if (err == nil || dying || h.m.left != 0) && n > 0 {
		h.f.put(change{at, slices.Clone(b[:n])})
	}
	return n, err
}

func (h *memHandle) Truncate(size int64) error {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if _, err := h.m.step("truncate", h.name); err != nil {
		return err
	}
	h.f.put(change{at: size})
	return nil
}

func (h *memHandle) Size() (int64, error) {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	return int64(len(h.f.now)), nil
}

// Sync that fails has some of it on the disk, and the rest never will be: the
// system takes it for written.
func (h *memHandle) Sync() error {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	dying, err := h.m.step("sync", h.name)
	switch {
	case dying:
	case err != nil && h.m.left != 0:
		for _, c := range h.f.unsynced {
			h.f.disk = c.partly(h.f.disk, func() bool { return h.m.rng.IntN(2) == 0 })
		}
		h.f.unsynced = nil
	case err == nil:
		h.f.disk, h.f.unsynced = slices.Clone(h.f.now), nil
	}
	return err
}

func (h *memHandle) Close() error {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	if h.m.left == 0 {
		return errDead
	}
	return nil
}
