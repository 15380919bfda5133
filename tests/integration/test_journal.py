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

    def written(self):
        """What the ledger has."""
        return self.world.ledger("SELECT ifnull(sum(rx), 0), ifnull(sum(tx), 0) FROM usage")[0]

    def move_into_slot(self, rx, tx):
        """Until the last bytes are in a slot alone: a commit comes first while there is other news,
        as of a session or a network."""
        w = self.world
        while True:
            before = self.slots()
            w.sim("move", rx=rx, tx=tx)
            wait_for(lambda: self.slots() != before or self.written() == w.kernel(),
                     "what moved to be written", timeout=90)
            if self.slots() != before:
                self.assertNotEqual(self.written(), w.kernel())
                return

    def connect(self):
        """Returns the SIM's path."""
        w = self.world
        w.add_modem(card(SIM))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        return path

    def begin(self):
        """A session that is in the ledger; returns the SIM's path."""
        w, path = self.world, self.connect()
        w.sim("move", rx=1_000)
        w.expect_bytes(path, (1_000, 0))
        return path

    def lose_power(self):
        """The daemon and the kernel's counter are gone; what was written is there. Returns what was
        carried."""
        w = self.world
        carried = w.kernel()
        w.stop_daemon(signal.SIGKILL)
        w.sim("disconnect")
        w.sim("remove_link")
        w.sim("add_link")
        return carried

    def test_power_cut(self):
        w = self.world
        path = self.begin()
        self.move_into_slot(rx=4_999_000, tx=700_000)
        old = w.directory / "old"
        shutil.copy(w.state / "journal", old)

        carried = self.lose_power()
        w.start_daemon()
        w.expect_bytes(path, carried)

        # The same once more changes nothing; an older slot neither.
        w.stop_daemon()
        w.start_daemon()
        w.expect_bytes(path, carried)
        w.stop_daemon()
        shutil.copy(old, w.state / "journal")
        w.start_daemon()
        w.expect_bytes(path, carried)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_power_cut_before_any_bytes_are_in_the_ledger(self):
        """The session is there already, since the network has changed: the first bytes go to a slot."""
        w, path = self.world, self.connect()
        # The session's name is told before the network: what the modem says comes in order.
        wait_for(lambda: "0x01/0x002d" in w.sim("state")["requests"], "its settings to be asked for")
        w.sim("roam", plmn="45005", name="SK Telecom")
        wait_for(lambda: w.ledger("SELECT * FROM visit WHERE plmn = '45005'")
                 and w.ledger("SELECT apn FROM session") == [("internet",)], "what is no traffic")
        self.move_into_slot(rx=1_000_000, tx=50_000)
        self.assertEqual(self.written(), (0, 0))

        carried = self.lose_power()
        w.start_daemon()
        w.expect_bytes(path, carried)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_killed_while_the_link_lives(self):
        """The slot is read, and the kernel's counter goes on from there."""
        w = self.world
        path = self.begin()
        self.move_into_slot(rx=2_999_000, tx=200_000)
        w.sim("move", rx=1_000_000, tx=100_000)
        w.stop_daemon(signal.SIGKILL)
        w.sim("move", rx=500_000, tx=50_000)
        w.start_daemon()
        w.expect_bytes(path, w.kernel())

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
