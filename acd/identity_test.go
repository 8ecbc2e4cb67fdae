package acd_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

const (
	pbx       = "pbx.example.com"
	anonymous = "sip:anonymous@anonymous.invalid"
)

// everything returns an Identity whose queue wants all three headers.
func everything(name, number string) acd.Identity {
	return acd.Identity{
		PAsserted: true, RemoteParty: true, ToExtension: true,
		Name: name, Number: number, Extension: "1001",
	}
}

func ExampleIdentity() {
	who := acd.Identity{
		PAsserted: true, RemoteParty: true, ToExtension: true,
		Name:      `Erika "Rike" Mustermann`,
		Number:    "+4930123456",
		Extension: "1001",
	}
	fmt.Println("P-Asserted-Identity:", who.PAssertedIdentity("pbx.example.com"))
	fmt.Println("Remote-Party-ID:", who.RemotePartyID("pbx.example.com"))
	fmt.Println("To:", who.To("pbx.example.com"))

	who.Number = "anonymous"
	fmt.Println("P-Asserted-Identity:", who.PAssertedIdentity("pbx.example.com"))
	// Output:
	// P-Asserted-Identity: "Erika \"Rike\" Mustermann" <sip:+4930123456@pbx.example.com>
	// Remote-Party-ID: "Erika \"Rike\" Mustermann" <sip:+4930123456@pbx.example.com>;party=calling;privacy=off;screen=yes
	// To: <sip:1001@pbx.example.com>
	// P-Asserted-Identity: "Anonymous" <sip:anonymous@anonymous.invalid>
}

func TestB75_TheThreeHeaders(t *testing.T) {
	t.Parallel()
	who := everything("Erika Mustermann", "+4930123456")
	assert.Equal(t, `"Erika Mustermann" <sip:+4930123456@pbx.example.com>`, who.PAssertedIdentity(pbx))
	assert.Equal(t, `"Erika Mustermann" <sip:+4930123456@pbx.example.com>;party=calling;privacy=off;screen=yes`, who.RemotePartyID(pbx))
	assert.Equal(t, `<sip:1001@pbx.example.com>`, who.To(pbx))
}

func TestB75_OnlyWhatTheQueueWants(t *testing.T) {
	t.Parallel()
	who := everything("Erika", "+4930123456")
	for mask := range 8 {
		who.PAsserted, who.RemoteParty, who.ToExtension = mask&1 != 0, mask&2 != 0, mask&4 != 0
		assert.Equal(t, who.PAsserted, who.PAssertedIdentity(pbx) != "", "P-Asserted-Identity with %03b", mask)
		assert.Equal(t, who.RemoteParty, who.RemotePartyID(pbx) != "", "Remote-Party-ID with %03b", mask)
		assert.Equal(t, who.ToExtension, who.To(pbx) != "", "To with %03b", mask)
	}
}

func TestB75_ToNeedsAnExtension(t *testing.T) {
	t.Parallel()
	for extension, want := range map[agent.ID]string{
		"":                                     "",
		" \r\n":                                "",
		agent.ID(strings.Repeat("1", 129)):     "", // no id; a cut one would ring somebody else
		"1001":                                 "<sip:1001@pbx.example.com>",
		"private":                              "<sip:private@pbx.example.com>", // a name like any other here
		"10>,<sip:1":                           "<sip:10%3E%2C%3Csip%3A1@pbx.example.com>",
		agent.ID(strings.Repeat("\u202e1", 9)): "<sip:111111111@pbx.example.com>",
	} {
		who := acd.Identity{ToExtension: true, Extension: extension}
		assert.Equal(t, want, who.To(pbx), "%q", extension)
	}
}

func TestB75_WithoutANumberNobodyIsAsserted(t *testing.T) {
	t.Parallel()
	const (
		show = `"Erika" <` + anonymous + `>`
		hide = `"Anonymous" <` + anonymous + `>`
	)
	for _, c := range []struct{ name, number, want, shows string }{
		{"", "", hide, "privacy=full;screen=no"},
		{"\r\n", "\x00", hide, "privacy=full;screen=no"},
		{"Erika", "anonymous", hide, "privacy=full;screen=no"},
		{"Erika", "Restricted", hide, "privacy=full;screen=no"},
		{"Erika", "PRIVATE", hide, "privacy=full;screen=no"},
		{"Erika", " unknown ", hide, "privacy=full;screen=no"},
		{"", "unavail\u200eable", hide, "privacy=full;screen=no"},
		{"Erika", "", show, "privacy=uri;screen=no"},
		{"Erika", " \t", show, "privacy=uri;screen=no"},
		{"Erika", strings.Repeat("1", 65), show, "privacy=uri;screen=no"}, // a cut one would be somebody else's
	} {
		who := everything(c.name, c.number)
		assert.Equal(t, c.want, who.PAssertedIdentity(pbx), "%q %q", c.name, c.number)
		assert.Equal(t, c.want+";party=calling;"+c.shows, who.RemotePartyID(pbx), "%q %q", c.name, c.number)
	}
}

