#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An MBIM modem on the kernel's cdc_mbim: found by udev, and counted to the byte; its second session
on a VLAN."""

import machine
from machine import told

import netlink  # of tests/modem
from harness import wait_for


class Mbim(machine.CountedCase):
    protocol = "mbim"

    def connect(self):
        machine.wait_link("wwan0")
        netlink.set_up("wwan0", machine.MTU)
        self.world.sim("connect")
        self.world.wait_state("connected")

    def test_a_session_on_a_vlan(self):
        """The VLAN's counter has a header for each packet that is sent; what we count has none."""
        self.connect()
        self.move(100_000, 20_000)
        self.world.sim("connect", mux=1)
        told("ip", "link", "add", "link", "wwan0", "name", "wwan0.1", "type", "vlan", "id", "1")
        netlink.set_up("wwan0.1", machine.MTU)
        wait_for(lambda: "wwan0.1" in self.world.get(self.world.modem_path(), "Modem", "Links"),
                 "the VLAN to be counted")
        self.move(200_000, 30_000, 1)
        self.expect_all()
        self.move(5_000, 600)
        self.move(700, 80, 1)
        self.expect_all()
        self.world.stop_daemon()
        by_session = dict(self.world.ledger(
            "SELECT mux, sum(u.rx) FROM usage u JOIN session s ON s.id=u.session GROUP BY mux"))
        self.assertEqual(by_session, {0: 105_000, 1: 200_700})
        sent = self.world.ledger(
            "SELECT sum(u.tx) FROM usage u JOIN session s ON s.id=u.session WHERE mux=1")
        self.assertEqual(sent, [(30_080,)])


if __name__ == "__main__":
    machine.main()
