// Replay plays a real call log through the polling strategies, side by side with
// what really happened:
//
//	go run ./examples/replay -log FILE [-format bank|queue_log|csv] [-strategy NAME|all] [-sticky] [-seed N] [-json] [-html OUT.html]
//
// It prints three tables: what became of the calls, how far off the announced
// estimates were, and, with all strategies, what sticky routing does for callers who
// know an agent.
//
// Without -format the format is told from the file's first line; a file that is
// compressed with gzip is read as it is. The exit status is not 0 if the file is
// no call log, or breaks off.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/acdkit/acdkit/acd/replay"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is the program without its process.
func run(args []string, out io.Writer) error {
	var format replay.Format
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // its errors are returned
	file := flags.String("log", "", "the call log `FILE`")
	flags.TextVar(&format, "format", replay.Guess, "its `FORMAT`: bank, queue_log or csv; told from its first line if not given")
	strategy := flags.String("strategy", "all", "`NAME` of a polling strategy, or all")
	sticky := flags.Bool("sticky", false, "ring first whom the caller talked with last")
	seed := flags.Uint64("seed", 1, "chooses what is drawn where the log is silent")
	asJSON := flags.Bool("json", false, "write JSON instead of a table")
	html := flags.String("html", "", "also write a page with plots to `OUT.html`")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(out)
		flags.Usage()
		return nil
	case err != nil:
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *file == "" {
		return errors.New("-log FILE is missing")
	}

	log, err := readFile(*file, format)
	if err != nil {
		return err
	}
	options := replay.Options{Sticky: *sticky, Assumptions: replay.Assumptions{Seed: *seed}, Sensitivity: *html != ""}
	if *strategy != "all" {
		options.Strategies = []string{*strategy}
	}
	options.Familiar = *strategy == "all"
	comparison, err := replay.Compare(log, options)
	if err != nil {
		return err
	}
	if *html != "" {
		if err := comparison.Page().WriteFile(*html); err != nil {
			return err
		}
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(comparison)
	}
	return comparison.WriteText(out)
}

func readFile(name string, format replay.Format) (*replay.Log, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	log, err := replay.Read(f, format)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return log, nil
}