func TestB75_HostileNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                                      ``,
		"  \u00a0 ":                             ``,
		`"`:                                     `"\"" `,
		`\`:                                     `"\\" `,
		`ends in \`:                             `"ends in \\" `,
		`" <sip:boss@pbx>;x="`:                  `"\" <sip:boss@pbx>;x=\"" `,
		"Erika\r\nRoute: <sip:evil>":            `"ErikaRoute: <sip:evil>" `,
		"Erika\r\n\r\nv=0":                      `"Erikav=0" `,
		"a\x00b\tc\x1bd\x7fe":                   `"abcde" `,
		"a\u0085b\u009bc":                       `"abc" `,
		"a\u2028b\u2029c":                       `"abc" `,
		"\u202eakire\u202c \u2066x\u2069\u061c": `"akire x" `,
		"\u200eleft\u200fright":                 `"leftright" `,
		"bad \xff\xc0\xaf\xed\xa0\x80utf":       `"bad utf" `,
		"bad \xe2\x80":                          `"bad" `,
		"split\xe2\x80\r\xa8":                   `"split" `, // no separator arises from what is left
		"not bad \ufffd":                        "\"not bad \ufffd\" ",
		"Jörg Müller-Łódź 山田 👩‍💻": `"Jörg Müller-Łódź 山田 👩‍💻" `,
		"מיכל":                                  `"מיכל" `,
		"a, b; c <d> (e) %0d%0a 'f' ?g=h":       `"a, b; c <d> (e) %0d%0a 'f' ?g=h" `,
		strings.Repeat("x", 10_000):             `"` + strings.Repeat("x", 128) + `" `,
		strings.Repeat("\"", 10_000):            `"` + strings.Repeat(`\"`, 128) + `" `,
		strings.Repeat("é", 129):                `"` + strings.Repeat("é", 128) + `" `,
		strings.Repeat("x", 127) + "  y":        `"` + strings.Repeat("x", 127) + `" `,
		strings.Repeat("\r\n", 5_000) + "Erika": `"Erika" `,
	} {
		who := everything(name, "+4930123456")
		assert.Equal(t, want+"<sip:+4930123456@pbx.example.com>", who.PAssertedIdentity(pbx), "%.40q", name)
	}
}

func TestB75_HostileNumbers(t *testing.T) {
	t.Parallel()
	for number, user := range map[string]string{
		"+49 (30) 123-456":      "+49%20(30)%20123-456",
		"**21*6000#":            "**21*6000%23",
		"anonymous7":            "anonymous7",
		"1@evil.example":        "1%40evil.example",
		"1;phone-context=+49":   "1%3Bphone-context%3D+49",
		"1:secret":              "1%3Asecret",
		"1>;tag=x":              "1%3E%3Btag%3Dx",
		"1>, <sip:2":            "1%3E%2C%20%3Csip%3A2",
		"1?Replaces=x&y":        "1%3FReplaces%3Dx%26y",
		"%0d%0a":                "%250d%250a",
		`"1\`:                   "%221%5C",
		"1\r\nRoute: <sip:2>":   "1Route%3A%20%3Csip%3A2%3E",
		"\u202e+49\x00\u200f1":  "+491",
		"4\xff9\xe2\x80":        "49",
		"١٢٣":                   "%D9%A1%D9%A2%D9%A3",
		strings.Repeat("7", 64): strings.Repeat("7", 64),
		strings.Repeat("é", 64): strings.Repeat("%C3%A9", 64),
	} {
		who := everything("", number)
		assert.Equal(t, "<sip:"+user+"@pbx.example.com>", who.PAssertedIdentity(pbx), "%.40q", number)
	}
}

