"""Checks a value against a rule, and says by code and place what the first fault is.

A rule is a dictionary whose entries must all hold; an empty one accepts everything. The entries are those of JSON
Schema in snake case, with references by the name of a type, and some of this project:

- ``nullable``: null is accepted at once, the other entries are for the rest;
- ``kinds``: the JSON types, where ``integer`` is a number without a fraction, ``1.0`` included;
- ``code``: the error code of a breach where the JSON type is right; else it is ``invalid-data``;
- ``tagged``: objects told apart by a member that holds a string.
"""

from __future__ import annotations

import functools
import math
import re
from fractions import Fraction
from typing import Any, Callable, Mapping

from .errors import ProtocolError, child, found

__all__ = ["Rule", "Rules", "any_payload", "is_integer"]

Rule = Mapping[str, Any]

_KIND_WORDS = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}

_CODE_WORDS = {
    "invalid-revision": 'a revision: a string of decimal digits without sign, space or leading zero, at most '
    '"18446744073709551615"',
    "blank-topic": "a topic: a string with at least one character that is not white space",
    "out-of-range": "an integer from 0 to 9007199254740991",
}


class Rules:
    """The rules of all types of one schema, by name."""

    def __init__(self, table: Mapping[str, Rule], *, null_is_absent: bool) -> None:
        self._table = table
        self._null_is_absent = null_is_absent

    def check(self, name: str, value: Any, pointer: str = "") -> None:
        """Raises ProtocolError where ``value``, which stands at ``pointer``, is no ``name``."""
        try:
            self._check(self._table[name], value, pointer)
        except RecursionError:
            raise ProtocolError("too-deep", "", "found a value that nests too deeply", "fewer levels") from None

    def is_a(self, name: str, value: Any) -> bool:
        """Whether ``value`` is a ``name``."""
        return self.accepts(self._table[name], value)

    def written(self, name: str, value: Any, pointer: str) -> Any:
        """The value, once it is checked: for what a writer can put anything into."""
        self.check(name, value, pointer)
        return value

    def accepts(self, rule: Rule, value: Any) -> bool:
        """Whether ``value`` satisfies ``rule``."""
        return self._fault(rule, value, "") is None

    def _fault(self, rule: Rule, value: Any, pointer: str) -> ProtocolError | None:
        try:
            self._check(rule, value, pointer)
        except ProtocolError as error:
            return error
        return None

    def _check(self, rule: Rule, value: Any, pointer: str) -> None:
        if value is None and rule.get("nullable"):
            return
        if rule.get("never"):
            raise ProtocolError("invalid-data", pointer, found(value), "nothing: no value is accepted here")
        reference = rule.get("reference")
        if reference is not None:
            self._check(self._table[reference], value, pointer)
        kinds = rule.get("kinds")
        if kinds is not None:
            _check_kind(rule, kinds, value, pointer)
        constants = rule.get("constants")
        if constants is not None:
            _check_constant(rule, constants, value, pointer)
        if isinstance(value, str):
            _check_string(rule, value, pointer)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            _check_number(rule, value, pointer)
        elif isinstance(value, list):
            self._check_array(rule, value, pointer)
        elif isinstance(value, dict):
            self._check_object(rule, value, pointer)
        self._check_compositions(rule, value, pointer)

    def _check_array(self, rule: Rule, value: list[Any], pointer: str) -> None:
        prefix = rule.get("prefix_items", ())
        for index, (item_rule, item) in enumerate(zip(prefix, value)):
            self._check(item_rule, item, child(pointer, index))
        items = rule.get("items")
        if items is not None:
            for index in range(len(prefix), len(value)):
                self._check(items, value[index], child(pointer, index))
        _check_count(rule, "items", len(value), pointer)
        if rule.get("unique_items") and len({_canonical(item) for item in value}) < len(value):
            raise _breach(rule, pointer, "found two equal items", "items that all differ")
        contains = rule.get("contains")
        if contains is not None:
            count = sum(self.accepts(contains, item) for item in value)
            least, most = rule.get("min_contains", 1), rule.get("max_contains")
            if count < least or (most is not None and count > most):
                expected = f"at least {least}" if most is None else f"{least} to {most}"
                raise _breach(rule, pointer, f"found {count} items of the required form", expected)

    def _check_object(self, rule: Rule, value: dict[str, Any], pointer: str) -> None:
        required = rule.get("required", ())
        for name in required:
            if name not in value:
                raise _missing(name, pointer)
        properties = rule.get("properties", {})
        for name, member_rule in properties.items():
            if name in value:
                member = value[name]
                if member is None and self._null_is_absent and name not in required:
                    continue
                self._check(member_rule, member, child(pointer, name))
        patterns = rule.get("pattern_properties", ())
        additional = rule.get("additional")
        names = rule.get("property_names")
        if patterns or additional is not None or names is not None:
            for name, member in value.items():
                listed = name in properties
                for pattern, member_rule in patterns:
                    if _expression(pattern).search(name):
                        listed = True
                        self._check(member_rule, member, child(pointer, name))
                if additional is not None and not listed:
                    if additional.get("never"):
                        raise _breach(rule, child(pointer, name), "found an unknown member", "only the known members")
                    self._check(additional, member, child(pointer, name))
                if names is not None and not self.accepts(names, name):
                    raise _breach(rule, child(pointer, name), f"{found(name)} as a name", "a name as the schema has it")
        _check_count(rule, "properties", len(value), pointer)
        for name, others, whole in rule.get("dependents", ()):
            if name in value:
                for other in others:
                    if other not in value:
                        raise _missing(other, pointer)
                if whole is not None:
                    self._check(whole, value, pointer)

    def _check_compositions(self, rule: Rule, value: Any, pointer: str) -> None:
        for part in rule.get("all_of", ()):
            self._check(part, value, pointer)
        tagged = rule.get("tagged")
        if tagged is not None:
            self._check_tagged(rule, tagged, value, pointer)
        any_of = rule.get("any_of")
        if any_of:
            self._check_alternatives(rule, any_of, value, pointer, exactly=False)
        one_of = rule.get("one_of")
        if one_of:
            self._check_alternatives(rule, one_of, value, pointer, exactly=True)
        excluded = rule.get("not")
        if excluded is not None and self.accepts(excluded, value):
            raise _breach(rule, pointer, f"{found(value)} of a form that is excluded", "another value")
        condition = rule.get("if")
        if condition is not None:
            branch = rule.get("then" if self.accepts(condition, value) else "else")
            if branch is not None:
                self._check(branch, value, pointer)

    def _check_alternatives(self, rule: Rule, parts: Any, value: Any, pointer: str, *, exactly: bool) -> None:
        faults = [self._fault(part, value, pointer) for part in parts]
        fitting = faults.count(None)
        if fitting == 1 or (fitting > 1 and not exactly):
            return
        if fitting > 1:
            problem = f"{found(value)} that fits {fitting} alternatives"
            raise _breach(rule, pointer, problem, f"exactly {_alternatives(parts)}")
        # The alternative that was meant is the only one whose type fits.
        meant = [fault for fault in faults if fault and (fault.code != "wrong-type" or fault.pointer != pointer)]
        if len(meant) == 1:
            raise meant[0]
        code = "invalid-data" if meant else "wrong-type"
        raise ProtocolError(code, pointer, f"{found(value)} that fits no alternative", _alternatives(parts))

    def _check_tagged(self, rule: Rule, tagged: Mapping[str, Any], value: Any, pointer: str) -> None:
        if not isinstance(value, dict):
            raise ProtocolError("wrong-type", pointer, found(value), "an object")
        tag = tagged["tag"]
        if tag not in value:
            raise _missing(tag, pointer)
        given = value[tag]
        if not isinstance(given, str):
            raise ProtocolError("wrong-type", child(pointer, tag), found(given), "a string")
        variant = tagged["variants"].get(given)
        if variant is None:
            raise _breach(rule, child(pointer, tag), found(given), _one_of(tagged["variants"]))
        self._check(variant, value, pointer)


