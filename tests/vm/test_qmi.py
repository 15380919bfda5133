#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A QMI modem on the kernel's qmi_wwan: found by udev, and counted to the byte; several sessions on
qmimux links of their own."""

import pathlib

import machine

import netlink  # of tests/modem
from harness import wait_for

SYSFS = pathlib.Path("/sys/class/net")
MTU = 1400  # with QMAP's header before it, it still is no more than the driver asks for at once


class Qmi(machine.CountedCase):
    def setUp(self):
        super().setUp(mtu=MTU)

    def connect(self, *muxes):
        """As whoever connects does it, after the daemon has seen the link."""
        machine.wait_link("wwan0")
        (SYSFS / "wwan0/qmi/raw_ip").write_text("Y")
        netlink.set_up("wwan0", MTU)
        for mux in muxes or (0,):
            self.world.sim("connect", mux=mux)
        self.world.wait_state("connected")

    def add_mux(self, mux):
        before = set(SYSFS.iterdir())
        (SYSFS / "wwan0/qmi/add_mux").write_text(f"{mux}\n")
        name = (set(SYSFS.iterdir()) - before).pop().name
        netlink.set_up(name, MTU)
        wait_for(lambda: name in self.links(), f"{name} to be counted")
        return name

    def links(self):
        return self.world.get(self.world.modem_path(), "Modem", "Links")

    def test_sessions_on_mux_links(self):
        self.connect(1, 2)
        first, second = self.add_mux(1), self.add_mux(2)
        self.move_on(first, 200_000, 30_000, 1)
        self.move_on(second, 50_000, 4_000, 2)
        self.expect_all()
        self.world.stop_daemon()
        self.move_on(first, 10_001, 303, 1)
        self.world.start_daemon()
        self.world.present(self.iccid[-4:])
        self.move_on(second, 777, 88, 2)
        self.expect_all()
        by_mux = dict(self.world.ledger(
            "SELECT mux, sum(u.rx) FROM usage u JOIN session s ON s.id=u.session GROUP BY mux"))
        self.assertEqual(by_mux, {1: 210_001, 2: 50_777})
        (SYSFS / "wwan0/qmi/del_mux").write_text("2\n")
        wait_for(lambda: second not in self.links(), "the link to be gone")
        self.move_on(first, 3_000, 200, 1)
        self.expect_all()


if __name__ == "__main__":
    machine.main()
