package replay

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/queue"
)

// The real month lies beside the project and is not part of it.
const month = "../../../shared/data/bank-1999-02.tsv.gz"

func TestMonthIsAccountedForAndNearReality(t *testing.T) {
	t.Parallel()
	f, err := os.Open(month)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the month is not here")
	}
	require.NoError(t, err)
	defer f.Close()
	log, err := Read(f, Guess)
	require.NoError(t, err)
	accounted(t, log)
	assert.Equal(t, 33344, log.Records)
	assert.Len(t, log.Calls, 33066)
	assert.Equal(t, []Ignored{{"PHANTOM", 278}}, log.Ignored)
	assert.Empty(t, log.Bad)
	assert.Len(t, log.Agents, 24)

	c, err := Compare(log, Options{Strategies: []string{"CYCLIC_HUNT", "PRIORITIZED_HUNT"}})
	require.NoError(t, err)
	assert.Equal(t, 27162, c.Real.Answered)
	assert.Equal(t, 5904, c.Real.Abandoned)
	assert.InDelta(t, 40.774, float64(c.Real.WaitMean), 0.001)
	assert.InDelta(t, 43.986, float64(c.Real.WaitAbandoned), 0.001)
	assert.Equal(t, 7812, c.Real.RepeatCallers)
	for _, n := range c.Strategies {
		assert.Equal(t, 33066, n.Answered+n.Abandoned, n.Name)
		assert.InEpsilon(t, float64(c.Real.WaitMean), float64(n.WaitMean), near, n.Name)
		beats(t, n, 13000)
	}
	assert.Greater(t, c.Strategies[1].WorkSpread, c.Strategies[0].WorkSpread)

	played, err := c.Plan.Play(Rules{Strategy: "CYCLIC_HUNT", Sticky: true})
	require.NoError(t, err)
	var free, met int
	for _, p := range played {
		if p.Outcome == queue.Answered && p.Told.Where == Free {
			free++
			if p.Agent == p.Told.Whom {
				met++
			}
		}
	}
	assert.Greater(t, free, 150)
	assert.Equal(t, free, met, "whoever finds free whom he knows meets him")
}