func TestB75_Hosts(t *testing.T) {
	t.Parallel()
	const replaced = "unknown.invalid"
	for host, want := range map[string]string{
		"pbx":                            "pbx",
		"PBX-1.example.com":              "PBX-1.example.com",
		"pbx.example.com:5060":           "pbx.example.com:5060",
		"192.0.2.1":                      "192.0.2.1",
		"192.0.2.1:5061":                 "192.0.2.1:5061",
		"2001:db8::1":                    "[2001:db8::1]",
		"[2001:db8::1]":                  "[2001:db8::1]",
		"[2001:db8::1]:5060":             "[2001:db8::1]:5060",
		"[::ffff:192.0.2.1]":             "[::ffff:192.0.2.1]",
		"":                               replaced,
		".":                              replaced,
		"a..b":                           replaced,
		"a.":                             replaced,
		"-a.b":                           replaced,
		"a-.b":                           replaced,
		"pbx example":                    replaced,
		"pbx_1":                          replaced,
		"pbx\r\nRoute: <sip:evil>":       replaced,
		"pbx>":                           replaced,
		"pbx;lr":                         replaced,
		"pbx?x=y":                        replaced,
		"user@pbx":                       replaced,
		"büro.example.com":               replaced,
		"pbx:":                           replaced,
		"pbx:0":                          replaced,
		"pbx:65536":                      replaced,
		"pbx:000001":                     replaced,
		"pbx:+1":                         replaced,
		"pbx:1:2":                        replaced,
		":5060":                          replaced,
		"[]":                             replaced,
		"[":                              replaced,
		"]":                              replaced,
		"]:1":                            replaced,
		"[::1":                           replaced,
		"::1]":                           replaced,
		"[[::1]]":                        replaced,
		"[::1]x":                         replaced,
		"[::1]:x":                        replaced,
		"[192.0.2.1]":                    replaced,
		"[pbx]":                          replaced,
		"fe80::1%eth0":                   replaced,
		"[fe80::1%25eth0]":               replaced,
		"[fe80::1%\r\n]":                 replaced,
		strings.Repeat("a", 64):          replaced,
		strings.Repeat("a.", 5000) + "a": replaced,
	} {
		who := everything("", "+4930123456")
		assert.Equal(t, "<sip:+4930123456@"+want+">", who.PAssertedIdentity(host), "%.40q", host)
		assert.Equal(t, "<sip:1001@"+want+">", who.To(host), "%.40q", host)
	}
}

func TestB75_Identity_JSONKeepsIt(t *testing.T) {
	t.Parallel()
	who := everything("Erika", "+4930123456")
	text, err := json.Marshal(who)
	require.NoError(t, err)
	assert.JSONEq(t, `{"p_asserted": true, "remote_party": true, "to_extension": true,
		"name": "Erika", "number": "+4930123456", "extension": "1001"}`, string(text))
	var back acd.Identity
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, who, back)
}

// ---- Any text at all.

// A header is what readHeader finds in a header's value.
type header struct {
	name, user, host string
	params           []string
}

// readHeader is a small strict parser of [quoted-string SP] "<sip:" user "@" host
// ">" *(";" token "=" token), written from the grammar of RFC 3261 and sharing
// nothing with what it reads.
func readHeader(value string) (header, error) {
	var h header
	rest := value
	if strings.HasPrefix(rest, `"`) {
		var name strings.Builder
		for rest = rest[1:]; !strings.HasPrefix(rest, `"`); {
			rest = strings.TrimPrefix(rest, `\`)
			if rest == "" {
				return h, fmt.Errorf("an open quote in %q", value)
			}
			name.WriteByte(rest[0])
			rest = rest[1:]
		}
		rest = strings.TrimPrefix(rest[1:], " ")
		h.name = name.String()
	}
	uri, params, ok := strings.Cut(rest, ">")
	uri, sip := strings.CutPrefix(uri, "<sip:")
	if !ok || !sip || strings.ContainsAny(uri+params, `<>"\, `) {
		return h, fmt.Errorf("not one <sip:…> in %q", value)
	}
	user, host, _ := strings.Cut(uri, "@")
	if user == "" || host == "" || strings.ContainsAny(user+host, "@;?/&=$") || strings.Contains(user, ":") {
		return h, fmt.Errorf("not a user at a host in %q", value)
	}
	var err error
	if h.user, err = url.PathUnescape(user); err != nil {
		return h, err
	}
	h.host = host
	if params != "" {
		if !strings.HasPrefix(params, ";") {
			return h, fmt.Errorf("%q after the URI of %q", params, value)
		}
		h.params = strings.Split(params[1:], ";")
	}
	return h, nil
}

// shownText is what may be shown of a text: the rules of Identity once more, one
// character at a time.
func shownText(s string) string {
	var kept []rune
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r == utf8.RuneError && size == 1: // not UTF-8
		case r < 0x20, 0x7f <= r && r <= 0x9f: // C0, DEL, C1
		case r == 0x2028, r == 0x2029: // separators
		case r == 0x61c, r == 0x200e, r == 0x200f: // marks
		case 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069: // embeddings, overrides, isolates
		default:
			kept = append(kept, r)
		}
	}
	return strings.TrimSpace(string(kept))
}

