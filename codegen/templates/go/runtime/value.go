package statesync

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Pointer gives the address of a copy of value: for optional members, as in SourceID: Pointer("window-a").
func Pointer[T any](value T) *T {
	return &value
}

// EncodeText writes a message, a payload or a plain value as JSON, without white space.
func EncodeText(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// AnyPayload takes every JSON value as it is: for payloads whose form is not known.
func AnyPayload(value any, _ string) (any, error) {
	return value, nil
}

// JSONPayload reads a payload as encoding/json would: for types that were not generated. What it refuses has the
// code InvalidData, unless the type refuses it with a *ProtocolError of its own.
func JSONPayload[T any](value any, pointer string) (T, error) {
	var payload T
	if plain, ok := value.(T); ok {
		return plain, nil
	}
	text, err := EncodeText(value)
	if err == nil {
		err = json.Unmarshal(text, &payload)
	}
	if err == nil {
		return payload, nil
	}
	var refused *ProtocolError
	if errors.As(err, &refused) {
		return payload, &ProtocolError{refused.Code, pointer + refused.Pointer, refused.Problem, refused.Expected}
	}
	return payload, &ProtocolError{InvalidData, pointer, err.Error(), "a payload that the application's type can hold"}
}

// numberOf takes the numbers that DecodeText and encoding/json give, and those that Go code writes by hand.
func numberOf(value any) (float64, bool) {
	switch value := value.(type) {
	case float64:
		return value, true
	case int:
		return float64(value), true
	case int64:
		return float64(value), true
	case uint64:
		return float64(value), true
	case json.Number:
		number, err := value.Float64()
		return number, err == nil
	}
	return 0, false
}

// integerOf is the integer of a value that was checked to be one.
func integerOf(value any) int64 {
	switch value := value.(type) {
	case int:
		return int64(value)
	case int64:
		return value
	}
	number, _ := numberOf(value)
	return int64(number)
}

// numberIn is the number of a value that was checked to be one.
func numberIn(value any) float64 {
	number, _ := numberOf(value)
	return number
}

// as is a value that was checked to be of type T.
func as[T any](value any) T {
	typed, _ := value.(T)
	return typed
}

// present is a member's value, or nil where it is absent.
func present(object map[string]any, name string) (any, bool) {
	value := object[name]
	return value, value != nil
}

// listOf reads the items of a value that was checked to be an array.
func listOf[T any](value any, read func(any) T) []T {
	values := as[[]any](value)
	list := make([]T, len(values))
	for index, each := range values {
		list[index] = read(each)
	}
	return list
}

// mapOf reads the members of a value that was checked to be an object.
func mapOf[T any](value any, read func(any) T) map[string]T {
	members := as[map[string]any](value)
	object := make(map[string]T, len(members))
	for name, each := range members {
		object[name] = read(each)
	}
	return object
}

// orEmpty keeps a required array from being written as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// orEmptyMap keeps a required object from being written as null.
func orEmptyMap[T any](object map[string]T) map[string]T {
	if object == nil {
		return map[string]T{}
	}
	return object
}

// objectWriter writes an object member by member.
type objectWriter struct {
	buffer bytes.Buffer
	err    error
}

func (writer *objectWriter) member(name string, value any) {
	if writer.err != nil {
		return
	}
	key, err := EncodeText(name)
	if err != nil {
		writer.err = err
		return
	}
	text, err := EncodeText(value)
	if err != nil {
		writer.err = err
		return
	}
	if writer.buffer.Len() == 0 {
		writer.buffer.WriteByte('{')
	} else {
		writer.buffer.WriteByte(',')
	}
	writer.buffer.Write(key)
	writer.buffer.WriteByte(':')
	writer.buffer.Write(text)
}

func (writer *objectWriter) end() ([]byte, error) {
	if writer.err != nil {
		return nil, writer.err
	}
	if writer.buffer.Len() == 0 {
		writer.buffer.WriteByte('{')
	}
	writer.buffer.WriteByte('}')
	return writer.buffer.Bytes(), nil
}
