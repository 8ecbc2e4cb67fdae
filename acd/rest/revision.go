package rest

import (
	"errors"
	"strconv"
	"strings"

	"github.com/acdkit/acdkit/acd"
)

// A change names a part of what it changes, and the router replaces the whole. So it is
// read, changed and handed in with the revision that was read: what anybody else does
// meanwhile, through this handler or past it, is not undone.

// most is how often a change is tried: somebody else may be faster, but not for ever.
const most = 10

// change applies the input that f makes of what there is now. If that has changed
// meanwhile f makes another.
func (rq *request) change(f func() (acd.Input, error)) error {
	for tries := 1; ; tries++ {
		in, err := f()
		if err != nil {
			return err
		}
		if err := rq.do(in); !errors.Is(err, acd.ErrChanged) || tries == most {
			return err
		}
	}
}

// match refuses a request that is about another revision than the one there is.
func (rq *request) match(revision uint64) error {
	if match := rq.Header.Values("If-Match"); len(match) > 0 && !names(match, etag(revision), false) {
		return acd.ErrChanged
	}
	return nil
}

// revise changes what has a revision, by what a form says of it as it is now, and
// answers with its next one.
func revise[T any](rq *request, read func() (T, uint64, error), into func(now T, f *form) (acd.Input, error)) (*reply, error) {
	var was uint64
	err := rq.change(func() (in acd.Input, err error) {
		var now T
		if now, was, err = read(); err != nil {
			return nil, err
		}
		if err := rq.match(was); err != nil {
			return nil, err
		}
		f, err := rq.form()
		if err != nil {
			return nil, err
		}
		return into(now, f)
	})
	return done().of(was + 1), err
}

// destroy takes away what has a revision.
func destroy[T any](rq *request, read func() (T, uint64, error), in func(now T, revision uint64) acd.Input) (*reply, error) {
	return gone(), rq.change(func() (acd.Input, error) {
		now, revision, err := read()
		if err != nil {
			return nil, err
		}
		return in(now, revision), rq.match(revision)
	})
}

// of makes an answer one about a revision of something; nil stays nil.
func (r *reply) of(revision uint64) *reply {
	if r != nil {
		r.header = [][2]string{{"ETag", etag(revision).String()}}
	}
	return r
}

// etag is a revision as a validator.
type etag uint64

func (t etag) String() string { return strconv.Quote(strconv.FormatUint(uint64(t), 10)) }

// names reports whether an If-Match or If-None-Match names a validator. Weak ones count
// with the latter alone.
func names(values []string, t etag, weak bool) bool {
	for _, v := range values {
		for one := range strings.SplitSeq(v, ",") {
			one = strings.TrimSpace(one)
			if weak {
				one = strings.TrimPrefix(one, "W/")
			}
			if one == "*" || one == t.String() {
				return true
			}
		}
	}
	return false
}
