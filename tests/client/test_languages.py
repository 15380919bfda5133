#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""People read their language, programs always the same.

Every scene is held against screens/ja.txt and screens/zh_CN.txt; with SCREENS=write they are written
anew, to be read before they are committed.
"""

import os
import pathlib
import re
import subprocess
import sys
import unicodedata
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUILD, FakeCase  # noqa: E402
from scenes import SCENES, Scene  # noqa: E402

import harness  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCREENS = SOURCE / "tests/client/screens"
LANGUAGES = (SOURCE / "po/LINGUAS").read_text().split()
CALLS = r"\b(?:_|N_|C_|NC_|ngettext|sentence_refuse|clause_refuse)\("


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Catalogues(unittest.TestCase):
    def test_every_source_with_sentences_is_listed(self):
        listed = (SOURCE / "po/POTFILES").read_text().split()
        having = [str(path.relative_to(SOURCE)) for part in ("client", "daemon", "lib")
                  for path in sorted((SOURCE / part).glob("*.c"))
                  if re.search(CALLS, path.read_text())]
        self.assertEqual(listed, having)

    def test_they_are_whole_and_of_now(self):
        """Made anew from the sources, nothing is new in them, fuzzy, or not translated."""
        arguments = re.search(r"args : (\[.*?\])", (SOURCE / "po/meson.build").read_text(), re.S)
        template = self.enterContext(harness.World(simulator=False)).directory / "simtally.pot"
        subprocess.run(["xgettext", *eval(arguments[1]), "-f", "po/POTFILES", "-o", template],
                       cwd=SOURCE, check=True)
        for language in LANGUAGES:
            with self.subTest(language):
                merged = template.with_name(f"{language}.po")
                subprocess.run(["msgmerge", "-q", "-N", "-o", merged,
                                SOURCE / f"po/{language}.po", template], check=True)
                run = subprocess.run(["msgfmt", "--check-format", "--check-domain", "--statistics",
                                      "-o", "/dev/null", merged], capture_output=True, text=True,
                                     env=os.environ | {"LC_ALL": "C"})
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertRegex(run.stderr, r"^\d+ translated messages\.\n$")

    def test_what_the_daemon_fills_in_is_known(self):
        """The client knows each sentence that has values, to the letter."""
        def literals(text: str) -> str:
            return re.sub(r'"\s*(?:N_\()?"', "", text)
        said = literals((SOURCE / "client/said.c").read_text())
        known = set(re.findall(r'N_\("((?:[^"\\]|\\.)*%(?:[^"\\]|\\.)*)"\)', said))
        made = {path.name: literals(path.read_text()) for part in ("daemon", "lib")
                for path in (SOURCE / part).glob("*.c")}
        for sentence in known:
            self.assertTrue(any(f'"{sentence}"' in text for text in made.values()), sentence)
        for name, text in made.items():
            for sentence in re.findall(r'sd_bus_error_setf\([^;]*?"((?:[^"\\]|\\.)* [^"]*)"', text):
                if "%" in sentence:
                    self.assertIn(sentence, known, name)
        self.assertGreater(len(known), 20)

    def test_a_terminal_without_utf8_has_english(self):
        for locale in ("C", "POSIX"):
            run = subprocess.run([BUILD / "client/simtally", "plan", "check", "5XB"],
                                 capture_output=True, text=True,
                                 env=os.environ | {"LC_ALL": locale, "LANGUAGE": "ja",
                                                   "SIMTALLY_LOCALE_DIR": str(BUILD / "po")})
            self.assertIn("is no amount", run.stderr)


class Screens(FakeCase):
    def show(self, scene: Scene, language: str, *words: str, **more) -> str:
        self.fake.clear()
        scene.set_up(self.fake)
        return self.run_cli(*(words or scene.words), now=scene.now,
                            LANGUAGE=language, SIMTALLY_LOCALE_DIR=str(BUILD / "po"),
                            **{"code": scene.code} | more)

    def test_screens(self):
        for language in ("en", *LANGUAGES):
            shown = "\n".join(f"=== {name}\n{self.show(scene, language)}"
                              for name, scene in SCENES.items())
            golden = SCREENS / f"{language}.txt"
            if os.environ.get("SCREENS") == "write":
                golden.write_text(shown)
            self.maxDiff = None
            self.assertEqual(shown, golden.read_text(), language)

    def test_all_is_translated(self):
        """What stays is names, commands and units."""
        known = set("""Airalo Japan Unlimited Work SIM Ubigi EU GB MB kB SoftBank NTT DOCOMO eSIM
                       UTC povo JPY Home monthly daily data topup pass CRITICAL OK WARNING remaining
                       used kbps SMS DATA Trip opt left simtally plan set lasts days EM dev
                       cdc wdm qmi wwan Method none To Text sms
                       txt tool bar span foreground systemctl start simtallyd sim MinimumDelay
                       DailyMaximum NetworkNotReady Abroad yes Pattern limit unit expires Left until""".split())
        for language in LANGUAGES:
            for name, scene in SCENES.items():
                text = re.sub(r"https?:\S+|simtally [\w ,.:\"/-]+|\[.*|^    .*=.*|\"[^\"\n]+\"", "",
                              self.show(scene, language), flags=re.M)
                left = set(re.findall(r"[A-Za-z]{2,}", text)) - known
                if name not in ("plan refused", "plan", "plan abroad", "no such SIM"):
                    self.assertEqual(left, set(), f"{language}, {name}: {text}")

    def test_lines_fit(self):
        for language in LANGUAGES:
            for name, scene in SCENES.items():
                if scene.words[:1] in (("check",), ("topup",), ("plan",), ("status",)) or \
                        scene.words[1:2] in (("confirm",), ("setup",), ("last",)):
                    continue
                for width in (40, 60, 78):
                    text = self.show(scene, language, *scene.words, "--width", str(width))
                    for line in text.splitlines():
                        if line.startswith("simtally: "):
                            continue  # what went wrong is one line, for programs to keep
                        self.assertLessEqual(columns(line), width, f"{language}, {name}: {line}")

    def test_columns_stand_below_each_other(self):
        for language in LANGUAGES:
            rows = [line for line in self.show(SCENES["several"], language).splitlines()
                    if "··" in line]
            self.assertEqual(len({columns(row[:row.index("··")]) for row in rows}), 1, rows)
            ends = {columns(row[:re.search(r"\S+$", row).start()]) for row in rows}
            self.assertEqual(len(ends), 1, rows)

    def test_programs_read_the_same_in_every_language(self):
        for words in (["-o", "json"], ["-o", "keyvalue"], ["-g", "state,label,percent_used"],
                      ["history", "-o", "csv"], ["history", "-o", "json"],
                      ["history", "--by", "period", "-o", "csv"],
                      ["history", "--by", "period", "-o", "json"], ["statement", "-o", "json"],
                      ["alerts", "-o", "json"], ["modems", "-o", "json"]):
            said = {self.show(SCENES["periods"], language, *words)
                    for language in ("", *LANGUAGES)}
            self.assertEqual(len(said), 1, words)
        for words in (["-o", "json"], ["-o", "plan"]):
            said = {self.show(SCENES["plan"], language, *SCENES["plan"].words, *words)
                    for language in ("", *LANGUAGES)}
            self.assertEqual(len(said), 1, words)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
