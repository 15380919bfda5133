#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Links with Ethernet headers: a driver counts them in both directions, in one, or in none.

The links are TAP devices, which count all of a frame; which driver they have is said by a folder in
the place of sysfs. Where that driver counts a packet without its header, a frame as long as the
packet alone is what makes the kernel count the same.
"""

import fcntl
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import unittest

import harness
from harness import TestCase, plus

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "modem"))

import tun  # noqa: E402

SYSFS = pathlib.Path("/sys/class/net")
IFF_TAP = 0x0002
TUNSETLINK = 0x400454CD
ARPHRD_NONE, ARPHRD_ETHER = 0xFFFE, 1
ETHERNET = bytes(6) + bytes([2, 0, 0, 0, 0, 1]) + b"\x08\x00"
MTU = 1500


class Tap:
    """A link of this driver, whose kernel counter goes up as the driver's would."""

    def __init__(self, name: str, driver: str, rx_has_header: bool, tx_has_header: bool):
        if driver:
            (SYSFS / name / "device").mkdir(parents=True)
            (SYSFS / name / "device/driver").symlink_to(f"../../../bus/usb/drivers/{driver}")
        self.name = name
        self.missing = (0 if rx_has_header else len(ETHERNET), 0 if tx_has_header else len(ETHERNET))
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(self.fd, tun.TUNSETIFF,
                    struct.pack("16sH22x", name.encode(), IFF_TAP | tun.IFF_NO_PI))
        tun.netlink.set_up(name, MTU)
        self.sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sender.setsockopt(tun.SOL_PACKET, tun.PACKET_QDISC_BYPASS, 1)

    def close(self) -> None:
        self.sender.close()
        os.close(self.fd)

    def change(self, kind: int, rx_has_header: bool, tx_has_header: bool) -> None:
        """The same link has frames of another kind from here on."""
        subprocess.run(["ip", "link", "set", self.name, "down"], check=True)
        fcntl.ioctl(self.fd, TUNSETLINK, kind)
        self.missing = (0 if rx_has_header else len(ETHERNET), 0 if tx_has_header else len(ETHERNET))
        tun.netlink.set_up(self.name, MTU)

    def receive(self, size: int) -> None:
        """A packet of this many bytes."""
        os.write(self.fd, ETHERNET + tun.PACKETS[4][:size - self.missing[0]])

    def transmit(self, size: int) -> None:
        self.sender.sendto(ETHERNET + tun.PACKETS[4][:size - self.missing[1]],
                           (self.name, tun.ETH_P[4]))
        while take(self.fd):
            pass


def take(fd: int) -> bool:
    """Takes a frame that was sent; false when there is none."""
    try:
        return bool(os.read(fd, 2 * MTU))
    except BlockingIOError:
        return False


class Frames(TestCase):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", SYSFS], check=True)
        self.addCleanup(subprocess.run, ["umount", SYSFS], check=True)
        # Else the kernel greets other stations by itself when a link comes up.
        pathlib.Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
        self.random = random.Random(20261125)

    def expect_exact(self, driver: str, rx_has_header: bool, tx_has_header: bool):
        """Packets of many sizes through such a link: also those of its last word, and of a time
        when nobody listened."""
        w = self.world
        w.ports = ["link:@eth7=Pocket router"]
        w.start_daemon()
        path = w.find("Pocket router")
        total = w.bytes_of(path)
        for turn in range(2):
            link = Tap("eth7", driver, rx_has_header, tx_has_header)
            try:
                w.wait_state("connected")
                for part in range(3):
                    if part == 2:
                        w.stop_daemon()
                    sizes = [(self.random.randint(64, MTU), self.random.randint(64, MTU))
                             for _ in range(200 + turn)]
                    for rx, tx in sizes:
                        link.receive(rx)
                        link.transmit(tx)
                    total = plus(total, *sizes)
                    if part == 2:
                        w.start_daemon()
                    if part != 1:
                        w.expect_bytes(path, total)
                last = self.random.randint(64, MTU), self.random.randint(64, MTU)
                link.receive(last[0])
                link.transmit(last[1])
                total = plus(total, last)
            finally:
                link.close()
                subprocess.run(["rm", "-rf", SYSFS / "eth7"], check=True)
            w.wait_state("absent")
            w.expect_bytes(path, total)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_usbnet_counts_rx_without_the_ethernet_header_and_tx_with_it(self):
        self.expect_exact("qmi_wwan", False, True)

    def test_cdc_mbim_counts_neither(self):
        self.expect_exact("cdc_mbim", False, False)

    def test_others_count_both(self):
        self.expect_exact("", True, True)

    def test_set_up_for_raw_ip_later(self):
        """qmi_wwan's links have Ethernet headers until somebody sets them up for raw IP, and again
        when that is taken back."""
        w = self.world
        w.ports = ["link:@eth7=Pocket router"]
        w.start_daemon()
        path, total = w.find("Pocket router"), (0, 0)
        link = Tap("eth7", "qmi_wwan", False, True)
        self.addCleanup(link.close)
        w.wait_state("connected")
        for kind in (ARPHRD_ETHER, ARPHRD_NONE, ARPHRD_ETHER, ARPHRD_NONE):
            link.change(kind, False, kind == ARPHRD_ETHER)
            for _ in range(50):
                rx, tx = self.random.randint(64, MTU), self.random.randint(64, MTU)
                link.receive(rx)
                link.transmit(tx)
                total = plus(total, (rx, tx))
            w.expect_bytes(path, total)
        subprocess.run(["ip", "link", "set", "eth7", "down"], check=True)
        subprocess.run(["ip", "link", "set", "eth7", "name", "eth8"], check=True)
        subprocess.run(["ip", "link", "set", "eth8", "name", "eth7"], check=True)
        w.expect_bytes(path, total)


def main() -> None:
    harness.enter_namespace("-Urnm")
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