def any_payload(value: Any, pointer: str) -> Any:
    """Takes every JSON value as it is: for payloads whose form is not known."""
    return value


def is_integer(value: Any) -> bool:
    """Whether the value is a number without a fraction."""
    return _is_kind("integer", value)


def _breach(rule: Rule, pointer: str, problem: str, expected: str) -> ProtocolError:
    code = rule.get("code", "invalid-data")
    return ProtocolError(code, pointer, problem, _CODE_WORDS.get(code, expected))


def _missing(name: str, pointer: str) -> ProtocolError:
    return ProtocolError("missing-member", child(pointer, name), "found nothing", f'the required member "{name}"')


def _one_of(words: Any) -> str:
    return "one of " + ", ".join(f'"{word}"' if isinstance(word, str) else repr(word) for word in words)


def _alternatives(parts: Any) -> str:
    names = [part["reference"] for part in parts if "reference" in part]
    return f"one of {', '.join(names)}" if len(names) == len(parts) else f"one of {len(parts)} alternatives"


def _is_kind(kind: str, value: Any) -> bool:
    if kind == "null":
        return value is None
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    if kind == "array":
        return isinstance(value, list)
    if kind == "object":
        return isinstance(value, dict)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if kind == "number":
        return math.isfinite(value) if isinstance(value, float) else True
    return value.is_integer() if isinstance(value, float) else True


