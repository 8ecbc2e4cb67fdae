// Command count prints what package effort counts, a line of JSON for each
// operation. It has to be built so that the compiler counts, as the test of that
// package does.
package main

import (
	"log"
	"os"

	"github.com/acdkit/acdkit/acd/internal/effort"
)

func main() {
	if err := effort.Print(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
