#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several sessions at once: each on a link of its own above the modem's; each byte is booked once.

What qmi_wwan's qmimux links show in sysfs is shown by a folder here; their counters, and those of the
link below, are the kernel's. Links of VLANs and of vendors' drivers are known by their names.
"""

import os
import pathlib
import random
import signal
import subprocess
import sys

import harness
from harness import TestCase, card, plus, wait_for

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "modem"))

import tun  # noqa: E402

SIM, OTHER = "8981100000000007719", "8981100000000005512"
LINK = "wwan0"
SYSFS = pathlib.Path("/sys/class/net")
HEADER = 4  # of QMAP, for each packet


def show(name: str, mux: int, below: str = LINK) -> None:
    """sysfs as qmi_wwan has it for a mux id."""
    folder = SYSFS / name / "qmap"
    folder.mkdir(parents=True)
    (folder / "mux_id").write_text(f"0x{mux:02x}\n")
    (SYSFS / name / f"lower_{below}").symlink_to(f"../{below}")


def hide(name: str) -> None:
    (SYSFS / name / "qmap/mux_id").unlink()
    (SYSFS / name / "qmap").rmdir()
    for entry in (SYSFS / name).iterdir():
        entry.unlink()
    (SYSFS / name).rmdir()


class MuxedCase(TestCase):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", SYSFS], check=True)
        self.addCleanup(subprocess.run, ["umount", SYSFS], check=True)
        w = self.world
        w.add_modem(card(SIM))
        w.start_daemon()
        self.path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        self.total = (0, 0)
        self.random = random.Random(20261125)
        self.above: dict[str, tun.Tun] = {}

    def begin(self, mux: int, name: str = "", late: bool = False) -> str:
        if not name:
            name = f"qmimux{mux - 1}"
            show(name, mux)
        self.above[name] = tun.Tun(name, seed=mux)
        self.addCleanup(self.end, name, True)
        if not late:
            wait_for(lambda: name in self.links(), f"{name} to be counted")
        return name

    def end(self, name: str, late: bool = False):
        if name not in self.above:
            return
        self.above.pop(name).close()
        if (SYSFS / name).exists():
            hide(name)
        if not late:
            wait_for(lambda: name not in self.links(), f"{name} to be gone")

    def links(self):
        return self.world.get(self.world.modem_path(), "Modem", "Links")

    def move_above(self, name: str, rx: int, tx: int, header: int = HEADER, below: bool = True):
        """Through the link of a session, and through the one below with its headers."""
        link = self.above[name]
        packets = link.receive(rx)
        sent, taken = link.transmit(tx)
        self.assertEqual(taken, tx)
        if below:
            self.world.sim("move", rx=rx + packets * header, tx=tx + sent * header, session=False)
        self.total = plus(self.total, (rx, tx))

    def move_below(self, rx: int, tx: int):
        self.world.sim("move", rx=rx, tx=tx)
        self.total = plus(self.total, (rx, tx))

    def expect_all(self):
        self.world.expect_bytes(self.path, self.total)
        self.assertEqual(self.world.unassigned(), (0, 0))

    def restart(self, sig=signal.SIGKILL):
        self.world.stop_daemon(sig)
        self.world.start_daemon()
        self.path = self.world.present("7719")

    def by_mux(self):
        return dict(self.world.ledger(
            "SELECT mux, sum(u.rx) FROM usage u JOIN session s ON s.id=u.session GROUP BY mux"))


class Muxed(MuxedCase):
    def test_two_sessions(self):
        first, second = self.begin(1), self.begin(2)
        self.assertEqual(self.links(), [LINK, first, second])
        self.move_above(first, 2_000_000, 300_000)
        self.move_above(second, 700_000, 50_000)
        self.expect_all()
        self.move_above(first, 900_001, 3)
        self.expect_all()
        self.world.stop_daemon()
        self.assertEqual(self.by_mux(), {1: 2_900_001, 2: 700_000})

    def test_muxing_begins_and_ends(self):
        self.move_below(1_000_000, 5_000)
        for turn in range(3):
            name = self.begin(1)
            self.move_above(name, 400_000 + turn, 7_000)
            if turn == 1:
                self.expect_all()
            self.end(name)
            self.move_below(300_000 + turn, 900)
            self.expect_all()

    def test_killed_while_muxed(self):
        self.move_below(100_000, 100)
        first, second = self.begin(1), self.begin(2)
        for turn in range(3):
            self.move_above(first, 1_500_000 + turn, 10)
            self.expect_all()
            self.move_above(second, 250_000, 999)
            self.restart()
            self.expect_all()

    def test_muxing_changes_while_the_daemon_is_down(self):
        name = self.begin(1)
        self.move_above(name, 600_000, 600)
        self.expect_all()
        self.world.stop_daemon()
        self.move_above(name, 50_000, 50)
        self.move_above(self.begin(5, late=True), 80_000, 1)
        self.world.start_daemon()
        self.path = self.world.present("7719")
        self.expect_all()

    def test_all_goes_at_once(self):
        name = self.begin(1)
        self.move_above(name, 600_000, 600)
        self.world.sim("unplug")
        self.end(name, late=True)
        wait_for(lambda: self.links() == [], "the links to be gone")
        self.expect_all()

    def test_another_sim(self):
        """The links live on, and what they carry is the next SIM's."""
        name = self.begin(1)
        self.move_above(name, 500_000, 500)
        self.expect_all()
        self.world.sim("swap", card=card(OTHER))
        other = self.world.present("5512")
        before, self.total = self.total, (0, 0)
        self.world.sim("connect")
        self.world.wait_state("connected")
        self.move_above(name, 123_456, 789)
        self.world.expect_bytes(other, self.total)
        self.world.expect_bytes(self.path, before)

    def test_vlans_beside_the_link_s_own_session(self):
        """MBIM's first session goes over the link itself, all others over VLANs of it."""
        first, second = self.begin(1, f"{LINK}.1"), self.begin(7, f"{LINK}.7")
        for turn in range(4):
            self.move_above(first, 300_000 + turn, 2_000, header=0)
            self.move_below(50_000, 1_000 + turn)
            self.move_above(second, 100, 60, header=0)
            if turn % 2:
                self.expect_all()
        self.restart()
        self.expect_all()
        self.move_below(20, 40)
        self.expect_all()
        self.world.stop_daemon()
        self.assertEqual(self.by_mux(), {0: 200_020, 1: 1_200_006, 7: 400})

    def test_below_counts_nothing_of_what_is_above(self):
        """As with some vendors' drivers. What comes when muxing is over is the link's own."""
        self.move_below(1_000_000, 5_000)
        name = self.begin(1, f"{LINK}_1")
        self.move_above(name, 400_000, 7_000, below=False)
        self.restart()
        self.expect_all()
        self.move_above(name, 90_000, 8_000, below=False)
        self.end(name)
        self.move_below(300_000, 900)
        self.expect_all()

    def test_heard_of_late(self):
        """What a new link has moved until then was read, and charged, on the one below."""
        self.move_below(1_000_000, 5_000)
        self.expect_all()
        w = self.world
        name = self.begin(1, late=True)
        hidden = SYSFS / name / f"lower_{LINK}"
        hidden.rename(SYSFS / "hidden")
        self.move_above(name, 250_000, 3_000, header=0)
        self.expect_all()
        (SYSFS / "hidden").rename(hidden)
        subprocess.run(["ip", "link", "set", name, "mtu", "1400"], check=True)
        wait_for(lambda: name in self.links(), "the link to be known for what it is")
        self.expect_all()
        self.move_above(name, 70_000, 90)
        self.expect_all()
        self.move_below(1_111, 22)
        self.expect_all()
        self.assertNotIn("went back", w.log())

    def other_namespace(self) -> int:
        keeper = subprocess.Popen(["unshare", "-n", "sleep", "inf"],
                                  preexec_fn=harness.die_with_parent)
        self.addCleanup(harness.end, keeper)
        here = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink(f"/proc/{keeper.pid}/ns/net") != here
                 and pathlib.Path(f"/proc/{keeper.pid}/comm").read_text() == "sleep\n",
                 "the namespace")
        return keeper.pid

    def send_away(self, name: str, namespace: int):
        subprocess.run(["ip", "link", "set", name, "netns", str(namespace)], check=True)
        wait_for(lambda: name not in self.links(), f"{name} to be gone")
        inside = ["nsenter", "--target", str(namespace), "--net"]
        subprocess.run([*inside, "ip", "link", "set", name, "addrgenmode", "none"], check=True)
        subprocess.run([*inside, "ip", "link", "set", name, "up"], check=True)

    def take_back(self, name: str, namespace: int):
        subprocess.run(["nsenter", "--target", str(namespace), "--net", "ip", "link", "set", name,
                        "netns", str(os.getpid())], check=True)
        subprocess.run(["ip", "link", "set", name, "addrgenmode", "none"], check=True)
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
        wait_for(lambda: name in self.links(), f"{name} to be back")

    def test_a_session_in_another_namespace(self):
        """Meanwhile the link below tells of it."""
        other = self.other_namespace()
        name = self.begin(1)
        self.move_above(name, 400_000, 40)
        self.expect_all()
        for turn in range(2):
            self.send_away(name, other)
            self.above[name].receive(60_000 + turn)
            self.move_below(60_000 + turn, 0)
            self.expect_all()
            if turn == 1:
                self.restart()
                self.expect_all()
            self.take_back(name, other)
            self.expect_all()
            self.move_above(name, 5_000, 6)
            self.expect_all()

    def test_the_link_below_in_another_namespace(self):
        other = self.other_namespace()
        name = self.begin(3, f"{LINK}.3")
        self.move_above(name, 400_000, 40, header=0)
        self.expect_all()
        self.send_away(LINK, other)
        self.above[name].receive(70_000)
        self.total = plus(self.total, (70_000, 0))
        self.expect_all()
        self.world.sim("move", rx=70_000, session=False)
        self.take_back(LINK, other)
        self.expect_all()
        self.move_below(800, 0)
        self.move_above(name, 9_000, 6, header=0)
        self.expect_all()

    def test_renamed(self):
        name = self.begin(1)
        self.move_above(name, 1_000, 10)
        for words in (["down"], ["name", "data0"], ["up"]):
            subprocess.run(["ip", "link", "set", "data0" if words == ["up"] else name, *words],
                           check=True)
        wait_for(lambda: self.links() == [LINK, "data0"], "the new name")
        self.expect_all()

    def test_killed_under_traffic(self):
        """At random instants, with two sessions and the link's own."""
        names = [self.begin(1), self.begin(2)]
        for turn in range(12):
            for name in self.random.sample(names, 2):
                self.move_above(name, self.random.randint(1, 300_000),
                                self.random.randint(1, 90_000), header=0)
            self.move_below(self.random.randint(40, 90_000), self.random.randint(40, 9_000))
            if self.random.random() < 0.5:
                self.world.get_all(self.path, "Sim")
            if turn % 3 == 2:
                self.end(names.pop(0))
                names.append(self.begin(3 + turn))
            self.restart()
        self.expect_all()
        self.assertEqual(self.world.ledger("PRAGMA integrity_check"), [("ok",)])


