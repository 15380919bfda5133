#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""People read their language, programs always the same."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

from harness import BUILD  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
TRANSLATED = re.compile(r"\b(?:_|N_|C_|NC_|ngettext|sentence_refuse|clause_refuse)\(")


def simtally(*words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BUILD / "client/simtally", *words], capture_output=True, text=True, timeout=60,
        env=dict(os.environ, LC_ALL="C.UTF-8", SIMTALLY_LOCALE_DIR=str(BUILD / "po"))
        | environment)


class Languages(unittest.TestCase):
    def test_a_sentence(self):
        for language, expected in (("", "5XB"), ("ja", "は量ではありません"), ("zh_CN", "不是流量")):
            with self.subTest(language):
                run = simtally("plan", "check", "5XB", LANGUAGE=language)
                self.assertEqual(run.returncode, 1)
                self.assertIn(expected, run.stderr)

    def test_a_terminal_without_utf8_has_english(self):
        for locale in ("C", "POSIX"):
            run = simtally("plan", "check", "5XB", LC_ALL=locale, LANGUAGE="ja")
            self.assertIn("is no amount", run.stderr)

    def test_every_source_with_sentences_is_listed(self):
        listed = (SOURCE / "po/POTFILES").read_text().split()
        having = [str(path.relative_to(SOURCE)) for part in ("client", "lib")
                  for path in sorted((SOURCE / part).glob("*.c"))
                  if TRANSLATED.search(path.read_text())]
        self.assertEqual(listed, having)


if __name__ == "__main__":
    unittest.main()
