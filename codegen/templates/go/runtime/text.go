package statesync

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// MaximumDepth is how many arrays and objects may stand inside one another, the outermost counted as 1.
const MaximumDepth = 127

// DecodeText reads a JSON text into nil, bool, float64, string, []any and map[string]any. Where a name appears twice
// the last member counts. An error is a *ProtocolError with code InvalidJSON or TooDeep.
//
// It differs from encoding/json in what it refuses: numbers that no double can hold, escapes of lone
// surrogates and bytes that are not UTF-8, which encoding/json replaces by U+FFFD, and deep nesting.
func DecodeText(text []byte) (any, error) {
	read, err := readText(text)
	if err != nil {
		return nil, err
	}
	return read.value, nil
}

// document is a text that was read.
type document struct {
	value any
	// duplicates are the paths of the members that appear more than once.
	duplicates [][]string
}

func readText(text []byte) (document, error) {
	if !utf8.Valid(text) {
		return document{}, invalidJSON("found bytes that are not UTF-8")
	}
	reader := textReader{text: text}
	value, err := reader.readDocument()
	if err != nil {
		return document{}, err
	}
	return document{value: value, duplicates: reader.duplicates}, nil
}

func invalidJSON(problem string) error {
	return &ProtocolError{
		Code:     InvalidJSON,
		Problem:  problem,
		Expected: "a JSON text as RFC 8259 and I-JSON (RFC 7493) have it",
	}
}

// textReader goes once over the text. Its recursion is bounded by MaximumDepth.
type textReader struct {
	text       []byte
	at         int
	depth      int
	path       []string
	duplicates [][]string
}

func (reader *textReader) readDocument() (any, error) {
	reader.skipSpace()
	value, err := reader.readValue()
	if err != nil {
		return nil, err
	}
	reader.skipSpace()
	if reader.at < len(reader.text) {
		return nil, reader.unexpected("the end of the text")
	}
	return value, nil
}

func (reader *textReader) unexpected(expected string) error {
	if reader.at >= len(reader.text) {
		return invalidJSON("found the end of the text where " + expected + " should be,")
	}
	character, _ := utf8.DecodeRune(reader.text[reader.at:])
	return invalidJSON(fmt.Sprintf("found %+q at byte %d where %s should be,", character, reader.at, expected))
}

func (reader *textReader) skipSpace() {
	for reader.at < len(reader.text) {
		switch reader.text[reader.at] {
		case ' ', '\t', '\n', '\r':
			reader.at++
		default:
			return
		}
	}
}

// next is the next byte, or 0 at the end; a NUL byte is nowhere right in JSON.
func (reader *textReader) next() byte {
	if reader.at < len(reader.text) {
		return reader.text[reader.at]
	}
	return 0
}

func (reader *textReader) readValue() (any, error) {
	switch character := reader.next(); {
	case character == '{':
		return nested(reader, reader.readObject)
	case character == '[':
		return nested(reader, reader.readArray)
	case character == '"':
		return reader.readString()
	case character == '-' || '0' <= character && character <= '9':
		return reader.readNumber()
	default:
		return reader.readWord()
	}
}

func nested[T any](reader *textReader, read func() (T, error)) (any, error) {
	reader.depth++
	defer func() { reader.depth-- }()
	if reader.depth > MaximumDepth {
		return nil, &ProtocolError{
			Code:     TooDeep,
			Problem:  fmt.Sprintf("found more than %d arrays and objects inside one another", MaximumDepth),
			Expected: fmt.Sprintf("at most %d levels", MaximumDepth),
		}
	}
	reader.at++
	reader.skipSpace()
	return read()
}

func (reader *textReader) readWord() (any, error) {
	for _, word := range []struct {
		text  string
		value any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		end := reader.at + len(word.text)
		if end <= len(reader.text) && string(reader.text[reader.at:end]) == word.text {
			reader.at = end
			return word.value, nil
		}
	}
	return nil, reader.unexpected("a value")
}

func (reader *textReader) readArray() ([]any, error) {
	items := []any{}
	if reader.next() == ']' {
		reader.at++
		return items, nil
	}
	for {
		reader.path = append(reader.path, strconv.Itoa(len(items)))
		value, err := reader.readValue()
		if err != nil {
			return nil, err
		}
		reader.path = reader.path[:len(reader.path)-1]
		items = append(items, value)
		reader.skipSpace()
		switch reader.next() {
		case ',':
			reader.at++
			reader.skipSpace()
		case ']':
			reader.at++
			return items, nil
		default:
			return nil, reader.unexpected("a comma or a closing bracket")
		}
	}
}

