package acdtest

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/acdkit/acdkit/acd"
)

// ErrFault is what a [FaultyStorage] says when it fails on purpose.
var ErrFault = errors.New("acdtest: the store fails on purpose")

// Fault is what goes wrong with a commit.
type Fault uint8

// The faults.
const (
	NoFault     Fault = iota
	FailBefore        // an error, and nothing is kept
	FailAfter         // an error, although the batch is kept
	FailDuring        // the context of the commit ends while it runs
	CommitTwice       // the batch comes twice, as after an answer that was lost
	CommitLate        // the commit begins when FaultyStorage.Wait has returned
	CommitNever       // no answer until the context ends; nothing is kept
	faults
)

// FaultyStorage is an [acd.Storage] that fails on purpose: a host sees what his
// program does when the disk is full or the database is gone. It is safe for as
// much concurrent use as the store below it; the fields must not be changed once
// it is in use.
type FaultyStorage struct {
	// Storage is the store below, which keeps what is kept.
	Storage acd.Storage
	// Fault says what becomes of commit n, counted from 1; nil: nothing does.
	Fault func(n int) Fault
	// Wait is what CommitLate waits for; nil: for nothing.
	Wait func(ctx context.Context)

	mu sync.Mutex
	n  int
}

// Load implements [acd.Storage].
func (f *FaultyStorage) Load(ctx context.Context, prefix string) iter.Seq2[acd.Record, error] {
	return f.Storage.Load(ctx, prefix)
}

// Commit implements [acd.Storage]. An error on purpose is [ErrFault], or that of
// the context.
func (f *FaultyStorage) Commit(ctx context.Context, b acd.Batch) error {
	switch f.next() {
	case FailBefore:
		return ErrFault
	case FailAfter:
		if err := f.Storage.Commit(ctx, b); err != nil {
			return err
		}
		return ErrFault
	case FailDuring:
		ctx, cancel := context.WithCancel(ctx)
		go cancel()
		return f.Storage.Commit(ctx, b)
	case CommitTwice:
		if err := f.Storage.Commit(ctx, b); err != nil {
			return err
		}
	case CommitLate:
		if f.Wait != nil {
			f.Wait(ctx)
		}
	case CommitNever:
		<-ctx.Done()
		return ctx.Err()
	}
	return f.Storage.Commit(ctx, b)
}

// Commits returns how many commits there were.
func (f *FaultyStorage) Commits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

func (f *FaultyStorage) next() Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	if f.Fault == nil {
		return NoFault
	}
	return f.Fault(f.n)
}
