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
// and "acdkit", which holds the format, the epoch and seq of the last batch, and a digest
// of all records. Only one process may have the file open.
//
// What a crash leaves of a transaction bbolt does not see. bbolt has no checksums of its
// pages; [Open] and [Store.Check] read all records and compare them with the digest, so
// that a flipped bit or a missing piece is an error that wraps [ErrDamaged], and nothing is
// read by half. Two things acd/store/file does better: damage of the newest meta page (64
// bytes) looks like a crash, and the last batch is gone; and how many pages belong to one
// (four bytes at its head), which no record depends on, is looked at by bbolt, which ends
// the process if it is damaged.
package bolt
