#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`simtally query --dry-run`: what is read of a reply. No daemon, and no bus, is needed."""

import json
import os
import pathlib
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", SOURCE / "build")).resolve()


def run(*words, code=0, **environment):
    result = subprocess.run(
        [BUILD / "client/simtally", "query", *words], capture_output=True, timeout=60,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo",
             "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"} | environment)
    if result.returncode != code:
        raise AssertionError(f"{words}: {result}")
    return (result.stdout or result.stderr).decode()


class DryRun(unittest.TestCase):
    def test_a_figure(self):
        self.assertEqual(json.loads(run("--dry-run", "You have 15.1 GB left", "-o", "json")), {
            "version": 1, "verdict": "figure", "remaining_bytes": 15_100_000_000,
            "resolution_bytes": 100_000_000,
            "reasons": [{"as": "remaining", "taken": True, "words": "15.1 GB",
                         "rule": "word-after", "because": "left", "bytes": 15_100_000_000,
                         "unit": "GB", "unit_bytes": 1_000_000_000}]})
        text = run("--dry-run=You have used 3 GB")
        self.assertRegex(text, r"(?m)^  Used +3 GB$")
        self.assertNotIn("Left", text)

    def test_none(self):
        """It is no failure: that is what was asked."""
        for text in ("", "Thank you", "\n", "*111#"):
            said = json.loads(run("--dry-run", text, "-o", "json"))
            self.assertEqual((said["version"], said["verdict"]), (1, "none"))
            self.assertEqual(set(said), {"version", "verdict", "why", "reasons"})
            self.assertGreater(len(said["why"]), 15)
            self.assertIn(said["why"], run("--dry-run", text))

    def test_ambiguous(self):
        """What is not clear has no figure, not even one to choose from."""
        said = json.loads(run("--dry-run", "1 GB left, 2 GB left", "-o", "json"))
        self.assertEqual(said["verdict"], "ambiguous")
        self.assertEqual(set(said), {"version", "verdict", "why", "reasons"})
        self.assertEqual([(r["as"], r["taken"], r["bytes"], r["doubt"]) for r in said["reasons"]],
                         [("remaining", False, 10**9, "several"),
                          ("remaining", False, 2 * 10**9, "several")])

    def test_reasons(self):
        """Of a day, how it was read; of what is not taken, why."""
        words = ("--dry-run", "1 GB left until 05.12.2026. Buy 5 GB for $10, or 1,234 GB left?",
                 "-o", "json")
        reasons = json.loads(run(*words))["reasons"]
        self.assertEqual([(r["as"], r["words"], r["rule"], r.get("because")) for r in reasons], [
            ("remaining", "1 GB", "word-after", "left"),
            ("expires", "05.12.2026", "word-before", "until"),
            ("nothing", "5 GB", "price", "$10"),
            ("nothing", "$10", "money", None),
            ("remaining", "1,234 GB", "word-after", "left")])
        day = reasons[1]
        self.assertEqual((day["date_by"], day["month_first"], day["has_year"], day["counted"]),
                         ("points", False, True, False))
        self.assertEqual(day["expires_at_rfc3339"], "2026-12-06T00:00:00+09:00")
        self.assertEqual(reasons[4]["doubt"], "unclear")
        self.assertNotIn("bytes", reasons[4])
        self.assertNotIn("doubt", reasons[2])

    def test_any_bytes(self):
        """Replies are pasted, whatever the locale."""
        for locale in ("C", "C.UTF-8"):
            said = json.loads(run("--dry-run", "\u6b8b\u308a 3 GB left", "-o", "json",
                                  LC_ALL=locale))
            self.assertEqual(said.get("remaining_bytes"), 3 * 10**9)
            said = json.loads(run("--dry-run", b"\xff\xfe 3 GB left", "-o", "json", LC_ALL=locale))
            self.assertEqual(said.get("remaining_bytes"), 3 * 10**9)
        run("--dry-run", "x" * 17000, code=1)

    def test_usage(self):
        self.assertIn("--dry-run", run("--dry-run", code=2))
        self.assertIn("no format yaml", run("--dry-run", "1 GB", "-o", "yaml", code=2))
        run("last", "--dry-run", "1 GB", code=2)
        run("--dry-run", "1", "GB", code=2)

    def test_the_pattern_of_a_sim_is_the_daemons(self):
        run("--dry-run", "1 GB left", "-s", "7719", code=8)


if __name__ == "__main__":
    unittest.main(verbosity=2)
