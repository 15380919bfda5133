#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A phone's modem, on the kernel's QRTR bus: the port that a person has named, with no proxy."""

import pathlib

import machine
from machine import told

import harness
from harness import plus, wait_for

SIM, OTHER = "8981100000000007719", "8981100000000008810"
LINK = "rmnet_ipa0"
CONFIG = pathlib.Path("/etc/simtally/simtally.conf")


class Qrtr(machine.MachineCase):
    def setUp(self):
        super().setUp()
        told("modprobe", "qrtr")
        told("modprobe", "tun")
        added = self.world.sim("add", card=harness.card(SIM), transport="qrtr", link=LINK)
        CONFIG.parent.mkdir(exist_ok=True)
        CONFIG.write_text(f"[Ports]\nNamed={added['port']}@{LINK}\n")
        self.addCleanup(CONFIG.unlink)
        self.total = (0, 0)

    def move(self, rx, tx):
        self.world.sim("move", rx=rx, tx=tx)
        self.total = plus(self.total, (rx, tx))

    def clients(self):
        return self.world.sim("state")["clients"]

    def test_counted_and_found_again(self):
        w = self.world
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        self.move(2_000_000, 300_000)
        w.expect_bytes(path, self.total)

        w.sim("swap", card=harness.card(OTHER))  # which is told by an indication
        other = w.present("8810")
        w.expect_bytes(path, self.total)
        w.sim("swap", card=harness.card(SIM))
        w.present("7719")
        self.assertEqual(w.bytes_of(other), (0, 0))

        w.sim("unplug", link=False)  # as when the modem's firmware begins anew
        wait_for(lambda: not w.get(path, "Sim", "Present"), "the modem to be gone")
        w.sim("plug")
        w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        self.move(50_000, 600)
        w.expect_bytes(path, self.total)
        self.assertEqual(w.unassigned(), (0, 0))
        self.assertNotEqual(self.clients(), [])
        w.stop_daemon()
        wait_for(lambda: self.clients() == [], "all clients to be gone")

    def test_the_modem_comes_later(self):
        w = self.world
        w.sim("unplug", link=False)
        w.start_daemon()
        wait_for(lambda: w.get(w.modem_path(), "Modem", "State") == "failed", "no node")
        w.sim("plug")
        w.present("7719")


if __name__ == "__main__":
    machine.main()
