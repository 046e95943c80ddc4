"""Refusals: a code of the closed list, the place, and a sentence."""

from __future__ import annotations

from typing import Any, Callable, Literal, TypeVar

__all__ = ["ERROR_CODES", "ErrorCode", "ProtocolError", "child", "found", "read_payload"]

T = TypeVar("T")

ErrorCode = Literal[
    "invalid-json",
    "too-deep",
    "wrong-type",
    "missing-member",
    "duplicate-member",
    "invalid-revision",
    "blank-topic",
    "unknown-value",
    "out-of-range",
    "invalid-data",
]

ERROR_CODES: tuple[str, ...] = (
    "invalid-json",
    "too-deep",
    "wrong-type",
    "missing-member",
    "duplicate-member",
    "invalid-revision",
    "blank-topic",
    "unknown-value",
    "out-of-range",
    "invalid-data",
)

# How much of a long string a sentence shows.
_SHOWN = 40


class ProtocolError(ValueError):
    """A message or value that is refused.

    ``code`` is one of ``ERROR_CODES``, ``pointer`` the place as a JSON Pointer (RFC 6901; for a missing member
    the place where it would be), ``message`` a sentence: what is wrong there, and what would have been right.
    """

    def __init__(self, code: str, pointer: str, problem: str, expected: str) -> None:
        self.code = code
        self.pointer = pointer
        self.problem = problem
        self.expected = expected
        self.message = f"{problem} at {pointer or 'the top level'}; expected {expected} ({code})"
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.code, self.pointer, self.problem, self.expected))


def read_payload(parse: Callable[[Any, str], T], value: Any, pointer: str) -> T:
    """Reads a payload. Each generated package has a ProtocolError of its own; who calls sees that of this one."""
    try:
        return parse(value, pointer)
    except ProtocolError:
        raise
    except ValueError as error:
        parts = [getattr(error, name, None) for name in ("code", "pointer", "problem", "expected")]
        if parts[0] not in ERROR_CODES or not all(isinstance(part, str) for part in parts):
            raise
        raise ProtocolError(*map(str, parts)) from error


def child(pointer: str, name: str | int) -> str:
    """The place of a member or an item inside the value at ``pointer``."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def found(value: object) -> str:
    """What stands there, in the words of JSON."""
    if value is None:
        return "found null"
    if isinstance(value, bool):
        return f"found the boolean {'true' if value else 'false'}"
    if isinstance(value, int):
        # A conversion of thousands of digits is slow, and refused by newer interpreters.
        return f"found the number {value}" if value.bit_length() < 1024 else "found a huge number"
    if isinstance(value, float):
        return f"found the number {value!r}"
    if isinstance(value, str):
        rest = len(value) - _SHOWN
        more = f" and {rest} more characters" if rest > 0 else ""
        return f"found the string {ascii(value[:_SHOWN])}{more}"
    if isinstance(value, (list, tuple)):
        return "found an array"
    if isinstance(value, dict):
        return "found an object"
    return f"found a Python object of type {type(value).__name__}, which is no JSON value"
