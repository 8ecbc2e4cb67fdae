package queue

import (
	"github.com/acdkit/acdkit/agent"
)

// Listing is what the entries of all lists of callers have in common.
type Listing struct {
	// ID names the entry within its list, for good: the number may change. 1..128
	// bytes.
	ID          string        `json:"id,omitempty"`
	Number      string        `json:"number"`
	Enabled     bool          `json:"enabled"`
	Expires     agent.Instant `json:"expire_at,omitempty"` // 0: never, else 1970-01-02..2261-12-31
	Created     agent.Instant `json:"created_at,omitempty"`
	Updated     agent.Instant `json:"updated_at,omitempty"`
	Description string        `json:"description,omitempty"`
	Address     string        `json:"address,omitempty"`
	Longitude   string        `json:"longitude,omitempty"`
	Latitude    string        `json:"latitude,omitempty"`
	// Revision counts the changes of the entry, from 1.
	Revision uint64 `json:"revision,omitempty"`
}

// Counts reports whether the listing is in force: enabled and not expired.
func (l *Listing) Counts(now agent.Instant) bool {
	return l != nil && l.Enabled && (l.Expires == 0 || now < l.Expires)
}

// BlockLevel is what happens to a blocked caller (B45).
type BlockLevel uint8

// The levels.
const (
	BlockFirst  BlockLevel = iota // FIRST: warned, and asked whether to go on
	BlockSecond                   // SECOND: warned and released
)

var blockLevelNames = []string{"FIRST", "SECOND"}

// String returns FIRST or SECOND.
func (l BlockLevel) String() string { return spell(blockLevelNames, l, "BlockLevel") }

// MarshalText implements [encoding.TextMarshaler]. A value that there is not is an
// error that wraps [agent.ErrInvalid].
func (l BlockLevel) MarshalText() ([]byte, error) { return spellText(blockLevelNames, l, "level") }

// UnmarshalText implements [encoding.TextUnmarshaler]. An unknown text is an
// error that wraps [agent.ErrInvalid] and lists those known.
func (l *BlockLevel) UnmarshalText(text []byte) error {
	return readText(blockLevelNames, l, text, "level")
}

// BlockedNumber is an entry of the list of blocked numbers.
type BlockedNumber struct {
	Listing
	Level     BlockLevel `json:"level"`
	Triggered int        `json:"trigger_times"` // how often it was met
}

// ExclusiveNumber is a caller who has agents of his own, by queue, in the order in
// which they are tried (B72).
type ExclusiveNumber struct {
	Listing
	Agents map[ID][]agent.ID `json:"agents,omitempty"`
}
