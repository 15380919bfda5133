#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verbs of plans against the real daemon: said on the command line, seen on the screen."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import harness  # noqa: E402
from harness import BUILD, SOURCE, World, card, wait_for  # noqa: E402

MB = 10**6


class Plans(unittest.TestCase):
    def setUp(self):
        w = self.world = self.enterContext(World())
        data = w.directory / "share/simtally/plans"
        data.mkdir(parents=True)
        for preset in (SOURCE / "data/plans").glob("*.plan"):
            shutil.copy(preset, data)
        w.environment["XDG_DATA_DIRS"] = str(w.directory / "share")
        w.add_modem(card("8949020000000008810", operator="Telekom", home="26201",
                         provider="Work SIM"))
        w.start_daemon()
        self.path = w.present("8810")
        w.sim("connect")
        w.wait_state("connected")
        wait_for(lambda: w.get(self.path, "Sim", "Label") == "Work SIM", "the provider's name")
        self.move(487 * MB)

    def move(self, rx):
        before = self.world.bytes_of(self.path)
        self.world.sim("move", rx=rx, tx=0)
        self.world.expect_bytes(self.path, (before[0] + rx, before[1]))

    def run_cli(self, *words, code=0, stdin=""):
        run = subprocess.run([str(BUILD / "client/simtally"), *words], capture_output=True,
                             text=True, input=stdin, timeout=60,
                             env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def plan(self):
        return json.loads(self.run_cli("-o", "json"))["sims"][0]["plan"]

    def test_said_and_seen(self):
        self.run_cli("plan", "set", "-y", *"2GB monthly, then 300kbit/s, called Home".split())
        text = self.run_cli()
        self.assertIn("  1.5 GB left of 2 GB              24 % used\n", text)
        self.assertRegex(text, r"\n  [█░│]{30}   resets 1 \w{3}")
        self.assertIn("  Plan      Home\n", text)
        self.assertEqual(self.run_cli("plan"), """\
[Plan]
Name=Home
Zone=UTC
AtZero=throttle 300kbit/s

[Bucket monthly]
Bytes=2GB
Every=1 month
""" + "".join(line for line in self.run_cli("plan").splitlines(True) if line[:5] == "From="))

        self.move(600 * MB)
        self.move(600 * MB)
        self.assertEqual(self.plan()["state"], "low")
        self.assertIn("84 % used  LOW", self.run_cli())
        self.assertIn("At zero   300 kbit/s until 1 ", self.run_cli())
        self.move(400 * MB)
        self.assertIn("THROTTLED to 300 kbit/s", self.run_cli())
        self.assertRegex(self.run_cli(), r"Slow      87 MB since ")

    def test_the_figure_of_the_words(self):
        self.run_cli("plan", "set", "-y", *"2GB monthly, left 630MB".split())
        plan = self.plan()
        self.assertEqual((plan["remaining_bytes"], plan["used_bytes"]), (630 * MB, 1_370 * MB))
        self.move(30 * MB)
        self.assertEqual(self.plan()["remaining_bytes"], 600 * MB)

    def test_what_is_checked_is_what_is_set(self):
        words = "20GB monthly on 15 and 1GB daily within it, then 300kbit/s".split()
        checked = json.loads(self.run_cli("plan", "check", "-o", "json", *words))["buckets"]
        self.run_cli("plan", "set", "-y", *words)
        counted = ("used_bytes", "remaining_bytes", "over_bytes", "used_up_at",
                   "used_up_at_rfc3339", "rate_limit")
        for one, other in zip(checked, self.plan()["buckets"], strict=True):
            self.assertEqual(set(one), set(other))
            self.assertEqual({k: v for k, v in one.items() if k not in counted},
                             {k: v for k, v in other.items() if k not in counted})

    def test_events(self):
        self.run_cli("plan", "set", "-y", "2GB", "monthly")
        noted = self.run_cli("topup", "1GB", "--lasts", "30 days")
        self.assertTrue(noted.startswith("Noted. simtally buys nothing.\n"))
        self.assertEqual(self.plan()["remaining_bytes"], 2_513 * MB)
        self.assertIn("topup-", self.run_cli())
        self.run_cli("correct", "--remaining", "1.2GB", "--bucket", "monthly")
        self.assertEqual(self.plan()["remaining_bytes"], 2_200 * MB)

        text = self.run_cli("events")
        self.assertRegex(text, r"plan · set: monthly\n.*top-up · 1GB lasts 30 days\n"
                               r".*correction · 1.2 GB left of monthly\n")
        for event in re.findall(r"events remove (\d+)", noted):
            self.run_cli("events", "remove", "-y", event)
        self.assertEqual(self.plan()["remaining_bytes"], 1_200 * MB)
        self.run_cli("events", "remove", "-y", "9999", code=1)

    def test_refused(self):
        self.assertIn("plan", self.run_cli("topup", "1GB", code=1))
        self.assertIn("has no plan yet", self.run_cli("plan", code=1))
        self.run_cli("check", code=3)
        self.run_cli("plan", "use", "-y", "nothing-like-it", code=1)
        self.run_cli("plan", "set", "-y", "1GB", "-s", "nobody", code=10)
        self.run_cli("plan", "set", "-y", "-", stdin="[Bucket a]\nBytes=1GB\nWithin=b\n", code=1)

    def test_presets(self):
        self.assertIn("iijmio-5gb", self.run_cli("plan", "presets"))
        self.run_cli("plan", "use", "-y", "ahamo-30gb")
        self.assertIn("ahamo 30 GB", self.run_cli())
        self.run_cli("plan", "clear", "-y")
        self.assertIn("no plan yet", self.run_cli())

    def test_alerts_and_check(self):
        self.run_cli("plan", "set", "-y", "2GB", "monthly")
        self.assertTrue(self.run_cli("check").startswith("OK - Work SIM: ok, 1.5 GB left of 2 GB"))
        self.move(600 * MB)
        self.move(600 * MB)
        text = self.run_cli("alerts")
        self.assertIn("400 MB left. 80 % of 2 GB used.", text)
        self.run_cli("check", code=1)
        number = re.search(r"^  (\d+)  ", text, re.MULTILINE).group(1)
        self.run_cli("alerts", "ack", number)
        self.assertNotIn("left. 80 %", self.run_cli("alerts"))
        self.run_cli("alerts", "ack", number, code=1)
        self.move(400 * MB)
        self.assertIn("2 GB used up. By our count.", self.run_cli("alerts"))
        self.run_cli("check", code=2)

    def test_periods(self):
        self.run_cli("plan", "set", "-y", "2GB", "monthly")
        self.assertIn("487 MB of 2 GB", self.run_cli("history", "--by", "period"))
        text = self.run_cli("statement", "--bill", "500MB")
        self.assertIn("  Used      487 MB of 2 GB\n", text)
        self.assertIn("  Bill      500 MB: 13 MB (2.7 %) more than we counted\n", text)
        said = json.loads(self.run_cli("statement", "-o", "json"))
        self.assertEqual(sum(r["home_rx_bytes"] + r["roaming_rx_bytes"] for r in said["rows"]),
                         said["period"]["used_bytes"])
        self.assertIn("8949020000000008810", self.run_cli("statement", "--full"))


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
