"""Operations on revisions: numbers from 0 to 2^64-1, as canonical decimal text.

A revision stays the text that it is on the wire. Python's integers would hold it too, but JSON writers that meet an
integer write a JSON number, which other languages round past 2^53.
"""

from __future__ import annotations

from typing import Any, Literal

from .generated import ProtocolError, Revision, parse_revision

__all__ = ["MAXIMUM_REVISION", "ZERO_REVISION", "compare_revisions", "is_canonical_revision", "next_revision"]

ZERO_REVISION = Revision("0")
MAXIMUM_REVISION = Revision("18446744073709551615")


def is_canonical_revision(value: Any) -> bool:
    """Whether the value is the canonical text of a revision."""
    try:
        parse_revision(value)
    except ProtocolError:
        return False
    return True


def compare_revisions(left: str, right: str) -> Literal[-1, 0, 1]:
    """Compares as numbers: -1 where left is the lower, 0 where they are equal, 1 where left is the higher.

    Raises ProtocolError, with the pointer ``/left`` or ``/right``, where one is no revision.
    """
    first, second = int(parse_revision(left, "/left")), int(parse_revision(right, "/right"))
    return -1 if first < second else 1 if first > second else 0


def next_revision(revision: str) -> Revision:
    """The revision after this one; the last is followed by itself. Raises ProtocolError where it is no revision."""
    following = int(parse_revision(revision)) + 1
    return min(Revision(str(following)), MAXIMUM_REVISION, key=int)
