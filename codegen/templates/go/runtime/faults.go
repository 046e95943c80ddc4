package statesync

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

func breach(rule *rule, pointer, problem, expected string) *ProtocolError {
	switch rule.code {
	case "":
		return &ProtocolError{InvalidData, pointer, problem, expected}
	case InvalidRevision:
		expected = "a revision: a string of decimal digits without sign, space or leading zero, " +
			`at most "18446744073709551615"`
	case BlankTopic:
		expected = "a topic: a string with at least one character that is not white space"
	case OutOfRange:
		expected = "an integer from 0 to 9007199254740991"
	}
	return &ProtocolError{rule.code, pointer, problem, expected}
}

func missing(name, pointer string) *ProtocolError {
	return &ProtocolError{MissingMember, child(pointer, name), "found nothing", fmt.Sprintf("the required member %q", name)}
}

func kindFault(rule *rule, value any, pointer string) *ProtocolError {
	if len(rule.kinds) == 0 {
		return nil
	}
	number, numeric := numberOf(value)
	words := make([]string, len(rule.kinds))
	integer := false
	for index, each := range rule.kinds {
		if isOfKind(each, value, number, numeric) {
			return nil
		}
		words[index] = string(each)
		integer = integer || each == isInteger
	}
	expected := strings.Join(words, " or ")
	if integer && numeric && number == math.Trunc(number) {
		return breach(rule, pointer, found(value), "an integer that 64 bits hold")
	}
	if integer && numeric && rule.code != "" {
		// A number with a fraction has the right JSON type; it breaks the rule of the integer.
		return breach(rule, pointer, found(value), expected)
	}
	return &ProtocolError{WrongType, pointer, found(value), expected}
}

func isOfKind(kind kind, value any, number float64, numeric bool) bool {
	switch kind {
	case isNull:
		return value == nil
	case isBoolean:
		_, ok := value.(bool)
		return ok
	case isString:
		_, ok := value.(string)
		return ok
	case isArray:
		_, ok := value.([]any)
		return ok
	case isObject:
		_, ok := value.(map[string]any)
		return ok
	case isNumber:
		return numeric && !math.IsInf(number, 0) && !math.IsNaN(number)
	default:
		// An int64 holds every double below 2^63 that has no fraction.
		return numeric && number == math.Trunc(number) && math.Abs(number) < 1<<63
	}
}

func constantFault(rule *rule, value any, pointer string) *ProtocolError {
	if rule.constants == nil {
		return nil
	}
	key := canonical(value)
	sameType := false
	for _, each := range rule.constants {
		known := canonical(each)
		if known == key {
			return nil
		}
		sameType = sameType || known[0] == key[0]
	}
	if !sameType {
		return &ProtocolError{WrongType, pointer, found(value), oneOfWords(rule.constants)}
	}
	return breach(rule, pointer, found(value), oneOfWords(rule.constants))
}

func stringFault(rule *rule, value, pointer string) *ProtocolError {
	if rule.minLength != nil || rule.maxLength != nil {
		count := utf8.RuneCountInString(value)
		if fault := countFault(rule, count, "characters", rule.minLength, rule.maxLength, pointer); fault != nil {
			return fault
		}
	}
	if rule.pattern != nil && !rule.pattern.MatchString(value) {
		return breach(rule, pointer, found(value), "a string that matches "+rule.pattern.String())
	}
	return nil
}

func numberFault(rule *rule, value float64, pointer string) *ProtocolError {
	for _, each := range rule.bounds {
		if !each.holds(value, each.limit) {
			limit := strconv.FormatFloat(each.limit, 'g', -1, 64)
			return breach(rule, pointer, found(value), "a number "+each.words+" "+limit)
		}
	}
	if rule.multipleOf != "" && !isMultiple(value, rule.multipleOf) {
		return breach(rule, pointer, found(value), "a multiple of "+rule.multipleOf)
	}
	return nil
}

// isMultiple counts in decimal digits, not binary ones: 0.3 is a multiple of 0.1.
func isMultiple(value float64, factor string) bool {
	dividend, fine := new(big.Rat).SetString(strconv.FormatFloat(value, 'g', -1, 64))
	divisor, ok := new(big.Rat).SetString(factor)
	return fine && ok && divisor.Sign() != 0 && dividend.Quo(dividend, divisor).IsInt()
}

func countFault(rule *rule, count int, what string, least, most *int, pointer string) *ProtocolError {
	problem := fmt.Sprintf("found %d %s", count, what)
	if least != nil && count < *least {
		return breach(rule, pointer, problem, fmt.Sprintf("at least %d", *least))
	}
	if most != nil && count > *most {
		return breach(rule, pointer, problem, fmt.Sprintf("at most %d", *most))
	}
	return nil
}

func oneOfWords(values []any) string {
	words := make([]string, len(values))
	for index, value := range values {
		text, _ := json.Marshal(value)
		words[index] = string(text)
	}
	return "one of " + strings.Join(words, ", ")
}

func alternatives(rules []rule) string {
	words := make([]string, len(rules))
	for index := range rules {
		if words[index] = rules[index].reference; words[index] == "" {
			return fmt.Sprintf("one of %d alternatives", len(rules))
		}
	}
	return "one of " + strings.Join(words, ", ")
}

// canonical is a text that is equal for equal JSON values: 1 and 1.0 are equal, 1 and true are not. Its first byte
// tells the JSON type.
func canonical(value any) string {
	switch value := value.(type) {
	case nil:
		return "0"
	case bool:
		return "b" + strconv.FormatBool(value)
	case string:
		return "s" + strconv.Quote(value)
	case []any:
		var builder strings.Builder
		builder.WriteString("[")
		for _, each := range value {
			builder.WriteString(canonical(each) + ",")
		}
		return builder.String() + "]"
	case map[string]any:
		var builder strings.Builder
		builder.WriteString("{")
		for _, name := range sortedNames(value) {
			builder.WriteString(strconv.Quote(name) + ":" + canonical(value[name]) + ",")
		}
		return builder.String() + "}"
	}
	number, _ := numberOf(value)
	if number == 0 {
		number = 0 // minus zero equals zero
	}
	return "n" + strconv.FormatFloat(number, 'g', -1, 64)
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func contained(names []string, name string) bool {
	for _, each := range names {
		if each == name {
			return true
		}
	}
	return false
}
