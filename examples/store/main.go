// Store looks at a directory in which acd/store/file keeps the state of a router. It
// changes nothing, and may be used while the router runs:
//
//	go run ./examples/store check DIR   # reads everything, verifies every checksum
//	go run ./examples/store dump DIR    # prints it as lines of JSON
//
// Its exit status is 1 if the store is damaged; what it prints names file and byte.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/acdkit/acdkit/acd/store/file"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: store check|dump DIR")

// run does what args say and prints to w.
func run(w io.Writer, args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	switch dir := args[1]; args[0] {
	case "check":
		report, err := file.Check(dir)
		if err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(report)
	case "dump":
		return file.Dump(w, dir)
	default:
		return errUsage
	}
}
