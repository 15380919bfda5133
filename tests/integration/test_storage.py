#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A ledger that cannot be written: counting goes on in memory, and is booked when there is room."""

import os
import pathlib
import signal
import sqlite3
import subprocess
import unittest

import harness
from harness import BUILD, PATH, TestCase, card, wait_for

SIM = "8981100000000007719"


class Storage(TestCase):
    def setUp(self):
        super().setUp()
        w = self.world
        self.failing = w.directory / "failing"
        w.environment |= {
            "LD_PRELOAD": str(BUILD / "tests/libtest-disk.so"), "TEST_DISK": str(self.failing),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        w.state.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "simtally-test", str(w.state)],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", str(w.state)], check=False)
        w.add_modem(card(SIM))
        w.start_daemon()
        self.path = w.present("7719")

    def problems(self):
        return self.world.get(PATH, "Manager", "Problems")

    def session(self, rx):
        """Its end is committed, if that can be done."""
        w = self.world
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=rx)
        w.sim("disconnect")
        w.wait_state("disconnected")

    def booked(self):
        return self.world.ledger("SELECT coalesce(sum(rx), 0) FROM usage")[0][0]

    def wait_booked(self, rx):
        wait_for(lambda: self.problems() == [] and self.booked() == rx, "the commit")
        self.world.expect_bytes(self.path, (rx, 0))
        self.assertEqual(self.world.kernel(), (rx, 0))

    def fill(self):
        ballast = self.world.state / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return ballast

    def test_full_disk(self):
        w = self.world
        self.session(1_000_000)
        self.wait_booked(1_000_000)
        ballast = self.fill()
        for n in range(2, 5):
            self.session(1_000_000)
            w.expect_bytes(self.path, (n * 1_000_000, 0))
        wait_for(lambda: self.problems() == ["disk-full"], "the problem")
        self.assertIn("full", w.log())
        self.assertLess(w.log().count("Failed to commit"), 10)
        ballast.unlink()
        self.wait_booked(4_000_000)
        self.session(500_000)
        self.wait_booked(4_500_000)

    def test_killed_on_a_full_disk(self):
        """The kernel's counter still knows what the ledger does not."""
        w = self.world
        self.session(1_000_000)
        self.wait_booked(1_000_000)
        ballast = self.fill()
        self.session(2_000_000)
        wait_for(lambda: self.problems() == ["disk-full"], "the problem")
        w.stop_daemon(signal.SIGKILL)
        ballast.unlink()
        w.start_daemon()
        w.expect_bytes(self.path, (3_000_000, 0))

    def test_failing_disk(self):
        """The device refuses what it is given: the same, and it is said once."""
        w = self.world
        self.session(1_000_000)
        self.wait_booked(1_000_000)
        self.failing.write_text("yes")
        for n in range(2, 5):
            self.session(1_000_000)
            w.expect_bytes(self.path, (n * 1_000_000, 0))
        wait_for(lambda: self.problems() == ["ledger-not-writable"], "the problem")
        self.failing.unlink()
        self.wait_booked(4_000_000)
        self.session(500_000)
        self.wait_booked(4_500_000)
        w.stop_daemon()
        self.assertEqual(w.ledger("PRAGMA integrity_check"), [("ok",)])

    def test_locked(self):
        w = self.world
        self.session(1_000_000)
        self.wait_booked(1_000_000)
        with sqlite3.connect(pathlib.Path(w.state) / "ledger.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            self.session(2_000_000)
            wait_for(lambda: self.problems() == ["ledger-not-writable"], "the problem")
            w.expect_bytes(self.path, (3_000_000, 0))
            other.execute("ROLLBACK")
        other.close()
        self.wait_booked(3_000_000)


if __name__ == "__main__":
    harness.enter_namespace("-Urnm")
    unittest.main(verbosity=2)
