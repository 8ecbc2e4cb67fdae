// Package bolt is an [acd.Storage] in one file of go.etcd.io/bbolt, a B+tree that is
// written copy-on-write. It is a module of its own, so that a host which does not
// want it does not link it.
//
//	store, err := bolt.Open("/var/lib/pbx/acd.db", bolt.Options{})
//
// Take it if the state should not be in memory a second time, or be read with bbolt's
// own tools; take acd/store/file if commits should be fast: here each costs two syncs
// and rewrites pages.
//
// A batch is one transaction. In the file are two buckets: "records", key to value,
// and "acdkit", which holds the format and the epoch and seq of the last batch. What a
// crash leaves of a transaction bbolt does not see; damage of its pages it finds where
// it steps on it, and [Check] everywhere. Only one process may have the file open.
package bolt
