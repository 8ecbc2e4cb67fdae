package strategy

import (
	"errors"
	"fmt"

	"github.com/acdkit/acdkit/agent"
)

// Strategy is an order in which the available agents of a queue are rung. The
// seven of the product are literals of this type, and so is a host's own (B38).
// A Strategy is read only and may be shared between goroutines.
type Strategy struct {
	// Name is what configurations call it: 1..64 upper-case letters, digits
	// and underscores.
	Name string
	// Simultaneous rings all available agents at once, in this order as far
	// as ring_limit bounds them (B35).
	Simultaneous bool
	// Skilled goes through the groups of skill levels, best level first, and
	// uses the order within a group (B34).
	Skilled bool
	// Rank places a member when he becomes available: lower ranks ring first,
	// equal ranks in configured order. It must depend on nothing but the
	// candidate. Nil: configured order.
	Rank func(Candidate) Rank
	// Choose, if set, looks at the call and returns whom to ring, in order, out
	// of those available; Rank is then only the order in which it sees them. It
	// costs O(available) for each offer. See [Strategy.Pick].
	Choose func(Choice) []agent.ID
}

// Rank is a place in an order: compared element by element, lower first.
type Rank [2]int64

// Less reports whether r comes before other.
func (r Rank) Less(other Rank) bool {
	return r[0] < other[0] || r[0] == other[0] && r[1] < other[1]
}

// Candidate is a member who became available.
type Candidate struct {
	*agent.Membership // read only
	// Turn is the clock of a race: the highest first element of a rank that
	// was rung so far, 0 before.
	Turn int64
	// Draw is a random number of this candidate's own, from the seeded source
	// of the engine.
	Draw uint64
}

// maxName is the length of the longest name.
const maxName = 64

// Check reports what is wrong with a host's own strategies, all of it at once:
// a name that is not 1..64 of A-Z, 0-9 and underscore, that one of the seven
// has, or that occurs twice. The error wraps [agent.ErrInvalid].
func Check(own ...Strategy) error {
	var problems []error
	refuse := func(name, why string) {
		problems = append(problems, fmt.Errorf("strategy: %w: name %q: %s", agent.ErrInvalid, name, why))
	}
	for i := range own {
		switch name := own[i].Name; {
		case !wellFormed(name):
			refuse(name, "must be 1..64 of A-Z, 0-9 and _")
		case BuiltIn(name):
			refuse(name, "is one of the seven")
		case find(name, own[:i]) != nil:
			refuse(name, "must be unique")
		}
	}
	return errors.Join(problems...)
}

func wellFormed(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return name != "" && len(name) <= maxName
}

func find(name string, in []Strategy) *Strategy {
	for i := range in {
		if in[i].Name == name {
			return &in[i]
		}
	}
	return nil
}