class Sessions(MuxedCase):
    """The modem counts as well: with QMI each session apart."""

    names = {1: "", 2: ""}
    ends_own_session = True  # it has a mux id, or there are none

    def move_session(self, name: str, mux: int, rx: int, tx: int):
        """In parts: the modem counts after the links, and must not seem to move alone meanwhile."""
        while rx > 0 or tx > 0:
            part = min(rx, 300_000), min(tx, 300_000)
            self.move_above(name, *part, header=0)
            self.world.sim("move", rx=part[0], tx=part[1], mux=mux, kernel=False)
            rx, tx = rx - part[0], tx - part[1]

    def expect_link_is_believed(self):
        w = self.world
        self.assertEqual(w.get(w.modem_path(), "Modem", "Source"), "link")
        self.assertFalse(w.get(w.modem_path(), "Modem", "CounterDispute"))

    def own_session(self, verb: str):
        if self.ends_own_session:
            self.world.sim(verb, mux=0)

    def test_sessions_come_and_go(self):
        w = self.world
        self.move_below(700_000, 90)
        for turn in range(3):
            self.own_session("disconnect")
            links = {}
            for mux, name in self.names.items():
                w.sim("connect", families=[(4, 6)[turn % 2]], mux=mux)
                links[mux] = self.begin(mux, name)
            for _ in range(3):
                for mux, name in links.items():
                    self.move_session(name, mux, self.random.randint(1, 2_000_000),
                                      self.random.randint(1, 200_000))
                self.expect_all()
            self.move_session(links[2], 2, 777_000, 66)
            self.restart()
            self.expect_all()
            for mux, name in links.items():
                self.end(name)
                w.sim("disconnect", mux=mux)
            self.own_session("connect")
            self.move_below(700_000 + turn, 1_000)
            self.expect_all()
            self.expect_link_is_believed()

    def test_one_of_two_ends(self):
        w = self.world
        self.own_session("disconnect")
        links = {}
        for mux, name in self.names.items():
            w.sim("connect", mux=mux)
            links[mux] = self.begin(mux, name)
            self.move_session(links[mux], mux, 3_000_000 * mux, 40_000)
        w.sim("disconnect", mux=1)
        self.end(links[1])
        self.expect_all()
        self.move_session(links[2], 2, 2_000_001, 7)
        self.expect_all()
        self.expect_link_is_believed()
        w.stop_daemon()
        self.assertEqual(self.by_mux(), {1: 3_000_000, 2: 8_000_001})


class MbimSessions(Sessions):
    """All together: session 0 goes over the link itself, the others over VLANs of it."""

    protocol = "mbim"
    names = {1: f"{LINK}.1", 2: f"{LINK}.2"}
    ends_own_session = False


if __name__ == "__main__":
    harness.main("-Urnm")
