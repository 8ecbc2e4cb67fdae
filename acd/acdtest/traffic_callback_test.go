package acdtest

import (
	"testing"

	"github.com/acdkit/acdkit/acd"
)

func TestTraffic_CallsCustomersBack(t *testing.T) {
	t.Parallel()
	replies := 0
	for step, err := range (Traffic{Seed: 9, Queues: 1, Agents: 4, Calm: true}).Steps(1000) {
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range step.Inputs {
			if _, ok := in.(acd.CustomerReplied); ok {
				replies++
			}
		}
	}
	if replies == 0 {
		t.Error("no customer was ever called")
	}
}
