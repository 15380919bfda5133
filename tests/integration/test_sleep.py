#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Before the machine sleeps everything is committed, and logind is kept waiting no longer."""

import pathlib
import subprocess
import unittest

import harness
from harness import TestCase, card, die_with_parent, end

LOGIND = pathlib.Path(__file__).parent / "logind.py"


class Sleep(TestCase):
    def setUp(self):
        super().setUp()
        self.logind = subprocess.Popen(["/usr/bin/python3", LOGIND], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True,
                                       preexec_fn=die_with_parent)
        self.addCleanup(self.stop)
        self.hear("ready")

    def stop(self):
        end(self.logind)
        self.logind.stdin.close()
        self.logind.stdout.close()

    def hear(self, wanted):
        self.assertEqual(self.logind.stdout.readline().strip(), wanted)

    def say(self, word):
        print(word, file=self.logind.stdin, flush=True)

    def test_sleep_and_wake(self):
        w = self.world
        w.add_modem(card("8981100000000007719"))
        w.start_daemon()
        self.hear("taken simtally")
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        for rx in (1_000_000, 3_500_000):
            w.sim("move", rx=rx)
            self.say("sleep")
            self.hear("released")
            self.assertEqual(w.ledger("SELECT sum(rx) FROM usage"), [w.kernel()[:1]])
            self.say("wake")
            self.hear("taken simtally")
        w.expect_bytes(path, w.kernel())
        w.stop_daemon()
        self.hear("released")


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
