# SPDX-License-Identifier: LGPL-2.1-or-later
"""What scenarios share: the harness of the integration tests, where all that is around the daemon is
real: its unit, systemd, the system bus, polkit, the kernel's drivers, and udev that finds the modem.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

os.environ["SIMTALLY_IN_NAMESPACE"] = "1"  # this machine is all that there is
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import harness  # noqa: E402
import netlink  # noqa: E402
import usb  # noqa: E402

UNIT = "simtallyd.service"
MTU = usb.MTU
PATIENCE = 120  # an emulated machine is slow
tempfile.tempdir = "/srv"  # the daemon has a /tmp of its own


def run(*command: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=PATIENCE, **more)


def told(*command: str, **more) -> str:
    """What a command says that has to go well."""
    done = run(*command, **more)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}: {done.stdout}")
    return done.stdout


def wait_link(name: str) -> None:
    harness.wait_for(lambda: netlink.find(name), name)


class Machine(harness.World):
    def start_bus(self) -> None:
        self.began = int(time.time())
        self.address = "unix:path=/run/dbus/system_bus_socket"
        self.state = pathlib.Path("/var/lib/simtally")
        shutil.rmtree(self.state, ignore_errors=True)
        self.connection = self.connect()

    def start_simulator(self) -> None:
        told("modprobe", "vhci_hcd")
        super().start_simulator()

    def add_modem(self, card: dict | None = None, **more) -> None:
        """On a USB port; udev finds it."""
        self.sim("add", card=card, **{"protocol": self.protocol, "transport": "usb"} | more)

    def start_daemon(self, *arguments: str, wait: bool = True) -> None:
        told("systemctl", "set-environment", "G_MESSAGES_DEBUG=all")
        told("systemctl", "start", UNIT)

    def stop_daemon(self, sig: int = signal.SIGTERM) -> None:
        told("systemctl", "stop", UNIT)

    def log(self) -> str:
        return run("journalctl", "-q", "-o", "cat", "-u", UNIT, f"--since=@{self.began}").stdout

    def show_log(self) -> None:
        journal = run("journalctl", "-q", "-n", "300", "--no-hostname", f"--since=@{self.began}")
        print(f"--- the journal\n{journal.stdout}", file=sys.stderr)

    def close(self) -> None:
        run("systemctl", "stop", UNIT)
        super().close()


class MachineCase(harness.TestCase):
    world_class = Machine


class CountedCase(MachineCase):
    """A modem on USB, whose bytes are of one SIM."""

    iccid = "8981100000000007719"

    def setUp(self, **more) -> None:
        super().setUp()
        self.world.add_modem(harness.card(self.iccid), **more)
        self.world.start_daemon()
        self.path = self.world.present(self.iccid[-4:])
        self.total = (0, 0)

    def connect(self) -> None:
        raise NotImplementedError

    def move(self, rx: int, tx: int, mux: int = 0) -> None:
        self.world.sim("move", rx=rx, tx=tx, mux=mux)
        self.total = harness.plus(self.total, (rx, tx))

    def move_on(self, link: str, rx: int, tx: int, mux: int = 0) -> None:
        """What the kernel has counted of it is what the modem has sent and got."""
        before = self.world.kernel(link)
        self.move(rx, tx, mux)
        self.assertEqual(harness.minus(self.world.kernel(link), before), (rx, tx))

    def expect_all(self) -> None:
        self.world.expect_bytes(self.path, self.total)
        self.assertEqual(self.world.unassigned(), (0, 0))

    def test_counted_unplugged_and_plugged_in_again(self) -> None:
        for turn in range(2):
            self.connect()
            self.move_on("wwan0", 300_000 + turn, 40_000)
            if turn == 0:
                self.expect_all()
            self.move_on("wwan0", 70_000, 1_000)
            self.world.sim("unplug")
            self.world.wait_state("absent")
            self.expect_all()
            self.world.sim("plug")
            self.world.present(self.iccid[-4:])


def main() -> None:
    unittest.main(verbosity=2)
