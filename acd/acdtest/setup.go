package acdtest

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/agent"
	"github.com/acdkit/acdkit/queue"
)

// firstNumber is the extension number of the first queue that asks for none.
const firstNumber = 8000

// queue makes a queue, or changes it if it exists.
func (r *runner) queue(l *line) (acd.Input, error) {
	id := queue.ID(l.arg(0))
	view, err := r.subject().Queue(id)
	exists := err == nil
	config := view.Config.Clone()
	if !exists {
		config = queue.Defaults()
		config.Name, config.Number = string(id), r.freeNumber()
	}
	var problems []error
	for _, p := range l.pairs {
		problems = append(problems, config.Set(p.Key, p.Value))
	}
	if errors.Join(problems...) != nil {
		return nil, errors.Join(append(problems, config.Validate(r.options.Strategies...))...)
	}
	if exists {
		return acd.ChangeQueue{Queue: id, Config: config}, nil
	}
	return acd.CreateQueue{Queue: id, Config: config}, nil
}

// freeNumber returns the next default extension number that no queue has.
func (r *runner) freeNumber() string {
	for n := r.number; ; n++ {
		number := strconv.Itoa(n)
		if _, err := r.subject().QueueByNumber(number); err != nil {
			return number
		}
	}
}

func (r *runner) agent(l *line) (acd.Input, error) {
	in := acd.AddAgent{Agent: agent.ID(l.arg(0))}
	for name := range strings.SplitSeq(l.value("queues"), ",") {
		if name == "" && l.value("queues") == "" {
			break
		}
		name, level, err := levelOf(name)
		if err != nil {
			return nil, err
		}
		in.Queues = append(in.Queues, acd.Place{Queue: queue.ID(name), Level: level})
	}
	status := agent.Ready
	if text, ok := l.get("status"); ok {
		var err error
		if status, err = agent.ParseStatus(text); err != nil {
			return nil, err
		}
	}
	in.Status = &status
	if text, ok := l.get("registered"); ok {
		i, err := choiceOf("registered", text, "true", "false")
		if err != nil {
			return nil, err
		}
		in.NotRegistered = i == 1
	}
	return in, nil
}

// levelOf splits NAME[:LEVEL]. In an input level 0 means none, in a script it is
// a bad level.
func levelOf(text string) (name string, level int, err error) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, 0, nil
	}
	level, err = skillLevel(text[i+1:])
	return text[:i], level, err
}

func skillLevel(text string) (int, error) {
	const must = "must be 1..100"
	level, err := strconv.Atoi(text)
	if err != nil || level == 0 {
		return 0, bad("skill_level", text, must)
	}
	return level, nil
}

func (r *runner) agents(l *line) (acd.Input, error) {
	in := acd.SetAgents{Queue: queue.ID(l.arg(0))}
	for _, text := range l.args[1:] {
		name, level, err := levelOf(text)
		if err != nil {
			return nil, err
		}
		in.Agents = append(in.Agents, acd.Listed{Agent: agent.ID(name), Level: level})
	}
	return in, nil
}

func (r *runner) member(l *line) (acd.Input, error) {
	in := acd.ChangeMember{Agent: agent.ID(l.arg(0)), Queue: queue.ID(l.arg(1))}
	if text, ok := l.get("level"); ok {
		var err error
		if in.Level, err = skillLevel(text); err != nil {
			return nil, err
		}
	}
	if text, ok := l.get("wrap_up_time"); ok {
		d, ok := parseDuration(text)
		if !ok || d%time.Second != 0 {
			return nil, bad("wrap_up_time", text, "must be 0..3600 s")
		}
		in.WrapUpTime = &d
	}
	return in, nil
}

func (r *runner) dropQueue(l *line) (acd.Input, error) {
	return acd.DeleteQueue{Queue: queue.ID(l.arg(0))}, nil
}

func (r *runner) dropAgent(l *line) (acd.Input, error) {
	return acd.DeleteAgent{Agent: agent.ID(l.arg(0))}, nil
}

func (r *runner) resetQueue(l *line) (acd.Input, error) {
	return acd.ResetQueue{Queue: queue.ID(l.arg(0))}, nil
}
