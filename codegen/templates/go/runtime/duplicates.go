package statesync

import (
	"fmt"
	"strconv"
)

// memberTable tells the members that a type defines, for the search for those that appear twice.
type memberTable struct {
	// members have the name of their type where there is one to look into, else "".
	members map[string]string
	// tag and variants are those of a union.
	tag      string
	variants map[string]string
}

// refuseDuplicates returns an error where a member that the type called name defines appears twice.
func refuseDuplicates(read document, tables map[string]memberTable, name string) error {
	for _, path := range read.duplicates {
		if err := refuseDuplicate(read.value, path, tables, name); err != nil {
			return err
		}
	}
	return nil
}

func refuseDuplicate(value any, path []string, tables map[string]memberTable, name string) error {
	pointer := ""
	for step, at := range path {
		pointer = child(pointer, at)
		if items, ok := value.([]any); ok {
			index, _ := strconv.Atoi(at)
			if index >= len(items) {
				return nil
			}
			value = items[index]
			continue
		}
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		table := tables[name]
		if table.tag != "" {
			tag, _ := object[table.tag].(string)
			if variant, known := table.variants[tag]; known {
				table = tables[variant]
			} else {
				table = memberTable{members: map[string]string{table.tag: ""}}
			}
		}
		inside, known := table.members[at]
		if !known {
			return nil
		}
		if step == len(path)-1 {
			problem := fmt.Sprintf("found the member %q a second time", at)
			return &ProtocolError{DuplicateMember, pointer, problem, "each member once"}
		}
		if inside == "" {
			return nil
		}
		value, name = object[at], inside
	}
	return nil
}

func membersOf(pairs [][2]string) memberTable {
	return memberTable{members: byFirst(pairs)}
}

func variantsOf(tag string, pairs [][2]string) memberTable {
	return memberTable{tag: tag, variants: byFirst(pairs)}
}

func byFirst(pairs [][2]string) map[string]string {
	table := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		table[pair[0]] = pair[1]
	}
	return table
}
