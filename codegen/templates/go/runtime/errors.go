package statesync

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrorCode says why a value was refused: one of a closed list.
type ErrorCode string

// The codes of refusals.
const (
	// InvalidJSON: the text is no JSON, or JSON that I-JSON (RFC 7493) excludes.
	InvalidJSON ErrorCode = "invalid-json"
	// TooDeep: arrays and objects nest more than MaximumDepth levels deep.
	TooDeep ErrorCode = "too-deep"
	// WrongType: a JSON value of another type than the required one.
	WrongType ErrorCode = "wrong-type"
	// MissingMember: a required member is absent.
	MissingMember ErrorCode = "missing-member"
	// DuplicateMember: a member that the protocol defines appears twice in one object.
	DuplicateMember ErrorCode = "duplicate-member"
	// InvalidRevision: a string that is not the canonical text of a revision.
	InvalidRevision ErrorCode = "invalid-revision"
	// BlankTopic: a topic that is empty or white space alone.
	BlankTopic ErrorCode = "blank-topic"
	// UnknownValue: a string outside a closed set.
	UnknownValue ErrorCode = "unknown-value"
	// OutOfRange: a number that is not an integer from 0 to 2^53-1.
	OutOfRange ErrorCode = "out-of-range"
	// InvalidData: the payload breaks a rule of the application's own.
	InvalidData ErrorCode = "invalid-data"
)

// ProtocolError is a message or value that was refused.
type ProtocolError struct {
	// Code is one of the closed list.
	Code ErrorCode
	// Pointer is the place as a JSON Pointer (RFC 6901); for a missing member the place where it would be.
	Pointer string
	// Problem says what is wrong there.
	Problem string
	// Expected says what would have been right.
	Expected string
}

// Message is one sentence: what is wrong, where, and what would have been right.
func (err *ProtocolError) Message() string {
	place := err.Pointer
	if place == "" {
		place = "the top level"
	}
	return fmt.Sprintf("%s at %s; expected %s (%s)", err.Problem, place, err.Expected, err.Code)
}

// Error is the same sentence as Message.
func (err *ProtocolError) Error() string {
	return err.Message()
}

// Refusal tells its parts: each generated package has a ProtocolError of its own, and this is how one knows another's.
func (err *ProtocolError) Refusal() (code, pointer, problem, expected string) {
	return string(err.Code), err.Pointer, err.Problem, err.Expected
}

// ownError is the error as a *ProtocolError of this package, where it is one of any package.
func ownError(err error) (*ProtocolError, bool) {
	var own *ProtocolError
	if errors.As(err, &own) {
		return own, true
	}
	var other interface {
		Refusal() (code, pointer, problem, expected string)
	}
	if !errors.As(err, &other) {
		return nil, false
	}
	code, pointer, problem, expected := other.Refusal()
	return &ProtocolError{ErrorCode(code), pointer, problem, expected}, true
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// child is the place of a member inside the value at pointer.
func child(pointer, name string) string {
	if strings.ContainsAny(name, "~/") {
		name = pointerEscapes.Replace(name)
	}
	return pointer + "/" + name
}

// item is the place of an item inside the array at pointer.
func item(pointer string, index int) string {
	return pointer + "/" + strconv.Itoa(index)
}

// found says what stands there, in the words of JSON.
func found(value any) string {
	switch value := value.(type) {
	case nil:
		return "found null"
	case bool:
		return "found the boolean " + strconv.FormatBool(value)
	case string:
		const shown = 40
		characters := []rune(value)
		if rest := len(characters) - shown; rest > 0 {
			return fmt.Sprintf("found the string %+q and %d more characters", string(characters[:shown]), rest)
		}
		return fmt.Sprintf("found the string %+q", value)
	case []any:
		return "found an array"
	case map[string]any:
		return "found an object"
	}
	if number, ok := numberOf(value); ok {
		return "found the number " + strconv.FormatFloat(number, 'g', -1, 64)
	}
	return fmt.Sprintf("found a Go value of type %T, which is no JSON value", value)
}
