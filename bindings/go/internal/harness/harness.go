// Package harness connects the binding to the conformance suite.
package harness

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/statesync/state-sync/bindings/go/statesync"
)

// Version is that of the binding.
const Version = "0.1.0"

// Request is one line of input.
type Request struct {
	ID    json.RawMessage `json:"id"`
	Op    string          `json:"op"`
	Input Input           `json:"input"`
}

// Input has the members of every operation; Left, Right and Value can be any JSON value.
type Input struct {
	Value any    `json:"value"`
	Left  any    `json:"left"`
	Right any    `json:"right"`
	Type  string `json:"type"`
	Text  string `json:"text"`
}

// Answer is one line of output.
type Answer struct {
	ID      json.RawMessage
	Result  string
	Value   any
	Refusal *statesync.ProtocolError
	Reason  string
}

// MarshalJSON writes the members that belong to the result.
func (answer Answer) MarshalJSON() ([]byte, error) {
	switch answer.Result {
	case "ok":
		return statesync.EncodeText(map[string]any{"id": answer.ID, "result": "ok", "value": answer.Value})
	case "error":
		return statesync.EncodeText(map[string]any{
			"id":      answer.ID,
			"result":  "error",
			"code":    answer.Refusal.Code,
			"pointer": answer.Refusal.Pointer,
			"message": answer.Refusal.Message(),
		})
	default:
		return statesync.EncodeText(map[string]any{"id": answer.ID, "result": answer.Result, "reason": answer.Reason})
	}
}

// Serve answers every line until there are no more.
func Serve(requests *bufio.Reader, answers *bufio.Writer) error {
	for {
		line, err := requests.ReadBytes('\n')
		if len(line) > 1 {
			if err := respond(line, answers); err != nil {
				return err
			}
		}
		if requests.Buffered() == 0 || err != nil {
			if err := answers.Flush(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func respond(line []byte, answers *bufio.Writer) error {
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return fmt.Errorf("a request is no JSON: %w", err)
	}
	text, err := statesync.EncodeText(Respond(request))
	if err != nil {
		return err
	}
	_, err = answers.Write(append(text, '\n'))
	return err
}

// Respond is the answer to one request.
func Respond(request Request) Answer {
	operation, known := operations[request.Op]
	if !known {
		return Answer{ID: request.ID, Result: "not-implemented", Reason: "no operation " + request.Op}
	}
	value, err := operation(request.Input)
	var refused *statesync.ProtocolError
	switch {
	case err == nil:
		return Answer{ID: request.ID, Result: "ok", Value: value}
	case errors.As(err, &refused):
		return Answer{ID: request.ID, Result: "error", Refusal: refused}
	default:
		return Answer{ID: request.ID, Result: "not-implemented", Reason: err.Error()}
	}
}

var operations = map[string]func(Input) (any, error){
	"hello": func(Input) (any, error) {
		return map[string]any{
			"protocol":       1,
			"implementation": "state-sync",
			"version":        Version,
			"language":       "go",
			"profiles":       []string{"core"},
		}, nil
	},
	"revision.parse": func(input Input) (any, error) {
		return statesync.ParseRevision(input.Value, "")
	},
	"revision.compare": func(input Input) (any, error) {
		left, err := statesync.ParseRevision(input.Left, "/left")
		if err != nil {
			return nil, err
		}
		right, err := statesync.ParseRevision(input.Right, "/right")
		if err != nil {
			return nil, err
		}
		return statesync.CompareRevisions(left, right)
	},
	"revision.next": func(input Input) (any, error) {
		revision, err := statesync.ParseRevision(input.Value, "")
		if err != nil {
			return nil, err
		}
		return revision.Next()
	},
	"topic.parse": func(input Input) (any, error) {
		return statesync.ParseTopic(input.Value, "")
	},
	"topic.equal": func(input Input) (any, error) {
		left, err := statesync.ParseTopic(input.Left, "/left")
		if err != nil {
			return nil, err
		}
		right, err := statesync.ParseTopic(input.Right, "/right")
		return left == right, err
	},
	"message.decode": func(input Input) (any, error) {
		decode, known := statesync.Decoders[input.Type]
		if !known {
			return nil, errors.New("no type " + input.Type)
		}
		return decode([]byte(input.Text))
	},
}
