"""A strict reader and writer of JSON texts.

The standard library's reader takes texts that I-JSON (RFC 7493) excludes: ``NaN``, lone surrogates, numbers that
no double can hold, and a name that appears twice, of which it tells nobody. It also ends in a ``RecursionError``
where a text nests deeply. So the text is looked over first, and the reader is given hooks.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NamedTuple, NoReturn

from .errors import ProtocolError, child

__all__ = ["MAXIMUM_DEPTH", "Document", "decode_text", "encode_text", "json_of", "read_text", "refuse_duplicates"]

# How many arrays and objects may stand inside one another, the outermost counted as 1.
MAXIMUM_DEPTH = 127

# Strings whole, so that brackets inside them do not count. The closing quotation mark is optional: were it not, a text
# with an unterminated string would take quadratic time.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)

# Backslashes stand only inside strings, so escapes are found without knowing where the strings are. A pair
# is taken as one; what is left of the surrogates is alone.
_ESCAPE = re.compile(
    r"\\(?:u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<alone>[dD][89a-fA-F][0-9a-fA-F]{2})|[0-9a-fA-F]{4}|(?P<broken>))|.)",
    re.DOTALL,
)


class Document(NamedTuple):
    """A text that was read."""

    value: Any
    """The value; of members with one name, the last."""
    duplicates: tuple[tuple[str | int, ...], ...]
    """The paths of the members that appear more than once."""


class _Repeating(dict[str, Any]):
    """An object in which names appear twice; it does not leave this module."""

    __slots__ = ("names",)
    names: list[str]


def _refuse(problem: str) -> NoReturn:
    raise ProtocolError("invalid-json", "", problem, "a JSON text as RFC 8259 and I-JSON (RFC 7493) have it")


def _text(text: str | bytes | bytearray | memoryview) -> str:
    if isinstance(text, str):
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            _refuse("found a lone surrogate")
        return text
    try:
        return bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(f"found bytes that are not UTF-8 at offset {error.start}")


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAXIMUM_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        token = match.group()
        if token == "[" or token == "{":
            depth += 1
            if depth > MAXIMUM_DEPTH:
                raise ProtocolError(
                    "too-deep",
                    "",
                    f"found more than {MAXIMUM_DEPTH} arrays and objects inside one another",
                    f"at most {MAXIMUM_DEPTH} levels",
                )
        elif token == "]" or token == "}":
            depth -= 1


def _check_escapes(text: str) -> None:
    if "\\u" not in text:
        return
    for match in _ESCAPE.finditer(text):
        if match["alone"] is not None:
            _refuse(f"found the lone surrogate \\u{match['alone']} at character {match.start()}")
        if match["broken"] is not None:
            _refuse(f"found \\u without four hexadecimal digits at character {match.start()}")


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        _refuse(f"found the number {text[:40]}{'…' if len(text) > 40 else ''}, which is greater than any double")
    return number


def _integer(text: str) -> int | float:
    if len(text) > 15:
        _number(text)
    # Zero has a sign among the doubles, and none among Python's integers.
    return -0.0 if text == "-0" else int(text)


def _constant(text: str) -> NoReturn:
    _refuse(f"found {text}, which JSON does not have")


def read_text(text: str | bytes | bytearray | memoryview) -> Document:
    """Reads a JSON text, and tells which members appear more than once.

    Raises ProtocolError with code ``invalid-json`` or ``too-deep``.
    """
    text = _text(text)
    _check_depth(text)
    _check_escapes(text)
    repeating: list[_Repeating] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        marked = _Repeating(value)
        seen: set[str] = set()
        marked.names = [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
        repeating.append(marked)
        return marked

    decoder = json.JSONDecoder(
        object_pairs_hook=members, parse_float=_number, parse_int=_integer, parse_constant=_constant
    )
    try:
        value = decoder.decode(text)
    except json.JSONDecodeError as error:
        _refuse(f"found no JSON: {error.msg} at line {error.lineno} column {error.colno}")
    if not repeating:
        return Document(value, ())
    return _unmark(value)


def _unmark(value: Any) -> Document:
    """Collects what was marked, and puts plain dictionaries in its place."""
    duplicates: list[tuple[str | int, ...]] = []
    holder = [value]
    open_places: list[tuple[Any, Any, tuple[str | int, ...]]] = [(holder, 0, ())]
    while open_places:
        parent, key, path = open_places.pop()
        here = parent[key]
        if isinstance(here, _Repeating):
            duplicates.extend((*path, name) for name in here.names)
            here = parent[key] = dict(here)
        if isinstance(here, dict):
            open_places.extend((here, name, (*path, name)) for name in here)
        elif isinstance(here, list):
            open_places.extend((here, index, (*path, index)) for index in range(len(here)))
    return Document(holder[0], tuple(duplicates))


def decode_text(text: str | bytes | bytearray | memoryview) -> Any:
    """Reads a JSON text into dictionaries, lists, strings, numbers, booleans and None.

    Where a name appears twice the last member counts. Raises ProtocolError with code ``invalid-json`` or ``too-deep``.
    """
    return read_text(text).value


def refuse_duplicates(document: Document, members: dict[str, Any], name: str) -> None:
    """Raises ProtocolError with code ``duplicate-member`` where a member that the type ``name`` defines appears twice.

    ``members`` tells, for each type, its members and the type of each (None where there is none to look into); for
    a union, the tag and the type of each variant.
    """
    for path in document.duplicates:
        pointer = ""
        value = document.value
        inside: str | None = name
        for step, at in enumerate(path):
            pointer = child(pointer, at)
            if inside is None:
                break
            if isinstance(value, list):
                value = value[int(at)]
                continue
            known = members[inside]
            if "tag" in known:
                tag = value.get(known["tag"])
                variant = known["variants"].get(tag) if isinstance(tag, str) else None
                known = members[variant] if variant is not None else {"members": {known["tag"]: None}}
            if at not in known["members"]:
                break
            if step == len(path) - 1:
                problem = f'found the member "{at}" a second time'
                raise ProtocolError("duplicate-member", pointer, problem, "each member once")
            inside = known["members"][at]
            value = value[at]


def json_of(value: Any) -> Any:
    """The value as dictionaries, lists and scalars: what has a method ``to_json`` is asked for it."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    to_json = getattr(value, "to_json", None)
    if to_json is not None:
        return to_json()
    if isinstance(value, dict):
        return {name: json_of(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_of(item) for item in value]
    raise TypeError(f"a {type(value).__name__} is no JSON value and has no method to_json")


def encode_text(value: Any) -> str:
    """The JSON text of a message, a payload or a plain value, without white space."""
    return json.dumps(json_of(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
