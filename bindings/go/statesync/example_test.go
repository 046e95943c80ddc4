package statesync_test

import (
	"errors"
	"fmt"

	"github.com/statesync/state-sync/bindings/go/statesync"
)

type Settings struct {
	Theme string `json:"theme"`
}

func ExampleDecodeSnapshotEnvelope() {
	text := []byte(`{"revision":"41","data":{"theme":"dark"}}`)
	envelope, err := statesync.DecodeSnapshotEnvelope(text, statesync.JSONPayload[Settings])
	if err != nil {
		panic(err)
	}
	next, err := envelope.Revision.Next()
	if err != nil {
		panic(err)
	}
	fmt.Println(envelope.Revision, envelope.Data.Theme, next)
	// Output: 41 dark 42
}

func ExampleProtocolError() {
	_, err := statesync.DecodeInvalidationEvent([]byte(`{"topic":"settings","revision":41}`))
	var refused *statesync.ProtocolError
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Pointer)
	}
	// Output: wrong-type /revision
}
