package statesync

import "fmt"

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
	if fault := checker.alternativesFault(rule, rule.anyOf, value, pointer, false); fault != nil {
		return fault
	}
	if fault := checker.alternativesFault(rule, rule.oneOf, value, pointer, true); fault != nil {
		return fault
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

func (checker checker) alternativesFault(owner *rule, parts []rule, value any, pointer string, exactly bool) *ProtocolError {
	fitting := 0
	var only, other *ProtocolError
	for index := range parts {
		fault := checker.fault(&parts[index], value, pointer)
		switch {
		case fault == nil:
			fitting++
		case fault.Code == WrongType && fault.Pointer == pointer:
		case only == nil:
			only = fault
		default:
			other = fault
		}
	}
	problem := found(value) + " that fits no alternative"
	switch {
	case len(parts) == 0 || fitting == 1 || fitting > 1 && !exactly:
		return nil
	case fitting > 1:
		problem = fmt.Sprintf("%s that fits %d alternatives", found(value), fitting)
		return breach(owner, pointer, problem, "exactly "+alternatives(parts))
	case only == nil:
		return &ProtocolError{WrongType, pointer, problem, alternatives(parts)}
	case other == nil:
		// The alternative that was meant is the only one whose type fits.
		return only
	default:
		return &ProtocolError{InvalidData, pointer, problem, alternatives(parts)}
	}
}
