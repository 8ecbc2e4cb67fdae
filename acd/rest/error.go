package rest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// failure is an error as the client sees it.
type failure struct {
	status                int
	code, message, detail string
}

func (f *failure) Error() string { return fmt.Sprintf("%s: %s", f.code, f.detail) }

func badRequest(detail string) error {
	return &failure{http.StatusBadRequest, "BAD_REQUEST", "The request cannot be read.", detail}
}

// invalid refuses an object with all its problems; nil if there are none.
func invalid(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	if len(problems) > maxProblems {
		problems = append(slices.Clone(problems[:maxProblems]), "and more")
	}
	return &failure{http.StatusBadRequest, "VALIDATE_FAILED", "Some values are not valid.", strings.Join(problems, "; ")}
}

func notFound(what, id string) error {
	return &acd.Error{Err: acd.ErrNotFound, What: what, ID: id}
}

// refusals are the errors of the router that say that nothing was changed, and those
// that say otherwise.
var refusals = []struct {
	err     error
	failure failure
}{
	{acd.ErrNotFound, failure{http.StatusNotFound, "NOT_FOUND", "There is no such thing.", ""}},
	{acd.ErrExists, failure{http.StatusConflict, "ALREADY_EXISTS", "It is taken.", ""}},
	{acd.ErrInvalid, failure{http.StatusBadRequest, "VALIDATE_FAILED", "Some values are not valid.", ""}},
	{acd.ErrAgentBusy, failure{http.StatusConflict, "AGENT_BUSY", "The agent is on a call.", ""}},
	{acd.ErrNotWaiting, failure{http.StatusConflict, "NOT_WAITING", "The call does not wait, or does no longer.", ""}},
	{acd.ErrChanged, failure{http.StatusPreconditionFailed, "CHANGED_MEANWHILE", "It has changed since it was read.", ""}},
	{acd.ErrNotDurable, failure{http.StatusServiceUnavailable, "NOT_DURABLE", "The change is applied and not yet stored. Do not repeat it.", ""}},
	{acd.ErrFenced, failure{http.StatusServiceUnavailable, "ROUTER_CLOSED", "Another server has taken over.", ""}},
	{acd.ErrClosed, failure{http.StatusServiceUnavailable, "ROUTER_CLOSED", "The server is closing.", ""}},
	{ErrForbidden, failure{http.StatusForbidden, "FORBIDDEN", "You may not do this.", ""}},
}

// failureOf returns what the client is told of an error. What the host's hooks and
// the store say is not for him.
func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var d *denied
	if errors.As(err, &d) {
		if errors.Is(d.err, ErrUnauthorized) {
			return &failure{http.StatusUnauthorized, "UNAUTHORIZED", "It is not known who you are.", ""}
		}
		return failureOf(ErrForbidden)
	}
	for _, r := range refusals {
		if !errors.Is(err, r.err) {
			continue
		}
		f := r.failure
		if f.status < http.StatusInternalServerError && f.status != http.StatusForbidden {
			f.detail = strings.Join(problemsOf(err), "; ")
		}
		return &f
	}
	return &failure{http.StatusInternalServerError, "INTERNAL_ERROR", "Something went wrong here.", ""}
}

// problemsOf returns the single problems of joined errors, without the names of the
// packages that say so.
func problemsOf(err error) []string {
	var many interface{ Unwrap() []error }
	var property *queue.PropertyError
	switch {
	case errors.As(err, &many):
		var all []string
		for _, one := range many.Unwrap() {
			all = append(all, problemsOf(one)...)
		}
		return slices.Compact(all)
	case errors.As(err, &property):
		return []string{property.Error()}
	}
	text := err.Error()
	for _, of := range []string{"acd: ", "queue: ", "agent: ", "invalid: "} {
		text = strings.TrimPrefix(text, of)
	}
	return []string{text}
}

// encode returns {"errors":[…]}.
func (f *failure) encode() []byte {
	b := append([]byte(`{"errors":[`), '{')
	b = appendField(b, "code", textOf(f.code))
	b = appendField(b, "message", textOf(f.message))
	b = appendField(b, "detail", textOf(f.detail))
	return append(b, "}]}"...)
}
