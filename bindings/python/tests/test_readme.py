import contextlib
import io
import pathlib
import re
import unittest

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


class Readme(unittest.TestCase):
    def test_its_code_prints_what_its_comments_say(self) -> None:
        blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        self.assertTrue(blocks)
        for block in blocks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block, str(README), "exec"), {})
            self.assertEqual(printed.getvalue().splitlines(), re.findall(r"print\(.*\)  # (.*)", block))


if __name__ == "__main__":
    unittest.main()
