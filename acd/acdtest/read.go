package acdtest

import (
	"slices"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// page is how much a read gives at once.
const page = 100

// waitingIn returns the whole line of a queue.
func waitingIn(e *acd.Engine, id queue.ID) []acd.CallView {
	return allPages(func(skip int) ([]acd.CallView, error) { return e.Waiting(id, skip, page) })
}

// callbacksOf returns the open callbacks of a queue.
func callbacksOf(e *acd.Engine, id queue.ID) []acd.CallbackView {
	return allPages(func(skip int) ([]acd.CallbackView, error) { return e.Callbacks(id, skip, page) })
}

// membersOf returns the whole list of a queue.
func membersOf(e *acd.Engine, id queue.ID) []acd.MemberView {
	return allPages(func(skip int) ([]acd.MemberView, error) { return e.Members(id, skip, page) })
}

func allPages[V any](read func(skip int) ([]V, error)) []V {
	var all []V
	for {
		next, err := read(len(all))
		all = append(all, next...)
		if err != nil || len(next) < page {
			return slices.Clip(all)
		}
	}
}
