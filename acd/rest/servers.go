package rest

import (
	"net/http"
	"net/netip"

	"github.com/acdkit/acdkit/acd"
)

// serverTable is the list of queue servers.
var serverTable = table[acd.ServerView]{
	{field{"id", text}, func(s *acd.ServerView) value { return textOf(string(s.ID)) }},
	{field{"name", text}, func(s *acd.ServerView) value { return textOf(s.Name) }},
	{field{"enabled", boolean}, func(s *acd.ServerView) value { return booleanOf(s.Enabled) }},
	{field{"type", text}, func(s *acd.ServerView) value {
		if s.ID == acd.InternalServer {
			return textOf("INTERNAL")
		}
		return textOf("EXTERNAL")
	}},
	{field{"ipv4", text}, func(s *acd.ServerView) value { return textOf(s.IPv4) }},
	{field{"ipv6", text}, func(s *acd.ServerView) value { return textOf(s.IPv6) }},
}

func listServers(rq *request) (*reply, error) {
	return list(rq, serverTable, source[acd.ServerView]{all: plainly(rq.router.Servers())}, acd.MaxPage)
}

func (rq *request) server() (acd.ServerView, error) {
	return rq.router.Server(acd.ServerID(rq.PathValue("id")))
}

func createServer(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	in := acd.AddServer{Server: acd.ServerID(acd.NewID()), Enabled: true}
	f.required("name", &in.Name, nameRule)
	f.flag("enabled", &in.Enabled, true)
	f.address("ipv4", &in.IPv4, netip.Addr.Is4)
	f.address("ipv6", &in.IPv6, netip.Addr.Is6)
	if in.IPv4 == "" && in.IPv6 == "" && len(f.problems) == 0 {
		f.miss("ipv4 or ipv6", "must be an address")
	}
	if err := f.done(nil); err != nil {
		return nil, err
	}
	if err := rq.do(in); err != nil {
		return nil, err
	}
	a := object(appendField([]byte{'{'}, "id", textOf(string(in.Server))))
	a.status = http.StatusCreated
	return a, nil
}

// address reads an IP address of one family; blank is none.
func (f *form) address(name string, v *string, is func(netip.Addr) bool) {
	if !f.text(name, v, addressRule) || *v == "" {
		return
	}
	if a, err := netip.ParseAddr(*v); err != nil || !is(a) || a.Zone() != "" || a.IsUnspecified() {
		f.refuse(name, f.find(name), "must be a valid address")
	}
}

func getServer(rq *request) (*reply, error) {
	s, err := rq.server()
	if err != nil {
		return nil, err
	}
	return &reply{status: http.StatusOK, body: showServer(&s)}, nil
}

// showServer returns a server as it is shown.
func showServer(s *acd.ServerView) []byte {
	b := serverTable.append(nil, s)
	return append(appendField(b[:len(b)-1], "queues", numberOf(s.Queues)), '}')
}

func updateServer(rq *request) (*reply, error) {
	s, err := rq.server()
	if err != nil {
		return nil, err
	}
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	enabled := s.Enabled
	given := f.flag("enabled", &enabled, true)
	if err := f.done(showServer(&s)); err != nil || !given {
		return done(), err
	}
	return done(), rq.do(acd.EnableServer{Server: s.ID, Enabled: enabled})
}

func getServerStatus(rq *request) (*reply, error) {
	s, err := rq.server()
	if err != nil {
		return nil, err
	}
	status := "OFFLINE"
	if s.Online {
		status = "ONLINE"
	}
	b := appendField([]byte{'{'}, "cpu_usage", numberOf(s.CPU))
	b = appendField(b, "memory_usage", numberOf(s.Memory))
	return object(appendField(b, "status", textOf(status))), nil
}

func destroyServer(rq *request) (*reply, error) {
	return gone(), rq.do(acd.DeleteServer{Server: acd.ServerID(rq.PathValue("id"))})
}
