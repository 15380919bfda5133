#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a byte of a simulated modem to a click on the screen: the real daemon, a real notification
server (dunst under Xvfb), and a person's mouse."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desk import BUS, Desk, harness, wait_for  # noqa: E402
from screen import Screen  # noqa: E402

MB = 10**6
PLAN = f"""[Plan]
Zone=UTC
Warn=80%;95%
AtZero=throttle 300kbit/s
TopUpUrl=https://carrier.example/

[Bucket data]
Bytes=100MB
Starts=now

[TopUp 50MB]
Bytes=50MB
"""


class Dunst(unittest.TestCase):
    def setUp(self):
        w = self.world = self.enterContext(harness.World())
        self.desk = Desk(w)
        del self.desk.environment["LD_PRELOAD"]  # the real daemon's time is the real one
        self.screen = Screen(w.directory, self.desk.environment)
        self.addCleanup(self.leave)

        w.add_modem(harness.card("8981100000000008810", provider="Work SIM"))
        w.start_daemon()
        self.sim = w.present("8810")
        wait_for(lambda: w.get(self.sim, "Sim", "Label") == "Work SIM", "the SIM's own name")
        w.sim("connect")
        w.wait_state("connected")
        w.call(self.sim, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0)
        wait_for(lambda: "org.freedesktop.Notifications" in self.desk.names(), "dunst")

    def leave(self):
        if harness.has_failed(self):
            print(self.screen.printed()[-3000:], self.desk.log.read_text()[-3000:],
                  file=sys.stderr)
            self.world.show_log()
        self.desk.close()
        self.screen.close()

    def move(self, size):
        before = self.world.bytes_of(self.sim)
        self.world.sim("move", rx=size)
        self.world.expect_bytes(self.sim, harness.plus(before, (size, 0)))

    def wait_for_text(self, *texts):
        """Patterns; how much is left depends on when the daemon looked."""
        wait_for(lambda: all(re.search(t, self.screen.printed()) for t in texts),
                 f"{texts} on the screen")
        wait_for(self.screen.window, "the window")

    def assert_legible(self):
        """There is a font for each character: what dunst prints says nothing of boxes."""
        for character in set(self.screen.printed()):
            fonts = self.screen.run("fc-list", f":charset={ord(character):x}", "family")
            self.assertTrue(fonts or not character.isprintable(), character)

    def start(self, language=""):
        self.desk.environment |= {"LANGUAGE": language,
                                  "SIMTALLY_LOCALE_DIR": str(harness.BUILD / "po")}
        self.desk.start()
        self.desk.wait_agent()

    def test_warned_and_topped_up(self):
        self.start()
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM: \d\d MB left", r"8\d % of 100 MB used\.")
        self.move(14 * MB)
        self.wait_for_text(r"Work SIM: [45] MB left")
        self.move(10 * MB)
        self.wait_for_text("Work SIM: 100 MB used up",
                           "The plan slows to 300 kbit/s until more is bought\\.")

        self.screen.click("I topped up")
        self.wait_for_text(r"Work SIM: what did you buy\?")
        self.screen.click("50MB")
        self.wait_for_text("Work SIM: noted", "simtally buys nothing.")
        wait_for(lambda: self.world.get(self.sim, "Plan", "RemainingBytes") == 50 * MB,
                 "the top-up")

    def test_japanese(self):
        self.start("ja")
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM：残り \d\d MB", r"100 MB の 8\d % を使用")
        self.assert_legible()

    def test_chinese(self):
        self.start("zh_CN")
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM：剩余 \d\d MB", r"100 MB 已用 8\d%")
        self.assert_legible()

    def test_tomorrow(self):
        self.start()
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM: \d\d MB left")
        self.screen.click("Tomorrow")
        wait_for(lambda: [a["SnoozedUntil"] > 0 for a in self.world.get(self.sim, "Sim", "Alerts")]
                 == [True], "it to be put off")
        wait_for(lambda: not self.screen.window(), "an empty screen")

    def test_top_up_page(self):
        portal = self.desk.portal()
        self.start()
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM: \d\d MB left")
        self.screen.click("Top up")
        wait_for(lambda: portal.opened == ["https://carrier.example/"], "the page")

    def test_acknowledged_elsewhere(self):
        self.start()
        self.move(82 * MB)
        self.wait_for_text(r"Work SIM: \d\d MB left")
        alert = self.world.get(self.sim, "Sim", "Alerts")[0]
        self.world.call(self.sim, f"{BUS}.Sim", "AcknowledgeAlert", "(t)", alert["Id"])
        wait_for(lambda: not self.screen.window(), "an empty screen")


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
