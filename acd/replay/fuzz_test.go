package replay

import (
	"bytes"
	"os"
	"testing"
)

// fuzz feeds a reader with anything: it must not panic, must account for every
// record, and what it lets pass must be playable.
func fuzz(f *testing.F, file string, format Format) {
	seed, err := os.ReadFile("testdata/" + file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	for _, line := range bytes.SplitAfter(seed, []byte("\n")) {
		f.Add(line)
	}
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := Read(bytes.NewReader(data), format)
		if err != nil {
			return
		}
		accounted(t, log)
		for i, c := range log.Calls {
			if p := c.problem(); p != "" && format != QueueLog {
				t.Errorf("call %s: %s", c.ID, p)
			}
			if c.Wait < 0 || c.Talk < Unknown {
				t.Errorf("call %s: wait %v, talk %v", c.ID, c.Wait, c.Talk)
			}
			if i > 0 && c.At.Before(log.Calls[i-1].At) {
				t.Errorf("call %s is out of order", c.ID)
			}
		}
		if len(log.Calls) > 100 {
			return
		}
		plan, err := NewPlan(log, Assumptions{})
		if err != nil {
			return
		}
		if _, err := plan.Play(Rules{Strategy: "CYCLIC_HUNT"}); err != nil {
			t.Error(err)
		}
	})
}

func FuzzBank(f *testing.F) { fuzz(f, "bank.tsv", Bank) }

func FuzzQueueLog(f *testing.F) { fuzz(f, "queue_log", QueueLog) }

func FuzzCSV(f *testing.F) { fuzz(f, "calls.csv", CSV) }
