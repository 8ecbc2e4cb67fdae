package acd_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// listReads are what Engine and Router let a host read of the lists.
type listReads interface {
	Lists() acd.Lists
	VIP(number string) (queue.Listing, error)
	VIPs(skip, top int) ([]queue.Listing, error)
	Exclusive(number string) (queue.ExclusiveNumber, error)
	Exclusives(skip, top int) ([]queue.ExclusiveNumber, error)
	Blocked(number string) (queue.BlockedNumber, error)
	BlockedPage(skip, top int) ([]queue.BlockedNumber, error)
}

var (
	_ listReads = (*acd.Engine)(nil)
	_ listReads = (*acd.Router)(nil)
)

// fillLists puts 250 numbers on each list, in no order, and takes one off again.
func fillLists(do func(acd.Input)) {
	for i := range 250 {
		l := queue.Listing{Number: fmt.Sprintf("+49%03d", (i*77)%250), Enabled: i%2 == 0}
		if i%5 == 0 {
			l.Expires = agent.At(listsStart.Add(time.Hour))
		}
		do(acd.SetVIP{Listing: l})
		do(acd.SetExclusive{Listing: l, Queue: "q", Agents: []agent.ID{"1001"}})
		do(acd.SetBlocked{BlockedNumber: queue.BlockedNumber{Listing: l, Level: queue.BlockSecond}})
	}
	do(acd.RemoveVIP{Number: "+49100"})
	do(acd.RemoveExclusive{Number: "+49100"})
	do(acd.RemoveBlocked{Number: "+49100"})
	do(acd.SetVIP{Listing: queue.Listing{Number: "+49200", Description: "twice"}})
	do(acd.EnableBlocking{Second: true})
	do(acd.SetNight{On: true})
}

// readLists checks what is read of them.
func readLists(t *testing.T, r listReads) {
	t.Helper()
	assert.Equal(t, acd.Lists{VIP: 249, Exclusive: 249, Blocked: 249, Blocking: acd.Blocking{Second: true}, Night: true}, r.Lists())
	vips := inPages(t, r.VIPs, func(l queue.Listing) string { return l.Number })
	assert.Equal(t, vips, inPages(t, r.Exclusives, func(x queue.ExclusiveNumber) string { return x.Number }))
	assert.Equal(t, vips, inPages(t, r.BlockedPage, func(b queue.BlockedNumber) string { return b.Number }))

	one, err := r.VIP("+49200")
	require.NoError(t, err)
	assert.Equal(t, "twice", one.Description)
	_, err = r.VIP("+49100")
	require.ErrorIs(t, err, acd.ErrNotFound)
	require.ErrorContains(t, err, "vip_number")
	_, err = r.Exclusive("+49100")
	require.ErrorIs(t, err, acd.ErrNotFound)
	_, err = r.Blocked("+49100")
	require.ErrorIs(t, err, acd.ErrNotFound)

	// In force: enabled, and not expired.
	one, err = r.VIP("+49000")
	require.NoError(t, err)
	assert.True(t, one.Counts(agent.At(listsStart.Add(time.Hour-1))))
	assert.False(t, one.Counts(agent.At(listsStart.Add(time.Hour))))

	// What is read is a copy.
	x, err := r.Exclusive("+49000")
	require.NoError(t, err)
	x.Agents["q"][0] = "nobody"
	x.Agents["r"] = nil
	x, err = r.Exclusive("+49000")
	require.NoError(t, err)
	assert.Equal(t, map[queue.ID][]agent.ID{"q": {"1001"}}, x.Agents)
	page, err := r.Exclusives(0, 1)
	require.NoError(t, err)
	page[0].Agents["q"][0] = "nobody"
	x, err = r.Exclusive("+49000")
	require.NoError(t, err)
	assert.Equal(t, []agent.ID{"1001"}, x.Agents["q"])
}

// inPages reads a list in pages of 100 and returns its numbers, which are in order.
func inPages[V any](t *testing.T, read func(skip, top int) ([]V, error), number func(V) string) []string {
	t.Helper()
	var all []string
	for _, want := range []int{100, 100, 49, 0} {
		page, err := read(len(all), 100)
		require.NoError(t, err)
		require.Len(t, page, want)
		for _, v := range page {
			all = append(all, number(v))
		}
	}
	assert.True(t, slices.IsSorted(all))
	for _, bad := range [][2]int{{-1, 10}, {0, 0}, {0, 101}} {
		_, err := read(bad[0], bad[1])
		require.ErrorIs(t, err, acd.ErrInvalid)
	}
	return all
}

func TestB45_B51_B72_ListsAreRead(t *testing.T) {
	t.Parallel()
	l := newLists(t)
	fillLists(func(in acd.Input) { require.NoError(t, l.Step(l.now, in)) })
	readLists(t, l)
	// They are the same in a restored engine.
	fresh, err := acd.NewEngine(acd.EngineOptions{})
	require.NoError(t, err)
	require.NoError(t, fresh.Restore(kept(l.Engine)))
	readLists(t, fresh)
	assert.Equal(t, slices.Collect(l.VIPNumbers()), slices.Collect(fresh.VIPNumbers()))
	assert.Equal(t, slices.Collect(l.ExclusiveNumbers()), slices.Collect(fresh.ExclusiveNumbers()))
	assert.Equal(t, slices.Collect(l.BlockedNumbers()), slices.Collect(fresh.BlockedNumbers()))
	assert.Len(t, slices.Collect(l.VIPNumbers()), 249)
}

func TestRouter_B45_B51_B72_ListsAreRead(t *testing.T) {
	t.Parallel()
	r := openRouter(t, acd.Options{})
	config := queue.Defaults()
	config.Name, config.Number = "q", "8000"
	mustPost(t, r, acd.CreateQueue{Queue: "q", Config: config}, acd.AddAgent{Agent: "1001"})
	fillLists(func(in acd.Input) { mustPost(t, r, in) })
	readLists(t, r)
	n := 0
	for l := range r.VIPNumbers() {
		n++
		one, err := r.VIP(l.Number) // the loop may call the Router
		require.NoError(t, err)
		assert.Equal(t, l, one)
	}
	for x := range r.ExclusiveNumbers() {
		assert.Equal(t, []agent.ID{"1001"}, x.Agents["q"])
		n++
	}
	for range r.BlockedNumbers() {
		n++
	}
	assert.Equal(t, 3*249, n)
}
