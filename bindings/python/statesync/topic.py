"""Topics: strings with at least one character that is not white space, compared code point by code point."""

from __future__ import annotations

from .generated import ProtocolError, parse_topic

__all__ = ["is_blank_topic"]


def is_blank_topic(text: str) -> bool:
    """Whether the text is empty or white space alone, by the set of ECMAScript.

    ``str.isspace`` is another set: it takes U+0085 and U+001C to U+001F for white space, and U+FEFF for none.
    """
    try:
        parse_topic(text)
    except ProtocolError:
        return True
    return False
