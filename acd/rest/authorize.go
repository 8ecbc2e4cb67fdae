package rest

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
)

// Action is what a request asks for, as [Options].Authorize sees it. A value.
type Action struct {
	// Name is the operationId of openapi.json: "listQueues", "updateQueue", ….
	Name string
	// Write says that it changes something.
	Write bool
	// Own says that it is about the principal himself: his queues, his status, the
	// call that he picks up.
	Own bool
}

// Principal is who makes a request, as the host knows him. A value.
type Principal struct {
	// Router is the one that serves him, for hosts that have one for each tenant;
	// nil: that of [New].
	Router *acd.Router
	// Agent is his extension; "": he is no agent.
	Agent agent.ID
	// Name is for the log.
	Name string
}

// ErrUnauthorized is what Authorize returns, wrapped or not, for a request of which it
// does not know whose it is: 401. Any other error is 403. Neither says more to the
// client.
var ErrUnauthorized = errors.New("rest: unauthorized")

// ErrForbidden is an error for Authorize to return when the principal may not do this.
var ErrForbidden = errors.New("rest: forbidden")

// authorize asks the host.
func (h *Handler) authorize(rq *request) error {
	if h.options.Authorize == nil {
		return ErrForbidden
	}
	p, err := h.options.Authorize(rq.Request, rq.action)
	if err != nil {
		return &denied{err}
	}
	if p.Router == nil {
		p.Router = h.router
	}
	if p.Router == nil {
		return ErrForbidden // a principal of no tenant
	}
	rq.principal, rq.router = p, p.Router
	return nil
}

// denied is an error of the host's hook, whatever it wraps.
type denied struct{ err error }

func (d *denied) Error() string { return d.err.Error() }

// own returns the agent that the principal is.
func (rq *request) own() (agent.ID, error) {
	if rq.principal.Agent == "" {
		return "", ErrForbidden
	}
	return rq.principal.Agent, nil
}

// user returns the agent that a user's id in the path names, who is known.
func (rq *request) user() (acd.AgentView, error) {
	id := rq.PathValue("id")
	extension := agent.ID(id)
	if of := rq.handler.options.User; of != nil {
		var err error
		switch extension, err = of(rq.Request, rq.principal, id); {
		case errors.Is(err, acd.ErrNotFound):
			return acd.AgentView{}, notFound("user", id) // the hook's own words are not for the client
		case errors.Is(err, ErrForbidden):
			return acd.AgentView{}, ErrForbidden
		case err != nil:
			return acd.AgentView{}, fmt.Errorf("rest: user: %v", err) //nolint:errorlint // whatever it wraps, it is the host's failure
		}
	}
	return rq.router.Agent(extension)
}

// challenge says how to authorize oneself.
func challenge(header http.Header) { header.Set("WWW-Authenticate", "Bearer") }
