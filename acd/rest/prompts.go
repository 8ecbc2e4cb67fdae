package rest

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/acdkit/acdkit/acd"
	"github.com/acdkit/acdkit/queue"
)

// Prompts are the prompt files of a host: the library only hands their ids on. A host
// that has some implements it; its methods are called by many requests at once.
// Without one the names, sizes and addresses of prompts are blank, any id is taken for
// one, and the warnings to blocked callers have no files.
type Prompts interface {
	// File returns a file; an error that wraps [acd.ErrNotFound] if there is none with
	// this id.
	File(ctx context.Context, p Principal, id string) (File, error)
	// Warning returns the id of what blocked callers of a level hear, "" for none
	// (B45).
	Warning(ctx context.Context, p Principal, level queue.BlockLevel) (id string, err error)
	// SetWarning sets it; "" takes it away.
	SetWarning(ctx context.Context, p Principal, level queue.BlockLevel, id string) error
}

// File is a prompt file as the API shows it. A value.
type File struct {
	Name string
	Size int64  // bytes
	URL  string // where it can be heard
}

// appendPrompt appends name, size and address of a prompt: intro_prompt_file_name, ….
func (rq *request) appendPrompt(b []byte, name string, raw json.RawMessage) ([]byte, error) {
	var id string
	if err := json.Unmarshal(raw, &id); err != nil {
		return nil, err
	}
	var size value
	var file File
	if of := rq.handler.options.Prompts; of != nil && id != "" {
		var err error
		if file, err = of.File(rq.Context(), rq.principal, id); err == nil {
			size = numberOf(file.Size)
		} else if !errors.Is(err, acd.ErrNotFound) {
			return nil, err
		}
	}
	b = appendField(b, name+"_file_name", textOf(file.Name))
	b = appendField(b, name+"_file_size", size)
	return appendField(b, name+"_file_url", textOf(file.URL)), nil
}

// checkPrompt refuses the id of a file that the host does not have.
func (rq *request) checkPrompt(f *form, name, id string) error {
	of := rq.handler.options.Prompts
	if of == nil {
		return nil
	}
	_, err := of.File(rq.Context(), rq.principal, id)
	if errors.Is(err, acd.ErrNotFound) {
		f.refuse(name, f.find(name), "must be a prompt file")
		return nil
	}
	return err
}

// warnings are the levels of blocking with what the API calls them.
var warnings = []struct {
	level                queue.BlockLevel
	enable, file, prompt string
}{
	{queue.BlockFirst, "enable_level1", "level1_prompt_file_id", "level1_prompt"},
	{queue.BlockSecond, "enable_level2", "level2_prompt_file_id", "level2_prompt"},
}

func getBlacklistPrompts(rq *request) (*reply, error) {
	enabled := rq.router.Lists().Blocking
	b := []byte{'{'}
	for _, w := range warnings {
		on := enabled.First
		if w.level == queue.BlockSecond {
			on = enabled.Second
		}
		var id string
		if of := rq.handler.options.Prompts; of != nil {
			var err error
			if id, err = of.Warning(rq.Context(), rq.principal, w.level); err != nil {
				return nil, err
			}
		}
		b = appendField(b, w.enable, booleanOf(on))
		b = appendField(b, w.file, textOf(id))
		var err error
		if b, err = rq.appendPrompt(b, w.prompt, appendText(nil, id)); err != nil {
			return nil, err
		}
	}
	return object(b), nil
}

// updateBlacklistPrompts enables levels of blocking and says what they are told. The
// files are set before the levels: nobody hears an old warning of a new level.
func updateBlacklistPrompts(rq *request) (*reply, error) {
	f, err := rq.form()
	if err != nil {
		return nil, err
	}
	shows, err := getBlacklistPrompts(rq)
	if err != nil {
		return nil, err
	}
	var on [2]*bool
	var files [2]*string
	for i, w := range warnings {
		var enabled bool
		if f.flag(w.enable, &enabled, false) {
			on[i] = &enabled
		}
		var id string
		if !f.text(w.file, &id, opaqueRule) {
			continue
		}
		files[i] = &id
		switch {
		case id == "":
		case rq.handler.options.Prompts == nil:
			f.refuse(w.file, f.find(w.file), "there are no prompt files here")
		default:
			if err := rq.checkPrompt(f, w.file, id); err != nil {
				return nil, err
			}
		}
	}
	if err := f.done(shows.body); err != nil {
		return nil, err
	}
	for i, w := range warnings {
		if of := rq.handler.options.Prompts; of != nil && files[i] != nil {
			if err := of.SetWarning(rq.Context(), rq.principal, w.level, *files[i]); err != nil {
				return nil, err
			}
		}
	}
	return done(), rq.change(func() (acd.Input, error) {
		was := rq.router.Lists().Blocking
		in := acd.EnableBlocking{First: was.First, Second: was.Second, Was: &was}
		if on[0] != nil {
			in.First = *on[0]
		}
		if on[1] != nil {
			in.Second = *on[1]
		}
		return in, nil
	})
}
