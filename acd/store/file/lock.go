package file

// lockName is the file whose lock says that a directory is in use. It stays when
// the store is closed; that it is there says nothing.
const lockName = "acd.lock"

// lock is what keeps others out of a directory. The lock ends with the process,
// however that ends, but see lock_other.go.
type lock interface {
	release() error
}
