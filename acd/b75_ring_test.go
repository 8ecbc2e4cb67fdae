package acd_test

import (
	"testing"

	"github.com/acdkit/acdkit/acd"
)

// The offer says what the INVITE carries: what the queue's configuration had
// when it began.
func TestB75_TheOfferSaysWhatTheInviteCarries(t *testing.T) {
	t.Parallel()
	in := join("c1", "q")
	in.Number, in.Name = "+4930123456", "Ada"
	e := newEngine(t, makeQueue(t, "q", "enable_paid=true", "extension_number_as_to_header=true"), ready("1001", "q"), in)
	rings, _ := only[*acd.Ring](e.Take())
	if len(rings) != 1 {
		t.Fatalf("%d rings", len(rings))
	}
	id := rings[0].Identity()
	for _, c := range []struct{ header, got, want string }{
		{"P-Asserted-Identity", id.PAssertedIdentity("pbx.example.com"), `"Ada" <sip:+4930123456@pbx.example.com>`},
		{"Remote-Party-ID", id.RemotePartyID("pbx.example.com"), ""},
		{"To", id.To("pbx.example.com"), "<sip:1001@pbx.example.com>"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.header, c.got, c.want)
		}
	}
}
