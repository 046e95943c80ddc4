"""The harness adapter: answers the conformance suite's requests on standard input, one JSON text a line.

Run as ``python -m statesync.harness``.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO, Callable

from . import __version__
from .generated import DECODERS, ProtocolError, parse_revision, parse_topic
from .generated.text import json_of
from .revision import compare_revisions, next_revision

__all__ = ["answer", "serve"]


def _hello(input: Any) -> Any:
    return {
        "protocol": 1,
        "implementation": "state-sync",
        "version": __version__,
        "language": "python",
        "profiles": ["core"],
    }


def _equal_topics(input: Any) -> bool:
    return parse_topic(input["left"], "/left") == parse_topic(input["right"], "/right")


def _decode(input: Any) -> Any:
    return json_of(DECODERS[input["type"]](input["text"]))


OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "hello": _hello,
    "revision.parse": lambda input: parse_revision(input["value"]),
    "revision.compare": lambda input: compare_revisions(input["left"], input["right"]),
    "revision.next": lambda input: next_revision(input["value"]),
    "topic.parse": lambda input: parse_topic(input["value"]),
    "topic.equal": _equal_topics,
    "message.decode": _decode,
}


def answer(request: Any) -> dict[str, Any]:
    """The answer to one request."""
    operation = OPERATIONS.get(request["op"])
    if operation is None:
        return {"id": request["id"], "result": "not-implemented", "reason": f"no operation {request['op']}"}
    if operation is _decode and request["input"]["type"] not in DECODERS:
        return {"id": request["id"], "result": "not-implemented", "reason": f"no type {request['input']['type']}"}
    try:
        value = operation(request["input"])
    except ProtocolError as error:
        fault = {"code": error.code, "pointer": error.pointer, "message": error.message}
        return {"id": request["id"], "result": "error", **fault}
    return {"id": request["id"], "result": "ok", "value": value}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers every line until there are no more."""
    for line in requests:
        if line.strip():
            answers.write(json.dumps(answer(json.loads(line)), separators=(",", ":")).encode() + b"\n")
            # Nobody waits for an answer while more requests are in the pipe, but the last must not be kept back.
            answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
