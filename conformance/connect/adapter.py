"""A harness adapter to start from: it answers the operations on revisions, and says that it has no others yet."""

import json
import re
import sys

MAXIMUM = 2**64 - 1


class Refusal(Exception):
    """A value that is refused, as (code, pointer, message)."""


def revision(value, pointer=""):
    if not isinstance(value, str):
        raise Refusal("wrong-type", pointer, f"a revision is a string, and this is {json.dumps(value)}")
    if not re.fullmatch("0|[1-9][0-9]{0,19}", value) or int(value) > MAXIMUM:
        raise Refusal("invalid-revision", pointer, f"a revision is a decimal from 0 to 2^64-1, and this is {json.dumps(value)}")
    return int(value)


def compare(left, right):
    return (left > right) - (left < right)


OPERATIONS = {
    "hello": lambda input: {"protocol": 1, "implementation": "newcomer", "version": "0.1.0", "language": "python", "profiles": ["core"]},
    "revision.parse": lambda input: str(revision(input["value"])),
    "revision.next": lambda input: str(min(revision(input["value"]) + 1, MAXIMUM)),
    "revision.compare": lambda input: compare(revision(input["left"], "/left"), revision(input["right"], "/right")),
}

for line in sys.stdin.buffer:
    request = json.loads(line)
    answer = {"id": request["id"], "result": "not-implemented"}
    if request["op"] in OPERATIONS:
        try:
            answer.update(result="ok", value=OPERATIONS[request["op"]](request["input"]))
        except Refusal as refusal:
            answer.update(zip(("result", "code", "pointer", "message"), ("error", *refusal.args)))
    print(json.dumps(answer), flush=True)
