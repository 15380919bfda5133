#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Another program works with the same modem all the time, through the same proxy, as ModemManager
does: it keeps its client ids, its session and what it hears, whatever becomes of the daemon.
"""

import pathlib
import signal

import harness
from harness import TestCase, card, wait_for
from talker import Talker

import pdu

HERE = pathlib.Path(__file__).resolve().parent
SIM = card("8981100000000007719")
SIGNALS = (signal.SIGKILL, signal.SIGTERM) * 4


class QmiNeighbour(TestCase):
    session = "session connected"
    connecting = ["0x01/0x0020", "0x01/0x0021"]  # what a neighbour changes, and the daemon does not

    def setUp(self):
        super().setUp()
        self.world.changes_allowed = True  # the neighbour's
        self.world.add_modem(SIM)
        self.said = 0

    def begin_neighbour(self):
        n = self.neighbour = Talker(self.world, [str(HERE / "neighbour.py")], "listening")
        self.addCleanup(n.close)
        n("connect")
        n.expect("connected")
        self.ids = self.client_ids()

    def begin_daemon(self):
        self.world.start_daemon()
        self.path = self.world.present("7719")
        self.world.wait_state("connected")

    def client_ids(self):
        return set(map(tuple, self.world.sim("state").get("clients", [])))

    def expect_undisturbed(self):
        """Its ids and its session are its own, and each message is heard once."""
        w, n, text = self.world, self.neighbour, f"message {self.said}"
        self.said += 1
        w.sim("message", sender="Friend", text=text)
        n.expect("message " + pdu.deliver("Friend", text)[0].hex())
        n("check")
        n.expect(self.session)
        self.assertLessEqual(self.ids, self.client_ids())

    def end_neighbour(self):
        w, n = self.world, self.neighbour
        n("disconnect")
        n.expect("disconnected")
        self.assertEqual(n.rest(), [])
        self.assertEqual(w.sim("state")["changes"], self.connecting)

    def test_the_daemon_comes_and_goes(self):
        w = self.world
        self.begin_neighbour()
        for sig in SIGNALS:
            self.begin_daemon()
            self.expect_undisturbed()
            w.sim("move", rx=300_000, tx=20_000)
            w.stop_daemon(sig)
            self.expect_undisturbed()
        self.begin_daemon()
        w.expect_bytes(self.path, w.kernel())
        w.stop_daemon()
        self.assertEqual(self.client_ids(), self.ids)  # ours are given back, and no other
        self.end_neighbour()

    def test_the_daemon_is_killed_while_it_begins(self):
        """At whatever it asks the modem at that instant."""
        self.begin_neighbour()
        for n in range(1, 13):
            self.world.sim("forget")
            self.world.start_daemon(wait=False)
            wait_for(lambda n=n: sum(self.world.sim("state")["requests"].values()) >= 2 * n
                     or self.world.is_on_bus() and self.world.find("7719"), "some requests")
            self.world.stop_daemon(signal.SIGKILL)
            self.expect_undisturbed()
        self.begin_daemon()
        self.expect_undisturbed()
        self.world.stop_daemon()
        self.neighbour("disconnect")
        self.neighbour.expect("disconnected")
        self.assertEqual(self.neighbour.rest(), [])

    def test_our_proxy_outlives_us(self):
        """It may be that the library had it started for us: it serves the others on."""
        w = self.world
        w.start_daemon()
        w.present("7719")
        proxies = w.proxies()
        self.assertEqual(len(proxies), 1)
        self.begin_neighbour()
        w.stop_daemon()
        self.ids = self.client_ids()  # the daemon's are given back
        for sig in SIGNALS:
            self.expect_undisturbed()
            self.begin_daemon()
            self.assertEqual(w.proxies(), proxies)
            self.expect_undisturbed()
            w.stop_daemon(sig)
        self.expect_undisturbed()
        self.assertEqual(w.proxies(), proxies)
        self.end_neighbour()

    def test_both_hear_that_the_network_ended_the_session(self):
        w = self.world
        self.begin_neighbour()
        self.begin_daemon()
        w.sim("move", rx=1_000_000, tx=5_000)
        w.sim("disconnect", reason=3)
        self.neighbour.expect("lost")
        w.wait_state("disconnected")
        w.expect_bytes(self.path, w.kernel())
        self.neighbour("connect")
        self.neighbour.expect("connected")
        w.wait_state("connected")
        self.expect_undisturbed()
        self.neighbour("disconnect")
        self.neighbour.expect("disconnected")
        w.wait_state("disconnected")
        self.assertEqual(self.neighbour.rest(), [])


class MbimNeighbour(QmiNeighbour):
    protocol = "mbim"
    session = "session activated"
    connecting = ["basic/12", "basic/12"]


if __name__ == "__main__":
    harness.main()
