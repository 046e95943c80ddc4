package statesync

import "regexp"

// rule is what a value must satisfy: every part must hold, and an empty rule accepts everything. As in JSON Schema, a part
// about one JSON type says nothing about values of another.
type rule struct {
	never     bool
	nullable  bool
	kinds     []kind
	reference string
	code      ErrorCode
	constants []any

	bounds     []bound
	multipleOf string

	minLength, maxLength *int
	pattern              *regexp.Regexp

	prefixItems              []rule
	items                    *rule
	minItems, maxItems       *int
	uniqueItems              bool
	contains                 *rule
	minContains, maxContains *int

	members                      []memberRule
	required                     []string
	patternMembers               []patternRule
	additional                   *rule
	names                        *rule
	minProperties, maxProperties *int
	dependents                   []dependentRule

	allOf, anyOf, oneOf        []rule
	tag                        string
	variants                   []variantRule
	not                        *rule
	condition, then, otherwise *rule
}

// kind is a JSON type, with numbers without a fraction apart (1.0 is one).
type kind string

const (
	isNull    kind = "null"
	isBoolean kind = "a boolean"
	isInteger kind = "an integer"
	isNumber  kind = "a number"
	isString  kind = "a string"
	isArray   kind = "an array"
	isObject  kind = "an object"
)

// bound is one of the four bounds of a number.
type bound struct {
	words string
	limit float64
	holds func(value, limit float64) bool
}

type memberRule struct {
	name string
	rule rule
}

type patternRule struct {
	pattern *regexp.Regexp
	rule    rule
}

type variantRule struct {
	value string
	rule  rule
}

type dependentRule struct {
	name     string
	required []string
	whole    *rule
}

// part sets one part of a rule; the generated tables are written in parts.
type part func(*rule)

func ruleOf(parts ...part) rule {
	made := rule{}
	for _, set := range parts {
		set(&made)
	}
	return made
}

func pointerToRule(parts []part) *rule {
	made := ruleOf(parts...)
	return &made
}

func never() part                 { return func(made *rule) { made.never = true } }
func nullable() part              { return func(made *rule) { made.nullable = true } }
func kinds(all ...kind) part      { return func(made *rule) { made.kinds = all } }
func refer(name string) part      { return func(made *rule) { made.reference = name } }
func code(code ErrorCode) part    { return func(made *rule) { made.code = code } }
func constants(all ...any) part   { return func(made *rule) { made.constants = all } }
func multipleOf(text string) part { return func(made *rule) { made.multipleOf = text } }

func withBound(words string, limit float64, holds func(value, limit float64) bool) part {
	return func(made *rule) { made.bounds = append(made.bounds, bound{words, limit, holds}) }
}

func minimum(limit float64) part {
	return withBound("that is at least", limit, func(value, limit float64) bool { return value >= limit })
}

func maximum(limit float64) part {
	return withBound("that is at most", limit, func(value, limit float64) bool { return value <= limit })
}

func exclusiveMinimum(limit float64) part {
	return withBound("greater than", limit, func(value, limit float64) bool { return value > limit })
}

func exclusiveMaximum(limit float64) part {
	return withBound("less than", limit, func(value, limit float64) bool { return value < limit })
}

func minLength(count int) part { return func(made *rule) { made.minLength = &count } }
func maxLength(count int) part { return func(made *rule) { made.maxLength = &count } }
func pattern(text string) part { return func(made *rule) { made.pattern = regexp.MustCompile(text) } }
func prefixItem(parts ...part) part {
	return func(made *rule) { made.prefixItems = append(made.prefixItems, ruleOf(parts...)) }
}
func items(parts ...part) part    { return func(made *rule) { made.items = pointerToRule(parts) } }
func minItems(count int) part     { return func(made *rule) { made.minItems = &count } }
func maxItems(count int) part     { return func(made *rule) { made.maxItems = &count } }
func uniqueItems() part           { return func(made *rule) { made.uniqueItems = true } }
func contains(parts ...part) part { return func(made *rule) { made.contains = pointerToRule(parts) } }
func minContains(count int) part  { return func(made *rule) { made.minContains = &count } }
func maxContains(count int) part  { return func(made *rule) { made.maxContains = &count } }

func member(name string, parts ...part) part {
	return func(made *rule) { made.members = append(made.members, memberRule{name, ruleOf(parts...)}) }
}

func required(names ...string) part { return func(made *rule) { made.required = names } }

func patternMember(text string, parts ...part) part {
	return func(made *rule) {
		made.patternMembers = append(made.patternMembers, patternRule{regexp.MustCompile(text), ruleOf(parts...)})
	}
}

func additional(parts ...part) part {
	return func(made *rule) { made.additional = pointerToRule(parts) }
}
func names(parts ...part) part     { return func(made *rule) { made.names = pointerToRule(parts) } }
func minProperties(count int) part { return func(made *rule) { made.minProperties = &count } }
func maxProperties(count int) part { return func(made *rule) { made.maxProperties = &count } }

func dependent(name string, required []string, parts ...part) part {
	return func(made *rule) {
		made.dependents = append(made.dependents, dependentRule{name, required, pointerToRule(parts)})
	}
}

func allOf(parts ...part) part {
	return func(made *rule) { made.allOf = append(made.allOf, ruleOf(parts...)) }
}
func anyOf(parts ...part) part {
	return func(made *rule) { made.anyOf = append(made.anyOf, ruleOf(parts...)) }
}
func oneOf(parts ...part) part {
	return func(made *rule) { made.oneOf = append(made.oneOf, ruleOf(parts...)) }
}
func tag(name string) part { return func(made *rule) { made.tag = name } }

func variant(value string, parts ...part) part {
	return func(made *rule) { made.variants = append(made.variants, variantRule{value, ruleOf(parts...)}) }
}

func not(parts ...part) part       { return func(made *rule) { made.not = pointerToRule(parts) } }
func condition(parts ...part) part { return func(made *rule) { made.condition = pointerToRule(parts) } }
func thenRule(parts ...part) part  { return func(made *rule) { made.then = pointerToRule(parts) } }
func elseRule(parts ...part) part  { return func(made *rule) { made.otherwise = pointerToRule(parts) } }
