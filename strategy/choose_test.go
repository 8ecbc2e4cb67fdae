package strategy

import (
	"slices"
	"testing"

	"github.com/acdkit/acdkit/agent"
)

func TestB38_PickTakesOnlyWhomTheChoiceOffers(t *testing.T) {
	t.Parallel()
	choice := Choice{Available: []*agent.Membership{{Agent: "1"}, {Agent: "2"}, {Agent: "3"}}}
	for name, test := range map[string]struct{ says, want []agent.ID }{
		"in its order":             {[]agent.ID{"3", "1"}, []agent.ID{"3", "1"}},
		"each once":                {[]agent.ID{"2", "2", "1", "2"}, []agent.ID{"2", "1"}},
		"nobody unknown or absent": {[]agent.ID{"9", "", "2"}, []agent.ID{"2"}},
		"nobody":                   {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Strategy{Name: "OWN", Choose: func(Choice) []agent.ID { return test.says }}
			if got := ids(s.Pick(choice)); !slices.Equal(got, test.want) {
				t.Errorf("picks %q, not %q", got, test.want)
			}
		})
	}
	if got := ids(CyclicHunt.Pick(choice)); !slices.Equal(got, []agent.ID{"1", "2", "3"}) {
		t.Errorf("without Choose: %q", got)
	}
}

func TestB38_PickSeesTheCall(t *testing.T) {
	t.Parallel()
	s := Strategy{Name: "BY_TAG", Choose: func(c Choice) []agent.ID {
		if c.Call.Tag == "spanish" {
			return []agent.ID{"2"}
		}
		return []agent.ID{c.Available[0].Agent}
	}}
	available := []*agent.Membership{{Agent: "1"}, {Agent: "2"}}
	if got := ids(s.Pick(Choice{Call: Call{Tag: "spanish"}, Available: available})); !slices.Equal(got, []agent.ID{"2"}) {
		t.Errorf("picks %q", got)
	}
	if got := ids(s.Pick(Choice{Available: available})); !slices.Equal(got, []agent.ID{"1"}) {
		t.Errorf("picks %q", got)
	}
}

func ids(members []*agent.Membership) []agent.ID {
	var all []agent.ID
	for _, m := range members {
		all = append(all, m.Agent)
	}
	return all
}
