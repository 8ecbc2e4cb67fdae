// Scenario runs scenario scripts: texts that say what happens on the phones of a
// contact centre and what must come of it, in virtual time.
//
//	go run ./examples/scenario [-trace] [-strict] FILE…
//
// Package acdtest says how scripts are written. For every file it prints
//
//	ok FILE
//	FAIL FILE:LINE: what was expected, what came
//
// and at the end how many passed and failed; the exit status is 1 if any failed.
// With -trace it prints what happened instead, a line each; failures go to
// standard error then.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/acdkit/acdkit/acd/acdtest"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) (status int) {
	flags := flag.NewFlagSet("scenario", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: scenario [-trace] [-strict] FILE…")
		flags.PrintDefaults()
	}
	trace := flags.Bool("trace", false, "print what happened instead of ok and FAIL")
	strict := flags.Bool("strict", false, "look at the library's laws after every step; slow")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return 2
	}

	out := bufio.NewWriter(stdout)
	defer out.Flush() //nolint:errcheck // a closed pipe: nobody reads
	verdicts := io.Writer(out)
	if *trace {
		verdicts = stderr
	}
	failed := 0
	for _, file := range flags.Args() {
		result, err := acdtest.RunFile(file, acdtest.Options{Strict: *strict})
		if *trace {
			printTrace(out, file, flags.NArg() > 1, result)
		}
		switch {
		case err != nil:
			failed++
			fmt.Fprintf(verdicts, "FAIL %v\n", err)
		case !*trace:
			fmt.Fprintf(verdicts, "ok %s\n", file)
		}
	}
	if !*trace {
		fmt.Fprintf(out, "%d passed, %d failed\n", flags.NArg()-failed, failed)
	}
	if failed > 0 {
		return 1
	}
	return 0
}

// printTrace prints a trace; of several, each after its file's name.
func printTrace(w io.Writer, file string, several bool, result *acdtest.Result) {
	if several {
		fmt.Fprintf(w, "# %s\n", file)
	}
	if result == nil {
		return
	}
	for _, line := range result.Trace {
		fmt.Fprintln(w, line)
	}
}
