#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Modems that are named: links that nobody speaks for, and what the configuration file says."""

import signal
import subprocess
import unittest

import harness
from harness import BUILD, TestCase, card, wait_for

SIM = "8981100000000007719"


class Ports(TestCase):
    def refused(self, *arguments):
        """What simtallyd says before it gives up."""
        said = subprocess.run([str(BUILD / "daemon/simtallyd"), *arguments], text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(said.returncode, 2)
        return said.stderr

    def link_only(self, label="Pocket router"):
        """A modem whose port is of no use to us."""
        w = self.world
        w.add_modem(card(SIM))
        w.ports = [f"link:@wwan0={label}"]

    def test_link_alone(self):
        """The kernel's counter, a SIM by name; across restarts, new links, kills and a new name."""
        w = self.world
        self.link_only()
        w.start_daemon()
        w.wait_state("connected")
        path = w.find("Pocket router")
        modem = w.get_all(w.modem_path(), "Modem")
        self.assertEqual((modem["Protocol"], modem["Source"], modem["Links"], modem["Problem"]),
                         ("link", "link", ["wwan0"], ""))
        sim = w.get_all(path, "Sim")
        self.assertEqual((sim["Label"], sim["IccidTail"], sim["Kind"], sim["Connected"]),
                         ("Pocket router", "", "unknown", True))
        w.sim("move", rx=1_000_000, tx=10_000, session=False)
        w.expect_bytes(path, (1_000_000, 10_000))
        w.sim("remove_link")
        w.wait_state("absent")
        w.sim("add_link")
        w.wait_state("connected")
        w.sim("move", rx=500, tx=50, session=False)
        w.expect_bytes(path, (1_000_500, 10_050))
        w.stop_daemon(signal.SIGKILL)
        w.sim("move", rx=7, tx=3, session=False)
        w.start_daemon()
        w.expect_bytes(path, (1_000_507, 10_053))
        self.assertEqual(w.unassigned(), (0, 0))

        w.stop_daemon()
        w.ports = ["link:@wwan0=Another card"]
        w.start_daemon()
        w.wait_state("connected")
        w.sim("move", rx=11, tx=1, session=False)
        w.expect_bytes(w.find("Another card"), (11, 1))
        self.assertEqual(w.bytes_of(path), (1_000_507, 10_053))

    def test_configuration(self):
        w = self.world
        w.add_modem(card(SIM))
        config = w.directory / "simtally.conf"
        config.write_text(f"[Ports]\nNamed={w.ports[0]};link:@wwan9=Elsewhere\nSearch=false\n")
        w.ports = []
        w.start_daemon("--config", str(config))
        w.present("7719")
        w.sim("connect")
        wait_for(lambda: "connected" in (w.get(p, "Modem", "State")
                                         for p in w.get(harness.PATH, "Manager", "Modems")),
                 "the modem to be connected")
        w.sim("move", rx=1_000, tx=10)
        w.expect_bytes(w.find("7719"), (1_000, 10))

    def test_what_cannot_be_understood(self):
        config = self.world.directory / "bad.conf"
        config.write_text("[Ports]\nNamed=wwan0\n")
        self.assertIn("begins with its protocol", self.refused("--config", str(config)))
        self.assertIn("No such file", self.refused("--config", "/nowhere"))
        self.assertIn("name for the SIM", self.refused("--port", "link:@wwan0="))


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main()
