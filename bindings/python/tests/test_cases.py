"""The golden cases of the conformance suite, in process."""

import json
import pathlib
import unittest
from typing import Any

from statesync.harness import answer

CASES = pathlib.Path(__file__).resolve().parents[3] / "conformance" / "cases" / "core"


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: numbers as doubles, and true is no 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return float(left) == float(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return type(left) is type(right) and left == right


def request(case: dict[str, Any]) -> dict[str, Any]:
    given = dict(case["input"])
    if case["op"] == "message.decode" and "text" not in given:
        given["text"] = json.dumps(given.pop("value"), ensure_ascii=False, separators=(",", ":"))
    return {"id": 1, "op": case["op"], "input": given}


def expected_value(case: dict[str, Any], asked: dict[str, Any]) -> Any:
    if "ok" in case["expect"]:
        return case["expect"]["ok"]
    given = asked["input"]
    return json.loads(given["text"]) if "text" in given else given["value"]


class Cases(unittest.TestCase):
    def test_every_case(self) -> None:
        files = sorted(CASES.rglob("*.json"))
        if not files:
            self.skipTest(f"there are no cases in {CASES}")
        for path in files:
            for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
                with self.subTest(case["id"]):
                    self.check(case)

    def check(self, case: dict[str, Any]) -> None:
        asked = request(case)
        got = answer(asked)
        error = case["expect"].get("error")
        if error is None:
            self.assertEqual(got["result"], "ok", got)
            self.assertTrue(same(got["value"], expected_value(case, asked)), got["value"])
            return
        self.assertEqual(got["result"], "error", got)
        self.assertEqual((got["code"], got["pointer"]), (error["code"], error["pointer"]), got)
        self.assertGreater(len(got["message"]), 20)


if __name__ == "__main__":
    unittest.main()
