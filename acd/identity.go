package acd

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// Identity is what the INVITE to an agent says of who calls and who is called
// (B75): three flags, which are the queue's properties, and the texts that they
// are about. Its methods render the values of the headers. It is a value, safe
// for concurrent use as one.
//
// A value is "" if the INVITE is not to carry the header. Otherwise it is one
// name-addr of RFC 3261 §25.1, on one line, whatever the texts and the host are,
// as they may come from anybody (B111):
//
//   - Control characters, line and paragraph separators, bidirectional controls
//     (marks, embeddings, overrides, isolates) and what is not UTF-8 are dropped
//     from names and numbers, and so is white space around them.
//   - A name is a quoted-string, in which \ and " are escaped, and is cut after
//     128 characters, for a request has to fit into a datagram. There is none if
//     nothing is left of it.
//   - A number or extension is the user of a sip: URI. Letters, digits, "+" and
//     the marks - _ . ! ~ * ' ( ) stand for themselves, everything else is escaped
//     as %XX: also what RFC 3261 would let stand but gives a meaning in a
//     telephone-subscriber, as ";" and "=". It is never cut, as that would make it
//     somebody else's: a number longer than 64 characters is none at all.
//   - The host is a host name, an IPv4 address or an IPv6 address, with a port if
//     need be; brackets around an IPv6 address without a port may be left out.
//     Anything else is replaced by unknown.invalid, which RFC 2606 lets nobody
//     own.
//
// A caller without a number has the URI that RFC 3323 §4.1.1.3 and RFC 3325 give
// to the anonymous, at no host of ours; as it tells nothing, the INVITE needs no
// Privacy header:
//
//	a number             "Name" <sip:number@host>
//	no number, a name    "Name" <sip:anonymous@anonymous.invalid>
//	neither              "Anonymous" <sip:anonymous@anonymous.invalid>
//	a withheld number    "Anonymous" <sip:anonymous@anonymous.invalid>
//
// A number is withheld if it is one of the words of B69: anonymous, restricted,
// private, unknown, unavailable, in any case. Then a name is withheld too.
type Identity struct {
	PAsserted   bool `json:"p_asserted,omitempty"`   // enable_paid
	RemoteParty bool `json:"remote_party,omitempty"` // enable_prid
	ToExtension bool `json:"to_extension,omitempty"` // extension_number_as_to_header

	Name      string   `json:"name,omitempty"`      // the caller's
	Number    string   `json:"number,omitempty"`    // the caller's
	Extension agent.ID `json:"extension,omitempty"` // of the agent who is rung
}

const (
	maxDisplayName = 128 // characters of a display name
	anonymousURI   = "sip:anonymous@anonymous.invalid"
	unknownHost    = "unknown.invalid"
)

// PAssertedIdentity returns the value of P-Asserted-Identity (RFC 3325 §9.1), ""
// unless i.PAsserted:
//
//	"Erika Mustermann" <sip:+4930123456@pbx.example.com>
//
// The host is the domain that vouches for the caller.
func (i Identity) PAssertedIdentity(host string) string {
	if !i.PAsserted {
		return ""
	}
	addr, _ := i.caller(host)
	return addr
}

// RemotePartyID returns the value of Remote-Party-ID (draft-ietf-sip-privacy-04),
// "" unless i.RemoteParty:
//
//	"Erika Mustermann" <sip:+4930123456@pbx.example.com>;party=calling;privacy=off;screen=yes
//
// The host is the domain that vouches for the caller. Without a number there is
// nothing to vouch for, and the value ends in privacy=uri;screen=no if there is a
// name to show, else in privacy=full;screen=no.
func (i Identity) RemotePartyID(host string) string {
	if !i.RemoteParty {
		return ""
	}
	addr, shows := i.caller(host)
	return addr + ";party=calling;" + shows
}

// To returns the value of To (RFC 3261 §20.39), "" unless i.ToExtension or if the
// extension is empty or longer than an id may be; To is the host's own then:
//
//	<sip:1001@pbx.example.com>
//
// It has no tag, as an INVITE that begins a dialogue must not have one.
func (i Identity) To(host string) string {
	extension := visible(string(i.Extension))
	if !i.ToExtension || extension == "" || len(extension) > maxID {
		return ""
	}
	return nameAddr("", sipURI(extension, host))
}

// caller returns the caller's name-addr, and what Remote-Party-ID says of how
// much of it may be shown and is vouched for.
func (i Identity) caller(host string) (addr, shows string) {
	name, number := displayName(i.Name), visible(i.Number)
	if utf8.RuneCountInString(number) > maxNumber {
		number = ""
	}
	switch {
	case queue.Withheld(number), number == "" && name == "":
		return nameAddr("Anonymous", anonymousURI), "privacy=full;screen=no"
	case number == "":
		return nameAddr(name, anonymousURI), "privacy=uri;screen=no"
	default:
		return nameAddr(name, sipURI(number, host)), "privacy=off;screen=yes"
	}
}

// nameAddr returns a name-addr of RFC 3261 §25.1; name is a cleaned display name,
// or "" for none.
func nameAddr(name, uri string) string {
	if name == "" {
		return "<" + uri + ">"
	}
	return `"` + quotedPairs.Replace(name) + `" <` + uri + ">"
}

// quotedPairs escapes the two characters that cannot stand for themselves in a
// quoted-string of RFC 3261 §25.1.
var quotedPairs = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// displayName returns what is shown of a name.
func displayName(name string) string {
	name = visible(name)
	n := 0
	for at := range name {
		if n++; n > maxDisplayName {
			return strings.TrimSpace(name[:at])
		}
	}
	return name
}

// visible returns s without what no header or display may have in it, and
// without white space around the rest.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// sipURI returns the sip: URI of a user at a host.
func sipURI(user, host string) string {
	var b strings.Builder
	b.WriteString("sip:")
	for n := range len(user) {
		if c := user[n]; isAlphanum(c) || strings.IndexByte("+-_.!~*'()", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	b.WriteByte('@')
	b.WriteString(hostport(host))
	return b.String()
}

// hostport returns host as a hostport of RFC 3261 §25.1, or unknownHost if it
// is none.
func hostport(host string) string {
	if isIPv6(host) {
		return "[" + host + "]"
	}
	name := host
	var port string
	if at := strings.LastIndexByte(host, ':'); at > strings.LastIndexByte(host, ']') {
		name, port = host[:at], host[at+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || len(port) > 5 {
			return unknownHost
		}
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		if !ok || !isIPv6(inner) {
			return unknownHost
		}
		return host
	}
	if !isHostname(name) {
		return unknownHost
	}
	return host
}

// isIPv6 reports whether s is an IPv6 address without brackets. One with a zone
// means nothing to anybody else.
func isIPv6(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is6() && addr.Zone() == ""
}

// isHostname reports whether s is a host name or IPv4 address: labels of letters,
// digits and inner hyphens, and at most the 253 characters that DNS has room for.
func isHostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for n := range len(label) {
			if c := label[n]; c != '-' && !isAlphanum(c) {
				return false
			}
		}
	}
	return true
}

// isAlphanum is alphanum of RFC 3261 §25.1: ASCII only.
func isAlphanum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
