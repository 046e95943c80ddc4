import dataclasses
import doctest
import unittest
from typing import Any

import statesync
from statesync import (
    MAXIMUM_REVISION,
    ZERO_REVISION,
    CrossTabMessageSnapshot,
    InvalidationEvent,
    ProtocolError,
    Revision,
    SnapshotEnvelope,
    Topic,
    compare_revisions,
    decode_cross_tab_message,
    decode_snapshot_envelope,
    encode_text,
    is_blank_topic,
    is_canonical_revision,
    next_revision,
    parse_invalidation_event,
    parse_snapshot_envelope,
)


@dataclasses.dataclass
class Settings:
    theme: str

    def to_json(self) -> Any:
        return {"theme": self.theme}


def parse_settings(value: Any, pointer: str) -> Settings:
    if not isinstance(value, dict) or not isinstance(value.get("theme"), str):
        raise ProtocolError("wrong-type", f"{pointer}/theme", "found something else", "a string")
    return Settings(value["theme"])


class Messages(unittest.TestCase):
    def test_payloads_are_typed(self) -> None:
        text = '{"data":{"theme":"dark"},"epoch":"e","revision":"7"}'
        envelope = decode_snapshot_envelope(text, parse_settings)
        self.assertEqual(envelope, SnapshotEnvelope(revision=Revision("7"), data=Settings("dark"), epoch="e"))
        self.assertEqual(encode_text(envelope), text)
        message = decode_cross_tab_message(f'{{"snapshot":{text},"sourceId":"a","type":"snapshot"}}', parse_settings)
        assert isinstance(message, CrossTabMessageSnapshot)
        self.assertEqual(message.snapshot.data.theme, "dark")
        with self.assertRaises(ProtocolError) as raised:
            parse_snapshot_envelope({"revision": "7", "data": {"theme": 5}}, parse_settings, "/snapshot")
        self.assertEqual(raised.exception.pointer, "/snapshot/data/theme")

    def test_refusals_of_other_generated_packages_are_of_this_one(self) -> None:
        class OtherError(ValueError):
            code, problem, expected = "wrong-type", "found null", "a string"
            pointer = ""

        def refuse(value: Any, pointer: str) -> Any:
            error = OtherError()
            error.pointer = f"{pointer}/theme"
            raise error

        with self.assertRaises(ProtocolError) as raised:
            parse_snapshot_envelope({"revision": "7", "data": {}}, refuse)
        self.assertEqual((raised.exception.code, raised.exception.pointer), ("wrong-type", "/data/theme"))

        def fail(value: Any, pointer: str) -> Any:
            raise ValueError("a fault of the program")

        with self.assertRaisesRegex(ValueError, "^a fault of the program$"):
            parse_snapshot_envelope({"revision": "7", "data": {}}, fail)

    def test_absent_members_are_left_out(self) -> None:
        event = InvalidationEvent(topic=Topic("a"), revision=Revision("7"), source_id="")
        self.assertEqual(event.to_json(), {"revision": "7", "sourceId": "", "topic": "a"})
        self.assertEqual(parse_invalidation_event(event.to_json()), event)

    def test_what_nobody_would_read_is_not_written(self) -> None:
        for topic, revision in [("", "7"), ("a", "07"), ("a", 7)]:
            with self.subTest((topic, revision)), self.assertRaises(ProtocolError):
                InvalidationEvent(topic=topic, revision=revision).to_json()  # type: ignore[arg-type]

    def test_messages_do_not_change(self) -> None:
        event = InvalidationEvent(topic=Topic("a"), revision=Revision("7"))
        with self.assertRaises(dataclasses.FrozenInstanceError):
            event.epoch = "e"  # type: ignore[misc]
        self.assertFalse(hasattr(event, "__dict__"))

    def test_values_that_nest_too_deeply_are_refused(self) -> None:
        deep: Any = {"revision": "1", "data": 1}
        for _ in range(100_000):
            deep = [deep]
        self.assertEqual(parse_snapshot_envelope({"revision": "1", "data": deep}).revision, "1")
        with self.assertRaises(ProtocolError):
            parse_snapshot_envelope(deep)


class Revisions(unittest.TestCase):
    def test_next(self) -> None:
        for revision, following in [
            ("0", "1"),
            ("9", "10"),
            ("9007199254740992", "9007199254740993"),
            ("18446744073709551614", MAXIMUM_REVISION),
            (MAXIMUM_REVISION, MAXIMUM_REVISION),
        ]:
            with self.subTest(revision):
                self.assertEqual(next_revision(revision), following)

    def test_only_canonical_text_is_a_revision(self) -> None:
        for text in ["", "00", "+1", "-1", " 1", "1\n", "1.0", "1e3", "١", "18446744073709551616", "9" * 20, "1_0", 1, None]:
            with self.subTest(text):
                self.assertFalse(is_canonical_revision(text))
        for text in ["0", "7", "18446744073709551615", "9999999999999999999"]:
            with self.subTest(text):
                self.assertTrue(is_canonical_revision(text))

    def test_order_is_numeric(self) -> None:
        order = [ZERO_REVISION, "2", "10", "9007199254740992", "9007199254740993", MAXIMUM_REVISION]
        for at, left in enumerate(order):
            for other, right in enumerate(order):
                with self.subTest((left, right)):
                    self.assertEqual(compare_revisions(left, right), (at > other) - (at < other))
        for left, right, pointer in [("01", "1", "/left"), ("1", "01", "/right")]:
            with self.subTest((left, right)), self.assertRaises(ProtocolError) as raised:
                compare_revisions(left, right)
            self.assertEqual(raised.exception.pointer, pointer)


class Topics(unittest.TestCase):
    def test_blank_is_what_ecmascript_calls_white_space(self) -> None:
        for text, blank in [
            ("", True), (" ", True), ("\t\n\v\f\r", True), ("\ufeff", True), ("\u3000\u2029", True),
            ("\u0085", False), ("\u200b", False), ("\u180e", False), ("\x1c", False), (" a ", False),
        ]:  # fmt: skip
            with self.subTest(text):
                self.assertIs(is_blank_topic(text), blank)


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: str) -> unittest.TestSuite:
    """Runs the examples in the documentation too."""
    tests.addTests(doctest.DocTestSuite(statesync))
    return tests


if __name__ == "__main__":
    unittest.main()