def _check_kind(rule: Rule, kinds: Any, value: Any, pointer: str) -> None:
    if any(_is_kind(kind, value) for kind in kinds):
        return
    expected = " or ".join(_KIND_WORDS[kind] for kind in kinds)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and "integer" in kinds and "code" in rule:
        # A number with a fraction has the right JSON type; it breaks the rule of the integer.
        raise _breach(rule, pointer, found(value), expected)
    raise ProtocolError("wrong-type", pointer, found(value), expected)


def _check_constant(rule: Rule, constants: Any, value: Any, pointer: str) -> None:
    key = _canonical(value)
    if any(_canonical(constant) == key for constant in constants):
        return
    if not any(_canonical(constant)[0] == key[0] for constant in constants):
        raise ProtocolError("wrong-type", pointer, found(value), _one_of(constants))
    raise _breach(rule, pointer, found(value), _one_of(constants))


def _check_string(rule: Rule, value: str, pointer: str) -> None:
    least, most, pattern = rule.get("min_length"), rule.get("max_length"), rule.get("pattern")
    if least is not None and len(value) < least:
        raise _breach(rule, pointer, found(value), f"a string of at least {least} characters")
    if most is not None and len(value) > most:
        raise _breach(rule, pointer, found(value), f"a string of at most {most} characters")
    if pattern is not None and not _expression(pattern).search(value):
        raise _breach(rule, pointer, found(value), f"a string that matches {pattern}")


def _check_number(rule: Rule, value: int | float, pointer: str) -> None:
    for entry, holds, words in _BOUNDS:
        bound = rule.get(entry)
        if bound is not None and not holds(value, bound):
            raise _breach(rule, pointer, found(value), f"a number {words} {bound}")
    factor = rule.get("multiple_of")
    # The decimal digits count, not the binary ones: 0.3 is a multiple of 0.1.
    if factor is not None and (Fraction(repr(value)) / Fraction(repr(factor))).denominator != 1:
        raise _breach(rule, pointer, found(value), f"a multiple of {factor}")


_BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool], str], ...] = (
    ("minimum", lambda value, bound: value >= bound, "that is at least"),
    ("maximum", lambda value, bound: value <= bound, "that is at most"),
    ("exclusive_minimum", lambda value, bound: value > bound, "greater than"),
    ("exclusive_maximum", lambda value, bound: value < bound, "less than"),
)


def _check_count(rule: Rule, what: str, count: int, pointer: str) -> None:
    word = "items" if what == "items" else "members"
    least, most = rule.get(f"min_{what}"), rule.get(f"max_{what}")
    if least is not None and count < least:
        raise _breach(rule, pointer, f"found {count} {word}", f"at least {least}")
    if most is not None and count > most:
        raise _breach(rule, pointer, f"found {count} {word}", f"at most {most}")


def _canonical(value: Any) -> tuple[Any, ...]:
    """A key that is equal for equal JSON values: 1 and 1.0 are equal, 1 and true are not."""
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float)):
        return ("number", value)
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, list):
        return ("array", *(_canonical(item) for item in value))
    return ("object", frozenset((name, _canonical(member)) for name, member in value.items()))


@functools.lru_cache(maxsize=None)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
