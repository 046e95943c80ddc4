// Package statesync has the messages of the state-sync protocol, typed and read strictly, and the operations on
// revisions.
//
// DecodeX reads a JSON text, ParseX a value that is read already; encoding/json's Unmarshal reads as strictly, since the types
// bring methods of their own. What is refused is a [ProtocolError], which has a code, the place as a JSON Pointer
// and a sentence. Messages that carry a payload take what reads it:
//
//	snapshot, err := statesync.DecodeSnapshotEnvelope(text, statesync.JSONPayload[Settings])
package statesync
