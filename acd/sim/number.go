package sim

import (
	"fmt"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// numbered returns the queues with a name and an extension number each, as
// [Queue.Properties] has it.
func (c Config) numbered() []Queue {
	queues := slices.Clone(c.Queues)
	taken := make(map[string]bool)
	for _, q := range queues {
		taken[q.Properties.Number] = true
	}
	next := firstQueue
	for i := range queues {
		p := &queues[i].Properties
		if p.Name == "" {
			p.Name = queues[i].Name
		}
		if p.Number != "" {
			continue
		}
		for taken[strconv.Itoa(next)] {
			next++
		}
		p.Number = strconv.Itoa(next)
		next++
	}
	return queues
}

// extensions returns the extension numbers of the agents, group by group.
func (c Config) extensions() [][]string {
	all := make([][]string, len(c.Agents))
	taken := make(map[string]bool)
	for i, g := range c.Agents {
		first, ok := extension(g.Number)
		if !ok {
			continue
		}
		for j := range g.most() {
			e := following(g.Number, first, j)
			taken[e] = true
			all[i] = append(all[i], e)
		}
	}
	next := firstAgent
	for i, g := range c.Agents {
		if len(all[i]) > 0 {
			continue
		}
		for range g.most() {
			for taken[strconv.Itoa(next)] {
				next++
			}
			all[i] = append(all[i], strconv.Itoa(next))
			next++
		}
	}
	return all
}

// most returns how many agents a group ever has.
func (g Group) most() int {
	most := 0.0
	for _, n := range g.Count.Values {
		most = max(most, n)
	}
	return int(most)
}

// extension returns the value of an extension number of 1..18 digits.
func extension(number string) (uint64, bool) {
	if len(number) == 0 || len(number) > 18 {
		return 0, false
	}
	n, err := strconv.ParseUint(number, 10, 64)
	return n, err == nil
}

// following returns the extension number j after the first, as wide as that.
func following(number string, first uint64, j int) string {
	return fmt.Sprintf("%0*d", len(number), first+uint64(j))
}

// clean reports whether a text is valid and has no control characters.
func clean(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
	}
	return utf8.ValidString(text)
}
