#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A wall clock that lies: no byte is lost or doubled by it, and dates are set right."""

import os
import signal
import time
import unittest

import harness
from harness import BUILD, PATH, TestCase, card, plus, wait_for

SIM = "8981100000000007719"
HOUR, DAY = 3600, 86400
YEAR = 365 * DAY


class Clock(TestCase):
    def setUp(self):
        super().setUp()
        self.file = self.world.directory / "clock"
        self.world.environment |= {
            "LD_PRELOAD": str(BUILD / "tests/libtest-clock.so"), "TEST_CLOCK": str(self.file),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        self.file.touch()
        self.set_clock(0)
        self.moved = (0, 0)

    def set_clock(self, offset, synchronised=False):
        with open(self.file, "r+b", buffering=0) as file:  # in one go: it is read at any time
            file.write(f"{offset} {int(synchronised)}\n".ljust(63).encode())

    def begin(self):
        w = self.world
        w.add_modem(card(SIM))
        w.start_daemon()
        self.path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")

    def move(self, rx=1_000_000, tx=100_000):
        self.world.sim("move", rx=rx, tx=tx)
        self.moved = plus(self.moved, (rx, tx))
        self.world.expect_bytes(self.path, self.moved)

    def history(self, unit="hour"):
        return self.world.call(self.path, "org.simtally1.Sim", "GetHistory", "(stts)", unit, 0, 0,
                               "UTC")

    def check(self):
        """The total, the history and the ledger agree, to the byte."""
        w = self.world
        w.expect_bytes(self.path, self.moved)
        for unit in ("15min", "hour", "year"):
            rows = self.history(unit)
            self.assertEqual((sum(r[1] + r[3] for r in rows), sum(r[2] + r[4] for r in rows)),
                             self.moved)
        self.assertEqual(w.unassigned(), (0, 0))

    def problems(self):
        return self.world.get(PATH, "Manager", "Problems")

    def undated(self):
        return tuple(self.world.get(self.path, "Sim", f"Undated{way}Bytes") for way in ("Rx", "Tx"))

    def first_seen(self):
        return self.world.get(self.path, "Sim", "FirstSeenAt")

    def wait_trusted(self):
        wait_for(lambda: self.world.bytes_of(self.path) and self.problems() == [],
                 "a trusted clock")

    def test_jumps(self):
        self.begin()
        self.move()
        for offset, synchronised, trusted in (
                (2 * HOUR, False, True), (0, False, False), (-2 * DAY, False, False),
                (-2 * DAY, True, True), (0, False, True), (-20 * YEAR, False, False),
                (40 * YEAR, False, False), (0, True, True), (40 * YEAR, False, False),
                (YEAR, False, True), (0, True, True), (-HOUR, True, True),
                (0, False, True)):
            self.set_clock(offset, synchronised)
            self.move()
            self.move(rx=333, tx=7)
            wait_for(lambda: self.world.bytes_of(self.path)
                     and self.problems() == ([] if trusted else ["clock-untrusted"]),
                     f"the judgement of {offset} {synchronised}")
            self.move(rx=12345, tx=0)
            self.check()
        self.world.stop_daemon()
        self.world.start_daemon()
        self.check()

    def test_no_battery(self):
        """The clock begins in 1970; the bytes are there at once, and dated once it is set."""
        self.set_clock(-int(time.time()))
        self.begin()
        self.move()
        self.assertEqual(self.problems(), ["clock-untrusted"])
        self.assertEqual((self.undated(), self.first_seen()), (self.moved, 0))
        self.world.stop_daemon(signal.SIGKILL)
        self.world.start_daemon()
        self.move()
        self.assertEqual(self.problems(), ["clock-untrusted"])
        self.assertEqual((self.undated(), self.first_seen()), (self.moved, 0))
        self.world.stop_daemon()
        self.world.start_daemon()
        self.move()
        self.assertEqual((self.undated(), self.first_seen()), (self.moved, 0))
        self.assertLess(self.history()[-1][0], time.time() - 10 * DAY)
        self.check()

        self.set_clock(0)
        self.wait_trusted()
        self.assertEqual(self.undated(), (0, 0))
        self.move()
        self.check()
        self.assertEqual(self.undated(), (0, 0))
        now = time.time()
        self.assertGreater(self.first_seen(), now - HOUR)
        self.assertLessEqual(self.first_seen(), now)
        for start, *_ in self.history("15min"):
            self.assertGreater(start, now - 2 * HOUR)
            self.assertLessEqual(start, now)
        self.assertEqual(self.world.ledger("SELECT count(*) FROM undated"), [(0,)])
        self.assertGreater(self.world.get(self.path, "Sim", "LastUsedAt"), now - HOUR)
        self.assertEqual(self.world.get(self.path, "Sim", "TodayRxBytes") > 0, True)
        self.world.stop_daemon()
        for when in self.world.ledger("SELECT first_seen FROM sim WHERE iccid IS NOT NULL"
                                      " UNION ALL SELECT since FROM visit"):
            self.assertGreater(when[0], now - HOUR)
            self.assertLessEqual(when[0], now)

    def see_too_early(self):
        """A SIM that carries nothing, while the clock says 1970."""
        self.set_clock(-int(time.time()))
        self.world.add_modem(card(SIM))
        self.world.start_daemon()
        self.path = self.world.present("7719")
        self.assertEqual(self.first_seen(), 0)

    def check_first_seen(self):
        self.wait_trusted()
        self.assertGreater(self.first_seen(), time.time() - HOUR)
        self.assertLessEqual(self.first_seen(), time.time())

    def test_first_seen(self):
        self.see_too_early()
        self.set_clock(0)
        self.check_first_seen()

    def test_first_seen_and_set_while_down(self):
        self.see_too_early()
        self.world.stop_daemon()
        self.set_clock(0)
        self.world.start_daemon()
        self.check_first_seen()

    def test_set_while_down(self):
        self.set_clock(-3 * DAY, True)
        self.begin()
        self.move()
        known, dated = self.first_seen(), self.moved
        self.assertGreater(known, 0)
        self.set_clock(-10 * DAY)  # before what was trusted
        self.move()
        wait_for(lambda: self.problems() == ["clock-untrusted"], "the judgement")
        self.move()
        self.world.sim("roam", plmn="45005", name="SK Telecom")
        wait_for(lambda: self.world.get(self.path, "Sim", "Roaming"), "roaming")
        self.assertEqual(self.first_seen(), known)
        undated = self.undated()
        self.assertNotEqual(undated, (0, 0))
        self.assertLessEqual(plus(undated, dated), self.moved)
        self.world.stop_daemon()
        self.assertNotEqual(self.world.ledger("SELECT count(*) FROM undated"), [(0,)])
        self.set_clock(0)
        self.world.start_daemon()
        self.check()
        self.assertEqual(self.problems(), [])
        self.assertEqual((self.undated(), self.first_seen()), ((0, 0), known))
        self.assertEqual(self.world.ledger("SELECT count(*) FROM undated"), [(0,)])
        (before, now), since = (time.time() - 3 * DAY, time.time()), self.visits()
        self.assertTrue(before - HOUR < since["44010"] <= before, since)
        self.assertTrue(now - HOUR < since["45005"] <= now, since)

    def visits(self):
        return dict(self.world.ledger("SELECT plmn, min(since) FROM visit GROUP BY plmn"))


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
