package statesync

import (
	"bytes"
	"encoding/json"
	"sort"
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

// PayloadParser reads a payload from a value that stands at pointer. Generated ParseX functions are of this form.
type PayloadParser[T any] func(value any, pointer string) (T, error)

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
	if refused, ok := ownError(err); ok {
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

// parsePayload reads a payload. Who calls sees a *ProtocolError of this package where the payload's package refuses it.
func parsePayload[T any](parse PayloadParser[T], value any, pointer string) (T, error) {
	payload, err := parse(value, pointer)
	if refused, ok := ownError(err); ok {
		return payload, refused
	}
	return payload, err
}

// itself is for values of any form.
func itself(value any) any {
	return value
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

// parsedListOf is listOf for items that hold a payload.
func parsedListOf[T any](value any, pointer string, read PayloadParser[T]) ([]T, error) {
	values := as[[]any](value)
	list := make([]T, len(values))
	for index, each := range values {
		parsed, err := read(each, item(pointer, index))
		if err != nil {
			return nil, err
		}
		list[index] = parsed
	}
	return list, nil
}

// parsedMapOf is mapOf for members that hold a payload.
func parsedMapOf[T any](value any, pointer string, read PayloadParser[T]) (map[string]T, error) {
	members := as[map[string]any](value)
	object := make(map[string]T, len(members))
	for _, name := range sortedNames(members) {
		parsed, err := read(members[name], child(pointer, name))
		if err != nil {
			return nil, err
		}
		object[name] = parsed
	}
	return object, nil
}

// decode reads a text of the type called name.
func decode[T any](text []byte, name string, parse PayloadParser[T]) (T, error) {
	read, err := readText(text)
	if err == nil {
		err = refuseDuplicates(read, definedMembers, name)
	}
	if err != nil {
		var none T
		return none, err
	}
	return parse(read.value, "")
}

// unmarshal is decode for methods UnmarshalJSON.
func unmarshal[T any](text []byte, name string, parse PayloadParser[T], into *T) error {
	read, err := decode(text, name, parse)
	if err == nil {
		*into = read
	}
	return err
}

// marshal writes a value whose type has a rule of its own, once it is checked.
func marshal(name string, value any) ([]byte, error) {
	if err := allRules.check(name, value, ""); err != nil {
		return nil, err
	}
	return EncodeText(value)
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

// writeMembers writes members that are not listed, by name.
func writeMembers[T any](writer *objectWriter, members map[string]T) {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		writer.member(name, members[name])
	}
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
