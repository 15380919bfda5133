#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a shell offers after Tab, and what --help says on one screen."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUILD, GB, FakeCase, GLib, bucket, plan, sim  # noqa: E402
from test_languages import LANGUAGES, columns  # noqa: E402

import harness  # noqa: E402

SCRIPTS = harness.SOURCE / "data/completion"

# Each prints what is offered after these words, one a line: the last one is what is typed of it.
BASH = """
source {scripts}/simtally.bash
COMP_WORDS=(simtally "$@") COMP_CWORD=$#
_simtally
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
_describe() {{ local -a all=("${{(@P)3}}"); print -rl -- "${{(@)all%%:*}}"; }}
_files() {{ }}
words=(simtally "$@") CURRENT=$(( $# + 1 ))
source {scripts}/_simtally
"""
FISH = """
source {scripts}/simtally.fish
complete --do-complete (string join ' ' -- simtally (string escape -- $argv[1..-2]) $argv[-1])
"""


class Completion(FakeCase):
    def setUp(self):
        super().setUp()
        self.fake.add(sim("Work SIM", "8810", Current=True), plan("ok", bucket("m", 20 * GB, 0)),
                      [{"Id": 12, "Kind": "level"}])
        self.fake.add(sim("Airalo", "7719"))
        self.fake.answers["ListPresets"] = GLib.Variant("(a(sss))", ([("povo", "povo 2.0", "")],))

    def offered(self, *words: str) -> list[str]:
        return [line.split("\t")[0]
                for line in self.run_cli("--complete", *words).splitlines()]

    def test_words(self):
        everything = self.offered("")
        self.assertLessEqual({"status", "plan", "history", "topup"}, set(everything))
        self.assertNotIn("plan set", everything)
        for words, expected in (
                (["hist"], ["history"]), (["plan", "se"], ["set"]), (["nonsense", ""], []),
                (["--unit", ""], ["si", "iec", "bytes"]),
                (["-s", ""], ["Work SIM", "Airalo"]), (["-s", "W"], ["Work SIM"]),
                (["status", ""], ["Work SIM", "Airalo"]), (["status", "77"], ["7719"]),
                (["-o", "json", "history", "A"], ["Airalo"]),
                (["history", "--by", "15"], ["15min"]), (["history", "--rem"], []),
                (["history", "-o", ""], ["text", "json", "csv", "chart", "svg", "png"]),
                (["correct", "--rem"], ["--remaining"]), (["statement", "--pe"], ["--period"]),
                (["alerts", ""], ["ack", "snooze"]), (["alerts", "ack", ""], ["12"]), (["plan", "use", ""], ["povo"]),
                (["plan", "set", ""], []), (["plan", "set", "20GB", "mon"], ["monthly"]),
                (["label", "A"], ["Airalo"]), (["label", "Airalo", ""], []), (["export", ""], [])):
            with self.subTest(words):
                self.assertEqual(self.offered(*words), expected)

    def test_what_it_is_stands_behind(self):
        self.assertIn("Work SIM\t··8810\n", self.run_cli("--complete", "-s", ""))

    def test_each_option_that_is_offered_is_taken(self):
        for verb in self.offered(""):
            for option in self.offered(verb, "--"):
                run = subprocess.run([BUILD / "client/simtally", verb, option, "--help"],
                                     capture_output=True, text=True)
                self.assertNotIn("nknown option", run.stderr)

    def in_shell(self, shell: str, script: str, *words: str) -> list[str]:
        path = self.world.directory / "script"
        path.write_text(script.format(scripts=SCRIPTS))
        run = subprocess.run([*shell.split(), path, *words], capture_output=True, text=True,
                             timeout=60,
                             env=dict(os.environ, LC_ALL="C.UTF-8", HOME=str(self.world.directory),
                                      PATH=f"{BUILD / 'client'}:{os.environ['PATH']}"))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stderr, "")
        return [line.split("\t")[0] for line in run.stdout.splitlines() if line]

    def test_shells(self):
        for shell, script, quoted in (("bash --norc", BASH, "Work\\ SIM"),
                                      ("zsh -f", ZSH, "Work SIM"),
                                      ("fish --no-config", FISH, "Work SIM")):
            with self.subTest(shell):
                self.assertIn("history", self.in_shell(shell, script, "hist"))
                self.assertIn("clear", self.in_shell(shell, script, "plan", "cl"))
                self.assertEqual(sorted(self.in_shell(shell, script, "-s", "")),
                                 ["Airalo", quoted])
                self.assertEqual(self.in_shell(shell, script, "history", "-o", "cs"), ["csv"])

    def test_without_a_daemon_nothing_is_said(self):
        run = subprocess.run([BUILD / "client/simtally", "--complete", "-s", ""],
                             capture_output=True, text=True, timeout=60,
                             env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/none"))
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))


class Help(unittest.TestCase):
    def verbs(self) -> list[list[str]]:
        run = subprocess.run([BUILD / "client/simtally", "--complete", ""], capture_output=True,
                             text=True, check=True)
        names = [[line.split("\t")[0]] for line in run.stdout.splitlines()]
        for (name,) in list(names):
            run = subprocess.run([BUILD / "client/simtally", name, "--help"], capture_output=True,
                                 text=True, check=True)
            names += [[name, line.split()[1]] for line in run.stdout.splitlines()
                      if line.startswith(f"  {name} ")]
        return names

    def test_it_fits_a_screen(self):
        verbs = self.verbs()
        self.assertIn(["plan", "set"], verbs)
        for language in ("en", *LANGUAGES):
            for words in ([], *verbs):
                with self.subTest(language=language, words=words):
                    run = subprocess.run(
                        [BUILD / "client/simtally", *words, "--help"], capture_output=True,
                        text=True, check=True,
                        env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=language,
                                 SIMTALLY_LOCALE_DIR=str(BUILD / "po")))
                    self.assertEqual(run.stderr, "")
                    lines = run.stdout.splitlines()
                    self.assertGreater(len(lines), 4)
                    self.assertLessEqual(len(lines), 24, run.stdout)
                    self.assertLessEqual(max(map(columns, lines)), 80, run.stdout)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
