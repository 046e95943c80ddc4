import pickle
import sys
import unittest
from typing import Any

from statesync import (
    ProtocolError,
    decode_cross_tab_message,
    decode_persisted_snapshot,
    decode_snapshot_envelope,
    decode_text,
    encode_text,
)


def code_of(read: Any, text: Any) -> str:
    """The code and the pointer of a refusal; nothing where the text is accepted."""
    try:
        read(text)
    except ProtocolError as error:
        return f"{error.code} {error.pointer}".strip()
    return ""


class Text(unittest.TestCase):
    def test_every_form_is_read(self) -> None:
        rows: list[tuple[str | bytes, Any]] = [
            ("null", None),
            (" true ", True),
            ("1e3", 1000.0),
            ("1.5E-1", 0.15),
            ('"a\\u00e9\\ud83d\\ude00"', "aé😀"),
            (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
            ("[]", []),
            ('{"a":[1,{}],"a":2}', {"a": 2}),
            ('{"__proto__":1}', {"__proto__": 1}),
            ("1e-400", 0.0),
            ("123456789012345678901234567890", 123456789012345678901234567890),
            (b'"\xc3\xa9"', "é"),
            (r'"\\ud800"', r"\ud800"),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(decode_text(text), expected)
        self.assertEqual(str(decode_text("-0")), "-0.0")

    def test_what_is_no_i_json_is_refused(self) -> None:
        texts: list[str | bytes] = [
            "", " ", "nul", "NaN", "Infinity", "-Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 2", "[1,]",
            "[", "[1 2]", "{", '{"a"}', '{"a":}', '{"a":1,}', "{a:1}", '"', r'"\x"', r'"\u12"', r'"\u12G4"', '"\n"',
            r'"\ud800"', r'"\udc00"', r'"\ud800\n"', r'"\ud800\u0061"', r'"\ud800\ud800"', r'{"\ud800":1,"\ud800":2}',
            "1e400", "-1e400", "1" + "0" * 400, "9" * 10_000, "\ufeff1", "'a'", "/**/1", "\u0661", "\ud800", '"\ud800"',
            b'"\xff"', b'"\xed\xa0\x80"', b"\xff\xfe1\x00", r'"\u 123"', r'"\u1_23"', r'"\u0x41"',
        ]  # fmt: skip
        for text in texts:
            with self.subTest(text[:40]):
                self.assertEqual(code_of(decode_text, text), "invalid-json")

    def test_depth_is_limited(self) -> None:
        limit = sys.getrecursionlimit()
        for name, text, expected in [
            ("127 arrays", "[" * 127 + "]" * 127, ""),
            ("128 arrays", "[" * 128 + "]" * 128, "too-deep"),
            ("127 objects", '{"a":' * 127 + "1" + "}" * 127, ""),
            ("128 objects", '{"a":' * 128 + "1" + "}" * 128, "too-deep"),
            ("10,000 arrays", "[" * 10_000 + "]" * 10_000, "too-deep"),
            ("1,000,000 arrays", "[" * 1_000_000 + "]" * 1_000_000, "too-deep"),
            ("1,000,000 without an end", "[" * 1_000_000, "too-deep"),
            ("side by side", "[" + "[]," * 1000 + "[]]", ""),
            ("in a string", '"' + "[" * 1000 + '"', ""),
            ("after an escaped quotation mark", r'"\"' + "[" * 1000 + '"', ""),
            ("a string without an end", "[" * 100 + '"' + '\\"[' * 100_000, "invalid-json"),
        ]:
            with self.subTest(name):
                self.assertEqual(code_of(decode_text, text), expected)
        self.assertEqual(sys.getrecursionlimit(), limit)

    def test_duplicates_count_where_the_protocol_defines_them(self) -> None:
        metadata = '"metadata":{"savedAt":1,"schemaVersion":1,"sizeBytes":1,"compressed":false}'
        nested = "{" + metadata + ',"snapshot":{"revision":"1","data":1,"epoch":"a","epoch":"a"}}'
        for read, text, expected in [
            (decode_snapshot_envelope, '{"revision":"1","data":{"a":1,"a":2}}', ""),
            (decode_snapshot_envelope, '{"revision":"1","data":1,"x":1,"x":2}', ""),
            (decode_snapshot_envelope, '{"revision":"1","data":1,"data":1}', "duplicate-member /data"),
            (decode_snapshot_envelope, '{"revision":"1","revision":5,"data":1}', "duplicate-member /revision"),
            (decode_snapshot_envelope, '{"data":{"revision":"1","revision":"1"},"revision":"1"}', ""),
            (decode_snapshot_envelope, '{"revision":"1","data":[{"epoch":"a","epoch":"b"}]}', ""),
            (decode_persisted_snapshot, nested, "duplicate-member /snapshot/epoch"),
            (decode_cross_tab_message, '{"snapshot":{"epoch":"a","epoch":"b"},"sourceId":"a","type":"clear"}', ""),
            (decode_cross_tab_message, '{"type":"x","type":"x","sourceId":"a"}', "duplicate-member /type"),
        ]:
            with self.subTest(text):
                self.assertEqual(code_of(read, text), expected)

    def test_data_with_duplicates_is_of_plain_dictionaries(self) -> None:
        data: Any = decode_snapshot_envelope('{"revision":"1","data":[{"a":1,"a":{"b":1,"b":2}}]}').data
        self.assertEqual(data, [{"a": {"b": 2}}])
        self.assertIs(type(data[0]), dict)
        self.assertIs(type(data[0]["a"]), dict)

    def test_writing_refuses_what_json_has_not(self) -> None:
        for value in [float("nan"), float("inf"), {1, 2}, object()]:
            with self.subTest(repr(value)), self.assertRaises((TypeError, ValueError)):
                encode_text(value)

    def test_errors_say_what_was_wrong_and_can_be_pickled(self) -> None:
        with self.assertRaises(ProtocolError) as raised:
            decode_snapshot_envelope('{"revision":"007","data":1}')
        error = raised.exception
        self.assertRegex(error.message, r"found the string '007' at /revision; expected a revision: .* \(invalid-revision\)")
        self.assertEqual(pickle.loads(pickle.dumps(error)).message, error.message)


if __name__ == "__main__":
    unittest.main()
