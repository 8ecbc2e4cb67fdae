package acd

import (
	"cmp"
	"fmt"
	"iter"
	"net/netip"
	"slices"

	"github.com/acdkit/acdkit/queue"
)

// ServerID names a queue server.
type ServerID string

// InternalServer is the built-in server: it exists always and cannot be deleted
// (B122).
const InternalServer ServerID = "INTERNAL"

// ServerView is a queue server as a value.
type ServerView struct {
	ID      ServerID
	Name    string
	Enabled bool
	IPv4    string // "" if it has none, like the internal one
	IPv6    string
	Queues  int // that live on it
	// Online, CPU and Memory are what the host reported last; the internal one
	// is online unless the host says otherwise. They move no queue.
	Online bool
	CPU    int // %
	Memory int // %
}

// serverState is a queue server as the engine keeps it.
type serverState struct {
	view ServerView // all but Queues
	held int        // queues that live on it
}

// servers are the queue servers.
type servers struct {
	byID map[ServerID]*serverState
	all  []*serverState // by id
}

func newServers() servers {
	var s servers
	s.put(internalServer())
	return s
}

// internalServer is the built-in server as it is until somebody changes it.
func internalServer() ServerView {
	return ServerView{ID: InternalServer, Name: string(InternalServer), Enabled: true, Online: true}
}

// put adds a server, or takes the place of the one with its id.
func (s *servers) put(v ServerView) *serverState {
	if old := s.byID[v.ID]; old != nil {
		old.view = v
		return old
	}
	if s.byID == nil {
		s.byID = make(map[ServerID]*serverState)
	}
	server := &serverState{view: v}
	s.byID[v.ID] = server
	s.all = append(s.all, server)
	slices.SortFunc(s.all, func(a, b *serverState) int { return cmp.Compare(a.view.ID, b.view.ID) })
	return server
}

func (s *servers) remove(id ServerID) {
	delete(s.byID, id)
	s.all = slices.DeleteFunc(s.all, func(server *serverState) bool { return server.view.ID == id })
}

// enabled returns how many servers are enabled.
func (s *servers) enabled() int {
	n := 0
	for _, server := range s.all {
		if server.view.Enabled {
			n++
		}
	}
	return n
}

