package acd

import "github.com/google/uuid"

// NewID returns a new id for a queue or a call, unlike any other in the world: a
// UUID of version 7, so that later ones sort after earlier ones. Inputs carry
// complete ids, for a machine that made them itself could not be replayed. It is
// safe for concurrent use.
func NewID() string {
	// The error is that of crypto/rand, which never returns one.
	return uuid.Must(uuid.NewV7()).String()
}
