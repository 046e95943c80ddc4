// The harness adapter: answers the conformance suite's requests on standard input, one JSON text a line.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/statesync/state-sync/bindings/go/internal/harness"
)

func main() {
	// Answers are kept back only while more requests are waiting.
	requests, answers := bufio.NewReaderSize(os.Stdin, 1<<16), bufio.NewWriter(os.Stdout)
	if err := harness.Serve(requests, answers); err != nil {
		fmt.Fprintln(os.Stderr, "harness:", err)
		os.Exit(1)
	}
}
