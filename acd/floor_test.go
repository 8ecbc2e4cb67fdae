package acd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/acdkit/acdkit/acd"
)

// heard is a machine whose events are noted.
type heard struct {
	machine
	told []string
}

func (h *heard) take() []acd.Event {
	events := h.machine.take()
	for _, ev := range events {
		text := fmt.Sprintf("%v %T", ev.At.UnixNano(), ev.Do)
		switch do := ev.Do.(type) {
		case *acd.CallJoined:
			text += fmt.Sprint(do.About, do.Number)
		case *acd.Ring:
			text += fmt.Sprint(do.About, do.Offer, do.Number, do.For, do.Wait)
		case *acd.CallLeft:
			text += fmt.Sprint(do.About, do.Outcome, do.Wait)
		case *acd.CallConnected:
			text += fmt.Sprint(do.About, do.By, do.Wait)
		case *acd.TalkEnded:
			text += fmt.Sprint(do.About, do.By, do.Talk)
		case *acd.LineChanged:
			text += fmt.Sprint(do.Use, do.Call)
		}
		h.told = append(h.told, text)
	}
	return events
}

// The floor that the benchmarks compare with does the whole work: call by call it
// tells what the engine tells, at the same times, whether somebody waits or not.
func TestFloor_TellsWhatTheEngineTells(t *testing.T) {
	t.Parallel()
	for _, s := range []scene{
		{agents: 40},
		{agents: 40, waiting: 100, talk: 18 * time.Second, wrapUp: time.Second},
	} {
		floor, engine := &heard{machine: newFloorMachine(s)}, &heard{machine: newEngineMachine(t, s)}
		for _, m := range []machine{floor, engine} {
			f := newFlow(m, s)
			for range 500 {
				f.call()
			}
		}
		require.Greater(t, len(floor.told), 13*500)
		require.Len(t, floor.told, len(engine.told))
		for i, want := range engine.told {
			require.Equal(t, want, floor.told[i], "event %d", i)
		}
	}
}
