package queue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// OutboundCallerID is a number that an outbound leg of the queue may show, and
// the provider that carries it. The library hands it to the host.
type OutboundCallerID struct {
	ProviderID  string `json:"provider_id"`           // the host's, ≤ 128 bytes
	CallerID    string `json:"caller_id"`             // 1..64 characters
	Description string `json:"description,omitempty"` // ≤ 1024 characters
}

// allowed reports whether every part keeps its limit.
func (o OutboundCallerID) allowed() bool {
	return clean(o.ProviderID) && len(o.ProviderID) <= maxID &&
		clean(o.CallerID) && sized(o.CallerID, 1, maxNumber) &&
		clean(o.Description) && sized(o.Description, 0, maxText)
}

// callerIDsValue is the list of a queue's outbound caller ids. Scripts write them as
// provider:number,provider:number, without descriptions.
type callerIDsValue struct{ field *[]OutboundCallerID }

func (v callerIDsValue) parse(text string) bool {
	var ids []OutboundCallerID
	for part := range strings.SplitSeq(text, ",") {
		if text == "" {
			break
		}
		i := strings.LastIndexByte(part, ':')
		if i < 0 {
			return false
		}
		ids = append(ids, OutboundCallerID{ProviderID: part[:i], CallerID: part[i+1:]})
	}
	*v.field = ids
	return true
}

func (v callerIDsValue) decode(raw []byte) bool {
	var ids []*OutboundCallerID
	if decodeStrictly(raw, &ids) != nil || slices.Contains(ids, nil) {
		return false
	}
	*v.field = nil // not the array that copies of the Config share
	for _, id := range ids {
		*v.field = append(*v.field, *id)
	}
	return true
}

func (v callerIDsValue) encode() ([]byte, bool) {
	if len(*v.field) == 0 {
		return []byte("[]"), true // an array, never null
	}
	raw, err := json.Marshal(*v.field)
	return raw, err == nil
}

func (v callerIDsValue) String() string {
	raw, _ := v.encode() // strings only: cannot fail
	return printable(string(raw))
}

func (v callerIDsValue) must() string {
	return fmt.Sprintf("a list of provider_id of at most %d bytes, caller_id of 1..%d characters and description of at most %d", maxID, maxNumber, maxText)
}

func (v callerIDsValue) problem() string {
	for _, id := range *v.field {
		if !id.allowed() {
			return v.must()
		}
	}
	return ""
}

func (v callerIDsValue) describe(p *Property) { p.Kind = KindCallerIDs }