// firstCharacters returns at most n characters of s.
func firstCharacters(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n]))
	}
	return s
}

// checkValue checks what is true of every value, whatever it was made of.
func checkValue(t *testing.T, value string) header {
	t.Helper()
	require.True(t, utf8.ValidString(value), "%q", value)
	require.Equal(t, shownText(value), value, "has characters that no header may have")
	require.Less(t, len(value), 2_000)
	h, err := readHeader(value)
	require.NoError(t, err)
	const hostport = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]"
	require.Empty(t, strings.Trim(h.host, hostport), "in the host of %q", value)
	return h
}

// Whatever a caller calls himself, and whatever his number, an agent's extension
// and the host are, a header is one header and says what it was to say.
func FuzzIdentity(f *testing.F) {
	for _, s := range [][4]string{
		{"Erika Mustermann", "+4930123456", "1001", pbx},
		{"", "", "", ""},
		{`" <sip:boss@pbx>;x="`, `1>, "x" <sip:2`, "1>;tag=x", "pbx>;lr"},
		{`\`, `\`, `\`, `\`},
		{"a\r\nRoute: <sip:evil>\r\n\r\nv=0", "1\r\nX: y", "1\r\nX: y", "pbx\r\nX: y"},
		{"\x00\x1b\x7f\u0085\u009b\u2028\u2029", "1\x002", "1\x002", "p\x00bx"},
		{"\u202eakire\u2066\u200f\u061c", "\u202e654\u202c", "\u200e1001", "\u202epbx"},
		{"\xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80", "1\xff2", "\xe2\x80", "\xff"},
		{"\xe2\x80\r\xae", "\xe2\x80\n\xae", "\xe2\x80\x00\xa8", "[::1%\r]"},
		{strings.Repeat("\"\\", 5_000), strings.Repeat("9", 10_000), strings.Repeat("9", 10_000), strings.Repeat("a.", 5_000)},
		{strings.Repeat("👩‍💻", 100), strings.Repeat("é", 64), strings.Repeat("é", 64), "[2001:db8::1]:5060"},
		{"Erika", "Anonymous", "private", "2001:db8::1"},
		{"Erika", "1;phone-context=+49?Replaces=x&y=%0d%0a", "*21*#", "192.0.2.1:5061"},
		{"=?utf-8?q?x?=", "１２３", "-", "xn--bro-hoa.example.com"},
	} {
		f.Add(s[0], s[1], s[2], s[3])
	}
	f.Fuzz(func(t *testing.T, name, number, extension, host string) {
		who := everything(name, number)
		who.Extension = agent.ID(extension)

		shownName, shownNumber := firstCharacters(shownText(name), 128), shownText(number)
		params := []string{"party=calling", "privacy=off", "screen=yes"}
		withheld := false
		for _, word := range []string{"anonymous", "restricted", "private", "unknown", "unavailable"} {
			withheld = withheld || strings.ToLower(shownNumber) == word
		}
		if utf8.RuneCountInString(shownNumber) > 64 {
			shownNumber = ""
		}
		if withheld || shownNumber == "" {
			params = []string{"party=calling", "privacy=uri", "screen=no"}
			if withheld || shownName == "" {
				shownName, params[1] = "Anonymous", "privacy=full"
			}
			shownNumber = "anonymous"
		}

		asserted := who.PAssertedIdentity(host)
		h := checkValue(t, asserted)
		require.Equal(t, shownName, h.name)
		require.Equal(t, shownNumber, h.user)
		require.Empty(t, h.params)
		if params[2] == "screen=no" {
			require.Equal(t, "anonymous.invalid", h.host)
		} else {
			require.Contains(t, []string{host, "[" + host + "]", "unknown.invalid"}, h.host)
		}

		remote := who.RemotePartyID(host)
		require.Equal(t, params, checkValue(t, remote).params)
		require.True(t, strings.HasPrefix(remote, asserted+";"), "%q says something else than %q", remote, asserted)

		to, shownExtension := who.To(host), shownText(extension)
		if shownExtension == "" || len(shownExtension) > 128 {
			require.Empty(t, to)
			return
		}
		h = checkValue(t, to)
		require.Equal(t, header{user: shownExtension, host: h.host}, h)
		require.Contains(t, []string{host, "[" + host + "]", "unknown.invalid"}, h.host)
	})
}
