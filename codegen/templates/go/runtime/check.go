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

// checker holds the rules of all types of one schema, by name.
type checker struct {
	rules map[string]rule
	// nullIsAbsent tells that an explicit null in an optional member is read as absent.
	nullIsAbsent bool
}

// check returns the first fault of value, which stands at pointer, against the rule called name.
func (checker checker) check(name string, value any, pointer string) error {
	rule := checker.rules[name]
	if fault := checker.fault(&rule, value, pointer); fault != nil {
		return fault
	}
	return nil
}

func (checker checker) accepts(rule *rule, value any) bool {
	return checker.fault(rule, value, "") == nil
}

func (checker checker) fault(rule *rule, value any, pointer string) *ProtocolError {
	if value == nil && rule.nullable {
		return nil
	}
	if rule.never {
		return &ProtocolError{InvalidData, pointer, found(value), "nothing: no value is accepted here"}
	}
	if rule.reference != "" {
		referred := checker.rules[rule.reference]
		if fault := checker.fault(&referred, value, pointer); fault != nil {
			return fault
		}
	}
	if fault := kindFault(rule, value, pointer); fault != nil {
		return fault
	}
	if fault := constantFault(rule, value, pointer); fault != nil {
		return fault
	}
	if fault := checker.contentFault(rule, value, pointer); fault != nil {
		return fault
	}
	return checker.compositionFault(rule, value, pointer)
}

func (checker checker) contentFault(rule *rule, value any, pointer string) *ProtocolError {
	switch value := value.(type) {
	case string:
		return stringFault(rule, value, pointer)
	case []any:
		return checker.arrayFault(rule, value, pointer)
	case map[string]any:
		return checker.objectFault(rule, value, pointer)
	}
	if number, ok := numberOf(value); ok {
		return numberFault(rule, number, pointer)
	}
	return nil
}

func (checker checker) arrayFault(rule *rule, value []any, pointer string) *ProtocolError {
	for index, each := range value {
		itemRule := rule.items
		if index < len(rule.prefixItems) {
			itemRule = &rule.prefixItems[index]
		}
		if itemRule == nil {
			continue
		}
		if fault := checker.fault(itemRule, each, item(pointer, index)); fault != nil {
			return fault
		}
	}
	if fault := countFault(rule, len(value), "items", rule.minItems, rule.maxItems, pointer); fault != nil {
		return fault
	}
	if rule.uniqueItems {
		seen := make(map[string]bool, len(value))
		for _, each := range value {
			key := canonical(each)
			if seen[key] {
				return breach(rule, pointer, "found two equal items", "items that all differ")
			}
			seen[key] = true
		}
	}
	if rule.contains != nil {
		count := 0
		for _, each := range value {
			if checker.accepts(rule.contains, each) {
				count++
			}
		}
		least := 1
		if rule.minContains != nil {
			least = *rule.minContains
		}
		return countFault(rule, count, "items of the required form", &least, rule.maxContains, pointer)
	}
	return nil
}

func (checker checker) objectFault(rule *rule, value map[string]any, pointer string) *ProtocolError {
	for _, name := range rule.required {
		if _, present := value[name]; !present {
			return missing(name, pointer)
		}
	}
	for index := range rule.members {
		each := &rule.members[index]
		memberValue, present := value[each.name]
		if !present || memberValue == nil && checker.nullIsAbsent && !contained(rule.required, each.name) {
			continue
		}
		if fault := checker.fault(&each.rule, memberValue, child(pointer, each.name)); fault != nil {
			return fault
		}
	}
	if fault := checker.otherMembersFault(rule, value, pointer); fault != nil {
		return fault
	}
	if fault := countFault(rule, len(value), "members", rule.minProperties, rule.maxProperties, pointer); fault != nil {
		return fault
	}
	for _, each := range rule.dependents {
		if _, present := value[each.name]; !present {
			continue
		}
		for _, name := range each.required {
			if _, present := value[name]; !present {
				return missing(name, pointer)
			}
		}
		if fault := checker.fault(each.whole, value, pointer); fault != nil {
			return fault
		}
	}
	return nil
}

// otherMembersFault checks the parts that are about members not known by name.
func (checker checker) otherMembersFault(rule *rule, value map[string]any, pointer string) *ProtocolError {
	if len(rule.patternMembers) == 0 && rule.additional == nil && rule.names == nil {
		return nil
	}
	// Maps have no order, and the first fault is told: in the order of the names it is always the same.
	for _, name := range sortedNames(value) {
		place := child(pointer, name)
		listed := false
		for index := range rule.members {
			listed = listed || rule.members[index].name == name
		}
		for index := range rule.patternMembers {
			if each := &rule.patternMembers[index]; each.pattern.MatchString(name) {
				listed = true
				if fault := checker.fault(&each.rule, value[name], place); fault != nil {
					return fault
				}
			}
		}
		if rule.additional != nil && !listed {
			if rule.additional.never {
				return breach(rule, place, "found an unknown member", "only the known members")
			}
			if fault := checker.fault(rule.additional, value[name], place); fault != nil {
				return fault
			}
		}
		if rule.names != nil && !checker.accepts(rule.names, name) {
			return breach(rule, place, found(name)+" as a name", "a name as the schema has it")
		}
	}
	return nil
}

func (checker checker) compositionFault(rule *rule, value any, pointer string) *ProtocolError {
	for index := range rule.allOf {
		if fault := checker.fault(&rule.allOf[index], value, pointer); fault != nil {
			return fault
		}
	}
	if rule.tag != "" {
		if fault := checker.taggedFault(rule, value, pointer); fault != nil {
			return fault
		}
	}
	if len(rule.anyOf) > 0 && checker.count(rule.anyOf, value) == 0 {
		return breach(rule, pointer, found(value)+" that fits no alternative", alternatives(rule.anyOf))
	}
	if len(rule.oneOf) > 0 {
		switch count := checker.count(rule.oneOf, value); count {
		case 0:
			return breach(rule, pointer, found(value)+" that fits no alternative", "exactly "+alternatives(rule.oneOf))
		case 1:
		default:
			problem := fmt.Sprintf("%s that fits %d alternatives", found(value), count)
			return breach(rule, pointer, problem, "exactly "+alternatives(rule.oneOf))
		}
	}
	if rule.not != nil && checker.accepts(rule.not, value) {
		return breach(rule, pointer, found(value)+" of a form that is excluded", "another value")
	}
	if rule.condition != nil {
		branch := rule.otherwise
		if checker.accepts(rule.condition, value) {
			branch = rule.then
		}
		if branch != nil {
			return checker.fault(branch, value, pointer)
		}
	}
	return nil
}

func (checker checker) taggedFault(rule *rule, value any, pointer string) *ProtocolError {
	object, ok := value.(map[string]any)
	if !ok {
		return &ProtocolError{WrongType, pointer, found(value), string(isObject)}
	}
	given, present := object[rule.tag]
	if !present {
		return missing(rule.tag, pointer)
	}
	place := child(pointer, rule.tag)
	text, ok := given.(string)
	if !ok {
		return &ProtocolError{WrongType, place, found(given), string(isString)}
	}
	known := make([]any, len(rule.variants))
	for index := range rule.variants {
		if rule.variants[index].value == text {
			return checker.fault(&rule.variants[index].rule, value, pointer)
		}
		known[index] = rule.variants[index].value
	}
	return breach(rule, place, found(given), oneOfWords(known))
}

func (checker checker) count(rules []rule, value any) int {
	count := 0
	for index := range rules {
		if checker.accepts(&rules[index], value) {
			count++
		}
	}
	return count
}

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
