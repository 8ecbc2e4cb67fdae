// Simulate plays a contact centre in virtual time and says how it did:
//
//	go run ./examples/simulate [-strategy NAME[,NAME…]|all] [-json] [-html OUT.html] CONFIG.json
//
// CONFIG.json is described by package sim; day.json beside this file is one. With
// -strategy all queues go by that strategy; several are set side by side, on the
// same calls. On a terminal a bar shows how far it is. The exit status is not 0 if
// the configuration is not valid; every problem is named, with its line.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/acdkit/acdkit/acd/report"
	"github.com/acdkit/acdkit/acd/sim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, progress(os.Stderr))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// outcome is a result or a comparison.
type outcome interface {
	WriteText(w io.Writer) error
	Page() report.Page
}

// run is the program without its process.
func run(ctx context.Context, args []string, out io.Writer, progress func(share float64)) error {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // its errors are returned
	names := flags.String("strategy", "", "`NAME`s of polling strategies for all queues, separated by commas, or all; several are compared")
	asJSON := flags.Bool("json", false, "write JSON instead of a table")
	html := flags.String("html", "", "also write a page with plots to `OUT.html`")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: simulate [-strategy NAME[,NAME…]|all] [-json] [-html OUT.html] CONFIG.json")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(out)
		flags.Usage()
		return nil
	case err != nil:
		return err
	}
	switch flags.NArg() {
	case 0:
		return errors.New("CONFIG.json is missing")
	case 1:
	default:
		return fmt.Errorf("unexpected argument %q", flags.Arg(1))
	}
	data, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	config, err := sim.Parse(flags.Arg(0), data)
	if err != nil {
		return err
	}
	result, err := simulate(ctx, *config, *names, sim.Options{Progress: progress})
	if err != nil {
		return err
	}
	if *html != "" {
		if err := result.Page().WriteFile(*html); err != nil {
			return err
		}
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(result)
	}
	return result.WriteText(out)
}

// simulate runs the configuration as it is, with one strategy, or with several side
// by side.
func simulate(ctx context.Context, config sim.Config, names string, o sim.Options) (outcome, error) {
	if names == "" {
		return sim.Run(ctx, config, o)
	}
	var list []string // none: all
	if names != "all" {
		list = strings.Split(names, ",")
	}
	comparison, err := sim.Compare(ctx, config, list, o)
	if err == nil && len(comparison.Results) == 1 {
		return comparison.Results[0], nil
	}
	return comparison, err
}

// progress returns what draws a bar on a terminal; nil if file is none.
func progress(file *os.File) func(share float64) {
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 || os.Getenv("TERM") == "dumb" {
		return nil
	}
	const width = 40
	shown := -1
	return func(share float64) {
		percent := int(100 * share)
		if percent == shown {
			return
		}
		shown = percent
		full := int(width * share)
		fmt.Fprintf(file, "\r%s%s %3d %%", strings.Repeat("█", full), strings.Repeat("░", width-full), percent)
		if percent == 100 {
			fmt.Fprint(file, "\r\x1b[K") // gone before the table
		}
	}
}