func (reader *textReader) readObject() (map[string]any, error) {
	members := map[string]any{}
	if reader.next() == '}' {
		reader.at++
		return members, nil
	}
	for {
		if reader.next() != '"' {
			return nil, reader.unexpected("a name in quotation marks")
		}
		name, err := reader.readString()
		if err != nil {
			return nil, err
		}
		reader.skipSpace()
		if reader.next() != ':' {
			return nil, reader.unexpected("a colon")
		}
		reader.at++
		reader.skipSpace()
		reader.path = append(reader.path, name)
		if _, again := members[name]; again {
			reader.duplicates = append(reader.duplicates, append([]string(nil), reader.path...))
		}
		value, err := reader.readValue()
		if err != nil {
			return nil, err
		}
		reader.path = reader.path[:len(reader.path)-1]
		members[name] = value
		reader.skipSpace()
		switch reader.next() {
		case ',':
			reader.at++
			reader.skipSpace()
		case '}':
			reader.at++
			return members, nil
		default:
			return nil, reader.unexpected("a comma or a closing brace")
		}
	}
}

func (reader *textReader) skipDigits() bool {
	start := reader.at
	for '0' <= reader.next() && reader.next() <= '9' {
		reader.at++
	}
	return reader.at > start
}

func (reader *textReader) readNumber() (float64, error) {
	start := reader.at
	if reader.next() == '-' {
		reader.at++
	}
	if reader.next() == '0' {
		reader.at++
	} else if !reader.skipDigits() {
		return 0, reader.unexpected("a digit")
	}
	if reader.next() == '.' {
		reader.at++
		if !reader.skipDigits() {
			return 0, reader.unexpected("a digit")
		}
	}
	if reader.next() == 'e' || reader.next() == 'E' {
		reader.at++
		if reader.next() == '+' || reader.next() == '-' {
			reader.at++
		}
		if !reader.skipDigits() {
			return 0, reader.unexpected("a digit")
		}
	}
	text := string(reader.text[start:reader.at])
	// The spelling is right by now, so the only error left is a number that is too great.
	number, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(number, 0) {
		if len(text) > 40 {
			text = text[:40] + "…"
		}
		return 0, invalidJSON("found the number " + text + ", which is greater than any double,")
	}
	return number, nil
}

func (reader *textReader) readString() (string, error) {
	reader.at++
	start := reader.at
	for reader.at < len(reader.text) {
		switch character := reader.text[reader.at]; {
		case character == '"':
			text := string(reader.text[start:reader.at])
			reader.at++
			return text, nil
		case character == '\\':
			return reader.readEscapedString(append([]byte(nil), reader.text[start:reader.at]...))
		case character < ' ':
			return "", reader.unexpected("an escape of this control character")
		default:
			reader.at++
		}
	}
	return "", reader.unexpected("a closing quotation mark")
}

// readEscapedString goes on where the first backslash stands; buffer holds what came before.
func (reader *textReader) readEscapedString(buffer []byte) (string, error) {
	for reader.at < len(reader.text) {
		switch character := reader.text[reader.at]; {
		case character == '"':
			reader.at++
			return string(buffer), nil
		case character == '\\':
			reader.at++
			unescaped, err := reader.readEscape()
			if err != nil {
				return "", err
			}
			buffer = utf8.AppendRune(buffer, unescaped)
		case character < ' ':
			return "", reader.unexpected("an escape of this control character")
		default:
			buffer = append(buffer, character)
			reader.at++
		}
	}
	return "", reader.unexpected("a closing quotation mark")
}

func (reader *textReader) readEscape() (rune, error) {
	character := reader.next()
	if character == 'u' {
		return reader.readUnicodeEscape()
	}
	unescaped, known := map[byte]rune{
		'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
	}[character]
	if !known {
		return 0, reader.unexpected(`one of "\/bfnrtu`)
	}
	reader.at++
	return unescaped, nil
}

func (reader *textReader) readUnicodeEscape() (rune, error) {
	reader.at++
	first, err := reader.readFourDigits()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	alone := invalidJSON(fmt.Sprintf("found the lone surrogate \\u%04x at byte %d", first, reader.at-6))
	if reader.at+1 >= len(reader.text) || reader.text[reader.at] != '\\' || reader.text[reader.at+1] != 'u' {
		return 0, alone
	}
	reader.at += 2
	second, err := reader.readFourDigits()
	if err != nil {
		return 0, err
	}
	if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
		return pair, nil
	}
	return 0, alone
}

func (reader *textReader) readFourDigits() (rune, error) {
	var value rune
	for range 4 {
		digit, err := strconv.ParseUint(string(rune(reader.next())), 16, 8)
		if err != nil {
			return 0, reader.unexpected("a hexadecimal digit")
		}
		value = value<<4 | rune(digit)
		reader.at++
	}
	return value, nil
}