// score is the rendezvous score of a queue on a server: FNV-1a over both ids,
// then mixed. The same on every machine.
func score(s ServerID, q queue.ID) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	h = (h ^ 0xff) * prime // no id has this byte: it is not of UTF-8
	for i := range len(q) {
		h = (h ^ uint64(q[i])) * prime
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// best returns the enabled server with the highest score for a queue among those
// that hold fewer than most, nil if there is none (B122).
func (s *servers) best(q queue.ID, most int) *serverState {
	var best *serverState
	high := uint64(0)
	for _, server := range s.all {
		if !server.view.Enabled || server.held >= most {
			continue
		}
		if n := score(server.view.ID, q); best == nil || n > high {
			best, high = server, n
		}
	}
	return best
}

// serverID is where a queue lives, "" if no server is enabled.
func (q *queueState) serverID() ServerID {
	if q.server == nil {
		return ""
	}
	return q.server.view.ID
}

// live puts a queue on a server, nil for none, without telling.
func (q *queueState) live(s *serverState) {
	if q.server != nil {
		q.server.held--
	}
	if s != nil {
		s.held++
	}
	q.server = s
	q.Offline = s == nil
}

// moveQueue moves a queue with everything in it to a server, or to none: nothing in
// it changes.
func (e *Engine) moveQueue(q *queueState, to *serverState) {
	if q.server == to {
		return
	}
	from := q.serverID()
	q.live(to)
	e.dirtyQueue(q)
	e.emit(&QueueMoved{Queue: q.ID, From: from, To: q.serverID()})
}

// settle gives a new queue its server.
func (e *Engine) settle(q *queueState) {
	if n := e.servers.enabled(); n > 0 {
		q.live(e.servers.best(q.ID, ceil(len(e.queues), n)))
		return
	}
	q.live(nil)
}

// resettle puts a queue on the server that its record names; for Restore.
func (e *Engine) resettle(q *queueState, id ServerID) {
	if s := e.servers.byID[id]; s != nil && s.view.Enabled {
		q.live(s)
		return
	}
	q.live(nil)
}

func ceil(a, b int) int { return (a + b - 1) / b }

// spread moves the queues that must move after servers or queues were added or
// went: those whose server is not enabled any more or holds more than ⌈queues /
// servers⌉, and as many to a newcomer as make it hold ⌊queues / servers⌋; where
// there is a choice, those with the best score there. All others stay (B122).
func (e *Engine) spread(newcomer *serverState) {
	n := e.servers.enabled()
	if n == 0 {
		for _, q := range e.queuesInOrder() {
			e.moveQueue(q, nil)
		}
		return
	}
	most, least := ceil(len(e.queues), n), len(e.queues)/n
	if newcomer != nil {
		e.draw(newcomer, most, most)
		e.draw(newcomer, least, least)
	}
	for _, s := range e.servers.all {
		if s.view.Enabled && s.held > most {
			queues := e.queuesOn(func(q *queueState) bool { return q.server == s })
			byScore(queues, s)
			for _, q := range queues[most:] {
				e.moveQueue(q, e.servers.best(q.ID, most))
			}
		}
	}
	for _, q := range e.queuesOn(func(q *queueState) bool { return q.server == nil || !q.server.view.Enabled }) {
		e.moveQueue(q, e.servers.best(q.ID, most))
	}
}

// draw moves queues to a newcomer until it holds as many as that, from servers
// that hold more than leave and from nowhere.
func (e *Engine) draw(newcomer *serverState, leave, until int) {
	if newcomer.held >= until {
		return
	}
	queues := e.queuesOn(func(q *queueState) bool {
		return q.server == nil || q.server != newcomer && q.server.held > leave
	})
	byScore(queues, newcomer)
	for _, q := range queues {
		if newcomer.held >= until {
			return
		}
		if q.server == nil || q.server.held > leave {
			e.moveQueue(q, newcomer)
		}
	}
}

func (e *Engine) queuesOn(which func(*queueState) bool) []*queueState {
	return slices.DeleteFunc(e.queuesInOrder(), func(q *queueState) bool { return !which(q) })
}

// byScore sorts queues by their scores on a server, the best first.
func byScore(queues []*queueState, s *serverState) {
	slices.SortStableFunc(queues, func(a, b *queueState) int {
		return cmp.Compare(score(s.view.ID, b.ID), score(s.view.ID, a.ID))
	})
}

func (e *Engine) addServer(in AddServer) error {
	if err := checkID("server", string(in.Server)); err != nil {
		return err
	}
	if in.Name == "" {
		return invalid("name", "", "must be 1..64 characters")
	}
	if err := checkText(text{"name", in.Name, maxServerName}); err != nil {
		return err
	}
	v4, err := address("ipv4", in.IPv4, netip.Addr.Is4)
	if err != nil {
		return err
	}
	v6, err := address("ipv6", in.IPv6, netip.Addr.Is6)
	if err != nil {
		return err
	}
	if in.IPv4 == "" && in.IPv6 == "" {
		return invalid("ipv4", "", "ipv4 or ipv6 must be given")
	}
	if e.servers.byID[in.Server] != nil {
		return exists("server", string(in.Server))
	}
	s := e.servers.put(ServerView{ID: in.Server, Name: in.Name, Enabled: in.Enabled, IPv4: v4, IPv6: v6})
	e.dirtyServer(in.Server)
	e.emit(&ServerAdded{Server: in.Server})
	if in.Enabled {
		e.spread(s)
	}
	return nil
}

// maxServerName bounds the name of a server, in characters.
const maxServerName = 64

// address checks an IP address that may be absent.
func address(property, text string, is func(netip.Addr) bool) (string, error) {
	if text == "" {
		return "", nil
	}
	a, err := netip.ParseAddr(text)
	if err != nil || !is(a) || a.Zone() != "" || a.IsUnspecified() {
		return "", invalid(property, shown(text), "must be a valid address")
	}
	return a.String(), nil
}

func (e *Engine) serverFor(id ServerID) (*serverState, error) {
	s := e.servers.byID[id]
	if s == nil {
		return nil, notFound("server", shown(string(id)))
	}
	return s, nil
}

func (e *Engine) enableServer(in EnableServer) error {
	s, err := e.serverFor(in.Server)
	if err != nil || s.view.Enabled == in.Enabled {
		return err
	}
	s.view.Enabled = in.Enabled
	e.dirtyServer(in.Server)
	e.emit(&ServerChanged{Server: in.Server})
	if in.Enabled {
		e.spread(s)
	} else {
		e.spread(nil)
	}
	return nil
}

func (e *Engine) deleteServer(in DeleteServer) error {
	s, err := e.serverFor(in.Server)
	if err != nil {
		return err
	}
	if in.Server == InternalServer {
		return invalid("server", string(in.Server), "cannot be deleted")
	}
	s.view.Enabled = false
	e.spread(nil)
	e.servers.remove(in.Server)
	e.dirtyServer(in.Server)
	e.emit(&ServerDeleted{Server: in.Server})
	return nil
}

func (e *Engine) reportServer(in ReportServer) error {
	for _, p := range []struct {
		name  string
		value int
	}{{"cpu_usage", in.CPU}, {"memory_usage", in.Memory}} {
		if p.value < 0 || p.value > 100 {
			return invalid(p.name, fmt.Sprint(p.value), "must be 0..100")
		}
	}
	s, err := e.serverFor(in.Server)
	if err != nil {
		return err
	}
	v := s.view
	v.Online, v.CPU, v.Memory = in.Online, in.CPU, in.Memory
	if v == s.view {
		return nil
	}
	s.view = v
	e.dirtyServer(in.Server)
	e.emit(&ServerChanged{Server: in.Server})
	return nil
}

// Server returns a queue server; [ErrNotFound] for an unknown id.
func (e *Engine) Server(id ServerID) (ServerView, error) {
	s, err := e.serverFor(id)
	if err != nil {
		return ServerView{}, err
	}
	return s.read(), nil
}

func (s *serverState) read() ServerView {
	v := s.view
	v.Queues = s.held
	return v
}

// Servers yields the queue servers by id. The engine must not be stepped
// meanwhile.
func (e *Engine) Servers() iter.Seq[ServerView] {
	return func(yield func(ServerView) bool) {
		for _, s := range e.servers.all {
			if !yield(s.read()) {
				return
			}
		}
	}
}

// ---- The records of the servers. The internal one has none while it is as it
// was in the beginning.

type serverRecord struct {
	V       int      `json:"v"`
	ID      ServerID `json:"id"`
	Name    string   `json:"name"`
	Enabled bool     `json:"enabled"`
	IPv4    string   `json:"ipv4,omitempty"`
	IPv6    string   `json:"ipv6,omitempty"`
	Online  bool     `json:"online,omitempty"`
	CPU     int      `json:"cpu_usage,omitempty"`
	Memory  int      `json:"memory_usage,omitempty"`
}

func (e *Engine) dirtyServer(id ServerID) { e.change(recordKey{kind: kindServer, id: string(id)}) }

// serverValue is what the record of a server holds now, nil if there is none.
func (e *Engine) serverValue(id ServerID) any {
	s := e.servers.byID[id]
	if s == nil || s.view == internalServer() {
		return nil
	}
	v := s.view
	return &serverRecord{recordVersion, v.ID, v.Name, v.Enabled, v.IPv4, v.IPv6, v.Online, v.CPU, v.Memory}
}

func (e *Engine) serverKeys() []recordKey {
	var keys []recordKey
	for _, s := range e.servers.all {
		if s.view != internalServer() {
			keys = append(keys, recordKey{kind: kindServer, id: string(s.view.ID)})
		}
	}
	return keys
}

func (e *Engine) rebuildServers(records []*serverRecord) {
	for _, r := range records {
		e.servers.put(ServerView{
			ID: r.ID, Name: r.Name, Enabled: r.Enabled, IPv4: r.IPv4, IPv6: r.IPv6, Online: r.Online, CPU: r.CPU, Memory: r.Memory,
		})
	}
}

// checkServers verifies that every queue lives where it may, and evenly enough.
func (e *Engine) checkServers(bad func(string, ...any)) {
	held := make(map[*serverState]int)
	n := e.servers.enabled()
	for _, q := range e.queuesInOrder() {
		held[q.server]++
		if (q.server == nil) != (n == 0) || q.server != nil && (!q.server.view.Enabled || e.servers.byID[q.server.view.ID] != q.server) || q.Offline != (q.server == nil) {
			bad("queue %s: lives on no server that is enabled", q.ID)
		}
	}
	for _, s := range e.servers.all {
		if s.held != held[s] || s.view.Enabled && s.held > ceil(len(e.queues), n) {
			bad("server %s: counts %d queues, %d live on it, of %d", s.view.ID, s.held, held[s], len(e.queues))
		}
	}
}
