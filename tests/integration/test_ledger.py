#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the daemon does with a ledger that it cannot use, or must not touch."""

import os
import re
import sqlite3
import unittest

import harness
from harness import World, card

ICCID = "8981100000000007719"
GOLDEN = harness.TESTS / "data"

# What the golden ledger of each released version holds: bytes of each SIM, and history rows.
HELD = {
    1: {"7719": ((2_000_000, 162_000), (1_700_000, 160_000, 300_000, 2_000)),
        "8810": ((5_000_000, 700_000), (0, 0, 5_000_000, 700_000))},
}
HELD[2] = HELD[1]


class Ledger(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(World())
        self.file = self.world.state / "ledger.db"

    def fill(self):
        """A ledger with some bytes in it."""
        w = self.world
        w.add_modem(card(ICCID))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.sim("move", rx=1_000_000, tx=1_000)
        w.expect_bytes(path, (1_000_000, 1_000))
        w.stop_daemon()

    def files(self, prefix):
        return sorted(p.name for p in self.world.state.iterdir() if p.name.startswith(prefix))

    def assert_set_aside(self, original):
        w = self.world
        w.start_daemon()
        aside = [name for name in self.files("ledger.db.damaged-") if not name.endswith(("-wal", "-shm"))]
        self.assertEqual(len(aside), 1)
        if original is not None:
            self.assertEqual((w.state / aside[0]).read_bytes(), original)
        self.assertIn(f"set aside as {w.state / aside[0]}", w.log())
        self.assertEqual(w.ledger("PRAGMA user_version"), [(max(HELD),)])
        w.present("7719")

    def test_no_database(self):
        self.fill()
        self.file.write_bytes(b"this is no database, " * 1000)
        self.assert_set_aside(self.file.read_bytes())

    def test_damaged_pages(self):
        self.fill()
        content = bytearray(self.file.read_bytes())
        for at in range(4096, len(content), 4096):
            content[at:at + 512] = b"\xa5" * 512
        self.file.write_bytes(content)
        self.assert_set_aside(bytes(content))

    def test_cannot_be_opened(self):
        self.fill()
        self.file.rename(self.file.with_suffix(".old"))
        self.file.mkdir()
        self.assert_set_aside(None)

    def test_other_programs_database(self):
        self.fill()
        self.file.unlink()
        database = sqlite3.connect(self.file)
        database.execute("CREATE TABLE precious(x)")
        database.commit()
        database.close()
        self.assert_set_aside(self.file.read_bytes())

    def test_newer_is_left_alone(self):
        self.fill()
        database = sqlite3.connect(self.file)
        database.execute("PRAGMA user_version=999")
        database.close()
        before = self.file.read_bytes()
        w = self.world
        w.start_daemon(wait=False)
        self.assertEqual(w.daemon.wait(60), 1)
        w.daemon = None
        self.assertEqual(self.file.read_bytes(), before)
        self.assertEqual(self.files("ledger.db.damaged"), [])
        self.assertIn("is of version 999", w.log())

    def test_every_version_opens(self):
        w = self.world
        found = {int(re.search(r"\d+", path.name)[0]): path for path in GOLDEN.glob("ledger-*.sql")}
        self.assertEqual(found.keys(), HELD.keys())
        for version, path in found.items():
            with self.subTest(version=version):
                w.state.mkdir(mode=0o700, exist_ok=True)
                for old in w.state.iterdir():
                    old.unlink()
                database = sqlite3.connect(self.file)
                database.executescript(path.read_text())
                database.close()
                w.start_daemon()
                for tail, (total, history) in HELD[version].items():
                    sim = w.find(tail)
                    self.assertEqual(w.bytes_of(sim), total)
                    rows = w.call(sim, "org.simtally1.Sim", "GetHistory", "(stts)", "year", 0, 0,
                                  "UTC")
                    self.assertEqual(tuple(map(sum, zip(*(r[1:] for r in rows)))), history)
                self.assertEqual(self.files("ledger.db.damaged"), [])
                w.stop_daemon()

    def test_second_daemon(self):
        self.fill()
        w = self.world
        w.start_daemon()
        first = w.daemon
        w.start_daemon(wait=False)
        self.assertEqual(w.daemon.wait(60), 1)
        w.daemon = first
        self.assertIn("Another simtallyd uses", w.log())
        self.assertIsNone(first.poll())

    def test_only_root_reads_it(self):
        self.fill()
        self.assertEqual(self.world.state.stat().st_mode & 0o777, 0o700)
        for path in self.world.state.iterdir():
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_nothing_private_in_the_log(self):
        self.fill()
        self.assertNotIn(ICCID, self.world.log())
        self.assertNotIn("440100000000001", self.world.log())


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
