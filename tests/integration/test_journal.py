#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Between commits: what a power cut costs, and that a stale journal is never believed."""

import shutil
import signal
import unittest

import harness
from harness import TestCase, card, plus, wait_for

SIM = "8981100000000007719"
SLOT = 65536


class Journal(TestCase):
    def slots(self):
        data = (self.world.state / "journal").read_bytes()
        self.assertEqual(len(data), 2 * SLOT)
        return [data[:SLOT], data[SLOT:]]

    def wait_slot(self):
        """Until another slot was written."""
        before = self.slots()
        wait_for(lambda: self.slots() != before, "a slot", timeout=90)

    def begin(self):
        """A session that is in the ledger; returns the SIM's path."""
        w = self.world
        w.add_modem(card(SIM))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000)
        w.expect_bytes(path, (1_000, 0))
        return path

    def wait_commit(self):
        """What a slot names is in the ledger before."""
        wait_for(lambda: self.world.ledger("SELECT sum(rx) FROM usage") == [(1_000,)], "a commit",
                 timeout=90)

    def lose_power(self):
        """The daemon and the kernel's counter are gone; what was written is there."""
        w = self.world
        w.stop_daemon(signal.SIGKILL)
        w.sim("disconnect")
        w.sim("remove_link")
        w.sim("add_link")

    def test_power_cut(self):
        w = self.world
        path = self.begin()
        self.wait_commit()
        w.sim("move", rx=4_999_000, tx=700_000)
        self.wait_slot()
        self.assertEqual(w.ledger("SELECT sum(rx) FROM usage"), [(1_000,)])
        old = w.directory / "old"
        shutil.copy(w.state / "journal", old)

        self.lose_power()
        w.start_daemon()
        w.expect_bytes(path, (5_000_000, 700_000))

        # The same once more changes nothing; an older slot neither.
        w.stop_daemon()
        w.start_daemon()
        w.expect_bytes(path, (5_000_000, 700_000))
        w.stop_daemon()
        shutil.copy(old, w.state / "journal")
        w.start_daemon()
        w.expect_bytes(path, (5_000_000, 700_000))
        self.assertEqual(w.unassigned(), (0, 0))

    def test_killed_while_the_link_lives(self):
        """The slot is read, and the kernel's counter goes on from there."""
        w = self.world
        path = self.begin()
        self.wait_commit()
        w.sim("move", rx=2_999_000, tx=200_000)
        self.wait_slot()
        w.sim("move", rx=1_000_000, tx=100_000)
        w.stop_daemon(signal.SIGKILL)
        w.sim("move", rx=500_000, tx=50_000)
        w.start_daemon()
        w.expect_bytes(path, (4_500_000, 350_000))

        # Another ledger's journal: it is another's.
        w.stop_daemon(signal.SIGKILL)
        for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
            (w.state / name).unlink(missing_ok=True)
        w.start_daemon()
        path = w.present("7719")
        self.assertEqual(w.bytes_of(path), (0, 0))

    def test_damaged_journal(self):
        w = self.world
        path = self.begin()
        journal = w.state / "journal"
        w.sim("move", rx=2_999_000)
        for damage in (b"", b"x" * 100, bytes(range(256)) * 512):
            w.stop_daemon(signal.SIGKILL)
            journal.write_bytes(damage)
            w.start_daemon()
            w.expect_bytes(path, (3_000_000, 0))

        # Not a file: counting goes on without it, and the log says what that costs.
        w.stop_daemon(signal.SIGKILL)
        journal.unlink()
        journal.mkdir()
        w.start_daemon()
        w.sim("move", rx=1_000)
        w.expect_bytes(path, plus((3_000_000, 0), (1_000, 0)))
        self.assertIn("a power cut may cost", w.log())


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
